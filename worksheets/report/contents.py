"""What goes into a summary: one frozen object from which the PDF and its twin on screen are both made."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Max, Min
from django.utils import timezone

import worksheets
from worksheets.comparing.reviews import Comparison
from worksheets.fields import spoken_date
from worksheets.languages import OURS
from worksheets.models import Cycle, Issued, Reason, Revision, User, Worksheet
from worksheets.presentation import LEVELS, Chapter, Figure, Finding, Part, Progress
from worksheets.reasons import PointKey, reasons_of
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.words import capital, in_words, listed, noun_for
from worksheets.workbook import Workbook


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


def numbers(of: Iterable[int]) -> str:
    """Numbers in words: "1", "1 and 2", "1, 2 and 3"."""
    return listed(map(str, of))


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Who signed a review off, and on which day."""

    by: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class Point:
    """Where the answers do not fit together, and why a lead lets that stand: `reason` is empty when nobody said."""

    level: str
    question: int
    message: str
    why: str
    reason: tuple[str, ...] = ()
    reason_by: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a summary says. `issued` is the day it is made: it is not part of the digest.

    `front` and `back` stand before and behind the chapters, `pictures` beside their questions. `ending` is the
    conclusion at which the team ended, and `conclusion` why; then the front is left out, and what was not answered.
    `language` is the one its answers are written in.
    """

    heading: str
    organisation: str
    cycle: str
    starts: datetime.date
    ends: datetime.date
    complete: bool
    issued: datetime.date
    progress: Progress
    chapters: tuple[Chapter, ...]
    states: dict[str, str]
    people: tuple[Person, ...]
    front: tuple[Part, ...] = ()
    back: tuple[Part, ...] = ()
    submitted: bool = False
    signed_off: SignedOff | None = None
    ending: str = ""
    conclusion: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    comparison: Comparison | None = None
    pictures: tuple[Figure, ...] = ()
    noun: str = "review"
    plural: str = "reviews"
    language: str = OURS
    decided: bool = True

    @property
    def state(self) -> str:
        """Draft until every worksheet is complete; then what was decided about it."""
        if self.signed_off:
            return f"Signed off by {self.signed_off.by} on {spoken_date(self.signed_off.on)}"
        if self.submitted:
            return "Submitted for sign-off"
        return "Complete" if self.complete else "Draft"

    @property
    def short_state(self) -> str:
        """The state without a name in it, for the foot of every page."""
        return f"Signed off on {spoken_date(self.signed_off.on)}" if self.signed_off else self.state

    @property
    def chapters_told(self) -> tuple[Chapter, ...]:
        """The chapters that are shown: all, or after a conclusion those with an answer."""
        if not self.conclusion:
            return self.chapters
        told = (
            replace(chapter, sections=tuple(s for s in chapter.sections if self.states[s.key] != "not-started"))
            for chapter in self.chapters
        )
        return tuple(chapter for chapter in told if chapter.sections)

    @property
    def title(self) -> str:
        return f"{self.heading}: {self.organisation}, {self.cycle}"


def contents(
    cycle: Cycle,
    review: Review,
    people: Iterable[Person],
    issued: datetime.date,
    signed_off: SignedOff | None = None,
    reasons: Mapping[PointKey, Reason] | None = None,
    *,
    paper: bool = True,
) -> Contents:
    """The contents of a summary of `review`. Reads no database: the cycle's organisation must be loaded."""
    workbook = review.workbook
    drawn = (picture.draw(review, None) for picture in workbook.pictures if picture.question)
    concluded = workbook.ending.get(cycle.ending)
    return Contents(
        heading=workbook.title,
        organisation=cycle.organisation.name,
        cycle=cycle.name,
        starts=cycle.starts,
        ends=cycle.ends,
        complete=review.complete,
        issued=issued,
        progress=review.progress,
        chapters=review.chapters,
        states=review.states,
        people=tuple(people),
        front=() if concluded else workbook.front(review, paper=paper),
        back=workbook.back(review, paper=paper),
        submitted=cycle.state == Cycle.State.SUBMITTED,
        signed_off=signed_off,
        ending=concluded.said if concluded else "",
        conclusion=in_lines(cycle.ending_because) if concluded else (),
        points=points(review, reasons or {}),
        pictures=tuple(figure for figure in drawn if figure.svg),
        noun=workbook.noun,
        plural=workbook.plural,
        language=cycle.language,
        decided=workbook.decided,
    )


