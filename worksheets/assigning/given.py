"""What is given to whom in a review, and what of it is still to be done: read in one query."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, QuerySet
from django.utils import timezone

from worksheets.models import Assignment, Cycle, Organisation, Role, User
from worksheets.pages import to_cycle
from worksheets.review import Review
from worksheets.texts import current
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

# Who may be given something: whoever may answer.
TEAM = (Role.LEAD, Role.CONTRIBUTOR)


def _of_members(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Without those of people who left the organisation, or may not answer in it any more."""
    member = {"person__memberships__organisation": F("cycle__organisation"), "person__memberships__role__in": TEAM}
    return rows.filter(**member, person__is_active=True)


def given_in(cycle: Cycle) -> list[Assignment]:
    """What is given to whom in a review, each with its person. One query."""
    return list(_of_members(Assignment.objects.filter(cycle=cycle)).select_related("person"))


def given_to(user: User, organisation: Organisation) -> list[Assignment]:
    """What is given to somebody in the open reviews of an organisation. One query."""
    rows = Assignment.objects.filter(
        person=user, cycle__organisation=organisation, cycle__state=Cycle.State.OPEN, cycle__archived_at=None
    )
    return list(_of_members(rows))


def waiting_in(organisation: Organisation, until: datetime.date | None = None) -> list[Assignment]:
    """What is given with a last day in the open reviews of an organisation, each with its person and cycle, and not
    done yet; with `until` only what is due by that day.

    One query, and for each review with something in it those of reading it.
    """
    rows = Assignment.objects.filter(
        cycle__organisation=organisation,
        cycle__workbook__in=WORKBOOKS,
        cycle__state=Cycle.State.OPEN,
        cycle__archived_at=None,
        due__isnull=False,
    )
    rows = rows.filter(due__lte=until) if until else rows
    given = list(_of_members(rows).select_related("person", "cycle__organisation").order_by("cycle", "pk"))
    found = []
    for _, of_one in groupby(given, key=lambda one: one.cycle_id):
        mine = list(of_one)
        cycle = mine[0].cycle
        review = Review.of(cycle, cycle.worksheets.all(), current())
        found += [one for one in mine if is_open(one, review)]
    return found


def people_of(organisation: Organisation) -> list[User]:
    """Who may be given something in an organisation, by name: not who has never come, whose name is not told yet."""
    members = organisation.memberships.filter(role__in=TEAM, user__is_active=True).select_related("user")
    return sorted((member.user for member in members if member.arrived), key=lambda user: str(user).casefold())


@dataclass(frozen=True)
class Task:
    """Something that is somebody's to do: what it is called, where it is done, by when, and in which run."""

    words: str
    href: str
    due: datetime.date | None
    run: str

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < timezone.localdate()


def name_of(one: Assignment, workbook: Workbook) -> str:
    """What is given, in words: "question 2, aims", "worksheet 1". Empty for what the workbook does not ask any more."""
    question, stage = workbook.question.get(one.question), workbook.stage.get(one.stage)
    if one.question:
        return f"question {question.number}. {question.short}" if question else ""
    return f"worksheet {stage.number}. {stage.title}" if stage else ""


def is_open(one: Assignment, review: Review) -> bool:
    """Whether it is still to be done: the question is not answered, or the worksheet not complete."""
    if one.question:
        return review.states.get(one.question, "answered") != "answered"
    return one.stage in review.sheets and not review.sheets[one.stage].complete


def tasks(given: Iterable[Assignment], review: Review, cycle: Cycle) -> list[Task]:
    """What of it is still to be done, the most pressing first."""
    found = [
        Task(name_of(one, review.workbook), place_of(one, cycle), one.due, cycle.name)
        for one in given
        if is_open(one, review)
    ]
    return sorted(found, key=lambda task: task.due or datetime.date.max)


def place_of(one: Assignment, cycle: Cycle) -> str:
    """Where it is done."""
    if one.question:
        return to_cycle(cycle, "question", one.stage, one.question)
    return to_cycle(cycle, "check", one.stage)


def by_question(given: Iterable[Assignment], workbook: Workbook) -> Mapping[str, User]:
    """Who answers each question: whoever was given it, or else its worksheet."""
    given = list(given)
    found: dict[str, User] = {}
    for one in given:
        if not one.question and one.stage in workbook.stage:
            found |= {question.key: one.person for question in workbook.stage[one.stage].questions}
    return found | {one.question: one.person for one in given if one.question}
