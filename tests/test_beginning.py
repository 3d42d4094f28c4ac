"""Nothing is asked twice, and what must come first is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.reading import address, buttons, send, tree, words
from tests.world import World, cycle_of, sample
from worksheets.models import Cycle, User, Worksheet

SignIn = Callable[[User], Client]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def measures(world: World) -> list[dict[str, Any]]:
    answers = Worksheet.objects.get(cycle=world.cycle, stage="evaluation").answers
    rows: list[dict[str, Any]] = answers.get("measures", {}).get("measures", [])
    return rows


def to_begin(page: HttpResponse) -> list[str]:
    return [str(box.get("value")) for box in tree(page).xpath("//input[@name='measures-begin']")]


# Measures from SMART objectives.


def test_a_measure_is_begun_from_a_smart_objective(world: World, lead: Client) -> None:
    world.fill(alignment=sample()["worksheets"]["alignment"])
    url = address(world, "measures")
    page = lead.get(url)
    assert to_begin(page) == ["smart-answers", "smart-waits", "smart-themes"]
    send(lead, url, "begin:measures", page=page, measures__begin=["smart-waits"])
    (row,) = measures(world)
    smart = sample()["worksheets"]["alignment"]["smart"]["smart"][1]
    assert (row["what"], row["target"], row["smart"]) == (smart["measure"], smart["target"], "smart-waits")
    assert row["baseline"] == smart["baseline"]
    assert row["owner"] == smart["owner"]
    # Each is begun once, however often the page is sent.
    assert to_begin(lead.get(url)) == ["smart-answers", "smart-themes"]
    send(lead, url, "begin:measures", page=page, measures__begin=["smart-waits"])
    assert len(measures(world)) == 1


def test_one_is_begun_from_each(world: World, lead: Client) -> None:
    world.fill(alignment=sample()["worksheets"]["alignment"])
    send(lead, address(world, "measures"), "begin:measures:each")
    assert [row["smart"] for row in measures(world)] == ["smart-answers", "smart-waits", "smart-themes"]
    assert "begin:measures:each" not in buttons(lead.get(address(world, "measures")))


def test_what_is_ticked_is_begun_whichever_button_is_pressed(world: World, lead: Client) -> None:
    world.fill(alignment=sample()["worksheets"]["alignment"])
    send(lead, address(world, "measures"), "save", measures__begin=["smart-themes", "smart-nothing"])
    assert [row["smart"] for row in measures(world)] == ["smart-themes"]


def test_who_may_not_write_begins_nothing(world: World, signed_in: SignIn) -> None:
    world.fill(alignment=sample()["worksheets"]["alignment"])
    sent = {"do": "begin:measures:each"}
    assert signed_in(world.manager).post(address(world, "measures"), sent).status_code == 403
    assert signed_in(world.outsider).post(address(world, "measures"), sent).status_code == 404
    assert measures(world) == []


# Tasks of the last review.


def offered_tasks(page: HttpResponse) -> list[str]:
    return [str(box.get("value")) for box in tree(page).xpath("//input[@name='tasks-offer']")]


def test_set_up_tasks_of_the_last_review_are_offered_before_the_common_ones(world: World, lead: Client) -> None:
    url = address(world, "setup")
    common = offered_tasks(lead.get(url))
    assert common[0] == "Brief your manager"
    spring = cycle_of(world.anywhere, "Spring 2026", "spring-2026")
    Cycle.objects.filter(pk=spring.pk).update(starts="2026-04-01", ends="2026-09-30")
    old = [{"id": "t", "task": "Move <b>files</b>", "hours": 2}, {"id": "u", "task": "Brief your manager"}]
    world.fill(spring, resources={"setup": {"tasks": old}})
    page = lead.get(url)
    assert offered_tasks(page) == ["Move <b>files</b>", *common]
    assert "<b>files" not in page.content.decode()
    for _twice in range(2):
        send(lead, url, "add-offers:tasks", page=page, tasks__offer=["Move <b>files</b>", "Nothing of the kind"])
    answers = Worksheet.objects.get(cycle=world.cycle, stage="resources").answers
    assert [row["task"] for row in answers["setup"]["tasks"]] == ["Move <b>files</b>"]
    # What stands in the table is not offered again.
    assert offered_tasks(lead.get(url)) == common


def test_another_organisations_tasks_are_not_offered(world: World, lead: Client) -> None:
    Cycle.objects.filter(pk=world.foreign_cycle.pk).update(starts="2026-04-01", ends="2026-09-30")
    world.fill(world.foreign_cycle, resources={"setup": {"tasks": [{"id": "t", "task": "A secret"}]}})
    assert "A secret" not in offered_tasks(lead.get(address(world, "setup")))


# What was typed before.


def offered(page: HttpResponse, box: str) -> list[str]:
    """What the box with this name offers."""
    (field,) = tree(page).xpath("//input[@name=$name]", name=box)
    return [str(option.get("value")) for option in tree(page).xpath("//datalist[@id=$id]/option", id=field.get("list"))]


def test_owners_offer_who_was_named_before_the_most_frequent_first(world: World, lead: Client) -> None:
    world.fill(
        alignment={"smart": {"smart": [{"id": "s", "owner": "Dee"}, {"id": "t", "owner": "Ann <b>"}]}},
        stakeholders={"platforms": {"platforms": [{"id": "p", "owner": "Dee", "deputy": "Ben"}]}},
        resources={"weekly": {"tasks": [{"id": "w", "who": "Cas"}]}},
    )
    assert offered(lead.get(address(world, "measures")), "measures-0-owner") == ["Dee", "Ann <b>", "Ben", "Cas"]
    assert offered(lead.get(address(world, "measures")), "measures-0-source") == []


def test_another_organisation_offers_nothing(world: World, signed_in: SignIn) -> None:
    world.fill()
    page = signed_in(world.outsider).get(address(world, "measures").replace("nhs-anywhere", "nhs-elsewhere"))
    assert offered(page, "measures-0-owner") == []


# Platforms.


def boxes(page: HttpResponse, name: str) -> list[str]:
    return [box.get("value") for box in tree(page).xpath("//input[@name=$name]", name=name)]


def test_common_platforms_come_first_and_later_those_that_were_chosen(world: World, lead: Client) -> None:
    world.fill()
    asked = tree(lead.get(address(world, "presence"))).xpath("//input[starts-with(@name, 'presence-0-use-')]/@name")
    assert [name.removeprefix("presence-0-use-") for name in asked][:3] == ["facebook", "youtube", "whatsapp"]
    assert boxes(lead.get(address(world, "plan")), "items-0-platforms")[:4] == [
        "facebook",
        "instagram",
        "x",
        "whatsapp",
    ]
    options = tree(lead.get(address(world, "platforms"))).xpath("//select[@name='platforms-0-platform']/option/@value")
    assert options[:4] == ["", "facebook", "instagram", "whatsapp"]


# What must come first.


@pytest.mark.parametrize(
    ("question", "says", "leads"),
    [
        ("objectives", "Name your aims first (question 2)", "aims"),
        ("smart", "Name your objectives first (question 3)", "objectives"),
        ("presence", "Name your stakeholders first (question 5)", "stakeholders"),
        ("weekly", "Name your aims first (question 2)", "aims"),
        ("plan", "Name your stakeholders first (question 5)", "stakeholders"),
        ("proportion", "Name your stakeholders first (question 5)", "stakeholders"),
        ("measures", "Name your SMART objectives first (question 4)", "smart"),
    ],
)
def test_a_question_whose_ground_is_missing_says_what_comes_first(
    world: World, lead: Client, question: str, says: str, leads: str
) -> None:
    page = lead.get(address(world, question))
    ways = tree(page).xpath("//main//button[@value=$go]", go=f"go:{leads}")
    assert [" ".join(way.text_content().split()) for way in ways][:1] == [says]
    # It saves what is typed on the way.
    assert send(lead, address(world, question), f"go:{leads}", page=page)["Location"] == address(world, leads)
    world.fill()
    assert "first (question" not in words(lead.get(address(world, question)))
