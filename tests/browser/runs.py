"""Runs of the workbooks that ship with a sample, stored as somebody would have left them."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.utils import timezone

from tests.world import World
from worksheets.cycles import start_cycle
from worksheets.models import Cycle, User, Worksheet
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, first

# All that an organisation can begin beside the review of its strategy.
OTHERS = tuple(workbook for workbook in WORKBOOKS.values() if workbook != first())


def sample_of(workbook: Workbook) -> Any:
    """The finished run that ships with a workbook, as its interchange file."""
    assert workbook.sample
    return json.loads(workbook.sample.read_text(encoding="utf-8"))


def works_on(workbook: Workbook, world: World) -> User:
    """Who does one: what is somebody's own is begun by the manager, all else by the lead."""
    return world.manager if workbook.private else world.lead


def started(workbook: Workbook, world: World, answers: Any = None, *, complete: bool = False, **other: Any) -> Cycle:
    """A run that was started as its sample says, with these answers, and perhaps `complete`."""
    about = sample_of(workbook)["cycle"] | other
    days = (datetime.date.fromisoformat(about[name]) for name in ("starts", "ends"))
    cycle = start_cycle(world.anywhere, workbook, about["name"], *days, works_on(workbook, world))
    if answers:
        world.fill(cycle, **answers)
    if complete:
        done_by = {"completed_at": timezone.now(), "completed_by": works_on(workbook, world)}
        stages = [stage.key for stage in workbook.before_decision]
        cycle.worksheets.filter(stage__in=stages).update(status=Worksheet.Status.COMPLETE, **done_by)
    return cycle
