"""Stage 3: the most important stakeholders, where they are online, and which platforms to use (000, stage three)."""

from __future__ import annotations

from itertools import combinations

from worksheets.cleaning import alike
from worksheets.fields import (
    FREQUENCIES,
    TEXT_MAX,
    Choice,
    Choices,
    Day,
    Number,
    PlainRow,
    Platform,
    PlatformUse,
    RowForm,
    Rows,
    RowsFor,
    RowsOf,
    Scope,
    Select,
    Text,
    WebAddress,
    Year,
    pairs,
    several,
    spoken_hours,
    text,
)
from worksheets.presentation import Block, Column, Computed, Table
from worksheets.words import noun_for
from worksheets.workbook import Found, Question, QuestionForm, Stage, plainly, quoted, repeated, rule
from worksheets.workbooks.strategy.resources import WEEKLY, total

STAKEHOLDERS = RowsOf("stakeholders", "stakeholders", "stakeholders", words="name", noun="stakeholder")
PRESENCE = RowsOf("stakeholders", "presence", "presence", words="stakeholder", noun="stakeholder")
EVIDENCE = RowsOf("stakeholders", "presence", "evidence", words="title", noun="source")
PLATFORMS = RowsOf("stakeholders", "platforms", "platforms", words="platform", noun="account")

HIGH_LOW = {"high": "High", "low": "Low"}
ROLES = {
    "active": "Active: we post and answer",
    "listen": "Listen: we watch, and answer when asked",
    "emergency": "Emergencies: kept ready, silent otherwise",
    "leave": "Leave: we close it, or do not start",
}
WHERE = {
    "some": "They use some of these platforms",
    "none": "They use none of these",
    "unknown": "We do not know yet",
}
SOURCES = {
    "platform-statistics": "Figures that the platform shows us",
    "facebook-ads": "Facebook's advert tool",
    "taking-part": "Taking Part survey",
    "ofcom": "Ofcom market report",
    "oxis": "Oxford Internet Survey",
    "ons": "ONS internet users",
    "platform-search": "Searching the platform",
    "alerts": "Alerts on your name",
    "local-data": "Your own data",
    "other": "Another source",
}
# How much each frequency weighs when platforms with as many stakeholders are compared (000, stage three).
WEIGHTS = {"daily": 3, "weekly": 2, "sometimes": 1, "yes": 1}


class StakeholderRow(RowForm):
    name = Text("Who are they?", needed=True, short="Stakeholder", ask="Enter who the stakeholder is")
    influence = Choice(
        "How much influence do they have on you?",
        HIGH_LOW,
        inline=True,
        half=True,
        needed=True,
        short="Influence",
        ask="Choose high or low influence",
    )
    interest = Choice(
        "How much interest do they take in you?",
        HIGH_LOW,
        inline=True,
        half=True,
        needed=True,
        short="Interest",
        ask="Choose high or low interest",
    )
    size = Number("About how many people are they?", short="People")
    tell = Text("What do you want to tell them?", lines=2, short="What to tell them")
    hear = Text("What do you want them to tell you?", lines=2, short="What to hear from them")
    handle = Text("How will you act on what you hear?", lines=2, short="What happens with what we hear")
    elsewhere = Text(
        "How else do you reach them?",
        "Letters, meetings, a newsletter, partners.",
        lines=2,
        short="How else we reach them",
    )


class StakeholdersForm(QuestionForm):
    stakeholders = Rows(
        "Your stakeholders",
        StakeholderRow,
        "Up to five, the most important first.",
        noun="stakeholder",
        words="name",
        least=1,
        most=5,
        ask="Add at least one stakeholder",
    )


class PresenceRow(RowForm):
    where = Choice(
        "Are they on these platforms?",
        WHERE,
        needed=True,
        short="Online",
        ask="Choose whether they are, or say that you do not know yet",
    )
    use = PlatformUse("Which do they use?", when=("where", "some"), short="Uses")
    sources = Choices("Where do you know it from?", SOURCES, when=("where", "some"), short="Known from")
    note = Text("Anything to note?", lines=2, short="Note")


