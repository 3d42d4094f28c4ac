"""Two people answer one question at the same time, each in a window of their own: nothing is overwritten unseen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opened
from tests.world import World
from worksheets.models import Worksheet

pytestmark = pytest.mark.browser

WORKING = "/o/nhs-anywhere/reviews/autumn-2026/content/working/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_both_texts_are_shown_and_each_side_can_be_kept(scripts: bool, opened: Opened, world: World) -> None:
    world.fill()
    mine = opened(world.lead, scripts=scripts).new_page()
    theirs = opened(world.contributor, scripts=scripts).new_page()
    for page in (mine, theirs):
        page.goto(WORKING)

    theirs.locator('[name="changes"]').fill("We film on Mondays.")
    theirs.locator('[name="reuse"]').fill("Old films.")
    theirs.get_by_role("button", name="Save and continue", exact=True).click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text(
        "Can you produce video and the supporting content you need?"
    )

    mine.locator('[name="changes"]').fill("We film on Fridays.")
    mine.locator('[name="reuse"]').fill("Old charts.")
    mine.get_by_role("button", name="Save and continue", exact=True).click()
    expect(mine.get_by_role("heading", level=1)).to_have_text(
        "Colin Contributor saved this question while you were writing"
    )
    expect(mine).to_have_title(re.compile("^Not saved yet: "))
    expect(mine.get_by_role("alert")).to_be_focused()
    for text in ("We film on Mondays.", "We film on Fridays.", "Old films.", "Old charts."):
        expect(mine.get_by_text(text, exact=True)).to_be_visible()
    choices = mine.get_by_role("group", name=re.compile("^Which one do you want: "))
    expect(choices).to_have_count(2)
    choices.nth(0).get_by_label("Keep theirs").check()
    choices.nth(1).get_by_label("Keep mine").check()
    mine.get_by_role("button", name="Save what I chose").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text(
        "Can you produce video and the supporting content you need?"
    )

    kept = Worksheet.objects.get(cycle=world.cycle, stage="content").answers["working"]
    assert (kept["changes"], kept["reuse"]) == ("We film on Mondays.", "Old charts.")


def test_a_conflict_can_be_edited_before_it_is_saved(opened: Opened, world: World) -> None:
    world.fill()
    mine = opened(world.lead).new_page()
    theirs = opened(world.contributor).new_page()
    for page, words in ((mine, "We film on Fridays."), (theirs, "We film on Mondays.")):
        page.goto(WORKING)
        page.locator('[name="changes"]').fill(words)
    for page in (theirs, mine):
        page.get_by_role("button", name="Save and continue", exact=True).click()
        page.get_by_role("heading", level=1).filter(has_not_text="How could you change").wait_for()
    mine.get_by_label("Keep theirs").check()
    mine.get_by_role("button", name="Edit it before saving").click()
    changes = mine.locator('[name="changes"]')
    expect(changes).to_have_value("We film on Mondays.")
    changes.fill("We film on Mondays and Fridays.")
    mine.get_by_role("button", name="Save and continue", exact=True).click()
    mine.get_by_role("heading", name="Can you produce video").wait_for()
    kept = Worksheet.objects.get(cycle=world.cycle, stage="content").answers["working"]
    assert kept["changes"] == "We film on Mondays and Fridays."
