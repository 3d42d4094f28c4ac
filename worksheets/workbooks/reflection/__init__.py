"""The leader's reflection: why and how one leader uses social media, on one page, seen by nobody else (001).

One module a stage; `paper` is the page that comes out. Nothing outside this folder knows any of its stages by name.
"""

from __future__ import annotations

from pathlib import Path

from worksheets.fields import maybe
from worksheets.workbook import Reading, Sum, Workbook
from worksheets.workbooks.reflection import how, now, weeks, why
from worksheets.workbooks.reflection.paper import front


def posts_told(reading: Reading) -> float | None:
    """How many of the last ten posts told people something; None while that is not answered."""
    return maybe(reading.answer("last_ten"), "told")


def posts_asked(reading: Reading) -> float | None:
    """How many of the last ten posts asked people something; None while that is not answered."""
    return maybe(reading.answer("last_ten"), "asked")


def posts_answered(reading: Reading) -> float | None:
    """How many of the last ten posts answered somebody; None while that is not answered."""
    return maybe(reading.answer("last_ten"), "answered")


REFLECTION = Workbook(
    key="leader-reflection",
    title="My own use of social media",
    noun="reflection",
    path="mine",
    format="leader-reflection/1",
    stages=(why.STAGE, now.STAGE, how.STAGE, weeks.STAGE),
    minutes=15,
    every=6,
    guidance=Path(__file__).parent / "guidance",
    listed="My own use as a leader",
    purpose="For a leader: why and how you use social media yourself, on one page.",
    about=(
        "A reflection is a quiet look at how you use social media as a leader: why, whom you listen to, what you stand "
        "for, and what you do next. It comes out on one page.",
        "It takes about {time}, alone.",
        "Only you see it. No page of this service shows it to your team, to leads or to administrators.",
        "You can share the finished page with your organisation's leads, and take it back at any time. They never see "
        "your answers.",
        "Look again about every {months}.",
    ),
    before_start=(
        "have your last ten posts in front of you, if you post already",
        "search for your organisation's name first, and read what reviews say",
        "only you see what you write, until you share the finished page",
    ),
    summary="reflection page",
    decided=False,
    private=True,
    front=front,
    sums=(
        Sum("Posts that told", "Told", "My last ten posts", "Told", posts_told),
        Sum("Posts that asked", "Asked", "My last ten posts", "Asked", posts_asked),
        Sum("Posts that answered", "Answered", "My last ten posts", "Answered", posts_answered),
    ),
    sums_note="Posts are those of {question:last_ten}.",
    sample=Path(__file__).parents[2] / "samples" / "leader-reflection.json",
    invites="Think about your own use as a leader",
    for_whom="one leader, alone",
    naming="Reflection, {month}",
    name_hint="For example, Reflection, November 2026.",
    on_a_page=True,
    reads=("before", "strategy"),
)
