"""Starting the review that follows another: its rows, the answers carried forward into them, and what they refer to."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from worksheets.cycles import start_cycle
from worksheets.fields import Scope
from worksheets.following.carrying import Past, carry, cycle_months
from worksheets.models import Cycle, Organisation, User, Worksheet
from worksheets.review import prune
from worksheets.saving import save_answer
from worksheets.workbooks import WORKBOOKS

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
    kept = Cycle.objects.filter(organisation=cycle.organisation_id, workbook=cycle.workbook, archived_at=None)
    after = list(kept.filter(Q(previous=cycle.pk) | Q(revises=cycle.pk)).select_related("organisation").order_by("-id"))
    return next((one for one in after if one.previous_id == cycle.pk), after[0] if after else None)


def last_of(cycles: QuerySet[Cycle]) -> Cycle | None:
    """The review that the next one would follow: the newest of these, unless another follows it or it is archived."""
    newest = cycles.filter(archived_at=None).select_related("organisation").order_by("-starts", "-id").first()
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
    language: str = "",
) -> Cycle:
    """A review that begins with all answers of `previous`, each marked until somebody confirms or changes it.

    It goes on in the language of `previous`, if no other `language` is said. What is given must have been checked.
    Raises Followed when there is one already.
    """
    # Two leads who press the button at once must not start two: the second waits here, and then finds the first.
    Organisation.objects.select_for_update().get(pk=previous.organisation_id)
    taken = follower(previous)
    if taken:
        raise Followed(taken)
    workbook = WORKBOOKS[previous.workbook]
    strategy = {"strategy_title": strategy_title, "strategy_link": strategy_link}
    cycle = start_cycle(
        previous.organisation, workbook, name, starts, ends, user, **strategy, language=language or previous.language
    )
    Cycle.objects.filter(pk=cycle.pk).update(previous=previous)
    cycle.previous = previous
    carried = carry(workbook, series(previous))
    for worksheet in cycle.worksheets.select_related("cycle"):
        answers = carried.get(worksheet.stage, {})
        for question, answer in answers.items():
            save_answer(worksheet, question, answer, user=user)
        Worksheet.objects.filter(pk=worksheet.pk).update(carried=list(answers))
    return cycle


def series(last: Cycle) -> list[Past]:
    """The answers of `last` and of the reviews they were carried forward from, newest first, with the months to go.

    Two queries, however many there are: which cycle follows which, and the worksheets of those that do.
    """
    workbook = WORKBOOKS[last.workbook]
    rows = Cycle.objects.filter(organisation=last.organisation_id, workbook=last.workbook)
    known = {row.pk: row for row in rows.only("pk", "previous", "starts", "ends")}
    line: list[Cycle] = []
    cycle: Cycle | None = known.get(last.pk)
    while cycle and len(line) < LONGEST_SERIES:
        line.append(cycle)
        cycle = known.get(cycle.previous_id) if cycle.previous_id else None
    answers: dict[int, dict[str, dict[str, dict[str, Any]]]] = {}
    sheets = Worksheet.objects.filter(cycle__in=line, stage__in=workbook.stage)
    for key, stage, kept in sheets.values_list("cycle", "stage", "answers"):
        answers.setdefault(key, {})[stage] = kept
    months, pasts = 0, []
    for cycle in line:
        months += cycle_months(cycle.starts, cycle.ends)
        pasts.append(Past(prune(workbook, Scope(answers.get(cycle.pk, {}))).answers, months))
    return pasts
