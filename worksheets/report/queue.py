"""The queue of what is to be printed, in the database: who asks, whose turn it is, and what came of it.

Those who serve pages ask and look; one process on each machine prints (`machine`, `worksheets/printing.py`). A claim is
one conditional UPDATE, so that of several machines one makes each file. What a process left behind that ended, in
whatever way, is taken up again.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import socket
import time
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from worksheets.models import Cycle, Policy, Printing, User
from worksheets.report import machine
from worksheets.report.printer import TooLarge, TooManyPages, TooSlow, Unavailable

logger = logging.getLogger(__name__)

State, Purpose, Form = Printing.State, Printing.Purpose, Printing.Form

# How many summaries of one organisation may be under way at a time: more than a meeting opens at once.
MOST_UNDER_WAY = 10
# What is held against the contents, and for how long unless they change. Nothing else is held against anything.
CONTENT = (TooLarge.reason, TooManyPages.reason, TooSlow.reason)
REFUSED_FOR = datetime.timedelta(hours=1)
# Who gave no sign of life for so long has ended, on whatever machine. Signs come every few seconds.
SILENT = datetime.timedelta(minutes=2)
# When what is next is given up as somebody has the lock and does nothing, such as a process that is stopped: after so
# many seconds in which it was looked at, and never longer than the second number not.
UNMOVED, LOOKED_AT = 300, 120
# How often something is taken up that ended whoever printed it.
MOST_TRIES = 3
# How long what came of it is remembered.
REMEMBERED = datetime.timedelta(days=1)

# A page waits so long, in seconds, before it says that it waits. Few do at a time: threads are there to serve pages.
AT_ONCE = 3.5
LOOK_EVERY = 0.1
_waiting = BoundedSemaphore(2)


class _Next(NamedTuple):
    """What is next in the queue as this process saw it, and when it first and last did."""

    state: tuple[Any, ...] | None = None
    first: float = 0
    last: float = 0


_next = _Next()


class Full(Exception):
    """The organisation has as much in the queue as one may."""


# Asking.


def under_way(**about: Any) -> QuerySet[Printing]:
    """What waits or is being printed."""
    return Printing.objects.filter(state__in=(State.WAITING, State.PRINTING), **about)


def add(
    cycle: Cycle,
    purpose: Printing.Purpose,
    by: User | None,
    beside: Cycle | None = None,
    form: str = Form.PDF,
    document: str = "",
    **more: Any,
) -> Printing:
    """Ask for a file. Who asks for what is under way already waits with the others."""
    wanted = {"cycle": cycle, "purpose": purpose, "beside": beside, "form": form, "document": document}
    return _one_of(wanted, by, **more)


def ask_for_example(workbook: str, by: User, form: str = Form.PDF) -> Printing:
    """Ask for the summary of the example of the workbook of that key. All who do wait for one file."""
    return _one_of({"cycle": None, "example": workbook, "purpose": Purpose.EXAMPLE, "form": form}, by)


def ask_for_policy(policy: Policy, by: User, form: str = Form.PDF) -> Printing:
    """Ask for a file of a version of a document as it stands. Raises Full."""
    of_organisation = under_way(policy__organisation=policy.organisation_id, purpose=Purpose.POLICY)
    if of_organisation.exclude(policy=policy, form=form).count() >= MOST_UNDER_WAY:
        raise Full
    return _one_of({"policy": policy, "purpose": Purpose.POLICY, "form": form}, by)


def ask_to_issue(policy: Policy, by: User, **more: Any) -> Printing:
    """Ask for the files of a version that is to be issued."""
    return _one_of({"policy": policy, "purpose": Purpose.ISSUE}, by, **more)


def _one_of(wanted: dict[str, Any], by: User | None, **more: Any) -> Printing:
    """What is wanted, as it is under way already, or is from now on. Wakes the one who prints."""
    printing = under_way(**wanted).first()
    while printing is None:
        try:
            with transaction.atomic():
                printing = Printing.objects.create(**wanted, asked_by=by, **more)
        except IntegrityError:
            # Somebody else asked in this very moment.
            printing = under_way(**wanted).first()
    press_on()
    return printing


def press_on(printing: Printing | None = None) -> None:
    """See to it that what waits is printed. It is given up once nobody could be started for it again and again, or
    whoever was started does nothing.

    A `printing` that was looked at is then as it is now.
    That counts against all that wait, and not while somebody prints: whoever ends in the middle of a file is known by
    that file.
    """
    machine.press_on()
    failed = machine.failed()
    if not moves():
        logger.error("Nothing is printed: whoever has the lock has taken nothing up for %d seconds", UNMOVED)
        failed = MOST_TRIES
    if failed and not Printing.objects.filter(state=State.PRINTING, seen_at__gte=timezone.now() - SILENT).exists():
        under_way().update(tries=F("tries") + failed)
        given_up = under_way(tries__gte=MOST_TRIES)
        given_up.update(state=State.FAILED, reason=Unavailable.reason, finished_at=timezone.now())
        if printing:
            printing.refresh_from_db()


def moves() -> bool:
    """Whether what is next was taken up, or gave a sign of life, while people looked at it."""
    global _next
    state, now = under_way().values_list("pk", "state", "tries", "seen_at").first(), time.monotonic()
    same = state == _next.state and now - _next.last < LOOKED_AT
    _next = _Next(state, _next.first if same else now, now)
    return state is None or now - _next.first < UNMOVED


def ask(
    cycle: Cycle, by: User | None, beside: Cycle | None = None, form: str = Form.PDF, document: str = ""
) -> Printing:
    """Ask for the summary of a cycle as it stands, or for a document beside it, by its key. Raises Full.

    `by` is None for the command line.
    """
    of_organisation = under_way(cycle__organisation=cycle.organisation_id, purpose=Purpose.SUMMARY)
    same = {"cycle": cycle, "beside": beside, "form": form, "document": document}
    if of_organisation.exclude(**same).count() >= MOST_UNDER_WAY:
        raise Full
    return add(cycle, Purpose.SUMMARY, by, beside, form, document)


def asked(
    number: str,
    cycle: Cycle,
    purpose: Printing.Purpose,
    beside: Cycle | None = None,
    form: str = Form.PDF,
    document: str = "",
) -> Printing | None:
    """The printing of that number, as an address carries it, if it is one of this cycle; else None."""
    if not number_of(number):
        return None
    about = {"purpose": purpose, "beside": beside, "form": form, "document": document}
    return Printing.objects.filter(pk=number_of(number), cycle=cycle, **about).first()


def example_asked(number: str, workbook: str, form: str) -> Printing | None:
    """The printing of that number, if it is one of that example; else None."""
    if not number_of(number):
        return None
    about = {"example": workbook, "purpose": Purpose.EXAMPLE, "form": form}
    return Printing.objects.filter(pk=number_of(number), cycle=None, **about).first()


def policy_asked(number: str, policy: Policy, purpose: Printing.Purpose, form: str = Form.PDF) -> Printing | None:
    """The printing of that number, if it is one of that version of a document; else None."""
    if not number_of(number):
        return None
    return Printing.objects.filter(pk=number_of(number), policy=policy, purpose=purpose, form=form).first()


def number_of(text: str) -> int:
    """The number that an address carries; 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def refusal(cycle: Cycle, beside: Cycle | None, digest: str) -> Printing | None:
    """The printing in which these very contents were found to go beyond the limits, not long ago."""
    return _refused(digest, cycle=cycle, beside=beside, purpose=Purpose.SUMMARY)


