"""The ground every kind of question stands on: what a field must be able to do, and what it is checked against.

An answer has two shapes, raw and plain (`shapes` says more). `settle` is the only way from raw to plain (step 2 of the
line in the README), whether the raw came from a browser or from a file.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeAlias, TypedDict, TypeVar

from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from worksheets import presentation
from worksheets.cleaning import clean
from worksheets.fields.shapes import Answers, Plain, PlainRow, rows_in, several, text
from worksheets.skeleton import own, skeleton, slot
from worksheets.words import capital, with_numbers

Path = tuple[str | int, ...]
# What a browser sent: several texts for each name.
Posted = MultiValueDict[str, str]


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Where a table is kept that other answers point into, and which of its fields says what a row is.

    `spoken` is how those words are quoted, where that differs from how they stand.
    """

    stage: str
    question: str
    field: str
    words: str
    noun: str
    spoken: Callable[[str], str] = str

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


@dataclass(frozen=True, slots=True)
class Noted:
    """What the platform guide says of a platform beside its name: its tags, and a line for each point."""

    tags: tuple[str, ...] = ()
    good_for: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """Another run of the organisation that this one is read against, and that it never changes.

    `origin` says what it is and what it is called: "the review Autumn 2026". `starts` is its first day, and `newest`
    that of the newest run of its kind, which it need not be.
    """

    origin: str
    starts: datetime.date
    scope: Scope
    newest: datetime.date = datetime.date.min


@dataclass(frozen=True, slots=True)
class Offered:
    """A row that may be taken over from another run, by the fields that it begins with. `origin` says what it is and
    from where: "Take over stakeholders from the review Autumn 2026"."""

    origin: str
    row: Mapping[str, Plain]


@dataclass(frozen=True)
class Scope:
    """The plain data an answer is read against: the review's answers, the platforms, the organisation, the dates.

    `answers` is `{stage: {question: answer}}`. `platforms` and `retired` are names by key, in the order to show them.
    `guide` is what the platform guide notes of each. `over` is whether the last day has passed. `beside` are the other
    runs that it is read against: the last one of the same workbook as "before", and that of another by the key of the
    workbook, without answers where there is none; what is not known here is left out. `offered` are rows that the
    tables of the question at hand may take over, by the name of the table, and under "" answers to its other fields.
    `numbers` are those of the questions by key. `strategy` is the title of the organisation's own strategy, and its
    link. `before` is what the last review answered to the question at hand, where its page offers that. `others` is the
    language of rows that were written in another than the review is.
    """

    answers: Answers = field(default_factory=dict)
    organisation: str = "your organisation"
    platforms: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    strategy: tuple[str, str] = ("", "")
    before: Mapping[str, Plain] = field(default_factory=dict)
    others: str = ""
    guide: Mapping[str, Noted] = field(default_factory=dict)
    over: bool = False
    beside: Mapping[str, Neighbour] = field(default_factory=dict)
    offered: Mapping[str, tuple[Offered, ...]] = field(default_factory=dict)

    def question(self, key: str) -> str:
        """A question as a sentence names it: "question 8". It is never written as a number: numbers are counted."""
        return self.with_numbers(f"{{question:{key}}}")

    def with_numbers(self, text: str) -> str:
        """The text with the questions that it names by key named by number."""
        return with_numbers(text, self.numbers)

    def answer(self, stage: str, question: str) -> Mapping[str, Plain]:
        """The plain answer to a question; an empty one when there is none yet."""
        return self.answers.get(stage, {}).get(question, {})

    def rows(self, table: RowsOf) -> list[PlainRow]:
        """The rows of a table, in their order."""
        return rows_in(self.answer(table.stage, table.question), table.field)

    def choices(self, table: RowsOf) -> dict[str, str]:
        """The rows of a table as choices: the words of each row by its id ("Aim 2" while it has none)."""
        return {
            text(row, "id"): text(row, table.words) or table.title(number)
            for number, row in enumerate(self.rows(table), 1)
        }

    def named(self, table: RowsOf) -> dict[str, str]:
        """The rows of a table by id, each in the words with which it is quoted."""
        return {key: table.spoken(words) for key, words in self.choices(table).items()}

    def titled(self, table: RowsOf) -> dict[str, tuple[str, str]]:
        """The rows of a table by id, each with what it is called by its place and in words: "Aim 1", "Help people"."""
        return {key: (table.title(n), words) for n, (key, words) in enumerate(self.named(table).items(), 1)}

    def platform(self, key: str) -> str:
        """The name of a platform, retired ones included; the key itself when it is not known here."""
        return self.platforms.get(key) or self.retired.get(key) or key

    def having(self, stage: str, question: str, answer: Mapping[str, Plain]) -> Scope:
        """The same review, were `answer` the answer to that question."""
        answers = {**self.answers, stage: {**self.answers.get(stage, {}), question: answer}}
        return replace(self, answers=answers)


