"""The decisions themselves: each is one conditional UPDATE of the state, and a line of history with it."""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from worksheets import limits, neighbours, texts
from worksheets.access import CycleVisit
from worksheets.models import Cycle, Decision, Issued
from worksheets.reasons import reasons_of
from worksheets.report import contents
from worksheets.report.closing import local_day
from worksheets.report.page import html_of
from worksheets.report.printer import printer
from worksheets.report.sheet import SignedOff
from worksheets.saving import TooLate, differs, touch
from worksheets.signoff import moves

Kind = Decision.Kind
# What can be done to and fro without end.
REPEATED = (Kind.SUBMITTED, Kind.WITHDRAWN, Kind.SENT_BACK)


class NotReady(Exception):
    """The review can't be submitted yet. `missing` says why."""

    def __init__(self, missing: list[moves.Missing]) -> None:
        super().__init__("This review can't be submitted yet.")
        self.missing = missing


class NoteNeeded(Exception):
    """This decision is not taken without a note that says what is to be done."""


def move(visit: CycleVisit, kind: Decision.Kind, note: str = "", at: datetime.datetime | None = None) -> Decision:
    """Take a decision as `moves.MOVES` has it, inside a transaction.

    PermissionDenied for those whose it is not, NoteNeeded, limits.Full, and TooLate when the state is not the one that
    it starts from, or the review is archived: of two decisions at once, one wins.
    """
    step, cycle = moves.MOVES[kind], visit.cycle
    if cycle.archived_at:
        raise TooLate(cycle)
    visit.demand(step.ability)
    if step.note_needed and not note:
        raise NoteNeeded
    if kind in REPEATED:
        lately = (at or timezone.now()) - limits.HOUR
        limits.demand(limits.DECISIONS, Decision.objects.filter(decided_by=visit.user, decided_at__gte=lately))
    rows = Cycle.objects.filter(pk=cycle.pk, state=step.before, archived_at=None)
    if not rows.update(state=step.after, stamp=F("stamp") + 1):
        raise TooLate(Cycle.objects.select_related("organisation").get(pk=cycle.pk))
    return Decision.objects.create(
        cycle=cycle, kind=kind, note=note, decided_by=visit.user, decided_at=at or timezone.now()
    )


@transaction.atomic
def submit(visit: CycleVisit, note: str = "") -> Decision:
    """Hand a review over for sign-off. Raises NotReady with everything that is missing, and what `move` raises."""
    decision = move(visit, Kind.SUBMITTED, note)
    # From here on no answer changes. What is there now is what counts, not what the page was made from.
    now = Cycle.objects.select_related("organisation").get(pk=visit.cycle.pk)
    review = neighbours.review_of(now, now.worksheets.all(), visit.texts)
    missing = moves.missing(review, reasons_of(now), now.ending)
    if missing:
        raise NotReady(missing)
    return decision


@transaction.atomic
def withdraw(visit: CycleVisit, note: str = "") -> Decision:
    """Take a submitted review back, to go on with it. Raises what `move` raises."""
    return move(visit, Kind.WITHDRAWN, note)


def submission_of(cycle: Cycle) -> Decision | None:
    """The submission that a review was handed over with last."""
    rows = Decision.objects.filter(cycle=cycle, kind=Kind.SUBMITTED).select_related("decided_by")
    return rows.order_by("-pk").first()


def demand_latest(cycle: Cycle, submission: int) -> None:
    """TooLate unless that submission is the last one: nobody decides on a version they have not seen."""
    latest = submission_of(cycle)
    if latest is None or latest.pk != submission:
        raise TooLate(cycle)


@transaction.atomic
def send_back(visit: CycleVisit, submission: int, note: str) -> Decision:
    """Give what was handed over with that submission back to its team, with what is to be done.

    Raises what `move` raises, and TooLate when it was taken back and submitted again meanwhile.
    """
    decision = move(visit, Kind.SENT_BACK, note)
    demand_latest(visit.cycle, submission)
    return decision


def sign_off(visit: CycleVisit, submission: int, note: str = "", at: datetime.datetime | None = None) -> Decision:
    """Sign a submitted review off: make its PDF, and keep the very bytes together with the decision.

    `submission` is the primary key of the one that the manager has seen, `at` when they decided. The pages are set
    before anything is written, because that takes seconds; if the review was taken back meanwhile, even if it was
    submitted again, this is TooLate. Raises what `move` and `Printer.print` raise. Whatever is raised, nothing has
    changed.
    """
    cycle, now = visit.cycle, at or timezone.now()
    signed_off = SignedOff(str(visit.user), local_day(now))
    told = contents.gather(cycle, visit.worksheets, texts.current(), signed_off=signed_off)
    pdf = printer.print(html_of(told)).pdf
    with transaction.atomic():
        decision = move(visit, Kind.SIGNED_OFF, note, now)
        demand_latest(cycle, submission)
        Issued.objects.create(
            cycle=cycle, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), issued_at=now, issued_by=visit.user
        )
    return decision


@transaction.atomic
def conclude(cycle: Cycle, ending: str, because: str, seen: str) -> None:
    """Record at which ending the team concluded and why; without a reason the conclusion is taken back.

    `seen` is the token of the reason that the page had shown. Raises Overtaken or TooLate.
    """
    touch(cycle.pk)
    now = Cycle.objects.only("ending_because").get(pk=cycle.pk).ending_because
    if differs(now, because, seen, now):
        Cycle.objects.filter(pk=cycle.pk).update(ending=ending if because else "", ending_because=because)
