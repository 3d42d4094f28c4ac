"""What goes into a strategy summary: one frozen object from which the PDF and its twin on screen are both made."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone

from worksheets.comparing.reviews import Comparison
from worksheets.fields import spoken_date
from worksheets.models import Cycle, Issued, Reason, Revision, User, Worksheet
from worksheets.pictures import beside_questions, golden_thread
from worksheets.presentation import LEVELS, Chapter, Figure, Finding, Overview
from worksheets.report.evidence import Evidence, evidence
from worksheets.review import Review, reasons_of
from worksheets.stages import QUESTION, RULE, STAGES
from worksheets.texts import Texts

TITLE = "Social media strategy"
# What to do first, in this order.


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who took part: the numbers of the stages they answered in and completed, their first and last day."""

    name: str
    answered: tuple[int, ...]
    completed: tuple[int, ...]
    first: datetime.date
    last: datetime.date

    @property
    def did(self) -> str:
        """What they did, in words."""
        parts = []
        if self.answered:
            parts.append(f"answered questions in {stages_in_words(self.answered)}")
        if self.completed:
            worksheets = "worksheet" if len(self.completed) == 1 else "worksheets"
            parts.append(f"completed {worksheets} {listed(self.completed)}")
        words = " and ".join(parts)
        return words[:1].upper() + words[1:]


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

    `pictures` stand beside questions; `thread_in_short` is the golden thread with fewer words, for the page.
    `conclusion` is why the team decided not to use social media, where it did; then what was not answered is left out.
    """

    organisation: str
    cycle: str
    starts: datetime.date
    ends: datetime.date
    complete: bool
    issued: datetime.date
    overview: Overview
    chapters: tuple[Chapter, ...]
    states: dict[str, str]
    people: tuple[Person, ...]
    evidence: tuple[Evidence, ...]
    strategy_title: str = ""
    strategy_link: str = ""
    submitted: bool = False
    signed_off: SignedOff | None = None
    conclusion: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    comparison: Comparison | None = None
    pictures: tuple[Figure, ...] = ()
    thread: Figure | None = None
    thread_in_short: Figure | None = None

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
        """The chapters that are shown: all, or after the conclusion not to use social media those with an answer."""
        if not self.conclusion:
            return self.chapters
        told = (
            replace(chapter, sections=tuple(s for s in chapter.sections if self.states[s.key] != "not-started"))
            for chapter in self.chapters
        )
        return tuple(chapter for chapter in told if chapter.sections)

    @property
    def title(self) -> str:
        return f"{TITLE}: {self.organisation}, {self.cycle}"


def contents(
    cycle: Cycle,
    review: Review,
    people: Iterable[Person],
    issued: datetime.date,
    signed_off: SignedOff | None = None,
    reasons: Mapping[tuple[str, str], Reason] | None = None,
) -> Contents:
    """The contents of a summary of `review`. Reads no database: the cycle's organisation must be loaded."""
    return Contents(
        organisation=cycle.organisation.name,
        cycle=cycle.name,
        starts=cycle.starts,
        ends=cycle.ends,
        complete=review.complete,
        issued=issued,
        overview=review.overview,
        chapters=review.chapters,
        states=review.states,
        people=tuple(people),
        evidence=evidence(review.scope),
        strategy_title=cycle.strategy_title,
        strategy_link=cycle.strategy_link,
        submitted=cycle.state == Cycle.State.SUBMITTED,
        signed_off=signed_off,
        conclusion=in_lines(cycle.not_using_because),
        points=points(review, reasons or {}),
        pictures=beside_questions(review),
        thread=golden_thread(review),
        thread_in_short=golden_thread(review, most=3),
    )


def gather(
    cycle: Cycle, worksheets: Iterable[Worksheet], texts: Texts, signed_off: SignedOff | None = None
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
    return contents(cycle, review, who_took_part(cycle, worksheets), issued, signed_off, reasons)


def in_lines(text: str) -> tuple[str, ...]:
    """A text as its paragraphs."""
    return tuple(filter(None, (line.strip() for line in text.split("\n"))))


def points(review: Review, reasons: Mapping[tuple[str, str], Reason]) -> tuple[Point, ...]:
    """The points to resolve, what to do first on top, each with the reason for which it stays, if there is one."""

    def told(finding: Finding) -> Point:
        reason = reasons.get(finding.key)
        return Point(
            LEVELS[finding.level],
            QUESTION[finding.question].number,
            finding.message,
            RULE[finding.id].why,
            in_lines(reason.text) if reason else (),
            f"{reason.written_by or 'A lead'}, {spoken_date(local_day(reason.written_at))}" if reason else "",
        )

    return tuple(told(finding) for level in LEVELS for finding in review.findings if finding.level == level)


def who_took_part(cycle: Cycle, worksheets: Iterable[Worksheet]) -> tuple[Person, ...]:
    """Everybody who saved an answer or completed a worksheet, in the order of their first day. One query."""
    stages = {stage.key: stage.number for stage in STAGES}
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
        )
        for user in sorted(names, key=lambda user: (min(days[user]), names[user]))
    )


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day it was here when something happened."""
    return timezone.localtime(moment).date()


def listed(numbers: Iterable[int]) -> str:
    """Numbers in words: "1", "1 and 2", "1, 2 and 3"."""
    words = [str(number) for number in numbers]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def stages_in_words(numbers: tuple[int, ...]) -> str:
    if len(numbers) == len(STAGES):
        return "all six stages"
    return f"{'stage' if len(numbers) == 1 else 'stages'} {listed(numbers)}"


def digest(facts: Iterable[tuple[Any, ...]], texts: Texts) -> str:
    """What the summary of a review depends on, in one word: when it changes, the summary is made again. No query.

    `facts` are those of `access.FACTS`: answers are told by the version of their worksheet. The day of issue is left
    out on purpose: a summary keeps the day on which it was first made, for as long as it says the same.
    """
    parts = (renderer_version(), list(facts), texts.platform_names())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def renderer_version() -> str:
    """The digest of everything that says how a summary reads and looks: nobody has to remember to raise a number."""
    base = Path(settings.BASE_DIR)
    files = [
        *(base / "worksheets").rglob("*.py"),
        *(base / "static" / "build" / "fonts").glob("*"),
        *(base / "templates" / "pdf").iterdir(),
        base / "toolkit/jinja2.py",
        base / "templates/sections.jinja",
        base / "templates/comparing/parts.jinja",
    ]
    found = hashlib.sha256()
    for file in sorted(files):
        if "migrations" not in file.parts:
            found.update(file.read_bytes())
    # Their versions are read from files: only the press loads them.
    found.update(" ".join(map(version, ("weasyprint", "pikepdf"))).encode())
    return found.hexdigest()
