"""Drafts that save themselves while somebody types: by the rule of every save, and a minute of typing is one entry."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import address, form_of, seen_on, send, words
from tests.world import World
from worksheets.models import Cycle, Revision, Worksheet
from worksheets.workbooks.strategy.tables import AIMS

SignIn = Callable[[Any], Client]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


class Page:
    """A question page that stands open in a browser with scripts, and what it sends."""

    def __init__(self, client: Client, url: str, name: str = "one") -> None:
        self.client, self.url, self.name, self.turn = client, url, name, 0
        self.fields: dict[str, Any] = dict(form_of(client.get(url)))

    def send(self, do: str, **typed: Any) -> HttpResponse:
        self.turn += 1
        self.fields |= {field.replace("__", "-"): value for field, value in typed.items()}
        return self.client.post(self.url, self.fields | {"do": do, "page": f"{self.name}.{self.turn}"})

    def draft(self, **typed: Any) -> dict[str, Any]:
        """Save a draft; the page then holds what it was told to be stored."""
        told = self.send("draft", **typed).json()
        self.fields["seen"] = told.get("seen", self.fields["seen"])
        return told


@pytest.fixture
def page(lead: Client, world: World) -> Page:
    """Lena's page about how the team could work."""
    return Page(lead, address(world, "working"))


def stored(world: World, question: str = "working") -> Any:
    stage = {"working": "content", "stakeholders": "stakeholders", "aims": "drivers", "drivers": "drivers"}[question]
    return Worksheet.objects.get(cycle=world.cycle, stage=stage).answers.get(question)


def entries(client: Client, world: World, question: str = "working") -> int:
    """How many saves the history of a question tells of."""
    page = client.get(f"/o/nhs-anywhere/reviews/autumn-2026/history/{question}/")
    return page.content.decode().count("app-save-entry")


def earlier(world: World, seconds: int) -> None:
    """Let time pass: what stands in the worksheets began that much earlier."""
    for sheet in world.cycle.worksheets.all():
        for draft in sheet.drafts.values():
            began = datetime.datetime.fromisoformat(draft["began"]) - datetime.timedelta(seconds=seconds)
            draft["began"] = began.isoformat()
        sheet.save()


# Saving.


def test_a_draft_is_saved_and_says_when(page: Page, world: World) -> None:
    told = page.draft(changes="We film on Mondays.")
    now = timezone.localtime()
    assert told["state"] == "saved"
    assert told["words"] in {f"Saved {moment:%H:%M}" for moment in (now, now - datetime.timedelta(minutes=1))}
    assert stored(world) == {"changes": "We film on Mondays."}
    assert told["seen"] == seen_on(page.client.get(page.url))


def test_the_button_after_a_draft_meets_no_conflict_with_itself(page: Page, world: World) -> None:
    page.draft(changes="We film")
    assert page.send("save", changes="We film on Mondays.").status_code == 302
    assert stored(world) == {"changes": "We film on Mondays."}


def test_a_draft_whose_answer_was_lost_on_the_way_is_no_conflict_either(page: Page, world: World) -> None:
    page.send("draft", changes="We film")
    assert page.send("draft", changes="We film on").json()["state"] == "saved"
    assert page.send("save", changes="We film on Mondays.").status_code == 302
    assert stored(world) == {"changes": "We film on Mondays."}


def test_a_draft_that_comes_late_does_not_take_the_place_of_a_later_one(page: Page, world: World) -> None:
    late = page.fields | {"changes": "We", "do": "draft", "page": "one.1"}
    page.turn = 1
    page.draft(changes="We film on Mondays.")
    assert page.client.post(page.url, late).json()["state"] == "conflict"
    assert stored(world) == {"changes": "We film on Mondays."}


def test_a_draft_that_comes_after_the_button_is_refused(page: Page, world: World) -> None:
    late = page.fields | {"changes": "We", "do": "draft", "page": "one.1"}
    page.turn = 1
    page.send("save", changes="We film on Mondays.")
    assert page.client.post(page.url, late).json()["state"] == "conflict"
    assert stored(world) == {"changes": "We film on Mondays."}


def test_the_same_page_in_two_windows_is_told_apart(page: Page, world: World) -> None:
    other = Page(page.client, page.url, "two")
    page.draft(changes="In the first window.")
    told = other.draft(changes="In the second window.")
    assert told["state"] == "conflict"
    assert told["words"].startswith("You changed this answer in another window.")
    assert stored(world) == {"changes": "In the first window."}


