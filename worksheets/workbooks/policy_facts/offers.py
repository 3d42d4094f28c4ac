"""What the facts may take over from the last review of the strategy, which is named by its key: nothing is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from worksheets.fields import Plain, RowsOf, text
from worksheets.workbook import Offer, Reading

ACCOUNTS = RowsOf("stakeholders", "platforms", "platforms", words="platform", noun="account")
STEPS = RowsOf("content", "signoff", "steps", words="role", noun="step")
RISKS = RowsOf("resources", "success", "risks", words="risk", noun="risk")
# What the review does with an account that is in use, or kept ready.
IN_USE = ("active", "listen", "emergency")


def rows_of(table: RowsOf, *names: str) -> Callable[[Reading], Iterable[Mapping[str, Plain]]]:
    """The rows of a table of the review, with these of their fields."""
    return lambda reading: [{name: row.get(name) for name in names} for row in reading.scope.rows(table)]


def accounts(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """The accounts that are in use or kept ready."""
    names = ("platform", "account", "owner", "deputy")
    rows = [row for row in reading.scope.rows(ACCOUNTS) if text(row, "role") in IN_USE]
    return [{name: row.get(name) for name in names} for row in rows]


def hours(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """When somebody watches, how soon people get an answer, and how the team sounds."""
    weekly = reading.answer("weekly")
    return [
        {
            "watched": weekly.get("watched"),
            "reply_within": weekly.get("reply_within"),
            "tone": reading.answer("working").get("tone"),
        }
    ]


def sign_off(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """Whether posts are signed off and why, and what happens at night and live."""
    said = reading.answer("signoff")
    return [
        {
            "signs_off": said.get("needed"),
            "because": said.get("because"),
            "out_of_hours": said.get("out_of_hours"),
            "live": said.get("live"),
        }
    ]


def busy(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """What the team does when its accounts suddenly become busy."""
    return [{"contingency": reading.answer("weekly").get("contingency")}]


OFFERS = (
    Offer("watching", "", "strategy", "Answers", hours),
    Offer("clearance", "", "strategy", "Answers", sign_off),
    Offer("clearance", "steps", "strategy", "Steps", rows_of(STEPS, "role", "deputy", "what", "hours")),
    Offer("holdings", "accounts", "strategy", "Accounts", accounts),
    Offer("trouble", "", "strategy", "Answers", busy),
    Offer("trouble", "risks", "strategy", "Risks", rows_of(RISKS, "risk", "mitigation")),
)
