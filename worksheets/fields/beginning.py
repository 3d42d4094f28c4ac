"""Rows that are begun from earlier answers: from the rows of a table, which they then refer to, or from others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worksheets.fields.base import RowsOf, Scope
from worksheets.fields.shapes import Raw, RawRow, text
from worksheets.words import article


class Begun(ABC):
    """What rows of a table may be begun from. `reference` is the field that says from what a row was begun."""

    reference: str

    @property
    @abstractmethod
    def heading(self) -> str:
        """What heads the list of what they may be begun from."""

    @abstractmethod
    def named(self, scope: Scope) -> Mapping[str, str]:
        """All that they may be begun from, each in words, by what refers to it."""

    @abstractmethod
    def started(self, key: str, scope: Scope) -> Mapping[str, Raw]:
        """The fields that a row begins with which is begun from that."""

    def waiting(self, raw: list[RawRow], scope: Scope) -> dict[str, str]:
        """What none of these raw rows was begun from yet, each in words."""
        begun = {text(row, self.reference) for row in raw}
        return {key: words for key, words in self.named(scope).items() if key not in begun}

    def rows(
        self, raw: list[RawRow], ticked: Sequence[str] | None, scope: Scope, empty: Callable[[str], RawRow]
    ) -> list[RawRow]:
        """A raw row for each that still waits and is `ticked`, or for all; `empty` makes one for a key."""
        return [
            empty(key) | dict(self.started(key, scope)) | {self.reference: key}
            for key in self.waiting(raw, scope)
            if ticked is None or key in ticked
        ]


@dataclass(frozen=True, slots=True)
class BegunFrom(Begun):
    """Rows begun from those of an earlier table. `taken` are the fields that come along: the name here, and there."""

    table: RowsOf
    reference: str
    taken: Mapping[str, str]

    @property
    def heading(self) -> str:
        return f"Begin from {article(self.table.noun)}"

    def named(self, scope: Scope) -> Mapping[str, str]:
        return scope.named(self.table)

    def started(self, key: str, scope: Scope) -> Mapping[str, Raw]:
        earlier = next(row for row in scope.rows(self.table) if row["id"] == key)
        return {here: text(earlier, there) for here, there in self.taken.items()}


@dataclass(frozen=True)
class Drafted(Begun):
    """Rows drafted from what was answered: `drafts` gives, by the key that `reference` then holds, the words in which
    it is offered and the fields that the row begins with. `title` heads them. A row in which the date `over` is there
    is over, and stands in the way of no new one."""

    title: str
    reference: str
    drafts: Callable[[Scope], Mapping[str, tuple[str, Mapping[str, Raw]]]]
    over: str = ""

    @property
    def heading(self) -> str:
        return self.title

    def waiting(self, raw: list[RawRow], scope: Scope) -> dict[str, str]:
        return super().waiting([row for row in raw if not any(row.get(self.over, ()))], scope)

    def named(self, scope: Scope) -> Mapping[str, str]:
        return {key: words for key, (words, _) in self.drafts(scope).items()}

    def started(self, key: str, scope: Scope) -> Mapping[str, Raw]:
        return self.drafts(scope)[key][1]
