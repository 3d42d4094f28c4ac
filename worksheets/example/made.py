"""The example of a workbook, made in memory from the sample that ships with it: no row of the database is behind it.

Platforms are those that ship, whatever an admin made of the guide: it reads the same in every copy of the service.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, replace
from functools import cache

from django.utils.text import slugify

import worksheets
from worksheets import interchange, texts
from worksheets.models import Cycle, Organisation, Worksheet
from worksheets.report.contents import Contents, contents
from worksheets.review import Review
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS


@dataclass(frozen=True)
class Example:
    """A finished review of an organisation that does not exist. Its cycle is in no database."""

    workbook: Workbook
    cycle: Cycle
    review: Review

    @property
    def organisation(self) -> str:
        return self.cycle.organisation.name

    @property
    def warning(self) -> str:
        """What is said wherever anything of it is shown."""
        return f"{self.organisation} is not a real organisation"

    def summary(self, made: datetime.date, *, paper: bool) -> Contents:
        """What its summary says. It stands where a board gets it: all is answered, and sign-off is asked for."""
        return replace(contents(self.cycle, self.review, (), made, paper=paper), example=self.warning)


@cache
def example_of(key: str) -> Example | None:
    """The example of the workbook of that key; None where none ships with it."""
    workbook = WORKBOOKS[key]
    if workbook.sample is None:
        return None
    incoming = interchange.read(workbook.sample.read_bytes(), texts.as_shipped())
    cycle = Cycle(
        organisation=Organisation(name=incoming.organisation_name, slug=incoming.organisation_slug),
        workbook=key,
        name=incoming.name,
        slug=slugify(incoming.name),
        starts=incoming.starts,
        ends=incoming.ends,
        state=Cycle.State.SUBMITTED if workbook.decided else Cycle.State.OPEN,
        strategy_title=incoming.strategy[0],
        strategy_link=incoming.strategy[1],
    )
    complete = Worksheet.Status.COMPLETE
    filled = [Worksheet(stage=stage, answers=answers, status=complete) for stage, answers in incoming.answers.items()]
    return Example(workbook, cycle, Review.of(cycle, filled, texts.as_shipped()))


def digest(workbook: Workbook, form: str) -> str:
    """What a file of the example depends on, in one word: the sample, and how this version sets pages."""
    sample = workbook.sample.read_bytes() if workbook.sample else b""
    parts = (worksheets.__version__, str(form), workbook.key, hashlib.sha256(sample).hexdigest())
    return hashlib.sha256(repr(parts).encode()).hexdigest()
