"""Who may do what: every address of the toolkit, every kind of person, reading and writing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from tests.world import World, cycle_of
from worksheets import saving
from worksheets.diary import feeds
from worksheets.models import Action, Cycle, Event, Group, GroupMember, Membership, Policy, PolicyClause, Result, User
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]

# The outsider leads another organisation; nobody belongs to none; the administrator has no membership either.
PEOPLE = ("signed out", "outsider", "nobody", "manager", "contributor", "lead", "admin")

# What each person gets for reading | for sending an empty form. A new address fails the test until it has its line. One
# line holds for both addresses of a name that has one with a workbook in it and one without.
TABLE = """
start            302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
share            302 404 404 403 403 404 404 | 302 404 404 403 403 404 404
shared           302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
document         302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
document-pdf     302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
document-word    302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
home             302 302 200 302 302 302 200 | 302 405 405 405 405 405 405
dashboard        302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
mails            302 404 404 200 200 200 404 | 302 404 404 400 400 400 404
calendar         302 404 404 200 200 200 404 | 302 404 404 400 400 400 404
people           302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
groups           302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
group            302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
group-share      302 404 404 200 200 200 404 | 302 404 404 403 403 400 404
person-add       302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
person-change    302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
person-remove    302 404 404 403 403 200 404 | 302 404 404 403 403 302 404
person-send      302 405 405 405 405 405 405 | 302 404 404 403 403 302 404
cycle-start      302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
next             302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
looking-back     302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
look-back-at     302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
actions          302 404 404 200 200 200 404 | 302 404 404 400 400 400 404
action-add       302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
action-change    302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
results          302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
cycle-results    302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
actions-xlsx     302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
tables           302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
tables-xlsx      302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
table-upload     302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
results-csv      302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
results-xlsx     302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
results-upload   302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
measure          302 404 404 200 200 200 404 | 302 404 404 403 400 400 404
figure-change    302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
figure-remove    302 404 404 403 200 200 404 | 302 404 404 403 302 302 404
event-add        302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
event-change     302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
event-remove     302 404 404 403 200 200 404 | 302 404 404 403 302 302 404
cycle-edit       302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
cycle-archive    302 404 404 403 403 200 404 | 302 404 404 403 403 302 404
hub              302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
summary          302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
summary-pdf      302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
review-calendar  302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
summary-word     302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
reopen           302 404 404 403 302 302 404 | 302 404 404 403 302 302 404
pictures         302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
points           302 404 404 200 200 200 404 | 302 404 404 403 403 302 404
conclusion       302 404 404 403 403 200 404 | 302 404 404 403 403 400 404
submit           302 404 404 200 200 200 404 | 302 404 404 403 403 400 404
decide           302 404 404 200 403 403 404 | 302 404 404 400 403 403 404
revise           302 404 404 403 403 200 404 | 302 404 404 403 403 409 404
assign           302 404 404 403 200 200 404 | 302 404 404 403 400 400 404
comments         302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
comments-on      302 404 404 200 200 200 404 | 302 404 404 400 400 400 404
policies         302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
policy-document  302 404 404 200 200 200 404 | 302 404 404 403 403 302 404
policy           302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
policy-clause    302 404 404 200 200 200 404 | 302 404 404 403 400 400 404
policy-control   302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
policy-exercised 302 404 404 200 200 200 404 | 302 404 404 403 400 400 404
policy-send      302 404 404 200 200 200 404 | 302 404 404 403 403 409 404
policy-library   302 404 404 200 200 200 404 | 302 404 404 403 404 404 404
policy-pdf       302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
policy-word      302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
policy-html      302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
policy-decide    302 404 404 200 403 403 404 | 302 404 404 409 403 403 404
verify           302 404 404 200 200 200 404 | 302 404 404 400 400 400 404
activity         302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
compare          302 404 404 302 302 302 404 | 302 405 405 405 405 405 405
compare-choose   302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
question-history 302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
restore          302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
summary-compared 302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
trend            302 404 404 200 200 200 404 | 302 405 405 405 405 405 405
download-json    302 404 404 403 403 200 404 | 302 405 405 405 405 405 405
check            302 404 404 200 200 200 404 | 302 404 404 403 400 400 404
question         302 404 404 200 200 200 404 | 302 404 404 403 302 302 404
example          302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
example-answers  302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
example-pdf      302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
example-summary  302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
guidance         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
guidance-search  302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
blank-worksheets 302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
guidance-stage   302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
platforms        302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
learning         302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
about            200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
accessibility    200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
calendar-feed    200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
health           200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
ready            200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
"""
EXPECTED = {line.split()[0]: line.split(maxsplit=1)[1] for line in TABLE.strip().splitlines()}


def named(patterns: list[Any], start: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the toolkit, by name; those that sign people in and those of the administration have tests of
    their own."""
    for pattern in patterns:
        route = start + str(pattern.pattern)
        if route.startswith(("accounts/", "admin/")):
            continue
        if isinstance(pattern, URLPattern):
            yield pattern.name or route, pattern
        else:
            yield from named(pattern.url_patterns, route)


