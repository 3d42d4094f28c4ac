"""The strategy on a page as data: each aim followed to objectives, stakeholders, platforms, content and measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.fields import PlainRow, maybe, several, text
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.resources import known_hours
from worksheets.workbooks.strategy.stakeholders import chosen, top_platforms
from worksheets.workbooks.strategy.tables import (
    AIMS,
    ITEMS,
    MEASURES,
    OBJECTIVES,
    PLATFORMS,
    SMART,
    STAKEHOLDERS,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One aim followed through the review: what it serves, whom, where, with what, and how we shall know."""

    id: str
    aim: str
    objectives: tuple[str, ...]
    stakeholders: tuple[str, ...]
    platforms: tuple[str, ...]
    content: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The strategy on a page. Hours are hours a week; `None` means the question is not answered yet."""

    links: tuple[Link, ...]
    top_platforms: tuple[str, ...]
    hours: float | None
    capacity: float | None


def hours_needed(reading: Reading) -> float | None:
    """The hours a week that the plan needs; None while there is no weekly task, or one without hours."""
    return known_hours(reading.scope)


def hours_available(reading: Reading) -> float | None:
    """The hours a week that the team has; None while that is not answered."""
    return maybe(reading.answer("weekly"), "capacity")


def active_platforms(reading: Reading) -> float | None:
    """How many platforms the team is active on; None while none is chosen."""
    return len(chosen(reading.scope, "active")) if reading.scope.rows(PLATFORMS) else None


def overview_of(reading: Reading) -> Overview:
    """What the answers say on one page."""
    scope = reading.scope
    objectives, smart, items, measures = (scope.rows(table) for table in (OBJECTIVES, SMART, ITEMS, MEASURES))
    people = scope.choices(STAKEHOLDERS)

    def link(aim: str, words: str) -> Link:
        served = [row for row in objectives if aim in several(row, "aims")]
        ids = {text(row, "id") for row in served}
        promised = {text(row, "id") for row in smart if text(row, "objective") in ids}
        planned = [row for row in items if aim in several(row, "aims")]
        return Link(
            id=aim,
            aim=words,
            objectives=tuple(text(row, "statement") for row in served),
            stakeholders=unique(
                people[who] for row in planned for who in several(row, "stakeholders") if who in people
            ),
            platforms=unique(scope.platform(key) for row in planned for key in several(row, "platforms")),
            content=tuple(text(row, "what") for row in planned),
            measures=tuple(measured(row) for row in measures if text(row, "smart") in promised),
        )

    return Overview(
        links=tuple(link(aim, words) for aim, words in scope.choices(AIMS).items()),
        top_platforms=tuple(scope.platform(key) for key in top_platforms(scope)),
        hours=hours_needed(reading),
        capacity=hours_available(reading),
    )


def measured(row: PlainRow) -> str:
    """A measure with its target: "Complaints about letters, target 20 a month"."""
    what, target = text(row, "what"), text(row, "target")
    return ", ".join(filter(None, (what, target and f"target {target}")))


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """Each of the words once, in the order of their first coming."""
    return tuple(dict.fromkeys(words))
