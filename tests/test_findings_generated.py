"""Thousands of reviews that nobody wrote, half of them drafts: what is found in each is what the table asks for."""

from __future__ import annotations

import copy
import datetime
import json
import random
from collections import Counter
from typing import Any

import pytest

from tests.oracle import Points, points
from tests.world import sample
from worksheets import interchange
from worksheets.workbooks.strategy import STRATEGY

STARTS, ENDS = datetime.date(2026, 10, 1), datetime.date(2027, 3, 31)
KEYS = ["facebook", "x", "linkedin", "youtube", "instagram", "whatsapp", "tiktok"]
VERDICTS, LEVELS, GRADES = ["yes", "unsure", "no"], ["high", "low"], ["low", "medium", "high"]
DAYS = ["2026-08-31", "2026-09-01", "2026-10-01", "2027-02-28", "2027-03-31", "2027-04-01", "2028-03-31", "2028-04-01"]
TARGETS = [
    "400 a month",
    "0.4 thousand",
    "1,200 by March",
    "1 200",
    "half of all",
    "12,5 and 1,2345",
    "more",
    " \u200b",
]
TEXTS = ["Something", "Something else", "", " \u200b\u00ad"]
HOURS = [0, 0.5, 1, 2, 2.5, 4, 8, 24, 80]
# What a field may be changed to, by its name; by its table and its name where a name has several meanings.
VALUES: dict[str, list[Any]] = {
    "achievable": VERDICTS,
    "smart.achievable": TEXTS,
    "warranted": VERDICTS,
    "level": ["organisation", "team"],
    "baseline": [*TARGETS, ""],
    "target": TARGETS,
    "due": DAYS,
    "evaluate_on": DAYS,
    "influence": LEVELS,
    "interest": LEVELS,
    "elsewhere": TEXTS,
    "hear": TEXTS,
    "handle": TEXTS,
    "where": ["some", "some", "none", "unknown"],
    "evidence.source": ["ofcom", "ons", "oxis", "taking-part", "other", "alerts"],
    "year": [2015, 2022, 2023, 2026],
    "platform": KEYS,
    "account": ["@AnywhereNHS", "anywherenhs ", "AnywhereNHSMaternity", ""],
    "platforms.role": ["active", "active", "listen", "emergency", "leave"],
    "owner": TEXTS,
    "because": TEXTS,
    "followers": [0, 900, 1000],
    "followers_before": [0, 900, 1000],
    "last_post": DAYS,
    "tasks.kind": ["source", "create", "publish", "monitor", "respond", "measure", "evaluate", "report", "other"],
    "hours": HOURS,
    "watched": ["always", "extended", "office-hours", "nobody"],
    "capacity": HOURS,
    "pattern": ["steady", "peaks", "spike"],
    "peak_hours": HOURS,
    "peak_weeks": [0, 4, 52],
    "contingency": TEXTS,
    "answer": VERDICTS,
    "success": TEXTS,
    "likelihood": GRADES,
    "impact": GRADES,
    "mitigation": TEXTS,
    "video": ["in-house", "with-help", "not-now"],
    "publishers": ["communications", "colleagues"],
    "staff_policy": ["yes", "drafting", "no"],
    "colleagues_support": TEXTS,
    "needed": ["yes", "no"],
    "steps.role": TEXTS,
    "live": TEXTS,
    "format": ["video", "live", "post", "photo"],
    "per_week": [0, 1, 6.99, 7, 14],
    "measures.kind": ["output", "engagement", "outcome"],
}
# The lists of choices, and of which each may be any part.
LISTS: dict[str, list[str]] = {
    "drivers": ["leadership", "audience", "feedback", "peers"],
    "sources": ["platform-statistics", "ofcom", "ons", "oxis", "local-data"],
    "platforms": KEYS,
    "access": ["captions", "alt-text", "plain-words"],
    "actions": ["likes", "comments", "shares", "clicks", "reviews"],
}
# The tables whose rows others name, by the field that names them.
NAMED = {
    "aims": "aims",
    "objective": "objectives",
    "smart": "smart",
    "stakeholder": "stakeholders",
    "stakeholders": "stakeholders",
}
# Answers that many rules hang on: turned in most reviews, so that each rule speaks in some.
HINGES = [
    ("tasks", "kind"),
    ("measures", "kind"),
    ("aims", "achievable"),
    ("objectives", "level"),
    ("drivers", "drivers"),
]


