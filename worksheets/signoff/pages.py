"""What the pages about sign-off share."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from worksheets import pages
from worksheets.access import Visit
from worksheets.models import Cycle
from worksheets.signoff.board import board_of


def here(visit: Visit) -> tuple[str, str]:
    """What the addresses of a review begin with."""
    assert visit.cycle
    return visit.organisation.slug, visit.cycle.slug


def too_late(request: HttpRequest, visit: Visit) -> HttpResponse:
    """409: somebody else decided first. Says what the review is now, and keeps what was typed."""
    assert visit.cycle
    cycle = Cycle.objects.select_related("organisation").get(pk=visit.cycle.pk)
    typed = next((request.POST[name] for name in ("note", "text", "because") if request.POST.get(name)), "")
    return pages.render(
        request, "signoff/too_late.jinja", visit, status=409, cycle=cycle, board=board_of(cycle), typed=typed
    )
