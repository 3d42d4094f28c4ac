"""Reads dates as people write them, and counts with months so that a day at the end of a month stays there."""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata

from worksheets.cleaning import one_line
from worksheets.words import listed

YEARS = range(2000, 2101)  # a year outside these was mistyped
PARTS = ("day", "month", "year")
MONTHS = [name.lower() for name in calendar.month_name][1:]
DAYS = [name.lower() for name in calendar.day_name]
EXAMPLE = "31 March 2027 or 31/03/2027"

ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)
# What parts a date that is written as a whole, and what may stand around one of its parts.
BETWEEN = re.compile(r"[\s.,/\\()'\u2018\u2019\u2010-\u2015\u2212\u00b7;\"\u201c\u201d_-]+")
AROUND = " .,;\"'\u2018\u2019\u201c\u201d"
# Spreadsheets and mails write a day with a time on it, and some of those where in the world it is that time.
TIME = re.compile(
    r"(?:[T ]|, ?)(?:at )?"
    r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?|[0-9]{1,2}(?:\.[0-9]{2})? ?[ap]\.?m\.?)"
    r" ?(?:Z|UTC|GMT|BST|[+-][0-9]{2}:?[0-9]{2})?$",
    re.IGNORECASE,
)
# Where a day and a month, or a month and a year, stand without anything between them.
CLOSE = re.compile(r"(?<=[0-9])(?=[A-Za-z]{3})|(?<=[A-Za-z]{3})(?=[0-9])")
PART = re.compile(rf"[0-9]{{1,4}}|{ORDINAL.pattern}", re.IGNORECASE)
FOUR_DIGITS, TWO_DIGITS = re.compile("[0-9]{4}"), re.compile("[0-9]{2}")


class DateFault(ValueError):
    """Why something is no date. `part` is what is wrong with it: "day", "month", "year", or "" for all of it."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def date_of(day: str, month: str, year: str) -> datetime.date:
    """The date that stands in three boxes: "1" or "1st", "9", "Sept." or "September", and a year of four digits.

    A date that was pasted as a whole into one of them is read as `read_date` does. Raises DateFault, which says which
    box to mend and how.
    """
    boxes = {part: _plain(text).strip(AROUND) for part, text in zip(PARTS, (day, month, year), strict=True)}
    missing = [part for part, text in boxes.items() if not text]
    if any(len(_pieces(text)) > 1 for text in boxes.values()):
        try:
            return read_date(" ".join(boxes.values()))
        except DateFault as wrong:
            # What is said of a part goes to the box in which it stands.
            filled = [part for part in PARTS if boxes[part]]
            raise DateFault(wrong.part if wrong.part in filled else filled[0], str(wrong)) from None
    if missing:
        raise DateFault(missing[0], f"Add {listed(f'the {part}' for part in missing)}, like 31 March 2027")
    return _checked(boxes["day"], boxes["month"], boxes["year"])


def _checked(day: str, month: str, year: str) -> datetime.date:
    """The date of three parts that are there. Raises DateFault."""
    days = ORDINAL.fullmatch(day)
    if not days or not 1 <= int(days[1]) <= 31:
        raise DateFault("day", "Enter the day as a number from 1 to 31")
    number = _month(month)
    if not number:
        swapped = re.fullmatch(r"1[3-9]|2[0-9]|3[01]", month) and int(days[1]) <= 12
        raise DateFault(
            "month",
            f"There is no month {month}. Write the day first and then the month"
            if swapped
            else "Enter the month as a number from 1 to 12 or as a name, like 3 or March",
        )
    if not FOUR_DIGITS.fullmatch(year):
        like = f"20{year}" if TWO_DIGITS.fullmatch(year) else "2027"
        raise DateFault("year", f"Write the year with four digits, like {like}")
    if int(year) not in YEARS:
        raise DateFault("year", f"Enter a year from {YEARS[0]} to {YEARS[-1]}")
    last = calendar.monthrange(int(year), number)[1]
    if int(days[1]) > last:
        none = f"{days[1]} {MONTHS[number - 1].capitalize()}{f' {year}' if number == 2 else ''}"
        raise DateFault("day", f"Enter a day from 1 to {last}. There is no {none}")
    return datetime.date(int(year), number, int(days[1]))


def read_date(text: str) -> datetime.date:
    """The date that a text is as a whole, with the day first as the British write it, or in the order of ISO 8601.

    So are 30/06/2026, 30.6.26, 30-Jun-26, "Tue 30th June 2026", "June 30, 2026" and 2026-06-30, with a time or without.
    A year of two digits is one of this century. Raises DateFault, a ValueError, which says what to do.
    """
    given = [piece for piece in _pieces(TIME.sub("", _plain(text).strip(AROUND))) if piece.lower() not in ("of", "the")]
    weekdays = [_named(piece, DAYS) for piece in given if _named(piece, DAYS)]
    parts = [piece for piece in given if not _named(piece, DAYS)]
    if not 2 <= len(parts) <= 3 or not all(PART.fullmatch(part) or _named(part, MONTHS) for part in parts):
        raise DateFault("", f"Enter a date like {EXAMPLE}")
    if FOUR_DIGITS.fullmatch(parts[0]):
        parts = parts[::-1]
    if _named(parts[0], MONTHS) and not FOUR_DIGITS.fullmatch(parts[1]):
        parts[:2] = parts[1::-1]
    if len(parts) == 2:
        parts = ["", *parts] if FOUR_DIGITS.fullmatch(parts[1]) else [*parts, ""]
    day, month, year = parts
    found = date_of(day, month, f"20{year}" if TWO_DIGITS.fullmatch(year) else year)
    if any(weekday != found.weekday() + 1 for weekday in weekdays):
        name = DAYS[found.weekday()].capitalize()
        raise DateFault("day", f"Check the day of the week: {found.day} {found:%B %Y} is a {name}")
    return found


def _plain(text: str) -> str:
    """The text as it is read, its digits those of a keyboard, however wide they were."""
    return unicodedata.normalize("NFKC", one_line(text))


def _pieces(text: str) -> list[str]:
    """What a text is made of, without what parts it."""
    return [piece for piece in BETWEEN.split(CLOSE.sub(" ", text)) if piece]


def _month(text: str) -> int:
    """Which month a text is; 0 when it is none."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text) if int(text) <= 12 else 0
    return _named(text, MONTHS)


def _named(text: str, names: list[str]) -> int:
    """Which of the names, from 1 on, begins with the text, of which three letters are enough; 0 when none does."""
    begun = "wed" if text.lower() == "weds" else text.lower()
    return next((n for n, name in enumerate(names, 1) if len(begun) > 2 and name.startswith(begun)), 0)


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, `months` later; the last day of that month where it is shorter.

    Count from the first day of a series: six months after 31 August is 28 February, and twelve are 31 August again.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return datetime.date(year, month, min(day.day, (after - datetime.timedelta(days=1)).day))
