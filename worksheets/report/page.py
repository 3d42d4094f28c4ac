"""Writes the HTML that is set on paper: the same sections as on screen, by the same macros, made safe for setting."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass
from typing import Any

from django.template.loader import render_to_string

from worksheets.drawing.fitting import shorten
from worksheets.report.contents import Contents

# A run of letters without a place to break is what stops WeasyPrint; on paper it may be broken every 30 letters.
UNBROKEN = re.compile(r"\S{31,}")
PIECE = 30
BREAK = "\u200b"

# Pictures for feelings and things are in no open text font, and make no sense in grey: they are told by their names.
EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff]"
    "[\ufe00-\ufe0f\u200d\u20e3\U000e0020-\U000e007f\U0001f3fb-\U0001f3ff]*\\s?)+"
)
NAMED = 3
# What is an address or a name for machines is left as it is.
KEPT = {"completed_at", "link", "strategy_link", "id", "ids", "key", "stage", "anchor", "svg", "narrow", "question"}
# Marks that say nothing on paper, and characters that no font can show.
SILENT = re.compile("[\ufe00-\ufe0f\u20e3\ufffe\uffff\U000e0000-\U000e0fff\ue000-\uf8ff\U000f0000-\U0010ffff]")


def tell(match: re.Match[str]) -> str:
    """A run of pictures by the names of the first three, in brackets."""
    kept = match.group().rstrip()
    names = [unicodedata.name(letter, "").lower() for letter in kept]
    pictures = list(dict.fromkeys(name for name in names if name and "selector" not in name and "joiner" not in name))
    more = ", and more" if len(pictures) > NAMED else ""
    tail = match.group()[len(kept) :]
    return f"({', '.join(pictures[:NAMED])}{more}){tail}" if pictures else tail


def paperproof(text: str) -> str:
    """A text as it goes on paper: pictures told by name, and long unbroken runs made breakable. Layout only."""
    if not text.isascii():
        text = SILENT.sub("", EMOJI.sub(tell, text))
    return UNBROKEN.sub(lambda run: BREAK.join(run[0][at : at + PIECE] for at in range(0, len(run[0]), PIECE)), text)


def proofed(value: Any) -> Any:
    """The same pieces of presentation, with every text in them made fit for paper."""
    if isinstance(value, str):
        return paperproof(value)
    if isinstance(value, tuple):
        return tuple(proofed(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = {field.name: getattr(value, field.name) for field in fields(value)}
        return type(value)(**{name: text if name in KEPT else proofed(text) for name, text in texts.items()})
    return value


def html_of(contents: Contents) -> str:
    """The whole summary as one HTML document, with no style, script or address of anything in it."""
    # A running head is one line, however long the names are.
    running = {"organisation": shorten(contents.organisation, 64, 1), "cycle": shorten(contents.cycle, 38, 1)}
    running["state"] = contents.short_state
    return render_to_string(
        "pdf/summary.jinja",
        {
            "summary": proofed(contents),
            "running": {name: paperproof(text) for name, text in running.items()},
        },
    )
