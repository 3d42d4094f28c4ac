"""What somebody is to be reminded of today: pure, but for `due_in`, which reads an organisation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Max, Q
from django.utils import timezone

from worksheets.assigning.notices import place_of_comment
from worksheets.dates import months_after
from worksheets.diary.entries import Entry, actions, asked, next_runs, page_of_policies, policies
from worksheets.models import Cycle, Decision, Notice, Organisation, Policy, Role
from worksheets.pages import to_cycle
from worksheets.workbooks import WORKBOOKS

# So many days before its last day somebody is told of what they are to do, the nearer first.
BEFORE = (3, 14)
WEEK = 7
# On the day of a review, or so many days later at most where nothing ran on that day, it is told that it is due.
LATE = 28
# A weekly mail tells of what comes up before the next one.
WEEKLY_LOOKS = WEEK - 1
# What the reminder of a comment begins with, before the key of its notice.
COMMENT = "comment-"
FURTHEST = datetime.timedelta(days=max(BEFORE) + WEEKLY_LOOKS)


@dataclass(frozen=True)
class Due:
    """Something to be told to one person. `subject` names it and its day, and `stage` why it is told now: the two
    together are told once."""

    subject: str
    stage: str
    kind: str
    day: datetime.date
    place: str
    noun: str = ""

    @property
    def what(self) -> str:
        return f"{self.subject} {self.stage}"


def subject_of(what: str) -> str:
    """What a reminder is about, as far as it does not change from day to day."""
    return what.rpartition(" ")[0]


def stage_of_task(day: datetime.date, since: datetime.date, today: datetime.date, ahead: int = 0) -> str:
    """Where something stands that is to be done by `day`: "14-days" and "3-days" before, "overdue-0" in the first week
    after, "overdue-1" in the second. "" while it is far off, and where it was only given later than that: who has just
    been told of it is not told again. `ahead` are the days until somebody is told the next time.

    A stage lasts until the next one, so that a day on which nothing ran swallows none.
    """
    left = (day - today).days
    if left < 0:
        return f"overdue-{(-left - 1) // WEEK}"
    before = next((days for days in BEFORE if left <= days + ahead), None)
    return f"{before}-days" if before and day - datetime.timedelta(days=before) >= since else ""


def stage_of_review(day: datetime.date, today: datetime.date, ahead: int = 0) -> str:
    """Where something stands that is to be looked at again on `day`: "month" in the month before, then "day"."""
    horizon = today + datetime.timedelta(days=ahead)
    if horizon >= day:
        return "day" if (today - day).days < LATE else ""
    return "month" if horizon >= months_after(day, -1) else ""


def stage_of_wait(since: datetime.date, today: datetime.date) -> str:
    """How long something has waited: "week-0", and another stage each week."""
    return f"week-{max((today - since).days, 0) // WEEK}"


@dataclass(frozen=True)
class Candidate:
    """Something that may be due to be told to `person`, with its day and since when it is known."""

    person: int
    uid: str
    kind: str
    day: datetime.date
    since: datetime.date
    place: str
    noun: str = ""

    def due(self, today: datetime.date, ahead: int) -> Due | None:
        """What is to be told of it today; None where it is not time yet."""
        match self.kind:
            case "action" | "answer":
                stage = stage_of_task(self.day, self.since, today, ahead)
            case "next" | "policy":
                stage = stage_of_review(self.day, today, ahead)
            case "sign-off" | "approval":
                stage = stage_of_wait(self.day, today)
            case _:
                stage = "said"
        subject = f"{self.uid} {self.day}"
        return Due(subject, stage, self.kind, self.day, self.place, self.noun) if stage else None


def due_in(organisation: Organisation, today: datetime.date) -> dict[int, list[Candidate]]:
    """What the members of an organisation may have to be told, by their keys: of each only what they may read."""
    members = list(organisation.memberships.filter(user__is_active=True).values_list("user", "role"))
    leads = [person for person, role in members if role == Role.LEAD]
    managers = [person for person, role in members if role == Role.MANAGER]
    there = {person for person, _ in members}
    until = today + FURTHEST
    found: list[Candidate] = []
    for entry in (*actions(organisation, until), *asked(organisation, until)):
        found += _for([entry.person], entry)
    for entry in next_runs(organisation):
        found += _for([entry.person] if entry.person else leads, entry)
    for entry in policies(organisation):
        found += _for([entry.person] if entry.person in there else leads, entry)
    found += [*_waiting(organisation, managers), *_talked(organisation)]
    ordered = sorted((one for one in found if one.person in there), key=lambda one: one.person)
    return {person: list(theirs) for person, theirs in groupby(ordered, key=lambda one: one.person)}


def _for(people: Iterable[int | None], entry: Entry) -> Iterator[Candidate]:
    since = timezone.localdate(entry.known)
    for person in people:
        if person is not None:
            yield Candidate(person, entry.uid, entry.kind, entry.day, since, entry.place, entry.noun)


def _waiting(organisation: Organisation, managers: list[int]) -> Iterator[Candidate]:
    """What waits for a manager: what was submitted, and policies that were sent for approval. Two queries."""
    sent = Max("decisions__decided_at", filter=Q(decisions__kind=Decision.Kind.SUBMITTED))
    cycles = Cycle.objects.filter(organisation=organisation, state=Cycle.State.SUBMITTED, archived_at=None)
    for cycle in cycles.filter(workbook__in=WORKBOOKS).annotate(sent=sent).select_related("organisation"):
        workbook = WORKBOOKS[cycle.workbook]
        day = timezone.localdate(cycle.sent or cycle.created_at)
        place = to_cycle(cycle, "decide")
        for person in managers:
            yield Candidate(person, f"sign-off-{cycle.pk}", "sign-off", day, day, place, workbook.noun)
    place = page_of_policies(organisation)
    for policy in Policy.objects.filter(organisation=organisation, state=Policy.State.SENT):
        day = timezone.localdate(policy.sent_at or policy.made_at)
        for person in managers:
            yield Candidate(person, f"approval-{policy.pk}", "approval", day, day, place, "policy")


def _talked(organisation: Organisation) -> Iterator[Candidate]:
    """The comments that wait for somebody's next mail. One query."""
    rows = Notice.objects.filter(comment__cycle__organisation=organisation, sent_at=None)
    for row in rows.select_related("comment__cycle__organisation").order_by("comment__cycle", "pk"):
        cycle = row.comment.cycle
        place = place_of_comment(row.comment, cycle) if cycle.workbook in WORKBOOKS else None
        if place:
            day = timezone.localdate(row.comment.written_at)
            yield Candidate(row.person_id, f"{COMMENT}{row.pk}", "comment", day, day, place[1], place[0])
