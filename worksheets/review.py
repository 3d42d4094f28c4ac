"""A filled workbook as one object: answers, sections, progress. The waist through which all that reads must pass.

Step 5 of the line in the README. `Review` is made from plain data, so that it can be tested without a database;
`Review.of` makes it from a cycle and its worksheets.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from worksheets.fields import Neighbour, Plain, PlainRow, Rows, RowsOf, Scope, rows_in, several, text
from worksheets.models import Cycle, Worksheet
from worksheets.presentation import Chapter, Finding, Progress, Section, Standing
from worksheets.texts import Texts
from worksheets.workbook import Question, Workbook
from worksheets.workbooks import WORKBOOKS


@dataclass(frozen=True)
class Sheet:
    """How a stage stands: its worksheet, if there is one. Who completed it is read only when somebody asks."""

    worksheet: Worksheet | None = None

    @property
    def complete(self) -> bool:
        return bool(self.worksheet and self.worksheet.complete)

    @property
    def carried(self) -> frozenset[str]:
        """The questions whose answers came from the last review, and which nobody has confirmed or changed yet."""
        return frozenset(self.worksheet.carried if self.worksheet else ())

    @property
    def completed_by(self) -> str:
        return str(self.worksheet.completed_by or "") if self.worksheet else ""

    @property
    def completed_at(self) -> datetime.datetime | None:
        return self.worksheet.completed_at if self.worksheet else None


class Review:
    """One organisation's run of a workbook, read once."""

    def __init__(
        self,
        workbook: Workbook,
        scope: Scope,
        sheets: Mapping[str, Sheet] | None = None,
        *,
        signed_off: bool = False,
    ) -> None:
        self.workbook = workbook
        # What is asked afterwards is due once the rest is signed off.
        self.due = workbook.stages if signed_off else workbook.before_decision
        self.sheets = {stage.key: (sheets or {}).get(stage.key, Sheet()) for stage in workbook.stages}
        self.scope = prune(workbook, scope)

    @classmethod
    def of(
        cls,
        cycle: Cycle,
        worksheets: Iterable[Worksheet],
        texts: Texts,
        beside: Mapping[str, Neighbour] | None = None,
    ) -> Review:
        """The review of a cycle whose `organisation` is loaded, from its worksheets and the texts as they stand.

        `beside` are the other runs that it is read against, where they are known.
        """
        workbook = WORKBOOKS[cycle.workbook]
        kept = [worksheet for worksheet in worksheets if worksheet.stage in workbook.stage]
        offered, retired = texts.platform_names()
        scope = Scope(
            answers={worksheet.stage: worksheet.answers for worksheet in kept},
            organisation=cycle.organisation.name,
            platforms=offered,
            retired=retired,
            starts=cycle.starts,
            ends=cycle.ends,
            numbers=workbook.numbers,
            strategy=(cycle.strategy_title, cycle.strategy_link),
            guide=texts.platform_notes(),
            over=cycle.ends < timezone.localdate(),
            beside=beside or {},
        )
        sheets = {worksheet.stage: Sheet(worksheet) for worksheet in kept}
        return cls(workbook, scope, sheets, signed_off=cycle.state == Cycle.State.SIGNED_OFF)

    def answer(self, question: str) -> Mapping[str, Plain]:
        """The plain answer to a question; an empty one when there is none yet."""
        return self.scope.answer(self.workbook.question[question].stage, question)

    def carried(self, question: Question) -> bool:
        """Whether an answer is still as it came from the last review: nobody has confirmed or changed it."""
        return question.key in self.sheets[question.stage].carried

    @cached_property
    def states(self) -> dict[str, Standing]:
        """The state of every question by key."""
        return {question.key: self.state(question) for question in self.workbook.questions}

    def state(self, question: Question) -> Standing:
        """The state of a question. In a complete worksheet even what was left out is answered.

        One that was only carried forward waits for somebody to confirm it.
        """
        if self.sheets[question.stage].complete:
            return "answered"
        state = question.state(self.scope)
        return "in-progress" if state == "answered" and self.carried(question) else state

    @cached_property
    def waiting(self) -> tuple[Question, ...]:
        """The questions that are due, and not answered yet."""
        asked = (question for stage in self.due for question in stage.questions)
        return tuple(question for question in asked if self.states[question.key] != "answered")

    @cached_property
    def progress(self) -> Progress:
        total = sum(len(stage.questions) for stage in self.due)
        return Progress(
            answered=total - len(self.waiting),
            total=total,
            minutes_left=-(-sum(question.minutes for question in self.waiting) // 5) * 5,
            stages_complete=sum(self.sheets[stage.key].complete for stage in self.due),
        )

    @property
    def complete(self) -> bool:
        """Whether every worksheet is complete that is due."""
        return all(self.sheets[stage.key].complete for stage in self.due)

    @property
    def whole(self) -> str:
        """All its worksheets that are due, as they stand in a sentence: "all six worksheets are"."""
        return self.workbook.all_of(len(self.due))

    def section(self, question: str) -> Section:
        return self.workbook.question[question].section(self.scope)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """All answers, ready to be read: what the screen, the summary and the PDF are made of."""
        return tuple(
            Chapter(
                key=stage.key,
                number=stage.number,
                title=stage.title,
                short=stage.short,
                complete=self.sheets[stage.key].complete,
                completed_by=self.sheets[stage.key].completed_by,
                completed_at=moment.isoformat() if (moment := self.sheets[stage.key].completed_at) else "",
                sections=tuple(question.section(self.scope) for question in stage.questions),
            )
            for stage in self.workbook.stages
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Where the answers do not fit together: every rule of every stage, in the order of the stages."""
        return tuple(finding for rule in self.workbook.rules for finding in rule.findings(self.scope))

    def told(self, finding: Finding, subjects: Iterable[str]) -> Finding:
        """A finding as it is said of some of its subjects; itself for all of them."""
        some = tuple(sorted(subjects))
        return finding if some == finding.subjects else self.workbook.rule[finding.id].told(self.scope, some)

    @property
    def stops(self) -> list[Finding]:
        """The findings that say stop."""
        return [finding for finding in self.findings if finding.level == "stop"]

    def mentions(self, question: str) -> dict[str, list[str]]:
        """For the rows of a question that other answers point to: where each is named, by its id."""
        places: dict[str, list[str]] = {}
        for table, where, kind in self.workbook.references:
            if table.question != question:
                continue
            for n, row in enumerate(rows_in(self.answer(where.key), kind.name), 1):
                # A row that belongs to the one in question says nothing of its own.
                own = "" if kind.refers else f", “{kind.row_words(row, self.scope) or kind.title(n)}”"
                place = f"{self.scope.question(where.key)}{own}"
                for row_id in pointed_at(kind, row, table):
                    places.setdefault(row_id, []).append(place)
        return places


def pointed_at(kind: Rows, row: PlainRow, table: RowsOf) -> set[str]:
    """The ids of rows of `table` that one row names."""
    ids = {text(row, kind.own_keys[0])} if kind.refers == table else set()
    for name, field in kind.fields.items():
        if field.refers == table:
            ids.update(filter(None, (text(row, name), *several(row, name))))
    return ids


def prune(workbook: Workbook, scope: Scope) -> Scope:
    """The scope without references to rows that are gone.

    They are dropped when reading and not when a row is removed: removing writes nothing elsewhere, and bringing a row
    back brings its ties back.
    """
    for question, fields in workbook.pointing:
        answer = scope.answer(question.stage, question.key)
        if not answer:
            continue
        pruned = dict(answer)
        for name, kind in fields:
            if name in pruned:
                kept = kind.prune(pruned.pop(name), scope)
                if kept is not None:
                    pruned[name] = kept
        scope = scope.having(question.stage, question.key, {key: pruned[key] for key in answer if key in pruned})
    return scope
