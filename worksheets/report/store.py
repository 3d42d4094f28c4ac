"""Keeps the summaries that were made: the same contents are set once, and served from here until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from worksheets.comparing.reviews import Comparison
from worksheets.models import Cycle, Issued, Summary, Worksheet
from worksheets.report.contents import gather
from worksheets.report.page import html_of
from worksheets.report.printer import printer
from worksheets.texts import Texts

# How many summaries of one cycle are kept: the one that holds, and those that were just sent around.
KEPT = 3


def kept(cycle: int, word: str) -> Summary | None:
    """The summary of that digest, if it was made already. `cycle` is the cycle's primary key."""
    return Summary.objects.filter(cycle_id=cycle, digest=word).first()


def issued(cycle: int) -> Issued | None:
    """The file that was issued when the review was signed off. `cycle` is the cycle's primary key."""
    return Issued.objects.filter(cycle_id=cycle).first()


def make(
    cycle: Cycle, worksheets: Iterable[Worksheet], texts: Texts, word: str, beside: Comparison | None = None
) -> Summary:
    """Make the summary of a cycle as it stands and keep it under its digest. Raises what `Printer.print` raises.

    `cycle` must come with its organisation, and `worksheets` with who completed them. `beside` is the comparison with
    another review to print behind it.
    """
    if made := kept(cycle.pk, word):
        return made
    printed = printer.print(html_of(replace(gather(cycle, worksheets, texts), comparison=beside)))
    # Another machine may have made the same: the first one stays.
    made, _ = Summary.objects.get_or_create(
        cycle=cycle, digest=word, defaults={"pdf": printed.pdf, "pages": printed.pages}
    )
    newest = Summary.objects.filter(cycle=cycle).order_by("-made_at", "-pk").values_list("pk", flat=True)[:KEPT]
    Summary.objects.filter(cycle=cycle).exclude(pk__in=[*newest, made.pk]).delete()
    return made
