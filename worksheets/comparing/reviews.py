"""Two reviews side by side: their figures, their questions, and the findings that were opened and closed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worksheets.comparing.answers import Compared, Line, State, compare_answers, more_or_less
from worksheets.comparing.words import Text, changed_words, whole
from worksheets.fields import spoken_number
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.stages import STAGES
from worksheets.stages.resources import WEEKLY, total
from worksheets.stages.stakeholders import PLATFORMS, chosen


@dataclass(frozen=True, slots=True)
class Figures:
    """What a review adds up to, in numbers. `None` where the question is not answered yet; hours are hours a week."""

    hours: float | None
    capacity: float | None
    platforms: int | None
    answered: int
    stops: int
    warnings: int
    notes: int


@dataclass(frozen=True, slots=True)
class Part:
    """One review as one side of a comparison. `conclusion` is why social media is not used, where a review says so,
    and `waiting` how many questions are still to be answered."""

    name: str
    starts: datetime.date
    ends: datetime.date
    conclusion: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Chapter:
    """The questions of one stage on both sides."""

    number: int
    title: str
    questions: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reviews side by side. `closed` are the findings of the earlier one that the later one has no more."""

    before: Part
    after: Part
    figures: tuple[Line, ...]
    chapters: tuple[Chapter, ...]
    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    stayed: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether anything at all is not the same."""
        lines = any(line.state != "same" for line in self.figures)
        return bool(lines or self.opened or self.closed or self.changed_questions)

    @property
    def changed_questions(self) -> tuple[Compared, ...]:
        return tuple(one for chapter in self.chapters for one in chapter.questions if one.changed)

    @property
    def only_changed(self) -> Comparison:
        """The same without what is the same on both sides."""
        chapters = (
            replace(chapter, questions=tuple(one.only_changed for one in chapter.questions if one.changed))
            for chapter in self.chapters
        )
        return replace(
            self,
            figures=tuple(line for line in self.figures if line.state != "same"),
            chapters=tuple(chapter for chapter in chapters if chapter.questions),
            stayed=(),
        )


def figures(review: Review) -> Figures:
    """The figures of a review."""
    scope, levels = review.scope, [finding.level for finding in review.findings]
    return Figures(
        hours=total(scope, WEEKLY) if scope.rows(WEEKLY) else None,
        capacity=review.answer("weekly").get("capacity"),
        platforms=len(chosen(scope, "active")) if scope.rows(PLATFORMS) else None,
        answered=review.progress.answered,
        stops=levels.count("stop"),
        warnings=levels.count("warn"),
        notes=levels.count("note"),
    )


def compare(before: Review, after: Review, parts: tuple[Part, Part]) -> Comparison:
    """Two reviews side by side; `parts` says what each is called. Reads no database."""
    chapters = (
        Chapter(
            stage.number,
            stage.title,
            tuple(
                compare_answers(
                    question, before.answer(question.key), after.answer(question.key), before.scope, after.scope
                )
                for question in stage.questions
            ),
        )
        for stage in STAGES
    )
    old, new = keyed(before.findings), keyed(after.findings)
    return Comparison(
        *parts,
        figures=tuple(at_a_glance(before, after, parts)),
        chapters=tuple(chapters),
        opened=tuple(finding for key, finding in new.items() if key not in old),
        closed=tuple(finding for key, finding in old.items() if key not in new),
        stayed=tuple(finding for key, finding in new.items() if key in old),
    )


def keyed(findings: Iterable[Finding]) -> dict[tuple[str, ...], Finding]:
    """Findings by what tells them apart: the rule and its row. One about several rows at once stays the same one
    when they change."""
    return {(one.id, *(one.subjects if len(one.subjects) == 1 else ())): one for one in findings}


def at_a_glance(before: Review, after: Review, parts: tuple[Part, Part]) -> Iterable[Line]:
    """The figures of both, and the conclusion not to use social media where one of them comes to it."""
    old, new = figures(before), figures(after)
    yield counted("Hours a week", old.hours, new.hours)
    yield counted("Hours a week you have", old.capacity, new.capacity)
    yield counted("Active platforms", old.platforms, new.platforms)
    yield counted("Questions answered", old.answered, new.answered)
    yield counted("Points that say stop", old.stops, new.stops)
    yield counted("Points to look at again", old.warnings, new.warnings)
    then, now = (part.conclusion for part in parts)
    if then or now:
        earlier, later = changed_words(then, now)
        state: State = "same" if then == now else "changed"
        yield Line("Why social media is not used", state, (earlier,) if then else (), (later,) if now else ())


def counted(label: str, before: float | None, after: float | None) -> Line:
    """One figure on both sides."""
    note = more_or_less(before, after) if before is not None and after is not None else ""
    return Line(label, "same" if before == after else "changed", figure(before), figure(after), note=note)


def figure(value: float | None) -> tuple[Text, ...]:
    return () if value is None else (whole(spoken_number(value), "same"),)
