"""Says in which language and direction each part of a page for paper is written, as far as its letters tell.

Works on finished HTML of our own, in which every text is escaped: what was typed holds neither `<` nor `>`. Where a
template says `dir="auto"`, as it does around everything that people wrote, the direction of the first letter that has
one decides, as in a browser; anything else that is in letters of another script gets a `span` that names its language.
The language that a team says it writes in (`worksheets/languages.py`) stands there already: letters only overrule it
where they are of a script in which it is not written.
"""

from __future__ import annotations

import re
from functools import cache

from worksheets.languages import OURS

PARTS = re.compile(r"<[^>]*>|[^<]+")
NAME = re.compile(r"<(\w+)")
AUTO = ' dir="auto"'
# The same with the language that a team says it writes in.
WRITTEN = re.compile(r' dir="auto"(?: lang="([\w-]+)")?')
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
# The first of these decides a direction: a letter from right to left, or any other letter.
STRONG = re.compile(f"([{RIGHT_TO_LEFT}])|[^\\W\\d_]")
# What ends a sentence in most scripts of India: it is of the script that it follows.
DANDA = "\u0964\u0965"
# Scripts by the language that they tell in this country, or the likeliest that is written in them here.
SCRIPTS = {
    "ar": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
    "hi": "\u0900-\u097f\ua8e0-\ua8ff",
    "bn": f"\u0980-\u09ff{DANDA}",
    "pa": f"\u0a00-\u0a7f{DANDA}",
    "gu": f"\u0a80-\u0aff{DANDA}",
    "ta": f"\u0b80-\u0bff{DANDA}",
    "te": f"\u0c00-\u0c7f{DANDA}",
    "kn": f"\u0c80-\u0cff{DANDA}",
    "ml": f"\u0d00-\u0d7f{DANDA}",
    "si": "\u0d80-\u0dff",
    "th": "\u0e00-\u0e7f",
    "am": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "hy": "\u0530-\u058f\ufb13-\ufb17",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "und-Cyrl": "\u0400-\u052f\u1c80-\u1c8f",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff",
    "zh": "\u2e80-\u2fdf\u3001-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
# Which of the languages in one script it is, by letters that only it has.
LETTERS = {
    "ar": (
        ("ckb", "\u0695\u06b5\u06c6\u06ce"),
        ("ps", "\u067c\u0689\u0693\u0696\u069a\u0681\u0685\u06d0\u06cd"),
        ("ur", "\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2\u06d3"),
        ("fa", "\u067e\u0686\u0698\u06a9\u06af\u06cc"),
    ),
    "und-Cyrl": (
        ("uk", "\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491"),
        ("ru", "\u042b\u042d\u0401\u044b\u044d\u0451"),
    ),
    "zh": (("ja", "\u3041-\u30ff"),),
}


def run_of(letters: str) -> str:
    """The pattern of a run of letters of one script. What belongs to no script, such as blanks, figures and commas, may
    stand between them, and so may brackets around more of them.

    No character can be read in two ways: what could is tried in all of them where a bracket is not closed.
    """
    neither = f"(?![^\\W\\d_])[^()<>&{letters}]"
    more = f"[{letters}](?:[{letters}]|{neither})*"
    return f"[{letters}](?:(?:{neither})*(?:[{letters}]|\\((?:{neither})*{more}\\)))*"


RUNS = re.compile(
    "|".join(f"(?P<{language.replace('-', '_')}>{run_of(letters)})" for language, letters in SCRIPTS.items())
)
MARKED = re.compile(f"[{''.join(SCRIPTS.values())}]")


# The script of each language that can be told: its own name, or that of the script which it shares.
SCRIPT_OF = {script: script for script in SCRIPTS} | {
    language: script for script, languages in LETTERS.items() for language, _ in languages
}


def language_of(script: str, text: str, said: str = OURS) -> str:
    """The language of a text in one script (a key of `SCRIPTS`), as BCP 47 names it.

    That is the one its team is `said` to write in, if it is written in that script.
    """
    if SCRIPT_OF.get(said) == script:
        return said
    for language, letters in LETTERS.get(script, ()):
        if re.search(f"[{letters}]", text):
            return language
    return script


def script_of(text: str) -> str:
    """The script, a key of `SCRIPTS`, of the first run of letters in a text that are not Latin; "" without one."""
    run = RUNS.search(text)
    return (run.lastgroup or "").replace("_", "-") if run else ""


def direction(text: str) -> str:
    """ "rtl" for a text whose first letter goes from right to left, "" for any other."""
    first = STRONG.search(text)
    return "rtl" if first and first[1] else ""


def spans(text: str, said: str = OURS) -> str:
    """A piece of text with a `span` around each run of letters of another script."""

    @cache
    def tag(script: str) -> str:
        turned = ' dir="rtl"' if script in ("ar", "he") else ""
        return f'<span lang="{language_of(script, text, said)}"{turned}>'

    def named(run: re.Match[str]) -> str:
        return f"{tag((run.lastgroup or '').replace('_', '-'))}{run[0]}</span>"

    return RUNS.sub(named, text)


def in_latin(part: re.Match[str]) -> str:
    """What stands beside a text from left to right: the language it is said to be in, where the page is not in it."""
    return f' lang="{part[1]}"' if part[1] and part[1] != OURS else ""


def told(html: str, said: str = OURS) -> str:
    """The same page, with the languages and directions that its letters tell; `said` is the language of its team."""
    if html.isascii() or not MARKED.search(html):
        return WRITTEN.sub(in_latin, html)
    parts = PARTS.findall(html)
    made: list[str] = []
    # Elements whose texts stay as they are: what belongs to no page, and what goes from right to left as a whole.
    closed = ""
    for place, part in enumerate(parts):
        if closed:
            closed = "" if part == closed else closed
        elif part.startswith(("<head", "<svg")):
            closed = f"</{part[1:4] if part[1] == 's' else 'head'}>"
        elif part.startswith("<"):
            if AUTO in part:
                end = NAME.sub(r"</\1>", part.split(" ", 1)[0], count=1)
                inside = parts[place + 1 : parts.index(end, place)]
                words = "".join(piece for piece in inside if piece[0] != "<")
                # A list is no text: each of its items has a direction of its own.
                if direction(words) and not any(AUTO in piece for piece in inside):
                    language = language_of(script_of(words), words, said)
                    part = WRITTEN.sub(f' dir="rtl" lang="{language}"', part)
                    closed = end
                else:
                    part = WRITTEN.sub(in_latin, part)
        else:
            part = spans(part, said) if MARKED.search(part) else part
        made.append(part)
    return "".join(made)
