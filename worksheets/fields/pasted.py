"""Cells that were copied from a spreadsheet, as the rows of a table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import NamedTuple

from worksheets.cleaning import clean
from worksheets.fields.base import AnyKind, Scope
from worksheets.fields.shapes import RawRow

# Far more than any table takes, so that "too many" can be said with all of them there.
MOST = 100
LONGEST_CELL = 20_000


class Pasted(NamedTuple):
    """What became of cells: the rows that they make, without ids, and the cells that found no place."""

    rows: list[RawRow]
    left: list[str]


def cells_of(text: str) -> list[list[str]]:
    """The cells of each line that holds any, as spreadsheets copy them: tabs between, quotes around line breaks."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    try:
        lines = [[clean(cell) for cell in line] for line in csv.reader(text.splitlines(keepends=True), "excel-tab")]
    except csv.Error:
        # A quote that never ends, or one cell that is longer than a book: lines and tabs say enough.
        lines = [[clean(cell) for cell in line.split("\t")] for line in text.splitlines()]
    return [line for line in lines if any(line)][:MOST]


def heads_in(line: list[str], fields: Mapping[str, AnyKind]) -> list[str] | None:
    """The fields that the heads of columns name, by what these are called on the page; None when they are no heads."""
    named: dict[str, str] = {}
    for name, kind in fields.items():
        for head in (kind.short, str(kind.label)):
            named.setdefault(head.casefold().rstrip("?"), name)
    heads = [named.get(cell.casefold().rstrip("?"), "") for cell in line]
    return heads if all(heads) and len(set(heads)) == len(heads) > 1 else None


def rows_of(text: str, fields: Mapping[str, AnyKind], first: str, scope: Scope) -> Pasted:
    """The rows that cells make: in the columns that their first line names, else from the field called `first` on.

    A cell that cannot stand in its column, or for which there is none, is told.
    """
    lines = cells_of(text)
    heads = heads_in(lines[0], fields) if lines else None
    columns = heads or list(fields)[list(fields).index(first) :]
    rows: list[RawRow] = []
    left: list[str] = []
    for line in lines[1:] if heads else lines:
        row: RawRow = {name: kind.to_raw(None, scope) for name, kind in fields.items()}
        for name, cell in zip(columns, line, strict=False):
            raw = fields[name].from_cell(cell, scope) if cell else None
            if raw is not None:
                row[name] = raw
            elif cell:
                left.append(cell)
        left += filter(None, line[len(columns) :])
        rows.append(row)
    return Pasted(rows, left)
