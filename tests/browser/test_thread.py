"""The golden thread lights up: whoever comes to an item sees all that it is tied to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.world import SAMPLE_FILE, World
from worksheets import interchange

pytestmark = pytest.mark.browser


def test_an_item_with_the_focus_lights_up_what_it_is_tied_to(opened: Opened, world: World) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    page = opened(world.lead).new_page()
    page.goto("/o/nhs-anywhere/reviews/autumn-2026/pictures/")
    expect(page.get_by_text("Point at an item, or move to it with the Tab key")).to_be_visible()
    drawing = page.locator("svg.app-golden:visible")
    lit = drawing.locator(".app-golden__item.is-lit")
    aim = drawing.locator('[data-item="aim-aim-maternity"]')
    tied = {"aim-aim-maternity", *(aim.get_attribute("data-ties") or "").split()}
    assert {"objective-obj-maternity"} < tied
    expect(lit).to_have_count(0)
    aim.focus()
    assert set(lit.evaluate_all("(items) => items.map((item) => item.dataset.item)")) == tied
    expect(drawing.locator('.app-golden__tie.is-lit[data-from="aim-aim-maternity"]').first).to_be_visible()
    page.keyboard.press("Shift+Tab")
    assert aim.evaluate("(item) => item !== document.activeElement")
    aim.evaluate("(item) => document.activeElement.blur()")
    expect(lit).to_have_count(0)
    aim.hover()
    expect(lit).to_have_count(len(tied))
