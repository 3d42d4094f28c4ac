"""The pages around the questions: the hub of a review, and each stage's answers to check, complete and reopen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import audit, interchange, limits, pages, saving
from worksheets.access import Ability, CycleVisit, visit_cycle
from worksheets.actions import listing
from worksheets.actions.sources import Offers, sources_of
from worksheets.assigning.given import given_in
from worksheets.assigning.given import tasks as tasks_of
from worksheets.following import last
from worksheets.models import Cycle, Decision, Revision, Worksheet
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.reasons import settled
from worksheets.report import queue
from worksheets.review import Review
from worksheets.signoff.board import board_of, open_comments
from worksheets.steps import next_step
from worksheets.words import inside
from worksheets.workbook import Question, Stage

# How many open actions the hub lists.
LISTED = 3


@require_safe
@in_cycle()
def hub(request: Request, visit: CycleVisit) -> HttpResponse:
    """A review at a glance: how far it is, what is next, and its worksheets."""
    review = visit.review
    tasks = [task(stage, review) for stage in visit.workbook.stages]
    told = Revision.objects.filter(worksheet__cycle=visit.cycle, passed=False)
    saves = told.select_related("saved_by").order_by("-saved_at", "-id")
    known = visit.workbook.question
    board = board_of(visit.cycle)
    before = last.review_before(visit)
    given = given_in(visit.cycle) if visit.cycle.may_change else []
    yours = tasks_of((one for one in given if one.person == visit.user), review, visit.cycle)
    sent_back = bool(
        visit.cycle.state == Cycle.State.OPEN and board.last and board.last.kind == Decision.Kind.SENT_BACK
    )
    if board.signing and board.signing.under_way:
        # Whoever signs it off need not stay, and whoever prints may have ended.
        queue.press_on()
    return pages.render(
        request,
        "hub.jinja",
        visit,
        review=review,
        progress=review.progress,
        tasks=tasks,
        yours=yours,
        # Who was given a question stands behind it, and whoever has a whole worksheet above its questions.
        who={f"{one.stage}/{one.question}": one.person for one in given},
        begun=any(state != "not-started" for state in review.states.values()),
        next=next_step(visit, before, again=sent_back, mine=next(iter(yours), None)),
        activity=[(known[save.question], save) for save in saves[:5] if save.question in known],
        last=before,
        board=board,
        talk=sum(board.open_comments.values()),
        sent_back=sent_back,
        points=settled(review, board.reasons),
        to_do=[] if visit.workbook.private else list(listing.of_review(visit.cycle)[: LISTED + 1]),
        called_owner=listing.called,
    )


def task(stage: Stage, review: Review) -> dict[str, object]:
    """A stage as an entry of the task list: its state, the questions still open, and where it leads."""
    waiting = [question for question in stage.questions if review.states[question.key] != "answered"]
    sheet = review.sheets[stage.key]
    started = any(review.states[question.key] != "not-started" for question in stage.questions)
    state = "complete" if sheet.complete else "in-progress" if started else "not-started"
    answered = [question for question in stage.questions if question not in waiting]
    return {"stage": stage, "state": state, "waiting": waiting, "answered": answered, "sheet": sheet}


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(post=Ability.WRITE)
def check(request: Request, visit: CycleVisit, stage: str) -> HttpResponse:
    """Check your answers: all a stage holds, with a way to change each; POST completes or reopens its worksheet."""
    here = visit.workbook.stage.get(stage)
    if here is None:
        raise Http404
    if request.method == "POST":
        return settle_worksheet(request, visit, here)
    return checking(request, visit, here)


def checking(request: Request, visit: CycleVisit, stage: Stage, status: int = 200, **context: Any) -> HttpResponse:
    worksheet = visit.worksheet(stage.key)
    asked = {source for question in stage.questions for source in sources_of(visit.workbook, question.key)}
    doing = Offers.beside(visit, *asked) if asked else None
    return pages.render(
        request,
        "check.jinja",
        visit,
        status=status,
        stage=stage,
        review=visit.review,
        states={question.key: visit.review.state(question) for question in stage.questions},
        worksheet=worksheet,
        waiting=() if worksheet and worksheet.complete else visit.review.sheets[stage.key].carried,
        seen=saving.token(worksheet.answers if worksheet else None),
        sections=[question.section(visit.review.scope) for question in stage.questions],
        doing={question.key: doing.of_rows(visit, question.key) for question in stage.questions} if doing else {},
        open_comments=open_comments(visit.cycle),
        **{"newer": False, **context},
    )


def settle_worksheet(request: Request, visit: CycleVisit, stage: Stage) -> HttpResponse:
    """Complete a worksheet, reopen it, or say that all of it still holds. What no button asks for is refused."""
    worksheet = visit.worksheet(stage.key) or saving.worksheet_of(visit.cycle, stage.key)
    here = to_cycle(visit.cycle, "check", stage.key)
    verb = request.POST.get("do", "")
    try:
        if verb == "hold":
            return hold(request, visit, stage)
        if verb == "reopen":
            saving.reopen(worksheet)
            return redirect(here)
        if verb == "complete":
            return complete(request, visit, stage)
    except (saving.Completed, saving.TooLate):
        # Somebody completed the worksheet or closed the review in this very moment: the page says which.
        return redirect(here)
    raise BadRequest("No button of the page asks for this.")


def hold(request: Request, visit: CycleVisit, stage: Stage) -> HttpResponse:
    """Say that all answers of the last review in a worksheet still hold, and complete it when nothing else is missing.

    What is asked for anew is listed, and holds once it is there.
    """
    worksheet = visit.worksheet(stage.key) or saving.worksheet_of(visit.cycle, stage.key)
    if not as_shown(request, worksheet):
        return checking(request, visit, stage, status=409, newer=True)
    waiting = [question for question in stage.questions if visit.review.carried(question)]
    missing = {question.key: missing_in(question, visit) for question in stage.questions}
    for question in waiting:
        if not missing[question.key]:
            saving.confirm(worksheet, question.key, visit.user)
            worksheet = saving.worksheet_of(visit.cycle, stage.key)
    wanted = [entry for entries in missing.values() for entry in entries]
    if wanted:
        where = (visit.organisation.slug, visit.workbook, visit.cycle.slug)
        now = visit_cycle(visit.user, *where, Ability.WRITE, stage)
        return checking(request, now, stage, status=400, errors=wanted, has_errors=True)
    return completed(visit, stage, worksheet)


def as_shown(request: Request, worksheet: Worksheet) -> bool:
    """Whether the answers of a worksheet are those that its page had shown, as far as it says which."""
    seen = request.POST.get("seen")
    return seen is None or seen == saving.token(worksheet.answers)


def complete(request: Request, visit: CycleVisit, stage: Stage) -> HttpResponse:
    """Complete a worksheet. Everything is checked again, and what is missing is listed, with links."""
    missing = [
        entry for question in stage.questions for entry in missing_in(question, visit) or unconfirmed(question, visit)
    ]
    if missing:
        return checking(request, visit, stage, status=400, errors=missing, has_errors=True)
    worksheet = visit.worksheet(stage.key) or saving.worksheet_of(visit.cycle, stage.key)
    if not as_shown(request, worksheet):
        # Somebody saved since the answers were shown: what nobody has read is not completed.
        return checking(request, visit, stage, status=409, newer=True)
    return completed(visit, stage, worksheet)


def completed(visit: CycleVisit, stage: Stage, worksheet: Worksheet) -> HttpResponse:
    """Complete a worksheet as it was read, and go back to the hub."""
    if not saving.complete(worksheet, visit.user):
        # Somebody saved or completed it in this very moment: what is there now is shown, and asked for again.
        return redirect(to_cycle(visit.cycle, "check", stage.key))
    return redirect(to_cycle(visit.cycle, "hub"))


def missing_in(question: Question, visit: CycleVisit) -> list[dict[str, str]]:
    """What a question still needs, each with a link to its field."""
    review, href = visit.review, to_cycle(visit.cycle, "question", question.stage, question.key)
    # What was promised last time matters only while the answer waits to be confirmed.
    waits = question.key in visit.workbook.promised and review.carried(question)
    before = last.review_before(visit) if waits else None
    answer = review.answer(question.key)
    raw = question.form.to_raw(answer, review.scope)
    where = f"Question {question.number}, {inside(question.short)}"
    return [
        {
            "text": f"{where}: {question.form.in_a_list(fault, raw, review.scope)}",
            "href": f"{href}#{fault.element}",
        }
        for fault in last.unsettled(question, answer, review.scope, before)
    ]


def unconfirmed(question: Question, visit: CycleVisit) -> list[dict[str, str]]:
    """That a question still is as it came from the last review, with a link to it on this page."""
    if not visit.review.carried(question):
        return []
    words = f"Question {question.number}, {inside(question.short)}: say that it still holds, or change it"
    return [{"text": words, "href": f"#question-{question.number}"}]


@require_safe
@in_cycle(Ability.LEAD)
def download_json(request: Request, visit: CycleVisit) -> HttpResponse:
    """The review as an interchange file, for leads. Who took it is kept, and there are so many an hour.

    That somebody took what is their own is nobody's business.
    """
    try:
        with transaction.atomic():
            if not visit.workbook.private:
                limits.demand(limits.EXPORTS, audit.lately(visit.user, limits.HOUR, audit.Kind.EXPORTED))
                audit.record(audit.Kind.EXPORTED, request, None, visit.organisation)
    except limits.Full as full:
        return pages.render(request, "full.jinja", visit, status=429, limit=full.limit)
    name = f"{visit.organisation.slug}-{visit.cycle.slug}.json"
    return HttpResponse(
        interchange.export(visit.review, visit.cycle),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
