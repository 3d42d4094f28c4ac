"""Stopping and starting again loses no request that was taken: by TERM, by HUP, and with a socket that stays open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORM = b"login=nobody%40example.org&password=" + b"x" * 4_000
HEAD = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(FORM)
)
ALIVE = b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class Served:
    """The toolkit behind a socket that stays open when it stops, as systemd keeps one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        """One more process, which is there once it answers."""
        number = self.listener.fileno()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "python:toolkit.gunicorn", "toolkit.wsgi"),
                *("--bind", f"fd://{number}", "--workers", "1", "--threads", "2", "--log-level", "error"),
            ],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{self.folder}/db.sqlite3", "TOOLKIT_ENV": "demo"},
            pass_fds=(number,),
        )
        self.running.append(process)
        return process

    def send(self, data: bytes) -> socket.socket:
        client = socket.create_connection(self.listener.getsockname(), timeout=60)
        client.sendall(data)
        return client

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.listener.close()


def answer(client: socket.socket) -> bytes:
    """The first line of the answer; nothing when the connection was closed without one."""
    with client:
        data = b""
        while piece := client.recv(65_536):
            data += piece
    return data.split(b"\r\n", 1)[0]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.stop()


def test_what_was_taken_is_answered_after_term_and_what_came_later_by_the_next_process(served: Served) -> None:
    first = served.start()
    assert answer(served.send(ALIVE)) == b"HTTP/1.1 200 OK"
    held = [served.send(HEAD + FORM[:100]) for _ in range(2)]
    # Both threads wait for the rest of a form; these were taken as well, and wait for a thread.
    waiting = [served.send(ALIVE) for _ in range(4)]
    # To answer this one the process must have taken those before it.
    held[0].sendall(FORM[100:])
    assert answer(held[0]) == b"HTTP/1.1 403 Forbidden"
    first.send_signal(signal.SIGTERM)
    held[1].sendall(FORM[100:])
    assert answer(held[1]) == b"HTTP/1.1 403 Forbidden"
    assert [answer(client) for client in waiting] == [b"HTTP/1.1 200 OK"] * 4
    assert first.wait(60) == 0
    # Nobody serves now; the socket takes who comes.
    late = [served.send(ALIVE) for _ in range(3)]
    served.start()
    assert [answer(client) for client in late] == [b"HTTP/1.1 200 OK"] * 3


def test_a_new_worker_after_hup_loses_nothing(served: Served) -> None:
    process = served.start()
    assert answer(served.send(ALIVE)) == b"HTTP/1.1 200 OK"
    held = served.send(HEAD + FORM[:100])
    process.send_signal(signal.SIGHUP)
    later = [served.send(ALIVE) for _ in range(4)]
    assert [answer(client) for client in later] == [b"HTTP/1.1 200 OK"] * 4
    held.sendall(FORM[100:])
    assert answer(held) == b"HTTP/1.1 403 Forbidden"
    assert process.poll() is None
