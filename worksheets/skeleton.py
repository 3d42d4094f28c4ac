"""Markup made once, with named holes that are filled with escaped text on every request.

The NHS macros are careful and slow: a page of eight fields takes ten times as long to draw as to answer. A component
looks the same every time but for its answers, so it is drawn once with a mark in each hole, and from then on only the
holes are filled. `docs/decisions/skeletons.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.template import engines
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Private-use characters: no macro writes them, and escaping leaves them alone.
OPEN, CLOSE = "\ue000", "\ue001"
HOLE = re.compile(f"{OPEN}([^{CLOSE}]+){CLOSE}")


def slot(name: str) -> SafeString:
    """The mark to pass to a macro in the place where the text called `name` is to go."""
    return mark_safe(f"{OPEN}{name}{CLOSE}")  # noqa: S308 - no text from outside is in it


class Skeleton:
    """A piece of markup with named holes."""

    __slots__ = ("names", "parts")

    def __init__(self, html: str) -> None:
        pieces = HOLE.split(html)
        self.parts: list[str] = pieces
        self.names: tuple[tuple[int, str], ...] = tuple((at, pieces[at]) for at in range(1, len(pieces), 2))

    def fill(self, values: Mapping[str, object]) -> SafeString:
        """Put `values` in the holes, escaped unless they are already safe. KeyError when a hole has no value."""
        parts = self.parts.copy()
        for at, name in self.names:
            value = values[name]
            parts[at] = value if isinstance(value, SafeString) else escape(value)
        return mark_safe("".join(parts))  # noqa: S308 - every hole was escaped just above


_made: dict[Hashable, Skeleton] = {}


def skeleton(key: Hashable, make: Callable[[], str]) -> Skeleton:
    """The skeleton known as `key`, made by `make` the first time. Keys must come from code, never from users."""
    found = _made.get(key)
    if found is None:
        found = _made[key] = Skeleton(make())
    return found


def macro(component: str, params: Mapping[str, Any]) -> str:
    """What the NHS macro of a component (by the name of its folder, like `back-link`) makes of `params`."""
    template = engines["jinja2"].env.get_template(f"nhsuk/components/{component}/macro.jinja")  # type: ignore[attr-defined]
    first, *more = component.split("-")
    return str(getattr(template.module, first + "".join(word.capitalize() for word in more))(params))


def still(component: str, params: Mapping[str, Any], **holes: object) -> SafeString:
    """An NHS component whose `params` are always the same in this place of a template, drawn once.

    What differs from page to page goes into a hole: `{{ still("button", {"text": slot("words")}, words=...) }}`.
    """
    return skeleton((component, repr(params)), lambda: macro(component, params)).fill(holes)
