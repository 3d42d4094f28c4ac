"""Every page and state, looked at with axe-core on a laptop and on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from tests.browser.answering import unfold
from tests.browser.conftest import Opened
from tests.browser.looking import Looking, looking
from tests.world import PASSWORD, World, cycle_of, person, sample
from worksheets import access
from worksheets.models import (
    Action,
    AuditEvent,
    Group,
    GroupMember,
    Guidance,
    Membership,
    Organisation,
    Platform,
    PolicyClause,
    Role,
    User,
    Worksheet,
)
from worksheets.organisations.mail import token_to_confirm
from worksheets.workbook import Question
from worksheets.workbooks.strategy import STRATEGY

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
HERE = f"{HOME}reviews/autumn-2026/"
# Into every box something that cannot stay as it is.
SPOIL = """() => {
  for (const box of document.querySelectorAll("#question textarea, #question input[type=text]")) {
    box.value = box.inputMode === "numeric" || box.inputMode === "decimal" ? "many" : "x".repeat(2001);
  }
}"""


def address(question: Question) -> str:
    return f"{HERE}{question.stage}/{question.key}/"


def press(eyes: Looking, words: str) -> None:
    eyes.page.get_by_role("button", name=words, exact=True).click()


def test_the_pages_for_signing_in(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(), kept_pages) as eyes:
        page = eyes.page
        eyes.at("/accounts/login/", "log-in")
        press(eyes, "Sign in")
        eyes.look("log-in, empty")
        page.get_by_label("Email address").fill("lead@example.org")
        page.get_by_label("Password", exact=True).fill("not this one")
        press(eyes, "Sign in")
        eyes.look("log-in, wrong password")
        eyes.at("/accounts/password/reset/", "reset")
        page.get_by_role("main").get_by_role("button").first.click()
        eyes.look("reset, empty")
        page.get_by_label("Email address").fill("lead@example.org")
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/done/")
        eyes.look("reset, mail sent")
        link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)
        assert link
        eyes.at(link[0], "new password")
        page.get_by_role("main").get_by_role("button", name=re.compile("password$")).last.click()
        eyes.look("new password, empty")
        eyes.at("/accounts/password/reset/key/1-none/", "reset, link used up")
        for _ in range(6):
            eyes.page.goto("/accounts/login/")
            page.get_by_label("Email address").fill("lead@example.org")
            page.get_by_label("Password", exact=True).fill("not this one")
            press(eyes, "Sign in")
            page.get_by_text("There is a problem").wait_for()
        eyes.look("log-in, tried too often")
        User.objects.filter(pk=world.manager.pk).update(new_email="mary@example.org")
        world.manager.refresh_from_db()
        confirm = f"/accounts/address/{token_to_confirm(world.manager)}/"
        eyes.at(confirm, "confirm an address")
        press(eyes, "Use this address")
        page.get_by_role("heading", name="Your email address is changed").wait_for()
        eyes.look("address confirmed")
        eyes.at(confirm, "confirm an address, link used up", 404)
        eyes.at("/about/", "about, signed out")
        eyes.at("/accessibility/", "accessibility, signed out")
        eyes.at("/nowhere/", "404, signed out", 404)
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at("/accounts/password/change/", "change password")
        eyes.page.get_by_role("main").get_by_role("button", name=re.compile("password$")).last.click()
        eyes.look("change password, empty")
        eyes.at("/accounts/reauthenticate/", "password once more")
        eyes.at("/accounts/logout/", "sign out")


def test_the_pages_of_an_organisation(opened: Opened, world: World, kept_pages: Path) -> None:
    Membership.objects.create(user=world.outsider, organisation=world.anywhere, role=Role.MANAGER)
    new = person("new@example.org", "Nora New")
    new.set_unusable_password()
    new.save()
    newcomer = Membership.objects.create(user=new, organisation=world.anywhere, role=Role.CONTRIBUTOR)
    with looking(opened(world.outsider), kept_pages) as eyes:
        eyes.at("/", "home, several organisations")
        eyes.at(f"{HOME}people/", "people, as a manager")
    with looking(opened(world.nobody), kept_pages) as eyes:
        eyes.at("/", "home, none")
    with looking(opened(world.admin), kept_pages) as eyes:
        eyes.at("/", "home, administrator")
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}reviews/", "dashboard")
        eyes.at(f"{HOME}people/", "people")
        eyes.at(f"{HOME}mails/", "mails")
        eyes.at(f"{HOME}calendar/", "calendar, none yet")
        eyes.page.locator("main form button").first.click()
        eyes.look("calendar")
        eyes.at(f"{HOME}people/add/", "add a person")
        eyes.page.locator("main form button").first.click()
        eyes.look("add a person, empty", 400)
        eyes.at(f"{HOME}people/{newcomer.pk}/change/", "change a role")
        eyes.at(f"{HOME}people/{newcomer.pk}/remove/", "remove a person")
        eyes.page.locator("main form button").first.click()
        eyes.look("people, one removed")
        own = Membership.objects.get(user=world.lead)
        eyes.page.goto(f"{HOME}people/{own.pk}/change/")
        eyes.page.locator('[name="role"][value="manager"]').check()
        eyes.page.locator("main form button").first.click()
        eyes.look("the last lead stays", eyes.answered.status if eyes.answered else 0)
        for n in range(12):
            world.fill(
                cycle_of(world.anywhere, f"Review {n}", f"review-{n}"), drivers=sample()["worksheets"]["drivers"]
            )
        eyes.at(f"{HOME}reviews/", "dashboard, many reviews")
        eyes.at(f"{HOME}reviews/?page=2", "dashboard, second page")
        world.anywhere.cycles.all().delete()
        eyes.at(f"{HOME}reviews/", "dashboard, empty")
        eyes.at(f"{HOME}reviews/new/", "start a review")
        eyes.page.get_by_label("Name", exact=True).fill("")
        eyes.page.locator('[name="ends-year"]').fill("2020")
        eyes.page.locator("main form button").first.click()
        eyes.look("start a review, errors", 400)
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(f"{HOME}reviews/", "dashboard, empty, as a manager")
        eyes.at(f"{HOME}reviews/new/", "403", 403)
        eyes.at("/o/nhs-elsewhere/", "404", 404)


def test_the_pages_of_documents(opened: Opened, world: World, kept_pages: Path) -> None:
    here = f"{HOME}policies/house-rules/1/"
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}policies/", "policies, nothing started")
        eyes.at(f"{HOME}policies/house-rules/", "a document, not started")
        press(eyes, "Start it")
        eyes.look("a document, just started")
        eyes.at(f"{here}clauses/welcome/", "a clause")
        eyes.page.get_by_role("radio", name="Leave it out").check()
        press(eyes, "Save and go on")
        eyes.look("a clause, error", 400)
        eyes.page.goto(f"{here}clauses/welcome/")
        eyes.page.get_by_role("radio", name="Change its words").check()
        box = eyes.page.get_by_label("Your words")
        assert box.is_visible()
        assert not eyes.page.get_by_label("Why do you leave it out?").is_visible()
        box.fill(f"{box.input_value()} We read them all.")
        press(eyes, "Save and go on")
        eyes.look("a clause, the next one")
        eyes.at(f"{here}clauses/welcome/", "a clause in own words")
        PolicyClause.objects.filter(key="welcome").update(words="Somebody else was here.")
        box.fill("We were first.")
        press(eyes, "Save this clause")
        eyes.look("a clause, two people at once", 409)
        eyes.at(f"{here}control/", "document control")
        for part, number in (("day", "31"), ("month", "2"), ("year", "2027")):
            eyes.page.locator(f'[name="next_review-{part}"]').fill(number)
        press(eyes, "Save document control")
        eyes.look("document control, error", 400)
        eyes.at(f"{here}send/", "send, not ready")
        PolicyClause.objects.filter(key="welcome").update(base="# Welcome\n\nWelcome to all.")
        eyes.at(f"{here}library/", "new words of the library")
        eyes.at(here, "a draft")
        eyes.at(f"{HOME}policies/", "policies, one under way")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(here, "a draft, as a manager")
        eyes.at(f"{here}clauses/welcome/", "a clause, as a manager")
        eyes.at(f"{here}control/", "document control, as a manager")


def test_the_pages_of_actions_and_of_a_group(opened: Opened, world: World, kept_pages: Path) -> None:
    group = Group.objects.create(name="Anywhere Integrated Care Board", slug="anywhere-icb")
    for organisation in (world.anywhere, world.elsewhere):
        GroupMember.objects.create(group=group, organisation=organisation, shows="named")
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}actions/", "actions, none")
        eyes.at(f"{HOME}actions/add/", "an action, not made yet")
        press(eyes, "Save the action")
        eyes.look("an action, error", 400)
        eyes.page.get_by_label("What is to be done?").fill("Close the old page " + "x" * 90)
        press(eyes, "Save the action")
        eyes.look("actions, one made")
        eyes.page.get_by_role("link", name="Close the old page").first.click()
        eyes.look("change an action")
        Action.objects.update(note="Theirs", version=2, due="2020-01-31")
        press(eyes, "Save the action")
        eyes.look("an action, two people at once", 409)
        eyes.at(f"{HOME}actions/?show=overdue", "actions, overdue")
        for place in ("", "anywhere-icb/", "anywhere-icb/share/"):
            eyes.at(f"{HOME}groups/{place}", f"groups, {place or 'all'}")
        eyes.at(f"{HERE}tables/", "tables")
        eyes.at(f"{HERE}tables/platforms/", "accounts from a file")
        sent = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"platform,account,mood\nfacebook,@a,glad\n"}
        eyes.page.locator("#file").set_input_files(sent)  # type: ignore[arg-type]
        press(eyes, "Show what it changes")
        eyes.look("accounts from a file, before they are saved")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(f"{HOME}actions/?show=all", "actions, as a manager")


def test_the_pages_of_a_review(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(HERE, "hub, empty")
        eyes.at(f"{HERE}summary/", "summary, empty")
        eyes.at(f"{HERE}points/", "points, none")
        eyes.at(f"{HERE}drivers/", "check answers, empty")
        press(eyes, "Complete this worksheet")
        eyes.look("check answers, something missing", 400)
        world.cycle.strategy_title = "Trust strategy 2025 to 2030"
        world.cycle.strategy_link = "https://example.org/strategy"
        world.cycle.save()
        world.fill()
        eyes.at(HERE, "hub, all answered")
        eyes.at(f"{HERE}points/", "points")
        for stage in STRATEGY.stages:
            eyes.at(f"{HERE}{stage.key}/", f"check answers, {stage.key}")
        press(eyes, "Complete this worksheet")
        eyes.at(f"{HERE}evaluation/", "check answers, complete")
        eyes.at(f"{HERE}evaluation/judgement/", "question, worksheet complete")
        eyes.at(f"{HERE}summary/", "summary, draft")
        Worksheet.objects.filter(cycle=world.cycle).update(
            status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=world.lead
        )
        eyes.at(HERE, "hub, complete")
        eyes.at(f"{HERE}summary/", "summary")
        eyes.at(f"{HERE}details/", "change a review")
        eyes.page.locator('[name="strategy_link"]').fill("ftp://example.org/strategy")
        eyes.page.locator("main form button").first.click()
        eyes.look("change a review, errors", 400)
        eyes.at(f"{HERE}archive/", "archive a review")
        eyes.page.locator("main form button").first.click()
        eyes.look("dashboard, one archived")
        eyes.at(HERE, "hub, archived")
        eyes.at(f"{HERE}drivers/aims/", "question, archived")
        eyes.at(f"{HERE}drivers/", "check answers, archived")
        eyes.at(f"{HERE}archive/", "bring back a review")
        eyes.at(f"{HOME}reviews/?archived=1", "archived reviews")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(HERE, "hub, as a manager")
        eyes.at(f"{HERE}stakeholders/presence/", "question, as a manager")


@pytest.mark.parametrize("stage", STRATEGY.stages, ids=[stage.key for stage in STRATEGY.stages])
def test_the_questions(stage: Any, opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        for question in stage.questions:
            eyes.at(address(question), f"question {question.number}, empty")
        world.fill()
        for question in stage.questions:
            eyes.at(address(question), f"question {question.number}, filled")
            if eyes.page.get_by_role("button", name="Open all").count():
                eyes.page.get_by_role("button", name="Open all").first.click()
                eyes.look(f"question {question.number}, filled and open")
            eyes.page.evaluate(SPOIL)
            press(eyes, "Save and continue")
            eyes.page.locator(".nhsuk-error-summary").wait_for()
            eyes.look(f"question {question.number}, errors", 400)


def test_what_a_question_page_says_in_between(opened: Opened, world: World, kept_pages: Path) -> None:
    world.fill()
    aims = f"{HERE}drivers/aims/"
    with looking(opened(world.lead), kept_pages) as eyes:
        page = eyes.page
        page.goto(aims)
        unfold(page)
        page.get_by_role("button", name="Remove Aim 1").click()
        page.get_by_role("button", name="Keep it").wait_for()
        eyes.look("removing a named row, with scripts")
        page.goto(f"{HERE}drivers/drivers/")
        for driver in sample()["worksheets"]["drivers"]["drivers"]["drivers"]:
            page.locator(f'[name="drivers"][value="{driver}"]').uncheck()
        page.get_by_label(re.compile("Peer pressure")).check()
        page.get_by_label(re.compile("Who else is there")).fill("Everybody.")
        press(eyes, "Save and continue")
        page.wait_for_url("**?look#look")
        eyes.look("saved, with a note")
        for key in ("setup", "stopping"):
            page.goto(f"{HERE}resources/{key}/?add={'tasks' if key == 'setup' else 'work'}")
            eyes.look(f"question {key}, a row added")
        other = opened(world.contributor).new_page()
        for one in (page, other):
            one.goto(aims)
            unfold(one)
        other.locator('[name="aims-0-statement"]').fill("By using social media, we aim to listen.")
        other.get_by_role("button", name="Save and continue", exact=True).click()
        page.locator('[name="aims-0-statement"]').fill("By using social media, we aim to answer.")
        page.locator('[name="aims-1-achievable_because"]').fill("Somebody said so.")
        press(eyes, "Save and continue")
        page.get_by_role("button", name="Save what I chose").wait_for()
        eyes.look("two answers to one question", 409)
        page.goto(aims)
        unfold(page)
        page.locator('[name="aims-0-statement"]').fill("By using social media, we aim to be quick.")
        Worksheet.objects.filter(stage="drivers").update(
            status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=world.contributor
        )
        press(eyes, "Save and continue")
        page.get_by_role("button", name="Reopen the worksheet and save").wait_for()
        eyes.look("completed in the meantime", 409)
        # The checker needs scripts, so that the page is told to send this button as it would without.
        page.goto(f"{HERE}alignment/objectives/")
        unfold(page)
        remove = page.get_by_role("button", name="Remove Objective 1")
        remove.evaluate("(button) => { button.dataset.plain = 'yes'; }")
        with page.expect_navigation():
            remove.click()
        eyes.look("removing a named row")


def test_words_without_a_break(opened: Opened, world: World, kept_pages: Path) -> None:
    def joined(value: Any) -> Any:
        """The same answers, with every text as one word."""
        match value:
            case dict():
                return {key: joined(part) for key, part in value.items()}
            case list():
                return [joined(part) for part in value]
            case str() if " " in value:
                return value.replace(" ", "") * 3
        return value

    world.fill(**joined(sample()["worksheets"]))
    with looking(opened(world.lead), kept_pages) as eyes:
        for stage in STRATEGY.stages:
            eyes.at(f"{HERE}{stage.key}/", f"check answers of long words, {stage.key}")
            for question in stage.questions:
                eyes.at(address(question), f"question {question.number}, long words")
        eyes.at(f"{HERE}summary/", "summary, long words")
    with looking(opened(world.manager), kept_pages) as eyes:
        for question in ("drivers/aims", "stakeholders/presence", "content/plan"):
            eyes.at(f"{HERE}{question}/", f"long words to read, {question}")


def test_the_guidance(opened: Opened, world: World, kept_pages: Path) -> None:
    Platform.objects.filter(key="snapchat").update(retired=True)
    with looking(opened(world.contributor), kept_pages) as eyes:
        for name in ("guidance", "guidance/platforms", "guidance/learning", "about", "accessibility"):
            eyes.at(f"/{name}/", name)
        for words in ("", "captions", "ofcom", "nothing-has-this"):
            eyes.at(f"/guidance/search/?q={words}", f"guidance, search for {words or 'nothing'}")
        for stage in STRATEGY.stages:
            eyes.at(f"/guidance/stages/{stage.key}/", f"guidance, {stage.key}")
        eyes.at("/guidance/worksheets/", "blank worksheets")


def test_the_example(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.nobody), kept_pages) as eyes:
        eyes.at("/example/", "example")
        eyes.at("/example/summary/", "example, summary")
        for stage in STRATEGY.stages:
            eyes.at(f"/example/{stage.key}/", f"example, {stage.key}")


def test_the_pages_when_something_is_wrong(
    opened: Opened, world: World, kept_pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError

    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("database is locked")

    with looking(opened(world.lead), kept_pages) as eyes:
        page = eyes.page
        for number, name, trouble in ((500, "500", broken), (503, "503", away)):
            page.goto(f"{HERE}drivers/aims/")
            page.locator('[name="aims-0-statement"]').fill("By using social media, we aim to listen.")
            with monkeypatch.context() as patch:
                patch.setattr(access, "visit_cycle", trouble)
                press(eyes, "Save and continue")
                page.get_by_role("heading", level=1).filter(has_not_text="What should be achieved").wait_for()
                eyes.look(f"{name}, while writing", number)
                eyes.at(f"{HERE}drivers/aims/", name, number)
        page.goto(f"{HERE}drivers/aims/")
        page.locator('[name="aims-0-statement"]').fill("By using social media, we aim to listen.")
        page.context.clear_cookies(name="csrftoken")
        press(eyes, "Save and continue")
        page.get_by_role("heading", level=1).filter(has_not_text="What should be achieved").wait_for()
        eyes.look("form too old", 403)
        page.goto(f"{HERE}drivers/aims/")
        page.locator('[name="aims-0-statement"]').fill("By using social media, we aim to listen.")
        page.context.clear_cookies(name="sessionid")
        press(eyes, "Save and continue")
        page.get_by_role("heading", level=1).filter(has_not_text="What should be achieved").wait_for()
        eyes.look("signed out while writing", 403)
        page.get_by_label("Email address", exact=True).fill(world.lead.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(eyes, "Sign in")
        page.get_by_role("heading", level=1).filter(has_text="What should be achieved").wait_for()
        eyes.look("back in its fields after signing in")


def set_up_an_organisation(eyes: Looking) -> None:
    """The form, what is wrong in it, and the page after it; then one that nobody leads."""
    page = eyes.page
    eyes.at("/admin/worksheets/organisation/add/", "administration, set up an organisation")
    page.get_by_label("Name:", exact=True).press_sequentially("NHS Somewhere")
    assert page.get_by_label("Short name for addresses").input_value() == "nhs-somewhere"
    page.get_by_role("button", name="Set up and send the invitation").click()
    page.get_by_text("Enter the email address of the first lead.").wait_for()
    eyes.look("administration, set up an organisation, errors")
    page.get_by_label("Email address of the first lead").fill("nell@example.org")
    page.get_by_label("Your own password").fill(PASSWORD)
    page.get_by_role("button", name="Set up and send the invitation").click()
    page.get_by_text("Invitation sent to nell@example.org.").wait_for()
    eyes.look("administration, an organisation that was set up")
    page.get_by_role("link", name="Send nell@example.org the invitation again").click()
    page.get_by_role("button", name="Send the invitation again").wait_for()
    eyes.look("administration, send the invitation again")
    Membership.objects.filter(user__email="nell@example.org").delete()
    here = Organisation.objects.get(slug="nhs-somewhere")
    eyes.at(f"/admin/worksheets/organisation/{here.pk}/change/", "administration, an organisation that nobody leads")


def test_the_administration(opened: Opened, world: World, kept_pages: Path) -> None:
    note = Guidance.objects.get(key="questions/aims")
    with looking(opened(world.admin), kept_pages) as eyes:
        eyes.at("/admin/", "administration")
        eyes.at("/admin/worksheets/guidance/", "administration, guidance")
        eyes.at(f"/admin/worksheets/guidance/{note.pk}/change/", "administration, a text")
        eyes.page.get_by_role("button", name="Preview").click()
        eyes.page.get_by_role("heading", name="Preview, not saved yet").wait_for()
        eyes.look("administration, preview of a text")
        eyes.at(f"/admin/worksheets/guidance/{note.pk}/history/", "administration, history of a text")
        eyes.at("/admin/worksheets/platform/", "administration, platforms")
        platform = Platform.objects.get(key="facebook")
        eyes.at(f"/admin/worksheets/platform/{platform.pk}/change/", "administration, a platform")
        for what, row in (("user", world.lead), ("organisation", world.anywhere)):
            eyes.at(f"/admin/worksheets/{what}/{row.pk}/change/", f"administration, {what}")
        Organisation.objects.filter(pk=world.anywhere.pk).update(name="What somebody else wrote")
        eyes.page.get_by_role("button", name="Save", exact=True).click()
        eyes.page.get_by_role("heading", name="What was saved meanwhile").wait_for()
        eyes.look("administration, an organisation that somebody else changed")
        for what in ("user", "organisation", "cycle"):
            eyes.at(f"/admin/worksheets/{what}/", f"administration, list of {what}")
        set_up_an_organisation(eyes)
        eyes.at(f"/admin/worksheets/user/{world.lead.pk}/password/", "administration, a password")
        eyes.page.get_by_role("button", name="Change password").click()
        eyes.page.get_by_text("Please correct the errors below").wait_for()
        eyes.look("administration, a password, errors")
        AuditEvent.objects.create(kind="signed-in", about=world.lead, by=world.lead, source="192.0.2.1")
        eyes.at("/admin/worksheets/auditevent/", "administration, audit trail")
