"""Cells that were copied from a spreadsheet become rows of a table, wherever they find a place in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.reading import address, error_messages, send, words
from tests.world import World, sample
from worksheets.fields import Scope
from worksheets.fields.pasted import cells_of, rows_of
from worksheets.models import User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
TASKS: Any = STRATEGY.question["weekly"].form.kinds["tasks"]


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def stored(world: World, question: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table as they are kept, without their ids."""
    stage = STRATEGY.question[question].stage
    answers = Worksheet.objects.get(cycle=world.cycle, stage=stage).answers.get(question, {})
    return [{key: value for key, value in row.items() if key != "id"} for row in answers.get(table, [])]


def paste(lead: Client, world: World, question: str, table: str, cells: str, at: str) -> Any:
    return send(lead, address(world, question), f"paste:{table}", pasted=cells, pasted__at=f"{table}-0-{at}")


def test_lines_of_cells_become_rows_from_the_column_in_which_they_were_pasted(world: World, lead: Client) -> None:
    world.fill(drivers=sample()["worksheets"]["drivers"])
    cells = "Watch mentions\tMonitor\t3.5\tAnn\tAim 1, Aim 2\r\nAnswer\trespond\t6\r\n"
    paste(lead, world, "weekly", "tasks", cells, "task")
    assert stored(world, "weekly", "tasks") == [
        {
            "task": "Watch mentions",
            "kind": "monitor",
            "hours": 3.5,
            "who": "Ann",
            "aims": ["aim-maternity", "aim-waiting"],
        },
        {"task": "Answer", "kind": "respond", "hours": 6},
    ]
    paste(lead, world, "weekly", "tasks", "2\tBen\n", "hours")
    assert stored(world, "weekly", "tasks")[2] == {"hours": 2, "who": "Ben"}


def test_heads_say_which_column_is_which(world: World, lead: Client) -> None:
    paste(lead, world, "setup", "tasks", "Who\tTask\nAnn\tSecure the names\n", "task")
    assert stored(world, "setup", "tasks") == [{"task": "Secure the names", "who": "Ann"}]


def test_dates_platforms_and_roles_are_taken_as_people_write_them(world: World, lead: Client) -> None:
    cells = (
        "Platform\tWhat will you do there?\tWhen was the last post?\nyoutube\tActive\t14/9/2026\nFacebook\tLeave\t\n"
    )
    paste(lead, world, "platforms", "platforms", cells, "account")
    assert stored(world, "platforms", "platforms") == [
        {"platform": "youtube", "role": "active", "last_post": "2026-09-14"},
        {"platform": "facebook", "role": "leave"},
    ]


def test_a_line_break_within_a_cell_stays_in_it(world: World, lead: Client) -> None:
    paste(lead, world, "setup", "tasks", '"Brief the board,\nthen the team"\t2\nTrain\t8\n', "task")
    assert [row["task"] for row in stored(world, "setup", "tasks")] == ["Brief the board,\nthen the team", "Train"]


def test_an_aim_gets_its_beginning(world: World, lead: Client) -> None:
    paste(lead, world, "aims", "aims", "Help people\tYes\n", "statement")
    (row,) = stored(world, "aims", "aims")
    assert row["statement"] == "By using social media, NHS Anywhere Foundation Trust aims to help people"
    assert row["achievable"] == "yes"


def test_what_finds_no_place_is_told_and_the_rest_is_taken(world: World, lead: Client) -> None:
    done = paste(lead, world, "weekly", "tasks", "Tidy up\tHousework\t2\tAnn\t\tand more\n", "task")
    assert stored(world, "weekly", "tasks") == [{"task": "Tidy up", "hours": 2, "who": "Ann"}]
    said = words(lead.get(done["Location"]))
    assert "the table has no place for it: “Housework” and “and more”" in said


def test_what_cannot_be_right_is_shown_in_its_row_and_not_lost(world: World, lead: Client) -> None:
    page = paste(lead, world, "setup", "tasks", "Brief the board\tsome\n", "task")
    assert page.status_code == 400
    assert error_messages(page) == ["Task 1: Enter “Hours” as a number from 0 to 168 with at most 2 decimals, like 7.5"]
    assert "Brief the board" in page.content.decode()


def test_more_rows_than_a_table_takes_are_all_shown(world: World, lead: Client) -> None:
    page = paste(lead, world, "setup", "tasks", "\n".join(f"Task {n}" for n in range(25)), "task")
    assert page.status_code == 400
    assert "Remove 5" in error_messages(page)[0]
    assert "Task 24" in page.content.decode()


def test_rows_of_an_earlier_answer_take_none(world: World, lead: Client) -> None:
    world.fill()
    send(lead, address(world, "proportion"), "paste:proportion", pasted="yes\tbecause\n", pasted__at="proportion-0-x")
    assert len(stored(world, "proportion", "proportion")) == 5


def test_who_may_not_write_pastes_nothing(world: World, signed_in: SignIn) -> None:
    sent = {"do": "paste:tasks", "pasted": "Brief\t2\n", "pasted-at": "tasks-0-task"}
    assert signed_in(world.manager).post(address(world, "setup"), sent).status_code == 403
    assert signed_in(world.outsider).post(address(world, "setup"), sent).status_code == 404
    assert stored(world, "setup", "tasks") == []


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from('\t\n\r"'), max_size=300))
def test_any_text_makes_rows_or_none(text: str) -> None:
    pasted = rows_of(text, TASKS.fields, "task", Scope())
    assert all(set(row) == set(TASKS.fields) for row in pasted.rows)
    assert len(pasted.rows) <= len(cells_of(text))
