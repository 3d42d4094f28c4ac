"""Pages against a hello view: questions read and saved, tables of rows, the hub, check answers, the dashboard."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import include, path

from tests.benchmarks.measure import Bar, hello, queries, ratio, seconds
from tests.world import SAMPLE_FILE, World, cycle_of, sample
from worksheets import interchange
from worksheets.models import Cycle
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.workbooks.strategy import STRATEGY

urlpatterns = [path("hello/", hello), path("", include("toolkit.urls"))]


def rows(count: int) -> dict[str, Any]:
    """The weekly question with that many tasks."""
    tasks = [
        {"id": f"task-{n}", "task": f"Task number {n}", "kind": "create", "hours": 1.5, "who": "Team"}
        for n in range(count)
    ]
    return sample()["worksheets"]["resources"] | {"weekly": {"tasks": tasks, "capacity": 24, "pattern": "steady"}}


# Only the queries of these pages have a bar; the ratio is printed to be watched.
NO_BAR = float("inf")


def found(review: Review) -> list[Finding]:
    """Every rule of every stage, run again."""
    return [finding for rule in STRATEGY.rules for finding in rule.findings(review.scope)]


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
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    review = Review.of(world.cycle)
    yield Bar("all findings of a full review, in milliseconds", 1_000 * seconds(lambda: found(review), 100), 5.0)
    # A question page may take 2.8, and the rows of a table 1.2 more.
    yield bar("a question page with rows and points to resolve", f"{start}evaluation/measures/", 4.0, 4)
    yield bar("the hub", start, NO_BAR, 5)
    yield bar("check answers", f"{start}resources/", NO_BAR, 5)
    # Each save is made on a page that has seen the one before it.
    versions = itertools.count(world.cycle.worksheets.get(stage="resources").version)

    def save() -> None:
        version = next(versions)
        answer = client.post(
            f"{start}resources/outcomes/", {"version": version, "answer": "yes", "because": f"Because of {version}"}
        )
        assert answer.status_code == 302

    yield Bar("saving a question", ratio(save, say_hello), 3.0, queries(save), 7)
    dashboard = f"/o/{world.anywhere.slug}/"
    few = [cycle_of(world.anywhere, f"Cycle {n}", f"cycle-{n}") for n in range(9)]
    yield bar("the dashboard with 10 cycles", dashboard, NO_BAR, 5)
    read = lambda: client.get(dashboard)  # noqa: E731
    ten = ratio(read, say_hello)
    Cycle.objects.bulk_create(
        Cycle(organisation=world.anywhere, name=f"Old {n}", slug=f"old-{n}", starts=few[0].starts, ends=few[0].ends)
        for n in range(990)
    )
    yield Bar("the dashboard with 1,000 cycles against 10", ratio(read, say_hello) / ten, 1.2, queries(read), 5)
