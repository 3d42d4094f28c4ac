"""Signing off while others print: it goes on in the background, happens once, and can be tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.printing import leads_to, refuse, work
from tests.reading import tree, words
from tests.world import World, person
from worksheets.models import Cycle, Decision, Issued, Membership, Printing, Role, User, Worksheet
from worksheets.report import machine, queue
from worksheets.report.printer import TooLarge, TooSlow, Unavailable
from worksheets.signoff import decisions
from worksheets.signoff import mail as mails

SignIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
SUBMIT, DECIDE = f"{HERE}submit/", f"{HERE}decide/"
State = Cycle.State

pytestmark = pytest.mark.usefixtures("printed")


@pytest.fixture
def submission(world: World) -> Decision:
    """The review of NHS Anywhere is finished and handed over."""
    world.fill()
    world.cycle.worksheets.update(
        status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=world.lead
    )
    return decisions.submit(world.visit(world.lead), "Ready.")


@pytest.fixture
def other_manager(world: World) -> User:
    moe = person("moe@example.org", "Moe Manager")
    Membership.objects.create(user=moe, organisation=world.anywhere, role=Role.MANAGER)
    return moe


def sign(client: Client, submission: Decision, note: str = "Well done.") -> HttpResponse:
    return client.post(DECIDE, {"do": "sign-off", "submission": submission.pk, "note": note})


def state(world: World) -> str:
    return Cycle.objects.get(pk=world.cycle.pk).state


def test_a_sign_off_that_takes_long_is_done_when_its_file_is_there(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None]
) -> None:
    manager = signed_in(world.manager)
    response = sign(manager, submission)
    assert response.status_code == 302
    there = response["Location"]
    page = manager.get(there)
    assert page.status_code == 202
    assert leads_to(page) == there
    assert page.headers["Cache-Control"] == "no-store"
    assert "The review is signed off as soon as the PDF with your name on it is there." in words(page)
    assert (state(world), mail.outbox) == (State.SUBMITTED, [])
    for address in (HERE, SUBMIT):
        for user in (world.lead, world.contributor, world.manager):
            assert "Mary Manager is signing this review off." in words(signed_in(user).get(address))
    work()
    assert manager.get(there)["Location"] == SUBMIT
    assert "The review is signed off. We have told Lena Lead by email." in words(manager.get(SUBMIT))
    assert state(world) == State.SIGNED_OFF


def test_a_sign_off_completes_once_when_the_browser_is_closed(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None], printed: list[str]
) -> None:
    before = timezone.now()
    sign(signed_in(world.manager), submission)
    asked = Printing.objects.get().asked_at
    work()
    work()
    issued = Issued.objects.get(cycle=world.cycle)
    decision = Decision.objects.get(cycle=world.cycle, kind="signed-off")
    # The time is that at which the manager decided, and the day on the cover is its day.
    assert before <= asked == issued.issued_at == decision.decided_at
    assert (decision.decided_by, decision.note) == (world.manager, "Well done.")
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]
    assert len(printed) == 1
    assert "is signing this review off" not in words(signed_in(world.lead).get(HERE))


def test_who_presses_twice_signs_off_once(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None]
) -> None:
    manager = signed_in(world.manager)
    assert sign(manager, submission)["Location"] == sign(manager, submission)["Location"]
    work()
    assert sign(manager, submission)["Location"] == SUBMIT
    assert Issued.objects.count() == 1
    assert len(mail.outbox) == 1


def test_of_two_managers_who_sign_off_at_once_one_does(
    world: World, signed_in: SignIn, submission: Decision, other_manager: User, busy: list[None]
) -> None:
    sign(signed_in(world.manager), submission)
    moe = signed_in(other_manager)
    page = sign(moe, submission, "I liked aim 2.")
    assert page.status_code == 409
    assert "Mary Manager is signing this review off now." in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "I liked aim 2."
    assert "Sign off this review" not in words(page)
    assert "Mary Manager is signing this review off now." in words(moe.get(DECIDE))
    # The number of another manager's sign-off is no way in.
    assert moe.get(f"{DECIDE}?asked={Printing.objects.get().pk}").status_code == 200
    work()
    assert Issued.objects.get().issued_by == world.manager


@pytest.mark.parametrize("how", ["withdrawn", "sent back", "submitted again"])
def test_what_is_taken_back_while_its_pages_are_set_is_not_signed_off(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None], other_manager: User, how: str
) -> None:
    manager = signed_in(world.manager)
    there = sign(manager, submission, "Splendid.")["Location"]
    if how == "sent back":
        decisions.send_back(world.visit(other_manager), submission.pk, "Not yet.")
    else:
        decisions.withdraw(world.visit(world.lead))
    if how == "submitted again":
        decisions.submit(world.visit(world.lead))
    work()
    page = manager.get(there)
    assert page.status_code == 409
    assert "This review has changed while you were on that page" in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "Splendid."
    assert state(world) == (State.SUBMITTED if how == "submitted again" else State.OPEN)
    assert not Issued.objects.exists()
    assert "wanted to sign" not in words(signed_in(world.lead).get(HERE))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (Unavailable("It ended with -9."), 503, "You can sign it off again now."),
        (TooSlow(), 503, "Answers of ordinary length never do that."),
        (TooLarge(), 413, "Send it back, and tell the team what to change."),
    ],
)
def test_a_sign_off_that_was_not_possible_says_why_and_can_be_tried_again(
    world: World,
    signed_in: SignIn,
    submission: Decision,
    busy: list[None],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    says: str,
) -> None:
    manager = signed_in(world.manager)
    there = sign(manager, submission)["Location"]
    with monkeypatch.context() as failing:
        refuse(failing, error)
        work()
    page = manager.get(there)
    assert page.status_code == status
    assert "The review is not signed off." in words(page)
    assert says in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "Well done."
    assert "The review is not signed off." in words(manager.get(DECIDE))
    assert "Mary Manager wanted to sign this review off" in words(signed_in(world.lead).get(HERE))
    assert (state(world), mail.outbox) == (State.SUBMITTED, [])
    # The same button, at once.
    assert sign(manager, submission).status_code == 302
    work()
    assert state(world) == State.SIGNED_OFF
    assert "wanted to sign" not in words(signed_in(world.lead).get(HERE))


def test_what_was_issued_is_not_issued_again_when_the_process_ended_before_the_mail(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The end of the process, in the middle of something."""

    def kill(*_args: Any) -> bool:
        raise Killed

    manager = signed_in(world.manager)
    there = sign(manager, submission)["Location"]
    with monkeypatch.context() as killing:
        killing.setattr(mails, "tell", kill)
        with pytest.raises(Killed):
            work()
    assert (state(world), mail.outbox) == (State.SIGNED_OFF, [])
    work()
    assert manager.get(there)["Location"] == SUBMIT
    assert Issued.objects.count() == 1
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]