def test_a_colleague_who_changed_it_meanwhile_is_named_and_nothing_is_overwritten(
    page: Page, world: World, signed_in: SignIn
) -> None:
    send(signed_in(world.contributor), page.url, changes="We film on Fridays.")
    answer = page.send("draft", changes="We film on Mondays.")
    assert answer.status_code == 409
    assert answer.json() == {
        "state": "conflict",
        "words": "Colin Contributor changed this answer. Save to put both together.",
    }
    assert stored(world) == {"changes": "We film on Fridays."}


def test_nobody_else_passes_for_the_page_that_saved_a_draft(page: Page, world: World, signed_in: SignIn) -> None:
    colleague = Page(signed_in(world.contributor), page.url, "one")
    page.draft(changes="We film on Mondays.")
    colleague.turn = 5
    assert colleague.send("draft", changes="We film on Fridays.").json()["state"] == "conflict"
    assert colleague.send("save", changes="We film on Fridays.").status_code == 409
    assert stored(world) == {"changes": "We film on Mondays."}


def test_a_draft_with_an_error_saves_nothing_and_says_what_to_do(lead: Client, world: World) -> None:
    world.fill()
    page = Page(lead, address(world, "weekly"))
    before = Revision.objects.count()
    answer = page.send("draft", tasks__0__hours="many")
    assert answer.status_code == 400
    assert answer.json()["state"] == "faults"
    assert answer.json()["words"].startswith("Not saved yet. ")
    assert Revision.objects.count() == before


def test_a_complete_worksheet_and_a_closed_review_take_no_draft(page: Page, world: World) -> None:
    world.cycle.worksheets.update(status="complete")
    told = page.send("draft", changes="We film.").json()
    assert told == {"state": "closed", "words": "Not saved: this worksheet was completed while you were writing."}
    Cycle.objects.filter(pk=world.cycle.pk).update(state="submitted")
    assert page.send("draft", changes="We film.").status_code in (403, 409)
    assert stored(world) is None


def test_who_may_not_write_saves_no_draft(page: Page, world: World, signed_in: SignIn) -> None:
    sent = page.fields | {"do": "draft", "changes": "We film."}
    assert signed_in(world.manager).post(page.url, sent).status_code == 403
    assert signed_in(world.outsider).post(page.url, sent).status_code == 404
    assert Client().post(page.url, sent).status_code == 403
    assert stored(world) is None


def test_what_stands_there_already_is_not_saved_again(page: Page) -> None:
    page.draft(changes="We film.")
    before = Revision.objects.count()
    assert page.draft(changes="We film. ")["state"] == "saved"
    assert Revision.objects.count() == before


def test_a_new_row_is_one_row_however_often_it_saves_itself(lead: Client, world: World) -> None:
    url = address(world, "aims")
    lead.get(url)
    page = Page(lead, f"{url}?add=aims")
    for statement in ("Reach", "Reach parents", "Reach new parents"):
        page.draft(aims__0__statement=statement)
    rows = stored(world, "aims")["aims"]
    assert [AIMS.spoken(row["statement"]) for row in rows] == ["Reach new parents"]
    assert rows[0]["id"] == page.fields["aims-0-id"][0]


def test_what_is_ticked_to_be_added_waits_for_its_button(lead: Client, world: World) -> None:
    page = Page(lead, address(world, "weekly"))
    for _ in range(2):
        page.draft(**{"tasks-offer": ["Checking messages and answering"]}, capacity="24")
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="resources")
    assert sheet.answers["weekly"] == {"capacity": 24}


def test_a_draft_of_a_carried_answer_says_as_a_save_does_that_it_was_changed(lead: Client, world: World) -> None:
    world.fill()
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="drivers")
    Worksheet.objects.filter(pk=sheet.pk).update(carried=["drivers"])
    page = Page(lead, address(world, "drivers"))
    page.draft(leadership_evidence="The chair asked again.")
    assert Worksheet.objects.get(pk=sheet.pk).carried == []
    assert page.send("confirm").status_code == 302


def test_a_stop_is_still_shown_by_the_button_when_the_answer_saved_itself(lead: Client, world: World) -> None:
    world.fill()
    page = Page(lead, address(world, "drivers"))
    page.draft(drivers=["peers"])
    assert page.send("save")["Location"].endswith("?look#look")
    again = Page(lead, page.url, "two")
    assert not again.send("save")["Location"].endswith("#look")


