"""What a row of many fields says in the one line to which it folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from worksheets.fields.base import AnyKind, Scope
from worksheets.fields.shapes import RawRow
from worksheets.words import counted, shortened

# A row with no more fields than this is read at a glance, and does not fold.
FEW = 3
# How many characters of an answer stand in the line.
ROOM = 60


def line(fields: Mapping[str, AnyKind], row: RawRow, telling: Sequence[str], words: str, scope: Scope) -> SafeString:
    """The words of a row, the answers in it that are `telling`, and how many it still needs."""
    told = format_html_join("; ", '{}: <bdi dir="auto">{}</bdi>', told_apart(fields, row, telling, scope))
    missing = lacking(fields, row)
    blank = all(kind.blank(row[name]) for name, kind in fields.items())
    says = "Not answered yet" if blank else f"{counted(missing, 'answer')} missing"
    return format_html(
        "{}{}{}",
        format_html('<bdi dir="auto" class="app-fold__words">{}</bdi> ', words) if words else "",
        format_html('<span class="app-fold__told">{}</span> ', told) if told else "",
        format_html('<span class="app-fold__missing">{}</span>', says) if missing else "",
    )


def told_apart(
    fields: Mapping[str, AnyKind], row: RawRow, telling: Sequence[str], scope: Scope
) -> list[tuple[str, str]]:
    """The answers that tell a row from others, each with what it is called."""
    kinds = [fields[name] for name in telling if fields[name].belongs(row)]
    # What a choice has opened says more than the choice.
    opened = {kind.when[0] for kind in kinds if kind.when and not kind.blank(row[kind.name])}
    told = ((kind.short, kind.in_brief(row[kind.name], scope)) for kind in kinds if kind.name not in opened)
    return [(short, shortened(said, ROOM)) for short, said in told if said]


def lacking(fields: Mapping[str, AnyKind], row: RawRow) -> int:
    """How many answers a row still needs before its worksheet can be completed."""
    wanted = (name for name, kind in fields.items() if kind.wanted(row) and kind.belongs(row))
    return sum(fields[name].blank(row[name]) for name in wanted)
