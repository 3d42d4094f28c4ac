"""That one process prints on a machine, however many serve pages: the lock it holds, and how it is started.

The lock is that of a file (flock): it is gone with whoever held it, however they ended. Who starts the process takes
the lock first and hands it on, so that two never start one.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

# Those that this process started: whoever has ended is to be asked for, or stays among the processes as a zombie.
_started: list[subprocess.Popen[bytes]] = []
# How many of them ended badly, or could not be started at all, since somebody asked.
_failed = 0


def lock_file() -> Path:
    """The file of the lock, one for each database that is served from this copy of the project."""
    known = connection.settings_dict
    names = "|".join(str(known[name]) for name in ("ENGINE", "NAME", "HOST", "PORT"))
    name = f"printing-{hashlib.sha256(names.encode()).hexdigest()[:12]}.lock"
    folder = Path(settings.BASE_DIR) / "var"
    try:
        folder.mkdir(exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if writable or (folder / name).exists():
        return folder / name
    return Path(tempfile.gettempdir()) / f"strategy-review-{os.getuid()}-{name}"


def take() -> int | None:
    """The lock, as a descriptor that holds it until it is closed; None while somebody else has it."""
    # To lock a file it is enough to read it: whoever made it, the others can.
    file = os.open(lock_file(), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def press_on() -> None:
    """See to it that what waits is printed: start the process that prints, if none is there.

    What goes wrong is logged and counted, and tried again by the next who asks: a page that waits does so every few
    seconds.
    """
    global _failed
    for one in [one for one in _started if one.poll() is not None]:
        _started.remove(one)
        if one.returncode:
            logger.error("Nothing can be printed: the process that prints ended with %d", one.returncode)
            _failed += 1
    try:
        lock = take()
    except OSError as error:
        logger.error("Nothing can be printed: the lock can't be had: %s", error)
        _failed += 1
        return
    if lock is None:
        return
    base = Path(settings.BASE_DIR)
    try:
        runner = subprocess.Popen(  # noqa: S603 - every word is our own
            [sys.executable, str(base / "manage.py"), "print_summaries", "--lock", str(lock)],
            cwd=base,
            stdin=subprocess.DEVNULL,
            pass_fds=(lock,),
            # What ends the process that serves pages, such as Ctrl+C, does not end a summary halfway.
            start_new_session=True,
        )
        _started.append(runner)
    except OSError as error:
        logger.error("Nothing can be printed: no process can be started: %s", error)
        _failed += 1
    finally:
        os.close(lock)


def failed() -> int:
    """How many processes that print ended badly, or could not be started here, since this was last asked."""
    global _failed
    found, _failed = _failed, 0
    return found
