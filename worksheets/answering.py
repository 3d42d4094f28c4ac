"""A page on which one answer is given: its form, its rows, its saving, and what happens when two people answer at once.

Steps 1 to 4 of the line in the README, the same for a question and for what became of a promise. Whoever makes such a
page says where the answer is kept, what the page looks like, and where its buttons lead.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from worksheets.access import CycleVisit
from worksheets.fields import Answer, Case, Plain, RawRow, Rows, RowsFor, Scope, rows_in, text
from worksheets.limits import Full
from worksheets.merging import chosen, merge
from worksheets.pages import Request
from worksheets.saving import Completed, Conflict, Place, Saved, TooLate, Typing, save, token
from worksheets.whole import START
from worksheets.words import counted, listed, shortened, some
from worksheets.workbook import QuestionForm

ROW_VERBS = ("add", "add-offers", "take", "copy", "remove", "up", "down", "stay", "paste", "begin")
# What a script asks for beside what the buttons do.
SCRIPT_VERBS = ("draft", "held", "show")
TURN = re.compile(r"[0-9]{1,6}")


class AnswerPage(ABC):
    """One answer on a page, in one request."""

    request: Request
    visit: CycleVisit
    # What a page with the form, and one with two answers side by side, is drawn by.
    asking: ClassVar[str]
    clashing: ClassVar[str]

    # What the pages differ in.

    @property
    @abstractmethod
    def question_form(self) -> type[QuestionForm]: ...

    @property
    @abstractmethod
    def here(self) -> str:
        """Where this page is."""

    @property
    def scope(self) -> Scope:
        """What the answer is read against."""
        return Scope()

    @abstractmethod
    def place(self, *, reopening: bool = False) -> Place:
        """Where the answer is kept."""

    @abstractmethod
    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page in the frame that all pages about this answer share."""

    @abstractmethod
    def onwards(self, verb: str, form: QuestionForm, saved: Saved) -> str:
        """Where to go after a save, unless a button of a row asked for something else."""

    def form_of(self, **given: Any) -> QuestionForm:
        """The form with `data` from a browser, a `raw` answer, or the `initial` one that is stored."""
        return self.question_form(**given, scope=self.scope)

    def kept(self, answer: Answer) -> Answer | None:
        """The answer as it is to be kept; None when it is none."""
        return answer

    def pressed(self, form: QuestionForm, verb: str, table: str, row_id: str) -> HttpResponse | QuestionForm:
        """What buttons of this page alone do before anything is saved: an answer at once, or the form to go on with.

        Another form than the one that was sent goes the way of `stay`.
        """
        return form

    def after_save(self, verb: str, saved: Saved, form: QuestionForm) -> None:
        """What else a button does once the answer of the form is saved."""
        return

    # Reading.

    def opened(self) -> QuestionForm:
        """The form as it is loaded: with what is stored, and each blank row that was on the page before."""
        form = self.form_of(initial=self.place().read(self.place().stored or {}))
        form.case.opened = self.led_to()
        tables = form.tables()
        # An empty row is not stored: each that was on the page is asked for by name.
        for name in self.request.GET.getlist("add"):
            if name in tables and len(form.raw_rows(name)) < tables[name].most:
                form.raw[name] = tables[name].act(form.raw_rows(name), "add", "")
        return form

    def led_to(self) -> set[str]:
        """The rows that stand open because a link has led to them, by their ids or words."""
        return set(self.request.GET.getlist("open"))

    @property
    def seen(self) -> str:
        """The token of the answer that the page had shown; empty when it had shown none, or does not say."""
        return self.request.POST.get("seen", "")

    @property
    def typing(self) -> Typing:
        """What the script of the page says about it, like "k3f9.12": its name and how many saves it has sent."""
        page, _, turn = self.request.POST.get("page", "").partition(".")
        draft = self.request.POST.get("do") == "draft"
        return Typing(page[:40], int(turn) if TURN.fullmatch(turn) else 0, draft)

    def render(self, form: QuestionForm, status: int | None = None, full: str = "", **context: Any) -> HttpResponse:
        """The page with its form. What was seen stays what it was: somebody else's save must not pass for read.

        `full` says which limit was met, where one was.
        """
        failed = bool(full) or (form.is_bound and bool(form.errors))
        posted = self.request.method == "POST"
        if status == 409:
            form.unfold()
        context.setdefault("seen", self.seen if posted else token(self.place().stored))
        return self.page(
            self.asking,
            form=form,
            errors=[{"text": full}] if full else form.problems,
            has_errors=failed,
            status=status or (400 if failed else 200),
            **{"completed": None, "closed": None, "still_named": None, **context},
        )

    # Answering.

    @property
    def asked(self) -> tuple[str, str, str]:
        """What the pressed button asks for: a verb, and where that is about rows, their table and the id of one."""
        verb, table, row_id = (*self.request.POST.get("do", "save").split(":"), "", "")[:3]
        return verb, table, row_id

    def answer(self) -> HttpResponse:
        """Do what the pressed button asks for. A verb that no button has is taken for a plain save."""
        verb, table, row_id = self.asked
        if verb in ("resolve", "edit"):
            return self.settle(verb)
        if verb in SCRIPT_VERBS:
            return self.script(verb)
        form = self.with_begun(self.form_of(data=self.request.POST))
        pressed = self.pressed(form, verb, table, row_id)
        if isinstance(pressed, HttpResponse):
            return pressed
        if pressed is not form:
            form, verb = pressed, "stay"
        if verb in ROW_VERBS and table not in form.tables():
            verb = "save"
        if verb in ROW_VERBS:
            kind, rows = form.tables()[table], form.raw_rows(table)
            if verb == "paste":
                rows = self.with_pasted(kind, rows)
            form = self.form_of(raw=form.raw | {table: kind.act(rows, verb, row_id)})
        if not form.is_valid():
            return self.render(form)
        return self.save(form, verb, table, row_id, self.seen)

    def save(self, form: QuestionForm, verb: str, table: str, row_id: str, seen: str) -> HttpResponse:
        """Store a valid form and go where its button leads; on a clash show both sides, with nothing lost."""
        try:
            saved = self.keep(self.kept(form.plain), seen, reopening=verb == "reopen")
            self.after_save(verb, saved, form)
        except Conflict as conflict:
            return self.bring_together(conflict, form, verb, table, row_id)
        except Completed as completed:
            return self.render(form, 409, completed=completed.worksheet)
        except TooLate as late:
            return self.render(form, 409, closed=late.cycle)
        except Full as full:
            return self.render(form, 400, full=full.limit.words)
        if verb in ROW_VERBS:
            return HttpResponseRedirect(self.at_row(form, verb, table, row_id))
        return HttpResponseRedirect(self.onwards(verb, form, saved))

    def keep(self, answer: Answer | None, seen: str, *, reopening: bool) -> Saved:
        """Store an answer against what the page had shown."""
        place = self.place(reopening=reopening)
        return save(place, answer, seen=seen, user=self.visit.user, typing=self.typing)

    def at_row(self, form: QuestionForm, verb: str, table: str, row_id: str) -> str:
        """This page again, at the row that a button was about, with every blank row that stood on it."""
        kind: Rows = form.tables()[table]
        rows = rows_in(form.plain, table)
        if verb == "add":
            blank = sum(kind.blank_row(row) for row in form.raw_rows(table))
            return f"{self.here}?{'&'.join([f'add={table}'] * blank)}#{table}-{len(rows) + blank - 1}"
        ids = [text(row, kind.own_keys[0]) for row in rows]
        if row_id not in ids:
            return f"{self.here}#{table}"
        place = ids.index(row_id)
        if verb == "copy" and place + 1 < len(ids):
            # The copy stands right behind.
            place += 1
        return f"{self.here}?{urlencode({'open': ids[place]})}#{table}-{place}"

    def with_begun(self, form: QuestionForm) -> QuestionForm:
        """The form with the rows that were ticked to start from, and the answers that were ticked to be taken over,
        whichever button was pressed."""
        answers = form.with_taken(self.request.POST.getlist("take"))
        begun: dict[str, list[RawRow]] = {}
        page = self.request.POST.get(START, "")
        for name, kind in form.tables().items():
            offered = self.request.POST.getlist(f"{name}-offer")
            if offered:
                begun[name] = kind.with_offered(form.raw_rows(name), offered, self.scope, page)
            taken = self.request.POST.getlist(f"{name}-take")
            if taken:
                rows = begun.get(name, form.raw_rows(name))
                begun[name] = kind.with_taken(rows, taken, self.scope, page)
            each = self.request.POST.get("do") == f"begin:{name}:each"
            ticked = self.request.POST.getlist(f"{name}-begin")
            if each or ticked:
                rows = begun.get(name, form.raw_rows(name))
                begun[name] = kind.with_begun(rows, None if each else ticked, self.scope, page)
        return self.form_of(raw=form.raw | answers | begun) if answers or begun else form

    def with_pasted(self, kind: Rows, rows: list[RawRow]) -> list[RawRow]:
        """The rows with those that were pasted; which cells found no place is said on the next page."""
        sent = self.request.POST
        column = "".join(sent.get("pasted-at", "").split("-")[2:3])
        rows, left = kind.with_pasted(rows, sent.get("pasted", ""), column, self.scope)
        if left:
            cells = listed(some([f"“{shortened(cell, 40)}”" for cell in left]))
            messages.info(
                self.request, f"Left out, as the table has no place for it: {cells}. Add what you need by hand."
            )
        return rows

    # What a script asks for while somebody types.

    def script(self, verb: str) -> HttpResponse:
        """Save a draft, say whether what was kept in a browser is stored already, or show it in its fields again.

        The first two answer with JSON: `state`, the token of what is stored as `seen`, and `words` for people.
        """
        # What is ticked to be added is added by its button, once.
        form = self.form_of(data=self.request.POST)
        if verb == "show":
            form.unfold()
            return self.render(form)
        if verb == "held":
            place = self.place()
            stored = place.read(place.stored or {})
            same = form.is_valid() and (self.kept(form.plain) or {}) == stored
            return JsonResponse({"state": "same" if same else "other", "seen": token(place.stored)})
        return self.draft(form)

    def draft(self, form: QuestionForm) -> JsonResponse:
        """Save what is being typed, by the rule of every save. What cannot be saved is said, and left to its page."""
        if not form.is_valid():
            first, *more = form.problems
            others = f" Then mend {counted(len(more), 'more answer')}." if more else ""
            return told(400, "faults", f"Not saved yet. {first['text']}.{others}")
        try:
            saved = self.keep(self.kept(form.plain), self.seen, reopening=False)
        except Conflict as conflict:
            who = "You" if conflict.by == self.visit.user else conflict.by or "Somebody else"
            where = " in another window" if conflict.by == self.visit.user else ""
            words = f"{who} changed this answer{where}. Save to put both together."
            return told(409, "conflict", words)
        except Completed:
            return told(409, "closed", "Not saved: this worksheet was completed while you were writing.")
        except TooLate as late:
            return told(409, "closed", f"Not saved: this {self.visit.workbook.noun} is {late.cycle.standing} now.")
        except Full as full:
            return told(429, "faults", f"Not saved yet. {full.limit.words}.")
        stored = saved.place.stored
        # A page without a history carries what it shows along with it.
        shown = {"was": json.dumps(stored or {})} if "was" in self.request.POST else {}
        return told(200, "saved", f"Saved {timezone.localtime():%H:%M}", seen=token(stored), **shown)

    # Two people at once.

    def bring_together(
        self, conflict: Conflict, form: QuestionForm, verb: str, table: str, row_id: str
    ) -> HttpResponse:
        """Save both answers as one, and say so on the next page; ask where both changed the same."""
        place = self.place()
        place.refresh()
        theirs, seen = place.read(place.stored or {}), token(place.stored)
        both = merge(self.question_form, conflict.base, form.plain, theirs, self.scope)
        if both.clashes:
            return self.page(
                self.clashing, status=409, conflict=conflict, both=both, mine=json.dumps(both.answer), seen=seen
            )
        merged = self.joined(form, both.answer)
        if not merged.is_valid():
            messages.info(self.request, f"Put together with what {self.saved_by(conflict)}. It is not saved yet.")
            return self.render(merged, 400, seen=seen)
        answer = self.save(merged, verb, table, row_id, seen)
        if both.taken and isinstance(answer, HttpResponseRedirect):
            messages.info(self.request, f"Merged with what {self.saved_by(conflict)}.")
        return answer

    def joined(self, form: QuestionForm, answer: Answer) -> QuestionForm:
        """The form with another answer in it, and behind each table the blank rows that stood on the page."""
        merged = self.form_of(raw=self.question_form.to_raw(answer, self.scope))
        for name, kind in form.tables().items():
            if not isinstance(kind, RowsFor):
                blank = [row for row in form.raw_rows(name) if kind.blank_row(row)]
                merged.raw[name] = [*merged.raw_rows(name), *blank]
        return merged

    def saved_by(self, conflict: Conflict) -> str:
        """Who saved the other answer and when: "Colin saved at 10:42"."""
        who = "you saved in another window" if conflict.by == self.visit.user else f"{conflict.by or 'somebody'} saved"
        return f"{who} at {timezone.localtime(conflict.at):%H:%M}" if conflict.at else who

    def settle(self, verb: str) -> HttpResponse:
        """Save, or show for editing, the one answer made of both sides as chosen on the conflict page.

        BadRequest when the page sent something else than the answer that it was given.
        """
        case = Case(self.scope, typed=True)
        raw = self.question_form.raw_of(given_back(self.request), case)
        mine = self.question_form.settle(raw, case)
        if case.faults:
            # What it names has been removed meanwhile: the whole text is shown again, with what is to be done.
            return self.render(self.form_of(raw=raw), 400)
        place = self.place()
        theirs = place.read(place.stored or {})
        sent = self.request.POST
        keep = {key.removeprefix("keep-"): sent.get(key, "") for key in sent if key.startswith("keep-")}
        answer = chosen(self.question_form, mine, theirs, keep)
        form = self.form_of(raw=self.question_form.to_raw(answer, self.scope))
        if verb == "edit" or not form.is_valid():
            return self.render(form, 200 if form.is_valid() else 400)
        return self.save(form, "save", "", "", self.seen)


def given_back(request: Request) -> Answer:
    """The answer that the conflict page was given and sends back. BadRequest when it is none."""
    try:
        given: Plain = json.loads(request.POST.get("mine", ""))
        # Half a character could be read, and not be shown again.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest("Your own text is not in this form.") from error
    if not isinstance(given, dict):
        raise BadRequest("Your own text is not in this form.")
    return given


def told(status: int, state: str, words: str, **more: str) -> JsonResponse:
    """The answer to a script, whose `words` it puts on the page."""
    return JsonResponse({"state": state, "words": words, **more}, status=status)
