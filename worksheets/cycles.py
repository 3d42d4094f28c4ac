"""How a review cycle begins: the dates and name that are proposed for it, and the rows that are made for it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from worksheets.dates import months_after
from worksheets.models import Cycle, Organisation, User, Worksheet
from worksheets.stages import STAGES

SEASONS = ("Winter", "Spring", "Summer", "Autumn")
MONTHS_BETWEEN = 6
# What leads may change of a review while it is open.
DETAILS = ("name", "starts", "ends", "strategy_title", "strategy_link")
# Addresses that stand where a review's short name stands.
TAKEN = {"new"}


class NameTaken(Exception):
    """Another review of the organisation has this name, in whatever case."""


@dataclass(frozen=True)
class Proposal:
    """What a new review may be called and when it may run; the team can change all of it."""

    name: str
    starts: datetime.date
    ends: datetime.date


def season(day: datetime.date) -> str:
    """The season and year a review that starts on that day is called by, like "Autumn 2026"."""
    return f"{SEASONS[day.month % 12 // 3]} {day.year}"


def propose(organisation: Organisation, today: datetime.date | None = None) -> Proposal:
    """The next review of an organisation: today for the first, else the day it is due (`due_after`).

    When such a review would be over by now, the series starts anew today. Archived reviews do not count.
    """
    today = today or timezone.localdate()
    began = organisation.cycles.filter(archived_at=None).aggregate(first=Min("starts"), last=Max("starts"))
    anchor, months = _counted(**began) if began["last"] else (today, 0)
    starts, ends = _run(anchor, months)
    if ends < today:
        starts, ends = _run(today, 0)
    return Proposal(season(starts), starts, ends)


def due_after(first: datetime.date | None, last: datetime.date) -> datetime.date:
    """The day the review after the one that began on `last` is due: six months on (000, introduction to the process).

    `first` is when the organisation's first review began that is not archived. Six months are counted from there, so
    that reviews from 31 August on stay at the end of the month: 28 February is followed by 31 August.
    """
    anchor, months = _counted(first, last)
    return months_after(anchor, months)


def _counted(first: datetime.date | None, last: datetime.date) -> tuple[datetime.date, int]:
    """The day to count from and the months to count, for the review after `last`.

    That is `first` while `last` keeps to its series. One that began on another day starts a series of its own.
    """
    if first and first < last:
        months = (last.year - first.year) * 12 + last.month - first.month
        if months_after(first, months) == last:
            return first, months + MONTHS_BETWEEN
    return last, MONTHS_BETWEEN


def _run(anchor: datetime.date, months: int) -> tuple[datetime.date, datetime.date]:
    """The first and last day of the six months that begin `months` after `anchor`."""
    over = months_after(anchor, months + MONTHS_BETWEEN)
    return months_after(anchor, months), over - datetime.timedelta(days=1)


def short_name(organisation: Organisation, name: str) -> str:
    """A short name for addresses, made from the name, that no other review of the organisation has."""
    stem = slugify(name)[:70].strip("-") or "review"
    taken = TAKEN | set(organisation.cycles.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@transaction.atomic
def start_cycle(
    organisation: Organisation,
    name: str,
    starts: datetime.date,
    ends: datetime.date,
    user: User | None = None,
    *,
    strategy_title: str = "",
    strategy_link: str = "",
) -> Cycle:
    """A new review cycle with its six empty worksheets, all or nothing. What is given must have been checked.

    Raises NameTaken when somebody was quicker to use the name.
    """
    _take(organisation, name)
    cycle = Cycle.objects.create(
        organisation=organisation,
        name=name,
        slug=short_name(organisation, name),
        starts=starts,
        ends=ends,
        strategy_title=strategy_title,
        strategy_link=strategy_link,
        created_by=user,
    )
    Worksheet.objects.bulk_create(Worksheet(cycle=cycle, stage=stage.key) for stage in STAGES)
    return cycle


@transaction.atomic
def change_details(cycle: Cycle, details: dict[str, Any]) -> bool:
    """Give an open review other details, as `DETAILS`. False when it is not as `cycle` has it any more, or not open.

    Raises NameTaken when somebody was quicker to use the name.
    """
    _take(cycle.organisation, details["name"], but=cycle)
    rows = Cycle.objects.filter(pk=cycle.pk, state=Cycle.State.OPEN, archived_at=None)
    return bool(rows.filter(**details_of(cycle)).update(**details))


def details_of(cycle: Cycle) -> dict[str, Any]:
    """The details of a review that leads change, as they were read."""
    return {name: getattr(cycle, name) for name in DETAILS}


def _take(organisation: Organisation, name: str, but: Cycle | None = None) -> None:
    """NameTaken unless that name is free. Inside a transaction no other review can take it from here on."""
    # Two reviews named at once must not take the same name or short name: the second waits here for the first.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if named(organisation, name, but).exists():
        raise NameTaken


def named(organisation: Organisation, name: str, but: Cycle | None = None) -> QuerySet[Cycle]:
    """The reviews of the organisation that have this name, in whatever case, other than `but`."""
    others = organisation.cycles.filter(name__iexact=name)
    return others.exclude(pk=but.pk) if but else others
