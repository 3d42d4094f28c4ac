"""Where the answers of stage 5 do not fit together, or not the rest of the review (000, stage five)."""

from __future__ import annotations

from worksheets.fields import PlainRow, Scope, several, spoken_hours, text
from worksheets.words import capital
from worksheets.workbook import (
    Found,
    Silence,
    answered,
    every,
    ids,
    rows_named,
    rule,
    some,
    together,
    where_holds,
    while_holds,
)
from worksheets.workbooks.strategy.content.hours import making_hours, shared_hours
from worksheets.workbooks.strategy.resources.hours import KNOWN_HOURS, TOLERANCE, total
from worksheets.workbooks.strategy.stakeholders import chosen, known, users
from worksheets.workbooks.strategy.stakeholders.rules import (
    not_found_online,
    platform_without_stakeholder,
    platforms_named,
)
from worksheets.workbooks.strategy.tables import (
    AIMS,
    ITEMS,
    PLATFORMS,
    PRESENCE,
    PROPORTION,
    STAKEHOLDERS,
    STEPS,
    WEEKLY,
)


def in_format(scope: Scope, format: str) -> list[PlainRow]:
    """The planned items of one format."""
    return [item for item in scope.rows(ITEMS) if text(item, "format") == format]


@rule(
    "content.no-signoff-owner",
    "warn",
    "signoff",
    "steps.role",
    why="A process that nobody controls stops posts or lets all of them through (NHS Employers toolkit, 2016, stage "
    "five).",
    says="You need sign-off, and no step says who gives it. Add at least one role.",
)
def no_signoff_owner(scope: Scope) -> bool:
    needed = text(scope.answer("content", "signoff"), "needed") == "yes"
    return needed and not any(text(step, "role") for step in scope.rows(STEPS))


@rule(
    "content.live-needs-signoff",
    "warn",
    "signoff",
    "live",
    of=ITEMS,
    why="Nobody can sign off what happens as it happens: ask who controls sign-off, and where you need it at all "
    "(NHS Employers toolkit, 2016, stage five).",
    says=(
        "{them} is live, and your posts need sign-off. Say what is agreed before a live post.",
        "{them} are live, and your posts need sign-off. Say what is agreed before a live post.",
    ),
)
def live_needs_signoff(scope: Scope) -> Found:
    answer = scope.answer("content", "signoff")
    waits = text(answer, "needed") == "yes" and not text(answer, "live")
    return ids(in_format(scope, "live")) if waits else ()


@rule(
    "content.no-staff-policy",
    "warn",
    "publishers",
    "staff_policy",
    why="Colleagues who speak for you need to know what they may say (NHS Employers toolkit, 2016, stage five).",
    says="Colleagues publish, and there is no social media policy for staff. Start to draft one with HR.",
    drafts="staff-policy",
)
def no_staff_policy(scope: Scope) -> bool:
    answer = scope.answer("content", "publishers")
    return text(answer, "publishers") == "colleagues" and text(answer, "staff_policy") == "no"


@rule(
    "content.colleagues-unsupported",
    "note",
    "publishers",
    "colleagues_support",
    why="Staff get most out of it when they are encouraged (NHS Employers briefing 109, 2017).",
    says="Colleagues publish, and nothing says how you help them. Say what you offer: a talk, a group, somebody to "
    "ask.",
)
def colleagues_unsupported(scope: Scope) -> bool:
    answer = scope.answer("content", "publishers")
    return text(answer, "publishers") == "colleagues" and not text(answer, "colleagues_support")


def named(rows: list[PlainRow], field: str) -> set[str]:
    """Everything that the rows name in that field."""
    return {key for row in rows for key in several(row, field)}


@rule(
    "content.aim-without-content",
    "warn",
    "plan",
    "items.aims",
    of=AIMS,
    why="Content and the work of each week are there to serve the aims (NHS Employers toolkit, 2016, stage five).",
    needs=(some(WEEKLY), every(ITEMS, "aims")),
    says=(
        "Nothing in the plan, and no weekly task, serves the aim {them}. Add an item, or tick the aim at a task in "
        "{question:weekly}.",
        "Nothing in the plan, and no weekly task, serves the aims {any}. Add items, or tick the aims at a task in "
        "{question:weekly}.",
    ),
)
def aim_without_content(scope: Scope) -> Found:
    return set(scope.choices(AIMS)) - named(scope.rows(ITEMS), "aims") - named(scope.rows(WEEKLY), "aims")


