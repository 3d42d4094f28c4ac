"""The project on a page: what it wants, for whom, on which channels, its first four weeks, and who said yes."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.fields import PlainRow, Rows, RowsOf, text
from worksheets.presentation import Block, Column, Items, Part, Table, Title, Words
from worksheets.words import capital, counted, fitted, inside, listed
from worksheets.workbook import Reading
from worksheets.workbooks.channels.channels import CONDITIONS
from worksheets.workbooks.channels.tables import AUDIENCES, CHANNELS, POSTS

NOT_YET = "Not answered yet"
# On paper: how many rows the audiences and the channels have at most, and all three tables together, and how many
# letters a text has, so that all of it fits on one side of A4 even where every text is cut.
ROWS, ALL_ROWS = 3, 11
SENTENCE, KNOW, WHY, LONG, SHORT, NAME = 170, 135, 100, 75, 50, 22


class Sheet:
    """What the page says of one run. On paper rows and texts are cut to what fits; on screen nothing is."""

    def __init__(self, reading: Reading, *, paper: bool) -> None:
        self.reading = reading
        self.scope = reading.scope
        self.paper = paper

    def cut(self, words: str, most: int) -> str:
        """A text in one line; on paper cut to the room of so many small letters."""
        return fitted(words, most) if self.paper else " ".join(words.split())

    def said(self, question: str, field: str) -> str:
        """A field of an answer in one line; "" where it holds nothing."""
        value = self.reading.answer(question).get(field)
        kind = self.reading.workbook.question[question].form.kinds[field]
        return "" if value is None else " ".join(kind.words(value, self.scope))

    def cell(self, table: RowsOf, row: PlainRow, names: str, most: int) -> str:
        """Fields of a row in one line, cut to so many letters: "LinkedIn: an account of our own"; "" without any."""
        kind = self.reading.workbook.question[table.question].form.kinds[table.field]
        assert isinstance(kind, Rows), f"{table.field} is no table"
        filled = ((kind.fields[name], row[name]) for name in names.split() if name in row)
        first, *more = [", ".join(field.words(value, self.scope)) for field, value in filled] or [""]
        return self.cut(": ".join([first, *map(inside, more)]), most)

    def table(
        self,
        table: RowsOf,
        title: str,
        columns: Sequence[tuple[Column, str, int]],
        rows: Sequence[PlainRow],
        most: int = ROWS,
    ) -> tuple[Block, ...]:
        """Rows as a table below its title: each column with the fields that it shows, and its letters on paper.

        On paper there are `most` rows, and the title says how many more there are.
        """
        if not rows:
            return Title(title), Words(f"{NOT_YET}.", "unanswered")
        shown = rows[:most] if self.paper else rows
        cells = tuple(tuple(self.cell(table, row, name, letters) for _, name, letters in columns) for row in shown)
        more = (
            f" (and {counted(len(rows) - len(shown), f'more {table.noun}')}, in the full record)"
            if len(shown) < len(rows)
            else ""
        )
        return Title(title + more), Table(title, tuple(column for column, _, _ in columns), cells, quiet=True)

    def wants(self) -> tuple[Block, ...]:
        """What will have changed, and what the project wants for it."""
        sentence = self.cut(self.said("wants", "sentence"), SENTENCE)
        chosen = self.reading.answer("wants").get("wants")
        kind = self.reading.workbook.question["wants"].form.kinds["wants"]
        wants = listed(f"{words[:1].lower()}{words[1:]}" for words in kind.words(chosen or [], self.scope))
        return (
            Words(sentence, "written") if sentence else Words("What will change is not answered yet.", "unanswered"),
            *((Words(f"For this we want: {wants}."),) if wants else ()),
        )

    def audiences(self) -> tuple[Block, ...]:
        """Whom it is for, what they would do, and where they are."""
        columns = (
            (Column("Audience", 30, written=True), "who", SHORT),
            (Column("What they would do", 40, written=True), "do", LONG),
            (Column("Active on", 30), "active_on", SHORT),
        )
        return self.table(AUDIENCES, "Who it is for", columns, self.scope.rows(AUDIENCES))

    def channels(self) -> tuple[Block, ...]:
        """The channels that are used with why, and in one line those that are left for now."""
        columns = (
            (Column("Channel", 36), "platform use", LONG),
            (Column("Why", 64, written=True), "because", WHY),
        )
        left = [text(row, "platform") for row in self.scope.rows(CHANNELS) if text(row, "use") == "leave"]
        names = listed(self.scope.platform(key) for key in left if key)
        note = (Words(self.cut(f"Not now: {names}.", LONG), "note"),) if names else ()
        if names and not self.kept():
            return Title("Our channels"), Words("None for now."), *note
        return (*self.table(CHANNELS, "Our channels", columns, self.kept()), *note)

    def kept(self) -> list[PlainRow]:
        """The rows of the channels that are not left for now."""
        return [row for row in self.scope.rows(CHANNELS) if text(row, "use") != "leave"]

    def weeks(self) -> tuple[Block, ...]:
        """The posts in their order: when, what, where and who. They have the rows that the other tables leave."""
        columns = (
            (Column("When", 17, written=True), "when", NAME),
            (Column("What", 43, written=True), "what", LONG),
            (Column("Where", 22), "platforms", SHORT - 15),
            (Column("Who", 18, written=True), "who", NAME),
        )
        taken = sum(min(max(len(rows), 1), ROWS) for rows in (self.scope.rows(AUDIENCES), self.kept()))
        return self.table(POSTS, "The first four weeks", columns, self.scope.rows(POSTS), ALL_ROWS - taken)

    def conditions(self) -> Items:
        """What is in place, and what is not yet: with its next step, or on paper where the steps stand if several."""
        answer = self.reading.answer("conditions")
        met = [name for key, name in CONDITIONS.items() if text(answer, key) == "yes"]
        unmet = {key: name for key, name in CONDITIONS.items() if text(answer, key) == "not-yet"}
        lines = [f"In place: {listed(met)}."] if met else []
        if self.paper and len(unmet) > 1:
            lines.append(f"Not yet: {listed(unmet.values())}. The full record says what comes next.")
        else:
            for key, name in unmet.items():
                step = self.cut(text(answer, f"{key}_next"), SHORT - 10)
                lines.append(f"Not yet: {name}. {f'Next: {step}' if step else 'No next step yet.'}")
        return Items(tuple(lines), none=NOT_YET)

    def agreed(self) -> tuple[Block, ...]:
        """Who cleared it, with what time, what it takes, and how the team will know."""
        by = self.cut(self.said("posts", "cleared_by"), SHORT - 15)
        lines = (
            f"Cleared by: {by}" if by else "",
            capital(self.said("posts", "minutes_a_week")),
            "Open posts: understood" if self.said("posts", "open_posts_understood") else "",
        )
        know = self.cut(self.said("posts", "know_by"), KNOW)
        columns = (Column("Agreed", 28), Column("What it takes", 38), Column("How we will know", 34, written=True))
        cells = (
            Items(tuple(filter(None, lines)), none=NOT_YET),
            self.conditions(),
            Items((know,) if know else (), none=NOT_YET),
        )
        return (Table("What is agreed", columns, (cells,), heads=False, quiet=True),)


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The page, one side of A4 on paper."""
    sheet = Sheet(reading, paper=paper)
    blocks = (*sheet.wants(), *sheet.audiences(), *sheet.channels(), *sheet.weeks(), *sheet.agreed())
    return (Part("project-on-a-page", "The project on a page", blocks),)
