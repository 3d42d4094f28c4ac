"""Pages against a hello view: questions read and saved, tables of rows, the hub, check answers, the dashboard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import include, path

from tests.benchmarks.measure import Bar, hello, queries, ratio
from tests.world import World, cycle_of, sample
from worksheets.models import Cycle

urlpatterns = [path("hello/", hello), path("", include("toolkit.urls"))]


def rows(count: int) -> dict[str, Any]:
    """The weekly question with that many tasks."""
    tasks = [
        {"id": f"task-{n}", "task": f"Task number {n}", "kind": "create", "hours": 1.5, "who": "Team"}
        for n in range(count)
    ]
    return sample()["worksheets"]["resources"] | {"weekly": {"tasks": tasks, "capacity": 24, "pattern": "steady"}}


def bars(world: World, client: Client) -> Iterator[Bar]:
    """Each figure as it is measured. The world's cycle is filled with the sample."""
    start = f"/o/{world.anywhere.slug}/reviews/{world.cycle.slug}/"
    say_hello = lambda: client.get("/hello/")  # noqa: E731
    world.fill()

    def bar(what: str, address: str, most: float, queries_most: int) -> Bar:
        read = lambda: client.get(address)  # noqa: E731
        assert read().status_code == 200, address
        return Bar(what, ratio(read, say_hello), most, queries(read), queries_most)

    yield bar("a question page with 6 fields, one of them 5 boxes", f"{start}drivers/drivers/", 2.8, 4)
    for count, most in ((8, 1.2), (40, 5.0)):
        world.fill(resources=rows(0) | {"weekly": {}})
        bare = ratio(lambda: client.get(f"{start}resources/weekly/"), say_hello)
        world.fill(resources=rows(count))
        full = ratio(lambda: client.get(f"{start}resources/weekly/"), say_hello)
        yield Bar(f"{count} rows of 4 fields, more than the page without them", full - bare, most)
    world.fill()
    yield bar("the hub", start, 6.0, 5)
    yield bar("check answers", f"{start}resources/", 8.0, 5)
    numbers = itertools.count()

    def save() -> None:
        # A page that has seen everything: no save can clash with it.
        answer = client.post(
            f"{start}resources/outcomes/",
            {"version": 1_000_000, "answer": "yes", "because": f"Because of {next(numbers)}"},
        )
        assert answer.status_code == 302

    yield Bar("saving a question", ratio(save, say_hello), 3.0, queries(save), 7)
    dashboard = f"/o/{world.anywhere.slug}/"
    few = [cycle_of(world.anywhere, f"Cycle {n}", f"cycle-{n}") for n in range(9)]
    yield bar("the dashboard with 10 cycles", dashboard, 10.0, 5)
    read = lambda: client.get(dashboard)  # noqa: E731
    ten = ratio(read, say_hello)
    Cycle.objects.bulk_create(
        Cycle(organisation=world.anywhere, name=f"Old {n}", slug=f"old-{n}", starts=few[0].starts, ends=few[0].ends)
        for n in range(990)
    )
    yield Bar("the dashboard with 1,000 cycles against 10", ratio(read, say_hello) / ten, 1.2, queries(read), 5)
