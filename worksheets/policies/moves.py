"""How a version of a document moves from state to state: the one place where that happens, each time by one conditional
UPDATE with a line of history."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from worksheets import limits
from worksheets.access import Ability, Visit
from worksheets.models import Cycle, Policy, PolicyClause, PolicyMove
from worksheets.policies.library import Document, text_key
from worksheets.texts import Texts

State, Kind, Choice = Policy.State, PolicyMove.Kind, PolicyClause.Choice
UNDER_WAY = (State.DRAFT, State.SENT)
# What the next version has from the last: what is true of that one alone, like who was consulted, is asked anew.
CARRIED = (
    *("number", "owner", "owner_name", "approver", "exercised_on"),
    *("equality_on", "equality_link", "privacy_on", "privacy_link"),
)
# What can be done to and fro without end.
REPEATED = (Kind.SENT, Kind.WITHDRAWN, Kind.SENT_BACK)


class TooLate(Exception):
    """The version is not any more what this was asked for: somebody changed it, or moved it on. `policy` is as it was
    read."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(f"{policy} has changed.")
        self.policy = policy


class NoteNeeded(Exception):
    """This is not done without a note that says what should change."""


@dataclass(frozen=True)
class Move:
    """The state that a move starts from and leads to, whose it is, and whether it needs a note."""

    before: Policy.State
    after: Policy.State
    ability: Ability
    note_needed: bool = False


# `move` obeys this table, and nothing else changes the state of a version.
MOVES = {
    Kind.SENT: Move(State.DRAFT, State.SENT, Ability.LEAD),
    Kind.WITHDRAWN: Move(State.SENT, State.DRAFT, Ability.LEAD),
    Kind.SENT_BACK: Move(State.SENT, State.DRAFT, Ability.DECIDE, note_needed=True),
    Kind.ISSUED: Move(State.SENT, State.ISSUED, Ability.DECIDE),
    # Whoever issues the next version supersedes the one before.
    Kind.SUPERSEDED: Move(State.ISSUED, State.SUPERSEDED, Ability.DECIDE),
}


def move(visit: Visit, policy: Policy, kind: PolicyMove.Kind, note: str, at: datetime.datetime, **values: Any) -> None:
    """Move a version on as `MOVES` has it, inside a transaction, and give it these values.

    `policy` is as it was read, and is changed too. Raises PermissionDenied, NoteNeeded, limits.Full, and TooLate when
    anybody wrote to it since: of two at once, one wins.
    """
    step = MOVES[kind]
    visit.demand(step.ability)
    if step.note_needed and not note:
        raise NoteNeeded
    if kind in REPEATED:
        lately = PolicyMove.objects.filter(by=visit.user, kind__in=REPEATED, at__gte=at - limits.HOUR)
        limits.demand(limits.DECISIONS, lately)
    rows = Policy.objects.filter(pk=policy.pk, state=step.before, stamp=policy.stamp)
    if not rows.update(state=step.after, stamp=F("stamp") + 1, **values):
        raise TooLate(policy)
    for name, value in {**values, "state": step.after, "stamp": policy.stamp + 1}.items():
        setattr(policy, name, value)
    PolicyMove.objects.create(policy=policy, kind=kind, note=note, at=at, by=visit.user)


@transaction.atomic
def start(visit: Visit, document: Document, now: Texts) -> Policy:
    """Start the first version of a document, or the next one from the last.

    PermissionDenied, limits.Full, and TooLate with the version that is under way already: two who start at once start
    one.
    """
    visit.demand(Ability.LEAD)
    rows = Policy.objects.filter(organisation=visit.organisation, document=document.key)
    last = rows.order_by("-version").first()
    if last and last.state in UNDER_WAY:
        raise TooLate(last)
    limits.demand(limits.VERSIONS, rows)
    about = {name: getattr(last, name) for name in CARRIED} if last else {"changes": "First version."}
    version = last.version + 1 if last else 1
    try:
        with transaction.atomic():
            policy = Policy.objects.create(
                organisation=visit.organisation, document=document.key, version=version, made_by=visit.user, **about
            )
    except IntegrityError:
        raise TooLate(rows.get(version=version)) from None
    PolicyClause.objects.bulk_create(clauses_after(policy, document, last, now))
    PolicyMove.objects.create(policy=policy, kind=Kind.STARTED, by=visit.user)
    return policy


def clauses_after(policy: Policy, document: Document, last: Policy | None, now: Texts) -> list[PolicyClause]:
    """The clauses that a version begins with: those of the last one, as they were decided, or else the library's."""
    before = {clause.key: clause for clause in last.clauses.all()} if last else {}
    return [
        as_it_was(policy, before[clause.key])
        if clause.key in before
        else PolicyClause(
            policy=policy,
            key=clause.key,
            choice=Choice.LEFT_OUT if clause.optional else Choice.KEPT,
            base=now.source(text_key(document.key, clause.key)),
        )
        for clause in document.clauses
    ]


def as_it_was(policy: Policy, clause: PolicyClause) -> PolicyClause:
    """A clause as the last version has it, with who decided on it and when."""
    kept = ("key", "choice", "base", "words", "because", "decided", "saved_at", "saved_by_id")
    return PolicyClause(policy=policy, **{name: getattr(clause, name) for name in kept})


@transaction.atomic
def send(visit: Visit, policy: Policy, facts: Cycle | None) -> None:
    """Send a draft for approval, with the run of facts that fills it. Raises what `move` raises."""
    now = timezone.now()
    move(visit, policy, Kind.SENT, "", now, sent_at=now, sent_by=visit.user, facts=facts)


@transaction.atomic
def withdraw(visit: Visit, policy: Policy) -> None:
    """Take a version back that was sent for approval. Raises what `move` raises."""
    move(visit, policy, Kind.WITHDRAWN, "", timezone.now(), facts=None)


@transaction.atomic
def send_back(visit: Visit, policy: Policy, note: str) -> None:
    """Give a version back to its team, with what should change. Raises what `move` raises."""
    move(visit, policy, Kind.SENT_BACK, note, timezone.now(), facts=None)


@transaction.atomic
def issue(
    visit: Visit,
    policy: Policy,
    approver: str,
    approved_on: datetime.date | None,
    note: str = "",
    at: datetime.datetime | None = None,
) -> None:
    """Issue a version that was sent, in place of the one before, as that person or committee approved it.

    `at` is when the manager decided. Raises what `move` raises.
    """
    at = at or timezone.now()
    for before in Policy.objects.filter(
        organisation=policy.organisation_id, document=policy.document, state=State.ISSUED
    ):
        move(visit, before, Kind.SUPERSEDED, "", at)
    approval = {"approver": approver, "approved_on": approved_on, "issued_at": at, "issued_by": visit.user}
    move(visit, policy, Kind.ISSUED, note, at, **approval)


def hold(policy: Policy) -> None:
    """Let whoever writes to a draft wait for each other, inside a transaction, and move its stamp. TooLate when it is
    no draft any more."""
    if not Policy.objects.filter(pk=policy.pk, state=State.DRAFT).update(stamp=F("stamp") + 1):
        raise TooLate(policy)
