"""Keeps the summaries that were made: the same contents are set once, and served from here until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from worksheets.comparing.reviews import Comparison
from worksheets.models import Cycle, Issued, Printing, Summary, Worksheet
from worksheets.neighbours import review_of
from worksheets.report.contents import Contents, gather
from worksheets.report.contents import document as told_of
from worksheets.report.page import html_of
from worksheets.report.printer import Printed, printer
from worksheets.texts import Texts

Form = Printing.Form
# How many files of one cycle are kept: those that hold, and those that were just sent around.
KEPT = 8


def kept(cycle: int | None, word: str) -> Summary | None:
    """The summary of that digest, if it was made already. `cycle` is the cycle's primary key, None for an example."""
    return Summary.objects.filter(cycle=cycle, digest=word).first()


def issued(cycle: int) -> Issued | None:
    """The file that was issued when the review was signed off. `cycle` is the cycle's primary key."""
    return Issued.objects.filter(cycle_id=cycle).first()


def make(
    cycle: Cycle,
    worksheets: Iterable[Worksheet],
    texts: Texts,
    word: str,
    beside: Comparison | None = None,
    form: str = Form.PDF,
    document: str = "",
) -> Summary:
    """Make the summary of a cycle as it stands, or the document of that key, and keep it under its digest. Raises what
    `Printer.print` raises.

    `cycle` must come with its organisation, and `worksheets` with who completed them. `beside` is the comparison with
    another review to print behind it.
    """
    if made := kept(cycle.pk, word):
        return made
    if document:
        return keep(cycle, word, told_of(cycle, review_of(cycle, worksheets, texts), document), form)
    return keep(cycle, word, replace(gather(cycle, worksheets, texts), comparison=beside), form)


def keep(cycle: Cycle | None, word: str, told: Contents, form: str) -> Summary:
    """Make the file that tells this and keep it under its digest. Raises what `Printer.print` raises."""
    if form in (Form.PDF_ALONE, Form.WORD_ALONE):
        told = told.without_record()
    printed = as_word(told) if form in (Form.WORD, Form.WORD_ALONE) else printer.print(html_of(told))
    # Another machine may have made the same: the first one stays.
    made, _ = Summary.objects.get_or_create(
        cycle=cycle, digest=word, defaults={"pdf": printed.pdf, "pages": printed.pages}
    )
    newest = Summary.objects.filter(cycle=cycle).order_by("-made_at", "-pk").values_list("pk", flat=True)[:KEPT]
    Summary.objects.filter(cycle=cycle).exclude(pk__in=[*newest, made.pk]).delete()
    return made


def as_word(told: Contents) -> Printed:
    """The Word file of a summary. What writes it is loaded by the process that prints, and by no other."""
    from worksheets.report.word import typed

    return typed(told)
