"""Why and what for: what drives the organisation, its aims with what they serve, and the SMART objectives."""

from __future__ import annotations

from worksheets.fields import several, short_date, text
from worksheets.presentation import Column, Items, Part, Row, Table
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.drivers import DRIVERS
from worksheets.workbooks.strategy.paper.telling import Told, cell, part
from worksheets.workbooks.strategy.tables import AIMS, OBJECTIVES, SMART

AIM = (Column("Aim", 44, written=True), Column("It helps these objectives", 56, written=True))
PROMISED = (
    Column("What we will do", 31, written=True),
    Column("From", 12, written=True),
    Column("To", 15, written=True),
    Column("By", 11),
    Column("Judged on", 11),
    Column("Owner", 20, written=True),
)


def why(reading: Reading) -> Part:
    return part(
        "why",
        "Why we use social media, and what for",
        Told("what drives us", drivers(reading), "What drives us"),
        Told("our aims", aims(reading), "What we want to achieve"),
        Told("SMART objectives", promised(reading), "What we promise"),
    )


def drivers(reading: Reading) -> tuple[Row, ...]:
    """Each driver with what shows it."""
    answer = reading.answer("drivers")
    return tuple(
        Row(DRIVERS[key].partition(":")[0], tuple(said.split("\n")), written=True)
        if (said := text(answer, f"{key}_evidence"))
        else Row(DRIVERS[key].partition(":")[0], ("Not said yet",))
        for key in several(answer, "drivers")
        if key in DRIVERS
    )


def aims(reading: Reading) -> tuple[Table, ...]:
    """Each aim with the objectives that it helps, and the documents that say so."""
    scope = reading.scope
    rows = tuple(
        (words, Items(served(reading, aim), none="None is named yet")) for aim, words in scope.named(AIMS).items()
    )
    return (Table("Aims and objectives", AIM, rows, tuple(scope.choices(AIMS)), quiet=True),) if rows else ()


def served(reading: Reading, aim: str) -> tuple[str, ...]:
    """The objectives that an aim helps, each with its document."""
    rows = [row for row in reading.scope.rows(OBJECTIVES) if aim in several(row, "aims")]
    return tuple(
        f"{text(row, 'statement')} ({text(row, 'source')})" if text(row, "source") else text(row, "statement")
        for row in rows
    )


def promised(reading: Reading) -> tuple[Table, ...]:
    rows = tuple(
        (
            *(cell(reading, "smart", f"smart.{name}", row) for name in ("statement", "baseline", "target")),
            *(short_date(text(row, name)) for name in ("due", "evaluate_on")),
            cell(reading, "smart", "smart.owner", row),
        )
        for row in reading.scope.rows(SMART)
    )
    return (Table("SMART objectives in short", PROMISED, rows, quiet=True),) if rows else ()
