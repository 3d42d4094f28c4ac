"""A database that falls silent: pages give up in time, others are told at once, and it may come back."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import OperationalError, close_old_connections, connection
from django.test import Client

from tests.world import World
from toolkit import deadline
from toolkit.postgres.base import DatabaseWrapper
from worksheets.models import User

SignIn = Callable[[User], Client]
# The tests with the fake server touch no table: the mark only lets them open connections.
pytestmark = pytest.mark.django_db


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack(">I", len(body) + 4) + body


READY_FOR_QUERY = message(b"Z", b"I")
WELCOME = message(b"R", struct.pack(">I", 0)) + message(b"S", b"TimeZone\0UTC\0")
WELCOME += message(b"S", b"server_version\x0015.0\0") + READY_FOR_QUERY


class FakeServer:
    """Speaks as much of PostgreSQL's language as it takes to connect and to run statements that say nothing."""

    def __init__(self) -> None:
        self.greets, self.answers, self.takes = True, True, 0.0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(client,), daemon=True).start()

    def talk(self, client: socket.socket) -> None:
        # Who has given up does not hear the answer.
        with client, suppress(OSError):
            started = False
            while said := client.recv(65_536):
                if said[4:8] in (struct.pack(">I", 80877103), struct.pack(">I", 80877104)):
                    client.sendall(b"N")  # neither TLS nor Kerberos
                elif not started and self.greets:
                    started = True
                    client.sendall(WELCOME)
                elif started and self.answers:
                    time.sleep(self.takes)
                    client.sendall(message(b"I") + READY_FOR_QUERY)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    yield fake
    fake.listener.close()


