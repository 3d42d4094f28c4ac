"""Policies held against the review, the facts and the day: what breaks each rule, what nearly does, and what is not
known; where the points are shown, and to whom."""

from __future__ import annotations

import copy
import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.world import PLATFORMS, sample
from worksheets.fields import Scope
from worksheets.policies import held
from worksheets.policies.held import House, PolicyPoint, Version
from worksheets.policies.reviewed import Reviewed

TODAY = datetime.date(2027, 6, 15)
SAMPLE = Path(__file__).parent.parent / "worksheets" / "samples" / "policy-facts.json"
FACTS: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))["worksheets"]["facts"]
REVIEW = Reviewed(
    "the review Autumn 2026",
    watched="extended",
    reply_within=24,
    needs_sign_off=True,
    steps=("Midwife on rota", "Duty press officer"),
    nights="Only saved replies, by the on-call manager.",
    publishers="communications",
    staff_policy="yes",
    platforms={"facebook": "Facebook", "instagram": "Instagram", "x": "X"},
    all_known=True,
)


def facts(**changes: dict[str, Any]) -> Scope:
    """The facts of the sample, with other answers to some questions; None takes one out."""
    answers = copy.deepcopy(FACTS)
    for question, values in changes.items():
        for name, value in values.items():
            answers[question][name] = value
            if value is None:
                del answers[question][name]
    return Scope({"facts": answers}, "NHS Anywhere", PLATFORMS)


def version(document: str, **more: Any) -> Version:
    """A version in force whose document keeps every clause that these rules read."""
    about: dict[str, Any] = {
        "owner": "Lena Lead",
        "stays": True,
        "issued_on": datetime.date(2027, 1, 11),
        "exercised_on": datetime.date(2027, 1, 20),
        "clauses": frozenset({"hours", "steps", "nights", "list"}),
        "holes": frozenset({"hours_watched", "reply_time", "signoff_steps", "signoff_nights", "accounts"}),
        "facts": facts(),
    }
    return Version(document, 1, **{"state": "issued", **about, **more})


def house(*versions: Version, review: Reviewed | None = REVIEW, now: Scope | None = None, **more: Any) -> House:
    return House(TODAY, versions, now or facts(), review, **more)


def said(where: House) -> list[str]:
    return [point.id for point in held.points(where)]


def the_point(where: House) -> PolicyPoint:
    (point,) = held.points(where)
    return point


def draft(document: str, number: int = 2, **more: Any) -> Version:
    return replace(version(document, **{"state": "draft", "issued_on": None, **more}), number=number)


RULES = version("house-rules")
SIGN_OFF = version("sign-off")
ACCOUNTS = version("accounts")
CRISIS = version("crisis")


def reviewed(**more: Any) -> Reviewed:
    return replace(REVIEW, **more)


def with_facts(one: Version, **changes: dict[str, Any]) -> House:
    """A version that was filled with other facts, which still are what they were."""
    filled = facts(**changes)
    return house(replace(one, facts=filled), now=filled)


def test_what_fits_has_no_point() -> None:
    assert said(house(RULES, SIGN_OFF, ACCOUNTS, CRISIS)) == []


