"""What a document says as pieces of presentation: its page, its files and its HTML for a website are drawn of these."""

from __future__ import annotations

import datetime
import re
from itertools import groupby
from operator import itemgetter

from worksheets.policies.library import Document
from worksheets.policies.said import Said
from worksheets.presentation import Block, Column, Listing, Part, Table, Words
from worksheets.report.paper import Paper
from worksheets.words import capital

POINT = re.compile(r"[ \t]*-[ \t]+")


def blocks_of(words: str, *, own: bool = False) -> tuple[Block, ...]:
    """The paragraphs and lists of a clause. Nothing else in it is Markdown: every other sign is what it is.

    "- " at the start of a line begins a point, and a blank line ends a paragraph or a point. Other lines go on with
    what is above them; below a point only those that are set in. `own` says that they are the team's own words.
    """
    pieces: list[tuple[bool, str]] = []
    goes_on = False
    for line in words.splitlines():
        point = POINT.match(line)
        text = line[point.end() if point else 0 :].strip()
        below_point = bool(pieces) and pieces[-1][0]
        if text and goes_on and point is None and (line[0].isspace() or not below_point):
            pieces[-1] = (below_point, f"{pieces[-1][1]} {text}")
        elif text:
            pieces.append((point is not None, text))
        goes_on = bool(text)
    blocks: list[Block] = []
    for points, group in groupby(pieces, key=itemgetter(0)):
        texts = tuple(text for _, text in group)
        blocks += [Listing(texts, own)] if points else [Words(text, "written" if own else "plain") for text in texts]
    return tuple(blocks)


def clauses_of(said: Said, *, numbered: bool = True) -> tuple[Part, ...]:
    """The clauses, each under its heading, which begins with its number where they are `numbered`."""
    return tuple(
        Part(
            f"clause-{clause.key}",
            f"{n}. {clause.heading}" if numbered else clause.heading,
            blocks_of(clause.words, own=clause.own),
        )
        for n, clause in enumerate(said.clauses, 1)
    )


def control_of(said: Said) -> Part:
    """The control block: who owns the document, who approved it, and what was asked before."""
    columns = (Column("What", 3), Column("Detail", 7))
    table = Table("About this document", columns, said.control, quiet=True)
    return Part("about", "About this document", (table,), "about")


def history_of(said: Said) -> Part:
    """The history of amendments: each version that was issued with its day, and what changed in it."""
    columns = (Column("Version", 1), Column("Date", 2), Column("What changed", 7, written=True))
    table = Table("History of amendments", columns, said.history, quiet=True)
    return Part("history", "History of amendments", (table,), "about")


def standing_of(said: Said) -> str:
    """Where the version stands, below its heading: "Version 2, issued 3 March 2027"."""
    return foot_of(said) if said.issued_on else f"Version {said.version}. {said.state}. This is not in force."


def foot_of(said: Said) -> str:
    """The same for the foot of every page, which says of a draft that it is one."""
    return f"Version {said.version}, issued {said.issued_on}" if said.issued_on else f"Draft of version {said.version}"


def paper_of(said: Said, document: Document, made: datetime.date) -> Paper:
    """All of a document as it is set on paper. `made` is the day it is of.

    On one side of A4 what the document asks comes first, and the tables about it are small below.
    """
    clauses, about = clauses_of(said, numbered=not document.on_a_page), control_of(said)
    history = (history_of(said),) if said.history else ()
    return Paper(
        heading=said.title,
        short=capital(document.short),
        organisation=said.organisation,
        standing=standing_of(said),
        foot=foot_of(said),
        made=made,
        parts=(*clauses, about, *history) if document.on_a_page else (about, *clauses, *history),
        language=said.language,
        on_a_page=document.on_a_page,
    )
