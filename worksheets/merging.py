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
    asked = merging.together("", "", form.kinds, base or {}, mine, theirs)
    for name, kind in form.kinds.items():
        sides = [(answer or {}).get(name) for answer in (base, mine, theirs)]
        if name in asked:
            value = mine.get(name)
        elif isinstance(kind, Rows):
            tables = (rows_in(answer or {}, name) for answer in (base, mine, theirs))
            value = list(merging.rows(name, kind, *tables)) or None
        else:
            value = merging.field(name, kind.short, kind, *sides)
        if value is not None:
            merging.merged.answer[name] = value
    merging.boxes(form.kinds, mine, theirs)
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

    def together(
        self,
        at: str,
        title: str,
        fields: Mapping[str, AnyKind],
        old: Mapping[str, Plain],
        ours: Mapping[str, Plain],
        others: Mapping[str, Plain],
    ) -> set[str]:
        """The fields asked for as one: a choice that only one side made so that there is room for what the other wrote.

        Put together by field, "steady" would drop the busy weeks that somebody else had just filled in.
        """
        asked: set[str] = set()
        for opener in dict.fromkeys(kind.when[0] for kind in fields.values() if kind.when and not kind.boxed):
            names = [opener, *_apart(fields, opener, ours, others)]
            if len(names) > 1 and self.torn(fields, names, old, ours, others):
                sides = [
                    tuple(fields[name].row(side[name], self.scope) for name in names if name in side)
                    for side in (ours, others)
                ]
                short = fields[opener].short
                suggested: Whose = "mine" if len(sides[0]) >= len(sides[1]) else "theirs"
                called = f"{title}, {inside(short)}" if title else short
                self.clash(f"{at}{opener}", called, sides[0], sides[1], suggested)
                asked.update(names)
        return asked

    def torn(
        self,
        fields: Mapping[str, AnyKind],
        names: Sequence[str],
        old: Mapping[str, Plain],
        ours: Mapping[str, Plain],
        others: Mapping[str, Plain],
    ) -> bool:
        """Whether the choice itself clashes, or one side wrote what there is no room for on the other."""
        opener, *inner = names
        was, mine, theirs = (side.get(opener) for side in (old, ours, others))
        return (mine != theirs and not (self.known and was in (mine, theirs))) or any(
            name in side and side[name] != old.get(name) and not fields[name].belongs(other)
            for name in inner
            for side, other in ((ours, others), (others, ours))
        )

    def boxes(self, fields: Mapping[str, AnyKind], ours: Mapping[str, Plain], others: Mapping[str, Plain]) -> None:
        """Ask for each text that one side wrote in a box that the other no longer ticks."""
        answer, known = self.merged.answer, {clash.key for clash in self.merged.clashes}
        for name, kind in fields.items():
            if not kind.boxed or name not in answer or kind.belongs(answer):
                continue
            if name not in known:
                sides = [(kind.row(side[name], self.scope),) if name in side else () for side in (ours, others)]
                self.clash(name, kind.short, sides[0], sides[1])
            if name in ours:
                _tick(kind, answer)
            else:
                del answer[name]

    def cells(
        self, old: Mapping[str, Plain], ours: Mapping[str, Plain], others: Mapping[str, Plain]
    ) -> dict[str, Plain] | None:
        """The platforms of both, one by one; None when both changed the same."""
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
        asked = self.together(f"{key}.", title, kind.fields, old or {}, ours, others)
        for name, part in kind.fields.items():
            sides = (old or {}).get(name), ours.get(name), others.get(name)
            if name in asked:
                value = ours.get(name)
            else:
                value = self.field(f"{key}.{name}", f"{title}, {inside(part.short)}", part, *sides)
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

    def clash(
        self, key: str, title: str, ours: tuple[Row, ...], others: tuple[Row, ...], suggested: Whose | None = None
    ) -> None:
        fuller: Whose = "theirs" if others and not ours else "mine"
        self.merged.clashes.append(Clash(key, title, ours, others, suggested or fuller))


def _apart(
    fields: Mapping[str, AnyKind], opener: str, ours: Mapping[str, Plain], others: Mapping[str, Plain]
) -> list[str]:
    """The fields that belong to a choice, where one side has room for some that the other has none for."""
    inner = [name for name, kind in fields.items() if kind.when and not kind.boxed and kind.when[0] == opener]
    return inner if any(fields[name].belongs(ours) != fields[name].belongs(others) for name in inner) else []


def _tick(kind: AnyKind, answer: Answer) -> None:
    """Tick the box that a field belongs to."""
    assert kind.when
    opening, choice = kind.when
    answer[opening] = [*several(answer, opening), choice]


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
    whole = _with_their_choice(form.kinds, mine, theirs, [key for key in keep if keep[key] == "theirs"])
    for name, kind in form.kinds.items():
        if name in whole:
            value = theirs.get(name)
        elif isinstance(kind, Rows):
            value = [*_chosen_rows(name, kind, rows_in(mine, name), rows_in(theirs, name), keep)] or None
        else:
            value = (theirs if keep.get(name) == "theirs" else mine).get(name)
        if value is not None:
            answer[name] = value
    return _with_what_opens(form, answer, theirs)


def _with_their_choice(
    fields: Mapping[str, AnyKind], mine: Mapping[str, Plain], theirs: Mapping[str, Plain], taken: Iterable[str]
) -> set[str]:
    """The fields that come along with a choice that is taken from them: what they wrote there, as a whole."""
    return {name for opener in taken for name in _apart(fields, opener, mine, theirs)}


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
                taken += _with_their_choice(kind.fields, row or {}, other or {}, taken)
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
            _tick(kind, answer)
        elif choice in ticked and name not in answer and theirs.get(name) is not None:
            answer[name] = theirs[name]
    return answer
