"""Questions whose answer is a list of small forms: rows that a team adds, orders and removes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Unpack

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from worksheets import presentation
from worksheets.fields import folding
from worksheets.fields.base import AnyKind, Case, Fault, Kind, Page, Path, Posted, RowOptions, Scope
from worksheets.fields.choices import Choosing, References, declare, shown_with
from worksheets.fields.pasted import rows_of
from worksheets.fields.shapes import Plain, PlainRow, RawRow, text
from worksheets.fields.values import Number, Text
from worksheets.skeleton import skeleton, slot
from worksheets.whole import START
from worksheets.words import capital, inside, noun_for, plural, shortened

ROW_ID = re.compile(r"[a-z0-9-]{1,40}")
# Rows that a page may send: far more than any table takes, so that "too many" can be said with all of them still there.
ROWS_READ = 100
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"


def stem_of(place: Path) -> str:
    """The id of a row on its page: `aims-2`."""
    return "-".join(map(str, place))


class RowForm:
    """The fields of one row of a table, declared as on a form."""

    fields: ClassVar[dict[str, AnyKind]]

    def __init_subclass__(cls) -> None:
        cls.fields = {name: kind for name, kind in vars(cls).items() if isinstance(kind, Kind)}
        declare(f"{cls.__module__}.{cls.__qualname__}", cls.fields)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row as the page template needs it: where it is, what it is called, and its fields as HTML by name."""

    id: str
    at: str
    number: int
    title: str
    words: str
    fields: Mapping[str, SafeString]
    error: str
    first: bool
    last: bool
    line: SafeString
    open: bool


