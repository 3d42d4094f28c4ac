"""The decisions themselves: each is one conditional UPDATE of the state, and a line of history with it."""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction
from django.utils import timezone

from worksheets import texts
from worksheets.access import Visit
from worksheets.models import Cycle, Decision, Issued, User
from worksheets.report import contents
from worksheets.report.page import page
from worksheets.report.printer import printer
from worksheets.review import Review, reasons_of
from worksheets.signoff import rules

Kind = Decision.Kind


class TooLate(Exception):
    """The review is no longer in the state that the decision starts from: somebody else was quicker."""


class NotReady(Exception):
    """The review can't be submitted yet. `missing` says why."""

    def __init__(self, missing: list[rules.Missing]) -> None:
        super().__init__("This review can't be submitted yet.")
        self.missing = missing


def move(
    cycle: Cycle, kind: Decision.Kind, user: User, note: str = "", at: datetime.datetime | None = None
) -> Decision:
    """Take a decision, inside a transaction. TooLate when the state is not the one it starts from: of two, one wins."""
    step = rules.MOVES[kind]
    if not Cycle.objects.filter(pk=cycle.pk, state=step.before, archived_at=None).update(state=step.after):
        raise TooLate
    return Decision.objects.create(cycle=cycle, kind=kind, note=note, decided_by=user, decided_at=at or timezone.now())


@transaction.atomic
def submit(cycle: Cycle, user: User, note: str = "") -> Decision:
    """Hand a review over for sign-off. TooLate, or NotReady with everything that is missing; then nothing changes."""
    decision = move(cycle, Kind.SUBMITTED, user, note)
    # From here on no answer changes. What is there now is what counts, not what the page was made from.
    now = Cycle.objects.select_related("organisation").get(pk=cycle.pk)
    missing = rules.missing(Review.of(now), reasons_of(now), not_using=bool(now.not_using_because))
    if missing:
        raise NotReady(missing)
    return decision


@transaction.atomic
def withdraw(cycle: Cycle, user: User, note: str = "") -> Decision:
    """Take a submitted review back, to go on with it."""
    return move(cycle, Kind.WITHDRAWN, user, note)


def submission_of(cycle: Cycle) -> Decision | None:
    """The submission that a review was handed over with last."""
    rows = Decision.objects.filter(cycle=cycle, kind=Kind.SUBMITTED).select_related("decided_by")
    return rows.order_by("-pk").first()


def demand_latest(cycle: Cycle, submission: int) -> None:
    """TooLate unless that submission is the last one: nobody decides on a version they have not seen."""
    latest = submission_of(cycle)
    if latest is None or latest.pk != submission:
        raise TooLate


@transaction.atomic
def send_back(cycle: Cycle, submission: int, user: User, note: str) -> Decision:
    """Give what was handed over with that submission back to its team, with what is to be done."""
    decision = move(cycle, Kind.SENT_BACK, user, note)
    demand_latest(cycle, submission)
    return decision


def sign_off(visit: Visit, submission: int, note: str = "") -> Decision:
    """Sign a submitted review off: make its PDF, and keep the very bytes together with the decision.

    `submission` is the primary key of the one that the manager has seen. The pages are set before anything is written,
    because that takes seconds; if the review was taken back meanwhile, even if it was submitted again, this is TooLate.
    Raises what `Printer.print` raises. Whatever is raised, nothing has changed.
    """
    assert visit.cycle
    cycle, now = visit.cycle, timezone.now()
    told = contents.gather(
        cycle,
        visit.worksheets,
        texts.current(),
        signed_off=contents.SignedOff(str(visit.user), contents.local_day(now)),
    )
    pdf = printer.print(page(told)).pdf
    with transaction.atomic():
        decision = move(cycle, Kind.SIGNED_OFF, visit.user, note, now)
        demand_latest(cycle, submission)
        Issued.objects.create(
            cycle=cycle, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), issued_at=now, issued_by=visit.user
        )
    return decision


@transaction.atomic
def conclude(cycle: Cycle, because: str, seen: str) -> bool:
    """Record why the team decided not to use social media; nothing takes it back. False when it is not what was `seen`.

    TooLate when the review is not open any more.
    """
    rows = Cycle.objects.filter(pk=cycle.pk, state=Cycle.State.OPEN, archived_at=None)
    if rows.filter(not_using_because=seen).update(not_using_because=because):
        return True
    if not rows.exists():
        raise TooLate
    return False
