"""Has pages set by the press, a process of its own: starts it on first use, and anew when it ended or got stuck.

Only the process that prints for the whole machine uses it: see `worksheets/printing.py`.
"""

from __future__ import annotations

import atexit
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from worksheets.report.press import DONE, FAILED, FOLDER, MANY_PAGES, NO_MEMORY, READY
from worksheets.words import counted

logger = logging.getLogger(__name__)

# More than any real review comes to (the sample has 100 KB); what is longer is refused before it costs anything.
MOST_BYTES = 1_500_000
# How much processor time a summary may take, in seconds. The sample takes two, 150 pages of tables fifteen.
PROCESSOR_SECONDS = 60
# When a press that says nothing is taken for stuck, and when one that does not come up, in seconds of the clock. Both
# are far beyond what a busy machine needs, and neither is held against what there was to print.
PATIENCE = 600
STARTING = 120
# How often somebody is told that the press is still at work, in seconds.
BEAT = 5


class Refused(Exception):
    """It is what stands in the review that cannot be set within the limits: it would be the same the next time."""

    reason = "large"


class TooLarge(Refused):
    """There is more text than can be set within the limits on length and memory."""


class TooManyPages(Refused):
    """There are more pages than a board can read."""

    reason = "pages"


class TooSlow(Refused):
    """It takes more of the processor's time than any ordinary text does, on the press's own clock."""

    reason = "slow"


class Unavailable(Exception):
    """The press did not do its work for a reason that has nothing to do with the review: it may be asked again."""

    reason = "unavailable"


class CannotStart(Unavailable):
    """No press comes up, whatever there is to print. The reason is in the log, and the next one tries again."""


class Failed(Unavailable):
    """The press tried, and something in it went wrong."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF."""

    pdf: bytes
    pages: int


class Printer:
    """A press and the pipes to it. Prints one summary at a time. `meanwhile` is called while it is at work."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], object] = lambda: None
        self._press: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def print(self, html: str) -> Printed:
        """The pages of `html`. Refused when they go beyond the limits, Unavailable when the press fails."""
        page = html.encode()
        if len(page) > MOST_BYTES:
            raise TooLarge
        outcome, pages, payload = self._ask(struct.pack(">I", len(page)) + page)
        if outcome == DONE:
            return Printed(payload, pages)
        self.close()
        if outcome == MANY_PAGES:
            raise TooManyPages
        if outcome == NO_MEMORY:
            raise self._trouble("This machine has no memory left.")
        if outcome == FAILED:
            # What the reason says may quote the review, which is nobody's business who reads logs: its kind is enough.
            kind, _, reason = payload.decode(errors="replace").partition("\n")
            logger.error("The press failed: %s", kind)
            raise Failed(reason)
        raise TooLarge

    def _ask(self, message: bytes) -> tuple[bytes, int, bytes]:
        """The reply of the press. One that ended for no fault of the summary's is replaced, once."""
        for last in (False, True):
            press = self._press if self._press and self._press.poll() is None else self._open()
            deadline = time.monotonic() + PATIENCE
            try:
                self._send(press, message, deadline)
                reply = self._receive(press, struct.unpack(">I", self._receive(press, 4, deadline))[0], deadline)
            except TimeoutError:
                self.close()
                raise self._trouble(f"It said nothing for {counted(PATIENCE, 'second')}.") from None
            except (BrokenPipeError, EOFError):
                ended = self._ended(press)
                self.close()
                if ended == -signal.SIGXCPU:
                    raise TooSlow from None
                if last:
                    raise self._trouble(f"It ended with {ended}.") from None
            else:
                return reply[:1], struct.unpack(">I", reply[1:5])[0], reply[5:]
        raise AssertionError("The last try returns or raises.")

    @staticmethod
    def _trouble(what: str) -> Unavailable:
        logger.error("The press did not print: %s", what)
        return Unavailable(what)

    def check(self) -> None:
        """Have a press ready to print, and end it again. CannotStart when none comes up."""
        try:
            self._open()
        finally:
            self.close()

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

    def _start(self, base: Path, fonts: Path) -> subprocess.Popen[bytes]:
        # No secret of ours, such as the key or the database's password, is in the environment of the press.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        # What it writes beside its work is gone with it, even when it is killed.
        self._folder = tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)
        # Until it is ready we read its stderr, unbuffered so that the reason comes last. From then on that is ours.
        ours = os.dup(2)
        try:
            press = subprocess.Popen(  # noqa: S603 - every word is our own
                [sys.executable, "-u", "-m", "worksheets.report.press", str(fonts), str(ours), str(PROCESSOR_SECONDS)],
                cwd=base,
                env=kept | {"TMPDIR": self._folder.name},
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

    @classmethod
    def _last_words(cls, press: subprocess.Popen[bytes]) -> str:
        """The last line that a press said which ended before it was ready, or how it ended."""
        ended = cls._ended(press)
        said = (press.stderr.read() if press.stderr else None) or b""
        lines = said.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), f"It ended with {ended}.")

    @staticmethod
    def _ended(press: subprocess.Popen[bytes]) -> int | None:
        """How a press ended that has closed its pipes: by its status, or the signal as a negative number."""
        with suppress(subprocess.TimeoutExpired):
            return press.wait(timeout=STARTING)
        return None

    def _wait(self, reading: list[int], writing: list[int], deadline: float) -> None:
        """Return when a pipe is ready; TimeoutError when none is until the deadline."""
        while not any(select.select(reading, writing, [], max(0, min(BEAT, deadline - time.monotonic())))):
            if time.monotonic() >= deadline:
                raise TimeoutError
            self.meanwhile()

    def _send(self, press: subprocess.Popen[bytes], message: bytes, deadline: float) -> None:
        view, pipe = memoryview(message), _number(press.stdin)
        while view:
            self._wait([], [pipe], deadline)
            view = view[os.write(pipe, view[:65_536]) :]

    def _receive(self, press: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        data, pipe = bytearray(), _number(press.stdout)
        while len(data) < size:
            self._wait([pipe], [], deadline)
            piece = os.read(pipe, min(size - len(data), 1 << 20))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def close(self) -> None:
        """End the press, if there is one."""
        press, self._press = self._press, None
        if press is not None:
            press.kill()
            for pipe in (press.stdin, press.stdout, press.stderr):
                if pipe:
                    pipe.close()
            press.wait()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _number(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise Unavailable("The press has no pipes.")
    return pipe.fileno()


printer = Printer()