# Every rule: what breaks it, with its id and level; what nearly does; and what is silent as something is not known.
BROKEN = {
    "hours": (house(RULES, review=reviewed(watched="office-hours")), "warn"),
    "reply": (house(RULES, review=reviewed(reply_within=48)), "warn"),
    "needed": (house(SIGN_OFF, review=reviewed(needs_sign_off=False, steps=())), "warn"),
    "steps": (house(SIGN_OFF, review=reviewed(steps=("Midwife on rota", "Medical director"))), "warn"),
    "nights": (house(SIGN_OFF, review=reviewed(nights="Nothing goes out.")), "note"),
    "accounts-missing": (
        house(ACCOUNTS, review=reviewed(platforms={**REVIEW.platforms, "threads": "Threads"})),
        "warn",
    ),
    "accounts-over": (house(ACCOUNTS, review=reviewed(platforms={"facebook": "Facebook", "x": "X"})), "note"),
    "facts": (house(RULES, now=facts(watching={"reply_within": 12}), review=None), "warn"),
    "owner": (house(replace(RULES, stays=False)), "warn"),
    "due": (house(replace(RULES, next_review=datetime.date(2027, 6, 14))), "warn"),
    "exercise": (house(replace(CRISIS, exercised_on=datetime.date(2026, 6, 14))), "warn"),
    "staff-policy": (house(review=reviewed(publishers="colleagues", staff_policy="no")), "warn"),
    "answer": (house(version("staff-policy"), current=reviewed(staff_policy="no")), "note"),
}
NEARLY = {
    "hours": house(RULES, review=reviewed(watched="extended")),
    "reply": house(RULES, review=reviewed(reply_within=24)),
    "needed": house(SIGN_OFF, review=reviewed(needs_sign_off=True)),
    "steps": house(SIGN_OFF, review=reviewed(steps=("duty press officer ", "Midwife  on rota"))),
    "nights": house(SIGN_OFF, review=reviewed(nights="only saved replies, by the on-call manager.")),
    "accounts-missing": house(ACCOUNTS, review=reviewed(platforms={"x": "X", **REVIEW.platforms})),
    "accounts-over": house(ACCOUNTS, review=reviewed(platforms={**REVIEW.platforms})),
    "facts": house(RULES, now=facts(trouble={"partners": "The council"}), review=None),
    "owner": house(replace(RULES, stays=True)),
    "due": house(replace(RULES, next_review=datetime.date(2027, 7, 16))),
    "exercise": house(replace(CRISIS, exercised_on=datetime.date(2026, 6, 15))),
    "staff-policy": house(review=reviewed(publishers="colleagues", staff_policy="drafting")),
    "answer": house(version("staff-policy"), current=reviewed(staff_policy="yes")),
}
UNKNOWN = {
    "hours": [
        house(RULES, review=None),
        house(RULES, review=reviewed(watched="")),
        with_facts(RULES, watching={"watched": None}),
        house(replace(RULES, facts=None), review=reviewed(watched="nobody")),
        house(replace(RULES, holes=frozenset()), review=reviewed(watched="nobody")),
    ],
    "reply": [
        house(RULES, review=reviewed(reply_within=None)),
        house(replace(RULES, holes=frozenset()), review=reviewed(reply_within=48)),
        with_facts(RULES, watching={"reply_within": None}),
    ],
    "needed": [house(SIGN_OFF, review=reviewed(needs_sign_off=None)), house(SIGN_OFF, review=None)],
    "steps": [house(SIGN_OFF, review=reviewed(steps=())), with_facts(SIGN_OFF, clearance={"steps": None})],
    "nights": [house(SIGN_OFF, review=reviewed(nights="")), with_facts(SIGN_OFF, clearance={"out_of_hours": None})],
    "accounts-missing": [
        with_facts(ACCOUNTS, holdings={"accounts": None}),
        house(ACCOUNTS, review=None),
    ],
    "accounts-over": [house(ACCOUNTS, review=reviewed(platforms={"x": "X"}, all_known=False))],
    "facts": [
        house(RULES, now=facts(watching={"reply_within": None}), review=None),
        house(replace(RULES, facts=None), now=facts(watching={"reply_within": 12}), review=None),
    ],
    "owner": [house(replace(RULES, owner="Head of communications", stays=None)), house(draft("crisis", owner=""))],
    "due": [house(replace(RULES, next_review=None))],
    "exercise": [house(replace(CRISIS, exercised_on=None, issued_on=None, state="draft"))],
    "staff-policy": [house(review=None), house(review=reviewed(publishers="", staff_policy="no"))],
    "answer": [house(version("staff-policy")), house(version("staff-policy"), current=reviewed(staff_policy=""))],
}


def test_every_rule_has_its_three_cases() -> None:
    assert BROKEN.keys() == NEARLY.keys() == UNKNOWN.keys()


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_speaks_of_what_breaks_it_and_of_nothing_else(rule: str) -> None:
    where, level = BROKEN[rule]
    point = the_point(where)
    assert (point.id, point.level) == (rule, level)
    assert point.message.endswith((".", "”"))
    assert point.why.endswith(".")
    assert point.advice.endswith(".")
    assert point.way


@pytest.mark.parametrize("rule", NEARLY)
def test_a_rule_is_silent_where_it_nearly_holds(rule: str) -> None:
    assert said(NEARLY[rule]) == []


@pytest.mark.parametrize(("rule", "where"), [(rule, where) for rule, many in UNKNOWN.items() for where in many])
def test_a_rule_is_silent_while_something_is_not_known(rule: str, where: House) -> None:
    assert rule not in said(where)


def test_a_promise_that_nobody_keeps_at_all_says_stop_and_quotes_the_hours() -> None:
    point = the_point(house(RULES, review=reviewed(watched="nobody")))
    assert point.level == "stop"
    assert point.message == (
        "“House rules for the public”, version 1 (in force), tells the public that somebody reads what they write from "
        "8am to 8pm on weekdays, and from 10am to 4pm at weekends. The review Autumn 2026 says that nobody watches "
        "your accounts yet."
    )
    assert point.advice == "Say the hours that you keep in the facts and start the next version."
    assert (point.document, point.goes_to, point.question) == ("house-rules", 0, "")


def test_both_times_of_an_answer_are_quoted() -> None:
    message = the_point(house(RULES, review=reviewed(reply_within=48))).message
    assert "promises an answer within 24 hours" in message
    assert "within 48 hours" in message


def test_an_open_review_may_be_what_is_wrong() -> None:
    point = the_point(house(RULES, review=reviewed(watched="nobody", open=True)))
    assert point.advice.endswith(", or mend the review if that is what is wrong.")


