"""The six pictures of a review: pure functions from a `Review` to a `presentation.Figure`, each a room of its own.

Step 6 of the line in the README. `svg` draws, `words` measures and cuts, `ties` knows the golden thread as data.
"""

from __future__ import annotations

from worksheets.pictures.hours import time_picture
from worksheets.pictures.presence import who_is_where
from worksheets.pictures.risks import risk_grid
from worksheets.pictures.stakeholders import stakeholder_map
from worksheets.pictures.thread import Address, golden_thread
from worksheets.pictures.timeline import timeline
from worksheets.presentation import Figure
from worksheets.review import Review

# All pictures but the thread, in the order in which they are read. Each stands beside one question's answer.
BESIDE = (stakeholder_map, who_is_where, time_picture, timeline, risk_grid)


def pictures(review: Review, address: Address | None = None) -> tuple[Figure, ...]:
    """All six pictures. With an `address` the items of the thread are links to their questions."""
    return (golden_thread(review, address), *(draw(review) for draw in BESIDE))


def beside_questions(review: Review) -> tuple[Figure, ...]:
    """The pictures that stand beside a question's answer and have something to show."""
    return tuple(figure for draw in BESIDE if (figure := draw(review)).svg)


__all__ = ["BESIDE", "Address", "beside_questions", "golden_thread", "pictures"]
