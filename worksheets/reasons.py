"""The reasons that leads wrote beside the points of a review, and which points they answer. Written in `signoff`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from worksheets.models import Cycle, Reason
from worksheets.presentation import LEVELS, Finding
from worksheets.review import Review

# What names a point among those of a review: the id of its rule and its rows, joined.
PointKey = tuple[str, str]


@dataclass(frozen=True)
class Left:
    """A point, or that part of one, that is left as it is; `key` names its reason among those of the review."""

    finding: Finding
    key: PointKey


@dataclass(frozen=True)
class Settled:
    """The points of a review: those that are open, and those that are left as they are with a reason.

    Both have what to do first on top: by level, and within one in the order of the stages.
    """

    open: tuple[Finding, ...]
    left: tuple[Left, ...]

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The open points that say stop."""
        return tuple(finding for finding in self.open if finding.level == "stop")


def reasons_of(cycle: Cycle) -> dict[PointKey, Reason]:
    """The reasons of a review by the `key` of their finding, each with who wrote it. One query.

    Some may belong to points that are gone for now: they are shown again when the point comes back.
    """
    reasons = Reason.objects.filter(cycle=cycle).select_related("written_by")
    return {(reason.finding, reason.subjects): reason for reason in reasons}


def settled(review: Review, reasons: Collection[PointKey]) -> Settled:
    """Which points of a review are open, and which are left as they are."""
    return settle(review.findings, review.told, reasons)


def settle(
    findings: Iterable[Finding], tell: Callable[[Finding, Iterable[str]], Finding], reasons: Collection[PointKey]
) -> Settled:
    """Which of these points are open, and which are left as they are; `tell` says one of some of its subjects.

    A reason holds for the subjects it was written for: when another row joins them, the point is open again for that
    row alone, and when one of them is mended the reason stays for the others.
    """
    still_open: list[Finding] = []
    left: list[Left] = []
    for finding in sorted(findings, key=lambda one: list(LEVELS).index(one.level)):
        waiting = set(finding.subjects)
        answered = finding.key in reasons
        for key in sorted(reasons) if waiting else ():
            covered = waiting.intersection(key[1].split(",")) if key[0] == finding.id else set()
            if covered:
                left.append(Left(tell(finding, covered), key))
                waiting -= covered
        if not finding.subjects and answered:
            left.append(Left(finding, finding.key))
        elif waiting or not finding.subjects:
            still_open.append(tell(finding, waiting))
    return Settled(tuple(still_open), tuple(left))
