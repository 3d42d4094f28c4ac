"""What it takes: the hours against those there are, the weeks, what stops, money, who watches, and the risks."""

from __future__ import annotations

from dataclasses import replace

from worksheets.fields import Scope, maybe, spoken_hours, spoken_number, text
from worksheets.presentation import Block, Column, Part, Row, Table, Words
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.telling import Told, cell, lines, part
from worksheets.workbooks.strategy.pictures.hours import time_picture
from worksheets.workbooks.strategy.resources import freed, hours_of, total
from worksheets.workbooks.strategy.tables import RISKS, SETUP, STOPPING

RISK = (
    Column("What could go wrong", 36, written=True),
    Column("How likely", 11),
    Column("How bad", 11),
    Column("What we do about it", 42, written=True),
)
DEGREES = {"low": 1, "medium": 2, "high": 3}


def takes(reading: Reading) -> Part:
    return part(
        "takes",
        "What it takes",
        Told("the hours of a week", hours(reading), "Time"),
        Told("", also(reading)),
        Told("what success looks like", success(reading), "Is it worth it?"),
        Told("what could go wrong", risks(reading), "What could go wrong"),
    )


def hours(reading: Reading) -> tuple[Block, ...]:
    """The one sum, and the picture of the hours by kind and over the weeks."""
    summed, drawn = hours_of(reading.scope), time_picture(reading)
    # The words above say the same.
    figures = (replace(drawn, quiet=True),) if drawn.svg else ()
    return (*((Words(f"{summed}."),) if summed else ()), *figures)


def also(reading: Reading) -> tuple[Row, ...]:
    """What else it takes: to set up, in busy weeks, in money; what stops for it; who watches."""
    scope = reading.scope
    rows = []
    setup = total(scope, SETUP)
    if scope.rows(SETUP) and setup is not None:
        rows.append(Row("To set up", (f"{spoken_hours(setup)} once",)))
    rows += stopping(scope)
    rows += lines(
        reading,
        ("weekly", "advertising", "Money for adverts"),
        ("weekly", "watched", "Who watches, and when"),
        ("weekly", "reply_within", "People get an answer within"),
        ("weekly", "contingency", "When it suddenly gets busy"),
        ("stopping", "change", "How our work changes"),
    )
    return tuple(rows)


def stopping(scope: Scope) -> list[Row]:
    """What stops for it, with the hours that this frees."""
    said = []
    for row in scope.rows(STOPPING):
        hours = maybe(row, "hours")
        more = "" if hours is None else f" ({spoken_hours(hours)} a week)"
        said.append(f"{text(row, 'work')}{more}")
    known = freed(scope)
    label = "What stops for it" if not known else f"What stops for it, {spoken_number(known)} hours a week"
    return [Row(label, tuple(said), items=True, written=True)] if said else []


def success(reading: Reading) -> tuple[Row, ...]:
    return lines(
        reading,
        ("success", "success", "What success looks like"),
        ("outcomes", "answer", "Better here than on other work"),
        ("outcomes", "because", "Why"),
    )


def badness(row: object) -> int:
    """How bad a risk is: how likely times how bad, 1 to 9; 0 while one of them is not known."""
    assert isinstance(row, dict)
    return DEGREES.get(text(row, "likelihood"), 0) * DEGREES.get(text(row, "impact"), 0)


def risks(reading: Reading) -> tuple[Table, ...]:
    """The risks, worst first, with what is done about each."""
    fields = ("risk", "likelihood", "impact", "mitigation")
    found = sorted(reading.scope.rows(RISKS), key=badness, reverse=True)
    rows = tuple(tuple(cell(reading, "success", f"risks.{field}", row) for field in fields) for row in found)
    return (Table("Risks, the worst first", RISK, rows, quiet=True),) if rows else ()
