"""How many clicks a review takes: a first one from its start to the last worksheet, and the ways around in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.answering import Answering
from tests.browser.conftest import Opened
from tests.browser.test_walk import plain
from tests.world import World, sample
from worksheets.models import Worksheet
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser

# With everything typed and ticked by hand, and with the tables pasted that teams have in spreadsheets already.
BY_HAND = 245
WITH_TABLES = 150
SPREADSHEETS = {"stakeholders", "presence", "platforms", "setup", "weekly", "success", "plan"}
# A list is chosen from by a click as well, though a browser says so only by what was chosen.
COUNT = """() => {
  const more = () => sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + 1);
  addEventListener("click", (event) => { if (event.isTrusted && event.detail) more(); }, true);
  addEventListener("change", (event) => { if (event.target.matches("select")) more(); }, true);
}"""


def counting(context: BrowserContext) -> Page:
    """A page that counts every click in it: on buttons and links, on boxes to tick, and in lists to choose from."""
    context.add_init_script(f"({COUNT})()")
    return context.new_page()


def clicks(page: Page) -> int:
    return int(page.evaluate("sessionStorage.getItem('clicks') || 0"))


@pytest.mark.parametrize(
    ("pasted", "most"), [(set(), BY_HAND), (SPREADSHEETS, WITH_TABLES)], ids=["by hand", "with tables pasted"]
)
def test_a_whole_first_review(
    pasted: set[str], most: int, opened: Opened, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    page = counting(opened(world.lead))
    team = Answering(page, sample()["worksheets"], pasted=pasted)
    page.goto(f"/o/nhs-anywhere/reviews/{world.cycle.slug}/")
    page.get_by_role("button", name="Start: question 1").click()
    with capsys.disabled():
        for stage in STRATEGY.stages:
            for question in stage.questions:
                before = clicks(page)
                expect(page.get_by_role("heading", level=1)).to_have_text(question.title)
                begin = page.get_by_role("button", name="Begin one from each")
                if begin.count():
                    begin.click()
                    begin.wait_for(state="detached")
                team.fill(question)
                team.press("Save and continue")
                page.wait_for_load_state()
                print(f"\n{question.key:14} {clicks(page) - before:3} clicks", end="")
            team.press("Complete this worksheet")
            if stage.number < len(STRATEGY.stages):
                page.get_by_role("button", name="Continue: question").click()
        expect(page.get_by_text("All six worksheets are complete.")).to_be_visible()
        print(f"\nA first review {clicks(page):3} clicks")
    assert clicks(page) <= most
    kept = {sheet.stage: sheet.answers for sheet in Worksheet.objects.filter(cycle=world.cycle)}
    assert plain(kept) == plain(sample()["worksheets"])


def way(page: Page, *presses: str) -> int:
    """Press buttons and links by their words, one after the other; how many clicks that took."""
    before = clicks(page)
    for words in presses:
        page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words)).first.click()
        page.wait_for_load_state()
    return clicks(page) - before


def test_the_ways_around_a_review_are_short(opened: Opened, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    worksheets = sample()["worksheets"]
    worksheets["stakeholders"]["platforms"]["platforms"][0].pop("owner")
    del worksheets["content"]["plan"]
    world.fill(**worksheets)
    page = counting(opened(world.lead))

    page.goto("/")
    asked = way(page, "Continue: question 17, Content plan")
    expect(page.get_by_role("heading", level=1)).to_have_text("What will you publish?")

    hub = f"/o/nhs-anywhere/reviews/{world.cycle.slug}/"
    ways = set()
    for question in STRATEGY.questions:
        page.goto(hub)
        ways.add(way(page, f"question {question.number}. {question.short}"))
        expect(page.get_by_role("heading", level=1)).to_have_text(question.title)

    page.goto(f"{hub}points/")
    point = page.locator(".app-points > li", has_text="Nobody is named who looks after")
    before = clicks(page)
    point.get_by_role("link", name="question 7, owner").click()
    page.locator("#platforms-0-owner").fill("Digital officer")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("That point is mended")).to_be_visible()
    mended = clicks(page) - before

    with capsys.disabled():
        print(
            f"\nFrom signing in to the next open question {asked}, from the hub to any question {max(ways)},", end=" "
        )
        print(f"from a point to the mended answer and back {mended}", end="")
    assert (asked, ways) == (1, {1})
    assert mended <= 3
