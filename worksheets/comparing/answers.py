"""Two answers to the same question: what was added, taken away and changed, field by field and row by row.

Rows are matched by their id, so that a reworded aim is a change, and not one aim gone and a new one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from worksheets.comparing.words import Text as Marked
from worksheets.comparing.words import changed_words, whole
from worksheets.fields import (
    Answer,
    AnyKind,
    Number,
    Plain,
    PlainRow,
    Rows,
    Scope,
    Text,
    rows_in,
    spoken_number,
    text,
)
from worksheets.merging import by_id
from worksheets.words import capital, shortened
from worksheets.workbook import Question, QuestionForm

Change = Literal["same", "added", "removed", "changed"]
# How much of a row's own words stands in its title, in letters.
TITLE = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One field on both sides: paragraphs, or the items of a list, each with its words marked. Empty means no answer.

    `note` says a difference that is more than words, like "4.5 more"; `written`, that the words are the team's own.
    """

    label: str
    state: Change
    before: tuple[Marked, ...] = ()
    after: tuple[Marked, ...] = ()
    items: bool = False
    note: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one row of a table, or, without a title, those that belong to no row."""

    title: str
    state: Change
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One question on both sides."""

    key: str
    number: int
    title: str
    short: str
    groups: tuple[Group, ...]

    @property
    def changed(self) -> bool:
        return any(group.state != "same" for group in self.groups)

    @property
    def only_changed(self) -> Compared:
        """The same without what is the same on both sides."""
        kept = (
            replace(group, lines=tuple(line for line in group.lines if line.state != "same"))
            for group in self.groups
            if group.state != "same"
        )
        return replace(self, groups=tuple(kept))


def compare_answers(
    question: Question, before: Mapping[str, Plain], after: Mapping[str, Plain], then: Scope, now: Scope
) -> Compared:
    """A question's two answers side by side. `then` and `now` are what each is read against: rows and platforms have
    the names that they had."""
    form = question.form
    loose = [
        line(kind, before.get(name), after.get(name), then, now)
        for name, kind in form.kinds.items()
        if not isinstance(kind, Rows)
    ]
    groups = [group("", loose)] if any(said(one) for one in loose) else []
    for name, kind in form.kinds.items():
        if isinstance(kind, Rows):
            groups += rows(kind, rows_in(before, name), rows_in(after, name), then, now)
    return Compared(question.key, question.number, question.title, question.short, tuple(groups))


def readable(form: type[QuestionForm], answer: Mapping[str, Plain] | None, scope: Scope) -> Answer:
    """An answer of some time ago without what points to rows that are gone by now."""
    given = answer or {}
    kept = ((name, kind.prune(given[name], scope)) for name, kind in form.kinds.items() if name in given)
    return {name: value for name, value in kept if value is not None}


def said(one: Line) -> bool:
    """Whether there is an answer on either side."""
    return bool(one.before or one.after)


def group(title: str, lines: Iterable[Line], state: Change | None = None, note: str = "") -> Group:
    """Lines as a group, in the state that they add up to; what nobody answered is left out."""
    told = tuple(one for one in lines if said(one))
    same = not note and all(one.state == "same" for one in told)
    return Group(title, state or ("same" if same else "changed"), told, note)


def rows(kind: Rows, before: list[PlainRow], after: list[PlainRow], then: Scope, now: Scope) -> list[Group]:
    """The rows of a table: those there are now in their order, and behind them those that are gone."""
    new = by_id(kind, after)
    old, places = by_id(kind, before), {}
    if kind.own_keys == ("id",):
        old = renamed(kind, old, new)
        places = moves(list(old), list(new))
    labels = labels_of(kind)
    groups = []
    for row_id in dict.fromkeys([*new, *old]):
        earlier, later = old.get(row_id), new.get(row_id)
        title = row_title(kind, later or earlier or {}, row_id, now if later is not None else then)
        lines = [
            replace(line(field, (earlier or {}).get(name), (later or {}).get(name), then, now), label=labels[name])
            for name, field in kind.fields.items()
        ]
        if earlier is None or later is None:
            state: Change = "added" if earlier is None else "removed"
            groups.append(group(title, map(unmarked, lines), state))
        else:
            groups.append(group(title, lines, note=places.get(row_id, "")))
    return groups


Table = dict[str, PlainRow]


def renamed(kind: Rows, old: Table, new: Table) -> Table:
    """The earlier rows, with those that were entered anew under the ids they have now: an answer that was typed again
    in the next review, or imported, says the same under another id. Only words that are there once on each side count.
    """
    gone = single(kind.known_by, {key: row for key, row in old.items() if key not in new})
    come = single(kind.known_by, {key: row for key, row in new.items() if key not in old})
    ids = {key: come[words] for words, key in gone.items() if words in come}
    return {ids.get(key, key): row for key, row in old.items()}


