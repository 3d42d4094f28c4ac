"""Texts cut to the lines that they have on paper. Widths are those of small letters: that is close enough."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# The space between two items of a list, in lines.
GAP = 0.2


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
