"""Approving a document, which takes as long as printing does: asked for on a page, carried out by what prints."""

from __future__ import annotations

import copy
import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction

from worksheets import access, texts
from worksheets.access import Ability, Visit
from worksheets.fields import spoken_date
from worksheets.models import Policy, PolicyFile, PolicyMove, Printing
from worksheets.policies import files, moves, telling
from worksheets.policies.drafting import said_of
from worksheets.policies.moves import TooLate
from worksheets.policies.said import Said
from worksheets.report import queue, store
from worksheets.report.closing import local_day
from worksheets.texts import Texts

Form, ISSUE = Printing.Form, Printing.Purpose.ISSUE
# Why a document was not issued, beside what is wrong with its pages: it changed or was decided on meanwhile, or whoever
# approved it may do so no more.
TOO_LATE, NOT_ALLOWED = "too-late", "not-allowed"


class UnderWay(Exception):
    """Somebody else is approving the document."""


class NotReady(Exception):
    """Facts are missing, so the document cannot be issued. `missing` names them in words."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__("This document can't be issued yet.")
        self.missing = tuple(missing)


@dataclass(frozen=True)
class Approval:
    """Which person or committee approved a version, and on which day; `note` is for its history."""

    by: str
    on: datetime.date
    note: str = ""


def is_own(visit: Visit, policy: Policy) -> bool:
    """Whether the member sent the document themselves, as when their role changed since: others must approve it."""
    return policy.sent_by_id == visit.user.pk


def seen(policy: Policy, said: Said) -> str:
    """What somebody who decides has before them, in one word: what the version says, and how often it was written."""
    return hashlib.sha256(repr((policy.pk, policy.stamp, said.to_json())).encode()).hexdigest()


def ask(visit: Visit, policy: Policy, token: str, approval: Approval) -> Printing:
    """Have a version issued, as approved, in the name of the visitor. Who presses twice has asked once.

    `token` is what `seen` gave for the page that they decided on. Raises PermissionDenied for whoever sent it,
    TooLate when it is not as they saw it or there is nothing to approve any more, NotReady, and UnderWay.
    """
    same = Printing.objects.filter(policy=policy, purpose=ISSUE, seen=token, asked_by=visit.user)
    if done := same.filter(state=Printing.State.DONE).last():
        return done
    if is_own(visit, policy):
        raise PermissionDenied
    said = said_of(policy, texts.current())
    if policy.state != Policy.State.SENT or seen(policy, said) != token:
        raise TooLate(policy)
    if said.missing:
        raise NotReady(said.missing)
    more = {"approver": approval.by, "approved_on": approval.on, "note": approval.note, "seen": token}
    printing = queue.ask_to_issue(policy, visit.user, **more)
    if printing.asked_by_id != visit.user.pk:
        raise UnderWay
    return printing


def approving(policy: Policy) -> Printing | None:
    """That somebody approves a version that was sent, while its files are made; or the last time that they could not be
    made. None for neither. One query."""
    if policy.state != Policy.State.SENT or policy.sent_at is None:
        return None
    last = Printing.objects.filter(policy=policy, purpose=ISSUE).select_related("asked_by").last()
    if last is None or last.reason in (TOO_LATE, NOT_ALLOWED):
        return None
    # What failed before it was sent again tells nothing about it now.
    return last if last.under_way or last.asked_at >= policy.sent_at else None


def carry_out(printing: Printing) -> bool:
    """Issue a version and tell the leads; whether the mails went out. For the process that prints.

    Raises what `access.visit` and `issue` raise. Once the files are issued they are not made again, even if whoever
    made them ended before the mails were sent.
    """
    policy = Policy.objects.select_related("organisation").get(printings=printing)
    user = printing.asked_by
    if user is None or not user.is_active:
        raise PermissionDenied
    visit = access.visit(user, policy.organisation.slug, Ability.DECIDE)
    if not (policy.issued_by_id == user.pk and policy.issued_at == printing.asked_at):
        issue(visit, policy, printing)
    return telling.tell(visit, policy, PolicyMove.Kind.ISSUED, noted=bool(printing.note))


def issue(visit: Visit, policy: Policy, printing: Printing) -> None:
    """Print the version as approved, and issue it with its files, in place of the one before.

    `policy` is as it was read. Its pages are set before anything is written, because that takes seconds. Raises
    TooLate if it is not what the manager saw, PermissionDenied, and what `Printer.print` raises. Whatever is raised,
    nothing has changed.
    """
    if is_own(visit, policy):
        raise PermissionDenied
    now = texts.current()
    # In this order: what changes between the two is found to have changed.
    said = as_issued(policy, printing, now)
    if policy.state != Policy.State.SENT or seen(policy, said_of(policy, now)) != printing.seen or said.missing:
        raise TooLate(policy)
    paper = files.paper(said, local_day(printing.asked_at))
    pdf, word = (store.paper_as(paper, form).pdf for form in (Form.PDF, Form.WORD))
    with transaction.atomic():
        moves.issue(visit, policy, printing.approver, printing.approved_on, printing.note, printing.asked_at)
        PolicyFile.objects.create(
            policy=policy, said=said.to_json(), pdf=pdf, word=word, sha256=hashlib.sha256(pdf).hexdigest()
        )
        # Nobody is given a file of the draft any more.
        policy.summaries.all().delete()


def as_issued(policy: Policy, printing: Printing, now: Texts) -> Said:
    """What a version will say once it is issued as it was asked for; the version itself stays as it is."""
    issued = copy.copy(policy)
    issued.state, issued.issued_at, issued.issued_by = Policy.State.ISSUED, printing.asked_at, printing.asked_by
    issued.approver, issued.approved_on = printing.approver, printing.approved_on
    said = said_of(issued, now)
    return replace(said, issued_on=spoken_date(local_day(printing.asked_at)))
