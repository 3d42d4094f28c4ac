"""What answers of version 1 of the strategy review are in version 2: functions of plain data about the past.

Version 1 asked for the platforms beside the question where stakeholders are online, and could not tell who is nowhere
from whom nobody knows. The migration and files of `strategy-review/1` come through here. Version 1 does not change any
more, and neither does this module.
"""

from __future__ import annotations

from typing import Any

STAGE, PRESENCE, PLATFORMS = "stakeholders", "presence", "platforms"
# Where the platforms stood in a file.
BEFORE = {f"worksheets.{STAGE}.{PLATFORMS}.{PLATFORMS}": f"worksheets.{STAGE}.{PRESENCE}.{PLATFORMS}"}


def moved(presence: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The answer to `presence`, and what of it is the answer to `platforms` now; None where no platform stood in it.

    Nobody was marked anywhere either because they are nowhere, or because nobody looked: that is not known.
    """
    answer = {name: value for name, value in presence.items() if name != PLATFORMS}
    if isinstance(answer.get(PRESENCE), list):
        answer[PRESENCE] = [placed(row) for row in answer[PRESENCE]]
    return answer, {PLATFORMS: presence[PLATFORMS]} if PLATFORMS in presence else None


def placed(row: Any) -> Any:
    """A row of `presence` with where its stakeholder is."""
    if not isinstance(row, dict) or "where" in row:
        return row
    where = "some" if row.get("use") else "unknown"
    return {key: row[key] for key in ("stakeholder",) if key in row} | {"where": where} | row


def is_old(presence: Any) -> bool:
    """Whether an answer to `presence` is one of version 1."""
    return isinstance(presence, dict) and (
        PLATFORMS in presence
        or any(isinstance(row, dict) and "where" not in row for row in presence.get(PRESENCE) or ())
    )


def worksheet(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of the worksheet about stakeholders: what is of version 2 already stays as it is."""
    if not is_old(answers.get(PRESENCE)):
        return answers
    presence, platforms = moved(answers[PRESENCE])
    new = {**answers, PRESENCE: presence}
    if not presence:
        del new[PRESENCE]
    return new | ({PLATFORMS: platforms} if platforms is not None else {})


def file(worksheets: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The worksheets of a file of `strategy-review/1` as those of version 2, and what no such file can hold."""
    answers = worksheets.get(STAGE)
    if not isinstance(answers, dict):
        return worksheets, {}
    wrong = {}
    if PLATFORMS in answers:
        wrong[f"worksheets.{STAGE}.{PLATFORMS}"] = "is not known in version 1. There it is part of presence"
        answers = {key: value for key, value in answers.items() if key != PLATFORMS}
    return {**worksheets, STAGE: worksheet(answers)}, wrong
