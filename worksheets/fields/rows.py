"""Questions whose answer is a list of small forms: rows that a team adds, orders and removes."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import ClassVar, Unpack

from worksheets import presentation
from worksheets.fields.base import AnyKind, Case, Fault, Kind, Path, Posted, RowOptions, Scope
from worksheets.fields.beginning import Begun
from worksheets.fields.choices import Choice, declare
from worksheets.fields.drawn import TableOnPage
from worksheets.fields.pasted import rows_of
from worksheets.fields.shapes import Plain, PlainRow, RawRow, text
from worksheets.fields.values import Number, Sentence, Text
from worksheets.words import capital, inside, noun_for, plural

ROW_ID = re.compile(r"[a-z0-9-]{1,40}")
# Rows that a page may send: far more than any table takes, so that "too many" can be said with all of them still there.
ROWS_READ = 100
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"


class RowForm:
    """The fields of one row of a table, declared as on a form."""

    fields: ClassVar[dict[str, AnyKind]]

    def __init_subclass__(cls) -> None:
        cls.fields = {name: kind for name, kind in vars(cls).items() if isinstance(kind, Kind)}
        declare(f"{cls.__module__}.{cls.__qualname__}", cls.fields)


class Rows(TableOnPage):
    """A table of rows, each a small form and each with a short stable `id`, which other answers point to.

    `words` names the field that says what a row is, `known_by` all that do where it takes more than one, with `joint`
    between them. `wide` draws the rows as a table on a wide screen, for short values; otherwise each row is a card. A
    row of many fields folds to one line, in which `telling` names the answers that tell it from others. `offers` are
    common rows to start from, put into the `words` field; with `begun_from` rows may be begun from earlier answers.
    """

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
        joint: str = ", ",
        telling: tuple[str, ...] = (),
        least: int = 0,
        most: int,
        wide: bool = False,
        offers: Sequence[str] = (),
        offers_label: str = "",
        begun_from: Begun | None = None,
        **options: Unpack[RowOptions],
    ) -> None:
        super().__init__(label, hint, needed=least > 0, **options)
        self.row_form = row
        self.fields = row.fields
        self.noun = noun
        self.plural = plural(noun)
        self.words_in = words
        self.known_by = known_by or (words,)
        self.joint = joint
        self.telling = telling
        self.least = least
        self.most = most
        self.wide = wide
        self.offers = tuple(offers)
        self.offers_label = offers_label
        self.begun_from = begun_from
        if wide:
            for kind in self.fields.values():
                kind.row_noun = noun

    # From the browser and from a file to a plain answer.

    def from_post(self, data: Posted, name: str) -> list[RawRow]:
        # The rows come in the order in which the page holds them; their numbers only keep them apart.
        numbers = dict.fromkeys(
            found[1] for key in data if (found := re.match(rf"{re.escape(name)}-([0-9]{{1,4}})-", key))
        )
        return [self.row_from_post(data, f"{name}-{number}-") for number in list(numbers)[:ROWS_READ]]

    def row_from_post(self, data: Posted, start: str) -> RawRow:
        row: RawRow = {key: data.get(f"{start}{key}", "") for key in self.own_keys}
        row |= {name: kind.from_post(data, f"{start}{name}") for name, kind in self.fields.items()}
        for name, kind in self.fields.items():
            if isinstance(kind, Choice) and kind.implied and not row[name]:
                other, choice = kind.implied
                row[name] = "" if self.fields[other].blank(row[other]) else choice
        return row

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
            elif kind.unless and kind.wanted(given) and not case.draft:
                kind.miss((*at, name), case)
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

    def with_offered(self, raw: list[RawRow], ticked: Sequence[str], scope: Scope, page: str = "") -> list[RawRow]:
        """The raw rows with those behind them that were ticked among the offers; `page` as in `with_begun`."""
        return raw + [
            self.empty() | {"id": self.new_id(f"{page} {offer}" if page else ""), self.words_in: offer}
            for offer in self.to_offer(scope)
            if offer in ticked
        ]

    def with_taken(self, raw: list[RawRow], ticked: Sequence[str], scope: Scope, page: str = "") -> list[RawRow]:
        """The raw rows with those behind them that were ticked among what other runs offer; `page` as in `with_begun`.

        `ticked` are their words. What is there by then is not taken twice.
        """
        return raw + [
            self.empty() | row | {"id": self.new_id(f"{page} {words}" if page else "")}
            for words, (_, row) in self.to_take(raw, scope).items()
            if words in ticked
        ]

    def with_begun(self, raw: list[RawRow], ticked: Sequence[str] | None, scope: Scope, page: str = "") -> list[RawRow]:
        """The raw rows with those behind them that are begun from the earlier rows that were ticked, or from each.

        The same `page` sent twice begins the same rows, and not others.
        """

        def empty(key: str) -> RawRow:
            return self.empty() | {"id": self.new_id(f"{page} {key}" if page else "")}

        return raw + (self.begun_from.rows(raw, ticked, scope, empty) if self.begun_from else [])

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
        return self.joint.join(words for kind, value in said if value for words in kind.words(value, scope))

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
        return presentation.Records(self.short, tuple(records), needed=self.needed, lead=self.lead(rows, scope))

    def lead(self, rows: list[PlainRow], scope: Scope) -> str:
        """The words that the rows begin with, where they all begin in the same way and are read without them."""
        kind = self.fields[self.words_in]
        if not isinstance(kind, Sentence):
            return ""
        said = (text(row, self.words_in) for row in rows)
        begun = [kind.parts(sentence, scope)[0] for sentence in said if kind.whole.match(sentence)]
        return f"{begun[0]}:" if begun else ""

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
