"""The ground every kind of question stands on: what a field must be able to do, and what it is checked against.

An answer has two shapes. **Raw** is what a form carries: text, lists of text, and for a table a list of raw rows.
**Plain** is what is stored and what the interchange file holds: JSON, cleaned. `settle` is the only way from raw to
plain (step 2 of the line in the README), whether the raw came from a browser or from a file.
"""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from worksheets import presentation
from worksheets.skeleton import own, skeleton, slot
from worksheets.words import capital, with_numbers

Raw = Any
Plain = Any
Path = tuple[str | int, ...]

# What may stand in a text: no control characters but line breaks, and no halves of characters, which no database takes.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Where a table is kept that other answers point into, and which of its fields says what a row is."""

    stage: str
    question: str
    field: str
    words: str
    noun: str

    def title(self, number: int) -> str:
        """What a row is called that says nothing of itself yet: "Aim 2"."""
        return f"{capital(self.noun)} {number}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must be put right: where, and what to do about it."""

    path: Path
    message: str

    @property
    def element(self) -> str:
        """The id of the element on the page that the fault is about: `aims-2-statement`."""
        return "-".join(str(part) for part in self.path)

    @property
    def place(self) -> str:
        """The fault's place in a file: `aims[2].statement`."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text


@dataclass(frozen=True)
class Scope:
    """The plain data an answer is read against: the review's answers, the platforms, the organisation, the dates.

    `answers` is `{stage: {question: answer}}`. `platforms` and `retired` are names by key, in the order to show them.
    `numbers` are those of the questions by key. `strategy` is the title of the organisation's own strategy, and its
    link.
    """

    answers: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    organisation: str = "your organisation"
    platforms: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    strategy: tuple[str, str] = ("", "")

    def question(self, key: str) -> str:
        """A question as a sentence names it: "question 8". It is never written as a number: numbers are counted."""
        return self.with_numbers(f"{{question:{key}}}")

    def with_numbers(self, text: str) -> str:
        """The text with the questions that it names by key named by number."""
        return with_numbers(text, self.numbers)

    def answer(self, stage: str, question: str) -> Mapping[str, Any]:
        """The plain answer to a question; an empty one when there is none yet."""
        return self.answers.get(stage, {}).get(question, {})

    def rows(self, table: RowsOf) -> list[dict[str, Any]]:
        """The rows of a table, in their order."""
        return self.answer(table.stage, table.question).get(table.field, [])

    def choices(self, table: RowsOf) -> dict[str, str]:
        """The rows of a table as choices: the words of each row by its id ("Aim 2" while it has none)."""
        return {
            row["id"]: row.get(table.words) or table.title(number) for number, row in enumerate(self.rows(table), 1)
        }

    def platform(self, key: str) -> str:
        """The name of a platform, retired ones included; the key itself when it is not known here."""
        return self.platforms.get(key) or self.retired.get(key) or key

    def having(self, stage: str, question: str, answer: Mapping[str, Any]) -> Scope:
        """The same review, were `answer` the answer to that question."""
        answers = {**self.answers, stage: {**self.answers.get(stage, {}), question: answer}}
        return replace(self, answers=answers)


@dataclass
class Case:
    """One checking of one answer: what it is read against, whether it is a draft, and the faults found so far.

    `mentioned` says, for the ids of rows that other answers point to, where they are named.
    """

    scope: Scope
    draft: bool = True
    mentioned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, at: Path, message: str) -> None:
        self.faults.append(Fault(at, message))

    @cached_property
    def messages(self) -> dict[str, str]:
        """The first message about each element, once the checking is done."""
        found: dict[str, str] = {}
        for fault in self.faults:
            found.setdefault(fault.element, fault.message)
        return found


class AnswerField(forms.BoundField):
    """A field of a form on a page, drawn by its kind."""

    field: Kind
    form: Any

    def as_field_group(self, *args: Any, **kwargs: Any) -> SafeString:
        return self.field.draw((self.name,), self.form.raw[self.name], self.form.case, form=self.form)

    __html__ = __str__ = as_field_group


class Kind(ABC, forms.Field):
    """A kind of question. `needed` marks what a worksheet cannot be completed without (the `*` of the method).

    `when` names another field of the same form and the choice of it that this field belongs to: when that is not
    chosen, an answer given here is dropped. `ask` is the error shown when a needed answer is missing. `half` lets two
    such fields of a row stand side by side on a wide screen.
    """

    template: ClassVar[str]
    bound_field_class = AnswerField
    refers: RowsOf | None = None

    def __init__(
        self,
        label: str,
        hint: str = "",
        *,
        needed: bool = False,
        ask: str = "",
        when: tuple[str, str] | None = None,
        short: str = "",
        half: bool = False,
    ) -> None:
        super().__init__(required=False, label=label, help_text=hint)
        self.needed = needed
        self.ask = ask
        self.when = when
        self.short = short or label
        self.half = half
        self.name = ""
        self.owner = ""

    def born(self, owner: str, name: str) -> None:
        """Told by the form that declares it what it is called; `owner` and `name` together are unique."""
        own(owner, name)
        self.owner, self.name = owner, name

    # From the browser and from a file to a plain answer.

    def from_post(self, data: Mapping[str, Any], name: str) -> Raw:
        return data.get(name) or ""

    @abstractmethod
    def from_json(self, plain: Plain, at: Path, case: Case) -> Raw:
        """The raw form of JSON from outside, whose type may be anything: faults name what it should be."""

    def to_raw(self, plain: Plain, scope: Scope) -> Raw:
        """The raw form of a stored answer; `None` stands for no answer."""
        return "" if plain is None else str(plain)

    @abstractmethod
    def settle(self, raw: Raw, at: Path, case: Case) -> Plain | None:
        """The plain answer, or `None` when there is none. What cannot be right is reported to `case`."""

    def blank(self, raw: Raw) -> bool:
        return not raw or (isinstance(raw, str) and not raw.strip())

    def absent(self, at: Path, case: Case) -> None:
        """Report a missing answer, unless this is a draft, in which nothing is required."""
        if self.needed and not case.draft:
            case.fault(at, case.scope.with_numbers(self.ask) or f"Answer “{self.short}”")

    def prune(self, plain: Plain, scope: Scope) -> Plain | None:
        """The answer without what points to rows that are gone."""
        return plain

    def arranged(self, plain: Plain) -> Plain:
        """The same answer in the one order in which files hold it."""
        return plain

    # From a plain answer to words.

    def words(self, plain: Plain, scope: Scope) -> tuple[str, ...]:
        """How an answer reads, as paragraphs or as the items of a list."""
        return (str(plain),)

    def block(self, plain: Plain | None, scope: Scope) -> presentation.Block:
        """The answer as a piece of a section."""
        return self.row(plain, scope)

    def row(self, plain: Plain | None, scope: Scope) -> presentation.Row:
        paragraphs = () if plain is None else self.words(plain, scope)
        return presentation.Row(self.short, paragraphs, items=self.many, needed=self.needed)

    many = False  # Whether the answer is a list, not prose.
    alone = True  # Whether it is drawn on its own; the grid of platforms draws its cells together.

    # From a raw answer to the page.

    def draw(self, at: Path, raw: Raw, case: Case, form: Any = None) -> SafeString:
        """The field as HTML, with the raw answer in it and the error that `case` has about it."""
        error = case.messages.get("-".join(map(str, at)), "")
        values = {"at": self.stem(at), "organisation": case.scope.organisation, "error": error}
        shape = self.shape(raw, case, form)
        self.holes(values, raw, case, form)
        key = (self.owner, self.name, len(at) > 1, bool(error), shape)
        return skeleton(key, lambda: self.markup(inside_row=len(at) > 1, error=bool(error), shape=shape)).fill(values)

    @staticmethod
    def stem(at: Path) -> str:
        """The part of names and ids that differs from row to row: `aims-2-`, or nothing outside a table."""
        return f"{at[0]}-{at[1]}-" if len(at) > 1 else ""

    def shape(self, raw: Raw, case: Case, form: Any) -> Any:
        """What of the markup differs with the answer, other than what goes in its holes (such as how many choices)."""
        return None

    def holes(self, values: dict[str, Any], raw: Raw, case: Case, form: Any) -> None:
        """Put into `values` what goes into the holes that `markup` leaves."""
        values["value"] = raw

    def markup(self, *, inside_row: bool, error: bool, shape: Any) -> str:
        """The field with holes instead of answers, drawn by its template with the NHS macro."""
        return render_to_string(self.template, self.context(inside_row=inside_row, error=error, shape=shape))

    def context(self, *, inside_row: bool, error: bool, shape: Any) -> dict[str, Any]:
        hint = self.help_text.replace("{organisation}", slot("organisation")) if self.help_text else ""
        return {
            "field": self,
            "id": f"{slot('at')}{self.name}",
            "label": self.label if self.needed else f"{self.label} (optional)",
            "hint": hint,
            "error": slot("error") if error else None,
            "value": slot("value"),
            "inside_row": inside_row,
        }
