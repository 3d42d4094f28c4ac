"""A workbook of two questions that no line of the engine knows: what hangs on the noticeboard, and who reads it."""

from __future__ import annotations

from pathlib import Path

from worksheets.fields import Reference, RowForm, Rows, RowsOf, Scope, Text, YesUnsureNo
from worksheets.presentation import Column, Part, Table, Words
from worksheets.workbook import (
    Found,
    Promised,
    Question,
    QuestionForm,
    Reading,
    Stage,
    Sum,
    Workbook,
    ids,
    rule,
)

NOTICES = RowsOf("board", "notices", "notices", words="title", noun="notice")


class NoticeRow(RowForm):
    title = Text("What does it say?", needed=True, short="Notice", ask="Enter what the notice says")
    target = Text("Who should read it, and how many?", short="Target")


class NoticesForm(QuestionForm):
    notices = Rows("Notices", NoticeRow, noun="notice", words="title", least=1, most=5, ask="Add at least one notice")


class ReadersForm(QuestionForm):
    readers = YesUnsureNo("Does anybody read them?", needed=True, short="Read", ask="Choose whether anybody reads them")
    best = Reference("Which one is read most?", NOTICES, short="Read most")
    because = Text("How do you know?", lines=3, short="Known from")


@rule(
    "board.nobody-reads",
    "stop",
    "readers",
    "readers",
    why="A notice that nobody reads is paper.",
    says="Nobody reads your notices. Change them in {question:notices}.",
)
def nobody_reads(scope: Scope) -> bool:
    return scope.answer("board", "readers").get("readers") == "no"


@rule(
    "board.notice-without-target",
    "warn",
    "notices",
    "notices.target",
    of=NOTICES,
    why="A notice is for somebody.",
    says=(
        "{them} is for nobody in particular. Say who should read it.",
        "{them} are for nobody in particular. Say who should read them.",
    ),
)
def notice_without_target(scope: Scope) -> Found:
    return ids(row for row in scope.rows(NOTICES) if not row.get("target"))


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The notices on a page."""
    rows = tuple((words,) for words in reading.scope.choices(NOTICES).values())
    blocks = (Words("What hangs on the board:"), Table("", (Column("Notice"),), rows))
    return (Part("notices-on-a-page", "The board on a page", blocks),)


def notices_there(reading: Reading) -> float | None:
    return len(reading.scope.rows(NOTICES)) or None


BOARD = Workbook(
    key="noticeboard",
    title="Noticeboard plan",
    noun="noticeboard check",
    path="boards",
    format="noticeboard/1",
    stages=(
        Stage(
            key="board",
            title="The noticeboard",
            short="the noticeboard",
            questions=(
                Question("notices", "What hangs on the noticeboard?", "Notices", NoticesForm, minutes=5),
                Question("readers", "Who reads it?", "Readers", ReadersForm, minutes=5),
            ),
            rules=(nobody_reads, notice_without_target),
        ),
    ),
    minutes=10,
    every=3,
    guidance=Path(__file__).parent / "no-guidance",
    front=front,
    promises=(Promised(NOTICES, "Notices", shown=("target",), targets="Notices"),),
    sums=(Sum("Notices", "Notices", "Notices", "Hanging", notices_there),),
)
