"""Looking back: what became of every SMART objective and measure of the last review, one page for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, pages
from worksheets.access import Ability, Visit
from worksheets.fields import Case, Scope
from worksheets.following import last
from worksheets.following.carrying import PROMISES
from worksheets.following.forms import LookbackForm
from worksheets.following.last import Last, Promise
from worksheets.merging import differences, merged
from worksheets.models import Cycle, Event, Lookback, Result
from worksheets.presentation import Row
from worksheets.saving import still
from worksheets.stages import QUESTION

ROW_VERBS = ("add", "remove", "up", "down")
TITLES = {"smart": "SMART objectives", "measures": "Measures"}


def open_last(user: Any, organisation: str, cycle: str, ability: Ability) -> tuple[Visit, Last]:
    """The visit, and the review it looks back at. Http404 when the review follows no other."""
    # A reader of a review that looks back at nothing gets 404 and not 403: there is nothing that could be refused.
    visit = access.visit_cycle(user, organisation, cycle, people=False)
    assert visit.cycle
    found = last.read(visit.cycle)
    if found is None:
        raise Http404
    return visit.demand(ability), found


@require_safe
def looking_back(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Everything that the last review promised, with what has been answered about it."""
    visit, found = open_last(request.user, organisation, cycle, Ability.READ)
    groups = [(TITLES[table], list(found.of(table).values())) for table in PROMISES]
    return pages.render(request, "following/looking_back.jinja", visit, cycle=visit.cycle, last=found, groups=groups)


@require_http_methods(["GET", "HEAD", "POST"])
def look_back_at(request: HttpRequest, organisation: str, cycle: str, table: str, row: str) -> HttpResponse:
    """One promise: what was promised, and the form about what became of it."""
    ability = Ability.WRITE if request.method == "POST" else Ability.READ
    visit, found = open_last(request.user, organisation, cycle, ability)
    promise = found.find(table, row)
    if promise is None:
        raise Http404
    page = OnePromise(request, visit, found, promise)
    if request.method == "POST":
        return page.post()
    return page.render(page.form(initial=promise.answers))


