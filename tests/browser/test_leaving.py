"""Leaving a page with something typed on it: it saves itself, or is kept in the browser and offered on return."""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.conftest import Opened
from tests.browser.looking import looking
from tests.reading import send
from tests.world import World
from worksheets import whole
from worksheets.following.starting import start_next
from worksheets.models import Lookback, Revision, Worksheet
from worksheets.wizard import ReviewWizard

pytestmark = pytest.mark.browser

HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
AIMS = f"{HERE}drivers/aims/"
BEGINS = "By using social media, NHS Anywhere Foundation Trust aims to"
WORKING = f"{HERE}content/working/"
NEW = "We film on Mondays, and nobody has saved this yet."
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('kept:'))"
EVERYTHING = "() => JSON.stringify({...localStorage})"
SAID = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def window(opened: Opened, world: World) -> BrowserContext:
    """A window of Lena's, who leads the review."""
    return opened(world.lead)


@pytest.fixture
def page(window: BrowserContext) -> Page:
    page = window.new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.on("dialog", lambda dialog: answered(page, dialog))
    return page


def answered(page: Page, dialog: Dialog) -> None:
    """The browser asks whether to leave: note it, and leave."""
    page.asked.append(dialog.type)  # type: ignore[attr-defined]
    dialog.accept()


def stored(question: str = "working", stage: str = "content") -> Any:
    return Worksheet.objects.get(stage=stage, cycle__organisation__slug="nhs-anywhere").answers.get(question)


def begin(page: Page, text: str = NEW) -> None:
    """Open the question and type, saving nothing."""
    page.goto(WORKING)
    page.locator('[name="changes"]').press_sequentially(text)


def is_back(page: Page) -> None:
    """What was typed is in its box again, or can be put there."""
    page.goto(WORKING)
    expect(page.locator('[name="changes"]')).to_have_value(NEW)


# Saving by itself.


def test_what_is_typed_saves_itself_and_says_so_once(page: Page) -> None:
    begin(page)
    expect(page.get_by_role("status").filter(has_text=SAID)).to_have_count(1)
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    assert stored() == {"changes": NEW}
    assert page.evaluate(KEPT) == []
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.get_by_role("heading", name="Can you produce video").wait_for()
    assert stored() == {"changes": NEW}


def test_somebody_who_never_stops_typing_is_saved_all_the_same(page: Page) -> None:
    page.clock.install()
    page.goto(WORKING)
    box = page.locator('[name="changes"]')
    for _ in range(22):
        box.press_sequentially("a")
        page.clock.run_for(1000)
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    assert len(stored()["changes"]) < 22


def test_a_new_row_that_saves_itself_twice_is_one_row(page: Page) -> None:
    page.goto(AIMS)
    page.locator('[name="aims-0-statement"]').press_sequentially("Reach parents")
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    page.locator('[name="aims-0-statement"]').press_sequentially(" early")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('kept:'))")
    page.get_by_role("button", name="Save and go to the list").click()
    page.wait_for_url(f"**{HERE}")
    assert [row["statement"] for row in stored("aims", "drivers")["aims"]] == [f"{BEGINS} reach parents early"]
    assert Revision.objects.filter(question="aims", passed=False).count() == 1


def test_a_colleagues_change_is_told_quietly_and_the_button_shows_both(
    page: Page, opened: Opened, world: World, signed_in: Any
) -> None:
    page.goto(WORKING)
    send(signed_in(world.contributor), WORKING, changes="We film on Fridays.")
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_contain_text("Colin Contributor changed this answer.")
    assert stored() == {"changes": "We film on Fridays."}
    page.get_by_role("button", name="Save and continue", exact=True).click()
    expect(page.get_by_text(NEW, exact=True)).to_be_visible()
    expect(page.get_by_text("We film on Fridays.", exact=True)).to_be_visible()


def test_half_a_figure_is_not_shouted_at(page: Page, world: World) -> None:
    world.fill()
    page.goto(f"{HERE}resources/weekly/")
    page.locator('[name="tasks-0-hours"]').fill("ma")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet.")
    expect(page.locator("[data-saved]")).to_have_attribute("aria-live", "off")
    expect(page.locator(".nhsuk-error-summary")).to_have_count(0)
    page.goto(f"{HERE}resources/weekly/")
    expect(page.get_by_text("that was not saved")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator('[name="tasks-0-hours"]')).to_have_value("ma")


