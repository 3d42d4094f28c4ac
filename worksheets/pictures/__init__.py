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

# Each picture but the thread with the question that it belongs to, in the order in which they are read.
BESIDE = {
    "stakeholders": stakeholder_map,
    "presence": who_is_where,
    "weekly": time_picture,
    "judgement": timeline,
    "success": risk_grid,
}


def pictures(review: Review, address: Address | None = None) -> tuple[Figure, ...]:
    """All six pictures. With an `address` the items of the thread are links to their questions."""
    return (golden_thread(review, address), *(draw(review) for draw in BESIDE.values()))


def beside_questions(review: Review) -> dict[str, Figure]:
    """The pictures that have something to show, by the key of the question whose answer they stand beside."""
    drawn = {question: draw(review) for question, draw in BESIDE.items()}
    return {question: figure for question, figure in drawn.items() if figure.svg}


__all__ = ["BESIDE", "Address", "beside_questions", "golden_thread", "pictures"]
