"""What is wrong with a text of the guidance before it is kept: what would be lost, or heard without its sense.

Whoever writes a text is told by name what to mend. What was kept before, and what ships, is shown as well as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from worksheets import texts
from worksheets.words import counted, listed

# Words that say nothing of where a link leads, once they are read without the sentence around them.
NOTHING = frozenset(
    (
        *("article", "click", "continue", "details", "document", "download", "find out more", "go", "guide", "here"),
        *("info", "information", "learn more", "link", "more", "more details", "more info", "more information", "page"),
        *(
            "pdf",
            "read",
            "read here",
            "read more",
            "read this",
            "report",
            "see",
            "see here",
            "see more",
            "site",
            "source",
        ),
        *("the link", "this", "this article", "this document", "this link", "this page", "this report", "this site"),
        *("this website", "video", "view", "view more", "visit", "watch", "web page", "web site", "webpage", "website"),
    )
)
CLICK = re.compile(r"click (?:below|here|on|the|this|to)\b|(?:go|look|press|read|see|tap) here\b")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
TAG_NAME = re.compile(r"</?[a-z!?]+", re.IGNORECASE)
MOST_SHOWN = 60


class Found(Treeprocessor):
    """Keeps the tree that a text makes, for whoever asks."""

    root: Element

    def run(self, root: Element) -> None:
        self.root = root


def faults(text: str) -> list[str]:
    """What to mend in a text, as sentences; nothing when all of it is shown and makes sense to those who hear it."""
    text = texts.AUTOLINK.sub(r"[\1](\1)", text.replace("\r\n", "\n")).strip()
    if not text:
        return []
    if text.count("[") > texts.MOST_LINKS:
        return [f"Use {counted(texts.MOST_LINKS, 'opening bracket')} at most. With more, none of them makes a link."]
    md = texts.reader()
    found = Found(md)
    md.treeprocessors.register(found, "found", -1)
    md.convert(texts.TAG.sub("", text))
    root = found.root
    told = (*html(text), *pictures(root), *links(root), *headings(root), *tables(root))
    return [f"{fault}." for fault in dict.fromkeys(told)]


def shown(words: str) -> str:
    """Words as an error quotes them."""
    words = " ".join(words.split())
    return words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN].rstrip()}…"


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def html(text: str) -> Iterator[str]:
    names: set[str] = set()
    for tag in texts.TAG.finditer(text):
        name = (TAG_NAME.match(tag[0]) or tag)[0].replace("/", "").lower()
        if name not in names:
            names.add(name)
            yield (
                f"Take out “{shown(tag[0])}”. Nothing that stands between < and > is shown here. To make words stand "
                "out, write **words**. For a link, write [words](address)"
            )


def pictures(root: Element) -> Iterator[str]:
    for picture in root.iter("img"):
        name = f"the picture “{shown(picture.get('alt', ''))}”" if picture.get("alt") else "the picture"
        yield f"Say in words what {name} shows, and take it out. Pictures can't be shown here"


def links(root: Element) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for link in root.iter("a"):
        words, place = words_of(link), link.get("href", "").strip()
        if not texts.GOOD_LINK.match(place):
            yield (
                f"Mend where the link “{shown(words)}” leads. It can lead to https://..., to mailto:... or to a page "
                f"here that begins with a slash, and not to “{shown(place)}”"
            )
        elif says_nothing(words):
            yield f"Say in the link “{shown(words)}” where it leads. It makes no sense on its own{to(place)}"
        elif place not in places.setdefault(words.lower(), []):
            places[words.lower()].append(place)
            if len(places[words.lower()]) == 2:
                yield (
                    f"Give each link “{shown(words)}” words of its own. They lead to different places: "
                    f"{listed(map(shown, places[words.lower()]))}"
                )


def to(place: str) -> str:
    return f" (it leads to {shown(place)})" if place else ""


def says_nothing(words: str) -> bool:
    """Whether the words of a link are empty, an address, or such that could lead anywhere."""
    bare = re.sub(r"[^\w\s./:-]", " ", words.lower()).strip(" .:/-")
    bare = " ".join(bare.split())
    return not bare or bare in NOTHING or bool(CLICK.match(bare)) or bool(ADDRESS.fullmatch(words.strip()))


def headings(root: Element) -> Iterator[str]:
    last = 0
    for heading in root.iter():
        if heading.tag not in texts.HEADINGS:
            continue
        level, words = texts.HEADINGS.index(heading.tag) + 1, words_of(heading)
        if not words:
            yield f"Write something behind {'#' * level}, or take it out. It makes a heading without words"
        elif last and level > last + 1:
            yield f"Begin the heading “{shown(words)}” with {'#' * (last + 1)}. It skips a level with {'#' * level}"
        last = level


def tables(root: Element) -> Iterator[str]:
    names: list[str] = []
    for parent in root.iter():
        above: Element | None = None
        for element in parent:
            if element.tag == "table":
                yield from table(element, above, names)
            above = element
    for paragraph in root.iter():
        if paragraph.tag in ("p", "li"):
            line = next(filter(of_cells, "".join(own_text(paragraph)).split("\n")), "")
            if line:
                yield (
                    f"Lay out the table at “{shown(line)}” so that it becomes one: a free line above it, and below its "
                    "heads a line like | --- | --- |, with as many cells as there are heads"
                )


def of_cells(line: str) -> bool:
    """Whether a line is one of a table: cells between pipes, or the line below the heads."""
    line = line.strip()
    between = len(line) > 2 and line[0] == line[-1] == "|"
    return between or ("|" in line and "--" in line and not line.strip("|:- "))


def own_text(element: Element) -> Iterable[str]:
    """The words of a paragraph with their line breaks, without those of lists within it."""
    yield element.text or ""
    for part in element:
        if part.tag not in ("ul", "ol", "p"):
            yield from part.itertext()
        yield part.tail or ""


def table(element: Element, above: Element | None, names: list[str]) -> Iterator[str]:
    heads = [words_of(head) for head in element.iterfind("thead/tr/th")]
    first = shown(next(filter(None, heads), ""))
    named = texts.TABLE_NAME.match(above.text or "") if above is not None and above.tag == "p" else None
    name = words_of(above)[len(named[0].strip()) :].strip() if above is not None and named else ""
    if not name:
        yield (
            f"Give the table that begins with “{first}” a name: above it, a line of its own like “Table: who uses "
            "which platform”, and a free line between them"
        )
    elif name.lower() in names:
        yield f"Give each table a name of its own. Two are called “{shown(name)}”"
    names.append(name.lower())
    if not all(heads):
        yield f"Give every column of the table that begins with “{first}” a head"
    if any(not words_of(row[0]) for row in element.iterfind("tbody/tr") if len(row)):
        yield f"Say in the first cell of every row of the table that begins with “{first}” what the row is about"
