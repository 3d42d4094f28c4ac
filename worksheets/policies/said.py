"""What a document says, as one frozen object of plain data: its pages and files are made of it, and it is what is kept
when it is issued."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SaidClause:
    """A clause as it reads: `words` are Markdown of paragraphs and lists, with its holes filled. `own` says that they
    are the team's own, in whatever language they write."""

    key: str
    heading: str
    words: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A version of a document. `state` is in words; `control` and `history` are the rows of its first and last table.

    `missing` names the facts that are not known yet: a document with any cannot be issued. `language` is the one the
    organisation writes in. `issued_on` is the day in words on which it was issued; before that it is empty.
    """

    document: str
    title: str
    organisation: str
    version: int
    state: str
    control: tuple[tuple[str, str], ...]
    clauses: tuple[SaidClause, ...]
    history: tuple[tuple[str, str, str], ...]  # version, date in words, what changed
    missing: tuple[str, ...] = ()
    language: str = "en-GB"
    issued_on: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain data for the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Said:
        """What `to_json` gave."""
        rows = {name: tuple(map(tuple, kept[name])) for name in ("control", "history")}
        clauses = tuple(SaidClause(**one) for one in kept["clauses"])
        return cls(**{**kept, **rows, "clauses": clauses, "missing": tuple(kept["missing"])})