@rule(
    "content.stakeholder-without-content",
    "warn",
    "plan",
    "items.stakeholders",
    of=STAKEHOLDERS,
    why="A stakeholder among your five most important ones is worth something to read (NHS Employers toolkit, 2016, "
    "stages three and five).",
    needs=(every(ITEMS, "stakeholders"),),
    says="Nothing you plan to publish is for {any}. Add an item, or say in {question:stakeholders} how else you reach "
    "them.",
)
def stakeholder_without_content(scope: Scope) -> Found:
    online = {text(row, "stakeholder") for row in scope.rows(PRESENCE) if text(row, "where") == "some"}
    only = {text(row, "id") for row in scope.rows(STAKEHOLDERS) if not text(row, "elsewhere")}
    return (online & only) - named(scope.rows(ITEMS), "stakeholders")


@rule(
    "content.platform-without-content",
    "warn",
    "plan",
    "items.platforms",
    of=platforms_named,
    why="An account that stays silent looks abandoned: post often and steadily (improvement briefing, about 2014).",
    needs=(every(ITEMS, "platforms"),),
    silent=(where_holds(platform_without_stakeholder),),
    says="You are active on {them}, and plan nothing there. Add an item, or change what you do there in "
    "{question:platforms}.",
)
def platform_without_content(scope: Scope) -> Found:
    return set(chosen(scope, "active")) - named(scope.rows(ITEMS), "platforms")


@rule(
    "content.platform-not-chosen",
    "warn",
    "plan",
    "items.platforms",
    of=platforms_named,
    why="Every further platform takes time from the ones you chose (improvement briefing, about 2014).",
    needs=(every(PLATFORMS, "role"),),
    says="You plan to publish on {them}, where you are not active. Take it out of the plan, or be active there in "
    "{question:platforms}.",
)
def platform_not_chosen(scope: Scope) -> Found:
    return named(scope.rows(ITEMS), "platforms") - set(chosen(scope, "active", "emergency"))


def for_nobody_online(scope: Scope, item: str, offline: frozenset[str]) -> bool:
    """Whether an item is only for people who are on none of the platforms: that is said where they are found."""
    people = next((several(row, "stakeholders") for row in scope.rows(ITEMS) if text(row, "id") == item), [])
    return offline.issuperset(people)


@rule(
    "content.audience-not-there",
    "warn",
    "plan",
    "items.platforms",
    of=ITEMS,
    why="Go where the people you want to reach already are (NHS Employers briefing 109, 2017).",
    silent=(Silence(not_found_online, for_nobody_online),),
    says=(
        "{them} is planned where none of the people it is for is. Choose a platform they use, or look again where they "
        "are in {question:presence}.",
        "{them} are planned where none of the people they are for is. Choose platforms they use, or look again where "
        "they are in {question:presence}.",
    ),
)
def audience_not_there(scope: Scope) -> Found:
    told, using = known(scope), users(scope)

    def missed(item: PlainRow) -> bool:
        people, platforms = set(several(item, "stakeholders")), several(item, "platforms")
        decided = bool(people and platforms) and people <= told
        return decided and not any(people & using.get(platform, set()) for platform in platforms)

    return ids(item for item in scope.rows(ITEMS) if missed(item))


@rule(
    "content.video-not-producible",
    "warn",
    "plan",
    "items.format",
    of=ITEMS,
    why="Video engages people most, but only if somebody can make it (NHS Employers toolkit, 2016, stage five).",
    says=(
        "{them} is planned as video, and you cannot produce video now. Choose another format, or say in "
        "{question:formats} who helps.",
        "{them} are planned as video, and you cannot produce video now. Choose another format, or say in "
        "{question:formats} who helps.",
    ),
)
def video_not_producible(scope: Scope) -> Found:
    cannot = text(scope.answer("content", "formats"), "video") == "not-now"
    return ids(in_format(scope, "video")) if cannot else ()


