"""Stage 6: what to count, what to measure, and how to judge whether it worked (000, stage six)."""

from __future__ import annotations

from worksheets.fields import Choices, Day, Reference, RowForm, Rows, RowsOf, Scope, Select, Text, several, text
from worksheets.workbook import Found, Question, QuestionForm, Stage, quoted, repeated, rule
from worksheets.workbooks.strategy.alignment import SMART

MEASURES = RowsOf("evaluation", "measures", "measures", words="what", noun="measure")

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
    owner = Text("Who owns it?", short="Owner", half=True)


class MeasuresForm(QuestionForm):
    measures = Rows(
        "Your measures",
        MeasureRow,
        "At least one outcome, and at least one for each SMART objective. Up to twenty.",
        noun="measure",
        words="what",
        least=1,
        most=20,
        ask="Add at least one measure",
        short="Measures",
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


def measured(scope: Scope) -> list[str]:
    """The kind of every measure, "" where it is not chosen yet."""
    return [text(row, "kind") for row in scope.rows(MEASURES)]


@rule(
    "evaluation.outputs-only",
    "stop",
    "measures",
    why="What you made says nothing about what it achieved: measure engagement as well, on any channel (NHS Employers "
    "toolkit, 2016, stage six).",
)
def outputs_only(scope: Scope) -> Found:
    if set(measured(scope)) == {"output"}:
        yield (), "Every measure counts what you made. Add a measure of what people chose to do, or of what changed."


@rule(
    "evaluation.no-outcome-measure",
    "warn",
    "measures",
    why="Judge by whether the work led to what was wanted (NHS Employers toolkit, 2016, stage six).",
)
def no_outcome_measure(scope: Scope) -> Found:
    kinds = measured(scope)
    if any(kinds) and "outcome" not in kinds:
        yield (), "No measure is an outcome. Add one that shows what changed because of your work."


@rule(
    "evaluation.smart-without-measure",
    "warn",
    "measures",
    why="Each SMART objective needs something that can be looked up on its date (NHS Employers toolkit, 2016, stages "
    "two "
    "and six).",
)
def smart_without_measure(scope: Scope) -> Found:
    measures = scope.rows(MEASURES)
    answered = {text(row, "smart") for row in measures}
    for key, words in scope.choices(SMART).items():
        if measures and key not in answered:
            yield (key,), f"No measure answers the SMART objective {quoted(words)}. Add one, or say which one does."


@rule(
    "evaluation.engagement-not-measured",
    "note",
    "measures",
    why="Actions that people decide to take lead from what you made to what changed (NHS Employers toolkit, 2016, "
    "stage "
    "six).",
)
def engagement_not_measured(scope: Scope) -> Found:
    actions, kinds = several(scope.answer("evaluation", "engagement"), "actions"), measured(scope)
    if actions and any(kinds) and "engagement" not in kinds:
        named = scope.question("engagement")
        yield (), f"You name actions to count in {named}, and no measure is of kind engagement. Add one of them."


@rule(
    "evaluation.measure-twice",
    "warn",
    "measures",
    why="Each measure is looked up and judged by itself: two with the same words cannot be told apart (NHS Employers "
    "toolkit, 2016, stages two and six).",
)
def measure_twice(scope: Scope) -> Found:
    for ids, what in repeated(scope, MEASURES):
        yield ids, f"{quoted(what)} stands in your measures more than once. Keep one row, or say how they differ."


STAGE = Stage(
    key="evaluation",
    title="Evaluate",
    short="evaluation",
    questions=(
        Question(
            "engagement", "Which deliberate actions by people will you count?", "Engagement", EngagementForm, minutes=2
        ),
        Question(
            "measures", "What will you measure, and what will you use to evaluate?", "Measures", MeasuresForm, minutes=8
        ),
        Question("judgement", "How will you judge whether it worked?", "Judgement", JudgementForm, minutes=3),
    ),
    rules=(
        outputs_only,
        no_outcome_measure,
        smart_without_measure,
        engagement_not_measured,
        measure_twice,
    ),
)
