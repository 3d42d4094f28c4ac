"""The project on a page: what it wants, for whom, on which channels, its first four weeks, and who said yes."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.fields import Plain, PlainRow, Rows, RowsOf, text
from worksheets.presentation import Block, Column, Items, Part, Table, Title, Words
from worksheets.words import capital, inside, listed, shortened
from worksheets.workbook import Reading
from worksheets.workbooks.channels.channels import CONDITIONS
from worksheets.workbooks.channels.tables import AUDIENCES, CHANNELS, POSTS, used_rows

NOT_YET = "Not answered yet"
# On paper: how many rows each table has, and how many letters a text, so that all of it fits on one side of A4.
ROWS = {AUDIENCES: 3, CHANNELS: 3, POSTS: 5}
SENTENCE, LONG, SHORT = 190, 75, 45


class Sheet:
    """What the page says of one run. On paper rows and texts are cut to what fits; on screen nothing is."""

    def __init__(self, reading: Reading, *, paper: bool) -> None:
        self.reading = reading
        self.scope = reading.scope
        self.paper = paper

    def cut(self, words: str, most: int) -> str:
        line = " ".join(words.split())
        return shortened(line, most) if self.paper else line

    def said(self, question: str, field: str) -> tuple[str, ...]:
        """A field of an answer in words; nothing where it holds none."""
        value = self.reading.answer(question).get(field)
        kind = self.reading.workbook.question[question].form.kinds[field]
        return () if value is None else kind.words(value, self.scope)

    def cell(self, table: RowsOf, row: PlainRow, name: str, most: int) -> str:
        """A field of a row in one line, cut to so many letters; "" where it holds nothing."""
        kind = self.reading.workbook.question[table.question].form.kinds[table.field]
        value: Plain = row.get(name)
        if value is None or not isinstance(kind, Rows):
            return ""
        return self.cut(", ".join(kind.fields[name].words(value, self.scope)), most)

    def table(
        self, table: RowsOf, title: str, columns: Sequence[tuple[Column, str, int]], rows: Sequence[PlainRow]
    ) -> tuple[Block, ...]:
        """Rows as a table below its title: each column with the field that it shows, and its letters on paper."""
        if not rows:
            return Title(title), Words(f"{NOT_YET}.", "unanswered")
        most = ROWS[table] if self.paper else len(rows)
        cells = tuple(
            tuple(self.cell(table, row, name, letters) for _, name, letters in columns) for row in rows[:most]
        )
        shown = Table(title, tuple(column for column, _, _ in columns), cells, quiet=True)
        more = (Words(f"And {len(rows) - most} more, in the record behind.", "note"),) if len(rows) > most else ()
        return (Title(title), shown, *more)

    def wants(self) -> tuple[Block, ...]:
        """What will have changed, and what the project wants for it."""
        sentence = self.said("wants", "sentence")
        wants = listed(map(inside, self.said("wants", "wants")))
        return (
            Words(self.cut(" ".join(sentence), SENTENCE), "written")
            if sentence
            else Words("What you want is not answered yet.", "unanswered"),
            *((Words(f"For this we want: {wants}.", "opening"),) if wants else ()),
        )

    def audiences(self) -> tuple[Block, ...]:
        columns = (
            (Column("Audience", 30, written=True), "who", SHORT),
            (Column("What they would do", 40, written=True), "do", LONG),
            (Column("Active on", 30), "active_on", SHORT),
        )
        return self.table(AUDIENCES, "Who it is for", columns, self.scope.rows(AUDIENCES))

    def channels(self) -> tuple[Block, ...]:
        columns = (
            (Column("Channel", 24), "platform", SHORT),
            (Column("Account", 26), "use", SHORT),
            (Column("Why", 50, written=True), "because", LONG),
        )
        left = [row for row in self.scope.rows(CHANNELS) if text(row, "use") == "leave" and text(row, "platform")]
        names = listed(self.scope.platform(text(row, "platform")) for row in left)
        later = (Words(self.cut(f"Not now: {names}.", LONG), "note"),) if names else ()
        return (*self.table(CHANNELS, "Our channels", columns, used_rows(self.scope)), *later)

    def weeks(self) -> tuple[Block, ...]:
        columns = (
            (Column("When", 16, written=True), "when", 20),
            (Column("What", 44, written=True), "what", LONG),
            (Column("Where", 22), "platforms", SHORT),
            (Column("Who", 18, written=True), "who", 24),
        )
        return self.table(POSTS, "The first four weeks", columns, self.scope.rows(POSTS))

    def conditions(self) -> Items:
        """What is in place, and what is not yet with the next step."""
        answer = self.reading.answer("conditions")
        met = [name for key, name in CONDITIONS.items() if text(answer, key) == "yes"]
        lines = [f"In place: {listed(met)}"] if met else []
        for key, name in CONDITIONS.items():
            if text(answer, key) == "not-yet":
                step = self.cut(text(answer, f"{key}_next"), SHORT)
                lines.append(f"Not yet: {name}{f'. Next: {step}' if step else ''}")
        return Items(tuple(lines), none=NOT_YET)

    def agreed(self) -> tuple[Block, ...]:
        """Who cleared it, with what time, what it takes, and how the team will know."""
        by, time = self.said("posts", "cleared_by"), self.said("posts", "minutes_a_week")
        cleared = [
            *(f"Cleared by {self.cut(words, SHORT)}" for words in by),
            *(f"{capital(words)}" for words in time),
            *(("We know that anyone may quote our posts",) if self.said("posts", "open_posts_understood") else ()),
        ]
        know = Items(tuple(self.cut(words, 2 * LONG) for words in self.said("posts", "know_by")[:1]), none=NOT_YET)
        columns = (Column("Agreed", 30), Column("What it takes", 40), Column("How we will know", 30, written=True))
        cells = (Items(tuple(cleared), none=NOT_YET), self.conditions(), know)
        return (Table("Agreed", columns, (cells,), name="foot", heads=False, quiet=True),)


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The page, one side of A4 on paper."""
    sheet = Sheet(reading, paper=paper)
    blocks = (*sheet.wants(), *sheet.audiences(), *sheet.channels(), *sheet.weeks(), *sheet.agreed())
    return (Part("project-on-a-page", "The project on a page", blocks, look="onepage"),)
