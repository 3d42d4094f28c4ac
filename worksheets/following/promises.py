"""Looking back on one page: a row for each promise of the last review, each kept in a line of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from worksheets import pages
from worksheets.access import CycleVisit
from worksheets.actions.sources import Offer, Offers
from worksheets.answering import AnswerPage
from worksheets.fields import Answer, PlainRow, Scope, rows_in, text
from worksheets.following.forms import LookingBackForm
from worksheets.following.keeping import InCycle
from worksheets.following.last import Last, Promise
from worksheets.following.recorded import Recorded, promised
from worksheets.models import Action, Cycle, Lookback, User
from worksheets.pages import Request, to_cycle
from worksheets.saving import Place, Saved, Typing, drafted, token, touch
from worksheets.workbook import QuestionForm

TABLE, KEY = "promises", "promise"


def lesson_of(promise: Promise, offers: Offers | None) -> Offer | None:
    """What is said of actions beside a promise of which something was learnt."""
    learnt = text(promise.answers, "lesson")
    return offers.at(Action.Source.LESSON, name_of(promise), learnt) if offers and learnt else None


def name_of(promise: Promise) -> str:
    """What a promise is called where all of them stand together."""
    return f"{promise.table}.{promise.row}"


class InLookbacks(InCycle):
    """What became of all promises. What happened outside is not asked here, and stays as it is."""

    def __init__(self, cycle: Cycle, promises: tuple[Promise, ...], was: str) -> None:
        super().__init__(cycle, was)
        self.places = {name_of(promise): (promise.table, promise.row) for promise in promises}
        self.kept: dict[str, tuple[Mapping[str, Any], int]] = {
            name_of(promise): (promise.answers, promise.version) for promise in promises
        }

    @property
    def stored(self) -> Answer | None:
        asked = LookingBackForm.kinds[TABLE].fields  # type: ignore[attr-defined]
        rows: list[PlainRow] = []
        for name, (answers, _version) in self.kept.items():
            row = {field: answers[field] for field in asked if field in answers}
            if row:
                rows.append({KEY: name, **row})
        return {TABLE: [*rows]} if rows else None

    def lines(self) -> Any:
        return Lookback.objects.filter(cycle=self.cycle)

    def saved_last(self) -> tuple[User | None, datetime | None]:
        row = self.lines().select_related("updated_by").order_by("-updated_at").first()
        return (row.updated_by, row.updated_at) if row else (None, None)

    @property
    def draft(self) -> dict[str, Any]:
        # Asked for only when something else is stored than the page had shown.
        found = self.lines().order_by("-updated_at").values_list("draft", flat=True).first()
        return found or {}

    def write(self, answer: Answer | None, user: User | None, typing: Typing) -> bool:
        rows = {text(row, KEY): row for row in rows_in(answer or {}, TABLE)}
        now = self.stored
        before = {text(row, KEY): row for row in rows_in(now or {}, TABLE)}
        told = {"updated_at": timezone.now(), "updated_by": user, "draft": drafted(answer, user, typing)}
        try:
            with transaction.atomic():
                touch(self.cycle.pk)
                for name in self.kept:
                    if rows.get(name) != before.get(name) and not self.write_one(name, rows.get(name, {}), told):
                        raise Overtaken
        except (IntegrityError, Overtaken):
            return False
        self.refresh()
        return True

    def write_one(self, name: str, row: PlainRow, told: dict[str, Any]) -> bool:
        answers, version = self.kept[name]
        outside = {field: answers[field] for field in answers if field == "outside"}
        values = {**told, "answers": {**{k: v for k, v in row.items() if k != KEY}, **outside}, "version": version + 1}
        table, key = self.places[name]
        if not version:
            Lookback.objects.create(cycle=self.cycle, table=table, row=key, **values)
            return True
        return bool(self.lines().filter(table=table, row=key, version=version).update(**values))

    def refresh(self) -> None:
        found = {(line.table, line.row): (line.answers, line.version) for line in self.lines()}
        self.kept = {name: found.get(place, ({}, 0)) for name, place in self.places.items()}
        self.cycle.refresh_from_db()


class Overtaken(Exception):
    """Somebody saved one of the rows in this very moment."""


class AllPromises(AnswerPage):
    """The page about all promises, in one request."""

    asking = "following/looking_back.jinja"
    clashing = "following/conflict_all.jinja"

    def __init__(self, request: Request, visit: CycleVisit, review: Last) -> None:
        self.request, self.visit, self.last = request, visit, review
        self.kept_at = InLookbacks(visit.cycle, review.promises, request.POST.get("was", ""))

    @property
    def question_form(self) -> type[QuestionForm]:
        return LookingBackForm

    @property
    def here(self) -> str:
        return to_cycle(self.visit.cycle, "looking-back")

    @property
    def scope(self) -> Scope:
        rows: list[Any] = [{"id": name_of(promise), "words": promise.words} for promise in self.last.promises]
        answers = {"looking-back": {"promises": {"promises": rows}}}
        others = self.last.language if self.last.language != self.visit.cycle.language else ""
        return Scope(answers, self.visit.organisation.name, others=others)

    def place(self, *, reopening: bool = False) -> Place:
        return self.kept_at

    def kept(self, answer: Answer) -> Answer | None:
        return answer or None

    def onwards(self, verb: str, form: QuestionForm, saved: Saved) -> str:
        return to_cycle(self.visit.cycle, "hub")

    def render(self, form: QuestionForm, status: int | None = None, full: str = "", **context: Any) -> HttpResponse:
        form.computed = self.beside()
        return super().render(form, status, full, **context)

    def beside(self) -> dict[str, SafeString]:
        """What was promised, and what was recorded since, as HTML for the row of each promise."""
        recorded = Recorded.between(self.visit)
        doing = Offers.beside(self.visit, Action.Source.LESSON)
        drawn = {}
        for promise in self.last.promises:
            frame = {
                "promised": promised(promise, self.visit),
                "figure": recorded.figure(promise),
                "outside": len(rows_in(promise.answers, "outside")),
                "there": to_cycle(self.visit.cycle, "look-back-at", promise.table, promise.row),
                "words": promise.words,
                "doing": lesson_of(promise, doing),
                "last": self.last,
                "cycle": self.visit.cycle,
            }
            drawn[name_of(promise)] = SafeString(render_to_string("following/promise.jinja", frame))
        return drawn

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        stored = self.kept_at.stored or {}
        shown = token(stored) == context.get("seen")
        groups = [
            (how.title, list(self.last.of(table).values())) for table, how in self.visit.workbook.promised.items()
        ]
        return pages.render(
            self.request,
            template,
            self.visit,
            status=status,
            last=self.last,
            groups=groups,
            was=json.dumps(stored) if shown else self.request.POST.get("was", ""),
            **context,
        )
