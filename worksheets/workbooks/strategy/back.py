"""What stands behind the chapters of a strategy summary: the sources of audience evidence, and the method."""

from __future__ import annotations

from worksheets.presentation import Block, Column, Linked, Part, Table, Words
from worksheets.words import in_words
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.evidence import Evidence, evidence

EVIDENCE_TITLE = "Sources of audience evidence"
EVIDENCE = (Column("Source", 42), Column("Date", 22), Column("Used for", 36, written=True))
SURVEYS = (
    "The surveys are named as in “A social media toolkit for the NHS” (NHS Employers, 2016). Some have since ended or "
    "changed their names."
)
WORKED_OUT = (
    "Aims, objectives, hours and measures are what the team entered. The top three platforms, the sums of hours and "
    "the page “The strategy on a page” are worked out from those answers."
)
FOLLOWS = (
    "The method follows “A social media toolkit for the NHS” (NHS Employers; Alex Talbott, 2016). It also draws on "
    "“Using social media in NHS leadership” (NHS Employers; Alex Talbott, 2017), “Using social media to engage, listen "
    "and learn” (Caroline White, Smart Guides to Engagement, about 2012), and two undated guides: one to social media "
    "in health care improvement work (about 2014) and one to platforms for general practices (2019 or later). The "
    "authors of these documents did not make this summary and have not endorsed it."
)


def back(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """What the answers rest on: the same on paper and on screen."""
    return (
        Part("evidence", EVIDENCE_TITLE, sources(reading)),
        Part("about", "How this strategy was made", about(reading)),
    )


def sources(reading: Reading) -> tuple[Block, ...]:
    """Where the team knows from who is where, and the organisation's strategy it was held against."""
    scope, numbered = reading.scope, reading.workbook.with_numbers
    cited = evidence(scope)
    blocks: list[Block] = []
    if cited:
        known = "What this review knows about where people are online comes from these sources ({question:presence})."
        rows = tuple(cells(one, reading) for one in cited)
        table = Table(EVIDENCE_TITLE, EVIDENCE, rows, name="evidence", quiet=True)
        blocks += [Words(numbered(known)), table, Words(SURVEYS, "note")]
    else:
        blocks.append(Words(numbered("No source is named yet ({question:presence})."), "unanswered"))
    title, link = scope.strategy
    if title:
        before = "The organisation's own strategy, to read before the review: "
        blocks.append(Words(before, linked=title, link=link, after="."))
    return tuple(blocks)


def cells(one: Evidence, reading: Reading) -> tuple[str | Linked, ...]:
    document = one.document
    name = ", ".join(filter(None, (document.title, reading.workbook.with_numbers(document.publisher))))
    return Linked(name, document.link), document.year or "Not given", ", ".join(one.used_for)


def about(reading: Reading) -> tuple[Block, ...]:
    """Where the method comes from."""
    book = reading.workbook
    process = (
        f"This strategy comes from a review in {in_words(len(book.stages))} stages and {in_words(len(book.questions))} "
        "questions, which takes a team about two hours and is repeated about every six months. The team starts with "
        "its reasons and aims, ties each aim to an objective, finds out where its stakeholders are, counts the hours, "
        "plans the content and decides how to judge it."
    )
    return Words(process), Words(WORKED_OUT), Words(FOLLOWS)
