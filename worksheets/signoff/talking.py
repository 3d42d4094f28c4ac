"""The pages on which members talk about a review: all its threads, and those about one question."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import kept, limits, pages
from worksheets.access import Ability, CycleVisit
from worksheets.actions.sources import Offers
from worksheets.assigning import notices
from worksheets.fields import text
from worksheets.models import Action, Comment
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.saving import TooLate
from worksheets.signoff import talk
from worksheets.signoff.forms import CommentForm
from worksheets.signoff.pages import too_late, whole_number
from worksheets.workbook import Question


@require_safe
@in_cycle(together=True)
def comments(request: Request, visit: CycleVisit) -> HttpResponse:
    """All threads of a review, by question."""
    return pages.render(request, "signoff/comments.jinja", visit, threads=talk.threads_of(visit.cycle))


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(post=Ability.COMMENT, together=True)
def comments_on(request: Request, visit: CycleVisit, question: str) -> HttpResponse:
    """The threads about one question. POST starts one, replies to one, resolves one or opens it again."""
    asked = visit.workbook.question.get(question)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return act(request, visit, asked)
    brought = kept.at(request)
    if brought:
        number = brought.posted.get("do", "").removeprefix("reply:")
        return show(request, visit, asked, form=CommentForm(), replying=whole_number(number))
    return show(request, visit, asked)


def show(request: Request, visit: CycleVisit, question: Question, status: int = 200, **context: Any) -> HttpResponse:
    """The page. `form` is a text that could not be kept, `replying` the thread it was meant for."""
    return pages.render(
        request,
        "signoff/comments_on.jinja",
        visit,
        status=status,
        question=question,
        threads=talk.threads_of(visit.cycle, question.key).get(question.key, []),
        doing=Offers.beside(visit, Action.Source.COMMENT),
        has_errors=status == 400,
        **{"replying": 0, **context},
    )


def act(request: Request, visit: CycleVisit, question: Question) -> HttpResponse:
    """Do what the button asks for. Http404 for a thread that is not one of this question's in this review."""
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
            try:
                said = talk.say(visit.cycle, question, visit.user, text(form.plain, "text"), thread)
            except limits.Full as full:
                form.refuse("text", full.limit.words)
                return show(request, visit, question, 400, form=form, replying=thread.pk if thread else 0)
            notices.tell_of(visit, question, said)
            thread = thread or said
    except TooLate as late:
        return too_late(request, visit, late, CommentForm(request.POST))
    return redirect(f"{to_cycle(visit.cycle, 'comments-on', question.key)}#thread-{thread.pk}")
