"""What is said about a review beside its answers: reasons, comments, decisions, revisions. Read in one query."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from worksheets.models import Comment, Cycle, Decision, Printing, Reason
from worksheets.reasons import PointKey
from worksheets.signoff import signing


def decisions_of(cycle: Cycle) -> list[Decision]:
    """Every decision about a review with who took it, the first one first. One query."""
    return list(Decision.objects.filter(cycle=cycle).select_related("decided_by"))


@dataclass(frozen=True)
class LastDecision:
    """The last decision about a review, other than that it was reopened as a revision."""

    kind: Decision.Kind
    note: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True)
class Signing:
    """That somebody signs the review off, while its PDF is made; or the `reason` for which it could not be made."""

    under_way: bool
    reason: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True)
class Board:
    """What the pages of a review tell in a line each. `revision` and `revised` are a short name and a name, or None."""

    reasons: frozenset[PointKey] = frozenset()
    open_comments: Mapping[str, int] = field(default_factory=Counter)
    last: LastDecision | None = None
    signing: Signing | None = None
    revision: tuple[str, str] | None = None
    revised: tuple[str, str] | None = None


def open_comments(cycle: Cycle) -> Counter[str]:
    """How many threads are open about each question of a review, by its key. One query."""
    threads = Comment.objects.filter(cycle=cycle, parent=None, resolved_at=None)
    return Counter(threads.order_by().values_list("question", flat=True))


def board_of(cycle: Cycle) -> Board:
    """The board of a review. One query: each kind of line is an arm of one union."""
    reasons: set[PointKey] = set()
    comments: Counter[str] = Counter()
    last, tried, revision, revised = None, None, None, None
    for what, one, two, by, at in _lines(cycle):
        if what == "reason":
            reasons.add((one, two))
        elif what == "comment":
            comments[one] += 1
        elif what == "decision":
            decided = LastDecision(Decision.Kind(one), two, by, at)
            last = decided if last is None or decided.at >= last.at else last
        elif what == "signing":
            under_way = one in (Printing.State.WAITING, Printing.State.PRINTING)
            tried = Signing(under_way, two, by, at) if tried is None or at >= tried.at else tried
        elif what == "revision":
            revision = (one, two)
        else:
            revised = (one, two)
    if tried and last and tried.at < last.at:
        # It was about what was handed over before that.
        tried = None
    return Board(frozenset(reasons), comments, last, tried, revision, revised)


def _lines(cycle: Cycle) -> QuerySet[Any]:
    """Rows of: what it is, two texts, who, when."""

    def arm(rows: QuerySet[Any], what: str, one: str, two: Any, by: Any = "", at: Any = None) -> QuerySet[Any]:
        return rows.order_by().values_list(
            Value(what, output_field=CharField()),
            Cast(F(one), TextField()),
            Cast(F(two), TextField()) if two else Value("", output_field=TextField()),
            by or Value("", output_field=TextField()),
            at or Value(None, output_field=DateTimeField()),
        )

    def who(field: str) -> Any:
        """What a person is called: by name, or else by address."""
        named = NullIf(F(f"{field}__name"), Value(""))
        return Cast(Coalesce(named, F(f"{field}__email"), Value("")), TextField())

    # That it was reopened is told by the revision itself; what it stands for is still its sign-off.
    decided = Decision.objects.filter(cycle=cycle).exclude(kind=Decision.Kind.REOPENED)
    threads = Comment.objects.filter(cycle=cycle, parent=None, resolved_at=None)
    signings = Printing.objects.filter(cycle=cycle, purpose=Printing.Purpose.SIGN_OFF)
    # What came too late is told by what was decided instead.
    signings = signings.exclude(state=Printing.State.DONE).exclude(reason__in=(signing.TOO_LATE, signing.NOT_ALLOWED))
    arms = [
        arm(decided, "decision", "kind", "note", who("decided_by"), F("decided_at")),
        arm(signings, "signing", "state", "reason", who("asked_by"), F("asked_at")),
        arm(Reason.objects.filter(cycle=cycle), "reason", "finding", "subjects"),
        arm(threads, "comment", "question", ""),
        arm(Cycle.objects.filter(revises=cycle), "revision", "slug", "name"),
    ]
    if cycle.revises_id:
        arms.append(arm(Cycle.objects.filter(pk=cycle.revises_id), "revised", "slug", "name"))
    return arms[0].union(*arms[1:], all=True)
