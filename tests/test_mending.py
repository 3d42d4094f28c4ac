"""From a point to the answer that mends it and back: two clicks, also where the worksheet is complete."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.reading import tree, words
from tests.world import World, sample
from worksheets.models import Cycle, User, Worksheet

SignedIn = Callable[[User], Client]
HUB = "/o/nhs-anywhere/reviews/autumn-2026/"
POINTS = f"{HUB}points/"
ACCOUNTS = f"{HUB}stakeholders/platforms/"
NOBODY = "stakeholders.account-without-owner|acc-facebook,acc-x"


def without_owners(*accounts: int) -> dict[str, Any]:
    """The answers of the sample, were nobody named who looks after these accounts."""
    answers = copy.deepcopy(sample()["worksheets"])
    for account in accounts:
        answers["stakeholders"]["platforms"]["platforms"][account].pop("owner")
    return answers


@pytest.fixture(autouse=True)
def nobody(world: World) -> None:
    """Two accounts that nobody looks after: one point with two rows."""
    world.fill(**without_owners(0, 4))


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.lead)


def complete(world: World, stage: str = "stakeholders") -> None:
    Worksheet.objects.filter(cycle=world.cycle, stage=stage).update(
        status="complete", completed_at=timezone.now(), completed_by=world.lead
    )


def ways(page: Any) -> list[tuple[str, str]]:
    """The links that lead to what mends a point: their words and where they lead."""
    links = tree(page).xpath("//li[starts-with(@id, 'point-')]//a[not(contains(@href, '/actions/'))]")
    return [(" ".join(link.text_content().split()), link.get("href")) for link in links]


def filled(page: Any) -> dict[str, Any]:
    """What the form of a question page sends, were it sent as it is."""
    data: dict[str, Any] = {}
    for field in tree(page).xpath("//form[@id='question']//*[self::input or self::textarea or self::select][@name]"):
        if field.tag == "select":
            chosen = field.xpath("option[@selected]/@value")
            data[field.get("name")] = chosen[0] if chosen else ""
        elif field.tag == "textarea":
            data[field.get("name")] = field.text or ""
        elif field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None:
            data.setdefault(field.get("name"), []).append(field.get("value", ""))
    return data


def test_each_row_of_a_point_has_a_link_to_its_field(lead: Client) -> None:
    point = "?point=stakeholders.account-without-owner%7Cacc-facebook%2Cacc-x"
    assert ways(lead.get(POINTS)) == [
        ("NHSAnywhere on Facebook", f"{ACCOUNTS}{point}#platforms-0-owner"),
        ("NHSAnywhere on X (formerly Twitter)", f"{ACCOUNTS}{point}#platforms-4-owner"),
    ]
    assert tree(lead.get(ACCOUNTS)).xpath("//*[@id='platforms-4-owner']/@name") == ["platforms-4-owner"]


def test_a_point_about_one_row_says_what_its_link_changes(world: World, lead: Client) -> None:
    world.fill(**without_owners(4))
    ((text, href),) = ways(lead.get(POINTS))
    assert text == "Change this answer: question 7, owner, NHSAnywhere on X (formerly Twitter)"
    assert href.endswith("#platforms-4-owner")


def test_after_saving_one_is_back_at_the_point_which_says_that_it_is_mended(lead: Client) -> None:
    page = lead.get(f"{ACCOUNTS}?point={NOBODY}")
    data = filled(page)
    assert data["point"] == [NOBODY]
    saved = lead.post(ACCOUNTS, data | {"platforms-0-owner": "Ann", "platforms-4-owner": "Ben", "do": "save"})
    assert saved.status_code == 302
    assert saved["Location"].partition("?")[0] == POINTS
    page = words(lead.get(saved["Location"]))
    assert "That point is mended: NHSAnywhere on Facebook and NHSAnywhere on X (formerly Twitter)." in page
    assert "Your answer to question 7, accounts, is saved." in page
    assert "Worksheet 3 is open: check and complete it" in page


def test_what_is_mended_in_part_says_what_still_holds(lead: Client) -> None:
    data = filled(lead.get(f"{ACCOUNTS}?point={NOBODY}"))
    saved = lead.post(ACCOUNTS, data | {"platforms-0-owner": "Ann", "do": "save"})
    page = words(lead.get(saved["Location"]))
    assert "Mended for NHSAnywhere on Facebook. For the rest the point still holds." in page
    assert "This is the point you changed an answer for." in page


def test_what_was_not_mended_still_holds(lead: Client) -> None:
    data = filled(lead.get(f"{ACCOUNTS}?point={NOBODY}"))
    saved = lead.post(ACCOUNTS, data | {"do": "save"})
    assert "The point still holds. It is marked below." in words(lead.get(saved["Location"]))


def test_the_way_back_is_kept_over_errors_rows_and_the_back_link(lead: Client) -> None:
    data = filled(lead.get(f"{ACCOUNTS}?point={NOBODY}"))
    wrong = lead.post(ACCOUNTS, data | {"platforms-0-followers": "many", "do": "save"})
    assert wrong.status_code == 400
    assert filled(wrong)["point"] == [NOBODY]
    added = lead.post(ACCOUNTS, data | {"do": "add:platforms"})
    assert filled(lead.get(added["Location"]))["point"] == [NOBODY]
    back = lead.post(ACCOUNTS, data | {"do": "back"})
    assert back["Location"].startswith(f"{POINTS}?changed=")


def test_from_a_complete_worksheet_it_is_one_question_more(world: World, lead: Client) -> None:
    complete(world)
    (_, way), *_ = ways(lead.get(POINTS))
    assert way.startswith(f"{ACCOUNTS}reopen/?")
    asked = words(lead.get(way))
    assert "Reopen worksheet 3 and change it?" in asked
    assert "Lena Lead completed this worksheet" in asked
    answer = lead.post(way, {"do": "reopen"})
    assert answer["Location"].startswith(f"{ACCOUNTS}?point=")
    assert answer["Location"].endswith("#platforms-0-owner")
    assert Worksheet.objects.get(cycle=world.cycle, stage="stakeholders").status == "open"


def test_whoever_asks_to_reopen_what_is_open_goes_straight_to_the_field(lead: Client) -> None:
    answer = lead.get(f"{ACCOUNTS}reopen/?point={NOBODY}&row=acc-x")
    assert answer["Location"].endswith("#platforms-4-owner")


@pytest.mark.parametrize("point", ["", "nothing", "https://elsewhere.example", "no.rule|x", "drivers.aim-doubtful|x"])
def test_an_address_that_names_no_point_leads_nowhere_else(world: World, lead: Client, point: str) -> None:
    complete(world)
    assert lead.get(f"{ACCOUNTS}reopen/", {"point": point}).status_code == 200
    assert lead.post(f"{ACCOUNTS}reopen/?point={point}")["Location"] == ACCOUNTS
    assert lead.get(POINTS, {"changed": point}).status_code == 200
    saved = lead.post(ACCOUNTS, filled(lead.get(ACCOUNTS, {"point": point})) | {"do": "save"})
    assert saved["Location"].startswith(HUB)


def test_a_question_of_another_stage_is_not_there(lead: Client) -> None:
    assert lead.get(f"{HUB}drivers/platforms/reopen/").status_code == 404
    assert lead.get(f"{HUB}stakeholders/none/reopen/").status_code == 404


def test_who_may_not_write_is_shown_no_way_and_may_not_reopen(world: World, signed_in: SignedIn) -> None:
    complete(world)
    reader = signed_in(world.manager)
    assert ways(reader.get(POINTS)) == []
    assert reader.get(f"{ACCOUNTS}reopen/").status_code == 403
    assert reader.post(f"{ACCOUNTS}reopen/").status_code == 403
    assert signed_in(world.outsider).post(f"{ACCOUNTS}reopen/").status_code == 404
    assert Worksheet.objects.get(cycle=world.cycle, stage="stakeholders").status == "complete"


def test_a_closed_review_is_not_reopened_for_a_point(world: World, lead: Client) -> None:
    complete(world)
    Cycle.objects.filter(pk=world.cycle.pk).update(state=Cycle.State.SUBMITTED)
    assert ways(lead.get(POINTS)) == []
    assert lead.post(f"{ACCOUNTS}reopen/").status_code == 403


def test_a_point_that_is_mended_in_another_table_leads_to_that_table(world: World, lead: Client) -> None:
    answers = copy.deepcopy(sample()["worksheets"])
    answers["alignment"]["objectives"]["objectives"][1]["aims"] = []
    answers["alignment"]["objectives"]["objectives"][2]["aims"] = ["aim-maternity"]
    world.fill(**answers)
    ((text, href),) = ways(lead.get(POINTS))
    assert text == "Change this answer: question 3, aims that help"
    assert href.endswith("#objectives")


def test_a_row_that_belongs_to_a_stakeholder_is_found_by_them(world: World, lead: Client) -> None:
    answers = copy.deepcopy(sample()["worksheets"])
    answers["stakeholders"]["presence"]["presence"][3].pop("sources")
    world.fill(**answers)
    ((text, href),) = ways(lead.get(POINTS))
    assert text == "Change this answer: question 6, known from, “Local reporters”"
    assert href.endswith("#presence-3-sources")
