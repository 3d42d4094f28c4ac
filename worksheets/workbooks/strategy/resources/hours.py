"""The hours of a review: what a week takes, what the team has, what is freed; None wherever that is not known."""

from __future__ import annotations

from worksheets.fields import RowsOf, Scope, maybe, number, spoken_hours, spoken_number
from worksheets.words import counted
from worksheets.workbook import Need
from worksheets.workbooks.strategy.tables import STOPPING, WEEKLY

# A cycle is about six months: the weeks that weekly hours are multiplied with.
CYCLE_WEEKS = 26
# The patterns with weeks that are busier than others.
UNEVEN = ("peaks", "spike")
WEEK = ("resources", "weekly")
# Sums of hours are compared with this much to spare.
TOLERANCE = 0.001


def total(scope: Scope, table: RowsOf) -> float | None:
    """The hours of all rows of a table, 0 without rows; None while one of them has no hours: unknown is not 0."""
    hours = [maybe(row, "hours") for row in scope.rows(table)]
    return None if None in hours else round(sum(filter(None, hours)), 2)


def known_hours(scope: Scope) -> float | None:
    """The hours of a week's work; None while there is no task, or one without hours."""
    return total(scope, WEEKLY) if scope.rows(WEEKLY) else None


def freed(scope: Scope) -> float | None:
    """The hours a week that stopping other work frees, 0 when none is named; None while one of them has no hours."""
    return total(scope, STOPPING)


def without_hours(scope: Scope, table: RowsOf) -> str:
    """How many rows of a table have no hours yet, in words: "2 tasks have no hours yet"; "" when all have some."""
    count = sum(maybe(row, "hours") is None for row in scope.rows(table))
    has = "has" if count == 1 else "have"
    return f"{counted(count, table.noun)} {has} no hours yet" if count else ""


def hours_of(scope: Scope) -> str:
    """The one sum of hours, everywhere in the same words: "24.5 hours a week of 29 (24, and 5 freed)".

    It says what is missing where it is not known, and is "" where nothing is answered.
    """
    weekly, capacity, more = known_hours(scope), maybe(scope.answer("resources", "weekly"), "capacity"), freed(scope)
    if weekly is None:
        return without_hours(scope, WEEKLY)
    if capacity is None:
        return f"{spoken_hours(weekly)} a week"
    if more is None:
        return f"{spoken_hours(weekly)} a week of {spoken_number(capacity)} (what is freed is not known yet)"
    return f"{spoken_hours(weekly)} a week of {spoken_number(capacity + more)}{_parts(capacity, more)}"


def _parts(capacity: float, more: float) -> str:
    """What the hours that there are consist of, in brackets; "" where nothing is freed."""
    return f" ({spoken_number(capacity)}, and {spoken_number(more)} freed)" if more else ""


def available(scope: Scope) -> float:
    """The hours a week that the team has, with those that are freed; asked where both are known."""
    return number(scope.answer(*WEEK), "capacity") + (freed(scope) or 0)


def available_words(scope: Scope) -> str:
    """The same in words: "29 hours (24, and 5 freed)"."""
    parts = _parts(number(scope.answer(*WEEK), "capacity"), freed(scope) or 0)
    return f"{spoken_hours(available(scope))}{parts}"


KNOWN_HOURS = Need("there are weekly tasks, and every one has hours", lambda scope: known_hours(scope) is not None)
KNOWN_FREED = Need("what is freed is known", lambda scope: freed(scope) is not None)
