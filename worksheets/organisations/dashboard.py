"""The dashboard of an organisation: its cycles of one workbook with state, progress and who was there last.

The page takes six queries however many cycles there are: session, person, membership, the cycles of this page with
their worksheets, the stamp of the texts (or, where there is no cycle, whether archived ones exist), and what the
visitor was asked to answer.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from worksheets import pages, texts
from worksheets.access import Visit
from worksheets.assigning.given import Task, given_to, tasks
from worksheets.cycles import called, due_after
from worksheets.fields import spoken_date
from worksheets.models import Cycle, Worksheet
from worksheets.pages import Request, in_organisation, page_number, to_cycle, turning
from worksheets.review import Review
from worksheets.skeleton import skeleton, slot
from worksheets.steps import Step, going_on
from worksheets.words import noun_for
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

# How many of those in progress stand before the list of all: few teams work on more at once.
AT_WORK = 2
PAGE = 10  # five years of reviews; more would make the page slower with many reviews than with few
CYCLE = ("id", "name", "slug", "workbook", "starts", "ends", "state", "language", "archived_at")
SHEET = ("stage", "answers", "carried", "status", "updated_at")
NAME, EMAIL = "worksheets__updated_by__name", "worksheets__updated_by__email"


@dataclass(frozen=True)
class Entry:
    """One line of the dashboard. `touched_by` is empty when nobody has answered anything yet."""

    cycle: Cycle
    review: Review
    answered: int
    total: int
    complete: bool
    touched_at: datetime.datetime | None
    touched_by: str
    due: datetime.date | None  # when the review after it is due, if they have a rhythm
    minutes_left: int
    step: Step | None  # what comes next in it, while it is not complete

    @property
    def state(self) -> str:
        if self.cycle.archived_at:
            return "archived"
        if self.cycle.state != Cycle.State.OPEN:
            return self.cycle.state
        return "complete" if self.complete else "in-progress"


@require_safe
@in_organisation()
def dashboard(request: Request, visit: Visit, workbook: Workbook) -> HttpResponse:
    """An organisation's cycles of one workbook, newest first; `?archived` shows those that were archived."""
    archived, number = "archived" in request.GET, page_number(request)
    entries, more = entries_of(visit, workbook, archived=archived, page=number)
    if not entries and number > 1:
        raise Http404
    return pages.render(
        request,
        "organisations/archived.jinja" if archived else "organisations/dashboard.jinja",
        visit,
        workbook=workbook,
        entries=entries,
        table=draw(entries, workbook) if entries else "",
        pagination=turning(number, more=more, what=workbook.plural, query="archived&" if archived else ""),
        due=next((entry.due for entry in entries), None) if number == 1 and not archived else None,
        any_archived=bool(entries) or visit.cycles(workbook).exclude(archived_at=None).exists(),
        today=timezone.localdate(),
        yours=yours_in(entries, visit) if number == 1 and not archived else [],
        under_way=at_work([one for one in entries if one.state == "in-progress"]) if number == 1 else [],
        waiting=[entry.cycle for entry in entries if entry.state == Cycle.State.SUBMITTED] if visit.may_decide else [],
    )


def yours_in(entries: list[Entry], visit: Visit) -> list[Task]:
    """What is the visitor's to do in the reviews of this page. One query, where any of them is in progress."""
    known = {entry.cycle.pk: entry for entry in entries if entry.state == "in-progress"}
    given = given_to(visit.user, visit.organisation) if known and visit.may_write else []
    found = [
        task
        for pk, entry in known.items()
        for task in tasks([one for one in given if one.cycle_id == pk], entry.review, entry.cycle)
    ]
    return sorted(found, key=lambda task: task.due or datetime.date.max)


def at_work(entries: list[Entry], most: int = AT_WORK) -> list[Entry]:
    """The first few on which a team works, first those in whose dates today is."""
    today = timezone.localdate()
    return sorted(entries, key=lambda one: not one.cycle.starts <= today <= one.cycle.ends)[:most]


