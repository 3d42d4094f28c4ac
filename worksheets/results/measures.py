"""The measures of a review with their figures: what the pages, the charts and the files are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, When
from django.utils import timezone
from django.utils.safestring import SafeString

from worksheets.access import CycleVisit, Visit
from worksheets.fields import Scope
from worksheets.models import Cycle, Event, Result, Worksheet
from worksheets.results.chart import Dot, Mark, alternative, chart, letter
from worksheets.results.numbers import number_in
from worksheets.workbook import Measured, Workbook
from worksheets.workbooks import WORKBOOKS


@dataclass(frozen=True)
class Measure:
    """A measure of a review, its figures and the events beside them, both in the order of their days."""

    how: Measured
    id: str
    row: Mapping[str, Any]
    number: int
    cycle: Cycle
    figures: Sequence[Result] = ()
    events: Sequence[Event] = ()

    @property
    def known(self) -> bool:
        """Whether it still is in the review: figures stay when a measure is taken out of it."""
        return bool(self.row)

    @property
    def noun(self) -> str:
        """What the cycle is called that it belongs to: "review"."""
        return WORKBOOKS[self.cycle.workbook].noun

    @property
    def words(self) -> str:
        if not self.known:
            return f"A measure that is not in the {self.noun} any more ({self.id})"
        return self.row.get(self.how.table.words) or self.how.table.title(self.number)

    @property
    def kind(self) -> str:
        return self.how.kinds.get(self.row.get("kind", ""), "").partition(":")[0]

    @property
    def latest(self) -> Result | None:
        return self.figures[-1] if self.figures else None

    @cached_property
    def baseline(self) -> Decimal | None:
        """The number in the baseline; None when there is none to be read in it."""
        return number_in(self.row.get("baseline", ""))

    @cached_property
    def target(self) -> Decimal | None:
        return number_in(self.row.get("target", ""))

    @property
    def dots(self) -> list[Dot]:
        return [Dot(figure.on, figure.value) for figure in self.figures]

    @property
    def marks(self) -> list[Mark]:
        return [Mark(event.on, event.text) for event in self.events]

    @property
    def lettered(self) -> list[tuple[str, Event]]:
        """The events with the letters that stand for them in the chart."""
        return [(letter(number), event) for number, event in enumerate(self.events)]

    @property
    def chart(self) -> SafeString:
        """The picture of its figures; nothing while there is none."""
        if not self.figures:
            return SafeString("")
        return chart(
            f"chart-{self.id}",
            self.words,
            self.dots,
            baseline=self.baseline,
            target=self.target,
            marks=self.marks,
            starts=self.cycle.starts,
            ends=self.cycle.ends,
        )

    @property
    def said(self) -> str:
        """What the picture shows, in words."""
        return alternative(self.words, self.dots, self.baseline, self.target, self.marks) if self.figures else ""


def current(visit: Visit, workbook: Workbook) -> Cycle | None:
    """The cycle of a workbook that has measures, is not archived and in whose dates today is; else the newest."""
    if workbook.measures is None:
        return None
    table, today = workbook.measures.table, timezone.localdate()
    sheets = (
        Worksheet.objects.filter(
            cycle__in=visit.cycles(workbook).filter(archived_at=None),
            stage=table.stage,
            answers__has_key=table.question,
        )
        .select_related("cycle")
        .annotate(now=Case(When(cycle__starts__lte=today, cycle__ends__gte=today, then=True), default=False))
        .order_by("-now", "-cycle__starts", "-cycle_id")
    )
    return next((sheet.cycle for sheet in sheets[:10] if rows_of([sheet], workbook.measures)), None)


def rows_of(worksheets: Iterable[Worksheet], how: Measured) -> list[dict[str, Any]]:
    """The measures of a review, as its team wrote them."""
    return Scope(answers={sheet.stage: sheet.answers for sheet in worksheets}).rows(how.table)


def measures_of(visit: CycleVisit, *, people: bool = False) -> list[Measure]:
    """The measures of a review with figures and events: two queries. Measures that are gone come last.

    A workbook that measures nothing has none. `people` reads along who entered each figure.
    """
    how, cycle = visit.workbook.measures, visit.cycle
    if how is None:
        return []
    entered = Result.objects.filter(cycle=cycle).order_by("on", "id")
    figures: dict[str, list[Result]] = {}
    for figure in entered.select_related("entered_by") if people else entered:
        figures.setdefault(figure.measure, []).append(figure)
    events = list(Event.objects.filter(cycle=cycle).order_by("on", "id"))
    rows = {row["id"]: row for row in rows_of(visit.worksheets, how)}
    return [
        Measure(how, key, rows.get(key, {}), number, cycle, figures.get(key, ()), events)
        for number, key in enumerate(dict.fromkeys([*rows, *sorted(figures)]), 1)
    ]
