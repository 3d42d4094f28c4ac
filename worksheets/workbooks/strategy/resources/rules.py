"""Where the answers of stage 4 do not fit together, or not the rest of the review (000, stage four)."""

from __future__ import annotations

from worksheets.fields import PlainRow, Scope, number, spoken_hours, text
from worksheets.words import listed
from worksheets.workbook import Found, answered, every, given, ids, rule, some, while_holds
from worksheets.workbooks.strategy.resources.hours import (
    KNOWN_FREED,
    KNOWN_HOURS,
    TOLERANCE,
    UNEVEN,
    WEEK,
    available,
    available_words,
    hours_of,
    known_hours,
)
from worksheets.workbooks.strategy.tables import ITEMS, PLATFORMS, RISKS, WEEKLY

# How many posts a week are one every day.
DAILY = 7


@rule(
    "resources.over-capacity",
    "warn",
    "weekly",
    "capacity",
    why="Social media costs no money and a lot of time: say early how much of it you have (NHS Employers toolkit, "
    "2016).",
    needs=(KNOWN_HOURS, KNOWN_FREED, answered(*WEEK, "capacity")),
    says=lambda scope, _: (
        f"The work takes {hours_of(scope)}. Plan less, find more time, or stop other work "
        f"in {scope.question('stopping')}."
    ),
)
def over_capacity(scope: Scope) -> bool:
    return (known_hours(scope) or 0) > available(scope) + TOLERANCE


@rule(
    "resources.peak-over-capacity",
    "warn",
    "weekly",
    "peak_hours",
    why="Work may come in a spike, as in a consultation, and only people who are there can meet it (NHS Employers "
    "toolkit, 2016, stage four).",
    needs=(KNOWN_FREED, answered(*WEEK, "capacity"), answered(*WEEK, "peak_hours")),
    silent=(while_holds(over_capacity),),
    says=lambda scope, _: (
        f"A busy week takes {spoken_hours(number(scope.answer(*WEEK), 'peak_hours'))}, and your team "
        f"has {available_words(scope)}. Say who helps in those weeks, or plan less for them."
    ),
)
def peak_over_capacity(scope: Scope) -> bool:
    answer = scope.answer(*WEEK)
    return text(answer, "pattern") in UNEVEN and number(answer, "peak_hours") > available(scope) + TOLERANCE


def not_said_of_peaks(scope: Scope) -> list[str]:
    """What is not said yet about the weeks that are busier, in words."""
    asked = {"peak_hours": "the hours in a busy week", "peak_weeks": "how many busy weeks there are"}
    return [words for name, words in asked.items() if not given(scope.answer(*WEEK), name)]


@rule(
    "resources.peak-not-planned",
    "note",
    "weekly",
    "peak_hours",
    why="Work that comes in bursts needs a count of its busy weeks (NHS Employers toolkit, 2016, stage four).",
    says=lambda scope, _: f"Some weeks will be busier. Enter {listed(not_said_of_peaks(scope))}.",
)
def peak_not_planned(scope: Scope) -> bool:
    return text(scope.answer(*WEEK), "pattern") in UNEVEN and bool(not_said_of_peaks(scope))


@rule(
    "resources.no-contingency",
    "warn",
    "weekly",
    "contingency",
    why="A major incident can make accounts busy within minutes (NHS Employers toolkit, 2016, stage four).",
    needs=(some(WEEKLY),),
    says="Nothing says what happens when your accounts suddenly get busy. Say who helps, and what stops.",
)
def no_contingency(scope: Scope) -> bool:
    return not text(scope.answer(*WEEK), "contingency")


def kinds(scope: Scope) -> set[str]:
    """The kinds of work among the weekly tasks."""
    return {text(row, "kind") for row in scope.rows(WEEKLY)}


@rule(
    "resources.no-listening-time",
    "warn",
    "weekly",
    "tasks.kind",
    why="People who get no answer soon leave, and monitoring is work every day (smart guide to engagement, about "
    "2012).",
    needs=(every(WEEKLY, "kind"),),
    says="No weekly task is to monitor or to respond. Add time to listen and to answer.",
)
def no_listening_time(scope: Scope) -> bool:
    return kinds(scope).isdisjoint({"monitor", "respond"})


@rule(
    "resources.no-evaluation-time",
    "warn",
    "weekly",
    "tasks.kind",
    why="What nobody has time to measure is never judged (NHS Employers toolkit, 2016, stages four and six).",
    needs=(every(WEEKLY, "kind"),),
    says="No weekly task is to measure or to evaluate. Add time to see whether it works.",
)
def no_evaluation_time(scope: Scope) -> bool:
    return kinds(scope).isdisjoint({"measure", "evaluate"})


def nobody_to_see(scope: Scope) -> list[str]:
    """What there is that somebody has to watch all the time, in words."""
    items = scope.rows(ITEMS)
    reasons = {
        "an account for emergencies": any(text(row, "role") == "emergency" for row in scope.rows(PLATFORMS)),
        "live posts": any(text(row, "format") == "live" for row in items),
        "something that goes out every day": any(number(row, "per_week") >= DAILY for row in items),
    }
    return [words for words, planned in reasons.items() if planned]


@rule(
    "resources.nobody-watching",
    "warn",
    "weekly",
    "watched",
    why="In an emergency, and where you speak every day, people do not wait until the morning: who gets no answer "
    "soon leaves (smart guide to engagement, about 2012).",
    says=lambda scope, _: (
        f"You have {listed(nobody_to_see(scope))}, and "
        + (
            "nobody watches the accounts"
            if text(scope.answer(*WEEK), "watched") == "nobody"
            else "the accounts are watched in office hours only"
        )
        + ". Watch them for longer, or plan less."
    ),
)
def nobody_watching(scope: Scope) -> bool:
    return text(scope.answer(*WEEK), "watched") in ("office-hours", "nobody") and bool(nobody_to_see(scope))


@rule(
    "resources.no-better-outcome",
    "stop",
    "outcomes",
    "answer",
    why="The same hours could do more for the organisation elsewhere (NHS Employers toolkit, 2016, stage four).",
    says="You say that other work would lead to better outcomes. Change the plan, or decide to do the other work.",
)
def no_better_outcome(scope: Scope) -> bool:
    return text(scope.answer("resources", "outcomes"), "answer") == "no"


@rule(
    "resources.no-risk",
    "warn",
    "success",
    "risks",
    why="Risks are weighed against rewards, and only those that are named can be (NHS Employers toolkit, 2016, "
    "stage four).",
    needs=(answered("resources", "success", "success"),),
    says="No risk is named yet. Add at least one thing that could go wrong.",
)
def no_risk(scope: Scope) -> bool:
    return not scope.rows(RISKS)


@rule(
    "resources.risk-without-mitigation",
    "warn",
    "success",
    "risks.mitigation",
    of=RISKS,
    why="A risk with an answer is managed; without one it is only known (version 2 of this method, 2026).",
    says=(
        "Nothing says what you will do about the risk {them}. Say what makes it less likely, or less bad.",
        "Nothing says what you will do about the risks {them}. Say what makes each less likely, or less bad.",
    ),
)
def risk_without_mitigation(scope: Scope) -> Found:
    def small(row: PlainRow) -> bool:
        return text(row, "likelihood") == text(row, "impact") == "low"

    return ids(row for row in scope.rows(RISKS) if not text(row, "mitigation") and not small(row))


ALL = (
    over_capacity,
    peak_over_capacity,
    peak_not_planned,
    no_contingency,
    no_listening_time,
    no_evaluation_time,
    nobody_watching,
    no_better_outcome,
    no_risk,
    risk_without_mitigation,
)
