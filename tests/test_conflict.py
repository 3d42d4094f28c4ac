"""Two people at one question: both texts side by side, a choice for each difference, and nothing lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.reading import address, form_of, send, tree, words
from tests.world import World
from worksheets import saving
from worksheets.models import Revision, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
AIMS = STRATEGY.question["aims"].form
NASTY = "</p><script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}\"'&amp;"


def aims(**rows: str) -> dict[str, Any]:
    return {"aims": [{"id": key, "statement": text} for key, text in rows.items()]}


# On the page.


def stored(world: World, question: str) -> Any:
    return Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage).answers.get(question)


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def save_theirs(world: World, question: str, answer: dict[str, Any]) -> None:
    """Colin saves an answer, whatever is there."""
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage)
    saving.save_answer(worksheet, question, answer, user=world.contributor)


@pytest.fixture
def clash(world: World, lead: Client) -> HttpResponse:
    """Lena and Colin both changed the second of three aims; she took out the third, and he added a fourth."""
    save_theirs(world, "aims", aims(a="One", b="Two", c="Three"))
    page = lead.get(address(world, "aims"))
    save_theirs(world, "aims", aims(a="One", b="Colin's two", c="Three", d="Colin's four"))
    return send(lead, address(world, "aims"), "remove:aims:c", page=page, aims__1__statement="Lena's two")


def test_both_texts_are_shown_and_nothing_is_stored(world: World, clash: HttpResponse) -> None:
    assert clash.status_code == 409
    said = words(clash)
    assert "Colin Contributor saved this question while you were writing" in said
    for text in ("Lena's two", "Colin's two", "What only one of you changed is put together already"):
        assert text in said
    assert len(stored(world, "aims")["aims"]) == 4
    assert Revision.objects.count() == 2
    asked = {name: value for name, value in form_of(clash).items() if name.startswith("keep-")}
    assert asked == {"keep-aims.b.statement": ["mine"]}


def test_what_is_suggested_loses_nobodys_change(world: World, lead: Client, clash: HttpResponse) -> None:
    assert send(lead, address(world, "aims"), "resolve", page=clash).status_code == 302
    assert stored(world, "aims") == aims(a="One", b="Lena's two", d="Colin's four")
    assert Revision.objects.first().saved_by == world.lead


def test_what_clashes_can_be_theirs(world: World, lead: Client, clash: HttpResponse) -> None:
    theirs = {"keep__aims.b.statement": "theirs"}
    assert send(lead, address(world, "aims"), "resolve", page=clash, **theirs).status_code == 302
    assert stored(world, "aims") == aims(a="One", b="Colin's two", d="Colin's four")


def test_what_was_chosen_can_be_edited_before_it_is_saved(world: World, lead: Client, clash: HttpResponse) -> None:
    page = send(lead, address(world, "aims"), "edit", page=clash)
    assert page.status_code == 200
    assert form_of(page)["aims-1-statement"] == ["Lena's two"]
    assert len(stored(world, "aims")["aims"]) == 4
    assert send(lead, address(world, "aims"), page=page, aims__1__statement="Both of us").status_code == 302
    assert stored(world, "aims") == aims(a="One", b="Both of us", d="Colin's four")


def test_another_save_meanwhile_is_shown_again(world: World, lead: Client, clash: HttpResponse) -> None:
    save_theirs(world, "aims", aims(a="One", b="Colin's third try", c="Three", d="Colin's four"))
    again = send(lead, address(world, "aims"), "resolve", page=clash)
    assert again.status_code == 409
    assert "Colin's third try" in words(again)
    assert "Lena's two" in words(again)
    assert send(lead, address(world, "aims"), "resolve", page=again).status_code == 302
    assert stored(world, "aims")["aims"][1]["statement"] == "Lena's two"


def test_a_worksheet_completed_meanwhile_keeps_what_was_typed(world: World, lead: Client, clash: HttpResponse) -> None:
    assert saving.complete(Worksheet.objects.get(cycle=world.cycle, stage="drivers"), world.contributor)
    late = send(lead, address(world, "aims"), "resolve", page=clash)
    assert late.status_code == 409
    assert form_of(late)["aims-1-statement"] == ["Lena's two"]


def test_reopen_and_save_that_is_refused_leaves_the_worksheet_complete(world: World, lead: Client) -> None:
    save_theirs(world, "aims", aims(a="One"))
    page = lead.get(address(world, "aims"))
    save_theirs(world, "aims", aims(a="Colin's one"))
    Worksheet.objects.filter(cycle=world.cycle, stage="drivers").update(status="complete")
    refused = send(lead, address(world, "aims"), "reopen", page=page, aims__0__statement="Lena's one")
    assert refused.status_code == 409
    assert "Lena's one" in words(refused)
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage="drivers")
    assert (worksheet.complete, worksheet.answers["aims"]) == (True, aims(a="Colin's one"))


def test_reopening_that_meets_somebody_elses_save_leaves_the_worksheet_complete(world: World, lead: Client) -> None:
    save_theirs(world, "working", {"changes": "One"})
    page = lead.get(address(world, "working"))
    save_theirs(world, "working", {"changes": "Two"})
    assert saving.complete(Worksheet.objects.get(cycle=world.cycle, stage="content"), world.contributor)
    late = send(lead, address(world, "working"), page=page, changes="Mine")
    assert "Colin Contributor completed this worksheet" in words(late)
    clash = send(lead, address(world, "working"), "reopen", page=late)
    assert clash.status_code == 409
    assert "Two" in words(clash)
    assert Worksheet.objects.get(cycle=world.cycle, stage="content").complete
    assert stored(world, "working") == {"changes": "Two"}


def test_an_unchanged_page_keeps_theirs_without_a_word(world: World, lead: Client) -> None:
    save_theirs(world, "working", {"changes": "One"})
    page = lead.get(address(world, "working"))
    save_theirs(world, "working", {"changes": "Two"})
    assert send(lead, address(world, "working"), page=page).status_code == 302
    assert stored(world, "working") == {"changes": "Two"}


def test_another_question_saved_meanwhile_is_no_conflict(world: World, lead: Client) -> None:
    page = lead.get(address(world, "working"))
    save_theirs(world, "formats", {"video": "not-now"})
    assert send(lead, address(world, "working"), page=page, changes="Mine").status_code == 302
    assert stored(world, "working") == {"changes": "Mine"}
    assert stored(world, "formats") == {"video": "not-now"}


def test_two_windows_of_one_person_are_told_apart(world: World, lead: Client) -> None:
    page = lead.get(address(world, "working"))
    send(lead, address(world, "working"), changes="In the first window")
    clash = send(lead, address(world, "working"), page=page, changes="In the second window")
    assert clash.status_code == 409
    assert "You saved this question while you were writing" in words(clash)
    assert "Saved by you in another window" in words(clash)


def test_the_same_text_from_both_is_no_conflict(world: World, lead: Client) -> None:
    page = lead.get(address(world, "working"))
    save_theirs(world, "working", {"changes": "Same"})
    assert send(lead, address(world, "working"), page=page, changes="Same").status_code == 302
    assert Revision.objects.count() == 1


def test_rows_in_another_order_alone_are_no_conflict(world: World, lead: Client) -> None:
    save_theirs(world, "aims", aims(a="One", b="Two", c="Three"))
    page = lead.get(address(world, "aims"))
    save_theirs(world, "aims", aims(c="Three", b="Two", a="One"))
    assert send(lead, address(world, "aims"), "up:aims:b", page=page).status_code == 302
    assert [row["id"] for row in stored(world, "aims")["aims"]] == ["b", "a", "c"]


def test_the_page_says_what_it_is_about_and_takes_the_focus(clash: HttpResponse) -> None:
    page = tree(clash)
    assert page.xpath("//title")[0].text.startswith("Not saved yet: ")
    (banner,) = page.xpath("//*[@role='alert']")
    assert banner.get("autofocus") is not None
    assert banner.get("tabindex") == "-1"
    assert "Your text is not saved yet, and nothing of it is lost" in banner.text_content()
    (legend,) = page.xpath("//legend")
    assert legend.text_content().strip() == "Which one do you want: Aim “Lena's two”, aim?"


def test_the_texts_of_both_sides_are_only_text(world: World, lead: Client) -> None:
    save_theirs(world, "aims", aims(a="Ours"))
    page = lead.get(address(world, "aims"))
    save_theirs(world, "aims", aims(a=f"Theirs {NASTY}"))
    clash = send(lead, address(world, "aims"), page=page, aims__0__statement=f"Mine {NASTY}")
    assert clash.status_code == 409
    assert b"<script>alert" not in clash.content
    assert f"Mine {NASTY}" in words(clash)
    assert f"Theirs {NASTY}" in words(clash)
    ours = tree(clash).xpath("//input[@name='mine']/@value")[0]
    assert json.loads(ours)["aims"][0]["statement"] == f"Mine {NASTY}"


@pytest.mark.parametrize(
    "mine", ["", "{", "[]", "null", "1", '"text"', "[" * 100_000, '{"aims": ' * 5_000, "\x00", "1" * 5_000]
)
def test_a_tampered_text_of_mine_is_refused_and_nothing_is_stored(
    world: World, lead: Client, clash: HttpResponse, mine: str
) -> None:
    before = stored(world, "aims")
    for do in ("resolve", "edit"):
        response = send(lead, address(world, "aims"), do, page=clash, mine=mine)
        assert response.status_code == 400
        assert "Nothing was saved" in words(response)
    assert stored(world, "aims") == before


@pytest.mark.parametrize(
    "mine",
    [
        '{"aims": [{"id": "<b>", "statement": 7}], "colour": "red"}',
        '{"aims": "all"}',
        '{"aims": [[], 1, null, {"id": []}]}',
        '{"aims": [{"id": "a", "statement": "\\u0000"}]}',
        '{"aims": [{"id": "a", "statement": "A", "achievable": {"a": 1}}]}',
        json.dumps(aims(a="x" * 3_000)),
        json.dumps({"aims": [{"id": f"a-{n}", "statement": "A"} for n in range(50)]}),
    ],
)
def test_what_a_tampered_text_may_not_hold_is_never_stored(
    world: World, lead: Client, clash: HttpResponse, mine: str
) -> None:
    response = send(lead, address(world, "aims"), "resolve", page=clash, mine=mine)
    assert response.status_code in (302, 400)
    # A text of what nobody sees is none, and neither is a row of nothing else.
    for row in (stored(world, "aims") or {"aims": []})["aims"]:
        assert set(row) <= {"id", *AIMS.base_fields["aims"].fields}
        assert len(row.get("statement", "")) <= 2_000
        assert "\x00" not in row.get("statement", "")


def test_a_manager_settles_no_conflict(world: World, clash: HttpResponse, signed_in: SignIn) -> None:
    response = signed_in(world.manager).post(address(world, "aims"), form_of(clash) | {"do": "resolve"})
    assert response.status_code == 403


def test_a_row_whose_stakeholder_goes_while_the_conflict_is_settled_is_shown_again(world: World, lead: Client) -> None:
    people = [{"id": "a", "name": "Parents", "influence": "high", "interest": "low"}]
    world.fill(stakeholders={"stakeholders": {"stakeholders": people}})
    mine = {"proportion": [{"stakeholder": "gone", "warranted": "yes", "because": "Worth every hour"}]}
    page = lead.post(address(world, "proportion"), {"do": "resolve", "seen": "", "mine": json.dumps(mine)})
    assert page.status_code == 400
    assert "Worth every hour" in page.content.decode()
    assert "has been removed from the list" in words(page)


def test_a_conflict_of_order_alone_goes_where_its_button_leads(world: World, lead: Client) -> None:
    url = address(world, "aims")
    page = lead.get(url)
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage="drivers")
    one, two = "By using social media, we aim to listen.", "By using social media, we aim to be seen."
    saving.save_answer(worksheet, "aims", aims(a=one, b=two), user=world.contributor)
    fields = {"aims-0-id": "b", "aims-0-statement": two, "aims-1-id": "a", "aims-1-statement": one}
    response = lead.post(url, form_of(page) | fields | {"do": "list"})
    assert response.status_code == 302
    assert response["Location"].endswith(f"/reviews/{world.cycle.slug}/")
