"""The strategy on a page, cut so that it stays on one side of A4: what is too long ends in an ellipsis."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from worksheets.presentation import Figure, Link, Overview
from worksheets.stages.drivers import PATTERN

# How much goes on a line of each column at 8 points, in widths of a small letter, less a little to spare.
AIM_LINE = 96  # the whole width, shared between the aims
COLUMNS = {"objectives": 22, "stakeholders": 15, "platforms": 12, "content": 19, "measures": 19}
# How many lines of 8 points stand between the aims and the foot of the page, how many of them each row of the table
# needs for its rule and its gaps, and how many it may fill at most.
LINES, BETWEEN, MOST = 41, 1.6, 20
AIM_LINES = 9
# The picture of the golden thread: how many lines its width is, and the gap below it. It is left to a page of its own
# when each aim would have fewer lines than this in the table.
PICTURE_WIDTH, PICTURE_GAP, LEAST = 46.4, 1.5, 5
# The space between two items of a cell, in lines.
GAP = 0.2
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
    """The strategy on a page. `opening` is what all aims begin with, or "" when they do not follow the pattern.

    `roomy` asks for larger letters. `picture` is the golden thread, where there is room for it.
    """

    opening: str
    aims: tuple[Aim, ...]
    roomy: bool
    picture: Figure | None = None


def width(text: str) -> float:
    """About how wide a text is, in widths of a small letter."""
    return sum(letter_width(letter) for letter in text)


# A letter is what somebody typed: there are more than a process should remember.
@lru_cache(maxsize=4096)
def letter_width(letter: str) -> float:
    if letter in "WM%@mw—…" or unicodedata.east_asian_width(letter) in "WF":
        return 1.8
    if letter in "iljtfr.,:;'’ ()!|":
        return 0.65
    return 1.3 if letter.isupper() else 1.05


def lines(text: str, room: float) -> int:
    """About how many lines a text takes where `room` widths go on a line."""
    count, used = 1, 0.0
    for word in text.split():
        size = width(word)
        if used and used + width(" ") + size > room:
            count, used = count + 1, 0.0
        used += size + (width(" ") if used else 0)
        if used > room:
            # A word longer than a line goes on over the next ones.
            count += int(used // room)
            used %= room
    return count


def shorten(text: str, room: float, most: int) -> str:
    """As much of a text as goes on `most` lines, ending in an ellipsis when something had to go."""
    text = " ".join(text.split())
    if lines(text, room) <= most:
        return text
    low, high = 0, min(len(text), int(room * most * 2))
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


def fit(items: Iterable[str], room: float, most: int) -> tuple[str, ...]:
    """As many of the items as go on `most` lines, the last line counting those that did not."""
    waiting = [item for item in items if item]
    fitted: list[str] = []
    left = float(most)
    for place, item in enumerate(waiting):
        after = waiting[place + 1 :]
        # One line is kept for saying how many more there are.
        free = int(left) - (1 if after else 0)
        if free < 1:
            fitted.append(f"and {len(after) + 1} more")
            break
        # No item takes so much that those after it are not seen at all.
        share = max(2, int(left - sum(min(3, lines(other, room)) for other in after)))
        short = shorten(item, room, min(free, share))
        fitted.append(short)
        left -= lines(short, room) + GAP
    return tuple(fitted)


def one_page(overview: Overview, thread: Figure | None = None, *, whole: bool = False) -> OnePage:
    """The overview with every cell cut to its share of the page; with `whole` nothing is cut, as on screen."""
    count = len(overview.links) or 1
    matches = [PATTERN.match(" ".join(link.aim.split())) for link in overview.links]
    alike = bool(matches) and all(matches) and len({match["who"] for match in matches if match}) == 1
    opening = f"By using social media, {shorten(matches[0]['who'], 60, 1)} aims to" if alike and matches[0] else ""

    picture = thread if thread and thread.svg else None
    # Short aims leave room that the picture can have.
    longest = max((lines(link.aim, AIM_LINE / count - 2) for link in overview.links), default=0)
    left = LINES + max(AIM_LINES - longest, 0) - (picture.shape if picture else 0) * PICTURE_WIDTH - PICTURE_GAP
    if not picture or (left / count - BETWEEN < LEAST and not whole):
        picture, left = None, LINES

    roomy = count <= FEW and not picture
    scale = LARGER if roomy else 1
    room = (AIM_LINE / count - 2) / scale
    most = min(MOST, int(left / scale / count - BETWEEN))

    def aim(number: int, link: Link) -> Aim:
        match = matches[number - 1] if alike else None
        words = match["rest"] if match else link.aim
        if whole:
            cells = {name: tuple(filter(None, getattr(link, name))) for name in COLUMNS}
        else:
            cells = {name: fit(getattr(link, name), wide / scale, most) for name, wide in COLUMNS.items()}
            words = shorten(words, room, AIM_LINES)
        return Aim(title=f"Aim {number}", words=words, **cells)

    return OnePage(opening, tuple(aim(number, link) for number, link in enumerate(overview.links, 1)), roomy, picture)
