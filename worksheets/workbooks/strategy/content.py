"""Stage 5: what will be published, by whom, signed off how, and whether it is worth it (000, stage five)."""

from __future__ import annotations

from worksheets.fields import (
    Choice,
    Choices,
    Day,
    Hours,
    Number,
    PlainRow,
    Platforms,
    References,
    RowForm,
    Rows,
    RowsFor,
    RowsOf,
    Scope,
    Select,
    Text,
    YesUnsureNo,
    maybe,
    number,
    rows_in,
    several,
    spoken_hours,
    spoken_number,
    text,
)
from worksheets.presentation import Computed
from worksheets.words import capital, noun_for
from worksheets.workbook import Found, Question, QuestionForm, Stage, quoted, rule
from worksheets.workbooks.strategy.drivers import AIMS
from worksheets.workbooks.strategy.resources import WEEKLY, total
from worksheets.workbooks.strategy.stakeholders import PLATFORMS, STAKEHOLDERS, chosen, users

ITEMS = RowsOf("content", "plan", "items", words="what", noun="item")
PROPORTION = RowsOf("content", "proportion", "proportion", words="warranted", noun="stakeholder")

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
# The kinds of weekly work that go into making content (000, stage four).
MAKING = ("source", "create", "publish")


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
    role = Text("Role", needed=True, ask="Enter who signs off, as a role")
    deputy = Text("Deputy")
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
        "Say why above all when you need none.",
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


class ItemRow(RowForm):
    what = Text("What is it?", needed=True, short="Item", ask="Enter what you will publish")
    format = Select("Format", {"post": "Post", **FORMATS}, half=True, needed=True, ask="Choose a format")
    platforms = Platforms("On which platforms?", needed=True, short="Platforms", ask="Choose at least one platform")
    aims = References(
        "Which aims does it serve?", AIMS, needed=True, short="Aims", ask="Choose at least one aim it serves"
    )
    stakeholders = References(
        "Who is it for?", STAKEHOLDERS, needed=True, short="For", ask="Choose at least one stakeholder it is for"
    )
    source = Text("Who provides it?", short="Comes from", half=True)
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
    starts = Day("When does it start?", "If it does not run all the time.", half=True, short="Starts")
    ends = Day("When does it end?", "If it does not run all the time.", half=True, short="Ends")
    paid = Number("Money for adverts", before="£", short="Adverts", half=True)


class PlanForm(QuestionForm):
    items = Rows(
        "What you will publish",
        ItemRow,
        "Kinds of content rather than single posts. Up to thirty.",
        noun="item",
        words="what",
        least=1,
        most=30,
        ask="Add at least one item",
        short="Content plan",
    )


def planned(scope: Scope) -> tuple[Computed, ...]:
    items = scope.rows(ITEMS)
    if not items:
        return ()
    posts = sum(number(row, "per_week") for row in items)
    lines = [
        f"{spoken_number(round(posts, 2))} a week to publish",
        f"{spoken_hours(total(scope, ITEMS))} a week to make it",
    ]
    making = making_hours(scope)
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
    """For each stakeholder the hours a week that the content plan gives, beside how many people they are.

    The hours of an item for several stakeholders are shared out equally, so that the sum is the plan's.
    """
    hours: dict[str, float] = {}
    for item in scope.rows(ITEMS):
        people = several(item, "stakeholders")
        for who in people:
            hours[who] = hours.get(who, 0) + number(item, "hours") / len(people)
    lines = []
    for row in scope.rows(STAKEHOLDERS):
        who, size = text(row, "id"), maybe(row, "size")
        spent = f"{spoken_hours(round(hours.get(who, 0), 1))} a week"
        many = "size not given" if size is None else f"{spoken_number(size)} {noun_for(size, 'person')}"
        lines.append(Computed(f"effort-{who}", "Effort and size", (spent, many), anchor=who))
    return tuple(lines)


@rule(
    "content.no-signoff-owner",
    "warn",
    "signoff",
    why="A process that nobody controls stops posts or lets all of them through (NHS Employers toolkit, 2016, stage "
    "five).",
)
def no_signoff_owner(scope: Scope) -> Found:
    answer = scope.answer("content", "signoff")
    if text(answer, "needed") == "yes" and not any(text(step, "role") for step in rows_in(answer, "steps")):
        yield (), "You need sign-off, and no step says who gives it. Add at least one role."


@rule(
    "content.no-staff-policy",
    "warn",
    "publishers",
    why="Colleagues who speak for you need to know what they may say (NHS Employers toolkit, 2016, stage five).",
)
def no_staff_policy(scope: Scope) -> Found:
    answer = scope.answer("content", "publishers")
    if text(answer, "publishers") == "colleagues" and text(answer, "staff_policy") == "no":
        yield (), "Colleagues publish, and there is no social media policy for staff. Start to draft one with HR."


def served(items: list[PlainRow], field: str) -> set[str]:
    """Everything that the planned items name in that field."""
    return {key for item in items for key in several(item, field)}


@rule(
    "content.aim-without-content",
    "warn",
    "plan",
    why="Content is there to serve the aim (NHS Employers toolkit, 2016, stage five).",
)
def aim_without_content(scope: Scope) -> Found:
    items = scope.rows(ITEMS)
    named = served(items, "aims")
    for aim, words in scope.choices(AIMS).items():
        if items and aim not in named:
            yield (aim,), f"Nothing you plan to publish serves the aim {quoted(words)}. Add an item, or let the aim go."