@rule(
    "content.video-without-captions",
    "warn",
    "formats",
    "access",
    of=ITEMS,
    why="Many people watch without sound, and public bodies must caption recorded video on their websites "
    "(accessibility regulations, 2018).",
    needs=(answered("content", "formats", "video"),),
    silent=(while_holds(video_not_producible),),
    says=(
        "{them} is planned as video, and captions are not ticked. Tick them, and plan the time they take.",
        "{them} are planned as video, and captions are not ticked. Tick them, and plan the time they take.",
    ),
)
def video_without_captions(scope: Scope) -> Found:
    captioned = "captions" in several(scope.answer("content", "formats"), "access")
    return () if captioned else ids(in_format(scope, "video"))


def set_aside(scope: Scope) -> str:
    """The hours a week for making content, in words."""
    hours = making_hours(scope)
    return spoken_hours(hours) if hours else "no time"


@rule(
    "content.over-hours",
    "warn",
    "plan",
    "items.hours",
    why="Content takes time: narrow the aim when the plan outgrows it (NHS Employers toolkit, 2016, stage five).",
    needs=(KNOWN_HOURS, every(WEEKLY, "kind"), every(ITEMS, "hours")),
    says=lambda scope, _: (
        f"The content plan takes {spoken_hours(total(scope, ITEMS) or 0)} a week. "
        f"{capital(scope.question('weekly'))} sets aside {set_aside(scope)} for finding, creating and publishing. "
        "Plan less, or set aside more."
    ),
)
def over_hours(scope: Scope) -> bool:
    return (total(scope, ITEMS) or 0) > making_hours(scope) + TOLERANCE


@rule(
    "content.not-warranted",
    "warn",
    "proportion",
    "proportion.warranted",
    of=STAKEHOLDERS,
    why="Much content for a few people leaves less for the many (NHS Employers toolkit, 2016, stage five).",
    says=lambda scope, subjects: (
        f"You say that the effort for {together(rows_named(STAKEHOLDERS)(scope), subjects)} is not worth it. "
        + (
            f"Plan less for them in {scope.question('plan')}, and answer this again."
            if named(scope.rows(ITEMS), "stakeholders") & set(subjects)
            else "Nothing is planned for them: answer this again, or find out what would be worth it."
        )
    ),
)
def not_warranted(scope: Scope) -> Found:
    return ids((row for row in scope.rows(PROPORTION) if text(row, "warranted") == "no"), "stakeholder")


@rule(
    "content.effort-upside-down",
    "note",
    "proportion",
    "proportion.because",
    of=STAKEHOLDERS,
    why="Who has much influence and takes much interest is worth most of the effort (NHS Employers toolkit, 2016, "
    "stages three and five).",
    needs=(every(ITEMS, "hours", "stakeholders"), every(STAKEHOLDERS, "influence", "interest")),
    says=(
        "More hours go to {them}, who have little influence and interest, than to anybody who has much of both. Plan "
        "less for them in {question:plan}, or more for the others.",
        "More hours go to each of {them}, who have little influence and interest, than to anybody who has much of "
        "both. Plan less for them in {question:plan}, or more for the others.",
    ),
)
def effort_upside_down(scope: Scope) -> Found:
    hours, people = shared_hours(scope) or {}, scope.rows(STAKEHOLDERS)

    def those(degree: str) -> list[str]:
        return [text(row, "id") for row in people if text(row, "influence") == text(row, "interest") == degree]

    most = max((hours.get(who, 0) for who in those("high")), default=None)
    return () if most is None else [who for who in those("low") if hours.get(who, 0) > most + TOLERANCE]


ALL = (
    no_signoff_owner,
    live_needs_signoff,
    no_staff_policy,
    colleagues_unsupported,
    aim_without_content,
    stakeholder_without_content,
    platform_without_content,
    platform_not_chosen,
    audience_not_there,
    video_not_producible,
    video_without_captions,
    over_hours,
    not_warranted,
    effort_upside_down,
)