def gather(
    cycle: Cycle,
    worksheets: Iterable[Worksheet],
    texts: Texts,
    signed_off: SignedOff | None = None,
    *,
    paper: bool = True,
) -> Contents:
    """The contents of the summary of a cycle as it stands today; the worksheets are already read.

    One query, and one for the reasons where points are open. `signed_off` is given by whoever is about to sign it off;
    for a review that is, it is read.
    """
    worksheets, issued = tuple(worksheets), timezone.localdate()
    if cycle.state == Cycle.State.SIGNED_OFF:
        file = Issued.objects.filter(cycle=cycle).select_related("issued_by").defer("pdf").first()
        if file:
            issued = local_day(file.issued_at)
            signed_off = SignedOff(str(file.issued_by or ""), issued)
    review = Review.of(cycle, worksheets, texts)
    reasons = reasons_of(cycle) if review.findings else {}
    people = who_took_part(cycle, worksheets, review.workbook)
    return contents(cycle, review, people, issued, signed_off, reasons, paper=paper)


def in_lines(text: str) -> tuple[str, ...]:
    """A text as its paragraphs."""
    return tuple(filter(None, (line.strip() for line in text.split("\n"))))


def points(review: Review, reasons: Mapping[PointKey, Reason]) -> tuple[Point, ...]:
    """The points to resolve, what to do first on top, each with the reason for which it stays, if there is one."""

    def told(finding: Finding) -> Point:
        reason = reasons.get(finding.key)
        return Point(
            LEVELS[finding.level],
            review.workbook.numbers[finding.question],
            finding.message,
            finding.why,
            in_lines(reason.text) if reason else (),
            f"{reason.written_by or 'A lead'}, {spoken_date(local_day(reason.written_at))}" if reason else "",
        )

    return tuple(told(finding) for level in LEVELS for finding in review.findings if finding.level == level)


def who_took_part(cycle: Cycle, worksheets: Iterable[Worksheet], workbook: Workbook) -> tuple[Person, ...]:
    """Everybody who saved an answer or completed a worksheet, in the order of their first day. One query."""
    stages = {stage.key: stage.number for stage in workbook.stages}
    names: dict[int, str] = {}
    answered: dict[int, set[int]] = {}
    completed: dict[int, set[int]] = {}
    days: dict[int, list[datetime.datetime]] = {}
    saves = (
        Revision.objects.filter(worksheet__cycle=cycle, saved_by__isnull=False, worksheet__stage__in=stages)
        .order_by()
        .values_list("saved_by", "saved_by__name", "saved_by__email", "worksheet__stage")
        .annotate(first=Min("saved_at"), last=Max("saved_at"))
    )
    for user, name, email, stage, first, last in saves:
        names[user] = name or email
        answered.setdefault(user, set()).add(stages[stage])
        days.setdefault(user, []).extend((first, last))
    for worksheet in worksheets:
        person: User | None = worksheet.completed_by
        if worksheet.complete and person and worksheet.completed_at and worksheet.stage in stages:
            names[person.pk] = str(person)
            completed.setdefault(person.pk, set()).add(stages[worksheet.stage])
            days.setdefault(person.pk, []).append(worksheet.completed_at)
    return tuple(
        Person(
            names[user],
            tuple(sorted(answered.get(user, ()))),
            tuple(sorted(completed.get(user, ()))),
            local_day(min(days[user])),
            local_day(max(days[user])),
            len(stages),
        )
        for user in sorted(names, key=lambda user: (min(days[user]), names[user]))
    )


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it was here when something happened."""
    return timezone.localtime(moment).date()


def digest(cycle: Cycle, texts_stamp: str, *others: Cycle) -> str:
    """What the summary of a review depends on, in one word: when it changes, the summary is made again. No query.

    That is the cycle with all that hangs on it (its `stamp`), the texts, any other review that is printed behind it,
    and how this version sets pages. The day of issue is left out on purpose: a summary keeps the day on which it was
    first made, for as long as it says the same.
    """
    parts = (worksheets.__version__, texts_stamp, [(one.pk, one.stamp) for one in (cycle, *others)])
    return hashlib.sha256(repr(parts).encode()).hexdigest()
