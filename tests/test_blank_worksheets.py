"""Blank worksheets: every question with room to write by hand, made from the same questions as the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape

from tests import hearing
from tests.books import BOARD
from tests.reading import tree
from tests.world import PLATFORMS, World
from worksheets.fields import Rows, Scope
from worksheets.fields.handwritten import Beside, Box, Lines, Table, Ticks, fields_of, room
from worksheets.models import Platform, User
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
ADDRESS = "/guidance/worksheets/"
SCOPE = Scope(platforms=PLATFORMS, numbers=STRATEGY.numbers)


def kind(question: str, name: str, field: str = ""):
    table = STRATEGY.question[question].form.kinds[name]
    return table.fields[field] if field and isinstance(table, Rows) else table


def of(question: str, name: str, field: str = ""):
    return room(kind(question, name, field), SCOPE)


# What room each kind of answer has


def test_choices_are_words_with_boxes() -> None:
    assert of("outcomes", "answer") == Ticks(("Yes", "Not sure", "No"))
    assert of("plan", "items", "platforms") == Ticks(tuple(PLATFORMS.values()))


def test_platforms_that_somebody_uses_are_boxes_and_a_word_on_how_often() -> None:
    ticks = of("presence", "presence", "use")
    assert ticks.words == tuple(PLATFORMS.values())
    assert ticks.note == "Write beside it how often: daily, weekly or sometimes"


def test_texts_are_ruled_lines_of_about_the_height_of_their_box() -> None:
    assert of("outcomes", "because") == Lines(3)
    assert of("measures", "measures", "what") == Lines(1)


def test_what_every_aim_begins_with_stands_there_already() -> None:
    assert of("aims", "aims", "statement") == Lines(3, "By using social media, your organisation aims to …")


def test_numbers_and_dates_are_short_boxes_with_their_unit() -> None:
    assert of("weekly", "capacity") == Box(after="hours a week")
    assert of("weekly", "advertising") == Box("£")
    assert of("judgement", "evaluate_on") == Box(after="day, month, year")


def test_rows_of_earlier_answers_are_written_by_their_numbers() -> None:
    assert of("objectives", "objectives", "aims") == Lines(1, "Write each aim by its number")
    assert of("smart", "smart", "objective") == Lines(1, "Write the number of an objective")


def test_rows_of_few_short_values_are_a_table_with_five_blank_rows() -> None:
    table = of("weekly", "tasks")
    assert isinstance(table, Table)
    assert [field.label for field in table.fields] == ["Task", "Kind", "Hours a week", "Who", "Aims it serves"]
    assert table.rows == 5
    # Nine choices are too many for a cell: they stand below the table, and are written in.
    [(label, words)] = table.legend
    assert (label, words.startswith("Find stories, Create, ")) == ("Kind", True)


def test_rows_of_many_fields_stand_side_by_side() -> None:
    aims = of("aims", "aims")
    assert isinstance(aims, Beside)
    assert aims.titles == ("Aim 1", "Aim 2", "Aim 3")
    assert len(aims.fields) == 5
    assert of("presence", "presence").titles == ("Stakeholder:",) * 3


def test_what_belongs_to_a_choice_says_to_which() -> None:
    fields = fields_of(STRATEGY.question["drivers"].form.kinds, SCOPE)
    assert [field.only for field in fields][:2] == ["", "Only if you ticked “Leadership”"]
    [peak, _] = [field for field in fields_of(STRATEGY.question["weekly"].form.kinds, SCOPE) if field.only]
    assert peak.only == "Only if you ticked “Peaks” or “A spike”"


# The page


@pytest.fixture
def page(world: World, signed_in: SignIn):
    return tree(signed_in(world.nobody).get(ADDRESS))


def test_every_stage_and_question_is_there_with_its_number(page) -> None:
    stages = [heading.text_content() for heading in page.xpath("//main//h2")]
    assert stages == [f"Social media strategy, stage {stage.number} of 6: {stage.title}" for stage in STRATEGY.stages]
    questions = [" ".join(heading.text_content().split()) for heading in page.xpath("//main//h3")]
    assert [one.rpartition(" About ")[0] for one in questions] == [
        f"{question.number}. {question.title}" for question in STRATEGY.questions
    ]


def test_it_has_everything_that_the_pages_ask(world: World, signed_in: SignIn) -> None:
    html = signed_in(world.nobody).get(ADDRESS).content.decode()
    for question in STRATEGY.questions:
        for asked in question.form.kinds.values():
            if isinstance(asked, Rows):
                for field in asked.fields.values():
                    assert escape(field.short) in html, field.short
            elif len(question.form.kinds) > 1:
                assert escape(asked.label) in html, asked.label
    assert "{organisation}" not in html
    assert "{question" not in html


def test_it_offers_the_platforms_of_the_guide(world: World, signed_in: SignIn) -> None:
    Platform.objects.filter(key="forums").update(name="Village noticeboards")
    Platform.objects.get(key="forums").save()
    assert "Village noticeboards" in signed_in(world.nobody).get(ADDRESS).content.decode()


def test_every_row_and_column_has_a_head_and_every_name_says_what_it_is_about(page) -> None:
    assert list(hearing.wrong(page)) == []


def test_nothing_on_it_can_be_typed_in_or_sent(page, world: World, signed_in: SignIn) -> None:
    assert not page.xpath("//main//form | //main//input | //main//textarea | //main//select")
    assert signed_in(world.lead).post(ADDRESS).status_code == 405
    assert Client().get(ADDRESS).status_code == 302


def test_guidance_and_the_pages_before_a_review_lead_to_it(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.lead)
    for address in ("/guidance/", "/o/nhs-anywhere/reviews/new/", "/o/nhs-anywhere/reviews/autumn-2026/"):
        assert f'href="{ADDRESS}reviews/"' in client.get(address).content.decode()
    assert client.get(f"{ADDRESS}reviews/").status_code == 200


def test_any_workbook_can_be_printed(world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORKBOOKS, BOARD.key, BOARD)
    html = signed_in(world.nobody).get(f"{ADDRESS}{BOARD.path}/").content.decode()
    assert "What does it say?" not in html
    assert ">Notice<" in html.replace("\n", "")
    assert "Write the number of a notice" in html
