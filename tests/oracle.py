"""The table of findings of the method, said once more and in another way: what generated reviews are held against.

It reads the answers of an interchange file as they stand there and shares no code with the rules. `points` gives what
has to be said about them.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]
# What is told about a review: for each rule its level and its subjects, grouped as they are told.
Points = set[tuple[str, str, tuple[str, ...]]]

UNSEEN = re.compile("[\u200b-\u200f\u00ad\u2060\u202a-\u202e\u2066-\u2069\u2800\u3164\ufeff\\s]")
# Sources that say what is so today, and are no edition that could be dated.
LIVE = {"platform-statistics", "platform-search", "alerts", "local-data"}
HEARD = {"comments", "messages", "mentions", "reviews"}


def day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


def has_digit(value: Any) -> bool:
    return any(unicodedata.category(letter) == "Nd" for letter in value or "")


def figures(value: str) -> set[float]:
    joined = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", value)
    return {float(one) for one in re.findall(r"\d+(?:\.\d+)?", joined)}


class Told:
    """The answers of one file, without what is empty."""

    def __init__(self, worksheets: dict[str, Any]) -> None:
        self.questions = {key: self.kept(answer) for sheet in worksheets.values() for key, answer in sheet.items()}

    def kept(self, value: Any) -> Any:
        if isinstance(value, dict):
            held = {key: self.kept(part) for key, part in value.items()}
            return {key: part for key, part in held.items() if part not in ("", None, [], {})}
        if isinstance(value, list):
            return [self.kept(part) for part in value]
        return "" if isinstance(value, str) and not UNSEEN.sub("", value) else value

    def one(self, question: str, name: str, default: Any = None) -> Any:
        return self.questions.get(question, {}).get(name, default)

    def rows(self, question: str, table: str = "") -> list[Row]:
        rows: list[Row] = self.one(question, table or question, [])
        return rows


def all_have(rows: list[Row], name: str) -> bool:
    return bool(rows) and all(name in row for row in rows)


def ids(rows: Iterable[Row]) -> list[str]:
    return [row["id"] for row in rows]


def points(worksheets: dict[str, Any], starts: datetime.date, ends: datetime.date) -> Points:
    """Every point that the table asks for, of the answers of a cycle."""
    told = Told(worksheets)
    found: dict[str, list[str] | bool] = {}
    levels: dict[str, str] = {}

    def say(rule: str, level: str, subjects: Iterable[str] | bool) -> None:
        levels[rule] = level
        found[rule] = subjects if isinstance(subjects, bool) else sorted(set(subjects))

    # Drivers and aims
    aims = told.rows("aims")
    say("drivers.peer-pressure-only", "stop", told.one("drivers", "drivers") == ["peers"])
    refused = [aim for aim in aims if "no" in (aim.get("achievable"), aim.get("warranted"))]
    say("drivers.no-aim-stands", "stop", bool(aims) and len(refused) == len(aims))
    doubtful = [aim for aim in aims if {"no", "unsure"} & {aim.get("achievable"), aim.get("warranted")}]
    say("drivers.aim-doubtful", "warn", [] if len(refused) == len(aims) else ids(doubtful))

    # Objectives
    objectives, smart = told.rows("objectives"), told.rows("smart")
    claimed = {aim for objective in objectives for aim in objective.get("aims", ())}
    say("alignment.aim-unaligned", "stop", [aim["id"] for aim in aims if objectives and aim["id"] not in claimed])
    serving = [objective for objective in objectives if objective.get("aims")]
    levels_known = all_have(serving, "level")
    say(
        "alignment.no-organisation-objective",
        "warn",
        levels_known and all(objective["level"] != "organisation" for objective in serving),
    )
    served = {row.get("objective") for row in smart}
    say(
        "alignment.objective-without-smart",
        "warn",
        [one for one in ids(serving) if all_have(smart, "objective") and one not in served],
    )
    aimed = [row for row in smart if "target" in row]
    say("alignment.smart-target-not-measurable", "warn", ids(row for row in aimed if not has_digit(row["target"])))
    say(
        "alignment.smart-without-baseline",
        "warn",
        ids(row for row in aimed if has_digit(row["target"]) and "baseline" not in row),
    )
    early, late = [], []
    a_year_on = (
        ends.replace(year=ends.year + 1) if (ends.month, ends.day) != (2, 29) else datetime.date(ends.year + 1, 2, 28)
    )
    for row in smart:
        due, evaluated = day(row.get("due")), day(row.get("evaluate_on"))
        if due and (due < starts or (evaluated and evaluated < due)):
            early.append(row["id"])
        if due and due > a_year_on:
            late.append(row["id"])
    say("alignment.smart-date-outside-cycle", "warn", early)
    say("alignment.smart-beyond-cycle", "note", late)

    # Stakeholders and platforms
    people = told.rows("stakeholders")
    known = {row["stakeholder"]: row for row in told.rows("presence") if "stakeholder" in row}
    where = {one["id"]: known.get(one["id"], {}).get("where") for one in people}
    uses = {one: known[one].get("use", {}) if where[one] == "some" else {} for one in where if one in known}
    there = {one for one in where if where[one] == "none" or (where[one] == "some" and uses[one])}
    all_there = bool(people) and there == set(where)
    unreached = [one["id"] for one in people if "elsewhere" not in one]
    not_found = [one for one in unreached if where[one] == "none"]
    say("stakeholders.not-found-online", "warn", not_found)
    say("stakeholders.not-known", "note", [one for one in unreached if where[one] == "unknown"])
    say(
        "stakeholders.presence-unsourced",
        "warn",
        [one for one in where if where[one] == "some" and "sources" not in known[one]],
    )
    evidence = told.rows("presence", "evidence")
    ticked = {source for one, row in known.items() if one in where for source in row.get("sources", ())}
    read = {row.get("source") for row in evidence}
    say("stakeholders.evidence-undated", "note", (ticked - LIVE - read) if all_have(evidence, "source") else [])
    say(
        "stakeholders.evidence-old",
        "note",
        ids(row for row in evidence if "year" in row and starts.year - row["year"] > 3),
    )
    say("stakeholders.hear-without-handle", "warn", ids(row for row in people if "hear" in row and "handle" not in row))
    accounts = told.rows("platforms")
    roles = defaultdict(set)
    for row in accounts:
        if "platform" in row and "role" in row:
            roles[row["platform"]].add(row["role"])
    active = {key for key, roles_of in roles.items() if "active" in roles_of}
    used = {key for one in uses.values() for key in one}
    nobody_there = active - used if all_there else set()
    say("stakeholders.platform-without-stakeholder", "warn", nobody_there)
    often = {"daily": 3, "weekly": 2}
    rank: dict[str, tuple[int, int, int, str]] = {}
    for key in used:
        users = [n for n, one in enumerate(where) if key in uses.get(one, ())]
        total = sum(often.get(use[key], 1) for use in uses.values() if key in use)
        rank[key] = (-len(users), -total, users[0], key)
    top = sorted(rank, key=lambda key: rank[key])[:3] if people and all(where.values()) else []
    wanted = [key for key in top if -rank[key][0] >= 2 or rank[key][2] == 0]
    reasoned = {row.get("platform") for row in accounts if row.get("role") == "leave" and "because" in row}
    say(
        "stakeholders.top-platform-unused",
        "warn",
        [
            key
            for key in wanted
            if all_have(accounts, "role") and not roles[key] & {"active", "listen", "emergency"} and key not in reasoned
        ],
    )
    tasks = told.rows("weekly", "tasks")
    hours = sum(row["hours"] for row in tasks) if all_have(tasks, "hours") else None
    say(
        "stakeholders.too-many-platforms",
        "warn",
        active if hours is not None and len(active) > 1 and hours < 2 * len(active) - 0.001 else [],
    )
    kept = [row for row in accounts if row.get("role") in ("active", "emergency")]
    say("stakeholders.account-without-owner", "warn", ids(row for row in kept if "owner" not in row))
    same = defaultdict(list)
    for row in accounts:
        if "platform" in row:
            same[row["platform"], row.get("account", "").strip().removeprefix("@").strip().casefold()].append(row["id"])
    say("stakeholders.account-twice", "warn", [one for twins in same.values() if len(twins) > 1 for one in twins])
    run = [row for row in accounts if row.get("role") == "active"]
    idle = [row for row in run if "last_post" in row and (starts - day(row["last_post"])).days > 30]  # type: ignore[operator]
    say("stakeholders.account-idle", "warn", ids(idle))
    falling = [
        row
        for row in run
        if "because" not in row and row.get("followers", 0) < row.get("followers_before", 0) and "followers" in row
    ]
    say("stakeholders.account-falling", "note", ids(falling))

    # Resources
    capacity, stopped = told.one("weekly", "capacity"), told.rows("stopping", "work")
    freed = sum(row["hours"] for row in stopped) if all("hours" in row for row in stopped) else None
    room = None if capacity is None or freed is None else capacity + freed + 0.001
    over = hours is not None and room is not None and hours > room
    say("resources.over-capacity", "warn", over)
    uneven = told.one("weekly", "pattern") in ("peaks", "spike")
    peak = told.one("weekly", "peak_hours")
    say(
        "resources.peak-over-capacity",
        "warn",
        uneven and peak is not None and room is not None and peak > room and not over,
    )
    say("resources.peak-not-planned", "note", uneven and (peak is None or told.one("weekly", "peak_weeks") is None))
    say("resources.no-contingency", "warn", bool(tasks) and told.one("weekly", "contingency") is None)
    kinds = {row.get("kind") for row in tasks}
    say("resources.no-listening-time", "warn", all_have(tasks, "kind") and not kinds & {"monitor", "respond"})
    say("resources.no-evaluation-time", "warn", all_have(tasks, "kind") and not kinds & {"measure", "evaluate"})
    items = told.rows("plan", "items")
    live = [item for item in items if item.get("format") == "live"]
    demanding = (
        live
        or any(item.get("per_week", 0) >= 7 for item in items)
        or any(row.get("role") == "emergency" for row in accounts)
    )
    say(
        "resources.nobody-watching",
        "warn",
        told.one("weekly", "watched") in ("office-hours", "nobody") and bool(demanding),
    )
    say("resources.no-better-outcome", "stop", told.one("outcomes", "answer") == "no")
    risks = told.rows("success", "risks")
    say("resources.no-risk", "warn", told.one("success", "success") is not None and not risks)
    say(
        "resources.risk-without-mitigation",
        "warn",
        ids(
            risk
            for risk in risks
            if "mitigation" not in risk and (risk.get("likelihood"), risk.get("impact")) != ("low", "low")
        ),
    )

    # Content
    asked = told.one("signoff", "needed") == "yes"
    say(
        "content.no-signoff-owner",
        "warn",
        asked and not any("role" in step for step in told.rows("signoff", "steps")),
    )
    say("content.live-needs-signoff", "warn", ids(live) if asked and told.one("signoff", "live") is None else [])
    colleagues = told.one("publishers", "publishers") == "colleagues"
    say("content.no-staff-policy", "warn", colleagues and told.one("publishers", "staff_policy") == "no")
    say("content.colleagues-unsupported", "note", colleagues and told.one("publishers", "colleagues_support") is None)
    worked_for = {aim for row in (*items, *tasks) for aim in row.get("aims", ())}
    say(
        "content.aim-without-content",
        "warn",
        [aim["id"] for aim in aims if tasks and all_have(items, "aims") and aim["id"] not in worked_for],
    )
    addressed = {one for item in items for one in item.get("stakeholders", ())}
    say(
        "content.stakeholder-without-content",
        "warn",
        [one for one in unreached if all_have(items, "stakeholders") and where[one] == "some" and one not in addressed],
    )
    planned = {key for item in items for key in item.get("platforms", ())}
    say(
        "content.platform-without-content",
        "warn",
        active - planned - nobody_there if all_have(items, "platforms") else [],
    )
    chosen = {key for key, roles_of in roles.items() if roles_of & {"active", "emergency"}}
    say("content.platform-not-chosen", "warn", planned - chosen if all_have(accounts, "role") else [])
    missed = []
    for item in items:
        audience, places = set(item.get("stakeholders", ())), set(item.get("platforms", ()))
        sought = audience and places and audience <= there and not audience <= set(not_found)
        if sought and not any(places & uses[one].keys() for one in audience):
            missed.append(item["id"])
    say("content.audience-not-there", "warn", missed)
    films = ids(item for item in items if item.get("format") == "video")
    video = told.one("formats", "video")
    say("content.video-not-producible", "warn", films if video == "not-now" else [])
    captioned = "captions" in told.one("formats", "access", ())
    say("content.video-without-captions", "warn", films if video in ("in-house", "with-help") and not captioned else [])
    making = sum(row["hours"] for row in tasks if row.get("kind") in ("source", "create", "publish")) if hours else 0
    say(
        "content.over-hours",
        "warn",
        hours is not None
        and all_have(tasks, "kind")
        and all_have(items, "hours")
        and sum(item["hours"] for item in items) > making + 0.001,
    )
    say(
        "content.not-warranted",
        "warn",
        [
            row["stakeholder"]
            for row in told.rows("proportion")
            if row.get("warranted") == "no" and row["stakeholder"] in where
        ],
    )
    upside = []
    if all_have(items, "hours") and all_have(items, "stakeholders"):
        share: dict[str, float] = defaultdict(float)
        for item in items:
            for one in item["stakeholders"]:
                share[one] += item["hours"] / len(item["stakeholders"])
        if all_have(people, "influence") and all_have(people, "interest"):
            both = lambda word: [one["id"] for one in people if one["influence"] == one["interest"] == word]  # noqa: E731
            upside = [
                one
                for one in both("low")
                if both("high") and all(share[one] > share[top] + 0.001 for top in both("high"))
            ]
    say("content.effort-upside-down", "note", upside)

    # Evaluation
    measures = told.rows("measures")
    sorts = {row.get("kind") for row in measures}
    outputs = sorts == {"output"}
    say("evaluation.outputs-only", "stop", outputs)
    whole = all_have(measures, "kind") and not outputs
    say("evaluation.no-outcome-measure", "warn", whole and "outcome" not in sorts)
    answering = {row.get("smart") for row in measures}
    say("evaluation.smart-without-measure", "warn", [one for one in ids(smart) if measures and one not in answering])
    actions = set(told.one("engagement", "actions", ()))
    say("evaluation.engagement-not-measured", "note", whole and bool(actions) and "engagement" not in sorts)
    listening = "feedback" in told.one("drivers", "drivers", ()) or any("hear" in one for one in people)
    say("evaluation.listening-not-counted", "warn", listening and bool(actions) and not actions & HEARD)
    target = {row["id"]: row.get("target") for row in smart}
    say(
        "evaluation.measure-without-target",
        "warn",
        ids(
            row
            for row in measures
            if row.get("kind") in ("engagement", "outcome")
            and "target" not in row
            and not target.get(row.get("smart", ""))
        ),
    )
    differ = []
    for row in measures:
        mine, theirs = figures(row.get("target", "")), figures(target.get(row.get("smart", "")) or "")
        if mine and theirs and not mine & theirs:
            differ.append(row["id"])
    say("evaluation.targets-differ", "warn", differ)
    judged = day(told.one("judgement", "evaluate_on"))
    say(
        "evaluation.judged-too-early",
        "warn",
        [
            row["id"]
            for row in smart
            if judged and "due" in row and "evaluate_on" in row
            if row["due"] <= ends.isoformat() and judged.isoformat() < row["evaluate_on"]
        ],
    )

    said: Points = set()
    for rule, subjects in found.items():
        if subjects is True:
            said.add((rule, levels[rule], ()))
        elif subjects and levels[rule] == "stop":
            said |= {(rule, "stop", (subject,)) for subject in subjects}
        elif subjects:
            said.add((rule, levels[rule], tuple(subjects)))
    return said
