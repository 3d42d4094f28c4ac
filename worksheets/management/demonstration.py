"""The sample data of `make demo`: people, three organisations, two reviews and one of everything else, whose dates lie
near today; `story` says what happened to them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from worksheets import interchange, saving
from worksheets.cycles import season, start_cycle
from worksheets.dates import months_after
from worksheets.management import story
from worksheets.models import Cycle, Group, GroupMember, Membership, Organisation, Revision, Role, User, Worksheet

SAMPLES = Path(__file__).parent.parent / "samples"
PASSWORD = "six worksheets, many questions"  # noqa: S105 - printed on purpose; never made in production
SAMPLE = "nhs-anywhere.json"
ANYWHERE, ELSEWHERE = ("NHS Anywhere Foundation Trust", "nhs-anywhere"), ("NHS Elsewhere", "nhs-elsewhere")
PRACTICES = ("Anywhere PCN", "anywhere-pcn")
GROUP = ("Anywhere Integrated Care Board", "anywhere-icb")
# What the organisations show to each other in their group.
SHOWN = (
    (ANYWHERE, GroupMember.Shows.NAMED),
    (ELSEWHERE, GroupMember.Shows.NOTHING),
    (PRACTICES, GroupMember.Shows.NAMED),
)
# Who they are, and their place: the organisation and the role in it.
PEOPLE = (
    ("lead@example.org", "Lena Lead", ANYWHERE, Role.LEAD),
    ("contributor@example.org", "Colin Contributor", ANYWHERE, Role.CONTRIBUTOR),
    ("manager@example.org", "Mary Manager", ANYWHERE, Role.MANAGER),
    ("admin@example.org", "Ada Admin", None, None),
    ("outsider@example.org", "Olu Outsider", ELSEWHERE, Role.LEAD),
    ("practice@example.org", "Priya Practice", PRACTICES, Role.LEAD),
)
STRATEGY = {"strategy_title": "Trust strategy 2025 to 2030", "strategy_link": "https://example.org/strategy"}
ISO = re.compile(r"\b([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
MONTHS = [datetime.date(2000, month, 1).strftime("%B") for month in range(1, 13)]
SPOKEN = re.compile(rf"(?:\b([0-9]{{1,2}}) )?\b({'|'.join(MONTHS)}) ([0-9]{{4}})\b")


@transaction.atomic
def make(today: datetime.date | None = None) -> None:
    """Make what is not there yet. Reviews that are there stay as people left them; passwords are set back."""
    today = today or timezone.localdate()
    for user, place, role in people():
        if place and role:
            organisation, _ = Organisation.objects.get_or_create(slug=place[1], defaults={"name": place[0]})
            Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    group, _ = Group.objects.get_or_create(slug=GROUP[1], defaults={"name": GROUP[0]})
    for place, shows in SHOWN:
        member = Organisation.objects.get(slug=place[1])
        group.places.get_or_create(organisation=member, defaults={"shows": shows})
    organisation = Organisation.objects.get(slug=ANYWHERE[1])
    if organisation.cycles.exists():
        return
    # Reviews run from April and from October: the current one began on the last of these days.
    began = datetime.date(today.year, 10 if today.month >= 10 else 4, 1)
    if today.month < 4:
        began = datetime.date(today.year - 1, 10, 1)
    lead, contributor, manager = (User.objects.get(email=email) for email, *_ in PEOPLE[:3])
    last = review(organisation, months_after(began, -6), (lead, contributor), today)
    story.sign_off(last, lead, manager)
    story.follow_up(last, contributor)
    current = story.go_on(last, began, today, (lead, contributor))
    story.to_do(current, today, (lead, contributor), manager)
    others(organisation, today, (lead, contributor), manager)
    # They have worked here, so they have come: their names are told.
    User.objects.filter(email__in=[email for email, *_ in PEOPLE], last_login=None).update(last_login=timezone.now())


def people() -> list[tuple[User, tuple[str, str] | None, Role | None]]:
    """The people of the demo with their places. All share one password, so that one check tells that it is theirs."""
    known = {user.email: user for user in User.objects.filter(email__in=[email for email, *_ in PEOPLE])}
    hashes = {user.password for user in known.values()}
    same = len(known) == len(PEOPLE) and len(hashes) == 1 and check_password(PASSWORD, min(hashes))
    password = "" if same else make_password(PASSWORD)
    people = []
    for email, name, place, role in PEOPLE:
        user = known.get(email) or User(email=email, name=name)
        if not same:
            user.password, user.is_active = password, True
            user.is_staff = user.is_superuser = place is None
            user.save()
        people.append((user, place, role))
    return people


def others(organisation: Organisation, today: datetime.date, people: tuple[User, User], manager: User) -> None:
    """One of every other workbook: a channel choice and the facts for policies that are complete, an engagement plan
    that was signed off and told back, a leader's own reflection that is shared, and the quick checks of a network of
    practices. The facts fill two policies."""
    story.complete(sample("channel-choice.json", organisation, today, people), people[0])
    facts = sample("policy-facts.json", organisation, today, people)
    story.complete(facts, people[0])
    story.house_rules(facts, people[0], manager)
    story.staff_policy(organisation, people)
    story.close(*told_back("engagement-plan.json", organisation, today, people), people[0], manager)
    story.share(sample("leader-reflection.json", organisation, today, (manager, manager)), manager)
    practices = Organisation.objects.get(slug=PRACTICES[1])
    lead = User.objects.get(email=PEOPLE[-1][0])
    for ago in (3, 0):
        check = sample("quick-check.json", practices, months_after(today, -ago), (lead, lead), earlier=ago > 0)
        story.complete(check, lead)


def told_back(
    name: str, organisation: Organisation, today: datetime.date, people: tuple[User, User]
) -> tuple[Cycle, Callable[[], None]]:
    """A filled sample that is over by today, answered but for what is asked afterwards; and what answers that too."""
    cycle = sample(name, organisation, months_after(today, -5), people)
    incoming = shipped(name, months_between(name, cycle.starts))

    def answer() -> None:
        at = timezone.make_aware(datetime.datetime.combine(cycle.ends, datetime.time(10, 20)))
        for stage in incoming.workbook.stages:
            if stage.afterwards:
                sheet = cycle.worksheets.select_related("cycle").get(stage=stage.key)
                write(sheet, incoming.answers.get(stage.key, {}), people, at)

    return cycle, answer


def sample(
    name: str, organisation: Organisation, today: datetime.date, people: tuple[User, User], *, earlier: bool = False
) -> Cycle:
    """A filled sample that began this month, or in the last where its day is still to come: answered, not complete.

    One that came `earlier` is answered as it was before anything of it was mended.
    """
    incoming = shipped(name, months_between(name, today))
    answers = story.before(incoming.answers) if earlier else incoming.answers
    starts, ends = incoming.starts, incoming.ends
    cycle = start_cycle(organisation, incoming.workbook, incoming.name, starts, ends, people[0])
    at = timezone.make_aware(datetime.datetime.combine(starts, datetime.time(9, 40)))
    for stage in incoming.workbook.before_decision:
        write(cycle.worksheets.select_related("cycle").get(stage=stage.key), answers.get(stage.key, {}), people, at)
    return cycle


def months_between(name: str, today: datetime.date) -> int:
    """How many months a sample moves so that it began in the month that ends today."""
    written = first_day(name)
    months = (today.year - written.year) * 12 + today.month - written.month
    return months - (months_after(written, months) > today)


def first_day(name: str) -> datetime.date:
    """The first day of a sample, as it is written in its file."""
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return datetime.date.fromisoformat(json.loads(text)["cycle"]["starts"])


def shipped(name: str, months: int) -> interchange.Incoming:
    """A sample with all its dates `months` later."""
    return interchange.read(moved((SAMPLES / name).read_text(encoding="utf-8"), months).encode())


def moved(text: str, months: int) -> str:
    """The text of a sample with every date in it, ISO or in words, `months` later."""

    def iso(match: re.Match[str]) -> str:
        return months_after(datetime.date.fromisoformat(match[1]), months).isoformat()

    def spoken(match: re.Match[str]) -> str:
        day = months_after(datetime.date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1] or 1)), months)
        return f"{day.day} {day:%B %Y}" if match[1] else f"{day:%B %Y}"

    return SPOKEN.sub(spoken, ISO.sub(iso, text))


def review(organisation: Organisation, starts: datetime.date, people: tuple[User, User], today: datetime.date) -> Cycle:
    """The sample review as it was half a year ago, from `starts` on, answered by two people and complete.

    Its accounts were watched in office hours only, which is a point that somebody has to answer.
    """
    written = first_day(SAMPLE)
    incoming = shipped(SAMPLE, (starts.year - written.year) * 12 + starts.month - written.month)
    incoming.answers["resources"]["weekly"]["watched"] = "office-hours"
    ends = months_after(starts, 6) - datetime.timedelta(days=1)
    cycle = start_cycle(organisation, incoming.workbook, season(starts), starts, ends, people[0], **STRATEGY)
    for number, (stage, answers) in enumerate(incoming.answers.items()):
        # A worksheet every third day from the second day on, in the afternoon, but never in the future.
        day = min(starts + datetime.timedelta(days=1 + 3 * number), today - datetime.timedelta(days=1))
        at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(14, 5)))
        fill(cycle.worksheets.select_related("cycle").get(stage=stage), answers, people, at)
    return cycle


def fill(
    worksheet: Worksheet,
    answers: Mapping[str, dict[str, Any]],
    authors: tuple[User, User],
    at: datetime.datetime,
) -> None:
    """Answer a worksheet question by question, in turns and minutes apart; the first author completes it."""
    at = write(worksheet, answers, authors, at)
    saving.complete(worksheet, authors[0])
    Worksheet.objects.filter(pk=worksheet.pk).update(completed_at=at + datetime.timedelta(minutes=4))


def write(
    worksheet: Worksheet,
    answers: Mapping[str, dict[str, Any]],
    authors: tuple[User, User],
    at: datetime.datetime,
) -> datetime.datetime:
    """Answer a worksheet question by question, in turns and minutes apart. The moment of the last save comes back."""
    who = authors[0]
    for number, (question, answer) in enumerate(answers.items()):
        who = authors[number % 2]
        saving.save_answer(worksheet, question, answer, user=who)
        at += datetime.timedelta(minutes=9)
        Revision.objects.filter(worksheet=worksheet, version=worksheet.version).update(saved_at=at)
    Worksheet.objects.filter(pk=worksheet.pk).update(updated_at=at, updated_by=who)
    return at
