"""The strategy on a page: the aims, the golden thread, the platforms, the one sum of hours, and the open points."""

from __future__ import annotations

from dataclasses import replace

from worksheets.fields import Scope
from worksheets.presentation import LEVELS, TO_DO, Block, Column, Items, Part, Table, Words
from worksheets.words import counted, inside, shortened
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.paper.who import PARTS
from worksheets.workbooks.strategy.pictures.thread import golden_thread
from worksheets.workbooks.strategy.resources import hours_of
from worksheets.workbooks.strategy.stakeholders import by_part
from worksheets.workbooks.strategy.tables import AIMS, PATTERN

FOOT = (Column("Our platforms", 40), Column("Hours", 30), Column("Points to resolve", 30))
# Aims stand across the top: the more there are, the fewer letters each has. The chapter behind has all of them.
LETTERS = {1: 600, 2: 300, 3: 190, 4: 110, 5: 80}
# How many letters of what the picture says stand below it.
SAID = 330


def on_a_page(reading: Reading, *, paper: bool) -> Part:
    """The page. On paper long aims are cut, and said whole in the next part; on screen nothing is."""
    thread = golden_thread(reading, paper=paper)
    blocks: list[Block] = [*aims(reading, whole=not paper)]
    if thread.svg:
        blocks.append(replace(thread, alternative=shortened(thread.alternative, SAID)) if paper else thread)
    short = (platforms(reading.scope), *sums(reading))
    blocks.append(Table("In short", FOOT, (short,), name="foot", heads=False, quiet=True))
    return Part("on-a-page", "The strategy on a page", tuple(blocks), look="onepage" if thread.svg else "")


def aims(reading: Reading, *, whole: bool) -> tuple[Block, ...]:
    named = reading.scope.named(AIMS)
    if not named:
        return (Words("Our aims are not answered yet.", "unanswered"),)
    lines = [" ".join(aim.split()) for aim in reading.scope.choices(AIMS).values()]
    matches = [PATTERN.match(line) for line in lines]
    who = {match["who"] for match in matches if match}
    opening: tuple[Words, ...] = ()
    if all(matches) and len(who) == 1:
        opening = (Words(f"By using social media, {who.pop()} aims to:", "opening"),)
    most = 10_000 if whole else LETTERS.get(len(named), 100)
    cells = tuple(shortened(inside(words) if opening else words, most) for words in named.values())
    columns = tuple(Column(f"Aim {n}", written=True) for n in range(1, len(cells) + 1))
    return (*opening, Table("The aims", columns, (cells,), name="aims", heads=False, quiet=True))


def platforms(scope: Scope) -> Items:
    """The platforms by what is done there: "Active: Facebook, Instagram"."""
    parts = by_part(scope)
    lines = [f"{words}: {', '.join(parts[role])}" for role, words in PARTS.items() if parts[role]]
    return Items(tuple(lines), none="Not answered yet")


def sums(reading: Reading) -> tuple[Items, Items]:
    """The one sum of hours, and the open points by their level; those left with a reason are told further on."""
    hours = hours_of(reading.scope)
    points = [
        f"{sum(one.level == level for one in reading.findings)} {TO_DO[level]}"
        for level in LEVELS
        if any(one.level == level for one in reading.findings)
    ]
    waiting = reading.progress.waiting
    still = (f"{counted(waiting, 'question')} to finish",) if waiting else ()
    return Items((hours,) if hours else (), none="Not answered yet"), Items((*points, *still), none="None open")
