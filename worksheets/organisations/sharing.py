"""What is somebody's own: where they show its finished page to the leads, or take that back, and that page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, neighbours, pages, texts
from worksheets.access import Ability, CycleVisit
from worksheets.models import Cycle
from worksheets.organisations.mail import leads_of
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.saving import TooLate, touch
from worksheets.workbook import Workbook

STATES = tuple(Cycle.State)


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(Ability.LEAD)
def share(request: Request, visit: CycleVisit) -> HttpResponse:
    """Show the finished page to the leads of the organisation, or take that back. Only its owner comes here."""
    if not visit.workbook.private:
        raise Http404
    if request.method != "POST":
        return asking(request, visit)
    verb = request.POST.get("do", "")
    if verb not in ("share", "take-back"):
        raise BadRequest("No button of the page asks for this.")
    if verb == "share" and not visit.review.complete:
        return asking(request, visit, status=409)
    try:
        with transaction.atomic():
            touch(visit.cycle.pk, *STATES)
            Cycle.objects.filter(pk=visit.cycle.pk).update(shared_at=timezone.now() if verb == "share" else None)
    except TooLate:
        return redirect(to_cycle(visit.cycle, "share"))
    done = "is shared. The leads of your organisation can read its page" if verb == "share" else "is yours alone again"
    messages.success(request, f"{visit.cycle.name} {done}.")
    return redirect(to_cycle(visit.cycle, "hub"))


def asking(request: Request, visit: CycleVisit, **context: Any) -> HttpResponse:
    """The page that says who would see what, and asks."""
    leads = [lead for lead in leads_of(visit.organisation) if lead != visit.user]
    front = visit.workbook.front(visit.review, paper=False)
    return pages.render(
        request, "sharing/share.jinja", visit, leads=leads, front=front, complete=visit.review.complete, **context
    )


@require_safe
def shared(request: Request, organisation: str, workbook: Workbook, cycle: str) -> HttpResponse:
    """The finished page of what a colleague shares, and nothing behind it. While it is being changed there is none."""
    visit, row = access.visit_shared(request.user, organisation, workbook, cycle)
    review = neighbours.review_of(row, row.worksheets.all(), texts.current())
    if not review.complete:
        raise Http404
    return pages.render(
        request,
        "sharing/shared.jinja",
        visit,
        current="start",
        workbook=workbook,
        run=row,
        front=workbook.front(review, paper=False),
    )
