"""The pages for machines: `/health/` says that the process is alive, `/ready/` that it can read, write and print."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client, override_settings

from tests.world import World
from toolkit import readiness
from worksheets.models import User
from worksheets.report import machine
from worksheets.report.printer import CannotStart, Printer

SignIn = Callable[[User], Client]
Usage = namedtuple("Usage", "total used free")


def away() -> None:
    raise OperationalError("database is locked, says secret-host")


def read_only() -> None:
    """From now on nothing can be written, until the test ends."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if connection.vendor == "sqlite" else "SET TRANSACTION READ ONLY")


@pytest.fixture(autouse=True)
def _writing_again(db: None):
    yield
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.execute("PRAGMA query_only = OFF")


def test_health_asks_nothing_and_nobody(world: World, signed_in: SignIn, django_assert_num_queries) -> None:
    client = signed_in(world.lead)
    with django_assert_num_queries(0):
        response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"OK")


def test_a_look_at_health_signs_nobody_out(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.lead)
    client.get("/health/")
    client.get("/ready/")
    assert client.get("/guidance/").status_code == 200


def test_ready_says_ok_and_leaves_nothing_behind() -> None:
    response = Client().get("/ready/")
    assert (response.status_code, response.content) == (200, b"OK")
    assert not Session.objects.exists()


def test_both_answer_without_a_redirect_to_https() -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert Client().get("/health/").status_code == 200
        assert Client().get("/ready/").status_code == 200
        assert Client().get("/about/").status_code == 301


def test_not_ready_while_the_database_is_away_and_alive_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", away)
        response, alive = Client().get("/ready/"), Client().get("/health/")
    assert response.status_code == 503
    assert "The database cannot be read and written" in response.content.decode()
    assert "secret-host" not in response.content.decode()
    assert alive.status_code == 200


def test_not_ready_while_the_database_is_read_only() -> None:
    read_only()
    response = Client().get("/ready/")
    assert response.status_code == 503
    assert "the database is read-only" in response.content.decode()


def test_not_ready_when_no_press_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: Printer) -> None:
        raise CannotStart("No module named weasyprint")

    monkeypatch.setattr(Printer, "check", check)
    monkeypatch.setattr(readiness.PRESS, "try_it", readiness.press)
    response = Client().get("/ready/")
    assert response.status_code == 503
    assert response.content == b"Summaries cannot be printed: the press does not start. The log says why."


def test_not_ready_when_the_lock_of_the_printing_process_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def take() -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(machine, "take", take)
    assert readiness.press().endswith("cannot be had (Permission denied).")


def test_a_press_that_comes_up_is_ended_again() -> None:
    printer = Printer()
    printer.check()
    assert printer._press is None


def test_a_press_that_takes_its_time_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Event()
    monkeypatch.setattr(readiness, "PATIENCE", 0.2)
    monkeypatch.setattr(readiness.PRESS, "try_it", lambda: "" if started.wait(20) else "It never came up.")
    response = Client().get("/ready/")
    assert response.content == b"The press that prints summaries is still starting."
    started.set()
    assert readiness.PRESS.reason(10) == ""
    assert Client().get("/ready/").status_code == 200


def test_not_ready_when_the_disk_is_nearly_full(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    file = tmp_path / "db.sqlite3"
    file.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    with monkeypatch.context() as patch:
        patch.setattr(connection, "vendor", "sqlite")
        assert readiness.disk() == ""
        patch.setattr(shutil, "disk_usage", lambda where: Usage(10**12, 10**12, 10**6))
        assert readiness.disk() == "The disk of the database is nearly full."


def test_what_was_found_is_kept_for_some_seconds(django_assert_num_queries) -> None:
    Client().get("/ready/")
    with django_assert_num_queries(0):
        assert Client().get("/ready/").status_code == 200
