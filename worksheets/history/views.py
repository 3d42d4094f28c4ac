"""The pages of what was done: the history of a question, bringing an older answer back, the activity of a review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, pages, saving, texts
from worksheets.access import Ability, Visit
from worksheets.fields import spoken_date
from worksheets.history import saves
from worksheets.history.activity import activity
from worksheets.organisations.dashboard import page_number
from worksheets.review import Review
from worksheets.stages import QUESTION, QUESTIONS, STAGE, Question


def opened(
    request: HttpRequest, organisation: str, cycle: str, step: str, ability: Ability = Ability.READ
) -> tuple[Visit, Review, Question]:
    """The visit, the review and the question that an address names, or 404, or 403."""
    visit = access.visit_cycle(request.user, organisation, cycle, ability)  # type: ignore[arg-type]
    assert visit.cycle
    if step not in QUESTION:
        raise Http404
    return visit, Review.of(visit.cycle, visit.worksheets, texts.current(visit.stamp)), QUESTION[step]


@require_safe
def history(request: HttpRequest, organisation: str, cycle: str, step: str) -> HttpResponse:
    """Who saved a question when, and what each save changed."""
    visit, review, question = opened(request, organisation, cycle, step)
    worksheet, page = saves.worksheet_of(visit, question), page_number(request)
    found, more = saves.saves(worksheet, question, review.scope, page)
    if not found and page > 1:
        raise Http404
    return show(
        request,
        "history/question.jinja",
        visit,
        question,
        saves=found,
        pagination=pagination(page, more=more, what="saves"),
        may_restore=visit.may_write and not (worksheet and worksheet.complete),
        worksheet=worksheet,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, organisation: str, cycle: str, step: str, version: int) -> HttpResponse:
    """Say what bringing back an older answer would change; POST does it, as a new save."""
    ability = Ability.WRITE if request.method == "POST" else Ability.READ
    visit, review, question = opened(request, organisation, cycle, step, ability)
    worksheet = saves.worksheet_of(visit, question)
    if worksheet is None:
        raise Http404
    revision = get_object_or_404(saves.of(worksheet, question), version=version)
    if request.method == "POST":
        try:
            saved = saving.save_answer(worksheet, question.key, revision.answer, seen=seen(request), user=visit.user)
        except saving.Conflict as conflict:
            # Nothing was typed that could be lost: what there is now is shown, and asked for again.
            visit, review, question = opened(request, organisation, cycle, step)
            return asking(request, visit, review, question, revision, conflict=conflict.latest, status=409)
        except (saving.Completed, saving.Closed):
            visit, review, question = opened(request, organisation, cycle, step)
            return asking(request, visit, review, question, revision, status=409)
        done = "is back, as a new save" if saved.changed else "is what the question holds already. Nothing was saved"
        messages.success(request, f"The answer of {spoken(revision)} {done}.")
        return redirect("question-history", organisation, cycle, step)
    return asking(request, visit, review, question, revision)


def asking(
    request: HttpRequest,
    visit: Visit,
    review: Review,
    question: Question,
    revision: Any,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """What restoring would change, and the button that does it where this member may."""
    worksheet = saves.worksheet_of(visit, question)
    assert worksheet
    answer = worksheet.answers.get(question.key)
    return show(
        request,
        "history/restore.jinja",
        visit,
        question,
        status=status,
        revision=revision,
        change=saves.change(question, answer, revision.answer, review.scope),
        same=answer == revision.answer,
        worksheet=worksheet,
        **context,
    )


def seen(request: HttpRequest) -> int:
    """The version of the worksheet that the page was loaded with; 0 when the page does not say."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def spoken(revision: Any) -> str:
    """When a save was made, in words."""
    at = timezone.localtime(revision.saved_at)
    return f"{spoken_date(at.date())} at {at:%H:%M}"


def show(
    request: HttpRequest, template: str, visit: Visit, question: Question, status: int = 200, **context: Any
) -> HttpResponse:
    return pages.render(
        request,
        template,
        visit,
        status=status,
        cycle=visit.cycle,
        question=question,
        stage=STAGE[question.stage],
        total=len(QUESTIONS),
        **context,
    )


@require_safe
def done(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """The activity of a review on one page, by day."""
    visit = access.visit_cycle(request.user, organisation, cycle, people=False)  # type: ignore[arg-type]
    assert visit.cycle
    page = page_number(request)
    days, more = activity(visit.cycle, page)
    if not days and page > 1:
        raise Http404
    return pages.render(
        request,
        "history/activity.jinja",
        visit,
        cycle=visit.cycle,
        days=days,
        pagination=pagination(page, more=more, what="activity"),
    )


def pagination(page: int, *, more: bool, what: str) -> dict[str, Any] | None:
    """Newer and older, in the words of the NHS macro; nothing when all is on one page."""
    newer = {"previousUrl": f"?page={page - 1}", "previousPage": f"Newer {what}"} if page > 1 else {}
    older = {"nextUrl": f"?page={page + 1}", "nextPage": f"Older {what}"} if more else {}
    return newer | older | {"ariaLabel": f"Pages of {what}"} if newer or older else None
