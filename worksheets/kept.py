"""What somebody typed on a page whose session had ended: it comes back into the fields of that page, and saves nothing.

It travels in the page for signing in, signed, so that nobody is given a text that another site made up; nothing of it
is stored before somebody has signed in. From then on it is in their session, until that page is sent or they sign out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

# The field in which it travels, and its place in a session.
NAME = "kept"
# Characters of a form that is carried: ten times what the largest table has in earnest. A longer one is only shown.
MOST = 300_000
SALT = "worksheets.kept"


@dataclass(frozen=True)
class Kept:
    """A form: where it was sent, its fields in their order, and the primary key of whoever the page was made for."""

    path: str
    fields: list[tuple[str, str]]
    by: str

    @property
    def posted(self) -> MultiValueDict[str, str]:
        """The fields as a browser had sent them."""
        data: MultiValueDict[str, str] = MultiValueDict()
        for name, text in self.fields:
            data.appendlist(name, text)
        return data


def sealed(kept: Kept) -> str:
    """It as it travels through a browser; "" when it is too long for that."""
    if sum(len(name) + len(text) for name, text in kept.fields) > MOST:
        return ""
    return signing.dumps([kept.path, kept.fields, kept.by], salt=SALT, compress=True)


def opened(text: str) -> Kept | None:
    """What travelled; None when we did not seal it, or too long ago."""
    try:
        path, fields, by = signing.loads(text, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Kept(path, [(name, text) for name, text in fields], by)


def put(request: HttpRequest, kept: Kept) -> None:
    """Keep it for whoever is signed in. There is one at a time: the last one typed."""
    request.session[NAME] = [kept.path, kept.fields, kept.by]


def drop(request: HttpRequest) -> None:
    """Forget what was kept for the page of this request."""
    if at(request):
        del request.session[NAME]


def at(request: HttpRequest) -> Kept | None:
    """What was typed on the page of this request and is kept for it; None when nothing is."""
    found = request.session.get(NAME) if hasattr(request, "session") else None
    if not found or found[0] != request.path:
        return None
    path, fields, by = found
    return Kept(path, [(name, text) for name, text in fields], by)
