"""The page of points to resolve, on which leads answer with a reason what they do not mend."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import access, pages, texts
from worksheets.access import Ability, Visit
from worksheets.models import Reason
from worksheets.presentation import Finding
from worksheets.review import Review, reasons_of
from worksheets.signoff import reasoning, rules
from worksheets.signoff.decisions import TooLate
from worksheets.signoff.forms import ReasonForm
from worksheets.signoff.pages import here, too_late

# What to do first, in this order.
LEVELS = {
    "stop": (
        "Stop and revisit",
        "Mend these before you go on: a strategy does not stand on them. If one must stay, a lead says why beside it.",
    ),
    "warn": ("Look again", "These weaken the strategy. Mend them, or be ready to say why they are right."),
    "note": ("Notes", "Good to know."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Points to resolve: everything the rules find, what to do first on top. POST writes a reason, or takes it away."""
    ability = Ability.EDIT if request.method == "POST" else Ability.READ
    visit = access.visit_cycle(request.user, organisation, cycle, ability)  # type: ignore[arg-type]
    assert visit.cycle
    review = Review.of(visit.cycle, visit.worksheets, texts.current(visit.stamp))
    if request.method == "POST":
        return keep_reason(request, visit, review)
    return show(request, visit, review)


def show(request: HttpRequest, visit: Visit, review: Review, status: int = 200, **context: Any) -> HttpResponse:
    """The page. `writing` is the point whose form could not be saved, `form` what was typed in it."""
    assert visit.cycle
    groups = [
        {"level": level, "title": title, "words": words, "findings": found}
        for level, (title, words) in LEVELS.items()
        if (found := [finding for finding in review.findings if finding.level == level])
    ]
    return pages.render(
        request,
        "points.jinja",
        visit,
        status=status,
        cycle=visit.cycle,
        review=review,
        groups=groups,
        reasons=reasons_of(visit.cycle),
        may_reason=visit.may_lead and visit.may_write,
        mark_of=reasoning.mark_of,
        has_errors=status == 400,
        **context,
    )


def keep_reason(request: HttpRequest, visit: Visit, review: Review) -> HttpResponse:
    """Write or remove the reason of the point that the form names. A clash shows both texts."""
    assert visit.cycle
    given = request.POST.get("point", "")
    finding = next((one for one in rules.stops(review) if "|".join(one.key) == given), None)
    form = ReasonForm(request.POST)
    if finding is None:
        messages.info(request, "That point is gone, so it needs no reason.")
        return redirect("points", *here(visit))
    removing = request.POST.get("do") == "remove"
    if not removing and not form.is_valid():
        # What was seen stays what it was: somebody else's change must not pass for read.
        return show(request, visit, review, 400, writing=finding, form=form, seen=request.POST.get("seen", ""))
    try:
        text = "" if removing else form.answer["text"]
        reasoning.write(visit.cycle, finding.key, text, visit.user, request.POST.get("seen", ""))
    except reasoning.Overtaken as overtaken:
        return clash(request, visit, review, finding, form, overtaken.theirs)
    except TooLate:
        return too_late(request, visit)
    messages.success(request, "The reason is removed." if removing else "Your reason is saved.")
    return redirect("points", *here(visit))


def clash(
    request: HttpRequest, visit: Visit, review: Review, finding: Finding, form: ReasonForm, theirs: Reason | None
) -> HttpResponse:
    """The page again, with their reason above the form and mine in it: to save it once more replaces theirs."""
    return show(request, visit, review, 409, writing=finding, form=form, overtaken=True, theirs=theirs)