@dataclass
class Case:
    """One checking of one answer: what it is read against, whether it is a draft, and the faults found so far.

    `typed` is whether it was typed on a page: a row that somebody emptied there is taken out. In a file, and in what is
    stored, a row with an id is there, and what it says is not known yet. `mentioned` says, for the ids of rows that
    other answers point to, where they are named. `opened` are the ids or the words of rows that a link has led to.
    """

    scope: Scope
    draft: bool = True
    typed: bool = False
    mentioned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opened: Collection[str] = ()
    faults: list[Fault] = field(default_factory=list)

    def fault(self, at: Path, message: str) -> None:
        self.faults.append(Fault(at, message))

    @cached_property
    def messages(self) -> dict[str, str]:
        """The first message about each element, once the checking is done."""
        first: dict[str, str] = {}
        for fault in self.faults:
            first.setdefault(fault.element, fault.message)
        return first


class Page(Protocol):
    """The form on a page, as far as its fields need it to draw themselves."""

    @property
    def computed(self) -> Mapping[str, SafeString]:
        """What the answers add up to, by the id of the row it stands in."""

    def inside(self, name: str, choice: str) -> SafeString:
        """The fields that belong to one choice of the field `name`, drawn."""


class Look(NamedTuple):
    """What makes the markup of one field differ: where it stands, whether it has an error, and how large it is."""

    inside_row: bool
    error: bool
    size: int


class RowOptions(TypedDict, total=False):
    """What may be said of every question: `Kind` says what it means."""

    ask: str
    when: tuple[str, ...]
    needed_when: tuple[str, ...]
    unless: str
    under: str
    next_time: str
    short: str
    half: bool


class Options(RowOptions, total=False):
    """What may be said of a question that asks for one thing: whether it is needed as well."""

    needed: bool


# The raw and the plain shape of the answers to a kind of question.
R = TypeVar("R")
P = TypeVar("P")


