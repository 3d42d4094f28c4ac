"""What the last review promised and what became of it, read in one query for every page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import CharField, F, Value

from worksheets.access import CycleVisit
from worksheets.fields import Answer, Plain, Scope, rows_in, text
from worksheets.fields.base import Case, Fault, Path
from worksheets.following.carrying import dated
from worksheets.following.forms import DECISIONS, MET, LookbackForm
from worksheets.models import Cycle, Lookback, Worksheet
from worksheets.presentation import Standing
from worksheets.workbook import Promised, Question, Workbook


@dataclass(frozen=True)
class Promise:
    """A row of the last review that promised something (`last` is that row), and what was answered about it since.

    `table` is the question that asks for it.
    """

    promised: Promised
    row: str
    number: int
    of: int
    last: Mapping[str, Plain]
    answers: Mapping[str, Plain] = field(default_factory=dict)
    version: int = 0

    @property
    def table(self) -> str:
        return self.promised.table.question

    @property
    def words(self) -> str:
        """The row in its own words; "Measure 2" while it has none."""
        return text(self.last, self.promised.table.words) or self.title

    @property
    def title(self) -> str:
        return self.promised.table.title(self.number)

    @property
    def target(self) -> str:
        return text(self.last, self.promised.target)

    @property
    def state(self) -> Standing:
        if not self.answers:
            return "not-started"
        case = Case(Scope(), draft=False)
        LookbackForm.settle(LookbackForm.to_raw(self.answers, case.scope), case)
        return "in-progress" if case.faults else "answered"

    @property
    def decision(self) -> str:
        """Keep, change or stop, in words."""
        return DECISIONS.get(text(self.answers, "decision"), "")

    @property
    def met(self) -> str:
        """Whether the target was met, in words."""
        return MET.get(text(self.answers, "met"), "")

    @property
    def old_target(self) -> str:
        """The target that is asked for anew, because it was dated; nothing when it was carried forward."""
        return self.target if dated(self.target) else ""


@dataclass(frozen=True)
class Last:
    """The last review, as far as the one that follows it needs it; `language` is the one it was written in."""

    name: str
    language: str
    promises: tuple[Promise, ...]

    @property
    def answered(self) -> int:
        return sum(promise.state == "answered" for promise in self.promises)

    @property
    def state(self) -> Standing:
        if self.answered == len(self.promises):
            return "answered"
        return "in-progress" if any(promise.answers for promise in self.promises) else "not-started"

    @property
    def waiting(self) -> Promise | None:
        """The first promise that has not been looked back at."""
        return next((promise for promise in self.promises if promise.state != "answered"), None)

    def of(self, table: str) -> dict[str, Promise]:
        """The promises of one table by the ids of their rows, which the next review keeps."""
        return {promise.row: promise for promise in self.promises if promise.table == table}

    def find(self, table: str, row: str) -> Promise | None:
        return self.of(table).get(row)

    def lessons(self, question: str) -> list[Promise]:
        """What was learnt that concerns a question."""
        return [promise for promise in self.promises if promise.table == question and promise.answers.get("lesson")]


def review_before(visit: CycleVisit) -> Last | None:
    """The review that the visited one follows, as `of_cycle` has it."""
    return of_cycle(visit.cycle, visit.workbook)


def of_cycle(cycle: Cycle, workbook: Workbook) -> Last | None:
    """The review that this one follows; None, without a query, when it follows none or nothing is promised in it.

    It may be archived by now.
    """
    if cycle.previous_id is None or not workbook.promises:
        return None
    sheets = (
        Worksheet.objects.filter(cycle=cycle.previous_id)
        .order_by()
        .values_list(
            Value("", output_field=CharField()),
            F("stage"),
            F("cycle__name"),
            F("cycle__language"),
            "answers",
            "version",
        )
    )
    kept = (
        Lookback.objects.filter(cycle=cycle)
        .order_by()
        .values_list(Value("row", output_field=CharField()), F("table"), F("row"), Value(""), "answers", "version")
    )
    stages: dict[str, Mapping[str, Answer]] = {}
    answered: dict[tuple[str, str], tuple[Mapping[str, Plain], int]] = {}
    name, language = f"the last {workbook.noun}", cycle.language
    for what, key, words, spoken, answers, version in sheets.union(kept, all=True):
        if what:
            answered[key, words] = answers, version
        else:
            stages[key], name, language = answers, words, spoken
    scope = Scope(answers=stages)
    promises = [
        Promise(promised, key, number, len(rows), row, *answered.get((table, key), ({}, 0)))
        for table, promised in workbook.promised.items()
        for rows in [scope.rows(promised.table)]
        for number, (key, row) in enumerate(((text(row, "id"), row) for row in rows), 1)
    ]
    return Last(name, language, tuple(promises))


def answered_before(visit: CycleVisit, question: Question) -> Answer:
    """What the review before answered to a question, whether this one follows it or not. One query."""
    sheets = Worksheet.objects.filter(
        cycle__in=visit.cycles(visit.workbook).filter(archived_at=None, starts__lt=visit.cycle.starts),
        stage=question.stage,
    )
    answers = sheets.order_by("-cycle__starts", "-cycle_id").values_list("answers", flat=True).first() or {}
    answer: Answer = answers.get(question.key) or {}
    return answer


def unsettled(question: Question, answer: Mapping[str, Plain], scope: Scope, last: Last | None) -> list[Fault]:
    """What must be answered before it can be said of a carried answer that it still holds.

    That is what is needed anyway, and every target that was left out because it was dated.
    """
    faults = question.missing(scope.having(question.stage, question.key, answer)).faults
    promises = last.of(question.key) if last else {}
    asked: dict[Path, str] = {}
    for promise in promises.values():
        table, target = promise.promised.table.field, promise.promised.target
        for number, row in enumerate(rows_in(answer, table)):
            if text(row, "id") == promise.row and not text(row, target) and promise.old_target:
                asked[table, number, target] = promise.old_target
    faults = [fault for fault in faults if fault.path not in asked]
    return faults + [
        Fault(path, f"Enter the new target. Last time it was “{old}”") for path, old in sorted(asked.items())
    ]
