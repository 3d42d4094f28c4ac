"""The start page of an organisation: what is going on in it, whatever its kind, and what there is to begin."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.access import Visit
from worksheets.actions.listing import mine
from worksheets.cycles import began, next_due
from worksheets.models import Cycle, Policy, Worksheet
from worksheets.organisations.dashboard import at_work, read, yours_in
from worksheets.pages import Request, in_organisation
from worksheets.policies.holding import points_of
from worksheets.policies.library import DOCUMENTS
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

# How many of those in progress are told of. The list of each kind has all.
MOST = 8


@dataclass(frozen=True)
class Way:
    """Something that a member may begin: its workbook, whether there is one already, and when the next is due."""

    workbook: Workbook
    any: bool
    due: datetime.date | None

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < timezone.localdate()


@require_safe
@in_organisation()
def start(request: Request, visit: Visit) -> HttpResponse:
    """What do you want to do? First what is in progress and what is theirs to do, then what can be begun."""
    entries = read(visit, open_cycles(visit))
    submitted = visit.all_cycles().filter(state=Cycle.State.SUBMITTED, archived_at=None)
    return pages.render(
        request,
        "organisations/start.jinja",
        visit,
        current="start",
        entries=at_work([one for one in entries if one.step or one.cycle.state == Cycle.State.OPEN], MOST),
        yours=yours_in(entries, visit),
        to_do=list(mine(visit.user, visit.organisation)[:MOST]),
        waiting=list(submitted.select_related("organisation").order_by("-starts")) if visit.may_decide else [],
        sent=documents(visit, Policy.State.SENT) if visit.may_decide else [],
        drafts=documents(visit, Policy.State.DRAFT) if visit.may_write else [],
        shared=list(visit.shared()[:MOST]),
        ways=ways(visit),
        today=timezone.localdate(),
        pressing=[point for point in points_of(visit) if point.level != "note"],
    )


def documents(visit: Visit, state: Policy.State) -> list[tuple[Policy, str]]:
    """The versions of documents in that state, each with its title. One query."""
    rows = Policy.objects.filter(organisation=visit.organisation, state=state)
    return [(one, DOCUMENTS[one.document].title) for one in rows if one.document in DOCUMENTS]


def open_cycles(visit: Visit) -> QuerySet[Cycle]:
    """The newest cycles of every kind on which there is something to do: what is only completed is done then, and in
    what is signed off only that waits which is asked afterwards."""
    waiting = Exists(Worksheet.objects.filter(cycle=OuterRef("pk"), status=Worksheet.Status.OPEN))
    decided = [key for key, workbook in WORKBOOKS.items() if workbook.decided]
    after = [key for key, workbook in WORKBOOKS.items() if workbook.before_decision != workbook.stages]
    there = (Q(waiting) | Q(workbook__in=decided)) & Q(state=Cycle.State.OPEN)
    later = Q(waiting) & Q(workbook__in=after, state=Cycle.State.SIGNED_OFF)
    rows = visit.all_cycles().filter(there | later, archived_at=None)
    return Cycle.objects.filter(pk__in=rows.order_by("-starts", "-id").values("pk")[:MOST])


def ways(visit: Visit) -> list[Way]:
    """What there is to begin, in the order of the workbooks. One query."""
    series = began(visit.all_cycles())
    return [Way(workbook, key in series, next_due(workbook, series)) for key, workbook in WORKBOOKS.items()]
