"""The other runs of an organisation that a run is read against, or may take rows from: which, and what they say.

What is somebody's own is read against what is theirs and what is the organisation's, and nobody else reads it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.fields import Neighbour, Offered, Scope, spoken_date
from worksheets.models import Cycle, Worksheet
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.words import inside
from worksheets.workbook import Question
from worksheets.workbooks import WORKBOOKS

# What the last run of the same workbook is called among those that are read.
BEFORE = "before"
# An organisation that has no run of a workbook: that is known, and not the same as not knowing.
NONE_EVER = datetime.date.min


@dataclass(frozen=True)
class Beside:
    """A run that another is read against, as far as finding it goes; `key` is what that one calls it, and `newest` the
    first day of the newest of its kind."""

    key: str
    cycle: Cycle
    newest: datetime.date


def review_of(cycle: Cycle, worksheets: Iterable[Worksheet], texts: Texts) -> Review:
    """What is answered in a cycle, read against the runs that its workbook reads. Its organisation must be loaded.

    As many queries as `beside`.
    """
    return Review.of(cycle, worksheets, texts, beside(cycle, texts))


def beside(cycle: Cycle, texts: Texts) -> dict[str, Neighbour]:
    """The runs that a cycle is read against, by what its workbook calls them. Its organisation must be loaded.

    No query where it reads none, else two: which they are, and their worksheets.
    """
    reads = WORKBOOKS[cycle.workbook].reads
    there = read(cycle, find(cycle, reads), texts) if reads else {}
    known = {
        key: Neighbour(origin(one.cycle), one.cycle.starts, review.scope, one.newest)
        for key, (one, review) in there.items()
    }
    nothing = {key: Neighbour("", NONE_EVER, Scope()) for key in reads if key != BEFORE}
    return nothing | known


def offered(cycle: Cycle, question: Question, texts: Texts) -> dict[str, tuple[Offered, ...]]:
    """The rows that the tables of a question may take over from other runs, by the name of the table; under "" the
    answers that its other fields may.

    No query where it may take none, else two.
    """
    offers = [one for one in WORKBOOKS[cycle.workbook].offers if one.question == question.key]
    if not offers:
        return {}
    there = read(cycle, find(cycle, dict.fromkeys(one.workbook for one in offers)), texts)
    rows: dict[str, tuple[Offered, ...]] = {}
    for one in offers:
        if one.workbook in there:
            other, review = there[one.workbook]
            words = f"Take over {inside(one.title)} from {origin(other.cycle)}"
            taken = tuple(Offered(words, row) for row in one.rows(review))
            rows[one.table] = (*rows.get(one.table, ()), *taken)
    return rows


def stamps(cycle: Cycle) -> tuple[object, ...]:
    """What the runs that a cycle is read against depend on: when it changes, so may what is made of the cycle.

    No query where it reads none, else one.
    """
    reads = WORKBOOKS[cycle.workbook].reads
    found = find(cycle, reads) if reads else ()
    return tuple((one.key, one.cycle.pk, one.cycle.stamp, one.newest.isoformat()) for one in found)


def find(cycle: Cycle, reads: Iterable[str]) -> list[Beside]:
    """Those runs: of its own workbook the last that began before it; of another that which was signed off last, or else
    the newest. What was archived is not read. One query."""
    reads = [*reads]
    keys = {cycle.workbook if key == BEFORE else key for key in reads}
    rows = Cycle.objects.filter(organisation=cycle.organisation_id, workbook__in=keys, archived_at=None)
    mine = [row for row in rows.exclude(pk=cycle.pk).order_by("-starts", "-id") if may_read(cycle, row)]
    found = []
    for key in reads:
        if key == BEFORE:
            of_key = [row for row in mine if row.workbook == cycle.workbook and earlier(row, cycle)]
            meant = of_key
        else:
            of_key = [row for row in mine if row.workbook == key]
            meant = [row for row in of_key if row.state == Cycle.State.SIGNED_OFF] or of_key
        if meant:
            found.append(Beside(key, meant[0], of_key[0].starts))
    return found


def earlier(row: Cycle, cycle: Cycle) -> bool:
    """Whether a run began before another: of two that began on one day the one that was made first."""
    return (row.starts, row.pk) < (cycle.starts, cycle.pk)


def may_read(cycle: Cycle, other: Cycle) -> bool:
    """Whether a run may be read for another: what is private only for its owner's own."""
    return not WORKBOOKS[other.workbook].private or (other.owner_id is not None and other.owner_id == cycle.owner_id)


def read(cycle: Cycle, found: Iterable[Beside], texts: Texts) -> dict[str, tuple[Beside, Review]]:
    """The runs that were found with what is answered in them, by what the cycle calls them. One query."""
    found = [*found]
    sheets: dict[int, list[Worksheet]] = {}
    for sheet in Worksheet.objects.filter(cycle__in={one.cycle.pk for one in found}) if found else ():
        sheets.setdefault(sheet.cycle_id, []).append(sheet)
    known: dict[str, tuple[Beside, Review]] = {}
    for one in found:
        one.cycle.organisation = cycle.organisation
        known[one.key] = one, Review.of(one.cycle, sheets.get(one.cycle.pk, ()), texts)
    return known


def origin(cycle: Cycle) -> str:
    """What a run is and what it is called: "the review Autumn 2026", "the quick check of 3 November 2026"."""
    workbook = WORKBOOKS[cycle.workbook]
    named = f"of {spoken_date(cycle.starts)}" if "{month}" in workbook.naming else cycle.name
    return f"the {workbook.noun} {named}"
