"""Folding rows in a browser: by mouse and keyboard, with scripts and without, on a wide screen and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import PASTE
from tests.browser.conftest import PHONE, Opened
from tests.world import World, sample

pytestmark = pytest.mark.browser


def question(world: World, place: str) -> str:
    return f"/o/nhs-anywhere/reviews/{world.cycle.slug}/{place}/"


def fill(world: World) -> None:
    world.fill(**sample()["worksheets"])


def opened_rows(page: Page, table: str) -> int:
    return page.locator(f"#{table} > details[open]").count()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_row_opens_and_folds_by_keyboard(scripts: bool, opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(question(world, "stakeholders/stakeholders"))
    expect(page.get_by_label("Who are they?").first).to_be_hidden()
    page.locator("#stakeholders-1 > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stakeholders-1").get_by_label("Who are they?")).to_have_value("Carers of older people")
    page.keyboard.press("Tab")
    expect(page.locator("#stakeholders-1-name")).to_be_focused()
    page.locator("#stakeholders-1 > summary").press("Enter")
    expect(page.locator("#stakeholders-1-name")).to_be_hidden()


def test_all_rows_open_and_fold_at_once_and_what_is_open_stays_so(opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead).new_page()
    page.goto(question(world, "stakeholders/stakeholders"))
    assert opened_rows(page, "stakeholders") == 0
    page.get_by_role("button", name="Open all").click()
    assert opened_rows(page, "stakeholders") == 5
    page.get_by_role("button", name="Fold all").click()
    assert opened_rows(page, "stakeholders") == 0

    page.locator("#stakeholders-0 > summary").click()
    page.locator("#stakeholders-4 > summary").click()
    page.get_by_role("button", name="Remove Stakeholder 5").click()
    # Others name it, so it is asked first: the page is exchanged, and both rows are as open as they were.
    expect(page.get_by_text("Do you want to remove this stakeholder?")).to_be_visible()
    assert opened_rows(page, "stakeholders") == 2


def test_a_copy_is_open_and_has_the_focus(opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead).new_page()
    page.goto(question(world, "alignment/objectives"))
    page.locator("#objectives-0 > summary").click()
    page.get_by_role("button", name="Copy Objective 1").click()
    expect(page.locator("#objectives-3")).to_be_visible()
    expect(page.locator("#objectives-1-statement")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Objective 1 copied. There are 4 now.")
    words = page.locator("#objectives-0-statement").input_value()
    expect(page.locator("#objectives-1-statement")).to_have_value(words)


def test_the_line_of_a_row_says_what_stands_in_it_by_now(opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead).new_page()
    page.goto(question(world, "stakeholders/stakeholders"))
    page.locator("#stakeholders-1 > summary").click()
    page.locator("#stakeholders-1-name").fill("Unpaid carers")
    line = page.locator("#stakeholders-1 > summary .app-fold__line")
    expect(line).to_contain_text("Unpaid carers")
    page.locator("#stakeholders-1-name").fill("")
    expect(line).to_contain_text("1 answer missing")


def test_a_link_to_a_field_opens_its_row(opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead).new_page()
    page.goto(f"{question(world, 'stakeholders/platforms')}#platforms-3-owner")
    expect(page.locator("#platforms-3-owner")).to_be_focused()
    assert opened_rows(page, "platforms") == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_short_values_are_a_table_and_fold_on_a_phone(scripts: bool, opened: Opened, world: World) -> None:
    fill(world)
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(question(world, "resources/weekly"))
    expect(page.locator("#tasks-5-task")).to_be_visible()
    expect(page.locator(".app-wide__fold").first).to_be_hidden()

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.locator("#tasks-5-task")).to_be_hidden()
    page.locator("#tasks-5 summary").click()
    expect(page.locator("#tasks-5-task")).to_be_visible()
    expect(page.locator("#tasks-4-task")).to_be_hidden()
    # What is folded away is saved with the rest.
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_load_state()
    page.goto(question(world, "resources/weekly"))
    expect(page.locator("#tasks-4-task")).to_have_value(
        sample()["worksheets"]["resources"]["weekly"]["tasks"][4]["task"]
    )


def test_cells_are_offered_as_rows_and_may_stay_in_their_box(opened: Opened, world: World) -> None:
    page = opened(world.lead).new_page()
    page.goto(question(world, "resources/weekly"))
    box = page.locator("#tasks-0-task")
    box.evaluate(PASTE, "Watch\tMonitor\t2\nAnswer\tRespond\t3\nTidy\tHousework\t1\n")
    expect(page.locator(".app-pasted p")).to_have_text("That looks like 3 rows of a spreadsheet.")
    page.get_by_role("button", name="Leave it in the box").click()
    expect(page.locator(".app-pasted")).to_have_count(0)
    expect(box).to_be_focused()

    box.evaluate(PASTE, "Watch\tMonitor\t2\nAnswer\tRespond\t3\nTidy\tHousework\t1\n")
    page.get_by_role("button", name="Add 3 rows").click()
    expect(page.locator("#tasks-2-task")).to_have_value("Tidy")
    expect(page.locator("#tasks-1-kind")).to_have_value("respond")
    expect(page.get_by_text("Left out, as the table has no place for it: “Housework”.")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Rows added. There are 3 now.")

    # Prose that is pasted into a box with room for it is only prose.
    page.goto(question(world, "drivers/aims"))
    page.locator("#aims-0-achievable_because").evaluate(PASTE, "One reason.\nAnother reason.")
    expect(page.locator(".app-pasted")).to_have_count(0)


def test_the_limit_of_a_text_is_told_as_one_nears_it(opened: Opened, world: World) -> None:
    page = opened(world.lead).new_page()
    page.goto(question(world, "content/working"))
    box = page.get_by_label("What will you do differently?")
    expect(page.get_by_text("Up to 2,000 characters").first).to_have_class(re.compile("visually-hidden"))
    box.fill("We film. " * 100)
    expect(page.get_by_text(re.compile("characters remaining")).first).to_be_hidden()
    box.fill("We film. " * 200)
    expect(page.get_by_text("You have 200 characters remaining").first).to_be_visible()

    plain = opened(world.lead, scripts=False).new_page()
    plain.goto(question(world, "content/working"))
    expect(plain.get_by_text("Up to 2,000 characters").first).to_be_visible()


def test_a_platform_can_be_ticked_before_anything_is_said_about_where_they_are(opened: Opened, world: World) -> None:
    world.fill(stakeholders={"stakeholders": sample()["worksheets"]["stakeholders"]["stakeholders"]})
    page = opened(world.lead, scripts=False).new_page()
    page.goto(question(world, "stakeholders/presence"))
    row = page.locator("#presence-0")
    expect(row.get_by_label("Facebook", exact=True)).to_be_visible()
    row.get_by_label("They use none of these").check()
    expect(row.get_by_label("Facebook", exact=True)).to_be_hidden()
    row.get_by_label("They use some of these platforms").check()
    row.get_by_label("Facebook", exact=True).check()
    expect(row.get_by_label("How often do they use Facebook?")).to_be_visible()
