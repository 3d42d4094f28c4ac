"""What the commands about one review share: finding it by its two short names."""

from __future__ import annotations

from django.core.management.base import CommandError

from worksheets import neighbours, texts
from worksheets.models import Cycle
from worksheets.review import Review
from worksheets.workbooks import WORKBOOKS


def find_cycle(named: str) -> Cycle:
    """The cycle called ORGANISATION/CYCLE, by their short names.

    CommandError when there is none, or when it is a run of a workbook that this version does not have.
    """
    organisation, _, slug = named.partition("/")
    cycle = Cycle.objects.select_related("organisation").filter(organisation__slug=organisation, slug=slug).first()
    if cycle is None:
        raise CommandError(f"There is no review {named}. Give ORGANISATION/CYCLE, like nhs-anywhere/autumn-2026.")
    if cycle.workbook not in WORKBOOKS:
        raise CommandError(f"{named} was made with the workbook {cycle.workbook}, which is not there any more.")
    return cycle


def review_of(cycle: Cycle) -> Review:
    """What is answered in a cycle, for those who need not ask for leave: the command line."""
    now = texts.current()
    return Review.of(cycle, cycle.worksheets.select_related("completed_by"), now, neighbours.beside(cycle, now))
