"""The page “You said, we did” for those who answered: what was heard and what came of it, with nobody's name."""

from __future__ import annotations

from collections.abc import Iterable

from worksheets.fields import PlainRow, Scope, maybe, spoken_date, spoken_number, text
from worksheets.presentation import Block, Column, Part, Table, Title, Words
from worksheets.words import listed
from worksheets.workbook import Document, Reading
from worksheets.workbooks.engagement.tables import GROUPS, HEARD, QUESTIONS

SAID = Column("You said", 38, written=True)
DID = Column("We did", 38, written=True)
TOLD = Column("How you hear of it", 24, written=True)


def parts(reading: Reading) -> tuple[Part, ...]:
    """The page: who asked whom about what, what each group said, and what came of it."""
    scope = reading.scope
    said = (*opening(scope), *themes(scope), *recommended(scope))
    return (Part("you-said", "What you told us, and what came of it", said),)


def opening(scope: Scope) -> tuple[Block, ...]:
    """Who asked whom, and what they wanted to understand."""
    names, asked = scope.named(GROUPS), {text(row, "group") for row in scope.rows(QUESTIONS)}
    groups = listed(name for key, name in names.items() if key in asked or not asked & set(names))
    insight = text(scope.answer("purpose", "purpose"), "insight")
    about = f"{scope.organisation} wanted to understand this:" if insight else f"{scope.organisation} asked people."
    return (
        Words(about),
        *((Words(insight, "opening"),) if insight else ()),
        *((Words(f"We asked: {groups}."),) if groups else ()),
    )


def themes(scope: Scope) -> Iterable[Block]:
    """What was heard and what changed, a table for each group that said something, and one for the rest."""
    rows = [row for row in scope.rows(HEARD) if text(row, "heard")]
    told = any(how(row) for row in rows)
    columns = (SAID, DID, TOLD) if told else (SAID, DID)
    groups = {**scope.named(GROUPS), "": "Several groups"}
    there = [key for key in groups if any(text(row, "group") == key for row in rows)]
    for key in there:
        # Where nobody says which group said what, there is nothing to head.
        if there != [""]:
            yield Title(groups[key])
        cells = (
            (text(row, "heard"), text(row, "changed") or "Not decided yet", how(row))[: len(columns)]
            for row in rows
            if text(row, "group") == key
        )
        yield Table(f"{groups[key]}: what was said and done", columns, tuple(cells), quiet=True)


def how(row: PlainRow) -> str:
    """How people hear of it, and on which day they did; "" while that is not known."""
    day = text(row, "told_on")
    return ", ".join(filter(None, (text(row, "told_how").rstrip("."), spoken_date(day) if day else "")))


def recommended(scope: Scope) -> tuple[Block, ...]:
    """The share of those who would recommend the service, where people were asked."""
    share = maybe(scope.answer("close", "heard"), "recommend")
    return (
        () if share is None else (Words(f"{spoken_number(share)}% of those who answered would recommend the service."),)
    )


def ready(reading: Reading) -> str:
    """What is to be answered first: there is something to say once one thing that was heard has its outcome."""
    if any(text(row, "heard") and text(row, "changed") for row in reading.scope.rows(HEARD)):
        return ""
    return f"Say first what you heard and what changed, in {reading.scope.question('heard')}."


YOU_SAID = Document(
    key="you-said",
    title="You said, we did",
    about="One page for the people who answered: what you heard, and what came of it. It names nobody.",
    question="heard",
    parts=parts,
    ready=ready,
)
