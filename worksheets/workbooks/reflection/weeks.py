"""Stage 4: what a leader does in the first four weeks, so that it begins (001)."""

from __future__ import annotations

from worksheets.fields import RowForm, Rows, RowsOf, Text
from worksheets.workbook import Question, QuestionForm, Stage

FIRST_FOUR = RowsOf("weeks", "first_four", "first_four", words="what", noun="step")


class WeekRow(RowForm):
    week = Text(
        "Which week?",
        "For example, week 1, or from 7 December.",
        needed=True,
        short="Week",
        ask="Enter which week it is",
    )
    what = Text("What will I do?", lines=2, needed=True, short="What I do", ask="Enter what you will do in that week")


class FirstFourForm(QuestionForm):
    first_four = Rows(
        "My first four weeks",
        WeekRow,
        "One to four steps, each small enough for its week.",
        noun="step",
        words="what",
        telling=("week",),
        least=1,
        most=4,
        ask="Add at least one step",
        offers=(
            "Read what reviews say about us, together with the PALS team",
            "Ask staff one question, and answer every reply",
            "Tell our plans in a film of two minutes",
            "Look back at my posts: how many asked or answered?",
        ),
        offers_label="Steps to begin with",
        next_time="anew",
    )


STAGE = Stage(
    key="weeks",
    title="My first four weeks",
    short="my first four weeks",
    questions=(
        Question("first_four", "What do I do in my first four weeks?", "My first four weeks", FirstFourForm, minutes=2),
    ),
)