# Leaving.


def test_a_link_in_the_header_takes_what_was_typed_along(page: Page) -> None:
    begin(page)
    page.get_by_role("link", name="Reviews", exact=True).click()
    page.wait_for_url("**/o/nhs-anywhere/reviews/")
    assert stored() == {"changes": NEW}
    assert page.evaluate(KEPT) == []
    is_back(page)


def test_guidance_opens_beside_the_page(page: Page, window: BrowserContext) -> None:
    begin(page)
    with window.expect_page() as beside:
        page.get_by_role("link", name="Guidance for stage 5 (opens in a new tab)").click()
    expect(beside.value.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator('[name="changes"]')).to_have_value(NEW)


def test_back_and_forward_keep_it(page: Page) -> None:
    page.goto(HERE)
    begin(page)
    page.go_back()
    page.wait_for_url(f"**{HERE}")
    page.go_forward()
    page.wait_for_url(f"**{WORKING}")
    put_back(page)
    expect(page.locator('[name="changes"]')).to_have_value(NEW)


def test_a_reload_keeps_it(page: Page) -> None:
    begin(page)
    page.reload()
    put_back(page)
    expect(page.locator('[name="changes"]')).to_have_value(NEW)


def put_back(page: Page) -> None:
    """Take the offer, if there is one: what was saved on the way out is in its box without."""
    offer = page.get_by_role("button", name="Put it back")
    there = page.locator('[name="changes"]')
    page.wait_for_function(
        "(text) => document.querySelector('[name=changes]').value === text || document.querySelector('[data-back]')",
        arg=NEW,
        timeout=30_000,
    )
    if there.input_value() != NEW:
        offer.click()


def test_the_service_that_cannot_be_reached_gets_it_later(page: Page, window: BrowserContext) -> None:
    page.goto(WORKING)
    window.set_offline(True)
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_have_text(
        "Not saved: the service cannot be reached. Your text is kept in this browser."
    )
    assert stored() is None
    window.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    assert stored() == {"changes": NEW}
    assert page.evaluate(KEPT) == []


def test_what_was_kept_is_offered_on_return_and_can_be_put_back(page: Page, away: pytest.MonkeyPatch) -> None:
    begin_unsaved(page, away)
    page.goto(WORKING)
    banner = page.get_by_role("region", name="Not saved")
    expect(banner).to_contain_text(re.compile(r"You have text here from \d\d:\d\d that was not saved."))
    expect(banner).to_contain_text(NEW)
    expect(page.locator('[name="changes"]')).to_have_value("")
    away.undo()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator('[name="changes"]')).to_have_value(NEW)
    expect(page.locator('[name="changes"]')).to_be_focused()
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    assert stored() == {"changes": NEW}
    assert page.evaluate(KEPT) == []


post = ReviewWizard.post


