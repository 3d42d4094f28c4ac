"""The facts on one side of A4: who does what, how people are reached, when somebody is there, sign-off, accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worksheets.fields import PlainRow, Scope, maybe, spoken_hours, spoken_number, text
from worksheets.presentation import Block, Column, Part, Row, Table, Words
from worksheets.words import counted, fitted
from worksheets.workbook import Reading
from worksheets.workbooks.policy_facts.asked import CONTACTS, ROLES, WATCHED
from worksheets.workbooks.policy_facts.rules import DEPUTIES
from worksheets.workbooks.policy_facts.tables import ACCOUNTS, RISKS, STEPS

NOT_YET = "Not answered yet"
PEOPLE = (Column("What", 30), Column("Who", 35, written=True), Column("Who stands in", 35, written=True))
REACHED = (Column("Who", 30), Column("How to reach them", 70, written=True))
HELD = (
    Column("Account", 40, written=True),
    Column("Who looks after it", 30, written=True),
    Column("Who stands in", 30, written=True),
)
SIGNED = (
    Column("Step", 30, written=True),
    Column("Who stands in", 30, written=True),
    Column("What they check", 40, written=True),
)
# What fits on one side of A4: how many small letters in a name, in a line of its own, and how many rows of a table.
NAME, LINE, WORD = 34, 78, 24
ROWS = 4


@dataclass(frozen=True)
class Page:
    """What the page is told of, and on what: on `paper` texts and tables are cut, on a screen nothing is."""

    scope: Scope
    paper: bool

    def cut(self, words: str, most: int = LINE) -> str:
        """A text on one line; what is missing says so."""
        line = " ".join(words.split())
        if self.paper and line:
            line = " ".join(word if len(word) <= WORD * 2 else f"{word[: WORD * 2]}…" for word in line.split())
            line = fitted(line, most)
        return line or NOT_YET

    def said(self, question: str, name: str) -> str:
        """A text that answers a field, cut to its line."""
        return self.cut(text(self.scope.answer("facts", question), name))

    def table(
        self, title: str, columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]], noun: str
    ) -> Iterable[Block]:
        """A table of texts and, where paper has no room for all, how many more there are."""
        most = ROWS if self.paper else len(rows)
        cells = tuple(tuple(self.cut(words, NAME) for words in row) for row in rows[:most])
        yield Table(title, columns, cells, quiet=True)
        if len(rows) > most:
            yield Words(f"And {counted(len(rows) - most, f'more {noun}')}, in the full record.", "note")


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """Who does what and how they are reached; when somebody is there; what is signed off; accounts and trouble."""
    page = Page(reading.scope, paper)
    return (
        Part("who", "Who does what", who(page)),
        Part("reach", "How people reach us", reach(page)),
        Part("there", "When we are there, and what is agreed", there(page)),
        Part("accounts", "Our accounts", accounts(page)),
    )


def who(page: Page) -> tuple[Block, ...]:
    """Each role with whoever has it and stands in, and who approves."""
    answer = page.scope.answer("facts", "roles")
    rows = tuple(
        (does, page.cut(text(answer, name), NAME), page.cut(text(answer, DEPUTIES[name]), NAME))
        for name, does in ROLES.items()
    )
    return (
        Table("Who does what", PEOPLE, rows, quiet=True),
        Row("Approves policies", (page.said("roles", "committee"),), written=True),
    )


def reach(page: Page) -> tuple[Block, ...]:
    """Each address, in a line."""
    rows = tuple((name, page.said("contacts", key)) for key, name in CONTACTS.items())
    return (Table("How people reach us", REACHED, rows, quiet=True),)


def there(page: Page) -> tuple[Block, ...]:
    """Hours, answers, tone, the house rules and how to object, and what happens when it gets busy."""
    answer = page.scope.answer("facts", "watching")
    watched = text(answer, "hours") or WATCHED.get(text(answer, "watched"), "").partition(": ")[0]
    hours, days = maybe(answer, "reply_within"), maybe(answer, "appeal_days")
    object_to = page.said("watching", "appeal")
    if days is not None:
        object_to = f"{object_to.rstrip('.')} ({spoken_number(days)} working days)"
    return (
        Row("Watched", (page.cut(watched),), written=True),
        Row("Answer within", (NOT_YET if hours is None else spoken_hours(hours),)),
        Row("Nights and weekends", (page.said("watching", "nights"),), written=True),
        Row("Tone", (page.said("watching", "tone"),), written=True),
        Row("House rules", (page.said("watching", "website"),), written=True),
        Row("Objecting to a block", (object_to,), written=True),
        Row("Suddenly busy", (page.said("trouble", "contingency"),), written=True),
        Row("A platform is down", (page.said("trouble", "fallback"),), written=True),
    )


def accounts(page: Page) -> tuple[Block, ...]:
    """The accounts, who signs off posts, and how many risks there are: those stand in the record."""
    held = [
        (" ".join(filter(None, (page.scope.platform(text(row, "platform")), text(row, "account")))), *pair(row))
        for row in page.scope.rows(ACCOUNTS)
    ]
    blocks: list[Block] = []
    blocks += page.table("Our accounts", HELD, held, "account") if held else [Words("No account yet.", "unanswered")]
    answer = page.scope.answer("facts", "clearance")
    steps = [(text(row, "role"), text(row, "deputy"), text(row, "what")) for row in page.scope.rows(STEPS)]
    if steps:
        blocks += page.table("Who signs off a post", SIGNED, steps, "step")
    else:
        told = {"no": f"Nobody. {page.said('clearance', 'because')}", "yes": "Somebody does; nothing says who yet."}
        blocks.append(Row("Sign-off", (told.get(text(answer, "signs_off"), NOT_YET),), written=True))
    if risks := page.scope.rows(RISKS):
        blocks.append(Row("Ready for", (f"{counted(len(risks), 'risk')}, in the full record.",)))
    return tuple(blocks)


def pair(row: PlainRow) -> tuple[str, str]:
    """Who looks after an account and who stands in."""
    return text(row, "owner"), text(row, "deputy")
