"""What all reviews of an organisation add up to, one after the other.

One query reads the reviews with their worksheets, and one what became of their SMART objectives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from worksheets.comparing.chart import Series, line_chart
from worksheets.comparing.reviews import Figures, figures
from worksheets.fields import spoken_number
from worksheets.models import Cycle, Lookback, Organisation, Worksheet
from worksheets.presentation import Column, Figure, Table
from worksheets.review import Review
from worksheets.stages.alignment import SMART
from worksheets.texts import Texts

# Twenty years of reviews. Older ones are left out, and the page says so.
MOST = 40
CYCLE = ("id", "name", "slug", "starts", "ends", "state", "revises_id")
SHEET = ("stage", "answers", "status", "carried")


@dataclass(frozen=True, slots=True)
class Met:
    """What became of the SMART objectives of a review, as the next one looked back at them."""

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
class Point:
    """One review in the line."""

    cycle: Cycle
    figures: Figures
    met: Met


@dataclass(frozen=True, slots=True)
class Trend:
    """The reviews of an organisation, oldest first. `more` says that there are older ones."""

    points: tuple[Point, ...]
    more: bool


def trend(organisation: Organisation, texts: Texts) -> Trend:
    """All reviews of an organisation that were not archived, and whose place no revision has taken. Two queries."""
    rows = _read(organisation)
    cycles = [list(group) for _, group in groupby(rows, key=lambda row: row["id"])]
    met = targets_met(organisation, {group[0]["id"]: group[0]["revises_id"] for group in cycles})
    points = [_point(organisation, group, met, texts) for group in cycles[:MOST]]
    return Trend(tuple(reversed(points)), len(cycles) > MOST)


def _read(organisation: Organisation) -> list[dict[str, Any]]:
    """The newest reviews with their worksheets, newest first."""
    standing = organisation.cycles.filter(archived_at=None).exclude(
        pk__in=organisation.cycles.filter(revises__isnull=False, archived_at=None).values("revises")
    )
    newest = standing.order_by("-starts", "-id").values("pk")[: MOST + 1]
    return list(
        Cycle.objects.filter(pk__in=newest)
        .order_by("-starts", "-id")
        .values(*CYCLE, *(f"worksheets__{name}" for name in SHEET))
    )


def _point(organisation: Organisation, rows: list[dict[str, Any]], met: dict[int, Met], texts: Texts) -> Point:
    cycle = Cycle(organisation=organisation, **{name: rows[0][name] for name in CYCLE})
    sheets = [
        Worksheet(**{name: row[f"worksheets__{name}"] for name in SHEET}) for row in rows if row["worksheets__stage"]
    ]
    return Point(cycle, figures(Review.of(cycle, sheets, texts)), met.get(cycle.pk, Met()))


def targets_met(organisation: Organisation, revises: dict[int, int | None]) -> dict[int, Met]:
    """What became of the SMART objectives of each review, by its primary key, from the look back of the next one.

    `revises` says for a review which one it is a revision of: it takes over what was said of that one.
    """
    answered = Lookback.objects.filter(
        cycle__organisation=organisation, cycle__archived_at=None, cycle__previous__isnull=False, table=SMART.field
    ).values_list("cycle__previous", "row", "answers__met")
    # A row counts once, as the last look back has it.
    last = {(previous, row): met for previous, row, met in answered.order_by("cycle__starts", "id") if met}
    counts: dict[int | None, Counter[str]] = {}
    for (previous, _), met in last.items():
        counts.setdefault(previous, Counter())[met] += 1
    found = {cycle: _counted(count) for cycle, count in counts.items()}
    return {
        cycle: found[key]
        for cycle, revised in revises.items()
        if (key := cycle if cycle in found else revised) in found
    }


def _counted(count: Counter[str]) -> Met:
    known = {answer: count[answer] for answer in ("yes", "partly", "no")}
    return Met(**known, unknown=count.total() - sum(known.values()))


def charts(points: Sequence[Point]) -> tuple[Figure, ...]:
    """The pictures of the trend; those of which nothing is known yet are left out."""
    names = [point.cycle.name for point in points]

    def values(of: str) -> list[float | None]:
        return [getattr(point.figures, of) for point in points]

    met = [point.met.yes if point.met.asked else None for point in points]
    asked = [point.met.asked or None for point in points]
    made = (
        ("Hours a week", (Series("Needed", values("hours")), Series("You have", values("capacity")))),
        ("Active platforms", (Series("Platforms", values("platforms")),)),
        ("SMART targets", (Series("Met", met), Series("Set", asked))),
        ("Points to resolve", (Series("Stop", values("stops")), Series("Look again", values("warnings")))),
    )
    return tuple(
        figure(title, names, series) for title, series in made if any(value is not None for value in series[0].values)
    )


def figure(title: str, names: Sequence[str], series: Sequence[Series]) -> Figure:
    """A chart with its words and its data."""
    alternative = " ".join(in_words(names, one) for one in series)
    columns = (Column("Review", 2), *(Column(one.name, 1, numeric=True) for one in series))
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


def rows(points: Iterable[Point]) -> list[tuple[str, ...]]:
    """The figures of each review as the cells of a table, without the cell that names it."""
    return [
        (
            spoken(point.figures.hours),
            spoken(point.figures.capacity),
            spoken(point.figures.platforms),
            point.met.words,
            levels(point.figures),
            spoken(point.figures.answered),
        )
        for point in points
    ]


def levels(found: Figures) -> str:
    """How many findings there are of each level: "1 stop, 3 look again"."""
    counts = ((found.stops, "stop"), (found.warnings, "look again"), (found.notes, "note"))
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "None"