class EvidenceRow(RowForm):
    source = Select(
        "What kind of source is it?", SOURCES, half=True, needed=True, short="Source", ask="Choose the kind of source"
    )
    year = Year("Year of the edition", half=True, needed=True, short="Year", ask="Enter the year, like 2025")
    title = Text("What did you read?", "Its title, with who made it.", short="Title")
    says = Text("What did it tell you?", lines=2, short="What it says")
    looked_at = Day("When did you look at it?", "For example, 14 9 2026.", half=True, short="Read on")
    link = WebAddress("Its web address", most=TEXT_MAX, short="Web address")


class PresenceForm(QuestionForm):
    presence = RowsFor(
        "Where your stakeholders are",
        PresenceRow,
        of=STAKEHOLDERS,
        key="stakeholder",
        words="where",
        short="Where they are",
        ask="Say where your stakeholders are online",
    )
    evidence = Rows(
        "What you read about it",
        EvidenceRow,
        "A notebook for your board, and for whoever does this next time. Up to twelve.",
        noun="source",
        words="title",
        most=12,
        short="What we read",
    )
    local_data = Text(
        "How could you ask people which platforms they use?",
        "Think of forms you already have: membership, feedback cards, surveys, bookings.",
        lines=3,
        short="How we could ask people ourselves",
    )


class PlatformRow(RowForm):
    platform = Platform("Platform", half=True, needed=True, ask="Choose a platform")
    role = Select(
        "What will you do there?",
        ROLES,
        half=True,
        needed=True,
        short="Our part",
        ask="Choose what you will do there",
    )
    account = Text("Account name", "As people see it, like @anywhere.", short="Account", half=True)
    link = WebAddress("Its web address", most=TEXT_MAX, short="Web address", half=True)
    owner = Text("Who looks after it?", short="Owner", half=True)
    deputy = Text("Who when they are away?", short="Deputy", half=True)
    followers = Number("Followers now", short="Followers", half=True)
    followers_before = Number("Followers at the last review", short="Followers before", half=True)
    last_post = Day("When was the last post?", "For example, 14 9 2026.", short="Last post", half=True)
    access_checked = Day(
        "When was it last checked who can post?", "For example, 1 9 2026.", short="Access checked", half=True
    )
    because = Text("Why, and what happens to it?", lines=2, short="Why")


class PlatformsForm(QuestionForm):
    platforms = Rows(
        "Your accounts",
        PlatformRow,
        "Every account in your organisation’s name, old ones too. Two on one platform are two rows. Up to forty.",
        noun="account",
        words="platform",
        least=1,
        most=40,
        ask="Add at least one account",
        short="Accounts",
    )


def there(scope: Scope) -> list[PlainRow]:
    """The rows of the stakeholders who are said to use some of the platforms."""
    return [row for row in scope.rows(PRESENCE) if text(row, "where") == "some"]


def top_platforms(scope: Scope, most: int = 3) -> list[str]:
    """The keys of the platforms that serve best: most stakeholders first; among equals the higher sum of frequency,
    then the platform of the more important stakeholder, then by key (000, stage three)."""
    order = {text(row, "id"): n for n, row in enumerate(scope.rows(STAKEHOLDERS))}
    users: dict[str, list[tuple[int, int]]] = {}
    for row in there(scope):
        place = order.get(text(row, "stakeholder"), len(order))
        for platform, how in pairs(row, "use").items():
            users.setdefault(platform, []).append((place, WEIGHTS[how]))
    ranked = sorted(
        users,
        key=lambda key: (
            -len(users[key]),
            -sum(weight for _, weight in users[key]),
            min(n for n, _ in users[key]),
            key,
        ),
    )
    return ranked[:most]


