"""What answers of version 1 of the strategy review are in version 2: functions of plain data about the past.

Version 1 asked for the platforms beside the question where stakeholders are online, and could not tell who is nowhere
from whom nobody knows. The migration and files of `strategy-review/1` come through here. Version 1 does not change any
more, and neither does this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

STAGE, PRESENCE, PLATFORMS = "stakeholders", "presence", "platforms"
MOST_PLATFORMS = 10
# What files have beside the answers since then.
WITHOUT = ("reasons", "cycle.strategy_title", "cycle.strategy_link")
NOT_KNOWN = "is not known in version 1"
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


# What could be answered, by stage and question; of a table, the fields of its rows.
KNOWN: dict[str, dict[str, dict[str, str]]] = {
    "drivers": {
        "drivers": dict.fromkeys(
            (
                "drivers",
                "audience_evidence",
                "feedback_evidence",
                "leadership_evidence",
                "other_evidence",
                "peers_evidence",
            ),
            "",
        ),
        "aims": {"aims": "id statement achievable achievable_because warranted warranted_because"},
    },
    "alignment": {
        "objectives": {"objectives": "id statement source level aims team_contribution social_contribution"},
        "smart": {
            "smart": "id objective statement measure baseline target due evaluate_on owner achievable realistic",
        },
    },
    "stakeholders": {
        "stakeholders": {"stakeholders": "id name size influence interest hear tell handle"},
        "presence": {
            "presence": "stakeholder use sources note",
            "platforms": "id platform role account owner followers because",
            "local_data": "",
        },
    },
    "resources": {
        "setup": {"tasks": "id task hours who"},
        "weekly": {
            "tasks": "id task kind hours who",
            **dict.fromkeys(("capacity", "pattern", "peak_hours", "peak_weeks", "contingency", "advertising"), ""),
        },
        "outcomes": {"answer": "", "because": ""},
        "success": {
            "success": "",
            "rewards": "id reward objective",
            "risks": "id risk likelihood impact mitigation",
        },
        "stopping": {"work": "id work hours", "change": ""},
    },
    "content": {
        "working": {"changes": "", "reuse": "", "tone": ""},
        "formats": dict.fromkeys(("video", "video_plan", "supporting", "supporting_note"), ""),
        "publishers": {"publishers": "", "staff_policy": "", "colleagues_support": ""},
        "signoff": {"needed": "", "steps": "id role what hours", "out_of_hours": "", "because": ""},
        "plan": {"items": "id what stakeholders aims platforms format source per_week hours"},
        "proportion": {"proportion": "stakeholder warranted because"},
    },
    "evaluation": {
        "engagement": {"actions": "", "note": ""},
        "measures": {"measures": "id what kind source baseline target how_often owner smart"},
        "judgement": {"audience": "", "context": "", "so_what": "", "evaluate_on": ""},
    },
}


def file(worksheets: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The worksheets of a file of `strategy-review/1` as those of version 2, and what no such file can hold.

    What has another shape than it should is left as it is: whoever reads version 2 refuses it.
    """
    wrong: dict[str, str] = {}
    known = {}
    for stage, answers in worksheets.items():
        known[stage] = answers
        if stage in KNOWN and isinstance(answers, dict):
            asked = {f"worksheets.{stage}.{question}": fields for question, fields in KNOWN[stage].items()}
            known[stage] = {}
            for question, answer in answers.items():
                place = f"worksheets.{stage}.{question}"
                if place in asked:
                    wrong |= dict.fromkeys(added(answer, place, asked[place]), NOT_KNOWN)
                    known[stage][question] = without(answer, asked[place])
                elif place == f"worksheets.{STAGE}.{PLATFORMS}":
                    wrong[place] = f"{NOT_KNOWN}. There it is part of presence"
                else:
                    known[stage][question] = answer
    answers = known.get(STAGE)
    if not isinstance(answers, dict):
        return known, wrong
    presence = answers.get(PRESENCE)
    rows = presence.get(PLATFORMS) if isinstance(presence, dict) else None
    if isinstance(rows, list) and len(rows) > MOST_PLATFORMS:
        wrong[f"worksheets.{STAGE}.{PRESENCE}.{PLATFORMS}"] = f"must have {MOST_PLATFORMS} rows at most in version 1"
    return {**known, STAGE: worksheet(answers)}, wrong


def added(answer: Any, place: str, fields: dict[str, str]) -> Iterator[str]:
    """The places in an answer that version 1 did not ask for."""
    for name, value in answer.items() if isinstance(answer, dict) else ():
        if name not in fields:
            yield f"{place}.{name}"
        elif fields[name] and isinstance(value, list):
            for n, row in enumerate(value):
                names = row if isinstance(row, dict) else ()
                yield from (f"{place}.{name}[{n}].{key}" for key in names if key not in fields[name].split())


def without(answer: Any, fields: dict[str, str]) -> Any:
    """The answer as far as version 1 asked for it, so that nothing is said twice about the rest."""
    if not isinstance(answer, dict):
        return answer
    kept = {}
    for name, value in answer.items():
        if name in fields:
            rows = isinstance(value, list) and fields[name]
            kept[name] = [row_without(row, fields[name].split()) for row in value] if rows else value
    return kept


def row_without(row: Any, names: list[str]) -> Any:
    return {key: value for key, value in row.items() if key in names} if isinstance(row, dict) else row
