"""Writing the reason that lets a point stand, and taking it away: only while the review is open, and never unseen."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from worksheets import saving
from worksheets.models import Cycle, Reason, User
from worksheets.signoff.decisions import TooLate
from worksheets.signoff.rules import PointKey


class Overtaken(Exception):
    """Somebody else wrote or removed this reason since the page was loaded. `theirs` is what is there now."""

    def __init__(self, theirs: Reason | None) -> None:
        super().__init__("This reason was changed in the meantime.")
        self.theirs = theirs


def mark_of(reason: Reason | None) -> str:
    """What tells one state of a reason from another: it travels in the form."""
    return f"{reason.pk}-{reason.written_at.timestamp():.6f}" if reason else ""


@transaction.atomic
def write(cycle: Cycle, point: PointKey, text: str, user: User, seen: str) -> None:
    """Keep the reason beside a point; an empty one takes it away. Overtaken or TooLate, and nothing is kept.

    `seen` is the mark of the reason that the page was loaded with.
    """
    if not saving.still(cycle.pk):
        raise TooLate
    finding, subjects = point
    there = Reason.objects.filter(cycle=cycle, finding=finding, subjects=subjects).select_related("written_by").first()
    if (there.text if there else "") == text:
        return
    if mark_of(there) != seen:
        raise Overtaken(there)
    if not text:
        Reason.objects.filter(cycle=cycle, finding=finding, subjects=subjects).delete()
        return
    Reason.objects.update_or_create(
        cycle=cycle,
        finding=finding,
        subjects=subjects,
        defaults={"text": text, "written_by": user, "written_at": timezone.now()},
    )
