"""Where facts contradict each other: what is promised and not watched, and what only one person can do."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.cleaning import alike
from worksheets.fields import Scope, maybe, spoken_hours, text
from worksheets.workbook import Found, answered, given, ids, rule
from worksheets.workbooks.policy_facts.asked import ROLES
from worksheets.workbooks.policy_facts.tables import ACCOUNTS

# Whoever promises an answer in fewer hours than a day has has promised it for nights and weekends.
A_DAY = 24
# Who must have somebody to stand in, by the fields that name them.
DEPUTIES = {name: "crisis_deputy" if name == "crisis_lead" else f"{name}_deputy" for name in ROLES}


def roles_named(_scope: Scope) -> Mapping[str, str]:
    """What each person does, as a sentence quotes it."""
    return {name: f"“{does}”" for name, does in ROLES.items()}


@rule(
    "facts.nobody-watches",
    "warn",
    "watching",
    "watched",
    why="People whose questions get no answer soon leave (Smart guide to engagement, about 2012).",
    needs=(answered("facts", "watching", "watched"),),
    says="Nobody watches your accounts, so that you can tell the public no hours. Agree who looks, and when.",
)
def nobody_watches(scope: Scope) -> bool:
    return text(scope.answer("facts", "watching"), "watched") == "nobody"


@rule(
    "facts.reply-before-anybody-looks",
    "warn",
    "watching",
    "reply_within",
    why="People whose questions get no answer soon leave (Smart guide to engagement, about 2012).",
    needs=(answered("facts", "watching", "reply_within"),),
    says=lambda scope, _: (
        f"You promise an answer within {spoken_hours(maybe(scope.answer('facts', 'watching'), 'reply_within') or 0)}, "
        "and somebody watches in office hours only. Promise 24 hours or more, or watch for longer."
    ),
)
def reply_before_anybody_looks(scope: Scope) -> bool:
    answer = scope.answer("facts", "watching")
    hours = maybe(answer, "reply_within")
    return hours is not None and hours < A_DAY and text(answer, "watched") == "office-hours"


@rule(
    "facts.nobody-stands-in",
    "warn",
    "roles",
    "lead_deputy",
    of=roles_named,
    why="Control of an account, and the time for it, must not hang on one person "
    "(Platforms guide, undated, 2019 or later).",
    says=(
        "Nobody stands in for the person who does this: {them}. Enter who does.",
        "Nobody stands in for the people who do this: {them}. Enter who does.",
    ),
)
def nobody_stands_in(scope: Scope) -> Found:
    """Where somebody is named and no deputy, or the same person twice."""
    answer = scope.answer("facts", "roles")
    return [
        name
        for name, deputy in DEPUTIES.items()
        if given(answer, name)
        and (not given(answer, deputy) or alike(text(answer, deputy)) == alike(text(answer, name)))
    ]


@rule(
    "facts.one-person-account",
    "warn",
    "holdings",
    "accounts.deputy",
    of=lambda scope: {
        text(row, "id"): " ".join(filter(None, (scope.platform(text(row, "platform")), text(row, "account"))))
        for row in scope.rows(ACCOUNTS)
    },
    why="An account that one person can use is lost when they leave. This is the method's own judgement.",
    says=(
        "Only one person looks after {them}. Enter a second who can.",
        "Only one person looks after each of {them}. Enter a second for each.",
    ),
)
def one_person_account(scope: Scope) -> Found:
    rows = scope.rows(ACCOUNTS)
    return ids(row for row in rows if not given(row, "owner") or not given(row, "deputy"))


@rule(
    "facts.sign-off-without-steps",
    "warn",
    "clearance",
    "steps",
    why="Who controls sign-off should be clear, if there is any (NHS Employers toolkit, 2016, stage five).",
    needs=(answered("facts", "clearance", "signs_off"),),
    says="Somebody signs off posts, and nothing says who. Add the steps, or choose that nobody does and say why.",
)
def sign_off_without_steps(scope: Scope) -> bool:
    answer = scope.answer("facts", "clearance")
    return text(answer, "signs_off") == "yes" and not given(answer, "steps")


@rule(
    "facts.no-sign-off-at-night",
    "note",
    "clearance",
    "out_of_hours",
    why="A busy night is when people need you most (NHS Employers toolkit, 2016, stage four).",
    needs=(answered("facts", "clearance", "signs_off"),),
    says="Posts are signed off, and nothing says what happens at night and at weekends. Say who decides then.",
)
def no_sign_off_at_night(scope: Scope) -> bool:
    answer = scope.answer("facts", "clearance")
    return text(answer, "signs_off") == "yes" and not given(answer, "out_of_hours")


RULES = (
    nobody_watches,
    reply_before_anybody_looks,
    nobody_stands_in,
    one_person_account,
    sign_off_without_steps,
    no_sign_off_at_night,
)
