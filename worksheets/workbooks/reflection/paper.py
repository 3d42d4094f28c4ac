"""The page that comes out: why, whom I listen to, where and when, what I stand for, my limits, the first four weeks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from worksheets.fields import Rows, RowsOf, number, several, text
from worksheets.presentation import Block, Cell, Column, Part, Row, Table, Title, Words
from worksheets.words import capital, counted, inside, listed, shortened
from worksheets.workbook import Reading
from worksheets.workbooks.reflection.how import LISTEN_TO, VALUES
from worksheets.workbooks.reflection.weeks import FIRST_FOUR
from worksheets.workbooks.reflection.why import REASONS

NOT_YET = "Not answered yet."
# The words with which every aim of an organisation begins: they say nothing on a page about one leader.
BEGINNING = re.compile(r"^By using social media, .{1,120}? aims? to ", re.IGNORECASE)

# How many lines of text a side of A4 holds below its head, and how many letters a labelled answer and a row of a table
# have on each of them. A heading takes as much room as two lines, the edges of a row of a table half a line.
LINES, BESIDE_LABEL, ACROSS = 46, 64, 100
HEADING, EDGES = 2.2, 0.6


@dataclass(frozen=True)
class Room:
    """How much is told: how many times the letters that are the least for a text, and how many aims."""

    times: float
    aims: int

    def cut(self, words: str, letters: int) -> str:
        """A text on one line, and no longer than it may be."""
        return shortened(" ".join(words.split()), int(letters * self.times))


# On screen all is told; on paper as much as a side holds, tried from all of it to the least.
ALL = Room(1_000, 1_000)
TRIED = (ALL, Room(6, 3), Room(4, 3), Room(3, 3), Room(2, 3), Room(1.5, 2), Room(1, 2))
CUT = Words("What ends in … stands whole in the record behind.", "note")


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The page. On paper it is one side of A4: what does not fit is cut, and stands whole in the record behind."""
    if not paper:
        return (page(reading, ALL),)
    whole, *shorter = (page(reading, room) for room in TRIED)
    if lines_of(whole.blocks) <= LINES:
        return (whole,)
    one = next((one for one in shorter if lines_of(one.blocks) < LINES), shorter[-1])
    return (replace(one, blocks=(*one.blocks, CUT)),)


def page(reading: Reading, room: Room) -> Part:
    """The page as it is told with that much room."""
    sections: tuple[tuple[str, Iterable[Block]], ...] = (
        ("Why I use social media", reasons(reading, room)),
        ("Whom I listen to", table(reading, room, LISTEN_TO, ("who", 40), ("where", 35), ("how_often", 25))),
        ("Where and when", where_and_when(reading, room)),
        ("What I stand for", table(reading, room, VALUES, ("value", 35), ("shows", 65))),
        ("My limits", said(reading, room, "how", "never", "attacked")),
        ("My first four weeks", table(reading, room, FIRST_FOUR, ("week", 20), ("what", 80))),
    )
    blocks: list[Block] = []
    for title, told in sections:
        blocks += (Title(title), *(tuple(told) or (Words(NOT_YET, "unanswered"),)))
    return Part("mine", "My page", tuple(blocks))


def reasons(reading: Reading, room: Room) -> Iterable[Block]:
    answer = reading.answer("reasons")
    names = [REASONS[key].partition(":")[0] for key in several(answer, "reasons")]
    if names:
        yield Row("My reasons", (capital(listed(map(inside, names))),))
    yield from said(reading, room, "reasons", "because")
    aims = [capital(BEGINNING.sub("", " ".join(aim.split()))) for aim in several(answer, "aims")]
    if aims:
        more = len(aims) - room.aims
        told = [room.cut(aim, 60) for aim in aims[: room.aims]]
        yield Row(
            "Aims I help with",
            (*told, *((f"and {more} more, in the record behind",) if more > 0 else ())),
            items=True,
            written=True,
        )


def where_and_when(reading: Reading, room: Room) -> Iterable[Block]:
    answer = reading.answer("how")
    places = listed(map(reading.scope.platform, several(answer, "platforms")))
    minutes = counted(int(number(answer, "minutes_a_week")), "minute") if "minutes_a_week" in answer else ""
    if places or minutes:
        yield Row("Where", (", ".join(filter(None, (places, f"{minutes} a week" if minutes else ""))),))
    yield from said(reading, room, "how", "when", "instead_of_paper", "helper", letters=60)


def said(reading: Reading, room: Room, question: str, *fields: str, letters: int = 120) -> Iterable[Block]:
    """What was written in these fields of a question, each as a labelled answer; what is needed and missing too."""
    answer, kinds = reading.answer(question), reading.workbook.question[question].form.kinds
    for name in fields:
        if name in answer:
            yield Row(kinds[name].short, paragraphs(text(answer, name), room, letters), written=True)
        elif kinds[name].needed and answer:
            yield Row(kinds[name].short, needed=True)


def paragraphs(words: str, room: Room, letters: int) -> tuple[str, ...]:
    """A text in its paragraphs where all of it is told, and otherwise in one."""
    return tuple(filter(str.strip, words.split("\n"))) if room is ALL else (room.cut(words, letters),)


def table(reading: Reading, room: Room, of: RowsOf, *columns: tuple[str, int]) -> Iterable[Block]:
    """A table of answers: its fields, each with its part of the width, which is the least of its letters too."""
    kind, rows = reading.workbook.question[of.question].form.kinds[of.field], reading.scope.rows(of)
    if rows and isinstance(kind, Rows):
        heads = tuple(Column(kind.fields[name].short, share, written=True) for name, share in columns)
        cells = tuple(tuple(room.cut(text(row, name), share) for name, share in columns) for row in rows)
        yield Table(of.noun, heads, cells, tuple(text(row, "id") for row in rows), quiet=True)
    elif of.question in reading.scope.answers.get(of.stage, {}) and not kind.needed:
        yield Words("Nobody yet." if of is LISTEN_TO else "Nothing yet.", "unanswered")


def lines_of(blocks: Iterable[Block]) -> float:
    """About how many lines of text these blocks take on paper."""
    return sum(map(lines, blocks))


def lines(block: Block) -> float:
    match block:
        case Title():
            return HEADING
        case Row():
            return sum(ceil(len(words) / BESIDE_LABEL) for words in block.paragraphs or ("",)) + EDGES / 2
        case Table():
            rows = (tuple(column.label for column in block.columns), *block.rows)
            shares = [column.share for column in block.columns]
            return sum(EDGES + max(map(cell_lines, row, shares)) for row in rows)
    return 1


def cell_lines(cell: Cell, share: int) -> float:
    """How many lines a cell takes in a column that has so many hundredths of the width."""
    return ceil(len(str(cell)) / (ACROSS * share / 100))
