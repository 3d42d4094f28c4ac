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
from worksheets.models import Cycle, Issued, Printing, Summary
from worksheets.pages import Request, in_cycle
from worksheets.report import contents, queue, store
from worksheets.signoff.board import open_comments
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS


@require_safe
@in_cycle()
def summary(request: Request, visit: CycleVisit) -> HttpResponse:
    """The summary on screen: the same sections in the same order as on paper."""
    told = contents.gather(visit.cycle, visit.worksheets, visit.texts, paper=False)
    return pages.render(
        request,
        "summary.jinja",
        visit,
        summary=told,
        issued=told.signed_off is not None,
        open_comments=open_comments(visit.cycle),
    )


Form = Printing.Form
# What an address may say about the file that it wants.
SAID = ("no", "1")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def summary_word(request: Request, organisation: str, workbook: Workbook, cycle: str) -> HttpResponseBase:
    """The summary as a Word file to edit. It is never the file that was issued: that is the PDF."""
    read, texts_stamp = access.cycle_read(request.user, organisation, workbook, cycle)
    form = Form.WORD_ALONE if alone(request) else Form.WORD
    word = contents.digest(read, texts_stamp, form=form)
    return sent(request, read, word, form, f"{organisation}-{cycle}-{slugify(workbook.summary)}")


def alone(request: Request) -> bool:
    """Whether the summary is wanted without the record behind it."""
    return request.GET.get("record") == "no"


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
    form = Form.PDF_ALONE if alone(request) and other is None else Form.PDF
    word = sha256 or contents.digest(read, texts_stamp, *([other] if other else []), form=form)
    more = f"-compared-with-{against}" if against else ""
    name = f"{organisation}-{cycle}-{slugify(workbook.summary)}{more}"
    # A PDF that is looked at first is often kept afterwards: it has a name then too.
    kept = "download" in request.GET
    return sent(request, read, word, form, name, other=other, issued=bool(sha256), attached=kept)


@require_safe
@in_cycle()
def document(request: Request, visit: CycleVisit, document: str) -> HttpResponse:
    """A document beside the summary, on screen: to be read, downloaded, or copied into a website."""
    paper = visit.workbook.document.get(document)
    if paper is None:
        raise Http404
    wanting = paper.ready(visit.review)
    told = contents.document(visit.cycle, visit.review, document)
    return pages.render(request, "document.jinja", visit, paper=paper, wanting=wanting, summary=told)


@require_safe
def document_file(
    request: Request, organisation: str, workbook: Workbook, cycle: str, document: str, form: str
) -> HttpResponseBase:
    """A document beside the summary as a file, made like the summary. There is none while there is nothing to tell."""
    read, texts_stamp = access.cycle_read(request.user, organisation, workbook, cycle)
    paper = workbook.document.get(document)
    if paper is None or paper.ready(visit_of(request, read).review):
        raise Http404
    word = contents.digest(read, texts_stamp, form=form, document=document)
    return sent(request, read, word, form, f"{organisation}-{cycle}-{document}", document=document)


def sent(
    request: Request,
    cycle: Cycle,
    word: str,
    form: str,
    name: str,
    *,
    other: Cycle | None = None,
    document: str = "",
    issued: bool = False,
    attached: bool = True,
) -> HttpResponseBase:
    """A file of a cycle, kept or made now, or the page that waits for it. `word` is its digest, `name` has no ending.

    It is the file that was `issued`, or else the summary with `other` compared behind it, or a `document` beside it.
    """
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{word}"')
    if response is None:
        made: Issued | Summary | None = store.issued(cycle.pk) if issued else store.kept(cycle.pk, word)
        if made is None:
            printed = in_turn(request, cycle, word, form, other, document)
            if isinstance(printed, HttpResponse):
                return printed
            made, word = printed, printed.digest
        kind, ending = (WORD, "docx") if form in (Form.WORD, Form.WORD_ALONE) else ("application/pdf", "pdf")
        disposition = content_disposition_header(attached, f"{name}.{ending}") or ""
        response = HttpResponse(bytes(made.pdf), content_type=kind, headers={"Content-Disposition": disposition})
    response.headers["ETag"] = f'"{word}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def in_turn(
    request: Request, cycle: Cycle, word: str, form: str, other: Cycle | None = None, document: str = ""
) -> Summary | HttpResponse:
    """The summary, or a document beside it, where it is made within a few seconds; else the page that waits for it, or
    says why there is none.

    The page that waits names what it waits for in its address. `word` is the digest of what the summary says now.
    """
    mine = queue.asked(request.GET.get("asked", ""), cycle, Printing.Purpose.SUMMARY, other, form, document)
    if mine and mine.under_way:
        queue.press_on(mine)
    elif mine is None or (mine.state == Printing.State.DONE and not store.kept(cycle.pk, mine.digest)):
        try:
            refused = queue.refusal(cycle, other, word)
            mine = refused or queue.wait(queue.ask(cycle, request.user, other, form, document))
        except queue.Full:
            visit = visit_of(request, cycle)
            return pages.render(request, "summary_queue_full.jinja", visit, status=429, most=queue.MOST_UNDER_WAY)
    made = store.kept(cycle.pk, mine.digest) if mine.state == Printing.State.DONE else None
    if made:
        return made
    visit = visit_of(request, cycle)
    if mine.state == Printing.State.FAILED:
        status, again = queue.status(mine), f"{request.path}{'?record=no' if alone(request) else ''}"
        return pages.render(request, "summary_failed.jinja", visit, status=status, reason=mine.reason, again=again)
    more = "".join(f"&{name}={request.GET[name]}" for name in ("record", "download") if request.GET.get(name) in SAID)
    here = f"{request.path}?asked={mine.pk}{more}"
    return pages.waiting(request, "summary_waiting.jinja", visit, here, before=queue.place(mine))


def visit_of(request: Request, cycle: Cycle) -> CycleVisit:
    """The visit that the frame of a page tells of. The right to see the cycle was asked for before."""
    return access.visit_cycle(request.user, cycle.organisation.slug, WORKBOOKS[cycle.workbook], cycle.slug)
