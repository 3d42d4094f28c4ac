"""Keeps the summaries that were made: the same contents are set once, and served from here until something changes."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

from worksheets.models import Cycle, Summary, Worksheet
from worksheets.report.contents import digest, gather
from worksheets.report.page import page
from worksheets.report.printer import TooLarge, printer
from worksheets.texts import Texts

# How many summaries of one cycle are kept: the one that holds, and those that were just sent around.
KEPT = 3
# How long a summary that is too large is not tried again, in seconds, unless its contents change.
REFUSED_FOR = 3_600


def kept(cycle: Cycle, word: str) -> Summary | None:
    """The summary of that digest, if it was made already."""
    return Summary.objects.filter(cycle=cycle, digest=word).first()


def summary_of(cycle: Cycle, worksheets: Iterable[Worksheet], texts: Texts) -> Summary:
    """The summary of a cycle as it stands, made if need be. Raises what `Printer.print` raises.

    `cycle` must come with its organisation, and `worksheets` with who completed them.
    """
    worksheets = tuple(worksheets)
    word = digest(cycle, worksheets, texts)
    if found := kept(cycle, word):
        return found
    refused = f"summary-too-large-{cycle.pk}-{word}"
    if cache.get(refused):
        raise TooLarge
    with printer.turn():
        # Somebody else may have asked for the same while we waited for our turn.
        if found := kept(cycle, word):
            return found
        try:
            printed = printer.print(page(gather(cycle, worksheets, texts)))
        except TooLarge:
            cache.set(refused, True, REFUSED_FOR)
            raise
    # Another web process may have made the same: the first one stays.
    made, _ = Summary.objects.get_or_create(
        cycle=cycle, digest=word, defaults={"pdf": printed.pdf, "pages": printed.pages}
    )
    newest = Summary.objects.filter(cycle=cycle).order_by("-made_at", "-pk").values_list("pk", flat=True)[:KEPT]
    Summary.objects.filter(cycle=cycle).exclude(pk__in=[*newest, made.pk]).delete()
    return made
