"""The pages on which leads start a cycle of a workbook, change its details, archive it and bring it back."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import cycles, limits, pages
from worksheets.access import Ability, CycleVisit, Visit
from worksheets.cycles import NameTaken, apart, change_details, named, propose, start_cycle
from worksheets.fields import Scope, spoken_date
from worksheets.following.starting import Followed, follower, last_of, start_next
from worksheets.models import Cycle
from worksheets.organisations.forms import CycleForm, DetailsForm, StartForm, start_form
from worksheets.pages import Request, in_cycle, in_organisation, to_cycle, to_list
from worksheets.presentation import Row
from worksheets.saving import Overtaken, TooLate
from worksheets.typed import typed_for, typed_in
from worksheets.workbook import Workbook

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@in_organisation()
def start(request: Request, visit: Visit, workbook: Workbook) -> HttpResponse:
    """Start a cycle of a workbook, with a name and dates proposed. Without a rhythm it follows no other."""
    if not visit.may_start(workbook):
        raise PermissionDenied
    return starting(request, visit, workbook, last_of(visit.cycles(workbook)) if workbook.every else None)


@get_or_post
@in_cycle(Ability.STEER)
def start_following(request: Request, visit: CycleVisit) -> HttpResponse:
    """Start the review that follows this one, with its answers or empty. Without a rhythm there is none to follow."""
    if not visit.workbook.every:
        raise Http404
    taken = follower(visit.cycle)
    if taken:
        return followed_by(request, visit, taken)
    return starting(request, visit, visit.workbook, visit.cycle)


def starting(request: Request, visit: Visit, workbook: Workbook, previous: Cycle | None) -> HttpResponse:
    """The page that starts a review: after `previous`, or as the first of all."""

    def page(form: CycleForm, status: int = 200) -> HttpResponse:
        return pages.render(
            request,
            "organisations/cycle_start.jinja",
            visit,
            status=status,
            form=form,
            previous=previous,
            workbook=workbook,
            archived=archived,
            has_errors=status == 400,
        )

    mine, owner = visit.cycles(workbook), cycles.owner_of(workbook, visit.user)
    proposal = propose(mine, workbook)
    # Why another name is proposed: the one that would be next is kept by what was put away.
    put_away = mine.exclude(archived_at=None)
    archived = named(visit.organisation, proposal.name, owner=owner).filter(pk__in=put_away).first()
    proposal = replace(proposal, name=apart(visit.organisation, workbook, proposal.name, owner))
    kind = start_form(workbook.key, following=bool(previous))
    if request.method != "POST":
        if previous and issubclass(kind, StartForm):
            return page(kind.following(previous, proposal))
        return page(kind.proposing(visit.organisation, workbook, proposal))
    form = kind(request.POST, organisation=visit.organisation, workbook=workbook, previous=previous, owner=owner)
    if not form.is_valid():
        return page(form, 400)
    try:
        if previous and isinstance(form, StartForm) and form.carries:
            cycle = start_next(previous, user=visit.user, **form.values)
        else:
            cycle = start_cycle(visit.organisation, workbook, user=visit.user, **form.values)
    except Followed as followed:
        return followed_by(request, visit, followed.by)
    except NameTaken:
        form.refuse_name()
        return page(form, 400)
    except limits.Full as full:
        form.refuse("name", full.limit.words)
        return page(form, 400)
    # Without a rhythm any number may run at once.
    rows = mine.filter(archived_at=None, starts__lte=cycle.ends, ends__gte=cycle.starts).exclude(pk=cycle.pk)
    beside = rows.first() if workbook.every else None
    if beside:
        days = f"{spoken_date(beside.starts)} to {spoken_date(beside.ends)}"
        messages.info(
            request,
            f"The dates of {cycle.name} overlap with those of {beside.name} ({days}). Both may stay as they are. "
            f"You can change them under “Manage this {workbook.noun}”.",
        )
    return redirect(to_cycle(cycle, "hub"))


def followed_by(request: Request, visit: Visit, by: Cycle) -> HttpResponse:
    """Another review follows already. Whoever was about to start one (409) is shown what they typed."""
    posted = request.method == "POST"
    typed = typed_for(StartForm, request.POST) if posted else []
    status = 409 if posted else 200
    return pages.render(request, "following/followed.jinja", visit, by=by, typed=typed, status=status)


@get_or_post
@in_cycle(Ability.LEAD)
def edit(request: Request, visit: CycleVisit) -> HttpResponse:
    """Change a review's name, dates, strategy and language. Its address stays. An archived one is brought back first.

    What was submitted or signed off keeps its details too: they stand on the cover. Whoever opened the page while the
    review was open, or before somebody else changed the details, is told so (409) with what they typed.
    """
    if request.method != "POST":
        if visit.cycle.archived_at:
            return redirect(to_cycle(visit.cycle, "cycle-archive"))
        visit.demand(Ability.EDIT)
        return edit_page(request, visit, DetailsForm.of(visit.cycle))
    seen = request.POST.get("seen", "")
    if seen and not visit.may(Ability.EDIT):
        return closed(request, visit, visit.cycle)
    visit.demand(Ability.EDIT)
    form = DetailsForm(request.POST, organisation=visit.organisation, workbook=visit.workbook, cycle=visit.cycle)
    if not form.is_valid():
        return edit_page(request, visit, form, 400, seen=seen)
    try:
        if form.chosen != DetailsForm.untouched(DetailsForm.of(visit.cycle).initial, Scope()):
            if seen != form.seen(visit.cycle):
                raise Overtaken(visit.cycle)
            change_details(visit.cycle, form.values)
    except Overtaken as overtaken:
        now = DetailsForm.standing(overtaken.theirs)
        return edit_page(request, visit, form, 409, seen=DetailsForm.seen(overtaken.theirs), now=now)
    except TooLate as late:
        return closed(request, visit, late.cycle)
    except NameTaken:
        form.refuse_name()
        return edit_page(request, visit, form, 400, seen=seen)
    messages.success(request, f"The details of {form.values['name']} are saved.")
    return redirect(to_list(visit.organisation.slug, "dashboard", visit.workbook))


def edit_page(
    request: Request,
    visit: CycleVisit,
    form: DetailsForm,
    status: int = 200,
    *,
    seen: str = "",
    now: list[Row] | None = None,
) -> HttpResponse:
    """The page of the details. `seen` is the token of what was on it first; `now` what stands there by now."""
    return pages.render(
        request,
        "organisations/cycle_edit.jinja",
        visit,
        form=form,
        seen=seen or form.seen(visit.cycle),
        now=now,
        has_errors=status == 400,
        status=status,
    )


def closed(request: Request, visit: CycleVisit, cycle: Cycle) -> HttpResponse:
    """409: the review was archived or submitted since the page was opened. What was typed is there to be copied."""
    form = DetailsForm(request.POST, organisation=visit.organisation, workbook=visit.workbook, cycle=cycle)
    now = form.standing(cycle)
    return pages.render(
        request,
        "organisations/cycle_closed.jinja",
        visit,
        status=409,
        cycle=cycle,
        form=form,
        now=now,
        typed=typed_in(form),
    )


@get_or_post
@in_cycle(Ability.LEAD)
def archive(request: Request, visit: CycleVisit) -> HttpResponse:
    """Ask, then archive a review or bring it back. Either way nothing of it is lost."""
    if request.method != "POST":
        return pages.render(request, "organisations/cycle_archive.jinja", visit)
    # What is to be done comes from the button: a page from before somebody else did it must not undo that.
    back = request.POST.get("do") == "restore"
    cycles.archive(visit.cycle, back=back)
    done = "brought back" if back else f"archived. You can bring it back from the archived {visit.workbook.plural}"
    messages.success(request, f"{visit.cycle.name} is {done}.")
    return redirect(to_list(visit.organisation.slug, "dashboard", visit.workbook))
