"""The pages of results: the measures with their charts, figures and events to enter and mend, and CSV in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, pages
from worksheets.access import Ability, Visit
from worksheets.models import Cycle, Event, Result
from worksheets.results import measures, table
from worksheets.results.forms import EventForm, FigureForm
from worksheets.results.measures import Measure

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
HERE = "results"


def open_results(request: HttpRequest, organisation: str, cycle: str, *, record: bool = False) -> tuple[Visit, Cycle]:
    """The visit to a review and the review, or 404; 403 for those who want to `record` and may not."""
    ability = Ability.RECORD if record else Ability.READ
    visit = access.visit_cycle(request.user, organisation, cycle, ability, people=False)  # type: ignore[arg-type]
    assert visit.cycle
    return visit, visit.cycle


def back_to(visit: Visit, name: str = "cycle-results", *more: str) -> HttpResponse:
    return redirect(pages.address(visit, name, *more))


# Reading.


@require_safe
def results(request: HttpRequest, organisation: str) -> HttpResponse:
    """The results of an organisation: those of its newest review that has measures."""
    visit = access.visit(request.user, organisation)  # type: ignore[arg-type]
    cycle = measures.current(visit.organisation)
    if cycle is None:
        return pages.render(request, "results/none.jinja", visit, current=HERE)
    return show(request, *open_results(request, organisation, cycle.slug))


@require_safe
def cycle_results(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """The results of one review."""
    return show(request, *open_results(request, organisation, cycle))


def show(request: HttpRequest, visit: Visit, cycle: Cycle) -> HttpResponse:
    found = measures.read(cycle, visit.worksheets)
    events = found[0].events if found else list(Event.objects.filter(cycle=cycle).order_by("on", "id"))
    others = visit.organisation.cycles.filter(archived_at=None).exclude(pk=cycle.pk)[:10]
    return pages.render(
        request,
        "results/results.jinja",
        visit,
        current=HERE,
        cycle=cycle,
        measures=found,
        events=events,
        others=others,
        any_figures=any(measure.figures for measure in found),
        mends=lambda entry: mends(visit, entry),
    )


@require_safe
def download(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """All figures of a review as a CSV file."""
    visit, found = open_results(request, organisation, cycle)
    name = f"{visit.organisation.slug}-{found.slug}-results.csv"
    return HttpResponse(
        table.write(measures.read(found, visit.worksheets)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# Figures.


@get_or_post
def measure(request: HttpRequest, organisation: str, cycle: str, measure: str) -> HttpResponse:
    """One measure: its chart and figures, and the form that takes another."""
    visit, found = open_results(request, organisation, cycle, record=request.method == "POST")
    one = the_measure(visit, found, measure)
    if request.method != "POST":
        form = FigureForm(initial={"on": timezone.localdate().isoformat()})
        return show_measure(request, visit, one, form)
    if not one.known:
        raise Http404
    form = FigureForm(request.POST)
    if not form.is_valid():
        return show_measure(request, visit, one, form, status=400)
    there = keep(visit, one, form.values, request.POST.get("instead", ""))
    if there is not None:
        return show_measure(request, visit, one, form, status=409, there=there)
    messages.success(request, f"The figure for {one.words} is saved.")
    return back_to(visit, "measure", one.id)


def the_measure(visit: Visit, cycle: Cycle, key: str) -> Measure:
    found = next((one for one in measures.read(cycle, visit.worksheets, people=True) if one.id == key), None)
    if found is None:
        raise Http404
    return found


def show_measure(
    request: HttpRequest, visit: Visit, one: Measure, form: FigureForm, status: int = 200, there: Result | None = None
) -> HttpResponse:
    return pages.render(
        request,
        "results/measure.jinja",
        visit,
        current=HERE,
        status=status,
        cycle=visit.cycle,
        measure=one,
        form=form,
        has_errors=status == 400,
        there=there,
        mends=lambda entry: mends(visit, entry),
    )


@transaction.atomic
def keep(visit: Visit, one: Measure, values: dict[str, Any], instead: str) -> Result | None:
    """Store a figure; None when it is stored. There is one a day: another that is there comes back, to be asked about.

    `instead` is what the person has seen and wants to replace: the stamp of that figure.
    """
    hold(one.cycle)
    entered = {"entered_at": timezone.now(), "entered_by": visit.user}
    rows = Result.objects.filter(cycle=one.cycle, measure=one.id, on=values["on"])
    there = rows.select_related("entered_by").first()
    if there is None:
        Result.objects.create(cycle=one.cycle, measure=one.id, **values, **entered)
    elif (there.value, there.note) == (values["value"], values["note"]):
        return None
    elif stamp(there) != instead:
        return there
    else:
        rows.update(value=values["value"], note=values["note"], **entered)
    return None


def hold(cycle: Cycle) -> None:
    """Let those who enter figures of a review wait for each other, inside a transaction: there is one figure a day."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)


