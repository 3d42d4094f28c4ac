"""What the database keeps for a while only, for how long, and how it is taken out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from worksheets import once, tries
from worksheets.models import AuditEvent, Notice, Reminder, Revision, Sent, Tries

# A page that still shows a draft of its own is not open that long: what a browser keeps goes after two weeks.
DRAFTS = datetime.timedelta(days=30)
# That a comment was mailed is of no use once nobody would look for the mail any more.
NOTICES = datetime.timedelta(days=30)
# A reminder that was sent keeps its thing from being told again. Nothing is told for so long: what a review is due for
# is told for six weeks at most (`reminders.due`).
REMINDERS = datetime.timedelta(days=90)
# So many rows are taken out at a time: others never wait long, and whoever stops this in the middle loses nothing.
AT_A_TIME = 1_000


@dataclass(frozen=True)
class Passing:
    """Something that is kept for a while: its name in words, one and several, and those of its rows that are over."""

    one: str
    several: str
    over: Callable[[datetime.datetime], QuerySet[Any]]


def _audit(now: datetime.datetime) -> QuerySet[Any]:
    days = settings.AUDIT_DAYS
    return AuditEvent.objects.filter(at__lt=now - datetime.timedelta(days=days)) if days else AuditEvent.objects.none()


PASSING = (
    Passing("session that ended", "sessions that ended", lambda now: Session.objects.filter(expire_date__lt=now)),
    Passing("count of tries", "counts of tries", lambda now: Tries.objects.filter(last__lt=now - tries.FORGOTTEN)),
    Passing("mark of a sent form", "marks of sent forms", lambda now: Sent.objects.filter(at__lt=now - once.KEPT)),
    Passing(
        "draft that its writer went on with",
        "drafts that their writers went on with",
        lambda now: Revision.objects.filter(passed=True, saved_at__lt=now - DRAFTS),
    ),
    Passing(
        "notice of a comment that was mailed",
        "notices of comments that were mailed",
        lambda now: Notice.objects.filter(sent_at__lt=now - NOTICES),
    ),
    Passing(
        "reminder that was sent",
        "reminders that were sent",
        lambda now: Reminder.objects.filter(sent_at__lt=now - REMINDERS),
    ),
    Passing("line of the audit trail", "lines of the audit trail", _audit),
)


def tidy(*, only_count: bool = False) -> Iterator[tuple[Passing, int]]:
    """Take out what is over, kind by kind, and say how many of each; with `only_count` nothing is taken out."""
    now = timezone.now()
    for kind in PASSING:
        yield kind, kind.over(now).count() if only_count else _take_out(kind.over(now))


def _take_out(rows: QuerySet[Any]) -> int:
    taken = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            # The audit trail refuses to be deleted, for everybody else: nothing but its age takes a line out of it.
            taken += QuerySet.delete(rows.filter(pk__in=keys))[0]
    return taken
