"""Writes the HTML that is set on paper: the same sections as on screen, by the same macros, made safe for setting."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass
from typing import Any

from django.template.loader import render_to_string

from worksheets.drawing.fitting import shorten
from worksheets.languages import spoken
from worksheets.report import scripts
from worksheets.report.contents import Contents
from worksheets.report.letters import in_picture, on_paper
from worksheets.report.paper import Paper

# A run of letters without a place to break is what stops WeasyPrint; on paper it may be broken every 30 letters.
# Chinese, Japanese and Korean may be broken anywhere, and an address is rather broken behind one of its signs.
UNBROKEN = re.compile("[^\\s\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]{31,}")
PIECE = 30
BREAK = "\u200b"
SIGNS = "@./-_"
# What belongs to the letter before it, which must not be parted from it.
ATTACHED = {"Mn", "Mc", "Me", "Cf"}
# What is an address or a name for machines is left as it is.
KEPT = {"completed_at", "link", "strategy_link", "id", "ids", "key", "stage", "anchor", "svg", "narrow", "question"}


def breakable(run: re.Match[str]) -> str:
    """A run of letters with a place to break after 30 at most, but never within one."""
    pieces, start, text = [], 0, run[0]
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            sign = max(text.rfind(sign, start + PIECE // 2, end) for sign in SIGNS)
            end = sign + 1 if sign > 0 else end
        while end < len(text) and unicodedata.category(text[end]) in ATTACHED and end < start + 2 * PIECE:
            end += 1
        pieces.append(text[start:end])
        start = end
    return BREAK.join(pieces)


def paperproof(text: str) -> str:
    """A text as it goes on paper: every letter one that can be drawn, and long unbroken runs made breakable."""
    return UNBROKEN.sub(breakable, on_paper(text))


def proofed(value: Any) -> Any:
    """The same pieces of presentation, with every text in them made fit for paper."""
    if isinstance(value, str):
        return paperproof(value)
    if isinstance(value, tuple):
        return tuple(proofed(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {field.name: getattr(value, field.name) for field in fields(value)}
        drawn = {"svg": in_picture(texts["svg"])} if "svg" in texts else {}
        return type(value)(**{name: text if name in KEPT else proofed(text) for name, text in texts.items()} | drawn)
    return value


def html_of(contents: Contents) -> str:
    """The whole summary as one HTML document, with no style, script or address of anything in it."""
    # A running head is one line, however long the names are.
    running = {"organisation": shorten(contents.organisation, 64, 1), "cycle": shorten(contents.cycle, 38, 1)}
    running["state"] = contents.short_state
    told = {"summary": proofed(contents), "running": {name: paperproof(text) for name, text in running.items()}}
    page = spoken(render_to_string("pdf/summary.jinja", told), contents.language)
    return scripts.told(page, contents.language)


def html_of_paper(paper: Paper) -> str:
    """A whole paper as one HTML document, as of a summary."""
    running = {"organisation": shorten(paper.organisation, 64, 1), "short": shorten(paper.short, 38, 1)}
    told = {"paper": proofed(paper), "running": {name: paperproof(text) for name, text in running.items()}}
    page = spoken(render_to_string("pdf/paper.jinja", told), paper.language)
    return scripts.told(page, paper.language)
