"""Stage 2: how it stands now: the last ten posts, and five things that a leader needs to know (001)."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.fields import Answer, Case, Choice, Number, Path, Plain, Raw, Scope, Text, number, text
from worksheets.presentation import Computed
from worksheets.words import inside, of_all
from worksheets.workbook import Question, QuestionForm, Stage, answered, rule

LAST_TEN = ("now", "last_ten")
FIVE = ("now", "five")

# How many posts are looked at.
TEN = 10
KINDS = ("told", "asked", "answered")
COUNTED = tuple(answered(*LAST_TEN, kind) for kind in KINDS)

DONE = {"yes": "Yes", "partly": "Partly", "not-yet": "Not yet"}


def posts(answer: Mapping[str, Plain]) -> int:
    """How many posts were counted, all three kinds together."""
    return int(sum(number(answer, kind) for kind in KINDS))


class LastTenForm(QuestionForm):
    # Django takes fields out of the class: what forms have under this name stays what it is.
    told = Number(
        "How many told people something?",
        "News, praise, an event or a view of yours.",
        most=TEN,
        unit="posts",
        needed=True,
        short="Told",
        next_time="anew",
        ask="Enter how many told people something. Enter 0 for none",
    )
    asked = Number(
        "How many asked people something?",
        "A question to which you wanted to hear the reply.",
        most=TEN,
        unit="posts",
        needed=True,
        short="Asked",
        next_time="anew",
        ask="Enter how many asked people something. Enter 0 for none",
    )
    answered = Number(
        "How many answered somebody?",
        "A reply, or a comment on what somebody else wrote.",
        most=TEN,
        unit="posts",
        needed=True,
        short="Answered",
        next_time="anew",
        ask="Enter how many answered somebody. Enter 0 for none",
    )

    @classmethod
    def settle(cls, raw: Mapping[str, Raw], case: Case, at: Path = ()) -> Answer:
        """As any form, and the three numbers are of ten posts together."""
        answer = super().settle(raw, case, at)
        if posts(answer) > TEN:
            case.fault(
                (*at, KINDS[0]),
                f"Lower “Told”, “Asked” or “Answered”: together they are {posts(answer)}. Count each post once, and "
                f"{TEN} at most",
            )
        return answer


def listening(scope: Scope) -> str:
    """How many of the posts counted asked or answered, in words; nothing while they are not counted."""
    answer = scope.answer(*LAST_TEN)
    if not all(need.met(scope) for need in COUNTED) or not 0 < posts(answer) <= TEN:
        return ""
    return f"{of_all(posts(answer) - int(number(answer, 'told')), posts(answer), 'post')} asked or answered"


def told_and_listened(scope: Scope) -> tuple[Computed, ...]:
    """The share of posts that asked or answered, now and last time."""
    now, before = listening(scope), scope.beside.get("before")
    last = listening(before.scope) if before else ""
    lines = (f"{now}." if now else "", f"{last} in {before.origin}." if before and last else "")
    shown = tuple(filter(None, lines)) if now else ()
    return (Computed("listening", "More than telling", shown),) if shown else ()


def thing(label: str, hint: str, short: str, ask: str) -> Choice:
    """One of the five things: whether it is done."""
    return Choice(label, DONE, hint, inline=True, needed=True, short=short, ask=ask)


def step(short: str) -> Text:
    """What will be done about one of the five things."""
    return Text(f"My next step: {inside(short)}", short=f"{short}: next step")


class FiveForm(QuestionForm):
    more_than_one = thing(
        "Do I look beyond one platform?",
        "Say yes if you follow what happens on at least two.",
        "More than one platform",
        "Choose whether you look beyond one platform",
    )
    more_than_one_next = step("More than one platform")
    few_to_few = thing(
        "Do I take part where small groups talk?",
        "Such as a staff group, or a chat app that your organisation allows.",
        "Small groups",
        "Choose whether you take part where small groups talk",
    )
    few_to_few_next = step("Small groups")
    reviews_read = thing(
        "Do I read what reviews say about us?",
        "Say yes if you also know who takes them to the patient experience team.",
        "Reviews",
        "Choose whether you read what reviews say about your organisation",
    )
    reviews_read_next = step("Reviews")
    views_answered = thing(
        "Do I answer views that I do not share?",
        "Politely and with facts. You need not answer abuse.",
        "Other views",
        "Choose whether you answer views that you do not share",
    )
    views_answered_next = step("Other views")
    staff_encouraged = thing(
        "Do I encourage staff to use social media?",
        "By example, in words, and with a policy that lets them.",
        "Staff",
        "Choose whether you encourage staff to use social media",
    )
    staff_encouraged_next = step("Staff")


@rule(
    "now.broadcasting",
    "warn",
    "last_ten",
    "told",
    why="A leader's social media should listen and respond to many views, and not only send out the leader's own (NHS "
    "Employers briefing 109, 2017).",
    needs=COUNTED,
    says=lambda scope, _: (
        f"{of_all(int(number(scope.answer(*LAST_TEN), 'told')), posts(scope.answer(*LAST_TEN)), 'post')} told people "
        f"something: more than half. Plan posts that ask or answer in {scope.question('first_four')}, or say why this "
        "mix is right."
    ),
)
def broadcasting(scope: Scope) -> bool:
    answer = scope.answer(*LAST_TEN)
    return posts(answer) <= TEN and number(answer, "told") * 2 > posts(answer)


@rule(
    "now.reviews-unread",
    "note",
    "five",
    "reviews_read",
    why="Reviews hold a lot of what patients think, and the patient experience and PALS teams need to work with them "
    "(NHS Employers briefing 109, 2017).",
    says="You do not read yet what reviews say about your organisation. Search for its name and read them, or enter "
    "your next step.",
)
def reviews_unread(scope: Scope) -> bool:
    answer = scope.answer(*FIVE)
    return text(answer, "reviews_read") == "not-yet" and not text(answer, "reviews_read_next")


STAGE = Stage(
    key="now",
    title="What I do now",
    short="what I do now",
    questions=(
        Question(
            "last_ten",
            "What did I do in my last ten posts?",
            "My last ten posts",
            LastTenForm,
            minutes=2,
            computed=told_and_listened,
        ),
        Question(
            "five",
            "Do I do these five things?",
            "Five things",
            FiveForm,
            minutes=3,
            reading=("learning",),
        ),
    ),
    rules=(broadcasting, reviews_unread),
)
