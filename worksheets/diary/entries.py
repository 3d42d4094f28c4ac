"""The days of an organisation that are worth keeping, with titles of our own: what calendars and mails stand on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import reverse

from worksheets.assigning.given import place_of, waiting_in
from worksheets.cycles import due_after
from worksheets.dates import months_after
from worksheets.fields import Plain, rows_in, text
from worksheets.models import Action, Cycle, Organisation, Policy, Worksheet
from worksheets.pages import to_cycle
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, private

# The key of the document that says who may post, and that this is checked every quarter.
ACCOUNTS = "accounts"
QUARTER = 3
# How many quarterly checks an accounts policy puts in a calendar that says no day of its own review.
CHECKS = 8


@dataclass(frozen=True)
class Entry:
    """A day to keep. `uid` names it for good, whatever becomes of its day. `title` holds nothing that anybody typed but
    the name of a review; where the page is that says more, `place` says.

    `known` is when we learned of it, `changes` how often it changed since. It concerns the member `person`, and
    everybody where that is None.
    """

    uid: str
    kind: str
    day: datetime.date
    title: str
    place: str
    known: datetime.datetime
    changes: int = 0
    person: int | None = None
    noun: str = ""


def page_of_actions(organisation: Organisation) -> str:
    """Where the actions of an organisation are."""
    return reverse("actions", args=[organisation.slug])


def page_of_policies(organisation: Organisation) -> str:
    """Where the policies of an organisation are."""
    return reverse("policies", args=[organisation.slug])


def actions(organisation: Organisation, until: datetime.date | None = None) -> list[Entry]:
    """The open actions that members have to do by some day; with `until` only those due by then. One query.

    The words of an action are its team's: who wants them follows the link and signs in.
    """
    rows = Action.objects.filter(
        organisation=organisation,
        state=Action.State.OPEN,
        due__isnull=False,
        owner__is_active=True,
        owner__memberships__organisation=organisation,
    )
    rows = rows.filter(due__lte=until) if until else rows
    return [of_action(one, organisation) for one in rows]


def of_action(one: Action, organisation: Organisation) -> Entry:
    """An open action with a last day."""
    title = f"Action due ({one.get_source_display().lower()})"
    place = page_of_actions(organisation)
    day = one.due or datetime.date.max
    return Entry(f"action-{one.pk}", "action", day, title, place, one.made_at, one.version - 1, one.owner_id)


def asked(organisation: Organisation, until: datetime.date | None = None) -> list[Entry]:
    """What members were asked to answer by some day and did not yet; with `until` only what is due by then."""
    return [
        Entry(
            f"answer-{one.pk}",
            "answer",
            one.due or datetime.date.max,
            f"Answer what you were asked: {WORKBOOKS[one.cycle.workbook].noun} {one.cycle.name}",
            place_of(one, one.cycle),
            one.given_at,
            person=one.person_id,
        )
        for one in waiting_in(organisation, until)
    ]


def next_runs(organisation: Organisation) -> list[Entry]:
    """When the next run of each workbook with a rhythm is due; of what is somebody's own, theirs. One query."""
    rows = Cycle.objects.filter(organisation=organisation, workbook__in=WORKBOOKS, archived_at=None)
    series: dict[tuple[str, int | None], list[Cycle]] = {}
    for row in rows.only("workbook", "owner", "starts", "created_at").order_by("starts", "pk"):
        workbook = WORKBOOKS[row.workbook]
        # What is private and has no owner any more is nobody's.
        if workbook.every and bool(row.owner_id) == workbook.private:
            series.setdefault((row.workbook, row.owner_id), []).append(row)
    place = reverse("start", args=[organisation.slug])
    return [
        Entry(
            f"next-{runs[-1].pk}",
            "next",
            due_after(runs[0].starts, runs[-1].starts, WORKBOOKS[key].every or 0),
            f"Next {WORKBOOKS[key].noun} due",
            place,
            runs[-1].created_at,
            person=owner,
            noun=WORKBOOKS[key].noun,
        )
        for (key, owner), runs in series.items()
    ]


def policies(organisation: Organisation) -> list[Entry]:
    """When each policy that is in force is to be looked at again. One query."""
    rows = Policy.objects.filter(organisation=organisation, state=Policy.State.ISSUED, next_review__isnull=False)
    return [
        Entry(
            f"policy-{one.pk}",
            "policy",
            one.next_review or datetime.date.max,
            f"Review a policy: {one.document.replace('-', ' ')}",
            page_of_policies(organisation),
            one.made_at,
            person=one.owner_id,
        )
        for one in rows
    ]


