"""Where the answers of stage 3 do not fit together, or not the rest of the review (000, stage three)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable

from worksheets.fields import PlainRow, Scope, maybe, several, spoken_hours, text
from worksheets.words import listed
from worksheets.workbook import Doing, Found, Need, every, ids, quoted, rule
from worksheets.workbooks.strategy.resources.hours import KNOWN_HOURS, TOLERANCE, known_hours
from worksheets.workbooks.strategy.stakeholders.questions import SOURCES
from worksheets.workbooks.strategy.stakeholders.reading import chosen, known, top_platforms, users
from worksheets.workbooks.strategy.tables import EVIDENCE, PLATFORMS, PRESENCE, STAKEHOLDERS

# A platform that is looked after needs about this many hours a week (002: few platforms, often and steadily).
HOURS_FOR_A_PLATFORM = 2
# How many days before the cycle an active account may have been silent.
IDLE_DAYS = 30
# How many years old an edition may be that a review rests on.
EVIDENCE_YEARS = 3
# What a team looks up itself, each time anew: there is no edition to note down.
OWN_SOURCES = ("platform-statistics", "platform-search", "alerts", "local-data")
# The roles of an account that somebody has to look after.
LOOKED_AFTER = ("active", "emergency")


def platforms_named(scope: Scope) -> dict[str, str]:
    """The name of each platform by its key."""
    return {**scope.retired, **scope.platforms}


def accounts_named(scope: Scope) -> dict[str, str]:
    """The accounts by the ids of their rows: "@anywhere on Facebook", "Facebook" where it has no name yet."""
    return {text(row, "id"): account_named(row, scope) for row in scope.rows(PLATFORMS)}


def account_named(row: PlainRow, scope: Scope) -> str:
    platform, account = scope.platform(text(row, "platform")), text(row, "account")
    return f"{account} on {platform}" if platform and account else platform or account or "an account"


# An account is something to see to: to hand over, to lock down, to close.
ACCOUNT_SEEN_TO = Doing(PLATFORMS, "account", lambda row, scope: f"See to {account_named(row, scope)}", owner="owner")


def sources_named(_scope: Scope) -> dict[str, str]:
    return {key: quoted(words) for key, words in SOURCES.items()}


def evidence_named(scope: Scope) -> dict[str, str]:
    """What was read, by the ids of the rows: in its own words, or else what kind of source it is."""
    return {
        text(row, "id"): f"“{text(row, 'title')}”"
        if text(row, "title")
        else SOURCES.get(text(row, "source"), "a source")
        for row in scope.rows(EVIDENCE)
    }


def elsewhere_missing(scope: Scope, where: str) -> Found:
    """The stakeholders who are there, in that sense, and of whom nothing says how else they are reached."""
    silent = {text(row, "id") for row in scope.rows(STAKEHOLDERS) if not text(row, "elsewhere")}
    return silent & {text(row, "stakeholder") for row in scope.rows(PRESENCE) if text(row, "where") == where}


@rule(
    "stakeholders.not-found-online",
    "warn",
    "stakeholders",
    "stakeholders.elsewhere",
    of=STAKEHOLDERS,
    why="Who is not online is reached in another way, or not at all (NHS Employers toolkit, 2016, stage three).",
    says=(
        "{them} use none of the platforms, and nothing says how else you reach them. Say so in "
        "{question:stakeholders}, or look again where they are in {question:presence}.",
        "{them} use none of the platforms, and nothing says how else you reach them. Say so for each in "
        "{question:stakeholders}, or look again where they are in {question:presence}.",
    ),
)
def not_found_online(scope: Scope) -> Found:
    return elsewhere_missing(scope, "none")


@rule(
    "stakeholders.not-known",
    "note",
    "stakeholders",
    "stakeholders.elsewhere",
    of=STAKEHOLDERS,
    why="Forms that you already have can ask people which platforms they use (NHS Employers toolkit, 2016, stage "
    "three).",
    says="You do not know yet where {them} are online. Find out in {question:presence}, or say in "
    "{question:stakeholders} how else you reach them.",
)
def not_known(scope: Scope) -> Found:
    return elsewhere_missing(scope, "unknown")


@rule(
    "stakeholders.presence-unsourced",
    "warn",
    "presence",
    "presence.sources",
    of=STAKEHOLDERS,
    why="Surveys, searches and your own forms know more than a guess (NHS Employers toolkit, 2016, stage three).",
    says="Nothing shows where {them} are online. Tick where you know it from.",
)
def presence_unsourced(scope: Scope) -> Found:
    rows = scope.rows(PRESENCE)
    return ids((row for row in rows if text(row, "where") == "some" and not several(row, "sources")), "stakeholder")


@rule(
    "stakeholders.evidence-undated",
    "note",
    "presence",
    "evidence",
    of=sources_named,
    why="A board can rely on a figure whose source and year are known (version 2 of this method, 2026).",
    needs=(every(EVIDENCE, "source"),),
    says=(
        "You ticked {them}, and nothing says what you read there. Add its title and its year.",
        "You ticked {them}, and nothing says what you read there. Add their titles and years.",
    ),
)
def evidence_undated(scope: Scope) -> Found:
    ticked = {key for row in scope.rows(PRESENCE) for key in several(row, "sources")}
    return ticked - set(OWN_SOURCES) - {text(row, "source") for row in scope.rows(EVIDENCE)}


@rule(
    "stakeholders.evidence-old",
    "note",
    "presence",
    "evidence.year",
    of=evidence_named,
    why="Platforms and people change, so that all of this is looked at anew every six months (NHS Employers "
    "toolkit, 2016).",
    says=(
        "{them} was already more than three years old when this review began. Look for a newer edition.",
        "{them} were already more than three years old when this review began. Look for newer editions.",
    ),
)
def evidence_old(scope: Scope) -> Found:
    oldest = scope.starts.year - EVIDENCE_YEARS if scope.starts else 0
    return ids(row for row in scope.rows(EVIDENCE) if (year := maybe(row, "year")) is not None and year < oldest)


@rule(
    "stakeholders.hear-without-handle",
    "warn",
    "stakeholders",
    "stakeholders.handle",
    of=STAKEHOLDERS,
    why="Who is asked and never hears what came of it does not answer again (smart guide to engagement, about 2012).",
    says="You want to hear from {them}, and nothing says how you will act on it. Say who takes it further, and to "
    "whom.",
)
def hear_without_handle(scope: Scope) -> Found:
    return ids(row for row in scope.rows(STAKEHOLDERS) if text(row, "hear") and not text(row, "handle"))


def asked(scope: Scope) -> set[str]:
    """The stakeholders of whom is said whether they are on the platforms, or that this is not known."""
    return {text(row, "stakeholder") for row in scope.rows(PRESENCE) if text(row, "where")}


def all_of(some_of: Callable[[Scope], set[str]]) -> Callable[[Scope], bool]:
    """Whether there are stakeholders, and all of them are among those."""
    return lambda scope: bool(scope.rows(STAKEHOLDERS)) and some_of(scope).issuperset(scope.choices(STAKEHOLDERS))


ALL_KNOWN = Need("of every stakeholder is known where they are", all_of(known))
ALL_ASKED = Need("of every stakeholder is said whether they are on the platforms", all_of(asked))


@rule(
    "stakeholders.platform-without-stakeholder",
    "warn",
    "platforms",
    "platforms.role",
    of=platforms_named,
    why="Platforms are worth the time where your most important people already are (NHS Employers toolkit, 2016, stage "
    "three; briefing 109, 2017).",
    needs=(ALL_KNOWN,),
    says=(
        "You are active on {them}, where none of your stakeholders is. Leave it, listen only, or look again where they "
        "are in {question:presence}.",
        "You are active on {them}, where none of your stakeholders is. Leave them, listen only, or look again where "
        "they are in {question:presence}.",
    ),
)
def platform_without_stakeholder(scope: Scope) -> Found:
    return set(chosen(scope, "active")) - set(users(scope))


@rule(
    "stakeholders.top-platform-unused",
    "warn",
    "platforms",
    "platforms.role",
    of=platforms_named,
    why="The platforms that your five most important stakeholders use are the ones that serve you best (NHS Employers "
    "toolkit, 2016, stage three).",
    needs=(ALL_ASKED, every(PLATFORMS, "role")),
    says=(
        "Your most important people use {them}, and you do not. Be active or listen there, or add it as one that you "
        "leave and say why.",
        "Your most important people use {them}, and you do not. For each, be active or listen there, or add it as one "
        "that you leave and say why.",
    ),
)
def top_platform_unused(scope: Scope) -> Found:
    first, using = next(iter(scope.choices(STAKEHOLDERS))), users(scope)
    decided = set(chosen(scope, "active", "listen", "emergency")) | {
        text(row, "platform") for row in scope.rows(PLATFORMS) if text(row, "role") == "leave" and text(row, "because")
    }
    best = (key for key in top_platforms(scope) if len(using[key]) > 1 or first in using[key])
    return set(best) - decided


@rule(
    "stakeholders.too-many-platforms",
    "warn",
    "platforms",
    "platforms.role",
    of=platforms_named,
    why="A few platforms, looked after little and often, do more than many (improvement briefing, about 2014).",
    needs=(KNOWN_HOURS,),
    says=lambda scope, subjects: (
        f"You are active on {len(subjects)} platforms with {spoken_hours(known_hours(scope) or 0)} a week: less than "
        f"{HOURS_FOR_A_PLATFORM} hours for each. Choose fewer, or plan more time in {scope.question('weekly')}."
    ),
)
def too_many_platforms(scope: Scope) -> Found:
    active = chosen(scope, "active")
    few = (known_hours(scope) or 0) + TOLERANCE < HOURS_FOR_A_PLATFORM * len(active)
    return active if few and len(active) > 1 else ()


@rule(
    "stakeholders.account-without-owner",
    "warn",
    "platforms",
    "platforms.owner",
    of=accounts_named,
    why="Nobody answers where nobody is in charge: name somebody who knows social media (smart guide to "
    "engagement, about 2012).",
    says="Nobody is named who looks after {any}. Enter a name or a role.",
)
def account_without_owner(scope: Scope) -> Found:
    return ids(row for row in scope.rows(PLATFORMS) if text(row, "role") in LOOKED_AFTER and not text(row, "owner"))


def twice_said(scope: Scope, subjects: tuple[str, ...]) -> str:
    rows = [row for row in scope.rows(PLATFORMS) if text(row, "id") in subjects]
    # Of several ways to write one name the same is told, whatever the order of the rows.
    known = sorted((row for row in rows if text(row, "account")), key=lambda row: text(row, "account"))
    named = {same_account(row): account_named(row, scope) for row in known}
    nameless = sorted({scope.platform(text(row, "platform")) for row in rows if not text(row, "account")})
    said = []
    if named:
        are = "is" if len(named) == 1 else "are"
        said.append(
            f"{listed(sorted(named.values(), key=str.casefold))} {are} listed more than once. Keep one row of each, or "
            "correct the name."
        )
    if nameless:
        said.append(f"Several accounts on {listed(nameless)} have no name. Enter which ones they are.")
    return " ".join(said)


def same_account(row: PlainRow) -> tuple[str, str]:
    """What two rows share that are about one account: case, a leading @ and blanks around it do not count."""
    return text(row, "platform"), text(row, "account").strip().removeprefix("@").strip().casefold()


@rule(
    "stakeholders.account-twice",
    "warn",
    "platforms",
    "platforms.account",
    of=accounts_named,
    why="A register in which each account stands once says who answers for it (version 2 of this method, 2026).",
    says=twice_said,
)
def account_twice(scope: Scope) -> Found:
    same = defaultdict(list)
    for row in scope.rows(PLATFORMS):
        if text(row, "platform"):
            same[same_account(row)].append(text(row, "id"))
    return [key for rows in same.values() if len(rows) > 1 for key in rows]


@rule(
    "stakeholders.account-idle",
    "warn",
    "platforms",
    "platforms.last_post",
    of=accounts_named,
    why="An account that stays silent looks abandoned: post often and steadily (improvement briefing, about 2014).",
    says=(
        "{them} is active, and its last post was more than a month before this review began. Post there again, keep it "
        "for emergencies, or leave it.",
        "{them} are active, and their last posts were more than a month before this review began. Post there again, "
        "keep them for emergencies, or leave them.",
    ),
)
def account_idle(scope: Scope) -> Found:
    before = (scope.starts - datetime.timedelta(days=IDLE_DAYS)).isoformat() if scope.starts else ""
    rows = scope.rows(PLATFORMS)
    return ids(
        row
        for row in rows
        if text(row, "role") == "active" and text(row, "last_post") and text(row, "last_post") < before
    )


@rule(
    "stakeholders.account-falling",
    "note",
    "platforms",
    "platforms.because",
    of=accounts_named,
    why="When people leave, somebody should know why (version 2 of this method, 2026).",
    says=(
        "{them} has fewer followers than at the last review. Say why, and what you will do.",
        "{them} have fewer followers than at the last review. Say why, and what you will do.",
    ),
)
def account_falling(scope: Scope) -> Found:
    def falling(row: PlainRow) -> bool:
        now, before = maybe(row, "followers"), maybe(row, "followers_before")
        return now is not None and before is not None and now < before

    rows = scope.rows(PLATFORMS)
    return ids(row for row in rows if text(row, "role") == "active" and falling(row) and not text(row, "because"))


ALL = (
    not_found_online,
    not_known,
    presence_unsourced,
    evidence_undated,
    evidence_old,
    hear_without_handle,
    platform_without_stakeholder,
    top_platform_unused,
    too_many_platforms,
    account_without_owner,
    account_twice,
    account_idle,
    account_falling,
)
