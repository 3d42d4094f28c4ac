"""Stage 6: what to count, what to measure, and how to judge whether it worked (000, stage six)."""

from __future__ import annotations

import re
from decimal import Decimal

from worksheets.fields import (
    BegunFrom,
    Choices,
    Day,
    PlainRow,
    Reference,
    RowForm,
    Rows,
    Scope,
    Select,
    Text,
    several,
    text,
)
from worksheets.workbook import Found, Question, QuestionForm, Stage, answered, every, ids, rule, some, while_holds
from worksheets.workbooks.strategy.tables import MEASURES, SMART, STAKEHOLDERS

ACTIONS = {
    "likes": "Likes",
    "follows": "Follows",
    "comments": "Comments",
    "shares": "Shares",
    "clicks": "Clicks on a link",
    "sign-ups": "Sign-ups",
    "page-views": "Page views",
    "mentions": "Mentions",
    "messages": "Messages",
    "reviews": "Reviews",
    "video-views": "Video views",
    "attendance": "People who came",
    "other": "Something else",
}
KINDS = {
    "output": "Output: what you made and how many it reached",
    "engagement": "Engagement: what people chose to do",
    "outcome": "Outcome: what changed because of it",
}
HOW_OFTEN = {"weekly": "Weekly", "monthly": "Monthly", "quarterly": "Quarterly", "cycle": "Once a cycle"}


class EngagementForm(QuestionForm):
    actions = Choices(
        "What people do on purpose",
        ACTIONS,
        "Tick what you will count.",
        needed=True,
        short="Actions we count",
        ask="Tick at least one action to count",
    )
    note = Text("Anything to note?", lines=2, short="Note")


class MeasureRow(RowForm):
    what = Text("What will you measure?", needed=True, short="Measure", ask="Enter what you will measure")
    kind = Select("What kind is it?", KINDS, needed=True, short="Kind", ask="Choose what kind of measure it is")
    smart = Reference("Which SMART objective does it answer?", SMART, short="SMART objective")
    source = Text(
        "Where does the figure come from?",
        needed=True,
        short="Figure comes from",
        suggests="records",
        ask="Enter the tool or record it comes from",
    )
    baseline = Text("Where does it stand now?", short="Now", half=True)
    target = Text("What is the target?", short="Target", half=True)
    how_often = Select(
        "How often will you look?",
        HOW_OFTEN,
        half=True,
        needed=True,
        short="How often",
        ask="Choose how often you will look",
    )
    owner = Text("Who owns it?", short="Owner", half=True, suggests="people")


class MeasuresForm(QuestionForm):
    measures = Rows(
        "Your measures",
        MeasureRow,
        "At least one outcome, and at least one for each SMART objective. Up to twenty.",
        noun="measure",
        words="what",
        telling=("kind", "target"),
        least=1,
        most=20,
        ask="Add at least one measure",
        short="Measures",
        begun_from=BegunFrom(
            SMART, "smart", {"what": "measure", "baseline": "baseline", "target": "target", "owner": "owner"}
        ),
    )


class JudgementForm(QuestionForm):
    so_what = Text(
        "So what? What will the numbers tell you, and what not?",
        lines=5,
        needed=True,
        short="What the numbers tell us, and what not",
        ask="Say what the numbers will and will not tell you",
    )
    context = Text(
        "What else happens that you should set beside them?",
        "Events outside the platform, such as a national news story.",
        lines=3,
        short="Events to set beside them",
    )
    evaluate_on = Day(
        "When will you judge it?",
        "For example, 24 3 2027.",
        needed=True,
        short="Judged on",
        ask="Enter the date you will judge it, like 24 March 2027",
    )
    audience = Text("Who sees the result?", needed=True, short="Who sees the result", ask="Enter who sees the result")


def kinds(scope: Scope) -> set[str]:
    """The kinds of the measures."""
    return {text(row, "kind") for row in scope.rows(MEASURES)}


@rule(
    "evaluation.outputs-only",
    "stop",
    "measures",
    "measures.kind",
    why="What you made says nothing about what it achieved: measure engagement as well, on any channel (NHS Employers "
    "toolkit, 2016, stage six).",
    needs=(every(MEASURES, "kind"),),
    says="Every measure counts what you made. Add a measure of what people chose to do, or of what changed.",
)
def outputs_only(scope: Scope) -> bool:
    return kinds(scope) == {"output"}


@rule(
    "evaluation.no-outcome-measure",
    "warn",
    "measures",
    "measures.kind",
    why="Judge by whether the work led to what was wanted (NHS Employers toolkit, 2016, stage six).",
    needs=(every(MEASURES, "kind"),),
    silent=(while_holds(outputs_only),),
    says="No measure is an outcome. Add one that shows what changed because of your work.",
)
def no_outcome_measure(scope: Scope) -> bool:
    return "outcome" not in kinds(scope)


@rule(
    "evaluation.smart-without-measure",
    "warn",
    "measures",
    "measures.smart",
    of=SMART,
    why="Each SMART objective needs something that can be looked up on its date (NHS Employers toolkit, 2016, stages "
    "two and six).",
    needs=(some(MEASURES),),
    says=(
        "No measure answers the SMART objective {them}. Add one, or choose it at the measure that answers it.",
        "No measure answers the SMART objectives {any}. Add one for each, or choose it at the measure that answers it.",
    ),
)
def smart_without_measure(scope: Scope) -> Found:
    return set(scope.choices(SMART)) - {text(row, "smart") for row in scope.rows(MEASURES)}


