"""How long a question page is and how much of it is open at once, measured on a phone with every question answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from playwright.sync_api import Page

from worksheets.models import Cycle
from worksheets.workbook import Workbook

# What somebody can fill in without opening anything first.
CONTROLS = """() => [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")]
  .filter((part) => part.checkVisibility({contentVisibilityAuto: true}) && part.getClientRects().length).length"""
HEIGHT = "() => Math.ceil(document.documentElement.getBoundingClientRect().height)"


class Measured(NamedTuple):
    """The length of a page in CSS pixels, and how many controls are open on it."""

    question: str
    height: int
    controls: int


def measure(page: Page, workbook: Workbook, cycle: Cycle) -> Iterator[Measured]:
    """Every question page of a cycle, as wide as the window of `page` is."""
    for question in workbook.questions:
        page.goto(f"/o/{cycle.organisation.slug}/{workbook.path}/{cycle.slug}/{question.stage}/{question.key}/")
        page.wait_for_load_state()
        yield Measured(question.key, page.evaluate(HEIGHT), page.evaluate(CONTROLS))
