"""Pages printed from the browser: all that stands in their boxes is on paper."""

from __future__ import annotations

import subprocess

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opened
from tests.world import World, sample
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
LINES = [f"line {number} of fourteen" for number in range(1, 15)]


def printed(page: Page) -> str:
    """What stands on the paper that the browser prints of a page."""
    made = subprocess.run(["pdftotext", "-", "-"], input=page.pdf(format="A4"), capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_every_line_of_a_box_is_on_paper(scripts: bool, opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead, scripts=scripts).new_page()
    page.goto(f"{HERE}drivers/aims/")
    page.locator("#aims-0 > summary").click()
    page.locator("textarea").first.fill("\n".join(LINES))
    said = printed(page)
    assert [line for line in LINES if line not in said] == []
    # On the screen everything is as it was.
    assert page.locator("textarea").first.input_value() == "\n".join(LINES)
    assert page.locator("textarea").first.is_visible()
    assert page.locator(".app-written").count() == 0


def test_a_long_text_in_a_box_of_one_line_is_on_paper(opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead).new_page()
    page.goto(f"{HERE}stakeholders/stakeholders/")
    words = "parents of children with long-term conditions, and those who care for them at home and at school, " * 3
    page.locator("#stakeholders-0 > summary").click()
    page.locator('[name="stakeholders-0-name"]').fill(words)
    said = printed(page)
    assert said.count("those who care for them") == 3


def test_a_printed_hub_says_no_addresses_of_its_own_pages(opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead).new_page()
    page.goto(HERE)
    said = printed(page)
    assert "1. Drivers and aims" in said
    assert "/o/nhs-anywhere" not in said


def test_rows_that_are_folded_are_on_paper(opened: Opened, world: World) -> None:
    world.fill()
    page = opened(world.lead, scripts=False).new_page()
    page.goto(f"{HERE}stakeholders/stakeholders/")
    said = printed(page)
    assert "Who are they?" in said
    page.goto(f"{HERE}resources/weekly/")
    said = printed(page)
    for task in sample()["worksheets"]["resources"]["weekly"]["tasks"]:
        assert task["task"].split()[0] in said


def test_blank_worksheets_begin_a_new_page_with_each_stage_and_nothing_else_is_on_them(
    opened: Opened, world: World
) -> None:
    page = opened(world.lead).new_page()
    page.goto("/guidance/worksheets/")
    paper = page.pdf(prefer_css_page_size=True)
    made = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    sheets = [" ".join(sheet.split()) for sheet in made.split("\f") if sheet.strip()]
    first = [n for n, sheet in enumerate(sheets) if sheet.startswith("Social media strategy, stage")]
    assert [sheets[n].split(":")[0][:40] for n in first] == [
        f"Social media strategy, stage {stage.number} of 6 {stage.title}"[:40] for stage in STRATEGY.stages
    ]
    # A stage has a page of its own where it fits, as the first two and the last do.
    assert first[:3] == [0, 1, 2]
    assert first[-1] == len(sheets) - 1
    for screen in ("Print these for a workshop", "Sign out", "Guidance", "Accessibility statement"):
        assert screen not in made
