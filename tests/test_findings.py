"""Answers held against each other: a review that breaks exactly one rule, and one that nearly does, for every rule."""

from __future__ import annotations

import copy
import datetime
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import strategies as st

from tests.world import PLATFORMS, SAMPLE_FILE, sample
from worksheets.fields import Case, Rows, Scope
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.workbook import Rule
from worksheets.workbooks.strategy import STRATEGY

Answers = dict[str, Any]
Change = Callable[[Answers], None]


def findings(answers: Answers) -> tuple[Finding, ...]:
    starts, ends = datetime.date(2026, 10, 1), datetime.date(2027, 3, 31)
    scope = Scope(answers, "NHS Anywhere", PLATFORMS, {}, starts, ends, STRATEGY.numbers)
    return Review(STRATEGY, scope).findings


def changed(change: Change) -> Answers:
    answers = copy.deepcopy(sample()["worksheets"])
    change(answers)
    return answers


def rows(answers: Answers, question: str, table: str = "") -> list[dict[str, Any]]:
    return answers[STRATEGY.question[question].stage][question][table or question]


def put(question: str, table: str, row: int, **values: Any) -> Change:
    """Give a row of the sample other values; None takes one out."""

    def change(answers: Answers) -> None:
        found = rows(answers, question, table)[row]
        found.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del found[key]

    return change


def answer(question: str, **values: Any) -> Change:
    """Give a question of the sample other answers; None takes one out."""

    def change(answers: Answers) -> None:
        found = answers[STRATEGY.question[question].stage][question]
        found.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del found[key]

    return change


def both(*changes: Change) -> Change:
    def change(answers: Answers) -> None:
        for one in changes:
            one(answers)

    return change


def every(question: str, table: str, **values: Any) -> Change:
    """Give every row of a table other values."""

    def change(answers: Answers) -> None:
        for row in rows(answers, question, table):
            row.update(values)

    return change


def without(question: str, table: str, **values: Any) -> Change:
    """Take the rows out of a table that have these values."""

    def change(answers: Answers) -> None:
        found = rows(answers, question, table)
        found[:] = [row for row in found if any(row.get(key) != value for key, value in values.items())]

    return change


def more(question: str, table: str, **row: Any) -> Change:
    """Put one more row at the end of a table."""
    return lambda answers: rows(answers, question, table).append(row)


FIFTH = "st-students"
AIM = {
    "id": "aim-new",
    "statement": "By using social media, NHS Anywhere aims to be kind.",
    "achievable": "yes",
    "warranted": "yes",
}
PEERS = {"drivers": ["peers"], "peers_evidence": "All of them"}
FEW_HOURS = both(every("weekly", "tasks", hours=0.6), every("plan", "items", hours=0.1))
LIVE = put("plan", "items", 3, format="live")
UPSIDE_DOWN = both(
    put("plan", "items", 3, stakeholders=["st-staff"], hours=0.5),
    put("plan", "items", 1, stakeholders=["st-carers", "st-press"]),
    more(
        "plan",
        "items",
        id="item-jobs",
        what="Jobs for students",
        format="post",
        platforms=["instagram"],
        aims=["aim-waiting"],
        stakeholders=[FIFTH],
        per_week=1,
        hours=5.5,
    ),
    put("plan", "items", 0, hours=1),
)
OFFLINE = put("presence", "presence", 3, where="none", use=None)
ACCOUNT = {"id": "acc-new", "owner": "Somebody"}


def left_out(question: str) -> Change:
    """Take the answer to a question away."""
    return lambda answers: answers[STRATEGY.question[question].stage].pop(question, None)


