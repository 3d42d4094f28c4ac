"""Reopening is not editing: a signed-off review stays as it is, and a revision of it begins with the same answers."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from worksheets.access import CycleVisit
from worksheets.cycles import named, start_cycle
from worksheets.models import Cycle, Decision, Event, Lookback, Reason, Result
from worksheets.saving import TooLate, save_answer
from worksheets.signoff.decisions import move

NUMBER = re.compile(r", revision [0-9]+$")
LONGEST_NAME = 80


def current_revision(cycle: Cycle) -> Cycle | None:
    """The revision that is under way or was signed off, if there is one that is not archived."""
    return Cycle.objects.filter(revises=cycle, archived_at=None).order_by("-pk").first()


def name_of_revision(cycle: Cycle) -> str:
    """The name of the next revision: "Autumn 2026, revision 2", then 3, whichever of them it is made from."""
    stem = NUMBER.sub("", cycle.name)
    number = 2
    while named(cycle.organisation, name := _numbered(stem, number)).exists():
        number += 1
    return name


def _numbered(stem: str, number: int) -> str:
    tail = f", revision {number}"
    return f"{stem[: LONGEST_NAME - len(tail)].rstrip()}{tail}"


@transaction.atomic
def revise(visit: CycleVisit) -> Cycle:
    """Start a revision of a signed-off review, all or nothing. TooLate when it is not signed off, or has one already.

    Answers are copied through the door that all answers go through, so that they have a history. Reasons, the look back
    at the review before, and what was recorded since sign-off go along; comments and decisions stay where they are.
    """
    cycle, user = visit.cycle, visit.user
    move(visit, Decision.Kind.REOPENED, f"As {name_of_revision(cycle)}.")
    if current_revision(cycle):
        raise TooLate(cycle)
    revision = start_cycle(
        cycle.organisation,
        visit.workbook,
        name_of_revision(cycle),
        cycle.starts,
        cycle.ends,
        user,
        strategy_title=cycle.strategy_title,
        strategy_link=cycle.strategy_link,
        language=cycle.language,
    )
    revision.revises, revision.previous = cycle, cycle.previous
    revision.ending, revision.ending_because = cycle.ending, cycle.ending_because
    revision.save(update_fields=["revises", "previous", "ending", "ending_because"])
    old = {worksheet.stage: worksheet.answers for worksheet in cycle.worksheets.all()}
    for worksheet in revision.worksheets.select_related("cycle"):
        for question, answer in old.get(worksheet.stage, {}).items():
            if question in visit.workbook.question:
                save_answer(worksheet, question, answer, user=user)
    models: tuple[Any, ...] = (Reason, Lookback, Result, Event)
    for model in models:
        rows = list(model.objects.filter(cycle=cycle))
        for row in rows:
            row.pk, row.cycle = None, revision
        model.objects.bulk_create(rows)
    return revision