def access_checks(organisation: Organisation) -> list[Entry]:
    """When it is to be checked who can post, as the accounts policy in force has it: every quarter. One query."""
    one = Policy.objects.filter(organisation=organisation, state=Policy.State.ISSUED, document=ACCOUNTS).first()
    if one is None or one.approved_on is None:
        return []
    days = [months_after(one.approved_on, QUARTER * n) for n in range(1, CHECKS + 1)]
    place = page_of_policies(organisation)
    return [
        Entry(f"access-{one.pk}-{n}", "access", day, "Check who can post in your name", place, one.made_at)
        for n, day in enumerate(days, 1)
        if one.next_review is None or day <= one.next_review
    ]


def answered(cycle: Cycle) -> list[Entry]:
    """The days that stand in the answers of a run, as its workbook declares them. Its organisation must be loaded."""
    workbook = WORKBOOKS[cycle.workbook]
    sheets = {sheet.stage: sheet for sheet in cycle.worksheets.all()} if workbook.dated else {}
    return [entry for sheet in sheets.values() for entry in _in_sheet(cycle, workbook, sheet)]


def _in_sheet(cycle: Cycle, workbook: Workbook, sheet: Worksheet) -> Iterator[Entry]:
    for one in workbook.dated:
        question = workbook.question[one.question]
        if question.stage != sheet.stage:
            continue
        answer = sheet.answers.get(question.key) or {}
        rows = rows_in(answer, one.table) if one.table else [answer]
        found = []
        for number, row in enumerate(rows, 1):
            day = _day(row, one.field)
            if day is None:
                continue
            own = f"-{text(row, 'id') or number}" if one.table and not one.earliest else ""
            found.append(
                Entry(
                    f"{one.key}-{cycle.pk}{own}",
                    one.key,
                    months_after(day, one.months),
                    f"{one.title.format(number=number)}: {workbook.noun} {cycle.name}",
                    to_cycle(cycle, "question", question.stage, question.key),
                    sheet.updated_at or cycle.created_at,
                )
            )
        yield from [min(found, key=lambda entry: entry.day)] if one.earliest and found else found


def _day(row: dict[str, Plain], field: str) -> datetime.date | None:
    """The day in a field; None for one that is empty or no day, as answers of long ago may be."""
    try:
        return datetime.date.fromisoformat(text(row, field))
    except ValueError:
        return None


def current(organisation: Organisation) -> QuerySet[Cycle]:
    """The runs whose days count, but for what is somebody's own: those that are not archived, and of a workbook with a
    rhythm only the last that was signed off, or else the newest. They come with their worksheets."""
    rows = Cycle.objects.filter(organisation=organisation, workbook__in=WORKBOOKS, archived_at=None)
    rows = rows.exclude(workbook__in=private())
    wanted: list[int] = []
    newest: dict[str, int] = {}
    agreed: dict[str, int] = {}
    for pk, key, state in rows.order_by("-starts", "-pk").values_list("pk", "workbook", "state"):
        if not WORKBOOKS[key].every:
            wanted.append(pk)
        elif state == Cycle.State.SIGNED_OFF:
            agreed.setdefault(key, pk)
        else:
            newest.setdefault(key, pk)
    wanted += (newest | agreed).values()
    return (
        Cycle.objects.filter(pk__in=wanted).order_by("pk").select_related("organisation").prefetch_related("worksheets")
    )


def of_review(cycle: Cycle) -> list[Entry]:
    """What a file of one run holds: its days, its open actions, and when the next one is due."""
    rows = Action.objects.filter(cycle=cycle, state=Action.State.OPEN, due__isnull=False)
    mine = [of_action(one, cycle.organisation) for one in rows]
    following = [one for one in next_runs(cycle.organisation) if one.uid == f"next-{cycle.pk}"]
    return in_order([*answered(cycle), *mine, *following])


def of_person(person: int, organisations: Iterable[Organisation]) -> list[Entry]:
    """What the feed of a member of these organisations holds: what is theirs to do, and what everybody there may know.

    What is somebody's own is left out: calendars are shown to colleagues.
    """
    organisations = list(organisations)
    found: list[Entry] = []
    for one in organisations:
        days = [entry for cycle in current(one) for entry in answered(cycle)]
        shared = [entry for entry in next_runs(one) if entry.person is None]
        mine = [entry for entry in (*actions(one), *asked(one)) if entry.person == person]
        checks = [] if any(entry.kind == "access" for entry in days) else access_checks(one)
        theirs = [*days, *shared, *mine, *checks, *policies(one)]
        where = f" ({one.name})" if len(organisations) > 1 else ""
        found += [replace(entry, title=f"{entry.title}{where}") for entry in theirs]
    return in_order(found)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By their day, so that nothing changes places while nothing changes."""
    return sorted(entries, key=lambda entry: (entry.day, entry.uid))
