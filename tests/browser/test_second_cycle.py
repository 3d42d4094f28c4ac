"""The second part of the method, walked in a browser: sign-off, the issued file, the next review, what has changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.browser.test_clicks import clicks, counting
from tests.world import SAMPLE_FILE, World
from worksheets import interchange
from worksheets.models import Cycle, Issued, Worksheet
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
HERE = f"{HOME}reviews/autumn-2026/"
NEXT = f"{HOME}reviews/spring-2027/"
OLD, NEW = "expectant parents' questions", "new parents' questions"


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).click()


def submit(page: Page) -> None:
    page.goto(HERE)
    press(page, "Submit for sign-off")
    page.get_by_label("Note").fill("Aim 2 is new.")
    press(page, "Submit for sign-off")
    expect(
        page.get_by_text("The review is submitted for sign-off. We have told manager@example.org by email.")
    ).to_be_visible()


def comment_and_sign_off(page: Page) -> None:
    page.goto(f"{HERE}drivers/")
    follow(page, "Comment on question 2")
    page.get_by_label("Write a comment").fill("Clear, and worth doing.")
    press(page, "Add this comment")
    expect(page.locator(".app-thread")).to_contain_text("Clear, and worth doing.")
    page.goto(HOME)
    page.get_by_role("main").locator(f'a[href="{HERE}decide/"]').first.click()
    expect(page.get_by_text("Aim 2 is new.")).to_be_visible()
    press(page, "Sign off this review")
    heading(page, "Sign-off")
    expect(page.get_by_text("This review is signed off. It stays as it is.")).to_be_visible()


def downloaded(page: Page) -> Path:
    page.goto(f"{HERE}summary/")
    with page.expect_download() as download:
        press(page, "Download the issued PDF")
    return download.value.path()


def told_of(page: Page, file: bytes) -> str:
    """What the page that checks files says about a file."""
    page.goto(f"{HOME}verify/")
    page.locator("#file").set_input_files({"name": "strategy.pdf", "mimeType": "application/pdf", "buffer": file})
    press(page, "Check this file")
    return page.locator(".nhsuk-notification-banner").inner_text()


def start_next(page: Page) -> None:
    page.goto(HERE)
    page.locator("summary", has_text="Manage this review").click()
    follow(page, "Start the next review")
    page.get_by_label("Name", exact=True).fill("Spring 2027")
    for name, parts in {"starts": ("1", "4", "2027"), "ends": ("30", "9", "2027")}.items():
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            page.locator(f'[name="{name}-{part}"]').fill(text)
    press(page, "Start the review")
    heading(page, "Spring 2027")


def look_back(page: Page) -> None:
    """At every promise of the last review, on one page."""
    press(page, "Start: looking back at Autumn 2026")
    rows = page.locator("#promises > details")
    for number in range(rows.count()):
        row = rows.nth(number)
        if not row.evaluate("row => row.open"):
            row.locator("> summary").click()
        row.locator('[name$="-actual"]').fill("82%")
        row.locator('[name$="-met"][value="partly"]').check()
        row.locator('[name$="-decision"][value="keep"]').check()
        row.locator('[name$="-so_what"]').fill("Parents hear from us within a day, mostly.")
        row.locator('[name$="-lesson"]').fill("Weekends need cover.")
    press(page, "Save and continue")
    heading(page, "Spring 2027")
    expect(page.get_by_text("7 of 7 SMART objectives and measures looked back at")).to_be_visible()


def confirm_and_change(page: Page) -> None:
    """Say that the drivers still hold, and word the first aim anew."""
    page.goto(f"{NEXT}drivers/drivers/")
    expect(page.get_by_text("From last time", exact=True)).to_be_visible()
    press(page, "Save and continue")
    page.locator("#aims-0 > summary").click()
    aim = page.locator('[name="aims-0-statement"]')
    words = aim.input_value()
    assert OLD in words
    aim.fill(words.replace(OLD, NEW))
    press(page, "Save and continue")
    for key in ("drivers", "aims"):
        page.goto(f"{NEXT}drivers/{key}/")
        expect(page.get_by_text("From last time", exact=True)).to_have_count(0)


def test_a_review_is_signed_off_and_the_next_one_compared(opened: Opened, world: World) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    Worksheet.objects.filter(cycle=world.cycle).update(status=Worksheet.Status.COMPLETE)
    page = opened(world.lead).new_page()
    submit(page)
    comment_and_sign_off(opened(world.manager).new_page())

    issued = downloaded(page).read_bytes()
    assert issued == downloaded(page).read_bytes() == bytes(Issued.objects.get(cycle=world.cycle).pdf)
    assert "“strategy.pdf” is the file that was issued for Autumn 2026" in told_of(page, issued)
    tampered = issued[:2000] + bytes([issued[2000] ^ 1]) + issued[2001:]
    assert "“strategy.pdf” is not one of the files" in told_of(page, tampered)

    start_next(page)
    look_back(page)
    confirm_and_change(page)

    page.goto(NEXT)
    page.locator("summary", has_text="Manage this review").click()
    follow(page, "Compare with last time")
    heading(page, "Spring 2027 compared with Autumn 2026")
    aims = page.locator(".app-compare__question", has=page.locator("#question-2"))
    expect(aims.locator("del")).to_contain_text("expectant")
    expect(aims.locator("ins")).to_contain_text("new")

    page.goto(f"{NEXT}drivers/aims/")
    with page.context.expect_page() as beside:
        follow(page, "History of this question (opens in a new tab)")
    page = beside.value
    saves = page.locator("article")
    expect(saves).to_have_count(2)
    expect(saves.first.locator("ins")).to_contain_text("new")
    expect(saves.last).to_contain_text(OLD)
    saves.last.get_by_role("link").click()
    press(page, "Bring this answer back")
    expect(saves).to_have_count(3)
    page.goto(f"{NEXT}drivers/aims/")
    expect(page.locator('[name="aims-0-statement"]')).to_have_value(re.compile(OLD))
    assert Cycle.objects.get(pk=world.cycle.pk).state == Cycle.State.SIGNED_OFF


# What a second cycle with little change takes: half an hour, of which most is reading and looking back.
CLICKS, PAGES = 50, 30


def test_a_second_cycle_with_little_change_is_short(
    opened: Opened, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    Worksheet.objects.filter(cycle=world.cycle).update(status=Worksheet.Status.COMPLETE)
    page = counting(opened(world.lead))
    loaded: list[str] = []
    page.on("domcontentloaded", lambda here: loaded.append(here.url))

    start_next(page)
    look_back(page)
    # Two answers are different by now: the targets, which were for last time, and the hours that the team has.
    follow(page, "question 4. SMART objectives")
    page.get_by_role("button", name="Open all").click()
    for number in range(3):
        page.locator(f"#smart-{number}-target").fill("95%")
    press(page, "Save and go to the list")
    follow(page, "question 9. Weekly work")
    page.locator("#capacity").fill("26")
    press(page, "Save and go to the list")
    # The others are read, worksheet by worksheet, and still hold.
    for stage in STRATEGY.stages:
        follow(page, f"{stage.number}. {stage.title}")
        heading(page, "Check your answers")
        press(page, "All of this worksheet still holds")
        heading(page, "Spring 2027")
    expect(page.get_by_text("All six worksheets are complete.")).to_be_visible()
    press(page, "Submit for sign-off")
    press(page, "Submit for sign-off")
    expect(page.get_by_text("The review is submitted for sign-off.")).to_be_visible()
    with capsys.disabled():
        print(f"\nA second cycle: {clicks(page)} clicks, {len(loaded)} pages", end="")
    assert clicks(page) <= CLICKS
    assert len(loaded) <= PAGES
