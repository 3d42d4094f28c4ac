"""The strategy on a page, cut so that it stays on one side of A4: what is too long ends in an ellipsis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.presentation import Link, Overview

# The method's own pattern for an aim: on this page its start is said once, above them all.
PATTERN = re.compile(r"^By using social media, (?P<who>.{1,120}?) aims? to (?P<rest>.+)$", re.IGNORECASE | re.DOTALL)

# Measured on paper at 8 points: how many letters a line of each column takes, with a little to spare.
AIM_LINE = 112  # the whole width, shared between the aims
COLUMNS = {"objectives": 25, "stakeholders": 17, "platforms": 13, "content": 23, "measures": 23}
# How many lines of 8 points stand between the aims and the foot of the page.
LINES = 38
# With so few aims the letters are larger, by this much.
FEW, LARGER = 2, 10 / 8


@dataclass(frozen=True, slots=True)
class Aim:
    """One row of the page: what of each column fits."""

    title: str
    words: str
    objectives: tuple[str, ...]
    stakeholders: tuple[str, ...]
    platforms: tuple[str, ...]
    content: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnePage:
    """The strategy on a page. `opening` is what all aims begin with, or "" when they do not follow the pattern. `roomy` asks for larger letters."""

    opening: str
    aims: tuple[Aim, ...]
    roomy: bool


def width(text: str) -> int:
    """About how many letters wide a text is: a Chinese character takes two, a capital half as much again."""
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide + sum(letter.isupper() or letter in "mw%@" for letter in text) // 2


def lines(text: str, room: int) -> int:
    """About how many lines a text takes where `room` letters go on a line."""
    count, used = 1, 0
    for word in text.split():
        size = width(word)
        if used and used + 1 + size > room:
            count, used = count + 1, 0
        count += max(0, size - 1) // room
        used = used + 1 + size if used else (size - 1) % room + 1
    return count


def shorten(text: str, room: int, most: int) -> str:
    """As much of a text as goes on `most` lines, ending in an ellipsis when something had to go."""
    text = " ".join(text.split())
    if lines(text, room) <= most:
        return text
    low, high = 0, min(len(text), room * most)
    while low < high:
        middle = (low + high + 1) // 2
        if lines(f"{text[:middle]}…", room) <= most:
            low = middle
        else:
            high = middle - 1
    kept = text[:low]
    # Whole words, unless that leaves hardly anything of a very long one.
    at_a_word = kept.rsplit(" ", 1)[0] if " " in kept and not text[low : low + 1].isspace() else kept
    return f"{(at_a_word if len(at_a_word) * 2 >= low else kept).rstrip(' ,.;:')}…"


def fit(items: Iterable[str], room: int, most: int) -> tuple[str, ...]:
    """As many of the items as go on `most` lines, the last line counting those that did not."""
    waiting = [item for item in items if item]
    fitted: list[str] = []
    left = most
    for place, item in enumerate(waiting):
        rest = len(waiting) - place - 1
        free = left - (1 if rest else 0)
        if free < 1 and rest:
            fitted.append(f"and {rest + 1} more")
            break
        # No item takes so much that those after it are not seen at all.
        share = max(2, -(-left // (rest + 1)), left - sum(min(3, lines(other, room)) for other in waiting[place + 1 :]))
        short = shorten(item, room, max(1, min(free, share)))
        fitted.append(short)
        left -= lines(short, room)
    return tuple(fitted)


def one_page(overview: Overview, *, whole: bool = False) -> OnePage:
    """The overview with every cell cut to its share of the page; with `whole` nothing is cut, as on screen."""
    count = len(overview.links) or 1
    matches = [PATTERN.match(" ".join(link.aim.split())) for link in overview.links]
    alike = bool(matches) and all(matches) and len({match["who"] for match in matches if match}) == 1
    opening = f"By using social media, {shorten(matches[0]['who'], 60, 1)} aims to" if alike and matches[0] else ""

    roomy = count <= FEW
    scale = LARGER if roomy else 1
    room = int(max(14, AIM_LINE // count - 3) / scale)
    most = max(2, min(16, int(LINES / scale) // count))

    def aim(number: int, link: Link) -> Aim:
        match = matches[number - 1] if alike else None
        words = match["rest"] if match else link.aim
        if whole:
            cells = {name: tuple(filter(None, getattr(link, name))) for name in COLUMNS}
        else:
            cells = {name: fit(getattr(link, name), int(wide / scale), most) for name, wide in COLUMNS.items()}
            words = shorten(words, room, 9)
        return Aim(title=f"Aim {number}", words=words, **cells)

    return OnePage(opening, tuple(aim(number, link) for number, link in enumerate(overview.links, 1)), roomy)
