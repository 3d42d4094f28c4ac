"""The page of a Word file: its size, styles and language, and what runs at its head and foot."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from worksheets.languages import OURS

BLUE, GREY = RGBColor(0x00, 0x5E, 0xB8), RGBColor(0x4C, 0x62, 0x72)
LETTERS = "Arial"
MARGIN, WIDTH = 20, 170  # millimetres
SIZES = {"Title": 28, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11.5, "Heading 4": 10.5}
# The same where all is to fit on one side.
TIGHT = {"Title": 18, "Heading 1": 11, "Normal": 9.5, "List Bullet": 9.5}
TIGHT_MARGIN = 15
# How far answers stand behind their labels, in millimetres.
LABEL = 42
# What XML cannot hold, and half a letter, which nothing can.
UNHEARD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Word 2013 and later: below it Word opens a file in a mode for old ones.
MODE = "15"


def sound(text: str) -> str:
    """A text as a Word file can hold it."""
    return UNHEARD.sub("", text)


@dataclass(frozen=True)
class Running:
    """What runs at the head and foot of every page, and what the file says of itself. `made` is its day."""

    left: str
    right: str
    foot: str
    title: str
    author: str
    subject: str
    made: datetime.date


def begun(document: Any, running: Running) -> None:
    """Give an empty document its page, styles, head and foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    styles(document)
    current(document)
    line(section.header.paragraphs[0], running.left, running.right)
    foot = section.footer.paragraphs[0]
    line(foot, running.foot, "Page ")
    field(foot, "PAGE")
    foot.add_run(" of ")
    field(foot, "NUMPAGES")
    told = document.core_properties
    # No more than this fits into a property.
    told.title, told.author, told.subject = (
        sound(text)[:255] for text in (running.title, running.author, running.subject)
    )
    told.comments, told.language = "", OURS
    told.created = told.modified = datetime.datetime.combine(running.made, datetime.time(12))


def styles(document: Any) -> None:
    """The styles by their names: what a committee changes in one place changes everywhere."""
    known = document.styles
    normal = known["Normal"]
    lettered(normal, 10.5)
    normal.paragraph_format.space_after = Pt(5)
    language(known.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")), OURS)
    for name, size in SIZES.items():
        style = known[name]
        lettered(style, size)
        style.font.bold, style.font.italic = True, False
        style.font.color.rgb = BLUE if name != "Heading 4" else None
        style.paragraph_format.space_before = Pt(0 if name == "Title" else size * 0.8)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    # The frame that the template draws below a title is not ours.
    border = known["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        known["Title"].element.pPr.remove(border)
    lettered(known["List Bullet"], 10.5)
    known["List Bullet"].paragraph_format.space_after = Pt(2)
    caption = known["Caption"]
    lettered(caption, 9)
    caption.font.bold, caption.font.color.rgb = False, GREY
    answer = known.add_style("Answer", WD_STYLE_TYPE.PARAGRAPH)
    answer.base_style = normal
    answer.paragraph_format.left_indent, answer.paragraph_format.first_line_indent = Mm(LABEL), Mm(-LABEL)
    answer.paragraph_format.tab_stops.add_tab_stop(Mm(LABEL))
    more = known.add_style("Answer more", WD_STYLE_TYPE.PARAGRAPH)
    more.base_style = normal
    more.paragraph_format.left_indent = Mm(LABEL)
    ruled(known.add_style("Table", WD_STYLE_TYPE.TABLE))


def tighten(document: Any) -> None:
    """Set what is to fit on one side smaller, as paper does."""
    known, section = document.styles, document.sections[0]
    section.top_margin = section.bottom_margin = Mm(TIGHT_MARGIN)
    section.header_distance = section.footer_distance = Mm(TIGHT_MARGIN / 2)
    for name, size in TIGHT.items():
        known[name].font.size = Pt(size)
        known[name].paragraph_format.space_after = Pt(1.5)
        if name.startswith("Heading"):
            known[name].paragraph_format.space_before = Pt(5)


def current(document: Any) -> None:
    """Say that this is a file for today's Word, in our language: the template is for an older one."""
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), MODE)
    for theme in settings.iter(qn("w:themeFontLang")):
        theme.set(qn("w:val"), OURS)


def lettered(style: Any, size: float) -> None:
    """A style in our letters, for every script that has its own in Word."""
    style.font.name, style.font.size = LETTERS, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), LETTERS)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)


def ruled(style: Any) -> None:
    """Light rules below each row, and nothing around or between."""
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("w:bottom", "w:insideH"):
        rule = OxmlElement(side)
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "AEB7BD")):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    properties.append(borders)
    style.element.append(properties)


def language(properties: Any, code: str) -> None:
    """Say in which language a run, or the whole document, is written."""
    told = properties.find(qn("w:lang"))
    if told is None:
        told = OxmlElement("w:lang")
        properties.append(told)
    # Which of the three counts depends on the script of each letter.
    for script in ("w:val", "w:eastAsia", "w:bidi"):
        told.set(qn(script), code)


def line(paragraph: Any, left: str, right: str) -> None:
    """A head or foot: something at its left and something at its right."""
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    run = paragraph.add_run(sound(f"{left}\t{right}"))
    run.font.size, run.font.color.rgb = Pt(8), GREY
    paragraph.style.font.size = Pt(8)


def field(paragraph: Any, name: str) -> None:
    """A number that Word counts."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("", ""), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text:
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = text
            run._r.append(told)
        else:
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._r.append(shown)
