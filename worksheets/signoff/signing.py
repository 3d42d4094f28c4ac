"""Signing off, which takes as long as printing does: asked for on a page, carried out by the process that prints."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from worksheets import access
from worksheets.access import CycleVisit
from worksheets.models import Cycle, Decision, Printing, Role
from worksheets.report import queue
from worksheets.saving import TooLate
from worksheets.signoff import decisions, mail, moves
from worksheets.workbooks import WORKBOOKS

# Why a review was not signed off, beside what is wrong with its pages: it was decided on meanwhile, or whoever signed
# it off may do so no more.
TOO_LATE, NOT_ALLOWED = "too-late", "not-allowed"
SIGN_OFF = Printing.Purpose.SIGN_OFF


class UnderWay(Exception):
    """Somebody else is signing the review off."""


def ask(visit: CycleVisit, submission: int, note: str) -> Printing:
    """Have a review signed off in the name of the visitor. Who presses twice has asked once.

    `submission` is the primary key of the one that their page showed. Raises PermissionDenied for whoever submitted it,
    TooLate when there is nothing to sign off any more, and UnderWay.
    """
    cycle = visit.cycle
    same = Printing.objects.filter(cycle=cycle, purpose=SIGN_OFF, submission_id=submission, asked_by=visit.user)
    if done := same.filter(state=Printing.State.DONE).last():
        return done
    latest = decisions.submission_of(cycle)
    if moves.is_own(visit, latest):
        raise PermissionDenied
    if cycle.archived_at or cycle.state != Cycle.State.SUBMITTED or latest is None or latest.pk != submission:
        raise TooLate(cycle)
    printing = queue.add(cycle, SIGN_OFF, visit.user, submission=latest, note=note)
    if printing.asked_by_id != visit.user.pk:
        raise UnderWay
    return printing


def last_of(cycle: Cycle, submission: Decision | None) -> Printing | None:
    """The last time that somebody wanted to sign off what was handed over with that submission. One query."""
    rows = Printing.objects.filter(cycle=cycle, purpose=SIGN_OFF, submission=submission)
    return rows.select_related("asked_by").last() if submission else None


def carry_out(printing: Printing) -> bool:
    """Sign a review off and tell its leads; whether the mails went out. For the process that prints.

    Raises what `access.visit_cycle` and `decisions.sign_off` raise. Once the file is issued it is not made again, even
    if whoever made it ended before the mails were sent.
    """
    cycle, user = Cycle.objects.select_related("organisation").get(printings=printing), printing.asked_by
    if user is None or not user.is_active:
        raise PermissionDenied
    visit = access.visit_cycle(user, cycle.organisation.slug, WORKBOOKS[cycle.workbook], cycle.slug)
    issued = Decision.objects.filter(
        cycle=cycle, kind=Decision.Kind.SIGNED_OFF, decided_by=user, decided_at=printing.asked_at
    )
    decision = issued.first() or decisions.sign_off(
        visit, printing.submission_id or 0, printing.note, printing.asked_at
    )
    leads = mail.people_with(visit, Role.LEAD)
    return mail.tell(visit, decision, leads, "hub")