# The rule; a change of the sample that breaks exactly it; the subjects it then names, one tuple for each point; a
# change that nearly breaks it; one that breaks it as well, and takes away what the rule needs to know.
CASES: list[tuple[str, Change, list[tuple[str, ...]], Change, Change]] = [
    (
        "drivers.peer-pressure-only",
        answer("drivers", **PEERS),
        [()],
        answer("drivers", drivers=["peers", "audience"]),
        left_out("drivers"),
    ),
    (
        "drivers.no-aim-stands",
        both(put("aims", "aims", 0, achievable="no"), put("aims", "aims", 1, warranted="no")),
        [()],
        both(put("aims", "aims", 0, achievable="no"), put("aims", "aims", 1, warranted="unsure")),
        both(put("aims", "aims", 0, achievable="no"), put("aims", "aims", 1, warranted=None, achievable=None)),
    ),
    (
        "drivers.aim-doubtful",
        both(put("aims", "aims", 0, achievable="unsure"), put("aims", "aims", 1, warranted="no")),
        [("aim-maternity", "aim-waiting")],
        put("aims", "aims", 0, achievable_because="We doubt it, and yet it is so"),
        put("aims", "aims", 0, achievable=None, warranted=None),
    ),
    (
        "alignment.aim-unaligned",
        both(
            put("objectives", "objectives", 1, aims=[], social_contribution=None),
            put("objectives", "objectives", 2, aims=["aim-maternity"]),
        ),
        [("aim-waiting",)],
        put("objectives", "objectives", 2, aims=["aim-maternity"]),
        both(left_out("objectives"), left_out("smart")),
    ),
    (
        "alignment.no-organisation-objective",
        every("objectives", "objectives", level="team"),
        [()],
        both(every("objectives", "objectives", level="team"), put("objectives", "objectives", 1, level="organisation")),
        both(every("objectives", "objectives", level="team"), put("objectives", "objectives", 1, level=None)),
    ),
    (
        "alignment.objective-without-smart",
        put("smart", "smart", 2, objective="obj-flow"),
        [("obj-listening",)],
        both(put("smart", "smart", 2, objective="obj-flow"), put("objectives", "objectives", 2, aims=[])),
        put("smart", "smart", 2, objective=None),
    ),
    (
        "alignment.smart-target-not-measurable",
        put("smart", "smart", 0, target="nearly all of them"),
        [("smart-answers",)],
        put("smart", "smart", 0, target="90 of them"),
        put("smart", "smart", 0, target=None),
    ),
    (
        "alignment.smart-without-baseline",
        put("smart", "smart", 0, baseline=None),
        [("smart-answers",)],
        put("smart", "smart", 0, baseline="Not counted before"),
        put("smart", "smart", 0, baseline=None, target=None),
    ),
    (
        "alignment.smart-date-outside-cycle",
        put("smart", "smart", 0, due="2026-09-30"),
        [("smart-answers",)],
        put("smart", "smart", 0, due="2026-10-01"),
        put("smart", "smart", 0, due=None, evaluate_on="2026-09-30"),
    ),
    (
        "alignment.smart-beyond-cycle",
        put("smart", "smart", 0, due="2028-04-01", evaluate_on="2028-05-01"),
        [("smart-answers",)],
        put("smart", "smart", 0, due="2028-03-31", evaluate_on="2028-05-01"),
        put("smart", "smart", 0, due=None, evaluate_on="2028-05-01"),
    ),
    (
        "stakeholders.not-found-online",
        both(
            OFFLINE,
            put("stakeholders", "stakeholders", 3, elsewhere=None),
        ),
        [("st-press",)],
        OFFLINE,
        both(
            put("presence", "presence", 3, where=None, use=None), put("stakeholders", "stakeholders", 3, elsewhere=None)
        ),
    ),
    (
        "stakeholders.not-known",
        both(
            put("presence", "presence", 3, where="unknown", use=None),
            put("stakeholders", "stakeholders", 3, elsewhere=None),
        ),
        [("st-press",)],
        put("presence", "presence", 3, where="unknown", use=None),
        both(left_out("presence"), put("stakeholders", "stakeholders", 3, elsewhere=None)),
    ),
    (
        "stakeholders.presence-unsourced",
        put("presence", "presence", 1, sources=None),
        [("st-carers",)],
        put("presence", "presence", 1, sources=["other"], note="The carers' centre told us"),
        put("presence", "presence", 1, sources=None, where=None),
    ),
    (
        "stakeholders.evidence-undated",
        put("presence", "evidence", 0, source="ons"),
        [("ofcom",)],
        put("presence", "evidence", 0, title=None),
        put("presence", "evidence", 0, source=None),
    ),
    (
        "stakeholders.evidence-old",
        put("presence", "evidence", 0, year=2022),
        [("ev-ofcom",)],
        put("presence", "evidence", 0, year=2023),
        put("presence", "evidence", 0, year=None),
    ),
    (
        "stakeholders.hear-without-handle",
        put("stakeholders", "stakeholders", 1, handle=None),
        [("st-carers",)],
        put("stakeholders", "stakeholders", 1, handle=None, hear=None),
        left_out("stakeholders"),
    ),
    (
        "stakeholders.platform-without-stakeholder",
        both(
            more("platforms", "platforms", platform="blogs", role="active", **ACCOUNT),
            put("plan", "items", 0, platforms=["facebook", "blogs"]),
        ),
        [("blogs",)],
        more("platforms", "platforms", platform="blogs", role="leave", **ACCOUNT),
        both(
            more("platforms", "platforms", platform="blogs", role="active", **ACCOUNT),
            put("presence", "presence", 4, where="unknown", use=None),
        ),
    ),
    (
        "stakeholders.top-platform-unused",
        put("platforms", "platforms", 3, role="leave", because=None),
        [("whatsapp",)],
        put("platforms", "platforms", 3, role="leave", because="The groups are theirs"),
        both(
            put("platforms", "platforms", 3, role="leave", because=None),
            put("presence", "presence", 3, where=None),
        ),
    ),
    (
        "stakeholders.too-many-platforms",
        FEW_HOURS,
        [("facebook", "instagram")],
        both(FEW_HOURS, put("weekly", "tasks", 0, hours=1)),
        both(FEW_HOURS, put("weekly", "tasks", 0, hours=None)),
    ),
    (
        "stakeholders.account-without-owner",
        both(put("platforms", "platforms", 0, owner=None), put("platforms", "platforms", 4, owner=None)),
        [("acc-facebook", "acc-x")],
        put("platforms", "platforms", 3, owner=None),
        put("platforms", "platforms", 5, owner=None, role=None),
    ),
    (
        "stakeholders.account-twice",
        more("platforms", "platforms", platform="facebook", role="active", account=" @nhsanywhere", **ACCOUNT),
        [("acc-facebook", "acc-new")],
        more("platforms", "platforms", platform="facebook", role="active", account="NHS Anywhere", **ACCOUNT),
        more("platforms", "platforms", account="@nhsanywhere", **ACCOUNT),
    ),
    (
        "stakeholders.account-idle",
        put("platforms", "platforms", 0, last_post="2026-08-31"),
        [("acc-facebook",)],
        put("platforms", "platforms", 0, last_post="2026-09-01"),
        put("platforms", "platforms", 0, last_post=None),
    ),
    (
        "stakeholders.account-falling",
        put("platforms", "platforms", 0, followers=17_000, because=None),
        [("acc-facebook",)],
        put("platforms", "platforms", 0, followers=17_000),
        put("platforms", "platforms", 0, followers=None, because=None),
    ),
    (
        "resources.over-capacity",
        answer("weekly", capacity=19),
        [()],
        answer("weekly", capacity=19.5),
        both(answer("weekly", capacity=19), put("stopping", "work", 0, hours=None)),
    ),
    (
        "resources.peak-over-capacity",
        answer("weekly", peak_hours=29.5),
        [()],
        answer("weekly", peak_hours=29),
        answer("weekly", peak_hours=29.5, capacity=None),
    ),
    (
        "resources.peak-not-planned",
        answer("weekly", peak_weeks=None),
        [()],
        answer("weekly", peak_weeks=None, pattern="steady"),
        answer("weekly", peak_weeks=None, pattern=None),
    ),
    (
        "resources.no-contingency",
        answer("weekly", contingency=None),
        [()],
        answer("weekly", contingency="Ask"),
        answer("weekly", contingency=None, tasks=None),
    ),
    (
        "resources.no-listening-time",
        both(without("weekly", "tasks", kind="monitor"), without("weekly", "tasks", kind="respond")),
        [()],
        without("weekly", "tasks", kind="monitor"),
        both(
            without("weekly", "tasks", kind="monitor"),
            without("weekly", "tasks", kind="respond"),
            put("weekly", "tasks", 3, kind=None),
        ),
    ),
    (
        "resources.no-evaluation-time",
        without("weekly", "tasks", kind="evaluate"),
        [()],
        put("weekly", "tasks", 5, kind="measure"),
        both(without("weekly", "tasks", kind="evaluate"), put("weekly", "tasks", 3, kind=None)),
    ),
    (
        "resources.nobody-watching",
        answer("weekly", watched="office-hours"),
        [()],
        both(
            answer("weekly", watched="office-hours"),
            put("platforms", "platforms", 4, role="listen"),
            put("plan", "items", 2, per_week=6),
        ),
        answer("weekly", watched=None),
    ),
    (
        "resources.no-better-outcome",
        answer("outcomes", answer="no"),
        [()],
        answer("outcomes", answer="unsure"),
        left_out("outcomes"),
    ),
    (
        "resources.no-risk",
        answer("success", risks=None),
        [()],
        without("success", "risks", impact="high"),
        answer("success", risks=None, success=None),
    ),
    (
        "resources.risk-without-mitigation",
        both(put("success", "risks", 0, mitigation=None), put("success", "risks", 1, mitigation=None, likelihood=None)),
        [("risk-advice", "risk-details")],
        put("success", "risks", 0, mitigation=None, likelihood="low", impact="low"),
        left_out("success"),
    ),
    (
        "content.no-signoff-owner",
        answer("signoff", steps=None),
        [()],
        answer("signoff", steps=[{"id": "sign-one", "role": "Midwife"}]),
        answer("signoff", steps=None, needed=None),
    ),
    (
        "content.live-needs-signoff",
        both(answer("signoff", live=None), LIVE),
        [("item-day",)],
        both(answer("signoff", live="Two of us sit beside"), LIVE),
        both(answer("signoff", live=None, needed=None), LIVE),
    ),
    (
        "content.no-staff-policy",
        answer("publishers", staff_policy="no"),
        [()],
        answer("publishers", staff_policy="no", publishers="communications"),
        answer("publishers", staff_policy=None),
    ),
    (
        "content.colleagues-unsupported",
        answer("publishers", colleagues_support=None),
        [()],
        answer("publishers", colleagues_support=None, publishers="communications"),
        answer("publishers", colleagues_support=None, publishers=None),
    ),
    (
        "content.aim-without-content",
        both(
            put("plan", "items", 2, aims=["aim-maternity"]),
            put("plan", "items", 3, aims=["aim-maternity"]),
            every("weekly", "tasks", aims=["aim-maternity"]),
        ),
        [("aim-waiting",)],
        both(put("plan", "items", 2, aims=["aim-maternity"]), put("plan", "items", 3, aims=["aim-maternity"])),
        both(
            put("plan", "items", 2, aims=["aim-maternity"]),
            put("plan", "items", 3, aims=None),
            every("weekly", "tasks", aims=["aim-maternity"]),
        ),
    ),
    (
        "content.stakeholder-without-content",
        both(
            put("plan", "items", 3, stakeholders=["st-staff"]),
            put("stakeholders", "stakeholders", 4, elsewhere=None),
        ),
        [(FIFTH,)],
        put("plan", "items", 3, stakeholders=["st-staff"]),
        both(
            put("plan", "items", 3, stakeholders=None),
            put("stakeholders", "stakeholders", 4, elsewhere=None),
        ),
    ),
    (
        "content.platform-without-content",
        both(put("plan", "items", 0, platforms=["facebook"]), put("plan", "items", 3, platforms=["facebook"])),
        [("instagram",)],
        put("plan", "items", 0, platforms=["facebook"]),
        both(put("plan", "items", 0, platforms=["facebook"]), put("plan", "items", 3, platforms=None)),
    ),
    (
        "content.platform-not-chosen",
        put("plan", "items", 0, platforms=["facebook", "instagram", "tiktok"]),
        [("tiktok",)],
        put("plan", "items", 0, platforms=["facebook", "instagram", "x"]),
        both(
            put("plan", "items", 0, platforms=["facebook", "instagram", "tiktok"]),
            put("platforms", "platforms", 5, role=None),
        ),
    ),
    (
        "content.audience-not-there",
        both(
            put("plan", "items", 1, platforms=["instagram"], stakeholders=["st-carers"]),
            put("plan", "items", 2, stakeholders=["st-carers", "st-press"]),
        ),
        [("item-did",)],
        put("plan", "items", 1, platforms=["instagram", "facebook"], stakeholders=["st-carers", "st-press"]),
        both(
            put("plan", "items", 1, platforms=["instagram"], stakeholders=["st-carers"]),
            put("presence", "presence", 1, where=None, use=None),
        ),
    ),
    (
        "content.video-not-producible",
        answer("formats", video="not-now"),
        [("item-week",)],
        answer("formats", video="with-help"),
        left_out("formats"),
    ),
    (
        "content.video-without-captions",
        answer("formats", access=["alt-text"]),
        [("item-week",)],
        answer("formats", access=["captions"]),
        answer("formats", access=["alt-text"], video=None),
    ),
    (
        "content.over-hours",
        put("plan", "items", 0, hours=6.6),
        [()],
        put("plan", "items", 0, hours=6.5),
        both(put("plan", "items", 0, hours=6.6), put("plan", "items", 1, hours=None)),
    ),
    (
        "content.not-warranted",
        put("proportion", "proportion", 4, warranted="no"),
        [(FIFTH,)],
        put("proportion", "proportion", 4, warranted="unsure"),
        put("proportion", "proportion", 4, warranted=None),
    ),
    (
        "content.effort-upside-down",
        UPSIDE_DOWN,
        [(FIFTH,)],
        both(UPSIDE_DOWN, put("stakeholders", "stakeholders", 4, interest="high")),
        both(UPSIDE_DOWN, put("stakeholders", "stakeholders", 1, interest=None)),
    ),
    (
        "evaluation.outputs-only",
        every("measures", "measures", kind="output"),
        [()],
        both(every("measures", "measures", kind="output"), put("measures", "measures", 0, kind="outcome")),
        both(every("measures", "measures", kind="output"), put("measures", "measures", 0, kind=None)),
    ),
    (
        "evaluation.no-outcome-measure",
        every("measures", "measures", kind="engagement", target="90%, 4,000 and 10 of 14"),
        [()],
        put("measures", "measures", 0, kind="engagement"),
        both(every("measures", "measures", kind="engagement"), put("measures", "measures", 3, kind=None)),
    ),
    (
        "evaluation.smart-without-measure",
        put("measures", "measures", 2, smart=None),
        [("smart-themes",)],
        both(put("measures", "measures", 2, smart=None), put("measures", "measures", 3, smart="smart-themes")),
        left_out("measures"),
    ),
    (
        "evaluation.engagement-not-measured",
        put("measures", "measures", 1, kind="outcome"),
        [()],
        put("measures", "measures", 1, what="Visits"),
        both(put("measures", "measures", 1, kind="outcome"), left_out("engagement")),
    ),
    (
        "evaluation.listening-not-counted",
        answer("engagement", actions=["likes", "shares"]),
        [()],
        answer("engagement", actions=["likes", "reviews"]),
        answer("engagement", actions=None),
    ),
    (
        "evaluation.measure-without-target",
        more("measures", "measures", id="m-mood", what="Mood of the comments", kind="outcome"),
        [("m-mood",)],
        put("measures", "measures", 0, target=None),
        more("measures", "measures", id="m-mood", what="Mood of the comments"),
    ),
    (
        "evaluation.targets-differ",
        put("measures", "measures", 1, target="3,000 a month"),
        [("m-visits",)],
        put("measures", "measures", 1, target="4\u202f000 a month"),
        put("measures", "measures", 1, target="More"),
    ),
    (
        "evaluation.judged-too-early",
        answer("judgement", evaluate_on="2027-03-30"),
        [("smart-themes",)],
        answer("judgement", evaluate_on="2027-03-31"),
        answer("judgement", evaluate_on=None),
    ),
]


