"""How tests print: at once, in their own process, as nobody else sees the database of a test."""

from __future__ import annotations

import re
import threading

import pytest
from django.http import HttpResponse

from worksheets import printing
from worksheets.report import machine
from worksheets.report.printer import Printed

_one_at_a_time = threading.Lock()
# How somebody is really woken who prints.
press_on = machine.press_on


def work() -> None:
    """Print what waits. One at a time, as in earnest, for the server of the browser tests has several threads."""
    with _one_at_a_time:
        printing.work()


def print_at_once() -> None:
    """From now on what is asked for is there before the answer."""
    machine.press_on = work


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the press raise this instead of printing."""

    def print_(html: str) -> Printed:
        raise error

    monkeypatch.setattr(printing.printer, "print", print_)


def leads_to(page: HttpResponse) -> str:
    """Where a page that waits looks again."""
    found = re.fullmatch(r"5; url=(.*)", page.headers["Refresh"])
    assert found
    return found[1]
