"""What every output is made of: frozen pieces of plain data that the screen, the PDF and the tests all read.

Step 5 of the line in the README ends here, step 6 starts here. Nothing in this module knows Django, a
database or HTML: every text is plain, not yet escaped. Whoever draws blocks asks each for its `kind`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

Standing = Literal["not-started", "in-progress", "answered"]
Tone = Literal["plain", "good"]
Look = Literal["plain", "written", "opening", "note", "unanswered"]
Level = Literal["stop", "warn", "note"]

# What each level is called wherever it is shown, what to do first on top.
LEVELS: dict[Level, str] = {"stop": "Stop and revisit", "warn": "Look again", "note": "Note"}
# The same behind a number: "2 to look at again".
TO_DO: dict[Level, str] = {"stop": "to stop and revisit", "warn": "to look at again", "note": "to note"}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled answer. `paragraphs` is empty when there is no answer; `items` says it is a list, not prose.

    `written` says that its words are the team's own, in whatever language they write.
    """

    kind: ClassVar[str] = "row"

    label: str
    paragraphs: tuple[str, ...] = ()
    items: bool = False
    needed: bool = False
    written: bool = False

    @property
    def text(self) -> str:
        return (", " if self.items else "\n").join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class AnswerList:
    """Labelled answers that follow each other: they are read as one list."""

    kind: ClassVar[str] = "lines"

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """A line that the answers add up to. `anchor` is the id of the row it belongs to, or "" for the whole question.

    What helps to answer stands `above` what is asked; the rest stands below it.
    """

    kind: ClassVar[str] = "computed"

    key: str
    label: str
    lines: tuple[str, ...]
    tone: Tone = "plain"
    anchor: str = ""
    above: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table that is set as a small titled list because its answers are long ("Aim 1").

    `computed` is what it adds up to. `written` says that its title is the team's own words, as of a `Row`.
    """

    id: str
    title: str
    rows: tuple[Row, ...]
    computed: tuple[Computed, ...] = ()
    written: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    """A table whose rows are read one after the other. `lead` is said once, before all of them."""

    kind: ClassVar[str] = "records"

    title: str
    records: tuple[Record, ...]
    needed: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a `Table`; `share` is its part of the width (the shares of a table need no fixed sum).

    `written` says that its words are the team's own, as of a `Row`, and `named` that its label is.
    """

    label: str
    share: int = 1
    numeric: bool = False
    written: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A cell that holds a short list, or says with `none` that there is nothing to list."""

    kind: ClassVar[str] = "items"

    items: tuple[str, ...]
    none: str = "None yet"


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell that says something, with a web address below it; `link` is empty where there is none."""

    kind: ClassVar[str] = "linked"

    text: str
    link: str = ""


Cell = str | Items | Linked


@dataclass(frozen=True, slots=True)
class Table:
    """A table of short values: one tuple of cells for each row, with the row's id in `ids`.

    With `heads` the first cell of a row says what the row is about. `name` is what style sheets know it by. A `quiet`
    title is only heard: what stands above the table says it to the eye.
    """

    kind: ClassVar[str] = "table"

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    ids: tuple[str, ...] = ()
    needed: bool = False
    name: str = ""
    heads: bool = True
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that says something: its SVG, the words that say the same, and the data behind it.

    `narrow` is the same drawn for a phone. With nothing to show both are empty, and `alternative` says what is missing.
    `question` is the one whose answer it stands beside, and `shape` the height of `svg` in parts of its width. What a
    `quiet` one says in words is for those who cannot see it.
    """

    kind: ClassVar[str] = "figure"

    title: str
    alternative: str
    svg: str
    table: Table
    key: str = ""
    narrow: str = ""
    question: str = ""
    shape: float = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. With a `link` it ends in linked words: `text`, `linked`, and `after` behind them."""

    kind: ClassVar[str] = "words"

    text: str
    look: Look = "plain"
    linked: str = ""
    link: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of points. `written` says that its words are the team's own, as of a `Row`."""

    kind: ClassVar[str] = "listing"

    items: tuple[str, ...]
    written: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """What heads the blocks that follow it, within a part."""

    kind: ClassVar[str] = "title"

    text: str
    id: str = ""


Block = Row | Records | Table | Computed | Figure | Words | Listing | Title
Piece = AnswerList | Records | Table | Computed | Figure | Words | Listing | Title


def laid_out(blocks: Iterable[Block]) -> tuple[Piece, ...]:
    """Blocks as they are read, whatever they are drawn on: the one walk over them.

    Rows that follow each other become one list, and what a record adds up to goes into that record.
    """
    blocks = tuple(blocks)
    own: dict[str, tuple[Computed, ...]] = {}
    for block in blocks:
        if isinstance(block, Computed) and block.anchor:
            own[block.anchor] = (*own.get(block.anchor, ()), block)
    pieces: list[Piece] = []
    for block in blocks:
        if isinstance(block, Row):
            last = pieces[-1] if pieces else None
            if isinstance(last, AnswerList):
                pieces[-1] = AnswerList((*last.rows, block))
            else:
                pieces.append(AnswerList((block,)))
        elif isinstance(block, Records):
            records = tuple(replace(record, computed=own.get(record.id, ())) for record in block.records)
            pieces.append(replace(block, records=records))
        elif not (isinstance(block, Computed) and block.anchor):
            pieces.append(block)
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Finding:
    """Answers that do not fit together, and why that matters: see the table of findings in the method.

    It is mended in `field` of `question`, "smart.due" for one of its rows. `subjects` are the ids of rows, or keys of
    platforms or sources, sorted. `begins` is the key of a workbook that is begun because of it, and `drafts` that of a
    document among the policies, if any.
    """

    id: str
    level: Level
    stage: str
    question: str
    message: str
    subjects: tuple[str, ...] = ()
    why: str = ""
    field: str = ""
    begins: str = ""
    drafts: str = ""

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
    state: Standing
    blocks: tuple[Block, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return laid_out(self.blocks)


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
class Part:
    """A part of a summary: what is read under one heading. `key` is its id, `look` what style sheets know it by."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    look: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return laid_out(self.blocks)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come. `minutes_left` is a rough guide, rounded up to five."""

    answered: int
    total: int
    minutes_left: int
    stages_complete: int

    @property
    def finished(self) -> bool:
        return self.answered == self.total

    @property
    def waiting(self) -> int:
        """How many questions are still to be answered."""
        return self.total - self.answered
