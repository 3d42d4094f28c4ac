"""How long somebody stays signed in: a warning before it ends, and the button that puts the end off."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from worksheets.skeleton import skeleton, slot

# When a session ends, in seconds since 1970: a session tells its pages how long it may be, but not since when it is.
ENDS = "ends"
WARNING = 10 * 60  # seconds


@receiver(user_logged_in)
def begin(request: HttpRequest, **_: Any) -> None:
    """Count from here: somebody signed in, or said that they are still there. It is saved with the session."""
    request.session[ENDS] = int(time.time()) + settings.SESSION_COOKIE_AGE


def seconds_left(request: HttpRequest) -> int:
    """How long the session of a request still lasts, in seconds; 0 when it has ended or does not say."""
    return max(0, int(request.session.get(ENDS, 0)) - int(time.time()))


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Put off the end of the session. A script is told how long it lasts now; a form goes back to its page."""
    begin(request)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"left": seconds_left(request)})
    back = request.POST.get("next", "")
    good = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if good else resolve_url(settings.LOGIN_REDIRECT_URL))


def page_ending(request: HttpRequest | None) -> SafeString:
    """What a page of somebody who is signed in says about the end of it, hidden until it is near.

    It also tells scripts whose page this is. Nothing for anybody else, and neither the database nor the session is
    touched without a request.
    """
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return SafeString("")
    left = seconds_left(request)
    near = 0 < left <= WARNING
    values = {
        "person": user.pk,
        "left": left,
        "minutes": -(-left // 60),
        "here": request.get_full_path(),
        "stay": reverse("account_stay"),
        "door": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}",
        "token": get_token(request),
    }
    frame = {name: slot(name) for name in values} | {"near": near, "soon_from": WARNING}
    return skeleton((__name__, "ending", near), lambda: render_to_string("staying.jinja", frame)).fill(values)
