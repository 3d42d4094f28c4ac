"""Cells that were copied from a spreadsheet, as the rows of a table of short values."""

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


def rows_of(text: str, fields: Mapping[str, AnyKind], first: str, scope: Scope) -> Pasted:
    """The rows that cells make in the columns from the field called `first` on.

    A line that repeats the heads of the columns is left out. A cell that cannot stand in its column is told.
    """
    columns = list(fields)[list(fields).index(first) :]
    heads = [{fields[name].short.casefold(), str(fields[name].label).casefold()} for name in columns]
    rows: list[RawRow] = []
    left: list[str] = []
    for number, line in enumerate(cells_of(text)):
        named = [cell.casefold() for cell in line]
        if number == 0 and len(line) > 1 and all(cell in head for cell, head in zip(named, heads, strict=False)):
            continue
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
