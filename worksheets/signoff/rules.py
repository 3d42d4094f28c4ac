"""The state machine of a review: which decision leads from where to where, who takes it, and what must be there first.

Functions of what was read already: nothing here asks the database. `docs/decisions/sign-off.md` says why it is so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from worksheets.access import Ability, Visit
from worksheets.models import Cycle, Decision
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.stages import STAGE, STAGES

State, Kind = Cycle.State, Decision.Kind

# What names a point among those of a review: the id of its rule and its rows, joined.
PointKey = tuple[str, str]


@dataclass(frozen=True)
class Move:
    """A decision that changes the state of a review."""

    before: Cycle.State
    after: Cycle.State
    ability: Ability
    note_needed: bool = False


MOVES = {
    Kind.SUBMITTED: Move(State.OPEN, State.SUBMITTED, Ability.STEER),
    Kind.WITHDRAWN: Move(State.SUBMITTED, State.OPEN, Ability.STEER),
    Kind.SENT_BACK: Move(State.SUBMITTED, State.OPEN, Ability.DECIDE, note_needed=True),
    Kind.SIGNED_OFF: Move(State.SUBMITTED, State.SIGNED_OFF, Ability.DECIDE),
}


@dataclass(frozen=True)
class Missing:
    """What stands between a review and its submission: a worksheet, a question of it, or the element of a point."""

    text: str
    stage: str = ""
    question: str = ""
    point: str = ""


def may_take(visit: Visit, kind: Decision.Kind) -> bool:
    """Whether this member may take such a decision here at all, whatever state the review is in."""
    return visit.cycle is not None and visit.may(MOVES[kind].ability)


def is_own(visit: Visit, submission: Decision | None) -> bool:
    """Whether the member submitted the review themselves, as when their role changed since: others must sign it off."""
    return submission is not None and submission.decided_by_id == visit.user.pk


def stops(review: Review) -> list[Finding]:
    """The points that say stop."""
    return [finding for finding in review.findings if finding.level == "stop"]


def unanswered_stops(review: Review, reasons: Collection[PointKey]) -> list[Finding]:
    """The points that say stop and have no reason beside them."""
    return [finding for finding in stops(review) if finding.key not in reasons]


def missing(review: Review, reasons: Collection[PointKey], *, not_using: bool) -> list[Missing]:
    """What must be done before a review can be submitted; nothing when it can.

    The six worksheets are complete, and every point that says stop is mended or answered with a reason. Whoever
    concludes not to use social media needs less: what drives them, their aims, and the objectives these were held
    against. The reason of that conclusion answers every stop, for most of them are why it was drawn (toolkit, stage 2).
    """
    if not_using:
        return missing_without_social_media(review)
    found = [
        Missing(f"Complete worksheet {stage.number}, {stage.title.lower()}", stage=stage.key)
        for stage in STAGES
        if not review.standings[stage.key].complete
    ]
    return found + [
        Missing(f"Mend this, or write a reason: {finding.message}", point=f"point-{finding.element}")
        for finding in unanswered_stops(review, reasons)
    ]


def missing_without_social_media(review: Review) -> list[Missing]:
    """What the conclusion not to use social media still has to stand on."""
    found = []
    if not review.standings["drivers"].complete:
        first = STAGE["drivers"]
        found.append(Missing(f"Complete worksheet {first.number}, {first.title.lower()}", stage=first.key))
    if review.states["objectives"] != "answered":
        found.append(
            Missing(
                "Answer question 3, so that readers see which objectives you held your aims against",
                stage="alignment",
                question="objectives",
            )
        )
    return found
