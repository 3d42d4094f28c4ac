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
from worksheets.management.reviews import review_of
from worksheets.models import Cycle
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.saving import token
from worksheets.workbooks.strategy import STRATEGY

urlpatterns = [path("hello/", hello), path("", include("toolkit.urls"))]


def rows(count: int) -> dict[str, Any]:
    """The weekly question with that many tasks."""
    tasks = [
        {"id": f"task-{n}", "task": f"Task number {n}", "kind": "create", "hours": 1.5, "who": "Team"}
        for n in range(count)
    ]
    return sample()["worksheets"]["resources"] | {"weekly": {"tasks": tasks, "capacity": 24, "pattern": "steady"}}


# What a question page, a save, and a page about a whole review or all of them may take: times hello, and queries.
QUESTION, SAVE, PAGE = (3.6, 5), (4.5, 9), (8.0, 8)
# What 8 rows of a table may add to a question page, and 40.
ROWS, MANY_ROWS = 1.2, 5.0


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

    yield bar("a question page with 6 fields, one of them 5 boxes", f"{start}drivers/drivers/", *QUESTION)
    for count, most in ((8, ROWS), (40, MANY_ROWS)):
        world.fill(resources=rows(0) | {"weekly": {}})
        bare = ratio(lambda: client.get(f"{start}resources/weekly/"), say_hello)
        world.fill(resources=rows(count))
        full = ratio(lambda: client.get(f"{start}resources/weekly/"), say_hello)
        yield Bar(f"{count} rows of 4 fields, more than the page without them", full - bare, most)
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    review = review_of(world.cycle)
    yield Bar("all findings of a full review, in milliseconds", 1_000 * seconds(lambda: found(review), 100), 5.0)
    rows_too = QUESTION[0] + ROWS, QUESTION[1]
    yield bar("a question page with rows and points to resolve", f"{start}evaluation/measures/", *rows_too)
    yield bar("the hub", start, *PAGE)
    yield bar("check answers", f"{start}resources/", *PAGE)
    yield bar("the points to resolve", f"{start}points/", *PAGE)
    yield bar("the results", f"/o/{world.anywhere.slug}/results/", *PAGE)
    # Each save is made on a page that has seen the one before it.
    numbers = itertools.count(1)
    shown = review.answer("outcomes")

    def save() -> None:
        nonlocal shown
        answer = {"answer": "yes", "because": f"Reason number {next(numbers)}"}
        sent = client.post(f"{start}resources/outcomes/", answer | {"seen": token(shown)})
        assert sent.status_code == 302
        shown = answer

    yield Bar("saving a question", ratio(save, say_hello), SAVE[0], queries(save), SAVE[1])
    organisation = f"/o/{world.anywhere.slug}/"
    dashboard = f"{organisation}reviews/"
    few = [cycle_of(world.anywhere, f"Cycle {n}", f"cycle-{n}") for n in range(9)]
    yield bar("the start page with 8 in progress", organisation, *PAGE)
    yield bar("the dashboard with 10 cycles", dashboard, *PAGE)
    yield bar("the trend of 10 cycles", f"{organisation}trend/", *PAGE)
    read = lambda: client.get(dashboard)  # noqa: E731
    ten = ratio(read, say_hello)
    Cycle.objects.bulk_create(
        Cycle(organisation=world.anywhere, name=f"Old {n}", slug=f"old-{n}", starts=few[0].starts, ends=few[0].ends)
        for n in range(990)
    )
    yield Bar("the dashboard with 1,000 cycles against 10", ratio(read, say_hello) / ten, 1.2, queries(read), PAGE[1])
