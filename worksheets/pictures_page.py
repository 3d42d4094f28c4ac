"""The page of pictures: a review at a glance, each picture with what it says in words and its data as a table."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from worksheets import access, pages, texts
from worksheets.pictures import pictures
from worksheets.review import Review


@require_safe
def picture_page(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """The six pictures of a review, for everybody who may read it."""
    found = access.visit_cycle(request.user, organisation, cycle, people=False)  # type: ignore[arg-type]
    assert found.cycle
    review = Review.of(found.cycle, found.worksheets, texts.current(found.stamp))
    drawn = pictures(review, partial(pages.address, found, "question"))
    return pages.render(request, "pictures.jinja", found, cycle=found.cycle, pictures=drawn)
