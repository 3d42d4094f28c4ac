"""Has WeasyPrint set the words of a picture as words: it sets them letter by letter, and Arabic or Tamil falls apart.

Runs in the press. tests/test_pdf.py looks at how many pieces a word is drawn in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import weasyprint.svg as svg


class Whole(str):
    """A text that is one letter to whoever walks over it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


class Node(svg.Node):  # type: ignore[misc]
    """An element of a picture whose text is one piece. Our pictures place words, and no letters within them."""

    @property
    def text(self) -> str | None:
        text = super().text
        return Whole(text) if text else text


def whole_words() -> None:
    """From now on, in this process."""
    drawing: Any = svg
    drawing.Node = Node
