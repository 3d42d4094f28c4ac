"""The only way in which answers are written: one conditional UPDATE, and a line of history with it.

Step 4 of the line in the README. Nothing is overwritten unseen: a save knows the version its page was loaded with.
Another question of the worksheet saved since then is no conflict; the same question is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from worksheets.models import Cycle, Revision, User, Worksheet

# Each round is lost only to somebody else's save, so this many in a row means that something is wrong.
ROUNDS = 60


class Conflict(Exception):
    """Somebody saved the same question since the page was loaded. `theirs` is what is stored now."""

    def __init__(self, worksheet: Worksheet, latest: Revision, base: dict[str, Any], theirs: dict[str, Any]) -> None:
        super().__init__("This question was saved by somebody else in the meantime.")
        self.worksheet, self.latest, self.base, self.theirs = worksheet, latest, base, theirs


class Completed(Exception):
    """The worksheet was completed since the page was loaded, so that nothing in it can be changed."""

    def __init__(self, worksheet: Worksheet) -> None:
        super().__init__("This worksheet is complete.")
        self.worksheet = worksheet


class Closed(Exception):
    """The review was submitted, signed off or archived since the page was loaded, so that nothing in it changes."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__("This review is closed.")
        self.cycle = cycle


def still(cycle: int, *states: str) -> QuerySet[Cycle]:
    """The cycle of that primary key, if it is in one of these states (open, if none is given) and not archived.

    Inside a transaction its row is held: who submits or signs off waits until the write that asked is done, and a write
    that comes later finds nothing here. As a condition of an UPDATE it costs no query of its own.
    """
    rows = Cycle.objects.order_by().filter(pk=cycle, state__in=states or (Cycle.State.OPEN,), archived_at=None)
    return rows.select_for_update(no_key=True) if connection.features.has_select_for_update else rows


@dataclass(frozen=True)
class Saved:
    """The worksheet after a save, and whether the save changed anything."""

    worksheet: Worksheet
    changed: bool


def worksheet_of(cycle: Cycle, stage: str) -> Worksheet:
    """The worksheet of a stage, made when the cycle does not have it yet."""
    return Worksheet.objects.get_or_create(cycle=cycle, stage=stage)[0]


Answer = dict[str, Any]
Read = Callable[[Answer], Answer]


def as_stored(answer: Answer) -> Answer:
    """How an answer is read by those who write it as it is to be kept."""
    return answer


def save_answer(
    worksheet: Worksheet,
    question: str,
    answer: Answer | None,
    *,
    seen: int | None,
    user: User | None,
    read: Read = as_stored,
) -> Saved:
    """Store the answer to one question, or empty it with `None`.

    `seen` is the version of the worksheet that whoever answers has seen; `None` means: whatever it is now. `read` gives
    a stored answer as a page shows it, so that a page that was left alone is known for what it is. Raises Conflict,
    Completed or Closed, and then nothing is stored. An answer that is already there is not stored again.
    """
    for _ in range(ROUNDS):
        if not worksheet.cycle.may_change:
            raise Closed(worksheet.cycle)
        if worksheet.complete:
            raise Completed(worksheet)
        stored = worksheet.answers.get(question)
        if (stored is None) == (answer is None) and read(stored or {}) == (answer or {}):
            return Saved(worksheet, changed=False)
        if seen is not None and worksheet.version > seen:
            clash = _clash(worksheet, question, answer, seen, read)
            if clash is None:
                return Saved(worksheet, changed=False)
            if isinstance(clash, Conflict):
                raise clash
        if _write(worksheet, question, answer, user):
            return Saved(worksheet, changed=True)
        worksheet = Worksheet.objects.select_related("updated_by", "completed_by", "cycle").get(pk=worksheet.pk)
    raise RuntimeError("The worksheet kept changing while it was saved.")


def _clash(worksheet: Worksheet, question: str, answer: Answer | None, seen: int, read: Read) -> Conflict | bool | None:
    """What stands against saving: a Conflict; False when nothing does; None when the answer is what the page was
    loaded with, so that there is nothing to save and what somebody else wrote stays."""
    saves = worksheet.revisions.filter(question=question).select_related("saved_by")
    latest = saves.first()
    if latest is None or latest.version <= seen:
        return False
    before = saves.filter(version__lte=seen).first()
    base = read((before and before.answer) or {})
    if (answer or {}) == base:
        return None
    return Conflict(worksheet, latest, base, read(worksheet.answers.get(question) or {}))


def _write(worksheet: Worksheet, question: str, answer: Answer | None, user: User | None) -> bool:
    """One save, if the worksheet still is at the version that was read. Changes `worksheet` to what is stored."""
    answers = {key: value for key, value in worksheet.answers.items() if key != question}
    if answer is not None:
        answers[question] = answer
    carried = [key for key in worksheet.carried if key != question]
    now = timezone.now()
    with transaction.atomic():
        written = Worksheet.objects.filter(
            pk=worksheet.pk,
            version=worksheet.version,
            status=Worksheet.Status.OPEN,
            cycle__in=still(worksheet.cycle_id),
        ).update(answers=answers, carried=carried, version=worksheet.version + 1, updated_at=now, updated_by=user)
        if not written:
            return False
        Revision.objects.create(
            worksheet=worksheet,
            question=question,
            answer=answer,
            version=worksheet.version + 1,
            saved_at=now,
            saved_by=user,
        )
    worksheet.answers, worksheet.carried, worksheet.version = answers, carried, worksheet.version + 1
    worksheet.updated_at, worksheet.updated_by = now, user
    return True


def confirm(worksheet: Worksheet, question: str, user: User) -> bool:
    """Say that an answer carried forward from the last review still holds; False when that cannot be said any more.

    Nothing is saved, so there is no line of history; the version moves, so that nobody's save brings the mark back.
    """
    for _ in range(ROUNDS):
        if question not in worksheet.carried:
            return True
        carried, now = [key for key in worksheet.carried if key != question], timezone.now()
        with transaction.atomic():
            written = Worksheet.objects.filter(
                pk=worksheet.pk,
                version=worksheet.version,
                status=Worksheet.Status.OPEN,
                cycle__in=still(worksheet.cycle_id),
            ).update(carried=carried, version=worksheet.version + 1, updated_at=now, updated_by=user)
        if written:
            worksheet.carried, worksheet.version = carried, worksheet.version + 1
            return True
        worksheet = Worksheet.objects.select_related("cycle").get(pk=worksheet.pk)
        if worksheet.complete or not worksheet.cycle.may_change:
            return False
    raise RuntimeError("The worksheet kept changing while an answer was confirmed.")


@transaction.atomic
def complete(worksheet: Worksheet, user: User) -> bool:
    """Mark a worksheet complete as it was read; False when it was changed since, is complete already, or closed."""
    now = timezone.now()
    return bool(
        Worksheet.objects.filter(
            pk=worksheet.pk,
            version=worksheet.version,
            status=Worksheet.Status.OPEN,
            cycle__in=still(worksheet.cycle_id),
        ).update(status=Worksheet.Status.COMPLETE, completed_at=now, completed_by=user)
    )


@transaction.atomic
def reopen(worksheet: Worksheet) -> None:
    """Open a complete worksheet again, unless its review is closed; its answers stay as they are."""
    Worksheet.objects.filter(pk=worksheet.pk, cycle__in=still(worksheet.cycle_id)).update(
        status=Worksheet.Status.OPEN, completed_at=None, completed_by=None
    )
