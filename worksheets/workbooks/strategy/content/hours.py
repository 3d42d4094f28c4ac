"""The hours of content: what is set aside for making it, and what the plan gives to each stakeholder."""

from __future__ import annotations

from worksheets.fields import Scope, maybe, number, several, text
from worksheets.workbooks.strategy.tables import ITEMS, WEEKLY

# The kinds of weekly work that go into making content (000, stage four).
MAKING = ("source", "create", "publish")


def making_hours(scope: Scope) -> float:
    """Hours a week that are set aside for finding, creating and publishing content."""
    return round(sum(number(row, "hours") for row in scope.rows(WEEKLY) if text(row, "kind") in MAKING), 2)


def shared_hours(scope: Scope) -> dict[str, float] | None:
    """The hours a week that the plan gives to each stakeholder, by id; None while an item lacks its hours or people.

    The hours of an item for several stakeholders are shared out equally, so that the sum is the plan's.
    """
    hours: dict[str, float] = {}
    for item in scope.rows(ITEMS):
        people, spent = several(item, "stakeholders"), maybe(item, "hours")
        if not people or spent is None:
            return None
        for who in people:
            hours[who] = hours.get(who, 0) + spent / len(people)
    return hours
