"""How tests print: at once, in their own process, as nobody else sees the database of a test."""

from __future__ import annotations

import threading

from worksheets import printing
from worksheets.report import machine

_one_at_a_time = threading.Lock()


def work() -> None:
    """Print what waits. One at a time, as in earnest, for the server of the browser tests has several threads."""
    with _one_at_a_time:
        printing.work()


def print_at_once() -> None:
    """From now on what is asked for is there before the answer."""
    machine.press_on = work
