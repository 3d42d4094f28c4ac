"""The pages on which leads start a review cycle, change its details, archive it and bring it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from worksheets import access, pages
from worksheets.access import Ability
from worksheets.cycles import NameTaken, change_details, details_of, propose, start_cycle
from worksheets.following.starting import Followed, follower, last_of, start_next
from worksheets.models import Cycle
from worksheets.organisations.forms import CycleForm, StartForm

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def start(request: HttpRequest, organisation: str) -> HttpResponse:
    """Start a review cycle, with a name and dates proposed."""
    found = access.visit(request.user, organisation, Ability.LEAD)  # type: ignore[arg-type]
    return starting(request, found, last_of(found.organisation))


@get_or_post
def start_following(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Start the review that follows this one, with its answers or empty."""
    found = access.visit_cycle(request.user, organisation, cycle, Ability.STEER)  # type: ignore[arg-type]
    assert found.cycle
    taken = follower(found.cycle)
    if taken:
        status = 409 if request.method == "POST" else 200
        return pages.render(request, "following/followed.jinja", found, by=taken, status=status)
    return starting(request, found, found.cycle)


def starting(request: HttpRequest, found: access.Visit, previous: Cycle | None) -> HttpResponse:
    """The page that starts a review: after `previous`, or as the first of all."""
    page = "organisations/cycle_start.jinja"
    proposal = propose(found.organisation)
    if request.method != "POST":
        first = CycleForm.proposing(found.organisation, proposal)
        form = StartForm.following(previous, proposal) if previous else first
        return pages.render(request, page, found, form=form, previous=previous)
    form = (StartForm if previous else CycleForm)(request.POST, organisation=found.organisation)
    if not form.is_valid():
        return pages.render(request, page, found, form=form, previous=previous, has_errors=True, status=400)
    try:
        if previous and isinstance(form, StartForm) and form.carries:
            cycle = start_next(previous, user=found.user, **form.values)
        else:
            cycle = start_cycle(found.organisation, user=found.user, **form.values)
    except Followed as followed:
        return pages.render(request, "following/followed.jinja", found, by=followed.by, status=409)
    except NameTaken:
        form.refuse_name()
        return pages.render(request, page, found, form=form, previous=previous, has_errors=True, status=400)
    return redirect("hub", found.organisation.slug, cycle.slug)


@get_or_post
def edit(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Change a review's name, dates and strategy. Its address stays. An archived one is brought back first.

    What was submitted or signed off keeps its details too: they stand on the cover. Whoever opened the page while the
    review was open, or before somebody else changed the details, is told so (409) with what they typed.
    """
    found = access.visit_cycle(request.user, organisation, cycle, Ability.LEAD)  # type: ignore[arg-type]
    assert found.cycle
    if request.method != "POST":
        if found.cycle.archived_at:
            return redirect("cycle-archive", organisation, cycle)
        found.demand(Ability.EDIT)
        return edit_page(request, found, CycleForm.of(found.cycle))
    seen = request.POST.get("seen", "")
    if seen and not found.may(Ability.EDIT):
        return closed(request, found)
    found.demand(Ability.EDIT)
    form = CycleForm(request.POST, organisation=found.organisation, cycle=found.cycle)
    if not form.is_valid():
        return edit_page(request, found, form, 400, seen=seen)
    if form.values != details_of(found.cycle):
        if seen != form.stamp(found.cycle):
            return edit_page(request, found, form, 409, now=form.standing(found.cycle))
        try:
            if not change_details(found.cycle, form.values):
                return overtaken(request, found, form)
        except NameTaken:
            form.refuse_name()
            return edit_page(request, found, form, 400, seen=seen)
    messages.success(request, f"The details of {form.values['name']} are saved.")
    return redirect("dashboard", organisation)


def edit_page(
    request: HttpRequest, found: access.Visit, form: CycleForm, status: int = 200, seen: str = "", **context: Any
) -> HttpResponse:
    """The page of the details. `seen` is the stamp of what was on it first; `now` what stands there by now."""
    assert found.cycle
    return pages.render(
        request,
        "organisations/cycle_edit.jinja",
        found,
        form=form,
        seen=seen or form.stamp(found.cycle),
        has_errors=status == 400,
        status=status,
        **context,
    )


def overtaken(request: HttpRequest, found: access.Visit, form: CycleForm) -> HttpResponse:
    """409: somebody else changed the details, or closed the review, in this very moment."""
    assert found.cycle
    found.cycle.refresh_from_db()
    if not found.may(Ability.EDIT):
        return closed(request, found)
    return edit_page(request, found, form, 409, now=form.standing(found.cycle))


def closed(request: HttpRequest, found: access.Visit) -> HttpResponse:
    """409: the review was archived or submitted since the page was opened. What was typed is there to be copied."""
    assert found.cycle
    form = CycleForm(request.POST, organisation=found.organisation, cycle=found.cycle)
    now = form.standing(found.cycle)
    return pages.render(request, "organisations/cycle_closed.jinja", found, form=form, now=now, status=409)


@get_or_post
def archive(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Ask, then archive a review or bring it back. Either way nothing of it is lost."""
    found = access.visit_cycle(request.user, organisation, cycle, Ability.LEAD)  # type: ignore[arg-type]
    assert found.cycle
    if request.method != "POST":
        return pages.render(request, "organisations/cycle_archive.jinja", found)
    # What is to be done comes from the button: a page from before somebody else did it must not undo that.
    back = request.POST.get("do") == "restore"
    rows = Cycle.objects.filter(pk=found.cycle.pk, archived_at__isnull=not back)
    rows.update(archived_at=None if back else timezone.now())
    done = "brought back" if back else "archived. You can bring it back from the archived reviews"
    messages.success(request, f"{found.cycle.name} is {done}.")
    return redirect("dashboard", organisation)
