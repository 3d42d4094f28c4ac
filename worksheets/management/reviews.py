"""What the commands about one review share: finding it by its two short names."""

from __future__ import annotations

from django.core.management.base import CommandError

from worksheets.models import Cycle


def find_cycle(address: str) -> Cycle:
    """The cycle called ORGANISATION/CYCLE, by their short names. CommandError when there is none."""
    organisation, _, cycle = address.partition("/")
    found = Cycle.objects.select_related("organisation").filter(organisation__slug=organisation, slug=cycle).first()
    if found is None:
        raise CommandError(f"There is no review {address}. Give ORGANISATION/CYCLE, like nhs-anywhere/autumn-2026.")
    return found
