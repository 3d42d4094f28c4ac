"""The strategy review: six stages, from what drives an organisation to use social media to how it judges that (000).

One module or folder a stage; `paper` is its summary as a board reads it, `pictures` what stands in that, `back` how it
was made. Nothing outside this folder knows any of its stages by name.
"""

from __future__ import annotations

from pathlib import Path

from worksheets.fields import Text, maybe, text
from worksheets.workbook import (
    Dated,
    Earlier,
    Ending,
    ForGroup,
    Measured,
    Needed,
    PlainForm,
    Promised,
    Reading,
    Sum,
    Workbook,
)
from worksheets.workbooks.strategy import alignment, content, drivers, evaluation, resources, stakeholders, version_one
from worksheets.workbooks.strategy.back import back
from worksheets.workbooks.strategy.evaluation import KINDS
from worksheets.workbooks.strategy.offers import OFFERS
from worksheets.workbooks.strategy.paper import body, three_sentences, to_know
from worksheets.workbooks.strategy.pictures import PICTURES
from worksheets.workbooks.strategy.resources import WATCHED, known_hours
from worksheets.workbooks.strategy.spreads import SPREADS
from worksheets.workbooks.strategy.stakeholders import chosen
from worksheets.workbooks.strategy.stakeholders.rules import ACCOUNT_SEEN_TO
from worksheets.workbooks.strategy.tables import MEASURES, PLATFORMS, SMART


def hours_needed(reading: Reading) -> float | None:
    """The hours a week that the plan needs; None while they are not known."""
    return known_hours(reading.scope)


def hours_available(reading: Reading) -> float | None:
    """The hours a week that the team has; None while that is not answered."""
    return maybe(reading.answer("weekly"), "capacity")


def active_platforms(reading: Reading) -> float | None:
    """How many platforms the team is active on; None while no account is named."""
    return len(chosen(reading.scope, "active")) if reading.scope.rows(PLATFORMS) else None


def hours_watched(reading: Reading) -> str | None:
    """When somebody watches the accounts, in a few of our words; None while that is not answered."""
    return WATCHED.get(text(reading.answer("weekly"), "watched"), "").partition(":")[0] or None


def reply_within(reading: Reading) -> float | None:
    """Within how many hours people are promised an answer; None where nothing is promised."""
    return maybe(reading.answer("weekly"), "reply_within")


class NotUsingForm(PlainForm):
    """Why the team decided not to use social media."""

    because = Text(
        "Why did you decide this?",
        "Your board reads this right behind the cover of the summary. Name the aims you weighed and what stood against "
        "them.",
        needed=True,
        ask="Enter why you decided not to use social media",
        lines=6,
    )


# Not using social media is a sound result of a review (000, stage two). It rests on what drives the organisation, its
# aims, and the objectives that these were held against.
NOT_USING = Ending(
    key="not-using",
    title="Decide not to use social media",
    said="We decided not to use social media",
    label="Why social media is not used",
    offer="If social media is not for you",
    question="A review may also end without it.",
    intro=(
        "You don't have to use social media. When your aims do not help your organisation's objectives, not using it "
        "is a sound result of a review.",
    ),
    form=NotUsingForm,
    needs=(
        Needed("drivers"),
        Needed("alignment", "objectives", "so that readers see the objectives you held your aims against"),
    ),
)

STRATEGY = Workbook(
    key="strategy",
    title="Social media strategy",
    noun="review",
    path="reviews",
    format="strategy-review/2",
    stages=(drivers.STAGE, alignment.STAGE, stakeholders.STAGE, resources.STAGE, content.STAGE, evaluation.STAGE),
    subject="strategy",
    listed="Reviews of your social media strategy",
    about=(
        "A review is a talk your team has about how it uses social media: why, for whom, with what time, and what "
        "comes of it. You answer {questions} in {worksheets}, and get a strategy summary for your board.",
        "It takes about {time} in all. You can stop at any time and go on later.",
        "Do it together in a room with one screen, or share the questions out.",
        "Review your strategy about every {months}.",
    ),
    before_start=(
        "read your organisation's strategy first, so that you know what social media is to help with",
        "plan about {time} for your team, at once or in parts",
        "do this about every {months}, for platforms and people change quickly",
    ),
    summary="strategy summary",
    minutes=120,
    invites="Review your strategy",
    purpose="Say what your social media is for, whether it works, and what to stop.",
    for_whom="your communications team, together",
    against_strategy=True,
    every=6,
    guidance=Path(__file__).parent / "guidance",
    front=body,
    sentences=three_sentences,
    to_know=to_know,
    back=back,
    pictures=PICTURES,
    offers=OFFERS,
    promises=(
        Promised(
            SMART, "SMART objectives", shown=("measure", "baseline", "target", "due", "owner"), targets="SMART targets"
        ),
        Promised(MEASURES, "Measures", shown=("source", "baseline", "target", "owner")),
    ),
    measures=Measured(MEASURES, KINDS),
    sums=(
        Sum("Hours a week", "Hours a week", "Hours a week", "Needed", hours_needed),
        Sum("Hours a week you have", "Hours you have", "Hours a week", "You have", hours_available),
        Sum("Active platforms", "Active platforms", "Active platforms", "Platforms", active_platforms),
    ),
    sums_note="Hours are those of {question:weekly}.",
    shown_to_group=(
        ForGroup("Hours a week", "{} needed", hours_needed),
        ForGroup("Hours a week", "{} held", hours_available),
        ForGroup("Accounts watched", "{}", hours_watched),
        ForGroup("Answer within", "{} hours", reply_within),
    ),
    endings=(NOT_USING,),
    doings=(ACCOUNT_SEEN_TO,),
    spreads=SPREADS,
    dated=(
        Dated("smart-due", "smart", "due", "SMART objective {number} is due", table="smart"),
        Dated("smart-judged", "smart", "evaluate_on", "Judge SMART objective {number}", table="smart"),
        Dated("judged", "judgement", "evaluate_on", "Judge the strategy"),
        # Who can post is checked every quarter: counted from the account whose check is longest ago.
        Dated(
            "access",
            "platforms",
            "access_checked",
            "Check who can post in your name",
            table="platforms",
            months=3,
            earliest=True,
        ),
    ),
    earlier=(Earlier("strategy-review/1", version_one.file, version_one.BEFORE, version_one.WITHOUT),),
    sample=Path(__file__).parents[2] / "samples" / "nhs-anywhere.json",
)
