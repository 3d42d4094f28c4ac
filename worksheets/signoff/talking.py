"""The pages on which members talk about a review: all its threads, and those about one question."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, pages
from worksheets.access import Ability, Visit
from worksheets.models import Comment
from worksheets.signoff import talk
from worksheets.signoff.decisions import TooLate
from worksheets.signoff.forms import CommentForm
from worksheets.signoff.pages import here, too_late
from worksheets.signoff.views import whole_number
from worksheets.stages import QUESTION, STAGE, Question


@require_safe
def comments(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """All threads of a review, by question."""
    visit = access.visit_cycle(request.user, organisation, cycle)  # type: ignore[arg-type]
    assert visit.cycle
    return pages.render(
        request, "signoff/comments.jinja", visit, cycle=visit.cycle, threads=talk.threads_of(visit.cycle)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def comments_on(request: HttpRequest, organisation: str, cycle: str, question: str) -> HttpResponse:
    """The threads about one question. POST starts one, replies to one, resolves one or opens it again."""
    ability = Ability.COMMENT if request.method == "POST" else Ability.READ
    visit = access.visit_cycle(request.user, organisation, cycle, ability)  # type: ignore[arg-type]
    asked = QUESTION.get(question)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return act(request, visit, asked)
    return show(request, visit, asked)


def show(request: HttpRequest, visit: Visit, question: Question, status: int = 200, **context: Any) -> HttpResponse:
    """The page. `form` is a text that could not be kept, `replying` the thread it was meant for."""
    assert visit.cycle
    return pages.render(
        request,
        "signoff/comments_on.jinja",
        visit,
        status=status,
        cycle=visit.cycle,
        question=question,
        stage=STAGE[question.stage],
        threads=talk.threads_of(visit.cycle, question.key).get(question.key, []),
        has_errors=status == 400,
        **context,
    )


def act(request: HttpRequest, visit: Visit, question: Question) -> HttpResponse:
    """Do what the button asks for. Http404 for a thread that is not one of this question's in this review."""
    assert visit.cycle
    verb, _, number = request.POST.get("do", "comment").partition(":")
    thread = None
    if verb != "comment":
        rows = Comment.objects.filter(cycle=visit.cycle, question=question.key, parent=None)
        thread = rows.filter(pk=whole_number(number)).first()
        if thread is None or verb not in ("reply", "resolve", "reopen"):
            raise Http404
    try:
        if thread and verb != "reply":
            talk.settle(visit.cycle, thread, visit.user, resolved=verb == "resolve")
        else:
            form = CommentForm(request.POST)
            if not form.is_valid():
                return show(request, visit, question, 400, form=form, replying=thread.pk if thread else 0)
            said = talk.say(visit.cycle, question, visit.user, form.answer["text"], thread)
            thread = thread or said
    except TooLate:
        return too_late(request, visit)
    response = redirect("comments-on", *here(visit), question.key)
    response["Location"] += f"#thread-{thread.pk}"
    return response
