"""The words in which two texts differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Literal

Mark = Literal["same", "added", "removed"]

# A word with the space behind it, so that the words put together again are the text with its line breaks.
WORD = re.compile(r"\S+\s*")
# Matching takes as long as there are pairs of equal words: a page of prose has some thousand, the same word 1,000 times
# over a million. What has more is shown whole on both sides.
PAIRS = 20_000
WORDS = 4_000
# Texts that share less than this are two texts: whole ones are easier to read than crumbs.
ALIKE = 0.3
# So few words between two changes are part of one change.
CRUMB = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, and whether the other text has it too."""

    mark: Mark
    text: str


Text = tuple[Piece, ...]
# Where words are the same (or not), from and to which of them on either side.
Step = tuple[bool, int, int, int, int]


def changed_words(before: str, after: str) -> tuple[Text, Text]:
    """The older text with the words marked that were taken away, and the newer one with those that were added."""
    old, new = WORD.findall(before), WORD.findall(after)
    steps = _steps([word.rstrip() for word in old], [word.rstrip() for word in new])
    return (
        _pieces("removed", ((same, old[a:b]) for same, a, b, _, _ in steps)),
        _pieces("added", ((same, new[c:d]) for same, _, _, c, d in steps)),
    )


def whole(text: str, mark: Mark) -> Text:
    """A text of which every word is marked alike; nothing for no text."""
    return (Piece(mark, text),) if text else ()


def _pieces(mark: Mark, runs: Iterable[tuple[bool, Sequence[str]]]) -> Text:
    """Runs of words as pieces; what the other side alone has leaves no break here."""
    told = groupby(((same, words) for same, words in runs if words), key=itemgetter(0))
    return tuple(
        Piece("same" if same else mark, "".join(word for _, words in together for word in words))
        for same, together in told
    )


def _steps(old: list[str], new: list[str]) -> list[Step]:
    """The way from one list of words to the other, in turns of what is the same and what is not."""
    everything = [(False, 0, len(old), 0, len(new))]
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    a, b, c, d = start, len(old) - end, start, len(new) - end
    if _too_many(old[a:b], new[c:d]):
        middle: list[Step] = [(False, a, b, c, d)]
    else:
        matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
        middle = [
            (tag == "equal", a + one, a + two, c + three, c + four)
            for tag, one, two, three, four in matcher.get_opcodes()
        ]
    steps = [(True, 0, a, 0, c), *middle, (True, b, len(old), d, len(new))]
    kept = sum(step[2] - step[1] for step in steps if step[0])
    if kept < ALIKE * max(len(old), len(new)):
        return everything
    return _without_crumbs([step for step in steps if step[2] > step[1] or step[4] > step[3]])


def _shared(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    return next(
        (n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )


def _too_many(old: list[str], new: list[str]) -> bool:
    if len(old) + len(new) > WORDS:
        return True
    there = Counter(new)
    return sum(count * there[word] for word, count in Counter(old).items()) > PAIRS


def _without_crumbs(steps: list[Step]) -> list[Step]:
    """The same way with a word or two that stayed between two larger changes counted as changed."""
    told: list[Step] = []
    for n, step in enumerate(steps):
        same, a, b, c, d = step
        if same and 0 < n < len(steps) - 1 and b - a <= CRUMB:
            same = any(max(other[2] - other[1], other[4] - other[3]) <= b - a for other in (steps[n - 1], steps[n + 1]))
        if told and told[-1][0] == same:
            told[-1] = (same, told[-1][1], b, told[-1][3], d)
        else:
            told.append((same, a, b, c, d))
    return told