def single(names: tuple[str, ...], rows: Table) -> dict[str, str]:
    """The ids of the rows whose own words no other row has, by those words."""
    said = ["\n".join(text(row, name) for name in names).strip() for row in rows.values()]
    return {own: key for key, own in zip(rows, said, strict=True) if own and said.count(own) == 1}


def labels_of(kind: Rows) -> dict[str, str]:
    """What the fields of a row are called. One that shares its name ("Why") takes that of the field before it along."""
    shorts = [field.short for field in kind.fields.values()]
    labels, last = {}, ""
    for name, field in kind.fields.items():
        alike = shorts.count(field.short) > 1 and last
        labels[name] = f"{last}: {field.short.lower()}" if alike else field.short
        last = field.short
    return labels


def row_title(kind: Rows, row: Mapping[str, Plain], row_id: str, scope: Scope) -> str:
    """What a row is called: "Aim: Answer parents' questions"."""
    words = kind.row_words(row, scope) if kind.own_keys == ("id",) else ""
    if kind.refers:
        words = scope.choices(kind.refers).get(row_id, "")
    return f"{capital(kind.noun)}: {shortened(words, TITLE)}" if words else capital(kind.noun)


def unmarked(one: Line) -> Line:
    """The line of a row that is new or gone: the row says so, and its words need not."""
    return replace(one, before=plainly(one.before), after=plainly(one.after))


def plainly(side: tuple[Marked, ...]) -> tuple[Marked, ...]:
    """The same words without marks."""
    return tuple(whole("".join(piece.text for piece in part), "same") for part in side)


def moves(before: list[str], after: list[str]) -> dict[str, str]:
    """For the rows that changed places with others: from where to where, among the rows that are on both sides."""
    old, new = [key for key in before if key in after], [key for key in after if key in before]
    if old == new:
        return {}
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in new[block.b : block.b + block.size]}
    return {
        key: f"Moved from place {before.index(key) + 1} to place {after.index(key) + 1}"
        for key in new
        if key not in stayed
    }


def line(kind: AnyKind, before: Plain, after: Plain, then: Scope, now: Scope) -> Line:
    """One field on both sides."""
    if before == after:
        old, new = (
            tuple(whole(words, "same") for words in spoken(kind, side, scope))
            for side, scope in ((before, then), (after, now))
        )
        return Line(kind.short, "same", old, new, items=kind.many, written=kind.written)
    if isinstance(kind, Text) and isinstance(before, str) and isinstance(after, str):
        earlier, later = changed_words(before, after)
        # Other line breaks are no other words.
        same = all(piece.mark == "same" for piece in (*earlier, *later))
        return Line(kind.short, "same" if same else "changed", (earlier,), (later,), written=kind.written)
    state: Change = "added" if before is None else "removed" if after is None else "changed"
    note = difference(kind, before, after)
    if note:
        # The difference says it; a sign before a number would be read as part of it.
        numbers = ((whole(words, "same"),) for side in (before, after) for words in kind.words(side, now))
        return Line(kind.short, state, next(numbers), next(numbers), note=note)
    both = parts_of(before).keys() & parts_of(after).keys() if kind.many else set()
    return Line(
        kind.short,
        state,
        tuple(whole(words, "same" if key in both else "removed") for key, words in items(kind, before, then)),
        tuple(whole(words, "same" if key in both else "added") for key, words in items(kind, after, now)),
        items=kind.many,
        written=kind.written,
    )


def spoken(kind: AnyKind, plain: Plain, scope: Scope) -> tuple[str, ...]:
    """An answer in words. A text stays in one piece, with its line breaks."""
    if plain is None:
        return ()
    return (plain,) if isinstance(kind, Text) and isinstance(plain, str) else kind.words(plain, scope)


def parts_of(plain: Plain) -> dict[Hashable, Plain]:
    """The parts of an answer of several parts, each an answer of its own, by what tells whether two are the same."""
    if isinstance(plain, dict):
        return {(key, value): {key: value} for key, value in plain.items() if isinstance(value, str)}
    return {one: [one] for one in plain if isinstance(one, str)} if isinstance(plain, list) else {}


def items(kind: AnyKind, plain: Plain, scope: Scope) -> list[tuple[Hashable, str]]:
    """The parts of an answer and each in words. A part that is the same row or choice has the same key."""
    if not kind.many:
        return [("", words) for words in spoken(kind, plain, scope)]
    return [(key, words) for key, part in parts_of(plain).items() for words in kind.words(part, scope)]


def difference(kind: AnyKind, before: Plain, after: Plain) -> str:
    """How much more or less a number is: "4.5 more", "£200 less". Nothing for other answers."""
    if isinstance(kind, Number) and isinstance(before, int | float) and isinstance(after, int | float):
        return more_or_less(before, after, kind.before)
    return ""


def more_or_less(before: float, after: float, unit: str = "") -> str:
    """The difference of two numbers in words; nothing where there is none."""
    much = round(abs(after - before), 2)
    return f"{unit}{spoken_number(much)} {'more' if after > before else 'less'}" if much else ""
