"""Comparing reviews and looking into their history, looked at with axe-core on a laptop and on a phone."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Opened
from tests.browser.looking import looking
from tests.world import World, cycle_of, sample
from worksheets import saving
from worksheets.models import Cycle, Worksheet

pytestmark = pytest.mark.browser

HOME = "/o/nhs-anywhere/"
HERE = f"{HOME}reviews/autumn-2026/"


def answers() -> Any:
    """The sample's answers as they are stored: every row of a table has an id."""
    found = sample()["worksheets"]
    for stage in found.values():
        for answer in stage.values():
            for name, rows in answer.items():
                for n, row in enumerate(rows if isinstance(rows, list) else ()):
                    if isinstance(row, dict) and "stakeholder" not in row:
                        row.setdefault("id", f"{name}-{n}")
    return found


def test_comparing_and_history(opened: Opened, world: World, kept_pages: Path) -> None:
    with looking(opened(world.lead), kept_pages) as eyes:
        eyes.at(f"{HOME}compare/", "compare, one review")
        eyes.at(f"{HOME}trend/", "trend, one review")
        eyes.at(f"{HERE}history/aims/", "history, never saved")
        eyes.at(f"{HERE}activity/", "activity, hardly any")
        last = cycle_of(world.anywhere, "Spring 2026", "spring-2026")
        Cycle.objects.filter(pk=last.pk).update(starts=datetime.date(2026, 4, 1), ends=datetime.date(2026, 9, 30))
        world.fill(last, **answers())
        world.fill(**answers())
        eyes.at(f"{HERE}compare/", "compare, nothing changed")
        for n, words in enumerate(("Answer parents", "Answer parents " + "w" * 300, "Answer all parents in a day")):
            worksheet = Worksheet.objects.select_related("cycle").get(cycle=world.cycle, stage="drivers")
            rows = [{"id": "aim-maternity", "statement": words}, {"id": f"aim-{n}", "statement": f"Aim {n}"}]
            saving.save_answer(worksheet, "aims", {"aims": rows}, user=world.contributor)
        version = worksheet.version
        eyes.at(f"{HERE}compare/", "compare")
        eyes.at(f"{HERE}compare/?show=all", "compare, everything")
        eyes.at(f"{HOME}compare/", "compare, choose")
        eyes.at(f"{HOME}compare/?first=spring-2026&second=spring-2026", "compare, the same twice", 400)
        eyes.at(f"{HOME}trend/", "trend")
        eyes.at(f"{HERE}history/aims/", "history")
        eyes.at(f"{HERE}activity/", "activity")
        eyes.at(f"{HERE}history/aims/{version - 2}/", "bring back an answer")
        eyes.page.get_by_role("button", name="Bring this answer back").click()
        eyes.look("history, an answer came back")
        Worksheet.objects.filter(cycle=world.cycle, stage="drivers").update(status=Worksheet.Status.COMPLETE)
        eyes.at(f"{HERE}history/aims/", "history, worksheet complete")
        eyes.at(f"{HERE}history/aims/{version - 1}/", "bring back an answer, worksheet complete")
    with looking(opened(world.manager), kept_pages) as eyes:
        eyes.at(f"{HERE}history/aims/{version - 1}/", "bring back an answer, as a manager")
