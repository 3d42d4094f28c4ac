"""What every output is made of: frozen pieces of plain data that the screen, the PDF and the tests all read.

Step 5 of the line in the README ends here, step 6 starts here. Nothing in this module knows Django, a
database or HTML: every text is plain, not yet escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["not-started", "in-progress", "answered"]
Tone = Literal["plain", "good"]
Level = Literal["stop", "warn", "note"]

# What each level is called wherever it is shown, what to do first on top.
LEVELS: dict[Level, str] = {"stop": "Stop and revisit", "warn": "Look again", "note": "Note"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled answer. `paragraphs` is empty when there is no answer; `items` says it is a list, not prose."""

    label: str
    paragraphs: tuple[str, ...] = ()
    items: bool = False
    needed: bool = False

    @property
    def text(self) -> str:
        return (", " if self.items else "\n").join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table that is set as a small titled list because its answers are long ("Aim 1")."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """A table whose rows are read one after the other."""

    title: str
    records: tuple[Record, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a `Table`; `share` is its part of the width (the shares of a table need no fixed sum)."""

    label: str
    share: int = 1
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of short values: one tuple of cell texts for each row, with the row's id in `ids`."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    ids: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that says something: its SVG, the words that say the same, and the data behind it.

    `narrow` is the same drawn for a phone. With nothing to show both are empty, and `alternative` says what is missing.
    `question` is the one whose answer it stands beside, and `shape` the height of `svg` in parts of its width.
    """

    title: str
    alternative: str
    svg: str
    table: Table
    key: str = ""
    narrow: str = ""
    question: str = ""
    shape: float = 0


@dataclass(frozen=True, slots=True)
class Computed:
    """A line that the answers add up to. `anchor` is the id of the row it belongs to, or "" for the whole question."""

    key: str
    label: str
    lines: tuple[str, ...]
    tone: Tone = "plain"
    anchor: str = ""


Block = Row | Records | Table | Computed


@dataclass(frozen=True, slots=True)
class Finding:
    """Two answers that do not fit together: see the table of findings in the method."""

    id: str
    level: Level
    stage: str
    question: str
    message: str
    subjects: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What names this point among those of a review, whatever its words are: the rule and the rows, joined."""
        return self.id, ",".join(self.subjects)

    @property
    def element(self) -> str:
        """The id of this point on a page."""
        return "-".join([self.id.replace(".", "-"), *self.subjects])


@dataclass(frozen=True, slots=True)
class Section:
    """One question with what was answered, ready to be read."""

    stage: str
    key: str
    number: int
    title: str
    short: str
    state: State
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One stage: its sections in order, and who completed its worksheet when (ISO date and time, or "")."""

    key: str
    number: int
    title: str
    short: str
    complete: bool
    completed_by: str
    completed_at: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One aim followed through the review: what it serves, whom, where, with what, and how we shall know."""

    id: str
    aim: str
    objectives: tuple[str, ...]
    stakeholders: tuple[str, ...]
    platforms: tuple[str, ...]
    content: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The strategy on a page. Hours are hours a week; `None` means the question is not answered yet."""

    links: tuple[Link, ...]
    top_platforms: tuple[str, ...]
    hours: float | None
    capacity: float | None
    unanswered: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come. `minutes_left` is a rough guide, out of about 120 for the whole."""

    answered: int
    total: int
    minutes_left: int
    stages_complete: int

    @property
    def finished(self) -> bool:
        return self.answered == self.total
