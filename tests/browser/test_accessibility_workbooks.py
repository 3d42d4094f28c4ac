"""The start page, and every kind of page of the other workbooks, looked at with axe-core on a laptop and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.browser.looking import looking
from tests.browser.runs import OTHERS, sample_of, started, works_on
from tests.world import World, sample
from worksheets.models import Assignment, Cycle
from worksheets.workbook import Workbook
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
EACH = pytest.mark.parametrize("workbook", OTHERS, ids=lambda workbook: workbook.key)


def at(cycle: Cycle, workbook: Workbook, *parts: str) -> str:
    """Where a page of a run is."""
    return "".join((f"{HOME}{workbook.path}/{cycle.slug}/", *(f"{part}/" for part in parts)))


def test_the_start_page(opened: Opened, world: World, kept_pages: Path) -> None:
    lead, manager, contributor = (opened(user) for user in (world.lead, world.manager, world.contributor))
    Cycle.objects.filter(organisation=world.anywhere).delete()
    with (
        looking(lead, kept_pages) as eyes,
        looking(manager, kept_pages) as hers,
        looking(contributor, kept_pages) as his,
    ):
        eyes.at(HOME, "start page, empty")
        for workbook in OTHERS:
            cycle = started(workbook, world)
            if not workbook.private:
                Assignment.objects.create(cycle=cycle, stage=workbook.stages[0].key, person=world.lead)
        Cycle.objects.filter(workbook=ENGAGEMENT.key).update(state=Cycle.State.SUBMITTED)
        eyes.at(HOME, "start page, full")
        hers.at(HOME, "start page, as a manager")
        his.at(HOME, "start page, as a contributor")


@EACH
def test_beginning_and_reading(workbook: Workbook, opened: Opened, world: World, kept_pages: Path) -> None:
    list_, name = f"{HOME}{workbook.path}/", workbook.noun
    with looking(opened(works_on(workbook, world)), kept_pages) as eyes:
        eyes.at(list_, f"{name}, none yet")
        eyes.at(f"{list_}new/", f"{name}, start")
        cycle = started(workbook, world)
        eyes.at(at(cycle, workbook), f"{name}, hub, empty")
        world.fill(cycle, **sample_of(workbook)["worksheets"])
        eyes.at(at(cycle, workbook), f"{name}, hub, all answered")
        eyes.at(at(cycle, workbook, "summary"), f"{name}, page")
        eyes.at(f"/example/{workbook.path}/", f"{name}, example")
        eyes.at(f"/example/{workbook.path}/summary/", f"{name}, example, page")
        eyes.at(f"/example/{workbook.stages[-1].key}/", f"{name}, example, answers")


@EACH
def test_its_questions(workbook: Workbook, opened: Opened, world: World, kept_pages: Path) -> None:
    world.fill(drivers=sample()["worksheets"]["drivers"])
    cycle = started(workbook, world, sample_of(workbook)["worksheets"])
    with looking(opened(works_on(workbook, world)), kept_pages) as eyes:
        for question in workbook.questions:
            there = f"{workbook.noun}, question {question.number}"
            eyes.at(at(cycle, workbook, question.stage, question.key), f"{there}, filled")
            if eyes.page.get_by_role("button", name="Open all").count():
                eyes.page.get_by_role("button", name="Open all").first.click()
                eyes.look(f"{there}, filled and open")


def test_what_is_shared(opened: Opened, world: World, kept_pages: Path) -> None:
    cycle = started(REFLECTION, world, sample_of(REFLECTION)["worksheets"])
    with looking(opened(world.manager), kept_pages) as eyes, looking(opened(world.lead), kept_pages) as others:
        eyes.at(at(cycle, REFLECTION, "share"), "reflection, share, not finished")
        cycle.worksheets.update(status="complete", completed_at=timezone.now(), completed_by=world.manager)
        eyes.page.goto(at(cycle, REFLECTION, "share"))
        eyes.page.locator("summary", has_text="What the leads would read").click()
        eyes.look("reflection, share")
        eyes.page.get_by_role("button", name="Share the page").click()
        expect(eyes.page.get_by_text("The leads of your organisation can read")).to_have_count(2)
        eyes.look("reflection, hub, shared")
        eyes.at(at(cycle, REFLECTION, "share"), "reflection, share, shared")
        others.at(HOME, "start page, something shared")
        others.at(at(cycle, REFLECTION, "shared"), "reflection, a page that is shared")


def test_what_was_heard(opened: Opened, world: World, kept_pages: Path) -> None:
    answers = sample_of(ENGAGEMENT)["worksheets"]
    cycle = started(ENGAGEMENT, world, {**answers, "close": {}}, complete=True)
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(at(cycle, ENGAGEMENT, "papers", "you-said"), "you said, nothing heard yet")
        world.fill(cycle, close=answers["close"])
        eyes.page.goto(at(cycle, ENGAGEMENT, "papers", "you-said"))
        eyes.page.locator("summary", has_text="Put it on your website").click()
        eyes.look("you said")
        eyes.at(at(cycle, ENGAGEMENT, "submit"), "engagement plan, submit")


def test_quick_checks_side_by_side(opened: Opened, world: World, kept_pages: Path) -> None:
    answers: Any = sample_of(QUICK_CHECK)["worksheets"]
    for month in ("05", "08", "11"):
        days = {"starts": f"2026-{month}-03", "ends": f"2026-{month}-30"}
        cycle = started(QUICK_CHECK, world, answers, name=f"Check {month}", complete=True, **days)
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}{QUICK_CHECK.path}/", "quick check, several")
        eyes.at(f"{HOME}{QUICK_CHECK.path}/new/", "quick check, start the next")
        eyes.at(f"{HOME}trend/{QUICK_CHECK.path}/", "quick check, all in figures")
        eyes.at(f"{at(cycle, QUICK_CHECK, 'compare')}?show=all", "quick check, compared")
