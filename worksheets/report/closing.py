"""What closes a summary: the points to resolve, who took part, and what became of what was promised last time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from worksheets.fields import spoken_date
from worksheets.models import Reason
from worksheets.presentation import (
    LEVELS,
    Block,
    Column,
    Finding,
    Part,
    Progress,
    Record,
    Records,
    Row,
    Table,
    Title,
    Words,
)
from worksheets.reasons import PointKey, Settled
from worksheets.words import capital, in_words, listed, noun_for


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who took part: the numbers of the stages they answered in and completed, out of `stages` in all, and
    their first and last day."""

    name: str
    answered: tuple[int, ...]
    completed: tuple[int, ...]
    first: datetime.date
    last: datetime.date
    stages: int

    @property
    def did(self) -> str:
        """What they did, in words."""
        parts = []
        if len(self.answered) == self.stages > 1:
            parts.append(f"answered questions in all {in_words(self.stages)} stages")
        elif self.answered:
            parts.append(f"answered questions in {noun_for(len(self.answered), 'stage')} {numbers(self.answered)}")
        if self.completed:
            parts.append(f"completed {noun_for(len(self.completed), 'worksheet')} {numbers(self.completed)}")
        return capital(" and ".join(parts))

    @property
    def when(self) -> str:
        first, last = spoken_date(self.first), spoken_date(self.last)
        return first if first == last else f"{first} to {last}"


def numbers(of: Iterable[int]) -> str:
    """Numbers in words: "1", "1 and 2", "1, 2 and 3"."""
    return listed(map(str, of))


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise of the last review and what became of it, each in words; "" where it is not said."""

    what: str
    target: str
    reached: str
    met: str
    learnt: str


PEOPLE = (Column("Name", 26), Column("What they did", 40), Column("When", 34))
KEPT = (
    Column("What was promised", 30, written=True),
    Column("Target", 16, written=True),
    Column("What came of it", 16, written=True),
    Column("Met", 10),
    Column("What we learnt", 28, written=True),
)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it was here when something happened."""
    return timezone.localtime(moment).date()


def lines_of(text: str) -> tuple[str, ...]:
    """A text as its paragraphs."""
    return tuple(filter(None, (line.strip() for line in text.split("\n"))))


def points(settled: Settled, reasons: Mapping[PointKey, Reason], progress: Progress) -> Part:
    """The points to resolve: those that are open by their level, then those left as they are with the reason."""
    blocks: list[Block] = []
    for level, words in LEVELS.items():
        found = [one for one in settled.open if one.level == level]
        if found:
            blocks += [
                Title(words),
                Records(
                    "",
                    tuple(Record(one.element, one.message, why_of(one)) for one in found),
                ),
            ]
    if settled.left:
        left = tuple(
            Record(
                f"{one.finding.element}-left",
                one.finding.message,
                (
                    Row("Why we leave it so", lines_of(reasons[one.key].text), written=True),
                    Row("Written by", (by(reasons[one.key]),)),
                ),
            )
            for one in settled.left
        )
        blocks += [Title("Left as they are"), Records("", left)]
    if not blocks:
        fits = f"None. The answers{' so far' if progress.waiting else ''} fit together."
        blocks.append(Words(fits if progress.answered else "Nothing is answered yet that could be held together."))
    return Part("points", "Points to resolve", tuple(blocks))


def why_of(finding: Finding) -> tuple[Row, ...]:
    """Why a point matters, where it says stop: of all others the page of points tells it."""
    return (Row("Why this matters", (finding.why,)),) if finding.level == "stop" else ()


def by(reason: Reason) -> str:
    return f"{reason.written_by or 'A lead'}, {spoken_date(local_day(reason.written_at))}"


def looked_back(name: str, kept: Iterable[Kept]) -> Part | None:
    """What the last review, called `name`, promised and what came of it; None where nobody looked back yet."""
    rows = tuple((one.what, one.target, one.reached, one.met, one.learnt) for one in kept)
    if not rows:
        return None
    return Part("looked-back", f"What came of {name}", (Table(f"What came of {name}", KEPT, rows, quiet=True),))


@dataclass(frozen=True, slots=True)
class ToDo:
    """An open action, each part in words; "" where it is not said."""

    what: str
    origin: str
    owner: str
    due: str


TO_DO_COLUMNS = (
    Column("What is to be done", 42, written=True),
    Column("Where it came from", 24, written=True),
    Column("Who", 18, written=True),
    Column("By when", 16),
)


def to_do(actions: Iterable[ToDo]) -> Part | None:
    """What is still to be done after this run and those before it; None where there is nothing."""
    rows = tuple((one.what, one.origin, one.owner or "Nobody yet", one.due) for one in actions)
    if not rows:
        return None
    return Part(
        "actions", "What is still to be done", (Table("What is still to be done", TO_DO_COLUMNS, rows, quiet=True),)
    )


def who(people: tuple[Person, ...]) -> tuple[Block, ...]:
    """Who took part in the review, as a table; nothing where nobody has saved an answer here yet."""
    rows = tuple((person.name, person.did, person.when) for person in people)
    return (Title("Who took part"), Table("Who took part", PEOPLE, rows, quiet=True)) if rows else ()
