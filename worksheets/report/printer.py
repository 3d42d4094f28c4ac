"""Has pages set by the press, a process of its own: starts it on first use, restarts it when it ends or hangs."""

from __future__ import annotations

import atexit
import logging
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from worksheets.report.press import DONE, FAILED, READY, SECONDS
from worksheets.words import counted

logger = logging.getLogger(__name__)

# More than any real review comes to (the sample has 90 KB); what is longer is refused before it costs anything.
MOST_BYTES = 1_500_000
# How long a request waits for its turn, for a press to start and for its pages together: less than the 30 seconds after
# which gunicorn ends a worker.
PATIENCE = 29
# How long a press may take until it is ready. It takes one or two seconds on a machine that is not busy.
STARTING = 10
# A press that ends within this many seconds of being asked had been idle too long; later, it has met its limits.
AT_ONCE = 1


class TooLarge(Exception):
    """There is more in the review than can be set within the limits on memory and time."""


class Unavailable(Exception):
    """The press did not do its work for a reason that is not the size of the review."""


class CannotStart(Unavailable):
    """No press comes up, whatever there is to print. The reason is in the log, and the next request tries again."""


class Failed(Unavailable):
    """The press tried and could not set this summary: it would not the next time either."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF."""

    pdf: bytes
    pages: int


class Printer:
    """The press of one web process. Safe among threads, and after a fork, when each process starts its own."""

    def __init__(self) -> None:
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._lock = threading.RLock()
        self._next = threading.Lock()
        self._owner = os.getpid()
        self._press: subprocess.Popen[bytes] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the press while preparing what to print. Unavailable when others keep it too long.

        One may wait. Who comes when somebody does is told at once: waiting must not take all threads that serve pages.
        """
        if self._owner != os.getpid():
            # The pipes belong to the process we were forked from: leave them be.
            self._start_afresh()
        lock, queue = self._lock, self._next
        if not lock.acquire(blocking=False):
            if not queue.acquire(blocking=False):
                raise Unavailable("Others are printing.")
            try:
                if not lock.acquire(timeout=PATIENCE - STARTING - SECONDS):
                    raise Unavailable("Others are printing.")
            finally:
                queue.release()
        try:
            yield
        finally:
            lock.release()

    def print(self, html: str) -> Printed:
        """The pages of `html`. TooLarge when they go beyond the limits, Unavailable when the press fails."""
        page = html.encode()
        if len(page) > MOST_BYTES:
            raise TooLarge
        with self.turn():
            return self._print(page)

    def _print(self, page: bytes) -> Printed:
        message = struct.pack(">I", len(page)) + page
        started = time.monotonic()
        deadline = started + SECONDS
        for last in (False, True):
            press = self._press if self._press and self._press.poll() is None else None
            warm = press is not None
            if press is None:
                opening = time.monotonic()
                press = self._open()
                # The time that a press takes to start is not that of its pages.
                deadline += time.monotonic() - opening
            try:
                self._send(press, message, deadline)
                reply = self._receive(press, struct.unpack(">I", self._receive(press, 4, deadline))[0], deadline)
                break
            except TimeoutError:
                self.close()
                raise TooLarge from None
            except (BrokenPipeError, EOFError):
                # A press that had been idle may have ended a moment ago: try a new one, once, in the time that is
                # left. A new one that ends has met its limits, and so has one that was at work.
                self.close()
                if last or not warm or time.monotonic() > started + AT_ONCE:
                    raise TooLarge from None
        outcome, pages, payload = reply[:1], struct.unpack(">I", reply[1:5])[0], reply[5:]
        if outcome == DONE:
            return Printed(payload, pages)
        self.close()
        if outcome == FAILED:
            # What the reason says may quote the review, which is nobody's business who reads logs: its kind is enough.
            kind, _, reason = payload.decode(errors="replace").partition("\n")
            logger.error("The press failed: %s", kind)
            raise Failed(reason)
        raise TooLarge

    def _open(self) -> subprocess.Popen[bytes]:
        """A new press that is ready to print. CannotStart, with a line in the log, when there is none to be had."""
        self.close()
        base = Path(settings.BASE_DIR)
        fonts = base / "static" / "build" / "fonts"
        try:
            if not fonts.is_dir():
                raise FileNotFoundError("The fonts are missing: run make setup.")
            press = self._press = self._start(base, fonts)
            atexit.unregister(self.close)
            atexit.register(self.close)
            self._receive(press, len(READY), time.monotonic() + STARTING)
        except TimeoutError:
            reason = f"It was not ready within {counted(STARTING, 'second')}."
        except EOFError:
            reason = self._last_words(press)
        except OSError as error:
            reason = str(error)
        else:
            return press
        self.close()
        logger.error("The press cannot start: %s", reason)
        raise CannotStart(reason)

    @staticmethod
    def _start(base: Path, fonts: Path) -> subprocess.Popen[bytes]:
        # No secret of ours, such as the key or the database's password, is in the environment of the press.
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
            if name in os.environ
        }
        # Until it is ready we read its stderr, unbuffered so that the reason comes last. From then on that is ours.
        ours = os.dup(2)
        try:
            press = subprocess.Popen(  # noqa: S603 - every word is our own
                [sys.executable, "-u", "-m", "worksheets.report.press", str(fonts), str(ours)],
                cwd=base,
                env=kept,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(ours,),
                bufsize=0,
            )
        finally:
            os.close(ours)
        for pipe in (press.stdin, press.stdout, press.stderr):
            os.set_blocking(_number(pipe), False)
        return press

    @staticmethod
    def _last_words(press: subprocess.Popen[bytes]) -> str:
        """The last line that a press said which ended before it was ready, or how it ended."""
        with suppress(subprocess.TimeoutExpired):
            press.wait(timeout=1)
        said = (press.stderr.read() if press.stderr else None) or b""
        lines = said.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), f"It ended with {press.returncode}.")

    @staticmethod
    def _send(press: subprocess.Popen[bytes], message: bytes, deadline: float) -> None:
        view, pipe = memoryview(message), _number(press.stdin)
        while view:
            if not select.select([], [pipe], [], max(0, deadline - time.monotonic()))[1]:
                raise TimeoutError
            view = view[os.write(pipe, view[:65_536]) :]

    @staticmethod
    def _receive(press: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        data, pipe = bytearray(), _number(press.stdout)
        while len(data) < size:
            if not select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(pipe, min(size - len(data), 1 << 20))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def close(self) -> None:
        """End the press, if this process has one."""
        press, self._press = self._press, None
        if press is None or self._owner != os.getpid():
            return
        press.kill()
        for pipe in (press.stdin, press.stdout, press.stderr):
            if pipe:
                pipe.close()
        press.wait()


def _number(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise Unavailable("The press has no pipes.")
    return pipe.fileno()


printer = Printer()
