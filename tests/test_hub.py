"""The hub of a review: how far it is, what is still open, where to go on, and who did what last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.reading import address, send, tree, words
from tests.world import SAMPLE_FILE, World, cycle_of
from worksheets import interchange, saving
from worksheets.models import Cycle, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]


def hub(world: World) -> str:
    return reverse("hub", args=[world.anywhere.slug, STRATEGY, world.cycle.slug])


def fill(world: World) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)


def tasks(page: HttpResponse) -> list[str]:
    """The entries of the task list, each in one line."""
    items = tree(page).xpath("//li[contains(@class, 'nhsuk-task-list__item')]")
    return [" ".join(item.text_content().split()) for item in items]


def button(page: HttpResponse) -> tuple[str, str]:
    """The words of the green button and where it leads."""
    (found,) = tree(page).xpath("//main//a[contains(@class, 'nhsuk-button')]")
    return " ".join(found.text_content().split()), found.get("href")


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def test_a_new_review_starts_at_the_first_question(world: World, lead: Client) -> None:
    page = lead.get(hub(world))
    said = words(page)
    assert "0 of 21 questions answered. About 2 hours left." in said
    assert "1 October 2026 to 31 March 2027" in said
    # Beside it stands only what there is.
    for nothing in ("Points to resolve", "Comments and sign-off", "Recent activity", "Read the summary", "last time"):
        assert nothing not in said
    assert len(tasks(page)) == 6
    assert all("Not started" in task for task in tasks(page))
    assert tasks(page)[0].startswith("1. Drivers and aims")
    words_on_it, href = button(page)
    assert words_on_it.startswith("Start: question 1")
    assert href == address(world, "drivers")


def test_it_continues_where_it_was_left_off(world: World, lead: Client) -> None:
    send(lead, address(world, "drivers"), drivers=["other"], other_evidence="A new law")
    send(lead, address(world, "aims"), aims__0__statement="Answer parents")
    page = lead.get(hub(world))
    assert "1 of 21 questions answered" in words(page)
    assert "In progress" in tasks(page)[0]
    assert "Still open: question 2. Aims" in tasks(page)[0]
    assert "Not started" in tasks(page)[1]
    words_on_it, href = button(page)
    assert words_on_it.startswith("Continue: question 2")
    assert href == address(world, "aims")
    assert "by you" in words(page)


def test_an_optional_question_counts_once_it_was_saved(world: World, lead: Client) -> None:
    send(lead, address(world, "stopping"))
    send(lead, address(world, "weekly"))
    assert "1 of 21 questions answered" in words(lead.get(hub(world)))


def test_a_question_with_only_empty_rows_is_not_started(world: World, lead: Client) -> None:
    send(lead, address(world, "objectives"))
    send(lead, address(world, "presence"))
    page = lead.get(hub(world))
    assert "0 of 21 questions answered" in words(page)
    assert all("Not started" in task for task in tasks(page))


def test_when_all_is_answered_it_leads_to_what_is_to_be_completed(world: World, lead: Client) -> None:
    fill(world)
    page = lead.get(hub(world))
    assert "21 of 21 questions answered." in words(page)
    assert "left." not in words(page)
    assert all("Check the answers and complete the worksheet" in task for task in tasks(page))
    assert button(page) == (
        "Check and complete worksheet 1",
        reverse("check", args=["nhs-anywhere", STRATEGY, "autumn-2026", "drivers"]),
    )


def test_a_complete_review_leads_to_its_submission_or_its_summary(
    world: World, lead: Client, signed_in: SignIn
) -> None:
    fill(world)
    for worksheet in world.cycle.worksheets.all():
        assert saving.complete(worksheet, world.contributor)
    page = lead.get(hub(world))
    assert "All six worksheets are complete" in words(page)
    assert all("Completed by Colin Contributor on" in task for task in tasks(page))
    assert button(page) == ("Submit for sign-off", reverse("submit", args=["nhs-anywhere", STRATEGY, "autumn-2026"]))
    page = signed_in(world.contributor).get(hub(world))
    assert button(page)[1] == reverse("summary", args=["nhs-anywhere", STRATEGY, "autumn-2026"])


def test_a_reopened_worksheet_is_seen_to_be_open(world: World, lead: Client) -> None:
    fill(world)
    worksheet = world.cycle.worksheets.get(stage="drivers")
    saving.complete(worksheet, world.lead)
    saving.reopen(worksheet)
    assert "In progress" in tasks(lead.get(hub(world)))[0]


def test_managers_are_led_to_read(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.manager).get(hub(world))
    assert button(page)[1] == reverse("summary", args=["nhs-anywhere", STRATEGY, "autumn-2026"])
    hrefs = [link.get("href") for link in tree(page).xpath("//main//a")]
    assert reverse("check", args=["nhs-anywhere", STRATEGY, "autumn-2026", "drivers"]) in hrefs
    assert not [href for href in hrefs if "review.json" in href or "archive" in href]


def test_an_archived_review_says_so_and_offers_nothing_to_write(world: World, lead: Client) -> None:
    fill(world)
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    page = lead.get(hub(world))
    assert "This review is archived" in words(page)
    assert "Read the strategy summary" in button(page)[0]


def test_recent_activity_names_who_saved_what(world: World, signed_in: SignIn) -> None:
    send(signed_in(world.contributor), address(world, "working"), changes="Film")
    page = signed_in(world.lead).get(hub(world))
    assert "Question 13, Ways of working" in words(page)
    assert "by Colin Contributor" in words(page)


def test_it_takes_few_queries_however_much_there_is(world: World, lead: Client) -> None:
    lead.get(hub(world))
    for more in range(2):
        if more:
            fill(world)
            Worksheet.objects.filter(cycle=world.cycle).update(updated_by=world.contributor, completed_by=world.lead)
            for n in range(20):
                cycle_of(world.anywhere, f"Other {n}", f"other-{n}")
        with CaptureQueriesContext(connection) as queries:
            lead.get(hub(world))
        assert len(queries) <= 8
        assert not [q["sql"] for q in queries if not q["sql"].lstrip("(").startswith("SELECT")]


def test_answers_of_an_older_shape_break_no_page(world: World, lead: Client) -> None:
    """Keys never change, yet what was stored by other versions, or for stages that are no more, must stay readable."""
    fill(world)
    Worksheet.objects.filter(cycle=world.cycle, stage="drivers").update(
        answers={"drivers": {"drivers": ["audience", "love"], "mood": "good"}, "dreams": {"dreams": []}, "aims": {}}
    )
    Worksheet.objects.create(cycle=world.cycle, stage="dreams", answers={"dreams": {"a": 1}}, updated_at=timezone.now())
    assert lead.get(hub(world)).status_code == 200
    for stage in STRATEGY.stages:
        assert lead.get(reverse("check", args=["nhs-anywhere", STRATEGY, "autumn-2026", stage.key])).status_code == 200
        for question in stage.questions:
            assert lead.get(address(world, question.key)).status_code == 200
