"""The saves of one question, each beside the one before it, and bringing an older answer back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from worksheets.comparing.answers import Compared, compare_answers, readable
from worksheets.fields import Scope
from worksheets.models import Revision, Worksheet
from worksheets.presentation import Computed, Section
from worksheets.workbook import Question

PAGE = 20


@dataclass(frozen=True)
class Save:
    """One save of a question: what it changed, or, if it was the first, what it said. `latest`: nobody saved since."""

    revision: Revision
    change: Compared
    first: Section | None
    latest: bool

    @property
    def emptied(self) -> bool:
        return not self.revision.answer


def saves(worksheet: Worksheet | None, question: Question, scope: Scope, page: int) -> tuple[list[Save], bool]:
    """The saves of one page, newest first, and whether there are older ones. One query.

    Every answer is read against the review as it is now: what points to rows that are gone is left out.
    """
    if worksheet is None:
        return [], False
    start = (page - 1) * PAGE
    rows = list(of(worksheet, question).filter(passed=False)[start : start + PAGE + 1])
    told = [
        Save(
            revision,
            change(question, before.answer if before else None, revision.answer, scope),
            first=section(question, revision.answer, scope) if before is None else None,
            latest=page == 1 and place == 0,
        )
        for place, (revision, before) in enumerate(zip_longest(rows[:PAGE], rows[1:]))
    ]
    return told, len(rows) > PAGE


def section(question: Question, answer: Mapping[str, Any] | None, scope: Scope) -> Section:
    """An answer of some time ago, ready to be read, without what it added up to."""
    whole = question.section(scope.having(question.stage, question.key, readable(question.form, answer, scope)))
    return replace(whole, blocks=tuple(block for block in whole.blocks if not isinstance(block, Computed)))


def of(worksheet: Worksheet, question: Question) -> Any:
    """The saves of a question with who made them, newest first."""
    return Revision.objects.filter(worksheet=worksheet, question=question.key).select_related("saved_by")


def change(
    question: Question, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, scope: Scope
) -> Compared:
    """What is not the same in two answers to a question."""
    then, now = (readable(question.form, side, scope) for side in (before, after))
    return compare_answers(question, then, now, scope, scope).only_changed