@pytest.mark.parametrize("how", ["other role", "removed", "switched off"])
def test_who_may_not_decide_any_more_when_the_file_is_made_signs_nothing_off(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None], how: str
) -> None:
    sign(signed_in(world.manager), submission)
    membership = world.anywhere.memberships.filter(user=world.manager)
    if how == "other role":
        membership.update(role=Role.CONTRIBUTOR)
    elif how == "removed":
        membership.delete()
    else:
        User.objects.filter(pk=world.manager.pk).update(is_active=False)
    work()
    assert state(world) == State.SUBMITTED
    assert not Issued.objects.exists()
    assert "sign this review off" not in words(signed_in(world.lead).get(HERE))


def test_whoever_looks_at_the_review_wakes_who_prints(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None]
) -> None:
    sign(signed_in(world.manager), submission)
    assert queue.claim()
    busy.clear()
    signed_in(world.lead).get(HERE)
    assert len(busy) == 1
    work()
    assert state(world) == State.SIGNED_OFF
    busy.clear()
    signed_in(world.lead).get(HERE)
    assert busy == []


def test_a_sign_off_for_which_nobody_can_print_ends_with_why_and_can_be_tried_again(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in(world.manager)
    there = sign(manager, submission, note="Well done")["Location"]
    monkeypatch.setattr(machine, "failed", lambda: queue.MOST_TRIES)
    page = manager.get(there)
    assert page.status_code == 503
    assert "The PDF can't be made just now" in words(page)
    assert "Well done" in page.content.decode()
    assert state(world) == State.SUBMITTED
    monkeypatch.undo()
    sign(manager, submission)
    assert state(world) == State.SIGNED_OFF


def test_a_sign_off_waits_behind_summaries_and_is_told_its_place(
    world: World, signed_in: SignIn, submission: Decision, busy: list[None]
) -> None:
    signed_in(world.lead).get(f"{HERE}summary.pdf")
    manager = signed_in(world.manager)
    assert "1 summary is before yours." in words(manager.get(sign(manager, submission)["Location"]))
