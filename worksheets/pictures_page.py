"""The page of pictures: a review at a glance, each picture with what it says in words and its data as a table."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.access import CycleVisit
from worksheets.pages import Request, in_cycle, to_cycle


@require_safe
@in_cycle()
def picture_page(request: Request, visit: CycleVisit) -> HttpResponse:
    """The pictures of a review, for everybody who may read it. A workbook without pictures has no such page."""
    if not visit.workbook.pictures:
        raise Http404
    link_to = partial(to_cycle, visit.cycle, "question")
    drawn = [picture.draw(visit.review, link_to) for picture in visit.workbook.pictures]
    return pages.render(request, "pictures.jinja", visit, pictures=drawn)
