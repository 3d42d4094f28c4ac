"""The strategy summary: as a page, and as a PDF at a stable address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from worksheets import access, texts
from worksheets.comparing.views import comparison
from worksheets.pages import render
from worksheets.report import contents, store
from worksheets.report.onepage import one_page
from worksheets.report.printer import TooLarge, Unavailable


@require_safe
def summary(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """The summary on screen: the same sections in the same order as on paper."""
    found = access.visit_cycle(request.user, organisation, cycle)  # type: ignore[arg-type]
    assert found.cycle
    told = contents.gather(found.cycle, found.worksheets, texts.current(found.stamp))
    return render(
        request,
        "summary.jinja",
        found,
        summary=told,
        page=one_page(told.overview, told.thread, whole=True),
        issued=told.signed_off is not None,
    )


@require_safe
def summary_pdf(request: HttpRequest, organisation: str, cycle: str, against: str | None = None) -> HttpResponseBase:
    """The summary on paper. Browsers keep it, and ask each time whether it still holds: 304 costs no pages.

    Once the review is signed off it is the file that was issued then, byte for byte, and its digest is its name.
    With the comparison with another review, `against`, behind it, it is always a file of today.
    """
    stamp, facts = access.facts(request.user, organisation, cycle)  # type: ignore[arg-type]
    if against == cycle:
        raise Http404
    now = texts.current(stamp)
    others = access.facts(request.user, organisation, against)[1] if against else []  # type: ignore[arg-type]
    issued = None if against else store.issued_digest(facts)
    word = issued or contents.digest([*facts, *others], now)
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{word}"')
    if response is None:
        made = store.issued(facts[0][0]) if issued else store.kept(facts[0][0], word)
        if made is None:
            found = access.visit_cycle(request.user, organisation, cycle)  # type: ignore[arg-type]
            assert found.cycle
            try:
                beside = comparison(found, access.visit_cycle(request.user, organisation, against)) if against else None  # type: ignore[arg-type]
                made = store.make(found.cycle, found.worksheets, now, word, beside)
            except TooLarge:
                return render(request, "summary_too_large.jinja", found, status=413)
            except Unavailable:
                return render(request, "summary_unavailable.jinja", found, status=503)
        response = HttpResponse(bytes(made.pdf), content_type="application/pdf")
        more = f"-compared-with-{against}" if against else ""
        name = f"{organisation}-{cycle}-strategy-summary{more}.pdf"
        disposition = content_disposition_header("download" in request.GET, name)
        # "inline" alone names no file, and a PDF that is looked at first is often kept afterwards.
        response.headers["Content-Disposition"] = disposition or f'inline; filename="{name}"'
    response.headers["ETag"] = f'"{word}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
