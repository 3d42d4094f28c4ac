"""What all runs of one workbook in an organisation add up to, one after the other.

One query reads the runs with their worksheets, and one what became of what they promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from worksheets.access import Visit
from worksheets.comparing.chart import Series, line_chart
from worksheets.comparing.reviews import Counts, counts
from worksheets.cycles import in_short
from worksheets.fields import Neighbour, Scope, spoken_number
from worksheets.models import Cycle, Lookback, Worksheet
from worksheets.neighbours import BEFORE
from worksheets.presentation import Column, Figure, Piece, Table, laid_out
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.words import capital, noun_for
from worksheets.workbook import Promised, Workbook
from worksheets.workbooks import WORKBOOKS

# Twenty years of reviews. Older ones are left out, and the page says so.
MOST = 40
CYCLE = ("id", "name", "slug", "workbook", "starts", "ends", "state", "revises_id")
SHEET = ("stage", "answers", "status", "carried")


@dataclass(frozen=True, slots=True)
class Met:
    """What became of the promises of a review that are counted, as the next one looked back at them."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def asked(self) -> int:
        return self.yes + self.partly + self.no + self.unknown

    @property
    def words(self) -> str:
        """In words: "3 of 5, 1 partly"; nothing when nobody looked back yet."""
        if not self.asked:
            return ""
        return f"{self.yes} of {self.asked}" + (f", {self.partly} partly" if self.partly else "")


@dataclass(frozen=True, slots=True)
class Run:
    """One review in the line."""

    cycle: Cycle
    counts: Counts
    met: Met
    scope: Scope


@dataclass(frozen=True, slots=True)
class Trend:
    """The runs of a workbook in an organisation, oldest first. `more` says that there are older ones."""

    workbook: Workbook
    points: tuple[Run, ...]
    more: bool


def trend(visit: Visit, workbook: Workbook, texts: Texts) -> Trend:
    """All runs of a workbook that were not archived, and whose place no revision has taken. Two queries."""
    rows = _read(visit, workbook)
    cycles = [list(group) for _, group in groupby(rows, key=lambda row: row["id"])]
    met = targets_met(visit.cycles(workbook), workbook, {group[0]["id"]: group[0]["revises_id"] for group in cycles})
    points: list[Run] = []
    for group in reversed(cycles[:MOST]):
        points.append(_point(visit, group, met, texts, points[-1] if points else None))
    return Trend(workbook, tuple(points), len(cycles) > MOST)


def _read(visit: Visit, workbook: Workbook) -> list[dict[str, Any]]:
    """The newest reviews with their worksheets, newest first."""
    kept = visit.cycles(workbook).filter(archived_at=None)
    standing = kept.exclude(pk__in=kept.filter(revises__isnull=False).values("revises"))
    newest = standing.order_by("-starts", "-id").values("pk")[: MOST + 1]
    return list(
        Cycle.objects.filter(pk__in=newest)
        .order_by("-starts", "-id")
        .values(*CYCLE, *(f"worksheets__{name}" for name in SHEET))
    )


def _point(visit: Visit, rows: list[dict[str, Any]], met: dict[int, Met], texts: Texts, before: Run | None) -> Run:
    """A run with what it adds up to. It is read against the one before, where its workbook reads that."""
    cycle = Cycle(organisation=visit.organisation, **{name: rows[0][name] for name in CYCLE})
    sheets = [
        Worksheet(**{name: row[f"worksheets__{name}"] for name in SHEET}) for row in rows if row["worksheets__stage"]
    ]
    beside = (
        {BEFORE: Neighbour(before.cycle.name, before.cycle.starts, before.scope, before.cycle.starts)} if before else {}
    )
    review = Review.of(cycle, sheets, texts, beside if BEFORE in WORKBOOKS[cycle.workbook].reads else None)
    return Run(cycle, counts(review), met.get(cycle.pk, Met()), review.scope)


def counted_promises(workbook: Workbook) -> Promised | None:
    """The table of promises whose fate is counted where all runs stand side by side, if there is one."""
    return next((promised for promised in workbook.promises if promised.targets), None)


