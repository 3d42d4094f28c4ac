"""Writes the pieces of a summary into a Word document, one kind of piece after the other."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from worksheets.fields import spoken_date
from worksheets.languages import OURS
from worksheets.presentation import (
    AnswerList,
    Cell,
    Computed,
    Figure,
    Items,
    Linked,
    Listing,
    Part,
    Piece,
    Records,
    Row,
    Table,
    Title,
    Words,
)
from worksheets.report.contents import Contents
from worksheets.report.paper import Paper
from worksheets.report.word.page import BLUE, GREY, WIDTH, language, sound

# The deepest level of a heading: five would be a list of answers and no outline.
DEEPEST = 4
# A label of more letters than this does not fit before its answer, and stands on a line of its own.
LONGEST = 25
# What stands behind the direction of a paragraph, in the order of the format.
AFTER_BIDI = ("w:spacing", "w:ind", "w:jc")


def leftwards(text: str) -> bool:
    """Whether a text is read from right to left: its first letter that has a direction says so."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in strong if way in ("L", "R", "AL")), "L") != "L"


class Writer:
    """Puts pieces at the end of a document. `language` is that of the team's own words, `pictures` are PNGs by key."""

    def __init__(self, document: Any, language: str, pictures: Mapping[str, tuple[bytes, float]]) -> None:
        self.document = document
        self.language = language
        self.pictures = pictures
        # The size of what stands in tables, in points.
        self.in_cells = 9.0

    def front(self, contents: Contents) -> None:
        """The cover and the front sheet."""
        self.paragraph(contents.organisation)
        self.run(self.document.add_paragraph(style="Title"), contents.heading)
        dates = f"{spoken_date(contents.starts)} to {spoken_date(contents.ends)}"
        self.paragraph(f"{contents.cycle}, {dates}")
        state = f"{contents.state}. " if contents.state else ""
        self.paragraph(f"{state}Issued {spoken_date(contents.issued)}")
        for row in contents.sheet:
            self.row(row)

    def opening(self, paper: Paper) -> None:
        """What stands above the parts of a paper."""
        self.paragraph(paper.organisation)
        self.run(self.document.add_paragraph(style="Title"), paper.heading)
        self.paragraph(paper.standing)

    def part(self, part: Part, level: int = 1, *, page: bool = False) -> None:
        self.heading(part.title, level, page=page or (level == 1 and part.look == "onepage"))
        below = level + 1
        for piece in part.pieces:
            if isinstance(piece, Title):
                self.heading(piece.text, level + 1)
                below = level + 2
            else:
                self.piece(piece, below)

    def heading(self, text: str, level: int, *, page: bool = False) -> None:
        paragraph = self.document.add_paragraph(style=f"Heading {level}")
        paragraph.paragraph_format.page_break_before = page
        self.run(paragraph, text)

    def piece(self, piece: Piece, level: int) -> None:
        """Any piece but a title; `level` is that of a heading in it."""
        match piece:
            case AnswerList():
                for row in piece.rows:
                    self.row(row)
            case Records():
                self.records(piece, level)
            case Table():
                self.table(piece)
            case Figure():
                self.figure(piece)
            case Computed():
                self.row(Row(piece.label, piece.lines, items=True))
            case Words():
                self.words(piece)
            case Listing():
                for item in piece.items:
                    self.paragraph(item, "List Bullet", written=piece.written)

    def run(self, paragraph: Any, text: str, *, written: bool = False, grey: bool = False) -> None:
        """Words in a paragraph: the team's own in their language, from right to left where they are."""
        run = paragraph.add_run(sound(text))
        if grey:
            run.font.color.rgb, run.font.size = GREY, Pt(9)
        # In this order: Word takes a file for broken whose elements stand in another.
        if written and leftwards(text):
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
            # An answer behind its label is read in the direction of the label.
            if len(paragraph.runs) == 1:
                paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        if written and self.language != OURS:
            language(run._r.get_or_add_rPr(), self.language)

    def paragraph(self, text: str, style: str = "Normal", *, written: bool = False) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        self.run(paragraph, text, written=written)
        return paragraph

    def row(self, row: Row) -> None:
        """A label, and behind it the answer."""
        if not row.paragraphs:
            return
        said = (", ".join(row.paragraphs),) if row.items and len(row.text) <= 160 else row.paragraphs
        first, *more = said
        paragraph = self.document.add_paragraph(style="Answer")
        self.run(paragraph, row.label, grey=True)
        paragraph.add_run("\n" if len(row.label) > LONGEST else "\t")
        self.run(paragraph, first, written=row.written)
        for words in more:
            self.paragraph(words, "Answer more", written=row.written)

    def records(self, records: Records, level: int) -> None:
        if records.title:
            self.heading(records.title, level)
            level += 1
        if records.lead:
            self.paragraph(records.lead)
        for record in records.records:
            paragraph = self.document.add_paragraph(style=f"Heading {min(level, DEEPEST)}")
            self.run(paragraph, record.title, written=record.written)
            for row in record.rows:
                self.row(row)
            for line in record.computed:
                self.row(Row(line.label, line.lines, items=True))

    def table(self, table: Table) -> None:
        """A table whose header row is repeated on every page, and whose rows stay whole."""
        if not table.rows:
            return
        if table.title and not table.quiet:
            self.paragraph(table.title, "Caption").paragraph_format.keep_with_next = True
        made = self.document.add_table(rows=1, cols=len(table.columns), style="Table")
        made.autofit = False
        all_shares = sum(column.share for column in table.columns)
        widths = [Mm(WIDTH * column.share / all_shares) for column in table.columns]
        for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
            self.run(cell.paragraphs[0], column.label, written=column.named, grey=True)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
            if column.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        mark(made.rows[0], "w:tblHeader")
        for row in table.rows:
            filled = made.add_row()
            mark(filled, "w:cantSplit")
            for place, content in enumerate(row):
                self.cell(filled.cells[place], content, table.columns[place].written, table.columns[place].numeric)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for row in made.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.space_after = Pt(2)
                    for run in paragraph.runs:
                        run.font.size = Pt(self.in_cells)
        # What follows a table directly would run into it.
        self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def cell(self, cell: Any, content: Cell, written: bool, numeric: bool) -> None:
        first = cell.paragraphs[0]
        if numeric:
            first.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if isinstance(content, Items):
            for n, item in enumerate(content.items or (content.none,)):
                self.run(first if n == 0 else cell.add_paragraph(), item, written=written and bool(content.items))
        elif isinstance(content, Linked):
            if content.link:
                self.linked(first, content.text or content.link, content.link)
            else:
                self.run(first, content.text, written=written)
        else:
            self.run(first, content or "–", written=written and bool(content))

    def figure(self, figure: Figure) -> None:
        """A picture with its alternative text, and what it says below it."""
        if figure.key not in self.pictures:
            self.paragraph(figure.alternative)
            return
        png, height = self.pictures[figure.key]
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = not figure.quiet
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(WIDTH), height=Mm(height))
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")
        told = shape._inline.docPr
        told.set("descr", sound(f"{figure.title}: {figure.alternative}"))
        told.set("title", sound(figure.title))
        if not figure.quiet:
            self.paragraph(figure.alternative, "Caption")

    def words(self, words: Words) -> None:
        paragraph = self.paragraph(words.text, written=words.look == "written")
        if words.linked and words.link:
            self.linked(paragraph, words.linked, words.link)
        elif words.linked:
            self.run(paragraph, words.linked)
        if words.after:
            self.run(paragraph, words.after)

    def linked(self, paragraph: Any, text: str, address: str) -> None:
        """Words that lead to an address."""
        key = paragraph.part.relate_to(sound(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), key)
        self.run(paragraph, text)
        run = paragraph.runs[-1]
        run.font.color.rgb, run.font.underline = BLUE, True
        link.append(run._r)
        paragraph._p.append(link)


def mark(row: Any, name: str) -> None:
    """Say something of a row of a table: that it is repeated, or not parted."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))
