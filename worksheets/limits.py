"""How much of everything there may be: generous limits, so that neither a mistake nor malice fills the service.

Each is held against what is stored inside the transaction that adds to it. Whoever meets one keeps what they typed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Limit:
    """At most so many, of what, and what to do about it. `within` is for what is counted over a stretch of time."""

    most: int
    what: str
    instead: str
    within: datetime.timedelta | None = None

    @property
    def words(self) -> str:
        """What to say to whoever meets the limit, without a full stop."""
        return f"{self.what} {self.most:,}. {self.instead}"


class Full(Exception):
    """There would be more than a limit allows. Nothing is stored."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.words)
        self.limit = limit


HOUR = datetime.timedelta(hours=1)
COMMENTS = Limit(
    2_000, "The most comments on a review is", "Say it in the answer itself, or in the note when it is submitted"
)
REVIEWS = Limit(500, "The most reviews of an organisation is", "Use one that is there, or ask an administrator")
PEOPLE = Limit(500, "The most people in an organisation is", "Remove somebody who has left, then add this person")
FIGURES = Limit(20_000, "The most figures of a review is", "Remove figures that nobody needs, or enter fewer a year")
EVENTS = Limit(500, "The most events of a review is", "Remove one that matters less, then enter this one")
VERSIONS = Limit(
    200, "The most versions of a document is", "Go on with the one that is under way, or ask an administrator"
)
# Each change is mailed, and so is each decision: nobody is flooded with mails by somebody who goes to and fro.
CHANGES = Limit(
    200,
    "The most changes that one person can make in an hour to who belongs to an organisation is",
    "Wait an hour, then try again",
    HOUR,
)
DECISIONS = Limit(
    40,
    "The most times that one person can submit, withdraw or send back in an hour is",
    "Wait an hour, then try again",
    HOUR,
)
# Somebody who types without a pause saves some 700 times in an hour, by drafts.
SAVES = Limit(
    3_000, "The most times that one person can save in an hour is", "Keep this page open, and save again later", HOUR
)
UPLOADS = Limit(60, "The most files that one person can upload in an hour is", "Wait an hour, then try again", HOUR)
EXPORTS = Limit(120, "The most files that one person can download in an hour is", "Wait an hour, then try again", HOUR)


def demand(limit: Limit, rows: QuerySet[Any] | int, adding: int = 1) -> None:
    """Full when `adding` more would be over the limit. `rows` are those that are there, or their number."""
    there = rows if isinstance(rows, int) else rows.count()
    if there + adding > limit.most:
        raise Full(limit)
