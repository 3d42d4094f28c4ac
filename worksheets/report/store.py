"""Keeps the summaries that were made: the same contents are set once, and served from here until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from worksheets.comparing.reviews import Comparison
from worksheets.models import Cycle, Issued, Policy, Printing, Summary, Worksheet
from worksheets.neighbours import review_of
from worksheets.report.contents import Contents, gather
from worksheets.report.contents import document as told_of
from worksheets.report.page import html_of, html_of_paper
from worksheets.report.paper import Paper
from worksheets.report.printer import Printed, printer
from worksheets.texts import Texts

Form = Printing.Form
# How many files of one cycle, or of one version of a document, are kept: those that hold, and those that were just
# sent around.
KEPT = 8


def kept(cycle: int | None, word: str) -> Summary | None:
    """The summary of that digest, if it was made already. `cycle` is the cycle's primary key, None for an example."""
    return Summary.objects.filter(cycle=cycle, policy=None, digest=word).first()


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
    return put(word, printed, cycle=cycle, policy=None)


def kept_of_policy(policy: Policy, word: str) -> Summary | None:
    """The file of a version of a document of that digest, if it was made already."""
    return Summary.objects.filter(policy=policy, digest=word).first()


def keep_of_policy(policy: Policy, word: str, told: Paper, form: str) -> Summary:
    """Make the file of a version of a document that tells this, and keep it. Raises what `Printer.print` raises."""
    return put(word, paper_as(told, form), cycle=None, policy=policy)


def paper_as(told: Paper, form: str) -> Printed:
    """A paper as a PDF or a Word file. Raises what `Printer.print` raises."""
    if form == Form.WORD:
        from worksheets.report.word import paper_typed

        return paper_typed(told)
    return printer.print(html_of_paper(told))


def put(word: str, printed: Printed, **of: Cycle | Policy | None) -> Summary:
    """Keep a file under its digest with those of the same cycle or version, of which the oldest go."""
    # Another machine may have made the same: the first one stays.
    made, _ = Summary.objects.get_or_create(**of, digest=word, defaults={"pdf": printed.pdf, "pages": printed.pages})
    newest = Summary.objects.filter(**of).order_by("-made_at", "-pk").values_list("pk", flat=True)[:KEPT]
    Summary.objects.filter(**of).exclude(pk__in=[*newest, made.pk]).delete()
    return made


def as_word(told: Contents) -> Printed:
    """The Word file of a summary. What writes it is loaded by the process that prints, and by no other."""
    from worksheets.report.word import typed

    return typed(told)
