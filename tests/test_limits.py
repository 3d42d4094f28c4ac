"""Limits: there may be much of everything, and whoever meets a limit keeps what they typed and is told what to do."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from tests.reading import address, send, tree
from tests.test_access_bodies import DAYS, ON
from tests.world import World
from worksheets import limits
from worksheets.models import AuditEvent, Comment, Cycle, Decision, Event, Membership, Result, Revision, User

SignedIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    world.fill(evaluation={"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}})
    return signed_in(world.lead)


def at_most(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(limits, name, replace(getattr(limits, name), most=most))


def assert_told(response: Any, words: str, typed: str = "") -> None:
    html = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error: " in html
    assert words in html
    assert typed in html


def test_comments_of_a_review(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "COMMENTS", 2)
    for text in ("One", "Two"):
        assert lead.post(f"{HERE}comments/aims/", {"do": "comment", "text": text}).status_code == 302
    told = "The most comments on a review is 2. Say it in the answer itself"
    assert_told(
        lead.post(f"{HERE}comments/aims/", {"do": "comment", "text": "A third thought"}), told, "A third thought"
    )
    thread = Comment.objects.filter(parent=None).first()
    assert thread
    reply = {"do": f"reply:{thread.pk}", "text": "A late answer"}
    assert_told(lead.post(f"{HERE}comments/aims/", reply), told, "A late answer")
    assert lead.post(f"{HERE}comments/aims/", {"do": f"resolve:{thread.pk}"}).status_code == 302
    assert Comment.objects.count() == 2


def test_reviews_of_an_organisation(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "REVIEWS", 1)
    for place in ("/o/nhs-anywhere/reviews/new/", f"{HERE}next/"):
        for begin in ("empty", "carried"):
            answer = lead.post(place, {"name": "Spring 2027", "begin": begin, **DAYS})
            assert_told(answer, "The most reviews of an organisation is 1. Use one that is there", "Spring 2027")
    assert Cycle.objects.filter(organisation=world.anywhere).count() == 1


def test_people_of_an_organisation(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "PEOPLE", 3)
    answer = lead.post("/o/nhs-anywhere/people/add/", {"email": "new@example.org", "role": "manager", "name": "Nell"})
    assert_told(answer, "The most people in an organisation is 3. Remove somebody who has left", "new@example.org")
    assert not User.objects.filter(email="new@example.org").exists()
    Membership.objects.filter(user=world.manager).delete()
    assert lead.post("/o/nhs-anywhere/people/add/", {"email": "new@example.org", "role": "manager"}).status_code == 302


def test_figures_of_a_review(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "FIGURES", 1)
    page = f"{HERE}results/measures/m-1/"
    assert lead.post(page, {"value": "12", **ON}).status_code == 302
    another = {"value": "4321", "on-day": "3", "on-month": "11", "on-year": "2026"}
    assert_told(lead.post(page, another), "The most figures of a review is 1.", "4321")
    file = SimpleUploadedFile("f.csv", b"measure,date,figure\nm-1,2026-11-04,7\n")
    assert_told(lead.post(f"{HERE}results/upload/", {"file": file}), "The most figures of a review is 1.")
    assert Result.objects.count() == 1


def test_events_of_a_review(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "EVENTS", 1)
    assert lead.post(f"{HERE}results/events/add/", {"text": "A strike", **ON}).status_code == 302
    answer = lead.post(f"{HERE}results/events/add/", {"text": "A second strike", **ON})
    assert_told(answer, "The most events of a review is 1.", "A second strike")
    assert Event.objects.count() == 1


def test_uploads_of_a_person_in_an_hour(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_most(monkeypatch, "UPLOADS", 1)

    def upload(day: int) -> Any:
        data = f"measure,date,figure\nm-1,2026-11-0{day},7\n".encode()
        return lead.post(f"{HERE}results/upload/", {"file": SimpleUploadedFile("f.csv", data)})

    assert upload(1).status_code == 302
    assert_told(upload(2), "The most files that one person can upload in an hour is 1. Wait an hour, then try again")
    assert Result.objects.count() == 1
    an_hour_ago(AuditEvent.Kind.UPLOADED)
    assert upload(3).status_code == 302


def test_changes_of_members_by_a_person_in_an_hour(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is mailed: nobody is flooded by somebody who makes them a lead and a manager again and again."""
    at_most(monkeypatch, "CHANGES", 3)
    people = "/o/nhs-anywhere/people/"
    told = "The most changes that one person can make in an hour to who belongs to an organisation is 3. Wait an hour"
    pk = Membership.objects.get(user=world.manager).pk
    for role in ("lead", "manager"):
        assert lead.post(f"{people}{pk}/change/", {"role": role}).status_code == 302
    assert lead.post(f"{people}add/", {"email": "new@example.org", "role": "manager"}).status_code == 302
    mail.outbox.clear()
    assert_told(lead.post(f"{people}{pk}/change/", {"role": "lead"}), told)
    assert_told(lead.post(f"{people}{pk}/remove/"), told)
    assert_told(lead.post(f"{people}add/", {"email": "more@example.org", "role": "manager"}), told, "more@example.org")
    assert Membership.objects.get(pk=pk).role == "manager"
    assert not User.objects.filter(email="more@example.org").exists()
    assert mail.outbox == []
    assert lead.post(f"{people}{pk}/change/", {"role": "manager"}).status_code == 302, "nothing is changed by that"
    an_hour_ago(AuditEvent.Kind.ROLE)
    assert lead.post(f"{people}{pk}/remove/").status_code == 302


