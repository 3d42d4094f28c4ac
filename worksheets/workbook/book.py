"""A workbook as a value: what is asked in it, and what the engine needs to know to run it without knowing its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from worksheets import words
from worksheets.fields import AnyKind, Plain, PlainRow, Rows, RowsOf, Scope
from worksheets.presentation import Block, Figure, Finding, Part, Progress
from worksheets.workbook.form import QuestionForm
from worksheets.workbook.rules import Rule
from worksheets.workbook.stage import Question, Stage

# Where the page of a question is, by its stage and its key.
LinkTo = Callable[[str, str], str]


class Reading(Protocol):
    """A filled workbook, as far as its own pictures and pages need it: `review.Review` is one."""

    @property
    def workbook(self) -> Workbook: ...

    @property
    def scope(self) -> Scope: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def progress(self) -> Progress: ...

    def answer(self, question: str) -> Mapping[str, Plain]: ...


@dataclass(frozen=True)
class Picture:
    """One picture. `question` is the one whose answer it stands beside; one that stands beside none is drawn on the
    page of pictures, and where the workbook itself puts it. Only what stands beside none may hold links."""

    draw: Callable[[Reading, LinkTo | None], Figure]
    question: str = ""


@dataclass(frozen=True)
class Promised:
    """A table of which each row promises something that the next run looks back on.

    `title` names it in lists. `shown` are the fields of a row that help to judge what became of it. A `target` that
    names a date belonged to its own cycle: it is asked for anew. The figure that was reached is offered as `baseline`.
    `targets` is what the promises that were kept are called where all runs stand side by side, if they are counted.
    """

    table: RowsOf
    title: str
    shown: tuple[str, ...]
    target: str = "target"
    baseline: str = "baseline"
    targets: str = ""


@dataclass(frozen=True)
class Measured:
    """The table whose rows take figures between two runs.

    Its rows may have a `kind` (one of `kinds`: words whose part before a colon is the name), a `baseline`, a `target`
    and a `source`.
    """

    table: RowsOf
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Sum:
    """A number that a filled workbook adds up to; `of` is None while what it needs is not answered.

    `label` names it in a comparison, `column` in the table of all runs. It is drawn as the line `line` of `chart`.
    """

    label: str
    column: str
    chart: str
    line: str
    of: Callable[[Reading], float | None]


@dataclass(frozen=True)
class ForGroup:
    """What the other organisations of a group may be shown of a filled workbook: a number, or a choice in our words.

    `of` is None while it is not answered. It never gives a word that somebody typed. What has one `column` stands in
    one cell, each as `said` puts it ("{} needed").
    """

    column: str
    said: str
    of: Callable[[Reading], float | str | None]


@dataclass(frozen=True)
class Needed:
    """What an ending still has to stand on: a complete worksheet, or an answered question of it and `why`."""

    stage: str
    question: str = ""
    why: str = ""


@dataclass(frozen=True)
class Ending:
    """A conclusion at which a run may end before all of it is answered; it is recorded with its reason.

    `title` heads the page on which it is recorded, `said` is the conclusion as readers find it, `label` what its reason
    is called in a comparison. `offer` and `question` lead to it. `form` asks for the reason, as `because`, which
    answers every point that says stop.
    """

    key: str
    title: str
    said: str
    label: str
    offer: str
    question: str
    intro: tuple[str, ...]
    form: type[QuestionForm]
    needs: tuple[Needed, ...]


@dataclass(frozen=True)
class Earlier:
    """A format that files of the workbook had before.

    `upgrade` gives the answers of one as they are now, and what is wrong with them as they were, by its place. `before`
    says of the places that moved, as they begin now, how they began then. `without` names what stands beside the
    answers today and did not then.
    """

    format: str
    upgrade: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, str]]]
    before: Mapping[str, str]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """Rows of another workbook's run that may be taken over into a table, when somebody presses for it.

    They go into the field `table` of `question`. Without a table what is offered are single answers of `question`: one
    row, by the names of its fields, for those that are still empty. `workbook` is the key of the other one, of which
    the last run that was signed off is meant, or else the newest; `rows` gives what it has to offer, each row by the
    fields that it begins with here. `title` heads them.
    """

    question: str
    table: str
    workbook: str
    title: str
    rows: Callable[[Reading], Iterable[Mapping[str, Plain]]]


@dataclass(frozen=True)
class Dated:
    """A day in the answers that belongs in a calendar: `field` of a question's answer, or of each row of its `table`.

    `title` says in our own words what is to be done on it; `{number}` counts the rows, for what a team wrote is not for
    a calendar. The day is so many `months` after the one that is answered. Of a table of which only the first day
    counts it is the `earliest`.
    """

    key: str
    question: str
    field: str
    title: str
    table: str = ""
    months: int = 0
    earliest: bool = False


@dataclass(frozen=True)
class Document:
    """What comes out of a run beside its summary: a paper of its own, for others than those who read that.

    `parts` are what it says; `ready` says what must be answered first, in a sentence, and nothing once it is there:
    that is asked by `question`. `about` says in one sentence what it is for.
    """

    key: str
    title: str
    about: str
    question: str
    parts: Callable[[Reading], tuple[Part, ...]]
    ready: Callable[[Reading], str]


def never(_row: PlainRow) -> bool:
    """A row is there to be done as long as it is there."""
    return False


@dataclass(frozen=True)
class Doing:
    """A table whose rows may be made actions of the organisation: each is something to do, or something to see to.

    `source` says which, as `Action.Source` has it. `does` says in words what is to be done, nothing where a row says
    nothing yet; `owner` and `due` are its fields with who does it by when. Where it is `over` there is nothing to do.
    """

    table: RowsOf
    source: str
    does: Callable[[PlainRow, Scope], str]
    owner: str = ""
    due: str = ""
    over: Callable[[PlainRow], bool] = never


@dataclass(frozen=True)
class Spread:
    """A table that goes out as a sheet of a spreadsheet, called `title`.

    One that may come `back` is read again from a team's own sheet. `same` are the fields by which a row of that is
    known, where it has no key of ours, and `heads` says what else people call a field, in small letters.
    """

    title: str
    table: RowsOf
    back: bool = False
    same: tuple[str, ...] = ()
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# A run in the line of all runs of a workbook: what it is called, and its answers.
Told = tuple[str, Scope]


def nothing_across(_runs: Sequence[Told]) -> tuple[Block, ...]:
    """A workbook may have nothing to show of all its runs but their sums."""
    return ()


def no_parts(_reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """A workbook may have nothing before or behind its chapters."""
    return ()


def no_sentences(_reading: Reading) -> tuple[str, ...]:
    """A workbook may have nothing to say in short."""
    return ()


@dataclass(frozen=True)
class Workbook:
    """What is asked of whom, and what comes out. A filled one is a `Cycle`.

    `key` names it in the database, `format` in interchange files, `path` in addresses. `noun` is what a filled one is
    called ("review"), `subject` what it is about, where that is something else ("strategy"), `title` heads its summary,
    `listed` the list of all of them, and `purpose` says in one line what it is for. `about` is for a team that has none
    yet, a paragraph and then the lines of a list; `before_start` has the lines for whoever starts one. `minutes` is how
    long the whole takes; `every` how many months after one the next is due, None without a rhythm. It is `decided` when
    it is submitted and signed off, and not only completed; `private` when nobody but who started it sees it.

    `earlier` are the formats that its files had before: they are still read. `sample` is a file of a finished one that
    ships, of an organisation that does not exist: everybody can look at it as an example.

    `front` are the parts of its summary, as it is told on `paper` or on screen, and `back` says how it was made.
    `sentences` tell all of it in short on the front sheet, and `to_know` what its readers should know before they read
    on. `summary` is what all of that together is called. With `on_a_page` its front is one side of A4, and whatever
    else there is to say stands in the record behind.

    `invites` is what somebody does who begins one ("Review your strategy"), and `for_whom` says who that is. `naming`
    is how a run is proposed to be called, with its `{season}` or its `{month}`, empty where only the team can know;
    `name_label` and `name_hint` ask for it. It is held `against_strategy` where the organisation's own strategy is
    asked for at the start.

    `reads` are the runs that one is read against: "before" for the last of its own, others by the key of their
    workbook. `offers` are rows that may be taken over from there, `documents` what comes out beside the summary, and
    `across` what all runs say side by side, oldest first. `dated` are its days that belong in a calendar, `doings` the
    tables whose rows may be made actions, and `spreads` those that go out as sheets of a spreadsheet. `shown_to_group`
    is what the other organisations of a group may be shown of it, beside what the engine counts itself.
    """

    key: str
    title: str
    noun: str
    path: str
    format: str
    stages: tuple[Stage, ...]
    minutes: int
    every: int | None
    guidance: Path
    subject: str = ""
    listed: str = ""
    purpose: str = ""
    about: tuple[str, ...] = ()
    before_start: tuple[str, ...] = ()
    summary: str = "summary"
    decided: bool = True
    private: bool = False
    front: Callable[..., tuple[Part, ...]] = no_parts
    back: Callable[..., tuple[Part, ...]] = no_parts
    sentences: Callable[[Reading], tuple[str, ...]] = no_sentences
    to_know: Callable[[Reading], tuple[str, ...]] = no_sentences
    pictures: tuple[Picture, ...] = ()
    promises: tuple[Promised, ...] = ()
    measures: Measured | None = None
    sums: tuple[Sum, ...] = ()
    sums_note: str = ""
    endings: tuple[Ending, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    sample: Path | None = None
    invites: str = ""
    for_whom: str = ""
    naming: str = "{season}"
    name_label: str = "Name"
    name_hint: str = "For example, Autumn 2026."
    against_strategy: bool = False
    on_a_page: bool = False
    reads: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    documents: tuple[Document, ...] = ()
    dated: tuple[Dated, ...] = ()
    across: Callable[[Sequence[Told]], tuple[Block, ...]] = nothing_across
    doings: tuple[Doing, ...] = ()
    spreads: tuple[Spread, ...] = ()
    shown_to_group: tuple[ForGroup, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", in_order(self.stages))

    # What is asked, by its key.

    @cached_property
    def stage(self) -> dict[str, Stage]:
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for stage in self.stages for question in stage.questions)

    @cached_property
    def question(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for stage in self.stages for rule in stage.rules)

    @cached_property
    def rule(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of every question by its key: texts name a question by its key, and readers see its number."""
        return {question.key: question.number for question in self.questions}

    @cached_property
    def promised(self) -> dict[str, Promised]:
        """The tables that are looked back on, by the question that asks for them."""
        return {promise.table.question: promise for promise in self.promises}

    @cached_property
    def document(self) -> dict[str, Document]:
        return {document.key: document for document in self.documents}

    @cached_property
    def ending(self) -> dict[str, Ending]:
        return {ending.key: ending for ending in self.endings}

    @cached_property
    def pointing(self) -> tuple[tuple[Question, tuple[tuple[str, AnyKind], ...]], ...]:
        """The questions that point to rows of others, each with the fields that do, by their names."""
        found = (
            (question, tuple((name, kind) for name, kind in question.form.kinds.items() if any(referring(kind))))
            for question in self.questions
        )
        return tuple((question, fields) for question, fields in found if fields)

    @cached_property
    def free(self) -> tuple[Question, ...]:
        """The questions that stand on no other answer: several people can answer them at once."""
        standing = {question.key for question, _ in self.pointing}
        return tuple(question for question in self.questions if question.key not in standing)

    @cached_property
    def references(self) -> tuple[tuple[RowsOf, Question, Rows], ...]:
        """Every table of rows that points into another: the table pointed into, the question that points, its table."""
        return tuple(
            (table, question, kind)
            for question in self.questions
            for kind in question.form.kinds.values()
            if isinstance(kind, Rows)
            for table in referring(kind)
        )

    # In words.

    @property
    def plural(self) -> str:
        """What several filled ones are called: "reviews"."""
        return words.plural(self.noun)

    @property
    def a(self) -> str:
        """A filled one with its article: "a review"."""
        return words.article(self.noun)

    @property
    def heading(self) -> str:
        """What heads the list of all filled ones: "Quick checks"."""
        return self.listed or words.capital(self.plural)

    @property
    def whole(self) -> str:
        """All its worksheets, as they stand in a sentence: "all six worksheets are", "the worksheet is". What is asked
        afterwards is not among them."""
        return self.all_of(len(self.before_decision))

    @staticmethod
    def all_of(count: int) -> str:
        """So many worksheets, of which there are no more, as they stand in a sentence."""
        return f"all {words.in_words(count)} worksheets are" if count > 1 else "the worksheet is"

    def with_counts(self, text: str) -> str:
        """The text with `{questions}`, `{worksheets}` and `{months}` counted in words, and the `{time}` it takes."""
        counted = {
            "questions": words.spelled(len(self.questions), "question"),
            "worksheets": words.spelled(len(self.stages), "worksheet"),
            "months": words.spelled(self.every or 0, "month"),
            "time": words.duration_in_words(self.minutes),
        }
        for name, said in counted.items():
            text = text.replace(f"{{{name}}}", said)
        return text

    @property
    def last(self) -> Stage:
        return self.stages[-1]

    @cached_property
    def before_decision(self) -> tuple[Stage, ...]:
        """The stages that must be complete before it is submitted: all but those that are answered afterwards."""
        return tuple(stage for stage in self.stages if not stage.afterwards)

    def beside(self, stage: Stage, step: int) -> Stage | None:
        """The stage that stands `step` places after another (before it, when negative); None when there is none."""
        place = stage.number - 1 + step
        return self.stages[place] if 0 <= place < len(self.stages) else None

    def with_numbers(self, text: str) -> str:
        """The text with its questions named by their numbers."""
        return words.with_numbers(text, self.numbers)


def in_order(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """The stages with their numbers, their questions numbered through, and each question with the rules it mends."""
    numbers = count(1)
    return tuple(
        replace(
            stage,
            number=n,
            questions=tuple(
                replace(
                    question,
                    stage=stage.key,
                    number=next(numbers),
                    rules=tuple(rule for rule in stage.rules if rule.question == question.key),
                )
                for question in stage.questions
            ),
        )
        for n, stage in enumerate(stages, 1)
    )


def referring(kind: AnyKind) -> Iterable[RowsOf]:
    """The tables that a field, or a table of rows and its fields, points into."""
    inner = kind.fields.values() if isinstance(kind, Rows) else ()
    return dict.fromkeys(table for table in (kind.refers, *(field.refers for field in inner)) if table)