def test_a_draft_takes_no_more_queries_than_a_save(page: Page) -> None:
    counts = []
    for do, text in (("save", "One"), ("draft", "Two"), ("draft", "Three"), ("draft", "Four"), ("save", "Five")):
        with CaptureQueriesContext(connection) as queries:
            answer = page.send(do, changes=text)
        assert answer.status_code in (200, 302)
        page.fields["seen"] = seen_on(page.client.get(page.url))
        counts.append(len(queries))
    assert max(counts) == counts[0] <= 9


# History.


def test_a_minute_of_typing_is_one_entry_of_the_history(page: Page, world: World) -> None:
    for text in ("We", "We film", "We film on", "We film on Mondays."):
        page.draft(changes=text)
    page.send("save", changes="We film on Mondays and Fridays.")
    assert entries(page.client, world) == 1
    assert words(page.client.get("/o/nhs-anywhere/reviews/autumn-2026/activity/")).count("saved question") == 1
    assert words(page.client.get("/o/nhs-anywhere/reviews/autumn-2026/")).count("saved") <= 2
    told = words(page.client.get("/o/nhs-anywhere/reviews/autumn-2026/history/working/"))
    assert "We film on Mondays and Fridays." in told


def test_typing_for_longer_makes_an_entry_for_each_minute(page: Page, world: World) -> None:
    for minute in range(3):
        for n in range(3):
            page.draft(changes=f"Minute {minute}, draft {n}")
            earlier(world, 25)
    assert entries(page.client, world) == 3


def test_the_button_closes_the_entry(page: Page, world: World) -> None:
    page.draft(changes="We film.")
    page.send("save", changes="We film on Mondays.")
    again = Page(page.client, page.url, "two")
    again.draft(changes="We film on Fridays.")
    assert entries(page.client, world) == 2


def test_drafts_of_two_people_stay_apart_and_in_their_order(page: Page, world: World, signed_in: SignIn) -> None:
    page.draft(changes="We film on Mondays.")
    colleague = Page(signed_in(world.contributor), page.url, "his")
    colleague.draft(changes="We film on Fridays.")
    again = Page(page.client, page.url, "two")
    again.draft(changes="We film on Sundays.")
    assert entries(page.client, world) == 3


def test_drafts_of_two_questions_of_one_worksheet_do_not_break_each_others_entry(page: Page, world: World) -> None:
    other = Page(page.client, address(world, "formats"), "other")
    for n in range(3):
        page.draft(changes=f"Working {n}")
        other.draft(video_plan=f"Formats {n}")
    assert entries(page.client, world) == entries(page.client, world, "formats") == 1


def test_a_page_that_showed_what_a_draft_passed_still_knows_what_it_showed(
    page: Page, world: World, signed_in: SignIn
) -> None:
    page.draft(changes="We film")
    url = page.url
    colleague = signed_in(world.contributor)
    shown = colleague.get(url)
    page.draft(changes="We film on Mondays.")
    # Colin changes nothing: what Lena wrote meanwhile stays, and he is asked nothing.
    assert send(colleague, url, page=shown).status_code == 302
    assert stored(world) == {"changes": "We film on Mondays."}


def test_hundreds_of_drafts_do_not_make_a_page_forget_what_it_showed(page: Page, world: World) -> None:
    page.draft(changes="Draft 0")
    shown = page.client.get(page.url)
    for n in range(1, 130):
        page.draft(changes=f"Draft {n}")
    assert send(page.client, page.url, page=shown).status_code == 302
    assert stored(world) == {"changes": "Draft 129"}


# What was kept in a browser.


def test_what_was_kept_is_compared_as_it_would_be_stored(page: Page) -> None:
    page.draft(changes="We film on Mondays.")
    same = page.send("held", changes="  We film on Mondays.\r\n").json()
    assert same == {"state": "same", "seen": page.fields["seen"]}
    assert page.send("held", changes="We film on Fridays.").json()["state"] == "other"
    assert Revision.objects.count() == 1


def test_what_was_kept_is_shown_in_its_fields_and_not_saved(lead: Client, world: World) -> None:
    page = Page(lead, f"{address(world, 'aims')}?add=aims")
    shown = page.send("show", aims__0__statement="Reach new parents")
    assert form_of(shown)["aims-0-statement"] == ["reach new parents"]
    assert "data-unsaved" in shown.content.decode()
    assert stored(world, "aims") is None


def test_what_was_kept_keeps_what_its_page_had_seen(page: Page, world: World, signed_in: SignIn) -> None:
    send(signed_in(world.contributor), page.url, changes="We film on Fridays.")
    shown = page.send("show", changes="We film on Mondays.")
    assert seen_on(shown) == ""
    assert send(page.client, page.url, page=shown).status_code == 409
    assert stored(world) == {"changes": "We film on Fridays."}
