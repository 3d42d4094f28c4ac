"""Migrations keep what people wrote: a database of the version before comes through with its answers."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from worksheets.models import Cycle, Revision, Worksheet
from worksheets.workbooks.strategy import version_one


@pytest.mark.django_db(transaction=True)
def test_a_review_from_before_there_were_workbooks_becomes_a_strategy_review_and_keeps_its_conclusion() -> None:
    before = MigrationExecutor(connection)
    before.migrate([("worksheets", "0001_initial")])
    models = before.loader.project_state([("worksheets", "0001_initial")]).apps
    anywhere = models.get_model("worksheets", "Organisation").objects.create(name="NHS Anywhere", slug="nhs-anywhere")
    days = {"starts": datetime.date(2026, 10, 1), "ends": datetime.date(2027, 3, 31)}
    cycles = models.get_model("worksheets", "Cycle").objects
    cycles.create(organisation=anywhere, name="Autumn 2026", slug="autumn-2026", **days)
    cycles.create(organisation=anywhere, name="Ended", slug="ended", not_using_because="Our patients ring us.", **days)

    after = MigrationExecutor(connection)
    after.migrate(after.loader.graph.leaf_nodes())

    autumn, ended = Cycle.objects.get(slug="autumn-2026"), Cycle.objects.get(slug="ended")
    assert (autumn.workbook, autumn.ending, autumn.ending_because) == ("strategy", "", "")
    assert (ended.workbook, ended.ending, ended.ending_because) == ("strategy", "not-using", "Our patients ring us.")


@pytest.mark.django_db(transaction=True)
def test_what_was_there_before_there_were_languages_is_in_english() -> None:
    before = MigrationExecutor(connection)
    before.migrate([("worksheets", "0006_once")])
    models = before.loader.project_state([("worksheets", "0006_once")]).apps
    anywhere = models.get_model("worksheets", "Organisation").objects.create(name="NHS Anywhere", slug="nhs-anywhere")
    days = {"starts": datetime.date(2026, 10, 1), "ends": datetime.date(2027, 3, 31)}
    cycles = models.get_model("worksheets", "Cycle").objects
    cycles.create(organisation=anywhere, name="Autumn 2026", slug="autumn-2026", **days)

    after = MigrationExecutor(connection)
    after.migrate(after.loader.graph.leaf_nodes())

    autumn = Cycle.objects.select_related("organisation").get(slug="autumn-2026")
    assert (autumn.language, autumn.organisation.language) == ("en-GB", "en-GB")


def old_review(models: Any) -> Any:
    """The stakeholder worksheet of a signed-off review of version 1, with its history and its issued file."""
    anywhere = models.get_model("worksheets", "Organisation").objects.create(name="NHS Anywhere", slug="nhs-anywhere")
    lena = models.get_model("worksheets", "User").objects.create(email="lena@example.org", name="Lena Lead")
    days = {"starts": datetime.date(2026, 10, 1), "ends": datetime.date(2027, 3, 31)}
    cycle = models.get_model("worksheets", "Cycle").objects.create(
        organisation=anywhere, name="Autumn 2026", slug="autumn-2026", state="signed-off", **days
    )
    models.get_model("worksheets", "Issued").objects.create(cycle=cycle, pdf=b"%PDF-as-issued", sha256="a" * 64)
    first = {"presence": [{"stakeholder": "st-a", "use": {"x": "daily"}}], "platforms": [{"id": "p", "platform": "x"}]}
    second = {
        "presence": [
            {"stakeholder": "st-a", "use": {"x": "weekly"}, "sources": ["ofcom"]},
            {"stakeholder": "st-b", "note": "Ask them"},
        ],
        "platforms": first["platforms"],
        "local_data": "The membership form",
    }
    third = {**second, "platforms": [{"id": "p", "platform": "x", "role": "active"}]}
    people = {"stakeholders": [{"id": "st-a", "name": "Parents"}, {"id": "st-b", "name": "Carers"}]}
    sheet = models.get_model("worksheets", "Worksheet").objects.create(
        cycle=cycle,
        stage="stakeholders",
        status="complete",
        version=6,
        carried=["presence"],
        drafts={"presence": {"version": 5}},
        answers={"stakeholders": people, "presence": third},
    )
    for version, question, answer in [
        (1, "stakeholders", people),
        (2, "presence", first),
        (3, "presence", second),
        (5, "presence", third),
    ]:
        models.get_model("worksheets", "Revision").objects.create(
            worksheet=sheet, version=version, question=question, answer=answer, saved_by=lena
        )
    return sheet


@pytest.mark.django_db(transaction=True)
def test_a_review_of_version_one_becomes_one_of_version_two_and_keeps_all_that_was_written() -> None:
    before = MigrationExecutor(connection)
    before.migrate([("worksheets", "0007_language")])
    old_review(before.loader.project_state([("worksheets", "0007_language")]).apps)

    after = MigrationExecutor(connection)
    after.migrate(after.loader.graph.leaf_nodes())

    cycle = Cycle.objects.get(slug="autumn-2026")
    assert (cycle.state, bytes(cycle.issued.pdf)) == ("signed-off", b"%PDF-as-issued")
    sheet = Worksheet.objects.get(cycle=cycle)
    assert (sheet.status, sheet.carried, sheet.drafts) == ("complete", ["presence", "platforms"], {})
    assert sheet.answers["presence"] == {
        "presence": [
            {"stakeholder": "st-a", "where": "some", "use": {"x": "weekly"}, "sources": ["ofcom"]},
            {"stakeholder": "st-b", "where": "unknown", "note": "Ask them"},
        ],
        "local_data": "The membership form",
    }
    assert sheet.answers["platforms"] == {"platforms": [{"id": "p", "platform": "x", "role": "active"}]}


@pytest.mark.django_db(transaction=True)
def test_its_history_tells_who_chose_which_accounts_and_when() -> None:
    before = MigrationExecutor(connection)
    before.migrate([("worksheets", "0007_language")])
    old_review(before.loader.project_state([("worksheets", "0007_language")]).apps)

    after = MigrationExecutor(connection)
    after.migrate(after.loader.graph.leaf_nodes())

    lines = Revision.objects.order_by("version")
    assert [(line.version, line.question) for line in lines] == [
        (1, "stakeholders"),
        (2, "presence"),
        (3, "platforms"),
        (4, "presence"),
        (6, "platforms"),
    ]
    assert Worksheet.objects.get().version == 7
    accounts = [line for line in lines if line.question == "platforms"]
    assert [str(line.saved_by) for line in accounts] == ["Lena Lead", "Lena Lead"]
    assert accounts[1].answer == {"platforms": [{"id": "p", "platform": "x", "role": "active"}]}
    assert accounts[0].saved_at == lines[1].saved_at
    assert all("platforms" not in line.answer for line in lines if line.question == "presence")


SAVES: list[tuple[Any, list[tuple[str, Any]]]] = [
    # Only accounts, which is no answer to where people are.
    ({"platforms": [{"id": "p"}]}, [("platforms", {"platforms": [{"id": "p"}]})]),
    ({"platforms": [{"id": "p"}], "local_data": "x"}, [("presence", {"local_data": "x"})]),
    # The accounts were taken out, and what is left looks as it does today.
    ({"local_data": "x"}, [("platforms", None)]),
    # Saved again as it was.
    ({"local_data": "x"}, [("presence", {"local_data": "x"})]),
    (
        {"presence": [{"stakeholder": "s"}], "platforms": [{"id": "q"}]},
        [
            ("presence", {"presence": [{"stakeholder": "s", "where": "unknown"}]}),
            ("platforms", {"platforms": [{"id": "q"}]}),
        ],
    ),
    # Emptied, and both with it.
    (None, [("presence", None), ("platforms", None)]),
]


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_save_is_told_as_what_it_changed_and_no_version_stands_twice() -> None:
    before = MigrationExecutor(connection)
    before.migrate([("worksheets", "0007_language")])
    models = before.loader.project_state([("worksheets", "0007_language")]).apps
    sheet = old_review(models)
    revisions = models.get_model("worksheets", "Revision").objects
    revisions.all().delete()
    for version, (answer, _) in enumerate(SAVES, 1):
        revisions.create(worksheet=sheet, version=version, question="presence", answer=answer)

    after = MigrationExecutor(connection)
    after.migrate(after.loader.graph.leaf_nodes())

    lines = list(Revision.objects.order_by("version"))
    assert [(line.question, line.answer) for line in lines] == [line for _, told in SAVES for line in told]
    assert [line.version for line in lines] == list(range(1, len(lines) + 1))
    assert Worksheet.objects.get().version == 6 + len(lines) - len(SAVES)


def test_what_is_of_version_two_already_is_left_alone_so_that_moving_twice_is_moving_once() -> None:
    old = {"presence": {"presence": [{"stakeholder": "st-a"}], "platforms": [{"id": "p"}]}}
    once = version_one.worksheet(old)
    assert once == {
        "presence": {"presence": [{"stakeholder": "st-a", "where": "unknown"}]},
        "platforms": {"platforms": [{"id": "p"}]},
    }
    assert version_one.worksheet(once) == once
    assert version_one.worksheet({"presence": {"platforms": [{"id": "p"}]}}) == {
        "platforms": {"platforms": [{"id": "p"}]}
    }
    assert version_one.worksheet({}) == {}
