"""The connection to PostgreSQL: it keeps to the time of the request, also when the server keeps no limit itself."""

from __future__ import annotations

import time
from typing import Any, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import PQGen

from toolkit.deadline import CONNECT_SECONDS, SILENCE, STATEMENT_SECONDS, line

T = TypeVar("T")

# A connection that serves pages ends what takes too long, and lets go of its locks when its process is gone or stuck.
SERVING = f" -c statement_timeout={STATEMENT_SECONDS}s -c idle_in_transaction_session_timeout=60s"


class Punctual(psycopg.Connection[Any]):
    """A connection that is closed when it is waited for in vain. Every word to the server goes through `wait`."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """What `gen` comes to. OperationalError when the server is silent; the connection is then no good any more."""
        most = line.may_wait()
        if most is not None:
            timeout = most if timeout is None else min(most, timeout)
        began = time.monotonic()
        try:
            with line.waiting():
                result = super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            waited = time.monotonic() - began
            if timeout is not None and waited >= timeout:
                self.close()
                if waited >= SILENCE:
                    line.fell_silent()
            raise
        line.answered()
        return result


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with connections that are `Punctual`. Outside a request nothing is limited but locks."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if line.may_wait() is not None:
            params["connect_timeout"] = min(int(params["connect_timeout"]), CONNECT_SECONDS)
            params["options"] += SERVING
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Punctual:
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        try:
            with line.waiting():
                return Punctual.connect(**conn_params)
        except psycopg.errors.ConnectionTimeout:
            line.fell_silent()
            raise
