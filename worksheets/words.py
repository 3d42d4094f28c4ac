"""Words: numbers and counts with their nouns, lists, articles, and the questions that texts name by their keys.

Every count with a noun goes through `counted`, so that nobody reads "1 people" or "1 of your 1 stakeholders".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# How much room a capital takes on paper beside a small Latin letter, and a letter of the scripts of East Asia.
CAPITAL, FULL_WIDTH, FIRST_FULL_WIDTH = 1.35, 2, "\u2e80"
# Nouns whose plural is not made with an s at their end.
PLURALS = {
    "person": "people",
    "piece of work": "pieces of work",
    "item of content": "items of content",
    "set of facts": "sets of facts",
}
# A question that a text names: `{question:aims}` becomes "question 2", `{Question:aims}` "Question 2".
NAMED = re.compile(r"\{([Qq]uestion):([a-z][a-z0-9_-]*)\}")


def plural(noun: str) -> str:
    """The plural of a noun that the toolkit uses: "aims", "people", "pieces of work"."""
    if noun in PLURALS:
        return PLURALS[noun]
    return f"{noun[:-1]}ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else f"{noun}s"


def noun_for(number: float, noun: str) -> str:
    """The noun as it stands behind a number: one of them is "1 aim", all else are "2 aims", "0.5 aims", "0 aims"."""
    return noun if number == 1 else plural(noun)


def counted(number: int, noun: str) -> str:
    """A count with its noun: "no aims", "1 aim", "1,200 people"."""
    return f"{number or 'no'} {noun_for(number, noun)}" if number < 1_000 else f"{number:,} {plural(noun)}"


def of_all(number: int, total: int, noun: str) -> str:
    """A part of a whole with its noun: "2 of 5 stakeholders", "1 of 1 stakeholder"."""
    return f"{number:,} of {total:,} {noun_for(total, noun)}"


def in_words(number: int) -> str:
    """A whole number from 0 to 99 in words: "six", "twenty-one"; a larger one in figures."""
    if number < len(NUMBERS):
        return NUMBERS[number]
    if number > 99:
        return f"{number:,}"
    ten, one = divmod(number, 10)
    return TENS[ten - 2] + (f"-{NUMBERS[one]}" if one else "")


def spelled(number: int, noun: str) -> str:
    """A count with its noun, in words: "six worksheets", "one question"."""
    return f"{in_words(number)} {noun_for(number, noun)}"


def duration(minutes: int) -> str:
    """How long something takes, as people say it: "50 minutes", "1 hour 25 minutes", "2 hours"."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (counted(hours, "hour") if hours else "", counted(rest, "minute") if rest else "")))


def duration_in_words(minutes: int) -> str:
    """The same within a text: whole hours as a word, "two hours", all else in figures."""
    hours, rest = divmod(minutes, 60)
    return duration(minutes) if rest else spelled(hours, "hour")


def article(noun: str) -> str:
    """A noun with its article: "a review", "an engagement plan"."""
    return f"{'an' if noun[0] in 'aeioAEIO' else 'a'} {noun}"


def listed(words: Iterable[str], joint: str = "and") -> str:
    """In words: "a", "a and b", "a, b and c", or with another `joint` before the last; nothing for nothing."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} {joint} {last}" if first else last


def some(words: Sequence[str], most: int = 5) -> list[str]:
    """The first few, and how many more there are."""
    return [*words] if len(words) <= most else [*words[: most - 1], f"{len(words) - most + 1} more"]


def capital(words: str) -> str:
    """Words as the beginning of a sentence or a title: "Aim", "SMART objective"."""
    return words[:1].upper() + words[1:]


def inside(words: str) -> str:
    """A title as it stands within a sentence: "weekly work", and yet "SMART objectives"."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def with_numbers(text: str, numbers: Mapping[str, int]) -> str:
    """The text with each question that it names by its key named by its number. An unknown key stays as it is."""

    def number(named: re.Match[str]) -> str:
        return f"{named[1]} {numbers[named[2]]}" if named[2] in numbers else named[0]

    return NAMED.sub(number, text) if "{" in text else text


def shortened(text: str, most: int = 90) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def breadth(line: str) -> float:
    """How broad a line is on paper, in small Latin letters: capitals take more room, letters of East Asia twice as
    much."""
    return sum(FULL_WIDTH if one >= FIRST_FULL_WIDTH else CAPITAL if one.isupper() else 1 for one in line)


def fitted(text: str, most: float) -> str:
    """A text in one line, cut between words to the room of so many small Latin letters."""
    line = " ".join(text.split())
    return shortened(line, int(most * len(line) / breadth(line))) if line else ""
