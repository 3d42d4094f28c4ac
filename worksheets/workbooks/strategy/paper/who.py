"""Who and where: the stakeholders, where they are online, what is said to them and heard, the accounts, the sources."""

from __future__ import annotations

from dataclasses import replace

from worksheets.fields import FREQUENCIES, Scope, maybe, pairs, short_date, spoken_number, text
from worksheets.presentation import Block, Cell, Column, Figure, Linked, Part, Table
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.telling import Told, cell, part
from worksheets.workbooks.strategy.pictures.stakeholders import stakeholder_map
from worksheets.workbooks.strategy.stakeholders import SOURCES
from worksheets.workbooks.strategy.tables import EVIDENCE, PLATFORMS, PRESENCE, STAKEHOLDERS

TALK = (
    Column("Who", 18, written=True),
    Column("What we tell them", 20, written=True),
    Column("What we want to hear", 20, written=True),
    Column("What we do with it", 21, written=True),
    Column("How else we reach them", 21, written=True),
)
ACCOUNTS = (
    Column("Account", 25),
    Column("What we do there", 13),
    Column("Owner, and deputy", 25, written=True),
    Column("Followers", 12, numeric=True),
    Column("Change", 12, numeric=True),
    Column("Last post", 13),
)
READ = (Column("What we read", 34, written=True), Column("Year", 8), Column("What it told us", 58, written=True))
# What is done with an account, in a word or two.
PARTS = {"active": "Active", "listen": "Listen", "emergency": "Emergencies", "leave": "We leave it"}
# Where somebody is, in the line above the platforms.
WHERE = {"some": "On some", "none": "On none", "unknown": "Not known yet"}


def who(reading: Reading) -> Part:
    return part(
        "who",
        "Who we want to reach, and where",
        Told("our stakeholders", picture(reading), "Our stakeholders"),
        Told("where they are online", tuple(who_is_where(reading.scope)), "Where they are"),
        Told("what we tell and hear", talk(reading), "What we say, and what we listen for"),
        Told("our accounts", accounts(reading), "Our accounts"),
        Told("what we read about it", read(reading.scope), "How we know"),
    )


def picture(reading: Reading) -> tuple[Figure, ...]:
    drawn = stakeholder_map(reading)
    # The table below says the same in words.
    return (replace(drawn, quiet=True),) if drawn.svg else ()


def who_is_where(scope: Scope) -> list[Block]:
    """Platforms down, stakeholders across: how often each is used; nothing where nobody says where anybody is."""
    names = scope.named(STAKEHOLDERS)
    rows = {text(row, "stakeholder"): row for row in scope.rows(PRESENCE)}
    where = {who: text(rows.get(who, {}), "where") for who in names}
    if not any(where.values()):
        return []
    use = {who: pairs(rows.get(who, {}), "use") if where[who] == "some" else {} for who in names}
    used = [key for key in (*scope.platforms, *scope.retired) if any(key in of for of in use.values())]
    lines: list[tuple[Cell, ...]] = [
        (scope.platform(key), *(FREQUENCIES.get(use[who].get(key, ""), "–") for who in names)) for key in used
    ]
    if not lines or set(where.values()) != {"some"}:
        lines.insert(0, ("Online", *(WHERE.get(where[who], "Not answered") for who in names)))
    columns = (Column("Platform", 20), *(Column(name, 16, named=True) for name in names.values()))
    return [Table("Who is where", columns, tuple(lines), quiet=True)]


def talk(reading: Reading) -> tuple[Table, ...]:
    """What is told to each stakeholder and heard from them, what becomes of it, and how else they are reached."""
    fields = ("name", "tell", "hear", "handle", "elsewhere")
    people = reading.scope.rows(STAKEHOLDERS)
    if not any(text(row, field) for row in people for field in fields[1:]):
        return ()
    rows = tuple(
        tuple(cell(reading, "stakeholders", f"stakeholders.{field}", row) for field in fields) for row in people
    )
    return (Table("What we say and hear", TALK, rows, quiet=True),)


def accounts(reading: Reading) -> tuple[Table, ...]:
    scope, rows = reading.scope, []
    for row in scope.rows(PLATFORMS):
        platform, account = scope.platform(text(row, "platform")), text(row, "account")
        people = ", ".join(filter(None, (text(row, "owner"), text(row, "deputy"))))
        now, before = maybe(row, "followers"), maybe(row, "followers_before")
        rows.append(
            (
                ", ".join(filter(None, (platform, account))),
                PARTS.get(text(row, "role"), ""),
                people,
                "" if now is None else spoken_number(now),
                change(now, before),
                short_date(text(row, "last_post")),
            )
        )
    return (Table("Accounts with who looks after them", ACCOUNTS, tuple(rows), quiet=True),) if rows else ()


def change(now: float | None, before: float | None) -> str:
    """How many followers more or fewer than at the last review: "+750", "−250", "0"; "" where one is not known."""
    if now is None or before is None:
        return ""
    sign = "+" if now > before else "\u2212" if now < before else ""
    return f"{sign}{spoken_number(abs(now - before))}"


def read(scope: Scope) -> tuple[Table, ...]:
    """What the team says that it read, with its year."""
    rows = tuple(
        (
            Linked(text(row, "title") or SOURCES.get(text(row, "source"), ""), text(row, "link")),
            "" if (year := maybe(row, "year")) is None else str(int(year)),
            text(row, "says"),
        )
        for row in scope.rows(EVIDENCE)
    )
    return (Table("Sources", READ, rows, name="evidence", quiet=True),) if rows else ()
