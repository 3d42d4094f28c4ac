"""The second part of the method, walked in a browser: sign-off, the issued file, the next review, what has changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.world import SAMPLE_FILE, World
from worksheets import interchange
from worksheets.models import Cycle, Issued, Worksheet

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
    follow(page, "Start the next review")
    page.get_by_label("Name", exact=True).fill("Spring 2027")
    for name, parts in {"starts": ("1", "4", "2027"), "ends": ("30", "9", "2027")}.items():
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            page.locator(f'[name="{name}-{part}"]').fill(text)
    press(page, "Start the review")
    heading(page, "Spring 2027")


def look_back(page: Page) -> None:
    """At the first SMART objective of the last review."""
    press(page, "Start: looking back at Autumn 2026")
    page.get_by_role("button", name=re.compile("^Start: ")).click()
    page.locator("#actual").fill("82%")
    for name, value in {"met": "partly", "decision": "keep"}.items():
        page.locator(f'[name="{name}"][value="{value}"]').check()
    page.locator("#so_what").fill("Parents hear from us within a day, mostly.")
    page.locator("#lesson").fill("Weekends need cover.")
    press(page, "Save and go to the list")
    expect(page.get_by_text(re.compile(r"^1 of \d+ looked back at\.$"))).to_be_visible()
    expect(page.get_by_text("Lesson: Weekends need cover.")).to_be_visible()


def confirm_and_change(page: Page) -> None:
    """Say that the drivers still hold, and word the first aim anew."""
    page.goto(f"{NEXT}drivers/drivers/")
    expect(page.get_by_text("From last time", exact=True)).to_be_visible()
    press(page, "This still holds")
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
