"""What people see when something can't be done, with everything they typed still there to copy."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from toolkit import logs
from toolkit.labels import form_at, is_secret, labelled
from worksheets import kept, whole
from worksheets.organisations.signing import LoginForm
from worksheets.typed import Typed

log = logging.getLogger(__name__)

# The field that proves that a form is ours.
PROOF = "csrfmiddlewaretoken"
# Errors of PostgreSQL that its driver counts among others, and that say the same: read-only, or idle for too long.
STATES_AWAY = ("25006", "25P03", "25P04")


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database is locked, down, full, read-only or does not answer: nobody's mistake."""
    code = logs.code(error) if isinstance(error, Error) else None
    if isinstance(code, int):
        # SQLite calls a mistake in a statement operational as well.
        return code in logs.SQLITE
    return isinstance(error, (OperationalError, InterfaceError)) or code in STATES_AWAY


def what_was_typed(request: HttpRequest) -> list[Typed]:
    """What was typed in the form that came, or is kept for this page, by its labels.

    Nothing when that is nothing, or the form is unreadable.
    """
    try:
        if request.method == "POST" and whole.too_large(request):
            return []
        if request.method == "POST":
            return labelled(request.resolver_match, request.POST)
        brought = kept.at(request)
    except (SuspiciousOperation, BadRequest, OSError, Error):
        return []
    return labelled(request.resolver_match, brought.posted) if brought else []


def sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """All that a form said, as names and texts, to be sent once more; nothing when a part of it is not ours to keep."""
    if request.FILES or any(is_secret(name) for name in request.POST if name != PROOF):
        return []
    known = (PROOF, whole.START, whole.END)
    return [(name, text) for name, texts in request.POST.lists() if name not in known for text in texts]


def here(request: HttpRequest) -> str:
    """Where this page is, on this host: two strokes at the beginning would lead to another one."""
    return re.sub(r"\A[/\\]+", "/", request.path)


def _page(template: str, status: int, **context: Any) -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{template}.jinja", context), status=status)


def _framed_page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A page with the person's own header, as long as the database can tell who that is."""
    try:
        return _page(template, status, request=request, **context)
    except DatabaseError:
        return _page(template, status, **context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the form was too large, or of a shape that no page of ours sends."""
    return _page("400", 400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than any form of ours holds. None of it was read."""
    return _page("400", 413)


def cut_off(request: HttpRequest) -> HttpResponse:
    """400: a part of the form is missing. What came is shown; it is not offered to be sent again, for it is not all."""
    return _page("cut_off", 400, typed=what_was_typed(request), here=here(request))


def sent_twice(request: HttpRequest) -> HttpResponse:
    """409: the same form came before, and it is not known yet what became of it."""
    return _framed_page(request, "sent_twice", 409, typed=what_was_typed(request), here=here(request))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, and not allowed. Whoever was writing when the review was closed keeps their text."""
    return _framed_page(request, "403", 403, typed=what_was_typed(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that this person may know of. It may be gone since they began to write on it."""
    return _framed_page(request, "404", 404, typed=what_was_typed(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake. A database that went away outside a view ends here too, and is told as the 503 it is."""
    error = sys.exc_info()[1]
    if is_away(error):
        return unavailable(request, error)
    return _page("500", 500, typed=what_was_typed(request), number=logs.number())


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """503: the database does not answer, which `error` told. What was typed can be sent again as it is, or copied."""
    log.error("503 for %s %s: %s", request.method, request.path, logs.cause(error))
    # Only a form that was proven to be ours may be sent again with a fresh token, and only whole: without its passwords
    # or its files it would not be what the person sent.
    typed = what_was_typed(request)
    fields = sent_fields(request) if typed and getattr(request, "csrf_processing_done", False) else []
    token = get_token(request) if fields else ""
    response = _page("503", 503, typed=typed, fields=fields, here=here(request), token=token, number=logs.number())
    response["Retry-After"] = "10"
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is too old, or was never ours. It is not offered to be sent again.

    Another site could have sent it. Only the mark of a page that was made for this very person proves that it came from
    us: then what was typed comes back into the fields of that page, and nothing more.
    """
    try:
        person = whole.made_for(request.POST.get(whole.START, ""))
        signed_in = request.user.is_authenticated
        if person is not None and not signed_in and brought_back(request):
            return signed_out(request)
        back = signed_in and person == str(request.user.pk) and brought_back(request)
        if isinstance(back, kept.Kept):
            kept.put(request, back)
    except (SuspiciousOperation, BadRequest, OSError, Error):
        back = None
    return _page("stale_form", 403, typed=what_was_typed(request), here=here(request), back=bool(back))


def brought_back(request: HttpRequest) -> kept.Kept | None:
    """The form that came, to be brought back into the fields of its page; None where it has none that we can fill."""
    fields = sent_fields(request) if form_at(request.resolver_match) else []
    if not fields or not what_was_typed(request):
        return None
    return kept.Kept(request.path, fields, whole.made_for(request.POST.get(whole.START, "")) or "")


def signed_out(request: HttpRequest) -> HttpResponse:
    """403: a form came from someone whose session has ended. Who signs in here finds it in its fields again."""
    brought = brought_back(request)
    return _page(
        "signed_out",
        403,
        typed=what_was_typed(request),
        here=here(request),
        form=LoginForm(request=request),
        kept=kept.sealed(brought) if brought else "",
        token=get_token(request),
    )
