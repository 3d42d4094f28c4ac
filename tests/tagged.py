"""What a screen reader makes of a PDF: its tagged text in the order of the tree, with the languages of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

HEX = re.compile(rb"<([0-9a-fA-F]*)>")
# Lines are set without the blanks at their ends: what stands in two lines is two words.
LINES_APART = re.compile(r"\s+")


@dataclass(frozen=True)
class Said:
    """One element of the tree that says something: its kind ("P", "TD"), the language it is in, and its words."""

    kind: str
    language: str
    text: str


def kids(element: Any) -> list[Any]:
    below = element.get("/K", [])
    return list(below) if isinstance(below, pikepdf.Array) else [below]


def meanings(font: Any) -> dict[int, str]:
    """What each glyph of a font stands for."""
    found: dict[int, str] = {}
    for line in font.ToUnicode.read_bytes().splitlines():
        codes = HEX.findall(line)
        if len(codes) == 2:
            found[int(codes[0], 16)] = bytes.fromhex(codes[1].decode()).decode("utf-16-be")
    return found


def marked(page: Any) -> dict[int, str]:
    """The text of each marked piece of a page: what it says it is to be read as, or else what its glyphs stand for."""
    fonts = {name: meanings(font) for name, font in page.Resources.get("/Font", {}).items()}
    texts: dict[int, str] = {}
    instead: dict[int, str] = {}
    inside: list[int | None] = []
    glyphs: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        word = str(operator)
        if word == "BDC":
            about: Any = operands[1]
            inside.append(int(about.MCID) if isinstance(about, pikepdf.Dictionary) and "/MCID" in about else None)
            if inside[-1] is not None and "/ActualText" in about:
                instead[inside[-1]] = str(about.ActualText)
        elif word == "BMC":
            inside.append(None)
        elif word == "EMC":
            inside.pop()
        elif word == "Tf":
            glyphs = fonts[str(operands[0])]
        elif word in ("TJ", "Tj") and inside and inside[-1] is not None:
            shown = operands[0] if word == "TJ" else [operands[0]]
            raw = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
            said = "".join(glyphs.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))
            texts[inside[-1]] = texts.get(inside[-1], "") + said
    return texts | instead


def said(pdf: pikepdf.Pdf) -> Iterator[Said]:
    """Every paragraph, heading, cell and item of a PDF with its words, in the order in which it is read."""
    pages = {page.objgen: marked(page) for page in pdf.pages}

    def words(element: Any, language: str) -> Iterator[tuple[str, str]]:
        language = str(element.get("/Lang", language))
        if "/ActualText" in element:
            yield str(element.ActualText), language
            return
        for kid in kids(element):
            if not isinstance(kid, pikepdf.Dictionary):
                yield pages[element.Pg.objgen].get(int(kid), ""), language
            elif "/S" in kid:
                yield from words(kid, language)

    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element: Any = waiting.pop()
        kind = str(element.S)[1:]
        below = [kid for kid in kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        if kind in ("P", "H1", "H2", "H3", "H4", "H5", "LBody", "Caption") or (
            kind in ("TD", "TH") and not any(str(kid.S) == "/L" for kid in below)
        ):
            parts = list(words(element, str(pdf.Root.Lang)))
            # The language of most of it.
            language = max(parts, key=lambda part: len(part[0].strip()), default=("", ""))[1]
            text = LINES_APART.sub(" ", "".join(text for text, _ in parts)).strip()
            yield Said(kind, language, text)
        else:
            waiting.extend(reversed(below))
