"""How a page is put together: the frame that every view fills in, with the organisation and the way around."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render

from worksheets.access import Visit, only_visit
from worksheets.addresses import address as page_address


def navigation(visit: Visit | None, current: str) -> list[dict[str, Any]]:
    """The ways around the service for somebody who is signed in; `current` names the part they are in."""
    guidance = {"text": "Guidance", "href": page_address("guidance"), "current": current == "guidance"}
    if visit is None:
        return [{"text": "Reviews", "href": page_address("home"), "current": current == "reviews"}, guidance]
    slug = visit.organisation.slug
    return [
        {"text": "Reviews", "href": page_address("dashboard", slug), "current": current == "reviews"},
        {"text": "Results", "href": page_address("results", slug), "current": current == "results"},
        guidance,
        {"text": "People", "href": page_address("people", slug), "current": current == "people"},
    ]


def address(visit: Visit | None, name: str, *more: str) -> str:
    """The address of a page of the review that the visit is about; templates call it `at(name, ...)`."""
    assert visit
    assert visit.cycle
    return page_address(name, visit.organisation.slug, visit.cycle.slug, *more)


def render(
    request: HttpRequest,
    template: str,
    visit: Visit | None = None,
    *,
    current: str = "reviews",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page in the frame: `visit` supplies the organisation, `current` the part of the service, or nothing."""
    signed_in = request.user.is_authenticated
    if visit is None and signed_in and current == "guidance":
        # Guidance belongs to nobody, but the way back to their reviews is wanted by those who read it.
        visit = only_visit(request.user)  # type: ignore[arg-type]
    frame = {
        "visit": visit,
        "organisation": visit.organisation if visit else None,
        "navigation": navigation(visit, current) if signed_in else [],
        "at": partial(address, visit),
    }
    return django_render(request, template, frame | context, status=status)
