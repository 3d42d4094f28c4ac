"""What stage 5 asks: how content is made, by whom it is published and signed off, what is planned, for whom."""

from __future__ import annotations

from worksheets.fields import (
    Choice,
    Choices,
    Day,
    Hours,
    Number,
    Platforms,
    References,
    RowForm,
    Rows,
    RowsFor,
    Scope,
    Select,
    Text,
    YesUnsureNo,
    maybe,
    spoken_hours,
    spoken_number,
    text,
)
from worksheets.presentation import Computed
from worksheets.words import noun_for
from worksheets.workbook import QuestionForm
from worksheets.workbooks.strategy.content.hours import making_hours, shared_hours
from worksheets.workbooks.strategy.resources.hours import total, without_hours
from worksheets.workbooks.strategy.stakeholders.reading import chosen
from worksheets.workbooks.strategy.tables import AIMS, ITEMS, STAKEHOLDERS

FORMATS = {
    "infographic": "Infographic",
    "photo": "Photo",
    "video": "Video",
    "audio": "Audio",
    "blog": "Blog post",
    "live": "Live: an event as it happens",
    "poll": "Poll",
    "other": "Other",
}
# How a team makes sure that everybody can use what it publishes.
ACCESS = {
    "captions": "Captions on every video",
    "transcripts": "Transcripts of what is spoken",
    "alt-text": "Alternative text for pictures",
    "plain-words": "Plain words",
    "capitals-in-hashtags": "Capitals in hashtags, like #BookYourJab",
    "languages": "Other languages",
    "sign-language": "Sign language",
}


class WorkingForm(QuestionForm):
    changes = Text(
        "What will you do differently?",
        "So that good pictures, films and short texts come out of everyday work.",
        lines=5,
        needed=True,
        short="What changes",
        ask="Say what you will do differently",
    )
    reuse = Text(
        "What do you already have that could be used again?",
        "For example charts in board papers.",
        lines=3,
        short="What we use again",
    )
    tone = Text("Which voice will you use on each platform?", lines=3, short="Voice on each platform")


class FormatsForm(QuestionForm):
    video = Choice(
        "Can you produce video?",
        {"in-house": "Yes, ourselves", "with-help": "Yes, with help", "not-now": "Not now"},
        needed=True,
        short="Video",
        ask="Choose whether you can produce video",
    )
    video_plan = Text("What is your plan for video?", lines=3, short="Plan for video")
    supporting = Choices("What else will you need?", FORMATS, short="Supporting content")
    supporting_note = Text("Anything to note about it?", lines=2, short="Note")
    access = Choices(
        "How do you make sure that everybody can use it?",
        ACCESS,
        "Tick what you will always do.",
        short="So that everybody can use it",
    )
    access_note = Text("Anything to note about that?", lines=2, short="Note on who can use it")


class PublishersForm(QuestionForm):
    publishers = Choice(
        "Who publishes?",
        {"communications": "Only the communications team", "colleagues": "Colleagues across the organisation as well"},
        needed=True,
        short="Who publishes",
        ask="Choose who publishes",
    )
    colleagues_support = Text(
        "How do you help colleagues who are online?",
        "Without leaving out those who are not.",
        lines=3,
        when=("publishers", "colleagues"),
        short="How we help colleagues",
    )
    staff_policy = Choice(
        "Is there a social media policy for staff?",
        {"yes": "Yes", "drafting": "Being drafted", "no": "No"},
        inline=True,
        needed=True,
        short="Policy for staff",
        ask="Choose whether there is a policy for staff",
    )


class StepRow(RowForm):
    role = Text("Role", lines=2, needed=True, ask="Enter who signs off, as a role")
    deputy = Text("Deputy", lines=2)
    what = Text("What they check", lines=2, needed=True, ask="Enter what this person checks")
    hours = Hours("Hours", unit="", short="Hours it may take")


class SignoffForm(QuestionForm):
    needed = Choice(
        "Do you need a sign-off process?",
        {"yes": "Yes", "no": "No"},
        inline=True,
        needed=True,
        short="Sign-off needed",
        ask="Choose whether you need a sign-off process",
    )
    because = Text(
        "Why?",
        "You can leave this empty if you need one.",
        lines=2,
        needed_when=("needed", "no"),
        short="Why",
        ask="Say why you need no sign-off",
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
        when=("needed", "yes"),
    )
    out_of_hours = Text("What happens at night and at weekends?", lines=2, short="Nights and weekends")
    live = Text(
        "What is agreed before a live post?",
        "A live post goes out as things happen: nobody can sign it off first.",
        lines=2,
        when=("needed", "yes"),
        short="Agreed before a live post",
    )


