"""A table with one row for each row of an earlier table: neither added nor removed here, and keyed by that row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Unpack

from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets import presentation
from worksheets.fields.base import Case, Path, RowOptions, RowsOf, Scope
from worksheets.fields.choices import ground
from worksheets.fields.drawn import DrawnRow, stem_of
from worksheets.fields.rows import RowForm, Rows
from worksheets.fields.shapes import PlainRow, RawRow, text
from worksheets.words import shortened


class RowsFor(Rows):
    """A table with one row for each row of an earlier table, keyed by it and without an id of its own."""

    refers: RowsOf

    def __init__(
        self,
        label: str,
        row: type[RowForm],
        hint: str = "",
        *,
        of: RowsOf,
        key: str,
        words: str,
        telling: tuple[str, ...] = (),
        **options: Unpack[RowOptions],
    ) -> None:
        super().__init__(label, row, hint, noun=of.noun, words=words, telling=telling, least=1, most=100, **options)
        self.refers = of
        self.key = key
        self.own_keys = (key,)

    def keys_from_json(self, row: PlainRow, at: Path, case: Case) -> RawRow:
        given = row.get(self.key)
        if not isinstance(given, str) or given not in case.scope.choices(self.refers):
            case.fault(
                (*at, self.key), f"must be the id of one of the rows in {self.refers.stage}.{self.refers.question}"
            )
        return {self.key: text(row, self.key)}

    def empty(self) -> RawRow:
        return {self.key: ""} | {name: kind.to_raw(None, Scope()) for name, kind in self.fields.items()}

    def complete(self, raw: list[RawRow], scope: Scope) -> list[tuple[int, RawRow]]:
        """A raw row for every row of the earlier table, in its order, and behind them those that belong to none.

        Each comes with its number: the place it was given in, or one behind all of those.
        """
        given = {text(row, self.key): (n, row) for n, row in enumerate(raw)}
        wanted = scope.choices(self.refers)
        fresh = count(len(raw))
        rows = [given.get(key) or (next(fresh), self.empty() | {self.key: key}) for key in wanted]
        return rows + [numbered for key, numbered in given.items() if key not in wanted]

    def settle(self, raw: list[RawRow], at: Path, case: Case) -> list[PlainRow] | None:
        before = len(case.faults)
        wanted = case.scope.choices(self.refers)
        keys = [text(row, self.key) for row in raw]
        if len(set(keys)) < len(keys):
            case.fault(at, f"Give one row for each {self.noun}. One is here twice")
        rows: list[PlainRow] = []
        told = any(fault.path[-1:] == (self.key,) for fault in case.faults)
        for n, given in self.complete(raw, case.scope):
            place, key = (*at, n), text(given, self.key)
            if key not in wanted:
                if not self.blank_row(given) and key and not told:
                    case.fault(
                        at, f"Copy what you need from the last row. Its {self.noun} has been removed from the list"
                    )
                continue
            if self.blank_row(given) and case.draft:
                continue
            row = self.settle_row(given, place, case)
            if row:
                rows.append({self.key: key, **row})
        if not rows and not case.draft and len(case.faults) == before:
            case.fault(at, case.scope.with_numbers(self.ask) or f"List your {self.plural} first")
        return rows or None

    def row_title(self, place: int, raw: list[RawRow], scope: Scope) -> str:
        titles = {n: shortened(self.title_of(row, scope), 40) for n, row in self.complete(raw, scope)}
        several = list(titles.values()).count(titles[place]) > 1
        return f"{titles[place]} ({list(titles).index(place) + 1})" if several else titles[place]

    def title_of(self, row: RawRow, scope: Scope) -> str:
        """What the row of the earlier table is called that this one belongs to."""
        return scope.choices(self.refers).get(text(row, self.key), f"A {self.noun} that has been removed")

    def prune(self, plain: list[PlainRow], scope: Scope) -> list[PlainRow] | None:
        # In the order of the table they belong to, which may have been changed since.
        order = {key: n for n, key in enumerate(scope.choices(self.refers))}
        rows = [row for row in plain if text(row, self.key) in order]
        return sorted(rows, key=lambda row: order[text(row, self.key)]) or None

    def act(self, raw: list[RawRow], verb: str, row_id: str) -> list[RawRow]:
        return raw

    def with_pasted(self, raw: list[RawRow], cells: str, column: str, scope: Scope) -> tuple[list[RawRow], list[str]]:
        return raw, []

    def block(self, plain: list[PlainRow] | None, scope: Scope) -> presentation.Block:
        names = scope.choices(self.refers)
        records = (
            presentation.Record(
                key,
                names.get(key, key),
                self.lines(row, scope),
                written=key in names,
            )
            for key, row in ((text(row, self.key), row) for row in plain or [])
        )
        return presentation.Records(self.short, tuple(records), needed=self.needed)

    def drawn(self, at: Path, raw: list[RawRow], case: Case) -> Iterator[DrawnRow]:
        rows = self.complete(raw, case.scope)
        # The rows are there from the start: of those that wait, the first is the one to answer.
        waiting = next((text(row, self.key) for _, row in rows if self.blank_row(row)), None)
        for number, (n, row) in enumerate(rows, 1):
            place, key = (*at, n), text(row, self.key)
            stem = stem_of(place)
            yield DrawnRow(
                id=key,
                at=stem,
                number=number,
                title=self.title_of(row, case.scope),
                words="",
                fields=self.draw_fields(place, row, case),
                error=case.messages.get(stem, ""),
                first=number == 1,
                last=number == len(rows),
                blank=self.blank_row(row),
                lang=format_html(' lang="{}"', case.scope.others) if case.scope.others else SafeString(),
                line=self.line(row, case.scope),
                open=len(rows) == 1 or key == waiting or self.wants_eyes(stem, row, case),
            )

    def lines_of(self, raw: list[RawRow], scope: Scope) -> dict[str, SafeString]:
        return super().lines_of([row for _, row in self.complete(raw, scope)], scope)

    def raw_words(self, row: RawRow, scope: Scope) -> str:
        """Nothing: a row is called what the row of the earlier table is called."""
        return ""

    def draw_rows(self, rows: list[DrawnRow], computed: Mapping[str, SafeString], scope: Scope) -> SafeString:
        if not rows:
            return ground(self.refers, scope)
        return super().draw_rows(rows, computed, scope)

    @property
    def row_template(self) -> str:
        return "fields/row-for.jinja"
