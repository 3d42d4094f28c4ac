"""How a table of rows is drawn on its page: as cards that fold, or as a table of short values."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from worksheets.cleaning import alike
from worksheets.fields import folding
from worksheets.fields.base import AnyKind, Case, Kind, Page, Path, Scope
from worksheets.fields.beginning import Begun
from worksheets.fields.choices import References, ground, shown_with
from worksheets.fields.shapes import PlainRow, RawRow, rows_in, text
from worksheets.skeleton import skeleton, slot
from worksheets.words import article, shortened


def in_theirs(words: SafeString) -> SafeString:
    """Words of the team as markup, which may run from right to left."""
    return format_html('<bdi dir="auto">{}</bdi>', words)


def stem_of(place: Path) -> str:
    """The id of a row on its page: `aims-2`."""
    return "-".join(map(str, place))


# How many empty lines a table of short values begins with.
READY = 3


NOTHING = SafeString()


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
    blank: bool
    lang: SafeString = NOTHING


class TableOnPage(Kind[list[RawRow], list[PlainRow]]):
    """A table of rows, as far as its page knows it. What the names below mean is said by `Rows`, which sets them."""

    template = "fields/rows.jinja"
    fields: Mapping[str, AnyKind]
    own_keys: tuple[str, ...]
    noun: str
    words_in: str
    known_by: tuple[str, ...]
    joint: str
    telling: tuple[str, ...]
    least: int
    most: int
    wide: bool
    offers: tuple[str, ...]
    offers_label: str
    begun_from: Begun | None

    @abstractmethod
    def empty(self) -> RawRow: ...

    @abstractmethod
    def blank_row(self, raw: RawRow) -> bool: ...

    @abstractmethod
    def title(self, number: int) -> str: ...

    def shown(self, raw: list[RawRow]) -> list[RawRow]:
        """The rows to draw: those there are, and some to begin with where at least one is needed."""
        ready = (READY if self.wide else 1) if self.least else 0
        return list(raw) or [self.empty() for _ in range(ready)]

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
                blank=self.blank_row(row),
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
        return self.joint.join(filter(None, (self.fields[name].in_brief(row[name], scope) for name in self.known_by)))

    def draw(self, at: Path, raw: list[RawRow], case: Case, form: Page | None = None) -> SafeString:
        rows = list(self.drawn(at, raw, case))
        values: dict[str, object] = {
            "rows": self.draw_rows(rows, form.computed if form is not None else {}, case.scope),
            "error": case.messages.get("-".join(map(str, at)), ""),
            "count": len(rows),
            "legend": self.legend(case.scope),
        }
        begin = self.begun_from.waiting(raw, case.scope) if self.begun_from else {}
        for n, (key, words) in enumerate(begin.items()):
            values[f"begin{n}"], values[f"words{n}"] = key, words
        there = {text(row, self.words_in) for row in raw}
        offers = [words for words in self.to_offer(case.scope) if words not in there]
        values.update({f"offer{n}": words for n, words in enumerate(offers)})
        takes: dict[str, list[str]] = {}
        for words, (origin, _) in self.to_take(raw, case.scope).items():
            takes.setdefault(origin, []).append(words)
        for n, (origin, several) in enumerate(takes.items()):
            values[f"origin{n}"] = origin
            values.update({f"take{n}-{m}": words for m, words in enumerate(several)})
        sizes = tuple(map(len, takes.values()))
        looks = (
            bool(values["error"]),
            min(len(rows), 2),
            len(rows) < self.most,
            len(begin),
            bool(raw),
            len(offers),
            sizes,
        )
        known = (self.owner, self.name, "rows", *looks)
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
            "add": f"Add another {self.noun}" if rows else f"Add {article(self.noun)}",
            "begin": [{"value": slot(f"begin{n}"), "html": in_theirs(slot(f"words{n}"))} for n in range(len(begin))],
            "begin_label": self.begun_from.heading if self.begun_from else "",
            "untouched": not raw,
            "takes": [
                {
                    "origin": slot(f"origin{n}"),
                    "items": [
                        {"value": slot(f"take{n}-{m}"), "html": in_theirs(slot(f"take{n}-{m}"))} for m in range(size)
                    ],
                }
                for n, size in enumerate(sizes)
            ],
            "offers": [{"value": slot(f"offer{n}"), "html": in_theirs(slot(f"offer{n}"))} for n in range(len(offers))],
        }
        return skeleton(known, lambda: render_to_string(self.template, frame)).fill(values)

    def to_offer(self, scope: Scope) -> list[str]:
        """The rows to start from: those of the last review first, then the common ones, each once."""
        if not self.offers:
            return []
        before = [text(row, self.words_in) for row in rows_in(scope.before, self.name)]
        return [words for words in dict.fromkeys((*before, *self.offers)) if words]

    def to_take(self, raw: list[RawRow], scope: Scope) -> dict[str, tuple[str, RawRow]]:
        """What other runs offer and is not there yet, by its words: where it comes from, and the row without an id."""
        there = {alike(self.raw_words(row, scope)) for row in raw}
        found: dict[str, tuple[str, RawRow]] = {}
        for one in scope.offered.get(self.name, ()):
            row = {name: kind.to_raw(one.row.get(name), scope) for name, kind in self.fields.items()}
            words = self.raw_words(row, scope)
            if words and alike(words) not in there:
                found.setdefault(words, (one.origin, row))
        return found

    def legend(self, scope: Scope) -> SafeString:
        """What the brief names in the cells of the table stand for, or what must be answered first; else nothing."""
        tables = [kind.refers for kind in self.fields.values() if isinstance(kind, References) and kind.brief]
        titles = [one for table in tables for one in scope.titled(table).values()]
        if not titles:
            return SafeString("".join(ground(table, scope) for table in tables))
        lines = format_html_join("", '<li>{}: <bdi dir="auto">{}</bdi></li>', titles)
        return format_html('<ul class="nhsuk-list app-legend">{}</ul>', lines)

    def draw_rows(self, rows: list[DrawnRow], computed: Mapping[str, SafeString], scope: Scope) -> SafeString:
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
            "lang": row.lang,
            **{f"field-{name}": html for name, html in row.fields.items()},
        }
        shape = (row.first, row.last, bool(row.error), bool(row.words), row.open, alone, full or row.blank)
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
            "lang": slot("lang"),
            "may_copy": not full and not row.blank,
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