class OnePromise:
    """The page about one promise, in one request."""

    def __init__(self, request: HttpRequest, visit: Visit, found: Last, promise: Promise) -> None:
        assert visit.cycle
        self.request, self.visit, self.last, self.promise = request, visit, found, promise
        self.cycle: Cycle = visit.cycle

    @staticmethod
    def form(data: Any = None, **given: Any) -> LookbackForm:
        return LookbackForm(data, **given)

    def post(self) -> HttpResponse:
        verb, table, row_id = (*self.request.POST.get("do", "save").split(":"), "", "")[:3]
        if verb in ("resolve", "edit"):
            return self.settle(verb)
        form = self.form(self.request.POST)
        if verb in ROW_VERBS and table in form.tables():
            form = self.form(raw=form.raw | {table: form.tables()[table].act(form.raw[table], verb, row_id)})
        if not form.is_valid():
            return self.render(form, status=400)
        return self.save(form, verb, self.seen)

    @property
    def seen(self) -> int:
        """The version that the page was loaded with; 0 when the page does not say."""
        given = self.request.POST.get("version", "")
        return int(given) if given.isdecimal() and len(given) < 10 else 0

    def save(self, form: LookbackForm, verb: str, seen: int) -> HttpResponse:
        """Keep a valid form unless somebody else was quicker; then both are shown, with nothing lost."""
        if form.answer != self.promise.answers and not store(self.cycle, self.promise, form.answer, seen, self.visit):
            return self.conflict(form)
        return redirect(self.destination(verb))

    def destination(self, verb: str) -> str:
        if verb in ROW_VERBS:
            more = "?add=outside" if verb == "add" else ""
            return f"{self.address(self.promise)}{more}#outside"
        after = self.last.promises[self.last.promises.index(self.promise) + 1 :]
        if verb == "list" or not after:
            return pages.address(self.visit, "looking-back")
        return self.address(after[0])

    def address(self, promise: Promise) -> str:
        return pages.address(self.visit, "look-back-at", promise.table, promise.row)

    def render(self, form: LookbackForm, status: int = 200, version: int | None = None) -> HttpResponse:
        if self.request.method != "POST" and self.request.GET.get("add") == "outside":
            table = form.tables()["outside"]
            form.raw["outside"] = table.act(form.raw["outside"], "add", "")
        wrong = form.is_bound and bool(form.errors)
        errors = [{"text": fault.message, "href": f"#{fault.element}"} for fault in form.case.faults] if wrong else []
        posted = self.request.method == "POST"
        return self.page(
            "following/look_back_at.jinja" if self.visit.may_write else "following/read.jinja",
            status=status,
            form=form,
            errors=errors,
            has_errors=wrong,
            version=version if version is not None else self.seen if posted else self.promise.version,
            promised=promised(self.promise),
            answered=[
                kind.row(self.promise.answers.get(name), Scope())
                for name, kind in LookbackForm.base_fields.items()
                if name != "outside"
            ],
            outside=LookbackForm.base_fields["outside"].block(self.promise.answers.get("outside"), Scope()),
            **recorded(self.cycle, self.promise),
        )

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return pages.render(
            self.request,
            template,
            self.visit,
            status=status,
            cycle=self.cycle,
            last=self.last,
            promise=self.promise,
            question=QUESTION[self.promise.table],
            **context,
        )

    # Two people at once.

    def conflict(self, form: LookbackForm) -> HttpResponse:
        place = {"cycle": self.cycle, "table": self.promise.table, "row": self.promise.row}
        theirs = Lookback.objects.select_related("updated_by", "cycle").filter(**place).first()
        if theirs is None or not theirs.cycle.may_change:
            # The review was submitted or archived in this very moment.
            raise PermissionDenied
        found = differences(LookbackForm, {}, form.answer, theirs.answers, Scope())
        if not found:
            return redirect(self.destination("save"))
        return self.page(
            "following/conflict.jinja",
            status=409,
            theirs=theirs,
            differences=found,
            mine=json.dumps(form.answer),
            version=theirs.version,
        )

    def settle(self, verb: str) -> HttpResponse:
        """Save, or show for editing, what was chosen of both sides. BadRequest when the page sent something else."""
        try:
            given = json.loads(self.request.POST.get("mine", ""))
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise BadRequest("Your own text is not in this form.") from error
        if not isinstance(given, dict):
            raise BadRequest("Your own text is not in this form.")
        mine = LookbackForm.read(given, Case(Scope()))
        sides = self.request.POST.items()
        keep = {key.removeprefix("keep-"): str(side) for key, side in sides if key.startswith("keep-")}
        answer = merged(LookbackForm, mine, self.promise.answers, keep)
        form = self.form(raw=LookbackForm.to_raw(answer, Scope()))
        if verb == "edit" or not form.is_valid():
            return self.render(form, status=200 if form.is_valid() else 400)
        return self.save(form, "save", self.seen)


@transaction.atomic
def store(cycle: Cycle, promise: Promise, answer: Mapping[str, Any], seen: int, visit: Visit) -> bool:
    """Keep what was answered about a promise, if nobody saved it since `seen` and the review is open still."""
    values = {"answers": answer, "version": seen + 1, "updated_at": timezone.now(), "updated_by": visit.user}
    place = {"cycle": cycle, "table": promise.table, "row": promise.row}
    if seen:
        kept = Lookback.objects.filter(**place, version=seen, cycle__in=still(cycle.pk))
        return bool(kept.update(**values))
    if not still(cycle.pk).exists():
        return False
    try:
        with transaction.atomic():
            Lookback.objects.create(**place, **values)
    except IntegrityError:
        return False
    return True


def promised(promise: Promise) -> list[Row]:
    """What the last review says about a promise, as far as it helps to judge it."""
    table = QUESTION[promise.table].form.base_fields[PROMISES[promise.table].field]
    wanted = ("measure", "source", "baseline", "target", "due", "owner")
    rows = {name: table.fields[name].row(promise.last[name], Scope()) for name in wanted if promise.last.get(name)}  # type: ignore[attr-defined]
    if "baseline" in rows:
        # On the question page this is called "Now", which it is no longer.
        rows["baseline"] = replace(rows["baseline"], label="Where it stood")
    return list(rows.values())


def recorded(cycle: Cycle, promise: Promise) -> dict[str, Any]:
    """The last figure and the events that were recorded between the reviews; nothing for SMART objectives."""
    if promise.table != "measures":
        return {"figure": None, "events": []}
    figure = Result.objects.filter(cycle=cycle.previous_id, measure=promise.row).order_by("-on").first()
    return {"figure": figure, "events": list(Event.objects.filter(cycle=cycle.previous_id))}
