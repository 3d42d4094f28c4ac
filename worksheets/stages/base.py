"""What a stage, a question and a question's form are: the frame that the six stage modules fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.safestring import SafeString

from worksheets.fields import Case, Kind, Path, Plain, Raw, Rows, Scope
from worksheets.fields.rows import shortened
from worksheets.presentation import Block, Computed, Finding, Level, Section, State

Answer = dict[str, Plain]
Computing = Callable[[Scope], tuple[Computed, ...]]


class QuestionForm(forms.Form):
    """The form of one question page. The form is the schema: what it declares is what an answer may hold.

    `data` is what a browser posted. `initial` is the stored answer. `raw`, given instead of `data`, is an answer that
    was already read from a page and changed, as when a row was added. After validation `answer` is plain JSON data.
    """

    base_fields: ClassVar[dict[str, Kind]]  # type: ignore[assignment]
    declared_fields: ClassVar[dict[str, Kind]]  # type: ignore[assignment]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, kind in cls.declared_fields.items():
            kind.born(cls.__qualname__, name)
        opened: dict[str, set[str]] = {}
        for kind in cls.declared_fields.values():
            if kind.when:
                opened.setdefault(kind.when[0], set()).add(kind.when[1])
        for name, choices in opened.items():
            cls.declared_fields[name].opens = choices  # type: ignore[attr-defined]

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        initial: Mapping[str, Plain] | None = None,
        raw: dict[str, Raw] | None = None,
        scope: Scope | None = None,
        draft: bool = True,
        mentioned: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), **kwargs)
        self.case = Case(scope or Scope(), draft=draft, mentioned=mentioned or {})
        self.answer: Answer = {}
        # What the answers add up to, as HTML, by the id of the row it stands in; "" for the whole question.
        self.computed: dict[str, SafeString] = {}
        if raw is not None:
            self.raw = raw
            self.is_bound = True
        elif data is not None:
            self.raw = {name: kind.from_post(data, name) for name, kind in self.base_fields.items()}
        else:
            self.raw = self.to_raw(self.initial, self.case.scope)

    @classmethod
    def to_raw(cls, answer: Mapping[str, Plain], scope: Scope) -> dict[str, Raw]:
        return {name: kind.to_raw(answer.get(name), scope) for name, kind in cls.base_fields.items()}

    @classmethod
    def settle(cls, raw: Mapping[str, Raw], case: Case, at: Path = ()) -> Answer:
        """The plain answer of raw values; faults go to `case`. An answer whose condition does not hold is dropped."""
        answer: Answer = {}
        for name, kind in cls.base_fields.items():
            if kind.when and kind.when[1] not in (answer.get(kind.when[0]) or ()):
                continue
            value = kind.settle(raw[name], (*at, name), case)
            if value is not None:
                answer[name] = value
        return answer

    @classmethod
    def raw_of(cls, plain: Any, case: Case) -> dict[str, Raw]:
        """The raw values of JSON from outside, whose type may be anything; faults go to `case`."""
        if not isinstance(plain, dict):
            case.fault((), "must be an object")
            plain = {}
        for key in plain:
            if key not in cls.base_fields:
                case.fault((key,), f"is not known here. Known are {', '.join(cls.base_fields)}")
        return {
            name: kind.from_json(plain[name], (name,), case) if name in plain else kind.to_raw(None, case.scope)
            for name, kind in cls.base_fields.items()
        }

    @classmethod
    def read(cls, plain: Any, case: Case) -> Answer:
        """The plain answer of JSON from outside; faults go to `case`."""
        return cls.settle(cls.raw_of(plain, case), case)

    @classmethod
    def untouched(cls, answer: Mapping[str, Plain], scope: Scope) -> Answer:
        """The stored answer as a page comes back that was loaded with it and left alone.

        It lacks what points to rows that are gone, and its references stand in the order that their rows have now.
        """
        kept = {name: kind.prune(answer[name], scope) for name, kind in cls.base_fields.items() if name in answer}
        return cls.settle(cls.to_raw(kept, scope), Case(scope))

    @classmethod
    def arranged(cls, answer: Mapping[str, Plain]) -> Answer:
        """The answer in the one order that the interchange file has: databases do not keep the order of keys."""
        return {name: kind.arranged(answer[name]) for name, kind in cls.base_fields.items() if name in answer}

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        if not self.is_bound:
            return
        self.answer = self.settle(self.raw, self.case)
        self.cleaned_data = dict(self.answer)
        for fault in self.case.faults:
            self._errors.setdefault(fault.element, self.error_class()).append(fault.message)

    def shown(self) -> list[forms.BoundField]:
        """The fields to draw on the page one below the other: those that stand on their own."""
        return [self[name] for name, kind in self.base_fields.items() if not kind.when]

    def inside(self, name: str, choice: str) -> SafeString:
        """The fields that belong to one choice of the field `name`, drawn."""
        drawn = (self[key].as_field_group() for key, kind in self.base_fields.items() if kind.when == (name, choice))
        return SafeString("".join(drawn))

    def tables(self) -> dict[str, Rows]:
        """The tables of rows on this form, by name."""
        return {name: kind for name, kind in self.base_fields.items() if isinstance(kind, Rows)}


def nothing(_scope: Scope) -> tuple[Computed, ...]:
    """Most questions compute nothing."""
    return ()


def plainly(question: Question, scope: Scope) -> tuple[Block, ...]:
    """Each field of the answer as a block, in the order of the form, and behind them what is computed from them."""
    answer = scope.answer(question.stage, question.key)
    blocks = [
        kind.block(answer.get(name), scope)
        for name, kind in question.form.base_fields.items()
        if not kind.when or kind.when[1] in (answer.get(kind.when[0]) or ())
    ]
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
        return not any(kind.needed for kind in self.form.base_fields.values())

    def missing(self, scope: Scope) -> Case:
        """What is still missing or wrong in the stored answer before its worksheet can be completed."""
        case = Case(scope, draft=False)
        answer = scope.answer(self.stage, self.key)
        self.form.settle(self.form.to_raw(answer, scope), case)
        return case

    def state(self, scope: Scope) -> State:
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
            Finding(self.id, self.level, self.stage, self.question, message, subjects)
            for subjects, message in sorted(self.finds(scope))
        ]


def rule(id: str, level: Level, question: str, *, why: str) -> Callable[[Callable[[Scope], Found]], Rule]:
    """Make a rule of the function below."""
    return lambda finds: Rule(id, level, question, why, finds)


def quoted(words: str, most: int = 90) -> str:
    """A row in its own words, in quotation marks, cut between words when it is long."""
    return f"“{shortened(words, most)}”"


@dataclass(frozen=True)
class Stage:
    """One stage of the review: one worksheet, one module, one chapter of the summary."""

    key: str
    title: str
    short: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...] = ()
    number: int = 0
