"""How old the figures of the guidance are: one rule says which may be out of date, and marks them wherever they stand.

A figure names its source and its year in brackets, "(Ofcom, 2015)", "(about 2012)". The name of a law ends in its year
without a comma before it, and is no figure: "(Equality Act 2010)".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

# A figure that is older than so many years may be out of date.
YEARS_OF_USE = 3
WORDS = "May be out of date"
# The tag of the NHS design system, as its macro draws it.
TAG, LOOK = "strong", ("nhsuk-tag", "nhsuk-tag--grey")
MARK = f'<{TAG} class="{" ".join(LOOK)}">{WORDS}</{TAG}>'

DATED = re.compile(
    r"\((?:[^()]*[,;]\s+)?(?:undated,\s+)?(?:about\s+)?(?:[12]\d{3}\s+(?:and|to)\s+)?((?:19|20)\d\d)\)[.,;:]?"
)
# One fact of a list of facts, as HTML.
FACT = re.compile(r"<(?:li|p)[^>]*>")
# What has words of its own, into which nothing is put.
WHOLE = frozenset({"a", "code", "h1", "h2", "h3", "h4", "h5", "h6", TAG})


def is_old(year: int, this_year: int) -> bool:
    """Whether a figure of `year` may be out of date in `this_year`."""
    return this_year - year > YEARS_OF_USE


def years_said(years: Iterable[int]) -> str:
    """The years from the first to the last, as "2012 to 2017", or the only one; nothing for none."""
    found = sorted(set(years))
    return f"{found[0]} to {found[-1]}" if len(found) > 1 else "".join(map(str, found))


def all_old(html: str, this_year: int) -> str:
    """The years of the facts in a list, when each of them may be out of date; nothing when one may not, or has none."""
    years: list[int] = []
    for fact in filter(str.strip, FACT.split(html)[1:]):
        found = [int(year) for year in DATED.findall(fact)]
        if not found or not is_old(max(found), this_year):
            return ""
        years += found
    return years_said(years)


def count_old(html: str) -> int:
    """How many figures are marked in a text that was drawn."""
    return html.count(MARK)


class Marks(Treeprocessor):
    """Puts a mark behind each year that is too old, in a text that has become a tree; in the year 0 behind none."""

    def __init__(self, this_year: int) -> None:
        super().__init__()
        self.this_year = this_year

    def run(self, root: Element) -> None:
        if self.this_year:
            self.within(root)

    def within(self, element: Element) -> None:
        for place, child in reversed(list(enumerate(list(element)))):
            if child.tag not in WHOLE:
                self.within(child)
            child.tail = self.marked(element, child.tail, place + 1)
        element.text = self.marked(element, element.text, 0)

    def marked(self, element: Element, text: str | None, place: int) -> str | None:
        """The text as far as its first mark. Marks become children from `place` on, what follows each is its tail."""
        ends = [found.end() for found in DATED.finditer(text or "") if is_old(int(found[1]), self.this_year)]
        if not text or not ends:
            return text
        for start, end in reversed(list(zip(ends, [*ends[1:], len(text)], strict=True))):
            mark = Element(TAG, {"class": " ".join(LOOK)})
            mark.text, mark.tail = WORDS, text[start:end] + (" " if end < len(text) else "")
            element.insert(place, mark)
        return f"{text[: ends[0]]} "
