"""How the team will know: the measures, how and when it is judged."""

from __future__ import annotations

from worksheets.presentation import Column, Part, Table
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.telling import Told, cell, lines, part
from worksheets.workbooks.strategy.tables import MEASURES

MEASURED = (
    Column("What we measure", 22, written=True),
    Column("Kind", 14),
    Column("From", 11, written=True),
    Column("To", 11, written=True),
    Column("Figure from", 14, written=True),
    Column("How often", 10),
    Column("Owner", 18, written=True),
)


def know(reading: Reading) -> Part:
    return part(
        "know",
        "How we shall know",
        Told("our measures", measures(reading), "What we measure"),
        Told(
            "how we judge it",
            lines(
                reading,
                ("engagement", "actions", "What people do that we count"),
                ("judgement", "evaluate_on", "Judged on"),
                ("judgement", "audience", "Who sees the result"),
                ("judgement", "so_what", "What the figures tell us, and what not"),
                ("judgement", "context", "Set beside them"),
            ),
            "How we judge it",
        ),
    )


def measures(reading: Reading) -> tuple[Table, ...]:
    fields = ("what", "kind", "baseline", "target", "source", "how_often", "owner")
    rows = tuple(
        tuple(in_short(cell(reading, "measures", f"measures.{field}", row), field) for field in fields)
        for row in reading.scope.rows(MEASURES)
    )
    return (Table("Measures in short", MEASURED, rows, quiet=True),) if rows else ()


def in_short(said: str, field: str) -> str:
    """A kind of measure by its name alone: what it means is said in the guidance."""
    return said.partition(":")[0] if field == "kind" else said