def generated(seed: int) -> dict[str, Any]:
    """A review as a file: the sample with some of it answered otherwise and, where the seed is odd, much taken out."""
    dice = random.Random(seed)
    gone = dice.choice([0.03, 0.1, 0.3]) if seed % 2 else 0
    turned = dice.choice([0.02, 0.1, 0.4])
    # The one aim that all work is for, in some: nothing else would leave all others without any.
    served = dice.choice(["", "", "", "aim-waiting"])
    book = copy.deepcopy(sample()["worksheets"])
    rows = {row["id"] for sheet in book.values() for answer in sheet.values() for row in every_row(answer)}

    def part(value: Any, table: str) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            kept = [part(row, table) for row in value if dice.random() >= gone]
            kept = kept[: dice.randint(0, len(kept))] if dice.random() < turned / 2 else kept
            return dice.sample(kept, len(kept))
        if isinstance(value, dict):
            return {
                name: field(table, name, held)
                for name, held in value.items()
                if name in ("id", "stakeholder") or dice.random() >= gone
            }
        return value

    def field(table: str, name: str, held: Any) -> Any:
        if isinstance(held, list) and held and isinstance(held[0], dict):
            return part(held, name)
        if name == "aims" and table in ("items", "tasks") and served:
            return [served]
        chance = 0.3 if (table, name) in HINGES and turned > 0.1 else turned
        if dice.random() >= chance:
            return held
        if isinstance(held, list) and name in NAMED and set(held) <= rows:
            return dice.sample(held, dice.randint(0, len(held)))
        if isinstance(held, list) and name in LISTS:
            return dice.sample(LISTS[name], dice.randint(1, len(LISTS[name])))
        if name == "use":
            return {key: dice.choice(["daily", "weekly", "sometimes", "yes"]) for key in KEYS if dice.random() < 0.4}
        return dice.choice(VALUES.get(f"{table}.{name}") or VALUES.get(name) or [held])

    for stage, sheet in book.items():
        book[stage] = {
            question: part(answer, question) for question, answer in sheet.items() if dice.random() >= gone / 2
        }
    named(book)
    return {**sample(), "worksheets": {stage: sheet for stage, sheet in book.items() if sheet}}


def every_row(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        row
        for rows in answer.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict) and "id" in row
    ]


def named(book: dict[str, Any]) -> None:
    """Takes out what names a row that is gone, and where somebody is said to be while they are nowhere: no file may."""
    there = {
        table: {row["id"] for sheet in book.values() for row in every_row({table: sheet.get(table, {}).get(table)})}
        for table in set(NAMED.values())
    }
    for sheet in book.values():
        for question, answer in sheet.items():
            for rows in answer.values():
                for row in rows if isinstance(rows, list) else ():
                    if isinstance(row, dict):
                        for name, table in NAMED.items():
                            if isinstance(row.get(name), list):
                                row[name] = [one for one in row[name] if one in there[table]]
                            elif name in row and row[name] not in there[table]:
                                del row[name]
                        if row.get("where") != "some":
                            row.pop("use", None)
            for table in ("presence", "proportion"):
                if question == table and table in answer:
                    answer[table] = [row for row in answer[table] if "stakeholder" in row]


def told(review: dict[str, Any]) -> Points:
    read = interchange.read(json.dumps(review).encode()).review
    return {(one.id, one.level, one.subjects) for one in read.findings}


@pytest.mark.django_db
def test_what_is_found_in_generated_reviews_is_what_the_table_says() -> None:
    spoken: Counter[str] = Counter()
    for seed in range(2000):
        review = generated(seed)
        found, expected = told(review), points(review["worksheets"], STARTS, ENDS)
        assert found == expected, f"seed {seed}: {sorted(found ^ expected)}"
        spoken.update({rule for rule, _, _ in found})
    # Every rule spoke in some, or this says nothing about it; and was silent in others.
    assert {rule.id for rule in STRATEGY.rules} == set(spoken)
    assert max(spoken.values()) < 1900
