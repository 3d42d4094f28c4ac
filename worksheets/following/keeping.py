"""Where what became of promises is kept: behind the door of the cycle, with no history of its own."""

from __future__ import annotations

import json

from worksheets.fields import Answer
from worksheets.models import Cycle
from worksheets.saving import Place, TooLate, as_stored, token


class InCycle(Place):
    """A place in an open cycle. `was` is what the page says that it had shown, as JSON: its token tells if it had."""

    def __init__(self, cycle: Cycle, was: str) -> None:
        self.read, self.was, self.cycle = as_stored, was, cycle

    def demand_open(self) -> None:
        if not self.cycle.may_change:
            raise TooLate(self.cycle)

    def shown_before(self, seen: str) -> Answer | None:
        if not seen:
            return {}
        try:
            was = json.loads(self.was)
        except (ValueError, RecursionError):
            return None
        return was if isinstance(was, dict) and token(was) == seen else None
