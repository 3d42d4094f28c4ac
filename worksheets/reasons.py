"""The reasons that leads wrote beside the points of a review: read here, written in `signoff.reasoning`."""

from __future__ import annotations

from worksheets.models import Cycle, Reason

# What names a point among those of a review: the id of its rule and its rows, joined.
PointKey = tuple[str, str]


def reasons_of(cycle: Cycle) -> dict[PointKey, Reason]:
    """The reasons of a review by the `key` of their finding, each with who wrote it. One query.

    Some may belong to points that are gone for now: they are shown again when the point comes back.
    """
    reasons = Reason.objects.filter(cycle=cycle).select_related("written_by")
    return {(reason.finding, reason.subjects): reason for reason in reasons}
