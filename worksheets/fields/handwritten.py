"""How each kind of question is drawn on a blank worksheet, which a team prints and fills in by hand.

A kind that says nothing here gets a ruled line. All words are those of the page; nothing here knows HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import ClassVar

from worksheets.fields.base import AnyKind, Scope
from worksheets.fields.choices import Choosing, Pointing, Reference, Taken
from worksheets.fields.keyed import RowsFor
from worksheets.fields.rows import Rows
from worksheets.fields.use import KNOWN, PlatformUse
from worksheets.fields.values import Day, Number, Sentence, Text
from worksheets.words import article, capital, listed

# How many rows a table of short values has room for, and how many rows of many fields stand side by side.
ROWS, BESIDE = 5, 3
# A table has a column for each field where they are no more than this, and a cell no more boxes to tick than that.
COLUMNS, BOXES = 4, 4
# How many lines a text has at most, and how many where it may be left empty.
LINES, MAYBE = 3, 2


@dataclass(frozen=True, slots=True)
class Ticks:
    """Words with a box each, and what else to do with them."""

    kind: ClassVar[str] = "ticks"

    words: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """So many ruled lines, and what the first begins with or what to write there."""

    kind: ClassVar[str] = "lines"

    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box for a few figures, and what stands before and behind it."""

    kind: ClassVar[str] = "box"

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """What is asked, with the room for its answer. `only` says when it is asked at all; `under` heads it and those
    behind it."""

    label: str
    hint: str
    room: Room
    only: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Blank rows with a column for each field. `legend` has the words that may be written in a column, by its label."""

    kind: ClassVar[str] = "table"

    fields: tuple[Field, ...]
    rows: int
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows of many fields side by side: a line for each field, a column for each of `titles`."""

    kind: ClassVar[str] = "beside"

    fields: tuple[Field, ...]
    titles: tuple[str, ...]


Room = Ticks | Lines | Box | Table | Beside


def fields_of(kinds: Mapping[str, AnyKind], scope: Scope) -> tuple[Field, ...]:
    """What a form asks, as it stands on paper, in its order."""
    return tuple(
        Field(
            str(kind.label) if kind.needed or kind.needed_when else f"{kind.label} (optional)",
            told(str(kind.help_text), scope),
            room(kind, scope) if kind.needed and not kind.when else shorter(room(kind, scope)),
            only(kind, kinds),
            kind.under,
        )
        for kind in kinds.values()
    )


def told(text: str, scope: Scope) -> str:
    """A fixed text with the name of the organisation and the numbers of questions in it."""
    return scope.with_numbers(text.replace("{organisation}", scope.organisation))


def shorter(room: Room) -> Room:
    """The room of what may be left empty: often it is, and paper ends."""
    return replace(room, count=min(room.count, MAYBE)) if isinstance(room, Lines) else room


def only(kind: AnyKind, kinds: Mapping[str, AnyKind]) -> str:
    """When a field is asked at all: "Only if you ticked “Peer pressure”"; nothing where it always is."""
    opening = kinds.get(kind.when[0]) if kind.when else None
    if not kind.when or not isinstance(opening, Choosing):
        return ""
    words = opening.fixed() or {}
    return f"Only if you ticked {listed((f'“{first_words(words[key])}”' for key in kind.when[1:]), 'or')}"


def first_words(words: str) -> str:
    """A choice in short: "Active: we post and answer" is "Active"."""
    return words.partition(":")[0]


@singledispatch
def room(kind: AnyKind, scope: Scope) -> Room:
    """The room that the answer to a kind of question takes."""
    return Lines(1)


@room.register
def _(kind: Text, scope: Scope) -> Room:
    return Lines(min(kind.lines, LINES))


@room.register
def _(kind: Sentence, scope: Scope) -> Room:
    return Lines(kind.lines, f"{told(kind.begins, scope)} …")


@room.register
def _(kind: Number, scope: Scope) -> Room:
    return Box(kind.before, kind.unit)


@room.register
def _(kind: Day, scope: Scope) -> Room:
    return Box(after="day, month, year")


@room.register
def _(kind: Choosing, scope: Scope) -> Room:  # type: ignore[type-arg]
    return Ticks(tuple(kind.options(scope).values()))


@room.register
def _(kind: Taken, scope: Scope) -> Room:
    # What there is to take from another run is not known on paper.
    return Lines(MAYBE)


@room.register
def _(kind: Pointing, scope: Scope) -> Room:  # type: ignore[type-arg]
    # On paper the rows have no names yet, and their numbers fit anywhere.
    noun = kind.refers.noun
    one = isinstance(kind, Reference)
    return Lines(1, f"Write the number of {article(noun)}" if one else f"Write each {noun} by its number")


@room.register
def _(kind: PlatformUse, scope: Scope) -> Room:
    often = listed(map(str.lower, KNOWN.values()), "or")
    return Ticks(tuple(scope.platforms.values()), f"Write beside it how often: {often}")


@room.register
def _(kind: Rows, scope: Scope) -> Room:
    fields = tuple(Field(one.short, told(str(one.help_text), scope), room(one, scope)) for one in kind.fields.values())
    named = isinstance(kind, RowsFor)
    short = all(not isinstance(one.room, Ticks) or len(one.room.words) <= BOXES for one in fields)
    if kind.wide or (short and len(fields) <= COLUMNS):
        name = (Field(capital(kind.noun), "", Lines(1)),) if named else ()
        legend = tuple((one.label, said) for one in fields if (said := in_legend(one.room)))
        return Table((*name, *map(written, fields)), min(kind.most, ROWS), legend)
    titles = (f"{capital(kind.noun)}:" for _ in range(BESIDE)) if named else (kind.title(n + 1) for n in range(BESIDE))
    return Beside(fields, tuple(titles)[: kind.most])


def in_legend(room: Room) -> str:
    """The choices that are too many for a cell, in one line; nothing where they fit."""
    many = isinstance(room, Ticks) and len(room.words) > BOXES
    return listed(map(first_words, room.words), "or") if isinstance(room, Ticks) and many else ""


def written(field: Field) -> Field:
    """A field as a column: what has a legend is written, not ticked."""
    return Field(field.label, field.hint, Lines(1)) if in_legend(field.room) else field
