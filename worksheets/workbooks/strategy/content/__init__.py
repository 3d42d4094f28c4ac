"""Stage 5: what will be published, by whom, signed off how, and whether it is worth it (000, stage five)."""

from __future__ import annotations

from worksheets.workbook import Question, Stage
from worksheets.workbooks.strategy.content import rules
from worksheets.workbooks.strategy.content.hours import making_hours, shared_hours
from worksheets.workbooks.strategy.content.questions import (
    ACCESS,
    FORMATS,
    FormatsForm,
    PlanForm,
    ProportionForm,
    PublishersForm,
    SignoffForm,
    WorkingForm,
    effort,
    planned,
)

__all__ = ["ACCESS", "FORMATS", "STAGE", "making_hours", "shared_hours"]

STAGE = Stage(
    key="content",
    title="Content and where it comes from",
    short="content and sign-off",
    questions=(
        Question(
            "working",
            "How could you change the way you work to make media-friendly content?",
            "Ways of working",
            WorkingForm,
            minutes=4,
            reading=("platforms",),
        ),
        Question(
            "formats",
            "Can you produce video and the supporting content you need?",
            "Video and formats",
            FormatsForm,
            minutes=3,
            reading=("platforms",),
        ),
        Question(
            "publishers",
            "Who publishes?",
            "Who publishes",
            PublishersForm,
            minutes=2,
            reading=("learning",),
        ),
        Question("signoff", "Do you need a sign-off process, and who controls it?", "Sign-off", SignoffForm, minutes=3),
        Question(
            "plan",
            "What will you publish?",
            "Content plan",
            PlanForm,
            minutes=11,
            computed=planned,
            reading=("platforms",),
        ),
        Question(
            "proportion",
            "Is the effort right for the size and importance of each audience?",
            "Effort and audience",
            ProportionForm,
            minutes=3,
            computed=effort,
        ),
    ),
    rules=rules.ALL,
)
