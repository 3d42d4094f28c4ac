"""How a review cycle begins: the dates and name that are proposed for it, and the rows that are made for it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from worksheets import limits
from worksheets.cleaning import alike
from worksheets.dates import months_after
from worksheets.languages import OURS
from worksheets.models import Cycle, Organisation, User, Worksheet
from worksheets.saving import Overtaken, touch
from worksheets.workbook import Workbook

SEASONS = ("Winter", "Spring", "Summer", "Autumn")
# How long a cycle is proposed to run that has no rhythm, in months.
WITHOUT_RHYTHM = 6
# What leads may change of a review while it is open.
DETAILS = ("name", "starts", "ends", "strategy_title", "strategy_link", "language")
# What the chance end of a short name is made of: letters that nobody mistakes, and no words.
ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
# Addresses that stand where a review's short name stands.
TAKEN = {"new"}


class NameTaken(Exception):
    """Another review of the organisation has this name, or one that looks the same."""


@dataclass(frozen=True)
class Proposal:
    """What a new review may be called and when it may run; the team can change all of it."""

    name: str
    starts: datetime.date
    ends: datetime.date


def season(day: datetime.date) -> str:
    """The season and year a review that starts on that day is called by, like "Autumn 2026"."""
    return f"{SEASONS[day.month % 12 // 3]} {day.year}"


def name_for(workbook: Workbook, starts: datetime.date) -> str:
    """What a run of a workbook that starts on that day is proposed to be called; "" where only the team can know."""
    return workbook.naming.format(season=season(starts), month=f"{starts:%B %Y}")


class Named(Protocol):
    """A review, or what is known of it, as far as its name goes."""

    @property
    def name(self) -> str: ...
    @property
    def starts(self) -> datetime.date: ...
    @property
    def language(self) -> str: ...


def called(cycle: Named) -> SafeString:
    """The name of a review as markup that says its language: its team's, or ours for a name that we proposed."""
    proposed = (season(cycle.starts), f"{cycle.starts:%B %Y}")
    if cycle.language == OURS or any(words in cycle.name for words in proposed):
        return format_html("<bdi>{}</bdi>", cycle.name)
    return format_html('<bdi lang="{}">{}</bdi>', cycle.language, cycle.name)


def propose(cycles: QuerySet[Cycle], workbook: Workbook, today: datetime.date | None = None) -> Proposal:
    """The next of these `cycles` of one workbook: today for the first, else the day it is due (`due_after`).

    When such a review would be over by now, the series starts anew today. So does what has no rhythm, and what is only
    completed: a check is of the day on which somebody does it. Archived reviews do not count.
    """
    today = today or timezone.localdate()
    began = cycles.filter(archived_at=None).aggregate(first=Min("starts"), last=Max("starts"))
    every = workbook.every or WITHOUT_RHYTHM
    follows = workbook.every and workbook.decided and began["last"]
    anchor, months = _counted(began["first"], began["last"], every) if follows else (today, 0)
    starts, ends = _run(anchor, months, every)
    if ends < today:
        starts, ends = _run(today, 0, every)
    return Proposal(name_for(workbook, starts), starts, ends)


def in_short(cycle: Cycle, workbook: Workbook) -> str:
    """The name of a run where many stand side by side: "Nov 2026" for one that is called by its month."""
    by_month = "{month}" in workbook.naming and cycle.name == name_for(workbook, cycle.starts)
    return f"{cycle.starts:%b %Y}" if by_month else cycle.name


def owner_of(workbook: Workbook, user: User | None) -> User | None:
    """Whose own a run of a workbook is that this person starts; None where it is the organisation's."""
    return user if workbook.private else None


def apart(organisation: Organisation, workbook: Workbook, name: str, owner: User | None = None) -> str:
    """A proposed name that is free: names are taken over all workbooks, and archived runs keep theirs. Of what is
    somebody's own nobody hears by a name that is taken: it has names of its own, those of its `owner`.

    Where a run of another workbook has it, the noun stands behind it; where that is taken too, a number.
    """
    if not name:
        return ""
    taken = {alike(one.name): one.workbook for one in organisation.cycles.filter(owner=owner).only("name", "workbook")}
    stem = f"{name}, {workbook.noun}" if taken.get(alike(name), workbook.key) != workbook.key else name
    free, number = stem, 1
    while alike(free) in taken:
        number += 1
        free = f"{stem} ({number})"
    return free


def began(cycles: QuerySet[Cycle]) -> dict[str, tuple[datetime.date, datetime.date]]:
    """When the first and the last of these `cycles` began, by the key of their workbook. What is archived does not
    count. One query."""
    rows = cycles.filter(archived_at=None).order_by().values_list("workbook")
    return {key: (first, last) for key, first, last in rows.annotate(Min("starts"), Max("starts"))}


def next_due(workbook: Workbook, series: dict[str, tuple[datetime.date, datetime.date]]) -> datetime.date | None:
    """The day the next run of a workbook is due, in the series that `began`; None without a rhythm, or before the
    first."""
    return due_after(*series[workbook.key], workbook.every) if workbook.every and workbook.key in series else None


