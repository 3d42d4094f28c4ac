"""How a strategy summary was made: what it was held against, and the method."""

from __future__ import annotations

from worksheets.presentation import Block, Part, Words
from worksheets.words import in_words
from worksheets.workbook import Reading

WORKED_OUT = "What the team answered is told in its own words; sums and pictures are worked out from it."
FOLLOWS = (
    "The method follows “A social media toolkit for the NHS” (NHS Employers; Alex Talbott, 2016) and draws on four "
    "other guides of 2012 to 2019, which the page about the method names. Their authors did not make this summary and "
    "have not endorsed it."
)


def back(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The method, in five lines, and the strategy it was held against: the same on paper and on screen."""
    return (Part("about", "About this method", about(reading)),)


def about(reading: Reading) -> tuple[Block, ...]:
    """Where the method comes from."""
    book = reading.workbook
    process = (
        f"This strategy comes from a review in {in_words(len(book.stages))} stages and {in_words(len(book.questions))} "
        "questions, which takes a team about two hours and is repeated about every six months."
    )
    blocks: list[Block] = [Words(f"{process} {WORKED_OUT}"), Words(FOLLOWS, "note")]
    title, link = reading.scope.strategy
    if title:
        blocks.insert(0, Words("It was held against ", linked=title, link=link, after="."))
    return tuple(blocks)
