"""The page of points to resolve, on which leads answer with a reason what they do not mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import kept, mending, pages
from worksheets.access import Ability, CycleVisit
from worksheets.actions.sources import Offer, Offers
from worksheets.fields import text
from worksheets.models import Action, Reason
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.presentation import LEVELS, Finding, Level
from worksheets.reasons import PointKey, Settled, reasons_of, settled
from worksheets.saving import Overtaken, TooLate, token
from worksheets.signoff import reasoning
from worksheets.signoff.forms import ReasonForm
from worksheets.signoff.pages import too_late
from worksheets.typed import typed_in
from worksheets.words import article

# What each group of points is called, and what to do about it. `{subject}` is what the workbook is about, `{a subject}`
# the same with its article, `{or}` who else may say that they stay.
GROUPS: dict[Level, tuple[str, str]] = {
    "stop": (
        LEVELS["stop"],
        "Mend these before you go on: {a subject} does not stand on them. If one must stay, a lead says why beside it.",
    ),
    "warn": (LEVELS["warn"], "These weaken the {subject}. Mend them, or {or} why they are right."),
    "note": ("Notes", "Good to know. They may stay."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(post=Ability.EDIT)
def points(request: Request, visit: CycleVisit) -> HttpResponse:
    """Points to resolve: everything the rules find, what to do first on top. POST writes a reason, or takes it away."""
    if request.method == "POST":
        return keep_reason(request, visit)
    brought = kept.at(request)
    board = Board.of(visit)
    finding = board.find(brought.posted.get("point", "")) if brought else None
    if brought and finding:
        return show(request, visit, board, writing=finding, form=ReasonForm(), seen=brought.posted.get("seen", ""))
    return show(request, visit, board)


@dataclass(frozen=True)
class Board:
    """The points of a review and the reasons beside them, as one page shows them."""

    settled: Settled
    reasons: Mapping[PointKey, Reason]

    @classmethod
    def of(cls, visit: CycleVisit) -> Board:
        reasons = reasons_of(visit.cycle)
        return cls(settled(visit.review, reasons), reasons)

    def find(self, given: str) -> Finding | None:
        """The point that a form names, an open one or one with a reason; None when it is gone."""
        named = {"|".join(one.key): one for one in self.settled.open}
        return (named | {"|".join(left.key): left.finding for left in self.settled.left}).get(given)


def show(request: Request, visit: CycleVisit, board: Board, status: int = 200, **context: Any) -> HttpResponse:
    """The page. `writing` is the point whose form could not be saved, `form` what was typed in it."""
    subject = visit.workbook.subject or visit.workbook.noun
    settles = "say" if visit.workbook.private else "let a lead say"
    groups = [
        {
            "level": level,
            "title": title,
            "words": words.format_map({"subject": subject, "a subject": article(subject), "or": settles}),
            "findings": findings,
        }
        for level, (title, words) in GROUPS.items()
        if (findings := [finding for finding in board.settled.open if finding.level == level])
    ]
    may_change = visit.may_write
    return pages.render(
        request,
        "points.jinja",
        visit,
        status=status,
        review=visit.review,
        groups=groups,
        left=board.settled.left,
        reasons=board.reasons,
        ways=partial(mending.changes, visit) if may_change else no_ways,
        doing=offer_of(visit),
        outcome=mending.outcome(visit, request.GET.get("changed", ""), board.settled.open),
        may_reason=visit.may(Ability.EDIT),
        seen_of=seen_of,
        has_errors=status == 400,
        **{"writing": None, "overtaken": False, "theirs": None, "seen": None, **context},
    )


def offer_of(visit: CycleVisit) -> Callable[[Finding], Offer | None]:
    """What is said of actions beside each point; nothing where a run is somebody's own."""
    offers = Offers.beside(visit, Action.Source.POINT)
    return offers.of_point if offers else no_offer


def no_offer(_finding: Finding) -> None:
    """What is somebody's own is no source of actions."""


def no_ways(_finding: Finding) -> list[mending.Change]:
    """Who may not write is not led to a form."""
    return []


def seen_of(reason: Reason | None) -> str:
    """The token of a reason that the page shows."""
    return token(reason.text if reason else "")


def gone(request: Request, visit: CycleVisit, form: ReasonForm) -> HttpResponse:
    """The point was mended while its reason was written: the reason is not kept, and is there to be copied."""
    typed = typed_in(form)
    if not typed:
        messages.info(request, "That point is gone, so it needs no reason.")
        return redirect(to_cycle(visit.cycle, "points"))
    return pages.render(request, "signoff/point_gone.jinja", visit, status=409, typed=typed)


def keep_reason(request: Request, visit: CycleVisit) -> HttpResponse:
    """Write or remove the reason of the point that the form names. A clash shows both texts: to save once more replaces
    theirs."""
    board = Board.of(visit)
    point = request.POST.get("point", "")
    finding = board.find(point)
    form, seen = ReasonForm(request.POST), request.POST.get("seen", "")
    here = redirect(to_cycle(visit.cycle, "points"))
    if finding is None:
        return gone(request, visit, form)
    removing = request.POST.get("do") == "remove"
    if not removing and not form.is_valid():
        # What was seen stays what it was: somebody else's change must not pass for read.
        return show(request, visit, board, 400, writing=finding, form=form, seen=seen)
    try:
        rule, _, subjects = point.partition("|")
        said = "" if removing else text(form.plain, "text")
        reasoning.write(visit.cycle, (rule, subjects), said, visit.user, seen)
    except Overtaken as overtaken:
        return show(request, visit, board, 409, writing=finding, form=form, overtaken=True, theirs=overtaken.theirs)
    except TooLate as late:
        return too_late(request, visit, late, form)
    messages.success(request, "The reason is removed." if removing else "Your reason is saved.")
    return here
