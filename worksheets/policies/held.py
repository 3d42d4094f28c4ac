"""Policies held against the review, the facts and the day: what does not fit together, as pure functions of plain data.

As with the points of a review, unknown is never no: a rule says nothing while what it needs is missing. One gap is one
point: where the version in force and the one after it say the same, the one in force is spoken of.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from worksheets.cleaning import alike
from worksheets.dates import months_after
from worksheets.fields import Scope, spoken_date, spoken_hours, text
from worksheets.policies import facts
from worksheets.policies.facts import HOLES, Facts
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.reviewed import STAFF_POLICY, Reviewed
from worksheets.presentation import LEVELS, Level
from worksheets.words import capital, counted, listed, shortened, spelled

State = Literal["draft", "sent", "issued"]
# How a version is spoken of in its state.
STATES: dict[State, str] = {"draft": "a draft", "sent": "sent for approval", "issued": "in force"}
# From the least to the most: when somebody watches, as the facts and the review both have it, and how it is said.
WATCHED = {
    "nobody": "nobody watches your accounts yet",
    "office-hours": "somebody watches your accounts in office hours only",
    "extended": "somebody watches your accounts longer than office hours, and not always",
    "always": "somebody watches your accounts at all times",
}
HOURS = [*WATCHED]
# The point that is mended on a page of its own.
EXERCISE = "exercise"
# After how many months a crisis plan should be exercised again, and how many before its review a document says so.
EXERCISED_MONTHS = 12
SOON_MONTHS = 1
# What a review says that does not know of the policy for staff yet.
OUTDATED = {"no": "you have no staff policy", "drafting": "your staff policy is being drafted"}
# How much is quoted of what somebody wrote.
QUOTED = 60

ANSWERED = "People whose questions get no answer soon leave (Smart guide to engagement, about 2012)."
SIGNED_OFF = "A process that nobody controls stops posts or lets all of them through (NHS Employers toolkit, 2016)."
OWNED = "A policy that nobody looks after grows old unseen. This is the method's own judgement."
ALL_ACCOUNTS = "Know all your accounts (NHS Employers briefing 109, 2017)."


@dataclass(frozen=True, slots=True)
class PolicyPoint:
    """Something about a policy that does not fit. `advice` says in one sentence what to do.

    `document` is its key, and `version` the one that the point is about, 0 where there is none. Whoever follows it goes
    to the version `goes_to`, to the page of the document where that is 0, or to `question` of the facts or the review
    where one is named. `way` are the words of that link, and `href` is where it leads, once somebody who knows
    addresses has put that in.
    """

    id: str
    level: Level
    document: str
    version: int
    message: str
    why: str
    advice: str
    goes_to: int = 0
    question: str = ""
    way: str = ""
    href: str = ""

    @property
    def element(self) -> str:
        """The id of this point on a page."""
        return f"point-{self.document}-{self.version}-{self.id}"


@dataclass(frozen=True)
class Version:
    """A version of a document that is in force or under way, as far as the rules read it.

    `owner` is a name, "" for none, and `stays` whether that is a member: None where nobody can know, as they have no
    account. `clauses` are the keys of those that it keeps, and `holes` the names of the facts that they promise with.
    `facts` are those that fill it: as they were when it was issued, or as they are now.
    """

    document: str
    number: int
    state: State
    owner: str = ""
    stays: bool | None = None
    next_review: datetime.date | None = None
    exercised_on: datetime.date | None = None
    issued_on: datetime.date | None = None
    clauses: frozenset[str] = frozenset()
    holes: frozenset[str] = frozenset()
    facts: Scope | None = None

    @property
    def in_force(self) -> bool:
        return self.state == "issued"

    @property
    def title(self) -> str:
        return f"“{DOCUMENTS[self.document].title}”"

    @property
    def called(self) -> str:
        """How a sentence begins that is about it."""
        return f"{self.title}, version {self.number} ({STATES[self.state]}),"


@dataclass(frozen=True)
class House:
    """All that the rules read of an organisation: its versions, the facts as they are now, the reviews, the day.

    `review` is the one that counts: signed off last, or else the newest; `current` is the newest one whose answers may
    still be changed. None is where there is no such run.
    """

    today: datetime.date
    versions: tuple[Version, ...] = ()
    facts: Scope | None = None
    review: Reviewed | None = None
    current: Reviewed | None = None

    def under_way(self, document: str) -> Version | None:
        """The version of a document that somebody works on or has sent for approval."""
        return next((one for one in self.versions if one.document == document and not one.in_force), None)

    def in_force(self, document: str) -> Version | None:
        return next((one for one in self.versions if one.document == document and one.in_force), None)


Rule = Callable[[House, Version], Iterator[PolicyPoint]]


def points(house: House) -> tuple[PolicyPoint, ...]:
    """What there is to say of all versions, what to do first on top; each gap once."""
    found = every_point(house)
    in_force = {(one.document, one.number) for one in house.versions if one.in_force}
    said = {(point.document, point.id) for point in found if (point.document, point.version) in in_force}
    return tuple(
        point
        for point in found
        if (point.document, point.version) in in_force or (point.document, point.id) not in said
    )


def every_point(house: House) -> tuple[PolicyPoint, ...]:
    """The same, with what both the version in force and the one after it say said of each."""
    found = [point for version in house.versions for rule in RULES for point in rule(house, version)]
    found += [*no_staff_policy(house), *answer_outdated(house)]
    levels, documents = [*LEVELS], [*DOCUMENTS]
    return tuple(sorted(found, key=lambda one: (levels.index(one.level), documents.index(one.document))))


def of_version(found: Iterable[PolicyPoint], document: str, number: int) -> tuple[PolicyPoint, ...]:
    """Those of one version."""
    return tuple(one for one in found if (one.document, one.version) == (document, number))


# --- What a document promises, and what the review says --------------------------------------------------------------


def unwatched_hours(house: House, version: Version) -> Iterator[PolicyPoint]:
    """The house rules promise hours in which, as the review says, nobody watches."""
    if not promises(version, "house-rules", "hours_watched") or version.facts is None or house.review is None:
        return
    promised, kept = facts.watched(version.facts), house.review.watched
    if promised in HOURS and kept in HOURS and HOURS.index(promised) > HOURS.index(kept):
        yield told(
            version,
            "hours",
            "stop" if kept == "nobody" else "warn",
            f"{version.called} tells the public that somebody reads what they write "
            f"{facts.hours_watched(version.facts)}. {capital(house.review.name)} says that {WATCHED[kept]}.",
            ANSWERED,
            *remedy(house, version, "say the hours that you keep", "watching"),
        )


def late_replies(house: House, version: Version) -> Iterator[PolicyPoint]:
    """The house rules promise an answer sooner than the review does."""
    if not promises(version, "house-rules", "reply_time") or version.facts is None or house.review is None:
        return
    promised, kept = facts.reply_hours(version.facts), house.review.reply_within
    if promised and kept and promised < kept:
        yield told(
            version,
            "reply",
            "warn",
            f"{version.called} promises an answer {facts.reply_time(version.facts)}. {capital(house.review.name)} says "
            f"that people get one within {spoken_hours(kept)}.",
            ANSWERED,
            *remedy(house, version, "promise the time that you keep", "watching"),
        )


def sign_off_differs(house: House, version: Version) -> Iterator[PolicyPoint]:
    """The sign-off document keeps steps that the review does not need, or says that there are none where it does."""
    review = house.review
    if version.document != "sign-off" or review is None or review.needs_sign_off is None:
        return
    needs = review.needs_sign_off
    if ("none" if needs else "steps") not in version.clauses:
        return
    says = "that posts need no sign-off" if needs else "who signs off posts, step by step"
    yield told(
        version,
        "needed",
        "warn",
        f"{version.called} says {says}. {capital(review.name)} says that posts need "
        f"{'sign-off' if needs else 'no sign-off'}.",
        SIGNED_OFF,
        *rewritten(house, version, f"Say {'who signs off' if needs else 'that nobody has to sign off, and why'}"),
    )


def steps_differ(house: House, version: Version) -> Iterator[PolicyPoint]:
    """Both have steps of sign-off, and they name other roles."""
    review = house.review
    if not promises(version, "sign-off", "signoff_steps") or version.facts is None or review is None:
        return
    if review.needs_sign_off is not True or facts.signs_off(version.facts) is not True:
        return
    ours = [text(row, "role") for row in version.facts.rows(facts.STEPS) if text(row, "role")]
    if not ours or not review.steps:
        return
    more, less = only(ours, review.steps), only(review.steps, ours)
    if more or less:
        sides = (("only the document has", more), ("only the review has", less))
        differ = " and ".join(f"{side} {quoted(roles)}" for side, roles in sides if roles)
        yield told(
            version,
            "steps",
            "warn",
            f"{version.called} and {review.name} do not name the same roles for sign-off: {differ}.",
            SIGNED_OFF,
            *remedy(house, version, "name the roles that sign off", "clearance"),
        )


def nights_differ(house: House, version: Version) -> Iterator[PolicyPoint]:
    """Both say what happens at night, in other words."""
    review = house.review
    if not promises(version, "sign-off", "signoff_nights") or version.facts is None or review is None:
        return
    ours = text(version.facts.answer(facts.STAGE, "clearance"), "out_of_hours")
    if ours and review.nights and alike(ours) != alike(review.nights):
        yield told(
            version,
            "nights",
            "note",
            f"{version.called} says of sign-off at night and at weekends {quoted([ours])}. "
            f"{capital(review.name)} says {quoted([review.nights])}.",
            "Plan for the hours when accounts become busy and the office is empty (NHS Employers toolkit, 2016).",
            *remedy(house, version, "say which of the two holds", "clearance"),
        )


def accounts_missing(house: House, version: Version) -> Iterator[PolicyPoint]:
    """The review has an account in use on a platform that the document does not name."""
    named = platforms_named(version)
    missing = [name for key, name in house.review.platforms.items() if key not in named] if house.review else []
    if named and missing and house.review:
        yield told(
            version,
            "accounts-missing",
            "warn",
            f"{version.called} names no account on {listed(missing)}. {capital(house.review.name)} has one there.",
            ALL_ACCOUNTS,
            *remedy(house, version, "add the account", "holdings"),
        )


def accounts_over(house: House, version: Version) -> Iterator[PolicyPoint]:
    """The document names an account on a platform where the review has none in use."""
    review = house.review
    if review is None or not review.all_known or version.facts is None:
        return
    over = [version.facts.platform(key) for key in platforms_named(version) if key not in review.platforms]
    if over:
        yield told(
            version,
            "accounts-over",
            "note",
            f"{version.called} names an account on {listed(over)}. {capital(review.name)} has none in use there.",
            ALL_ACCOUNTS,
            *remedy(house, version, "take out what you closed", "holdings"),
        )


def facts_changed(house: House, version: Version) -> Iterator[PolicyPoint]:
    """What a document in force was filled with is no longer so. Silent for the hours and the reply time while they
    contradict the review: that is nearer to the cause."""
    if not version.in_force or version.facts is None or house.facts is None or version.issued_on is None:
        return
    then, now = Facts.of(version.facts).known, Facts.of(house.facts).known
    nearer = {"hours_watched": unwatched_hours, "reply_time": late_replies}
    changed = [
        HOLES[hole]
        for hole in HOLES
        if hole in version.holes and then.get(hole) and now.get(hole) and then[hole] != now[hole]
        if hole not in nearer or not [*nearer[hole](house, version)]
    ]
    if changed:
        yield told(
            version,
            "facts",
            "warn",
            f"Since {version.title}, version {version.number}, was issued on {spoken_date(version.issued_on)}, "
            f"{spelled(len(changed), 'fact')} in it {'has' if len(changed) == 1 else 'have'} changed: "
            f"{listed(changed)}.",
            "People rely on what an approved document tells them. This is the method's own judgement.",
            *rewritten(house, version, "Say what is so now"),
        )


# --- Who looks after a document, and when ----------------------------------------------------------------------------


def owner_left(house: House, version: Version) -> Iterator[PolicyPoint]:
    """Its owner is no member any more, or one that is in force has none."""
    if version.owner and version.stays is False:
        message = f"{version.owner} owns {version.title}, version {version.number}, and is no longer a member here."
    elif not version.owner and version.in_force:
        message = f"{version.called} has no owner."
    else:
        return
    yield told(version, "owner", "warn", message, OWNED, *rewritten(house, version, "Name somebody who looks after it"))


def review_due(house: House, version: Version) -> Iterator[PolicyPoint]:
    """It should have been looked at again, or is to be within a month."""
    due, today = version.next_review, house.today
    if not version.in_force or due is None or due > months_after(today, SOON_MONTHS):
        return
    late = due < today
    days = (today - due).days
    yield told(
        version,
        "due",
        "warn" if late else "note",
        f"{version.called} was due for review on {spoken_date(due)}, {counted(days, 'day')} ago."
        if late
        else f"{version.called} is due for review on {spoken_date(due)}.",
        "An approved document that is out of date misleads whoever keeps to it. This is the method's own judgement.",
        *rewritten(house, version, "Read it again, and put right what has changed"),
    )


def not_exercised(house: House, version: Version) -> Iterator[PolicyPoint]:
    """A plan in force was not exercised for a year; one that never was says so at once."""
    if not DOCUMENTS[version.document].exercised or not version.in_force:
        return
    last, since = version.exercised_on, version.exercised_on or version.issued_on
    late = since is not None and months_after(since, EXERCISED_MONTHS) < house.today
    if last and not late:
        return
    last_time = f"was last exercised on {spoken_date(last)}, more than a year ago" if last else "was never exercised"
    yield told(
        version,
        EXERCISE,
        "warn" if late else "note",
        f"{version.called} {last_time}.",
        "A plan that nobody has tried fails in its first hour. This is the method's own judgement.",
        "Try out the first hour with the people whom it names, and enter the date on its page.",
        version.number,
        way="Enter when you tried it out",
    )


def no_staff_policy(house: House) -> Iterator[PolicyPoint]:
    """Colleagues publish, and no policy for staff is in force, here or, as the review says, anywhere."""
    review, document = house.review, "staff-policy"
    if review is None or review.publishers != "colleagues" or review.staff_policy not in ("no", ""):
        return
    if house.in_force(document):
        return
    begun = house.under_way(document)
    yield PolicyPoint(
        "staff-policy",
        "note" if begun else "warn",
        document,
        begun.number if begun else 0,
        f"{capital(review.name)} says that colleagues publish, and no social media policy for staff is in force.",
        "Colleagues who speak for you need to know what they may say (NHS Employers toolkit, 2016).",
        f"Version {begun.number} is {STATES[begun.state]}: go on with it."
        if begun
        else "Start one, and read it with your people team and staff side.",
        goes_to=begun.number if begun else 0,
        way="Go on with the staff policy" if begun else "Start a staff policy",
    )


def answer_outdated(house: House) -> Iterator[PolicyPoint]:
    """A policy for staff is in force, and a review that is still open says that there is none."""
    version, review = house.in_force("staff-policy"), house.current
    if version is None or review is None or review.staff_policy not in OUTDATED:
        return
    yield told(
        version,
        "answer",
        "note",
        f"{version.called} is there, and {review.name} says that {OUTDATED[review.staff_policy]}.",
        "A review is held against what it says: an answer that is out of date makes points that are none. This is the "
        "method's own judgement.",
        "Change that answer.",
        question=STAFF_POLICY[1],
        way="Change that answer",
    )


RULES: tuple[Rule, ...] = (
    unwatched_hours,
    late_replies,
    sign_off_differs,
    steps_differ,
    nights_differ,
    accounts_missing,
    accounts_over,
    facts_changed,
    owner_left,
    review_due,
    not_exercised,
)


# --- What the rules share --------------------------------------------------------------------------------------------


class Remedy(NamedTuple):
    """What to do and where, as a `PolicyPoint` has it."""

    advice: str
    goes_to: int = 0
    question: str = ""
    way: str = ""


def told(
    version: Version,
    id: str,
    level: Level,
    message: str,
    why: str,
    advice: str,
    goes_to: int = 0,
    question: str = "",
    way: str = "",
) -> PolicyPoint:
    """A point about a version."""
    return PolicyPoint(id, level, version.document, version.number, message, why, advice, goes_to, question, way)


def remedy(house: House, version: Version, what: str, question: str) -> Remedy:
    """What is mended in a question of the facts, which fill every version until it is issued."""
    mend = ", or mend the review if that is what is wrong" if house.review and house.review.open else ""
    if not version.in_force:
        return Remedy(f"In the facts, {what}{mend}.", question=question, way="Change the facts")
    if following := house.under_way(version.document):
        return gone_on(following, f"{capital(what)}{mend}")
    return Remedy(f"In the facts, {what}, and start the next version{mend}.", way="Start the next version")


def rewritten(house: House, version: Version, what: str) -> Remedy:
    """What is mended in the document: in a version that is under way, or in the next one."""
    if not version.in_force:
        return Remedy(f"{what} in this version.", version.number, way=f"Go on with version {version.number}")
    if following := house.under_way(version.document):
        return gone_on(following, what)
    return Remedy(f"{what}: start the next version.", way="Start the next version")


def gone_on(following: Version, what: str) -> Remedy:
    """What is mended in the version that somebody works on."""
    number = following.number
    return Remedy(f"{what}: version {number} is {STATES[following.state]}.", number, way=f"Go on with version {number}")


def only(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Those of ours that look like none of theirs."""
    known = {alike(one) for one in theirs}
    return [one for one in ours if alike(one) not in known]


def quoted(words: Iterable[str]) -> str:
    """What somebody wrote, in quotation marks, shortened."""
    return listed(f"“{shortened(' '.join(one.split()).rstrip('.'), QUOTED)}”" for one in words)


def promises(version: Version, document: str, hole: str) -> bool:
    """Whether a version is of this document and has this fact in words that it keeps."""
    return version.document == document and hole in version.holes


def platforms_named(version: Version) -> list[str]:
    """The platforms by key on which the document of accounts names one; none while that is not known."""
    if not promises(version, "accounts", "accounts") or version.facts is None:
        return []
    named = (text(row, "platform") for row in version.facts.rows(facts.ACCOUNTS))
    return [*dict.fromkeys(filter(None, named))]
