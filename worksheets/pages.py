"""How a page is put together: the frame that views fill in, where pages are, and the visit that each begins with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render as django_render
from django.urls import reverse

from worksheets import access, kept
from worksheets.access import Ability, CycleVisit, Visit, only_visit
from worksheets.models import Cycle, User
from worksheets.typed import fill
from worksheets.words import capital
from worksheets.workbook import QuestionForm, Stage, Workbook
from worksheets.workbooks import WORKBOOKS, by_path, first

# What an address leads to: Django calls it with the parts of the address by their names.
View = Callable[..., HttpResponseBase]
# After how many seconds a page that waits looks again.
LOOK_AGAIN = 5
# More pages than anything has.
MOST_PAGES = 10_000


class Request(HttpRequest):
    """A request as views get it: whoever is not signed in was sent to the door before."""

    user: User


class WorkbookPath:
    """The part of an address that says of which workbook a cycle is: "reviews"."""

    regex = "[a-z][a-z0-9-]*"

    def to_python(self, value: str) -> Workbook:
        try:
            return by_path(value)
        except KeyError as error:
            raise ValueError(value) from error

    def to_url(self, value: Workbook) -> str:
        return value.path


# Where pages are.


def to_cycle(cycle: Cycle, name: str, *more: object) -> str:
    """Where a page of a cycle is. The organisation of the cycle must be loaded."""
    return reverse(name, args=[cycle.organisation.slug, WORKBOOKS[cycle.workbook], cycle.slug, *more])


def to_list(organisation: str, name: str, workbook: Workbook | None = None) -> str:
    """Where a page about all cycles of one workbook is, of the first if none is named: it has the shorter addresses,
    but for the list itself, as the shortest of all is the start page."""
    workbook = workbook or first()
    named = [] if workbook.key == first().key and name != "dashboard" else [workbook]
    return reverse(name, args=[organisation, *named])


# What a view begins with.


def in_organisation(
    get: Ability = Ability.READ, post: Ability | None = None
) -> Callable[[Callable[Concatenate[Request, Visit, ...], HttpResponseBase]], View]:
    """A view in an organisation: it is given the visit in place of the name, or the answer is 404, or 403."""

    def decorate(view: Callable[Concatenate[Request, Visit, ...], HttpResponseBase]) -> View:
        @wraps(view)
        def opened(request: Request, organisation: str, **more: object) -> HttpResponseBase:
            ability = post if post and request.method == "POST" else get
            return view(request, access.visit(request.user, organisation, ability), **more)

        return opened

    return decorate


def in_cycle(
    get: Ability = Ability.READ,
    post: Ability | None = None,
    *,
    decided: bool = False,
    together: bool = False,
    measured: bool = False,
) -> Callable[[Callable[Concatenate[Request, CycleVisit, ...], HttpResponseBase]], View]:
    """A view in a cycle: it is given the visit in place of the three names, or the answer is 404, or 403.

    `get` is the ability that reading needs, `post` that of sending a form (the same, when it is not given). A page that
    is only there for what is `decided` on is not there for a workbook that is only completed, and one on which people
    work `together` not for what is somebody's own; what is about figures not where nothing is `measured`.
    """

    def decorate(view: Callable[Concatenate[Request, CycleVisit, ...], HttpResponseBase]) -> View:
        @wraps(view)
        def opened(
            request: Request, organisation: str, workbook: Workbook, cycle: str, **more: object
        ) -> HttpResponseBase:
            absent = (
                decided and not workbook.decided,
                together and workbook.private,
                measured and workbook.measures is None,
            )
            if any(absent):
                raise Http404
            ability = post if post and request.method == "POST" else get
            about = stage_of(workbook, str(more.get("stage", "")), str(more.get("step", "")))
            visit = access.visit_cycle(request.user, organisation, workbook, cycle, ability, about)
            return view(request, visit, **more)

        return opened

    return decorate


def stage_of(workbook: Workbook, stage: str, step: str) -> Stage | None:
    """The stage that a page is about, as its address names it or one of its questions; None for neither."""
    asked = workbook.question.get(step)
    return workbook.stage.get(asked.stage if asked else stage)


# The frame.


def navigation(visit: Visit | None, current: str) -> list[dict[str, Any]]:
    """The ways around the service for somebody who is signed in; `current` names the part they are in."""
    guidance = {"text": "Guidance", "href": reverse("guidance"), "current": current == "guidance"}
    if visit is None:
        return [{"text": "Start", "href": reverse("home"), "current": current in ("start", "reviews")}, guidance]
    slug = visit.organisation.slug
    return [
        {"text": "Start", "href": reverse("start", args=[slug]), "current": current == "start"},
        {"text": capital(first().plural), "href": to_list(slug, "dashboard"), "current": current == "reviews"},
        {"text": "Results", "href": reverse("results", args=[slug]), "current": current == "results"},
        {"text": "Policies", "href": reverse("policies", args=[slug]), "current": current == "policies"},
        guidance,
        {"text": "People", "href": reverse("people", args=[slug]), "current": current == "people"},
    ]


def render(
    request: HttpRequest,
    template: str,
    visit: Visit | None = None,
    *,
    current: str = "reviews",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page in the frame: `visit` supplies the organisation, `current` the part of the service, or nothing.

    In a cycle templates know `cycle`, its `workbook`, and `at(name, ...)`: where a page of that cycle is. On a page
    without a form `form` is None and `errors` are empty.
    """
    user = request.user
    # Tabs of two organisations are told apart by their titles; what belongs to none names none.
    titled = visit.organisation if visit else None
    if visit is None and isinstance(user, User) and current == "guidance":
        # Guidance belongs to nobody, but the way back to their reviews is wanted by those who read it.
        visit = only_visit(user)
    frame: dict[str, Any] = {
        "visit": visit,
        "organisation": visit.organisation if visit else None,
        "titled": titled,
        "navigation": [],
        "cycle": None,
        "workbook": first(),
        "form": None,
        "errors": (),
        "has_errors": False,
    }
    if isinstance(visit, CycleVisit):
        frame |= {"cycle": visit.cycle, "workbook": visit.workbook, "at": partial(to_cycle, visit.cycle)}
    if user.is_authenticated:
        # Of all kinds of runs the first has a place of its own; the others are found from the start page.
        about = {**frame, **context}["workbook"]
        part = "start" if current == "reviews" and about is not first() else current
        frame["navigation"] = navigation(visit, part)
    return django_render(request, template, with_kept(request, frame | context), status=status)


