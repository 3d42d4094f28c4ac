"""Two answers to the same question, written at the same time: where they differ, and the one answer made of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from worksheets.fields import Answer, Plain, PlainRow, Rows, Scope, rows_in, text
from worksheets.presentation import Row
from worksheets.words import capital
from worksheets.workbook import QuestionForm

Whose = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Difference:
    """One field or one row that is not the same on both sides, in words. An empty side does not have it.

    `key` names it among the differences: `field` or `field.row-id`. `suggested` is the side that changed it, where
    only one did.
    """

    key: str
    title: str
    mine: tuple[Row, ...]
    theirs: tuple[Row, ...]
    suggested: Whose


def differences(
    form: type[QuestionForm],
    base: Mapping[str, Plain],
    mine: Mapping[str, Plain],
    theirs: Mapping[str, Plain],
    scope: Scope,
) -> list[Difference]:
    """Everything in which `mine` and `theirs` differ, field by field and row by row; rows are matched by their id."""
    found: list[Difference] = []
    for name, kind in form.kinds.items():
        if mine.get(name) == theirs.get(name):
            continue
        if isinstance(kind, Rows):
            found += _row_differences(name, kind, base, mine, theirs, scope)
        else:
            old, ours, others = base.get(name), mine.get(name), theirs.get(name)
            sides = [() if side is None else (kind.row(side, scope),) for side in (ours, others)]
            found.append(Difference(name, kind.short, sides[0], sides[1], _suggest(old, ours, others)))
    return found


def _suggest(base: Plain, mine: Plain, theirs: Plain) -> Whose:
    return "theirs" if mine == base and theirs != base else "mine"


def _row_differences(
    name: str,
    kind: Rows,
    base: Mapping[str, Plain],
    mine: Mapping[str, Plain],
    theirs: Mapping[str, Plain],
    scope: Scope,
) -> list[Difference]:
    sides = [by_id(kind, rows_in(answer, name)) for answer in (base, mine, theirs)]
    found = []
    for row_id in dict.fromkeys([*sides[1], *sides[2]]):
        old, ours, others = (side.get(row_id) for side in sides)
        if ours == others:
            continue
        parts = [
            field
            for field in kind.fields
            if ours is None or others is None or ours.get(field) != others.get(field) or field == kind.words_in
        ]
        words = kind.row_words(ours or others or {}, scope)
        if kind.refers:
            words = scope.choices(kind.refers).get(row_id, words)
        found.append(
            Difference(
                f"{name}.{row_id}",
                f"{capital(kind.noun)}: {words}" if words else capital(kind.noun),
                _read(kind, ours, parts, scope),
                _read(kind, others, parts, scope),
                _suggest(old, ours, others),
            )
        )
    return found


def _read(kind: Rows, row: PlainRow | None, parts: list[str], scope: Scope) -> tuple[Row, ...]:
    return () if row is None else tuple(kind.fields[part].row(row.get(part), scope) for part in parts)


def by_id(kind: Rows, rows: Iterable[PlainRow]) -> dict[str, PlainRow]:
    """The rows of a table by what tells them apart."""
    return {text(row, kind.own_keys[0]): row for row in rows}


def merged(
    form: type[QuestionForm], mine: Mapping[str, Plain], theirs: Mapping[str, Plain], keep: Mapping[str, str]
) -> Answer:
    """One answer of both. `keep` says which side to take for the key of each difference; where it is silent, mine.

    Rows keep the order of mine; rows that only theirs has follow behind.
    """
    answer: Answer = {}
    for name, kind in form.kinds.items():
        if isinstance(kind, Rows):
            ours, others = by_id(kind, rows_in(mine, name)), by_id(kind, rows_in(theirs, name))
            rows = [
                (others if keep.get(f"{name}.{row_id}") == "theirs" else ours).get(row_id)
                for row_id in dict.fromkeys([*ours, *others])
            ]
            value: Plain = [row for row in rows if row is not None] or None
        else:
            value = (theirs if keep.get(name) == "theirs" else mine).get(name)
        if value is not None:
            answer[name] = value
    return answer
