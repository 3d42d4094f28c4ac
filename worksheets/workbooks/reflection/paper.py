"""The page that comes out: why, whom I listen to, where and when, what I stand for, my limits, the first four weeks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil
from textwrap import wrap
from typing import Any

from worksheets.fields import Rows, RowsOf, maybe, several, text
from worksheets.presentation import Block, Cell, Column, Part, Row, Table, Words
from worksheets.words import breadth, capital, counted, inside, listed, shortened
from worksheets.workbook import Reading
from worksheets.workbooks.reflection.how import LISTEN_TO, VALUES
from worksheets.workbooks.reflection.weeks import FIRST_FOUR
from worksheets.workbooks.reflection.why import REASONS

# The words with which every aim of an organisation begins: they say nothing on a page about one leader.
BEGINNING = re.compile(r"^By using social media, .{1,120}? aims? to ", re.IGNORECASE)

# How many lines of text a side of A4 holds below its head, and how many letters a labelled answer and a row of a table
# have on each of them. Measured on paper, as is what else takes room, in lines: a heading, the edges of a labelled
# answer, of a row of a table and of its head, and the note below what is cut.
LINES, BESIDE_LABEL, ACROSS = 50.5, 69, 98
HEADING, EDGE, ROW_EDGE, HEAD_EDGE, NOTE = 2.3, 0.3, 0.4, 0.7, 1.5


@dataclass(frozen=True)
class Room:
    """How much is told: how many lines of a cell, of a short answer and of a long one, and how many aims."""

    cell: int
    short: int
    long: int
    aims: int


# On screen all is told; on paper as much as a side holds, tried from all of it to the least.
ALL = Room(1_000, 1_000, 1_000, 1_000)
TRIED = (
    ALL,
    Room(5, 5, 6, 5),
    Room(4, 4, 5, 4),
    Room(3, 3, 4, 4),
    Room(2, 2, 4, 3),
    Room(2, 2, 3, 3),
    Room(2, 1, 2, 2),
    Room(1, 2, 5, 3),
    Room(1, 1, 3, 3),
    Room(1, 1, 2, 2),
)
CUT = Words("What ends in … stands whole in the full record.", "note")


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The page. On paper it is one side of A4: what does not fit is cut, and stands whole in the full record."""
    whole, *shorter = (page(reading, room) for room in TRIED)
    if not paper or lines_of(whole) <= LINES:
        return whole
    short = next((one for one in shorter if lines_of(one) + NOTE <= LINES), shorter[-1])
    return (*short[:-1], replace(short[-1], blocks=(*short[-1].blocks, CUT)))


def page(reading: Reading, room: Room) -> tuple[Part, ...]:
    """The page as it is told with that much room."""
    told: tuple[tuple[str, str, Iterable[Block]], ...] = (
        ("my-reasons", "Why I use social media", reasons(reading, room)),
        ("my-groups", "Whom I listen to", groups(reading, room)),
        ("my-places", "Where and when", where_and_when(reading, room)),
        ("my-values", "What I stand for", values(reading, room)),
        ("my-limits", "My limits", limits(reading, room)),
        ("my-weeks", "My first four weeks", steps(reading, room)),
    )
    nothing = (Words("Not answered yet.", "unanswered"),)
    return tuple(Part(key, title, tuple(blocks) or nothing) for key, title, blocks in told)


def reasons(reading: Reading, room: Room) -> Iterable[Block]:
    answer = reading.answer("reasons")
    names = [REASONS[key].partition(":")[0] for key in several(answer, "reasons")]
    if names:
        yield Row("My reasons", (capital(listed(map(inside, names))),))
    yield from said(reading, room.long, "reasons", "because")
    aims = [cut(in_short(aim), room.short, BESIDE_LABEL) for aim in several(answer, "aims")]
    if len(aims) > room.aims:
        kept = room.aims - 1
        aims = [*aims[:kept], f"and {len(aims) - kept} more, in the full record"]
    if aims:
        yield Row("Aims I help with", tuple(aims), written=True)


def in_short(aim: str) -> str:
    """An aim of the organisation without the words that every aim begins with."""
    return capital(BEGINNING.sub("", " ".join(aim.split())))


