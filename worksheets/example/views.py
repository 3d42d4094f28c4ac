"""The pages of the example: what it is, the answers of each worksheet, and its summary. Nothing in them changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.example.made import Example, digest, example_of
from worksheets.models import Printing, Summary
from worksheets.pages import Request
from worksheets.report import queue, store
from worksheets.workbook import Workbook
from worksheets.workbooks import first, of_stage


def found(workbook: Workbook | None) -> Example:
    """The example of a workbook, of the first one where none is named. Http404 where none ships with it."""
    example = example_of((workbook or first()).key)
    if example is None:
        raise Http404
    return example


def shown(request: Request, template: str, example: Example, **context: Any) -> HttpResponse:
    """A page of the example, which stands with the guidance: it belongs to nobody."""
    return pages.render(request, template, current="guidance", workbook=example.workbook, example=example, **context)


@require_safe
def overview(request: Request, workbook: Workbook | None = None) -> HttpResponse:
    """What the example is, and where its worksheets and its summary are."""
    return shown(request, "example/overview.jinja", found(workbook))


@require_safe
def answers(request: Request, stage: str) -> HttpResponse:
    """All answers of one worksheet, to be read."""
    try:
        workbook, here = of_stage(stage)
    except KeyError as error:
        raise Http404 from error
    example = found(workbook)
    sections = [question.section(example.review.scope) for question in here.questions]
    around = {"previous": workbook.beside(here, -1), "next": workbook.beside(here, 1)}
    return shown(request, "example/answers.jinja", example, stage=here, sections=sections, **around)


@require_safe
def summary(request: Request, workbook: Workbook | None = None) -> HttpResponse:
    """The summary that the answers of the example make, as a page."""
    example = found(workbook)
    told = example.summary(timezone.localdate(), paper=False)
    return shown(request, "example/summary.jinja", example, summary=told)


@require_safe
def summary_pdf(request: Request, workbook: Workbook | None = None) -> HttpResponseBase:
    """The summary on paper, from the queue like every other: it is made once for each version of the service."""
    example = found(workbook)
    form = Printing.Form.PDF_ALONE if alone(request) else Printing.Form.PDF
    word = digest(example.workbook, form)
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{word}"')
    if response is None:
        made = store.kept(None, word) or in_turn(request, example, form)
        if isinstance(made, HttpResponse):
            return made
        name = f"example-{slugify(example.workbook.summary)}.pdf"
        disposition = content_disposition_header("download" in request.GET, name) or f'inline; filename="{name}"'
        headers = {"Content-Disposition": disposition}
        response = HttpResponse(bytes(made.pdf), content_type="application/pdf", headers=headers)
    response.headers["ETag"] = f'"{word}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def alone(request: Request) -> bool:
    """Whether it is wanted without the record behind it."""
    return request.GET.get("record") == "no"


def in_turn(request: Request, example: Example, form: str) -> Summary | HttpResponse:
    """The summary, if it is made within a few seconds; else the page that waits for it, or says why there is none."""
    key = example.workbook.key
    mine = queue.example_asked(request.GET.get("asked", ""), key, form)
    if mine and mine.under_way:
        queue.press_on(mine)
    elif mine is None or mine.state == Printing.State.DONE:
        mine = queue.wait(queue.ask_for_example(key, request.user, form))
    if made := store.kept(None, mine.digest) if mine.state == Printing.State.DONE else None:
        return made
    if mine.state == Printing.State.FAILED:
        again = f"{request.path}{'?record=no' if alone(request) else ''}"
        page = shown(request, "example/failed.jinja", example, reason=mine.reason, again=again)
        page.status_code = queue.status(mine)
        return page
    here = f"{request.path}?asked={mine.pk}{'&record=no' if alone(request) else ''}"
    about = {"workbook": example.workbook, "example": example, "before": queue.place(mine)}
    return pages.waiting(request, "example/waiting.jinja", None, here, current="guidance", **about)
