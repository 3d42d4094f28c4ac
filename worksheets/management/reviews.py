"""What the commands about one review share: finding it by its two short names."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db.models import Q

from worksheets import neighbours, texts
from worksheets.models import Cycle, User
from worksheets.review import Review
from worksheets.workbooks import WORKBOOKS


def owner_named(email: str | None) -> User | None:
    """The person of that address, None for none given. CommandError when nobody has it."""
    if not email:
        return None
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return user


def find_cycle(named: str, owner: User | None = None) -> Cycle:
    """The cycle called ORGANISATION/CYCLE, by their short names. What is somebody's own is found for its `owner` alone.

    CommandError when there is none, or when it is a run of a workbook that this version does not have.
    """
    organisation, _, slug = named.partition("/")
    rows = Cycle.objects.select_related("organisation").filter(organisation__slug=organisation, slug=slug)
    cycle = rows.filter(Q(owner=None) | Q(owner=owner)).first()
    if cycle is None:
        raise CommandError(f"There is no review {named}. Give ORGANISATION/CYCLE, like nhs-anywhere/autumn-2026.")
    if cycle.workbook not in WORKBOOKS:
        raise CommandError(f"{named} was made with the workbook {cycle.workbook}, which is not there any more.")
    return cycle


def review_of(cycle: Cycle) -> Review:
    """What is answered in a cycle, for those who need not ask for leave: the command line."""
    return neighbours.review_of(cycle, cycle.worksheets.select_related("completed_by"), texts.current())