def three_best(scope: Scope) -> tuple[Computed, ...]:
    best = top_platforms(scope)
    if not best:
        return ()
    there, people = users(scope), len(scope.rows(STAKEHOLDERS))
    noun = noun_for(people, "stakeholder")
    lines = (f"{scope.platform(key)}: {len(there[key])} of your {people} {noun}" for key in best)
    return (
        Computed("top-platforms", "Your top three platforms" if len(best) == 3 else "Your top platforms", tuple(lines)),
    )


def presence_blocks(question: Question, scope: Scope) -> tuple[Block, ...]:
    """The presence answer with who is where as one table: platforms down, stakeholders across."""
    names = scope.choices(STAKEHOLDERS)
    use = {text(row, "stakeholder"): pairs(row, "use") for row in there(scope)}
    used = [key for key in (*scope.platforms, *scope.retired) if any(key in given for given in use.values())]
    blocks = list(plainly(question, scope))
    if used:
        cells = tuple(
            (
                scope.platform(key),
                *(FREQUENCIES.get(use.get(who, {}).get(key, ""), "–") for who in names),
            )
            for key in used
        )
        columns = (Column("Platform", 2), *(Column(name, 2, named=True) for name in names.values()))
        blocks.insert(0, Table("Who is where", columns, cells, tuple(used)))
    return tuple(blocks)


# A platform that is looked after needs about this many hours a week (002: few platforms, often and steadily).
HOURS_FOR_A_PLATFORM = 2


def chosen(scope: Scope, *roles: str) -> list[str]:
    """The keys of the platforms that the team has given one of these roles, each once, by key."""
    given = {text(row, "platform") for row in scope.rows(PLATFORMS) if text(row, "role") in roles}
    return sorted(filter(None, given))


def users(scope: Scope) -> dict[str, set[str]]:
    """The stakeholders who use each platform, by its key."""
    using: dict[str, set[str]] = {}
    for row in there(scope):
        for platform in pairs(row, "use"):
            using.setdefault(platform, set()).add(text(row, "stakeholder"))
    return using


@rule(
    "stakeholders.not-found-online",
    "warn",
    "presence",
    why="A presence that its audience does not see misses them (NHS Employers toolkit, 2016, stage three).",
)
def not_found_online(scope: Scope) -> Found:
    told = scope.rows(PRESENCE)
    online = {text(row, "stakeholder") for row in told if pairs(row, "use")}
    for who, name in scope.choices(STAKEHOLDERS).items():
        if told and who not in online:
            yield (
                (who,),
                f"You have marked no platform for {quoted(name)}. Find out where they are, or plan to reach them in "
                "another way.",
            )


@rule(
    "stakeholders.presence-unsourced",
    "warn",
    "presence",
    why="Surveys, searches and your own forms know more than a guess (NHS Employers toolkit, 2016, stage three).",
)
def presence_unsourced(scope: Scope) -> Found:
    names = scope.choices(STAKEHOLDERS)
    for row in scope.rows(PRESENCE):
        who = text(row, "stakeholder")
        if who in names and pairs(row, "use") and not several(row, "sources"):
            yield (who,), f"Nothing shows where {quoted(names[who])} are online. Tick where you know it from."


@rule(
    "stakeholders.platform-without-stakeholder",
    "warn",
    "presence",
    why="Platforms are worth the time where your most important people already are (NHS Employers toolkit, 2016, stage "
    "three; briefing 109, 2017).",
)
def platform_without_stakeholder(scope: Scope) -> Found:
    there = users(scope)
    for platform in chosen(scope, "active"):
        if there and platform not in there:
            yield (
                (platform,),
                f"You are active on {scope.platform(platform)}, where none of your stakeholders is. Leave it, listen "
                "only, or check where they are.",
            )


@rule(
    "stakeholders.top-platform-unused",
    "warn",
    "presence",
    why="The platforms that your five most important stakeholders use are the ones that serve you best (NHS Employers "
    "toolkit, 2016, stage three).",
)
def top_platform_unused(scope: Scope) -> Found:
    given, used = scope.rows(PLATFORMS), chosen(scope, "active", "listen")
    for platform in top_platforms(scope):
        if given and platform not in used:
            yield (
                (platform,),
                f"{scope.platform(platform)} is one of your top three platforms, and you do not use it. Be active "
                "there, "
                "listen there, or say why not.",
            )


