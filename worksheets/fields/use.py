"""The question which platforms somebody uses: a box for each platform, and in it how often."""

from __future__ import annotations

import re
from typing import Unpack

from django.template.loader import render_to_string

from worksheets.fields.base import Case, Kind, Look, Options, Page, Path, Posted, Scope
from worksheets.fields.choices import Choices, First, ahead, hidden_holes, tick_holes
from worksheets.fields.shapes import Plain
from worksheets.skeleton import slot

# How often somebody uses a platform. "yes" is for one that they use, nobody knows how often.
KNOWN = {"daily": "Daily", "weekly": "Weekly", "sometimes": "Sometimes"}
FREQUENCIES = {**KNOWN, "yes": "Yes"}
# What stands before the key of a platform in the name of the box that asks how often.
OFTEN = "often-"


class PlatformUse(Kind[dict[str, str], dict[str, str]]):
    """Which platforms somebody uses: `{platform: daily | weekly | sometimes | yes}`; absent means that they do not.

    Those that `first` names are offered first.
    """

    template = "fields/platform-use.jinja"

    def __init__(self, label: str, hint: str = "", *, first: First | None = None, **options: Unpack[Options]) -> None:
        super().__init__(label, hint, **options)
        self.first = first

    def from_post(self, data: Posted, name: str) -> dict[str, str]:
        start = f"{name}-"
        given = {key.removeprefix(start): data.get(key, "") for key in data if key.startswith(start)}
        ticked = {key: value for key, value in given.items() if value and not key.startswith(OFTEN)}
        return {key: given.get(f"{OFTEN}{key}") or value for key, value in ticked.items()}

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
            case.fault(at, "Choose how often from the list, for platforms that are in it")
        return {key: raw[key] for key in known if raw.get(key) in FREQUENCIES} or None

    many = True

    def words(self, plain: dict[str, str], scope: Scope) -> tuple[str, ...]:
        known = {**scope.platforms, **scope.retired}
        return tuple(self.said(scope.platform(key), plain[key]) for key in known if key in plain)

    def as_typed(self, raw: dict[str, str], scope: Scope) -> str:
        return ", ".join(self.said(scope.platform(key), how) for key, how in raw.items())

    @staticmethod
    def said(platform: str, how: str) -> str:
        """A platform and how often it is used, where that is known: "Facebook: daily"."""
        return platform if how == "yes" else f"{platform}: {FREQUENCIES.get(how, how).lower()}"

    def arranged(self, plain: dict[str, str]) -> dict[str, str]:
        return dict(sorted(plain.items()))

    # From a raw answer to the page.

    def offered(self, raw: dict[str, str], scope: Scope) -> dict[str, str]:
        """The platforms of the guide, and those that were ticked and are not in it any more."""
        return {
            **ahead(scope.platforms, self.first, scope),
            **{key: name for key, name in scope.retired.items() if key in raw},
        }

    def size(self, raw: dict[str, str], case: Case) -> int:
        return len(self.offered(raw, case.scope))

    def holes(self, values: dict[str, object], raw: dict[str, str], case: Case, form: Page | None) -> None:
        for n, (key, words) in enumerate(self.offered(raw, case.scope).items()):
            how = raw.get(key)
            values[f"key{n}"], values[f"words{n}"] = key, words
            values[f"tick{n}"] = " checked" if how else ""
            values[f"hidden{n}"] = "" if how else f" {Choices.HIDDEN}"
            values.update({f"{one}{n}": " selected" if one == how else "" for one in KNOWN})

    def context(self, look: Look) -> dict[str, object]:
        platforms = [{"key": slot(f"key{n}"), "words": slot(f"words{n}"), "number": n} for n in range(look.size)]
        return {**super().context(look), "platforms": platforms, "often": OFTEN, "hows": KNOWN.items()}

    def markup(self, look: Look) -> str:
        platforms = range(look.size)
        drawn = hidden_holes(tick_holes(render_to_string(self.template, self.context(look)), " checked"), platforms)
        chosen = iter([slot(f"{how}{n}") for n in platforms for how in KNOWN])
        return re.sub('(?<=") selected(?=[ >])', lambda _: next(chosen), drawn)