def with_kept(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What a page is drawn with, with what was typed on it before its session ended in the fields of its form.

    It is held against what the page had shown then: who saved something else meanwhile is not overwritten unseen.
    """
    brought = kept.at(request) if request.method == "GET" else None
    if brought is None:
        return context
    posted, form = brought.posted, context["form"]
    filled = isinstance(form, QuestionForm) and not form.is_bound
    if filled:
        fill(form, posted)
        context |= {name: posted.get(name, "") for name in ("seen", "was") if context.get(name) is not None}
    return context | {"brought": {"theirs": brought.by != str(request.user.pk), "filled": filled}}


def waiting(request: HttpRequest, template: str, visit: Visit | None, here: str, **context: Any) -> HttpResponse:
    """202: what was asked for is being made. The page looks again by itself at `here`, without a script.

    Whoever reads it in peace, or has it read aloud, can stop that: `stay` in the address says so.
    """
    stay = "stay" in request.GET
    page = render(request, template, visit, status=202, here=here, stay=stay, every=LOOK_AGAIN, **context)
    if not stay:
        page.headers["Refresh"] = f"{LOOK_AGAIN}; url={here}"
    page.headers["Cache-Control"] = "no-store"
    return page


def page_number(request: HttpRequest) -> int:
    """The page of a list that is asked for, from 1; BadRequest (400) when it is no such number."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_PAGES):
        raise BadRequest
    return int(text)


def turning(page: int, *, more: bool, what: str, query: str = "") -> dict[str, Any] | None:
    """Newer and older, in the words of the NHS macro; nothing when all is on one page."""
    newer = {"previousUrl": f"?{query}page={page - 1}", "previousPage": f"Newer {what}"} if page > 1 else {}
    older = {"nextUrl": f"?{query}page={page + 1}", "nextPage": f"Older {what}"} if more else {}
    return newer | older | {"ariaLabel": f"Pages of {what}"} if newer or older else None