class Rows(Kind[list[RawRow], list[PlainRow]]):
    """A table of rows, each a small form and each with a short stable `id`, which other answers point to.

    `words` names the field that says what a row is, `known_by` all that do where it takes more than one. `wide` draws
    the rows as a table on a wide screen, for short values; otherwise each row is a card. A row of many fields folds to
    one line, in which `telling` names the answers that tell it from others. `offers` are common rows to start from, put
    into the `words` field.
    """

    template = "fields/rows.jinja"
    many = True

    def __init__(
        self,
        label: str,
        row: type[RowForm],
        hint: str = "",
        *,
        noun: str,
        words: str,
        known_by: tuple[str, ...] = (),
        telling: tuple[str, ...] = (),
        least: int = 0,
        most: int,
        wide: bool = False,
        offers: Sequence[str] = (),
        offers_label: str = "",
        **options: Unpack[RowOptions],
    ) -> None:
        super().__init__(label, hint, needed=least > 0, **options)
        self.row_form = row
        self.fields = row.fields
        self.noun = noun
        self.plural = plural(noun)
        self.words_in = words
        self.known_by = known_by or (words,)
        self.telling = telling
        self.least = least
        self.most = most
        self.wide = wide
        self.offers = tuple(offers)
        self.offers_label = offers_label
        if wide:
            for kind in self.fields.values():
                kind.row_noun = noun

    # From the browser and from a file to a plain answer.

    def from_post(self, data: Posted, name: str) -> list[RawRow]:
        # The rows come in the order in which the page holds them; their numbers only keep them apart.
        numbers = dict.fromkeys(
            found[1] for key in data if (found := re.match(rf"{re.escape(name)}-([0-9]{{1,4}})-", key))
        )
        rows = [self.row_from_post(data, f"{name}-{number}-") for number in list(numbers)[:ROWS_READ]]
        offered = data.getlist(f"{name}-offer") if self.offers else []
        # The same page sent twice adds the same row, not another.
        page = data.get(START, "")
        rows += [
            self.empty() | {"id": self.new_id(f"{page} {offer}" if page else ""), self.words_in: offer}
            for offer in self.offers
            if offer in offered
        ]
        return rows

    def row_from_post(self, data: Posted, start: str) -> RawRow:
        keys: RawRow = {key: data.get(f"{start}{key}", "") for key in self.own_keys}
        return keys | {name: kind.from_post(data, f"{start}{name}") for name, kind in self.fields.items()}

    def from_json(self, plain: Plain, at: Path, case: Case) -> list[RawRow]:
        if not isinstance(plain, list):
            case.fault(at, "must be a list of rows")
            return []
        return [self.row_from_json(row, (*at, n), case) for n, row in enumerate(plain)]

    def row_from_json(self, row: Plain, at: Path, case: Case) -> RawRow:
        if not isinstance(row, dict):
            case.fault(at, "must be an object")
            return self.empty()
        for key in row:
            if key not in self.fields and key not in self.own_keys:
                case.fault((*at, key), f"is not known here. Known are {', '.join((*self.own_keys, *self.fields))}")
        raw = {
            name: kind.from_json(row[name], (*at, name), case) if name in row else kind.to_raw(None, case.scope)
            for name, kind in self.fields.items()
        }
        return self.keys_from_json(row, at, case) | raw

    own_keys: tuple[str, ...] = ("id",)

    def keys_from_json(self, row: PlainRow, at: Path, case: Case) -> RawRow:
        """What tells the row apart, and belongs to none of its fields."""
        given = row.get("id", "")
        if "id" in row and (not isinstance(given, str) or not ROW_ID.fullmatch(given)):
            case.fault((*at, "id"), "must be 1 to 40 of a to z, 0 to 9 and hyphen")
            return {"id": ""}
        return {"id": text(row, "id")}

    def to_raw(self, plain: list[PlainRow] | None, scope: Scope) -> list[RawRow]:
        return [self.row_to_raw(row, scope) for row in plain or []]

    def row_to_raw(self, row: PlainRow, scope: Scope) -> RawRow:
        keys: RawRow = {key: text(row, key) for key in self.own_keys}
        return keys | {name: kind.to_raw(row.get(name), scope) for name, kind in self.fields.items()}

    def empty(self) -> RawRow:
        """A new raw row, with an id of its own."""
        return {"id": self.new_id()} | {name: kind.to_raw(None, Scope()) for name, kind in self.fields.items()}

    def new_id(self, seed: str = "") -> str:
        """An id for a new row: by chance, or always the same for the same `seed`."""
        numbers = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest() if seed else secrets.token_bytes(6)
        return f"{self.noun.split()[-1].lower()}-{''.join(ALPHABET[n % len(ALPHABET)] for n in numbers[:6])}"

    def blank(self, raw: list[RawRow]) -> bool:
        return all(self.blank_row(row) for row in raw)

    def blank_row(self, raw: RawRow) -> bool:
        return all(kind.blank(raw[name]) for name, kind in self.fields.items())

    def settle(self, raw: list[RawRow], at: Path, case: Case) -> list[PlainRow] | None:
        rows: list[PlainRow] = []
        taken: set[str] = set()
        for n, given in enumerate(raw):
            row_id = text(given, "id")
            if self.blank_row(given) and (case.typed or not row_id):
                if row_id in case.mentioned:
                    case.fault(
                        (*at, n, self.words_in),
                        f"Enter this {self.noun} again, or use “Remove”. Other answers name it: "
                        + "; ".join(case.mentioned[row_id]),
                    )
                continue
            row_id = row_id or self.new_id()
            if not ROW_ID.fullmatch(row_id) or row_id in taken:
                case.fault(
                    (*at, n, "id"), f"Remove this {self.noun} and add it again. Its id is not one that can be kept"
                )
                row_id = self.new_id()
            taken.add(row_id)
            rows.append({"id": row_id, **self.settle_row(given, (*at, n), case)})
        if len(rows) > self.most:
            case.fault(at, f"Keep {self.most} {noun_for(self.most, self.noun)} at most. Remove {len(rows) - self.most}")
        if len(rows) < self.least and not case.draft:
            case.fault(at, case.scope.with_numbers(self.ask) or f"Add at least one {self.noun}")
        return rows or None

    def settle_row(self, given: RawRow, at: Path, case: Case) -> PlainRow:
        settled: PlainRow = {}
        for name, kind in self.fields.items():
            value = kind.settle(given[name], (*at, name), case) if kind.belongs(settled) else None
            if value is not None:
                settled[name] = value
        return settled

    def told(self, fault: Fault, raw: list[RawRow], scope: Scope) -> str:
        """With its row and its field: "SMART objective 2, due: ...". What is about the table says what it is about."""
        row = fault.path[1:3]
        if not row:
            return fault.message
        kind = self.fields.get(str(row[1])) if len(row) > 1 else None
        place = self.row_title(int(row[0]), raw, scope)
        if kind and kind.quoted not in fault.message:
            place += f", {inside(kind.short)}"
        return f"{place}: {fault.message}"

    def row_title(self, place: int, raw: list[RawRow], scope: Scope) -> str:
        """What the row that was given in that place, from 0, is called on the page."""
        return self.title(place + 1)

    def prune(self, plain: list[PlainRow], scope: Scope) -> list[PlainRow] | None:
        referring = [(name, kind) for name, kind in self.fields.items() if kind.refers]
        if not referring:
            return plain
        return [self.prune_row(row, referring, scope) for row in plain]

    @staticmethod
    def prune_row(row: PlainRow, referring: list[tuple[str, AnyKind]], scope: Scope) -> PlainRow:
        kept = dict(row)
        for name, kind in referring:
            if name in kept:
                pruned = kind.prune(kept.pop(name), scope)
                if pruned is not None:
                    kept[name] = pruned
        # In the order of the fields, as it was.
        return {key: kept[key] for key in row if key in kept}

    def arranged(self, plain: list[PlainRow]) -> list[PlainRow]:
        return [
            {key: row[key] for key in self.own_keys if key in row}
            | {
                name: kind.arranged(row[name])
                for name, kind in self.fields.items()
                if name in row and kind.belongs(row)
            }
            for row in plain
        ]

    # Adding, copying, removing and ordering, asked for by a button: `verb` is add, copy, remove, up or down.

    def act(self, raw: list[RawRow], verb: str, row_id: str) -> list[RawRow]:
        """The raw rows after a button was pressed. An unknown verb or row changes nothing."""
        rows = list(raw)
        here = next((n for n, row in enumerate(rows) if row["id"] == row_id), None)
        if verb == "add":
            rows.append(self.empty())
        elif here is not None and verb == "copy":
            rows.insert(here + 1, {**rows[here], "id": self.new_id()})
        elif here is not None and verb == "remove":
            del rows[here]
        elif here is not None and verb in ("up", "down"):
            there = here + (1 if verb == "down" else -1)
            if 0 <= there < len(rows):
                rows[here], rows[there] = rows[there], rows[here]
        return rows

    def with_pasted(self, raw: list[RawRow], cells: str, column: str, scope: Scope) -> tuple[list[RawRow], list[str]]:
        """The raw rows with those behind them that were copied from a spreadsheet, and the cells that found no place.

        `column` is the field in which the first cell belongs; where there is none of that name, the first.
        """
        first = column if column in self.fields else next(iter(self.fields))
        pasted = rows_of(cells, self.fields, first, scope)
        return raw + [{"id": self.new_id(), **row} for row in pasted.rows], pasted.left

    # From a plain answer to words.

    def title(self, number: int) -> str:
        return f"{capital(self.noun)} {number}"

    def row_words(self, row: Mapping[str, Plain], scope: Scope) -> str:
        said = ((self.fields[name], row.get(name)) for name in self.known_by)
        return ", ".join(words for kind, value in said if value for words in kind.words(value, scope))

    def words(self, plain: list[PlainRow], scope: Scope) -> tuple[str, ...]:
        return tuple(self.row_words(row, scope) or self.title(n) for n, row in enumerate(plain, 1))

    def block(self, plain: list[PlainRow] | None, scope: Scope) -> presentation.Block:
        rows = plain or []
        if self.wide:
            return self.table(rows, scope)
        records = (
            presentation.Record(
                text(row, "id"),
                self.title(n),
                self.lines(row, scope),
            )
            for n, row in enumerate(rows, 1)
        )
        return presentation.Records(self.short, tuple(records), needed=self.needed)

    def lines(self, row: PlainRow, scope: Scope) -> tuple[presentation.Row, ...]:
        """The answers of one row that belong to what is chosen in it."""
        return tuple(kind.row(row.get(name), scope) for name, kind in self.fields.items() if kind.shows(row))

    def table(self, rows: list[PlainRow], scope: Scope) -> presentation.Table:
        columns = tuple(
            presentation.Column(kind.short, self.share(kind, name), isinstance(kind, Number), kind.written)
            for name, kind in self.fields.items()
        )
        cells = tuple(tuple(kind.row(row.get(name), scope).text for name, kind in self.fields.items()) for row in rows)
        return presentation.Table(self.short, columns, cells, tuple(text(row, "id") for row in rows), self.needed)

    def share(self, kind: AnyKind, name: str) -> int:
        return 4 if name == self.words_in else 3 if isinstance(kind, Text) else 2

    def entries(self, raw: list[RawRow], scope: Scope) -> list[tuple[str, str]]:
        return [
            (f"{self.title(n)}, {inside(label)}", said)
            for n, row in enumerate(raw, 1)
            for name, kind in self.fields.items()
            for label, said in kind.entries(row[name], scope)
        ]

    # From a raw answer to the page.

    def shown(self, raw: list[RawRow]) -> list[RawRow]:
        """The rows to draw: those there are, and one to begin with where at least one is needed."""
        return list(raw) or ([self.empty()] if self.least else [])

    def drawn(self, at: Path, raw: list[RawRow], case: Case) -> Iterator[DrawnRow]:
        rows = self.shown(raw)
        for n, row in enumerate(rows):
            place = (*at, n)
            stem = stem_of(place)
            yield DrawnRow(
                id=text(row, "id"),
                at=stem,
                number=n + 1,
                title=self.title(n + 1),
                words=self.raw_words(row, case.scope),
                fields=self.draw_fields(place, row, case),
                error=case.messages.get(f"{stem}-id") or case.messages.get(stem, ""),
                first=n == 0,
                last=n == len(rows) - 1,
                line=self.line(row, case.scope),
                open=len(rows) == 1 or self.blank_row(row) or self.wants_eyes(stem, row, case),
            )

    # A row of many fields folds to one line.

    @property
    def folds(self) -> bool:
        """Whether a row has so many fields that it folds."""
        return len(self.fields) > folding.FEW

    def wants_eyes(self, stem: str, row: RawRow, case: Case) -> bool:
        """Whether a row stands open though it is one of several: it has an error, or a link has led to it."""
        named = {text(row, key) for key in (*self.own_keys, self.words_in)} - {""}
        wrong = any(element == stem or element.startswith(f"{stem}-") for element in case.messages)
        return wrong or not named.isdisjoint(case.opened)

    def line(self, row: RawRow, scope: Scope) -> SafeString:
        """What a row says when it is folded; nothing where rows do not fold."""
        if not self.folds:
            return SafeString()
        return folding.line(self.fields, row, self.telling, shortened(self.raw_words(row, scope)), scope)

    def lines_of(self, raw: list[RawRow], scope: Scope) -> dict[str, SafeString]:
        """What each row says when it is folded, by the name under which the page knows it."""
        return {f"line-{text(row, self.own_keys[0])}": self.line(row, scope) for row in raw} if self.folds else {}

    def draw_fields(self, place: Path, row: RawRow, case: Case) -> dict[str, SafeString]:
        return {
            name: shown_with(kind, kind.draw((*place, name), row[name], case)) for name, kind in self.fields.items()
        }

    def raw_words(self, row: RawRow, scope: Scope) -> str:
        said = ((self.fields[name], text(row, name)) for name in self.known_by)
        known = (kind.known(scope).get(value, "") if isinstance(kind, Choosing) else value for kind, value in said)
        return ", ".join(filter(None, known))

    def draw(self, at: Path, raw: list[RawRow], case: Case, form: Page | None = None) -> SafeString:
        rows = list(self.drawn(at, raw, case))
        values: dict[str, object] = {
            "rows": self.draw_rows(rows, form.computed if form is not None else {}),
            "error": case.messages.get("-".join(map(str, at)), ""),
            "count": len(rows),
            "legend": self.legend(case.scope),
        }
        key = (self.owner, self.name, "rows", bool(values["error"]), min(len(rows), 2), len(rows) < self.most)
        frame = {
            "field": self,
            "name": self.name,
            "rows": slot("rows"),
            "legend": slot("legend"),
            "any": bool(rows),
            "count": slot("count"),
            "error": slot("error") if values["error"] else None,
            "may_add": len(rows) < self.most,
            "folds": self.folds and len(rows) > 1,
            "article": "an " if self.noun[0] in "aeio" else "a ",
            "offers": [{"value": offer, "text": offer} for offer in self.offers],
        }
        return skeleton(key, lambda: render_to_string(self.template, frame)).fill(values)

    def legend(self, scope: Scope) -> SafeString:
        """What the brief names in the cells of the table stand for: nothing where there are none."""
        tables = [kind.refers for kind in self.fields.values() if isinstance(kind, References) and kind.brief]
        titles = [one for table in tables for one in scope.titled(table).values()]
        lines = format_html_join("", '<li>{}: <bdi dir="auto">{}</bdi></li>', titles)
        return format_html('<ul class="nhsuk-list app-legend">{}</ul>', lines) if titles else lines

    def draw_rows(self, rows: list[DrawnRow], computed: Mapping[str, SafeString]) -> SafeString:
        alone, full = len(rows) == 1, len(rows) >= self.most
        drawn = (self.draw_row(row, computed.get(row.id, ""), alone=alone, full=full) for row in rows)
        return SafeString("".join(drawn))

    def draw_row(self, row: DrawnRow, computed: str, *, alone: bool, full: bool) -> SafeString:
        values: dict[str, object] = {
            "at": row.at,
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "error": row.error,
            "words": shortened(row.words),
            "line": row.line,
            "computed": computed,
            **{f"field-{name}": html for name, html in row.fields.items()},
        }
        shape = (row.first, row.last, bool(row.error), bool(row.words), row.open, alone, full)
        frame = {
            "field": self,
            "name": self.name,
            "at": slot("at"),
            "id": slot("id"),
            "number": slot("number"),
            "title": slot("title"),
            "words": slot("words") if row.words else "",
            "line": slot("line"),
            "open": row.open,
            "may_copy": not full,
            "alone": alone,
            "computed": slot("computed"),
            "error": slot("error") if row.error else None,
            "first": row.first,
            "last": row.last,
            "fields": {name: slot(f"field-{name}") for name in row.fields},
        }
        key = (self.owner, self.name, "row", shape)
        return skeleton(key, lambda: render_to_string(self.row_template, frame)).fill(values)

    @property
    def row_template(self) -> str:
        return "fields/row-wide.jinja" if self.wide else "fields/row.jinja"
