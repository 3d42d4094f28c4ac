"""Summaries and papers as Word files, because committees edit in Word: the same parts as on paper, walked once."""

from __future__ import annotations

import io
from importlib import resources
from typing import Any

from docx import Document

from worksheets.report.contents import Contents
from worksheets.report.paper import Paper
from worksheets.report.printer import Printed
from worksheets.report.word.page import Running, begun, tighten
from worksheets.report.word.pictures import drawn
from worksheets.report.word.writing import Writer

__all__ = ["paper_typed", "typed"]


def typed(contents: Contents) -> Printed:
    """The Word file of a summary. Only for the process that prints: the pictures are set by its press.

    Raises what `Printer.print` raises.
    """
    parts = (*contents.summary, *contents.behind, *contents.record)
    pictures = drawn(parts)
    document = empty()
    copy = "Copy to edit: the PDF is what was issued" if contents.signed_off else contents.short_state
    about = (contents.title, contents.organisation, contents.state, contents.issued)
    begun(document, Running(contents.organisation, contents.cycle, copy, *about))
    writer = Writer(document, contents.language, pictures)
    writer.front(contents)
    for part in contents.summary:
        writer.part(part)
    for number, part in enumerate(contents.behind):
        # The front is a page of its own.
        writer.part(part, page=number == 0)
    if contents.record:
        writer.heading("Appendix: the full record", 1, page=not contents.behind)
        writer.paragraph(contents.after)
    for part in contents.record:
        writer.part(part, level=2)
    return saved(document)


def paper_typed(paper: Paper) -> Printed:
    """The Word file of a paper, which has no pictures: it needs no press."""
    document = empty()
    about = (paper.title, paper.organisation, paper.standing, paper.made)
    begun(document, Running(paper.organisation, paper.short, paper.foot, *about))
    writer = Writer(document, paper.language, {})
    if paper.on_a_page:
        tighten(document)
        writer.in_cells = 7.5
    writer.opening(paper)
    for part in paper.parts:
        writer.part(part)
    return saved(document)


def empty() -> Any:
    """A document with nothing in it."""
    with resources.as_file(resources.files("docx") / "templates" / "default.docx") as template:
        return Document(str(template))


def saved(document: Any) -> Printed:
    """A document as a file."""
    made = io.BytesIO()
    document.save(made)
    return Printed(made.getvalue(), 0)