def where_and_when(reading: Reading, room: Room) -> Iterable[Block]:
    answer = reading.answer("how")
    places = listed(map(reading.scope.platform, several(answer, "platforms")))
    minutes = maybe(answer, "minutes_a_week")
    time = "" if minutes is None else f"{counted(int(minutes), 'minute')} a week"
    if places or time:
        yield Row("Where", (", ".join(filter(None, (places, time))),))
    yield from said(reading, room.short, "how", "when")


def limits(reading: Reading, room: Room) -> Iterable[Block]:
    yield from said(reading, room.long, "how", "never", "attacked")


def said(reading: Reading, most: int, question: str, *fields: str) -> Iterable[Block]:
    """What was written in these fields of a question, each as a labelled answer of `most` lines.

    What is needed and missing is told too, once the question was begun.
    """
    answer, kinds = reading.answer(question), reading.workbook.question[question].form.kinds
    for name in fields:
        if name in answer:
            yield Row(kinds[name].short, (cut(text(answer, name), most, BESIDE_LABEL),), written=True)
        elif kinds[name].needed and answer:
            yield Row(kinds[name].short, needed=True)


def cut(words: str, most: int, letters: float) -> str:
    """A text without its breaks, and cut to so many lines of paper with so many letters each."""
    lines = wrapped(words, letters, max_lines=most, placeholder=" …")
    return shortened(" ".join(lines), int(most * letters))


def wrapped(words: str, letters: float, **options: Any) -> list[str]:
    """A text in its lines on paper. Capitals take more room than small letters, and letters of the East twice as much.

    A word that is longer than a line, such as an address, is a line by itself here.
    """
    small = letters * len(words) / breadth(words) if words else letters
    return wrap(words, int(small), break_long_words=False, break_on_hyphens=False, **options)


def groups(reading: Reading, room: Room) -> Iterable[Block]:
    yield from table(reading, room, LISTEN_TO, "Whom I listen to", {"who": 40, "where": 35, "how_often": 25})
    if named_none(reading, LISTEN_TO):
        yield Words("Nobody yet.", "unanswered")


def values(reading: Reading, room: Room) -> Iterable[Block]:
    yield from table(reading, room, VALUES, "What I stand for", {"value": 35, "shows": 65})
    if named_none(reading, VALUES):
        yield Words("Nothing yet.", "unanswered")


def steps(reading: Reading, room: Room) -> Iterable[Block]:
    yield from table(reading, room, FIRST_FOUR, "My first four weeks", {"week": 30, "what": 70})


def named_none(reading: Reading, of: RowsOf) -> bool:
    """Whether a question that may be left empty was answered, and is empty."""
    return of.question in reading.scope.answers.get(of.stage, {}) and not reading.scope.rows(of)


def table(reading: Reading, room: Room, of: RowsOf, title: str, columns: Mapping[str, int]) -> Iterable[Block]:
    """Rows as a table: their fields, each with its hundredths of the width."""
    kind, rows = reading.workbook.question[of.question].form.kinds[of.field], reading.scope.rows(of)
    if rows and isinstance(kind, Rows):
        heads = tuple(Column(kind.fields[name].short, share, written=True) for name, share in columns.items())
        cells = tuple(
            tuple(cut(text(row, name), room.cell, letters_of(share)) for name, share in columns.items()) for row in rows
        )
        yield Table(title, heads, cells, tuple(text(row, "id") for row in rows), quiet=True)


def lines_of(parts: Iterable[Part]) -> float:
    """About how many lines of text these parts take on paper."""
    return sum(HEADING + sum(map(lines, part.blocks)) for part in parts)


def lines(block: Block) -> float:
    if isinstance(block, Row):
        return EDGE + sum(lines_in(words, BESIDE_LABEL) for words in block.paragraphs or ("",))
    if isinstance(block, Table):
        shares = [column.share for column in block.columns]
        rows = (max(map(cell_lines, row, shares)) for row in block.rows)
        return 1 + HEAD_EDGE + sum(ROW_EDGE + most for most in rows)
    return 1


def cell_lines(cell: Cell, share: int) -> int:
    """How many lines a cell takes in a column that has so many hundredths of the width."""
    return lines_in(str(cell), letters_of(share))


def letters_of(share: int) -> float:
    """How many letters a line has in such a column."""
    return ACROSS * share / 100


def lines_in(words: str, letters: float) -> int:
    """How many lines a text takes with so many letters on each."""
    return sum(ceil(len(line) / letters) for line in wrapped(words, letters)) or 1
