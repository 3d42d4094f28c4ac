"""What holds for all workbooks together: keys, addresses and formats that no two share, and versions that agree."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.urls import get_resolver

import worksheets
from tests.books import BOARD
from worksheets.fields import Rows
from worksheets.urls import CYCLE, ORGANISATION
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

ROOT = Path(__file__).parent.parent
ALL = [*WORKBOOKS.values(), BOARD]


def twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def words_behind(start: str) -> set[str]:
    """The fixed words that the addresses have right behind `start`."""
    routes = (str(pattern.pattern) for pattern in get_resolver("worksheets.urls").url_patterns)
    words = {route.removeprefix(f"{start}/").split("/")[0] for route in routes if route.startswith(f"{start}/")}
    return {word for word in words if word and not word.startswith("<")}


def test_no_two_workbooks_share_a_key_a_path_or_a_format() -> None:
    assert twice(book.key for book in ALL) == []
    assert twice(book.path for book in ALL) == []
    assert twice(book.format for book in ALL) == []


def test_a_stage_and_a_question_have_keys_that_no_other_has_in_any_workbook() -> None:
    assert twice(stage.key for book in ALL for stage in book.stages) == []
    assert twice(question.key for book in ALL for question in book.questions) == []
    assert twice(rule.id for book in ALL for rule in book.rules) == []


@pytest.mark.parametrize("book", ALL, ids=lambda book: book.key)
def test_no_stage_is_called_like_a_question_beside_which_its_heading_stands(book: Workbook) -> None:
    assert not {stage.title for stage in book.stages} & {question.title for question in book.questions}


def test_no_path_of_a_workbook_is_a_word_that_stands_at_its_place_in_an_address() -> None:
    assert {"people", "results", "compare", "trend", "verify"} <= words_behind(ORGANISATION)
    assert not words_behind(ORGANISATION) & {book.path for book in ALL}


def test_no_stage_is_called_like_a_page_of_its_cycle_and_no_question_like_a_step_behind_the_last() -> None:
    assert {"summary", "points", "comments", "looking-back"} <= words_behind(CYCLE)
    assert not words_behind(CYCLE) & {stage.key for book in ALL for stage in book.stages}
    assert "complete" not in {question.key for book in ALL for question in book.questions}


@pytest.mark.parametrize("book", ALL, ids=lambda book: book.key)
def test_what_a_workbook_says_of_its_questions_is_about_questions_that_it_asks(book: Workbook) -> None:
    asked = {question.key for question in book.questions}
    assert {rule.question for rule in book.rules} <= asked
    assert all(rule.stage == book.question[rule.question].stage for rule in book.rules)
    for rule in book.rules:
        table, _, field = rule.field.partition(".")
        kind = book.question[rule.question].form.kinds[table]
        assert not field or (isinstance(kind, Rows) and field in kind.fields), rule.id
    assert {picture.question for picture in book.pictures} <= asked | {""}
    assert set(book.promised) <= asked
    assert {needed.stage for ending in book.endings for needed in ending.needs} <= set(book.stage)
    assert {needed.question for ending in book.endings for needed in ending.needs} <= asked | {""}


@pytest.mark.parametrize("book", WORKBOOKS.values(), ids=lambda book: book.key)
def test_every_stage_and_question_that_ships_has_its_guidance(book: Workbook) -> None:
    for stage in book.stages:
        assert (book.guidance / "stages" / f"{stage.key}.md").is_file()
    for question in book.questions:
        assert (book.guidance / "questions" / f"{question.key}.md").is_file()


def test_the_package_says_one_version_of_itself_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == worksheets.__version__
    assert f"\n## {worksheets.__version__}, " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
