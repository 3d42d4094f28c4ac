"""Where an action may come from: a point, a row of a run, a lesson, a comment or a clause, looked up by the server.

What an address says is only where to look. What is somebody's own is no source: an action is everybody's to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from worksheets import access, texts
from worksheets.access import CycleVisit, Visit
from worksheets.actions.listing import Made, called
from worksheets.fields import PlainRow, text
from worksheets.models import Action, Comment, Cycle, Lookback, Policy
from worksheets.pages import to_cycle
from worksheets.presentation import LEVELS, Finding
from worksheets.saving import token
from worksheets.words import capital, inside, shortened
from worksheets.workbook import Doing, Workbook
from worksheets.workbooks import WORKBOOKS

Source = Action.Source
# How long the key of a place may be, and how much of somebody's words its origin quotes.
MOST_PLACE, QUOTED = 180, 80
# How much of what is found is proposed as the words of an action.
MOST_TEXT = 480


@dataclass(frozen=True)
class Origin:
    """What an action is made from: where it is, what to call it, and what is proposed for the action."""

    source: str
    place: str
    cycle: Cycle | None
    words: str
    text: str
    href: str
    owner: str = ""
    due: str = ""


# What is called by words that people wrote.
WRITTEN = {Source.LESSON, Source.COMMENT, Source.CHECK}


# A link that makes an action.


def way(organisation: str, source: str, place: str, cycle: Cycle | None = None) -> str:
    """Where an action is made from something; `organisation` is the slug."""
    run = {"run": cycle.pk} if cycle else {}
    return f"{reverse('action-add', args=[organisation])}?{urlencode({'from': source, **run, 'place': place})}"


@dataclass(frozen=True)
class Offer:
    """What a page says beside something of which an action may be made: the action that there is, with who does it, or
    the way to make one. `words` name what it is about: they are the team's own where they are `written`."""

    words: str
    href: str
    action: Action | None = None
    owner: str = ""
    written: bool = False


@dataclass(frozen=True)
class Offers:
    """The offers of one page: what was made from which place of it, for a visitor who may make more, or not."""

    visit: Visit
    cycle: Cycle | None
    made: Made

    @classmethod
    def beside(cls, visit: CycleVisit, *sources: str) -> Offers | None:
        """Those of a page of a run, in whatever state it is; None for what is somebody's own. One query."""
        if visit.workbook.private:
            return None
        # Actions are made between reviews too: what may be done in this run, as it stands, does not count.
        member = Visit(visit.user, visit.organisation, visit.role)
        return cls(member, visit.cycle, Made.of(visit.organisation, visit.cycle, *sources))

    @classmethod
    def of_clauses(cls, visit: Visit) -> Offers:
        """Those of a page of a policy. One query."""
        return cls(visit, None, Made.of(visit.organisation, None, Source.CLAUSE))

    def at(self, source: str, place: str, words: str) -> Offer | None:
        """What to say beside a place, which is called so; None where there is nothing to say."""
        action = self.made.at(source, place)
        slug = self.visit.organisation.slug
        if action:
            mine = self.visit.may_write or action.owner_id == self.visit.user.pk
            href = (
                reverse("action-change", args=[slug, action.pk])
                if mine
                else f"{reverse('actions', args=[slug])}?show=all"
            )
            return Offer(words, href, action, called(action), source in WRITTEN)
        if not self.visit.may_write:
            return None
        return Offer(words, way(slug, source, place, self.cycle), written=source in WRITTEN)

    def of_point(self, finding: Finding) -> Offer | None:
        return self.at(Source.POINT, place_of(finding), finding.message)

    def of_rows(self, visit: CycleVisit, question: str) -> list[Offer]:
        """Those of the rows of a question that may be made actions, in their order."""
        found = (
            self.at(doing.source, f"{question}.{text(row, 'id')}", words)
            for doing in visit.workbook.doings
            if doing.table.question == question
            for row in visit.review.scope.rows(doing.table)
            if (words := doing.does(row, visit.review.scope)) and not doing.over(row)
        )
        return [one for one in found if one]


def place_of(finding: Finding) -> str:
    """The key of a point among the places of a run: its rule and its rows, as far as there is room for them."""
    rule, rows = finding.key
    key = f"{rule}|{rows}"
    return key if len(key) <= MOST_PLACE else f"{rule}|{token(rows)}"


def sources_of(workbook: Workbook, question: str) -> Iterable[str]:
    """What the rows of a question may be the source of."""
    return {doing.source for doing in workbook.doings if doing.table.question == question}


# Looking a source up.


def find(visit: Visit, source: str, run: str, place: str) -> Origin:
    """What an address asks an action to be made from. Http404 where this member finds no such thing."""
    if source == Source.CLAUSE:
        return clause(visit, place)
    look = IN_RUNS.get(source)
    if look is None:
        raise Http404
    return look(_run(visit, run), source, place)


def _run(visit: Visit, run: str) -> CycleVisit:
    """The visitor at work in the run of that primary key. Http404 for what is somebody's own, and where it is none."""
    known = run.isascii() and run.isdecimal() and len(run) < 19
    cycle = visit.all_cycles().filter(pk=int(run)).first() if known else None
    if cycle is None or WORKBOOKS[cycle.workbook].private or not cycle.worksheets.exists():
        raise Http404
    return access.visit_in(visit, cycle)