def busy(page: ReviewWizard, *args: Any, **kwargs: Any) -> Any:
    """The database is locked whenever a draft is to be saved."""
    if page.request.POST.get("do") == "draft":
        raise OperationalError("database is locked")
    return post(page, *args, **kwargs)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No draft can be saved until `undo` is called."""
    monkeypatch.setattr(ReviewWizard, "post", busy)
    return monkeypatch


def begin_unsaved(page: Page, away: pytest.MonkeyPatch) -> None:
    """Type while nothing can be saved, and leave."""
    page.goto(WORKING)
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: the service is busy.")
    page.goto(HERE)


def test_what_was_kept_can_be_thrown_away(page: Page, away: pytest.MonkeyPatch) -> None:
    begin_unsaved(page, away)
    page.goto(WORKING)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    assert stored() is None


def test_rows_that_were_kept_come_back_as_rows(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.goto(AIMS)
    page.locator('[name="aims-0-statement"]').fill("Reach parents")
    page.get_by_role("button", name="Add another aim").click()
    page.locator('[name="aims-1-statement"]').wait_for()
    monkeypatch.setattr(ReviewWizard, "post", busy)
    page.locator('[name="aims-1-statement"]').fill("Reach carers")
    expect(page.locator("[data-saved]")).to_contain_text("the service is busy")
    page.goto(HERE)
    page.goto(AIMS)
    expect(page.locator('[name="aims-1-statement"]')).to_have_count(0)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator('[name="aims-1-statement"]')).to_have_value("reach carers")
    # What is not saved is seen, and not folded away.
    expect(page.locator('[name="aims-1-statement"]')).to_be_visible()


def test_a_page_that_was_saved_or_not_touched_never_asks(page: Page) -> None:
    for touch in (lambda: None, lambda: begin(page), lambda: page.locator('[name="changes"]').fill("")):
        page.goto(WORKING)
        touch()
        page.goto(HERE)
    page.goto(WORKING)
    page.locator('[name="changes"]').fill(NEW)
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.get_by_role("heading", name="Can you produce video").wait_for()
    page.goto(HERE)
    assert page.asked == []  # type: ignore[attr-defined]


BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"


def test_the_browser_asks_where_it_can_neither_save_nor_keep(
    page: Page, window: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.add_init_script(BLOCKED)
    page.goto(WORKING)
    page.goto(HERE)
    assert page.asked == []  # type: ignore[attr-defined]
    page.goto(WORKING)
    monkeypatch.setattr(ReviewWizard, "post", busy)
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_contain_text("Keep this page open: your text is only here.")
    page.goto("about:blank")
    assert page.asked == ["beforeunload"]  # type: ignore[attr-defined]


# Whose it is.


def test_a_session_that_ended_leaves_the_text_with_its_writer_and_nobody_else(
    page: Page, window: BrowserContext, opened: Opened, world: World, live_server: Any, signed_in: Any
) -> None:
    page.goto(WORKING)
    window.clear_cookies()
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_contain_text("you have been signed out. Your text is kept in this browser.")
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    sign_in(window, signed_in(world.contributor), live_server.url)
    page.goto(WORKING)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(NEW)).to_have_count(0)
    sign_in(window, signed_in(world.lead), live_server.url)
    page.goto(WORKING)
    expect(page.get_by_role("region", name="Not saved")).to_contain_text(NEW)


def sign_in(window: BrowserContext, client: Any, url: str) -> None:
    window.clear_cookies()
    window.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def test_somebody_who_signed_in_again_in_another_tab_goes_on_typing(
    page: Page, window: BrowserContext, world: World, live_server: Any, signed_in: Any
) -> None:
    page.goto(WORKING)
    sign_in(window, signed_in(world.lead), live_server.url)
    page.locator('[name="changes"]').press_sequentially(NEW)
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.get_by_role("heading", name="Can you produce video").wait_for()


def test_signing_out_saves_what_can_be_saved_and_leaves_nothing_behind(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate(KEPT) == []
    assert stored() == {"changes": NEW}
    assert page.asked == []  # type: ignore[attr-defined]


def test_signing_out_with_text_that_cannot_be_saved_asks_first(page: Page, world: World) -> None:
    world.fill()
    page.goto(f"{HERE}resources/weekly/")
    page.locator('[name="tasks-0-hours"]').press_sequentially("many")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved yet.")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    assert page.asked == ["beforeunload"]  # type: ignore[attr-defined]
    assert page.evaluate(KEPT) == []


# Other forms that take text.


@pytest.mark.parametrize(
    ("where", "name"),
    [("comments/aims/", "text"), ("details/", "name"), ("conclusion/", "because"), ("results/events/add/", "text")],
)
def test_text_in_other_forms_is_kept_and_gone_after_sending(where: str, name: str, page: Page, world: World) -> None:
    page.goto(f"{HERE}{where}")
    box = page.locator(f'main [name="{name}"]').first
    box.fill("Nobody sent this.")
    page.goto(HERE)
    assert page.asked == []  # type: ignore[attr-defined]
    page.goto(f"{HERE}{where}")
    expect(page.get_by_role("region", name="Not saved")).to_contain_text("Nobody sent this.")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(f'main [name="{name}"]').first).to_have_value("Nobody sent this.")


def test_a_comment_that_was_sent_is_not_offered_again(page: Page) -> None:
    page.goto(f"{HERE}comments/aims/")
    page.locator('main [name="text"]').fill("Why these aims?")
    page.locator('main form button[name="do"]').first.click()
    expect(page.get_by_role("paragraph").filter(has_text="Why these aims?").first).to_be_visible()
    expect(page.get_by_role("region", name="Not saved")).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_a_password_is_never_kept(page: Page) -> None:
    page.goto("/accounts/password/change/")
    page.locator("input[type=password]").first.fill("correct horse battery staple")
    page.goto(HERE)
    assert page.evaluate("() => Object.keys(localStorage)") == []


def test_what_is_older_than_two_weeks_is_gone(page: Page, world: World) -> None:
    page.goto(HERE)
    old = "{at: Date.now() - 15 * 864e5, entries: [['changes', 'Old']], look: [['Changes', 'Old']]}"
    page.evaluate(f"localStorage.setItem('kept:{world.lead.pk}:{WORKING}#', JSON.stringify({old}))")
    page.goto(WORKING)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_text_that_was_refused_stands_on_its_page_and_is_not_offered_beside_it(page: Page, world: World) -> None:
    world.fill()
    page.goto(f"{HERE}resources/weekly/")
    page.locator('[name="tasks-0-hours"]').fill("many")
    page.get_by_role("button", name="Save and continue", exact=True).click()
    expect(page.locator(".nhsuk-error-summary")).to_be_visible()
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    page.goto(HERE)
    page.goto(f"{HERE}resources/weekly/")
    expect(page.get_by_role("region", name="Not saved")).to_contain_text("many")


def test_what_is_offered_is_not_lost_by_typing_something_else(page: Page, away: pytest.MonkeyPatch) -> None:
    begin_unsaved(page, away)
    page.goto(WORKING)
    expect(page.get_by_role("region", name="Not saved")).to_contain_text(NEW)
    away.undo()
    page.locator('[name="changes"]').press_sequentially("Something else.")
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    page.goto(HERE)
    page.goto(WORKING)
    expect(page.get_by_role("region", name="Not saved")).to_contain_text(NEW)
    expect(page.locator('[name="changes"]')).to_have_value("Something else.")


def test_two_windows_with_one_question_each_keep_their_own(
    page: Page, window: BrowserContext, away: pytest.MonkeyPatch
) -> None:
    other = window.new_page()
    for one, text in ((page, "Typed in the first."), (other, "Typed in the second.")):
        one.goto(WORKING)
        one.locator('[name="changes"]').press_sequentially(text)
    for one in (page, other):
        expect(one.locator("[data-saved]")).to_contain_text("Your text is kept in this browser.")
        one.goto(HERE)
    page.goto(WORKING)
    expect(page.get_by_role("region", name="Not saved")).to_have_count(2)
    for text in ("Typed in the first.", "Typed in the second."):
        expect(page.get_by_role("region", name="Not saved").filter(has_text=text)).to_have_count(1)


def test_what_one_window_saves_takes_nothing_from_what_another_keeps(page: Page, window: BrowserContext) -> None:
    page.goto(WORKING)
    other = window.new_page()
    other.goto(WORKING)
    page.locator('[name="changes"]').press_sequentially("First.")
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    other.locator('[name="changes"]').press_sequentially("Second.")
    expect(other.locator("[data-saved]")).to_contain_text("You changed this answer in another window.")
    with page.expect_response(lambda answer: "do=draft" in (answer.request.post_data or "")):
        page.locator('[name="changes"]').press_sequentially(" And more.")
    page.wait_for_timeout(300)
    assert stored() == {"changes": "First. And more."}
    assert "Second." in page.evaluate(EVERYTHING)


def test_somebody_who_types_without_a_pause_is_kept_all_the_same(page: Page, away: pytest.MonkeyPatch) -> None:
    page.goto(WORKING)
    page.locator('[name="changes"]').press_sequentially("a" * 12, delay=100)
    assert "aaaaaa" in page.evaluate(EVERYTHING)
    page.goto(f"{HERE}comments/aims/")
    page.locator('main [name="text"]').press_sequentially("b" * 12, delay=100)
    assert "bbbbbb" in page.evaluate(EVERYTHING)


is_whole = whole.is_whole


def slow(request: HttpRequest) -> bool:
    """A form that a button sends takes a while."""
    if request.POST.get("do") not in ("draft", "compute", "held", "show"):
        time.sleep(2)
    return is_whole(request)


@pytest.mark.parametrize(
    ("where", "name", "button"),
    [("content/working/", "changes", "Save and continue"), ("comments/aims/", "text", "Add this comment")],
)
def test_what_is_typed_while_the_form_is_on_its_way_is_offered(
    where: str, name: str, button: str, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "is_whole", slow)
    page.goto(f"{HERE}{where}")
    page.locator(f'main [name="{name}"]').fill("Sent.")
    page.evaluate(
        "(name) => setTimeout(() => { document.querySelector(`main [name=${name}]`).focus();"
        " document.execCommand('insertText', false, ' Typed after.'); }, 1200)",
        name,
    )
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click(no_wait_after=True)
    page.goto(f"{HERE}{where}")
    expect(page.get_by_role("region", name="Not saved")).to_contain_text("Sent. Typed after.")


def test_putting_text_back_takes_nothing_from_what_was_typed_since(page: Page, away: pytest.MonkeyPatch) -> None:
    begin_unsaved(page, away)
    page.goto(f"{HERE}comments/aims/")
    page.locator('main [name="text"]').fill("The first comment.")
    page.goto(HERE)
    for where, name, first in ((WORKING, "changes", NEW), (f"{HERE}comments/aims/", "text", "The first comment.")):
        page.goto(where)
        page.locator(f'main [name="{name}"]').fill("Typed since.")
        page.get_by_role("button", name="Put it back").click()
        expect(page.locator(f'main [name="{name}"]')).to_have_value(first)
        page.reload()
        expect(page.get_by_role("region", name="Not saved").filter(has_text="Typed since.")).to_have_count(1)


def test_what_is_typed_while_a_row_is_on_its_way_is_not_swept_away(page: Page) -> None:
    page.goto(AIMS)
    page.locator('[name="aims-0-statement"]').fill("Reach parents")
    # The head of the answer is there, and its body takes a while.
    page.evaluate(
        "() => { const text = Response.prototype.text; Response.prototype.text = async function () {"
        " await new Promise((done) => setTimeout(done, 1500)); return text.call(this); }; }"
    )
    page.get_by_role("button", name="Add another aim").click()
    page.wait_for_timeout(700)
    page.evaluate("() => document.querySelector('[name=aims-0-statement]').focus()")
    page.keyboard.type(" and carers")
    typed = page.locator('[name="aims-0-statement"]').input_value()
    page.locator('[name="aims-1-statement"]').wait_for()
    expect(page.locator('[name="aims-0-statement"]')).to_have_value(typed[0].lower() + typed[1:])


def test_choosing_between_two_answers_is_not_kept_as_an_answer(page: Page, world: World, signed_in: Any) -> None:
    page.goto(WORKING)
    send(signed_in(world.contributor), WORKING, changes="We film on Fridays.")
    page.locator('[name="changes"]').fill(NEW)
    page.get_by_role("button", name="Save and continue", exact=True).click()
    page.get_by_label("Keep theirs").first.check()
    page.goto(WORKING)
    expect(page.get_by_role("region", name="Not saved")).to_contain_text(NEW)


def test_a_look_back_saves_itself_and_its_rows_change_in_place(page: Page, world: World) -> None:
    world.fill()
    days = datetime.date(2027, 4, 1), datetime.date(2027, 9, 30)
    start_next(world.cycle, "Spring 2027", *days, world.lead)
    page.goto("/o/nhs-anywhere/reviews/spring-2027/looking-back/smart/smart-answers/")
    page.locator('[name="actual"]').press_sequentially("82%")
    expect(page.locator("[data-saved]")).to_have_text(SAID)
    page.get_by_role("button", name="Add an event").click()
    expect(page.locator('[name="outside-0-text"], [name="outside-0-on-day"]').first).to_be_visible()
    expect(page.locator('[name="actual"]')).to_have_value("82%")
    assert Lookback.objects.get(row="smart-answers").answers == {"actual": "82%"}


def test_the_offer_and_the_warning_are_for_everybody(opened: Opened, world: World, kept_pages: Path) -> None:
    text = "{at: Date.now(), entries: [['changes', 'Old']], look: [['Changes', 'Old ' + 'word '.repeat(400)]]}"
    with looking(opened(world.lead), kept_pages) as eyes:
        page = eyes.page
        page.goto(WORKING)
        page.evaluate(f"localStorage.setItem('kept:{world.lead.pk}:{WORKING}#', JSON.stringify({text}))")
        page.reload()
        page.get_by_role("region", name="Not saved").wait_for()
        eyes.look("a question with an offer")
        for name in ("ends-soon", "has-ended"):
            page.evaluate(
                "(id) => document.getElementById('staying').replaceChildren("
                "document.getElementById(id).content.cloneNode(true))",
                name,
            )
            eyes.look(f"a question whose session {name}")
