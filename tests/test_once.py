"""Once is once: a double click, or a form that is sent again, makes one comment, one event, one review and no more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.reading import address, form_of, send, tree, words
from tests.test_access import address as place
from tests.test_access_bodies import FORMS
from tests.world import PASSWORD, World, make_world
from worksheets import once, whole
from worksheets.models import (
    AuditEvent,
    Comment,
    Cycle,
    Decision,
    Event,
    Membership,
    Organisation,
    Platform,
    Reason,
    Result,
    Revision,
    Sent,
    User,
    Worksheet,
)
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
MODELS: tuple[Any, ...] = (AuditEvent, Comment, Cycle, Decision, Event, Membership, Reason, Result, Revision, User)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


def marked(user: User, sent: dict[str, Any]) -> dict[str, Any]:
    mark = whole.mark_for(user.pk)
    return {whole.START: mark, **sent, whole.END: mark}


# Looking at a file changes nothing, and a review cannot be shared as if it were somebody's own.
@pytest.mark.parametrize("name", [name for name in FORMS if name not in ("verify", "table-upload", "share")])
def test_every_form_that_is_sent_twice_is_done_once_and_answered_the_same(
    world: World, signed_in: SignIn, name: str
) -> None:
    form = FORMS[name]
    form.first(world)
    url = place(name, world)
    user = world.manager if form.gets.startswith("302 403") else world.lead
    client, sent = signed_in(user), marked(user, form.body(world))
    first = client.post(url, sent)
    assert first.status_code == 302
    before, mails = counts(), len(mail.outbox)
    if "file" in sent:
        sent["file"].seek(0)
    second = client.post(url, sent)
    if name in ("question", "look-back-at"):
        assert second.status_code == 302
    else:
        assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert (counts(), len(mail.outbox)) == (before, mails)


def test_a_page_in_a_browser_is_sent_twice(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    for at, typed in (
        (f"{REVIEW}comments/aims/", {"text": "Is this right?", "do": "comment"}),
        (f"{REVIEW}results/events/add/", {"text": "A strike", "on-day": "1", "on-month": "2", "on-year": "2026"}),
        ("/o/nhs-anywhere/people/add/", {"email": "new@example.org", "role": "manager"}),
        ("/o/nhs-anywhere/reviews/new/", {"name": "One more"}),
    ):
        sent = form_of(lena.get(at)) | typed
        answers = [lena.post(at, sent) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer["Location"] for answer in answers}) == 1
    assert Comment.objects.count() == Event.objects.count() == Cycle.objects.filter(name="One more").count() == 1


def test_a_reply_is_not_the_comment_that_it_looks_like(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    mark = whole.mark_for(world.lead.pk)
    for do in ("comment", "comment", "reply", "reply"):
        thread = Comment.objects.first()
        verb = f"reply:{thread.pk}" if thread and do == "reply" else do
        lena.post(f"{REVIEW}comments/aims/", {whole.START: mark, "text": "Yes", "do": verb, whole.END: mark})
    assert Comment.objects.count() == 2


def test_who_goes_back_and_writes_something_else_is_heard(world: World, signed_in: SignIn) -> None:
    lena, at = signed_in(world.lead), f"{REVIEW}comments/aims/"
    page = form_of(lena.get(at))
    for text in ("One", "Two", "One "):
        assert lena.post(at, page | {"text": text, "do": "comment"}).status_code == 302
    assert [comment.text for comment in Comment.objects.all()] == ["One", "Two", "One"]


def test_who_opens_the_page_again_may_say_the_same_again(world: World, signed_in: SignIn) -> None:
    lena, at = signed_in(world.lead), f"{REVIEW}comments/aims/"
    for _ in range(2):
        sent = dict(tree(lena.get(at)).xpath("//main//form")[-1].form_values())
        assert lena.post(at, sent | {"text": "Yes", "do": "comment"}).status_code == 302
    assert Comment.objects.count() == 2


def test_a_form_that_was_refused_may_be_sent_again_as_it_is(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    sent = marked(world.lead, {"name": "Spring", "begin": "empty"})
    assert lena.post(f"{REVIEW}next/", sent).status_code == 400
    assert not Sent.objects.exists()
    assert lena.post(f"{REVIEW}next/", sent).status_code == 400


def test_two_people_who_say_the_same_are_two(world: World, signed_in: SignIn) -> None:
    for user in (world.lead, world.contributor):
        signed_in(user).post(f"{REVIEW}comments/aims/", marked(user, {"text": "Yes", "do": "comment"}))
    assert Comment.objects.count() == 2


def test_another_file_of_the_same_name_is_another_form(world: World, signed_in: SignIn) -> None:
    world.fill(evaluation={"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}})
    lena, mark = signed_in(world.lead), whole.mark_for(world.lead.pk)
    for figure in (b"3", b"4", b"4"):
        file = SimpleUploadedFile("f.csv", b"measure,date,figure\nm-1,2026-11-0" + figure + b"," + figure)
        sent = {whole.START: mark, "file": file, whole.END: mark}
        assert lena.post(f"{REVIEW}results/upload/", sent).status_code == 302
    assert Result.objects.count() == 2


def test_in_the_administration_too(world: World, signed_in: SignIn) -> None:
    ada, at = signed_in(world.admin), "/admin/worksheets/platform/add/"
    form = [form for form in tree(ada.get(at)).forms if "key" in form.fields]
    sent = {name: value or "" for name, value in form[0].form_values()} | {
        "key": "new-one", "name": "New one", "position": "7",
        "figures-0-text": "Half of all", "figures-0-year": "2026", "figures-0-source": "Ofcom", "_save": "Save",
    }  # fmt: skip
    answers = [ada.post(at, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Platform.objects.get(key="new-one").figures.count() == 1
    mark = whole.mark_for(world.admin.pk)
    lead = {"lead_email": "nell@example.org", "own_password": PASSWORD}
    add = {"name": "Twice", "slug": "twice", **lead, whole.START: mark, whole.END: mark}
    found = [ada.post("/admin/worksheets/organisation/add/", add).status_code for _ in range(2)]
    assert found == [302, 302]
    assert Organisation.objects.filter(slug="twice").count() == 1
    assert len(mail.outbox) == 1


def test_common_rows_that_are_added_twice_are_there_once(world: World, signed_in: SignIn) -> None:
    question = next(
        question
        for question in STRATEGY.questions
        if any(getattr(kind, "offers", ()) for kind in question.form.kinds.values())
    )
    name, table = next((name, kind) for name, kind in question.form.kinds.items() if getattr(kind, "offers", ()))
    lena, url = signed_in(world.lead), address(world, question.key)
    page = lena.get(url)
    sent = form_of(page) | {f"{name}-offer": list(table.offers[:2]), "do": f"add-offers:{name}"}  # type: ignore[attr-defined]
    for _ in range(3):
        assert lena.post(url, sent).status_code == 302
    rows = Worksheet.objects.get(cycle=world.cycle, stage=question.stage).answers[question.key][name]
    assert len(rows) == 2
    assert send(lena, url, f"add-offers:{name}", **{f"{name}__offer": table.offers[2]}).status_code == 302  # type: ignore[attr-defined]


def test_answers_are_saved_as_often_as_they_are_sent(world: World, signed_in: SignIn) -> None:
    """A page stays open and saves what is typed again and again: to the same words too."""
    lena, url = signed_in(world.lead), address(world, "working")
    page = form_of(lena.get(url))
    for text in ("One", "Two", "One"):
        seen = form_of(lena.get(url))["seen"][0]
        assert lena.post(url, page | {"changes": text, "seen": seen, "do": "save"}).status_code == 302
    assert Worksheet.objects.get(cycle=world.cycle, stage="content").answers["working"]["changes"] == "One"
    assert not Sent.objects.exists()


# What is kept of it.


def test_nothing_that_was_typed_is_kept_twice(world: World, signed_in: SignIn) -> None:
    signed_in(world.lead).post(f"{REVIEW}comments/aims/", marked(world.lead, {"text": "A secret word"}))
    (sent,) = Sent.objects.values()
    assert "secret" not in str(sent)
    assert sent["answer"].startswith(f"{REVIEW}comments/aims/#thread-")


def test_it_is_forgotten_after_a_day(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    lena.post(f"{REVIEW}comments/aims/", marked(world.lead, {"text": "One"}))
    Sent.objects.update(at=timezone.now() - once.KEPT * 2)
    lena.post(f"{REVIEW}comments/aims/", marked(world.lead, {"text": "Two"}))
    assert Sent.objects.count() == 1


@pytest.mark.parametrize("mark", ["", "x", "1.abc:xyz", None])
def test_a_mark_that_is_not_ours_says_nothing(world: World, signed_in: SignIn, mark: str | None) -> None:
    sent = {"text": "Yes"} | ({whole.START: mark, whole.END: mark} if mark is not None else {})
    for _ in range(2):
        assert signed_in(world.lead).post(f"{REVIEW}comments/aims/", sent).status_code == 302
    assert Comment.objects.count() == 2
    assert not Sent.objects.exists()


# Two at once.


def test_the_second_waits_for_the_first_and_says_so_when_that_takes_long(
    world: World, signed_in: SignIn, monkeypatch: Any
) -> None:
    monkeypatch.setattr(once, "PATIENCE", 0)
    sent = marked(world.lead, {"text": "Yes, <b>please</b>"})
    monkeypatch.setattr(once, "done", lambda *_: None)
    lena = signed_in(world.lead)
    assert lena.post(f"{REVIEW}comments/aims/", sent).status_code == 302
    again = lena.post(f"{REVIEW}comments/aims/", sent)
    assert again.status_code == 409
    assert "You sent this twice" in words(again)
    assert "Yes, &lt;b&gt;please" in again.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("shared")
def test_of_many_at_once_one_is_done_and_all_are_led_to_it(signed_in: SignIn) -> None:
    world = make_world()
    lena = signed_in(world.lead)
    sent = marked(world.lead, {"text": "A strike", "on-day": "1", "on-month": "2", "on-year": "2026"})
    start, answers = threading.Barrier(6), []

    def click() -> None:
        client = Client()
        client.cookies = lena.cookies
        start.wait()
        answers.append(client.post(f"{REVIEW}results/events/add/", sent))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [302] * 6
    assert Event.objects.count() == 1
