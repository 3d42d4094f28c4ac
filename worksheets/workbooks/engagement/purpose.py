"""Stage 1: what the team needs to understand, why it asks in this way, and what the answers can change (003)."""

from __future__ import annotations

import re

from worksheets.fields import Scope, Text, YesUnsureNo, text
from worksheets.workbook import Question, QuestionForm, Stage, rule

# How people write that nothing can change, once capitals and punctuation are out of the way ("n/a" is "n a" then).
# Whoever writes more than this says something, and that is for readers to judge.
NOTHING = frozenset(
    (
        *("nothing", "none", "no", "n a", "na", "not applicable"),
        *("nothing can change", "nothing can be changed", "nothing will change", "no change", "no changes"),
    )
)


class PurposeForm(QuestionForm):
    insight = Text(
        "What do you need to understand?",
        "One thing. For example, why parents miss the evening clinic.",
        under="What you need to know",
        lines=3,
        needed=True,
        short="What we need to understand",
        ask="Enter what you need to understand",
    )
    known = Text(
        "What do you know already, and from where?",
        "Complaints, reviews, surveys, what staff hear, what others asked before you.",
        lines=3,
        short="What we know already",
    )
    gap = Text(
        "Who could tell you the rest?",
        "The people who know what you do not.",
        lines=2,
        needed=True,
        short="Who could fill the gap",
        ask="Enter who could tell you the rest",
    )
    can_change = Text(
        "What can their answers change?",
        "What is still open, and who decides it.",
        under="What is open, and what is not",
        lines=3,
        needed=True,
        short="What can change",
        ask="Enter what people's answers can change",
    )
    cannot_change = Text(
        "What can they not change?",
        "What is decided already, with the reason. You will tell people this at the start.",
        lines=3,
        needed=True,
        short="What cannot change",
        ask="Enter what people's answers cannot change",
    )
    why_social = Text(
        "Why ask on social media, and what else will you do?",
        "Say what it can do here that other ways cannot, and which other ways stand beside it.",
        under="How it fits in",
        lines=3,
        needed=True,
        short="Why on social media, and beside what",
        ask="Say why you want to ask on social media, and beside which other ways",
    )
    wider_plan = Text(
        "Which wider plan does it belong to?",
        "Your plan to involve patients and the public, or the project that needs the answers. A name or a link.",
        short="Part of",
    )
    duty = YesUnsureNo(
        "Does the law ask you to involve people in this?",
        "If you are not sure, ask the person who leads on involving patients and the public.",
        short="A legal duty to involve people",
    )


@rule(
    "purpose.nothing-can-change",
    "stop",
    "purpose",
    "can_change",
    why="What becomes of people's answers is the most important part of the plan (Smart guide to engagement, about "
    "2012).",
    says="You say that nothing can change. Find something that people's answers can change, or tell people your news "
    "without asking them.",
)
def nothing_can_change(scope: Scope) -> bool:
    said = text(scope.answer("purpose", "purpose"), "can_change").casefold()
    return " ".join(re.findall(r"\w+", said)) in NOTHING


STAGE = Stage(
    key="purpose",
    title="What you want to understand",
    short="what you want to understand",
    questions=(
        Question(
            "purpose",
            "What do you want to understand, and what can change?",
            "Purpose",
            PurposeForm,
            minutes=12,
            reading=("learning",),
        ),
    ),
    rules=(nothing_can_change,),
)
