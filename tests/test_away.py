"""When the database is gone or takes no writes: what can be read is read, what was typed is kept, the log says why."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, IntegrityError, InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.test_access import ADDRESSES, EXPECTED, address
from tests.world import World
from toolkit import errors, logs, urls
from worksheets.models import Organisation, User

SignIn = Callable[[User], Client]

raised: list[Exception] = []


@login_not_required
def failing(request: HttpRequest) -> HttpResponse:
    raise raised[-1]


urlpatterns = [*urls.urlpatterns, path("failing/", failing)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def from_postgresql(kind: type[DatabaseError], cause: type[psycopg.Error], words: str = "") -> DatabaseError:
    """An error as Django passes it on from the driver of PostgreSQL."""
    error = kind(words)
    error.__cause__ = cause(words)
    return error


def from_sqlite(kind: type[DatabaseError], code: int, words: str) -> DatabaseError:
    error = kind(words)
    error.__cause__ = sqlite3.OperationalError(words)
    error.__cause__.sqlite_errorcode = code
    return error


@pytest.fixture
def read_only(db: None):
    """Takes the right to write away when called, as a failover to a replica does."""

    def no_more() -> None:
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON" if connection.vendor == "sqlite" else "SET TRANSACTION READ ONLY")

    yield no_more
    if connection.vendor == "sqlite":
        connection.connection.execute("PRAGMA query_only = OFF")


def get(url: str, error: Exception) -> HttpResponse:
    raised.append(error)
    with override_settings(ROOT_URLCONF="tests.test_away"):
        return Client(raise_request_exception=False).get(url)


@pytest.mark.parametrize(
    "error",
    [
        from_postgresql(InternalError, psycopg.errors.ReadOnlySqlTransaction),
        from_postgresql(InternalError, psycopg.errors.IdleInTransactionSessionTimeout),
        from_postgresql(OperationalError, psycopg.errors.AdminShutdown),
        from_postgresql(OperationalError, psycopg.errors.CannotConnectNow),
        from_postgresql(OperationalError, psycopg.errors.TooManyConnections),
        from_postgresql(OperationalError, psycopg.errors.QueryCanceled),
        from_postgresql(OperationalError, psycopg.errors.DiskFull),
        from_postgresql(OperationalError, psycopg.errors.LockNotAvailable),
        from_postgresql(OperationalError, psycopg.errors.DeadlockDetected),
        from_postgresql(OperationalError, psycopg.OperationalError, "connection failed: Connection refused"),
        InterfaceError("connection is closed"),
        from_sqlite(OperationalError, sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
        from_sqlite(OperationalError, sqlite3.SQLITE_BUSY, "database is locked"),
        from_sqlite(OperationalError, sqlite3.SQLITE_FULL, "database or disk is full"),
        from_sqlite(OperationalError, sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"),
        from_sqlite(DatabaseError, sqlite3.SQLITE_CORRUPT, "database disk image is malformed"),
        from_sqlite(DatabaseError, sqlite3.SQLITE_NOTADB, "file is not a database"),
    ],
    ids=lambda error: f"{type(error.__cause__ or error).__name__} {error}",
)
def test_a_database_that_cannot_do_its_work_is_503(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    response = get("/failing/", error)
    assert response.status_code == 503
    lines = [record.getMessage() for record in caplog.records if record.name == "toolkit.errors"]
    assert len(lines) == 1
    assert lines[0].startswith("503 for GET /failing/: ")
    assert "the " in lines[0] or "two changes" in lines[0] or "a statement" in lines[0] or "a lock" in lines[0]


@pytest.mark.parametrize(
    "error",
    [
        from_postgresql(InternalError, psycopg.errors.InFailedSqlTransaction),
        from_postgresql(IntegrityError, psycopg.errors.UniqueViolation),
        from_sqlite(OperationalError, sqlite3.SQLITE_ERROR, "no such column: nonsense"),
        ValueError("ours"),
    ],
    ids=lambda error: type(error.__cause__ or error).__name__,
)
def test_a_mistake_of_ours_stays_500(error: Exception) -> None:
    assert get("/failing/", error).status_code == 500


# Read-only.

# What is printed is kept, what is downloaded is recorded, and `ready` says that nothing can be written.
WRITTEN = (
    *("summary-pdf", "summary-word", "summary-compared", "example-pdf", "policy-pdf", "policy-word"),
    *("download-json", "tables-xlsx", "actions-xlsx", "ready"),
)


@pytest.mark.parametrize(
    "name",
    [name for name, _ in ADDRESSES if EXPECTED[name].split()[5] == "200" and name not in WRITTEN],
)
def test_every_page_can_be_read_while_nothing_can_be_written(
    name: str, world: World, signed_in: SignIn, read_only: Callable[[], None]
) -> None:
    place, client = address(name, world), signed_in(world.lead)
    read_only()
    assert client.get(place).status_code == 200


def test_a_page_that_would_remember_something_of_its_reader_goes_out_all_the_same(
    world: World, signed_in: SignIn, read_only: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.lead)
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.modified", True, raising=False)
    read_only()
    assert client.get("/guidance/").status_code == 200


def test_what_is_typed_while_nothing_can_be_written_is_kept(
    world: World, signed_in: SignIn, read_only: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    place, client = address("question", world), signed_in(world.lead)
    read_only()
    response = client.post(place, {"aims-0-statement": "We aim <high>"})
    html = response.content.decode()
    assert response.status_code == 503
    assert "We aim &lt;high&gt;" in html
    assert "Send it again" in html
    assert "the database is read-only" in caplog.text
    assert "We aim" not in caplog.text


def test_nobody_can_sign_in_while_nothing_can_be_written_and_is_told_so(
    world: World, read_only: Callable[[], None]
) -> None:
    read_only()
    response = Client().post(
        "/accounts/login/", {"login": "lead@example.org", "password": "correct horse battery staple"}
    )
    assert response.status_code == 503
    assert "correct horse" not in response.content.decode()


# The number of a request, and what is in the log.

SECRET = "We aim to be heard"


def test_every_answer_has_a_number_and_the_log_has_it_too() -> None:
    first, second = (Client().get("/health/").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    record = logging.makeLogRecord({"msg": "A line"})
    assert logs.Numbered().filter(record)
    assert record.number == second


@pytest.mark.parametrize("given", ["0a1b2c3d-4e5f-6789-abcd-ef0123456789", "Root.1-67891233", "a" * 64])
def test_a_number_that_the_proxy_gave_is_kept(given: str) -> None:
    assert Client().get("/health/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    ["", "short", "a" * 65, "one two three", "line\nbreak-it", "<script>alert(1)</script>", "Ünïcödé-1234", "-a234567"],
)
def test_a_number_that_could_be_anything_else_is_not(given: str) -> None:
    number = Client().get("/health/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert number != given
    assert len(number) == 12


@pytest.mark.parametrize("error", [OperationalError("database is locked"), ValueError("ours")])
def test_an_error_page_says_which_number_to_pass_on(error: Exception) -> None:
    response = get("/failing/", error)
    number = response.headers["X-Request-ID"]
    assert f"tell your IT team this number: <strong>{number}</strong>" in response.content.decode()


def printed(error: BaseException) -> str:
    """What the log says of an error that somebody logged with its traceback."""
    try:
        raise error
    except BaseException as caught:
        record = logging.makeLogRecord({"msg": "It failed", "exc_info": (type(caught), caught, caught.__traceback__)})
    return logs.Discreet("{message}", style="{").format(record)


def test_a_traceback_says_where_and_not_what_somebody_typed(world: World) -> None:
    try:
        Organisation.objects.create(name=SECRET, slug=world.anywhere.slug)
    except IntegrityError as caught:
        error = ValueError(SECRET)
        error.__cause__ = caught
    text = printed(error)
    assert SECRET not in text
    assert world.anywhere.slug not in text
    assert text.startswith("It failed\nTraceback")
    assert "IntegrityError" in text
    assert " (code " in text
    assert text.endswith("ValueError")
    assert "in test_a_traceback_says_where" in text


def test_no_cause_quotes_what_an_error_says() -> None:
    error = from_postgresql(OperationalError, psycopg.errors.DiskFull, 'could not write "A secret answer"')
    assert logs.cause(error) == "OperationalError from DiskFull, code 53100, the disk of the database is full"
    assert "secret" not in logs.cause(OperationalError("A secret answer"))
    assert logs.cause(None) == "no error"


def test_what_is_raised_while_another_error_is_handled_is_told_as_well() -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError:
            raise RuntimeError(SECRET)  # noqa: B904 - as it happens by mistake
    except RuntimeError as error:
        text = printed(error)
    assert text.index("KeyError") < text.index("RuntimeError")
    assert SECRET not in text


def test_errors_that_are_no_error_of_a_database_are_not_away() -> None:
    assert not errors.is_away(None)
    assert not errors.is_away(RuntimeError("database is locked"))
