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
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# Joiners shape words of Arabic, Indic and kindred scripts, and join pictures. Anywhere else they are nothing.
SHAPED = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18ff\u2190-\u2bff\ufb50-\ufefc\ufe0f\U0001f000-\U0001faff"
    "\U000e007f"
)
JOINERS = re.compile(rf"(?<![{SHAPED}])[\u200c\u200d]+|[\u200c\u200d]+(?=\s|\Z)")
# What says which form of the character before it is meant, and the letters of a flag: nothing without one. A digit has
# a form of its own only as a key.
FORMED = (
    "\u00a9\u00ae\u1000-\u109f\u203c\u2049\u2100-\u2bff\u3001-\u33ff\u3400-\u9fff\ua840-\ua87f\uf900-\ufaff"
    "\uff01-\uff60\U0001f000-\U0003ffff"
)
FORMS = re.compile(
    f"(?!(?<=[0-9#*])\ufe0f\u20e3)(?<![{FORMED}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    "|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
)
# The blank of Braille among letters that are none of Braille's.
BRAILLE = re.compile("(?<![\u2800-\u28ff])\u2800+|\u2800+(?![\u2800-\u28ff])")
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
        # People who look for a wider space find these, which are letters that show nothing.
        "\u3164": " ",
        "\uffa0": " ",
    }
)
# A line of blanks of any width is empty, and so is one of marks that join the signs of hieroglyphs.
BLANK = re.compile("[\\s\U00013430-\U0001345f]*")
# What is seen alike in a name: hyphens and dashes, quotation marks as typed and as typeset.
STROKES = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201f\u2033", '"'),
    }
)
SHAPING = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def clean(text: str) -> str:
    """A text of any number of lines as it is meant. A tab is a space; what shows nothing at all is ""."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = BREAKS.sub("\n", text).replace("\t", " ").translate(SYMBOLS)
    # In this order nothing that one of them takes out leaves anything to those before it.
    text = JOINERS.sub("", FORMS.sub("", BRAILLE.sub(" ", UNSEEN.sub("", text))))
    return "" if BLANK.fullmatch(text) else text.strip()


def one_line(text: str) -> str:
    """A name, a heading or another text of one line: cleaned, with one plain space wherever there was any."""
    return " ".join(clean(text).split())


def compact(text: str) -> str:
    """What holds no space, such as an address for mail: cleaned, with every space taken out of it."""
    return "".join(clean(text).split())


def alike(text: str) -> str:
    """What two names that look the same have in common, to compare them by: neither spaces, capitals nor kinds of
    hyphens and quotation marks tell them apart, nor two ways to write one letter."""
    seen = SHAPING.sub("", one_line(text).translate(STROKES))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return " ".join(plain.translate(STROKES).split())
