"""The summary: as a page, and as a PDF at a stable address."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from worksheets import access, pages
from worksheets.access import CycleVisit
from worksheets.comparing.views import comparison
from worksheets.models import Cycle, Issued, Summary
from worksheets.pages import Request, in_cycle
from worksheets.report import contents, store
from worksheets.report.printer import TooLarge, Unavailable
from worksheets.workbook import Workbook


@require_safe
@in_cycle()
def summary(request: Request, visit: CycleVisit) -> HttpResponse:
    """The summary on screen: the same sections in the same order as on paper."""
    told = contents.gather(visit.cycle, visit.worksheets, visit.texts, paper=False)
    return pages.render(request, "summary.jinja", visit, summary=told, issued=told.signed_off is not None)


@require_safe
def summary_pdf(
    request: Request, organisation: str, workbook: Workbook, cycle: str, against: str | None = None
) -> HttpResponseBase:
    """The summary on paper. Browsers keep it, and ask each time whether it still holds: 304 costs no pages.

    Once the review is signed off it is the file that was issued then, byte for byte, and its digest is its name.
    With the comparison with another review, `against`, behind it, it is always a file of today.
    """
    if against == cycle:
        raise Http404
    read, texts_stamp = access.cycle_read(request.user, organisation, workbook, cycle)
    other = access.cycle_read(request.user, organisation, workbook, against)[0] if against else None
    # Only what is signed off was issued: for all else nobody needs to ask.
    signed = read.state == Cycle.State.SIGNED_OFF and other is None
    sha256 = Issued.objects.filter(cycle=read).values_list("sha256", flat=True).first() if signed else None
    word = sha256 or contents.digest(read, texts_stamp, *([other] if other else []))
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{word}"')
    if response is None:
        made: Issued | Summary | None = store.issued(read.pk) if sha256 else store.kept(read.pk, word)
        if made is None:
            visit = access.visit_cycle(request.user, organisation, workbook, cycle)
            try:
                beside = access.visit_cycle(request.user, organisation, workbook, against) if against else None
                compared = comparison(visit, beside) if beside else None
                made = store.make(visit.cycle, visit.worksheets, visit.texts, word, compared)
            except TooLarge:
                return pages.render(request, "summary_too_large.jinja", visit, status=413)
            except Unavailable:
                return pages.render(request, "summary_unavailable.jinja", visit, status=503)
        response = HttpResponse(bytes(made.pdf), content_type="application/pdf")
        more = f"-compared-with-{against}" if against else ""
        name = f"{organisation}-{cycle}-{slugify(workbook.summary)}{more}.pdf"
        disposition = content_disposition_header("download" in request.GET, name)
        # "inline" alone names no file, and a PDF that is looked at first is often kept afterwards.
        response.headers["Content-Disposition"] = disposition or f'inline; filename="{name}"'
    response.headers["ETag"] = f'"{word}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
