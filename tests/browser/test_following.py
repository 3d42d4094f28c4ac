"""The next review, looking back and results, looked at with axe-core on a laptop and on a phone."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.browser.conftest import Opened
from tests.browser.looking import looking
from tests.world import World
from worksheets.following.starting import start_next
from worksheets.models import Event, Lookback, Result

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
LAST = f"{HOME}reviews/autumn-2026/"
NEXT = f"{HOME}reviews/spring-2027/"
day = datetime.date.fromisoformat


def test_the_next_review_and_looking_back(opened: Opened, world: World, kept_pages: Path) -> None:
    world.fill()
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{LAST}next/", "next review")
        cycle = start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)
        eyes.at(f"{LAST}next/", "next review, there is one")
        eyes.at(NEXT, "hub of the next review")
        eyes.at(f"{NEXT}looking-back/", "looking back, not begun")
        answers = {"actual": "82%", "met": "partly", "decision": "keep", "so_what": "Better.", "lesson": "w" * 300}
        place = {"cycle": cycle, "table": "smart", "row": "smart-answers"}
        Lookback.objects.create(**place, answers=answers, version=1, updated_by=world.contributor)
        eyes.at(f"{NEXT}looking-back/", "looking back")
        eyes.at(f"{NEXT}looking-back/measures/m-answered/?add=outside", "looking back at a measure")
        eyes.at(f"{NEXT}looking-back/smart/smart-answers/", "looking back at an objective")
        Lookback.objects.filter(**place).update(answers=answers | {"actual": "90%"}, version=2)
        eyes.page.locator("#actual").fill("70%")
        eyes.page.locator("button:visible", has_text="Save and continue").click()
        eyes.look("looking back, conflict", 409)
        eyes.at(f"{NEXT}alignment/smart/", "question from last time")
        eyes.page.locator("button:visible", has_text="Save and continue").click()
        eyes.page.get_by_text("It counts as answered once this is there too").wait_for()
        eyes.look("check, from last time, target missing")
        eyes.page.get_by_role("button", name="All of this worksheet still holds").click()
        eyes.page.locator(".nhsuk-error-summary").wait_for()
        eyes.look("check, something asked anew", 400)
        eyes.at(f"{NEXT}looking-back/", "looking back on one page")
        eyes.page.get_by_role("button", name="Open all").click()
        eyes.look("looking back on one page, open")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(f"{NEXT}looking-back/", "looking back on one page, as a manager")
        eyes.at(f"{NEXT}looking-back/smart/smart-answers/", "looking back, as a manager")


def test_results(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}results/", "results, no measures")
        world.fill()
        eyes.at(f"{HOME}results/", "results, no figures")
        for number, value in enumerate((41, 52, 66, 78)):
            on = day("2026-10-05") + datetime.timedelta(days=7 * number)
            entered = {"on": on, "value": Decimal(value), "note": "n" * 200, "entered_by": world.lead}
            figure = Result.objects.create(cycle=world.cycle, measure="m-answered", **entered)
        event = Event.objects.create(cycle=world.cycle, on=day("2026-10-14"), text="e" * 150, entered_by=world.lead)
        one = f"{LAST}results/measures/m-answered/"
        eyes.at(f"{HOME}results/", "results")
        eyes.at(one, "measure")
        eyes.page.get_by_role("button", name="Save the figure").click()
        eyes.look("measure, wrong", 400)
        eyes.at(one, "measure")
        for name, typed in (("value", "85"), ("on", "5"), ("on-month", "10"), ("on-year", "2026")):
            eyes.page.locator(f"#{name}").fill(typed)
        eyes.page.get_by_role("button", name="Save the figure").click()
        eyes.look("measure, replace a figure", 409)
        eyes.at(f"{LAST}results/figures/{figure.pk}/", "change a figure")
        eyes.at(f"{LAST}results/figures/{figure.pk}/remove/", "remove a figure")
        eyes.at(f"{LAST}results/events/{event.pk}/", "change an event")
        eyes.at(f"{LAST}results/events/{event.pk}/remove/", "remove an event")
        eyes.at(f"{LAST}results/events/add/", "add an event")
        eyes.at(f"{LAST}results/upload/", "figures from a file")
        eyes.page.get_by_role("button", name="Store the figures").click()
        eyes.look("figures from a file, none chosen", 400)
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(one, "measure, as a manager")
