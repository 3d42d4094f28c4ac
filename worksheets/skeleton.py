"""Markup made once, with named holes that are filled with escaped text on every request.

The NHS macros are careful and slow: a page of eight fields takes ten times as long to draw as to answer. A component
looks the same every time but for its answers, so it is drawn once with a mark in each hole, and from then on only the
holes are filled. `docs/decisions/skeletons.md` has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from jinja2 import Environment
from markupsafe import Markup

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
            parts[at] = value if isinstance(value, SafeString | Markup) else escape(value)
        return mark_safe("".join(parts))  # noqa: S308 - every hole was escaped just above


_made: dict[Hashable, Skeleton] = {}
_owned: set[tuple[str, str]] = set()


def own(module: str, name: str) -> None:
    """Claim a name for the skeletons of one thing, at import. ValueError when two things would share their markup."""
    if (module, name) in _owned:
        raise ValueError(f"Two things in {module} are called {name}: each would be drawn as the other.")
    _owned.add((module, name))


def skeleton(key: tuple[Hashable, ...], make: Callable[[], str]) -> Skeleton:
    """The skeleton known as `key`, made by `make` the first time in each language.

    A key begins with the module and the name of what it draws. Keys must come from code, never from users.
    """
    known = (get_language(), *key)
    made = _made.get(known)
    if made is None:
        made = _made[known] = Skeleton(make())
    return made


# What draws the macros. It is handed in when the application starts, so that this module asks for nothing above it.
_environment: list[Environment] = []


def draw_with(environment: Environment) -> None:
    """Draw with this environment from now on."""
    _environment[:] = [environment]


def macro(component: str, params: Mapping[str, object]) -> str:
    """What the NHS macro of a component (by the name of its folder, like `back-link`) makes of `params`."""
    template = _environment[0].get_template(f"nhsuk/components/{component}/macro.jinja")
    first, *more = component.split("-")
    return str(getattr(template.module, first + "".join(word.capitalize() for word in more))(params))


def fixed(component: str, params: Mapping[str, object], **holes: object) -> SafeString:
    """An NHS component whose `params` are always the same in this place of a template, drawn once.

    What differs from page to page goes into a hole: `{{ fixed("button", {"text": slot("words")}, words=...) }}`.
    """
    return skeleton((__name__, component, repr(params)), lambda: macro(component, params)).fill(holes)
