"""The page on which a manager approves a document, or sends it back."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from worksheets import limits, texts
from worksheets.access import Ability, Visit
from worksheets.fields import Day, Line, Text, text
from worksheets.models import Policy, PolicyMove, Printing
from worksheets.pages import Request, in_organisation
from worksheets.policies import files, issuing, moves, telling
from worksheets.policies.downloads import page, waits
from worksheets.policies.drafting import readings_of, said_of
from worksheets.policies.issuing import Approval, NotReady, UnderWay
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.moves import NoteNeeded, TooLate
from worksheets.policies.paper import clauses_of
from worksheets.report import queue
from worksheets.typed import typed_in
from worksheets.words import listed
from worksheets.workbook import PlainForm


class Approver(Line):
    """Who approved it: whoever approves must say so, and whoever sends it back need not."""

    def called(self) -> SafeString:
        return conditional_escape(self.label or "")


class ApprovedOn(Day):
    """When they did, in the same way."""

    def called(self) -> SafeString:
        return conditional_escape(self.label or "")


class ApprovalForm(PlainForm):
    """What a manager says to a document that was sent for approval."""

    approver = Approver("Approved by", "The person or the committee. For example, Policy committee.", most=120)
    approved_on = ApprovedOn("Approved on", "The day of the decision. For example, 3 3 2026.")
    note = Text(
        "Note",
        "You need one to send it back: say what should change. It is kept in the history.",
        lines=4,
        ask="Enter a note that says what should change",
    )

    def approval(self) -> Approval | None:
        """The approval, if all of it is there; else None, with what is missing said in the form."""
        by, on = text(self.plain, "approver"), text(self.plain, "approved_on")
        if not by:
            self.refuse("approver", "Enter the person or the committee that approved it")
        if not on:
            self.refuse("approved_on", "Enter the date on which it was approved, like 3 March 2026")
        elif datetime.date.fromisoformat(on) > timezone.localdate():
            self.refuse("approved_on", "Enter a date that is not in the future")
        if self.errors:
            return None
        return Approval(by, datetime.date.fromisoformat(on), text(self.plain, "note"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_organisation(Ability.DECIDE)
def decide(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """Approve a document that was sent, or send it back with a note: for managers, but not for whoever sent it."""
    policy = files.find(visit, document, version)
    if request.method != "POST":
        mine = queue.policy_asked(request.GET.get("asked", ""), policy, issuing.ISSUE)
        if mine and mine.asked_by_id == visit.user.pk:
            return approved(request, visit, policy, mine)
        return decide_page(request, visit, policy, ApprovalForm(initial={"approver": policy.approver or None}))
    form, token = ApprovalForm(request.POST), request.POST.get("seen", "")
    if not form.is_valid():
        return decide_page(request, visit, policy, form, 400, token=token)
    try:
        if request.POST.get("do") == "approve":
            approval = form.approval()
            if approval is None:
                return decide_page(request, visit, policy, form, 400, token=token)
            return approved(request, visit, policy, queue.wait(issuing.ask(visit, policy, token, approval)))
        send_back(visit, policy, token, text(form.plain, "note"))
    except NoteNeeded:
        form.refuse("note", ApprovalForm.kinds["note"].ask)
        return decide_page(request, visit, policy, form, 400, token=token)
    except limits.Full as full:
        form.refuse("note", full.limit.words)
        return decide_page(request, visit, policy, form, 400, token=token)
    except NotReady:
        return decide_page(request, visit, policy, form, 409, token=token)
    except UnderWay:
        return decide_page(request, visit, policy, form, 409, token=token)
    except TooLate:
        return too_late(request, visit, policy, form)
    told = telling.tell(visit, policy, PolicyMove.Kind.SENT_BACK, noted=True)
    return decided(request, visit, policy, "sent back to its team", told=told)


def send_back(visit: Visit, policy: Policy, token: str, note: str) -> None:
    """Send a version back. Raises what `moves.send_back` raises, and TooLate when it is not as the page showed it."""
    if issuing.seen(policy, said_of(policy, texts.current())) != token:
        raise TooLate(policy)
    moves.send_back(visit, policy, note)


def decided(request: Request, visit: Visit, policy: Policy, what: str, *, told: bool) -> HttpResponse:
    """On to the document, with what was done and whether the mails about it went out."""
    leads = telling.leads(visit)
    names = listed(member.called for member in leads)
    done = f"The document is {what}."
    if not leads:
        messages.success(request, done)
    elif told:
        messages.success(request, f"{done} We have told {names} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every lead: tell {names} yourself.")
    return redirect(reverse("policy", args=[visit.organisation.slug, policy.document, policy.version]))


def approved(request: Request, visit: Visit, policy: Policy, mine: Printing) -> HttpResponse:
    """What whoever approves gets: that it is issued, that it is under way, or why it was not possible."""
    if mine.state == Printing.State.DONE:
        return decided(request, visit, policy, "approved and issued", told=mine.told)
    here = f"{request.path}?asked={mine.pk}"
    if mine.under_way and request.method == "POST":
        return redirect(here)
    if mine.under_way:
        queue.press_on(mine)
    if mine.under_way:
        return waits(request, "policies/being_issued.jinja", visit, policy, here, mine)
    if mine.reason == issuing.NOT_ALLOWED:
        raise PermissionDenied
    form = ApprovalForm(initial=typed_again(mine))
    if mine.reason == issuing.TOO_LATE:
        return too_late(request, visit, policy, form)
    return decide_page(request, visit, policy, form, queue.status(mine))


def typed_again(mine: Printing) -> dict[str, str | None]:
    """What was typed when somebody approved, for the form."""
    on = mine.approved_on.isoformat() if mine.approved_on else None
    return {"approver": mine.approver or None, "approved_on": on, "note": mine.note or None}


def too_late(request: Request, visit: Visit, policy: Policy, form: ApprovalForm) -> HttpResponse:
    """409: it was changed, taken back or decided on since the page was opened. What was typed is still there."""
    policy.refresh_from_db()
    return decide_page(request, visit, policy, form, 409, changed=True)


def decide_page(
    request: Request,
    visit: Visit,
    policy: Policy,
    form: ApprovalForm,
    status: int = 200,
    *,
    token: str = "",
    changed: bool = False,
) -> HttpResponse:
    """The page on which a manager decides: the document as it reads, who read it, and who is approving it just now.

    `token` is what the page had shown, which stays what it was while it has an error: what changed must not pass for
    read.
    """
    document, said = DOCUMENTS[policy.document], files.told(policy)
    last = issuing.approving(policy)
    return page(
        request,
        "policies/decide.jinja",
        visit,
        policy,
        status,
        said=said,
        parts=clauses_of(said),
        readers=readings_of(policy, document),
        document=document,
        form=form,
        token=token or issuing.seen(policy, said),
        own=issuing.is_own(visit, policy),
        approving=last.asked_by if last and last.under_way else None,
        unprinted=last.reason if last else "",
        changed=changed,
        typed=typed_in(form) if changed else [],
        has_errors=status == 400,
    )
