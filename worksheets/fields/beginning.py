"""Rows that are begun from the rows of an earlier answer, which they then refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worksheets.fields.base import RowsOf, Scope
from worksheets.fields.shapes import RawRow, text


@dataclass(frozen=True, slots=True)
class BegunFrom:
    """The earlier table from which rows of another may be begun.

    `reference` is the field that says from which row a new one was begun; `taken` are the fields that come along: the
    name here, and the name there.
    """

    table: RowsOf
    reference: str
    taken: Mapping[str, str]

    def waiting(self, raw: list[RawRow], scope: Scope) -> dict[str, str]:
        """The earlier rows to which none of these raw rows refers yet, each in its words, by id."""
        begun = {text(row, self.reference) for row in raw}
        return {key: words for key, words in scope.named(self.table).items() if key not in begun}

    def rows(
        self, raw: list[RawRow], ticked: Sequence[str] | None, scope: Scope, empty: Callable[[str], RawRow]
    ) -> list[RawRow]:
        """A raw row for each earlier one that still waits and is `ticked`, or for all; `empty` makes one for an id."""
        earlier = {text(row, "id"): row for row in scope.rows(self.table)}
        return [
            empty(key) | {here: text(earlier[key], there) for here, there in self.taken.items()} | {self.reference: key}
            for key in self.waiting(raw, scope)
            if ticked is None or key in ticked
        ]
