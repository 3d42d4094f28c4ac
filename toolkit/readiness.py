"""Whether the service can read, write and print: what `/ready/` asks, each kept for a while as it is asked often."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import Error, connection, transaction
from django.utils import timezone

from toolkit import logs
from worksheets.report import machine
from worksheets.report.printer import CannotStart, Printer

log = logging.getLogger(__name__)

# Less than this is soon nothing: a summary and its copy in the log of the database take a few megabytes.
ROOM = 100 * 1024 * 1024
# How long whoever asks waits for an answer, in seconds.
PATIENCE = 5


class Check:
    """One thing that must work, tried by one request at a time: others wait for its answer.

    `try_it` says in words why it does not work, or nothing. What worked is tried again after `kept` seconds, what did
    not after `RETRY`.
    """

    RETRY = 2

    def __init__(self, try_it: Callable[[], str], kept: float, meanwhile: str) -> None:
        self.try_it, self.kept, self.meanwhile = try_it, kept, meanwhile
        self.forget()

    def forget(self) -> None:
        """Know nothing, as at the start."""
        self._turn = threading.Lock()
        self._reason: str | None = None
        self._until = 0.0

    @property
    def known(self) -> str | None:
        """The answer, while it is fresh."""
        return self._reason if time.monotonic() < self._until else None

    def reason(self, patience: float) -> str:
        """Why it does not work, in words for those who run the service; nothing when it works."""
        if self.known is not None:
            return self.known
        if not self._turn.acquire(timeout=max(0, patience)):
            return self.meanwhile
        try:
            return self.known if self.known is not None else self._try()
        finally:
            self._turn.release()

    def _try(self) -> str:
        reason = self.try_it()
        if reason and reason != self._reason:
            log.error("Not ready: %s", reason)
        self._until = time.monotonic() + (self.RETRY if reason else self.kept)
        self._reason = reason
        return reason

    def begin(self) -> None:
        """Have it tried behind the scenes, if the answer is not fresh. `reason` then waits for it."""
        if self.known is None and self._turn.acquire(blocking=False):
            threading.Thread(target=self._finish, daemon=True).start()

    def _finish(self) -> None:
        try:
            self._try()
        finally:
            self._turn.release()


def database() -> str:
    """Read and write in the database, and take back what was written."""
    try:
        with transaction.atomic():
            key = f"ready-{secrets.token_hex(8)}"
            Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(minutes=1))
            Session.objects.get(session_key=key)
            transaction.set_rollback(True)
    except Error as error:
        return f"The database cannot be read and written: {logs.cause(error)}."
    return ""


def disk() -> str:
    """Whether there is room beside a database that is a file."""
    name = connection.settings_dict["NAME"]
    if connection.vendor != "sqlite" or not isinstance(name, (str, Path)) or not Path(name).is_file():
        return ""
    return "" if shutil.disk_usage(Path(name).parent).free > ROOM else "The disk of the database is nearly full."


def press() -> str:
    """Whether a press that sets pages comes up, and this machine can keep its one process that prints."""
    try:
        lock = machine.take()
        if lock is not None:
            os.close(lock)
    except OSError as error:
        return f"Summaries cannot be printed: the lock of the process that prints cannot be had ({error.strerror})."
    try:
        # One of our own: that of the machine may be at work.
        Printer().check()
    except CannotStart:
        return "Summaries cannot be printed: the press does not start. The log says why."
    return ""


DATABASE = Check(database, 2, "The database does not answer.")
DISK = Check(disk, 10, "The disk of the database does not answer.")
PRESS = Check(press, 300, "The press that prints summaries is still starting.")


def reasons() -> list[str]:
    """Why the service is not ready, a line each; nothing when it is. Answers within 6 seconds."""
    ends = time.monotonic() + PATIENCE
    # To start a press takes a second or two, and on a busy machine longer than anybody waits.
    PRESS.begin()
    return [reason for check in (DATABASE, DISK, PRESS) if (reason := check.reason(ends - time.monotonic()))]
