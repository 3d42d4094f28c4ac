"""The strategy summary as a board reads it: one module a part, in the order in which they stand."""

from __future__ import annotations

from worksheets.presentation import Part
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.know import know
from worksheets.workbooks.strategy.paper.onepage import on_a_page
from worksheets.workbooks.strategy.paper.publish import publish
from worksheets.workbooks.strategy.paper.sheet import three_sentences, to_know
from worksheets.workbooks.strategy.paper.takes import takes
from worksheets.workbooks.strategy.paper.who import who
from worksheets.workbooks.strategy.paper.why import why

__all__ = ["body", "three_sentences", "to_know"]


def body(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The strategy on a page and the chapters behind it."""
    return (
        on_a_page(reading, paper=paper),
        why(reading),
        who(reading),
        takes(reading),
        publish(reading),
        know(reading),
    )