class Kind(ABC, forms.Field, Generic[R, P]):
    """A kind of question, with the raw and the plain shape of its answers.

    `needed` marks what a worksheet cannot be completed without (the `*` of the method). `when` names another field of
    the same form or row, and the choices of it that this field belongs to: when another is chosen, this one is not
    shown, and an answer given here is dropped. `needed_when` names one, and the choices with which this is needed;
    `unless` one without which it is. `under` is the heading that begins above this field and holds those behind it.
    `ask` is the error shown when a needed answer is missing. `half` lets two such fields of a row stand side
    by side on a wide screen. `row_noun` is what a row is called whose cell this is, in a table of short values: nothing
    around the cell says so, and its name must. `next_time` says what becomes of an answer in the next review: "same"
    keeps a date that else would move along, "anew" asks again, and the name of another field puts it there.
    """

    template: ClassVar[str]
    refers: RowsOf | None = None
    # How its column is drawn in a table of short values, where it needs no more room than it does by its nature.
    column: ClassVar[str] = ""

    def __init__(
        self,
        label: str,
        hint: str = "",
        *,
        needed: bool = False,
        ask: str = "",
        when: tuple[str, ...] | None = None,
        needed_when: tuple[str, ...] | None = None,
        unless: str = "",
        under: str = "",
        next_time: str = "",
        short: str = "",
        half: bool = False,
    ) -> None:
        super().__init__(required=False, label=label, help_text=hint)
        self.needed = needed
        self.ask = ask
        self.when = when
        self.needed_when = needed_when
        self.unless = unless
        self.under = under
        self.next_time = next_time
        # Whether it belongs to a box: one that is not ticked is a no, while nothing chosen yet is no answer.
        self.boxed = False
        # Whether it may be answered before the choice that it belongs to, which is made by answering it.
        self.ahead = False
        self.short = short or label
        self.half = half
        self.row_noun = ""
        self.name = ""
        self.owner = ""

    def born(self, owner: str, name: str) -> None:
        """Told by the form that declares it what it is called; `owner` and `name` together are unique.

        ValueError when they are not.
        """
        own(owner, name)
        self.owner, self.name = owner, name

    def belongs(self, answer: Mapping[str, object]) -> bool:
        """Whether what is chosen in the answer leaves room for this field. Nothing chosen yet is not a no."""
        if not self.when:
            return True
        name, *choices = self.when
        chosen = {text(answer, name), *several(answer, name)} - {""}
        return not chosen.isdisjoint(choices) if chosen or self.boxed else True

    def shows(self, answer: Mapping[str, Plain]) -> bool:
        """Whether it is read with that answer: it belongs to what is chosen, or holds something all the same."""
        chosen = not self.when or text(answer, self.when[0]) or several(answer, self.when[0])
        return self.belongs(answer) and bool(chosen or self.name in answer)

    def wanted(self, answer: Mapping[str, object]) -> bool:
        """Whether a worksheet with that answer cannot be completed without this field."""
        if self.unless:
            return not text(answer, self.unless).strip()
        return self.needed or bool(self.needed_when and text(answer, self.needed_when[0]) in self.needed_when[1:])

    # From the browser and from a file to a plain answer.

    @abstractmethod
    def from_post(self, data: Posted, name: str) -> R:
        """The raw form of what a browser sent."""

    def from_cell(self, cell: str, scope: Scope) -> R | None:
        """The raw form of the cell of a spreadsheet; None when it cannot stand here."""
        return self.from_post(MultiValueDict({"cell": [cell]}), "cell")

    @abstractmethod
    def from_json(self, plain: Plain, at: Path, case: Case) -> R:
        """The raw form of JSON from outside, whose type may be anything: faults name what it should be."""

    @abstractmethod
    def to_raw(self, plain: P | None, scope: Scope) -> R:
        """The raw form of a stored answer; `None` stands for no answer."""

    @abstractmethod
    def settle(self, raw: R, at: Path, case: Case) -> P | None:
        """The plain answer, or `None` when there is none. What cannot be right is reported to `case`."""

    def blank(self, raw: R) -> bool:
        return not raw or (isinstance(raw, str) and not clean(raw))

    def absent(self, at: Path, case: Case) -> None:
        """Report a missing answer, unless this is a draft, in which nothing is required."""
        if self.needed and not case.draft:
            self.miss(at, case)

    def miss(self, at: Path, case: Case) -> None:
        """Ask for an answer that is not there."""
        case.fault(at, case.scope.with_numbers(self.ask) or f"Answer {self.quoted}")

    def told(self, fault: Fault, raw: R, scope: Scope) -> str:
        """A fault as a list of errors tells it, where nothing stands beside it: with the name of what it is about.

        What asks for the answer, or quotes the name, needs none.
        """
        said = fault.message
        return said if said == scope.with_numbers(self.ask) or self.quoted in said else f"{self.short}: {said}"

    @property
    def quoted(self) -> str:
        """The name of the field as its messages quote it."""
        return f"“{self.short}”"

    def prune(self, plain: P, scope: Scope) -> P | None:
        """The answer without what points to rows that are gone."""
        return plain

    def arranged(self, plain: P) -> P:
        """The same answer in the one order in which files hold it."""
        return plain

    # From a plain answer to words.

    @abstractmethod
    def words(self, plain: P, scope: Scope) -> tuple[str, ...]:
        """How an answer reads, as paragraphs or as the items of a list."""

    def block(self, plain: P | None, scope: Scope) -> presentation.Block:
        """The answer as a piece of a section."""
        return self.row(plain, scope)

    def row(self, plain: P | None, scope: Scope) -> presentation.Row:
        paragraphs = () if plain is None else self.words(plain, scope)
        return presentation.Row(self.short, paragraphs, items=self.many, needed=self.needed, written=self.written)

    # From a raw answer to words, for whoever has to be shown what they typed and could not keep.

    def entries(self, raw: R, scope: Scope) -> list[tuple[str, str]]:
        """What was put in, checked or not, each text with the label that it has on the page; nothing for nothing."""
        said = self.as_typed(raw, scope)
        return [(str(self.label), said)] if said.strip() else []

    def as_typed(self, raw: R, scope: Scope) -> str:
        return str(raw)

    def in_brief(self, raw: R, scope: Scope) -> str:
        """What was put in, in the few words that a folded row has room for; nothing for nothing."""
        return "" if self.blank(raw) else self.as_typed(raw, scope)

    many = False  # Whether the answer is a list, not prose.
    written = False  # Whether its words are the team's own, and not ours.

    # From a raw answer to the page.

    def draw(self, at: Path, raw: R, case: Case, form: Page | None = None) -> SafeString:
        """The field as HTML, with the raw answer in it and the error that `case` has about it."""
        error = self.error(at, case)
        values: dict[str, object] = {"at": self.stem(at), "organisation": case.scope.organisation, "error": error}
        if self.row_noun:
            values["row"] = int(at[1]) + 1
        values["ground"] = self.groundless(raw, case.scope)
        if values["ground"]:
            known = (self.owner, self.name, "groundless")
            frame = {"label": self.called(), "ground": slot("ground")}
            return skeleton(known, lambda: render_to_string("fields/groundless.jinja", frame)).fill(values)
        self.holes(values, raw, case, form)
        look = Look(inside_row=len(at) > 1, error=bool(error), size=self.size(raw, case))
        return skeleton((self.owner, self.name, *look), lambda: self.markup(look)).fill(values)

    def groundless(self, raw: R, scope: Scope) -> SafeString:
        """What to do first, where this can be answered only after something else; nothing where it can be answered."""
        return SafeString()

    def error(self, at: Path, case: Case) -> str:
        """What `case` has found about this field; nothing when it is right."""
        return case.messages.get("-".join(map(str, at)), "")

    @staticmethod
    def stem(at: Path) -> str:
        """The part of names and ids that differs from row to row: `aims-2-`, or nothing outside a table."""
        return f"{at[0]}-{at[1]}-" if len(at) > 1 else ""

    def size(self, raw: R, case: Case) -> int:
        """How large the markup is where that differs with the answer: how many lines it has, or how many choices."""
        return 0

    def holes(self, values: dict[str, object], raw: R, case: Case, form: Page | None) -> None:
        """Put into `values` what goes into the holes that `markup` leaves."""
        values["value"] = raw

    def markup(self, look: Look) -> str:
        """The field with holes instead of answers, drawn by its template with the NHS macro."""
        return render_to_string(self.template, self.context(look))

    def called(self) -> SafeString:
        """The label as markup. In a table it ends in words for those who hear it, which say what row it is in."""
        label = self.label if self.needed or self.needed_when or self.unless else f"{self.label} (optional)"
        if not self.row_noun:
            return conditional_escape(label or "")
        hidden = '{}<span class="nhsuk-u-visually-hidden">, {} {}</span>'
        return format_html(hidden, label, capital(self.row_noun), slot("row"))

    def context(self, look: Look) -> dict[str, object]:
        hint = self.help_text.replace("{organisation}", slot("organisation")) if self.help_text else ""
        return {
            "field": self,
            "id": f"{slot('at')}{self.name}",
            "label": self.called(),
            "hint": hint,
            "error": slot("error") if look.error else None,
            "value": slot("value"),
            "inside_row": look.inside_row,
        }


# A kind of any shape, where a form or a table holds several.
AnyKind: TypeAlias = Kind[Any, Any]
