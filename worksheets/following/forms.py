"""The forms about the next review: how it begins, and what became of each promise of the last one."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField

from worksheets.cycles import Proposal
from worksheets.fields import Choice, Day, RowForm, Rows, Text
from worksheets.models import Cycle, Organisation
from worksheets.organisations.forms import CycleForm
from worksheets.stages import QuestionForm

MET = {"yes": "Yes", "partly": "Partly", "no": "No", "unclear": "Cannot tell"}
DECISIONS = {"keep": "Keep it", "change": "Change it", "stop": "Stop it"}


class Beginning(Choice):
    """How a review begins. One way is chosen already, so nobody is told that they may leave it out."""

    def context(self, **given: Any) -> dict[str, Any]:
        return {**super().context(**given), "label": self.label}


class StartForm(CycleForm):
    """Name and dates of a review, and whether it begins with the answers of the last one."""

    begin = Beginning(
        "How do you want to begin?",
        {
            "carried": "With the answers of the last review. Each is marked until you confirm or change it",
            "empty": "With empty worksheets. There is no looking back",
        },
        short="How to begin",
    )

    def shown(self) -> list[BoundField]:
        """How to begin is asked first."""
        return sorted(super().shown(), key=lambda field: field.name != "begin")

    @classmethod
    def following(cls, previous: Cycle, proposal: Proposal) -> StartForm:
        """The form with what is proposed for the review after `previous`."""
        organisation: Organisation = previous.organisation
        return cls(
            organisation=organisation,
            initial={
                "begin": "carried",
                "name": proposal.name,
                "starts": proposal.starts.isoformat(),
                "ends": proposal.ends.isoformat(),
                "strategy_title": previous.strategy_title or None,
                "strategy_link": previous.strategy_link or None,
            },
        )

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "begin"}

    @property
    def carries(self) -> bool:
        """Whether the answers are to come along: only when somebody says so."""
        return self.answer.get("begin") == "carried"


class OutsideRow(RowForm):
    on = Day("When was it?", "For example, 14 1 2027.", needed=True, short="When", ask="Enter when it happened")
    text = Text("What happened?", needed=True, short="What happened", ask="Enter what happened")


class LookbackForm(QuestionForm):
    """What became of one SMART objective or measure. A draft may be saved of it."""

    actual = Text(
        "What is the figure now?",
        "As a number where there is one, like 82%. Say why if there is none.",
        needed=True,
        short="The actual figure",
        ask="Enter the actual figure, or say why there is none",
        width="20",
    )
    met = Choice(
        "Was the target met?",
        MET,
        inline=True,
        needed=True,
        short="Target met",
        ask="Choose whether the target was met",
    )
    outside = Rows(
        "What happened outside?",
        OutsideRow,
        "Events that moved the figure and were not your doing, such as a national news story.",
        noun="event",
        words="text",
        most=20,
        short="What happened outside",
    )
    so_what = Text(
        "So what?",
        "What the figure tells you, and what it does not.",
        lines=3,
        needed=True,
        short="So what",
        ask="Say what the figure tells you, and what not",
    )
    decision = Choice(
        "Keep, change or stop?",
        DECISIONS,
        inline=True,
        needed=True,
        short="Keep, change or stop",
        ask="Choose whether to keep it, change it or stop it",
    )
    lesson = Text(
        "What is the lesson?",
        "It is shown beside the question when you answer it again.",
        lines=3,
        needed=True,
        short="The lesson",
        ask="Write down the lesson",
    )
