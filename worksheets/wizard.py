"""The wizard: twenty questions, one a page, and the storage through which their answers go in and out.

Steps 1 to 4 of the line in the README. django-formtools gives the order of the steps and the life of a form; what it
keeps in a session we keep in the cycle's worksheets, so that several people can work on one review, wherever they are.
"""

from __future__ import annotations

import datetime
import json
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from formtools.wizard.storage.base import BaseStorage
from formtools.wizard.views import NamedUrlWizardView

from worksheets import access, pages, saving, texts
from worksheets.access import Ability
from worksheets.addresses import address as page_address
from worksheets.fields import Case, Rows, Scope
from worksheets.following import last
from worksheets.following.carrying import PROMISES
from worksheets.merging import differences, merged
from worksheets.models import Cycle, Worksheet
from worksheets.review import Review, reasons_of
from worksheets.stages import QUESTION, QUESTIONS, STAGE, Question, QuestionForm
from worksheets.stages.base import Answer

NAMES = {question.key: question.form for question in QUESTIONS}
ROW_VERBS = ("add", "add-offers", "remove", "up", "down", "stay")


class WorksheetStorage(BaseStorage):
    """Keeps the answers in the worksheets of the cycle that the request is about, never in a session.

    The current step comes from the address and is never stored: two people share a cycle. Nothing here empties an
    answer: `reset`, which formtools calls at the start and at the end of a walk, has nothing to do.
    """

    request: HttpRequest

    @property
    def current_step(self) -> str:
        return self.request.resolver_match.kwargs["step"]  # type: ignore[union-attr]

    @current_step.setter
    def current_step(self, step: str) -> None:
        """The address says which step this is."""

    def get_step_data(self, step: str) -> Answer:
        return dict(self.request.review.answer(step))  # type: ignore[attr-defined]

    @property
    def current_step_data(self) -> Answer:
        return self.get_step_data(self.current_step)

    def set_step_data(self, step: str, answer: Answer, *, seen: int | None = None) -> saving.Saved:
        """Save the answer of a step against the version that the page was loaded with.

        Raises Conflict, Completed or Closed.
        """
        question = QUESTION[step]
        # An empty answer to a question that needs one is no answer at all.
        kept = answer if answer or question.optional else None
        visit: access.Visit = self.request.visit  # type: ignore[attr-defined]
        assert visit.cycle
        worksheet = next((w for w in visit.worksheets if w.stage == question.stage), None)
        worksheet = worksheet or saving.worksheet_of(visit.cycle, question.stage)
        scope = self.request.review.scope  # type: ignore[attr-defined]
        read = partial(question.form.untouched, scope=scope)
        return saving.save_answer(worksheet, step, kept, seen=seen, user=visit.user, read=read)

    def reset(self) -> None:
        """Nothing: what has been answered stays answered."""

    def update_response(self, response: HttpResponseBase) -> None:
        """Nothing to add: no cookie, no session."""


