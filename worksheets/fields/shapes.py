"""The two shapes that an answer has, and how a plain one is read.

**Raw** is what a form carries: text, lists of text, and for a table a list of raw rows. **Plain** is what is stored and
what the interchange file holds: JSON, cleaned. Which of each a kind of question has stands in its class line.

What reads answers asks for a field by its name and by what it is: `text(row, "statement")`, `several(row, "aims")`.
What is not there reads as nothing, and so does what has another shape: no rule can stumble over an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Plain: TypeAlias = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None
# The answer to a question, and a row of a table in it, by the names of their fields.
Answer: TypeAlias = dict[str, Plain]
PlainRow: TypeAlias = dict[str, Plain]
# All answers of a filled workbook, as they are read: by stage and question.
Answers: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Plain]]]

# A text, what was ticked, the three parts of a date, what stands in each cell of a line of the grid, or rows.
Raw: TypeAlias = str | list[str] | tuple[str, str, str] | dict[str, str] | list[dict[str, "Raw"]]
RawRow: TypeAlias = dict[str, Raw]

NUMBERS = (int, float)


def text(answer: Mapping[str, object], name: str) -> str:
    """A text, a date or the key of a choice; "" when there is none."""
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def maybe(answer: Mapping[str, Plain], name: str) -> float | None:
    """A number; None when there is none."""
    value = answer.get(name)
    return value if isinstance(value, NUMBERS) else None


def number(answer: Mapping[str, Plain], name: str) -> float:
    """A number to reckon with; 0 when there is none."""
    value = answer.get(name)
    return value if isinstance(value, NUMBERS) else 0


def several(answer: Mapping[str, object], name: str) -> list[str]:
    """The keys of several choices, or the ids of several rows; none when there are none."""
    value = answer.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def pairs(answer: Mapping[str, object], name: str) -> dict[str, str]:
    """What stands in each cell of a line of the grid, by its column; none when there are none."""
    value = answer.get(name)
    if not isinstance(value, dict):
        return {}
    return {column: cell for column, cell in value.items() if isinstance(cell, str)}


def rows_in(answer: Mapping[str, Plain], name: str) -> list[PlainRow]:
    """The rows of a table; none when there are none."""
    value = answer.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
