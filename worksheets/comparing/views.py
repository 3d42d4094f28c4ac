"""The pages on which runs of a workbook are compared: two side by side, which two to choose, and the numbers of all."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from worksheets import access, pages, texts
from worksheets.access import CycleVisit, Visit
from worksheets.comparing import trend
from worksheets.comparing.reviews import Comparison, Side, compare
from worksheets.models import Cycle
from worksheets.pages import Request, in_cycle, in_organisation, to_cycle, to_list
from worksheets.workbook import Workbook
from worksheets.workbooks import first

# Reviews that are offered for choosing: far more than anybody has.
CHOICES = 100


@require_safe
@in_cycle()
def compared(request: Request, visit: CycleVisit) -> HttpResponse:
    """A review beside another: the one that `?with` names, or else the last one before it."""
    name = request.GET.get("with") or before(visit)
    if name and not re.fullmatch(r"[-\w]+", name, re.ASCII):
        raise Http404
    if name is None or name == visit.cycle.slug:
        return redirect(to_list(visit.organisation.slug, "compare-choose", visit.workbook))
    other = access.visit_cycle(request.user, visit.organisation.slug, visit.workbook, name)
    whole = comparison(visit, other)
    everything = request.GET.get("show") == "all"
    return pages.render(
        request,
        "comparing/compare.jinja",
        visit,
        other=other.cycle,
        comparison=whole if everything else whole.only_changed,
        changed=whole.changed,
        changed_questions=len(whole.changed_questions),
        everything=everything,
    )


def before(visit: CycleVisit) -> str | None:
    """The short name of the review to compare one with: that from which it was carried forward or reopened, or else
    the last one before it; None when there is none. One query."""
    cycle = visit.cycle
    others = visit.cycles(visit.workbook).exclude(pk=cycle.pk)
    known = cycle.previous_id or cycle.revises_id
    if known:
        return others.filter(pk=known).values_list("slug", flat=True).first()
    earlier = others.filter(archived_at=None, starts__lte=cycle.starts).order_by("-starts", "-id")
    return earlier.values_list("slug", flat=True).first()


def comparison(one: CycleVisit, other: CycleVisit) -> Comparison:
    """Two reviews of an organisation, the one that began earlier on the left."""
    left, right = sorted((one, other), key=began)
    return compare(left.review, right.review, (side(left), side(right)))


def side(visit: CycleVisit) -> Side:
    cycle: Cycle = visit.cycle
    return Side(
        cycle.name, cycle.starts, cycle.ends, cycle.ending_because, visit.review.progress.waiting, cycle.language
    )


def began(visit: CycleVisit) -> tuple[datetime.date, int]:
    return visit.cycle.starts, visit.cycle.pk


@require_safe
@in_organisation()
def choose(request: Request, visit: Visit, workbook: Workbook | None = None) -> HttpResponse:
    """Choose two reviews; once they are chosen, on to their comparison."""
    workbook = workbook or first()
    cycles = list(visit.cycles(workbook).select_related("organisation").order_by("-starts", "-id")[:CHOICES])
    known = {cycle.slug: cycle for cycle in cycles}
    # The last two are proposed.
    proposed = [cycle.slug for cycle in cycles if not cycle.archived_at][1::-1]
    chosen = [request.GET.get("first", ""), request.GET.get("second", "")]
    context: dict[str, Any] = {"workbook": workbook, "cycles": cycles, "error": ""}
    if not any(chosen):
        return pages.render(request, "comparing/choose.jinja", visit, chosen=proposed, **context)
    if not set(known).issuperset(chosen):
        raise Http404
    if chosen[0] != chosen[1]:
        return redirect(f"{to_cycle(known[chosen[1]], 'compare')}?with={chosen[0]}")
    problem = f"Choose two different {workbook.plural}"
    context |= {"chosen": chosen, "error": problem, "has_errors": True}
    return pages.render(request, "comparing/choose.jinja", visit, status=400, **context)


@require_safe
@in_organisation()
def trends(request: Request, visit: Visit, workbook: Workbook | None = None) -> HttpResponse:
    """The numbers of all reviews: a few charts and a table. The same number of queries for any number of reviews."""
    line = trend.trend(visit, workbook or first(), texts.current())
    names = [
        format_html('<a href="{}">{}</a>', to_cycle(point.cycle, "hub"), point.cycle.name)
        for point in reversed(line.points)
    ]
    return pages.render(
        request,
        "comparing/trend.jinja",
        visit,
        workbook=line.workbook,
        points=line.points,
        more=line.more,
        across=trend.across(line),
        charts=trend.charts(line),
        columns=trend.columns(line.workbook),
        rows=[(name, *cells) for name, cells in zip(names, trend.rows(line), strict=True)],
    )
