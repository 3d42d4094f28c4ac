"""A table with one row for each row of an earlier table: neither added nor removed here, and keyed by that row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from worksheets import presentation
from worksheets.fields.base import Case, Path, Plain, Raw, RowsOf, Scope
from worksheets.fields.rows import DrawnRow, RowForm, Rows


class RowsFor(Rows):
    """A table with one row for each row of an earlier table, keyed by it and without an id of its own."""

    def __init__(self, label: str, row: type[RowForm], hint: str = "", *, of: RowsOf, key: str, **options: Any) -> None:
        super().__init__(label, row, hint, noun=of.noun, least=1, most=100, **options)
        self.refers = of
        self.key = key
        self.own_keys = (key,)

    def row_from_post(self, data: Any, start: str) -> dict[str, Raw]:
        return {self.key: data.get(f"{start}{self.key}") or ""} | {
            name: kind.from_post(data, f"{start}{name}") for name, kind in self.fields.items()
        }

    def keys_from_json(self, row: dict[str, Any], at: Path, case: Case) -> dict[str, str]:
        assert self.refers
        given = row.get(self.key)
        if not isinstance(given, str) or given not in case.scope.choices(self.refers):
            case.fault(
                (*at, self.key), f"must be the id of one of the rows in {self.refers.stage}.{self.refers.question}"
            )
        return {self.key: given if isinstance(given, str) else ""}

    def empty(self) -> dict[str, Raw]:
        return {self.key: ""} | {name: kind.to_raw(None, Scope()) for name, kind in self.fields.items()}

    def complete(self, raw: Raw, scope: Scope) -> list[tuple[int, dict[str, Raw]]]:
        """A raw row for every row of the earlier table, in its order, and behind them those that belong to none.

        Each comes with its number: the place it was given in, or one behind all of those.
        """
        assert self.refers
        given = {row[self.key]: (n, row) for n, row in enumerate(raw or [])}
        wanted = scope.choices(self.refers)
        fresh = count(len(raw or []))
        rows = [given.get(key) or (next(fresh), self.empty() | {self.key: key}) for key in wanted]
        return rows + [numbered for key, numbered in given.items() if key not in wanted]

    def settle(self, raw: Raw, at: Path, case: Case) -> Plain | None:
        assert self.refers
        before = len(case.faults)
        wanted = case.scope.choices(self.refers)
        keys = [row[self.key] for row in raw or []]
        if len(set(keys)) < len(keys):
            case.fault(at, f"Give one row for each {self.noun}. One is here twice")
        rows = []
        told = any(fault.path[-1:] == (self.key,) for fault in case.faults)
        for n, given in self.complete(raw, case.scope):
            place = (*at, n)
            if given[self.key] not in wanted:
                if not self.blank_row(given) and given[self.key] and not told:
                    case.fault(
                        at, f"Copy what you need from the last row. Its {self.noun} has been removed from the list"
                    )
                continue
            if self.blank_row(given) and case.draft:
                continue
            row = self.settle_row(given, place, case)
            if row:
                rows.append({self.key: given[self.key]} | row)
        if not rows and not case.draft and len(case.faults) == before:
            case.fault(at, case.scope.with_numbers(self.ask) or f"List your {self.plural} first")
        return rows or None

    def prune(self, plain: Plain, scope: Scope) -> Plain | None:
        assert self.refers
        wanted = scope.choices(self.refers)
        rows = [row for row in plain if row.get(self.key) in wanted]
        # In the order of the table they belong to, which may have been changed since.
        order = {key: n for n, key in enumerate(wanted)}
        return sorted(rows, key=lambda row: order[row[self.key]]) or None

    def act(self, raw: list[dict[str, Raw]], verb: str, row_id: str) -> list[dict[str, Raw]]:
        return raw

    def block(self, plain: Plain | None, scope: Scope) -> presentation.Block:
        assert self.refers
        names = scope.choices(self.refers)
        records = (
            presentation.Record(
                row[self.key],
                names.get(row[self.key], row[self.key]),
                tuple(kind.row(row.get(name), scope) for name, kind in self.fields.items()),
            )
            for row in plain or []
        )
        return presentation.Records(self.short, tuple(records), needed=self.needed)

    def drawn(self, at: Path, raw: Raw, case: Case) -> Iterator[DrawnRow]:
        assert self.refers
        names = case.scope.choices(self.refers)
        rows = self.complete(raw, case.scope)
        for number, (n, row) in enumerate(rows, 1):
            place = (*at, n)
            stem = "-".join(map(str, place))
            yield DrawnRow(
                id=row[self.key],
                at=stem,
                number=number,
                title=names.get(row[self.key], f"A {self.noun} that has been removed"),
                words="",
                fields=self.draw_fields(place, row, case),
                error=case.messages.get(stem, ""),
                first=number == 1,
                last=number == len(rows),
            )

    @property
    def row_template(self) -> str:
        return "fields/row-for.jinja"
