"""From submission to sign-off and beyond: who may decide what, what is kept, and what never changes again."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reading import error_messages, form_of, seen_on, tree, words
from tests.world import World, person, sample
from worksheets import interchange, saving
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Decision, Issued, Membership, Reason, Result, Revision, Role, User, Worksheet
from worksheets.report.printer import Printed, TooLarge, Unavailable
from worksheets.signoff import decisions, revising
from worksheets.signoff.board import board_of, decisions_of
from worksheets.signoff.decisions import Kind, NotReady, TooLate

SignedIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
SUBMIT, DECIDE, PDF = f"{HERE}submit/", f"{HERE}decide/", f"{HERE}summary.pdf"
State = Cycle.State


pytestmark = pytest.mark.usefixtures("printed")


def finish(world: World, **stages: Any) -> None:
    """Answer everything, and complete all six worksheets."""
    world.fill(**stages)
    world.cycle.worksheets.update(
        status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=world.lead
    )


def submitted(world: World) -> Decision:
    finish(world)
    decision = decisions.submit(world.visit(world.lead), "Ready.")
    world.cycle.refresh_from_db()
    return decision


def signed_off(world: World) -> Issued:
    decision = submitted(world)
    decisions.sign_off(world.visit(world.manager), decision.pk, "Well done.")
    world.cycle.refresh_from_db()
    return Issued.objects.get(cycle=world.cycle)


def state(world: World) -> str:
    return Cycle.objects.get(pk=world.cycle.pk).state


def kinds(world: World) -> list[str]:
    return [decision.kind for decision in decisions_of(world.cycle)]


def sign(client: Client, submission: int, **more: str) -> HttpResponse:
    return client.post(DECIDE, {"do": "sign-off", "submission": submission, **more})


# Submitting.


def test_a_review_that_is_not_finished_says_what_is_missing(world: World, signed_in: SignedIn) -> None:
    lead = signed_in(world.lead)
    page = lead.post(SUBMIT, {"do": "submit"})
    assert page.status_code == 400
    assert len(error_messages(page)) == 6
    assert error_messages(page)[0] == "Complete worksheet 1, drivers and aims"
    links = [link.get("href") for link in tree(page).xpath("//*[contains(@class, 'error-summary')]//a")]
    assert links[0] == f"{HERE}drivers/"
    assert (state(world), kinds(world)) == (State.OPEN, [])


def test_a_point_that_says_stop_is_mended_or_answered_first(world: World, signed_in: SignedIn) -> None:
    answers = copy.deepcopy(sample()["worksheets"])
    answers["drivers"]["drivers"] = {"drivers": ["peers"], "peers_evidence": "Everybody else has a page."}
    finish(world, **answers)
    lead = signed_in(world.lead)
    page = lead.post(SUBMIT, {"do": "submit"})
    assert page.status_code == 400
    assert "Mend this, or write a reason: Peer pressure" in error_messages(page)[0]
    link = tree(page).xpath("//*[contains(@class, 'error-summary')]//a")[0].get("href")
    address, _, element = link.partition("#")
    assert tree(lead.get(address)).xpath("//*[@id=$id]", id=element)
    (point,) = review_of(world.cycle).stops
    Reason.objects.create(cycle=world.cycle, finding=point.key[0], subjects=point.key[1], text="It must be.")
    assert lead.post(SUBMIT, {"do": "submit"}).status_code == 302
    assert state(world) == State.SUBMITTED


def test_a_lead_submits_and_managers_hear_of_it(world: World, signed_in: SignedIn) -> None:
    finish(world)
    Membership.objects.create(user=person("moe@example.org", "Moe"), organisation=world.anywhere, role=Role.MANAGER)
    gone = person("gone@example.org", "Gone", is_active=False)
    Membership.objects.create(user=gone, organisation=world.anywhere, role=Role.MANAGER)
    response = signed_in(world.lead).post(SUBMIT, {"do": "submit", "note": "Have a look at aim 2."})
    assert response["Location"] == SUBMIT
    assert sorted(message.to for message in mail.outbox) == [["manager@example.org"], ["moe@example.org"]]
    text = mail.outbox[0].body
    assert "A lead has submitted a review of NHS Anywhere Foundation Trust" in text
    assert f"{settings.SITE_URL}{DECIDE}" in text
    assert "There is a note." in text
    assert not [words for words in ("Lena", "Autumn", "Have a look at aim 2.") if words in text]
    assert mail.outbox[0].subject == "A review waits for your sign-off: NHS Anywhere Foundation Trust"
    html = signed_in(world.manager).get("/o/nhs-anywhere/reviews/").content.decode()
    assert f'href="{DECIDE}"' in html
    assert "Submitted" in html
    assert f'href="{DECIDE}"' not in signed_in(world.contributor).get("/o/nhs-anywhere/reviews/").content.decode()
    assert "Have a look at aim 2." in words(signed_in(world.manager).get(DECIDE))


def test_a_mail_that_fails_undoes_nothing_and_is_said(world: World, signed_in: SignedIn, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.test_signoff.Broken"
    finish(world)
    lead = signed_in(world.lead)
    assert lead.post(SUBMIT, {"do": "submit"}).status_code == 302
    assert state(world) == State.SUBMITTED
    assert "We could not send an email to every manager: tell manager@example.org yourself." in words(lead.get(SUBMIT))


class Broken:
    """A way to send mail that does not work."""

    def __init__(self, **_options: Any) -> None:
        """Takes what every way takes."""

    def __enter__(self) -> Broken:
        raise ConnectionRefusedError

    def __exit__(self, *_args: object) -> None:
        """Nothing to close."""


def test_without_a_manager_a_lead_is_told_to_add_one(world: World, signed_in: SignedIn) -> None:
    world.anywhere.memberships.filter(role=Role.MANAGER).delete()
    finish(world)
    lead = signed_in(world.lead)
    assert "has no manager yet" in words(lead.get(SUBMIT))
    lead.post(SUBMIT, {"do": "submit"})
    assert not mail.outbox
    assert "Your organisation has no manager yet" in words(lead.get(SUBMIT))


def test_what_counts_is_what_is_stored_when_it_is_submitted(world: World) -> None:
    finish(world)
    stale = world.visit(world.lead)
    saving.reopen(world.cycle.worksheets.get(stage="drivers"))
    with pytest.raises(NotReady):
        decisions.submit(stale)
    assert (state(world), kinds(world)) == (State.OPEN, [])


# Who may decide what.


def test_each_decision_is_for_one_role(world: World, signed_in: SignedIn) -> None:
    decision = submitted(world)
    sent = {
        "withdraw": (SUBMIT, {"do": "withdraw"}),
        "submit": (SUBMIT, {"do": "submit"}),
        "send back": (DECIDE, {"do": "send-back", "submission": decision.pk, "note": "No."}),
        "sign off": (DECIDE, {"do": "sign-off", "submission": decision.pk}),
        "revise": (f"{HERE}revise/", {}),
        "conclude": (f"{HERE}conclusion/", {"because": "We would rather not."}),
    }
    refused = {
        world.contributor: {*sent},
        world.manager: {"withdraw", "submit", "revise", "conclude"},
        world.lead: {"send back", "sign off", "conclude"},
    }
    for user, actions in refused.items():
        for action in actions:
            address, data = sent[action]
            assert signed_in(user).post(address, data).status_code == 403, (user, action)
    for user in (world.outsider, world.nobody, world.admin):
        for address, data in sent.values():
            assert signed_in(user).post(address, data).status_code == 404
    for address, data in sent.values():
        assert "/accounts/login/" in signed_in_nowhere().post(address, data).get("Location", "/accounts/login/")
    assert (state(world), kinds(world)) == (State.SUBMITTED, ["submitted"])


def signed_in_nowhere() -> Client:
    return Client()


def test_forged_pages_decide_nothing(world: World) -> None:
    decision = submitted(world)
    for user, address, data in (
        (world.lead, SUBMIT, {"do": "withdraw"}),
        (world.manager, DECIDE, {"do": "sign-off", "submission": decision.pk}),
    ):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert strict.post(address, data).status_code == 403
    assert state(world) == State.SUBMITTED


def test_nobody_signs_off_what_they_submitted(world: World, signed_in: SignedIn) -> None:
    decision = submitted(world)
    world.anywhere.memberships.filter(user=world.lead).update(role=Role.MANAGER)
    client = signed_in(world.lead)
    page = words(client.get(DECIDE))
    assert "Another manager must sign it off" in page
    assert "Sign off this review" not in page
    assert sign(client, decision.pk).status_code == 403
    assert state(world) == State.SUBMITTED
    data = {"do": "send-back", "submission": decision.pk, "note": "Not yet."}
    assert client.post(DECIDE, data).status_code == 302


# Submitted: nothing moves but by a decision.


def test_a_submitted_review_is_read_only(world: World, signed_in: SignedIn) -> None:
    submitted(world)
    lead = signed_in(world.lead)
    before = list(world.cycle.worksheets.values("answers", "version", "status"))
    for address, data in (
        (f"{HERE}drivers/aims/", {"do": "save"}),
        (f"{HERE}drivers/", {"do": "reopen"}),
        (f"{HERE}details/", {"name": "Other"}),
    ):
        assert lead.post(address, data).status_code == 403
    assert lead.get(f"{HERE}details/").status_code == 403
    assert "This review is submitted for sign-off." in words(lead.get(HERE))
    assert "This review is submitted for sign-off." in words(lead.get(f"{HERE}drivers/"))
    assert "This review is submitted for sign-off." in words(lead.get(f"{HERE}drivers/aims/"))
    assert list(world.cycle.worksheets.values("answers", "version", "status")) == before


def test_a_save_that_was_under_way_when_it_was_submitted_is_refused(world: World) -> None:
    finish(world)
    worksheet = world.cycle.worksheets.select_related("cycle").get(stage="drivers")
    worksheet.status = Worksheet.Status.OPEN
    world.cycle.worksheets.filter(stage="drivers").update(status=Worksheet.Status.OPEN)
    Cycle.objects.filter(pk=world.cycle.pk).update(state=State.SUBMITTED)
    for write in (
        lambda: saving.save_answer(worksheet, "aims", {}, user=world.lead),
        lambda: saving.complete(worksheet, world.lead),
        lambda: saving.reopen(world.cycle.worksheets.get(stage="alignment")),
    ):
        with pytest.raises(TooLate):
            write()
    assert not world.cycle.worksheets.get(stage="drivers").complete
    assert world.cycle.worksheets.get(stage="alignment").complete
    assert not Revision.objects.exists()


def test_what_was_typed_when_it_was_submitted_is_still_there(
    world: World, signed_in: SignedIn, monkeypatch: Any
) -> None:
    world.fill()
    lead = signed_in(world.lead)
    sent = form_of(lead.get(f"{HERE}drivers/drivers/"))
    real = saving.InWorksheet.write

    def submitted_first(place: saving.InWorksheet, *args: Any) -> bool:
        Cycle.objects.filter(pk=place.worksheet.cycle_id).update(state=State.SUBMITTED)
        return real(place, *args)

    monkeypatch.setattr(saving.InWorksheet, "write", submitted_first)
    sent |= {"drivers": ["audience"], "audience_evidence": ["A letter from a reader."]}
    page = lead.post(f"{HERE}drivers/drivers/", sent)
    assert page.status_code == 409
    assert "This review is submitted now, so your answer is not saved." in words(page)
    assert "A letter from a reader." in page.content.decode()


def test_a_lead_withdraws_and_the_team_goes_on(world: World, signed_in: SignedIn) -> None:
    submitted(world)
    response = signed_in(world.lead).post(SUBMIT, {"do": "withdraw", "note": "One more thing."})
    assert response["Location"] == HERE
    assert (state(world), kinds(world)) == (State.OPEN, ["submitted", "withdrawn"])
    assert "withdrawn" in mail.outbox[-1].subject
    assert signed_in(world.lead).post(f"{HERE}drivers/", {"do": "reopen"}).status_code == 302


def test_a_manager_sends_back_with_a_note(world: World, signed_in: SignedIn) -> None:
    decision = submitted(world)
    manager = signed_in(world.manager)
    page = manager.post(DECIDE, {"do": "send-back", "submission": decision.pk})
    assert (page.status_code, error_messages(page)) == (400, ["Enter a note that says what should change"])
    data = {"do": "send-back", "submission": decision.pk, "note": "Say more about <risks>."}
    assert manager.post(DECIDE, data)["Location"] == SUBMIT
    assert (state(world), kinds(world)) == (State.OPEN, ["submitted", "sent-back"])
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]
    assert "There is a note." in mail.outbox[0].body
    assert "Say more about" not in mail.outbox[0].body
    html = signed_in(world.contributor).get(HERE).content.decode()
    assert "<bdi>Mary Manager</bdi> sent this review back" in html
    assert "Say more about &lt;risks&gt;." in html


# Signing off.


def test_sign_off_keeps_the_very_file_with_its_digest(world: World, signed_in: SignedIn, printed: list[str]) -> None:
    decision = submitted(world)
    assert sign(signed_in(world.manager), decision.pk, note="Well done.")["Location"] == SUBMIT
    issued = Issued.objects.get(cycle=world.cycle)
    assert state(world) == State.SIGNED_OFF
    assert issued.sha256 == hashlib.sha256(bytes(issued.pdf)).hexdigest()
    assert issued.issued_by == world.manager
    last = decisions_of(world.cycle)[-1]
    assert (last.kind, last.note, last.decided_at) == ("signed-off", "Well done.", issued.issued_at)
    day = timezone.localtime(issued.issued_at)
    assert f"Signed off by Mary Manager on {day.day} {day:%B %Y}" in printed[0]
    assert f'data-running="Signed off on {day.day} {day:%B %Y}"' in printed[0]
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]
    assert "Well done." in words(signed_in(world.contributor).get(SUBMIT))


def test_everybody_gets_the_issued_file_byte_for_byte_for_ever(
    world: World, signed_in: SignedIn, settings: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    issued = signed_off(world)
    kept = bytes(issued.pdf)
    monkeypatch.setattr(decisions.printer, "print", _fail(Unavailable("No pages are set any more.")))
    for _ in range(2):
        for user in (world.lead, world.contributor, world.manager):
            response = signed_in(user).get(PDF)
            assert response.content == kept
            assert response["ETag"] == f'"{issued.sha256}"'
    # After an upgrade: another version, other names, other people.
    monkeypatch.setattr("worksheets.__version__", "another")
    world.anywhere.name = "NHS Renamed"
    world.anywhere.save()
    User.objects.filter(pk=world.manager.pk).update(name="Mary Married")
    response = signed_in(world.lead).get(PDF)
    assert response.content == kept
    again = signed_in(world.lead).get(PDF, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    file = tmp_path / "summary.pdf"
    call_command("render_summary", "nhs-anywhere/autumn-2026", output=str(file), stdout=StringIO())
    assert file.read_bytes() == kept
    page = words(signed_in(world.lead).get(f"{HERE}summary/"))
    assert "The file that was issued is the PDF" in page
    for user in (world.outsider, world.nobody, world.admin):
        assert signed_in(user).get(PDF).status_code == 404


def _fail(error: Exception) -> Callable[[str], Printed]:
    def print_(html: str) -> Printed:
        raise error

    return print_


@pytest.mark.parametrize(("error", "status"), [(TooLarge(), 413), (Unavailable("Busy."), 503)])
def test_when_the_pages_cannot_be_set_nothing_changes(
    world: World, signed_in: SignedIn, monkeypatch: Any, error: Exception, status: int
) -> None:
    decision = submitted(world)
    monkeypatch.setattr(decisions.printer, "print", _fail(error))
    page = sign(signed_in(world.manager), decision.pk, note="All my praise.")
    assert page.status_code == status
    assert "The review is not signed off" in words(page)
    assert "All my praise." in page.content.decode()
    assert (state(world), kinds(world)) == (State.SUBMITTED, ["submitted"])
    assert not Issued.objects.exists()
    assert not mail.outbox


def test_when_the_file_cannot_be_kept_nothing_changes(world: World, monkeypatch: Any) -> None:
    decision = submitted(world)

    def full(**_values: Any) -> None:
        raise OSError("No room.")

    monkeypatch.setattr(Issued.objects, "create", full)
    with pytest.raises(OSError, match="No room"):
        decisions.sign_off(world.visit(world.manager), decision.pk)
    assert (state(world), kinds(world)) == (State.SUBMITTED, ["submitted"])


# Two at once.


def test_of_two_decisions_at_once_one_wins(world: World) -> None:
    decision = submitted(world)
    manager, lead = world.visit(world.manager), world.visit(world.lead)
    decisions.withdraw(world.visit(world.lead))
    with pytest.raises(TooLate):
        decisions.send_back(manager, decision.pk, "No.")
    with pytest.raises(TooLate):
        decisions.withdraw(lead)
    assert kinds(world) == ["submitted", "withdrawn"]


@pytest.mark.parametrize("again", [False, True])
def test_a_review_that_was_taken_back_while_its_pages_were_set_is_not_signed_off(
    world: World, signed_in: SignedIn, monkeypatch: Any, again: bool
) -> None:
    decision = submitted(world)

    def withdrawn_meanwhile(html: str) -> Printed:
        decisions.withdraw(world.visit(world.lead))
        if again:
            decisions.submit(world.visit(world.lead))
        return Printed(b"%PDF-1.7 of what was handed over before", 1)

    monkeypatch.setattr(decisions.printer, "print", withdrawn_meanwhile)
    page = sign(signed_in(world.manager), decision.pk, note="Splendid.")
    assert page.status_code == 409
    assert "This review has changed while you were on that page" in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "Splendid."
    assert state(world) == (State.SUBMITTED if again else State.OPEN)
    assert "signed-off" not in kinds(world)
    assert not Issued.objects.exists()


def test_nobody_signs_off_a_version_they_have_not_seen(world: World, signed_in: SignedIn) -> None:
    old = submitted(world)
    decisions.withdraw(world.visit(world.lead))
    decisions.submit(world.visit(world.lead))
    for seen in (old.pk, 0, "x", "9" * 30, ""):
        assert sign(signed_in(world.manager), seen).status_code == 409  # type: ignore[arg-type]
    assert state(world) == State.SUBMITTED


def test_an_archived_review_is_brought_back_before_it_is_decided_on(world: World, signed_in: SignedIn) -> None:
    decision = submitted(world)
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert sign(signed_in(world.manager), decision.pk).status_code == 403
    assert signed_in(world.lead).post(SUBMIT, {"do": "withdraw"}).status_code == 409
    assert state(world) == State.SUBMITTED


# Signed off: for ever.


def test_a_signed_off_review_takes_no_write_of_any_kind(world: World, signed_in: SignedIn) -> None:
    issued = signed_off(world)
    lead, manager = signed_in(world.lead), signed_in(world.manager)
    for address, data in (
        (f"{HERE}drivers/aims/", {"do": "save"}),
        (f"{HERE}drivers/", {"do": "reopen"}),
        (f"{HERE}drivers/", {"do": "complete"}),
        (f"{HERE}details/", {"name": "Other"}),
        (f"{HERE}points/", {"point": "x|", "text": "A reason."}),
        (f"{HERE}conclusion/", {"because": "No."}),
        (f"{HERE}comments/aims/", {"text": "A comment."}),
    ):
        assert lead.post(address, data).status_code == 403, address
    submission = decisions.submission_of(world.cycle)
    assert submission
    for client, address, data in (
        (lead, SUBMIT, {"do": "submit"}),
        (lead, SUBMIT, {"do": "withdraw"}),
        (manager, DECIDE, {"do": "sign-off", "submission": submission.pk}),
        (manager, DECIDE, {"do": "send-back", "submission": submission.pk, "note": "Back."}),
    ):
        assert client.post(address, data).status_code == 409
    with pytest.raises(interchange.Refused, match="is signed off, and can only be read"):
        interchange.store(interchange.read(interchange.export(review_of(world.cycle), world.cycle)), replace=True)
    assert kinds(world) == ["submitted", "signed-off"]
    assert bytes(Issued.objects.get().pdf) == bytes(issued.pdf)


def test_a_signed_off_review_is_archived_and_never_deleted(world: World, signed_in: SignedIn) -> None:
    signed_off(world)
    signed_in(world.lead).post(f"{HERE}archive/", {"do": "archive"})
    assert signed_in(world.contributor).get(PDF).status_code == 200
    admin = signed_in(world.admin)
    change = reverse("admin:worksheets_cycle_change", args=[world.cycle.pk])
    assert admin.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert "id_name" not in admin.get(change).content.decode()
    admin.post(change, {"name": "Other", "starts": "2020-01-01", "ends": "2021-01-01"})
    with pytest.raises(ProtectedError):
        world.cycle.delete()
    with pytest.raises(ProtectedError):
        world.anywhere.delete()
    world.cycle.refresh_from_db()
    assert (world.cycle.name, world.cycle.state) == ("Autumn 2026", State.SIGNED_OFF)


def test_an_administrator_does_not_open_what_was_submitted_meanwhile(world: World, signed_in: SignedIn) -> None:
    admin = signed_in(world.admin)
    change = reverse("admin:worksheets_cycle_change", args=[world.cycle.pk])
    data = {"name": "Autumn, mended", "starts": "2026-10-01", "ends": "2027-03-31"}
    assert admin.post(change, data).status_code == 302
    world.cycle.refresh_from_db()
    assert world.cycle.name == "Autumn, mended"
    submitted(world)
    admin.post(change, data | {"name": "Other"})
    world.cycle.refresh_from_db()
    assert (world.cycle.name, world.cycle.state) == ("Autumn, mended", State.SUBMITTED)


# "We decided not to use social media".


def conclude(world: World) -> None:
    answers = sample()["worksheets"]
    world.fill(drivers=answers["drivers"], alignment={"objectives": answers["alignment"]["objectives"]})
    world.cycle.worksheets.filter(stage="drivers").update(status=Worksheet.Status.COMPLETE)


def test_a_review_may_end_without_social_media(world: World, signed_in: SignedIn, printed: list[str]) -> None:
    conclude(world)
    lead = signed_in(world.lead)
    page = lead.post(f"{HERE}conclusion/", {"because": " "})
    assert error_messages(page) == ["Enter why you decided not to use social media"]
    assert lead.post(f"{HERE}conclusion/", {"because": "No aim helps.\nA letter does.", "seen": ""})["Location"] == HERE
    for address in (HERE, SUBMIT, f"{HERE}summary/"):
        page = words(signed_in(world.manager).get(address))
        assert "We decided not to use social media." in page
        assert "A letter does." in page
    assert lead.post(SUBMIT, {"do": "submit"}).status_code == 302
    submission = decisions.submission_of(world.cycle)
    assert submission
    assert sign(signed_in(world.manager), submission.pk).status_code == 302
    html = printed[0]
    cover, rest = html.split("</section>", 1)
    assert "We decided not to use social media." in cover
    assert "No aim helps." in rest
    assert "1. Drivers and aims" in rest
    assert "question-3" in rest
    for left_out in ("question-4", "The strategy on a page</h2>", "Points to resolve</h2>"):
        assert left_out not in rest


def test_the_conclusion_asks_for_what_it_stands_on(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(ending="not-using", ending_because="We would rather not.")
    page = signed_in(world.lead).post(SUBMIT, {"do": "submit"})
    assert [message.split(",")[0] for message in error_messages(page)] == ["Complete worksheet 1", "Answer question 3"]
    links = [link.get("href") for link in tree(page).xpath("//*[contains(@class, 'error-summary')]//a")]
    assert links == [f"{HERE}drivers/", f"{HERE}alignment/objectives/"]
    assert state(world) == State.OPEN


def test_the_reason_of_the_conclusion_answers_every_stop(world: World) -> None:
    conclude(world)
    alignment = {"objectives": copy.deepcopy(sample()["worksheets"]["alignment"]["objectives"])}
    for row in alignment["objectives"]["objectives"]:
        row.pop("aims", None)
    world.fill(alignment=alignment)
    assert review_of(world.cycle).stops
    Cycle.objects.filter(pk=world.cycle.pk).update(
        ending="not-using", ending_because="No objective is helped by any aim."
    )
    assert decisions.submit(world.visit(world.lead)).kind == Kind.SUBMITTED


def test_the_conclusion_is_taken_back_and_never_overwritten_unseen(world: World, signed_in: SignedIn) -> None:
    lead = signed_in(world.lead)
    address = f"{HERE}conclusion/"
    lead.post(address, {"because": "Hers.", "seen": ""})
    page = lead.post(address, {"because": "Mine.", "seen": ""})
    assert page.status_code == 409
    assert "Hers." in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "Mine."
    assert lead.post(address, {"do": "remove", "seen": seen_on(page)}).status_code == 302
    world.cycle.refresh_from_db()
    assert (world.cycle.ending, world.cycle.ending_because) == ("", "")
    for user in (world.contributor, world.manager):
        assert signed_in(user).get(address).status_code == 403


# Revisions.


def test_a_revision_starts_with_the_same_answers_and_keeps_the_old_one(world: World, signed_in: SignedIn) -> None:
    issued = signed_off(world)
    Result.objects.create(cycle=world.cycle, measure="m1", on="2026-12-01", value=12, entered_by=world.lead)
    Reason.objects.create(cycle=world.cycle, finding="a.b", text="So it is.", written_by=world.lead)
    lead = signed_in(world.lead)
    assert "Autumn 2026, revision 2" in words(lead.get(f"{HERE}revise/"))
    response = lead.post(f"{HERE}revise/")
    there = "/o/nhs-anywhere/reviews/autumn-2026-revision-2/"
    assert response["Location"] == there
    revision = Cycle.objects.get(slug="autumn-2026-revision-2")
    assert (revision.state, revision.revises, revision.starts) == (State.OPEN, world.cycle, world.cycle.starts)
    answers = {sheet.stage: sheet.answers for sheet in revision.worksheets.all()}
    assert answers == {sheet.stage: sheet.answers for sheet in world.cycle.worksheets.all()}
    assert not revision.worksheets.exclude(status=Worksheet.Status.OPEN).exists()
    assert Revision.objects.filter(worksheet__cycle=revision, saved_by=world.lead).count() == 21
    assert (revision.results.count(), revision.reasons.count()) == (1, 1)
    world.cycle.refresh_from_db()
    assert world.cycle.state == State.SIGNED_OFF
    assert lead.get(PDF).content == bytes(issued.pdf)
    assert f'href="{there}"' in lead.get(HERE).content.decode()
    assert f'href="{HERE}"' in lead.get(there).content.decode()
    assert kinds(world)[-1] == "reopened"
    assert board_of(world.cycle).last.kind == Kind.SIGNED_OFF  # type: ignore[union-attr]


def test_there_is_one_revision_at_a_time(world: World, signed_in: SignedIn) -> None:
    signed_off(world)
    first = revising.revise(world.visit(world.lead))
    lead = signed_in(world.lead)
    assert "There is a revision already" in words(lead.get(f"{HERE}revise/"))
    assert lead.post(f"{HERE}revise/").status_code == 409
    assert Cycle.objects.filter(revises=world.cycle).count() == 1
    Cycle.objects.filter(pk=first.pk).update(archived_at=timezone.now())
    assert revising.revise(world.visit(world.lead)).name == "Autumn 2026, revision 3"


def test_the_revision_of_a_revision_is_counted_on(world: World) -> None:
    signed_off(world)
    second = revising.revise(world.visit(world.lead))
    Cycle.objects.filter(pk=second.pk).update(state=State.SIGNED_OFF)
    assert revising.revise(world.visit(world.lead, second)).name == "Autumn 2026, revision 3"
    Cycle.objects.filter(pk=world.cycle.pk).update(name="N" * 80)
    world.cycle.refresh_from_db()
    assert len(revising.name_of_revision(world.cycle)) == 80


def test_an_open_review_is_changed_and_not_revised(world: World, signed_in: SignedIn) -> None:
    lead = signed_in(world.lead)
    assert "Only a review that is signed off" in words(lead.get(f"{HERE}revise/"))
    assert lead.post(f"{HERE}revise/").status_code == 409
    assert world.anywhere.cycles.count() == 1


# What is told.


def test_the_dashboard_tells_the_state(world: World, signed_in: SignedIn) -> None:
    submitted(world)
    assert "Submitted" in words(signed_in(world.contributor).get("/o/nhs-anywhere/reviews/"))
    Cycle.objects.filter(pk=world.cycle.pk).update(state=State.SIGNED_OFF)
    assert "Signed off" in words(signed_in(world.contributor).get("/o/nhs-anywhere/reviews/"))


@pytest.mark.parametrize("address", ["", "submit/", "decide/", "drivers/", "points/"])
def test_few_queries_tell_how_a_review_stands(
    world: World, signed_in: SignedIn, django_assert_max_num_queries: Any, address: str
) -> None:
    decision = submitted(world)
    decisions.send_back(world.visit(world.manager), decision.pk, "Again.")
    decisions.submit(world.visit(world.lead))
    client = signed_in(world.manager)
    client.get(f"{HERE}{address}")
    with django_assert_max_num_queries(8):
        client.get(f"{HERE}{address}")


# Reviews from before version 2 of the method.


def test_what_version_two_asks_anew_holds_up_no_review_that_was_complete(world: World, signed_in: SignedIn) -> None:
    old = interchange.read((Path(__file__).parent / "samples/nhs-anywhere-1.json").read_bytes())
    finish(world, **{stage: dict(answers) for stage, answers in old.answers.items()})
    assert "watched" not in world.cycle.worksheets.get(stage="resources").answers["weekly"]
    assert review_of(world.cycle).progress.answered == len(old.workbook.questions)
    lead, manager = signed_in(world.lead), signed_in(world.manager)
    for stage in old.workbook.stages:
        page = words(lead.get(f"{HERE}{stage.key}/"))
        assert "This worksheet is complete" in page
        assert "Reopen this worksheet" in page
    assert lead.post(SUBMIT, {"do": "submit"}).status_code == 302
    assert state(world) == State.SUBMITTED
    assert sign(manager, world.cycle.decisions.get().pk).status_code == 302
    assert state(world) == State.SIGNED_OFF


def test_once_it_is_open_again_it_is_asked_for_what_is_new(world: World, signed_in: SignedIn) -> None:
    old = interchange.read((Path(__file__).parent / "samples/nhs-anywhere-1.json").read_bytes())
    finish(world, **{stage: dict(answers) for stage, answers in old.answers.items()})
    lead = signed_in(world.lead)
    assert lead.post(f"{HERE}resources/", {"do": "reopen"}).status_code == 302
    answer = lead.post(f"{HERE}resources/", {"do": "complete"})
    assert answer.status_code == 400
    assert any("weekly" in message for message in error_messages(answer)), error_messages(answer)
