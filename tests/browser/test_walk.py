"""One whole review, walked as a new team would: from the log-in page to the PDF, with scripts and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import Answering
from tests.browser.conftest import Opened
from tests.world import PASSWORD, World, sample
from worksheets.models import Cycle, Worksheet
from worksheets.workbook import Question
from worksheets.workbooks.strategy import STRATEGY
from worksheets.workbooks.strategy.tables import AIMS

pytestmark = pytest.mark.browser


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def start_review(page: Page) -> None:
    """From the start page, where nothing is in progress, to the first question."""
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to do?")
    page.get_by_role("link", name="Review your strategy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reviews")
    page.get_by_role("button", name="Start your first review").click()
    page.get_by_label("Name", exact=True).fill("Autumn 2026")
    for name, parts in {"starts": ("1", "10", "2026"), "ends": ("31", "3", "2027")}.items():
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            page.locator(f'[name="{name}-{part}"]').fill(text)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Autumn 2026")
    expect(page.get_by_text("0 of 21 questions answered.")).to_be_visible()
    page.get_by_role("button", name="Start: question 1").click()


def change_rows(team: Answering, question: Question) -> None:
    """What a team does with rows before it has the right ones: a task too many, an order that is not the last."""
    page = team.page
    if question.key == "aims":
        team.row("aims", 0).get_by_label("The aim, in one sentence").fill("By using social media, we aim to be seen.")
        page.get_by_role("button", name="Add another aim").click()
        team.row("aims", 1).get_by_label("The aim, in one sentence").fill("By using social media, we aim to listen.")
        page.get_by_role("button", name="Move up Aim 2").click()
        expect(team.row("aims", 0).get_by_label("The aim, in one sentence")).to_have_value(re.compile("listen"))
        page.get_by_role("button", name="Move down Aim 1").click()
        expect(team.row("aims", 0).get_by_label("The aim, in one sentence")).to_have_value(re.compile("be seen"))
        team.unfold(team.row("aims", 0))
        page.get_by_role("button", name="Remove Aim 1").click()
        expect(team.row("aims", 1)).to_have_count(0)
        expect(team.row("aims", 0).get_by_label("The aim, in one sentence")).to_have_value(re.compile("listen"))
    if question.key == "setup":
        page.locator("summary", has_text="Common tasks").click()
        page.get_by_label("Brief your manager").check()
        page.get_by_label("Plan for a crisis").check()
        page.get_by_role("button", name="Add the ticked tasks").click()
        expect(team.row("tasks", 1).locator("#tasks-1-task")).to_have_value("Plan for a crisis")
        page.get_by_role("button", name="Remove Task 2").click()
        expect(team.row("tasks", 1)).to_have_count(0)


def answer_stage(team: Answering, questions: tuple[Question, ...]) -> None:
    """Answer the questions of a stage one after the other, and complete its worksheet."""
    page = team.page
    for question in questions:
        expect(page.get_by_role("heading", level=1)).to_have_text(question.title)
        expect(page.get_by_text(f"Question {question.number} of {len(STRATEGY.questions)}")).to_be_visible()
        change_rows(team, question)
        team.fill(question)
        team.press("Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_text("Not finished yet")).to_have_count(0)
    team.press("Complete this worksheet")


def plain(worksheets: dict[str, Any]) -> dict[str, Any]:
    """Answers without what may differ from one walk to the next: ids become places, and empty texts go."""
    places: dict[str, str] = {}
    for answers in worksheets.values():
        for key, answer in answers.items():
            for name, rows in answer.items():
                for n, row in enumerate(rows if isinstance(rows, list) else ()):
                    if isinstance(row, dict) and "id" in row:
                        places[row["id"]] = f"{key}.{name}.{n}"

    def settled(value: Any) -> Any:
        match value:
            case dict():
                return {key: settled(part) for key, part in value.items() if key != "id" and part not in ("", [])}
            case list() if all(isinstance(part, str) for part in value):
                return sorted(places.get(part, part) for part in value)
            case list():
                return [settled(part) for part in value]
            case str():
                return places.get(value, value)
        return value

    return settled(worksheets)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_new_team_walks_a_whole_review(scripts: bool, opened: Opened, world: World) -> None:
    world.anywhere.cycles.all().delete()
    page = opened(scripts=scripts).new_page()
    team = Answering(page, sample()["worksheets"])

    sign_in(page, "lead@example.org")
    start_review(page)
    for stage in STRATEGY.stages:
        answer_stage(team, stage.questions)
        expect(page.get_by_role("heading", level=1)).to_have_text("Autumn 2026")
        following = STRATEGY.stages[stage.number] if stage.number < len(STRATEGY.stages) else None
        if following:
            page.get_by_role("button", name=re.compile(f"question {following.questions[0].number},")).click()

    expect(page.get_by_text("21 of 21 questions answered. All six worksheets are complete.")).to_be_visible()
    expect(page.locator(".nhsuk-task-list").get_by_text("Complete", exact=True)).to_have_count(6)

    expect(page.get_by_role("button", name="Submit for sign-off")).to_be_visible()
    page.get_by_role("link", name="Read the summary", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    statement = sample()["worksheets"]["drivers"]["aims"]["aims"][0]["statement"]
    expect(page.get_by_text(AIMS.spoken(statement)).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    assert download.value.suggested_filename == "nhs-anywhere-autumn-2026-strategy-summary.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")

    cycle = Cycle.objects.get(organisation=world.anywhere)
    kept = {sheet.stage: sheet.answers for sheet in Worksheet.objects.filter(cycle=cycle)}
    assert plain(kept) == plain(sample()["worksheets"])
    assert set(STRATEGY.question) == {key for answers in kept.values() for key in answers}
