"""How long a request may wait for the database: one budget for all its queries, and what is tried after a silence.

Only waiting counts. A request that works long, or waits for something else, on a machine that is busy, uses none of it.

A server that is frozen, or behind a network that drops everything, enforces no limit of its own: the limit must be
kept on this side. `toolkit.postgres` asks here before it waits. What runs outside a request has no deadline.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError, connection

# A page answers within 6 seconds: this leaves one for everything but the database.
SECONDS = 5.0
# A server that is alive ends a statement by itself after this many seconds, and says so. It must be less than the
# deadline: whoever is silent for longer than that is not there.
STATEMENT_SECONDS = 4
# To connect takes milliseconds. A name may stand for two addresses, and each is given this long, the driver's least.
CONNECT_SECONDS = 2
# A wait this long is a silence. What is cut off earlier came late in a request that had waited before.
SILENCE = STATEMENT_SECONDS + 0.5


class TooLong(OperationalError):
    """The database did not answer in the time that a request has."""


class Budget:
    """The time that one request has for the database. `over` once the request is answered."""

    def __init__(self) -> None:
        self.left = SECONDS
        self.over = self.lowered = False

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Wait for the database here: it is taken from what is left."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.left -= time.monotonic() - began


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


class Line:
    """What this process knows of its way to the database.

    Once it was silent, one request at a time finds out whether it still is, and all others are told at once: they must
    not hold every thread of the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._silent = False
        self._asking: Budget | None = None

    def may_wait(self) -> float | None:
        """How many seconds the request at work may wait now; None for ever, outside a request. Raises TooLong."""
        budget = _budget.get()
        if budget is None:
            return None
        left = budget.left
        if left <= 0:
            raise TooLong("The time for the database is used up.")
        if self._silent:
            with self._lock:
                other = self._asking
                if other is not None and other is not budget and other.left > 0 and not other.over:
                    raise TooLong("The database did not answer others.")
                self._asking = budget
        return left

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait here for the database: it counts for the request at work."""
        budget = _budget.get()
        with budget.spending() if budget else nullcontext():
            yield

    def answered(self) -> None:
        """It is there."""
        if self._silent:
            with self._lock:
                self._silent, self._asking = False, None

    def fell_silent(self) -> None:
        """It did not answer for so long that it is not there. The request that waited has no time left for more."""
        budget = _budget.get()
        with self._lock:
            self._silent = True
            if budget:
                budget.left = 0
                if self._asking is budget:
                    self._asking = None


line = Line()


@contextmanager
def one_request() -> Iterator[None]:
    """The time that a request has for the database. A request within another shares its time."""
    if _budget.get() is not None:
        yield
        return
    budget = Budget()
    before = _budget.set(budget)
    try:
        if connection.vendor == "sqlite":
            with connection.execute_wrapper(_before_each):
                yield
        else:
            yield
    finally:
        budget.over = True
        _budget.reset(before)
        if budget.lowered:
            _sqlite_waits(connection.settings_dict["OPTIONS"]["timeout"])


def _before_each(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """SQLite waits for a lock as long as each connection says, once for every statement: they share what is left."""
    budget = _budget.get()
    if budget is None:
        return execute(sql, params, many, context)
    if budget.left < STATEMENT_SECONDS:
        if budget.left <= 0:
            raise TooLong("The time for the database is used up.")
        budget.lowered = True
        _sqlite_waits(budget.left)
    with budget.spending():
        return execute(sql, params, many, context)


def _sqlite_waits(seconds: float) -> None:
    if connection.connection is not None:
        connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
