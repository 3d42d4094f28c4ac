"""Looking back: what became of everything that the last review promised, and of one with what happened outside."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from worksheets import pages
from worksheets.access import Ability, CycleVisit
from worksheets.answering import AnswerPage
from worksheets.fields import Answer, Scope
from worksheets.following import last
from worksheets.following.forms import LookbackForm
from worksheets.following.keeping import InCycle
from worksheets.following.last import Last, Promise
from worksheets.following.promises import AllPromises
from worksheets.following.recorded import Recorded, promised
from worksheets.models import Lookback, User
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.saving import Place, Saved, Typing, drafted, token, touch
from worksheets.workbook import QuestionForm


def the_last(visit: CycleVisit) -> Last:
    """The review that is looked back at. Http404 when the review follows no other."""
    review = last.review_before(visit)
    if review is None:
        raise Http404
    return review


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle()
def looking_back(request: Request, visit: CycleVisit) -> HttpResponse:
    """Everything that the last review promised, on one page, with the form about what became of it."""
    review = the_last(visit)
    if request.method == "POST":
        visit.demand(Ability.WRITE)
    page = AllPromises(request, visit, review)
    return page.answer() if request.method == "POST" else page.render(page.opened())


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle()
def look_back_at(request: Request, visit: CycleVisit, table: str, row: str) -> HttpResponse:
    """One promise: what was promised, and the form about what became of it."""
    review = the_last(visit)
    promise = review.find(table, row)
    if request.method == "POST":
        # A reader of a review that looks back at nothing gets 404 and not 403: there is nothing that could be refused.
        visit.demand(Ability.WRITE)
    if promise is None:
        raise Http404
    page = OnePromise(request, visit, review, promise)
    return page.answer() if request.method == "POST" else page.render(page.opened())


class InLookback(InCycle):
    """What became of one promise, in a row of its own."""

    def __init__(self, visit: CycleVisit, promise: Promise, was: str) -> None:
        super().__init__(visit.cycle, was)
        self.key = {"cycle": visit.cycle, "table": promise.table, "row": promise.row}
        self.answers, self.version = dict(promise.answers), promise.version

    @property
    def stored(self) -> Answer | None:
        return self.answers or None

    def saved_last(self) -> tuple[User | None, datetime | None]:
        row = Lookback.objects.select_related("updated_by").filter(**self.key).first()
        return (row.updated_by, row.updated_at) if row else (None, None)

    @property
    def draft(self) -> dict[str, Any]:
        # Asked for only when something else is stored than the page had shown.
        found = Lookback.objects.filter(**self.key, version=self.version).values_list("draft", flat=True).first()
        return found or {}

    def write(self, answer: Answer | None, user: User | None, typing: Typing) -> bool:
        values = {
            "answers": answer or {},
            "version": self.version + 1,
            "updated_at": timezone.now(),
            "updated_by": user,
            "draft": drafted(answer, user, typing),
        }
        try:
            with transaction.atomic():
                touch(self.cycle.pk)
                if not self.version:
                    Lookback.objects.create(**self.key, **values)
                elif not Lookback.objects.filter(**self.key, version=self.version).update(**values):
                    return False
        except IntegrityError:
            return False
        self.answers, self.version = answer or {}, self.version + 1
        return True

    def refresh(self) -> None:
        row = Lookback.objects.filter(**self.key).first()
        self.answers, self.version = (row.answers, row.version) if row else ({}, 0)
        self.cycle.refresh_from_db()


class OnePromise(AnswerPage):
    """The page about one promise, in one request."""

    asking = "following/look_back_at.jinja"
    clashing = "following/conflict.jinja"

    def __init__(self, request: Request, visit: CycleVisit, review: Last, promise: Promise) -> None:
        self.request, self.visit, self.last, self.promise = request, visit, review, promise

    @property
    def question_form(self) -> type[QuestionForm]:
        return LookbackForm

    @property
    def here(self) -> str:
        return self.at(self.promise)

    def at(self, promise: Promise) -> str:
        return to_cycle(self.visit.cycle, "look-back-at", promise.table, promise.row)

    def place(self, *, reopening: bool = False) -> Place:
        return InLookback(self.visit, self.promise, self.request.POST.get("was", ""))

    def onwards(self, verb: str, form: QuestionForm, saved: Saved) -> str:
        return to_cycle(self.visit.cycle, "looking-back")

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        if template == self.asking and not self.visit.may_write and self.request.method != "POST":
            template = "following/read.jinja"
        promise, fields = self.promise, LookbackForm.kinds
        stored = self.place().stored or {}
        shown = token(stored) == context.get("seen")
        outside, recorded = fields["outside"], Recorded.about(promise, self.visit)
        return pages.render(
            self.request,
            template,
            self.visit,
            status=status,
            last=self.last,
            promise=promise,
            was=json.dumps(stored) if shown else self.request.POST.get("was", ""),
            promised=promised(promise, self.visit),
            answered=[
                kind.row(promise.answers.get(name), Scope()) for name, kind in fields.items() if kind is not outside
            ],
            outside=outside.block(promise.answers.get("outside"), Scope()),
            figure=recorded.figure(promise),
            events=recorded.events_about(promise),
            **context,
        )
