"""What a review may take over from other workbooks: what a quick check will change, and whom an engagement plan asks.

Those workbooks are named by their keys: nothing of them is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worksheets.fields import Plain, PlainRow, Rows, RowsOf, text
from worksheets.workbook import Offer, Reading

ACTIONS = RowsOf("changes", "actions", "actions", words="what", noun="action")
GROUPS = RowsOf("people", "groups", "groups", words="who", noun="group")


def to_do(reading: Reading) -> list[PlainRow]:
    """The actions of a quick check that are not done yet."""
    return [row for row in reading.scope.rows(ACTIONS) if text(row, "what") and not text(row, "done")]


def tasks(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """Each action as a task to set up, with whoever does it."""
    return [{"task": text(row, "what"), "who": text(row, "owner") or None} for row in to_do(reading)]


def risks(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """What is not in place yet as a risk, and the action as the answer to it."""
    table = reading.workbook.question[ACTIONS.question].form.kinds[ACTIONS.field]
    assert isinstance(table, Rows)
    about = table.fields["about"]
    return [
        {"risk": f"Not in place yet: {said[0]}", "mitigation": text(row, "what")}
        for row in to_do(reading)
        if (said := about.words(row.get("about"), reading.scope))
    ]


def groups(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """The groups of an engagement plan as stakeholders, with the other way to reach them."""
    return [
        {"name": text(row, "who"), "size": row.get("size"), "elsewhere": text(row, "other_way") or None}
        for row in reading.scope.rows(GROUPS)
    ]


OFFERS = (
    Offer("stakeholders", "stakeholders", "engagement-plan", "Groups", groups),
    Offer("setup", "tasks", "quick-check", "Actions", tasks),
    Offer("success", "risks", "quick-check", "What is not in place", risks),
)
