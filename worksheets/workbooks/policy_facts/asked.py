"""What the facts ask: who does what, where people turn, when somebody watches, who signs off, accounts, trouble."""

from __future__ import annotations

from worksheets.fields import (
    TEXT_MAX,
    Choice,
    Hours,
    Number,
    Platform,
    RowForm,
    Rows,
    Text,
    WebAddress,
)
from worksheets.workbook import QuestionForm

# As the review of the strategy asks it: its answer is offered here.
WATCHED = {
    "always": "Always: nights and weekends too",
    "extended": "Longer than office hours: evenings or weekends",
    "office-hours": "In office hours",
    "nobody": "Nobody does yet",
}
# What somebody does who is named, by the field that names them. The field of their deputy ends in `_deputy`.
ROLES = {
    "lead": "Answers for social media",
    "moderator": "Moderates and answers",
    "keeper": "Keeps the accounts",
    "crisis_lead": "Leads in a crisis",
}
# How an error asks for each of them.
ASKED = {
    "lead": "Enter who answers for your social media",
    "moderator": "Enter who reads and answers",
    "keeper": "Enter who keeps the accounts",
    "crisis_lead": "Enter who leads your communications in a crisis",
}
# Where people turn, by the field that says how.
CONTACTS = {
    "communications": "Communications",
    "press": "Press office",
    "patient_experience": "Patient experience",
    "complaints": "Complaints",
    "governance": "Information governance",
    "safeguarding": "Safeguarding",
    "speak_up": "Raising concerns",
    "support": "Support for staff",
    "on_call": "On call",
}


def named(name: str, label: str, hint: str, under: str = "") -> Text:
    """Who does something: a name, a role or both."""
    return Text(label, hint, under=under, needed=True, short=ROLES[name], ask=ASKED[name], suggests="people")


def deputy(name: str) -> Text:
    """Who does it when they are away."""
    return Text("Who when they are away?", short=f"{ROLES[name]}: deputy", suggests="people")


class RolesForm(QuestionForm):
    lead = named(
        "lead", "Who answers for your social media?", "A role, a name, or both. Roles last longer.", "Every day"
    )
    lead_deputy = deputy("lead")
    moderator = named("moderator", "Who moderates: reads and answers?", "The person or the rota that does it.")
    moderator_deputy = deputy("moderator")
    keeper = named("keeper", "Who keeps the accounts?", "Knows which there are, and who can post.")
    keeper_deputy = deputy("keeper")
    crisis_lead = named(
        "crisis_lead", "Who leads your communications in a crisis?", "At night and at weekends as well.", "In a crisis"
    )
    crisis_deputy = deputy("crisis_lead")
    committee = Text(
        "Who approves your policies?",
        "A committee or a director, like the digital committee of the board.",
        under="Who decides",
        needed=True,
        short="Approves policies",
        ask="Enter who approves your policies",
    )


def reached(name: str, label: str, hint: str = "", under: str = "", *, needed: bool = True) -> Text:
    """How people reach somebody: an address, a number or both, as it should stand in a document."""
    ask = f"Enter how people reach {CONTACTS[name][:1].lower()}{CONTACTS[name][1:]}"
    return Text(label, hint, under=under, needed=needed, short=CONTACTS[name], ask=ask)


class ContactsForm(QuestionForm):
    communications = reached("communications", "Communications team", "", "For everybody")
    press = reached("press", "Press office", "Where reporters turn.")
    patient_experience = reached(
        "patient_experience", "Patient experience", "PALS in many trusts. The public reads this: give a number too."
    )
    complaints = reached("complaints", "Complaints", "Where somebody makes a formal complaint.")
    governance = reached("governance", "Information governance", "", "For staff")
    safeguarding = reached("safeguarding", "Safeguarding", "When somebody may be in danger.")
    speak_up = reached("speak_up", "Raising concerns at work", "Your Freedom to Speak Up guardian, in many trusts.")
    support = reached("support", "Support for staff", "For somebody who is insulted or threatened online.")
    on_call = reached("on_call", "On call", "The manager on call, at night and at weekends.")
    regulators = Text(
        "What do the professional regulators say?",
        "One a line: its name, and where its guidance on social media stands.",
        lines=3,
        needed=True,
        ask="Enter at least one professional regulator, and where its guidance stands",
        short="Guidance of regulators",
    )
    related = Text(
        "Which documents of yours belong beside these?",
        "One a line, like your disciplinary policy or your incident plan.",
        lines=3,
        needed=True,
        ask="Enter at least one document, like your disciplinary policy",
        short="Related documents",
    )