def targets_met(cycles: QuerySet[Cycle], workbook: Workbook, revises: dict[int, int | None]) -> dict[int, Met]:
    """What became of the promises of each review, by its primary key, from the look back of the next one.

    `cycles` are the runs of that workbook whose look back counts, of one organisation or of several. `revises` says
    for a review which one it is a revision of: it takes over what was said of that one.
    """
    promised = counted_promises(workbook)
    if promised is None:
        return {}
    kept = cycles.filter(archived_at=None, previous__isnull=False)
    answered = Lookback.objects.filter(cycle__in=kept, table=promised.table.question).values_list(
        "cycle__previous", "row", "answers__met"
    )
    # A row counts once, as the last look back has it.
    last = {(previous, row): met for previous, row, met in answered.order_by("cycle__starts", "id") if met}
    fates: dict[int | None, Counter[str]] = {}
    for (previous, _), met in last.items():
        fates.setdefault(previous, Counter())[met] += 1
    known = {cycle: _counted(fate) for cycle, fate in fates.items()}
    return {
        cycle: known[key]
        for cycle, revised in revises.items()
        if (key := cycle if cycle in known else revised) in known
    }


def _counted(count: Counter[str]) -> Met:
    known = {answer: count[answer] for answer in ("yes", "partly", "no")}
    return Met(**known, unknown=count.total() - sum(known.values()))


def across(trend: Trend) -> tuple[Piece, ...]:
    """What all runs say side by side, as their workbook has it."""
    runs = [(in_short(point.cycle, trend.workbook), point.scope) for point in trend.points]
    return laid_out(trend.workbook.across(runs))


def charts(trend: Trend) -> tuple[Figure, ...]:
    """The pictures of the trend; those of which nothing is known yet are left out."""
    points = trend.points
    names = [in_short(point.cycle, trend.workbook) for point in points]
    lines: dict[str, list[Series]] = {}
    for place, one in enumerate(trend.workbook.sums):
        lines.setdefault(one.chart, []).append(Series(one.line, [point.counts.sums[place] for point in points]))
    promised = counted_promises(trend.workbook)
    if promised:
        lines[promised.targets] = [
            Series("Met", [point.met.yes if point.met.asked else None for point in points]),
            Series("Set", [point.met.asked or None for point in points]),
        ]
    lines["Points to resolve"] = [
        Series("Stop", [point.counts.stops for point in points]),
        Series("Look again", [point.counts.warnings for point in points]),
    ]
    return tuple(
        drawn(title, names, series, trend.workbook.noun)
        for title, series in lines.items()
        if any(value is not None for value in series[0].values)
    )


def drawn(title: str, names: Sequence[str], series: Sequence[Series], noun: str) -> Figure:
    """A chart with its words and its data. `noun` is what a run is called."""
    alternative = " ".join(in_words(names, one) for one in series)
    columns = (Column(capital(noun), 2), *(Column(one.name, 1, numeric=True) for one in series))
    cells = zip(names, *([spoken(value) for value in one.values] for one in series), strict=True)
    return Figure(
        title, alternative, line_chart(title, alternative, names, series), Table(title, columns, tuple(cells))
    )


def in_words(names: Sequence[str], one: Series) -> str:
    """What a line of a chart says: where it begins, where it ends, and how far it goes up and down between."""
    told = [(value, name) for value, name in zip(one.values, names, strict=True) if value is not None]
    if not told:
        return f"{one.name}: nothing known yet."
    first, last = told[0], told[-1]
    words = f"{one.name}: {spoken_number(first[0])} in {first[1]}"
    if len(told) > 1:
        words += f", {spoken_number(last[0])} in {last[1]}"
    ends = (first[0], last[0])
    low, high = min(told), max(told)
    if low[0] < min(ends):
        words += f"; lowest {spoken_number(low[0])} in {low[1]}"
    if high[0] > max(ends):
        words += f"; highest {spoken_number(high[0])} in {high[1]}"
    return f"{words}."


def spoken(value: float | None) -> str:
    return "" if value is None else spoken_number(value)


def columns(workbook: Workbook) -> list[Column]:
    """The columns of the table of all runs."""
    promised = counted_promises(workbook)
    return [
        Column(capital(workbook.noun), 3),
        *(Column(one.column, 2, numeric=True) for one in workbook.sums),
        *([Column(f"{promised.targets} met", 3)] if promised else []),
        Column("Points to resolve", 4),
        Column("Questions answered", 2, numeric=True),
    ]


def rows(trend: Trend) -> list[tuple[str, ...]]:
    """The numbers of each run as the cells of that table, newest first, without the cell that names it."""
    promised = counted_promises(trend.workbook)
    return [
        (
            *map(spoken, point.counts.sums),
            *([point.met.words] if promised else []),
            levels(point.counts),
            spoken(point.counts.answered),
        )
        for point in reversed(trend.points)
    ]


def levels(counts: Counts) -> str:
    """How many findings there are of each level: "1 stop, 3 look again"."""
    told = ((counts.stops, "stop"), (counts.warnings, "look again"), (counts.notes, noun_for(counts.notes, "note")))
    return ", ".join(f"{count} {word}" for count, word in told if count) or "None"
