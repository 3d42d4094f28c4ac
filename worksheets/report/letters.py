"""Letters as they go on paper: which of them no font of ours has, and what is shown in their place.

Decided by the table of letters that `typefaces` wrote when the fonts were unpacked, and by nothing on the machine: what
a page tells whoever answers is what the paper shows. A letter that no font has is shown as its code in brackets, a
picture by its name; marks that people use as ticks, arrows and bullets are drawn.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString

from worksheets.cleaning import BREAKS, SYMBOLS, UNSEEN
from worksheets.report.typefaces import TABLE, faces
from worksheets.words import listed, some

# What stands for marks that people use and no font has.
LOOKS = str.maketrans(
    {
        **dict.fromkeys("✅🗸🗹", "✔"),
        **dict.fromkeys("❌❎🗴🗙", "✘"),
        **dict.fromkeys("‣🔹🔸🔷🔶🔘🟦🟩🟥🟧🟨🟪🟫🔵🔴🟢🟡🟠🟣🟤", "•"),
        **dict.fromkeys("👉☛", "→"),
        **dict.fromkeys("🔲🔳", "☐"),
        **dict.fromkeys("❗❕", "!"),
        **dict.fromkeys("❓❔", "?"),
        "➕": "+",
        "➖": "−",
        "➗": "÷",
        "🟰": "=",
        "\u2011": "-",
        "\u2010": "-",
        "\u202f": "\u00a0",
    }
)
# What says how the character before it is meant, what joins pictures, and where one stood that was not pasted along:
# nothing that is seen.
UNDRAWN = "\u034f\u200c\u200d\u2060\u20e3\ufe00-\ufe0f\ufffc\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
SILENT = re.compile(f"[{UNDRAWN}]")
# Those of them that do nothing for letters: joiners shape some scripts.
USELESS = re.compile("[\u20e3\ufe00-\ufe0f\ufffc\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]")
# What may be missing, with the letter before it, which a mark may belong to.
UNCOMMON = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
# So many names of pictures, or codes of letters, are told of those that stand together; the rest is "and more".
NAMED, CODED = 3, 12
# So many are named beside an answer.
TOLD = 10


@cache
def strange(folder: Path) -> re.Pattern[str]:
    """What finds a run of letters that no font in `folder` has, with what is joined to them and single blanks between
    them. FileNotFoundError when the fonts are not there."""
    runs = (f"{re.escape(chr(first))}-{re.escape(chr(last))}" for face in faces(folder) for first, last in face.runs)
    return re.compile(f"(?:[^{''.join(runs)}\\s{UNDRAWN}][{UNDRAWN}]*(?:(?<=\u200d)\\S[{UNDRAWN}]*)*\\s?)+")


def ours() -> re.Pattern[str] | None:
    """The same for our own fonts; None where they were not unpacked, and nothing can be printed anyway."""
    folder = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
    return strange(folder) if (folder / TABLE).exists() else None


def on_paper(text: str) -> str:
    """A text as it is printed: nothing that is unseen, marks that can be drawn, and codes or names for the rest."""
    if text.isascii() and text.isprintable():
        return text
    text = FLAG.sub(flag, seen(text))
    pattern = ours()
    return USELESS.sub("", pattern.sub(told, text) if pattern else text)


def seen(text: str) -> str:
    """A text of one paragraph without what nobody sees, and with marks that our fonts have."""
    text = UNSEEN.sub("", BREAKS.sub(" ", text).translate(SYMBOLS)).translate(LOOKS)
    # Letters that came in parts, such as Korean from some machines, are whole letters to the fonts.
    return unicodedata.normalize("NFC", text)


def flag(letters: re.Match[str]) -> str:
    """The flag of a country by its two letters."""
    return f"(flag {''.join(chr(ord(letter) - 0x1F1A5) for letter in letters[0])})"


def in_picture(svg: SafeString) -> SafeString:
    """A picture whose letters can all be drawn. There is no room in it for codes: the words beside it have them."""
    pattern = ours()
    return SafeString(pattern.sub(lambda run: re.sub(r"\S", "□", SILENT.sub("", run[0])), svg)) if pattern else svg


def replaced(text: str) -> dict[str, str]:
    """What is printed in place of the letters and pictures of a text that no font has, in their order."""
    pattern = None if text.isascii() else ours()
    if not pattern:
        return {}
    # Most of what is looked through has no such letter: only what may be one is looked at closely, and once.
    text = seen(" ".join(dict.fromkeys(UNCOMMON.findall(text))))
    flags = {found[0]: flag(found) for found in FLAG.finditer(text)}
    found = "".join(pattern.findall(FLAG.sub("", text)))
    return flags | {
        letter: f"({unicodedata.name(letter).lower()})" if picture(letter) else code(letter)
        for letter in found
        if pattern.match(letter) and not plainer(letter)
    }


def notice(text: str) -> str:
    """What whoever wrote a text is told about letters in it that no font has; "" when there are none."""
    shown = [f"“{letter}” as {words}" for letter, words in replaced(text).items()]
    if not shown:
        return ""
    return f"No font of ours has every character in this answer. The PDF shows {listed(some(shown, TOLD))}."


def code(letter: str) -> str:
    """A letter as it is printed when no font has it."""
    return f"[U+{ord(letter):04X}]"


def picture(letter: str) -> bool:
    """Whether it is a picture that has a name to be told by."""
    return unicodedata.category(letter) == "So" and bool(unicodedata.name(letter, ""))


def plainer(letter: str) -> str:
    """The same letter as our fonts have it: composed, or without its frills; "" where there is no such thing."""
    plain = unicodedata.normalize("NFKC", letter)
    pattern = ours()
    return plain if plain != letter and pattern and not pattern.search(plain) else ""


def told(run: re.Match[str]) -> str:
    """What stands for a run of letters that no font has."""
    pattern = ours()
    names: list[str] = []
    codes: list[str] = []
    kept = run[0].rstrip()
    for letter in SILENT.sub("", kept):
        if picture(letter):
            names.append(unicodedata.name(letter).lower())
        elif not letter.isspace():
            codes.append(plainer(letter) or (code(letter) if pattern and pattern.match(letter) else letter))
        elif codes:
            codes[-1] += " "
    more = [f"[and {len(codes) - CODED} more]"] if len(codes) > CODED else []
    words = "".join(codes[:CODED] + more).strip()
    if names:
        distinct = list(dict.fromkeys(names))
        pictures = f"({', '.join(distinct[:NAMED])}{', and more' if len(distinct) > NAMED else ''})"
        words = f"{words} {pictures}" if words else pictures
        # Words that stand for a picture keep their distance from those beside them.
        before, after = run.string[: run.start()][-1:], run.string[run.start() + len(kept) :][:1]
        space = " " if before.isalnum() or before in tuple(".,;:!?)") else ""
        words = f"{space}{words}{' ' if after.isalnum() else ''}"
    return words + run[0][len(kept) :]
