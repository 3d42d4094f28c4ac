"""What is at hand when a promise is looked back at: what it said, and the figures and events recorded since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from worksheets.access import CycleVisit
from worksheets.fields import Rows, Scope
from worksheets.following.last import Promise
from worksheets.models import Event, Result
from worksheets.presentation import Row


def promised(promise: Promise, visit: CycleVisit) -> list[Row]:
    """What the last review says about a promise, as far as it helps to judge it."""
    how = promise.promised
    table = visit.workbook.question[promise.table].form.kinds[how.table.field]
    assert isinstance(table, Rows)
    rows = {name: table.fields[name].row(promise.last[name], Scope()) for name in how.shown if promise.last.get(name)}
    if how.baseline in rows:
        # On the question page this is called "Now", which it is no longer.
        rows[how.baseline] = replace(rows[how.baseline], label="Where it stood")
    return list(rows.values())


@dataclass(frozen=True)
class Recorded:
    """The last figure of each measure by its row, and the events, of the review that is looked back at."""

    measured: str = ""
    figures: Mapping[str, Result] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @classmethod
    def between(cls, visit: CycleVisit) -> Recorded:
        """Two queries, where the workbook measures anything."""
        measures, before = visit.workbook.measures, visit.cycle.previous_id
        if measures is None or before is None:
            return cls()
        figures = {one.measure: one for one in Result.objects.filter(cycle=before).order_by("on")}
        return cls(measures.table.question, figures, tuple(Event.objects.filter(cycle=before)))

    @classmethod
    def about(cls, promise: Promise, visit: CycleVisit) -> Recorded:
        """The same, and nothing without a query for a promise that is not measured."""
        measures = visit.workbook.measures
        return cls.between(visit) if measures and measures.table.question == promise.table else cls()

    def figure(self, promise: Promise) -> Result | None:
        return self.figures.get(promise.row) if promise.table == self.measured else None

    def events_about(self, promise: Promise) -> tuple[Event, ...]:
        """The events that may have moved the figure of a promise; none where it is not measured."""
        return self.events if promise.table == self.measured else ()
