"""Typed readers of environment variables, which stop the start with one line when a value makes no sense."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

T = TypeVar("T")

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def stop(name: str, problem: str) -> NoReturn:
    """End the start with one line on stderr that names the variable, and no traceback. The value is never printed."""
    sys.exit(f"{name}: {problem}")


def _checked(name: str, value: str) -> str:
    if any(ord(letter) < 32 or 0xDC80 <= ord(letter) <= 0xDCFF for letter in value):
        stop(name, "take out the control characters.")
    return value


def password(name: str) -> str:
    """The variable to the letter, or nothing: a space at the end of a password belongs to it."""
    return _checked(name, os.environ.get(name, ""))


def text(name: str, default: str | None = None) -> str:
    """The variable's text. Without a `default` it must be given."""
    value = _checked(name, os.environ.get(name, "").strip())
    if value:
        return value
    if default is None:
        stop(name, "give this environment variable a value.")
    return default


def _read(name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
    value = text(name, "")
    if not value:
        return default
    try:
        return parse(value)
    except (KeyError, ValueError):
        stop(name, f"{expected}.")


def boolean(name: str, default: bool) -> bool:
    """Yes or no, in any of the usual spellings."""

    def parse(value: str) -> bool:
        if value.lower() in YES | NO:
            return value.lower() in YES
        raise ValueError

    return _read(name, default, parse, "use true or false")


def whole(name: str, default: int, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number from `least` to `most`."""

    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 12 and least <= int(value) <= most):
            raise ValueError
        return int(value)

    return _read(name, default, parse, f"use a whole number from {least} to {most}")


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`."""
    return _read(name, default, lambda value: choices[choices.index(value)], f"use one of {', '.join(choices)}")


def hosts(name: str, default: list[str] | None = None) -> list[str]:
    """Host names, separated by commas. Without a `default` at least one must be given. `*` is refused."""
    named = [host.strip() for host in text(name, None if default is None else "").split(",") if host.strip()]
    for host in named:
        bare = host.removeprefix(".")
        if not bare or not all(letter.isalnum() or letter in "-.:[]_" for letter in bare):
            stop(name, "use host names separated by commas, like review.example.nhs.uk")
    if not named and default is None:
        stop(name, "use host names separated by commas, like review.example.nhs.uk")
    return named or default or []


def kept_secret(file: Path) -> str:
    """The random text kept in `file`, which only its owner can read; made when it is not there yet."""
    try:
        file.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:
        # A folder that can't be written to: sessions then end with the process, which is all that is lost.
        return secrets.token_urlsafe(50)
    return file.read_text() or secrets.token_urlsafe(50)


def address(name: str, default: str | None = None) -> str:
    """The start of a web address, like https://review.example.nhs.uk, without a slash at its end."""
    if default is None:
        text(name)

    def parse(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError
        if parts.query or parts.fragment or parts.username or (parts.port is not None and not parts.port):
            raise ValueError
        return value.rstrip("/")

    return _read(name, default or "", parse, "use an address like https://review.example.nhs.uk")


def database(name: str, base: Path, wait: int) -> dict[str, Any]:
    """Django's settings of the database at an address like `sqlite:///db.sqlite3` or `postgres://user:password@host/name`.

    `base` is the folder that a relative SQLite file lives in (four slashes make it absolute). `wait` is the number of
    seconds after which a locked database, or one that can't be reached, is given up.
    """
    expected = "use sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME"
    try:
        parts = urlsplit(text(name, "sqlite:///db.sqlite3"))
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        stop(name, f"{expected}.")
    path = unquote(parts.path.removeprefix("/"))
    if not path or parts.fragment:
        stop(name, f"{expected}.")
    if parts.scheme == "sqlite":
        if parts.netloc or options:
            stop(name, f"{expected}.")
        file = path if path == ":memory:" else base / path
        if isinstance(file, Path) and not file.parent.is_dir():
            stop(name, "the folder of this SQLite file is not there.")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": wait,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"} or "/" in path:
        stop(name, f"{expected}.")
    return {
        "ENGINE": "toolkit.postgres",
        "NAME": path,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": wait,
            "options": f"-c lock_timeout={wait}s",
            # What serves pages gives up by itself (toolkit.deadline). These are for what has no deadline: a connection
            # that nobody is at the other end of is noticed within a minute.
            "tcp_user_timeout": 20_000,
            "keepalives_idle": 20,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            **options,
        },
    }
