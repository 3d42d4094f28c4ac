"""What the text of a finished PDF says where its glyphs do not: read from WeasyPrint's boxes, written into its pages.

Runs in the press. Glyphs stand in the order in which they are seen, and in many scripts one letter is several of them;
lines are set without the blanks at their ends. So each piece of such a script carries its text (`ActualText`), each
letter within one that goes from right to left carries its own, for readers that turn what they see around, and lines
end in a blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any, NamedTuple

import pikepdf

# Texts that their glyphs do not tell in the right order or letters: scripts from right to left, those that join or move
# letters, letters with marks of their own, and places to break a word that nobody typed.
UNTOLD = re.compile(
    "[\u0300-\u036f\u0530-\u10ff\u1200-\u1cff\u200b-\u200f\ua8e0-\ua8ff\uab00-\uab2f\ufb1d-\ufdff\ufe70-\ufefc]"
)
TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# A line of text that ends in one of these goes on without a blank.
GOES_ON = re.compile("[-\\s\u0e00-\u0eff\u2010-\u2015\u2e80-\u9fff\uf900-\ufaff\u200b]$")

SPACES = re.compile(r"[ \t\r\n]+")
# So many letters on both sides of the end of a line tell what stood between them.
AROUND = 20

# What matters of a page's operators: marks, fonts, the state that `Q` brings back, and what is shown.
OPERATORS = re.compile(
    rb"/\w+\s*<<\s*/MCID\s+(?P<mark>\d+)\s*>>\s*BDC|/(?P<font>\w+) [-\d.]+ Tf|(?P<shown>\[[^\]]*\] TJ)"
    rb"|(?P<end>\bET\b)|(?P<kept>\bq\b)|(?P<back>\bQ\b)|\b(?:EMC)\b"
)
SHOWN = re.compile(rb"<([0-9a-fA-F]*)>|([-\d.]+)")
CHARACTER = re.compile(rb"<([0-9a-fA-F]{4})> <0020>")


class Written(NamedTuple):
    """What stands in one marked piece of a page, and its language; a picture has neither.

    `ends` says that a line ends behind it and another word begins in the next. `letters` are those of a text from right
    to left in the order in which their glyphs are drawn: one text a glyph, "" for one that is a part of a letter.
    """

    text: str
    language: str
    ends: bool = False
    letters: tuple[str, ...] = ()

    @property
    def untold(self) -> str:
        """The text, where the glyphs do not tell it; else ""."""
        if not UNTOLD.search(self.text):
            return ""
        return self.text.replace("\u200b", "") + (" " if self.ends else "")


def written(document: Any) -> Iterator[Written]:
    """What stands in each marked piece of all pages, in the order of the tree. Running heads are no part of it."""

    def pieces(box: Any, ends: bool = False) -> Iterator[tuple[Written, Any]]:
        box = getattr(box, "_box", box)
        if hasattr(box, "pango_layout"):
            letters = tuple(drawn(box)) if TURNED.search(box.text) else ()
            yield Written(box.text, box.style["lang"] or "", ends, letters), box.element
        elif hasattr(box, "replacement"):
            yield Written("", ""), None
        else:
            line = type(box).__name__ == "LineBox"
            for place, child in enumerate(getattr(box, "children", ()), 1):
                yield from pieces(child, (ends or line) and place == len(box.children))

    bodies = (child for page in document.pages for child in page._page_box.children if child.element_tag == "html")
    typed: dict[Any, str] = {}
    nothing = (Written("", ""), None)
    for (told, element), (after, beside) in pairwise(
        chain((piece for body in bodies for piece in pieces(body)), [nothing])
    ):
        if told.ends and element is not None and element not in typed:
            typed[element] = SPACES.sub(" ", "".join(element.itertext()))
        goes_on = told.ends and goes_on_in(told.text, after.text if beside is element else "", typed.get(element, ""))
        yield told._replace(ends=told.ends and not goes_on)


def goes_on_in(line: str, after: str, typed: str) -> bool:
    """Whether a line goes on in the next one, `after`, without a blank, as `typed`, the text of both, tells.

    Where that tells nothing the last letter does.
    """
    end, start = line[-AROUND:], after[:AROUND]
    together, apart = end + start in typed, f"{end.rstrip()} {start}" in typed
    return together if end and start and together != apart else bool(GOES_ON.search(line))


def drawn(box: Any) -> Iterator[str]:
    """The text of each glyph that WeasyPrint draws for a box, "" for one that is a part of a letter, like its dots."""
    from weasyprint.text.ffi import ffi, pango

    layout = box.pango_layout
    layout.reactivate(box.style)
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    text = layout.text.encode()
    run = layout.get_first_line()[0].runs[0]
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        starts = [glyphs.log_clusters[at] for at in range(glyphs.num_glyphs)]
        order = sorted({*starts, item.length})
        texts = {start: text[item.offset + start : item.offset + end].decode() for start, end in pairwise(order)}
        # A mark belongs to the letter that it follows.
        owners: dict[int, int] = {}
        owner = 0
        for start, said in texts.items():
            owner = owner if owners and all(map(unicodedata.combining, said)) else start
            owners[start] = owner
        whole = {start: "".join(said for part, said in texts.items() if owners[part] == start) for start in texts}
        # The letter is told where its body is: at the widest of its glyphs.
        seen = [at for at in range(len(starts)) if glyphs.glyphs[at].glyph != pango.PANGO_GLYPH_EMPTY]
        bodies: dict[int, int] = {}
        for at in sorted(seen, key=lambda at: glyphs.glyphs[at].geometry.width):
            bodies[owners[starts[at]]] = at
        for at in seen:
            owner = owners[starts[at]]
            yield whole[owner] if bodies[owner] == at else ""
        run = run.next
    layout.deactivate()


def told_in(page: Any, texts: dict[int, Written], gone: set[int]) -> bytes:
    """The operators of a page, with what its marks say written into them. `gone` are the marks of artifacts."""
    content: bytes = page.Contents.read_bytes()
    blanks: dict[str, bytes] = {}
    for name, font in page.Resources.get("/Font", {}).items():
        found = CHARACTER.search(font.ToUnicode.read_bytes())
        blanks[name[1:]] = found[1] if found else b""
    fonts, told = [""], Written("", "")
    letters: Iterator[str] = iter(())

    def write(found: re.Match[bytes]) -> bytes:
        nonlocal told, letters
        whole = found[0]
        if found["mark"]:
            number = int(found["mark"])
            told = Written("", "") if number in gone else texts.get(number, Written("", ""))
            letters = iter(told.letters)
            if number in gone:
                return b"/Artifact BMC"
            if told.untold:
                return b"/Span <</MCID %d /ActualText %s>> BDC" % (number, pikepdf.String(told.untold).unparse())
        elif found["font"]:
            fonts[-1] = found["font"].decode()
        elif found["kept"]:
            fonts.append(fonts[-1])
        elif found["back"]:
            fonts.pop()
        elif found["shown"] and told.letters:
            return spelled(whole, letters)
        elif found["end"] and told.ends and not told.untold and blanks.get(fonts[-1]):
            return b"[<%s>] TJ\nET" % blanks[fonts[-1]]
        return whole

    return OPERATORS.sub(write, content)


def spelled(shown: bytes, letters: Iterator[str]) -> bytes:
    """One operator that shows glyphs, as one for each letter that carries what the letter is."""
    made: list[bytes] = []
    for found in SHOWN.finditer(shown):
        if found[2]:
            # How far the next glyph stands from the last one.
            made.append(b"[%s] TJ" % found[2])
        for at in range(0, len(found[1] or b""), 4):
            letter = pikepdf.String(next(letters, "")).unparse()
            made.append(b"/Span <</ActualText %s>> BDC <%s> Tj EMC" % (letter, found[1][at : at + 4]))
    return b"\n".join(piece for piece in made if piece != b"[0] TJ")