class WatchingForm(QuestionForm):
    watched = Choice(
        "When does somebody watch your accounts?",
        WATCHED,
        under="When you are there",
        needed=True,
        short="Watched",
        ask="Choose when somebody watches your accounts",
    )
    hours = Text(
        "At which hours?",
        "It ends the sentence “Somebody reads what you write ...”. For example, from 9am to 5pm on weekdays.",
        short="At these hours",
    )
    reply_within = Hours(
        "Within how many hours do people get an answer?",
        "Nights and weekends count.",
        unit="hours",
        needed=True,
        short="People get an answer within",
        ask="Enter within how many hours people get an answer, like 24",
    )
    nights = Text(
        "What happens to a message at night and at weekends?",
        "In a sentence that the public can read. For example, We read it on the next working day.",
        lines=2,
        needed=True,
        short="At night and at weekends",
        ask="Say what happens to a message at night and at weekends",
    )
    tone = Text(
        "How do you sound?",
        "For example, warm and plain on Facebook, brief and factual on X.",
        lines=2,
        under="How you talk",
        needed=True,
        short="Tone",
        ask="Say how you sound",
    )
    languages = Text("In which other languages can people write to you?", "If in any.", short="Other languages")
    website = WebAddress(
        "Where on your website do the house rules stand?",
        "Or where they will stand.",
        most=TEXT_MAX,
        under="Your house rules",
        needed=True,
        short="House rules",
        ask="Enter the web address of your house rules, like https://example.org/house-rules",
    )
    appeal = Text(
        "How can somebody object who was blocked?",
        "Whom they write to. It should be somebody else than who blocked them.",
        lines=2,
        needed=True,
        short="How to object to a block",
        ask="Say how somebody can object who was blocked",
    )
    appeal_days = Number(
        "Within how many working days do you answer them?",
        unit="working days",
        needed=True,
        short="Objections are answered within",
        ask="Enter within how many working days you answer them, like 10",
    )


class StepRow(RowForm):
    role = Text("Role", lines=2, needed=True, ask="Enter who signs off, as a role")
    deputy = Text("Deputy", lines=2)
    what = Text("What they check", lines=2, needed=True, ask="Enter what this person checks")
    hours = Hours("Hours", unit="", short="Hours it may take")


class ClearanceForm(QuestionForm):
    signs_off = Choice(
        "Does somebody sign off a post before it goes out?",
        {"yes": "Yes, some or all", "no": "No"},
        inline=True,
        needed=True,
        short="Sign-off",
        ask="Choose whether somebody signs off a post",
    )
    because = Text(
        "Why?",
        "If nobody does, your sign-off document records this as the decision.",
        lines=2,
        needed_when=("signs_off", "no"),
        short="Why",
        ask="Say why nobody signs off",
    )
    steps = Rows(
        "Steps of sign-off",
        StepRow,
        "In the order in which they happen.",
        noun="step",
        words="role",
        telling=("hours",),
        most=6,
        wide=True,
        when=("signs_off", "yes"),
    )
    out_of_hours = Text(
        "What happens at night and at weekends?",
        lines=2,
        when=("signs_off", "yes"),
        short="Sign-off at night and at weekends",
    )
    live = Text(
        "What is agreed before a live post?",
        "It goes out as things happen: nobody can sign it off first.",
        lines=2,
        when=("signs_off", "yes"),
        short="Before a live post",
    )


class AccountRow(RowForm):
    platform = Platform("Platform", half=True, needed=True, ask="Choose a platform")
    account = Text("Account name", "As people see it, like @anywhere.", half=True, short="Account")
    owner = Text("Who looks after it?", short="Owner", half=True, suggests="people")
    deputy = Text("Who when they are away?", short="Deputy", half=True, suggests="people")


class HoldingsForm(QuestionForm):
    accounts = Rows(
        "Your accounts",
        AccountRow,
        "Those in your organisation's name that are in use or kept ready. Up to forty.",
        noun="account",
        words="platform",
        known_by=("platform", "account"),
        telling=("owner", "deputy"),
        least=1,
        most=40,
        ask="Add at least one account",
        short="Accounts",
    )


class RiskRow(RowForm):
    risk = Text("What could go wrong?", lines=2, needed=True, short="Risk", ask="Enter what could go wrong")
    mitigation = Text("What will you do about it?", lines=2, short="What we do about it")


class TroubleForm(QuestionForm):
    risks = Rows(
        "What could go wrong",
        RiskRow,
        "What you should be ready for. Up to ten.",
        noun="risk",
        words="risk",
        most=10,
        short="Risks",
    )
    contingency = Text(
        "What do you do when your accounts suddenly become busy?",
        "Who helps, what stops, and for how long you can keep it up.",
        lines=3,
        needed=True,
        short="When accounts are suddenly busy",
        ask="Say what you do when your accounts suddenly become busy",
    )
    fallback = Text(
        "Where do you tell people when a platform is down?",
        "Or when you are locked out. For example, on the front page of your website.",
        lines=2,
        needed=True,
        short="When a platform is down",
        ask="Say where you tell people when a platform is down",
    )
    partners = Text(
        "With whom do you agree what you say?",
        "One a line: the council, the police, other NHS organisations near you.",
        lines=3,
        needed=True,
        ask="Enter at least one partner with whom you agree what you say",
        short="Partners",
    )
