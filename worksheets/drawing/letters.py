"""Words for pictures: made safe to draw, measured, wrapped and cut to fit their box.

A picture is drawn before anybody knows in which font it will be shown: Arial on screen, Noto Sans on paper. So letters
count as wide as the wider of the two, and what fits here fits there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Widths of the letters from space to ~, in hundredths of the font size: the wider of Arial and Noto Sans.
WIDTHS = (
    *(28, 28, 41, 65, 57, 89, 73, 22, 33, 33, 55, 58, 28, 33, 28, 37, 57, 57, 57, 57, 57, 57, 57, 57, 57, 57, 28, 28),
    *(58, 58, 58, 56, 102, 67, 67, 72, 73, 67, 61, 78, 74, 34, 50, 67, 56, 91, 76, 78, 67, 78, 72, 67, 61, 73, 67, 94),
    *(67, 67, 61, 33, 37, 33, 57, 56, 33, 56, 62, 50, 62, 56, 34, 62, 62, 26, 26, 53, 26, 94, 62, 60, 62, 62, 41, 50),
    *(36, 62, 51, 79, 53, 51, 50, 38, 55, 38, 58),
)
FIRST, WIDE, UNKNOWN, ELLIPSIS = 32, 102, 72, "…"
BOLD = 1.12
# Marks that join letters in some scripts are kept; other invisible marks and pictures for things are not drawn.
JOINERS = "\u200c\u200d"
UNDRAWN = {"Cc", "Cf", "Cn", "Co", "Cs"}
SYMBOLS_FROM = 0x2000


# A letter is what somebody typed: there are more than a process should remember.
@lru_cache(maxsize=4096)
def letter_width(letter: str) -> float:
    """How wide a letter is, in parts of the font size."""
    place = ord(letter) - FIRST
    if 0 <= place < len(WIDTHS):
        return WIDTHS[place] / 100
    if unicodedata.combining(letter) or letter in JOINERS:
        return 0
    if unicodedata.east_asian_width(letter) in "WF" or letter in ELLIPSIS + "—":
        return WIDE / 100
    base = unicodedata.normalize("NFD", letter)[0]
    return letter_width(base) if base != letter else UNKNOWN / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is at a font size, in the units of the size; never less than it is."""
    return sum(map(letter_width, text)) * size * (BOLD if bold else 1)


def drawn(letter: str) -> bool:
    kind = unicodedata.category(letter)
    if kind == "So" or 0xFE00 <= ord(letter) <= 0xFE0F or 0x1F3FB <= ord(letter) <= 0x1F3FF:
        return ord(letter) < SYMBOLS_FROM
    return kind not in UNDRAWN or letter in JOINERS


def clean(text: str) -> str:
    """A text on one line, without what no font can draw. The data below a picture keeps it all."""
    line = " ".join(text.split())
    return line if line.isascii() and line.isprintable() else " ".join("".join(filter(drawn, line)).split())


def cut(text: str, room: float, size: float, bold: bool = False) -> str:
    """As much of a text as goes into `room`, ending in an ellipsis when something had to go."""
    if width(text, size, bold) <= room:
        return text
    kept, used = "", width(ELLIPSIS, size, bold)
    for letter in text:
        used += letter_width(letter) * size * (BOLD if bold else 1)
        if used > room:
            break
        kept += letter
    return f"{kept.rstrip(' ,.;:–-')}{ELLIPSIS}"


def wrap(text: str, room: float, size: float, most: int = 3, bold: bool = False) -> list[str]:
    """The text on at most `most` lines that fit into `room`. A long word is cut, and so is the last line."""
    lines: list[str] = []
    # No more can be drawn than fits: a text of 2,000 letters need not be walked through to its end.
    words = clean(text).split()
    for place, word in enumerate(words):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, bold) <= room:
            lines[-1] = joined
        elif len(lines) == most:
            lines[-1] = cut(f"{lines[-1]} {' '.join(words[place:])}"[:400], room, size, bold)
            break
        else:
            lines.append(cut(word, room, size, bold))
    return lines


def brief(text: str, most: int = 90) -> str:
    """A text as it is named in a sentence: whole words of at most `most` letters."""
    line = clean(text)
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip(' ,.;:')}{ELLIPSIS}"
