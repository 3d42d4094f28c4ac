"""What a question and a stage are: the parts that a workbook is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worksheets.fields import Case, Scope
from worksheets.presentation import Block, Computed, Finding, Section, Standing
from worksheets.workbook.form import QuestionForm
from worksheets.workbook.rules import Rule

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
    gives the lines its answer adds up to. `reading` names the pages of the guidance (`guides.GUIDES`) that help with
    it. `stage`, `number` and the `rules` that are mended here are filled in when the
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
    reading: tuple[str, ...] = ()

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

    def rule(self, id: str) -> Rule:
        """One of the rules that are mended here."""
        return next(rule for rule in self.rules if rule.id == id)

    def section(self, scope: Scope) -> Section:
        return Section(
            self.stage, self.key, self.number, self.title, self.short, self.state(scope), self.present(self, scope)
        )


@dataclass(frozen=True)
class Stage:
    """One stage of a workbook: one worksheet, one module, one chapter of the summary.

    What happens only after a run was signed off is asked `afterwards`: its worksheet stays open then.
    """

    key: str
    title: str
    short: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...] = ()
    number: int = 0
    afterwards: bool = False