def stamp(entry: Result) -> str:
    """What tells that a figure is still the one that somebody has seen."""
    return f"{entry.pk} {entry.entered_at.isoformat()}"


def mends(visit: Visit, entry: Result | Event) -> bool:
    """Whether this person may change or remove an entry: their own, and leads everybody's."""
    return visit.may_record and (visit.may_lead or entry.entered_by_id == visit.user.pk)


def own_entry(visit: Visit, entry: Any) -> Any:
    """The entry, if there is one (404) and the visitor may mend it (403)."""
    if entry is None:
        raise Http404
    if not mends(visit, entry):
        raise PermissionDenied
    return entry


@get_or_post
def figure_change(request: HttpRequest, organisation: str, cycle: str, pk: int) -> HttpResponse:
    """Mend a figure, its day or its note."""
    visit, found = open_results(request, organisation, cycle, record=True)
    entry: Result = own_entry(visit, Result.objects.filter(cycle=found, pk=pk).first())
    one = the_measure(visit, found, entry.measure)
    form = FigureForm(initial={"value": f"{entry.value:f}", "on": entry.on.isoformat(), "note": entry.note or None})
    status, seen = 200, stamp(entry)
    if request.method == "POST":
        form, status = FigureForm(request.POST), 400
        if not form.is_valid():
            # What was seen stays what it was: somebody else's change must not pass for read.
            seen = request.POST.get("seen", "")
        elif changed(visit, entry, form, request.POST.get("seen", "")):
            messages.success(request, f"The figure for {one.words} is saved.")
            return back_to(visit, "measure", one.id)
    context = {"cycle": found, "measure": one, "form": form, "entry": entry, "seen": seen}
    return pages.render(
        request, "results/figure.jinja", visit, current=HERE, status=status, has_errors=status == 400, **context
    )


@transaction.atomic
def changed(visit: Visit, entry: Result, form: FigureForm, seen: str) -> bool:
    """Store a mended figure; False, with the reason in the form, when something else is there by now."""
    hold(entry.cycle)
    rows = Result.objects.filter(cycle=visit.cycle, measure=entry.measure)
    if rows.filter(on=form.values["on"]).exclude(pk=entry.pk).exists():
        form.refuse("on", "Choose another day, or change the figure that is there for this day already")
        return False
    entered = {"entered_at": timezone.now(), "entered_by": visit.user}
    if stamp(entry) == seen and rows.filter(pk=entry.pk, entered_at=entry.entered_at).update(**form.values, **entered):
        return True
    form.refuse("value", "Look at the figure again. Somebody changed it while you were writing, and it is shown below")
    return False


@get_or_post
def figure_remove(request: HttpRequest, organisation: str, cycle: str, pk: int) -> HttpResponse:
    """Ask, then remove a figure."""
    visit, found = open_results(request, organisation, cycle, record=True)
    entry: Result = own_entry(visit, Result.objects.filter(cycle=found, pk=pk).first())
    one = the_measure(visit, found, entry.measure)
    if request.method == "POST":
        entry.delete()
        messages.success(request, "The figure is removed.")
        gone = not one.known and len(one.figures) == 1
        return back_to(visit) if gone else back_to(visit, "measure", one.id)
    return pages.render(request, "results/remove.jinja", visit, current=HERE, cycle=found, measure=one, figure=entry)


# Events.


