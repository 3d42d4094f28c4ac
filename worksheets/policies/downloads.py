"""The files of a document at their addresses: its PDF, its Word file, and what a website takes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.access import Visit
from worksheets.models import Policy, PolicyFile, Printing
from worksheets.pages import Request, in_organisation
from worksheets.policies import files
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.paper import clauses_of, standing_of
from worksheets.report import queue, store

Form, Purpose = Printing.Form, Printing.Purpose
KINDS = {
    Form.PDF: ("application/pdf", "pdf"),
    Form.WORD: ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
}


@require_safe
@in_organisation()
def file(request: Request, visit: Visit, document: str, version: int, form: str) -> HttpResponseBase:
    """The PDF or the Word file of a version. Once it is issued it is the very file that was issued then.

    Browsers keep it, and ask each time whether it still holds. A draft's file is made when somebody asks for it.
    """
    policy = files.find(visit, document, version)
    issued = policy.state in files.FROZEN
    if issued:
        # Its name is the digest of the issued PDF: no upgrade, new name or new text reaches it.
        word = f"{PolicyFile.objects.values_list('sha256', flat=True).get(policy=policy)}-{form}"
    else:
        word = files.digest(files.told(policy), form)
    response: HttpResponseBase | None = get_conditional_response(request, etag=f'"{word}"')
    if response is None:
        if issued:
            data = PolicyFile.objects.values_list("word" if form == Form.WORD else "pdf", flat=True).get(policy=policy)
        elif made := store.kept_of_policy(policy, word):
            data = made.pdf
        else:
            printed = in_turn(request, visit, policy, word, form)
            if isinstance(printed, HttpResponse):
                return printed
            data, word = printed
        kind, ending = KINDS[Form(form)]
        attached = form == Form.WORD or "download" in request.GET
        name = f"{visit.organisation.slug}-{document}-version-{version}.{ending}"
        disposition = content_disposition_header(attached, name) or ""
        response = HttpResponse(bytes(data), content_type=kind, headers={"Content-Disposition": disposition})
    response.headers["ETag"] = f'"{word}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def in_turn(
    request: Request, visit: Visit, policy: Policy, word: str, form: str
) -> tuple[bytes | memoryview, str] | HttpResponse:
    """The file of a draft with its digest, where it is made within a few seconds; else the page that waits for it, or
    says why there is none. `word` is the digest of what the draft says now."""
    mine = queue.policy_asked(request.GET.get("asked", ""), policy, Purpose.POLICY, form)
    if mine and mine.under_way:
        queue.press_on(mine)
    elif mine is None or (mine.state == Printing.State.DONE and not store.kept_of_policy(policy, mine.digest)):
        try:
            refused = queue.refusal_of_policy(policy, word)
            mine = refused or queue.wait(queue.ask_for_policy(policy, request.user, form))
        except queue.Full:
            return page(request, "policies/queue_full.jinja", visit, policy, 429, most=queue.MOST_UNDER_WAY)
    made = store.kept_of_policy(policy, mine.digest) if mine.state == Printing.State.DONE else None
    if made:
        return made.pdf, made.digest
    if mine.state == Printing.State.FAILED:
        return page(
            request,
            "policies/file_failed.jinja",
            visit,
            policy,
            queue.status(mine),
            reason=mine.reason,
            again=request.path,
        )
    here = f"{request.path}?asked={mine.pk}{'&download=1' if 'download' in request.GET else ''}"
    return waits(request, "policies/file_waiting.jinja", visit, policy, here, mine)


def page(
    request: Request, template: str, visit: Visit, policy: Policy, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about a version of a document."""
    title = DOCUMENTS[policy.document].title
    return pages.render(
        request, template, visit, current="policies", status=status, policy=policy, title=title, **context
    )


def waits(request: Request, template: str, visit: Visit, policy: Policy, here: str, mine: Printing) -> HttpResponse:
    """The page about a version of a document that waits for a file."""
    about = {"policy": policy, "title": DOCUMENTS[policy.document].title, "current": "policies"}
    return pages.waiting(request, template, visit, here, before=queue.place(mine), **about)


@require_safe
@in_organisation()
def website(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """A document for the public as plain HTML, to be copied into a website or downloaded."""
    policy = files.find(visit, document, version)
    if not DOCUMENTS[document].public:
        raise Http404
    said = files.told(policy)
    told: dict[str, Any] = {"said": said, "parts": clauses_of(said, numbered=False), "standing": standing_of(said)}
    if "download" in request.GET:
        name = f"{visit.organisation.slug}-{document}-version-{version}.html"
        disposition = content_disposition_header(True, name) or ""
        whole = render_to_string("policies/website_file.jinja", told)
        return HttpResponse(whole, headers={"Content-Disposition": disposition})
    return page(request, "policies/website.jinja", visit, policy, **told)