@rule(
    "evaluation.engagement-not-measured",
    "note",
    "measures",
    "measures.kind",
    why="Actions that people decide to take lead from what you made to what changed (NHS Employers toolkit, 2016, "
    "stage six).",
    needs=(answered("evaluation", "engagement", "actions"), every(MEASURES, "kind")),
    silent=(while_holds(outputs_only),),
    says="You name actions to count in {question:engagement}, and no measure is of kind engagement. Add one of them.",
)
def engagement_not_measured(scope: Scope) -> bool:
    return "engagement" not in kinds(scope)


@rule(
    "evaluation.listening-not-counted",
    "warn",
    "engagement",
    "actions",
    why="Who sets out to listen counts what people say, and not only what they press (smart guide to engagement, about "
    "2012).",
    needs=(answered("evaluation", "engagement", "actions"),),
    says="You want to hear from people, and count nothing that they say. Tick comments, messages, mentions or reviews.",
)
def listening_not_counted(scope: Scope) -> bool:
    counted = {"comments", "messages", "mentions", "reviews"} & set(
        several(scope.answer("evaluation", "engagement"), "actions")
    )
    driven = "feedback" in several(scope.answer("drivers", "drivers"), "drivers")
    return not counted and (driven or any(text(row, "hear") for row in scope.rows(STAKEHOLDERS)))


def promised(scope: Scope, measure: PlainRow) -> str:
    """The target of the SMART objective that a measure answers; "" where there is none."""
    return next((text(row, "target") for row in scope.rows(SMART) if text(row, "id") == text(measure, "smart")), "")


@rule(
    "evaluation.measure-without-target",
    "warn",
    "measures",
    "measures.target",
    of=MEASURES,
    why="Without a target set beforehand nobody can tell whether a figure is good (NHS Employers toolkit, 2016, stage "
    "six).",
    says=(
        "The measure {them} has no target. Enter what you hope for.",
        "The measures {them} have no targets. Enter what you hope for with each.",
    ),
)
def measure_without_target(scope: Scope) -> Found:
    rows = (row for row in scope.rows(MEASURES) if text(row, "kind") in ("engagement", "outcome"))
    return ids(row for row in rows if not text(row, "target") and not promised(scope, row))


# A comma or a space before a group of exactly three digits parts thousands.
THOUSANDS = re.compile(r"(?<=\d)[,\s](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers_in(words: str) -> set[Decimal]:
    """The numbers in a text, as numbers: "28,250 by March 2027" has 28250 and 2027."""
    return {Decimal(number) for number in NUMBER.findall(THOUSANDS.sub("", words))}


@rule(
    "evaluation.targets-differ",
    "warn",
    "measures",
    "measures.target",
    of=MEASURES,
    why="One promise has one target: with two, each can be called met (version 2 of this method, 2026).",
    says=(
        "The measure {them} has another target than the SMART objective it answers ({question:smart}). Make them the "
        "same.",
        "The measures {them} have other targets than the SMART objectives they answer ({question:smart}). Make them "
        "the same.",
    ),
)
def targets_differ(scope: Scope) -> Found:
    def differ(row: PlainRow) -> bool:
        mine, theirs = numbers_in(text(row, "target")), numbers_in(promised(scope, row))
        return bool(mine and theirs) and mine.isdisjoint(theirs)

    return ids(row for row in scope.rows(MEASURES) if differ(row))


@rule(
    "evaluation.judged-too-early",
    "warn",
    "judgement",
    "evaluate_on",
    of=SMART,
    why="The whole is judged when its parts are: before that nobody knows how they ended (version 2 of this "
    "method, 2026).",
    needs=(answered("evaluation", "judgement", "evaluate_on"),),
    says=(
        "The date for the whole is before the one for {them}. Choose a later one here, or an earlier one in "
        "{question:smart}.",
        "The date for the whole is before those for {them}. Choose a later one here, or earlier ones in "
        "{question:smart}.",
    ),
)
def judged_too_early(scope: Scope) -> Found:
    whole = text(scope.answer("evaluation", "judgement"), "evaluate_on")
    last = scope.ends.isoformat() if scope.ends else ""
    rows = (row for row in scope.rows(SMART) if text(row, "due") and text(row, "due") <= last)
    return ids(row for row in rows if whole < text(row, "evaluate_on"))


STAGE = Stage(
    key="evaluation",
    title="Evaluate",
    short="evaluation",
    questions=(
        Question(
            "engagement",
            "Which deliberate actions by people will you count?",
            "Engagement",
            EngagementForm,
            minutes=2,
            reading=("learning",),
        ),
        Question(
            "measures",
            "What will you measure, and what will you use to evaluate?",
            "Measures",
            MeasuresForm,
            minutes=8,
            reading=("learning",),
        ),
        Question(
            "judgement",
            "How will you judge whether it worked?",
            "Judgement",
            JudgementForm,
            minutes=3,
            reading=("learning",),
        ),
    ),
    rules=(
        outputs_only,
        no_outcome_measure,
        smart_without_measure,
        engagement_not_measured,
        listening_not_counted,
        measure_without_target,
        targets_differ,
        judged_too_early,
    ),
)
