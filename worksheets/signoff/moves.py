"""The state machine of a review: which decision leads from where to where, who takes it, and what must be there first.

Functions of what was read already: nothing here asks the database. `docs/decisions/sign-off.md` says why it is so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from worksheets.access import Ability, CycleVisit
from worksheets.models import Cycle, Decision
from worksheets.reasons import PointKey, settled
from worksheets.review import Review
from worksheets.words import inside
from worksheets.workbook import Ending, Needed, Workbook

State, Kind = Cycle.State, Decision.Kind


@dataclass(frozen=True)
class Move:
    """A decision about a review: the state it starts from and leads to, whose it is, and whether it needs a note."""

    before: Cycle.State
    after: Cycle.State
    ability: Ability
    note_needed: bool = False


# `decisions.move` obeys this table, and nothing else changes the state of a review.
MOVES = {
    Kind.SUBMITTED: Move(State.OPEN, State.SUBMITTED, Ability.STEER),
    Kind.WITHDRAWN: Move(State.SUBMITTED, State.OPEN, Ability.STEER),
    Kind.SENT_BACK: Move(State.SUBMITTED, State.OPEN, Ability.DECIDE, note_needed=True),
    Kind.SIGNED_OFF: Move(State.SUBMITTED, State.SIGNED_OFF, Ability.DECIDE),
    Kind.REOPENED: Move(State.SIGNED_OFF, State.SIGNED_OFF, Ability.REVISE),
}


@dataclass(frozen=True)
class Missing:
    """What stands between a review and its submission: a worksheet, a question of it, or the element of a point."""

    text: str
    stage: str = ""
    question: str = ""
    point: str = ""


def is_own(visit: CycleVisit, submission: Decision | None) -> bool:
    """Whether the member submitted the review themselves, as when their role changed since: others must sign it off."""
    return submission is not None and submission.decided_by_id == visit.user.pk


def missing(review: Review, reasons: Collection[PointKey], ending: str) -> list[Missing]:
    """What must be done before a review can be submitted; nothing when it can.

    All worksheets are complete, and every point that says stop is mended or answered with a reason. Whoever ended
    before needs only what the `ending` (its key, or nothing) rests on: its reason answers every stop, for most of them
    are why it was drawn.
    """
    if ending in review.workbook.ending:
        return missing_for(review, review.workbook.ending[ending])
    incomplete = [
        Missing(f"Complete worksheet {stage.number}, {inside(stage.title)}", stage=stage.key)
        for stage in review.workbook.before_decision
        if not review.sheets[stage.key].complete
    ]
    return incomplete + [
        Missing(f"Mend this, or write a reason: {finding.message}", point=f"point-{finding.element}")
        for finding in settled(review, reasons).stops
    ]


def missing_for(review: Review, ending: Ending) -> list[Missing]:
    """What the conclusion still has to stand on."""

    def there(needed: Needed) -> bool:
        if needed.question:
            return review.states[needed.question] == "answered"
        return review.sheets[needed.stage].complete

    return [
        Missing(to_do(needed, review.workbook), needed.stage, needed.question)
        for needed in ending.needs
        if not there(needed)
    ]


def to_do(needed: Needed, workbook: Workbook) -> str:
    """What an ending rests on, as something to do: "Answer question 3, so that ..."."""
    if needed.question:
        return ", ".join(filter(None, (f"Answer question {workbook.numbers[needed.question]}", needed.why)))
    stage = workbook.stage[needed.stage]
    return f"Complete worksheet {stage.number}, {inside(stage.title)}"


def stands_on(needed: Needed, workbook: Workbook) -> str:
    """What an ending rests on, as a line of a list: "worksheet 1 must be complete"."""
    if needed.question:
        return ", ".join(filter(None, (f"question {workbook.numbers[needed.question]} must be answered", needed.why)))
    return f"worksheet {workbook.stage[needed.stage].number} must be complete"
