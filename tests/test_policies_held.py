"""Policies held against the review, the facts and the day: what breaks each rule, what nearly does, and what is not
known; where the points are shown, and to whom."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.reading import address, error_messages, form_of, tree, words
from tests.world import PLATFORMS, World, cycle_of, sample
from worksheets import saving, texts
from worksheets.access import visit
from worksheets.cycles import start_cycle
from worksheets.fields import Scope, spoken_date
from worksheets.management import demonstration
from worksheets.models import Cycle, Membership, Policy, Revision, User
from worksheets.policies import held, moves
from worksheets.policies.held import House, PolicyPoint, Version
from worksheets.policies.holding import points_of
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.reviewed import Reviewed
from worksheets.report.printer import Unavailable, printer
from worksheets.workbooks.policy_facts import POLICY_FACTS

SignIn = Callable[[User], Client]
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
    assert point.advice == "In the facts, say the hours that you keep, and start the next version."
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
    assert (point.question, point.advice) == ("watching", "In the facts, say the hours that you keep.")
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


# From the database to the pages.

POLICIES = "/o/nhs-anywhere/policies/"
START = "/o/nhs-anywhere/"
MONTH = datetime.timedelta(days=30)


@pytest.fixture
def run(world: World) -> Cycle:
    """The facts of NHS Anywhere, as they were saved a month ago."""
    today = timezone.localdate()
    cycle = start_cycle(world.anywhere, POLICY_FACTS, "Facts", today - MONTH, today + MONTH, world.lead)
    for question, answer in FACTS.items():
        save(cycle, question, answer, world.lead)
    Revision.objects.update(saved_at=timezone.now() - MONTH)
    return cycle


def save(cycle: Cycle, question: str, answer: dict[str, Any], user: User) -> None:
    saving.save_answer(cycle.worksheets.select_related("cycle").get(), question, answer, user=user)


def in_force(world: World, run: Cycle | None, document: str = "house-rules", **more: Any) -> Policy:
    """A first version that was issued a week ago, every usual clause of it kept."""
    lead = visit(world.lead, "nhs-anywhere")
    policy = moves.start(lead, DOCUMENTS[document], texts.current())
    policy.clauses.filter(choice="kept").update(decided=True)
    about = {"owner": world.lead, "facts": run, "state": "issued", "issued_at": timezone.now() - MONTH / 4}
    Policy.objects.filter(pk=policy.pk).update(**{**about, **more})
    return Policy.objects.get(pk=policy.pk)


def found(world: World) -> dict[str, PolicyPoint]:
    return {point.id: point for point in points_of(visit(world.lead, "nhs-anywhere"))}


def review_says(world: World, question: str, **values: Any) -> None:
    """The review of NHS Anywhere, filled as the sample, with other answers to a question."""
    answers = sample()["worksheets"]
    for stage in answers.values():
        if question in stage:
            stage[question].update(values)
    world.fill(**answers)


def test_what_is_issued_promises_with_the_facts_as_they_were_then(world: World, run: Cycle) -> None:
    in_force(world, run)
    review_says(world, "weekly", watched="extended", reply_within=24)
    assert found(world) == {}
    save(run, "watching", {**FACTS["watching"], "watched": "always", "hours": "", "nights": "We read it."}, world.lead)
    changed = found(world)
    assert changed.keys() == {"facts"}
    assert (
        "two facts in it have changed: when somebody watches and what happens to a message" in changed["facts"].message
    )


def test_a_promise_stays_a_promise_though_the_facts_were_put_right_since(world: World, run: Cycle) -> None:
    in_force(world, run)
    review_says(world, "weekly", watched="nobody", reply_within=24)
    assert found(world)["hours"].level == "stop"
    save(run, "watching", {**FACTS["watching"], "watched": "nobody"}, world.lead)
    assert found(world)["hours"].level == "stop"
    assert found(world)["hours"].href == f"{POLICIES}house-rules/"


def test_a_draft_promises_with_the_facts_as_they_are_now(world: World, run: Cycle) -> None:
    in_force(world, None, state="draft", issued_at=None, facts=None)
    review_says(world, "weekly", watched="nobody", reply_within=24)
    point = found(world)["hours"]
    assert point.href == f"/o/nhs-anywhere/facts/{run.slug}/facts/watching/"
    save(run, "watching", {**FACTS["watching"], "watched": "nobody"}, world.lead)
    assert found(world) == {}


def test_the_review_that_was_signed_off_counts_before_a_newer_one(world: World, run: Cycle) -> None:
    in_force(world, run)
    review_says(world, "weekly", watched="nobody", reply_within=24)
    Cycle.objects.filter(pk=world.cycle.pk).update(state=Cycle.State.SIGNED_OFF)
    newer = cycle_of(world.anywhere, "Spring 2027", "spring-2027")
    Cycle.objects.filter(pk=newer.pk).update(starts=datetime.date(2027, 4, 1), ends=datetime.date(2027, 9, 30))
    point = found(world)["hours"]
    assert "The review Autumn 2026 says" in point.message
    assert "mend the review" not in point.advice


def test_what_is_archived_is_not_read(world: World, run: Cycle) -> None:
    in_force(world, run)
    review_says(world, "weekly", watched="nobody")
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert found(world) == {}


def test_an_owner_who_is_no_member_any_more_is_told_of(world: World, run: Cycle) -> None:
    in_force(world, run)
    assert found(world) == {}
    Membership.objects.filter(user=world.lead).update(organisation=world.elsewhere)
    points = points_of(visit(world.contributor, "nhs-anywhere"))
    assert [point.id for point in points] == ["owner"]


def test_a_clause_in_the_teams_own_words_promises_only_what_they_say(world: World, run: Cycle) -> None:
    policy = in_force(world, run)
    review_says(world, "weekly", watched="nobody", reply_within=24)
    policy.clauses.filter(key="hours").update(choice="changed", words="We answer when we can.")
    assert found(world) == {}


def test_points_cost_as_many_queries_for_many_documents_as_for_one(
    world: World, run: Cycle, django_assert_max_num_queries: Any
) -> None:
    for document in DOCUMENTS:
        in_force(world, run, document)
    lead = visit(world.lead, "nhs-anywhere")
    texts.current()
    with django_assert_max_num_queries(4):
        points_of(lead)


def test_nothing_of_another_organisation_is_read(world: World, run: Cycle) -> None:
    in_force(world, run, next_review=timezone.localdate() - MONTH)
    assert found(world).keys() == {"due"}
    assert points_of(visit(world.outsider, "nhs-elsewhere")) == ()


# The start page.


def test_the_start_page_counts_what_presses_and_leads_there(world: World, signed_in: SignIn, run: Cycle) -> None:
    client = signed_in(world.manager)
    assert "to look at" not in words(client.get(START))
    in_force(world, run, next_review=timezone.localdate() - MONTH, owner=None)
    page = client.get(START)
    assert "Policies: 2 points to look at" in words(page)
    assert tree(page).xpath("//a[text()='2 points to look at']/@href") == [f"{POLICIES}#policy-points"]


def test_the_start_page_is_silent_about_notes(world: World, signed_in: SignIn, run: Cycle) -> None:
    in_force(world, run, next_review=timezone.localdate() + MONTH / 2)
    assert found(world).keys() == {"due"}
    assert "to look at" not in words(signed_in(world.lead).get(START))


def test_policies_are_among_all_that_one_can_do_below_the_workbooks(world: World, signed_in: SignIn) -> None:
    ways = tree(signed_in(world.contributor).get(START)).xpath("//li[contains(@class, 'nhsuk-card-group__item')]")
    assert ways[-1].xpath(".//a/@href") == [POLICIES]
    said = " ".join(ways[-1].text_content().split())
    assert "Policies and a crisis plan" in said
    assert "Takes about 10 minutes for each document" in said
    assert "For one or two people" in said


# The list, and the page of a version.


def test_the_list_says_what_does_not_fit_and_where_to_mend_it(world: World, signed_in: SignIn, run: Cycle) -> None:
    in_force(world, run, next_review=timezone.localdate() - MONTH)
    page = signed_in(world.lead).get(POLICIES)
    assert "Points about your policies" in words(page)
    assert "was due for review on" in words(page)
    assert f"{POLICIES}house-rules/" in tree(page).xpath("//section[@aria-labelledby='policy-points']//a/@href")


@pytest.mark.parametrize(
    ("who", "way"),
    [("lead", "Start the next version"), ("contributor", "See the document"), ("manager", "See the document")],
)
def test_a_link_says_what_its_reader_may_do(world: World, signed_in: SignIn, run: Cycle, who: str, way: str) -> None:
    in_force(world, run, next_review=timezone.localdate() - MONTH)
    links = linked(tree(signed_in(getattr(world, who)).get(POLICIES)))
    assert links[f"{way}: House rules for the public"] == f"{POLICIES}house-rules/"


def test_a_list_without_points_has_no_heading_for_them(world: World, signed_in: SignIn, run: Cycle) -> None:
    in_force(world, run)
    assert "Points about your policies" not in words(signed_in(world.lead).get(POLICIES))


def test_the_page_of_a_version_has_its_own_points_only(world: World, signed_in: SignIn, run: Cycle) -> None:
    in_force(world, run, state="draft", issued_at=None, facts=None)
    in_force(world, None, "crisis", state="draft", issued_at=None)
    review_says(world, "weekly", watched="nobody", reply_within=24)
    client = signed_in(world.lead)
    assert "nobody watches your accounts yet" in words(client.get(f"{POLICIES}house-rules/1/"))
    assert "nobody watches your accounts yet" not in words(client.get(f"{POLICIES}crisis/1/"))


def test_what_people_typed_is_escaped(world: World, signed_in: SignIn, run: Cycle) -> None:
    User.objects.filter(pk=world.lead.pk).update(name="<b>Lena</b>")
    in_force(world, run)
    Membership.objects.filter(user=world.lead).update(organisation=world.elsewhere)
    page = signed_in(world.contributor).get(POLICIES)
    assert "<b>Lena</b> owns" in words(page)
    assert "<b>Lena</b>" not in page.content.decode()


# The point of the review that there is no policy for staff.

POINTS = "/o/nhs-anywhere/reviews/autumn-2026/points/"
STAFF = f"{POLICIES}staff-policy/"


@pytest.fixture
def no_policy(world: World) -> None:
    review_says(world, "publishers", publishers="colleagues", staff_policy="no")


def staff_point(client: Client, where: str = POINTS) -> Any:
    (point,) = tree(client.get(where)).xpath("//li[@id='point-content-no-staff-policy']")
    return point


def linked(point: Any) -> dict[str, str]:
    return {" ".join(link.text_content().split()): link.get("href") for link in point.xpath(".//a")}


@pytest.mark.usefixtures("no_policy")
def test_a_lead_starts_the_staff_policy_from_its_point(world: World, signed_in: SignIn) -> None:
    for where in (POINTS, address(world, "publishers")):
        point = staff_point(signed_in(world.lead), where)
        assert linked(point)["Start it: Social media policy for staff"] == STAFF
        assert "nhsuk-button" in point.xpath(".//a[contains(., 'Start it')]/@class")[0]


@pytest.mark.usefixtures("no_policy")
@pytest.mark.parametrize("who", ["contributor", "manager"])
def test_who_cannot_start_one_sees_a_plain_link(world: World, signed_in: SignIn, who: str) -> None:
    point = staff_point(signed_in(getattr(world, who)))
    assert linked(point)["Social media policy for staff"] == STAFF
    assert not point.xpath(".//a[contains(@class, 'nhsuk-button')]")


@pytest.mark.usefixtures("no_policy")
def test_a_staff_policy_that_is_begun_is_gone_on_with_from_its_point(world: World, signed_in: SignIn) -> None:
    in_force(world, None, "staff-policy", state="draft", issued_at=None)
    point = staff_point(signed_in(world.contributor))
    assert "Version 1 is a draft: go on" in " ".join(point.text_content().split())
    assert linked(point)["go on: Social media policy for staff"] == f"{STAFF}1/"
    read = staff_point(signed_in(world.manager))
    assert linked(read)["read it: Social media policy for staff"] == f"{STAFF}1/"


@pytest.mark.usefixtures("no_policy")
def test_a_staff_policy_that_is_issued_is_told_of_by_the_point_and_by_the_policies(
    world: World, signed_in: SignIn
) -> None:
    in_force(world, None, "staff-policy")
    point = staff_point(signed_in(world.lead))
    assert "Your organisation has one, version 1, issued on" in " ".join(point.text_content().split())
    page = signed_in(world.lead).get(POLICIES)
    assert "the review Autumn 2026 says that you have no staff policy" in words(page)
    assert linked(tree(page))["Change that answer: Social media policy for staff"] == address(world, "publishers")
    Cycle.objects.filter(pk=world.cycle.pk).update(state=Cycle.State.SIGNED_OFF)
    assert "you have no staff policy" not in words(signed_in(world.lead).get(POLICIES))


# When a plan in force was tried out.

EXERCISED = f"{POLICIES}crisis/1/exercised/"


def enter(client: Client, page: Any, day: datetime.date) -> Any:
    typed = {"exercised_on-day": day.day, "exercised_on-month": day.month, "exercised_on-year": day.year}
    return client.post(EXERCISED, {**form_of(page), **typed})


def test_the_date_of_an_exercise_is_entered_without_a_new_version(world: World, signed_in: SignIn) -> None:
    in_force(world, None, "crisis")
    assert found(world)["exercise"].href == EXERCISED
    client, today = signed_in(world.contributor), timezone.localdate()
    assert "Not exercised yet" in words(client.get(f"{POLICIES}crisis/1/"))
    done = enter(client, client.get(EXERCISED), today)
    assert done.headers["Location"] == f"{POLICIES}crisis/1/"
    assert "The date of the exercise is saved" in words(client.get(f"{POLICIES}crisis/1/"))
    assert Policy.objects.get().exercised_on == today
    assert found(world) == {}


def test_an_exercise_lies_in_the_past_and_has_a_date(world: World, signed_in: SignIn) -> None:
    in_force(world, None, "crisis")
    client = signed_in(world.lead)
    page = client.get(EXERCISED)
    later = enter(client, page, timezone.localdate() + MONTH)
    assert later.status_code == 400
    assert error_messages(later) == ["Enter a date that is not in the future"]
    assert error_messages(client.post(EXERCISED, form_of(page))) == [
        "Enter the date on which you tried it out, like 3 March 2027"
    ]


def test_two_who_enter_an_exercise_at_once_see_each_other(world: World, signed_in: SignIn) -> None:
    policy, today = in_force(world, None, "crisis"), timezone.localdate()
    client = signed_in(world.lead)
    page = client.get(EXERCISED)
    Policy.objects.filter(pk=policy.pk).update(exercised_on=today - MONTH)
    clash = enter(client, page, today)
    assert clash.status_code == 409
    assert f"Somebody saved {spoken_date(today - MONTH)} while you were writing" in words(clash)
    assert form_of(clash)["exercised_on-day"] == [str(today.day)]
    assert enter(client, clash, today).status_code == 302
    assert Policy.objects.get().exercised_on == today


def test_only_a_plan_in_force_has_a_page_for_its_exercise(world: World, signed_in: SignIn) -> None:
    in_force(world, None, "crisis", state="draft", issued_at=None)
    in_force(world, None)
    client = signed_in(world.lead)
    assert client.get(EXERCISED).status_code == 404
    assert client.get(f"{POLICIES}house-rules/1/exercised/").status_code == 404


def test_a_manager_reads_when_a_plan_was_tried_out(world: World, signed_in: SignIn) -> None:
    in_force(world, None, "crisis")
    page = signed_in(world.manager).get(EXERCISED)
    assert "Nobody has tried it out yet" in words(page)
    assert not tree(page).xpath("//main//form")


def test_many_points_do_not_push_the_documents_away(world: World, signed_in: SignIn, run: Cycle) -> None:
    for document in DOCUMENTS:
        in_force(world, run, document, owner=None)
    page = tree(signed_in(world.lead).get(POLICIES))
    points = page.xpath("//section[@aria-labelledby='policy-points']//li[starts-with(@id, 'point-')]")
    folded = page.xpath("//section[@aria-labelledby='policy-points']//details//li[starts-with(@id, 'point-')]")
    assert len(points) - len(folded) == 4
    assert f"See {len(folded)} more" in page.text_content()


# The demonstration.


def test_the_demo_has_house_rules_in_force_and_a_staff_policy_half_decided(db: None) -> None:
    for _ in range(2):
        demonstration.make()
    rules, staff = Policy.objects.order_by("document")
    assert (rules.document, rules.state, rules.version) == ("house-rules", "issued", 1)
    assert rules.file.sha256
    assert [move.kind for move in rules.moves.all()] == ["started", "sent", "issued"]
    assert (staff.document, staff.state) == ("staff-policy", "draft")
    usual = staff.clauses.exclude(choice="left-out")
    assert 0 < usual.filter(decided=True).count() < usual.count()
    assert staff.clauses.filter(choice="changed").count() == 1
    lead = User.objects.get(email="lead@example.org")
    assert [point.id for point in points_of(visit(lead, "nhs-anywhere"))] == ["hours"]


def test_the_demo_leaves_the_house_rules_sent_where_nothing_can_be_printed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(html: str) -> None:
        raise Unavailable("There is no press.")

    monkeypatch.setattr(printer, "print", fail)
    demonstration.make()
    assert Policy.objects.get(document="house-rules").state == "sent"
