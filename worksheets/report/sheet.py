"""The front sheet: what boards ask of every paper, above all what it is for and what is asked of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from worksheets.fields import spoken_date
from worksheets.presentation import LEVELS, TO_DO, Finding, Row
from worksheets.words import counted, listed


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Who signed a review off, and on which day."""

    by: str
    on: datetime.date


# How many points that say stop are told on the front.
NAMED = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a front sheet says. `subject` is what the paper is about: "strategy". `asked_of` is empty for a draft."""

    subject: str
    noun: str
    complete: bool
    submitted_by: str
    submitted: bool
    signed_off: SignedOff | None
    sentences: tuple[str, ...]
    to_know: tuple[str, ...]
    next_from: datetime.date | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """It as labelled lines, without those that have nothing to say."""
        lines = (
            ("Purpose", (self.purpose,)),
            ("What is asked", (self.asked,)),
            (f"The {self.subject} in short", self.sentences or ("Its aims are not answered yet.",)),
            ("What to know", self.to_know),
            ("From", (self.people,)),
            (f"Next {self.noun}", (f"From {spoken_date(self.next_from)}" if self.next_from else "",)),
        )
        rows = ((label, tuple(filter(None, said))) for label, said in lines)
        return tuple(Row(label, said) for label, said in rows if said)

    @property
    def purpose(self) -> str:
        if self.signed_off:
            return "For information"
        if self.submitted:
            return "For decision"
        return "For comment, before it is submitted" if self.complete else "A draft, to be talked about"

    @property
    def asked(self) -> str:
        if self.signed_off:
            return f"To note this {self.subject}. It was signed off on {spoken_date(self.signed_off.on)}."
        if self.submitted:
            agree = f"To agree this {self.subject}, its aims and the time it takes"
            return f"{agree}, or to send it back with what is to change."
        if self.complete:
            return f"To say what is missing, before the team submits its {self.noun}."
        return f"Nothing yet: the team is still working on its {self.noun}."

    @property
    def people(self) -> str:
        submitted = f"submitted by {self.submitted_by}" if self.submitted_by else ""
        signed = f"signed off by {self.signed_off.by}" if self.signed_off and self.signed_off.by else ""
        said = listed(filter(None, (submitted, signed)))
        return f"{said[:1].upper()}{said[1:]}" if said else ""


def points_in_short(open_points: tuple[Finding, ...], left: int) -> tuple[str, ...]:
    """How many points are open, by their level, with the first that say stop; how many were left with a reason."""
    by_level = [
        f"{count} {TO_DO[level]}" for level in LEVELS if (count := sum(one.level == level for one in open_points))
    ]
    said = []
    if by_level:
        said.append(f"{counted(len(open_points), 'point')} to resolve: {listed(by_level)}.")
    # A board hears of what says stop by its words, of all else by its number.
    said += [one.message for one in open_points if one.level == "stop"][:NAMED]
    if left:
        said.append(f"{counted(left, 'point')} left as {'it is' if left == 1 else 'they are'}, with a reason.")
    return tuple(said)