class ReviewWizard(NamedUrlWizardView):
    """One question page of one review cycle."""

    storage_name = "worksheets.wizard.WorksheetStorage"
    request: Any

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        question = QUESTION.get(kwargs["step"])
        if question is None or question.stage != kwargs["stage"]:
            raise Http404
        self.question: Question = question
        ability = Ability.WRITE if request.method == "POST" else Ability.READ
        self.visit = request.visit = access.visit_cycle(
            request.user, kwargs["organisation"], kwargs["cycle"], ability, people=False
        )
        assert self.visit.cycle
        self.texts = texts.current(self.visit.stamp)
        self.review = request.review = Review.of(self.visit.cycle, self.visit.worksheets, self.texts)
        self.worksheet = next((w for w in self.visit.worksheets if w.stage == question.stage), None)

    # What formtools asks for.

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> str:
        return ""

    def get_form_initial(self, step: str) -> Answer:
        return self.storage.get_step_data(step)

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"scope": self.review.scope, "mentioned": self.review.mentions(self.question.key)}

    def process_step(self, form: QuestionForm) -> Answer:
        return form.answer

    def get_step_url(self, step: str) -> str:
        return self.address("question", QUESTION[step].stage, step)

    def address(self, name: str, *more: str) -> str:
        return page_address(name, self.kwargs["organisation"], self.kwargs["cycle"], *more)

    # Reading a page.

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.writable:
            return self.page("wizard/read.jinja", section=self.review.section(self.question.key))
        form = self.get_form()
        tables = form.tables()
        # An empty row is not stored: each that was on the page is asked for by name.
        for name in request.GET.getlist("add"):
            if name in tables and len(form.raw[name]) < tables[name].most:
                form.raw[name] = tables[name].act(form.raw[name], "add", "")
        return self.render(form)

    @property
    def writable(self) -> bool:
        return self.visit.may_write and not (self.worksheet and self.worksheet.complete)

    def render(self, form: QuestionForm | None = None, **context: Any) -> HttpResponse:
        assert form is not None
        scope = self.review.scope
        failed = form.is_bound and bool(form.errors)
        if form.is_bound:
            scope = scope.having(self.question.stage, self.question.key, form.answer)
        form.computed = self.beside(scope)
        current = self.worksheet.version if self.worksheet else 0
        context.setdefault("version", self.seen if self.request.method == "POST" else current)
        return self.page(
            "wizard/question.jinja",
            form=form,
            errors=error_list(form),
            has_errors=failed,
            status=context.pop("status", 400 if failed else 200),
            **context,
        )

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        stage = STAGE[self.question.stage]
        return pages.render(
            self.request,
            template,
            self.visit,
            status=status,
            question=self.question,
            stage=stage,
            cycle=self.visit.cycle,
            review=self.review,
            worksheet=self.worksheet,
            note=self.texts.note(f"questions/{self.question.key}"),
            total=len(QUESTIONS),
            back=self.before(),
            last_save=last_save(self.visit),
            last=self.last,
            carried=self.question.key in self.review.standings[self.question.stage].carried,
            looking=self.request.method != "POST" and "look" in self.request.GET,
            **context,
        )

    # Answering.

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        verb, table, row_id = (*self.request.POST.get("do", "save").split(":"), "", "")[:3]
        if verb in ("resolve", "edit"):
            return self.settle_conflict(verb)
        form = self.get_form(data=self.request.POST)
        if verb == "baseline":
            form, verb = self.form_of(self.with_baseline(form.raw, table, row_id)), "stay"
        if verb in ROW_VERBS and table not in form.tables():
            verb = "save"
        if verb in ROW_VERBS:
            raw = form.raw | {table: form.tables()[table].act(form.raw[table], verb, row_id)}
            warning = self.still_named(form, raw, verb, table, row_id)
            if warning:
                return self.render(form, still_named=warning, status=200)
            form = self.form_of(raw)
        if verb == "compute":
            return self.fragments(form)
        if not form.is_valid() or (verb == "confirm" and not self.settled(form)):
            return self.render(form)
        return self.save(form, verb, table, row_id)

    def form_of(self, raw: dict[str, Any]) -> QuestionForm:
        return self.question.form(raw=raw, **self.get_form_kwargs())

    def save(
        self, form: QuestionForm, verb: str, table: str = "", row_id: str = "", seen: int | None = None
    ) -> HttpResponse:
        """Store a valid form and go where its button leads; on a clash show both sides, with nothing lost."""
        if verb == "reopen" and self.worksheet:
            saving.reopen(self.worksheet)
            self.worksheet.status = self.worksheet.Status.OPEN
        try:
            saved = self.storage.set_step_data(self.question.key, self.process_step(form), seen=seen or self.seen)
        except saving.Conflict as conflict:
            return self.show_conflict(conflict, form, verb, table, row_id)
        except saving.Completed as completed:
            return self.render(form, completed=completed.worksheet, status=409)
        except saving.Closed as closed:
            return self.render(form, closed=closed.cycle, status=409)
        if verb == "confirm":
            saving.confirm(saved.worksheet, self.question.key, self.visit.user)
        return HttpResponseRedirect(self.destination(verb, table, row_id, form, saved))

    @property
    def seen(self) -> int:
        """The version of the worksheet that the page was loaded with; 0 when the page does not say.

        A version that the worksheet has not reached, as after a backup was brought back, says nothing either.
        """
        given = self.request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 10 else 0
        return version if self.worksheet and version <= self.worksheet.version else 0

    def destination(self, verb: str, table: str, row_id: str, form: QuestionForm, saved: saving.Saved) -> str:
        """Where to go after a save: with the next question, unless a button asked for something else."""
        here = self.get_step_url(self.question.key)
        if verb == "list":
            return self.address("hub")
        if verb == "back":
            return self.before()
        if verb == "add":
            blank = [row for row in form.raw[table] if form.tables()[table].blank_row(row)]
            last = len(form.answer.get(table) or []) + len(blank) - 1
            return f"{here}?{'&'.join([f'add={table}'] * len(blank))}#{table}-{last}"
        if verb in ROW_VERBS:
            key = form.tables()[table].own_keys[0]
            ids = [row[key] for row in form.answer.get(table) or []]
            return f"{here}#{table}-{ids.index(row_id)}" if row_id in ids else f"{here}#{table}"
        scope = self.review.scope.having(self.question.stage, self.question.key, form.answer)
        if saved.changed and any(finding.level == "stop" for finding in self.question.findings(scope)):
            # Said at once: the answer is saved, and the page shows what stands against it before anybody moves on.
            return f"{here}?look#look"
        return self.after()

    def before(self) -> str:
        step = self.steps.prev
        return self.get_step_url(step) if step else self.address("hub")

    def after(self) -> str:
        following = self.steps.next
        if following is None or QUESTION[following].stage != self.question.stage:
            return self.address("check", self.question.stage)
        return self.get_step_url(following)

    def still_named(
        self, form: QuestionForm, raw: dict[str, Any], verb: str, table: str, row_id: str
    ) -> dict[str, Any] | None:
        """What to say before a row goes that other answers name; None when nothing stands against it."""
        places = form.case.mentioned.get(row_id)
        if verb != "remove" or not places or self.request.POST.get("sure") == row_id:
            return None
        kind: Rows = form.tables()[table]
        row = next((row for row in form.raw[table] if row["id"] == row_id), None)
        if row is None:
            return None
        words = kind.raw_words(row, self.review.scope)
        return {"id": row_id, "table": table, "noun": kind.noun, "words": words, "places": places}

    def fragments(self, form: QuestionForm) -> HttpResponse:
        """Only the computed lines, for a script to put in place while somebody types. Nothing is stored."""
        form.full_clean()
        scope = self.review.scope.having(self.question.stage, self.question.key, form.answer)
        return HttpResponse(render_to_string("wizard/fragments.jinja", {"computed": self.beside(scope)}))

    # What came from the last review.

    @cached_property
    def last(self) -> last.Last | None:
        """The last review, on the pages that ask for what it promised."""
        assert self.visit.cycle
        return last.read(self.visit.cycle) if self.question.key in PROMISES else None

    def beside(self, scope: Scope) -> dict[str, SafeString]:
        """What stands beside each row: what the answers add up to, and what became of the row last time."""
        assert self.visit.cycle
        drawn = beside(self.question, scope, self.visit.cycle)
        rows = {row["id"]: row for row in scope.rows(PROMISES[self.question.key])} if self.last else {}
        for row, promise in (self.last.of(self.question.key) if self.last else {}).items():
            frame = {"promise": promise, "baseline": rows.get(row, {}).get("baseline", "")}
            drawn[row] = SafeString(render_to_string("following/beside.jinja", frame) + drawn.get(row, ""))
        return drawn

    def with_baseline(self, raw: dict[str, Any], table: str, row_id: str) -> dict[str, Any]:
        """The raw answer with the figure that was reached last time as the baseline of a row."""
        promise = self.last.find(table, row_id) if self.last else None
        actual = promise.answers.get("actual", "") if promise else ""
        if not actual:
            return raw
        return raw | {table: [row | {"baseline": actual} if row["id"] == row_id else row for row in raw[table]]}

    def settled(self, form: QuestionForm) -> bool:
        """Whether it can be said of the answer that it still holds; if not, the form says what it wants."""
        faults = last.unsettled(self.question, form.answer, self.review.scope, self.last)
        for fault in faults:
            form.case.fault(fault.path, fault.message)
            form.errors.setdefault(fault.element, form.error_class()).append(fault.message)
        return not faults

    # Two people at once.

    def show_conflict(
        self, conflict: saving.Conflict, form: QuestionForm, verb: str, table: str, row_id: str
    ) -> HttpResponse:
        found = differences(self.question.form, conflict.base, form.answer, conflict.theirs, self.review.scope)
        if not found:
            # The same rows in another order: no text is lost by keeping the order of whoever came last.
            return self.save(form, verb, table, row_id, seen=conflict.worksheet.version)
        return self.page(
            "wizard/conflict.jinja",
            status=409,
            conflict=conflict,
            differences=found,
            mine=json.dumps(form.answer),
            version=conflict.worksheet.version,
        )

    def settle_conflict(self, verb: str) -> HttpResponse:
        """Save, or show for editing, the one answer made of both sides as chosen on the conflict page.

        BadRequest when the page sent something else than the answer that it was given.
        """
        try:
            given = json.loads(self.request.POST.get("mine", ""))
            # Half a character could be read, and not be shown again.
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise BadRequest("Your own text is not in this form.") from error
        if not isinstance(given, dict):
            raise BadRequest("Your own text is not in this form.")
        case = Case(self.review.scope)
        raw = self.question.form.raw_of(given, case)
        mine = self.question.form.settle(raw, case)
        if case.faults:
            # What it names has been removed meanwhile: the whole text is shown again, with what is to be done.
            return self.render(self.form_of(raw), status=400)
        theirs = self.storage.get_step_data(self.question.key)
        keep = {key.removeprefix("keep-"): side for key, side in self.request.POST.items() if key.startswith("keep-")}
        answer = merged(self.question.form, mine, theirs, keep)
        form = self.form_of(self.question.form.to_raw(answer, self.review.scope))
        if verb == "edit" or not form.is_valid():
            return self.render(form, status=200 if form.is_valid() else 400)
        return self.save(form, "save")


