"""The pages of spreadsheets: which there are, the file with all of them, and the preview of a table that comes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import audit, limits, pages, saving
from worksheets.access import Ability, CycleVisit, Visit
from worksheets.actions import listing
from worksheets.pages import Request, in_cycle, in_organisation, to_cycle
from worksheets.results import sheets
from worksheets.results.sheets import EXCEL_TYPE, Refused, Sheet, as_book
from worksheets.saving import Completed, Conflict, TooLate, token
from worksheets.spreadsheets import back, out
from worksheets.spreadsheets.back import Brought, Plan
from worksheets.workbook import Question, Spread

# How many actions a file holds: those due first.
MOST_ACTIONS = 5_000


def kept(request: Request, visit: Visit, made: list[Sheet], name: str) -> HttpResponse:
    """Sheets as one file to keep: the audit trail says that somebody took it, and so many in an hour are enough."""
    try:
        with transaction.atomic():
            limits.demand(limits.EXPORTS, audit.lately(visit.user, limits.HOUR, audit.Kind.EXPORTED))
            audit.record(audit.Kind.EXPORTED, request, None, visit.organisation, name)
    except limits.Full as full:
        return pages.render(request, "full.jinja", visit, status=429, limit=full.limit)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(as_book(made), content_type=EXCEL_TYPE, headers=headers)


def demand_sheets(visit: CycleVisit) -> None:
    """Http404 for a workbook of which no table goes out, and for what is somebody's own."""
    if not visit.workbook.spreads or visit.workbook.private:
        raise Http404


@require_safe
@in_cycle()
def tables(request: Request, visit: CycleVisit) -> HttpResponse:
    """Which tables there are as sheets, and which may come back."""
    demand_sheets(visit)
    entries = [
        {
            "spread": spread,
            "rows": len(visit.review.scope.rows(spread.table)),
            "back": spread.back and visit.may_write,
        }
        for spread in visit.workbook.spreads
    ]
    return pages.render(request, "spreadsheets/tables.jinja", visit, entries=entries)


@require_safe
@in_cycle()
def tables_file(request: Request, visit: CycleVisit) -> HttpResponse:
    """All tables as one Excel workbook, with the actions that came from this run or are open: for all who read it."""
    demand_sheets(visit)
    scope = visit.review.scope
    made = [out.sheet_of(visit.workbook, spread, scope) for spread in visit.workbook.spreads]
    there = Q(state=listing.State.OPEN) | Q(cycle=visit.cycle)
    made.append(out.actions_sheet(listing.actions_of(visit.organisation).filter(there)[:MOST_ACTIONS]))
    return kept(request, visit, made, f"{visit.organisation.slug}-{visit.cycle.slug}-tables")


@require_safe
@in_organisation()
def actions_file(request: Request, visit: Visit) -> HttpResponse:
    """All actions of an organisation as an Excel workbook."""
    rows = listing.actions_of(visit.organisation)[:MOST_ACTIONS]
    return kept(request, visit, [out.actions_sheet(rows)], f"{visit.organisation.slug}-actions")


# Back in.


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(Ability.WRITE)
def upload(request: Request, visit: CycleVisit, question: str) -> HttpResponse:
    """Take a table from a file: first what would change by it, then, when somebody says so, the changes."""
    asked, spread = the_table(visit, question)
    if request.method != "POST":
        return show(request, visit, asked, spread)
    try:
        brought = taken(request, visit, asked, spread)
        if "rows" in request.POST and "file" not in request.FILES:
            return save(request, visit, asked, spread, brought)
        return preview(request, visit, asked, spread, brought)
    except Refused as refused:
        return show(request, visit, asked, spread, 400, errors=refused.errors)
    except limits.Full as full:
        return show(request, visit, asked, spread, 400, errors=[full.limit.words])


def the_table(visit: CycleVisit, question: str) -> tuple[Question, Spread]:
    """The table that a question asks for. Http404 where it does not come back, PermissionDenied where its worksheet
    may not be written any more."""
    spread = next((one for one in visit.workbook.spreads if one.back and one.table.question == question), None)
    if spread is None:
        raise Http404
    asked = visit.workbook.question[question]
    if not visit.may_write:
        raise PermissionDenied
    return asked, spread


def taken(request: Request, visit: CycleVisit, asked: Question, spread: Spread) -> Brought:
    """What was sent: a file, or the lines of one that was looked at. Refused, or limits.Full after too many."""
    rows, scope = out.table_of(visit.workbook, spread), visit.review.scope
    file = request.FILES.get("file")
    if file is None:
        if "rows" not in request.POST:
            raise Refused(["Choose a file"])
        return back.landed(request.POST["rows"], rows.fields, scope)
    if (file.size or 0) > sheets.FILE_MAX:
        raise Refused([f"The file is larger than {sheets.FILE_MAX:,} bytes. Take out what is not needed"])
    limits.demand(limits.UPLOADS, audit.lately(visit.user, limits.HOUR, audit.Kind.UPLOADED))
    brought = back.read(file.read(), rows, spread, scope)
    audit.record(audit.Kind.UPLOADED, request, None, visit.organisation)
    return brought


def planned(visit: CycleVisit, asked: Question, spread: Spread, brought: Brought) -> Plan:
    return back.plan(brought, asked, spread, visit.review.answer(asked.key), visit.review.scope)


def preview(
    request: Request, visit: CycleVisit, asked: Question, spread: Spread, brought: Brought, status: int = 200
) -> HttpResponse:
    """What would change. The page carries what the file said, and what it was held against."""
    plan = planned(visit, asked, spread, brought)
    return show(
        request,
        visit,
        asked,
        spread,
        status,
        plan=plan,
        left=brought.left,
        rows=back.carried(brought),
        seen=token(visit.review.answer(asked.key)),
        overtaken=status == 409,
    )


def save(request: Request, visit: CycleVisit, asked: Question, spread: Spread, brought: Brought) -> HttpResponse:
    """Save what the preview showed. Where the answer is another by now, the preview is shown anew."""
    if request.POST.get("seen", "") != token(visit.review.answer(asked.key)):
        return preview(request, visit, asked, spread, brought, 409)
    plan = planned(visit, asked, spread, brought)
    if plan.faults:
        return preview(request, visit, asked, spread, brought, 400)
    worksheet = visit.worksheet(asked.stage) or saving.worksheet_of(visit.cycle, asked.stage)
    try:
        saving.save_answer(worksheet, asked.key, plan.answer, user=visit.user, seen=request.POST.get("seen", ""))
    except Conflict:
        return redirect(to_cycle(visit.cycle, "table-upload", asked.key))
    except Completed:
        return show(request, visit, asked, spread, 409, errors=["Reopen the worksheet first. It is complete"])
    except TooLate:
        return redirect(to_cycle(visit.cycle, "hub"))
    messages.success(request, f"{spread.title} from your file are saved.")
    return redirect(to_cycle(visit.cycle, "question", asked.stage, asked.key))


def show(
    request: Request, visit: CycleVisit, asked: Question, spread: Spread, status: int = 200, **context: Any
) -> HttpResponse:
    worksheet = visit.worksheet(asked.stage)
    return pages.render(
        request,
        "spreadsheets/upload.jinja",
        visit,
        status=status,
        question=asked,
        spread=spread,
        what=slugify(spread.title),
        fields=out.table_of(visit.workbook, spread).fields,
        complete=bool(worksheet and worksheet.complete),
        has_errors=status == 400,
        **{"plan": None, "errors": [], "overtaken": False, "left": (), **context},
    )
