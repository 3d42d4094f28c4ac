"""A table that comes back from a team's own sheet: what its rows say, and what would change by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worksheets.cleaning import alike
from worksheets.fields import Answer, AnyKind, Case, Plain, PlainRow, Rows, Scope, rows_in, text
from worksheets.results import sheets
from worksheets.results.sheets import Refused
from worksheets.spreadsheets.out import KEY, head
from worksheets.workbook import Question, Spread

# More lines than any table takes, so that "too many" is said by the table itself, with all of them there.
LINES_MAX = 200


@dataclass(frozen=True)
class Line:
    """A line of a file: its number, the key of ours in it, if any, and what it says, by the names of fields."""

    number: int
    key: str
    says: PlainRow


@dataclass(frozen=True)
class Brought:
    """What a file brings: its lines, and what in it finds no place, in words, each with its line."""

    lines: Sequence[Line]
    left: Sequence[str] = ()


@dataclass(frozen=True)
class Changed:
    """A field of a row that a file changes: what it is called, and how it reads before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Touched:
    """A row that a file changes, or adds where it is `new`: what it is called, and its fields that change."""

    words: str
    fields: Sequence[Changed]
    new: bool = False


@dataclass(frozen=True)
class Plan:
    """What a file would make of an answer: the answer as it would be, the rows that change, those that stay as they
    are, and those that the file does not name, which stay too. `faults` say what cannot be saved."""

    answer: Answer
    touched: Sequence[Touched]
    same: int
    unnamed: Sequence[str]
    faults: Sequence[str] = field(default=())


def names_of(rows: Rows, spread: Spread) -> dict[str, str]:
    """The fields of a table by all that the head of a column may call them, as `alike` compares names."""
    named: dict[str, str] = {}
    for name, kind in rows.fields.items():
        for called in (head(kind), kind.short, str(kind.label).rstrip("?"), *spread.heads.get(name, ())):
            named.setdefault(alike(called), name)
    return named


def read(data: bytes, rows: Rows, spread: Spread, scope: Scope) -> Brought:
    """What a file brings for a table. Refused when it is no spreadsheet, or names none of its columns."""
    named = names_of(rows, spread)
    found = sheets.read(data, {*named, alike(KEY)})
    if not found.rows:
        raise Refused(["There is nothing in this file. Choose the file with your accounts"])
    (_, heads), *lines = found.rows
    columns = [named.get(alike(name.rstrip("?")), KEY if alike(name) == alike(KEY) else "") for name in heads]
    if len({*columns} - {"", KEY}) < 2:
        wanted = ", ".join(f"“{kind.short}”" for kind in [*rows.fields.values()][:4])
        raise Refused([f"The columns of this file have other names. Call them {wanted} and so on in its first line"])
    if len(lines) > LINES_MAX:
        raise Refused([f"The file has more than {LINES_MAX} lines. Take out those that are not needed"])
    left = [f"Column “{name}”" for name, column in zip(heads, columns, strict=True) if name and not column]
    brought = []
    for number, cells in lines:
        line, wrong = line_of(number, dict(zip(columns, cells, strict=False)), rows.fields, scope)
        brought.append(line)
        left += wrong
    return Brought([line for line in brought if line.says], left)


def line_of(
    number: int, cells: Mapping[str, str], fields: Mapping[str, AnyKind], scope: Scope
) -> tuple[Line, list[str]]:
    """A line as its fields read it, and the cells that cannot stand there. An empty cell says nothing."""
    says: dict[str, Plain] = {}
    left = []
    for name, kind in fields.items():
        cell = cells.get(name, "")
        raw = kind.from_cell(cell, scope) if cell else None
        case = Case(scope)
        plain = kind.settle(raw, (name,), case) if raw is not None else None
        if plain is not None and not case.faults:
            says[name] = plain
        elif cell:
            why = case.faults[0].message if case.faults else "It is none of the choices"
            left.append(f"Line {number}, {kind.short}: “{cell}”. {why}")
    return Line(number, cells.get(KEY, ""), says), left


def plan(brought: Brought, question: Question, spread: Spread, now: Mapping[str, Plain], scope: Scope) -> Plan:
    """What the lines of a file would make of the answer that stands now. Nothing is taken out."""
    kind = question.form.kinds[spread.table.field]
    assert isinstance(kind, Rows)
    rows: list[dict[str, Any]] = [{**row} for row in rows_in(now, spread.table.field)]
    by_key = {text(row, "id"): row for row in rows}
    by_name = {name: row for row in rows if all(name := known(row, spread))}
    touched, same, seen = [], 0, set()
    for line in brought.lines:
        name = known(line.says, spread)
        # A line that was copied in a spreadsheet has the key of the first, and is another row.
        row = by_key.get(line.key) or by_name.get(name)
        if row is None or text(row, "id") in seen:
            row = {"id": kind.new_id(f"sheet {line.number} {json.dumps(line.says, sort_keys=True)}")}
            rows.append(row)
        new = text(row, "id") not in by_key
        fields = changes(row, line.says, kind.fields, scope)
        row.update(line.says)
        seen.add(text(row, "id"))
        if fields:
            touched.append(Touched(kind.row_words(row, scope) or f"Line {line.number}", fields, new))
        else:
            same += 1
    unnamed = [kind.row_words(row, scope) or "A row" for row in rows if text(row, "id") not in seen]
    case = Case(scope)
    whole: dict[str, Any] = {**now, spread.table.field: rows}
    answer = question.form.read(whole, case)
    raw = question.form.to_raw(whole, scope)
    faults = [question.form.in_a_list(fault, raw, scope) for fault in case.faults]
    return Plan(answer, touched, same, unnamed, faults)


def known(row: Mapping[str, Plain], spread: Spread) -> tuple[str, ...]:
    """By what a row is known where it has no key: what people call it, without the sign before a name."""
    return tuple(alike(text(row, name)).lstrip("@") for name in spread.same)


def changes(
    row: Mapping[str, Plain], says: Mapping[str, Plain], fields: Mapping[str, AnyKind], scope: Scope
) -> list[Changed]:
    """The fields of a row that a line says otherwise."""

    def in_words(name: str, plain: Plain) -> str:
        return "; ".join(fields[name].words(plain, scope)) if plain not in (None, "", []) else ""

    return [
        Changed(fields[name].short, in_words(name, row.get(name)), in_words(name, plain))
        for name, plain in says.items()
        if row.get(name) != plain
    ]


# On its way from the page that shows what would change to the one that saves it.


def carried(brought: Brought) -> str:
    """The lines of a file as they travel in a page."""
    return json.dumps([[line.number, line.key, line.says] for line in brought.lines])


def landed(sent: str, fields: Mapping[str, AnyKind], scope: Scope) -> Brought:
    """What `carried` gave. Whoever changed it on the way is believed no more than a file. Refused when it is none."""
    try:
        lines = [(int(number), str(key), dict(says)) for number, key, says in json.loads(sent)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Refused(["Choose the file again. It did not arrive whole"]) from error
    brought = []
    for number, key, says in lines[:LINES_MAX]:
        settled: dict[str, Plain] = {}
        for name, plain in says.items():
            if kind := fields.get(name):
                case = Case(scope)
                value = kind.settle(kind.from_json(plain, (name,), case), (name,), case)
                if value is not None and not case.faults:
                    settled[name] = value
        brought.append(Line(number, key, settled))
    return Brought(brought)
