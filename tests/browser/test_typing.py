"""What scripts add to a question page: lines that follow the typing, rows without a new page, boxes that open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answering import unfold
from tests.browser.conftest import PHONE, Opened
from tests.world import World
from worksheets.models import Worksheet

pytestmark = pytest.mark.browser

HERE = "/o/nhs-anywhere/reviews/autumn-2026/"


@pytest.fixture
def page(opened: Opened, world: World) -> Page:
    """A window of Lena's, who leads the review."""
    world.fill()
    return opened(world.lead).new_page()


def stays(page: Page) -> None:
    """Mark the page, so that a new one would be noticed."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_hours_a_week_follow_the_typing(page: Page) -> None:
    page.goto(f"{HERE}resources/weekly/")
    expect(page.get_by_text("24.5 hours a week", exact=True)).to_be_visible()
    stays(page)
    page.locator('[name="tasks-0-hours"]').fill("10")
    expect(page.get_by_text("31.5 hours a week", exact=True)).to_be_visible()
    expect(page.get_by_text("819 hours over the cycle of 26 weeks")).to_be_visible()
    assert stayed(page)
    kept = Worksheet.objects.get(stage="resources", cycle__organisation__slug="nhs-anywhere")
    assert kept.answers["weekly"]["tasks"][0]["hours"] == 3


def test_peer_pressure_alone_is_warned_about_at_once(page: Page) -> None:
    page.goto(f"{HERE}drivers/drivers/")
    for driver in ("leadership", "audience", "feedback"):
        page.locator(f'[name="drivers"][value="{driver}"]').uncheck()
    expect(page.get_by_text("Peer pressure is the only driver.")).to_have_count(0)
    page.locator('[name="drivers"][value="peers"]').check()
    expect(page.get_by_text("Peer pressure is the only driver.")).to_be_visible()
    page.locator('[name="drivers"][value="audience"]').check()
    expect(page.get_by_text("Peer pressure is the only driver.")).to_have_count(0)


def test_the_five_smart_tests_follow_the_typing(page: Page) -> None:
    page.goto(f"{HERE}alignment/smart/")
    unfold(page)
    expect(page.get_by_text("All five SMART tests are answered")).to_have_count(3)
    page.locator('[name="smart-0-realistic"]').fill("")
    expect(page.locator("#smart-0").get_by_text("Realistic: not yet")).to_be_visible()


def test_an_added_row_has_the_focus_and_the_page_stays(page: Page) -> None:
    page.goto(f"{HERE}drivers/aims/")
    unfold(page)
    stays(page)
    page.locator('[name="aims-0-achievable_because"]').fill("Typed before a row is added.")
    page.get_by_role("button", name="Add another aim").click()
    expect(page.locator('[name="aims-2-statement"]')).to_be_focused()
    expect(page.locator('[name="aims-0-achievable_because"]')).to_have_value("Typed before a row is added.")
    assert stayed(page)


def test_a_moved_row_keeps_the_focus(page: Page) -> None:
    page.goto(f"{HERE}stakeholders/stakeholders/")
    unfold(page)
    stays(page)
    page.get_by_role("button", name="Move down Stakeholder 1").click()
    expect(page.locator("#stakeholders-1")).to_be_focused()
    expect(page.locator('[name="stakeholders-1-name"]')).to_have_value("Expectant and new parents")
    assert stayed(page)


def test_removing_a_row_that_others_name_asks_first(page: Page) -> None:
    page.goto(f"{HERE}drivers/aims/")
    unfold(page)
    stays(page)
    page.get_by_role("button", name="Remove Aim 1").click()
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Do you want to remove this aim?")
    expect(banner).to_be_focused()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator('[name="aims-1-statement"]')).to_be_visible()
    page.get_by_role("button", name="Remove Aim 1").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator('[name="aims-1-statement"]')).to_have_count(0)
    expect(page.locator('[name="aims-0-statement"]')).to_have_value(re.compile("choose the right urgent care service"))
    assert stayed(page)


def test_a_row_with_an_error_stays_with_what_was_typed(page: Page) -> None:
    page.goto(f"{HERE}resources/weekly/")
    page.locator('[name="tasks-0-hours"]').fill("many")
    page.get_by_role("button", name="Add another task").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    expect(page.locator('[name="tasks-0-hours"]')).to_have_value("many")
    expect(page).to_have_title(
        "Error: What will it take each week? - Autumn 2026 - NHS Anywhere Foundation Trust - Strategy review"
    )


def test_evidence_boxes_open_and_close_with_their_driver(page: Page) -> None:
    page.goto(f"{HERE}drivers/drivers/")
    evidence = page.get_by_label("Who else is there, and why does that matter to you?")
    expect(evidence).to_be_hidden()
    page.locator('[name="drivers"][value="peers"]').check()
    expect(evidence).to_be_visible()
    page.locator('[name="drivers"][value="peers"]').uncheck()
    expect(evidence).to_be_hidden()


def test_evidence_boxes_open_and_close_without_scripts_too(opened: Opened, world: World) -> None:
    page = opened(world.lead, scripts=False).new_page()
    page.goto(f"{HERE}drivers/drivers/")
    evidence = page.get_by_label("Who else is there, and why does that matter to you?")
    expect(evidence).to_be_hidden()
    page.locator('[name="drivers"][value="peers"]').check()
    expect(evidence).to_be_visible()


def test_guidance_folds_on_a_phone_and_stands_open_on_a_laptop(opened: Opened, world: World) -> None:
    world.fill()
    for size, shown in (({"width": 1280, "height": 900}, True), (PHONE, False)):
        page = opened(world.lead, viewport=size).new_page()
        page.goto(f"{HERE}drivers/aims/")
        expect(page.locator(".app-guidance__text")).to_be_visible(visible=shown)
        expect(page.get_by_text("Guidance for this question")).to_be_visible(visible=not shown)
        expect(page.get_by_role("heading", name="Guidance", exact=True)).to_be_visible()
    page.get_by_text("Guidance for this question").click()
    expect(page.locator(".app-guidance__text")).to_be_visible()
    page.get_by_role("button", name="Add another aim").click()
    expect(page.locator('[name="aims-2-statement"]')).to_be_focused()
    expect(page.locator(".app-guidance__text")).to_be_visible()


def said(page: Page) -> Locator:
    """The one voice of the page, for those who listen to it."""
    return page.locator("#said")


def test_what_happened_to_a_row_is_said_once_in_words(page: Page) -> None:
    page.goto(f"{HERE}resources/weekly/")
    count = page.locator(".app-wide__row").count()
    page.get_by_role("button", name="Add another task").click()
    expect(said(page)).to_have_text(f"Task {count + 1} added. There are {count + 1} now.")
    page.get_by_role("button", name="Move down Task 1").click()
    expect(said(page)).to_have_text(f"Task 1 moved down. It is Task 2 of {count} now.")
    page.get_by_role("button", name="Remove Task 2").click()
    expect(said(page)).to_have_text(f"Task 2 removed. {count - 1} left.")


def test_totals_are_quiet_while_somebody_types_and_then_say_what_changed(page: Page) -> None:
    page.goto(f"{HERE}resources/weekly/")
    expect(page.locator("[data-computed][aria-live]")).to_have_count(0)
    page.locator('[name="tasks-0-hours"]').fill("10")
    expect(page.get_by_text("31.5 hours a week", exact=True)).to_be_visible()
    expect(said(page)).to_contain_text("31.5 hours a week")


def test_a_save_by_the_button_is_said_on_the_next_page(page: Page) -> None:
    page.goto(f"{HERE}content/working/")
    page.locator('[name="changes"]').fill("We film on Mondays.")
    page.get_by_role("button", name="Save and continue", exact=True).click()
    expect(said(page)).to_have_text("Your answer is saved.")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_belongs_to_a_choice_is_there_once_that_is_made_with_scripts_and_without(
    opened: Opened, world: World, scripts: bool
) -> None:
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(f"{HERE}content/signoff/")
    steps, live = page.locator("#steps"), page.locator('[name="live"]')
    expect(steps).to_be_hidden()
    page.locator('[name="needed"][value="yes"]').check()
    expect(steps).to_be_visible()
    expect(live).to_be_visible()
    page.locator('[name="needed"][value="no"]').check()
    expect(steps).to_be_hidden()
    expect(live).to_be_hidden()
    expect(page.locator('[name="because"]')).to_be_visible()

    page.goto(f"{HERE}resources/weekly/")
    page.locator('[name="pattern"][value="steady"]').check()
    expect(page.locator('[name="peak_weeks"]')).to_be_hidden()
    page.locator('[name="pattern"][value="spike"]').check()
    expect(page.locator('[name="peak_weeks"]')).to_be_visible()
