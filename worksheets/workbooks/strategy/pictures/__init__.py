"""The pictures of a review: pure functions from a `Reading` to a `presentation.Figure`, each a room of its own.

Step 6 of the line in the README. `ties` knows the golden thread as plain data.
"""

from __future__ import annotations

from worksheets.presentation import Figure
from worksheets.workbook import LinkTo, Picture, Reading
from worksheets.workbooks.strategy.pictures.hours import time_picture
from worksheets.workbooks.strategy.pictures.presence import who_is_where
from worksheets.workbooks.strategy.pictures.risks import risk_grid
from worksheets.workbooks.strategy.pictures.stakeholders import stakeholder_map
from worksheets.workbooks.strategy.pictures.thread import golden_thread
from worksheets.workbooks.strategy.pictures.timeline import timeline

# In the order in which they are read.
PICTURES = (
    Picture(golden_thread),
    Picture(stakeholder_map, "stakeholders"),
    Picture(who_is_where, "presence"),
    Picture(time_picture, "weekly"),
    Picture(timeline, "judgement"),
    Picture(risk_grid, "success"),
)


def pictures(reading: Reading, link_to: LinkTo | None = None) -> tuple[Figure, ...]:
    """All pictures of a review. With `link_to` the items of the thread are links to their questions."""
    return tuple(picture.draw(reading, link_to) for picture in PICTURES)