def test_a_draft_is_mended_in_the_facts() -> None:
    point = the_point(house(draft("house-rules", 1), review=reviewed(watched="nobody")))
    assert (point.question, point.advice) == ("watching", "Say the hours that you keep in the facts.")
    assert "version 1 (a draft)" in point.message


def test_one_gap_is_one_point_though_both_versions_have_it_and_each_page_has_its_own() -> None:
    where = house(RULES, draft("house-rules"), review=reviewed(watched="nobody"))
    point = the_point(where)
    assert (point.version, point.goes_to) == (1, 2)
    assert point.advice == "Say the hours that you keep: version 2 is a draft."
    assert [one.version for one in held.of_version(held.every_point(where), "house-rules", 2)] == [2]


def test_a_document_that_says_that_no_sign_off_is_needed_contradicts_a_review_that_needs_it() -> None:
    none = replace(SIGN_OFF, clauses=frozenset({"none"}), holes=frozenset())
    point = the_point(house(none))
    assert "says that posts need no sign-off" in point.message
    assert "says that posts need sign-off" in point.message
    assert said(house(none, review=reviewed(needs_sign_off=False))) == []


def test_the_roles_that_differ_are_quoted_from_either_side() -> None:
    message = the_point(house(SIGN_OFF, review=reviewed(steps=("Midwife on rota", "Medical director")))).message
    assert "only the document has “Duty press officer” and only the review has “Medical director”" in message
    less = the_point(house(SIGN_OFF, review=reviewed(steps=("Midwife on rota",)))).message
    assert less.endswith("only the document has “Duty press officer”.")


def test_facts_that_changed_are_named_in_words_and_the_day_of_issue_is_said() -> None:
    point = the_point(house(RULES, now=facts(watching={"hours": "all day", "reply_within": 12}), review=None))
    assert point.message == (
        "Since “House rules for the public”, version 1, was issued on 11 January 2027, two facts in it have changed: "
        "when somebody watches and how soon people get an answer."
    )


def test_facts_that_changed_are_not_told_twice_where_they_contradict_the_review() -> None:
    promised = facts(watching={"watched": "always", "hours": None})
    assert said(house(replace(RULES, facts=promised))) == ["hours"]


def test_a_document_in_force_has_an_owner() -> None:
    assert "has no owner" in the_point(house(replace(RULES, owner="", stays=None))).message
    assert "Lena Lead owns" in the_point(house(replace(RULES, stays=False))).message


def test_a_review_that_comes_within_a_month_is_noted_and_one_that_is_late_counts_its_days() -> None:
    soon = the_point(house(replace(RULES, next_review=datetime.date(2027, 7, 15))))
    assert (soon.level, "is due for review on 15 July 2027" in soon.message) == ("note", True)
    today = the_point(house(replace(RULES, next_review=TODAY)))
    assert today.level == "note"
    assert "1 day ago" in the_point(house(replace(RULES, next_review=datetime.date(2027, 6, 14)))).message
    assert said(house(draft("crisis", next_review=datetime.date(2026, 1, 1)))) == []


def test_a_crisis_plan_that_was_never_exercised_is_noted_at_once_and_warned_of_after_a_year() -> None:
    never = replace(CRISIS, exercised_on=None)
    assert (the_point(house(never)).level, "was never exercised" in the_point(house(never)).message) == ("note", True)
    old = replace(never, issued_on=datetime.date(2026, 6, 14))
    assert the_point(house(old)).level == "warn"


def test_a_staff_policy_that_is_begun_is_gone_on_with() -> None:
    review = reviewed(publishers="colleagues", staff_policy="")
    point = the_point(house(draft("staff-policy", 1, holes=frozenset()), review=review))
    assert (point.level, point.goes_to, point.advice) == ("note", 1, "Version 1 is a draft: go on with it.")
    assert said(house(version("staff-policy", holes=frozenset()), review=review)) == []


def test_what_to_do_first_stands_on_top() -> None:
    late = replace(CRISIS, next_review=datetime.date(2027, 6, 20))
    where = house(late, replace(ACCOUNTS, stays=False), RULES, review=reviewed(watched="nobody"))
    assert [point.level for point in held.points(where)] == ["stop", "warn", "note"]


def test_a_review_is_read_by_the_keys_of_its_answers() -> None:
    """They are a contract: when one of them moves, this says so."""
    scope = Scope(sample()["worksheets"], "NHS Anywhere", PLATFORMS)
    read = Reviewed.of("the review", scope, open=True)
    assert read.watched in held.WATCHED
    assert read.reply_within
    assert read.needs_sign_off is True
    assert read.steps
    assert read.nights
    assert read.publishers
    assert read.staff_policy
    assert read.open
    assert {"facebook": "Facebook"}.items() <= read.platforms.items()
    assert read.all_known


def test_a_review_with_nothing_in_it_knows_nothing() -> None:
    assert Reviewed.of("the review", Scope()) == Reviewed("the review")
