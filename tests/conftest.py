"""What every test may ask for: the world of people, and browsers signed in as one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from jinja2 import StrictUndefined

from tests.printing import print_at_once
from tests.world import World, make_world
from toolkit import readiness
from worksheets import post
from worksheets.models import User
from worksheets.report import machine, queue
from worksheets.report.printer import Printed, printer

# The fixtures by which a test gets a database.
DATABASES = {"db", "transactional_db", "live_server"}


def pytest_configure() -> None:
    """A name that one of our templates asks for and no view gives fails the test that draws it."""
    engines["jinja2"].env.undefined = StrictUndefined
    print_at_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="only tests that ask a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks no database is the same on every one: with `--only-database` it is left out."""
    if not config.getoption("only_database"):
        return
    asks, others = [], []
    for item in items:
        wants = item.get_closest_marker("django_db") or DATABASES & {*fixtures_of(item)}
        (asks if wants else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = asks


def fixtures_of(item: pytest.Item) -> list[str]:
    """The names of all fixtures that a test stands on."""
    names: list[str] = getattr(item, "fixturenames", [])
    return names


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line that the tests in a browser were left out: they need Chromium, and have a gate of their own."""
    if config.getoption("markexpr") == "not browser":
        terminalreporter.write_line("Left out: the tests in a browser, which .ci/run runs (pytest -m browser).")


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A password is kept with much work on purpose; six people for each test are too many for that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done after an answer is done when the answer is there: another thread would not see what a test wrote."""
    monkeypatch.setattr(post, "background", lambda work: work())


@pytest.fixture(autouse=True)
def a_press_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the service is ready is asked anew in each test; that a press can start is taken for granted."""
    for check in (readiness.DATABASE, readiness.DISK, readiness.PRESS):
        check.forget()
    monkeypatch.setattr(readiness.PRESS, "try_it", lambda: "")


@pytest.fixture
def world(db: None) -> World:
    """The people, their organisations and one review cycle each."""
    return make_world()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which that person has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were printed. Real ones take seconds: these are their HTML between the ends of a PDF."""
    pages: list[str] = []

    def print_(html: str) -> Printed:
        pages.append(html)
        return Printed(b"%PDF-1.7\n" + html.encode() + b"\n%%EOF", 1)

    monkeypatch.setattr(printer, "print", print_)
    return pages


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Nobody prints until the test calls `work`, as on a machine that is busy; each time somebody was to be woken."""
    woken: list[None] = []
    monkeypatch.setattr(machine, "press_on", lambda: woken.append(None))
    monkeypatch.setattr(queue, "AT_ONCE", 0)
    return woken


@pytest.fixture
def shared(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads can share as processes would: of SQLite a file, for its memory knows no waiting."""
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    memory = connection.connection
    file = sqlite3.connect(tmp_path / "shared.sqlite3")
    memory.backup(file)
    file.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(tmp_path / "shared.sqlite3")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = memory
