"""Numbers as people type or paste them, read in one strict way everywhere: as the number they are, or not at all."""

from __future__ import annotations

import re
from decimal import Decimal

from worksheets.cleaning import clean

# What parts thousands: the spaces of a line, among them no-break and thin ones. A tab or a line break parts cells.
SPACES = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
# A minus as typed, as typeset, and as word processors make of a hyphen.
MINUS = "\u2010-\u2013\u2212\ufe63\uff0d-"
# A whole number; commas or spaces may part its thousands. In "0,100" the comma is somebody's decimal point.
WHOLE = rf"(?:[1-9][0-9]{{0,2}}(?:(?:,[0-9]{{3}})+|(?:[{SPACES}][0-9]{{3}})+)|[0-9]+)"
NUMBER = re.compile(
    rf"(?P<sign>[+{MINUS}]?)(?P<pound>£?)(?:(?<=£)[{SPACES}])?(?=[.0-9])(?P<whole>{WHOLE})?(?:\.(?P<places>[0-9]+))?"
    rf"(?:[{SPACES}](?=%))?(?P<per_cent>%?)"
)
SEPARATORS = re.compile(rf"[,{SPACES}]")
# More than any number has that somebody means, and few enough to reckon with.
LONGEST = 40


def read_number(text: str, *, places: int, units: str = "") -> Decimal | None:
    """The number that a text is, with `places` decimals at most; None when it is none, or could be meant otherwise.

    `units` says which units may stand with it: "£" before it or "%" behind it, and never both.
    """
    plain = clean(text) if "\t" not in text.strip() else ""
    match = NUMBER.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None or match["pound"] + match["per_cent"] not in ("", *units):
        return None
    whole, part = SEPARATORS.sub("", match["whole"] or "0"), (match["places"] or "").rstrip("0")
    if len(part) > places:
        return None
    sign = "" if match["sign"] in ("", "+") else "-"
    # Minus nothing is nothing.
    return Decimal(f"{sign}{whole}.{part}") or Decimal(0)
