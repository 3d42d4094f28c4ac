"""The pages on which reviews are compared: two side by side, which two to choose, and the figures of all."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from worksheets import access, pages, texts
from worksheets.access import Visit
from worksheets.comparing.reviews import Comparison, Part, compare
from worksheets.comparing.trend import charts, rows, trend
from worksheets.models import Cycle
from worksheets.review import Review

# Reviews that are offered for choosing: far more than anybody has.
CHOICES = 100


@require_safe
def compared(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """A review beside another: the one that `?with` names, or else the last one before it."""
    visit = access.visit_cycle(request.user, organisation, cycle)  # type: ignore[arg-type]
    assert visit.cycle
    name = request.GET.get("with") or before(visit.cycle)
    if name and not re.fullmatch(r"[-\w]+", name, re.ASCII):
        raise Http404
    if name is None or name == cycle:
        return redirect("compare-choose", organisation)
    other = access.visit_cycle(request.user, organisation, name)  # type: ignore[arg-type]
    assert other.cycle
    whole = comparison(visit, other)
    everything = request.GET.get("show") == "all"
    return pages.render(
        request,
        "comparing/compare.jinja",
        visit,
        cycle=visit.cycle,
        other=other.cycle,
        comparison=whole if everything else whole.only_changed,
        changed=whole.changed,
        changed_questions=len(whole.changed_questions),
        everything=everything,
    )


def before(cycle: Cycle) -> str | None:
    """The short name of the review to compare one with: that from which it was carried forward or reopened, or else
    the last one before it; None when there is none. One query."""
    others = Cycle.objects.filter(organisation=cycle.organisation_id).exclude(pk=cycle.pk)
    known = cycle.previous_id or cycle.revises_id
    if known:
        return others.filter(pk=known).values_list("slug", flat=True).first()
    earlier = others.filter(archived_at=None, starts__lte=cycle.starts).order_by("-starts", "-id")
    return earlier.values_list("slug", flat=True).first()


def comparison(one: Visit, other: Visit) -> Comparison:
    """Two reviews of an organisation, the one that began earlier on the left."""
    visits = sorted((one, other), key=began)
    known = texts.current(one.stamp)
    left, right = (side(visit, known) for visit in visits)
    return compare(left[0], right[0], (left[1], right[1]))


def side(visit: Visit, known: texts.Texts) -> tuple[Review, Part]:
    cycle = visit.cycle
    assert cycle
    review = Review.of(cycle, visit.worksheets, known)
    waiting = review.progress.total - review.progress.answered
    return review, Part(cycle.name, cycle.starts, cycle.ends, cycle.not_using_because, waiting)


def began(visit: Visit) -> tuple[Any, ...]:
    assert visit.cycle
    return visit.cycle.starts, visit.cycle.pk


@require_safe
def choose(request: HttpRequest, organisation: str) -> HttpResponse:
    """Choose two reviews; once they are chosen, on to their comparison."""
    visit = access.visit(request.user, organisation)  # type: ignore[arg-type]
    cycles = list(visit.organisation.cycles.order_by("-starts", "-id")[:CHOICES])
    known = {cycle.slug for cycle in cycles}
    # The last two are proposed.
    proposed = [cycle.slug for cycle in cycles if not cycle.archived_at][1::-1]
    chosen = [request.GET.get("first", ""), request.GET.get("second", "")]
    if not any(chosen):
        return pages.render(request, "comparing/choose.jinja", visit, cycles=cycles, chosen=proposed)
    if not known.issuperset(chosen):
        raise Http404
    if chosen[0] != chosen[1]:
        return redirect(f"{reverse('compare', args=[organisation, chosen[1]])}?with={chosen[0]}")
    return pages.render(
        request,
        "comparing/choose.jinja",
        visit,
        cycles=cycles,
        chosen=chosen,
        error="Choose two different reviews",
        has_errors=True,
        status=400,
    )


@require_safe
def trends(request: HttpRequest, organisation: str) -> HttpResponse:
    """The figures of all reviews: a few charts and a table. The same number of queries for any number of reviews."""
    visit = access.visit(request.user, organisation)  # type: ignore[arg-type]
    found = trend(visit.organisation, texts.current(visit.stamp))
    newest = tuple(reversed(found.points))
    names = [
        format_html('<a href="{}">{}</a>', reverse("hub", args=[organisation, point.cycle.slug]), point.cycle.name)
        for point in newest
    ]
    return pages.render(
        request,
        "comparing/trend.jinja",
        visit,
        points=found.points,
        more=found.more,
        charts=charts(found.points),
        rows=[(name, *cells) for name, cells in zip(names, rows(newest), strict=True)],
    )