@rule(
    "stakeholders.too-many-platforms",
    "warn",
    "presence",
    why="A few platforms, looked after little and often, do more than many (improvement briefing, about 2014).",
)
def too_many_platforms(scope: Scope) -> Found:
    active, weekly = chosen(scope, "active"), total(scope, WEEKLY)
    if len(active) > 1 and scope.rows(WEEKLY) and weekly < HOURS_FOR_A_PLATFORM * len(active):
        yield (
            tuple(active),
            f"You are active on {len(active)} platforms with {spoken_hours(weekly)} a week: less than "
            f"{HOURS_FOR_A_PLATFORM} hours for each. Choose fewer, or plan more time in {scope.question('weekly')}.",
        )


def parts(scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What is said of each platform that stands in the table more than once: the account and the role of each row."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in scope.rows(PLATFORMS):
        account = alike(text(row, "account")).removeprefix("@")
        found.setdefault(text(row, "platform"), []).append((account, text(row, "role")))
    return {platform: rows for platform, rows in found.items() if platform and len(rows) > 1}


def contradict(one: tuple[str, str], two: tuple[str, str]) -> bool:
    """Whether two rows say different things of one account. A row without an account speaks of the whole platform."""
    (account, role), (other, part) = one, two
    return bool(role and part) and role != part and (account == other or not account or not other)


@rule(
    "stakeholders.platform-contradicts",
    "stop",
    "presence",
    why="Whether a platform serves your most important people is one decision: to be there and to leave cannot both be "
    "right (NHS Employers toolkit, 2016, stage three).",
)
def platform_contradicts(scope: Scope) -> Found:
    for platform, rows in parts(scope).items():
        if any(contradict(one, two) for one, two in combinations(rows, 2)):
            yield (
                (platform,),
                f"{scope.platform(platform)} stands in your platforms more than once, and the rows say different "
                "things. Keep the one that is right, or name the account that each is about.",
            )


@rule(
    "stakeholders.account-twice",
    "warn",
    "presence",
    why="Platforms are weighed against each other, and each counts once (NHS Employers toolkit, 2016, stage three).",
)
def account_twice(scope: Scope) -> Found:
    for platform, rows in parts(scope).items():
        pairs_of_rows = list(combinations(rows, 2))
        same = any(one[0] == two[0] for one, two in pairs_of_rows)
        if same and not any(contradict(one, two) for one, two in pairs_of_rows):
            yield (
                (platform,),
                f"{scope.platform(platform)} stands in your platforms more than once with the same account. Keep one "
                "row, or name the account that each is about.",
            )


@rule(
    "stakeholders.named-twice",
    "warn",
    "stakeholders",
    why="The five most important stakeholders are five different groups (NHS Employers toolkit, 2016, stage three).",
)
def stakeholder_twice(scope: Scope) -> Found:
    for ids, name in repeated(scope, STAKEHOLDERS):
        yield ids, f"{quoted(name)} stands in your stakeholders more than once. Keep one row, or say how they differ."


STAGE = Stage(
    key="stakeholders",
    title="Map your online stakeholders",
    short="stakeholders and platforms",
    questions=(
        Question(
            "stakeholders",
            "Who are your five most important stakeholders?",
            "Stakeholders",
            StakeholdersForm,
            minutes=8,
        ),
        Question(
            "presence",
            "Where are they online, and how do you know?",
            "Where they are",
            PresenceForm,
            minutes=8,
            computed=three_best,
            present=presence_blocks,
        ),
        Question(
            "platforms",
            "Which accounts will you keep, start or leave?",
            "Accounts",
            PlatformsForm,
            minutes=7,
        ),
    ),
    rules=(
        not_found_online,
        presence_unsourced,
        platform_without_stakeholder,
        top_platform_unused,
        too_many_platforms,
        platform_contradicts,
        account_twice,
        stakeholder_twice,
    ),
)
