"""Takes out of a text what nobody can see, and says line breaks as line breaks: the one function of every way in.

People paste from word processors, slides, spreadsheets, mail and chat. What comes along unseen is no part of what they
mean: it is never refused, and never counted as an answer. Answers, names, addresses, comments, cells of files and all
else that people give goes through here before it is checked.
"""

from __future__ import annotations

import re
import unicodedata

# How the programs that people paste from break a line: within a paragraph, between paragraphs, between pages.
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1d\x1e\x85\u2028\u2029]")
# Controls but the line break, halves of characters, soft hyphens, marks without width, fillers, what turns the
# direction of text (pages isolate each text instead), places of pictures, tags, and what is no character at all.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Joiners shape words of Arabic, Indic and kindred scripts, and join pictures. Anywhere else they are nothing.
SHAPED = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18ff\u2190-\u2bff\ufb50-\ufefc\ufe0f\U0001f000-\U0001faff"
    "\U000e007f"
)
JOINERS = re.compile(rf"(?<![{SHAPED}])[\u200c\u200d]+|[\u200c\u200d]+(?=\s|\Z)")
# What says which form of the character before it is meant, and the letters of a flag: nothing without one.
FORMS = re.compile(
    "(?<![0-9#*\u00a9\u00ae\u2000-\u33ff\u3400-\u9fff\U0001f000-\U0003ffff])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    "|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
)
# Bullets, ticks and arrows of Word, which stand in a font of symbols there, as the characters that they look like.
SYMBOLS = str.maketrans(
    {
        "\uf0a7": "▪",
        "\uf0a8": "☐",
        "\uf0b7": "•",
        "\uf0d8": "➢",
        "\uf0e0": "→",
        "\uf0fc": "✓",
        "\uf0fe": "☑",
        "\uf076": "❖",
        "\uf0d2": "☑",
        "\uf02d": "-",
    }
)
# A line of blanks of any width, the blank of Braille among them, is empty.
BLANK = re.compile("[\\s\u2800]*")


def clean(text: str) -> str:
    """A text of any number of lines as it is meant. A tab is a space; what shows nothing at all is ""."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = BREAKS.sub("\n", text).replace("\t", " ").translate(SYMBOLS)
    text = FORMS.sub("", JOINERS.sub("", UNSEEN.sub("", text)))
    return "" if BLANK.fullmatch(text) else text.strip()


def one_line(text: str) -> str:
    """A name, a heading or another text of one line: cleaned, with one plain space wherever there was any."""
    return " ".join(clean(text).split())


def compact(text: str) -> str:
    """What holds no space, such as an address for mail: cleaned, with every space taken out of it."""
    return "".join(clean(text).split())


def alike(text: str) -> str:
    """What two names that look the same have in common, to compare them by: neither spaces nor capitals tell them
    apart, nor two ways to write one letter."""
    return unicodedata.normalize("NFKC", one_line(text)).casefold()