def due_after(first: datetime.date | None, last: datetime.date, every: int) -> datetime.date:
    """The day the review after the one that began on `last` is due: `every` months on.

    `first` is when the organisation's first review began that is not archived. Months are counted from there, so that
    reviews from 31 August on stay at the end of the month: 28 February is followed by 31 August.
    """
    anchor, months = _counted(first, last, every)
    return months_after(anchor, months)


def _counted(first: datetime.date | None, last: datetime.date, every: int) -> tuple[datetime.date, int]:
    """The day to count from and the months to count, for the review after `last`.

    That is `first` while `last` keeps to its series. One that began on another day starts a series of its own.
    """
    if first and first < last:
        months = (last.year - first.year) * 12 + last.month - first.month
        if months_after(first, months) == last:
            return first, months + every
    return last, every


def _run(anchor: datetime.date, months: int, every: int) -> tuple[datetime.date, datetime.date]:
    """The first and last day of the `every` months that begin `months` after `anchor`."""
    over = months_after(anchor, months + every)
    return months_after(anchor, months), over - datetime.timedelta(days=1)


def short_name(organisation: Organisation, name: str, noun: str, owner: User | None = None) -> str:
    """A short name for addresses, made from the name or else the noun, that no other cycle of the organisation has.

    One of somebody's own ends by chance: who has none of that name cannot learn that there is one.
    """
    stem = slugify(name)[:70].strip("-") or slugify(noun)
    if owner:
        stem = f"{stem[:60]}-{get_random_string(8, ALPHABET)}"
    taken = TAKEN | set(organisation.cycles.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def start_cycle(
    organisation: Organisation,
    workbook: Workbook,
    name: str,
    starts: datetime.date,
    ends: datetime.date,
    user: User | None = None,
    *,
    strategy_title: str = "",
    strategy_link: str = "",
    language: str = "",
) -> Cycle:
    """A new cycle of a workbook with its empty worksheets, all or nothing. What is given must have been checked.

    `language` is the one its answers are written in, as in `LANGUAGES`; the organisation's, if none is said.

    Raises NameTaken when somebody was quicker to use the name, limits.Full when the organisation has too many.
    """
    owner = owner_of(workbook, user)
    _take(organisation, name, owner=owner)
    limits.demand(limits.REVIEWS, organisation.cycles.all())
    cycle = Cycle.objects.create(
        organisation=organisation,
        workbook=workbook.key,
        name=name,
        slug=short_name(organisation, name, workbook.noun, owner),
        starts=starts,
        ends=ends,
        strategy_title=strategy_title,
        strategy_link=strategy_link,
        language=language or organisation.language,
        created_by=user,
        owner=owner,
    )
    Worksheet.objects.bulk_create(Worksheet(cycle=cycle, stage=stage.key) for stage in workbook.stages)
    return cycle


@transaction.atomic
def change_details(cycle: Cycle, details: dict[str, Any]) -> None:
    """Give an open review other details, as `DETAILS`.

    Raises NameTaken when somebody was quicker to use the name, TooLate when it is not open any more, and Overtaken when
    it is not as `cycle` has it.
    """
    _take(cycle.organisation, details["name"], but=cycle, owner=cycle.owner)
    touch(cycle.pk)
    if not Cycle.objects.filter(pk=cycle.pk, **details_of(cycle)).update(**details):
        raise Overtaken(Cycle.objects.select_related("organisation").get(pk=cycle.pk))


@transaction.atomic
def archive(cycle: Cycle, *, back: bool) -> None:
    """Archive a review, whatever state it is in, or bring it `back`. Said twice is said once; nothing of it is lost."""
    rows = Cycle.objects.filter(pk=cycle.pk, archived_at__isnull=not back)
    rows.update(archived_at=None if back else timezone.now(), stamp=F("stamp") + 1)


def details_of(cycle: Cycle) -> dict[str, Any]:
    """The details of a review that leads change, as they were read."""
    return {name: getattr(cycle, name) for name in DETAILS}


def _take(organisation: Organisation, name: str, but: Cycle | None = None, owner: User | None = None) -> None:
    """NameTaken unless that name is free. Inside a transaction no other review can take it from here on."""
    # Two reviews named at once must not take the same name or short name: the second waits here for the first.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if named(organisation, name, but, owner).exists():
        raise NameTaken


def named(
    organisation: Organisation, name: str, but: Cycle | None = None, owner: User | None = None
) -> QuerySet[Cycle]:
    """The reviews of the organisation that have this name, or one that looks the same, other than `but`.

    Those that are somebody's own have names apart from all others: only those of the `owner` are looked at then.
    """
    others = organisation.cycles.filter(owner=owner)
    others = others.exclude(pk=but.pk) if but else others
    return others.filter(pk__in=[pk for pk, taken in others.values_list("pk", "name") if alike(taken) == alike(name)])
