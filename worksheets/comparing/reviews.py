"""Two reviews side by side: their figures, their questions, and the findings that were opened and closed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worksheets.comparing.answers import Change, Compared, Line, compare_answers, more_or_less
from worksheets.comparing.words import Text, changed_words, whole
from worksheets.fields import spoken_number
from worksheets.languages import OURS
from worksheets.presentation import Finding
from worksheets.review import Review


@dataclass(frozen=True, slots=True)
class Counts:
    """What a review adds up to, in numbers: its workbook's own `sums` in their order (None where the question is not
    answered yet), and what every review has."""

    sums: tuple[float | None, ...]
    answered: int
    stops: int
    warnings: int
    notes: int


@dataclass(frozen=True, slots=True)
class Side:
    """One review as one side of a comparison. `conclusion` is why it ended before all was answered, where it did,
    `waiting` how many questions are still to be answered, and `language` the one its answers are written in."""

    name: str
    starts: datetime.date
    ends: datetime.date
    conclusion: str = ""
    waiting: int = 0
    language: str = OURS


@dataclass(frozen=True, slots=True)
class Chapter:
    """The questions of one stage on both sides."""

    number: int
    title: str
    questions: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reviews side by side. `closed` are the findings of the earlier one that the later one has no more."""

    before: Side
    after: Side
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


def counts(review: Review) -> Counts:
    """The numbers of a review."""
    levels = [finding.level for finding in review.findings]
    return Counts(
        sums=tuple(one.of(review) for one in review.workbook.sums),
        answered=review.progress.answered,
        stops=levels.count("stop"),
        warnings=levels.count("warn"),
        notes=levels.count("note"),
    )


def compare(before: Review, after: Review, sides: tuple[Side, Side]) -> Comparison:
    """Two runs of one workbook side by side; `sides` says what each is called. Reads no database."""
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
        for stage in after.workbook.stages
    )
    old, new = keyed(before.findings), keyed(after.findings)
    return Comparison(
        *sides,
        figures=tuple(at_a_glance(before, after, sides)),
        chapters=tuple(chapters),
        opened=tuple(finding for key, finding in new.items() if key not in old),
        closed=tuple(finding for key, finding in old.items() if key not in new),
        stayed=tuple(finding for key, finding in new.items() if key in old),
    )


def keyed(findings: Iterable[Finding]) -> dict[tuple[str, ...], Finding]:
    """Findings by what tells them apart: the rule and its row. One about several rows at once stays the same one
    when they change."""
    return {(one.id, *(one.subjects if len(one.subjects) == 1 else ())): one for one in findings}


def at_a_glance(before: Review, after: Review, sides: tuple[Side, Side]) -> Iterable[Line]:
    """The numbers of both, and the conclusion where one of them ended before all was answered."""
    old, new = counts(before), counts(after)
    for one, then, now in zip(after.workbook.sums, old.sums, new.sums, strict=True):
        yield in_numbers(one.label, then, now)
    yield in_numbers("Questions answered", old.answered, new.answered)
    yield in_numbers("Points that say stop", old.stops, new.stops)
    yield in_numbers("Points to look at again", old.warnings, new.warnings)
    earlier, later = (side.conclusion for side in sides)
    if earlier or later:
        marked = changed_words(earlier, later)
        change: Change = "same" if earlier == later else "changed"
        label = after.workbook.endings[0].label if after.workbook.endings else "Conclusion"
        yield Line(label, change, marked[:1] if earlier else (), marked[1:] if later else (), written=True)


def in_numbers(label: str, before: float | None, after: float | None) -> Line:
    """One number on both sides."""
    note = more_or_less(before, after) if before is not None and after is not None else ""
    return Line(label, "same" if before == after else "changed", in_figures(before), in_figures(after), note=note)


def in_figures(value: float | None) -> tuple[Text, ...]:
    return () if value is None else (whole(spoken_number(value), "same"),)
