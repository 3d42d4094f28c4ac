"""The pages that guide a team: the stages, the platforms, learning, about this method and accessibility."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from worksheets import ageing, searching, texts
from worksheets.cleaning import one_line
from worksheets.fields import Scope
from worksheets.fields.handwritten import fields_of
from worksheets.guides import GUIDES
from worksheets.models import Platform, PlatformFigure
from worksheets.models.texts import TAGS
from worksheets.pages import render
from worksheets.words import inside
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, first, of_stage


@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """What there is to read."""
    now = texts.current()
    books = [
        (workbook, [(stage, now.note(f"stages/{stage.key}")) for stage in workbook.stages])
        for workbook in WORKBOOKS.values()
    ]
    return render(request, "guidance/index.jinja", current="guidance", books=books)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Where words stand in the guidance. A search without words finds nothing, and asks for some."""
    query = one_line(request.GET.get("q", ""))
    return render(
        request,
        "guidance/search.jinja",
        current="guidance",
        query=query[: searching.LONGEST],
        cut=len(query) > searching.LONGEST,
        longest=searching.LONGEST,
        hits=searching.found(query, texts.current(), **statement_words()),
        most=searching.MOST,
        old_words=ageing.WORDS,
    )


@require_safe
def stage_page(request: HttpRequest, stage: str) -> HttpResponse:
    """The text of a stage, and the notes of its questions."""
    try:
        workbook, here = of_stage(stage)
    except KeyError as error:
        raise Http404 from error
    now = texts.current()
    return render(
        request,
        "guidance/stage.jinja",
        current="guidance",
        workbook=workbook,
        stage=here,
        note=now.note(f"stages/{stage}", top=2),
        # A question's name is a heading of the third level, and what folds away below it has headings of its own.
        questions=[(question, now.note(f"questions/{question.key}", top=4)) for question in here.questions],
        previous=workbook.beside(here, -1),
        next=workbook.beside(here, 1),
    )


@require_safe
def blank_worksheets(request: HttpRequest, workbook: Workbook | None = None) -> HttpResponse:
    """Every question of a workbook, of the first where none is named, with room to write: to be printed."""
    book = workbook or first()
    scope = Scope(platforms=texts.current().platform_names()[0], numbers=book.numbers)
    stages = [
        (stage, [(question, fields_of(question.form.kinds, scope)) for question in stage.questions])
        for stage in book.stages
    ]
    return render(request, "guidance/worksheets.jinja", current="guidance", workbook=book, stages=stages)


@require_safe
def platforms(request: HttpRequest) -> HttpResponse:
    """The platform guide."""
    now, today = texts.current(), timezone.localdate()
    return render(
        request,
        "guidance/platforms.jinja",
        current="guidance",
        shown=[shown_of(platform, today) for platform in now.platforms()],
        retired=list(now.platform_names()[1].values()),
        today=today,
        old_words=ageing.WORDS,
    )


@dataclass(frozen=True)
class Shown:
    """A platform with what it is known for, in words, and its figures: those of the last years, and those that may be
    out of date, of the `years` said."""

    platform: Platform
    known_for: list[str]
    recent: list[PlatformFigure]
    old: list[PlatformFigure]
    years: str


def shown_of(platform: Platform, today: datetime.date) -> Shown:
    """A platform, with its figures parted by their age. It asks the database for nothing that was read before."""
    figures = list(platform.figures.all())
    old = [figure for figure in figures if figure.may_be_out_of_date(today)]
    recent = [figure for figure in figures if figure not in old]
    known_for = [inside(words) for key, words in TAGS.items() if key in platform.tags]
    return Shown(platform, known_for, recent, old, ageing.years_said(figure.year for figure in old))


@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """Facts, words and stories."""
    return text_page(request, "learning")


@require_safe
@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    """Where the method comes from. Open to everybody."""
    return text_page(request, "about")


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with the name and the contact of whoever runs the service. Open to everybody."""
    return text_page(request, "accessibility", **statement_words())


def statement_words() -> dict[str, str]:
    """What the statement says of the host, and what it says where a setting is missing."""
    return {
        "host": settings.HOST_NAME or "the organisation that runs this service",
        "contact": settings.ACCESSIBILITY_CONTACT
        or "The organisation that runs this service has not given a contact here yet. Ask a lead of your own "
        "organisation to pass your message on",
        "reviewed": settings.ACCESSIBILITY_REVIEWED or "a day that the organisation has not given yet",
    }


def text_page(request: HttpRequest, key: str, **words: str) -> HttpResponse:
    """A page that is all text. `words` stand where the text names them: "{host}"."""
    text = texts.current().page(f"pages/{key}", **words)
    return render(request, "guidance/page.jinja", current="guidance", title=GUIDES[key].title, text=text)
