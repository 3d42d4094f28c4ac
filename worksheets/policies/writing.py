"""How a draft is written: what becomes of its clauses, and what stands in its first table.

Each is written against what its page had shown, and only while the version is a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from worksheets import texts
from worksheets.access import Visit
from worksheets.models import Policy, PolicyClause
from worksheets.policies import moves
from worksheets.policies.drafting import Drafted, draft_of
from worksheets.saving import Overtaken, differs, token

Choice = PolicyClause.Choice


def put(visit: Visit, policy: Policy, one: Drafted, **values: Any) -> None:
    """Store what was decided about a clause, inside a transaction that holds the version."""
    kept, _ = PolicyClause.objects.get_or_create(policy=policy, key=one.key)
    PolicyClause.objects.filter(pk=kept.pk).update(
        **values, decided=True, saved_at=timezone.now(), saved_by=visit.user, version=F("version") + 1
    )


@transaction.atomic
def save_clause(visit: Visit, policy: Policy, key: str, values: Mapping[str, str], seen: str) -> None:
    """Store what was decided about a clause, on the library's words that the page had shown.

    Raises moves.TooLate, and Overtaken with the clause as it is now when somebody else saved it, or the library's words
    moved on, since.
    """
    moves.hold(policy)
    one = draft_of(policy, texts.current()).clause[key]
    if differs(one.shown, {**values, "base": one.base}, seen, one):
        put(visit, policy, one, base=one.base, **values)


@transaction.atomic
def keep_usual(visit: Visit, policy: Policy) -> int:
    """Keep every usual clause that nobody has decided on yet, as the library has it; how many. Raises moves.TooLate."""
    moves.hold(policy)
    waiting = draft_of(policy, texts.current()).open
    for one in waiting:
        put(visit, policy, one, choice=Choice.KEPT, base=one.base, words="", because="")
    return len(waiting)


@transaction.atomic
def follow_library(visit: Visit, policy: Policy, key: str, seen: str, *, take: bool) -> None:
    """Take the words that the library has now, or stay with those that were decided on.

    A clause that was kept reads as the library does once they are taken; else its words become the team's own, as they
    were. One in the team's own words, or left out, stays as it is either way: from then on it stands beside the new
    words. Raises moves.TooLate, and Overtaken when it is not what the page had shown.
    """
    moves.hold(policy)
    one = draft_of(policy, texts.current()).clause[key]
    if not one.moved_on:
        return
    if library_token(one) != seen:
        raise Overtaken(one)
    values: dict[str, Any] = {"base": one.today}
    if one.choice is Choice.KEPT and not take:
        values |= {"choice": Choice.CHANGED, "words": one.words}
    put(visit, policy, one, **values)


def library_token(one: Drafted) -> str:
    """What a page shows of a clause whose words moved on in the library, in one word."""
    return token([one.shown, one.today])


@transaction.atomic
def save_control(policy: Policy, values: Mapping[str, Any], seen: str) -> None:
    """Store what stands in the first table of a draft. Raises moves.TooLate, and Overtaken with the version as it is
    now when somebody else saved it since."""
    moves.hold(policy)
    now = Policy.objects.select_related("organisation", "owner").get(pk=policy.pk)
    if differs(control_shown(now, values), dict(values), seen, now):
        Policy.objects.filter(pk=policy.pk).update(**values)


def control_shown(policy: Policy, names: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a version under these names."""
    return {name: getattr(policy, name) for name in names}
