"""What stage 3 asks: the most important stakeholders, where they are online, and the register of accounts."""

from __future__ import annotations

from worksheets.fields import (
    TEXT_MAX,
    Choice,
    Choices,
    Day,
    Number,
    Platform,
    PlatformUse,
    RowForm,
    Rows,
    RowsFor,
    Scope,
    Select,
    Text,
    WebAddress,
    Year,
)
from worksheets.presentation import Computed
from worksheets.words import noun_for
from worksheets.workbook import QuestionForm
from worksheets.workbooks.strategy.stakeholders.reading import top_platforms, users
from worksheets.workbooks.strategy.tables import STAKEHOLDERS

HIGH_LOW = {"high": "High", "low": "Low"}
ROLES = {
    "active": "Active: we post and answer",
    "listen": "Listen: we watch, and answer when asked",
    "emergency": "Emergencies: kept ready, silent otherwise",
    "leave": "Leave: we close it, or do not start",
}
WHERE = {
    "some": "They use some of these platforms",
    "none": "They use none of these",
    "unknown": "We do not know yet",
}
SOURCES = {
    "platform-statistics": "Figures that the platform shows us",
    "facebook-ads": "Facebook's advert tool",
    "taking-part": "Taking Part survey",
    "ofcom": "Ofcom market report",
    "oxis": "Oxford Internet Survey",
    "ons": "ONS internet users",
    "platform-search": "Searching the platform",
    "alerts": "Alerts on your name",
    "local-data": "Your own data",
    "other": "Another source",
}
# The platforms that most people in the UK use, whoever they are: they are offered first.
COMMON = ("facebook", "youtube", "whatsapp", "instagram", "tiktok", "x", "linkedin")


class StakeholderRow(RowForm):
    name = Text("Who are they?", needed=True, short="Stakeholder", ask="Enter who the stakeholder is")
    influence = Choice(
        "How much influence do they have on you?",
        HIGH_LOW,
        inline=True,
        half=True,
        needed=True,
        short="Influence",
        ask="Choose high or low influence",
    )
    interest = Choice(
        "How much interest do they take in you?",
        HIGH_LOW,
        inline=True,
        half=True,
        needed=True,
        short="Interest",
        ask="Choose high or low interest",
    )
    size = Number("About how many people are they?", short="People")
    tell = Text("What do you want to tell them?", lines=2, short="What to tell them")
    hear = Text("What do you want them to tell you?", lines=2, short="What to hear from them")
    handle = Text("How will you act on what you hear?", lines=2, short="What happens with what we hear")
    elsewhere = Text(
        "How else do you reach them?",
        "Letters, meetings, a newsletter, partners.",
        lines=2,
        short="How else we reach them",
    )


class StakeholdersForm(QuestionForm):
    stakeholders = Rows(
        "Your stakeholders",
        StakeholderRow,
        "Up to five, the most important first.",
        noun="stakeholder",
        words="name",
        telling=("influence", "interest", "size"),
        least=1,
        most=5,
        ask="Add at least one stakeholder",
    )


class PresenceRow(RowForm):
    where = Choice(
        "Are they on these platforms?",
        WHERE,
        implied=("use", "some"),
        needed=True,
        short="Online",
        ask="Choose whether they are, or say that you do not know yet",
    )
    use = PlatformUse("Which do they use?", first=lambda scope: COMMON, when=("where", "some"), short="Uses")
    sources = Choices("Where do you know it from?", SOURCES, short="Known from")
    note = Text("Anything to note?", lines=2, short="Note")


class EvidenceRow(RowForm):
    source = Select(
        "What kind of source is it?", SOURCES, half=True, needed=True, short="Source", ask="Choose the kind of source"
    )
    year = Year("Year of the edition", half=True, needed=True, short="Year", ask="Enter the year, like 2025")
    title = Text("What did you read?", "Its title, with who made it.", short="Title")
    says = Text("What did it tell you?", lines=2, short="What it says")
    looked_at = Day("When did you look at it?", "For example, 14 9 2026.", half=True, short="Read on", next_time="same")
    link = WebAddress("Its web address", most=TEXT_MAX, short="Web address")


class PresenceForm(QuestionForm):
    presence = RowsFor(
        "Where your stakeholders are",
        PresenceRow,
        of=STAKEHOLDERS,
        key="stakeholder",
        words="where",
        telling=("where", "use"),
        short="Where they are",
        ask="Say where your stakeholders are online",
    )
    evidence = Rows(
        "What you read about it",
        EvidenceRow,
        "A notebook for your board, and for whoever does this next time. Up to twelve.",
        noun="source",
        words="title",
        telling=("source", "year"),
        most=12,
        short="What we read",
    )
    local_data = Text(
        "How could you ask people which platforms they use?",
        "Think of forms you already have: membership, feedback cards, surveys, bookings.",
        lines=3,
        short="How we could ask people ourselves",
    )


def most_used(scope: Scope) -> list[str]:
    """The platforms that the stakeholders use, those of the most of them first."""
    return top_platforms(scope, len(scope.platforms))


class PlatformRow(RowForm):
    platform = Platform("Platform", first=most_used, half=True, needed=True, ask="Choose a platform")
    role = Select(
        "What will you do there?",
        ROLES,
        half=True,
        needed=True,
        short="Our part",
        ask="Choose what you will do there",
    )
    account = Text("Account name", "As people see it, like @anywhere.", short="Account")
    link = WebAddress("Its web address", most=TEXT_MAX, short="Web address")
    owner = Text("Who looks after it?", short="Owner", half=True, suggests="people")
    deputy = Text("Who when they are away?", short="Deputy", half=True, suggests="people")
    followers = Number("Followers now", short="Followers", half=True, next_time="followers_before")
    followers_before = Number("Followers at the last review", short="Followers before", half=True)
    last_post = Day(
        "When was the last post?", "For example, 14 9 2026.", short="Last post", half=True, next_time="anew"
    )
    access_checked = Day(
        "When was it last checked who can post?",
        "For example, 1 9 2026.",
        short="Access checked",
        half=True,
        next_time="same",
    )
    because = Text("Why, and what happens to it?", lines=2, short="Why")


class PlatformsForm(QuestionForm):
    platforms = Rows(
        "Your accounts",
        PlatformRow,
        "Every account in your organisation's name, old ones too. Two on one platform are two rows. Up to forty.",
        noun="account",
        words="platform",
        known_by=("platform", "account"),
        telling=("role", "owner"),
        least=1,
        most=40,
        ask="Add at least one account",
        short="Accounts",
    )


def three_best(scope: Scope) -> tuple[Computed, ...]:
    best = top_platforms(scope)
    if not best:
        return ()
    there, people = users(scope), len(scope.rows(STAKEHOLDERS))
    noun = noun_for(people, "stakeholder")
    lines = (f"{scope.platform(key)}: {len(there[key])} of your {people} {noun}" for key in best)
    return (
        Computed("top-platforms", "Your top three platforms" if len(best) == 3 else "Your top platforms", tuple(lines)),
    )