def test_the_sample_review_has_nothing_to_resolve() -> None:
    assert findings(sample()["worksheets"]) == ()


@pytest.mark.parametrize(("rule", "breaks", "subjects", "nearly", "unknown"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_speaks_of_what_breaks_it_and_neither_of_what_nearly_does_nor_of_what_is_not_known(
    rule: str, breaks: Change, subjects: list[tuple[str, ...]], nearly: Change, unknown: Change
) -> None:
    found = findings(changed(breaks))
    assert [(one.id, one.subjects) for one in found] == [(rule, subject) for subject in subjects]
    assert {one.level for one in found} == {STRATEGY.rule[rule].level}
    assert {(one.stage, one.question) for one in found} == {(STRATEGY.rule[rule].stage, STRATEGY.rule[rule].question)}
    assert [one.id for one in findings(changed(nearly)) if one.id == rule] == []
    assert [one.id for one in findings(changed(unknown)) if one.id == rule] == []


def test_every_rule_of_the_table_has_a_case_and_no_other_is_there() -> None:
    assert [case[0] for case in CASES] == [rule.id for rule in STRATEGY.rules]


@pytest.mark.parametrize("rule", STRATEGY.rules, ids=lambda rule: rule.id)
def test_every_rule_names_a_field_that_there_is(rule: Rule) -> None:
    table, _, name = rule.field.partition(".")
    kind = STRATEGY.question[rule.question].form.kinds[table]
    assert not name or (isinstance(kind, Rows) and name in kind.fields)
    assert STRATEGY.question[rule.question].stage == rule.stage


@pytest.mark.parametrize(
    ("nearer", "silenced", "breaks"),
    [
        (
            "drivers.no-aim-stands",
            "drivers.aim-doubtful",
            both(put("aims", "aims", 0, achievable="no"), put("aims", "aims", 1, warranted="no")),
        ),
        ("evaluation.outputs-only", "evaluation.no-outcome-measure", every("measures", "measures", kind="output")),
        ("evaluation.outputs-only", "evaluation.engagement-not-measured", every("measures", "measures", kind="output")),
        ("resources.over-capacity", "resources.peak-over-capacity", answer("weekly", capacity=19, peak_hours=99)),
        (
            "content.video-not-producible",
            "content.video-without-captions",
            answer("formats", video="not-now", access=["alt-text"]),
        ),
        (
            "stakeholders.platform-without-stakeholder",
            "content.platform-without-content",
            more("platforms", "platforms", platform="blogs", role="active", **ACCOUNT),
        ),
        (
            "stakeholders.not-found-online",
            "content.audience-not-there",
            both(
                put("presence", "presence", 1, where="none", use=None),
                put("stakeholders", "stakeholders", 1, elsewhere=None),
                put("plan", "items", 0, platforms=["instagram"]),
            ),
        ),
    ],
)
def test_of_two_rules_that_one_gap_sets_off_only_the_nearer_one_speaks(
    nearer: str, silenced: str, breaks: Change
) -> None:
    found = [one.id for one in findings(changed(breaks))]
    assert nearer in found
    assert silenced not in found


def test_silence_is_for_the_platform_that_the_nearer_rule_is_about_and_for_no_other() -> None:
    found = findings(
        changed(
            both(
                more("platforms", "platforms", platform="blogs", role="active", **ACCOUNT),
                put("plan", "items", 0, platforms=["facebook"]),
                put("plan", "items", 3, platforms=["facebook"]),
            )
        )
    )
    assert [(one.id, one.subjects) for one in found] == [
        ("stakeholders.platform-without-stakeholder", ("blogs",)),
        ("content.platform-without-content", ("instagram",)),
    ]


def test_a_half_filled_draft_is_told_nothing_about_what_it_has_not_answered() -> None:
    assert findings({}) == ()
    for stage in sample()["worksheets"]:
        alone = {stage: sample()["worksheets"][stage]}
        assert [one.id for one in findings(alone)] == [], stage
    so_far: Answers = {}
    for stage, worksheet in sample()["worksheets"].items():
        for question, given in worksheet.items():
            so_far.setdefault(stage, {})[question] = given
            # Without an answer to what could stop, nothing is freed.
            over = ["resources.over-capacity"] if question in ("weekly", "outcomes", "success") else []
            assert [one.id for one in findings(so_far)] == over, question


@pytest.mark.parametrize(
    ("mine", "theirs", "differ"),
    [
        ("4,000 a month", "4000 a month by January 2027", False),
        ("4 000", "4,000", False),
        ("4\u00a0000", "4000", False),
        ("90%", "90.0 per cent", False),
        ("1,5 and 20", "1 and 5", False),
        ("30,000", "300 and 00", True),
        ("85%", "90% by March 2027", True),
        ("March 2027", "90% by 2027", False),
        ("many", "90%", False),
    ],
)
def test_targets_are_compared_as_numbers(mine: str, theirs: str, differ: bool) -> None:
    found = findings(
        changed(both(put("smart", "smart", 1, target=theirs), put("measures", "measures", 1, target=mine)))
    )
    assert ("evaluation.targets-differ" in [one.id for one in found]) is differ


def test_messages_name_the_row_in_its_own_words_and_do_not_scold() -> None:
    for rule, breaks, _, _, _ in CASES:
        for one in findings(changed(breaks)):
            assert one.message.endswith((".", ".”", "?”")), rule
            assert not {"invalid", "please", "must"} & set(one.message.lower().replace(".", "").split()), rule
            assert "!" not in one.message
            assert "{" not in one.message, rule
            assert ".”." not in one.message, rule
            assert "By using social media" not in one.message, rule
            assert STRATEGY.rule[rule].why.endswith(")."), rule
            assert "20" in STRATEGY.rule[rule].why, rule
    (found,) = findings(changed(put("presence", "presence", 3, sources=None)))
    assert "“Local reporters”" in found.message


def test_an_aim_is_quoted_without_what_every_aim_begins_with_and_without_its_full_stop() -> None:
    (found,) = findings(changed(put("aims", "aims", 1, achievable="unsure")))
    assert found.message == (
        "The aim “Help people choose the right urgent care service before they travel” is in doubt: you answered “no” "
        "or “not sure” to whether it can be achieved, or is worth the effort. Change it, or find out what would settle "
        "it."
    )


def test_several_rows_are_one_point_in_the_plural() -> None:
    (found,) = findings(
        changed(both(put("platforms", "platforms", 0, owner=None), put("platforms", "platforms", 4, owner=None)))
    )
    assert found.message == (
        "Nobody is named who looks after NHSAnywhere on Facebook or NHSAnywhere on X. Enter a name or a role."
    )


def test_what_stands_in_an_answer_is_not_taken_for_ours() -> None:
    (found,) = findings(changed(put("smart", "smart", 0, statement="{them} and {question:aims}.", baseline=None)))
    assert "“{them} and {question:aims}”" in found.message


def shuffled(answers: Answers, dice: random.Random) -> Answers:
    """The same answers with every table in another order, but for stakeholders: their order is their importance."""
    turned = copy.deepcopy(answers)
    for stage, worksheet in turned.items():
        for question, given in worksheet.items():
            for value in given.values():
                if isinstance(value, list) and (stage, question) != ("stakeholders", "stakeholders"):
                    dice.shuffle(value)
    return turned


@pytest.mark.parametrize("breaks", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_findings_do_not_depend_on_the_order_of_rows(breaks: Change) -> None:
    broken = changed(breaks)
    assert findings(shuffled(broken, random.Random(7))) == findings(broken)


def mangled(dice: random.Random) -> Answers:
    """The sample with much of it taken out, turned round or answered otherwise, cleaned as a page would clean it."""

    def mangle(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mangle(part) for key, part in value.items() if key == "id" or dice.random() < 0.85}
        if isinstance(value, list):
            kept = [mangle(part) for part in value if dice.random() < 0.85]
            return dice.sample(kept, len(kept))
        return dice.choice([value, value, value, "no", "yes", "output", "active", "", 0, "2029-01-01", 168])

    loose = mangle(sample()["worksheets"])
    scope = Scope({}, "NHS Anywhere", PLATFORMS, {}, datetime.date(2026, 10, 1), datetime.date(2027, 3, 31))
    for question in STRATEGY.questions:
        given = loose.get(question.stage, {}).get(question.key)
        answer = question.form.read(given, Case(scope)) if given else {}
        scope = scope.having(question.stage, question.key, answer)
    return scope.answers  # type: ignore[return-value]


@hypothesis.given(st.integers(0, 2**32))
@hypothesis.settings(max_examples=150, deadline=None)
def test_no_valid_review_makes_a_rule_fail(seed: int) -> None:
    answers = mangled(random.Random(seed))
    found = findings(answers)
    assert len({(one.id, one.subjects) for one in found}) == len(found)
    assert all(one.message and one.id in STRATEGY.rule for one in found)


@hypothesis.given(st.integers(0, 2**32))
@hypothesis.settings(max_examples=100, deadline=None)
def test_findings_of_any_review_do_not_depend_on_the_order_of_rows(seed: int) -> None:
    dice = random.Random(seed)
    answers = mangled(dice)
    words = {(one.id, one.subjects): one.level for one in findings(answers)}
    assert {(one.id, one.subjects): one.level for one in findings(shuffled(answers, dice))} == words


# The rules that may speak up when an answer is emptied, because what they then say is true: it is not there.
ABSENT = {
    "alignment.aim-unaligned": "no objective is ticked as helped by the aim any more",
    "alignment.smart-without-baseline": "nothing says where it stands now",
    "content.no-signoff-owner": "no step says who signs off",
    "content.platform-not-chosen": "no account is on that platform any more",
    "content.video-without-captions": "captions are not ticked any more",
    "drivers.aim-doubtful": "with one test unanswered not every aim fails any more, and the others are still in doubt",
    "evaluation.measure-without-target": "neither the measure nor what it answers has a target",
    "evaluation.smart-without-measure": "no measure answers it any more",
    "resources.no-contingency": "nothing says what happens in a spike",
    "resources.no-risk": "no risk is named",
    "resources.over-capacity": "nothing is freed when no work is to stop",
    "resources.peak-over-capacity": "nothing is freed when no work is to stop",
    "resources.risk-without-mitigation": "nothing is done about the risk",
    "stakeholders.account-twice": "two accounts without a name cannot be told apart",
    "stakeholders.account-without-owner": "nobody looks after it",
    "stakeholders.hear-without-handle": "nothing says what happens with what is heard",
    "stakeholders.not-found-online": "nothing says how else they are reached",
    "stakeholders.presence-unsourced": "nothing shows it",
    "stakeholders.top-platform-unused": "which platforms serve best follows from those that are still ticked",
    "content.live-needs-signoff": "nothing is agreed before a live post",
    "content.stakeholder-without-content": "nothing says how else they are reached",
}


def one_emptied(answers: Answers) -> Iterator[tuple[str, Answers]]:
    """The answers once for every question, field, and field of a row in them, without that one."""

    def without_it(*path: Any) -> Answers:
        left = copy.deepcopy(answers)
        place: Any = left
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        return left

    for stage, worksheet in answers.items():
        for question, given in worksheet.items():
            yield question, without_it(stage, question)
            for name, value in given.items():
                yield f"{question}.{name}", without_it(stage, question, name)
                for n, row in enumerate(value if isinstance(value, list) else []):
                    for part in set(row) - {"id", "stakeholder"} if isinstance(row, dict) else ():
                        yield f"{question}.{name}[{n}].{part}", without_it(stage, question, name, n, part)


def said_of(answers: Answers) -> set[tuple[str, str]]:
    """The warnings and stops, once for each of their rows."""
    told = (one for one in findings(answers) if one.level != "note")
    return {(one.id, subject) for one in told for subject in one.subjects or ("",)}


@pytest.mark.parametrize("seed", [None, *range(8)])
def test_emptying_an_answer_adds_only_points_about_what_is_then_truly_absent(seed: int | None) -> None:
    answers = sample()["worksheets"] if seed is None else mangled(random.Random(seed))
    before = said_of(answers)
    for path, emptied in one_emptied(answers):
        assert {rule for rule, _ in said_of(emptied) - before} <= set(ABSENT), path


@pytest.mark.django_db
def test_check_review_prints_what_is_found_in_files_and_stores_nothing(tmp_path: Path, capsys: Any) -> None:
    broken = sample()
    broken["worksheets"]["resources"]["outcomes"]["answer"] = "no"
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken), encoding="utf-8")
    call_command("check_review", str(SAMPLE_FILE), str(file), format="json")
    good, bad = json.loads(capsys.readouterr().out)
    assert good == {"file": str(SAMPLE_FILE), "findings": []}
    assert bad["file"] == str(file)
    (found,) = bad["findings"]
    assert list(found) == ["id", "level", "stage", "question", "subjects", "message"]
    assert (found["id"], found["level"], found["subjects"]) == ("resources.no-better-outcome", "stop", [])
    call_command("check_review", str(file))
    assert "1 point" in capsys.readouterr().out


@pytest.mark.django_db
def test_check_review_tells_the_reason_for_which_a_point_is_left(tmp_path: Path, capsys: Any) -> None:
    broken = sample()
    for account in (0, 4):
        del broken["worksheets"]["stakeholders"]["platforms"]["platforms"][account]["owner"]
    reason = {"finding": "stakeholders.account-without-owner", "text": "The night shift answers."}
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken | {"reasons": [reason | {"subjects": ["acc-x", "acc-facebook"]}]}))
    call_command("check_review", str(file), format="json")
    ((found,),) = [entry["findings"] for entry in json.loads(capsys.readouterr().out)]
    assert (found["subjects"], found["reason"]) == (["acc-facebook", "acc-x"], "The night shift answers.")
    file.write_text(json.dumps(broken | {"reasons": [reason | {"subjects": ["acc-x"]}]}))
    call_command("check_review", str(file), format="json")
    ((still, left),) = [entry["findings"] for entry in json.loads(capsys.readouterr().out)]
    assert (still["subjects"], "reason" in still) == (["acc-facebook"], False)
    assert still["message"].startswith("Nobody is named who looks after NHSAnywhere on Facebook.")
    assert (left["subjects"], left["reason"]) == (["acc-x"], "The night shift answers.")
    call_command("check_review", str(file))
    assert "left as it is: The night shift answers." in capsys.readouterr().out


@pytest.mark.parametrize("database", ["sqlite:///{folder}/empty.sqlite3", "postgres://nobody:x@127.0.0.1:9/none"])
def test_check_review_needs_no_database_that_is_set_up(tmp_path: Path, database: str) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check_review", str(SAMPLE_FILE)],
        capture_output=True,
        text=True,
        env=os.environ | {"DATABASE_URL": database.format(folder=tmp_path), "TOOLKIT_ENV": "demo"},
        cwd=settings.BASE_DIR,
    )
    assert (run.returncode, run.stdout) == (0, f"{SAMPLE_FILE}: no points\n"), run.stderr


@pytest.mark.django_db
def test_check_review_goes_on_after_a_file_it_cannot_read_and_names_every_error(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "odd.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError) as stopped:
        call_command(
            "check_review", str(tmp_path / "none.json"), str(tmp_path / "odd.json"), str(SAMPLE_FILE), format="json"
        )
    assert "none.json: cannot be read" in str(stopped.value)
    assert "odd.json: format: is missing" in str(stopped.value)
    assert len(json.loads(capsys.readouterr().out)) == 1
