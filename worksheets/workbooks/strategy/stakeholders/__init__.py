"""Stage 3: the most important stakeholders, where they are online, and which accounts to keep (000, stage three)."""

from __future__ import annotations

from worksheets.workbook import Question, Stage
from worksheets.workbooks.strategy.stakeholders import rules
from worksheets.workbooks.strategy.stakeholders.questions import (
    HIGH_LOW,
    ROLES,
    SOURCES,
    WHERE,
    PlatformsForm,
    PresenceForm,
    StakeholdersForm,
    three_best,
)
from worksheets.workbooks.strategy.stakeholders.reading import (
    WEIGHTS,
    by_part,
    chosen,
    known,
    there,
    top_platforms,
    users,
)

__all__ = [
    "HIGH_LOW",
    "ROLES",
    "SOURCES",
    "STAGE",
    "WEIGHTS",
    "WHERE",
    "by_part",
    "chosen",
    "known",
    "there",
    "top_platforms",
    "users",
]

STAGE = Stage(
    key="stakeholders",
    title="Map your online stakeholders",
    short="stakeholders and platforms",
    questions=(
        Question(
            "stakeholders",
            "Who are your five most important stakeholders?",
            "Stakeholders",
            StakeholdersForm,
            minutes=8,
            reading=("learning",),
        ),
        Question(
            "presence",
            "Where are they online, and how do you know?",
            "Where they are",
            PresenceForm,
            minutes=8,
            computed=three_best,
            reading=("platforms",),
        ),
        Question(
            "platforms",
            "Which accounts will you keep, start or leave?",
            "Accounts",
            PlatformsForm,
            minutes=7,
            reading=("platforms",),
        ),
    ),
    rules=rules.ALL,
)
