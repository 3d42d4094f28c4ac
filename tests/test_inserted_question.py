"""A question put in second place renumbers everything that people read, and leaves no number, link or count wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from lxml import html

from tests.reading import tree, words
from tests.world import World, sample
from worksheets import texts
from worksheets.fields import Text
from worksheets.models import User
from worksheets.report.contents import gather
from worksheets.report.page import html_of
from worksheets.workbook import Question, QuestionForm, Workbook
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
NEW = "mandate"
NUMBERED = re.compile(r"\b[Qq]uestions? ([0-9]+)\b")


class MandateForm(QuestionForm):
    mandate = Text("Who gave you this task?", needed=True, short="Mandate", ask="Enter who gave you this task")


def inserted() -> Workbook:
    """The strategy review with one more question in second place."""
    first, *others = STRATEGY.stages
    question = Question(NEW, "Who gave you this task?", "Mandate", MandateForm, minutes=2)
    stage = replace(first, questions=(first.questions[0], question, *first.questions[1:]))
    return replace(STRATEGY, stages=(stage, *others))


def contradictory() -> dict[str, Any]:
    """A review in which as many rules as possible find something: most of them name a question to go to."""
    answers = deepcopy(sample()["worksheets"])
    answers["drivers"]["drivers"] = {"drivers": ["peers"], "peers_evidence": "Everyone"}
    for objective in answers["alignment"]["objectives"]["objectives"][1:]:
        objective.pop("aims", None)
    answers["alignment"]["smart"]["smart"] = answers["alignment"]["smart"]["smart"][:1]
    answers["resources"]["weekly"]["capacity"] = 1
    answers["resources"]["weekly"]["tasks"] = answers["resources"]["weekly"]["tasks"][:1]
    answers["content"]["plan"]["items"] = answers["content"]["plan"]["items"][:1]
    answers["content"]["plan"]["items"][0]["platforms"] = ["tiktok"]
    for row in answers["content"]["proportion"]["proportion"]:
        row["warranted"] = "no"
    for measure in answers["evaluation"]["measures"]["measures"]:
        measure["kind"] = "outcome"
    return answers


def named(text: str, book: Workbook) -> list[str]:
    """The questions that a text names by number, by their keys, in their order, without the new one."""
    keys = {question.number: question.key for question in book.questions}
    return [keys.get(int(number), f"question {number}?") for number in NUMBERED.findall(text)]


def on_page(response: Any, book: Workbook) -> list[str]:
    """The same of a page, where the new question itself may be named as well."""
    assert response.status_code == 200
    return [key for key in named(words(response), book) if key != NEW]


PAGES = [
    *("", "points/", "pictures/", "summary/", "submit/", "conclusion/", "comments/", "activity/", "results/"),
    *(f"{stage.key}/" for stage in STRATEGY.stages),
    *(f"{question.stage}/{question.key}/" for question in STRATEGY.questions),
    *(f"history/{question.key}/" for question in STRATEGY.questions),
    *(f"comments/{question.key}/" for question in STRATEGY.questions),
]
OTHERS = [
    *("/o/nhs-anywhere/reviews/", "/o/nhs-anywhere/trend/", "/o/nhs-anywhere/results/", "/guidance/", "/about/"),
    *(f"/guidance/stages/{stage.key}/" for stage in STRATEGY.stages),
]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


@pytest.mark.parametrize("filled", ["nothing", "sample", "contradictory"])
def test_every_number_on_every_page_names_the_same_question_as_before(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch, filled: str
) -> None:
    if filled != "nothing":
        world.fill(**(sample()["worksheets"] if filled == "sample" else contradictory()))
    addresses = [*(f"{HERE}{name}" for name in PAGES), *OTHERS]
    before = {address: on_page(lead.get(address), STRATEGY) for address in addresses}
    book = inserted()
    monkeypatch.setitem(WORKBOOKS, book.key, book)
    after = {address: on_page(lead.get(address), book) for address in addresses}
    assert after == before
    assert sum(map(len, before.values())) > 150


def test_every_link_that_names_a_question_leads_to_it(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fill(**contradictory())
    book = inserted()
    monkeypatch.setitem(WORKBOOKS, book.key, book)
    followed = 0
    for address in [*(f"{HERE}{name}" for name in PAGES), *OTHERS]:
        response = lead.get(address)
        for link in tree(response).xpath("//main//a"):
            said, target = NUMBERED.search(link.text_content()), link.get("href")
            if not said or "#point-" in target or "/actions/" in target:
                # A point's own words may name any question; where it is mended is a link of its own.
                continue
            number = int(said[1])
            key = book.questions[number - 1].key
            place, _, element = target.partition("#")
            if element == f"question-{number}":
                shown = response if not place else lead.get(place)
                (heading,) = tree(shown).xpath("//*[@id=$id]", id=element)
                assert book.question[key].title in heading.text_content(), (address, target)
            else:
                assert key in place.split("/"), (address, link.text_content(), target)
            followed += 1
    assert followed > 60


def test_counts_are_those_of_the_workbook(world: World, lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fill()
    book = inserted()
    monkeypatch.setitem(WORKBOOKS, book.key, book)
    assert "21 of 22 questions answered" in words(lead.get(HERE))
    assert "Question 3 of 22" in words(lead.get(f"{HERE}drivers/aims/"))
    assert "Question 2 of 22" in words(lead.get(f"{HERE}drivers/{NEW}/"))
    assert "twenty-two questions" in words(lead.get("/about/"))
    assert "twenty-two questions" in words(lead.get(f"{HERE}summary/"))
    for name in PAGES:
        said = words(lead.get(f"{HERE}{name}"))
        assert "of 21" not in said, name
        assert "twenty-one questions" not in said, name


def test_the_way_from_question_to_question_passes_the_new_one(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = inserted()
    monkeypatch.setitem(WORKBOOKS, book.key, book)
    first = lead.post(f"{HERE}drivers/drivers/", {"do": "save", "drivers": "audience", "audience_evidence": "They ask"})
    assert first["Location"] == f"{HERE}drivers/{NEW}/"
    second = lead.post(first["Location"], {"do": "save", "mandate": "The board"})
    assert second["Location"] == f"{HERE}drivers/aims/"
    assert "The board" in words(lead.get(f"{HERE}drivers/"))
    world.cycle.worksheets.get(stage="drivers")


def test_the_pdf_numbers_its_questions_and_names_the_same_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fill(**contradictory())
    sheets = list(world.cycle.worksheets.all())

    def set_with(book: Workbook) -> list[str]:
        monkeypatch.setitem(WORKBOOKS, book.key, book)
        text = html.document_fromstring(html_of(gather(world.cycle, sheets, texts.current()))).text_content()
        for question in (one for one in book.questions if one.key != NEW):
            assert f"{question.number}. {question.title}" in " ".join(text.split())
        return [key for key in named(text, book) if key != NEW]

    before = set_with(STRATEGY)
    assert set_with(inserted()) == before
    assert len(before) > 8