@get_or_post
def event_add(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Enter something that happened outside."""
    visit, found = open_results(request, organisation, cycle, record=True)
    form = EventForm(request.POST) if request.method == "POST" else EventForm()
    if form.is_bound and form.is_valid():
        Event.objects.create(cycle=found, entered_by=visit.user, **form.values)
        messages.success(request, "The event is saved.")
        return back_to(visit)
    return show_event(request, visit, form)


@get_or_post
def event_change(request: HttpRequest, organisation: str, cycle: str, pk: int) -> HttpResponse:
    """Mend an event or its day."""
    visit, found = open_results(request, organisation, cycle, record=True)
    entry: Event = own_entry(visit, Event.objects.filter(cycle=found, pk=pk).first())
    form, seen = EventForm(initial={"text": entry.text, "on": entry.on.isoformat()}), event_stamp(entry)
    if request.method == "POST":
        form, given = EventForm(request.POST), request.POST.get("seen", "")
        if not form.is_valid():
            seen = given
        else:
            same = Event.objects.filter(pk=entry.pk, text=entry.text, on=entry.on)
            if given == seen and same.update(**form.values):
                messages.success(request, "The event is saved.")
                return back_to(visit)
            form.refuse("text", "Look at the event again. Somebody changed it while you were writing")
    return show_event(request, visit, form, entry, seen)


def event_stamp(entry: Event) -> str:
    """What tells that an event is still the one that somebody has seen."""
    return f"{entry.on.isoformat()} {entry.text}"


def show_event(
    request: HttpRequest, visit: Visit, form: EventForm, entry: Event | None = None, seen: str = ""
) -> HttpResponse:
    wrong = form.is_bound
    return pages.render(
        request,
        "results/event.jinja",
        visit,
        current=HERE,
        status=400 if wrong else 200,
        has_errors=wrong,
        cycle=visit.cycle,
        form=form,
        entry=entry,
        seen=seen,
    )


@get_or_post
def event_remove(request: HttpRequest, organisation: str, cycle: str, pk: int) -> HttpResponse:
    """Ask, then remove an event."""
    visit, found = open_results(request, organisation, cycle, record=True)
    entry: Event = own_entry(visit, Event.objects.filter(cycle=found, pk=pk).first())
    if request.method == "POST":
        entry.delete()
        messages.success(request, "The event is removed.")
        return back_to(visit)
    return pages.render(request, "results/remove.jinja", visit, current=HERE, cycle=found, event=entry)


# CSV in.


@get_or_post
def upload(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Take figures from a CSV file: all of them, or none and every reason why not."""
    visit, found = open_results(request, organisation, cycle, record=True)
    known = measures.read(found, visit.worksheets)
    replace = request.POST.get("replace") == "yes"
    errors: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise table.Refused(["Choose a CSV file"])
            if (file.size or 0) > table.FILE_MAX:
                raise table.Refused([f"The file is larger than {table.FILE_MAX:,} bytes. Split it in two"])
            stored = take(visit, found, file.read(), replace=replace)
        except table.Refused as refused:
            errors = refused.errors
        else:
            messages.success(request, f"{stored} {'figure is' if stored == 1 else 'figures are'} stored.")
            return back_to(visit)
    status = 400 if errors else 200
    context = {"cycle": found, "measures": [one for one in known if one.known], "replace": replace, "errors": errors}
    return pages.render(
        request, "results/upload.jinja", visit, current=HERE, status=status, has_errors=bool(errors), **context
    )


@transaction.atomic
def take(visit: Visit, cycle: Cycle, data: bytes, *, replace: bool) -> int:
    """Store the figures of a file and say how many are new or changed. table.Refused when one cannot be taken."""
    # Each file is held against what is there.
    hold(cycle)
    lines = table.read(data, measures.read(cycle, visit.worksheets), replace=replace)
    now = timezone.now()
    Result.objects.bulk_create(
        [
            Result(
                cycle=cycle,
                measure=line.measure,
                on=line.on,
                value=line.value,
                note=line.note,
                entered_at=now,
                entered_by=visit.user,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["cycle", "measure", "on"],
        update_fields=["value", "note", "entered_at", "entered_by"],
        batch_size=500,
    )
    return len(lines)
