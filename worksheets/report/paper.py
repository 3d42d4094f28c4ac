"""A paper: a document that is no summary of a cycle, as one frozen object of which its files are made."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from worksheets.languages import OURS
from worksheets.presentation import Part


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a paper says. `short` is its heading at the head of its pages; `standing` is said once, below its
    heading, and `foot` at the foot of every page.

    `language` is the one of what a team wrote in it, `made` the day it is of. One that is `on_a_page` is set to fit on
    one side of A4.
    """

    heading: str
    short: str
    organisation: str
    standing: str
    foot: str
    made: datetime.date
    parts: tuple[Part, ...]
    language: str = OURS
    on_a_page: bool = False

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.organisation}"
