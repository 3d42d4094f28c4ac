"""Stage 4: what it takes to set up and each week, what it brings, and what it could replace (000, stage four)."""

from __future__ import annotations

from worksheets.workbook import Question, Stage
from worksheets.workbooks.strategy.resources import rules
from worksheets.workbooks.strategy.resources.hours import (
    CYCLE_WEEKS,
    UNEVEN,
    available,
    freed,
    hours_of,
    known_hours,
    total,
    without_hours,
)
from worksheets.workbooks.strategy.resources.questions import (
    DEGREES,
    KINDS,
    PATTERNS,
    WATCHED,
    OutcomesForm,
    SetupForm,
    StoppingForm,
    SuccessForm,
    WeeklyForm,
    freed_hours,
    setup_hours,
    weekly_hours,
)

__all__ = [
    "CYCLE_WEEKS",
    "DEGREES",
    "KINDS",
    "PATTERNS",
    "STAGE",
    "UNEVEN",
    "WATCHED",
    "available",
    "freed",
    "hours_of",
    "known_hours",
    "total",
    "without_hours",
]

STAGE = Stage(
    key="resources",
    title="Resources and possible reward",
    short="resources and reward",
    questions=(
        Question("setup", "What will it take to set up?", "Set-up", SetupForm, minutes=4, computed=setup_hours),
        Question("weekly", "What will it take each week?", "Weekly work", WeeklyForm, minutes=7, computed=weekly_hours),
        Question(
            "outcomes",
            "Would this time lead to better outcomes here than on other work?",
            "Better outcomes",
            OutcomesForm,
            minutes=3,
        ),
        Question(
            "success",
            "What will success look like, and what could go wrong?",
            "Success and risks",
            SuccessForm,
            minutes=5,
            reading=("learning",),
        ),
        Question(
            "stopping", "What work could this replace?", "Work to stop", StoppingForm, minutes=3, computed=freed_hours
        ),
    ),
    rules=rules.ALL,
)
