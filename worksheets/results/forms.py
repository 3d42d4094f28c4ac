"""The forms about results: a figure on a day, and an event on a day."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from worksheets.fields import Case, Day, Kind, Line, Path, Plain, Posted, Scope, text
from worksheets.numbers import read_number
from worksheets.results.numbers import LARGEST
from worksheets.workbook import PlainForm

NOTE_MAX, EVENT_MAX = 500, 200
WRONG_FIGURE = "Enter a number from −1,000,000,000,000 to 1,000,000,000,000 with at most 2 decimals, like 82 or 1,150.5"


def amount_in(text: str) -> Decimal | None:
    """The figure that a text is, on a page as in a file, with two places; None when it is none that is kept."""
    value = read_number(text, places=2, units="£%")
    return round(value, 2) if value is not None and -LARGEST <= value <= LARGEST else None


def day_fault(day: datetime.date, today: datetime.date | None = None) -> str:
    """What stands against a day on which something is said to have happened; nothing when nothing does.

    One day more than today is allowed: it may be tomorrow where they are.
    """
    future = day > (today or timezone.localdate()) + datetime.timedelta(days=1)
    return "Enter a date that is not in the future" if future else ""


class Amount(Kind[str, str]):
    """A figure, which may be below nothing. Kept as text, so that no digit is lost."""

    template = "fields/amount.jinja"

    def from_post(self, data: Posted, name: str) -> str:
        return data.get(name, "")

    def from_json(self, plain: Plain, at: Path, case: Case) -> str:
        if not isinstance(plain, str):
            case.fault(at, "must be text")
            return ""
        return plain

    def to_raw(self, plain: str | None, scope: Scope) -> str:
        return plain or ""

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        if self.blank(raw):
            self.absent(at, case)
            return None
        value = amount_in(raw)
        if value is None:
            case.fault(at, WRONG_FIGURE)
            return None
        return str(value)

    def words(self, plain: str, scope: Scope) -> tuple[str, ...]:
        return (plain,)


class PastDay(Day):
    """A day on which something has happened."""

    def settle(self, raw: tuple[str, str, str], at: Path, case: Case) -> str | None:
        iso = super().settle(raw, at, case)
        if iso and (wrong := day_fault(datetime.date.fromisoformat(iso))):
            case.fault(at, wrong)
        return iso


class FigureForm(PlainForm):
    """A figure for a measure on a day."""

    value = Amount("Figure", "A number, like 82 or 1,150.", needed=True, ask="Enter the figure, like 82")
    on = PastDay(
        "Which day is it for?",
        "For example, 3 3 2027.",
        needed=True,
        short="Day",
        ask="Enter the day it is for, like 3 March 2027",
    )
    note = Line("Note", "What to know when you read it.", most=NOTE_MAX)

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as the values of a `Result`."""
        return {
            "value": Decimal(text(self.plain, "value")),
            "on": datetime.date.fromisoformat(text(self.plain, "on")),
            "note": text(self.plain, "note"),
        }


class EventForm(PlainForm):
    """Something that happened outside on a day."""

    text = Line("What happened?", most=EVENT_MAX, needed=True, ask="Enter what happened")
    on = PastDay(
        "When was it?",
        "For example, 14 1 2027.",
        needed=True,
        short="Day",
        ask="Enter the day it happened, like 14 January 2027",
    )

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as the values of an `Event`."""
        return {"text": text(self.plain, "text"), "on": datetime.date.fromisoformat(text(self.plain, "on"))}
