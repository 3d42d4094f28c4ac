"""What is kept for a while only goes in the night, and nothing else does."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from tests.world import World
from worksheets.management import tidying
from worksheets.models import AuditEvent, Comment, Notice, Reminder, Revision, Sent, Tries
from worksheets.saving import save_answer, worksheet_of


def ago(**span: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**span)


@pytest.fixture
def old(world: World) -> World:
    """Of each kind one that is over, and one that is not."""
    for age in (ago(days=731), ago(days=729)):
        AuditEvent.objects.create(kind="signed-in", by=world.lead, about=world.lead, at=age)
    for age in (ago(hours=3), ago(hours=1)):
        Tries.objects.create(key=str(age), last=age)
    for age in (ago(hours=25), ago(hours=1)):
        Sent.objects.create(key=str(age), by=world.lead, at=age)
    for hours in (-1, 1):
        store = SessionStore()
        store.create()
        Session.objects.filter(pk=store.session_key).update(
            expire_date=timezone.now() + datetime.timedelta(hours=hours)
        )
    for sent in (ago(days=31), ago(days=29), None):
        comment = Comment.objects.create(cycle=world.cycle, question="aims", text="Why?", written_by=world.manager)
        Notice.objects.create(person=world.lead, comment=comment, sent_at=sent)
    for sent in (ago(days=91), ago(days=89), None):
        Reminder.objects.create(person=world.lead, organisation=world.anywhere, what=str(sent), kind="x", sent_at=sent)
    worksheet = worksheet_of(world.cycle, "drivers")
    for days, passed in ((40, True), (40, False), (20, True), (0, False)):
        save_answer(worksheet, "aims", {"aims": [{"id": "a", "statement": f"{days} {passed}"}]}, user=world.lead)
        Revision.objects.filter(pk=Revision.objects.latest("pk").pk).update(passed=passed, saved_at=ago(days=days))
    return world


def tidied(*more: str) -> str:
    out = StringIO()
    call_command("tidy", *more, stdout=out)
    return out.getvalue().strip()


SAID = (
    "1 session that ended, 1 count of tries, 1 mark of a sent form, 1 draft that its writer went on with, "
    "1 notice of a comment that was mailed, 1 reminder that was sent, 1 line of the audit trail."
)


def test_what_is_over_goes_and_the_rest_stays(old: World) -> None:
    assert tidied() == f"Taken out: {SAID}"
    assert [model.objects.count() for model in (Session, Tries, Sent, AuditEvent, Notice, Reminder)] == [
        1,
        1,
        1,
        1,
        2,
        2,
    ]
    assert sorted(Revision.objects.values_list("passed", flat=True)) == [False, False, True]
    assert tidied() == "Nothing is over."


def test_a_dry_run_says_the_same_and_takes_out_nothing(old: World) -> None:
    before = [model.objects.count() for model in (Session, Tries, Sent, AuditEvent, Revision)]
    assert tidied("--dry-run") == f"Would be taken out: {SAID}"
    assert [model.objects.count() for model in (Session, Tries, Sent, AuditEvent, Revision)] == before


def test_the_history_of_an_answer_reads_the_same_afterwards(old: World, signed_in) -> None:
    address = "/o/nhs-anywhere/reviews/autumn-2026/history/aims/"
    lead = signed_in(old.lead)
    before = lead.get(address).content.count(b"app-save-entry")
    tidied()
    assert lead.get(address).content.count(b"app-save-entry") == before == 2


def test_the_trail_is_kept_for_as_long_as_the_host_says(old: World, settings) -> None:
    settings.AUDIT_DAYS = 0
    tidied()
    assert AuditEvent.objects.count() == 2
    settings.AUDIT_DAYS = 30
    tidied()
    assert not AuditEvent.objects.exists()


def test_more_than_one_portion_goes_too(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "AT_A_TIME", 2)
    Tries.objects.bulk_create(Tries(key=f"old {n}", last=ago(days=1)) for n in range(5))
    assert "6 counts of tries" in tidied()
    assert Tries.objects.count() == 1
