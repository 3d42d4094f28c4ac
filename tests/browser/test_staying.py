"""The warning before a session ends: it takes no focus, can put the end off, and knows of other windows."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Opened
from tests.world import World

pytestmark = pytest.mark.browser

WORKING = "/o/nhs-anywhere/reviews/autumn-2026/content/working/"


@pytest.fixture
def window(opened: Opened, world: World) -> BrowserContext:
    """A window of Lena's, whose session ends in 11 minutes."""
    window = opened(world.lead)
    (kept,) = Session.objects.all()
    data = kept.get_decoded() | {"ends": int(time.time()) + 660}
    kept.session_data = type(kept).get_session_store_class()().encode(data)
    kept.save()
    return window


@pytest.fixture
def page(window: BrowserContext) -> Page:
    page = window.new_page()
    page.clock.install()
    page.goto(WORKING)
    return page


def warning(page: Page) -> Any:
    return page.get_by_role("alert", name="Your time here")


def test_ten_minutes_before_the_end_it_is_said_and_can_be_put_off(page: Page) -> None:
    page.locator('[name="changes"]').focus()
    expect(warning(page)).to_have_count(0)
    page.clock.run_for(80_000)
    expect(warning(page)).to_contain_text(re.compile(r"You will be signed out at \d\d:\d\d"))
    expect(page.locator('[name="changes"]')).to_be_focused()
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning(page)).to_have_count(0)
    expect(page.locator("#said")).to_have_text(re.compile(r"You stay signed in until \d\d:\d\d."))
    page.clock.run_for(60 * 60_000)
    expect(warning(page)).to_have_count(0)


def test_what_one_window_puts_off_is_put_off_in_the_others(page: Page, window: BrowserContext) -> None:
    other = window.new_page()
    other.goto(WORKING)
    page.clock.run_for(80_000)
    expect(warning(page)).to_be_visible()
    other.evaluate("""async () => {
        const channel = new BroadcastChannel("staying");
        const person = document.getElementById("staying").dataset.person;
        channel.postMessage({ person, ends: Date.now() + 10 * 3600 * 1000 });
    }""")
    expect(warning(page)).to_have_count(0)


def test_when_it_has_ended_the_page_says_so_and_leads_to_the_door(page: Page) -> None:
    page.clock.run_for(11 * 60_000 + 20_000)
    over = page.get_by_role("alert", name="Signed out")
    expect(over).to_contain_text("You have been signed out")
    link = over.get_by_role("link", name="Sign in and open this page again")
    assert link.get_attribute("href").startswith("/accounts/login/?next=")


def test_without_scripts_the_page_says_it_itself(opened: Opened, world: World) -> None:
    window = opened(world.lead, scripts=False)
    (kept,) = Session.objects.all()
    data = kept.get_decoded() | {"ends": int(time.time()) + 290}
    kept.session_data = type(kept).get_session_store_class()().encode(data)
    kept.save()
    page = window.new_page()
    page.goto(WORKING)
    page.get_by_role("button", name="Stay signed in").click()
    page.wait_for_url(f"**{WORKING}")
    expect(warning(page)).to_have_count(0)
