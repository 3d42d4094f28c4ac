"""Finds words in the guidance: in its pages, stages, notes of questions, facts and platforms, as they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from worksheets import ageing
from worksheets.guides import GUIDES
from worksheets.models import Platform
from worksheets.texts import Note, Texts
from worksheets.workbook import Question, Stage, Workbook
from worksheets.workbooks import WORKBOOKS, first

# How long a search may be, and how many places are told.
LONGEST, MOST = 200, 40
# About how many letters of a place are shown, and how many of them before the word that was found.
SHOWN, BEFORE = 240, 80

SECTION = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|li|td|th|caption|h\d)>")
AROUND = ".,;:!?()\"'“”‘’"


@dataclass(frozen=True)
class Block:
    """A paragraph or a point, as text. `old` says that a figure in it may be out of date."""

    text: str
    old: bool = False


@dataclass(frozen=True)
class Place:
    """A part of the guidance that has a link of its own: its title, the page it is on, and what it says."""

    title: str
    page: str
    link: str
    blocks: tuple[Block, ...]

    @property
    def all(self) -> str:
        return "\n".join((self.title, self.page, *(block.text for block in self.blocks)))


@dataclass(frozen=True)
class Hit:
    """A place in which all words were found, and some of its words: those that were looked for are the odd ones."""

    place: Place
    excerpt: tuple[str, ...]
    old: bool


def found(query: str, now: Texts, **words: str) -> list[Hit]:
    """Where all words of `query` stand, those that have them in their title first; nothing for no words.

    A word is found where another begins with it, whatever its capitals. `words` stand where a page names them.
    """
    asked = dict.fromkeys(word.strip(AROUND) for word in query[:LONGEST].lower().replace("’", "'").split())
    sought = [pattern(word) for word in asked if word]
    if not sought:
        return []
    ranked: list[tuple[int, int, int, Place]] = []
    for place in places(now, timezone.localdate().year, tuple(sorted(words.items()))):
        if all(word.search(place.all) for word in sought):
            in_title = sum(bool(word.search(place.title)) for word in sought)
            ranked.append((-in_title, -sum(len(word.findall(place.all)) for word in sought), len(ranked), place))
    return [hit(place, sought) for *_, place in sorted(ranked, key=lambda one: one[:3])]


def pattern(word: str) -> re.Pattern[str]:
    """What finds a word. Without the s of several, "captions" finds "caption" too."""
    several = len(word) > 4 and word.endswith("s") and not word.endswith("ss")
    sought = re.escape(word[:-1] if several else word).replace("'", "['’]")
    return re.compile(rf"(?<!\w){sought}", re.IGNORECASE)


def hit(place: Place, sought: list[re.Pattern[str]]) -> Hit:
    """The place with the block that has most of the words, cut to what is around the first of them."""
    block = max(place.blocks, key=lambda one: sum(bool(word.search(one.text)) for word in sought), default=Block(""))
    text = block.text
    first = min((there.start() for word in sought if (there := word.search(text))), default=0)
    start = max(0, first - BEFORE)
    start = text.find(" ", start) + 1 if start and text.find(" ", start, first) >= 0 else start
    end = start + SHOWN
    end = max(text.rfind(" ", first, end), first) if end < len(text) and " " in text[first:end] else end
    shown = f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
    parts = re.split("(" + "|".join(word.pattern for word in sought) + ")", shown, flags=re.IGNORECASE)
    return Hit(place, tuple(parts), block.old)


# --- What there is to find -------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def places(now: Texts, this_year: int, words: tuple[tuple[str, str], ...]) -> tuple[Place, ...]:
    """All places of the guidance, in the order of its pages, kept as long as nothing in the texts changes."""
    stages = [(workbook, stage) for workbook in WORKBOOKS.values() for stage in workbook.stages]
    platforms = [of_platform(platform, this_year) for platform in now.platforms()]
    pages = [
        place
        for name, guide in GUIDES.items()
        if name != "platforms"
        for place in of_text(guide.title, guide.title, reverse(name), now.page(f"pages/{name}", **dict(words)))
    ]
    return (*(place for book, stage in stages for place in of_stage(book, stage, now)), *platforms, *pages)


def of_stage(workbook: Workbook, stage: Stage, now: Texts) -> Iterator[Place]:
    # Several workbooks have a stage 1: all but the first are named with it.
    named = f"Stage {stage.number}: {stage.title}"
    title = named if workbook is first() else f"{workbook.title}. {named}"
    link = reverse("guidance-stage", args=[stage.key])
    yield from of_text(title, title, link, now.note(f"stages/{stage.key}", top=2))
    for question in stage.questions:
        yield from of_question(question, title, link, now.note(f"questions/{question.key}", top=4))


def of_question(question: Question, page: str, link: str, note: Note) -> Iterator[Place]:
    link = f"{link}#question-{question.number}"
    said = (*blocks_of(note.short), *blocks_of(note.more))
    yield Place(f"Question {question.number}: {question.title}", page, link, said)
    if note.facts:
        yield Place(f"Facts for question {question.number}", page, link, blocks_of(note.facts))


def of_text(title: str, page: str, link: str, note: Note) -> Iterator[Place]:
    """A text that fills a page: what comes first, each of its sections, and its facts."""
    first, *sections = SECTION.split(note.more)
    yield Place(title, page, link, (*blocks_of(note.short), *blocks_of(first)))
    for name, heading, text in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        yield Place(words_of(heading), page, f"{link}#{name}", blocks_of(text))
    if note.facts:
        yield Place("Facts", page, f"{link}#facts", blocks_of(note.facts))


def of_platform(platform: Platform, this_year: int) -> Place:
    lines = "\n".join((platform.about, platform.good_for, platform.consider, platform.tone)).splitlines()
    figures = (
        Block(f"{figure.text}: {figure.year}, {figure.source}", ageing.is_old(figure.year, this_year))
        for figure in platform.figures.all()
    )
    link = f"{reverse('platforms')}#platform-{platform.key}"
    return Place(platform.name, GUIDES["platforms"].title, link, (*map(Block, filter(None, lines)), *figures))


def blocks_of(html: str) -> tuple[Block, ...]:
    """The paragraphs and points of a text that was drawn."""
    parts = ((words_of(part.replace(ageing.MARK, "")), ageing.MARK in part) for part in BLOCK_END.split(html))
    return tuple(Block(text, old) for text, old in parts if text)


def words_of(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())
