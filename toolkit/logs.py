"""What the log says: the number of the request in each line, the cause of what failed, and nothing that was typed."""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

NOBODY = "-"
# What a proxy may call a request: enough for every usual kind of number, and nothing that could look like another line.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)

_number: ContextVar[str] = ContextVar("request number", default=NOBODY)

# What the errors of the database mean to those who run it: the SQLSTATE of PostgreSQL and the codes of SQLite.
STATES = {
    "25006": "the database is read-only",
    "25P03": "the transaction stood idle for too long",
    "40001": "two changes met",
    "40P01": "two changes waited for each other",
    "53100": "the disk of the database is full",
    "53200": "the database has no memory left",
    "53300": "the database has too many connections",
    "55P03": "a lock was held for too long",
    "57014": "a statement took too long and was ended",
    "57P01": "the database was shut down",
    "57P02": "the database crashed",
    "57P03": "the database is starting",
}
SQLITE = {
    sqlite3.SQLITE_BUSY: "the database is locked",
    sqlite3.SQLITE_LOCKED: "the database is locked",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_READONLY: "the database is read-only",
    sqlite3.SQLITE_INTERRUPT: "a statement was ended",
    sqlite3.SQLITE_IOERR: "the disk does not read or write",
    sqlite3.SQLITE_CORRUPT: "the file of the database is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the file of the database cannot be opened",
    sqlite3.SQLITE_PROTOCOL: "the database is locked",
    sqlite3.SQLITE_NOTADB: "the file of the database is damaged",
}
# A connection that never came about has no code. These words of the driver tell why, and hold nothing that was typed.
TOLD = (
    ("timeout expired", "the database does not answer"),
    ("refused", "the database refuses connections"),
    ("too many c", "the database has too many connections"),
    ("starting up", "the database is starting"),
    ("shutting down", "the database was shut down"),
    ("authentication failed", "the database does not know the user or the password"),
    ("does not exist", "the database or its user does not exist"),
    ("translate host name", "the host of the database is not known"),
    ("resolve host", "the host of the database is not known"),
    ("No such file", "the socket of the database is not there"),
    ("closed the connection", "the connection was cut"),
    ("connection is lost", "the connection was cut"),
    ("is closed", "the connection was closed"),
    ("is locked", "the database is locked"),
    ("readonly", "the database is read-only"),
    ("used up", "the database did not answer in time"),
    ("did not answer", "the database did not answer"),
)


def begin(given: str) -> str:
    """The number of the request that begins: the one its proxy gave it, if it is well-formed, or a new one."""
    number = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(6)
    _number.set(number)
    return number


def number() -> str:
    """The number of the request at work; "-" outside one."""
    return _number.get()


class Numbered(logging.Filter):
    """Gives every line the number of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.number = number()
        return True


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it was raised from, the last first."""
    while error is not None:
        yield error
        error = error.__cause__


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that Python prints with it, the last first."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _own_code(error: BaseException) -> str | int | None:
    state: str | None = getattr(error, "sqlstate", None)
    number: int | None = getattr(error, "sqlite_errorcode", None)
    return state or (None if number is None else number & 0xFF)


def code(error: BaseException) -> str | int | None:
    """What the database calls an error: an SQLSTATE of PostgreSQL, the primary code of SQLite, or nothing."""
    return next((told for one in causes(error) if (told := _own_code(one))), None)


def cause(error: BaseException | None) -> str:
    """An error in words that are fit for the log: its kind, its code and what that means, never what it quotes."""
    if error is None:
        return "no error"
    kinds = " from ".join(dict.fromkeys(type(one).__name__ for one in causes(error)))
    told = code(error)
    meaning = STATES.get(told, "") if isinstance(told, str) else SQLITE.get(told or 0, "")
    if not meaning and told is None:
        said = str(error)
        meaning = next((words for part, words in TOLD if part in said), "")
    return ", ".join(filter(None, (kinds, f"code {told}" if told is not None else "", meaning)))


def one_line(text: str) -> str:
    """A text that stays in its line of the log, whatever was in the address or header that it quotes."""
    return text if text.isprintable() else "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


class Tight(logging.Formatter):
    """Nobody writes a line of their own into the log. What the programs below us print over several lines is kept."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        if record.args:
            record.message = one_line(record.message)
        return super().formatMessage(record)


class Discreet(Tight):
    """Tracebacks say where and of what kind, and leave out what errors quote: it may be somebody's answer."""

    def formatException(self, ei: Any) -> str:
        parts = []
        for error in reversed(list(chain(ei[1]))):
            told = _own_code(error)
            parts.append("Traceback (most recent call last):\n")
            parts += traceback.format_tb(error.__traceback__)
            parts.append(f"{type(error).__name__}{f' (code {told})' if told else ''}\n")
        return "".join(parts).rstrip()
