"""Two answers to the same question, written at the same time, made one: by row and field, asking only where they clash.

What only one side changed since both began is taken from that side. What both changed, each in another way, is a clash,
which a person decides. Functions of plain data: nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from worksheets.fields import Answer, AnyKind, Plain, PlainRow, Rows, RowsFor, Scope, rows_in, several, text
from worksheets.presentation import Row
from worksheets.words import capital, inside
from worksheets.workbook import QuestionForm, quoted

Whose = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Clash:
    """One field, or one row that a side removed, which both sides changed: what it is about, and both sides in words.

    `key` names it among the clashes: `field`, `field.row-id.field` or, for a whole row, `field.row-id`. An empty side
    does not have it. `suggested` is the side that keeps more.
    """

    key: str
    title: str
    mine: tuple[Row, ...]
    theirs: tuple[Row, ...]
    suggested: Whose


@dataclass
class Merged:
    """The one answer made of both, with mine where they clash. `taken` says whether anything in it is theirs alone."""

    answer: Answer = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    taken: bool = False


def merge(
    form: type[QuestionForm],
    base: Mapping[str, Plain] | None,
    mine: Mapping[str, Plain],
    theirs: Mapping[str, Plain],
    scope: Scope,
) -> Merged:
    """What becomes of two answers that both began with `base`; None when that is not known: then all is asked."""
    merging = _Merging(base is not None, scope)
    for name, kind in form.kinds.items():
        sides = [(answer or {}).get(name) for answer in (base, mine, theirs)]
        if isinstance(kind, Rows):
            tables = (rows_in(answer or {}, name) for answer in (base, mine, theirs))
            value: Plain = list(merging.rows(name, kind, *tables)) or None
        else:
            value = merging.field(name, kind.short, kind, *sides)
        if value is not None:
            merging.merged.answer[name] = value
    return merging.merged


class _Merging:
    """One merge on its way. `known` says whether it is known what both began with."""

    def __init__(self, known: bool, scope: Scope) -> None:
        self.known, self.scope, self.merged = known, scope, Merged()

    def whose(self, old: object, ours: object, others: object) -> Whose | None:
        """Whose value stands; None when it must be asked."""
        if ours == others or (self.known and others == old):
            return "mine"
        if self.known and ours == old:
            self.merged.taken = True
            return "theirs"
        return None

    def field(self, key: str, title: str, kind: AnyKind, old: Plain, ours: Plain, others: Plain) -> Plain:
        whose = self.whose(old, ours, others)
        if whose is None and isinstance(ours, dict) and isinstance(others, dict):
            cells = self.cells(old if isinstance(old, dict) else {}, ours, others)
            if cells is not None:
                return cells
        if whose is None:
            sides = [() if side is None else (kind.row(side, self.scope),) for side in (ours, others)]
            self.clash(key, title, sides[0], sides[1])
        return others if whose == "theirs" else ours

    def cells(
        self, old: Mapping[str, Plain], ours: Mapping[str, Plain], others: Mapping[str, Plain]
    ) -> dict[str, Plain] | None:
        """A line of the grid made of both, cell by cell; None when both changed the same cell."""
        line: dict[str, Plain] = {}
        for key in _in_order([*ours], [*others]):
            whose = self.whose(old.get(key), ours.get(key), others.get(key))
            if whose is None:
                return None
            cell = (others if whose == "theirs" else ours).get(key)
            if cell is not None:
                line[key] = cell
        return line

    def rows(
        self, name: str, kind: Rows, base: list[PlainRow], mine: list[PlainRow], theirs: list[PlainRow]
    ) -> Iterator[PlainRow]:
        old, ours, others = (by_id(kind, rows) for rows in (base, mine, theirs))
        # Only theirs was put in another order: mine is as it was.
        first, second = (ours, others) if _moved(old, ours) or not self.known else (others, ours)
        for row_id in _in_order([*first], [*second]):
            sides = (old.get(row_id), ours.get(row_id), others.get(row_id))
            if isinstance(kind, RowsFor):
                # A row without a word is the same as no row.
                sides = tuple({kind.key: row_id} if side is None else side for side in sides)  # type: ignore[assignment]
            row = self.row(f"{name}.{row_id}", kind, row_id, *sides)
            if row is not None and set(row) > set(kind.own_keys):
                yield row

    def row(
        self, key: str, kind: Rows, row_id: str, old: PlainRow | None, ours: PlainRow | None, others: PlainRow | None
    ) -> PlainRow | None:
        whose = self.whose(old, ours, others)
        if whose:
            return others if whose == "theirs" else ours
        title = self.title(kind, row_id, ours or others or {})
        if ours is None or others is None:
            self.clash(key, title, self.read(kind, ours), self.read(kind, others))
            return ours
        row = {name: ours[name] for name in kind.own_keys}
        for name, part in kind.fields.items():
            value = self.field(
                f"{key}.{name}",
                f"{title}, {inside(part.short)}",
                part,
                (old or {}).get(name),
                ours.get(name),
                others.get(name),
            )
            if value is not None:
                row[name] = value
        return row

    def title(self, kind: Rows, row_id: str, row: PlainRow) -> str:
        words = kind.row_words(row, self.scope)
        if isinstance(kind, RowsFor):
            words = self.scope.choices(kind.refers).get(row_id, words)
        return f"{capital(kind.noun)} {quoted(words)}" if words else capital(kind.noun)

    def read(self, kind: Rows, row: PlainRow | None) -> tuple[Row, ...]:
        if row is None:
            return ()
        return tuple(part.row(row[name], self.scope) for name, part in kind.fields.items() if name in row)

    def clash(self, key: str, title: str, ours: tuple[Row, ...], others: tuple[Row, ...]) -> None:
        suggested: Whose = "theirs" if others and not ours else "mine"
        self.merged.clashes.append(Clash(key, title, ours, others, suggested))


def by_id(kind: Rows, rows: Iterable[PlainRow]) -> dict[str, PlainRow]:
    """The rows of a table by what tells them apart."""
    return {text(row, kind.own_keys[0]): row for row in rows}


def _moved(old: Mapping[str, PlainRow], now: Mapping[str, PlainRow]) -> bool:
    """Whether rows that were there stand in another order."""
    return [key for key in old if key in now] != [key for key in now if key in old]


def _in_order(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """All ids: those of `first` as they are, and what only `second` has behind what it follows there."""
    order, before = list(first), None
    for key in second:
        if key not in order:
            order.insert(0 if before is None else order.index(before) + 1, key)
        before = key
    return order


def chosen(
    form: type[QuestionForm], mine: Mapping[str, Plain], theirs: Mapping[str, Plain], keep: Mapping[str, str]
) -> Answer:
    """The merged answer, which has mine in each clash, with theirs where `keep` says so for the key of the clash."""
    answer: Answer = {}
    for name, kind in form.kinds.items():
        if isinstance(kind, Rows):
            value: Plain = [*_chosen_rows(name, kind, rows_in(mine, name), rows_in(theirs, name), keep)] or None
        else:
            value = (theirs if keep.get(name) == "theirs" else mine).get(name)
        if value is not None:
            answer[name] = value
    return _with_what_opens(form, answer, theirs)


def _chosen_rows(
    name: str, kind: Rows, mine: list[PlainRow], theirs: list[PlainRow], keep: Mapping[str, str]
) -> list[PlainRow]:
    ours, others = by_id(kind, mine), by_id(kind, theirs)
    rows = []
    for row_id in _in_order([*ours], [*others]):
        row, other = ours.get(row_id), others.get(row_id)
        if keep.get(f"{name}.{row_id}") == "theirs":
            row = other
        else:
            taken = [part for part in kind.fields if keep.get(f"{name}.{row_id}.{part}") == "theirs"]
            if taken:
                known = row or dict.fromkeys(kind.own_keys, row_id)
                both = known | {part: (other or {}).get(part) for part in taken}
                row = {part: both[part] for part in (*kind.own_keys, *kind.fields) if both.get(part) is not None}
        if row is not None:
            rows.append(row)
    return rows


def _with_what_opens(form: type[QuestionForm], answer: Answer, theirs: Mapping[str, Plain]) -> Answer:
    """The answer with each box ticked whose text is kept, and with the text of each box whose tick is."""
    for name, kind in form.kinds.items():
        if not kind.when or not kind.boxed:
            continue
        opening, choice = kind.when
        ticked = several(answer, opening)
        if name in answer and choice not in ticked:
            answer[opening] = [*ticked, choice]
        elif choice in ticked and name not in answer and theirs.get(name) is not None:
            answer[name] = theirs[name]
    return answer
