"""Leaving a page of the administration: nothing saves itself there, so the browser asks first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Opened
from tests.world import World
from worksheets.models import Guidance

pytestmark = pytest.mark.browser


@pytest.fixture
def page(opened: Opened, world: World) -> Page:
    page = opened(world.admin).new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.on("dialog", lambda dialog: answered(page, dialog))
    page.goto("/admin/worksheets/guidance/")
    page.locator("#result_list tbody th a").first.click()
    return page


def answered(page: Page, dialog: Dialog) -> None:
    """The browser asks whether to leave: note it, and leave."""
    page.asked.append(dialog.type)  # type: ignore[attr-defined]
    dialog.accept()


def leave(page: Page) -> list[str]:
    """Follow a link, and say what the browser asked."""
    page.get_by_role("link", name="Home").first.click()
    page.wait_for_url("**/admin/")
    return page.asked  # type: ignore[attr-defined, no-any-return]


def test_the_browser_asks_before_a_text_is_lost(page: Page) -> None:
    page.locator("#content-main textarea").first.press_sequentially("New guidance. ")
    assert leave(page) == ["beforeunload"]


def test_a_text_that_was_only_looked_at_is_not_saved_yet(page: Page) -> None:
    page.locator("#content-main textarea").first.press_sequentially("New guidance. ")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview, not saved yet")).to_be_visible()
    assert page.asked == []  # type: ignore[attr-defined]
    assert leave(page) == ["beforeunload"]


def test_a_page_that_was_saved_or_not_touched_never_asks(page: Page) -> None:
    at = page.url
    assert leave(page) == []
    page.goto(at)
    page.locator("#content-main textarea").first.press_sequentially("New guidance. ")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/guidance/")
    assert leave(page) == []
    assert Guidance.objects.filter(text__startswith="New guidance.").exists()
