"""Writing the reason that lets a point stand, and taking it away: only while the review is open, and never unseen."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from worksheets.models import Cycle, Reason, User
from worksheets.reasons import PointKey
from worksheets.saving import differs, touch


@transaction.atomic
def write(cycle: Cycle, point: PointKey, text: str, user: User, seen: str) -> None:
    """Keep the reason beside a point; an empty one takes it away.

    `seen` is the token of the reason that the page had shown. Raises Overtaken or TooLate, and then nothing is kept.
    """
    touch(cycle.pk)
    finding, subjects = point
    rows = Reason.objects.filter(cycle=cycle, finding=finding, subjects=subjects)
    there = rows.select_related("written_by").first()
    if not differs(there.text if there else "", text, seen, there):
        return
    if text:
        written = {"text": text, "written_by": user, "written_at": timezone.now()}
        Reason.objects.update_or_create(cycle=cycle, finding=finding, subjects=subjects, defaults=written)
    else:
        rows.delete()
