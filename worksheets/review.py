"""A review as one object: answers, sections, progress. The waist through which everything that reads must pass.

Step 5 of the line in the README. `Review` is made from plain data, so that it can be tested without a database;
`Review.of` makes it from a cycle and its worksheets.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worksheets.fields import Kind, Rows, RowsOf, Scope
from worksheets.models import Cycle, Reason, Worksheet
from worksheets.presentation import Chapter, Finding, Link, Overview, Progress, Section
from worksheets.stages import QUESTION, QUESTIONS, RULES, STAGES, Question
from worksheets.stages.alignment import OBJECTIVES, SMART
from worksheets.stages.content import ITEMS
from worksheets.stages.drivers import AIMS
from worksheets.stages.evaluation import MEASURES
from worksheets.stages.resources import WEEKLY, total
from worksheets.stages.stakeholders import STAKEHOLDERS, top_platforms
from worksheets.texts import Texts, current

Answers = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Standing:
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
    """One organisation's review in one cycle, read once."""

    def __init__(self, scope: Scope, standings: Mapping[str, Standing] | None = None) -> None:
        self.standings = {stage.key: (standings or {}).get(stage.key, Standing()) for stage in STAGES}
        self.scope = prune(scope)

    @classmethod
    def of(cls, cycle: Cycle, worksheets: Iterable[Worksheet] | None = None, texts: Texts | None = None) -> Review:
        """The review of a cycle whose `organisation` is loaded; worksheets and texts are read unless they are given."""
        if worksheets is None:
            worksheets = cycle.worksheets.select_related("completed_by")
        known = {stage.key for stage in STAGES}
        kept = [worksheet for worksheet in worksheets if worksheet.stage in known]
        offered, retired = (texts or current()).platform_names()
        scope = Scope(
            answers={worksheet.stage: worksheet.answers for worksheet in kept},
            organisation=cycle.organisation.name,
            platforms=offered,
            retired=retired,
            starts=cycle.starts,
            ends=cycle.ends,
        )
        return cls(scope, {worksheet.stage: Standing(worksheet) for worksheet in kept})

    def answer(self, question: str) -> Mapping[str, Any]:
        """The plain answer to a question; an empty one when there is none yet."""
        return self.scope.answer(QUESTION[question].stage, question)

    @cached_property
    def states(self) -> dict[str, str]:
        """The state of every question by key. In a complete worksheet even what was left out is answered."""
        return {
            question.key: "answered" if self.standings[question.stage].complete else self._state(question)
            for question in QUESTIONS
        }

    def _state(self, question: Question) -> str:
        """The state of a question. One that was only carried forward waits for somebody to confirm it."""
        state = question.state(self.scope)
        waits = state == "answered" and question.key in self.standings[question.stage].carried
        return "in-progress" if waits else state

    @cached_property
    def progress(self) -> Progress:
        open_questions = [question for question in QUESTIONS if self.states[question.key] != "answered"]
        return Progress(
            answered=len(QUESTIONS) - len(open_questions),
            total=len(QUESTIONS),
            minutes_left=-(-sum(question.minutes for question in open_questions) // 5) * 5,
            stages_complete=sum(standing.complete for standing in self.standings.values()),
        )

    @property
    def complete(self) -> bool:
        return all(standing.complete for standing in self.standings.values())

    @cached_property
    def next_question(self) -> Question | None:
        """The first question that is not answered yet; None when all are."""
        return next((question for question in QUESTIONS if self.states[question.key] != "answered"), None)

    def section(self, question: str) -> Section:
        return QUESTION[question].section(self.scope)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """All answers, ready to be read: what the screen, the summary and the PDF are made of."""
        return tuple(
            Chapter(
                key=stage.key,
                number=stage.number,
                title=stage.title,
                short=stage.short,
                complete=self.standings[stage.key].complete,
                completed_by=self.standings[stage.key].completed_by,
                completed_at=stamp.isoformat() if (stamp := self.standings[stage.key].completed_at) else "",
                sections=tuple(question.section(self.scope) for question in stage.questions),
            )
            for stage in STAGES
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Where the answers do not fit together: every rule of every stage, in the order of the stages."""
        return tuple(finding for rule in RULES for finding in rule.findings(self.scope))

    @cached_property
    def overview(self) -> Overview:
        """The strategy on a page: each aim followed to objectives, stakeholders, platforms, content and measures."""
        scope = self.scope
        objectives, smart, items, measures = (scope.rows(t) for t in (OBJECTIVES, SMART, ITEMS, MEASURES))
        people = scope.choices(STAKEHOLDERS)

        def link(aim: str, words: str) -> Link:
            served = [row for row in objectives if aim in row.get("aims", ())]
            ids = {row["id"] for row in served}
            promised = {row["id"] for row in smart if row.get("objective") in ids}
            planned = [row for row in items if aim in row.get("aims", ())]
            return Link(
                id=aim,
                aim=words,
                objectives=tuple(row.get("statement", "") for row in served),
                stakeholders=unique(people[who] for row in planned for who in row.get("stakeholders", ())),
                platforms=unique(scope.platform(key) for row in planned for key in row.get("platforms", ())),
                content=tuple(row.get("what", "") for row in planned),
                measures=tuple(
                    ", ".join(filter(None, (row.get("what", ""), row.get("target") and f"target {row['target']}")))
                    for row in measures
                    if row.get("smart") in promised
                ),
            )

        return Overview(
            links=tuple(link(aim, words) for aim, words in scope.choices(AIMS).items()),
            top_platforms=tuple(scope.platform(key) for key in top_platforms(scope)),
            hours=total(scope, WEEKLY) if scope.rows(WEEKLY) else None,
            capacity=self.answer("weekly").get("capacity"),
            unanswered=self.progress.total - self.progress.answered,
        )

    def mentions(self, question: str) -> dict[str, list[str]]:
        """For the rows of a question that other answers point to: where each is named, by its id."""
        found: dict[str, list[str]] = {}
        for table, where, kind in REFERENCES:
            if table.question != question:
                continue
            rows = self.answer(where.key).get(kind.name) or []
            for n, row in enumerate(rows, 1):
                # A row that belongs to the one in question says nothing of its own.
                words = "" if kind.refers else f", “{kind.row_words(row, self.scope) or kind.title(row, n)}”"
                place = f"question {where.number}{words}"
                for row_id in pointed_at(kind, row, table):
                    found.setdefault(row_id, []).append(place)
        return found


def reasons_of(cycle: Cycle) -> dict[tuple[str, str], Reason]:
    """The reasons that leads wrote beside the points of a review, by the `key` of their finding. One query.

    Some may belong to points that are gone for now: they are shown again when the point comes back.
    """
    reasons = Reason.objects.filter(cycle=cycle).select_related("written_by")
    return {(reason.finding, reason.subjects): reason for reason in reasons}


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """Each of the words once, in the order of their first coming."""
    return tuple(dict.fromkeys(words))


def referring(kind: Kind) -> Iterable[RowsOf]:
    """The tables that a table of rows points into."""
    tables = (
        [kind.refers, *(field.refers for field in kind.fields.values())] if isinstance(kind, Rows) else [kind.refers]
    )
    return dict.fromkeys(table for table in tables if table)


# Every table of rows that points into another: (the table pointed into, the question that points, its table of rows).
REFERENCES: tuple[tuple[RowsOf, Question, Rows], ...] = tuple(
    (table, question, kind)
    for question in QUESTIONS
    for kind in question.form.base_fields.values()
    if isinstance(kind, Rows)
    for table in referring(kind)
)


def pointed_at(kind: Rows, row: Mapping[str, Any], table: RowsOf) -> set[str]:
    """The ids of rows of `table` that one row names."""
    ids = {row[kind.key]} if kind.refers == table else set()  # type: ignore[attr-defined]
    for name, field in kind.fields.items():
        if field.refers == table and row.get(name):
            ids.update(row[name] if isinstance(row[name], list) else [row[name]])
    return ids


def prune(scope: Scope) -> Scope:
    """The scope without references to rows that are gone.

    They are dropped when reading and not when a row is removed: removing writes nothing elsewhere, and bringing a row
    back brings its ties back.
    """
    for question in QUESTIONS:
        fields = [(n, kind) for n, kind in question.form.base_fields.items() if any(referring(kind))]
        answer = scope.answer(question.stage, question.key)
        if not answer or not fields:
            continue
        pruned = dict(answer)
        for name, kind in fields:
            if name in pruned:
                kept = kind.prune(pruned.pop(name), scope)
                if kept is not None:
                    pruned[name] = kept
        scope = scope.having(question.stage, question.key, {key: pruned[key] for key in answer if key in pruned})
    return scope