def point(visit: CycleVisit, source: str, place: str) -> Origin:
    """A point to resolve: what it says is what is to be done."""
    finding = next((one for one in visit.review.findings if place_of(one) == place), None)
    if finding is None:
        raise Http404
    words = f"{LEVELS[finding.level]}: point in {visit.cycle.name}"
    href = f"{to_cycle(visit.cycle, 'points')}#point-{finding.element}"
    return Origin(source, place, visit.cycle, words, finding.message, href)


def row(visit: CycleVisit, source: str, place: str) -> Origin:
    """A row of a table of which its workbook says that it is something to do, or to see to."""
    question, _, key = place.partition(".")
    for doing in visit.workbook.doings:
        rows = (
            visit.review.scope.rows(doing.table) if (doing.source, doing.table.question) == (source, question) else []
        )
        found = next((one for one in rows if text(one, "id") == key), None)
        if found is not None:
            return row_of(visit, doing, found, place)
    raise Http404


def row_of(visit: CycleVisit, doing: Doing, found: PlainRow, place: str) -> Origin:
    asked = visit.workbook.question[doing.table.question]
    return Origin(
        doing.source,
        place,
        visit.cycle,
        f"{capital(doing.table.noun)} in {visit.cycle.name}",
        doing.does(found, visit.review.scope),
        to_cycle(visit.cycle, "check", asked.stage),
        text(found, doing.owner) if doing.owner else "",
        text(found, doing.due) if doing.due else "",
    )


def lesson(visit: CycleVisit, source: str, place: str) -> Origin:
    """What was learnt of a promise of the last run."""
    table, _, key = place.partition(".")
    answers = Lookback.objects.filter(cycle=visit.cycle, table=table, row=key).values_list("answers", flat=True).first()
    learnt = text(answers or {}, "lesson")
    if not learnt:
        raise Http404
    return Origin(
        source, place, visit.cycle, f"Lesson in {visit.cycle.name}", learnt, to_cycle(visit.cycle, "looking-back")
    )


def comment(visit: CycleVisit, source: str, place: str) -> Origin:
    """The first comment of a thread."""
    known = place.isascii() and place.isdecimal() and len(place) < 19
    rows = Comment.objects.filter(cycle=visit.cycle, parent=None)
    first = rows.filter(pk=int(place)).first() if known else None
    asked = visit.workbook.question.get(first.question) if first else None
    if first is None or asked is None:
        raise Http404
    words = f"Comment on {inside(asked.short)} in {visit.cycle.name}"
    href = f"{to_cycle(visit.cycle, 'comments-on', asked.key)}#thread-{first.pk}"
    return Origin(source, place, visit.cycle, words, first.text, href)


# What a run has that an action may be made from, each with how it is looked up.
IN_RUNS: dict[str, Callable[[CycleVisit, str, str], Origin]] = {
    Source.POINT: point,
    Source.CHECK: row,
    Source.ACCOUNT: row,
    Source.LESSON: lesson,
    Source.COMMENT: comment,
}


def clause_place(document: str, version: int, clause: str) -> str:
    """The key of a clause of a version among the places of an organisation."""
    return f"{document}/{version}/{clause}"


def clause(visit: Visit, place: str) -> Origin:
    """A clause of a version of a policy."""
    document, _, rest = place.partition("/")
    version, _, key = rest.partition("/")
    known = version.isascii() and version.isdecimal() and len(version) < 5
    rows = Policy.objects.filter(organisation=visit.organisation, document=document, clauses__key=key)
    if not known or not rows.filter(version=int(version)).exists():
        raise Http404
    words = f"Policy clause “{heading_of(document, key)}”"
    href = reverse("policy-clause", args=[visit.organisation.slug, document, int(version), key])
    return Origin(Source.CLAUSE, place, None, words, f"See to “{heading_of(document, key)}”", href)


def heading_of(document: str, clause: str) -> str:
    """How the library heads a clause; its key where it has it no more."""
    try:
        first, _, _ = texts.current().source(f"clauses/{document}.{clause}").lstrip().partition("\n")
    except KeyError:
        return clause
    return first.lstrip("# ").strip()


def back_to(action: Action, organisation: str) -> str:
    """Where what an action came from is; empty where that is nowhere any more. Reads no database: its cycle must be
    loaded, with the organisation."""
    if action.source == Source.CLAUSE:
        parts = action.place.split("/")
        return reverse("policy-clause", args=[organisation, *parts]) if len(parts) == 3 else ""
    cycle = action.cycle
    workbook = WORKBOOKS.get(cycle.workbook) if cycle else None
    if cycle is None or workbook is None or workbook.private:
        return ""
    if action.source == Source.POINT:
        return to_cycle(cycle, "points")
    if action.source == Source.COMMENT:
        return to_cycle(cycle, "comments")
    if action.source == Source.LESSON:
        return to_cycle(cycle, "looking-back")
    asked = workbook.question.get(action.place.partition(".")[0])
    return to_cycle(cycle, "check", asked.stage) if asked else ""


def proposed(origin: Origin) -> str:
    """The words that an action begins with: what was found, in one line and not too long."""
    return shortened(" ".join(origin.text.split()), MOST_TEXT)
