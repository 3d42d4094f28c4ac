"""Tables of answers, and the actions of an organisation, as sheets of one Excel workbook."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from worksheets.actions import listing
from worksheets.fields import AnyKind, Day, Number, Plain, PlainRow, Rows, Scope, text
from worksheets.models import Action
from worksheets.report.closing import local_day
from worksheets.results.sheets import Cell, Sheet
from worksheets.workbook import Spread, Workbook

# What the last column of a table is called: by the key in it a row is known again.
KEY = "Key (leave as it is)"
# How wide columns are, in letters: of numbers and dates, of choices, and of texts.
NARROW, MIDDLE, WIDE = 12, 22, 40
ACTIONS = ("Action", "Where it came from", "Who", "By when", "State", "Note", "Done on", "Done by")
ACTIONS_WIDE = (60, 40, 24, 12, 20, 40, 12, 24)


def table_of(workbook: Workbook, spread: Spread) -> Rows:
    """The field that holds the rows of a sheet."""
    kind = workbook.question[spread.table.question].form.kinds[spread.table.field]
    assert isinstance(kind, Rows)
    return kind


def sheet_of(workbook: Workbook, spread: Spread, scope: Scope) -> Sheet:
    """A table as a sheet: a column for each field, and one with the keys of its rows."""
    fields = table_of(workbook, spread).fields
    return Sheet(spread.title, rows_of(fields.values(), scope.rows(spread.table), scope), widths(fields.values()))


def rows_of(fields: Iterable[AnyKind], rows: Iterable[PlainRow], scope: Scope) -> Iterator[Sequence[Cell]]:
    fields = [*fields]
    yield [*(head(kind) for kind in fields), KEY]
    for row in rows:
        yield [*(cell(kind, row.get(kind.name), scope) for kind in fields), text(row, "id")]


def head(kind: AnyKind) -> str:
    """What a column is called: as the field is, with the unit of its numbers."""
    unit = f"{kind.before}{kind.unit}" if isinstance(kind, Number) else ""
    return f"{kind.short} ({unit})" if unit and unit not in kind.short.casefold() else kind.short


def cell(kind: AnyKind, plain: Plain, scope: Scope) -> Cell:
    """An answer as a cell holds it: dates and numbers as such, all else in words."""
    if plain is None or plain in ("", []):
        return None
    if isinstance(kind, Day) and isinstance(plain, str):
        return datetime.date.fromisoformat(plain)
    if isinstance(kind, Number) and isinstance(plain, int | float):
        return Decimal(str(plain))
    return "; ".join(kind.words(plain, scope))


def widths(fields: Iterable[AnyKind]) -> list[int]:
    return [*(NARROW if isinstance(one, Day | Number) else WIDE if one.written else MIDDLE for one in fields), 14]


def actions_sheet(actions: Iterable[Action]) -> Sheet:
    """Actions as a sheet, as `listing.actions_of` gives them."""
    return Sheet("Actions", [ACTIONS, *map(action_row, actions)], ACTIONS_WIDE)


def action_row(action: Action) -> Sequence[Cell]:
    return (
        *(action.text, action.origin, listing.called(action), action.due, action.get_state_display(), action.note),
        local_day(action.done_at) if action.done_at else None,
        str(action.done_by or "") if action.done_at else None,
    )
