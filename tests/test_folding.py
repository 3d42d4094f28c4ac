"""Rows of many fields fold to one line, which says what they are and what is missing; some stand open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.reading import address, buttons, form_of, send, tree, words
from tests.world import World, sample
from worksheets.models import User, Worksheet

SignIn = Callable[[User], Client]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def folds(page: HttpResponse) -> dict[str, bool]:
    """Whether each row that folds is open, by the words of its line."""
    found = tree(page).xpath("//details[@data-row]")
    return {" ".join(one.xpath("string(summary)").split()): "open" in one.attrib for one in found}


def objectives(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"objectives": {"objectives": [{"id": f"o-{n}", **row} for n, row in enumerate(rows, 1)]}}


HOPE = {"statement": "Shorter waits", "level": "team", "source": "Trust strategy"}


def test_a_row_folds_to_its_words_what_tells_it_apart_and_what_is_missing(world: World, lead: Client) -> None:
    world.fill(alignment=objectives(HOPE, {"statement": "Safer births"}))
    assert folds(lead.get(address(world, "objectives"))) == {
        "Objective 1: Shorter waits Whose: Your team; Document: Trust strategy": False,
        "Objective 2: Safer births 1 answer missing": False,
    }


def test_the_only_row_a_new_row_and_one_with_an_error_stand_open(world: World, lead: Client) -> None:
    url = address(world, "objectives")
    assert folds(lead.get(url)) == {"Objective 1: Not answered yet": True}

    world.fill(alignment=objectives(HOPE, HOPE))
    assert list(folds(lead.get(f"{url}?add=objectives")).values()) == [False, False, True]

    wrong = send(lead, url, objectives__1__statement="x" * 2001)
    assert wrong.status_code == 400
    assert list(folds(wrong).values()) == [False, True]


def test_the_row_that_a_link_names_stands_open(world: World, lead: Client) -> None:
    world.fill()
    url = address(world, "stakeholders")
    opened = folds(lead.get(f"{url}?open=st-press"))
    assert [line for line, is_open in opened.items() if is_open] == [
        "Stakeholder 4: Local reporters Influence: High; Interest: Low; People: 25"
    ]
    # A point names its rows in the same way.
    point = folds(lead.get(f"{address(world, 'objectives')}?point=alignment.objective-without-smart|obj-flow"))
    assert list(point.values()).count(True) == 1


def test_rows_for_stakeholders_open_one_after_the_other(world: World, lead: Client) -> None:
    answers = sample()["worksheets"]["stakeholders"]
    people = answers["stakeholders"]
    world.fill(stakeholders={"stakeholders": people, "presence": {"presence": answers["presence"]["presence"][:2]}})
    opened = folds(lead.get(address(world, "presence")))
    assert list(opened.values()) == [False, False, True, False, False]
    assert list(opened)[1] == "Carers of older people: Uses: Facebook: daily, YouTube: weekly"
    assert list(opened)[3] == "Local reporters: Not answered yet"


def test_a_short_row_does_not_fold(world: World, lead: Client) -> None:
    world.fill()
    assert folds(lead.get(address(world, "proportion"))) == {}
    assert folds(lead.get(address(world, "setup"))) == {}


def test_the_words_of_a_folded_row_are_only_text(world: World, lead: Client) -> None:
    world.fill(alignment=objectives({**HOPE, "statement": "<b>Bold</b>"}, HOPE))
    page = lead.get(address(world, "objectives"))
    assert "<b>Bold" not in page.content.decode()
    assert "Objective 1: <b>Bold</b>" in words(page)


def test_the_lines_follow_while_somebody_types(world: World, lead: Client) -> None:
    world.fill(alignment=objectives(HOPE, {"statement": "Safer births"}))
    told = send(lead, address(world, "objectives"), "compute", objectives__1__level="organisation")
    (line,) = tree(told).xpath("//*[@data-computed='line-o-2']")
    assert " ".join(line.text_content().split()) == "Safer births Whose: The organisation"


# Copying.


def stored(world: World) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = Worksheet.objects.get(cycle=world.cycle, stage="alignment").answers["objectives"][
        "objectives"
    ]
    return rows


def test_a_row_is_copied_right_behind_itself(world: World, lead: Client) -> None:
    world.fill(alignment=objectives(HOPE, {"statement": "Safer births"}))
    response = send(lead, address(world, "objectives"), "copy:objectives:o-1")
    first, copy, last = stored(world)
    assert (first["id"], last["id"]) == ("o-1", "o-2")
    assert copy == {**HOPE, "id": copy["id"]}
    assert copy["id"] not in ("o-1", "o-2")
    assert response["Location"].endswith(f"?open={copy['id']}#objectives-1")
    assert list(folds(lead.get(response["Location"])).values()) == [False, True, False]


def test_an_empty_row_and_one_of_a_full_table_cannot_be_copied(world: World, lead: Client) -> None:
    def copies(page: HttpResponse) -> list[str]:
        return [do for do in buttons(page) if do and do.startswith("copy:")]

    assert copies(lead.get(address(world, "objectives"))) == []
    world.fill(alignment=objectives(*[HOPE] * 12))
    assert copies(lead.get(address(world, "objectives"))) == []
    world.fill(alignment=objectives(*[HOPE] * 11))
    assert len(copies(lead.get(address(world, "objectives")))) == 11


def test_who_may_not_write_cannot_copy(world: World, signed_in: SignIn) -> None:
    world.fill(alignment=objectives(HOPE))
    manager = signed_in(world.manager)
    assert manager.post(address(world, "objectives"), {"do": "copy:objectives:o-1"}).status_code == 403
    assert (
        signed_in(world.outsider).post(address(world, "objectives"), {"do": "copy:objectives:o-1"}).status_code == 404
    )
    assert len(stored(world)) == 1


# The beginning of every aim.


def test_an_aim_is_typed_without_its_beginning_and_kept_with_it(world: World, lead: Client) -> None:
    url = address(world, "aims")
    page = lead.get(url)
    assert "By using social media, NHS Anywhere Foundation Trust aims to …" in words(page)
    send(lead, url, page=page, aims__0__statement="… to Help people find care")
    kept = Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers["aims"]["aims"][0]["statement"]
    assert kept == "By using social media, NHS Anywhere Foundation Trust aims to help people find care"
    assert form_of(lead.get(url))["aims-0-statement"] == ["help people find care"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NHS staff feel heard", "By using social media, NHS Anywhere Foundation Trust aims to NHS staff feel heard"),
        ("By using social media, we aim to listen.", "By using social media, we aim to listen."),
    ],
)
def test_what_has_a_beginning_or_is_a_name_stays_as_it_was_typed(
    world: World, lead: Client, typed: str, kept: str
) -> None:
    send(lead, address(world, "aims"), aims__0__statement=typed)
    assert Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers["aims"]["aims"][0]["statement"] == kept


def test_an_aim_from_a_file_keeps_its_words_when_the_page_is_saved(world: World, lead: Client) -> None:
    one = {"id": "a-1", "statement": "Listen to people"}
    other = {"id": "a-2", "statement": "By using social media, the team aims to answer."}
    world.fill(drivers={"aims": {"aims": [one, other]}})
    page = lead.get(address(world, "aims"))
    assert form_of(page)["aims-0-statement"] == ["Listen to people"]
    assert form_of(page)["aims-1-statement"] == ["answer."]
    send(lead, address(world, "aims"), page=page)
    assert Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers["aims"]["aims"] == [one, other]
