"""The wizard: one question a page, and the storage through which its answers go in and out.

django-formtools gives the order of the steps and the life of a form; what it keeps in a session we keep in the cycle's
worksheets, so that several people can work on one review, wherever they are. How a page is answered is `answering`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from formtools.wizard.storage.base import BaseStorage
from formtools.wizard.views import NamedUrlWizardView

from worksheets import access, kept, limits, mending, neighbours, pages, saving
from worksheets.access import Ability, CycleVisit
from worksheets.answering import AnswerPage
from worksheets.fields import Answer, RawRow, Rows, Scope, text
from worksheets.following import last
from worksheets.languages import spoken
from worksheets.pages import Request
from worksheets.reasons import reasons_of, settle
from worksheets.report.letters import notice
from worksheets.saving import NO_SCRIPT, InWorksheet, Place, Saved, Typing
from worksheets.workbook import Question, QuestionForm
from worksheets.workbook.suggesting import suggestions

# The buttons with which somebody says that the answer on the page is the one they want.
SAYS_IT_HOLDS = ("save", "list")


class VisitRequest(Request):
    """A request of which it is known by whom and in which cycle."""

    visit: CycleVisit


class WorksheetStorage(BaseStorage):
    """Keeps the answers in the worksheets of the cycle that the request is about, never in a session.

    The current step comes from the address and is never stored: two people share a cycle. Nothing here empties an
    answer: `reset`, which formtools calls at the start and at the end of a walk, has nothing to do.
    """

    request: VisitRequest

    @property
    def visit(self) -> CycleVisit:
        return self.request.visit

    @property
    def current_step(self) -> str:
        match = self.request.resolver_match
        return str(match.kwargs["step"]) if match else ""

    @current_step.setter
    def current_step(self, step: str) -> None:
        """The address says which step this is."""

    def get_step_data(self, step: str) -> Answer:
        return dict(self.visit.review.answer(step))

    @property
    def current_step_data(self) -> Answer:
        return self.get_step_data(self.current_step)

    def set_step_data(
        self, step: str, answer: Answer | None, *, seen: str, reopening: bool = False, typing: Typing = NO_SCRIPT
    ) -> Saved:
        """Save the answer of a step against what its page had shown. Raises Conflict, Completed or TooLate."""
        place = self.place(step, reopening=reopening)
        return saving.save(place, answer, seen=seen, user=self.visit.user, typing=typing)

    def place(self, step: str, *, reopening: bool = False) -> Place:
        """Where the answer of a step is kept."""
        question = self.visit.workbook.question[step]
        sheet = self.visit.worksheet(question.stage) or saving.worksheet_of(self.visit.cycle, question.stage)
        read = partial(question.form.untouched, scope=self.visit.review.scope)
        return InWorksheet(sheet, step, read, reopening=reopening)

    def reset(self) -> None:
        """Nothing: what has been answered stays answered."""

    def update_response(self, response: HttpResponseBase) -> None:
        """Nothing to add: no cookie, no session."""


class ReviewWizard(AnswerPage, NamedUrlWizardView):
    """One question page of one cycle. Its steps are the questions of the cycle's workbook."""

    storage_name = "worksheets.wizard.WorksheetStorage"
    asking = "wizard/question.jinja"
    clashing = "wizard/conflict.jinja"
    storage: WorksheetStorage

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        workbook = kwargs["workbook"]
        question = workbook.question.get(kwargs["step"])
        if question is None or question.stage != kwargs["stage"]:
            raise Http404
        self.form_list = {question.key: question.form for question in workbook.questions}
        self.question: Question = question
        ability = Ability.WRITE if request.method == "POST" else Ability.READ
        self.visit = request.visit = access.visit_cycle(
            request.user, kwargs["organisation"], workbook, kwargs["cycle"], ability, workbook.stage[question.stage]
        )
        self.review = self.visit.review
        self.worksheet = self.visit.worksheet(question.stage)

    # What formtools asks for.

    def get_form_prefix(self, step: str | None = None, form: Any = None) -> str:
        return ""

    def get_form_initial(self, step: str) -> Answer:
        return self.storage.get_step_data(step)

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"scope": self.scope, "mentioned": self.review.mentions(self.question.key)}

    @cached_property
    def point(self) -> str:
        """The point that this answer is changed for; "" for none. The form carries it from page to page."""
        brought = kept.at(self.request)
        places = (self.request.POST, self.request.GET, brought.posted if brought else {})
        return next((point for place in places if mending.is_point(self.visit, point := place.get("point", ""))), "")

    def get_step_url(self, step: str) -> str:
        return self.at("question", self.visit.workbook.question[step].stage, step)

    def at(self, name: str, *more: str) -> str:
        return pages.to_cycle(self.visit.cycle, name, *more)

    # What an answer page asks for.

    @property
    def question_form(self) -> type[QuestionForm]:
        return self.question.form

    @property
    def here(self) -> str:
        return self.get_step_url(self.question.key)

    @property
    def scope(self) -> Scope:
        return self.read_against

    @cached_property
    def read_against(self) -> Scope:
        """The review, with what the last one answered where the page offers that, and what other runs have to offer."""
        scope = self.review.scope
        if self.visit.may_write and (rows := neighbours.offered(self.visit.cycle, self.question, self.visit.texts)):
            scope = replace(scope, offered=rows)
        if not any(isinstance(kind, Rows) and kind.offers for kind in self.question.form.kinds.values()):
            return scope
        return replace(scope, before=last.answered_before(self.visit, self.question))

    def form_of(self, **given: Any) -> QuestionForm:
        return self.question.form(**given, **self.get_form_kwargs())

    def place(self, *, reopening: bool = False) -> Place:
        return self.storage.place(self.question.key, reopening=reopening)

    def kept(self, answer: Answer) -> Answer | None:
        # An empty answer to a question that needs one is no answer at all.
        return answer if answer or self.question.optional else None

    def keep(self, answer: Answer | None, seen: str, *, reopening: bool) -> Saved:
        # Counting is a query more, so it is done now and then: a limit of thousands need not be met to the letter.
        if self.worksheet and self.worksheet.version % 50 == 49:
            limits.demand(limits.SAVES, saving.lately(self.visit.user, limits.HOUR))
        return self.storage.set_step_data(self.question.key, answer, seen=seen, reopening=reopening, typing=self.typing)

    # Reading a page.

    def led_to(self) -> set[str]:
        return super().led_to() | (mending.parsed(self.point)[1] if self.point else set())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.visit.may_write or (self.worksheet and self.worksheet.complete):
            return self.page("wizard/read.jinja", section=self.review.section(self.question.key))
        return self.render(self.opened())

    def render(
        self, form: QuestionForm | None = None, status: int | None = None, full: str = "", **context: Any
    ) -> HttpResponse:
        assert form is not None
        # A form that nobody asked about yet has no answer.
        form.is_valid()
        form.computed = self.beside(self.having(form) if form.is_bound else self.scope)
        return super().render(form, status, full, **context)

    def having(self, form: QuestionForm) -> Scope:
        """The review, were what stands in the form its answer."""
        return self.scope.having(self.question.stage, self.question.key, form.plain)

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return pages.render(
            self.request,
            template,
            self.visit,
            status=status,
            question=self.question,
            stage=self.visit.workbook.stage[self.question.stage],
            review=self.review,
            worksheet=self.worksheet,
            note=self.visit.texts.note(f"questions/{self.question.key}"),
            back=self.before(),
            # What is kept of this question, for its history, and when its worksheet was saved.
            saved=self.question.key in (self.worksheet.answers if self.worksheet else {}),
            last=self.last,
            carried=self.review.carried(self.question),
            unprinted=notice(json.dumps(self.review.answer(self.question.key), ensure_ascii=False)),
            point=self.point,
            suggestions=suggestions(self.visit.workbook.questions, self.question.form, self.scope),
            looking=self.request.method != "POST" and "look" in self.request.GET,
            **context,
        )

    # Answering.

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer()

    def pressed(self, form: QuestionForm, verb: str, table: str, row_id: str) -> HttpResponse | QuestionForm:
        if verb == "compute":
            return self.fragments(form)
        if verb == "baseline" and table in form.tables():
            rows = self.with_baseline(form.raw_rows(table), row_id)
            return self.form_of(raw=form.raw | {table: rows})
        if verb == "remove" and table in form.tables():
            warning = self.still_named(form, table, row_id)
            if warning:
                return self.render(form, 200, still_named=warning)
        return form

    def after_save(self, verb: str, saved: Saved, form: QuestionForm) -> None:
        """Saving an answer of the last review, changed or not, says that it holds, unless something is asked anew."""
        if verb in SAYS_IT_HOLDS and self.review.carried(self.question) and isinstance(saved.place, InWorksheet):
            wanted = last.unsettled(self.question, form.plain, self.scope, self.last)
            if wanted:
                told = self.question.form.in_a_list(wanted[0], form.raw, self.scope)
                messages.info(self.request, f"Saved. It counts as answered once this is there too: {told}.")
            else:
                saving.confirm(saved.place.worksheet, self.question.key, self.visit.user)

    def onwards(self, verb: str, form: QuestionForm, saved: Saved) -> str:
        """With the next question, unless a button asked for something else."""
        if verb == "list":
            return self.at("hub")
        if verb == "fill":
            # What was taken over stands in its fields now, to be read before anybody moves on.
            return f"{self.here}?{urlencode({'point': self.point})}" if self.point else self.here
        if verb == "go" and (there := self.visit.workbook.question.get(self.asked[1])):
            return self.get_step_url(there.key)
        if self.point:
            return mending.back_to(self.visit, self.point)
        if verb == "back":
            return self.before()
        # What saved itself while it was typed is as new to whoever presses the button.
        changed = saved.changed or saved.place.own(self.visit.user, self.typing)
        if changed and any(finding.level == "stop" for finding in self.question.findings(self.having(form))):
            # Said at once: the answer is saved, and the page shows what stands against it before anybody moves on.
            return f"{self.here}?look#look"
        following = self.steps.next
        if following is None or self.visit.workbook.question[following].stage != self.question.stage:
            return self.at("check", self.question.stage)
        return self.get_step_url(following)

    def before(self) -> str:
        if self.point:
            return mending.back_to(self.visit, self.point)
        step = self.steps.prev
        return self.get_step_url(step) if step else self.at("hub")

    def at_row(self, form: QuestionForm, verb: str, table: str, row_id: str) -> str:
        page, hash, row = super().at_row(form, verb, table, row_id).partition("#")
        joint = "&" if "?" in page else "?"
        return f"{page}{joint}{urlencode({'point': self.point})}{hash}{row}" if self.point else f"{page}{hash}{row}"

    def still_named(self, form: QuestionForm, table: str, row_id: str) -> dict[str, Any] | None:
        """What to say before a row goes that other answers name; None when nothing stands against it."""
        places = form.case.mentioned.get(row_id)
        if not places or self.request.POST.get("sure") == row_id:
            return None
        kind: Rows = form.tables()[table]
        row = next((row for row in form.raw_rows(table) if text(row, "id") == row_id), None)
        if row is None:
            return None
        words = kind.raw_words(row, self.scope)
        return {"id": row_id, "table": table, "noun": kind.noun, "words": words, "places": places}

    def fragments(self, form: QuestionForm) -> HttpResponse:
        """Only the computed lines, for a script to put in place while somebody types. Nothing is stored."""
        form.full_clean()
        lines = self.beside(self.having(form)) | form.folded()
        html = render_to_string("wizard/fragments.jinja", {"computed": lines})
        return HttpResponse(spoken(html, self.visit.cycle.language))

    # What came from the last review.

    @cached_property
    def last(self) -> last.Last | None:
        """The last review, on the pages that ask for what it promised."""
        return last.review_before(self.visit) if self.question.key in self.visit.workbook.promised else None

    def beside(self, scope: Scope) -> dict[str, SafeString]:
        """What stands beside each row: what the answers add up to, and what became of the row last time."""
        drawn = beside(self.question, scope, self.visit)
        if self.last:
            promised = self.visit.workbook.promised[self.question.key]
            baselines = {text(row, "id"): text(row, promised.baseline) for row in scope.rows(promised.table)}
            for row, promise in self.last.of(self.question.key).items():
                frame = {
                    "promise": promise,
                    "baseline": baselines.get(row, ""),
                    "last": self.last,
                    "cycle": self.visit.cycle,
                }
                drawn[row] = SafeString(render_to_string("following/beside.jinja", frame) + drawn.get(row, ""))
        return drawn

    def with_baseline(self, rows: list[RawRow], row_id: str) -> list[RawRow]:
        """The raw rows with the figure that was reached last time as the baseline of one of them."""
        promise = self.last.find(self.question.key, row_id) if self.last else None
        actual = text(promise.answers, "actual") if promise else ""
        if not actual:
            return rows
        name = self.visit.workbook.promised[self.question.key].baseline
        return [{**row, name: actual} if text(row, "id") == row_id else row for row in rows]


def beside(question: Question, scope: Scope, visit: CycleVisit) -> dict[str, SafeString]:
    """What the answers add up to and where they do not fit together, as HTML, by the id of the row it stands in.

    What is about the whole question has the id "", and what stands above all that is asked "^".
    """
    drawn: dict[str, str] = {}
    for line in question.computed(scope):
        html = render_to_string("wizard/computed.jinja", {"line": line})
        place = "^" if line.above else line.anchor
        drawn[place] = drawn.get(place, "") + html
    findings = question.findings(scope)
    if findings:
        reasons = reasons_of(visit.cycle)
        points = settle(findings, lambda one, rows: question.rule(one.id).told(scope, tuple(sorted(rows))), reasons)
        drawn[""] = drawn.get("", "") + render_to_string(
            "wizard/findings.jinja",
            {
                "points": points,
                "reasons": reasons,
                "organisation": visit.organisation if visit.may_lead else None,
                "visit": visit,
            },
        )
    return {anchor: SafeString(html) for anchor, html in drawn.items()}
