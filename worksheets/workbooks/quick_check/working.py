"""Stage 1: four questions that tell whether social media is done right, and whether it works (004)."""

from __future__ import annotations

from worksheets.fields import Text, YesUnsureNo
from worksheets.workbook import Question, QuestionForm, Stage
from worksheets.workbooks.quick_check.keys import FOUR


class FourForm(QuestionForm):
    planned = YesUnsureNo(
        "Do you have a plan for your content and campaigns?",
        needed=True,
        next_time="anew",
        short=FOUR["planned"],
        ask="Choose whether you have a plan for your content and campaigns",
    )
    planned_shows = Text(
        "Plan: what shows it?", "For example, where the plan is kept.", short="Plan: what shows it", next_time="anew"
    )
    managed = YesUnsureNo(
        "Is somebody always watching your channels and keeping them up to date?",
        needed=True,
        next_time="anew",
        short=FOUR["managed"],
        ask="Choose whether your channels are watched and kept up to date",
    )
    managed_shows = Text(
        "Watching: what shows it?",
        "For example, who looks, and how often.",
        short="Watching: what shows it",
        next_time="anew",
    )
    impact = YesUnsureNo(
        "Do you know what your channels do to daily work?",
        "Time they take, calls they save, questions they cause.",
        needed=True,
        next_time="anew",
        short=FOUR["impact"],
        ask="Choose whether you know what your channels do to daily work",
    )
    impact_shows = Text(
        "Daily work: what shows it?",
        "For example, hours a week, or calls counted.",
        short="Daily work: what shows it",
        next_time="anew",
    )
    worth = YesUnsureNo(
        "Does it feel worth it, next to everything else you offer?",
        needed=True,
        next_time="anew",
        short=FOUR["worth"],
        ask="Choose whether it feels worth it",
    )
    worth_shows = Text(
        "Worth it: what shows it?",
        "For example, what patients or staff say.",
        short="Worth it: what shows it",
        next_time="anew",
    )


STAGE = Stage(
    key="working",
    title="Is it right, and is it working?",
    short="is it working",
    questions=(
        Question(
            "four",
            "Is your use of social media right, and is it working?",
            "Is it working?",
            FourForm,
            minutes=3,
        ),
    ),
)
