"""The channel choice: two or three social media channels for one project, and a plan of its first weeks (002).

One module a stage; `tables` has what they share, `paper` the page that comes out. Audiences can be taken over from the
last strategy review, and accounts that are active there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worksheets.fields import Plain, pairs, text
from worksheets.workbook import Offer, Reading, Workbook
from worksheets.workbooks.channels import channels, plan, want
from worksheets.workbooks.channels.paper import front
from worksheets.workbooks.channels.tables import PRESENCE, STAKEHOLDERS, active_accounts


def audiences_of(strategy: Reading) -> Iterator[dict[str, Plain]]:
    """The stakeholders of a strategy review as audiences, with the platforms that it found them on."""
    uses = {text(row, "stakeholder"): sorted(pairs(row, "use")) for row in strategy.scope.rows(PRESENCE)}
    for row in strategy.scope.rows(STAKEHOLDERS):
        if text(row, "name"):
            platforms = uses.get(text(row, "id"))
            yield {"who": text(row, "name")} | ({"active_on": [*platforms]} if platforms else {})


def channels_of(strategy: Reading) -> Iterator[dict[str, Plain]]:
    """The platforms on which a strategy review has an active account, as channels of a project."""
    for key in active_accounts(strategy.scope):
        yield {"platform": key, "use": "organisation"}


CHANNELS = Workbook(
    key="channel-choice",
    title="Channel choice for a project",
    noun="channel choice",
    path="projects",
    format="channel-choice/1",
    stages=(want.STAGE, channels.STAGE, plan.STAGE),
    subject="project",
    listed="Channel choices for projects",
    purpose="Choose the two or three channels that fit one project, and plan its first four weeks.",
    about=(
        "A channel choice is for one project that wants to be heard: what it wants, whom it wants to reach, and which "
        "two or three channels fit. You answer {questions} in {worksheets}, and get one page to work from.",
        "It takes about {time}, for one or two people.",
        "Each project has its own, and you can have several at once.",
        "You can take your audiences over from the last strategy review.",
    ),
    before_start=(
        "look at what your audiences say online, so that you know where they are",
        "ask your communications team which accounts there are already, and who says yes to a plan like this",
        "plan about {time} for one or two people",
    ),
    summary="channel plan",
    decided=False,
    minutes=30,
    invites="Choose channels for a project",
    every=None,
    for_whom="one or two people in the project",
    naming="",
    name_label="Name of the project",
    name_hint="For example, Home by lunchtime.",
    guidance=Path(__file__).parent / "guidance",
    front=front,
    on_a_page=True,
    reads=("strategy",),
    offers=(
        Offer("audiences", "audiences", "strategy", "Stakeholders", audiences_of),
        Offer("channels", "channels", "strategy", "Active accounts", channels_of),
    ),
    sample=Path(__file__).parents[2] / "samples" / "channel-choice.json",
)
