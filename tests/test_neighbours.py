"""What a run reads of others and may take over from them: which run is meant, and that nothing comes unasked."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.reading import send, tree, words
from tests.world import World
from worksheets import neighbours, texts
from worksheets.cycles import start_cycle
from worksheets.models import Cycle, Organisation, User
from worksheets.report import contents
from worksheets.saving import save_answer, worksheet_of
from worksheets.workbook import Workbook
from worksheets.workbooks.channels import CHANNELS
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION

SignIn = Callable[[User], Client]
day = datetime.date.fromisoformat
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"


def run(
    organisation: Organisation, workbook: Workbook, name: str, starts: str = "2026-11-03", user: User | None = None
) -> Cycle:
    begins = day(starts)
    return start_cycle(organisation, workbook, name, begins, begins + datetime.timedelta(days=90), user)


def answered(cycle: Cycle, stage: str, question: str, **answer: Any) -> None:
    save_answer(worksheet_of(cycle, stage), question, answer, user=None)


@pytest.fixture
def check(world: World) -> Cycle:
    """A quick check of November with an action that is open, one that is done and one that was dropped."""
    cycle = run(world.anywhere, QUICK_CHECK, "Quick check, November 2026")
    rows = [
        {"id": "a-1", "about": "not_for", "what": "Pin what not to send us", "owner": "Priya Nair"},
        {"id": "a-2", "about": "policy", "what": "Write the policy", "done": "2026-11-10"},
        {"id": "a-3", "about": "worth", "because": "We ask again in spring"},
    ]
    answered(cycle, "changes", "actions", actions=rows)
    return cycle


def page_of(cycle: Cycle, stage: str, question: str, workbook: Workbook) -> str:
    return reverse("question", args=[cycle.organisation.slug, workbook, cycle.slug, stage, question])


# Offers.


def test_the_actions_of_a_check_are_offered_as_set_up_tasks_with_where_they_come_from(
    world: World, check: Cycle, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), f"{REVIEW}resources/setup/"
    page = lead.get(place)
    assert "Take over actions from the quick check of 3 November 2026" in words(page)
    assert tree(page).xpath("//input[@name='tasks-take']/@value") == ["Pin what not to send us"]
    # Nothing comes unless somebody presses for it.
    send(lead, place, page=page)
    assert "Pin what not to send us" not in str(world.cycle.worksheets.get(stage="resources").answers)
    sent = send(lead, place, "take:tasks", **{"tasks-take": "Pin what not to send us"})
    assert sent.status_code == 302
    [row] = world.cycle.worksheets.get(stage="resources").answers["setup"]["tasks"]
    assert (row["task"], row["who"]) == ("Pin what not to send us", "Priya Nair")
    # What is there is not offered again.
    assert not tree(lead.get(place)).xpath("//input[@name='tasks-take']")


def test_a_page_sent_twice_takes_a_row_over_once(world: World, check: Cycle, signed_in: SignIn) -> None:
    lead, place = signed_in(world.lead), f"{REVIEW}resources/setup/"
    page = lead.get(place)
    for _ in range(2):
        send(lead, place, "take:tasks", page=page, **{"tasks-take": "Pin what not to send us"})
    assert len(world.cycle.worksheets.get(stage="resources").answers["setup"]["tasks"]) == 1


def test_what_is_not_in_place_is_offered_as_a_risk_with_its_answer(
    world: World, check: Cycle, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), f"{REVIEW}resources/success/"
    [words_of] = tree(lead.get(place)).xpath("//input[@name='risks-take']/@value")
    assert words_of.startswith("Not in place yet: ")
    send(lead, place, "take:risks", **{"risks-take": words_of})
    [row] = world.cycle.worksheets.get(stage="resources").answers["success"]["risks"]
    assert row["mitigation"] == "Pin what not to send us"


def test_stakeholders_go_to_a_plan_and_the_groups_of_a_plan_to_the_next_review(world: World, signed_in: SignIn) -> None:
    world.fill()
    lead, plan = signed_in(world.lead), run(world.anywhere, ENGAGEMENT, "Evening clinics")
    groups = page_of(plan, "people", "groups", ENGAGEMENT)
    assert "Take over stakeholders from the review Autumn 2026" in words(lead.get(groups))
    send(lead, groups, "take:groups", **{"groups-take": "Expectant and new parents"})
    [group] = plan.worksheets.get(stage="people").answers["groups"]["groups"]
    assert group["size"] == 5200
    assert set(group["platforms"]) == {"facebook", "instagram", "whatsapp"}
    answered(plan, "people", "groups", groups=[{"id": "g-1", "who": "Night workers", "other_way": "A phone line"}])
    # Five are as many as there may be.
    assert not tree(lead.get(f"{REVIEW}stakeholders/stakeholders/")).xpath("//input[@name='stakeholders-take']")
    answered(world.cycle, "stakeholders", "stakeholders", stakeholders=[{"id": "st-1", "name": "Reporters"}])
    offered = lead.get(f"{REVIEW}stakeholders/stakeholders/")
    assert "Take over groups from the engagement plan Evening clinics" in words(offered)
    assert tree(offered).xpath("//input[@name='stakeholders-take']/@value") == ["Night workers"]


def test_who_may_only_read_is_offered_nothing(world: World, check: Cycle, signed_in: SignIn) -> None:
    page = signed_in(world.manager).get(f"{REVIEW}resources/setup/")
    assert "Pin what not to send us" not in words(page)


def test_nothing_of_another_organisation_is_offered(world: World, signed_in: SignIn) -> None:
    theirs = run(world.elsewhere, QUICK_CHECK, "Theirs")
    answered(theirs, "changes", "actions", actions=[{"id": "a-1", "about": "policy", "what": "Their secret"}])
    assert "Their secret" not in words(signed_in(world.lead).get(f"{REVIEW}resources/setup/"))


# Which run is read.


def test_the_review_signed_off_last_is_read_or_else_the_newest(world: World) -> None:
    now, plan = texts.current(), run(world.anywhere, ENGAGEMENT, "Evening clinics")
    older = run(world.anywhere, workbook_of(world.cycle), "Spring 2026", "2026-04-01")
    assert neighbours.beside(plan, now)["strategy"].origin == "the review Autumn 2026"
    Cycle.objects.filter(pk=older.pk).update(state=Cycle.State.SIGNED_OFF)
    found = neighbours.beside(plan, now)["strategy"]
    assert found.origin == "the review Spring 2026"
    assert (found.starts, found.newest) == (day("2026-04-01"), day("2026-10-01"))
    Cycle.objects.filter(pk=older.pk).update(archived_at=timezone.now())
    assert neighbours.beside(plan, now)["strategy"].origin == "the review Autumn 2026"


def workbook_of(cycle: Cycle) -> Workbook:
    return neighbours.WORKBOOKS[cycle.workbook]


def test_that_there_is_none_is_known_and_that_nobody_looked_is_not(world: World) -> None:
    now, check = texts.current(), run(world.elsewhere, QUICK_CHECK, "Quick check, November 2026")
    world.foreign_cycle.delete()
    found = neighbours.beside(check, now)
    assert set(found) == {"strategy"}
    assert found["strategy"].newest == datetime.date.min
    assert not found["strategy"].scope.answers


def test_the_check_before_is_the_last_that_began_earlier(world: World, check: Cycle) -> None:
    now = texts.current()
    first = run(world.anywhere, QUICK_CHECK, "Quick check, August 2026", "2026-08-03")
    run(world.anywhere, QUICK_CHECK, "Quick check, February 2027", "2027-02-03")
    assert neighbours.beside(check, now)["before"].starts == first.starts
    assert "before" not in neighbours.beside(first, now)


def test_what_is_somebodys_own_is_read_for_their_own_alone(world: World) -> None:
    now = texts.current()
    hers = run(world.anywhere, REFLECTION, "Reflection, May 2026", "2026-05-01", world.manager)
    his = run(world.anywhere, REFLECTION, "Reflection, November 2026", user=world.contributor)
    next_of_hers = run(world.anywhere, REFLECTION, "Reflection, November 2026", user=world.manager)
    assert "before" not in neighbours.beside(his, now)
    assert neighbours.beside(next_of_hers, now)["before"].starts == hers.starts


# What it costs, and what depends on it.


def test_a_review_costs_no_query_more_and_others_two(world: World) -> None:
    now = texts.current()
    for cycle, most in ((world.cycle, 0), (run(world.anywhere, CHANNELS, "Home first"), 2)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            neighbours.beside(cycle, now)
        assert len(queries) <= most


def test_a_page_is_made_anew_when_what_it_was_read_against_changes(world: World, check: Cycle) -> None:
    stamp = texts.stamp()
    before = contents.digest(check, stamp), contents.digest(world.cycle, stamp)
    answered(world.cycle, "drivers", "drivers", drivers=["peers"])
    assert contents.digest(check, stamp) != before[0]
    # And a review when a check changes: it reads none.
    answered(check, "working", "four", planned="no")
    assert contents.digest(world.cycle, stamp) == before[1]


def test_a_point_leads_to_starting_the_review_that_is_due(world: World, check: Cycle, signed_in: SignIn) -> None:
    world.cycle.delete()
    answered(check, "working", "four", planned="no", managed="no", impact="yes", worth="yes")
    place = reverse("points", args=["nhs-anywhere", QUICK_CHECK, check.slug])
    assert tree(signed_in(world.lead).get(place)).xpath("//a[@href='/o/nhs-anywhere/reviews/new/']")
    # Only leads start one.
    assert not tree(signed_in(world.contributor).get(place)).xpath("//a[@href='/o/nhs-anywhere/reviews/new/']")
