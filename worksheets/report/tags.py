"""Mends the tags of a finished PDF where WeasyPrint leaves gaps: scopes, ids, running heads, what page breaks cut,
links on two lines, and what is written in scripts whose glyphs do not say it: there the text itself is put beside them.

Runs in the press. Every repair is checked by tests/test_pdf.py, so that one that WeasyPrint comes to do itself shows.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from worksheets.report.saying import Written, told_in, written

# The tags of what WeasyPrint calls by an element of HTML; all else it wraps is "NonStruct" or the body of a list item.
TAGS = {
    "div": "Div",
    "section": "Sect",
    "ul": "L",
    "li": "LI",
    "p": "P",
    "table": "Table",
    "tbody": "TBody",
    "thead": "THead",
    "tr": "TR",
    "td": "TD",
    "th": "TH",
}
EMPTY = b"> <>"
WRAPPERS = {"NonStruct", "LBody"}
Chain = list[str]


def breaks(document: Any) -> list[Chain]:
    """For each page but the first, the tags of the elements that go on from the page before, from the outside in."""
    seen: set[int] = set()
    chains: list[Chain] = []
    for page in document.pages:
        here: list[tuple[int, str]] = []
        elements: set[int] = set()
        boxes = [page._page_box]
        while boxes:
            box = boxes.pop()
            box = getattr(box, "_box", box)
            if box.element is not None:
                elements.add(id(box.element))
            boxes.extend(getattr(box, "children", ()))
        box = next((child for child in page._page_box.children if child.element_tag == "html"), None)
        while box is not None:
            tag = box.element_tag if box.element is not None else None
            if tag and tag not in {"html", "body"} and (not here or here[-1][0] != id(box.element)):
                here.append((id(box.element), tag))
            # A table's heading is repeated on each page: what goes on is its body.
            inner = [child for child in getattr(box, "children", ()) if not getattr(child, "is_header", False)]
            box = getattr(inner[0], "_box", inner[0]) if inner else None
        chain: Chain = []
        for element, tag in here:
            if element not in seen or tag not in TAGS:
                break
            chain.append(TAGS[tag])
        chains.append(chain)
        seen |= elements
    return chains[1:]


def kids(element: Any) -> list[Any]:
    """The structure elements directly below one."""
    below = element.get("/K", [])
    below = list(below) if isinstance(below, Array) else [below]
    return [kid for kid in below if isinstance(kid, Dictionary) and "/S" in kid]


def kind(element: Any) -> str:
    return str(element.S)[1:]


def target(link: Any) -> str:
    """Where a link leads: links with one target that follow each other are parts of one."""
    annotation: Any = next(part.Obj for part in link.K if isinstance(part, Dictionary))
    return f"{annotation.get('/A', {}).get('/URI', '')} {annotation.get('/Dest', '')}"


class Mender:
    """One PDF at work: its structure tree, and what of its pages is to become an artifact."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root: Any = pdf.Root.StructTreeRoot
        self.document: Any = self.root.K[0]
        self.pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        self.artifacts: dict[int, set[int]] = {}
        self.renamed: dict[bytes, bytes] = {}
        self.told: dict[int, dict[int, Written]] = {}

    def everything(self) -> list[Any]:
        """All structure elements that hang on the tree."""
        elements, waiting = [], [self.document]
        while waiting:
            element = waiting.pop()
            elements.append(element)
            waiting.extend(reversed(kids(element)))
        return elements

    def join_pages(self, chains: list[Chain]) -> None:
        """Make one element again of each that a page break cut in two."""
        by_page: dict[int, list[Any]] = {}
        for element in kids(self.document):
            by_page.setdefault(self.pages[element.Pg.objgen], []).append(element)
        joined: set[tuple[int, int]] = set()
        tops: dict[int, Any] = {}
        for number in sorted(by_page):
            elements = by_page[number]
            chain = chains[number - 1] if number else []
            before = tops.get(number - 1)
            if chain and before is not None and kind(before) == kind(elements[0]) == chain[0]:
                self.join(before, elements[0], chain)
                joined.add(elements[0].objgen)
                elements = [before, *elements[1:]]
            tops[number] = elements[-1]
        self.document.K = Array([element for element in kids(self.document) if element.objgen not in joined])

    def join(self, before: Any, after: Any, chain: Chain) -> None:
        """Put what is in `after` at the end of `before`: both are parts of the element that `chain` begins with."""
        if kind(before) == "Table":
            self.drop_repeated_heading(before, after)
        if kind(before) == "TR":
            # All cells of the row go on, side by side.
            for last, first in zip(kids(before), kids(after), strict=False):
                self.join(last, first, [kind(first)])
            return
        inner = chain[1:]
        firsts, lasts = kids(after), kids(before)
        if inner and firsts and lasts:
            first, last = firsts[0], lasts[-1]
            rest = chain if kind(first) in WRAPPERS and kind(first) != inner[0] else inner
            if kind(first) == kind(last) and (kind(first) == inner[0] or kind(first) in WRAPPERS):
                self.join(last, first, rest)
                firsts = firsts[1:]
        for kid in firsts:
            kid.P = before
            before.K.append(kid)

    def drop_repeated_heading(self, before: Any, after: Any) -> None:
        """The heading of a table that goes on overleaf is read once: its copy becomes an artifact."""
        heads = [kid for kid in kids(after) if kind(kid) == "THead"]
        original = [kid for kid in kids(before) if kind(kid) == "THead"]
        if not heads or not original:
            return
        cells, copies = self.cells(original[0]), self.cells(heads[0])
        for cell, copy in zip(cells, copies, strict=False):
            if "/ID" in cell and "/ID" in copy:
                self.renamed[bytes(copy.ID)] = bytes(cell.ID)
        self.discard(heads[0])
        after.K = Array([kid for kid in kids(after) if kind(kid) != "THead"])

    def cells(self, head: Any) -> list[Any]:
        return [cell for row in kids(head) for cell in kids(row)]

    def discard(self, element: Any) -> None:
        """Turn all marked content below an element into artifacts."""
        page = self.pages[element.Pg.objgen] if "/Pg" in element else None
        below = element.get("/K", [])
        for kid in list(below) if isinstance(below, Array) else [below]:
            if isinstance(kid, Dictionary):
                self.discard(kid)
            elif page is not None:
                self.artifacts.setdefault(page, set()).add(int(kid))

    def discard_running_heads(self) -> None:
        """What is marked on a page yet hangs on nothing in the tree is a running head or foot: an artifact."""
        attached = {element.objgen for element in self.everything()}
        numbers = self.root.ParentTree.Nums
        for at in range(0, len(numbers), 2):
            page, owners = int(numbers[at]), numbers[at + 1]
            if not isinstance(owners, Array):
                continue
            gone = self.artifacts.setdefault(page, set())
            for mark, owner in enumerate(owners):
                if not isinstance(owner, Dictionary) or owner.objgen not in attached:
                    gone.add(mark)
                if mark in gone:
                    owners[mark] = None

    def say_texts(self, texts: Iterable[Written]) -> None:
        """Say what is written, and in which language, wherever the glyphs or the document say otherwise.

        To be called while the tree is as WeasyPrint made it. ValueError when the texts are not those of this tree.
        """
        marks = [
            (element, mark)
            for element in self.everything()
            for mark in element.get("/K", [])
            if not isinstance(mark, Dictionary)
        ]
        language = str(self.pdf.Root.get("/Lang", ""))
        for (element, mark), told in zip(marks, texts, strict=True):
            if told.language not in ("", language):
                element.Lang = told.language
            if told.untold or told.ends:
                self.told.setdefault(self.pages[element.Pg.objgen], {})[int(mark)] = told
            if told.untold and len(element.K) == 1:
                element.ActualText = told.untold

    def join_links(self) -> None:
        """Make one link again of each that goes on in the next line."""
        numbers = self.root.ParentTree.Nums
        place = {int(numbers[at]): at + 1 for at in range(0, len(numbers), 2)}
        for element in self.everything():
            links: list[Any] = []
            for kid in kids(element):
                before = links[-1] if links else None
                if before is None or kind(kid) != "Link" or kind(before) != "Link" or target(kid) != target(before):
                    links.append(kid)
                    continue
                for part in kid.K:
                    before.K.append(part)
                    if isinstance(part, Dictionary):
                        numbers[place[int(part.Obj.StructParent)]] = before
                    else:
                        numbers[place[self.pages[kid.Pg.objgen]]][int(part)] = before
            if len(links) < len(kids(element)):
                element.K = Array(links)

    def write_marks(self) -> None:
        """Write into the pages what is an artifact, and what is to be read in place of glyphs."""
        for number in self.artifacts.keys() | self.told.keys():
            page: Any = self.pdf.pages[number]
            page.contents_coalesce()
            page.Contents.write(told_in(page, self.told.get(number, {}), self.artifacts.get(number, set())))

    def say_scopes_and_ids(self) -> None:
        """Table headers say what they head, data cells name their headers, and ids can be looked up."""
        names: dict[bytes, Any] = {}
        for element in self.everything():
            if kind(element) == "TR":
                row = kids(element)
                in_body = any(kind(cell) == "TD" for cell in row) or kind(element.P) == "TBody"
                for cell in row:
                    if kind(cell) == "TH":
                        attributes = cell.get("/A", Dictionary(O=Name.Table))
                        attributes.Scope = Name.Row if in_body else Name.Column
                        cell.A = attributes
            attributes = element.get("/A")
            if isinstance(attributes, Dictionary) and "/Headers" in attributes:
                attributes.Headers = Array(
                    [pikepdf.String(self.renamed.get(bytes(name), bytes(name)).decode()) for name in attributes.Headers]
                )
            if "/ID" in element:
                names[bytes(element.ID)] = element
        if names:
            pairs = [item for name in sorted(names) for item in (pikepdf.String(name.decode()), names[name])]
            limits = [pikepdf.String(min(names).decode()), pikepdf.String(max(names).decode())]
            leaf = self.pdf.make_indirect(Dictionary(Names=Array(pairs), Limits=Array(limits)))
            self.root.IDTree = self.pdf.make_indirect(Dictionary(Kids=Array([leaf])))


def say_what_glyphs_mean(pdf: pikepdf.Pdf) -> None:
    """Glyphs that are only parts of a letter, such as Arabic dots, are to mean nothing: WeasyPrint maps them to no text
    at all, which is malformed; here they become word joiners, which no reader shows or speaks."""
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font and "/ToUnicode" in item:
            table: Any = item.ToUnicode
            text = table.read_bytes()
            if EMPTY in text:
                table.write(text.replace(EMPTY, b"> <2060>"))


def mend(made: bytes, document: Any) -> bytes:
    """The PDF with its tags mended. `document` is WeasyPrint's, from which it was made."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        mender = Mender(pdf)
        mender.say_texts(written(document))
        mender.join_links()
        mender.join_pages(breaks(document))
        mender.discard_running_heads()
        mender.say_scopes_and_ids()
        mender.write_marks()
        say_what_glyphs_mean(pdf)
        mended = io.BytesIO()
        pdf.save(mended, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return mended.getvalue()
