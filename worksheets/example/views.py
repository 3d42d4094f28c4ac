"""The pages of the example: what it is, the answers of each worksheet, and its summary. Nothing in them changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.example.made import Example, example_of
from worksheets.workbook import Workbook
from worksheets.workbooks import first, of_stage


def found(workbook: Workbook | None) -> Example:
    """The example of a workbook, of the first one where none is named. Http404 where none ships with it."""
    example = example_of((workbook or first()).key)
    if example is None:
        raise Http404
    return example


def shown(request: HttpRequest, template: str, example: Example, **context: Any) -> HttpResponse:
    """A page of the example, which stands with the guidance: it belongs to nobody."""
    return pages.render(request, template, current="guidance", workbook=example.workbook, example=example, **context)


@require_safe
def overview(request: HttpRequest, workbook: Workbook | None = None) -> HttpResponse:
    """What the example is, and where its worksheets and its summary are."""
    return shown(request, "example/overview.jinja", found(workbook))


@require_safe
def answers(request: HttpRequest, stage: str) -> HttpResponse:
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
def summary(request: HttpRequest, workbook: Workbook | None = None) -> HttpResponse:
    """The summary that the answers of the example make, as a page."""
    example = found(workbook)
    told = example.summary(timezone.localdate(), paper=False)
    return shown(request, "example/summary.jinja", example, summary=told)