def kept(scope: Scope) -> list[str]:
    """The platforms with an account that is kept, those first on which the team posts."""
    return [key for role in ("active", "emergency", "listen") for key in chosen(scope, role)]


class ItemRow(RowForm):
    what = Text("What is it?", needed=True, short="Item", ask="Enter what you will publish")
    format = Select("Format", {"post": "Post", **FORMATS}, needed=True, ask="Choose a format")
    platforms = Platforms(
        "On which platforms?", first=kept, needed=True, short="Platforms", ask="Choose at least one platform"
    )
    aims = References(
        "Which aims does it serve?", AIMS, needed=True, short="Aims", ask="Choose at least one aim it serves"
    )
    stakeholders = References(
        "Who is it for?", STAKEHOLDERS, needed=True, short="For", ask="Choose at least one stakeholder it is for"
    )
    source = Text("Who provides it?", short="Comes from", suggests="people")
    per_week = Number(
        "How many a week?",
        places=2,
        unit="a week",
        half=True,
        needed=True,
        short="How often",
        ask="Enter how many a week, like 2 or 0.5",
    )
    hours = Hours(
        "Hours a week it takes", half=True, needed=True, short="Time", ask="Enter the hours a week it takes, like 1.5"
    )
    starts = Day("When does it start?", "If it does not run all the time.", half=True, short="Starts", next_time="anew")
    ends = Day("When does it end?", "If it does not run all the time.", half=True, short="Ends", next_time="anew")
    paid = Number("Money for adverts", before="£", short="Adverts", half=True)


class PlanForm(QuestionForm):
    items = Rows(
        "What you will publish",
        ItemRow,
        "Kinds of content rather than single posts. Up to thirty.",
        noun="item",
        words="what",
        telling=("format", "platforms", "per_week"),
        least=1,
        most=30,
        ask="Add at least one item",
        short="Content plan",
    )


def planned(scope: Scope) -> tuple[Computed, ...]:
    items = scope.rows(ITEMS)
    if not items:
        return ()
    posts, hours, making = [maybe(row, "per_week") for row in items], total(scope, ITEMS), making_hours(scope)
    lines = []
    if None not in posts:
        lines.append(f"{spoken_number(round(sum(filter(None, posts)), 2))} a week to publish")
    lines.append(f"{spoken_hours(hours)} a week to make it" if hours is not None else without_hours(scope, ITEMS))
    if making:
        lines.append(
            f"{spoken_hours(making)} a week set aside for finding, creating and publishing ({scope.question('weekly')})"
        )
    return (Computed("planned-hours", "What the plan adds up to", tuple(lines)),)


class ProportionRow(RowForm):
    warranted = YesUnsureNo(
        "Is the effort worth it?", needed=True, short="Worth the effort", ask="Choose whether the effort is worth it"
    )
    because = Text("Why?", lines=2, short="Why")


class ProportionForm(QuestionForm):
    proportion = RowsFor(
        "Effort for each stakeholder",
        ProportionRow,
        of=STAKEHOLDERS,
        key="stakeholder",
        words="warranted",
        short="Effort for each stakeholder",
        ask="List your stakeholders in {question:stakeholders} first",
    )


def effort(scope: Scope) -> tuple[Computed, ...]:
    """For each stakeholder the hours a week that the content plan gives, beside how many people they are."""
    hours = shared_hours(scope)
    if not scope.rows(ITEMS):
        return ()
    lines = []
    for row in scope.rows(STAKEHOLDERS):
        who, size = text(row, "id"), maybe(row, "size")
        spent = f"{spoken_hours(round(hours.get(who, 0), 1))} a week" if hours is not None else "hours not known yet"
        many = "size not given" if size is None else f"{spoken_number(size)} {noun_for(size, 'person')}"
        lines.append(Computed(f"effort-{who}", "Effort and size", (spent, many), anchor=who))
    return tuple(lines)
