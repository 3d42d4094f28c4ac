"""Numbers in texts that people wrote: a baseline of "1,150 a month" is 1150."""

from __future__ import annotations

import re
from decimal import Decimal

from worksheets.following.carrying import without_dates
from worksheets.numbers import WHOLE, read_number

LARGEST = Decimal(10) ** 12
NUMBER = re.compile(
    # A number that hangs on a letter is a name: Q1, Covid-19. One with a comma that parts no thousands is none.
    rf"(?P<minus>(?<![\w.])[-−])?(?<![A-Za-z0-9])(?<![A-Za-z][-–])(?<![0-9],)(?P<figure>{WHOLE}(?!,?[0-9])(?:\.[0-9]+)?)"
    r"(?:\s?(?P<times>thousand|million|billion)\b|(?P<short>k|m|bn)\b)?",
    re.IGNORECASE,
)
TIMES = {"thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9, "bn": 9}


def number_in(text: str) -> Decimal | None:
    """The number that a baseline or target is about: the first in the text that belongs to no date.

    Of "from 38% to 90%" it is the second, for that is where it leads. None when there is none, or none that fits.
    """
    plain = without_dates(text)
    numbers = list(NUMBER.finditer(plain))
    if not numbers:
        return None
    start, *more = numbers
    if more and re.fullmatch(r"\s*(?:%|per cent|percent)?\s*to\s*[£$€]?", plain[start.end() : more[0].start()]):
        start = more[0]
    value = read_number(start["figure"], places=10)
    if value is None:
        return None
    value *= Decimal(10) ** TIMES.get((start["times"] or start["short"] or "").lower(), 0)
    return (-value if start["minus"] else value) if value <= LARGEST else None
