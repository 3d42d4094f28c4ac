"""The example: a finished review of an organisation that does not exist, for everybody who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape

import worksheets
from tests import hearing
from tests.books import BOARD
from tests.printing import leads_to, refuse, work
from tests.reading import tree
from tests.world import SAMPLE_FILE, World, sample
from worksheets.example.made import example_of
from worksheets.models import Cycle, Organisation, Printing, User, Worksheet
from worksheets.report.printer import Printed, Unavailable, printer
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
PAGES = ["/example/", "/example/summary/", *(f"/example/{stage.key}/" for stage in STRATEGY.stages)]
PDF = "/example/summary.pdf"
WARNING = "NHS Anywhere Foundation Trust is not a real organisation"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_that_it_is_an_example(address: str, world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.nobody), address)
    assert "<title>Example: " in html
    assert f"<strong>Example:</strong> {WARNING}" in html


@pytest.mark.parametrize("address", PAGES)
def test_it_is_open_to_everybody_who_is_signed_in_and_to_nobody_else(
    address: str, world: World, signed_in: SignIn
) -> None:
    for person in (world.lead, world.contributor, world.manager, world.admin, world.outsider, world.nobody):
        assert signed_in(person).get(address).status_code == 200
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("address", PAGES)
def test_each_name_on_it_says_what_it_is_about(address: str, world: World, signed_in: SignIn) -> None:
    assert list(hearing.wrong(tree(signed_in(world.nobody).get(address)))) == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_can_be_sent_to_it(address: str, world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.lead), address)
    assert "<form" not in html.partition("<main")[2]
    assert signed_in(world.lead).post(address, {"do": "reopen"}).status_code == 405


def test_it_shows_every_answer_of_the_sample_below_its_question(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.nobody)
    for stage in STRATEGY.stages:
        html = read(client, f"/example/{stage.key}/")
        for question in stage.questions:
            assert f'id="question-{question.number}"' in html
            assert escape(question.title) in html
        assert "Not answered yet" not in html
        assert ">Change<" not in html
    aims = sample()["worksheets"]["drivers"]["aims"]["aims"]
    assert escape(aims[0]["achievable_because"]) in read(client, "/example/drivers/")


def test_its_summary_is_the_paper_that_a_board_is_asked_to_agree(world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.nobody), "/example/summary/")
    assert "For decision" in html
    assert "The strategy on a page</h2>" in html
    assert "24.5 hours a week of 29 (24, and 5 freed)" in html
    assert f"Example: {WARNING}" in html


def test_the_example_is_the_review_that_the_tests_know() -> None:
    assert STRATEGY.sample
    assert STRATEGY.sample.read_bytes() == SAMPLE_FILE.read_bytes()


def test_the_sample_is_finished_and_nothing_in_it_is_left_to_resolve() -> None:
    example = example_of("strategy")
    assert example
    assert example.review.complete
    assert example.review.progress.finished
    assert not [found for found in example.review.findings if found.level == "stop"]


def test_no_row_of_the_database_is_behind_it(world: World, signed_in: SignIn) -> None:
    before = [model.objects.count() for model in (Organisation, Cycle, Worksheet)]
    for address in PAGES:
        read(signed_in(world.nobody), address)
    assert [model.objects.count() for model in (Organisation, Cycle, Worksheet)] == before


def test_a_page_of_it_takes_no_more_queries_than_a_page_of_guidance(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = signed_in(world.lead)
    read(client, "/example/summary/")
    for address in PAGES:
        with django_assert_max_num_queries(3):
            read(client, address)


def test_a_stage_or_a_workbook_that_is_none_is_not_found(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.nobody)
    assert client.get("/example/nothing/").status_code == 404
    assert client.get("/example/reviews/").status_code == 200
    assert client.get("/example/reviews/summary/").status_code == 200


def test_every_question_leads_to_its_example_in_a_new_tab(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.contributor)
    for question in STRATEGY.questions:
        html = read(client, f"/o/nhs-anywhere/reviews/autumn-2026/{question.stage}/{question.key}/")
        link = re.search(
            r'<a href="([^"]*)" target="_blank" rel="noopener">See an example \(opens in a new tab\)', html
        )
        assert link
        page, _, place = link[1].partition("#")
        assert f'id="{place}"' in read(client, page)


# The PDF


def test_its_pdf_says_example_on_its_cover_and_at_the_foot_of_every_page(
    world: World, signed_in: SignIn, printed: list[str]
) -> None:
    response = signed_in(world.nobody).get(PDF)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert 'filename="example-strategy-summary.pdf"' in response["Content-Disposition"]
    [html] = printed
    assert "<title>Example: Social media strategy: NHS Anywhere Foundation Trust, Autumn 2026</title>" in html
    assert f'<p class="state" data-running="Example">Example: {WARNING}</p>' in html


def test_it_is_made_once_for_everybody(world: World, signed_in: SignIn, printed: list[str]) -> None:
    first = signed_in(world.nobody).get(PDF)
    again = signed_in(world.lead).get(PDF)
    assert again.content == first.content
    assert signed_in(world.lead).get(PDF, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert len(printed) == 1
    # With the record behind it, and without, are two files.
    assert signed_in(world.lead).get(f"{PDF}?record=no").status_code == 200
    assert len(printed) == 2
    assert "Appendix: the full record" in printed[0]
    assert "Appendix: the full record" not in printed[1]


def test_a_new_version_of_the_service_makes_it_anew(
    world: World, signed_in: SignIn, printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(world.nobody).get(PDF)
    monkeypatch.setattr(worksheets, "__version__", "99.0.0")
    signed_in(world.nobody).get(PDF)
    assert len(printed) == 2


def test_all_who_ask_while_it_is_being_made_wait_for_one_file(
    world: World, signed_in: SignIn, printed: list[str], busy: list[None]
) -> None:
    places = []
    for person in (world.nobody, world.lead):
        page = signed_in(person).get(PDF)
        assert page.status_code == 202
        assert "<title>Example: the PDF is being made" in page.content.decode()
        places.append(leads_to(page))
    assert places[0] == places[1]
    assert Printing.objects.count() == 1
    work()
    assert signed_in(world.nobody).get(places[0])["Content-Type"] == "application/pdf"
    assert len(printed) == 1


def test_the_number_of_a_review_that_is_printed_is_no_number_of_the_example(
    world: World, signed_in: SignIn, printed: list[str], busy: list[None]
) -> None:
    there = leads_to(signed_in(world.lead).get("/o/nhs-anywhere/reviews/autumn-2026/summary.pdf"))
    number = there.partition("?")[2]
    assert signed_in(world.nobody).get(f"{PDF}?{number}").status_code == 202
    assert Printing.objects.count() == 2
    example = leads_to(signed_in(world.nobody).get(PDF)).partition("?")[2]
    assert leads_to(signed_in(world.lead).get(f"/o/nhs-anywhere/reviews/autumn-2026/summary.pdf?{example}")) == there


def test_a_press_that_fails_is_said_and_asked_again(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse(patch, Unavailable())
        page = signed_in(world.nobody).get(f"{PDF}?record=no")
        assert page.status_code == 503
        assert f'href="{PDF}?record=no">Try again now' in page.content.decode()
    monkeypatch.setattr(printer, "print", lambda html: Printed(b"%PDF-1.7", 1))
    assert signed_in(world.nobody).get(f"{PDF}?record=no").status_code == 200


def test_guidance_and_the_pages_before_a_review_lead_to_it(world: World, signed_in: SignIn) -> None:
    ways = [
        (world.nobody, "/"),
        (world.nobody, "/guidance/"),
        (world.lead, "/o/nhs-anywhere/reviews/new/"),
        (world.lead, "/o/nhs-anywhere/reviews/autumn-2026/"),
    ]
    for person, address in ways:
        assert 'href="/example/reviews/"' in read(signed_in(person), address)
    world.anywhere.cycles.all().delete()
    assert 'href="/example/reviews/"' in read(signed_in(world.manager), "/o/nhs-anywhere/reviews/")


def test_a_workbook_without_a_sample_has_no_example(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORKBOOKS, BOARD.key, BOARD)
    client = signed_in(world.nobody)
    assert client.get(f"/example/{BOARD.path}/").status_code == 404
    assert client.get("/example/board/").status_code == 404
    assert f"/example/{BOARD.path}/" not in read(client, "/guidance/")
