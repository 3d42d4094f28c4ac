"""Answers held against each other: a review that breaks exactly one rule, and one that nearly does, for every rule."""

from __future__ import annotations

import copy
import datetime
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.management import CommandError, call_command
from hypothesis import strategies as st

from tests.world import PLATFORMS, SAMPLE_FILE, sample
from worksheets.fields import Case, Scope
from worksheets.presentation import Finding
from worksheets.review import Review
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

# The rule; a change of the sample that breaks exactly it; the subjects it then names; a change that nearly breaks it.
CASES: list[tuple[str, Change, list[tuple[str, ...]], Change]] = [
    ("drivers.peer-pressure-only", answer("drivers", **PEERS), [()], answer("drivers", drivers=["peers", "audience"])),
    (
        "drivers.aim-doubtful",
        put("aims", "aims", 0, achievable="unsure"),
        [("aim-maternity",)],
        put("aims", "aims", 0, achievable_because="We doubt it, and yet it is so"),
    ),
    (
        "alignment.aim-unaligned",
        both(
            put("objectives", "objectives", 1, aims=[], social_contribution=None),
            put("objectives", "objectives", 2, aims=["aim-maternity"]),
        ),
        [("aim-waiting",)],
        put("objectives", "objectives", 2, aims=["aim-maternity"]),
    ),
    (
        "alignment.objective-unexplained",
        put("objectives", "objectives", 1, social_contribution=None),
        [("obj-flow",)],
        put("objectives", "objectives", 1, team_contribution=None),
    ),
    (
        "alignment.objective-without-smart",
        put("smart", "smart", 2, objective="obj-flow"),
        [("obj-listening",)],
        both(put("smart", "smart", 2, objective="obj-flow"), put("objectives", "objectives", 2, aims=[])),
    ),
    (
        "alignment.smart-target-not-measurable",
        put("smart", "smart", 0, target="nearly all of them"),
        [("smart-answers",)],
        put("smart", "smart", 0, target="9 of them"),
    ),
    (
        "alignment.smart-date-outside-cycle",
        put("smart", "smart", 0, due="2028-04-01", evaluate_on="2028-05-01"),
        [("smart-answers",)],
        put("smart", "smart", 0, due="2028-03-31", evaluate_on="2028-05-01"),
    ),
    (
        "stakeholders.not-found-online",
        put("presence", "presence", 3, use=None),
        [("st-press",)],
        put("presence", "presence", 3, use={"x": "sometimes"}),
    ),
    (
        "stakeholders.presence-unsourced",
        put("presence", "presence", 1, sources=None),
        [("st-carers",)],
        put("presence", "presence", 1, sources=["other"]),
    ),
    (
        "stakeholders.platform-without-stakeholder",
        both(
            more("presence", "platforms", id="p", platform="blogs", role="active"),
            put("plan", "items", 0, platforms=["facebook", "blogs"]),
        ),
        [("blogs",)],
        more("presence", "platforms", id="p", platform="blogs", role="leave"),
    ),
    (
        "stakeholders.top-platform-unused",
        put("presence", "platforms", 2, role="leave"),
        [("whatsapp",)],
        put("presence", "platforms", 3, role="leave"),
    ),
    (
        "stakeholders.too-many-platforms",
        both(every("weekly", "tasks", hours=0.5), every("plan", "items", hours=0.1)),
        [("facebook", "instagram")],
        both(every("weekly", "tasks", hours=0.7), every("plan", "items", hours=0.1)),
    ),
    (
        "stakeholders.platform-contradicts",
        more("presence", "platforms", id="p", platform="facebook", role="leave", because="Too few people"),
        [("facebook",)],
        more("presence", "platforms", id="p", platform="facebook", role="leave", account="Old page"),
    ),
    (
        "stakeholders.account-twice",
        more("presence", "platforms", id="p", platform="facebook", role="active", account="@NHSanywhere\u00a0"),
        [("facebook",)],
        more("presence", "platforms", id="p", platform="facebook", role="active", account="NHS Anywhere for carers"),
    ),
    (
        "stakeholders.named-twice",
        put("stakeholders", "stakeholders", 1, name="expectant and\u00a0 NEW parents"),
        [("st-carers", "st-parents")],
        put("stakeholders", "stakeholders", 1, name="Expectant and new parents at home"),
    ),
    ("resources.over-capacity", answer("weekly", capacity=19), [()], answer("weekly", capacity=19.5)),
    ("resources.no-contingency", answer("weekly", contingency=None), [()], answer("weekly", contingency="Ask")),
    (
        "resources.no-listening-time",
        both(without("weekly", "tasks", kind="monitor"), without("weekly", "tasks", kind="respond")),
        [()],
        without("weekly", "tasks", kind="monitor"),
    ),
    (
        "resources.no-evaluation-time",
        without("weekly", "tasks", kind="evaluate"),
        [()],
        put("weekly", "tasks", 5, kind="measure"),
    ),
    ("resources.no-better-outcome", answer("outcomes", answer="no"), [()], answer("outcomes", answer="unsure")),
    ("content.no-signoff-owner", answer("signoff", steps=None), [()], answer("signoff", steps=None, needed="no")),
    (
        "content.no-staff-policy",
        answer("publishers", staff_policy="no"),
        [()],
        answer("publishers", staff_policy="no", publishers="communications"),
    ),
    (
        "content.aim-without-content",
        both(put("plan", "items", 2, aims=["aim-maternity"]), put("plan", "items", 3, aims=["aim-maternity"])),
        [("aim-waiting",)],
        put("plan", "items", 2, aims=["aim-maternity"]),
    ),
    (
        "content.stakeholder-without-content",
        put("plan", "items", 3, stakeholders=["st-staff"]),
        [(FIFTH,)],
        put("plan", "items", 3, stakeholders=[FIFTH, "st-staff"]),
    ),
    (
        "content.platform-without-content",
        both(put("plan", "items", 0, platforms=["facebook"]), put("plan", "items", 3, platforms=["facebook"])),
        [("instagram",)],
        put("plan", "items", 0, platforms=["facebook"]),
    ),
    (
        "content.platform-not-chosen",
        put("plan", "items", 0, platforms=["facebook", "instagram", "tiktok"]),
        [("tiktok",)],
        both(
            put("plan", "items", 0, platforms=["facebook", "instagram", "tiktok"]),
            more("presence", "platforms", id="p", platform="tiktok", role="active"),
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
    ),
    ("content.over-hours", put("plan", "items", 0, hours=6.6), [()], put("plan", "items", 0, hours=6.5)),
    (
        "content.not-warranted",
        put("proportion", "proportion", 4, warranted="no"),
        [(FIFTH,)],
        put("proportion", "proportion", 4, warranted="unsure"),
    ),
    (
        "evaluation.no-outcome-measure",
        every("measures", "measures", kind="engagement"),
        [()],
        put("measures", "measures", 0, kind="engagement"),
    ),
    (
        "evaluation.smart-without-measure",
        put("measures", "measures", 2, smart=None),
        [("smart-themes",)],
        put("measures", "measures", 3, smart="smart-themes"),
    ),
    (
        "evaluation.engagement-not-measured",
        put("measures", "measures", 1, kind="outcome"),
        [()],
        both(put("measures", "measures", 1, kind="outcome"), lambda answers: answers["evaluation"].pop("engagement")),
    ),
    (
        "evaluation.measure-twice",
        more("measures", "measures", id="m-posts-2", what="posts and videos\u200b  published", kind="output"),
        [("m-posts", "m-posts-2")],
        more("measures", "measures", id="m-posts-2", what="Posts published", kind="output"),
    ),
]


def test_the_sample_review_has_nothing_to_resolve() -> None:
    assert findings(sample()["worksheets"]) == ()


@pytest.mark.parametrize(("rule", "breaks", "subjects", "nearly"), CASES, ids=[case[0] for case in CASES])
def test_taking_one_thread_out_shows_exactly_that_rule(
    rule: str, breaks: Change, subjects: list[tuple[str, ...]], nearly: Change
) -> None:
    found = findings(changed(breaks))
    assert [(one.id, one.subjects) for one in found] == [(rule, subject) for subject in subjects]
    assert {one.level for one in found} == {STRATEGY.rule[rule].level}
    assert {(one.stage, one.question) for one in found} == {(STRATEGY.rule[rule].stage, STRATEGY.rule[rule].question)}
    assert [one.id for one in findings(changed(nearly)) if one.id == rule] == []


def test_when_no_aim_stands_every_aim_is_in_doubt_as_well() -> None:
    no = changed(both(put("aims", "aims", 0, achievable="no"), put("aims", "aims", 1, warranted="no")))
    assert [one.id for one in findings(no)] == ["drivers.no-aim-stands", "drivers.aim-doubtful", "drivers.aim-doubtful"]
    one_stands = changed(put("aims", "aims", 0, achievable="no", warranted="no"))
    assert [one.id for one in findings(one_stands)] == ["drivers.aim-doubtful"]


def test_nothing_but_outputs_means_no_outcome_and_no_engagement_either() -> None:
    found = findings(changed(every("measures", "measures", kind="output")))
    assert [one.id for one in found] == [
        "evaluation.outputs-only",
        "evaluation.no-outcome-measure",
        "evaluation.engagement-not-measured",
    ]


def test_every_rule_has_a_case() -> None:
    others = {"drivers.no-aim-stands", "evaluation.outputs-only"}
    assert {case[0] for case in CASES} | others == {rule.id for rule in STRATEGY.rules}


@pytest.mark.parametrize(
    ("due", "judged", "says"),
    [
        ("2026-09-30", "2027-01-01", "is due on 30 September 2026, before the review starts on 1 October 2026"),
        ("2026-10-01", "2027-01-01", ""),
        ("2027-02-01", "2027-01-31", "is judged on 31 January 2027, before it is due on 1 February 2027"),
        ("2027-02-01", "2027-02-01", ""),
        ("2028-04-01", "2028-04-01", "is due on 1 April 2028, more than a year after the review ends on 31 March 2027"),
    ],
)
def test_dates_of_smart_objectives_are_held_against_the_cycle(due: str, judged: str, says: str) -> None:
    found = findings(changed(put("smart", "smart", 0, due=due, evaluate_on=judged)))
    assert [says in one.message for one in found] == ([True] if says else [])


def test_a_rule_stays_silent_while_its_inputs_are_not_answered() -> None:
    assert findings({}) == ()
    for stage in sample()["worksheets"]:
        alone = {stage: sample()["worksheets"][stage]}
        assert [one.id for one in findings(alone) if one.stage != stage] == []


def test_messages_name_the_row_in_its_own_words_and_do_not_scold() -> None:
    for rule, breaks, _, _ in CASES:
        for one in findings(changed(breaks)):
            assert one.message.endswith("."), rule
            assert not {"invalid", "please", "must"} & set(one.message.lower().replace(".", "").split()), rule
            assert "!" not in one.message
            assert STRATEGY.rule[rule].why.endswith(")."), rule
            assert "20" in STRATEGY.rule[rule].why, rule
    (found,) = findings(changed(put("presence", "presence", 3, use=None)))
    assert "“Local reporters”" in found.message


def test_findings_do_not_depend_on_the_order_of_rows() -> None:
    dice = random.Random(7)
    broken = changed(both(*(case[1] for case in CASES if case[0] not in ("drivers.peer-pressure-only",))))
    shuffled = copy.deepcopy(broken)
    for worksheet in shuffled.values():
        for question in worksheet.values():
            for value in question.values():
                # The order of stakeholders is their importance, so it is an answer and not an accident.
                if isinstance(value, list) and value is not shuffled["stakeholders"]["stakeholders"]["stakeholders"]:
                    dice.shuffle(value)
    assert len(findings(broken)) > 8
    assert findings(shuffled) == findings(broken)


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
    shuffled = copy.deepcopy(answers)
    for stage, question, table in [
        ("drivers", "aims", "aims"),
        ("alignment", "objectives", "objectives"),
        ("alignment", "smart", "smart"),
        ("stakeholders", "presence", "platforms"),
        ("resources", "weekly", "tasks"),
        ("content", "plan", "items"),
        ("evaluation", "measures", "measures"),
    ]:
        dice.shuffle(shuffled.get(stage, {}).get(question, {}).get(table, []))
    words = {(one.id, one.subjects): one.level for one in findings(answers)}
    assert {(one.id, one.subjects): one.level for one in findings(shuffled)} == words


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
def test_check_review_goes_on_after_a_file_it_cannot_read_and_names_every_error(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "odd.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError) as stopped:
        call_command(
            "check_review", str(tmp_path / "none.json"), str(tmp_path / "odd.json"), str(SAMPLE_FILE), format="json"
        )
    assert "none.json: cannot be read" in str(stopped.value)
    assert "odd.json: format: is missing" in str(stopped.value)
    assert len(json.loads(capsys.readouterr().out)) == 1
