"""What is done to every request: it gets a number and its time, nothing typed is lost, no text turns a page around, and
no signed-in page stays in a browser's cache."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from toolkit import deadline, errors, logs
from worksheets import kept, once, whole
from worksheets.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger(__name__)
# The characters that embed, override and isolate directions, U+202A to U+202E and U+2066 to U+2069, as UTF-8.
TURNS = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
FOR_MACHINES = ("/health/", "/ready/", "/calendar/")


class Numbered:
    """Gives each request a number, which stands in every line of the log and on the response, and its time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = logs.begin(request.headers.get("X-Request-ID", ""))
        with deadline.one_request():
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response


class WholeForms:
    """Marks the beginning and the end of every form, and takes none back of which a part is missing.

    It looks before anything else does: what is missing may be what proves that the form is ours.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        whole.mark(request, response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        # A view that says where its file is to go must be the first to read the form: it looks for itself.
        if request.method != "POST" or getattr(view_func, "csrf_exempt", False):
            return None
        if whole.too_large(request):
            return errors.too_large(request)
        return None if whole.is_whole(request) else errors.cut_off(request)


class NothingIsLost:
    """Answers with a page that keeps what was typed when the database is away, or when a session ended meanwhile."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A redirect to the log-in page would drop the form. Without anything typed it is the kinder answer.
        if request.method == "POST" and response.status_code == 302:
            door = resolve_url(settings.LOGIN_URL)
            to_the_door = urlsplit(response.headers["Location"]).path == door
            if to_the_door and not request.path.startswith("/accounts/") and errors.what_was_typed(request):
                return errors.signed_out(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A view found the database locked, down, full or read-only: 503. Other errors go their way."""
        return errors.unavailable(request, exception) if errors.is_away(exception) else None


class SignedIn(LoginRequiredMiddleware):
    """Signed in is the default; the few open pages say so with @login_not_required.

    This is where the database is asked who somebody is, before any view: it is the first to notice that it is away.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        try:
            return super().process_view(request, view_func, view_args, view_kwargs)
        except Error as error:
            if not errors.is_away(error):
                raise
            return errors.unavailable(request, error)


class Sessions(SessionMiddleware):
    """Django's sessions. A page that is only read goes out also when nothing can be written about its reader.

    The pages for machines have none, whatever cookie comes along: they answer when the database does not.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path.startswith(FOR_MACHINES):
            request.session = self.SessionStore()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(FOR_MACHINES):
            return response
        try:
            return super().process_response(request, response)
        except Error as error:
            if not errors.is_away(error):
                raise
            # Whoever is sent on needs what the session was to remember.
            if request.method in ("GET", "HEAD") and response.status_code == 200:
                log.warning("A session could not be written: %s", logs.cause(error))
                return response
            return errors.unavailable(request, error)


class OnceIsOnce:
    """Answers a form that is sent twice as it was answered the first time."""

    # Answers are held against what their page had shown, and say the same twice without harm. Their pages stay open
    # and send many times.
    SAFE = ("question", "look-back-at")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        sent = getattr(request, "sent", None)
        if sent is not None:
            led = response.status_code in (302, 303)
            try:
                once.done(sent, response.headers["Location"] if led else "")
            except Error as error:
                if not errors.is_away(error):
                    raise
                # What the view did stands, and so does its answer. Who sends it again is told that it was sent.
                log.error("What became of a form could not be noted: %s", logs.cause(error))
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        match, user = request.resolver_match, request.user
        safe = match is not None and match.url_name in self.SAFE
        if request.method != "POST" or safe or getattr(view_func, "csrf_exempt", False) or not isinstance(user, User):
            return None
        key = once.key_of(request)
        if not key:
            return None
        try:
            found = once.begin(key, user)
        except Error as error:
            if not errors.is_away(error):
                raise
            return errors.unavailable(request, error)
        except once.AtWork:
            return errors.sent_twice(request)
        if isinstance(found, str):
            return HttpResponseRedirect(found)
        request.sent = found  # type: ignore[attr-defined]
        return None


class TextComesBack:
    """Takes over what the page for signing in carried along, and forgets it once its page is sent or read without."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        at_the_door = request.method == "POST" and request.path == resolve_url(settings.LOGIN_URL)
        if at_the_door and response.status_code == 302 and request.user.is_authenticated:
            brought = kept.opened(request.POST.get(kept.NAME, ""))
            if brought:
                kept.put(request, brought)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> None:
        if kept.at(request) is None:
            return
        # What a script asks for while somebody types is not the page being sent.
        sent = request.method == "POST" and request.POST.get("do") not in ("compute", "held", "show")
        if sent or "saved" in request.GET:
            kept.drop(request)


class Straight:
    """Takes out of pages what turns the text around it: titles, labels and tables isolate nothing by themselves.

    What is given today is cleaned of it; what was stored by an earlier version may hold it still.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and isinstance(response, HttpResponse) and TURNS.search(response.content):
            response.content = TURNS.sub(b"", response.content)
        return response


class NoStore:
    """Tells browsers and proxies to keep nothing of what a signed-in person sees, unless the view says otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # The cookie tells as much as the session itself, and costs no query.
        cookie = settings.SESSION_COOKIE_NAME
        if cookie in request.COOKIES or cookie in response.cookies:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
