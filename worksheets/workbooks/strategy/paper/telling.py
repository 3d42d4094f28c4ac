"""How a part of the paper is put together: what is answered as blocks, and what is not in one line at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.fields import AnyKind, Plain, PlainRow, Rows, several
from worksheets.presentation import Block, Part, Row, Title, Words
from worksheets.words import listed
from worksheets.workbook import Reading


@dataclass(frozen=True)
class Told:
    """Something that a part tells: under which title, "" for none, in which blocks; `name` is what lacks without."""

    name: str
    blocks: tuple[Block, ...]
    title: str = ""


def part(key: str, title: str, *told: Told, look: str = "") -> Part:
    """A part of what is told. What has no blocks is named at the end: it is not answered yet."""
    blocks: list[Block] = []
    for one in told:
        if one.blocks:
            blocks += [Title(one.title), *one.blocks] if one.title else one.blocks
    missing = [one.name for one in told if not one.blocks and one.name]
    if missing:
        blocks.append(Words(f"Not answered yet: {listed(missing)}.", "unanswered"))
    return Part(key, title, tuple(blocks), look)


def kind_of(reading: Reading, question: str, field: str) -> AnyKind:
    """A field of a question, or of the rows of its table: "smart.due"."""
    table, _, name = field.partition(".")
    kind = reading.workbook.question[question].form.kinds[table]
    return kind.fields[name] if name and isinstance(kind, Rows) else kind


def said(reading: Reading, question: str, field: str, label: str = "") -> tuple[Row, ...]:
    """A field of an answer as a labelled line, where there is an answer and it belongs to what is chosen."""
    kind, answer = kind_of(reading, question, field), reading.answer(question)
    if field not in answer or not kind.belongs(answer):
        return ()
    row = kind.row(answer[field], reading.scope)
    return (Row(label or row.label, row.paragraphs, row.items, written=row.written),)


def lines(reading: Reading, *fields: tuple[str, str, str]) -> tuple[Row, ...]:
    """Several fields as labelled lines: each its question, its name, and how the paper calls it."""
    return tuple(row for question, field, label in fields for row in said(reading, question, field, label))


def cell(reading: Reading, question: str, field: str, row: PlainRow) -> str:
    """A field of a row in a cell: "" where it holds nothing."""
    kind = kind_of(reading, question, field)
    value: Plain = row.get(field.partition(".")[2])
    return "" if value is None else ", ".join(kind.words(value, reading.scope))


def names(row: PlainRow, field: str, known: Iterable[tuple[str, str]]) -> str:
    """The rows that a row names, in their own order, in a cell."""
    chosen = several(row, field)
    return ", ".join(words for key, words in known if key in chosen)
