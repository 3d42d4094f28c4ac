"""What is published: the plan over the cycle, the formats, how everybody can use it, who publishes and signs off."""

from __future__ import annotations

from worksheets.fields import maybe, rows_in, short_date, spoken_number, text
from worksheets.presentation import Column, Part, Row, Table
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.telling import Told, cell, lines, names, part
from worksheets.workbooks.strategy.tables import ITEMS, STAKEHOLDERS

PLAN = (
    Column("What", 21, written=True),
    Column("For whom", 19, written=True),
    Column("Where", 13),
    Column("Posts a week", 9, numeric=True),
    Column("Hours a week", 9, numeric=True),
    Column("From whom", 14, written=True),
    Column("When", 15),
)
STEPS = (
    Column("Who", 28, written=True),
    Column("Deputy", 24, written=True),
    Column("What they check", 34, written=True),
    Column("Hours", 10, numeric=True),
)


def publish(reading: Reading) -> Part:
    return part(
        "publish",
        "What we publish",
        Told("what we will publish", plan(reading), "The plan"),
        Told("formats", formats(reading), "How we make it"),
        Told("who publishes and signs off", publishing(reading), "Who publishes, and who signs off"),
    )


def plan(reading: Reading) -> tuple[Table, ...]:
    scope, rows = reading.scope, []
    people = scope.named(STAKEHOLDERS).items()
    for row in scope.rows(ITEMS):
        posts, hours = maybe(row, "per_week"), maybe(row, "hours")
        kind = cell(reading, "plan", "items.format", row)
        what = text(row, "what")
        rows.append(
            (
                f"{what} ({kind.lower()})" if what and kind else what,
                names(row, "stakeholders", people),
                names(row, "platforms", {**scope.platforms, **scope.retired}.items()),
                "" if posts is None else spoken_number(posts),
                "" if hours is None else spoken_number(hours),
                text(row, "source"),
                when(text(row, "starts"), text(row, "ends")),
            )
        )
    return (Table("What we will publish, where and for whom", PLAN, tuple(rows), quiet=True),) if rows else ()


def when(starts: str, ends: str) -> str:
    """When something runs, in words."""
    if starts and ends:
        return f"{short_date(starts)} to {short_date(ends)}"
    return f"From {short_date(starts)}" if starts else f"Until {short_date(ends)}" if ends else "All the time"


def formats(reading: Reading) -> tuple[Row, ...]:
    return lines(
        reading,
        ("formats", "video", "Video"),
        ("formats", "video_plan", "Plan for video"),
        ("formats", "supporting", "Also"),
        ("formats", "access", "So that everybody can use it"),
        ("formats", "access_note", "More on that"),
        ("working", "changes", "What we do differently"),
        ("working", "tone", "Our voice"),
    )


def publishing(reading: Reading) -> tuple[Row | Table, ...]:
    answer = reading.answer("signoff")
    fields = ("role", "deputy", "what", "hours")
    steps = rows_in(answer, "steps") if text(answer, "needed") == "yes" else []
    rows = tuple(tuple(cell(reading, "signoff", f"steps.{field}", row) for field in fields) for row in steps)
    return (
        *lines(
            reading,
            ("publishers", "publishers", "Who publishes"),
            ("publishers", "colleagues_support", "How we help colleagues"),
            ("publishers", "staff_policy", "Policy for staff"),
            ("signoff", "needed", "Is sign-off needed"),
            ("signoff", "because", "Why"),
            ("signoff", "out_of_hours", "Nights and weekends"),
            ("signoff", "live", "Agreed before a live post"),
        ),
        *((Table("Who signs off", STEPS, rows),) if rows else ()),
    )
