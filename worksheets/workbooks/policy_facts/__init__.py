"""Facts for your policies: what every document of a team needs to know, asked once, in fifteen minutes.

One stage: `asked` has its questions, `rules` says where facts contradict each other, `offers` what comes from the last
review, and `paper` is the front page. `worksheets/policies/facts.py` reads it to fill the holes of clauses.
"""

from __future__ import annotations

from pathlib import Path

from worksheets.fields import maybe, text
from worksheets.workbook import ForGroup, Question, Reading, Stage, Workbook
from worksheets.workbooks.policy_facts import asked
from worksheets.workbooks.policy_facts.offers import OFFERS
from worksheets.workbooks.policy_facts.paper import front
from worksheets.workbooks.policy_facts.rules import RULES

STAGE = Stage(
    key="facts",
    title="What your documents need to know",
    short="facts",
    questions=(
        Question("roles", "Who does what, and who stands in?", "People", asked.RolesForm, minutes=3),
        Question("contacts", "How do people reach you?", "How to reach you", asked.ContactsForm, minutes=3),
        Question(
            "watching", "When are you there, and how do you answer?", "Hours and answers", asked.WatchingForm, minutes=3
        ),
        Question("clearance", "Who signs off a post?", "Sign-off of posts", asked.ClearanceForm, minutes=2),
        Question("holdings", "Which accounts do you have?", "Accounts held", asked.HoldingsForm, minutes=2),
        Question("trouble", "What could go wrong, and what do you do then?", "Trouble", asked.TroubleForm, minutes=2),
    ),
    rules=RULES,
)


def hours_promised(reading: Reading) -> str | None:
    """When the public is told that somebody watches, in a few of our words; None while that is not answered."""
    return asked.WATCHED.get(text(reading.answer("watching"), "watched"), "").partition(":")[0].lower() or None


def answer_promised(reading: Reading) -> float | None:
    """Within how many hours the public is promised an answer; None where nothing is promised."""
    return maybe(reading.answer("watching"), "reply_within")


POLICY_FACTS = Workbook(
    key="policy-facts",
    title="Facts for your policies",
    noun="set of facts",
    path="facts",
    format="policy-facts/1",
    stages=(STAGE,),
    subject="facts",
    listed="Facts for your policies",
    purpose="Say once who does what, when and where. Every policy is then filled in for you.",
    about=(
        "Your policies all need the same facts: names, addresses, hours. You enter them here once, and each document "
        "has them in their places. You get a page with all of them as well.",
        "It takes about {time}.",
        "One or two people can do it. Much of it may stand in your last review: then you can take it over.",
        "Look at them again about every {months}, and whenever somebody leaves.",
    ),
    before_start=(
        "have your list of accounts to hand, and the addresses that your website gives",
        "know who stands in for whom",
        "plan about {time}, alone or with a colleague",
    ),
    summary="facts on a page",
    minutes=15,
    every=12,
    decided=False,
    guidance=Path(__file__).parent / "guidance",
    front=front,
    on_a_page=True,
    sample=Path(__file__).parents[2] / "samples" / "policy-facts.json",
    invites="Enter facts for your policies",
    for_whom="one or two people",
    naming="Facts, {month}",
    name_hint="For example, Facts, November 2026.",
    offers=OFFERS,
    shown_to_group=(
        ForGroup("Accounts watched", "promised: {}", hours_promised),
        ForGroup("Answer within", "promised: {} hours", answer_promised),
    ),
)