def entries_of(visit: Visit, workbook: Workbook, *, archived: bool, page: int) -> tuple[list[Entry], bool]:
    """The entries of one page, and whether there are more behind it."""
    cycles = visit.cycles(workbook)
    newest = cycles.filter(archived_at__isnull=not archived).order_by("-starts", "-id")
    here = newest.values("pk")[(page - 1) * PAGE : page * PAGE + 1]
    began = cycles.filter(archived_at=None).order_by("starts").values("starts")[:1]
    found = read(visit, Cycle.objects.filter(pk__in=here), began=Subquery(began))
    return found[:PAGE], len(found) > PAGE


def read(visit: Visit, cycles: QuerySet[Cycle], **more: Any) -> list[Entry]:
    """The entries of these cycles, of whatever workbooks, newest first. One query, and that of the texts."""
    # One query for the cycles and their worksheets; a cycle without any worksheet is in it too.
    rows = cycles.order_by("-starts", "-id").values(
        *CYCLE, *(f"worksheets__{name}" for name in SHEET), NAME, EMAIL, **more
    )
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row["id"])]
    known = texts.current() if grouped else texts.as_shipped()
    return [entry(visit, group, known) for group in grouped]


def entry(visit: Visit, rows: list[dict[str, Any]], known: texts.Texts) -> Entry:
    """A cycle's line, from its joined rows: one for each worksheet. When the next is due is told where it is known
    since when there are any, as `began`."""
    workbook = WORKBOOKS[rows[0]["workbook"]]
    cycle = Cycle(organisation=visit.organisation, **{name: rows[0][name] for name in CYCLE})
    kept = [row for row in rows if row["worksheets__stage"]]
    sheets = [Worksheet(**{name: row[f"worksheets__{name}"] for name in SHEET}) for row in kept]
    review = Review.of(cycle, sheets, known)
    touched = [
        (row["worksheets__updated_at"], row[NAME] or row[EMAIL] or "") for row in kept if row["worksheets__updated_at"]
    ]
    touched_at, touched_by = max(touched, default=(None, ""))
    return Entry(
        cycle=cycle,
        review=review,
        answered=review.progress.answered,
        total=review.progress.total,
        complete=review.complete,
        touched_at=touched_at,
        touched_by=touched_by,
        minutes_left=review.progress.minutes_left,
        step=going_on(cycle, review),
        due=due_after(rows[0]["began"], cycle.starts, workbook.every)
        if workbook.every and "began" in rows[0]
        else None,
    )


def draw(entries: list[Entry], workbook: Workbook) -> SafeString:
    """The table of cycles: its markup is made once for each number of lines, and then only filled in."""
    holes = ("href", "name", "dates", "state", "progress", "touched", "due")
    lines = [{hole: slot(f"{hole}{n}") for hole in holes} for n in range(len(entries))]
    frame = {"lines": lines, "workbook": workbook}
    table = skeleton(
        (__name__, "cycles", workbook.key, len(lines)), lambda: render_to_string("organisations/cycles.jinja", frame)
    )
    values: dict[str, Any] = {}
    for n, one in enumerate(entries):
        cycle = one.cycle
        values |= {
            f"href{n}": to_cycle(cycle, "hub"),
            f"name{n}": called(cycle),
            f"dates{n}": f"{spoken_date(cycle.starts)} to {spoken_date(cycle.ends)}",
            f"state{n}": tag(one.state),
            f"progress{n}": f"{one.answered} of {one.total} {noun_for(one.total, 'question')} answered",
            f"touched{n}": last_touched(one),
            f"due{n}": spoken_date(one.due) if one.due else "",
        }
    return table.fill(values)


def tag(state: str) -> SafeString:
    """The state of a review as a tag, drawn once for each state."""
    drawn = skeleton(
        (__name__, "state", state), lambda: render_to_string("organisations/state.jinja", {"state": state})
    )
    return mark_safe(drawn.fill({}).strip())  # noqa: S308 - no text from outside is in it


def last_touched(one: Entry) -> str:
    if not one.touched_at:
        return "Not started yet"
    day = spoken_date(timezone.localtime(one.touched_at).date())
    return f"{one.touched_by}, {day}" if one.touched_by else day