ADDRESSES = list(named(get_resolver().url_patterns))
# What each name has in its longest address.
ASKED = {name: tuple(pattern.pattern.converters) for name, pattern in ADDRESSES}


ABOUT_RESULTS = (
    "looking-back",
    "look-back-at",
    "measure",
    "figure-change",
    "figure-remove",
    "event-change",
    "event-remove",
)


def with_results(world: World) -> dict[str, Any]:
    """A review that follows another, with a measure, a figure and an event that the contributor entered."""
    measures = {"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}}
    last = world.anywhere.cycles.filter(slug="last").first() or cycle_of(world.anywhere, "Last", "last")
    for cycle in (world.cycle, last):
        world.fill(cycle, evaluation=measures)
    Cycle.objects.filter(pk=world.cycle.pk).update(previous=last)
    entered = {"on": datetime.date(2026, 11, 1), "entered_by": world.contributor}
    figure, _ = Result.objects.get_or_create(cycle=world.cycle, measure="m-1", value=5, **entered)
    event, _ = Event.objects.get_or_create(cycle=world.cycle, text="A national story", **entered)
    return {"measure": "m-1", "table": "measures", "row": "m-1", "pk": figure.pk, "event": event.pk}


ABOUT_POLICIES = ("policy-pdf", "policy-word", "policy-html", "policy-decide")
ABOUT_DRAFTS = ("policy-document", "policy", "policy-clause", "policy-control", "policy-send", "policy-library")


def with_policy(world: World) -> dict[str, Any]:
    """House rules that the lead sent for approval."""
    sent = {"state": Policy.State.SENT, "sent_at": timezone.now(), "sent_by": world.lead}
    Policy.objects.get_or_create(organisation=world.anywhere, document="house-rules", version=1, defaults=sent)
    return {"document": "house-rules", "version": 1}


def with_draft(world: World) -> dict[str, Any]:
    """The plan for a crisis as a draft, of which nothing is decided."""
    draft, _ = Policy.objects.get_or_create(organisation=world.anywhere, document="crisis", version=1)
    PolicyClause.objects.get_or_create(policy=draft, key="when")
    return {"document": "crisis", "version": 1, "clause": "when"}


def with_plan(world: World) -> dict[str, Any]:
    """The plan for a crisis in force."""
    issued = {"state": Policy.State.ISSUED, "issued_at": timezone.now()}
    Policy.objects.get_or_create(organisation=world.anywhere, document="crisis", version=1, defaults=issued)
    return {"document": "crisis", "version": 1}


def address(name: str, world: World, asked: tuple[str, ...] = (), **other: Any) -> str:
    """Where the page called `name` is, for the review of NHS Anywhere; `other` says what is to be another's."""
    values = {
        "organisation": world.anywhere.slug,
        "workbook": STRATEGY,
        "cycle": world.cycle.slug,
        "stage": "drivers",
        "step": "aims",
        "question": "aims",
        "document": "you-said",
        "pk": Membership.objects.get(user=world.contributor, organisation=world.anywhere).pk,
    }
    asked = asked or ASKED[name]
    if name == "table-upload":
        values["question"] = "platforms"
    if name == "action-change":
        values["pk"] = Action.objects.create(organisation=world.anywhere, text="Close the old page").pk
    if name in ABOUT_RESULTS:
        values |= with_results(world)
    if name in ("event-change", "event-remove"):
        values["pk"] = values.get("event")
    if name in ABOUT_POLICIES:
        values |= with_policy(world)
    elif name == "policy-exercised":
        values |= with_plan(world)
    elif name in ABOUT_DRAFTS:
        values |= with_draft(world)
    elif "version" in asked:
        worksheet = saving.worksheet_of(world.cycle, "drivers")
        saving.save_answer(worksheet, "aims", {}, user=None)
        values["version"] = worksheet.version
    if "token" in asked:
        feeds.start(world.lead)
        values["token"] = feeds.token_of(world.lead.feed)
    if "group" in asked:
        group, _ = Group.objects.get_or_create(slug="anywhere-icb", defaults={"name": "Anywhere ICB"})
        GroupMember.objects.get_or_create(group=group, organisation=world.anywhere)
        values["group"] = group.slug
    if "against" in asked:
        beside = world.anywhere.cycles.exclude(pk=world.cycle.pk).first() or cycle_of(world.anywhere, "Last", "last")
        values["against"] = beside.slug
    return reverse(name, kwargs={key: value for key, value in (values | other).items() if key in asked})


def statuses(url: str, method: str, world: World, signed_in: SignIn) -> str:
    """What each kind of person gets, in the order of the table. What they do is undone after each."""
    found = []
    for person in PEOPLE:
        client = Client() if person == "signed out" else signed_in(getattr(world, person))
        with transaction.atomic():
            response = getattr(client, method)(url)
            transaction.set_rollback(method == "post")
        found.append(str(response.status_code))
        if person == "signed out" and response.status_code == 302:
            assert response["Location"] == f"/accounts/login/?next={url}"
    return " ".join(found)


def test_every_address_is_in_the_table() -> None:
    assert sorted(ASKED) == sorted(EXPECTED)


@pytest.mark.parametrize(
    ("name", "asked"),
    [pytest.param(name, tuple(pattern.pattern.converters), id=name) for name, pattern in ADDRESSES],
)
def test_everybody_gets_what_the_table_says(name: str, asked: tuple[str, ...], world: World, signed_in: SignIn) -> None:
    found = [statuses(address(name, world, asked), method, world, signed_in) for method in ("get", "post")]
    assert " | ".join(found) == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name in EXPECTED if "cycle" in ASKED[name]])
