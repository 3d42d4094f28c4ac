"""The pages of what was done: the history of a question, bringing an older answer back, the activity of a review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import limits, pages, saving
from worksheets.access import Ability, CycleVisit, visit_cycle
from worksheets.fields import spoken_date
from worksheets.history import saves
from worksheets.history.activity import activity
from worksheets.models import Revision
from worksheets.pages import Request, in_cycle, page_number, to_cycle, turning
from worksheets.workbook import Question


def the_question(visit: CycleVisit, step: str) -> Question:
    """The question of that key. Http404 when the workbook has none."""
    question = visit.workbook.question.get(step)
    if question is None:
        raise Http404
    return question


@require_safe
@in_cycle()
def history(request: Request, visit: CycleVisit, step: str) -> HttpResponse:
    """Who saved a question when, and what each save changed."""
    question = the_question(visit, step)
    worksheet, page = visit.worksheet(question.stage), page_number(request)
    told, more = saves.saves(worksheet, question, visit.review.scope, page)
    if not told and page > 1:
        raise Http404
    return pages.render(
        request,
        "history/question.jinja",
        visit,
        question=question,
        saves=told,
        pagination=turning(page, more=more, what="saves"),
        may_restore=visit.may_write and not (worksheet and worksheet.complete),
        worksheet=worksheet,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(post=Ability.WRITE)
def restore(request: Request, visit: CycleVisit, step: str, version: int) -> HttpResponse:
    """Say what bringing back an older answer would change; POST does it, as a new save."""
    question = the_question(visit, step)
    worksheet = visit.worksheet(question.stage)
    if worksheet is None:
        raise Http404
    revision = get_object_or_404(saves.of(worksheet, question), version=version)
    if request.method != "POST":
        return asking(request, visit, question, revision)
    seen = request.POST.get("seen", "")
    try:
        limits.demand(limits.SAVES, saving.lately(visit.user, limits.HOUR))
        changed = saving.save_answer(worksheet, question.key, revision.answer, user=visit.user, seen=seen)
    except saving.Conflict as conflict:
        # Nothing was typed that could be lost: what there is now is shown, and asked for again.
        return asking(request, again(visit), question, revision, conflict=conflict, status=409)
    except (saving.Completed, saving.TooLate):
        return asking(request, again(visit), question, revision, status=409)
    except limits.Full as full:
        messages.error(request, f"{full.limit.words}.")
        return redirect(to_cycle(visit.cycle, "question-history", step))
    done = "is back, as a new save" if changed else "is what the question holds already. Nothing was saved"
    messages.success(request, f"The answer of {spoken(revision)} {done}.")
    return redirect(to_cycle(visit.cycle, "question-history", step))


def again(visit: CycleVisit) -> CycleVisit:
    """The same visit as it stands now."""
    where = (visit.organisation.slug, visit.workbook, visit.cycle.slug)
    return visit_cycle(visit.user, *where, stage=visit.stage)


def asking(
    request: Request, visit: CycleVisit, question: Question, revision: Revision, status: int = 200, **context: Any
) -> HttpResponse:
    """What restoring would change, and the button that does it where this member may."""
    worksheet = visit.worksheet(question.stage)
    answer = worksheet.answers.get(question.key) if worksheet else None
    return pages.render(
        request,
        "history/restore.jinja",
        visit,
        status=status,
        question=question,
        revision=revision,
        change=saves.change(question, answer, revision.answer, visit.review.scope),
        same=answer == revision.answer,
        worksheet=worksheet,
        seen=saving.token(answer),
        **{"conflict": None, **context},
    )


def spoken(revision: Revision) -> str:
    """When a save was made, in words."""
    at = timezone.localtime(revision.saved_at)
    return f"{spoken_date(at.date())} at {at:%H:%M}"


@require_safe
@in_cycle()
def done(request: Request, visit: CycleVisit) -> HttpResponse:
    """The activity of a review on one page, by day."""
    page = page_number(request)
    days, more = activity(visit.cycle, page)
    if not days and page > 1:
        raise Http404
    return pages.render(
        request, "history/activity.jinja", visit, days=days, pagination=turning(page, more=more, what="activity")
    )
