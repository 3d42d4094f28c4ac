"""The pages around the questions: the hub of a review, and each stage's answers to check, complete and reopen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, interchange, pages, saving, texts
from worksheets.access import Ability, Visit
from worksheets.following import last
from worksheets.following.carrying import PROMISES
from worksheets.models import Revision
from worksheets.review import Review
from worksheets.signoff import rules
from worksheets.signoff.board import board_of
from worksheets.stages import QUESTION, STAGE, STAGES, Question, Stage
from worksheets.wizard import last_save


def open_review(
    request: HttpRequest, organisation: str, cycle: str, ability: Ability = Ability.READ
) -> tuple[Visit, Review]:
    """The visit and the review that an address names, or 404, or 403."""
    visit = access.visit_cycle(request.user, organisation, cycle, ability)  # type: ignore[arg-type]
    assert visit.cycle
    return visit, Review.of(visit.cycle, visit.worksheets, texts.current(visit.stamp))


@require_safe
def hub(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """A review at a glance: how far it is, what is next, and its six worksheets."""
    visit, review = open_review(request, organisation, cycle)
    worksheets = {worksheet.stage: worksheet for worksheet in visit.worksheets}
    tasks = [task(stage, review, worksheets.get(stage.key)) for stage in STAGES]
    saves = (
        Revision.objects.filter(worksheet__cycle=visit.cycle).select_related("saved_by").order_by("-saved_at", "-id")
    )
    activity = [(QUESTION[save.question], save) for save in saves[:5] if save.question in QUESTION]
    assert visit.cycle
    board = board_of(visit.cycle)
    return pages.render(
        request,
        "hub.jinja",
        visit,
        cycle=visit.cycle,
        review=review,
        progress=review.progress,
        tasks=tasks,
        next_question=review.next_question,
        activity=activity,
        last=last.read(visit.cycle) if visit.cycle else None,
        board=board,
        answered_stops=len(rules.stops(review)) - len(rules.unanswered_stops(review, board.reasons)),
    )


def task(stage: Stage, review: Review, worksheet: object) -> dict[str, object]:
    """A stage as an entry of the task list: its state, the questions still open, and where it leads."""
    waiting = [question for question in stage.questions if review.states[question.key] != "answered"]
    standing = review.standings[stage.key]
    started = any(review.states[question.key] != "not-started" for question in stage.questions)
    state = "complete" if standing.complete else "in-progress" if started else "not-started"
    return {"stage": stage, "state": state, "waiting": waiting, "standing": standing, "worksheet": worksheet}


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, organisation: str, cycle: str, stage: str) -> HttpResponse:
    """Check your answers: all a stage holds, with a way to change each; POST completes or reopens its worksheet."""
    ability = Ability.WRITE if request.method == "POST" else Ability.READ
    if stage not in STAGE:
        raise Http404
    visit, review = open_review(request, organisation, cycle, ability)
    if request.method == "POST":
        return settle_worksheet(request, visit, review, STAGE[stage])
    return checking(request, visit, review, STAGE[stage])


def checking(
    request: HttpRequest, visit: Visit, review: Review, stage: Stage, status: int = 200, **context: Any
) -> HttpResponse:
    worksheet = next((w for w in visit.worksheets if w.stage == stage.key), None)
    following = STAGES[stage.number] if stage.number < len(STAGES) else None
    return pages.render(
        request,
        "check.jinja",
        visit,
        status=status,
        cycle=visit.cycle,
        stage=stage,
        review=review,
        worksheet=worksheet,
        sections=[question.section(review.scope) for question in stage.questions],
        following=following,
        last_save=last_save(visit),
        open_comments=board_of(visit.cycle).open_comments if visit.cycle else {},
        **context,
    )


def settle_worksheet(request: HttpRequest, visit: Visit, review: Review, stage: Stage) -> HttpResponse:
    """Complete a worksheet, or reopen it. Completing checks everything again and lists what is missing, with links."""
    assert visit.cycle
    worksheet = next((w for w in visit.worksheets if w.stage == stage.key), None) or saving.worksheet_of(
        visit.cycle, stage.key
    )
    here = redirect("check", visit.organisation.slug, visit.cycle.slug, stage.key)
    verb, _, key = request.POST.get("do", "").partition(":")
    if verb == "confirm" and key in review.standings[stage.key].carried:
        wanted = missing_in(QUESTION[key], review, visit)
        if wanted:
            return checking(request, visit, review, stage, status=400, errors=wanted, has_errors=True)
        saving.confirm(worksheet, key, visit.user)
        return redirect(f"{here.url}#question-{QUESTION[key].number}")
    if request.POST.get("do") == "reopen":
        saving.reopen(worksheet)
        return here
    missing = [
        entry
        for question in stage.questions
        for entry in missing_in(question, review, visit) or unconfirmed(question, review)
    ]
    if missing:
        return checking(request, visit, review, stage, status=400, errors=missing, has_errors=True)
    if request.POST.get("version", str(worksheet.version)) != str(worksheet.version):
        # Somebody saved since the answers were shown: what nobody has read is not completed.
        return checking(request, visit, review, stage, status=409, newer=True)
    if not saving.complete(worksheet, visit.user):
        # Somebody saved or completed it in this very moment: what is there now is shown, and asked for again.
        return here
    return redirect("hub", visit.organisation.slug, visit.cycle.slug)


def missing_in(question: Question, review: Review, visit: Visit) -> list[dict[str, str]]:
    """What a question still needs, each with a link to its field."""
    assert visit.cycle
    address = reverse("question", args=[visit.organisation.slug, visit.cycle.slug, question.stage, question.key])
    before = promised(question, review, visit)
    return [
        {
            "text": f"Question {question.number}, {question.short.lower()}: {fault.message}",
            "href": f"{address}#{fault.element}",
        }
        for fault in last.unsettled(question, review.answer(question.key), review.scope, before)
    ]


def promised(question: Question, review: Review, visit: Visit) -> last.Last | None:
    """The last review, while a question that asks for what it promised waits to be confirmed."""
    assert visit.cycle
    waits = question.key in PROMISES and question.key in review.standings[question.stage].carried
    return last.read(visit.cycle) if waits else None


def unconfirmed(question: Question, review: Review) -> list[dict[str, str]]:
    """That a question still is as it came from the last review, with a link to it on this page."""
    if question.key not in review.standings[question.stage].carried:
        return []
    words = f"Question {question.number}, {question.short.lower()}: say that it still holds, or change it"
    return [{"text": words, "href": f"#question-{question.number}"}]


@require_safe
def download_json(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """The review as an interchange file, for leads."""
    visit = access.visit_cycle(request.user, organisation, cycle, Ability.LEAD)  # type: ignore[arg-type]
    assert visit.cycle
    name = f"{visit.organisation.slug}-{visit.cycle.slug}.json"
    return HttpResponse(
        interchange.export(visit.cycle),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
