"""The question who is where: a grid of platforms and stakeholders, with a few words about each stakeholder below."""

from __future__ import annotations

from typing import Unpack

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from worksheets.fields.base import Case, Kind, Page, Path, Posted, RowOptions, RowsOf, Scope
from worksheets.fields.keyed import RowsFor
from worksheets.fields.rows import RowForm
from worksheets.fields.shapes import Plain, RawRow, pairs, text
from worksheets.skeleton import skeleton, slot

FREQUENCIES = {"daily": "Daily", "weekly": "Weekly", "sometimes": "Sometimes"}


class PlatformUse(Kind[dict[str, str], dict[str, str]]):
    """How often somebody uses each platform: `{platform: daily | weekly | sometimes}`; absent means not there."""

    def from_post(self, data: Posted, name: str) -> dict[str, str]:
        start = f"{name}-"
        given = ((key.removeprefix(start), data.get(key, "")) for key in data if key.startswith(start))
        return {platform: how for platform, how in given if how}

    def from_json(self, plain: Plain, at: Path, case: Case) -> dict[str, str]:
        if not isinstance(plain, dict):
            case.fault(at, "must be an object of platforms")
            return {}
        good: dict[str, str] = {}
        for key, value in plain.items():
            if key not in case.scope.platforms and key not in case.scope.retired:
                case.fault((*at, key), f"is no platform. Known are {', '.join(case.scope.platforms)}")
            elif not isinstance(value, str) or value not in FREQUENCIES:
                case.fault((*at, key), f"must be one of {', '.join(FREQUENCIES)}")
            else:
                good[key] = value
        return good

    def to_raw(self, plain: dict[str, str] | None, scope: Scope) -> dict[str, str]:
        return dict(plain or {})

    def settle(self, raw: dict[str, str], at: Path, case: Case) -> dict[str, str] | None:
        known = [*case.scope.platforms, *case.scope.retired]
        if any(key not in known or value not in FREQUENCIES for key, value in raw.items()):
            case.fault(at[:1], "Choose how often from the list, for platforms that are in it")
        return {key: raw[key] for key in known if raw.get(key) in FREQUENCIES} or None

    many = True
    alone = False

    def words(self, plain: dict[str, str], scope: Scope) -> tuple[str, ...]:
        known = {**scope.platforms, **scope.retired}
        return tuple(f"{scope.platform(key)}: {FREQUENCIES[plain[key]].lower()}" for key in known if key in plain)

    def as_typed(self, raw: dict[str, str], scope: Scope) -> str:
        return ", ".join(f"{scope.platform(key)}: {FREQUENCIES.get(how, how).lower()}" for key, how in raw.items())

    def arranged(self, plain: dict[str, str]) -> dict[str, str]:
        return dict(sorted(plain.items()))


class Grid(RowsFor):
    """A row for each stakeholder, whose `use` of the platforms is drawn for all of them together, as one table."""

    def __init__(
        self,
        label: str,
        row: type[RowForm],
        *,
        grid_label: str,
        grid_hint: str,
        of: RowsOf,
        key: str,
        words: str,
        **options: Unpack[RowOptions],
    ) -> None:
        super().__init__(label, row, of=of, key=key, words=words, **options)
        self.grid_label, self.grid_hint = grid_label, grid_hint

    def frame(self, at: Path, raw: list[RawRow], case: Case) -> dict[str, object]:
        """The grid above the rows: a line for each platform, a cell for each stakeholder."""
        names = case.scope.choices(self.refers)
        rows = [(n, text(row, self.key), pairs(row, "use")) for n, row in self.complete(raw, case.scope)]
        platforms = dict(case.scope.platforms)
        for _, _, use in rows:
            platforms |= {key: name for key, name in case.scope.retired.items() if key in use}
        cell = skeleton((self.owner, self.name, "cell"), self.cell_markup)
        lines = []
        for key, name in platforms.items():
            cells = (
                cell.fill(
                    {"at": f"{at[0]}-{n}-use-{key}", "platform": name, "who": names.get(who, "")}
                    | {how: " selected" if use.get(key) == how else "" for how in FREQUENCIES}
                )
                for n, who, use in rows
            )
            lines.append({"name": name, "cells": list(cells)})
        return {"columns": list(names.values()), "lines": lines}

    def cell_markup(self) -> str:
        """One cell: a small drop-down whose label names both the stakeholder and the platform."""
        drawn: str = render_to_string(
            "fields/grid-cell.jinja",
            {"at": slot("at"), "platform": slot("platform"), "who": slot("who"), "hows": FREQUENCIES.items()},
        )
        for how in FREQUENCIES:
            drawn = drawn.replace(f'value="{how}" selected', f'value="{how}"{slot(how)}')
        return drawn

    def draw(self, at: Path, raw: list[RawRow], case: Case, form: Page | None = None) -> SafeString:
        table = render_to_string("fields/grid.jinja", {"field": self, "name": self.name, **self.frame(at, raw, case)})
        return SafeString(table) + super().draw(at, raw, case, form)
