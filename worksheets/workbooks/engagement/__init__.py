"""The engagement plan: what to understand, whom to ask what, who handles the answers, who hears back (003).

One module a stage; `paper` is its front page, `said` the paper for those who answered.
"""

from __future__ import annotations

from pathlib import Path

from worksheets.workbook import Dated, Workbook
from worksheets.workbooks.engagement import close, people, purpose, run, talk
from worksheets.workbooks.engagement.paper import front
from worksheets.workbooks.engagement.said import YOU_SAID

ENGAGEMENT = Workbook(
    key="engagement-plan",
    title="Engagement plan",
    noun="engagement plan",
    path="plans",
    format="engagement-plan/1",
    stages=(purpose.STAGE, people.STAGE, talk.STAGE, run.STAGE, close.STAGE),
    purpose="Plan how you ask people something on social media, and what you do with what they say.",
    about=(
        "An engagement plan says what you want to understand, whom you ask, who handles the answers, and when people "
        "hear what came of it. You answer {questions}, and get a plan on one side of A4.",
        "It takes about {time}. You can stop at any time and go on later.",
        "Do it before you ask anybody anything, and have it signed off.",
        "Once people have answered, say what you heard: that makes a second page for them, “You said, we did”.",
    ),
    before_start=(
        "find out what your organisation has asked these people before, and what they said",
        "know who will decide what changes, and talk to them first",
        "choose as the last day the one by which people will have heard back from you",
    ),
    summary="plan on a page",
    minutes=45,
    every=None,
    guidance=Path(__file__).parent / "guidance",
    front=front,
    sample=Path(__file__).parents[2] / "samples" / "engagement-plan.json",
    invites="Plan an engagement",
    for_whom="one or two people",
    naming="",
    name_label="What is it about?",
    name_hint="For example, Evening clinics for parents.",
    on_a_page=True,
    reads=("strategy",),
    offers=(people.STAKEHOLDERS_OFFERED,),
    documents=(YOU_SAID,),
    dated=(Dated("answers", "questions", "by", "You need the answers to conversation {number}", table="questions"),),
)
