"""The question who is where: a grid of platforms and stakeholders, with a few words about each stakeholder below."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from worksheets.fields.base import Case, Kind, Path, Plain, Raw, Scope
from worksheets.fields.keyed import RowsFor
from worksheets.fields.rows import RowForm
from worksheets.skeleton import skeleton, slot

FREQUENCIES = {"daily": "Daily", "weekly": "Weekly", "sometimes": "Sometimes"}


class PlatformUse(Kind):
    """How often somebody uses each platform: `{platform: daily | weekly | sometimes}`; absent means not there."""

    def from_post(self, data: Any, name: str) -> Raw:
        start = f"{name}-"
        return {key[len(start) :]: data[key] for key in data if key.startswith(start) and data[key]}

    def from_json(self, plain: Plain, at: Path, case: Case) -> Raw:
        if not isinstance(plain, dict):
            case.fault(at, "must be an object of platforms")
            return {}
        good = {}
        for key, value in plain.items():
            if key not in case.scope.platforms and key not in case.scope.retired:
                case.fault((*at, key), f"is no platform. Known are {', '.join(case.scope.platforms)}")
            elif not isinstance(value, str) or value not in FREQUENCIES:
                case.fault((*at, key), f"must be one of {', '.join(FREQUENCIES)}")
            else:
                good[key] = value
        return good

    def to_raw(self, plain: Plain, scope: Scope) -> Raw:
        return dict(plain or {})

    def settle(self, raw: Raw, at: Path, case: Case) -> Plain | None:
        known = [*case.scope.platforms, *case.scope.retired]
        if any(key not in known or value not in FREQUENCIES for key, value in raw.items()):
            case.fault(at[:1], "Choose how often from the list, for platforms that are in it")
        return {key: raw[key] for key in known if raw.get(key) in FREQUENCIES} or None

    many = True
    alone = False

    def words(self, plain: Plain, scope: Scope) -> tuple[str, ...]:
        known = {**scope.platforms, **scope.retired}
        return tuple(f"{scope.platform(key)}: {FREQUENCIES[plain[key]].lower()}" for key in known if key in plain)

    def arranged(self, plain: Plain) -> Plain:
        return dict(sorted(plain.items()))

    def offered(self, raw: Raw, scope: Scope) -> dict[str, str]:
        return {**scope.platforms, **{key: name for key, name in scope.retired.items() if key in raw}}


class Grid(RowsFor):
    """A row for each stakeholder, whose `use` of the platforms is drawn for all of them together, as one table."""

    def __init__(self, label: str, row: type[RowForm], *, grid_label: str, grid_hint: str, **options: Any) -> None:
        super().__init__(label, row, **options)
        self.grid_label, self.grid_hint = grid_label, grid_hint

    def frame(self, at: Path, raw: Raw, case: Case) -> dict[str, Any]:
        """The grid above the rows: a line for each platform, a cell for each stakeholder."""
        assert self.refers
        names = case.scope.choices(self.refers)
        rows = self.complete(raw, case.scope)
        platforms = dict(case.scope.platforms)
        for _, row in rows:
            platforms |= {key: name for key, name in case.scope.retired.items() if key in row["use"]}
        cell = skeleton((self.owner, self.name, "cell"), self.cell_markup)
        lines = []
        for key, name in platforms.items():
            cells = (
                cell.fill(
                    {"at": f"{at[0]}-{n}-use-{key}", "platform": name, "who": names.get(row[self.key], "")}
                    | {how: " selected" if row["use"].get(key) == how else "" for how in FREQUENCIES}
                )
                for n, row in rows
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

    def draw(self, at: Path, raw: Raw, case: Case, form: Any = None) -> SafeString:
        table = render_to_string("fields/grid.jinja", {"field": self, "name": self.name, **self.frame(at, raw, case)})
        return SafeString(table) + super().draw(at, raw, case, form)
