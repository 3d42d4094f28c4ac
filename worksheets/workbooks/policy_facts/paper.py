"""The facts on one side of A4: who does what, how people are reached, when somebody is there, sign-off, accounts."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.fields import PlainRow, Scope, maybe, spoken_hours, spoken_number, text
from worksheets.presentation import Block, Column, Part, Row, Table, Words
from worksheets.words import capital, counted, fitted
from worksheets.workbook import Reading
from worksheets.workbooks.policy_facts.asked import CONTACTS, ROLES, WATCHED
from worksheets.workbooks.policy_facts.rules import DEPUTIES
from worksheets.workbooks.policy_facts.tables import ACCOUNTS, STEPS

NOT_YET = "Not answered yet"
PEOPLE = (Column("What", 30), Column("Who", 35, written=True), Column("Who stands in", 35, written=True))
REACHED = (Column("Who", 30), Column("How to reach them", 70, written=True))
HELD = (
    Column("Account", 34, written=True),
    Column("Who looks after it", 33, written=True),
    Column("Who stands in", 33, written=True),
)
# What fits on one side of A4: how many small letters in a name, in a line of its own and in one that goes on into a
# second; how long a word may be, and how many accounts there is room for.
NAME, LINE, MORE, WORD = 31, 78, 64, 48
ACCOUNTS_ON_PAPER = 4


@dataclass(frozen=True)
class Page:
    """What the page is told of, and on what: on `paper` texts and tables are cut, on a screen nothing is."""

    scope: Scope
    paper: bool

    def cut(self, words: str, most: int = LINE) -> str:
        """A text on one line; what is missing says so."""
        line = " ".join(words.split())
        if self.paper and line:
            line = " ".join(word if len(word) <= WORD else f"{word[:WORD]}…" for word in line.split())
            line = fitted(line, most)
        return line or NOT_YET

    def said(self, question: str, name: str, most: int = LINE) -> str:
        """A text that answers a field, cut to its line."""
        return self.cut(text(self.scope.answer("facts", question), name), most)


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """Who does what and how they are reached; when somebody is there, and what is agreed; the accounts."""
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
    """Hours, answers, the house rules and how to object, sign-off, and what happens when it gets busy."""
    answer = page.scope.answer("facts", "watching")
    watched = page.cut(text(answer, "hours") or WATCHED.get(text(answer, "watched"), "").partition(": ")[0], MORE)
    hours, days = maybe(answer, "reply_within"), maybe(answer, "appeal_days")
    if hours is not None:
        watched = f"{watched.rstrip('.')}; an answer within {spoken_hours(hours)}"
    object_to = page.said("watching", "appeal", MORE)
    if days is not None:
        object_to = f"{object_to.rstrip('.')} ({spoken_number(days)} working days)"
    return (
        Row("Watched", (capital(watched),), written=True),
        Row("Nights and weekends", (page.said("watching", "nights"),), written=True),
        Row("House rules", (page.said("watching", "website"),), written=True),
        Row("Objecting to a block", (object_to,), written=True),
        Row("Sign-off", (sign_off(page),), written=True),
        Row("Suddenly busy", (page.said("trouble", "contingency"),), written=True),
        Row("A platform is down", (page.said("trouble", "fallback"),), written=True),
    )


def sign_off(page: Page) -> str:
    """Who signs off, one after the other; or that nobody does, and why."""
    answer = page.scope.answer("facts", "clearance")
    if text(answer, "signs_off") == "no":
        return f"Nobody. {page.said('clearance', 'because', MORE)}"
    steps = [text(row, "role") for row in page.scope.rows(STEPS)]
    if not steps:
        return "Somebody does; nothing says who yet." if answer else NOT_YET
    return page.cut(", then ".join(steps))


def accounts(page: Page) -> tuple[Block, ...]:
    """The accounts, each with who looks after it; on paper the first of them, and how many more there are."""
    rows = page.scope.rows(ACCOUNTS)
    if not rows:
        return (Words("No account yet.", "unanswered"),)
    fit = not page.paper or len(rows) <= ACCOUNTS_ON_PAPER
    first = rows if fit else rows[: ACCOUNTS_ON_PAPER - 1]
    cells = tuple(
        (page.cut(named, NAME + 2), page.cut(owner, NAME), page.cut(deputy, NAME))
        for named, owner, deputy in (account(row, page.scope) for row in first)
    )
    more = len(rows) - len(first)
    return (
        Table("Our accounts", HELD, cells, quiet=True),
        *((Words(f"And {counted(more, 'more account')}, in the full record.", "note"),) if more else ()),
    )


def account(row: PlainRow, scope: Scope) -> tuple[str, str, str]:
    """An account by its platform and name, who looks after it, and who stands in."""
    named = " ".join(filter(None, (scope.platform(text(row, "platform")), text(row, "account"))))
    return named, text(row, "owner"), text(row, "deputy")