def test_a_review_of_another_organisation_is_not_found_under_ones_own(
    name: str, world: World, signed_in: SignIn
) -> None:
    Cycle.objects.filter(pk=world.foreign_cycle.pk).update(slug="theirs")
    client = signed_in(world.lead)
    for other in ({"cycle": "theirs"}, {"cycle": "theirs", "organisation": "nhs-elsewhere"}, {"cycle": "nothing"}):
        assert client.get(address(name, world, **other)).status_code == 404
        assert client.post(address(name, world, **other)).status_code in (404, 405)


@pytest.mark.parametrize("name", ["person-change", "person-remove", "person-send"])
def test_a_member_of_another_organisation_is_not_found_under_ones_own(
    name: str, world: World, signed_in: SignIn
) -> None:
    theirs = Membership.objects.get(user=world.outsider)
    client = signed_in(world.lead)
    assert client.get(address(name, world, pk=theirs.pk)).status_code in (404, 405)
    assert client.post(address(name, world, pk=theirs.pk), {"role": "manager"}).status_code == 404
    assert Membership.objects.get(pk=theirs.pk).role == "lead"


@pytest.mark.parametrize("name", ["check", "question", "cycle-edit"])
def test_nobody_writes_in_an_archived_review(name: str, world: World, signed_in: SignIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    for person in (world.lead, world.contributor, world.manager):
        assert signed_in(person).post(address(name, world)).status_code == 403


def test_whoever_leaves_an_organisation_finds_nothing_of_it_any_more(world: World, signed_in: SignIn) -> None:
    client, url = signed_in(world.contributor), address("question", world)
    assert client.get(url).status_code == 200
    Membership.objects.filter(user=world.contributor).delete()
    assert client.get(url).status_code == 404
    assert client.post(url, {"aims-0-statement": "Late"}).status_code == 404


def test_whoever_may_not_sign_in_any_more_is_signed_out(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.contributor)
    User.objects.filter(pk=world.contributor.pk).update(is_active=False)
    assert client.get(address("question", world)).status_code == 302


def test_a_role_in_one_organisation_is_none_in_another(world: World, signed_in: SignIn) -> None:
    Membership.objects.create(user=world.outsider, organisation=world.anywhere, role="manager")
    client = signed_in(world.outsider)
    assert client.get(address("question", world)).status_code == 200
    assert client.post(address("question", world), {"aims-0-statement": "Mine"}).status_code == 403
    assert client.get(address("download-json", world)).status_code == 403
    assert client.get(address("home", world)).status_code == 200


def test_what_was_typed_is_kept_when_the_session_has_ended(world: World) -> None:
    response = Client().post(address("question", world), {"aims-0-statement": "Typed before lunch"})
    assert response.status_code == 403
    assert "Typed before lunch" in response.content.decode()
