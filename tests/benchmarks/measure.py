"""How a figure is taken: medians of several rounds, both sides of a ratio in turn, queries counted apart."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext

ROUNDS = 7
Act = Callable[[], object]


@dataclass(frozen=True)
class Bar:
    """A ratio and what it may be at most."""

    what: str
    ratio: float
    most: float
    queries: int | None = None
    queries_most: int | None = None

    @property
    def kept(self) -> bool:
        return self.ratio <= self.most and (self.queries or 0) <= (self.queries_most or 1_000)

    def __str__(self) -> str:
        queries = "" if self.queries is None else f", {self.queries} queries (at most {self.queries_most})"
        return f"{'ok  ' if self.kept else 'OVER'} {self.what}: {self.ratio:.2f} (at most {self.most}){queries}"


def hello(request: HttpRequest) -> HttpResponse:
    """The least a page can do: say hello to who is signed in."""
    return HttpResponse(f"Hello {request.user}")


def seconds(act: Act, times: int) -> float:
    """Seconds that one call takes, on average over a round."""
    started = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - started) / times


def ratio(act: Act, base: Act, times: int = 40) -> float:
    """How many times as long `act` takes as `base`: both are timed in each round, and the medians compared."""
    act(), base()
    rounds = [(seconds(act, times), seconds(base, times)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in rounds) / statistics.median(two for _, two in rounds)


def queries(act: Act) -> int:
    """The SQL statements of one call, BEGIN and COMMIT among them."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
