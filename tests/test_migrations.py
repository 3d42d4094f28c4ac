"""Migrations keep what people wrote: a database of the version before comes through with its answers."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from worksheets.models import Cycle


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