def test_decisions_of_a_person_in_an_hour(
    lead: Client, world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, "DECISIONS", 2)
    world.fill()
    world.cycle.worksheets.update(status="complete", completed_by=world.lead)
    for do in ("submit", "withdraw"):
        assert lead.post(f"{HERE}submit/", {"do": do}).status_code == 302
    mail.outbox.clear()
    answer = lead.post(f"{HERE}submit/", {"do": "submit", "note": "Once more"})
    assert_told(
        answer, "The most times that one person can submit, withdraw or send back in an hour is 2.", "Once more"
    )
    assert mail.outbox == []
    assert Cycle.objects.get(pk=world.cycle.pk).state == "open"
    Decision.objects.update(decided_at=F("decided_at") - datetime.timedelta(hours=1))
    assert lead.post(f"{HERE}submit/", {"do": "submit"}).status_code == 302
    manager, note = signed_in(world.manager), {"do": "send-back", "note": "Say more"}
    at_most(monkeypatch, "DECISIONS", 0)
    submission = str(Decision.objects.latest("pk").pk)
    assert_told(manager.post(f"{HERE}decide/", note | {"submission": submission}), "in an hour is 0.", "Say more")


def test_saves_of_a_person_in_an_hour(lead: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted at every fiftieth save of a worksheet: counting takes time."""
    at_most(monkeypatch, "SAVES", 60)
    page = address(world, "working")
    told = "The most times that one person can save in an hour is 60. Keep this page open, and save again later"
    for number in range(110):
        answer = send(lead, page, changes=f"Thought {number}")
        if answer.status_code != 302:
            break
    assert_told(answer, told, "Thought 99")
    assert tree(answer).xpath("//title")[0].text.startswith("Error: ")
    kept = Revision.objects.filter(saved_by=world.lead).count()
    assert kept == 99
    draft = send(lead, page, "draft", changes="A thought that saves itself")
    assert (draft.status_code, draft.json()["state"]) == (429, "faults")
    assert draft.json()["words"] == f"Not saved yet. {told}."
    assert told in lead.post(f"{HERE}history/working/5/", follow=True).content.decode()
    assert Revision.objects.filter(saved_by=world.lead).count() == kept
    Revision.objects.update(saved_at=F("saved_at") - datetime.timedelta(hours=1))
    assert send(lead, page, changes="Later").status_code == 302


def an_hour_ago(kind: str) -> None:
    """Let an hour pass. The trail itself is never changed: its lines are written anew."""
    rows = list(AuditEvent.objects.filter(kind=kind))
    AuditEvent.objects.filter(kind=kind)._raw_delete("default")
    for row in rows:
        AuditEvent.objects.create(kind=kind, by=row.by, at=row.at - datetime.timedelta(hours=1))


def test_downloads_of_a_person_in_an_hour(
    lead: Client, world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, "EXPORTS", 2)
    for _ in range(2):
        assert lead.get(f"{HERE}review.json").status_code == 200
    answer = lead.get(f"{HERE}review.json")
    assert answer.status_code == 429
    assert "The most files that one person can download in an hour is 2." in answer.content.decode()
    assert f'href="{HERE}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    exported = AuditEvent.objects.filter(kind="exported")
    assert {(row.by, row.organisation) for row in exported} == {(world.lead, world.anywhere)}
    assert signed_in(world.outsider).get("/o/nhs-elsewhere/reviews/autumn-2026/review.json").status_code == 200


def test_the_limits_are_generous() -> None:
    least = {"COMMENTS": 1_000, "REVIEWS": 200, "PEOPLE": 200, "FIGURES": 5_000, "EVENTS": 200}
    least |= {"CHANGES": 100, "DECISIONS": 20, "SAVES": 2_000}
    assert all(getattr(limits, name).most >= most for name, most in least.items())
