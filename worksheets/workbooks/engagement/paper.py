"""The engagement plan on one side of A4: what for, whom we ask what, who runs it, and when people hear back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worksheets.fields import PlainRow, Scope, maybe, spoken_date, spoken_hours, text
from worksheets.presentation import Block, Column, Part, Row, Table, Words
from worksheets.words import counted, listed, of_all, shortened
from worksheets.workbook import Reading
from worksheets.workbooks.engagement.run import WATCHED, pitfalls_named
from worksheets.workbooks.engagement.tables import GROUPS, HEARD, QUESTIONS

NOT_YET = "Not answered yet"
OPEN = (Column("What can change", 50, written=True), Column("What cannot change", 50, written=True))
TALK = (
    Column("Group", 18, written=True),
    Column("What we tell them", 27, written=True),
    Column("What we ask", 27, written=True),
    Column("Who handles it", 15, written=True),
    Column("Answers by", 13),
)
SELDOM = (
    Column("Group", 24, written=True),
    Column("Why we seldom hear from them", 27, written=True),
    Column("Another way to take part", 29, written=True),
    Column("With whom", 20, written=True),
)


@dataclass(frozen=True)
class Room:
    """How many letters and rows there is room for."""

    opening: int = 100_000
    half: int = 100_000
    cell: int = 100_000
    talks: int = 100
    seldom: int = 100


# What fits on one side of A4, and on a screen.
PAPER, SCREEN = Room(opening=240, half=220, cell=76, talks=5, seldom=3), Room()


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The four parts of the page. On paper long texts and tables are cut; on screen nothing is."""
    scope, room = reading.scope, PAPER if paper else SCREEN
    parts = (
        Part("understand", "What we want to understand", understand(scope, room)),
        Part("ask", "Whom we ask what", talk(scope, room)),
        Part("seldom", "Whom we seldom hear from", seldom(scope, room)),
        Part("run-and-tell", "How we run it, and when people hear back", run(scope, room)),
    )
    return tuple(part for part in parts if part.blocks)


def cut(answer: PlainRow, name: str, most: int) -> str:
    """A text on one line with at most so many letters; what is missing says so."""
    return shortened(" ".join(text(answer, name).split()), most) or NOT_YET


def cut_table(title: str, columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]], most: int) -> tuple[Block, ...]:
    """A table of the first rows, and how many more there are."""
    if not rows:
        return ()
    table = Table(title, columns, tuple(rows[:most]), quiet=True)
    more = len(rows) - most
    return (table, Words(f"And {more} more, in the record behind.", "note")) if more > 0 else (table,)


def understand(scope: Scope, room: Room) -> tuple[Block, ...]:
    """What the team wants to understand, and what is open and what is not."""
    answer = dict(scope.answer("purpose", "purpose"))
    if not answer:
        return (Words("Not answered yet: what we want to understand, and what can change.", "unanswered"),)
    opening = Words(cut(answer, "insight", room.opening), "opening" if answer.get("insight") else "unanswered")
    cells = tuple(cut(answer, name, room.half) for name in ("can_change", "cannot_change"))
    return opening, Table("What can change and what cannot", OPEN, (cells,), heads=False, quiet=True)


def talk(scope: Scope, room: Room) -> tuple[Block, ...]:
    """What each group is told and asked, who handles it and by when; behind them the groups that are asked nothing."""
    names, rows = scope.named(GROUPS), []
    for row in scope.rows(QUESTIONS):
        group = shortened(names.get(text(row, "group"), NOT_YET), room.cell)
        told = (cut(row, name, room.cell) for name in ("tell", "hear", "handled_by"))
        rows.append((group, *told, short_date(text(row, "by"))))
    asked = {text(row, "group") for row in scope.rows(QUESTIONS)}
    rows += [
        (shortened(name, room.cell), NOT_YET, NOT_YET, NOT_YET, "") for key, name in names.items() if key not in asked
    ]
    return cut_table("What we tell and ask each group", TALK, rows, room.talks) or (
        Words("Not answered yet: whom we ask, and what.", "unanswered"),
    )


def short_date(iso: str) -> str:
    """A date for a narrow column: "28 Feb 2027"; "" for none."""
    if not iso:
        return ""
    day, month, year = spoken_date(iso).split()
    return f"{day} {month[:3]} {year}"


def seldom(scope: Scope, room: Room) -> tuple[Block, ...]:
    """The groups that are seldom heard, and how else they can take part; nothing where there are none."""
    names = scope.named(GROUPS)
    rows = [
        (
            shortened(names[text(row, "id")], room.cell),
            *(cut(row, name, room.cell) for name in ("why_seldom", "other_way")),
            shortened(text(row, "partner"), room.cell),
        )
        for row in scope.rows(GROUPS)
        if text(row, "seldom_heard") == "yes"
    ]
    return cut_table("Groups we seldom hear from", SELDOM, rows, room.seldom)


def run(scope: Scope, room: Room) -> tuple[Block, ...]:
    """Who moderates and when, what is not in hand yet, and when people hear back, as labelled lines."""
    answer = dict(scope.answer("run", "run"))
    people = cut(answer, "moderator", room.cell)
    if text(answer, "deputy"):
        people += f"; when away, {cut(answer, 'deputy', room.cell)}"
    watched = WATCHED.get(text(answer, "watched"), NOT_YET).partition(": ")[0]
    if (hours := maybe(answer, "reply_within")) is not None:
        watched += f"; people get an answer within {spoken_hours(hours)}"
    lines = (
        ("Who moderates", people),
        ("When somebody watches", watched),
        ("Not in hand yet", pitfalls_open(scope)),
        ("When people hear back", hear_back(scope)),
    )
    return tuple(Row(label, (said,), written=label == "Who moderates") for label, said in lines if said)


def pitfalls_open(scope: Scope) -> str:
    """The pitfalls that are not dealt with, in words; "" where there are none."""
    answer = scope.answer("run", "pitfalls")
    return listed(words for name, words in pitfalls_named(scope).items() if text(answer, name) == "not-yet")


def hear_back(scope: Scope) -> str:
    """When people heard what came of it, or by when they will: the last day of the plan is the last for that."""
    themes = scope.rows(HEARD)
    days = sorted(filter(None, (text(row, "told_on") for row in themes)))
    by = f"by {spoken_date(scope.ends)}" if scope.ends else "by the last day of this plan"
    if not days:
        so_far = f"; {counted(len(themes), 'theme')} so far" if themes else ""
        return f"At the latest {by}{so_far}"
    if len(days) == len(themes):
        return f"They have heard back about everything, last on {spoken_date(days[-1])}"
    return f"They have heard back about {of_all(len(days), len(themes), 'theme')}, and hear about the rest {by}"
