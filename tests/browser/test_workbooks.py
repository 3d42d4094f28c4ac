"""Each of the other workbooks, walked from the start page to its side of A4, on a laptop and on a phone."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

import page as validator
import pikepdf
import pytest
from docx import Document as WordFile
from playwright.sync_api import Frame, Page, expect

from tests.browser.answering import Answering
from tests.browser.conftest import PHONE, WIDE, Opened
from tests.browser.measuring import Measured, measure
from tests.browser.runs import OTHERS, sample_of, started, works_on
from tests.browser.test_clicks import clicks, counting
from tests.browser.test_lengths import FULLEST, LONGEST
from tests.browser.test_walk import plain
from tests.tagged import said
from tests.world import World, sample
from worksheets.models import Worksheet
from worksheets.words import capital
from worksheets.workbook import Stage, Workbook
from worksheets.workbooks.channels import CHANNELS
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.policy_facts import POLICY_FACTS
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION

pytestmark = pytest.mark.browser

# How many clicks and pages each takes from the start page to its side of A4, with everything typed and ticked by hand.
MOST = {
    QUICK_CHECK.key: (60, 20),
    ENGAGEMENT.key: (60, 24),
    CHANNELS.key: (70, 22),
    REFLECTION.key: (50, 26),
    POLICY_FACTS.key: (40, 18),
}
# The habits are thirteen questions with four answers each, and a tap for each: as many radios as no other page has.
RADIOS = {"habits": 52}
# How fast somebody types who thinks while they do, and how long a click and a page take.
LETTERS_A_MINUTE, SECONDS_A_CLICK, SECONDS_A_PAGE = 200, 2, 5
WIDTHS = pytest.mark.parametrize("width", [WIDE, PHONE], ids=["1280", "375"])


@dataclass
class Walk:
    """Somebody who begins a workbook on the start page, and answers it as its sample does."""

    page: Page
    workbook: Workbook
    pages: int = 0
    team: Answering = field(init=False)

    def __post_init__(self) -> None:
        self.sample = sample_of(self.workbook)
        self.team = Answering(self.page, self.sample["worksheets"], workbook=self.workbook)
        self.page.on("framenavigated", self.turned)

    def turned(self, frame: Frame) -> None:
        """Count a page."""
        if frame == self.page.main_frame and frame.url.startswith("http"):
            self.pages += 1

    @property
    def heading(self) -> Any:
        return self.page.get_by_role("heading", level=1)

    @property
    def name(self) -> str:
        return str(self.sample["cycle"]["name"])

    def start(self) -> None:
        """From the start page to the hub of a new one."""
        page = self.page
        page.goto("/")
        expect(self.heading).to_have_text("What do you want to do?")
        page.get_by_role("link", name=self.workbook.invites).click()
        expect(self.heading).to_have_text(self.workbook.heading)
        page.get_by_role("button", name=f"Start your first {self.workbook.noun}").click()
        page.get_by_label(self.workbook.name_label, exact=True).fill(self.name)
        for part in ("starts", "ends"):
            for place, number in zip(("year", "month", "day"), self.sample["cycle"][part].split("-"), strict=True):
                page.locator(f'[name="{part}-{place}"]').fill(str(int(number)))
        page.get_by_role("button", name=f"Start the {self.workbook.noun}").click()
        expect(self.heading).to_have_text(self.name)
        expect(page.get_by_text(re.compile(r"^0 of \d+ questions answered\."))).to_be_visible()

    def answer(self, stages: tuple[Stage, ...]) -> None:
        """Answer the questions of these stages one after the other, and complete their worksheets."""
        page = self.page
        for stage in stages:
            begin = "Continue" if stage.number > 1 else "Start"
            page.get_by_role("button", name=re.compile(f"^{begin}: question {stage.questions[0].number},")).click()
            for question in stage.questions:
                expect(self.heading).to_have_text(question.title)
                self.begin_rows()
                self.team.fill(question)
                self.leave_out(question.key)
                self.team.press("Save and continue")
            expect(self.heading).to_have_text("Check your answers")
            expect(page.get_by_text("Not finished yet")).to_have_count(0)
            self.team.press("Complete this worksheet")
            expect(self.heading).to_have_text(self.name)

    def begin_rows(self) -> None:
        """Take the rows that the page has drafted, where it offers some."""
        begin = self.page.get_by_role("button", name="Begin one from each")
        if begin.count():
            begin.click()
            begin.wait_for(state="detached")

    def leave_out(self, question: str) -> None:
        """Empty what was drafted and the sample does without: an action that is left as it is."""
        if question == "actions":
            for number, row in enumerate(self.sample["worksheets"]["changes"]["actions"]["actions"]):
                if "what" not in row:
                    self.page.locator(f"#actions-{number}-what").fill("")

    def kept(self) -> dict[str, Any]:
        """What is stored in the end."""
        sheets = Worksheet.objects.filter(cycle__workbook=self.workbook.key, cycle__name=self.name)
        return {sheet.stage: sheet.answers for sheet in sheets}

    def read_the_page(self) -> None:
        """The page that comes out: on screen, on one side of A4, and as a Word file."""
        page, summary = self.page, self.workbook.summary
        on_the_hub = page.get_by_role("link", name=f"{capital(summary)} as a PDF").get_attribute("href")
        page.get_by_role("link", name=f"Read the {summary}").click()
        expect(self.heading).to_have_text(self.workbook.title)
        expect(page.get_by_text("Not answered yet")).to_have_count(0)
        one_side(pdf := self.downloaded("Download the PDF"), self.workbook.title)
        assert page.request.get(on_the_hub or "").body() == pdf
        assert self.name in in_word(self.downloaded("Word file to edit"))

    def downloaded(self, words: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=words, exact=True).click()
        return download.value.path().read_bytes()

    def has_nothing_to_resolve(self) -> None:
        self.page.goto(re.sub(r"(/o/[^/]+/[^/]+/[^/]+/).*", r"\1points/", self.page.url))
        expect(self.page.get_by_text("There is nothing to resolve")).to_be_visible()


def one_side(pdf: bytes, title: str) -> None:
    """One page, tagged as the summary of a review is: a checker of PDF/UA has nothing to say, and its title is read."""
    assert [failure.message for failure in validator.validate_pdf_bytes(pdf).failures] == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
        assert [round(float(side)) for side in opened.pages[0].MediaBox] == [0, 0, 595, 842]
        assert opened.Root.Lang == "en-GB"
        assert opened.Root.MarkInfo.Marked
        read = [*said(opened)]
    assert title in [one.text for one in read if one.kind == "H1"], read
    assert "H2" in {one.kind for one in read}


def in_word(file: bytes) -> str:
    """All that a Word file says."""
    made = WordFile(io.BytesIO(file))
    cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in made.paragraphs), *cells))


def letters(value: Any) -> int:
    """How many letters somebody types who gives these answers; what is chosen from lists counts as well, a little."""
    match value:
        case dict():
            return sum(letters(part) for name, part in value.items() if name != "id")
        case list():
            return sum(map(letters, value))
    return len(str(value))


@WIDTHS
@pytest.mark.parametrize("workbook", OTHERS, ids=lambda workbook: workbook.key)
def test_it_is_walked_from_the_start_page_to_its_side_of_a4(
    workbook: Workbook, width: Any, opened: Opened, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    # A reflection offers the aims of the last review.
    world.fill(drivers=sample()["worksheets"]["drivers"])
    walk = Walk(counting(opened(works_on(workbook, world), viewport=width)), workbook)

    walk.start()
    walk.answer(workbook.before_decision)
    expect(walk.page.get_by_text(re.compile(r"(worksheets are|worksheet is) complete\.$"))).to_be_visible()
    walk.read_the_page()

    wanted = {stage.key: walk.sample["worksheets"][stage.key] for stage in workbook.before_decision}
    taken, turned = clicks(walk.page), walk.pages
    minutes = letters(wanted) / LETTERS_A_MINUTE + (taken * SECONDS_A_CLICK + turned * SECONDS_A_PAGE) / 60
    with capsys.disabled():
        print(
            f"\n{workbook.noun:16} {taken:4} clicks {turned:3} pages {minutes:5.1f} of {workbook.minutes} min", end=""
        )
    assert plain({stage: answers for stage, answers in walk.kept().items() if stage in wanted}) == plain(wanted)
    walk.has_nothing_to_resolve()
    assert taken <= MOST[workbook.key][0]
    assert turned <= MOST[workbook.key][1]
    assert minutes <= workbook.minutes


def test_it_is_walked_without_scripts(opened: Opened, world: World) -> None:
    walk = Walk(opened(world.lead, scripts=False).new_page(), CHANNELS)
    walk.start()
    walk.answer(CHANNELS.stages)
    walk.read_the_page()
    assert plain(walk.kept()) == plain(walk.sample["worksheets"])
    walk.has_nothing_to_resolve()


@WIDTHS
def test_an_engagement_plan_is_signed_off_and_later_says_what_was_heard(
    width: Any, opened: Opened, world: World
) -> None:
    answers = sample_of(ENGAGEMENT)["worksheets"]
    heard = answers.pop("close")
    cycle = started(ENGAGEMENT, world, answers, complete=True)
    page, manager = (opened(user, viewport=width).new_page() for user in (world.lead, world.manager))

    page.goto("/")
    page.get_by_role("link", name=cycle.name, exact=True).click()
    page.get_by_role("button", name="Submit for sign-off").click()
    page.get_by_role("button", name="Submit for sign-off").click()
    expect(page.get_by_text("This engagement plan waits for sign-off.")).to_be_visible()

    manager.goto("/")
    manager.get_by_role("link", name=cycle.name).first.click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Sign off or send back")
    manager.get_by_role("button", name="Sign off this engagement plan").click()
    expect(manager.get_by_text("is signed off").first).to_be_visible()

    page.goto("/")
    walk = Walk(page, ENGAGEMENT)
    page.get_by_role("link", name=cycle.name, exact=True).click()
    walk.answer((ENGAGEMENT.stage["close"],))
    assert plain(walk.kept()) == plain({**answers, "close": heard})
    walk.has_nothing_to_resolve()
    page.get_by_role("link", name=cycle.name).click()
    read_you_said(walk)


def read_you_said(walk: Walk) -> None:
    """The page for those who answered: on screen, on one side of A4, as a Word file, and as HTML to copy."""
    page = walk.page
    said, did = (walk.sample["worksheets"]["close"]["heard"]["heard"][0][name] for name in ("heard", "changed"))
    page.get_by_role("link", name="You said, we did").click()
    expect(walk.heading).to_have_text("You said, we did")
    for words in (said, did):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    one_side(walk.downloaded("Download the PDF"), "You said, we did")
    assert said in in_word(walk.downloaded("Word file to edit"))
    page.locator("summary", has_text="Put it on your website").click()
    html = page.get_by_label("HTML of this page")
    expect(html).to_be_visible()
    assert f"<td>{did}</td>" in html.input_value()


@WIDTHS
def test_a_reflection_is_shared_with_the_leads_and_taken_back(width: Any, opened: Opened, world: World) -> None:
    answers = sample_of(REFLECTION)["worksheets"]
    cycle = started(REFLECTION, world, answers, complete=True)
    page, lead = (opened(user, viewport=width).new_page() for user in (world.manager, world.lead))

    def share(press: str) -> None:
        """As its owner, from the hub, by the ways that are folded there."""
        page.goto(f"/o/nhs-anywhere/mine/{cycle.slug}/")
        page.locator("summary", has_text="Manage this reflection").click()
        page.get_by_role("link", name=re.compile("share", re.IGNORECASE)).last.click()
        page.get_by_role("button", name=press).click()

    lead.goto("/")
    expect(lead.get_by_text("Shared with you")).to_have_count(0)
    share("Share the page")
    expect(page.get_by_text("The leads of your organisation can read the finished page.")).to_be_visible()

    lead.goto("/")
    lead.get_by_role("region", name="Shared with you").get_by_role("link").click()
    expect(lead.get_by_text("Mary Manager shows you this page.")).to_be_visible()
    expect(lead.get_by_text(answers["how"]["how"]["never"])).to_be_visible()
    expect(lead.get_by_text(answers["now"]["five"]["views_answered_next"])).to_have_count(0)
    there = lead.url

    share("Take it back")
    expect(page.get_by_text("Only you see this reflection.")).to_be_visible()
    lead.goto(there)
    expect(lead.get_by_role("heading", level=1)).to_have_text("Page not found")
    lead.goto("/")
    expect(lead.get_by_text("Shared with you")).to_have_count(0)


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "empty"])
def test_no_question_page_is_too_long_or_too_full(
    answered: bool, opened: Opened, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fill(drivers=sample()["worksheets"]["drivers"])
    pages = {user: opened(user, viewport=PHONE).new_page() for user in (world.lead, world.manager)}
    found: list[Measured] = []
    for workbook in OTHERS:
        cycle = started(workbook, world, sample_of(workbook)["worksheets"] if answered else None)
        found += measure(pages[works_on(workbook, world)], workbook, cycle)

    with capsys.disabled():
        for one in found:
            print(f"\n{one.question:14} {one.height:6,} px {one.controls:3} controls", end="")
    full = {one for one in found if one.controls > RADIOS.get(one.question, FULLEST)}
    assert [one for one in found if one.height > LONGEST or one in full] == []
