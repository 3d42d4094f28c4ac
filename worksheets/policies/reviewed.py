"""What the last review says that policies are held against: the one place that names its answers by their keys.

The keys of answers are a contract: they stand in stored answers and in files, and never change. So what a review says
is read here by its keys, as a file would be, and nothing is imported from its workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worksheets.fields import RowsOf, Scope, maybe, text

WORKBOOK = "strategy"
ACCOUNTS = RowsOf("stakeholders", "platforms", "platforms", words="platform", noun="account")
STEPS = RowsOf("content", "signoff", "steps", words="role", noun="step")
# What the review does with an account that is in use, or kept ready.
IN_USE = frozenset({"active", "listen", "emergency"})
# The stage and the question that ask whether staff have a policy.
STAFF_POLICY = ("content", "publishers")


@dataclass(frozen=True)
class Reviewed:
    """What a review says. `name` is what it is called in a sentence: "the review Autumn 2026"; `open` is whether its
    answers may still be changed.

    What is "", None or empty was not answered: that is unknown, and not a no. `platforms` are the names of those on
    which an account is in use or kept ready, by key; `all_known` is whether every account says what becomes of it.
    """

    name: str
    open: bool = False
    watched: str = ""  # always, extended, office-hours or nobody
    reply_within: float | None = None  # hours
    needs_sign_off: bool | None = None
    steps: tuple[str, ...] = ()
    nights: str = ""
    publishers: str = ""  # communications or colleagues
    staff_policy: str = ""  # yes, drafting or no
    platforms: Mapping[str, str] = field(default_factory=dict)
    all_known: bool = False

    @classmethod
    def of(cls, name: str, scope: Scope, *, open: bool = False) -> Reviewed:
        """What stands in the answers of a review."""
        weekly, sign_off = scope.answer("resources", "weekly"), scope.answer("content", "signoff")
        publishers, accounts = scope.answer(*STAFF_POLICY), scope.rows(ACCOUNTS)
        needed = text(sign_off, "needed")
        used = (text(row, "platform") for row in accounts if text(row, "role") in IN_USE)
        return cls(
            name,
            open,
            watched=text(weekly, "watched"),
            reply_within=maybe(weekly, "reply_within"),
            needs_sign_off=needed == "yes" if needed else None,
            steps=tuple(filter(None, (text(row, "role") for row in scope.rows(STEPS)))),
            nights=text(sign_off, "out_of_hours"),
            publishers=text(publishers, "publishers"),
            staff_policy=text(publishers, "staff_policy"),
            platforms={key: scope.platform(key) for key in dict.fromkeys(used) if key},
            all_known=bool(accounts) and all(text(row, "platform") and text(row, "role") for row in accounts),
        )
