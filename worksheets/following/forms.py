"""The forms about what became of the promises of the last review: one with all of them, and one for each."""

from __future__ import annotations

from worksheets.fields import Choice, Day, RowForm, Rows, RowsFor, RowsOf, Text
from worksheets.workbook import QuestionForm

MET = {"yes": "Yes", "partly": "Partly", "no": "No", "unclear": "Cannot tell"}
DECISIONS = {"keep": "Keep it", "change": "Change it", "stop": "Stop it"}
# The promises as a table of which each row is asked about.
PROMISES = RowsOf("looking-back", "promises", "promises", words="words", noun="promise")


# Each form has its own fields, of the same kinds.


def actual() -> Text:
    return Text(
        "What is the figure now?",
        "As a number where there is one, like 82%. Say why if there is none.",
        needed=True,
        short="The actual figure",
        ask="Enter the actual figure, or say why there is none",
        width="20",
    )


def met() -> Choice:
    return Choice(
        "Was the target met?",
        MET,
        inline=True,
        needed=True,
        short="Target met",
        ask="Choose whether the target was met",
    )


def so_what() -> Text:
    return Text(
        "So what?",
        "What the figure tells you, and what it does not.",
        lines=2,
        needed=True,
        short="So what",
        ask="Say what the figure tells you, and what not",
    )


def decision() -> Choice:
    return Choice(
        "Keep, change or stop?",
        DECISIONS,
        inline=True,
        needed=True,
        short="Keep, change or stop",
        ask="Choose whether to keep it, change it or stop it",
    )


def lesson() -> Text:
    return Text(
        "What is the lesson?",
        "It is shown beside the question when you answer it again.",
        lines=2,
        needed=True,
        short="The lesson",
        ask="Write down the lesson",
    )


class OutsideRow(RowForm):
    on = Day("When was it?", "For example, 14 1 2027.", needed=True, short="When", ask="Enter when it happened")
    text = Text("What happened?", needed=True, short="What happened", ask="Enter what happened")


class LookbackForm(QuestionForm):
    """What became of one SMART objective or measure. A draft may be saved of it."""

    actual = actual()
    met = met()
    outside = Rows(
        "What happened outside?",
        OutsideRow,
        "Events that moved the figure and were not your doing, such as a national news story.",
        noun="event",
        words="text",
        most=20,
        short="What happened outside",
    )
    so_what = so_what()
    decision = decision()
    lesson = lesson()


class PromiseRow(RowForm):
    actual = actual()
    met = met()
    so_what = so_what()
    decision = decision()
    lesson = lesson()


class LookingBackForm(QuestionForm):
    """What became of every promise, a row for each. What happened outside is told of each on a page of its own."""

    promises = RowsFor(
        "What became of each",
        PromiseRow,
        of=PROMISES,
        key="promise",
        words="actual",
        telling=("actual", "met", "decision"),
        short="What became of each",
    )
