"""The dashboard of an organisation: its review cycles with state, progress and who was there last.

The page takes five queries however many cycles there are: session, person, membership, the cycles of this page with
their worksheets, and the stamp of the texts (or, where there is no cycle, whether archived ones exist).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from worksheets import access, pages, texts
from worksheets.cycles import due_after
from worksheets.fields import spoken_date
from worksheets.models import Cycle, Organisation, Worksheet
from worksheets.review import Review
from worksheets.skeleton import skeleton, slot

PAGE = 10  # five years of reviews; more would make the page slower with many reviews than with few
MOST_PAGES = 10_000
CYCLE = ("id", "name", "slug", "starts", "ends", "state", "archived_at")
SHEET = ("stage", "answers", "carried", "status", "updated_at")
NAME, EMAIL = "worksheets__updated_by__name", "worksheets__updated_by__email"


@dataclass(frozen=True)
class Entry:
    """One line of the dashboard. `touched_by` is empty when nobody has answered anything yet."""

    cycle: Cycle
    answered: int
    total: int
    complete: bool
    touched_at: datetime.datetime | None
    touched_by: str
    due: datetime.date  # when the review after it is due

    @property
    def state(self) -> str:
        if self.cycle.archived_at:
            return "archived"
        if self.cycle.state != Cycle.State.OPEN:
            return self.cycle.state
        return "complete" if self.complete else "in-progress"


@require_safe
def dashboard(request: HttpRequest, organisation: str) -> HttpResponse:
    """An organisation's review cycles, newest first; `?archived` shows those that were archived."""
    found = access.visit(request.user, organisation)  # type: ignore[arg-type]
    archived, number = "archived" in request.GET, page_number(request)
    entries, more = read(found.organisation, archived=archived, page=number)
    if not entries and number > 1:
        raise Http404
    return pages.render(
        request,
        "organisations/archived.jinja" if archived else "organisations/dashboard.jinja",
        found,
        entries=entries,
        table=draw(found.organisation.slug, entries) if entries else "",
        pagination=pagination(number, more=more, archived=archived),
        due=due(entries) if number == 1 and not archived else None,
        any_archived=bool(entries) or found.organisation.cycles.exclude(archived_at=None).exists(),
        today=timezone.localdate(),
        waiting=[entry.cycle for entry in entries if entry.state == Cycle.State.SUBMITTED] if found.may_decide else [],
    )


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; BadRequest (400) when it is no such number."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_PAGES):
        raise BadRequest
    return int(text)


def read(organisation: Organisation, *, archived: bool, page: int) -> tuple[list[Entry], bool]:
    """The entries of one page, and whether there are more behind it."""
    cycles = organisation.cycles.filter(archived_at__isnull=not archived).order_by("-starts", "-id")
    here = cycles.values("pk")[(page - 1) * PAGE : page * PAGE + 1]
    first = organisation.cycles.filter(archived_at=None).order_by("starts").values("starts")[:1]
    # One query for the cycles and their worksheets; a cycle without any worksheet is in it too.
    rows = list(
        Cycle.objects.filter(pk__in=here)
        .order_by("-starts", "-id")
        .values(*CYCLE, *(f"worksheets__{name}" for name in SHEET), NAME, EMAIL, first=Subquery(first))
    )
    if not rows:
        return [], False
    known = texts.current()
    grouped = [list(group) for _, group in groupby(rows, key=lambda row: row["id"])]
    return [entry(organisation, group, known) for group in grouped[:PAGE]], len(grouped) > PAGE


def entry(organisation: Organisation, rows: list[dict[str, Any]], known: texts.Texts) -> Entry:
    """A cycle's line, from its joined rows: one for each worksheet."""
    cycle = Cycle(organisation=organisation, **{name: rows[0][name] for name in CYCLE})
    kept = [row for row in rows if row["worksheets__stage"]]
    sheets = [Worksheet(**{name: row[f"worksheets__{name}"] for name in SHEET}) for row in kept]
    review = Review.of(cycle, sheets, known)
    touched = [
        (row["worksheets__updated_at"], row[NAME] or row[EMAIL] or "") for row in kept if row["worksheets__updated_at"]
    ]
    touched_at, touched_by = max(touched, default=(None, ""))
    return Entry(
        cycle=cycle,
        answered=review.progress.answered,
        total=review.progress.total,
        complete=review.complete,
        touched_at=touched_at,
        touched_by=touched_by,
        due=due_after(rows[0]["first"], cycle.starts),
    )


def due(entries: Iterable[Entry]) -> datetime.date | None:
    """The day on which the review after the newest one is due."""
    return next((entry.due for entry in entries), None)


def pagination(number: int, *, more: bool, archived: bool) -> dict[str, Any] | None:
    """Newer and older, in the words of the NHS macro; nothing when all is on one page."""

    def address(page: int) -> str:
        return f"?{'archived&' if archived else ''}page={page}"

    if number == 1 and not more:
        return None
    newer = {"previousUrl": address(number - 1), "previousPage": "Newer reviews"} if number > 1 else {}
    older = {"nextUrl": address(number + 1), "nextPage": "Older reviews"} if more else {}
    return newer | older | {"ariaLabel": "Pages of reviews"}


def draw(organisation: str, entries: list[Entry]) -> SafeString:
    """The table of reviews: its markup is made once for each number of lines, and then only filled in."""
    holes = ("href", "name", "dates", "state", "progress", "touched", "due")
    lines = [{hole: slot(f"{hole}{n}") for hole in holes} for n in range(len(entries))]
    table = skeleton(("cycles", len(lines)), lambda: render_to_string("organisations/cycles.jinja", {"lines": lines}))
    values: dict[str, Any] = {}
    for n, one in enumerate(entries):
        cycle = one.cycle
        values |= {
            f"href{n}": reverse("hub", args=[organisation, cycle.slug]),
            f"name{n}": cycle.name,
            f"dates{n}": f"{spoken_date(cycle.starts)} to {spoken_date(cycle.ends)}",
            f"state{n}": tag(one.state),
            f"progress{n}": f"{one.answered} of {one.total} questions answered",
            f"touched{n}": last_touched(one),
            f"due{n}": spoken_date(one.due),
        }
    return table.fill(values)


def tag(state: str) -> SafeString:
    """The state of a review as a tag, drawn once for each state."""
    drawn = skeleton(("cycle state", state), lambda: render_to_string("organisations/state.jinja", {"state": state}))
    return mark_safe(drawn.fill({}).strip())  # noqa: S308 - no text from outside is in it


def last_touched(one: Entry) -> str:
    if not one.touched_at:
        return "Not started yet"
    day = spoken_date(timezone.localtime(one.touched_at).date())
    return f"{one.touched_by}, {day}" if one.touched_by else day