def refusal_of_policy(policy: Policy, digest: str) -> Printing | None:
    """The same for a version of a document as it stands."""
    return _refused(digest, policy=policy, purpose=Purpose.POLICY)


def _refused(digest: str, **about: Any) -> Printing | None:
    rows = Printing.objects.filter(**about, state=State.FAILED, reason__in=CONTENT, digest=digest)
    return rows.filter(finished_at__gt=timezone.now() - REFUSED_FOR).last()


def status(printing: Printing) -> int:
    """The HTTP status that says why there is no file: 413 for too much of it, 503 for all else."""
    return 413 if printing.reason in (TooLarge.reason, TooManyPages.reason) else 503


def place(printing: Printing) -> int:
    """How many are printed before it: 0 when it is being printed, or next."""
    return under_way(pk__lt=printing.pk).count()


def wait(printing: Printing) -> Printing:
    """The printing as it is after a short while, or as soon as it is done. At once when others are before it."""
    printing.refresh_from_db()
    if printing.under_way and not place(printing) and _waiting.acquire(blocking=False):
        try:
            until = time.monotonic() + AT_ONCE
            while printing.under_way and time.monotonic() < until:
                time.sleep(LOOK_EVERY)
                printing.refresh_from_db()
        finally:
            _waiting.release()
    return printing


# Printing.


def here() -> str:
    """This machine, as far as its lock goes: of all that print here one is alive, and it is whoever holds the lock."""
    return f"{socket.gethostname()[:60]} {hashlib.sha256(str(machine.lock_file()).encode()).hexdigest()[:12]}"


def take_up() -> None:
    """Put what somebody left behind who ended back into the queue, where it was; give up what ended too many.

    For whoever holds the lock and is about to take the next: what is said to be printed here is not.
    """
    silent = Q(seen_at__lt=timezone.now() - SILENT)
    left = Printing.objects.filter(Q(runner=here()) | silent, state=State.PRINTING)
    left.filter(tries__lt=MOST_TRIES).update(state=State.WAITING)
    left.update(state=State.FAILED, reason=Unavailable.reason, finished_at=timezone.now())


def waits() -> bool:
    """Whether anything waits for somebody to print it."""
    return Printing.objects.filter(state=State.WAITING).exists()


def claim() -> Printing | None:
    """The next that waits, now ours to print; None when nothing does."""
    take_up()
    while (waiting := Printing.objects.filter(state=State.WAITING).order_by("pk").first()) is not None:
        now = timezone.now()
        ours = Printing.objects.filter(pk=waiting.pk, state=State.WAITING)
        if ours.update(state=State.PRINTING, runner=here(), started_at=now, seen_at=now, tries=F("tries") + 1):
            waiting.refresh_from_db()
            return waiting
    return None


def _ours(printing: Printing) -> QuerySet[Printing]:
    """The row while it is ours: not when somebody took us for dead."""
    return Printing.objects.filter(
        pk=printing.pk, state=State.PRINTING, runner=printing.runner, started_at=printing.started_at
    )


def alive(printing: Printing) -> None:
    """Give a sign of life."""
    _ours(printing).update(seen_at=timezone.now())


def finish(printing: Printing, reason: str = "", **more: Any) -> None:
    """Say what came of it: done, or failed for that reason. Forgets what is long over."""
    now = timezone.now()
    state = State.FAILED if reason else State.DONE
    _ours(printing).update(state=state, reason=reason, finished_at=now, digest=printing.digest, **more)
    decisions = (Purpose.SIGN_OFF, Purpose.ISSUE)
    Printing.objects.exclude(purpose__in=decisions).filter(finished_at__lt=now - REMEMBERED).delete()