@rule(
    "content.stakeholder-without-content",
    "warn",
    "plan",
    why="A stakeholder among your five most important ones is worth something to read (NHS Employers toolkit, 2016, "
    "stages "
    "three and five).",
)
def stakeholder_without_content(scope: Scope) -> Found:
    items = scope.rows(ITEMS)
    named = served(items, "stakeholders")
    for who, name in scope.choices(STAKEHOLDERS).items():
        if items and who not in named:
            yield (
                (who,),
                f"Nothing you plan to publish is for {quoted(name)}. Add an item for them, or say how else you reach "
                "them.",
            )


@rule(
    "content.platform-without-content",
    "warn",
    "plan",
    why="An account that stays silent looks abandoned: post often and steadily (improvement briefing, about 2014).",
)
def platform_without_content(scope: Scope) -> Found:
    items = scope.rows(ITEMS)
    named = served(items, "platforms")
    for platform in chosen(scope, "active"):
        if items and platform not in named:
            yield (
                (platform,),
                f"You are active on {scope.platform(platform)}, and plan nothing for it. Add an item, or change what "
                "you "
                f"do there in {scope.question('presence')}.",
            )


@rule(
    "content.platform-not-chosen",
    "warn",
    "plan",
    why="Every further platform takes time from the ones you chose (improvement briefing, about 2014).",
)
def platform_not_chosen(scope: Scope) -> Found:
    for platform in served(scope.rows(ITEMS), "platforms") - set(chosen(scope, "active")):
        if scope.rows(PLATFORMS):
            yield (
                (platform,),
                f"You plan to publish on {scope.platform(platform)}, where you are not active. Take it out of the "
                "plan, "
                f"or be active there in {scope.question('presence')}.",
            )


@rule(
    "content.audience-not-there",
    "warn",
    "plan",
    why="Go where the people you want to reach already are (NHS Employers briefing 109, 2017).",
)
def audience_not_there(scope: Scope) -> Found:
    there = users(scope)
    words = scope.choices(ITEMS)
    for item in scope.rows(ITEMS):
        key, people, platforms = text(item, "id"), set(several(item, "stakeholders")), several(item, "platforms")
        if there and people and platforms and not any(people & there.get(platform, set()) for platform in platforms):
            yield (
                (key,),
                f"None of the people {quoted(words[key])} is for uses the platforms it is planned on. Choose a "
                "platform where they are.",
            )


def making_hours(scope: Scope) -> float:
    """Hours a week that are set aside for finding, creating and publishing content."""
    return round(sum(number(row, "hours") for row in scope.rows(WEEKLY) if text(row, "kind") in MAKING), 2)


@rule(
    "content.over-hours",
    "warn",
    "plan",
    why="Content takes time: narrow the aim when the plan outgrows it (NHS Employers toolkit, 2016, stage five).",
)
def over_hours(scope: Scope) -> Found:
    planned_hours, making = total(scope, ITEMS), making_hours(scope)
    if scope.rows(WEEKLY) and planned_hours > making:
        yield (
            (),
            f"The content plan takes {spoken_hours(planned_hours)} a week. {capital(scope.question('weekly'))} sets "
            f"aside {spoken_hours(making)} for finding, creating and publishing. Plan less, or set aside more.",
        )


@rule(
    "content.not-warranted",
    "warn",
    "proportion",
    why="Much content for a few people leaves less for the many (NHS Employers toolkit, 2016, stage five).",
)
def not_warranted(scope: Scope) -> Found:
    names = scope.choices(STAKEHOLDERS)
    for row in scope.rows(PROPORTION):
        who = text(row, "stakeholder")
        if who in names and text(row, "warranted") == "no":
            yield (
                (who,),
                f"You say that the effort for {quoted(names[who])} is not worth it. Plan less for them in "
                f"{scope.question('plan')}.",
            )


STAGE = Stage(
    key="content",
    title="Content and where it comes from",
    short="content and sign-off",
    questions=(
        Question(
            "working",
            "How could you change the way you work to make media-friendly content?",
            "Ways of working",
            WorkingForm,
            minutes=4,
        ),
        Question(
            "formats",
            "Can you produce video and the supporting content you need?",
            "Video and formats",
            FormatsForm,
            minutes=3,
        ),
        Question("publishers", "Who publishes?", "Who publishes", PublishersForm, minutes=2),
        Question("signoff", "Do you need a sign-off process, and who controls it?", "Sign-off", SignoffForm, minutes=3),
        Question("plan", "What will you publish?", "Content plan", PlanForm, minutes=11, computed=planned),
        Question(
            "proportion",
            "Is the effort right for the size and importance of each audience?",
            "Effort and audience",
            ProportionForm,
            minutes=3,
            computed=effort,
        ),
    ),
    rules=(
        no_signoff_owner,
        no_staff_policy,
        aim_without_content,
        stakeholder_without_content,
        platform_without_content,
        platform_not_chosen,
        audience_not_there,
        over_hours,
        not_warranted,
    ),
)
