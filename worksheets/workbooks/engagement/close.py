"""Stage 5, answered while people answer and after: what was heard, what changed, and when people were told (003)."""

from __future__ import annotations

from worksheets.fields import Day, Number, Reference, RowForm, Rows, Scope, Text, text
from worksheets.workbook import Found, Question, QuestionForm, Stage, ids, rule
from worksheets.workbooks.engagement.tables import GROUPS, HEARD


class ThemeRow(RowForm):
    group = Reference("Which group said it?", GROUPS, "Leave it empty when several did.", short="Group")
    heard = Text(
        "What did they say?",
        "In a sentence or two, without names.",
        lines=3,
        needed=True,
        short="What we heard",
        ask="Enter what they said",
    )
    changed = Text(
        "What changed, or why did it not?",
        "As you would tell them.",
        lines=3,
        short="What changed",
    )
    told_how = Text("How do they hear of it?", "For example, a post where you asked.", short="How they hear")
    told_on = Day("When did you tell them?", "For example, 12 4 2027.", short="Told on", next_time="same")


class HeardForm(QuestionForm):
    heard = Rows(
        "What you heard",
        ThemeRow,
        "One row for each thing that people said. Up to twenty. Leave it empty until you have heard something.",
        noun="theme",
        words="heard",
        telling=("group", "told_on"),
        most=20,
        short="What we heard",
    )
    recommend = Number(
        "What share of people would recommend the service?",
        "Only if you asked that.",
        most=100,
        unit="%",
        short="Would recommend it",
    )


@rule(
    "close.not-told-back",
    "warn",
    "heard",
    "heard.told_on",
    of=HEARD,
    why="What becomes of what people say is the most important part of the plan, and people who hear nothing back soon "
    "leave (Smart guide to engagement, about 2012).",
    says=(
        "The plan has ended, and people have not heard back about {them}. Tell them what changed, or why it did not, "
        "and enter the day.",
        "The plan has ended, and people have not heard back about {them}. Tell them what changed, or why it did not, "
        "and enter the days.",
    ),
)
def not_told_back(scope: Scope) -> Found:
    rows = scope.rows(HEARD) if scope.over else []
    return ids(row for row in rows if text(row, "heard") and not text(row, "told_on"))


STAGE = Stage(
    key="close",
    title="What you heard",
    short="what you heard",
    questions=(
        Question(
            "heard",
            "What did people say, what changed, and when did you tell them?",
            "What you heard",
            HeardForm,
            minutes=5,
            reading=("learning",),
        ),
    ),
    rules=(not_told_back,),
    afterwards=True,
)
