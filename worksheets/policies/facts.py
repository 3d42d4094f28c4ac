"""The facts that fill the holes of clauses: asked once, in the workbook of facts, and put into every document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HOLE = re.compile(r"\{([a-z_]+)\}")
# What each hole asks for, in words, by its name.
HOLES: dict[str, str] = {"hours_watched": "when somebody watches", "reply_time": "how soon people get an answer"}


@dataclass(frozen=True)
class Filled:
    """Words with their holes filled. `missing` names, in words, the facts that are not known yet: each stands in the
    text as "[when somebody watches: not known yet]"."""

    words: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known, by the name of its hole: a text, or a list of lines."""

    known: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def fill(self, words: str) -> Filled:
        """The words with their holes filled. A list in a line of its own becomes a list; elsewhere it is joined."""
        missing: dict[str, None] = {}

        def put(hole: re.Match[str]) -> str:
            found = self.known.get(hole[1])
            if found:
                return found if isinstance(found, str) else ", ".join(found)
            told = HOLES.get(hole[1], hole[1])
            missing[told] = None
            return f"[{told}: not known yet]"

        return Filled(HOLE.sub(put, words), tuple(missing))
