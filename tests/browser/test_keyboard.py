"""Everything can be done with the keyboard alone, and it is always seen where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.world import World
from worksheets.models import Worksheet

pytestmark = pytest.mark.browser

HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
# Where the focus is, and whether it is seen: an outline, a shadow or a background that is not there otherwise.
FOCUSED = """() => {
  const part = document.activeElement;
  if (part === document.body) return null;
  const look = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.backgroundColor, style.borderColor, style.textDecoration].join();
  };
  const near = [part, part.firstElementChild, part.nextElementSibling, part.parentElement].filter(Boolean);
  const box = part.getBoundingClientRect();
  const seen = near.map(look).join(";");
  part.blur();
  const before = near.map(look).join(";");
  part.focus({preventScroll: true});
  return {
    name: part.name || part.id || part.textContent.trim().slice(0, 60),
    visible: seen !== before,
    on: box.bottom > 0 && box.top < innerHeight,
    x: box.left,
    y: box.top + scrollY,
  };
}"""


@pytest.fixture
def page(opened: Opened, world: World) -> Page:
    world.fill()
    return opened(world.lead).new_page()


def stops(page: Page, most: int = 200) -> list[dict[str, object]]:
    """Every place at which Tab stops, from the top of the page to its end."""
    found: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop in found[:1]:
            break
        found.append(stop)
    return found


@pytest.mark.parametrize(
    "address", ["", "drivers/", "drivers/drivers/", "drivers/aims/", "resources/weekly/", "stakeholders/presence/"]
)
def test_tab_goes_through_a_page_in_its_order_and_is_always_seen(address: str, page: Page) -> None:
    page.goto(HERE + address)
    found = stops(page)
    assert len(found) > 10
    assert [stop["name"] for stop in found if not stop["visible"]] == []
    assert [stop["name"] for stop in found if not stop["on"]] == []
    assert found[0]["name"] == "Skip to main content"


def test_the_skip_link_leads_to_the_main_part(page: Page) -> None:
    page.goto(f"{HERE}drivers/aims/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('maincontent').contains(document.activeElement)")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_errors_are_told_first_and_lead_to_their_fields(scripts: bool, opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(f"{HERE}alignment/smart/")
    for number in (1, 2):
        page.locator(f"#smart-{number} > summary").click()
    page.locator('[name="smart-1-due-month"]').fill("14")
    page.locator('[name="smart-2-measure"]').fill("x" * 2001)
    page.get_by_role("button", name="Save and continue", exact=True).click()
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_visible()
    expect(page).to_have_title(
        "Error: What are your SMART objectives for social media? - Autumn 2026 - NHS Anywhere Foundation Trust - "
        "Strategy review"
    )
    if scripts:
        expect(summary).to_be_focused()
    for words, field in (
        ("SMART objective 2, due: Enter the month as a number", "smart-1-due-month"),
        ("SMART objective 3, measure: Shorten this", "smart-2-measure"),
    ):
        link = summary.get_by_role("link", name=words)
        target = str(link.get_attribute("href"))
        expect(page.locator(target)).to_have_attribute("name", field)
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f'[name="{field}"]')).to_be_focused()


def test_missing_answers_lead_to_their_fields_on_the_question_page(page: Page, world: World) -> None:
    Worksheet.objects.filter(cycle=world.cycle, stage="evaluation").update(
        answers={"measures": {"measures": [{"id": "m-one", "what": "Answers"}]}}
    )
    page.goto(f"{HERE}evaluation/")
    page.get_by_role("button", name="Complete this worksheet").click()
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    addresses = [str(link.get_attribute("href")) for link in summary.get_by_role("link").all()]
    assert len(addresses) > 4
    for address in addresses:
        page.goto(address)
        expect(page.locator("#" + address.split("#")[1])).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_enter_in_a_box_saves_and_goes_on(scripts: bool, opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(f"{HERE}resources/setup/")
    box = page.locator('[name="tasks-0-hours"]')
    box.fill("7.5")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What will it take each week?")
    tasks = Worksheet.objects.get(cycle=world.cycle, stage="resources").answers["setup"]["tasks"]
    assert (len(tasks), tasks[0]["hours"]) == (5, 7.5)


def test_rows_are_added_moved_and_removed_with_the_keyboard(page: Page) -> None:
    page.goto(f"{HERE}resources/stopping/")
    page.get_by_role("button", name="Add another piece of work").focus()
    page.keyboard.press("Enter")
    expect(page.locator('[name="work-2-work"]')).to_be_focused()
    page.keyboard.type("Copying charts by hand")
    page.get_by_role("button", name="Move up Piece of work 3").focus()
    page.keyboard.press("Space")
    expect(page.locator('[name="work-1-work"]')).to_have_value("Copying charts by hand")
    page.get_by_role("button", name="Remove Piece of work 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator('[name="work-1-work"]')).to_have_value("Weekly press cuttings by hand")