@pytest.fixture(autouse=True)
def _a_line_that_never_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    line = deadline.Line()
    monkeypatch.setattr("toolkit.deadline.line", line)
    monkeypatch.setattr("toolkit.postgres.base.line", line)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything goes faster, so that nobody waits for this test."""
    monkeypatch.setattr("toolkit.deadline.SECONDS", 2.0)
    monkeypatch.setattr("toolkit.postgres.base.SILENCE", 1.0)


def to(server: FakeServer) -> DatabaseWrapper:
    options = {"connect_timeout": 4, "options": "-c lock_timeout=4s"}
    settings = {
        **connection.settings_dict,
        "NAME": "fake",
        "USER": "fake",
        "PASSWORD": "",
        "HOST": "127.0.0.1",
        "PORT": str(server.port),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": False,
    }
    return DatabaseWrapper(settings, "fake")


def ask(database: DatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT")


def seconds(what: Callable[[], object]) -> float:
    began = time.monotonic()
    with pytest.raises(OperationalError):
        what()
    return time.monotonic() - began


def test_a_server_that_does_not_greet_is_given_up(server: FakeServer) -> None:
    server.greets = False
    with deadline.one_request():
        assert seconds(to(server).ensure_connection) < 4


@pytest.mark.usefixtures("hurried")
def test_a_server_that_falls_silent_is_given_up_and_nothing_more_is_tried_in_that_request(server: FakeServer) -> None:
    database = to(server)
    with deadline.one_request():
        ask(database)
        server.answers = False
        assert 1 < seconds(lambda: ask(database)) < 4
        database.close()
        assert seconds(lambda: ask(database)) < 1


@pytest.mark.usefixtures("hurried")
def test_after_a_silence_one_asks_and_the_others_are_told_at_once(server: FakeServer) -> None:
    database = to(server)
    database.ensure_connection()
    server.answers = False
    with deadline.one_request():
        seconds(lambda: ask(database))
    server.greets = False
    asking = threading.Event()

    def one() -> None:
        with deadline.one_request():
            asking.set()
            seconds(to(server).ensure_connection)

    first = threading.Thread(target=one)
    first.start()
    asking.wait()
    began = time.monotonic()
    took = []
    while first.is_alive() and time.monotonic() < began + 0.2:
        with deadline.one_request():
            took.append(seconds(to(server).ensure_connection))
    assert min(took) < 1
    first.join()


@pytest.mark.usefixtures("hurried")
def test_when_it_answers_again_everything_works_without_a_restart(server: FakeServer) -> None:
    database = to(server)
    database.ensure_connection()
    server.answers = False
    with deadline.one_request():
        seconds(lambda: ask(database))
    database.close()
    server.answers = True
    for _ in range(3):
        with deadline.one_request():
            ask(database)


@pytest.mark.usefixtures("hurried")
def test_several_waits_share_the_time_of_their_request(server: FakeServer) -> None:
    database = to(server)
    database.ensure_connection()
    server.takes = 0.8

    def ask_three_times() -> None:
        for _ in range(3):
            ask(database)

    with deadline.one_request():
        seconds(ask_three_times)


def test_only_waiting_uses_the_time_up_and_no_work_on_a_busy_machine(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = to(server)
    with deadline.one_request():
        ask(database)
        later = time.monotonic() + 60
        monkeypatch.setattr("toolkit.deadline.time.monotonic", lambda: later)
        ask(database)


def test_what_runs_outside_a_request_has_no_limit_but_that_of_locks(server: FakeServer) -> None:
    options = to(server).get_connection_params()["options"]
    assert "lock_timeout" in options
    assert "statement_timeout" not in options
    with deadline.one_request():
        assert "statement_timeout=4s" in to(server).get_connection_params()["options"]


if connection.vendor == "sqlite":

    def test_waits_for_locks_share_the_time_of_their_request(monkeypatch: pytest.MonkeyPatch) -> None:
        def patience() -> int:
            with connection.cursor() as cursor:
                return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])

        before = patience()
        monkeypatch.setattr("toolkit.deadline.SECONDS", 1.5)
        with deadline.one_request():
            assert 0 < patience() <= 1_500
        assert patience() == before
        monkeypatch.setattr("toolkit.deadline.SECONDS", 0)
        with deadline.one_request(), pytest.raises(OperationalError):
            patience()

else:

    class Between:
        """Stands between us and PostgreSQL, and lets nothing through while it is frozen."""

        def __init__(self, host: str, port: int) -> None:
            self.there = (host, port)
            self.flowing = threading.Event()
            self.flowing.set()
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.port = self.listener.getsockname()[1]
            threading.Thread(target=self.serve, daemon=True).start()

        def serve(self) -> None:
            while True:
                try:
                    client, _ = self.listener.accept()
                except OSError:
                    return
                server = socket.create_connection(self.there)
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self.carry, args=pair, daemon=True).start()

        def carry(self, source: socket.socket, sink: socket.socket) -> None:
            try:
                while data := source.recv(65_536):
                    self.flowing.wait()
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    @pytest.fixture
    def between(transactional_db: None) -> Iterator[Between]:
        settings = connection.settings_dict
        host, port = settings["HOST"], settings["PORT"]
        proxy = Between(host or "127.0.0.1", int(port or 5432))
        connection.close()
        settings |= {"HOST": "127.0.0.1", "PORT": str(proxy.port)}
        yield proxy
        proxy.flowing.set()
        connection.close()
        settings |= {"HOST": host, "PORT": port}
        proxy.listener.close()

    @pytest.mark.usefixtures("hurried")
    def test_a_page_keeps_what_was_typed_while_postgresql_is_frozen_and_works_when_it_is_back(
        between: Between, world: World, signed_in: SignIn
    ) -> None:
        lead = signed_in(world.lead)
        home = f"/o/{world.anywhere.slug}/"
        assert lead.get(home).status_code == 200
        between.flowing.clear()
        began = time.monotonic()
        response = lead.post(f"{home}people/add/", {"email": "somebody@example.org"})
        assert response.status_code == 503
        assert "somebody@example.org" in response.content.decode()
        assert lead.get("/health/").status_code == 200
        # As at the end of every request that did not come from a test.
        close_old_connections()
        assert lead.get(home).status_code == 503
        assert time.monotonic() - began < 6
        between.flowing.set()
        close_old_connections()
        assert lead.get(home).status_code == 200
