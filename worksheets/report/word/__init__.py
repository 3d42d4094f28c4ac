"""The summary as a Word file, because committees edit in Word: the same parts as on paper, walked once."""

from __future__ import annotations

import io
from importlib import resources

from docx import Document

from worksheets.report.contents import Contents
from worksheets.report.printer import Printed
from worksheets.report.word.page import begun
from worksheets.report.word.pictures import drawn
from worksheets.report.word.writing import Writer

__all__ = ["typed"]


def typed(contents: Contents) -> Printed:
    """The Word file of a summary. Only for the process that prints: the pictures are set by its press.

    Raises what `Printer.print` raises.
    """
    parts = (*contents.summary, *contents.behind, *contents.record)
    pictures = drawn(parts)
    with resources.as_file(resources.files("docx") / "templates" / "default.docx") as template:
        document = Document(str(template))
    begun(document, contents)
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
    made = io.BytesIO()
    document.save(made)
    return Printed(made.getvalue(), 0)
