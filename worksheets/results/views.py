"""The pages of results: the measures with their charts, figures and events to enter and mend, and CSV in and out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, audit, limits, pages
from worksheets.access import Ability, CycleVisit, Visit
from worksheets.models import Event, Result
from worksheets.pages import Request, in_cycle, in_organisation, to_cycle
from worksheets.results import measures, sheets, table
from worksheets.results.forms import EventForm, FigureForm
from worksheets.results.measures import Measure
from worksheets.results.sheets import Refused
from worksheets.saving import Overtaken, State, TooLate, differs, token, touch
from worksheets.words import counted, noun_for
from worksheets.workbook import Workbook
from worksheets.workbooks import first

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
HERE = "results"


def render(request: Request, template: str, visit: Visit, status: int = 200, **context: Any) -> HttpResponse:
    return pages.render(request, template, visit, current=HERE, status=status, has_errors=status == 400, **context)


def back_to(visit: CycleVisit, name: str = "cycle-results", *more: str) -> HttpResponse:
    return redirect(to_cycle(visit.cycle, name, *more))


def hold(visit: CycleVisit) -> None:
    """Let those who enter figures of a review wait for each other, inside a transaction: there is one figure a day.

    Figures are no answers: they are entered in every state. PermissionDenied when the review was archived meanwhile.
    """
    try:
        touch(visit.cycle.pk, *State)
    except TooLate as late:
        raise PermissionDenied from late


# Reading.


@require_safe
@in_organisation()
def results(request: Request, visit: Visit, workbook: Workbook | None = None) -> HttpResponse:
    """The results of an organisation: those of the run of a workbook in whose dates today is, or the newest."""
    workbook = workbook or first()
    cycle = measures.current(visit, workbook)
    if cycle is None:
        return render(request, "results/none.jinja", visit, workbook=workbook)
    return show(request, access.visit_in(visit, cycle))


@require_safe
@in_cycle(measured=True)
def cycle_results(request: Request, visit: CycleVisit) -> HttpResponse:
    """The results of one review. A workbook that measures nothing has no such page."""
    return show(request, visit)


def show(request: Request, visit: CycleVisit) -> HttpResponse:
    known = measures.measures_of(visit)
    events = known[0].events if known else list(Event.objects.filter(cycle=visit.cycle).order_by("on", "id"))
    others = visit.cycles(visit.workbook).filter(archived_at=None).exclude(pk=visit.cycle.pk)
    return render(
        request,
        "results/results.jinja",
        visit,
        measures=known,
        events=events,
        others=others.select_related("organisation").order_by("-starts", "-id")[:10],
        any_figures=any(measure.figures for measure in known),
    )


@require_safe
@in_cycle(measured=True)
def download(request: Request, visit: CycleVisit, form: str) -> HttpResponse:
    """All figures of a review as a file to be filled in: CSV, or an Excel workbook."""
    known = measures.measures_of(visit)
    if form == "xlsx":
        data, kind = table.as_excel(visit.cycle.name, known), sheets.EXCEL_TYPE
    else:
        data, kind = table.as_csv(known), "text/csv; charset=utf-8"
    name = f"{visit.organisation.slug}-{visit.cycle.slug}-results.{form}"
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# Figures.


@get_or_post
@in_cycle(post=Ability.RECORD, measured=True)
def measure(request: Request, visit: CycleVisit, measure: str) -> HttpResponse:
    """One measure: its chart and figures, and the form that takes another."""
    one = the_measure(visit, measure)
    if request.method != "POST":
        form = FigureForm(initial={"on": timezone.localdate().isoformat()})
        return show_measure(request, visit, one, form)
    if not one.known:
        raise Http404
    form = FigureForm(request.POST)
    if not form.is_valid():
        return show_measure(request, visit, one, form, 400)
    try:
        keep(visit, one, form.values, request.POST.get("instead", ""))
    except Overtaken as overtaken:
        return show_measure(request, visit, one, form, 409, there=overtaken.theirs)
    except limits.Full as full:
        form.refuse("value", full.limit.words)
        return show_measure(request, visit, one, form, 400)
    messages.success(request, f"The figure for {one.words} is saved.")
    return back_to(visit, "measure", one.id)


def show_measure(
    request: Request, visit: CycleVisit, one: Measure, form: FigureForm, status: int = 200, there: Result | None = None
) -> HttpResponse:
    """The page of a measure. `there` is the figure of that day which the one in the form would replace."""
    instead = seen_of(there) if there else ""
    return render(request, "results/measure.jinja", visit, status, measure=one, form=form, there=there, instead=instead)


def the_measure(visit: CycleVisit, key: str) -> Measure:
    one = next((one for one in measures.measures_of(visit, people=True) if one.id == key), None)
    if one is None:
        raise Http404
    return one


@transaction.atomic
def keep(visit: CycleVisit, one: Measure, values: dict[str, Any], instead: str) -> None:
    """Store a figure. There is one a day: Overtaken when another is there, to be asked about.

    `instead` is the token of the figure that the person has seen and wants to replace. PermissionDenied for a figure
    that is not theirs to mend, limits.Full when there are too many.
    """
    hold(visit)
    entered = {"entered_at": timezone.now(), "entered_by": visit.user}
    rows = Result.objects.filter(cycle=visit.cycle, measure=one.id, on=values["on"])
    there = rows.select_related("entered_by").first()
    if there is None:
        limits.demand(limits.FIGURES, Result.objects.filter(cycle=visit.cycle))
        Result.objects.create(cycle=visit.cycle, measure=one.id, **values, **entered)
    elif differs(shown(there), values, instead, there):
        demand_mend(visit, there)
        rows.update(value=values["value"], note=values["note"], **entered)


def shown(entry: Result) -> dict[str, Any]:
    """A figure as pages show it."""
    return {"value": entry.value, "on": entry.on, "note": entry.note}


def seen_of(entry: Result | Event) -> str:
    """The token of a figure or an event, as a page shows it."""
    return token(shown(entry) if isinstance(entry, Result) else happened(entry))


def demand_mend(visit: CycleVisit, entry: Result | Event) -> None:
    """PermissionDenied (403) for those who may not change or remove this entry."""
    if not visit.may_mend(entry):
        raise PermissionDenied


def of_figure(
    view: Callable[[Request, CycleVisit, Result, Measure], HttpResponse],
) -> Callable[[Request, CycleVisit, int], HttpResponse]:
    """A view about one figure that the visitor may mend, with its measure."""

    @wraps(view)
    def opened(request: Request, visit: CycleVisit, pk: int) -> HttpResponse:
        entry = Result.objects.filter(cycle=visit.cycle, pk=pk).first()
        if entry is None:
            raise Http404
        demand_mend(visit, entry)
        return view(request, visit, entry, the_measure(visit, entry.measure))

    return opened


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
@of_figure
def figure_change(request: Request, visit: CycleVisit, entry: Result, one: Measure) -> HttpResponse:
    """Mend a figure, its day or its note."""
    form = FigureForm(initial={"value": f"{entry.value:f}", "on": entry.on.isoformat(), "note": entry.note or None})
    status, seen = 200, seen_of(entry)
    if request.method == "POST":
        form, status, seen = FigureForm(request.POST), 400, request.POST.get("seen", "")
        try:
            if form.is_valid() and change(visit, entry, form, seen):
                messages.success(request, f"The figure for {one.words} is saved.")
                return back_to(visit, "measure", one.id)
        except Overtaken as overtaken:
            if overtaken.theirs is None:
                raise Http404 from overtaken
            entry, seen = overtaken.theirs, seen_of(overtaken.theirs)
            form.refuse(
                "value", "Look at the figure again. Somebody changed it while you were writing, and it is shown below"
            )
    return render(request, "results/figure.jinja", visit, status, measure=one, form=form, entry=entry, seen=seen)


@transaction.atomic
def change(visit: CycleVisit, entry: Result, form: FigureForm, seen: str) -> bool:
    """Store a mended figure; False, with the reason in the form, when another is there for that day. Or Overtaken."""
    hold(visit)
    rows = Result.objects.filter(cycle=visit.cycle, measure=entry.measure)
    there = rows.filter(pk=entry.pk).first()
    if there is None:
        raise Overtaken(None)
    if not differs(shown(there), form.values, seen, there):
        return True
    if rows.filter(on=form.values["on"]).exclude(pk=entry.pk).exists():
        form.refuse("on", "Choose another day, or change the figure that is there for this day already")
        return False
    rows.filter(pk=entry.pk).update(**form.values, entered_at=timezone.now(), entered_by=visit.user)
    return True


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
@of_figure
def figure_remove(request: Request, visit: CycleVisit, entry: Result, one: Measure) -> HttpResponse:
    """Ask, then remove a figure."""
    if request.method != "POST":
        return render(request, "results/remove.jinja", visit, measure=one, figure=entry)
    remove(visit, entry)
    messages.success(request, "The figure is removed.")
    gone = not one.known and len(one.figures) == 1
    return back_to(visit) if gone else back_to(visit, "measure", one.id)


@transaction.atomic
def remove(visit: CycleVisit, entry: Result | Event) -> None:
    """Remove a figure or an event."""
    hold(visit)
    entry.delete()


# Events.


def happened(entry: Event) -> dict[str, Any]:
    """An event as pages show it."""
    return {"text": entry.text, "on": entry.on}


def the_event(visit: CycleVisit, pk: int) -> Event:
    """The event, if there is one (404) and the visitor may mend it (403)."""
    entry = Event.objects.filter(cycle=visit.cycle, pk=pk).first()
    if entry is None:
        raise Http404
    demand_mend(visit, entry)
    return entry


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
def event_add(request: Request, visit: CycleVisit) -> HttpResponse:
    """Enter something that happened outside."""
    form = EventForm(request.POST) if request.method == "POST" else EventForm()
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                hold(visit)
                limits.demand(limits.EVENTS, Event.objects.filter(cycle=visit.cycle))
                Event.objects.create(cycle=visit.cycle, entered_by=visit.user, **form.values)
        except limits.Full as full:
            form.refuse("text", full.limit.words)
        else:
            messages.success(request, "The event is saved.")
            return back_to(visit)
    return show_event(request, visit, form)


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
def event_change(request: Request, visit: CycleVisit, pk: int) -> HttpResponse:
    """Mend an event or its day."""
    entry = the_event(visit, pk)
    form, seen = EventForm(initial={"text": entry.text, "on": entry.on.isoformat()}), seen_of(entry)
    if request.method == "POST":
        form, seen = EventForm(request.POST), request.POST.get("seen", "")
        try:
            if form.is_valid():
                mend(visit, entry, form.values, seen)
                messages.success(request, "The event is saved.")
                return back_to(visit)
        except Overtaken as overtaken:
            if overtaken.theirs is None:
                raise Http404 from overtaken
            seen = seen_of(overtaken.theirs)
            form.refuse("text", "Look at the event again. Somebody changed it while you were writing")
    return show_event(request, visit, form, entry, seen)


@transaction.atomic
def mend(visit: CycleVisit, entry: Event, values: dict[str, Any], seen: str) -> None:
    """Store a mended event. Overtaken when it is not what the page had shown."""
    hold(visit)
    there = Event.objects.filter(pk=entry.pk).first()
    if there is None:
        raise Overtaken(None)
    if differs(happened(there), values, seen, there):
        Event.objects.filter(pk=entry.pk).update(**values)


def show_event(
    request: Request, visit: CycleVisit, form: EventForm, entry: Event | None = None, seen: str = ""
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    return render(request, "results/event.jinja", visit, status, form=form, entry=entry, seen=seen)


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
def event_remove(request: Request, visit: CycleVisit, pk: int) -> HttpResponse:
    """Ask, then remove an event."""
    entry = the_event(visit, pk)
    if request.method != "POST":
        return render(request, "results/remove.jinja", visit, event=entry, figure=None)
    remove(visit, entry)
    messages.success(request, "The event is removed.")
    return back_to(visit)


# Files in.


@get_or_post
@in_cycle(Ability.RECORD, measured=True)
def upload(request: Request, visit: CycleVisit) -> HttpResponse:
    """Take figures from a file: all of them, or none and every reason why not."""
    replace = request.POST.get("replace") == "yes"
    errors: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refused(["Choose a file"])
            if (file.size or 0) > sheets.FILE_MAX:
                raise Refused([f"The file is larger than {sheets.FILE_MAX:,} bytes. Split it in two"])
            with transaction.atomic():
                limits.demand(limits.UPLOADS, audit.lately(visit.user, limits.HOUR, audit.Kind.UPLOADED))
                stored = take(visit, file.read(), replace=replace)
                audit.record(audit.Kind.UPLOADED, request, None, visit.organisation)
        except Refused as refused:
            errors = refused.errors
        except limits.Full as full:
            errors = [full.limit.words]
        else:
            messages.success(request, stored)
            return back_to(visit)
    known = [one for one in measures.measures_of(visit) if one.known]
    context = {"measures": known, "replace": replace, "errors": errors}
    return render(request, "results/upload.jinja", visit, 400 if errors else 200, **context)


@transaction.atomic
def take(visit: CycleVisit, data: bytes, *, replace: bool) -> str:
    """Store the figures of a file and say how many are new or changed. Refused when one cannot be taken.

    limits.Full when there are too many.
    """
    # Each file is held against what is there.
    hold(visit)
    known = measures.measures_of(visit, people=True)
    taken = table.read(data, known, replace=replace, mends=visit.may_mend)
    limits.demand(limits.FIGURES, Result.objects.filter(cycle=visit.cycle), len(taken.entries))
    now = timezone.now()
    Result.objects.bulk_create(
        [
            Result(
                cycle=visit.cycle,
                measure=line.measure,
                on=line.on,
                value=line.value,
                note=line.note,
                entered_at=now,
                entered_by=visit.user,
            )
            for line in taken.entries
        ],
        update_conflicts=True,
        unique_fields=["cycle", "measure", "on"],
        update_fields=["value", "note", "entered_at", "entered_by"],
        batch_size=500,
    )
    stored, blank = len(taken.entries), taken.blank
    said = f"{stored:,} {noun_for(stored, 'figure')} {'is' if stored == 1 else 'are'} stored."
    left = f"{counted(blank, 'line')} without a figure {'was' if blank == 1 else 'were'} left out."
    shown = "1 is" if taken.rounded == 1 else f"{taken.rounded:,} are"
    less = f"{shown} rounded, as the file shows {'it' if taken.rounded == 1 else 'them'}."
    return " ".join(filter(None, (said, less if taken.rounded else "", left if blank else "")))
