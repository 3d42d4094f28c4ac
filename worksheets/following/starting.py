"""Starting the review that follows another: its rows, the answers carried forward into them, and what they refer to."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q

from worksheets import saving
from worksheets.cycles import start_cycle
from worksheets.following.carrying import Past, carry, cycle_months
from worksheets.models import Cycle, Organisation, User, Worksheet
from worksheets.review import Review

# Reviews to look through for the first of a series of dates: twenty years of them.
LONGEST_SERIES = 40


class Followed(Exception):
    """Another review follows already, or a revision took the place of this one. `by` is that review."""

    def __init__(self, by: Cycle) -> None:
        super().__init__(f"{by.name} follows already.")
        self.by = by


def follower(cycle: Cycle) -> Cycle | None:
    """The review from which, and not from this one, a next one would start: a follower, or a revision of this one.

    An archived one stands in nobody's way.
    """
    kept = Cycle.objects.filter(organisation=cycle.organisation_id, archived_at=None).order_by("-id")
    found = list(kept.filter(Q(previous=cycle.pk) | Q(revises=cycle.pk)))
    return next((one for one in found if one.previous_id == cycle.pk), found[0] if found else None)


def last_of(organisation: Organisation) -> Cycle | None:
    """The review that the next one would follow: the newest, unless another follows it or it is archived."""
    newest = organisation.cycles.filter(archived_at=None).first()
    return newest if newest and not follower(newest) else None


@transaction.atomic
def start_next(
    previous: Cycle,
    name: str,
    starts: datetime.date,
    ends: datetime.date,
    user: User | None = None,
    *,
    strategy_title: str = "",
    strategy_link: str = "",
) -> Cycle:
    """A review that begins with all answers of `previous`, each marked until somebody confirms or changes it.

    What is given must have been checked. Raises Followed when there is one already.
    """
    # Two leads who press the button at once must not start two: the second waits here, and then finds the first.
    Organisation.objects.select_for_update().get(pk=previous.organisation_id)
    taken = follower(previous)
    if taken:
        raise Followed(taken)
    cycle = start_cycle(
        previous.organisation, name, starts, ends, user, strategy_title=strategy_title, strategy_link=strategy_link
    )
    Cycle.objects.filter(pk=cycle.pk).update(previous=previous)
    cycle.previous = previous
    carried = carry(series(previous))
    for worksheet in cycle.worksheets.all():
        answers = carried.get(worksheet.stage, {})
        for question, answer in answers.items():
            worksheet = saving.save_answer(worksheet, question, answer, seen=None, user=user).worksheet
        Worksheet.objects.filter(pk=worksheet.pk).update(carried=list(answers))
    return cycle


def series(last: Cycle) -> list[Past]:
    """The answers of `last` and of the reviews they were carried forward from, newest first, with the months to go."""
    found: list[Past] = []
    cycle: Cycle | None = last
    months = 0
    while cycle and len(found) < LONGEST_SERIES:
        months += cycle_months(cycle.starts, cycle.ends)
        found.append(Past(Review.of(cycle).scope.answers, months))
        cycle = cycle.previous
    return found
