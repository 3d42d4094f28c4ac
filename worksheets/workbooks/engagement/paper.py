"""The engagement plan on one side of A4: what for, whom we ask what, who runs it, and when people hear back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worksheets.fields import PlainRow, Scope, maybe, short_date, spoken_date, spoken_hours, text
from worksheets.presentation import Block, Column, Part, Row, Table, Title, Words
from worksheets.words import capital, counted, fitted, listed, of_all, some
from worksheets.workbook import Reading
from worksheets.workbooks.engagement.run import WATCHED, pitfalls_named
from worksheets.workbooks.engagement.tables import GROUPS, HEARD, QUESTIONS

Texts = tuple[str, ...]

NOT_YET = "Not answered yet"
OPEN = (Column("What can change", 50, written=True), Column("What cannot change", 50, written=True))
TALK = (
    Column("Group", 17, written=True),
    Column("What we tell them", 30, written=True),
    Column("What we ask", 31, written=True),
    Column("Who handles it, by when", 22, written=True),
)
SELDOM = (
    Column("Group", 30, written=True),
    Column("Another way to take part", 45, written=True),
    Column("With whom", 25, written=True),
)
# How many small letters there is room for on paper: in two lines of a text, in three that are half as wide, and in a
# name; then in three lines of a table, and in two, for each hundredth of its width.
OPENING, HALF, NAME, THREE_LINES, TWO_LINES = 165, 150, 30, 2.5, 1.75
# How long a word may be on paper: a web address would fill a narrow column.
WORD = 24
# How many rows the two tables have together on paper, and how many are kept for the groups that are seldom heard.
ROWS, FOR_SELDOM = 7, 2


@dataclass(frozen=True)
class Page:
    """What the page is told of, and on what: on `paper` long texts and tables are cut, on a screen nothing is."""

    scope: Scope
    paper: bool

    def cut(self, words: str, most: float) -> str:
        """A text on one line; what is missing says so."""
        line = " ".join(words.split())
        if self.paper and line:
            line = " ".join(word if len(word) <= WORD else f"{word[:WORD]}…" for word in line.split())
            line = fitted(line, most)
        return line or NOT_YET

    def table(self, title: str, columns: tuple[Column, ...], rows: Sequence[Texts], letters: float) -> Table:
        """A table of texts; on paper each has so many letters for a hundredth of the width of its column."""
        cells = (
            tuple(self.cut(words, letters * column.share) for words, column in zip(row, columns, strict=True))
            for row in rows
        )
        return Table(title, columns, tuple(cells), quiet=True)


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The three parts of the page: what for, whom we ask what, and how it runs."""
    page = Page(reading.scope, paper)
    return (
        Part("understand", "What we want to understand", understand(page)),
        Part("ask", "Whom we ask what", ask(page)),
        Part("run-and-tell", "How we run it, and when people hear back", run(page)),
    )


def understand(page: Page) -> tuple[Block, ...]:
    """What the team wants to understand, and what is open and what is not."""
    answer = page.scope.answer("purpose", "purpose")
    if not answer:
        return (Words("Not answered yet: what we want to understand, and what can change.", "unanswered"),)
    insight = text(answer, "insight")
    opening = Words(page.cut(insight, OPENING), "opening" if insight else "unanswered")
    cells = tuple(page.cut(text(answer, name), HALF) for name in ("can_change", "cannot_change"))
    return opening, Table("What can change and what cannot", OPEN, (cells,), heads=False, quiet=True)


def ask(page: Page) -> tuple[Block, ...]:
    """What each group is told and asked, and below it how those take part who are seldom heard."""
    talks, rare = conversations(page), seldom_heard(page.scope)
    if not talks:
        return (Words("Not answered yet: whom we ask, and what.", "unanswered"),)
    few = min(len(rare), max(FOR_SELDOM, ROWS - len(talks))) if page.paper else len(rare)
    most = ROWS - few if page.paper else len(talks)
    blocks: list[Block] = [page.table("What we tell and ask each group", TALK, talks[:most], THREE_LINES)]
    if rare:
        heading = "Whom we seldom hear from"
        blocks += [Title(heading), page.table(heading, SELDOM, rare[:few], TWO_LINES)]
    left = ((len(talks) - most, "more conversation"), (len(rare) - few, "more group"))
    if more := listed(counted(number, noun) for number, noun in left if number > 0):
        blocks.append(Words(f"And {more}, in the full record.", "note"))
    return tuple(blocks)


def conversations(page: Page) -> Sequence[Texts]:
    """What each group is told and asked, who handles it by when; behind them the groups that are asked nothing yet."""
    names, rows = page.scope.named(GROUPS), page.scope.rows(QUESTIONS)
    asked = {text(row, "group") for row in rows}
    return [
        (names.get(text(row, "group"), ""), text(row, "tell"), text(row, "hear"), handled(page, row)) for row in rows
    ] + [(name, "", "", "") for key, name in names.items() if key not in asked]


def handled(page: Page, row: PlainRow) -> str:
    """Who handles what is said, and by when the answers are needed: "Priya Nair, by 28 Feb 2027"."""
    day = text(row, "by")
    return page.cut(text(row, "handled_by"), NAME) + (f", by {short_date(day)}" if day else "")


def seldom_heard(scope: Scope) -> Sequence[Texts]:
    """The groups that are seldom heard, how else they can take part, and with whom."""
    return [
        (text(row, "who"), text(row, "other_way"), text(row, "partner") or "Nobody named")
        for row in scope.rows(GROUPS)
        if text(row, "seldom_heard") == "yes"
    ]


def run(page: Page) -> tuple[Block, ...]:
    """Who moderates and when, what is not in hand yet, and when people hear back, as labelled lines."""
    answer = page.scope.answer("run", "run")
    people = page.cut(text(answer, "moderator"), NAME)
    if text(answer, "deputy"):
        people += f"; when away, {page.cut(text(answer, 'deputy'), NAME)}"
    watched = WATCHED.get(text(answer, "watched"), NOT_YET).partition(": ")[0]
    if (hours := maybe(answer, "reply_within")) is not None:
        watched += f"; people get an answer within {spoken_hours(hours)}"
    lines = (
        Row("Who moderates", (people,), written=True),
        Row("Watched", (watched,)),
        Row("Not in hand yet", pitfalls_open(page)),
        Row("They hear back", (hear_back(page.scope),)),
    )
    return tuple(line for line in lines if line.paragraphs)


def pitfalls_open(page: Page) -> tuple[str, ...]:
    """The pitfalls that are not dealt with, in a line; nothing where there are none."""
    answer = page.scope.answer("run", "pitfalls")
    names = [words for name, words in pitfalls_named(page.scope).items() if text(answer, name) == "not-yet"]
    return (capital(listed(some(names, 3) if page.paper else names)),) if names else ()


def hear_back(scope: Scope) -> str:
    """When people heard what came of it, or by when they will: the last day of the plan is the last for that."""
    themes = scope.rows(HEARD)
    days = sorted(filter(None, (text(row, "told_on") for row in themes)))
    by = f"by {spoken_date(scope.ends)}" if scope.ends else "by the last day of this plan"
    if not days:
        so_far = f"; {counted(len(themes), 'theme')} so far" if themes else ""
        return f"{by[:1].upper()}{by[1:]} at the latest{so_far}"
    if len(days) == len(themes):
        return f"They have heard back about everything, last on {spoken_date(days[-1])}"
    return f"They have heard back about {of_all(len(days), len(themes), 'theme')}, and hear about the rest {by}"
