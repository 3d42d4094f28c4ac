"""The mail that reminds somebody: one for all organisations, with counts, dates and links, and nobody's words."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django.conf import settings

from worksheets.fields import spoken_date
from worksheets.models import Organisation, User
from worksheets.post import Mail, link, unlinked
from worksheets.reminders.due import Due
from worksheets.words import counted

# The kinds in the order in which a mail tells of them.
KINDS = ("sign-off", "approval", "action", "answer", "next", "policy", "comment")
TASKS = {"action": ("action", ""), "answer": ("answer", " you were asked for")}


def mail_to(person: User, told: Mapping[Organisation, Sequence[Due]], today: datetime.date, name: str) -> Mail:
    """What somebody is told in all their organisations. `name` is the same when the same is sent again."""
    sections = [
        {
            "organisation": unlinked(organisation.name),
            "lines": lines_of(dues, today),
            "mails": link("mails", organisation.slug),
        }
        for organisation, dues in told.items()
    ]
    # Two comments in one thread are one thing to look at.
    things = {due.place if due.kind == "comment" else due.subject for dues in told.values() for due in dues}
    where = sections[0]["organisation"] if len(sections) == 1 else f"{len(sections)} organisations"
    subject = f"{counted(len(things), 'thing')} for you: {where}"
    return Mail(person.email, subject, "reminders/reminders.txt", {"sections": sections}, name)


def name_of(person: User, whats: Iterable[tuple[int, str]]) -> str:
    """A name for the mail that tells somebody of these reminders, each with the key of its organisation."""
    told = "|".join(f"{organisation} {what}" for organisation, what in sorted(whats))
    return f"reminders-{hashlib.sha256(f'{person.pk}|{told}'.encode()).hexdigest()[:40]}"


def lines_of(dues: Iterable[Due], today: datetime.date) -> list[tuple[str, list[str]]]:
    """What is said in one organisation: sentences, each with the addresses of where to go on. What is alike is counted
    in one sentence, and what has two reminders is told once."""
    once = {due.subject: due for due in dues}.values()
    ordered = sorted(once, key=lambda due: _like(due, today))
    lines = []
    for _, alike in groupby(ordered, key=lambda due: _like(due, today)):
        group = list(alike)
        places = dict.fromkeys(f"{settings.SITE_URL}{due.place}" for due in group)
        lines.append((sentence(group, today), list(places)))
    return lines


def _like(due: Due, today: datetime.date) -> tuple[int, str, str]:
    """What the things have in common that are counted in one sentence, in the order of the sentences."""
    waits = due.kind in ("sign-off", "approval", "comment")
    day = "" if waits or (due.kind in TASKS and due.day < today) else due.day.isoformat()
    return KINDS.index(due.kind), day, due.noun


def sentence(dues: list[Due], today: datetime.date) -> str:
    """What is said of things that are alike."""
    kind, number, noun = dues[0].kind, len(dues), dues[0].noun
    first = min(due.day for due in dues)
    on = spoken_date(first)
    match kind:
        case "sign-off" | "approval":
            return f"{counted(number, noun)} {'waits' if number == 1 else 'wait'} for your {kind}"
        case "comment":
            return f"There is something new in the comments: {noun}"
        case "next":
            return f"The next {noun} {'is' if first >= today else 'was'} due on {on}"
        case "policy":
            return f"{_are(number, 'policy')} due to be reviewed by {on}"
    one, asked = TASKS[kind]
    if first < today:
        return f"{_are(number, one, asked)} overdue, {'' if number == 1 else 'the first '}since {on}"
    return f"{_are(number, one, asked)} due {soon(first, today)} ({on})"


def _are(number: int, noun: str, more: str = "") -> str:
    """A count with its noun and verb: "1 action is", "2 answers you were asked for are"."""
    return f"{counted(number, noun)}{more} {'is' if number == 1 else 'are'}"


def soon(day: datetime.date, today: datetime.date) -> str:
    """How far off a day is: "today", "tomorrow", "in 3 days"."""
    left = (day - today).days
    return "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
