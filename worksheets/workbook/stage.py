"""What a question, a rule and a stage are: the parts that a workbook is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worksheets.cleaning import alike
from worksheets.fields import Case, RowsOf, Scope, text
from worksheets.presentation import Block, Computed, Finding, Level, Section, Standing
from worksheets.words import shortened
from worksheets.workbook.form import QuestionForm

Computing = Callable[[Scope], tuple[Computed, ...]]


def nothing(_scope: Scope) -> tuple[Computed, ...]:
    """Most questions compute nothing."""
    return ()


def plainly(question: Question, scope: Scope) -> tuple[Block, ...]:
    """Each field of the answer as a block, in the order of the form, and behind them what is computed from them."""
    answer = scope.answer(question.stage, question.key)
    blocks = [kind.block(answer.get(name), scope) for name, kind in question.form.kinds.items() if kind.shows(answer)]
    return (*blocks, *question.computed(scope))


@dataclass(frozen=True)
class Question:
    """One question: one page, one step of the wizard, one entry of its worksheet's answers.

    `title` is the question; `short` its name in lists. `minutes` is about how long a team talks about it. `computed`
    gives the lines its answer adds up to. `stage`, `number` and the `rules` that are mended here are filled in when the
    stages are put in order.
    """

    key: str
    title: str
    short: str
    form: type[QuestionForm]
    minutes: int = 5
    intro: str = ""
    computed: Computing = nothing
    present: Callable[[Question, Scope], tuple[Block, ...]] = plainly
    stage: str = ""
    number: int = 0
    rules: tuple[Rule, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether nothing in it is needed: saved empty, it counts as answered."""
        return not any(kind.needed for kind in self.form.kinds.values())

    def missing(self, scope: Scope) -> Case:
        """What is still missing or wrong in the stored answer before its worksheet can be completed."""
        case = Case(scope, draft=False)
        answer = scope.answer(self.stage, self.key)
        self.form.settle(self.form.to_raw(answer, scope), case)
        return case

    def state(self, scope: Scope) -> Standing:
        """Whether it is answered. An empty answer counts only where nothing is needed."""
        answers = scope.answers.get(self.stage, {})
        if self.key not in answers or (not answers[self.key] and not self.optional):
            return "not-started"
        return "in-progress" if self.missing(scope).faults else "answered"

    def findings(self, scope: Scope) -> list[Finding]:
        """Where this question's answer does not fit the others, as far as it is mended here."""
        return [finding for rule in self.rules for finding in rule.findings(scope)]

    def section(self, scope: Scope) -> Section:
        return Section(
            self.stage, self.key, self.number, self.title, self.short, self.state(scope), self.present(self, scope)
        )


# What a rule finds: the ids of the rows it is about, and what to say.
Found = Iterator[tuple[tuple[str, ...], str]]


@dataclass(frozen=True)
class Rule:
    """One way in which answers may contradict each other. It lives with the question that mends it.

    `finds` is a pure function of the whole review; it stays silent while what it needs is not answered. `why` says why
    it matters, with its source. The table of findings in the method gives ids, levels and subjects.
    """

    id: str
    level: Level
    question: str
    why: str
    finds: Callable[[Scope], Found]

    @property
    def stage(self) -> str:
        return self.id.partition(".")[0]

    def findings(self, scope: Scope) -> list[Finding]:
        """What this rule finds, in an order that does not depend on the order of rows."""
        return [
            Finding(self.id, self.level, self.stage, self.question, message, subjects, self.why)
            for subjects, message in sorted(self.finds(scope))
        ]


def rule(id: str, level: Level, question: str, *, why: str) -> Callable[[Callable[[Scope], Found]], Rule]:
    """Make a rule of the function below."""
    return lambda finds: Rule(id, level, question, why, finds)


def quoted(words: str, most: int = 90) -> str:
    """A row in its own words, in quotation marks, cut between words when it is long."""
    return f"“{shortened(words, most)}”"


def repeated(scope: Scope, table: RowsOf) -> list[tuple[tuple[str, ...], str]]:
    """The rows of a table whose words look the same: the ids of each such group, sorted, and the words of one."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in scope.rows(table):
        words = text(row, table.words)
        if alike(words):
            groups.setdefault(alike(words), []).append((text(row, "id"), words))
    return [
        (tuple(sorted(key for key, _ in rows)), min(words for _, words in rows))
        for rows in groups.values()
        if len(rows) > 1
    ]


@dataclass(frozen=True)
class Stage:
    """One stage of the review: one worksheet, one module, one chapter of the summary."""

    key: str
    title: str
    short: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...] = ()
    number: int = 0
