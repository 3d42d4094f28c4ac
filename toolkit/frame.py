"""The header and footer of a page and the way back from it, drawn once by the NHS macros and then only filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets.models import Cycle, Organisation
from worksheets.pages import to_cycle, to_list
from worksheets.skeleton import macro, skeleton, slot
from worksheets.words import capital
from worksheets.workbook import Workbook

SERVICE = "Strategy review"
# What everybody may read, and what only those who are signed in.
OPEN = (("About this method", "about"), ("Accessibility statement", "accessibility"))
FOOTER = (*OPEN, ("Guidance", "guidance"))
LOGO = re.compile(r'<svg class="nhsuk-header__logo".*?</svg>\s*', re.DOTALL)


class NavigationItem(TypedDict, total=False):
    """A link of the navigation, in the words of the NHS macro. `current` marks the part of the site we are in."""

    text: str
    href: str
    current: bool


def _draw_header(items: int, current: int | None, organisation: bool, signed_in: bool, logo: bool) -> str:
    params: dict[str, Any] = {
        "service": {"text": SERVICE, "href": slot("home")},
        "logo": {"href": slot("home"), "ariaLabel": slot("home label")},
    }
    if organisation:
        params["organisation"] = {"name": slot("organisation")}
    if signed_in:
        person = format_html('{}<span class="nhsuk-u-visually-hidden">: change your password</span>', slot("person"))
        # The sign-out form carries the token that proves it was sent from one of our pages.
        token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', slot("token"))
        params["account"] = {
            "items": [
                {"html": person, "href": slot("password"), "icon": True},
                {"html": token + "Sign out", "action": slot("sign out")},
            ]
        }
    if items:
        params["navigation"] = {
            "items": [
                {"text": slot(f"text {place}"), "href": slot(f"href {place}"), "current": place == current}
                for place in range(items)
            ]
        }
    html = macro("header", params)
    # The macro always draws the NHS logo, which not every host may show.
    return html if logo else LOGO.sub("", html, count=1)


def page_header(
    request: HttpRequest | None = None, organisation: object = None, navigation: Sequence[NavigationItem] = ()
) -> SafeString:
    """The page's header.

    `organisation` is the organisation, or its name, that the page is about. Who is signed in comes from the request;
    without a request nobody is, and neither the database nor the session is touched.
    """
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    name = str(getattr(organisation, "name", organisation or ""))
    logo = settings.SHOW_NHS_LOGO
    current = next((place for place, item in enumerate(navigation) if item.get("current")), None)
    shape = (len(navigation), current, bool(name), signed_in, logo)
    words = " ".join(filter(None, ["NHS" if logo else "", name, SERVICE, "homepage"]))
    values = {"home": settings.LOGIN_REDIRECT_URL, "home label": words, "organisation": name}
    if request is not None and signed_in:
        values |= {
            "person": str(user),
            "password": reverse("account_change_password"),
            "sign out": reverse("account_logout"),
            "token": get_token(request),
        }
    for place, item in enumerate(navigation):
        values |= {f"text {place}": item["text"], f"href {place}": item["href"]}
    return skeleton((__name__, "header", *shape), lambda: _draw_header(*shape)).fill(values)


def trail(
    workbook: Workbook, organisation: Organisation, cycle: Cycle | None = None, *more: tuple[str, str]
) -> SafeString:
    """The way back from a page: to the list of a workbook, a cycle of it, and `more`, as addresses and words."""
    places = [(to_list(organisation.slug, "dashboard", workbook), capital(workbook.plural))]
    if cycle:
        places += [(to_cycle(cycle, "hub"), cycle.name), *more]
    items = [{"href": slot(f"href {place}"), "text": slot(f"text {place}")} for place in range(len(places))]
    values: dict[str, str] = {}
    for place, (href, text) in enumerate(places):
        values |= {f"href {place}": href, f"text {place}": text}
    return skeleton((__name__, "trail", len(places)), lambda: macro("breadcrumb", {"items": items})).fill(values)


def page_footer(request: HttpRequest | None = None) -> SafeString:
    """The page's footer: links to what its reader may read. Who is signed in comes from the request.

    Its copyright is the host's own: it never claims to be NHS England.
    """
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)

    def draw() -> str:
        links = [{"text": text, "href": reverse(name)} for text, name in (FOOTER if signed_in else OPEN)]
        return macro("footer", {"meta": {"items": links}, "copyright": {"text": slot("copyright")}})

    return skeleton((__name__, "footer", signed_in), draw).fill({"copyright": f"© {settings.FOOTER_COPYRIGHT}"})