def beside(question: Question, scope: Scope, cycle: Cycle) -> dict[str, SafeString]:
    """What the answers add up to and where they do not fit together, as HTML, by the id of the row it stands in.

    What is about the whole question has the id "".
    """
    drawn: dict[str, str] = {}
    for line in question.computed(scope):
        html = render_to_string("wizard/computed.jinja", {"line": line})
        drawn[line.anchor] = drawn.get(line.anchor, "") + html
    findings = question.findings(scope)
    if findings:
        # Only what says stop can be answered with a reason.
        reasons = reasons_of(cycle) if any(finding.level == "stop" for finding in findings) else {}
        drawn[""] = drawn.get("", "") + render_to_string(
            "wizard/findings.jinja", {"findings": findings, "reasons": reasons}
        )
    return {anchor: SafeString(html) for anchor, html in drawn.items()}


def error_list(form: QuestionForm) -> list[dict[str, str]]:
    """The entries of the error summary: each error once, with a link to its field."""
    if not form.is_bound:
        return []
    return [
        {"text": str(message), "href": f"#{element}"}
        for element, messages in form.errors.items()
        for message in messages
    ]


def saved_at(worksheet: Worksheet) -> datetime.datetime:
    """When a worksheet was saved last; long ago when it never was."""
    return worksheet.updated_at or datetime.datetime.min.replace(tzinfo=datetime.UTC)


def last_save(visit: access.Visit) -> Worksheet | None:
    """The worksheet that was saved last, or None."""
    return max((w for w in visit.worksheets if w.updated_at), key=saved_at, default=None)
