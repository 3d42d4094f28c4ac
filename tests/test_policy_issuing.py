"""Approving a document: it is issued once, as its manager saw it, with files that stay; or it is sent back."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.printing import leads_to, refuse, work
from tests.reading import error_messages, form_of, tree, words
from tests.world import World, person
from worksheets.models import Membership, Policy, PolicyClause, PolicyFile, PolicyMove, Printing, Role, Summary, User
from worksheets.policies import moves, telling
from worksheets.report.printer import TooLarge, Unavailable

SignIn = Callable[[User], Client]
POLICIES = "/o/nhs-anywhere/policies/house-rules/"
HERE, DECIDE = f"{POLICIES}1/", f"{POLICIES}1/decide/"
State = Policy.State
DAY = {"approved_on-day": "1", "approved_on-month": "3", "approved_on-year": "2026"}

pytestmark = pytest.mark.usefixtures("printed")


def made(world: World, version: int = 1, words: str = "We read what you write.", **more: Any) -> Policy:
    """A draft of the house rules in which one clause has these words."""
    about = {"owner_name": "Head of Communications", "changes": "First version."} | more
    policy = Policy.objects.create(organisation=world.anywhere, document="house-rules", version=version, **about)
    changed = PolicyClause.Choice.CHANGED
    PolicyClause.objects.create(policy=policy, key="hours", choice=changed, words=words, decided=True)
    return policy


def send(world: World, policy: Policy, by: User | None = None) -> Policy:
    """The draft is sent for approval."""
    Policy.objects.filter(pk=policy.pk).update(
        state=State.SENT, sent_at=timezone.now(), sent_by=by or world.lead, stamp=policy.stamp + 1
    )
    return Policy.objects.get(pk=policy.pk)


@pytest.fixture
def policy(world: World) -> Policy:
    return send(world, made(world))


@pytest.fixture
def other_manager(world: World) -> User:
    moe = person("moe@example.org", "Moe Manager")
    Membership.objects.create(user=moe, organisation=world.anywhere, role=Role.MANAGER)
    return moe


def decide(
    client: Client, do: str = "approve", page: HttpResponse | None = None, where: str = DECIDE, **typed: str
) -> HttpResponse:
    """Open the page, or take the one given, fill it in and press a button."""
    form = form_of(page if page is not None else client.get(where))
    return client.post(where, {**form, **DAY, "approver": "Policy committee", **typed, "do": do})


def state(policy: Policy) -> str:
    return Policy.objects.get(pk=policy.pk).state


# Approving.


def test_a_manager_approves_and_the_files_are_kept_as_they_are(
    world: World, signed_in: SignIn, policy: Policy, printed: list[str]
) -> None:
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    said = words(page)
    assert "Lena Lead sent this document for approval on" in said
    assert "We read what you write." in said
    assert "Information governance" in said
    assert "Nobody yet" in said
    response = decide(manager, note="Well done.")
    assert response["Location"] == HERE
    policy.refresh_from_db()
    assert (policy.state, policy.approver, policy.issued_by) == (State.ISSUED, "Policy committee", world.manager)
    assert policy.approved_on == datetime.date(2026, 3, 1)
    file = PolicyFile.objects.get(policy=policy)
    assert file.sha256 == hashlib.sha256(bytes(file.pdf)).hexdigest()
    assert bytes(file.word)[:2] == b"PK"
    today = timezone.localdate()
    assert f"Version 1, issued {today.day} {today:%B %Y}" in printed[-1]
    assert "Policy committee" in printed[-1]
    assert "Draft" not in printed[-1]
    move = PolicyMove.objects.get(policy=policy, kind="issued")
    assert (move.by, move.note) == (world.manager, "Well done.")


def test_the_leads_are_told_without_a_name_or_a_word_of_anybody(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    page = decide(signed_in(world.manager), note="Well done, Lena.")
    assert page.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["lead@example.org"]
    assert message.subject == "“House rules for the public” is approved and issued: NHS Anywhere Foundation Trust"
    assert HERE in message.body
    assert "There is a note." in message.body
    for text in ("Well done", "Lena", "Mary", "Policy committee", "We read"):
        assert text not in message.body


def test_what_was_issued_is_served_as_it_is_whatever_changes(world: World, signed_in: SignIn, policy: Policy) -> None:
    decide(signed_in(world.manager))
    file = PolicyFile.objects.get(policy=policy)
    world.anywhere.name = "Another name"
    world.anywhere.save()
    PolicyClause.objects.update(words="Something else.")
    for user in (world.lead, world.contributor, world.manager):
        client = signed_in(user)
        pdf = client.get(f"{HERE}policy.pdf")
        assert pdf.content == bytes(file.pdf)
        assert file.sha256 in pdf.headers["ETag"]
        assert client.get(f"{HERE}policy.pdf", headers={"If-None-Match": pdf.headers["ETag"]}).status_code == 304
        assert client.get(f"{HERE}policy.docx").content == bytes(file.word)
        html = client.get(f"{HERE}website/?download=1")
        assert "We read what you write." in html.content.decode()
        assert "Something else." not in html.content.decode()
    assert not Summary.objects.filter(policy=policy).exists()


def test_the_version_before_is_superseded_in_the_same_moment(world: World, signed_in: SignIn, policy: Policy) -> None:
    manager = signed_in(world.manager)
    decide(manager)
    first = bytes(PolicyFile.objects.get(policy=policy).pdf)
    second = send(world, made(world, 2, "We read it twice.", changes="Twice."))
    page = manager.get(f"{POLICIES}2/decide/")
    assert "The version in force until now is superseded." in words(page)
    decide(manager, where=f"{POLICIES}2/decide/")
    assert (state(policy), state(second)) == (State.SUPERSEDED, State.ISSUED)
    assert PolicyMove.objects.filter(policy=policy, kind="superseded").count() == 1
    # The old file is there for ever.
    assert manager.get(f"{HERE}policy.pdf").content == first
    assert "This version is superseded" in words(manager.get(DECIDE))


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"approver": " "}, "Enter the person or the committee that approved it"),
        ({"approved_on-day": ""}, "day"),
        (
            {"approved_on-day": "", "approved_on-month": "", "approved_on-year": ""},
            "Enter the date on which it was approved, like 3 March 2026",
        ),
        ({"approved_on-year": "2099"}, "Enter a date that is not in the future"),
    ],
)
def test_who_approved_it_and_when_is_asked_for(
    world: World, signed_in: SignIn, policy: Policy, typed: dict[str, str], error: str
) -> None:
    page = decide(signed_in(world.manager), **{"note": "Splendid."} | typed)
    assert page.status_code == 400
    assert error in " ".join(error_messages(page))
    # Nothing that was typed is lost.
    assert tree(page).xpath("//textarea[@name='note']")[0].text_content().strip() == "Splendid."
    assert state(policy) == State.SENT
    assert not Printing.objects.exists()


def test_what_lacks_a_fact_is_not_issued(world: World, signed_in: SignIn) -> None:
    policy = send(world, made(world, words="We read {hours_watched}."))
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    assert "Some facts are not known yet, so this document cannot be issued: when somebody watches" in words(page)
    assert "Approve and issue" not in words(page)
    assert decide(manager, page=page).status_code == 409
    assert state(policy) == State.SENT
    assert not Printing.objects.exists()


# Sending back.


def test_a_manager_sends_it_back_with_a_note(world: World, signed_in: SignIn, policy: Policy) -> None:
    manager = signed_in(world.manager)
    page = decide(manager, "send-back", approver="")
    assert page.status_code == 400
    assert error_messages(page) == ["Enter a note that says what should change"]
    assert decide(manager, "send-back", note="Name the hours.", approver="")["Location"] == HERE
    assert state(policy) == State.DRAFT
    assert PolicyMove.objects.get(policy=policy, kind="sent-back").note == "Name the hours."
    (message,) = mail.outbox
    assert message.subject == "“House rules for the public” was sent back to your team: NHS Anywhere Foundation Trust"
    assert "Name the hours" not in message.body


# What changed meanwhile.


def test_what_changed_since_the_page_was_opened_is_not_decided_on(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    PolicyClause.objects.filter(policy=policy).update(words="We read nothing.")
    for do in ("approve", "send-back"):
        answer = decide(manager, do, page, note="Splendid.")
        assert answer.status_code == 409
        assert "the document has changed while you were on that page" in words(answer)
        assert "We read nothing." in words(answer)
        assert tree(answer).xpath("//textarea[@name='note']")[0].text_content().strip() == "Splendid."
        assert state(policy) == State.SENT
    # Now that they have read it, they can.
    assert decide(manager, page=answer).status_code == 302
    assert state(policy) == State.ISSUED


def test_an_error_on_the_page_does_not_pass_what_changed_for_read(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    PolicyClause.objects.filter(policy=policy).update(words="We read nothing.")
    wrong = decide(manager, page=page, approver="")
    assert wrong.status_code == 400
    assert decide(manager, page=wrong).status_code == 409


@pytest.mark.parametrize("how", ["changed", "withdrawn", "sent again", "sent back"])
def test_what_changes_while_its_pages_are_set_is_not_issued(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None], other_manager: User, how: str
) -> None:
    manager = signed_in(world.manager)
    there = decide(manager, note="Splendid.")["Location"]
    if how == "changed":
        PolicyClause.objects.filter(policy=policy).update(words="We read nothing.")
    elif how == "sent back":
        decide(signed_in(other_manager), "send-back", note="Not yet.")
        mail.outbox.clear()
    else:
        Policy.objects.filter(pk=policy.pk).update(state=State.DRAFT, stamp=policy.stamp + 1)
        if how == "sent again":
            send(world, Policy.objects.get(pk=policy.pk))
    work()
    page = manager.get(there)
    assert page.status_code == 409
    assert "the document has changed while you were on that page" in words(page)
    assert "Splendid." in page.content.decode()
    assert state(policy) == (State.SENT if how in ("changed", "sent again") else State.DRAFT)
    assert not PolicyFile.objects.exists()
    assert mail.outbox == []


def test_an_approval_of_what_was_taken_back_is_told_to_the_next_who_approves(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None], other_manager: User
) -> None:
    decide(signed_in(world.manager))
    Policy.objects.filter(pk=policy.pk).update(state=State.DRAFT, stamp=policy.stamp + 1)
    send(world, Policy.objects.get(pk=policy.pk))
    moe = signed_in(other_manager)
    page = decide(moe)
    assert page.status_code == 409
    assert "Mary Manager is approving this document now." in words(page)
    work()
    assert "Mary Manager" not in words(moe.get(DECIDE))
    decide(moe)
    work()
    assert Policy.objects.get(pk=policy.pk).issued_by == other_manager


# While others print.


def test_an_approval_goes_on_when_the_browser_is_closed(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None], printed: list[str]
) -> None:
    manager = signed_in(world.manager)
    there = decide(manager)["Location"]
    page = manager.get(there)
    assert page.status_code == 202
    assert leads_to(page) == there
    assert "The document is issued as soon as its PDF and its Word file are there." in words(page)
    assert state(policy) == State.SENT
    for user in (world.lead, world.contributor):
        assert "Mary Manager is approving it now." in words(signed_in(user).get(HERE))
    asked = Printing.objects.get().asked_at
    work()
    work()
    policy.refresh_from_db()
    # The time is that at which the manager decided.
    assert (policy.state, policy.issued_at) == (State.ISSUED, asked)
    assert len(printed) == len(mail.outbox) == 1
    assert manager.get(there)["Location"] == HERE


def test_who_presses_twice_issues_once(world: World, signed_in: SignIn, policy: Policy, busy: list[None]) -> None:
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    first, second = (decide(manager, page=page)["Location"] for _ in range(2))
    assert first == second
    work()
    assert manager.get(decide(manager, page=page)["Location"])["Location"] == HERE
    assert PolicyFile.objects.count() == len(mail.outbox) == 1


def test_of_two_managers_who_approve_at_once_one_does(
    world: World, signed_in: SignIn, policy: Policy, other_manager: User, busy: list[None]
) -> None:
    moe = signed_in(other_manager)
    before = moe.get(DECIDE)
    decide(signed_in(world.manager))
    page = decide(moe, page=before, note="I liked it.")
    assert page.status_code == 409
    assert "Mary Manager is approving this document now." in words(page)
    assert "I liked it." in page.content.decode()
    assert "Approve and issue" not in words(page)
    # The number of another manager's approval is no way in.
    assert moe.get(f"{DECIDE}?asked={Printing.objects.get().pk}").status_code == 200
    work()
    assert Policy.objects.get(pk=policy.pk).issued_by == world.manager


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (Unavailable("It ended with -9."), 503, "You can approve it again now."),
        (TooLarge(), 413, "Send it back, and tell the team what to change."),
    ],
)
def test_what_could_not_be_printed_is_told_and_can_be_tried_again(
    world: World,
    signed_in: SignIn,
    policy: Policy,
    busy: list[None],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    says: str,
) -> None:
    manager = signed_in(world.manager)
    there = decide(manager, note="Well done.")["Location"]
    with monkeypatch.context() as failing:
        refuse(failing, error)
        work()
    page = manager.get(there)
    assert page.status_code == status
    assert "The document is not issued." in words(page)
    assert says in words(page)
    sent = form_of(page)
    assert (sent["approver"], sent["note"], sent["approved_on-year"]) == (
        ["Policy committee"],
        ["Well done."],
        ["2026"],
    )
    assert (state(policy), mail.outbox) == (State.SENT, [])
    assert "Mary Manager wanted to approve it," in words(signed_in(world.lead).get(HERE))
    decide(manager, page=page)
    work()
    assert state(policy) == State.ISSUED


class Killed(BaseException):
    """The end of the process, in the middle of something."""


def kill(*_args: Any, **_more: Any) -> Any:
    raise Killed


def test_a_process_that_ends_before_the_mails_issues_once_and_mails_later(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in(world.manager)
    there = decide(manager)["Location"]
    with monkeypatch.context() as killing:
        killing.setattr(telling, "tell", kill)
        with pytest.raises(Killed):
            work()
    assert (state(policy), mail.outbox) == (State.ISSUED, [])
    issued = PolicyFile.objects.get()
    work()
    assert PolicyFile.objects.get().made_at == issued.made_at
    assert len(mail.outbox) == 1
    assert manager.get(there)["Location"] == HERE


def test_a_process_that_ends_in_the_middle_of_issuing_leaves_nothing_half_done(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = signed_in(world.manager)
    decide(manager)
    work()
    second = send(world, made(world, 2))
    decide(manager, where=f"{POLICIES}2/decide/")
    with monkeypatch.context() as killing:
        # The state has moved, and the files are not there yet.
        killing.setattr(PolicyFile.objects, "create", kill)
        with pytest.raises(Killed):
            work()
    assert (state(policy), state(second)) == (State.ISSUED, State.SENT)
    assert not PolicyMove.objects.filter(kind="superseded").exists()
    work()
    assert (state(policy), state(second)) == (State.SUPERSEDED, State.ISSUED)
    assert PolicyFile.objects.count() == 2


# Who may not.


def test_only_managers_decide_and_not_on_what_they_sent_themselves(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    body = {**form_of(signed_in(world.manager).get(DECIDE)), **DAY, "approver": "Me", "note": "So be it."}
    for do in ("approve", "send-back"):
        for user in (world.lead, world.contributor):
            assert signed_in(user).post(DECIDE, {**body, "do": do}).status_code == 403
        for user in (world.outsider, world.nobody, world.admin):
            assert signed_in(user).post(DECIDE, {**body, "do": do}).status_code == 404
    Policy.objects.update(sent_by=world.manager)
    manager = signed_in(world.manager)
    page = manager.get(DECIDE)
    assert "You sent this document yourself. Another manager must approve it." in words(page)
    assert decide(manager, page=page).status_code == 403
    assert state(policy) == State.SENT


def test_who_may_no_longer_decide_issues_nothing(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None]
) -> None:
    decide(signed_in(world.manager))
    Membership.objects.filter(user=world.manager).update(role=Role.CONTRIBUTOR)
    work()
    assert state(policy) == State.SENT
    assert Printing.objects.get().reason == "not-allowed"


def test_a_document_of_another_organisation_is_not_there(world: World, signed_in: SignIn, policy: Policy) -> None:
    olu = signed_in(world.outsider)
    for page in ("policy.pdf", "policy.docx", "website/", "decide/"):
        assert olu.get(f"{HERE}{page}").status_code == 404
        assert olu.get(f"/o/nhs-elsewhere/policies/house-rules/1/{page}").status_code in (403, 404)


# The files of a draft.


def test_a_draft_is_made_once_and_anew_when_it_says_something_else(
    world: World, signed_in: SignIn, policy: Policy, printed: list[str]
) -> None:
    lead = signed_in(world.lead)
    first = lead.get(f"{HERE}policy.pdf")
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    assert "Draft of version 1" in first.content.decode()
    assert "We read what you write." in first.content.decode()
    assert lead.get(f"{HERE}policy.pdf").content == first.content
    assert len(printed) == 1
    known = {"If-None-Match": first.headers["ETag"]}
    assert lead.get(f"{HERE}policy.pdf", headers=known).status_code == 304
    PolicyClause.objects.update(words="We read it all.")
    assert "We read it all." in lead.get(f"{HERE}policy.pdf", headers=known).content.decode()
    word = lead.get(f"{HERE}policy.docx")
    assert word.content[:2] == b"PK"
    assert word.headers["Content-Disposition"] == 'attachment; filename="nhs-anywhere-house-rules-version-1.docx"'


def test_a_file_that_takes_long_is_waited_for(
    world: World, signed_in: SignIn, policy: Policy, busy: list[None]
) -> None:
    lead = signed_in(world.lead)
    page = lead.get(f"{HERE}policy.pdf")
    assert page.status_code == 202
    assert "The file is being made" in words(page)
    work()
    assert lead.get(leads_to(page)).headers["Content-Type"] == "application/pdf"


def test_a_file_that_cannot_be_made_says_why(
    world: World, signed_in: SignIn, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, TooLarge())
    page = signed_in(world.lead).get(f"{HERE}policy.pdf")
    assert page.status_code == 413
    assert "This document is too large to print" in words(page)
    assert "Your text is safe." in words(page)


def test_a_few_files_of_a_draft_are_kept_and_those_of_others_stay(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    Summary.objects.create(digest="an example", pdf=b"x")
    lead = signed_in(world.lead)
    for n in range(12):
        PolicyClause.objects.update(words=f"Words {n}.")
        assert lead.get(f"{HERE}policy.pdf").status_code == 200
    assert Summary.objects.filter(policy=policy).count() == 8
    assert Summary.objects.filter(digest="an example").exists()


def test_the_house_rules_are_html_without_a_class_of_ours(world: World, signed_in: SignIn) -> None:
    policy = made(world, words="<b>Hello</b> & welcome.\n\n- one\n- two")
    lead = signed_in(world.lead)
    page = lead.get(f"{HERE}website/")
    (box,) = tree(page).xpath("//textarea[@id='html']")
    html = box.text_content().strip()
    assert "<h2>When we are here</h2>" in html
    assert "&lt;b&gt;Hello&lt;/b&gt; &amp; welcome." in html
    assert '<ul><li dir="auto">one</li><li dir="auto">two</li></ul>' in html
    assert "class=" not in html
    assert "style=" not in html
    assert "This version is not issued yet." in words(page)
    file = lead.get(f"{HERE}website/?download=1")
    assert file.headers["Content-Disposition"] == 'attachment; filename="nhs-anywhere-house-rules-version-1.html"'
    assert html in file.content.decode().replace("\r\n", "\n")
    assert "<title>House rules for the public - NHS Anywhere Foundation Trust</title>" in file.content.decode()
    Policy.objects.filter(pk=policy.pk).delete()
    assert lead.get(f"{HERE}website/").status_code == 404


def test_the_words_of_a_team_are_told_in_its_language_on_its_website(world: World, signed_in: SignIn) -> None:
    made(world, words="Rydym yn gwrando.")
    world.anywhere.language = "cy"
    world.anywhere.save()
    html = signed_in(world.lead).get(f"{HERE}website/?download=1").content.decode()
    assert '<p dir="auto" lang="cy">Rydym yn gwrando.</p>' in html
    assert '<html lang="en-GB">' in html


@pytest.mark.parametrize("page", ["policy.pdf", "policy.docx", "website/", "decide/"])
def test_a_version_that_is_none_is_not_found(world: World, signed_in: SignIn, policy: Policy, page: str) -> None:
    manager = signed_in(world.manager)
    for version in ("0", "2", "9" * 30):
        assert manager.get(f"{POLICIES}{version}/{page}").status_code == 404
    assert manager.get(f"/o/nhs-anywhere/policies/nothing/1/{page}").status_code == 404
    assert manager.get(f"{HERE}{page}?asked={'9' * 30}").status_code == 200


# Verifying and keeping.


def test_an_issued_pdf_is_told_which_version_it_is_and_whether_it_is_in_force(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    manager = signed_in(world.manager)
    decide(manager)
    pdf = bytes(PolicyFile.objects.get().pdf)

    def drop(client: Client, data: bytes, organisation: str = "nhs-anywhere") -> str:
        file = SimpleUploadedFile("rules.pdf", data)
        return words(client.post(f"/o/{organisation}/verify/", {"file": file}))

    for user in (world.lead, world.contributor, world.manager):
        page = drop(signed_in(user), pdf)
        assert "“rules.pdf” is the file that was issued as House rules for the public, version 1." in page
        assert "Mary Manager issued it on" in page
        assert "This version is in force." in page
    assert "is not one of the files" in drop(manager, pdf + b"\n")
    assert "is not one of the files" in drop(signed_in(world.outsider), pdf, "nhs-elsewhere")
    send(world, made(world, 2))
    decide(manager, where=f"{POLICIES}2/decide/")
    assert "It is superseded and no longer in force. In force is version 2, since" in drop(manager, pdf)


def test_what_was_issued_goes_with_nobody(world: World, signed_in: SignIn, policy: Policy) -> None:
    decide(signed_in(world.manager))
    for thing in (policy, world.anywhere):
        with pytest.raises(ProtectedError):
            thing.delete()
    assert Policy.objects.filter(pk=policy.pk).exists()
    # A name that goes takes no version with it.
    assert moves.Kind.ISSUED in policy.moves.values_list("kind", flat=True)
