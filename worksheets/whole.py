"""The two marks between which every form of ours stands: a form that was cut off on its way has only the first.

Both hold the same signed value, made anew for every page: whom the page was made for, and a few letters of chance. It
tells three things when the form comes back: that all of it came, that it came from a page of ours, and which page it
was, so that a form that is sent twice is known again (`once`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

START, END = "form-start", "form-end"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Files have limits of their own, and say so. This one is for whoever sends without end, signed in or not.
MOST_BYTES = 25 * 1024 * 1024
TOKEN = b'<input type="hidden" name="csrfmiddlewaretoken"'
CLOSE = b"</form>"

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Counted:
    """The body of a request as the server hands it over; `taken` counts the bytes that came."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.taken = stream, 0

    def read(self, *size: int) -> bytes:
        return self._took(self.stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._took(self.stream.readline(*size))

    def _took(self, data: bytes) -> bytes:
        self.taken += len(data)
        return data


def counting(application: WSGI) -> WSGI:
    """The application, whose requests know how much of their body came: no server says that the rest is missing."""

    def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = Counted(environ["wsgi.input"])
        return application(environ, start_response)

    return counted


def too_large(request: HttpRequest) -> bool:
    """Whether more is announced than any form of ours holds: it is not read, for it would fill the disk."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isdecimal() and int(announced) > MOST_BYTES


def is_whole(request: HttpRequest) -> bool:
    """Whether all of a form came: as many bytes as were announced, and the second mark where there is the first.

    Reads the form. Raises what reading it raises when it is too large or no form at all.
    """
    if request.content_type not in FORMS:
        return True
    try:
        given = request.POST
    except OSError:
        return False
    body, announced = request.META.get("wsgi.input"), request.META.get("CONTENT_LENGTH") or "0"
    if isinstance(body, Counted) and announced.isdecimal() and body.taken < int(announced):
        return False
    return START not in given or given.get(END) == given[START]


def with_marks(html: bytes, mark: str) -> bytes:
    """A page with the marks in each form that is sent: the first before its token, so that no cut form has only that.

    Forms that only ask for a page have no token and get no marks.
    """
    field = '<input type="hidden" name="{}" value="{}">'
    start, end = field.format(START, mark).encode(), field.format(END, mark).encode()
    first, *forms = html.split(TOKEN)
    return b"".join([first, *(start + TOKEN + form.replace(CLOSE, end + CLOSE, 1) for form in forms)])


def mark_for(person: object) -> str:
    """A new mark for a page that is made for the person with that primary key; "" for nobody."""
    return _signer().sign(f"{person}.{secrets.token_urlsafe(12)}")


def made_for(mark: str) -> str | None:
    """The primary key of the person whose page had this mark, as text; "" for nobody's. None when it is no mark."""
    try:
        return _signer().unsign(mark).partition(".")[0]
    except BadSignature:
        return None


def mark(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the marks in the forms of a page."""
    if not isinstance(response, HttpResponse) or TOKEN not in response.content:
        return
    response.content = with_marks(response.content, mark_for(_person(request, response)))
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))


def _signer() -> Signer:
    return Signer(salt="worksheets.whole")


def _person(request: HttpRequest, response: HttpResponse) -> object:
    # Whoever is told that something is broken need not wait for the database once more.
    user = getattr(request, "user", None) if response.status_code < 500 else None
    return user.pk if user is not None and user.is_authenticated else ""
