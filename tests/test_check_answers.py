"""Check your answers: all that a stage holds, what is still missing, and completing and reopening its worksheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.reading import address, error_messages, send, tree, words
from tests.world import SAMPLE_FILE, World
from worksheets import interchange, saving
from worksheets.models import User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
KEYS = [stage.key for stage in STRATEGY.stages]


def check(world: World, stage: str) -> str:
    return reverse("check", args=[world.anywhere.slug, STRATEGY, world.cycle.slug, stage])


def worksheet(world: World, stage: str) -> Worksheet:
    return Worksheet.objects.get(cycle=world.cycle, stage=stage)


def fill(world: World) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)


def links(page: HttpResponse) -> list[str]:
    return [link.get("href") for link in tree(page).xpath("//main//a")]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


@pytest.mark.parametrize("stage", KEYS)
def test_before_anything_is_answered_each_question_says_so_and_can_be_answered(
    world: World, lead: Client, stage: str
) -> None:
    page = lead.get(check(world, stage))
    assert page.status_code == 200
    assert "Not answered yet" in words(page)
    for question in STRATEGY.stage[stage].questions:
        assert question.title in words(page)
        assert address(world, question.key) in links(page)


def texts_in(value: Any) -> list[str]:
    """Every text and number of an answer as a reader should find it; keys and ids are told in other words."""
    if isinstance(value, dict):
        skipped = ("id", "stakeholder", "objective", "smart", "format", "kind", "role", "platform", "level", "use")
        return [text for key, part in value.items() if key not in skipped for text in texts_in(part)]
    if isinstance(value, list):
        return [text for part in value if isinstance(part, dict) for text in texts_in(part)]
    return [value] if isinstance(value, str) and " " in value else []


@pytest.mark.parametrize("stage", KEYS)
def test_everything_that_was_answered_can_be_read(world: World, lead: Client, stage: str) -> None:
    fill(world)
    said = words(lead.get(check(world, stage)))
    texts = texts_in(worksheet(world, stage).answers)
    assert texts
    for text in texts:
        # What every aim begins with is said once, above them.
        begins, _, rest = " ".join(text.split()).rpartition(" aims to ")
        assert f"{rest[:1].upper()}{rest[1:]}" in said if begins else rest in said
    if stage == "drivers":
        assert said.count("By using social media, NHS Anywhere aims to:") == 1
    for key in ("aim-maternity", "obj-flow", "st-parents", "smart-answers", "in-house"):
        assert key not in said


def test_choices_numbers_dates_and_platforms_are_told_in_words(world: World, lead: Client) -> None:
    fill(world)
    assert "28 February 2027" in words(lead.get(check(world, "alignment")))
    stakeholders = words(lead.get(check(world, "stakeholders")))
    assert "5,200" in stakeholders
    assert "Your top three platforms" in stakeholders
    assert "24 hours a week" in words(lead.get(check(world, "resources")))


@pytest.mark.parametrize("stage", KEYS)
def test_a_worksheet_with_nothing_missing_is_completed(world: World, lead: Client, stage: str) -> None:
    fill(world)
    response = send(lead, check(world, stage), "complete")
    assert response.status_code == 302
    assert response["Location"] == reverse("hub", args=[world.anywhere.slug, STRATEGY, world.cycle.slug])
    now = worksheet(world, stage)
    assert now.complete
    assert now.completed_by == world.lead
    assert now.completed_at
    page = lead.get(check(world, stage))
    assert "This worksheet is complete" in words(page)
    assert "Lena Lead completed it on" in words(page)
    assert not [
        link
        for link in links(page)
        if "/questions/" in link or link == address(world, STRATEGY.stage[stage].questions[0].key)
    ]


@pytest.mark.parametrize("stage", KEYS)
def test_what_is_missing_is_listed_with_links_and_nothing_is_completed(world: World, lead: Client, stage: str) -> None:
    response = send(lead, check(world, stage), "complete")
    assert response.status_code == 400
    messages = error_messages(response)
    needed = [question for question in STRATEGY.stage[stage].questions if not question.optional]
    for question in needed:
        assert any(message.startswith(f"Question {question.number}, ") for message in messages)
        assert any(link.startswith(f"{address(world, question.key)}#") for link in links(response))
    assert not worksheet(world, stage).complete


def test_a_link_to_what_is_missing_lands_on_its_field(world: World, lead: Client) -> None:
    fill(world)
    saving.save_answer(
        worksheet(world, "drivers"), "aims", {"aims": [{"id": "a", "statement": "One"}]}, seen=None, user=None
    )
    response = send(lead, check(world, "drivers"), "complete")
    targets = [link for link in links(response) if "#" in link]
    assert f"{address(world, 'aims')}#aims-0-achievable" in targets
    for target in targets:
        url, _, element = target.partition("#")
        assert tree(lead.get(url)).xpath("//*[@id=$id]", id=element), f"{element} is not on its page"


@pytest.mark.parametrize("stage", KEYS)
def test_every_link_to_what_is_missing_leads_somewhere(world: World, lead: Client, stage: str) -> None:
    if stage in ("content", "stakeholders"):
        people = {
            "stakeholders": {"stakeholders": [{"id": "st", "name": "Parents", "influence": "high", "interest": "low"}]}
        }
        world.fill(stakeholders=people)
    response = send(lead, check(world, stage), "complete")
    for target in [link for link in links(response) if "#" in link]:
        url, _, element = target.partition("#")
        assert tree(lead.get(url)).xpath("//*[@id=$id]", id=element), f"{target} is not on its page"


def test_a_reference_whose_row_is_gone_is_missing_again(world: World, lead: Client) -> None:
    fill(world)
    aims = worksheet(world, "drivers").answers["aims"]["aims"][1:]
    saving.save_answer(worksheet(world, "drivers"), "aims", {"aims": aims}, seen=None, user=None)
    response = send(lead, check(world, "content"), "complete")
    assert response.status_code == 400
    assert any("Choose at least one aim it serves" in message for message in error_messages(response))


def test_a_complete_worksheet_can_be_reopened(world: World, lead: Client, signed_in: SignIn) -> None:
    fill(world)
    send(lead, check(world, "drivers"), "complete")
    response = send(signed_in(world.contributor), check(world, "drivers"), "reopen")
    assert response["Location"] == check(world, "drivers")
    now = worksheet(world, "drivers")
    assert (now.complete, now.completed_by, now.completed_at) == (False, None, None)
    assert now.answers["aims"]
    assert address(world, "aims") in links(lead.get(check(world, "drivers")))


def test_completing_twice_keeps_who_was_first(world: World, lead: Client, signed_in: SignIn) -> None:
    fill(world)
    contributor = signed_in(world.contributor)
    page = contributor.get(check(world, "drivers"))
    send(lead, check(world, "drivers"), "complete")
    assert send(contributor, check(world, "drivers"), "complete", page=page).status_code == 302
    assert worksheet(world, "drivers").completed_by == world.lead


@pytest.mark.parametrize("verb", ["", "finish", "complete2", "confirm", "confirm:nothing", "confirm:smart"])
def test_what_no_button_asks_for_completes_nothing(world: World, lead: Client, verb: str) -> None:
    fill(world)
    assert lead.post(check(world, "drivers"), {"do": verb} if verb else {}).status_code == 400
    assert not worksheet(world, "drivers").complete


def test_managers_read_and_find_no_button(world: World, signed_in: SignIn) -> None:
    fill(world)
    page = signed_in(world.manager).get(check(world, "drivers"))
    assert "You can read these answers" in words(page)
    assert not tree(page).xpath("//main//form")
    assert address(world, "aims") not in links(page)


@pytest.mark.parametrize("stage", ["nothing", "aims", "Drivers", "new-stage"])
def test_an_unknown_stage_is_not_found(world: World, lead: Client, stage: str) -> None:
    assert lead.get(check(world, stage)).status_code == 404
    assert lead.post(check(world, stage), {"do": "complete"}).status_code == 404


@pytest.mark.parametrize("stage", KEYS)
def test_a_check_page_takes_few_queries_and_writes_nothing(world: World, lead: Client, stage: str) -> None:
    fill(world)
    lead.get(check(world, stage))
    with CaptureQueriesContext(connection) as queries:
        lead.get(check(world, stage))
    # One more where rows may be made actions.
    assert len(queries) <= (6 if stage == "stakeholders" else 5)
    assert not [q["sql"] for q in queries if not q["sql"].lstrip("(").startswith("SELECT")]


def test_the_whole_review_is_walked_and_completed_stage_by_stage(world: World, lead: Client) -> None:
    fill(world)
    for question in STRATEGY.questions:
        assert send(lead, address(world, question.key)).status_code == 302
    for stage in KEYS:
        assert send(lead, check(world, stage), "complete").status_code == 302
    assert "All six worksheets are complete" in words(
        lead.get(reverse("hub", args=["nhs-anywhere", STRATEGY, "autumn-2026"]))
    )


def test_what_was_saved_while_somebody_read_is_not_completed_unread(world: World, lead: Client) -> None:
    fill(world)
    url = check(world, "evaluation")
    shown = lead.get(url)
    saving.save_answer(worksheet(world, "evaluation"), "engagement", {"actions": ["likes"]}, seen=None, user=world.lead)
    page = send(lead, url, "complete", page=shown)
    assert page.status_code == 409
    assert "Somebody saved an answer while you were reading" in words(page)
    assert not worksheet(world, "evaluation").complete
    assert send(lead, url, "complete", page=page).status_code == 302
    assert worksheet(world, "evaluation").complete
