"""The administration, as a browser tells it: no two things to use on a page have one name and do other things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.world import World
from worksheets.models import AuditEvent, Membership, Platform, User

pytestmark = pytest.mark.browser
Opened = Callable[..., BrowserContext]
ROLES = {"link", "button", "textbox", "checkbox", "combobox", "radio", "searchbox", "spinbutton"}
PAGES = (
    "",
    "worksheets/",
    "worksheets/cycle/",
    "worksheets/cycle/{cycle}/change/",
    "worksheets/organisation/{organisation}/change/",
    "worksheets/organisation/{organisation}/invite/{member}/",
    "worksheets/organisation/add/",
    "worksheets/platform/",
    "worksheets/platform/{platform}/change/",
    "worksheets/user/",
    "worksheets/user/{user}/change/",
    "worksheets/user/add/",
    "worksheets/guidance/",
    "worksheets/auditevent/",
    "auth/group/",
)
# Where a link leads; for all else only its place counts.
LEADS_TO = "function () { return this.getAttribute('href') || '' }"


def told(page: Page) -> Iterator[tuple[str, str, str]]:
    """Role and name of all that can be used on a page, and where it leads."""
    browser = page.context.new_cdp_session(page)
    for node in browser.send("Accessibility.getFullAXTree")["nodes"]:
        role = node["role"]["value"]
        if node.get("ignored") or role not in ROLES | {"table"}:
            continue
        found: Any = browser.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})
        said = {"objectId": found["object"]["objectId"], "functionDeclaration": LEADS_TO, "returnByValue": True}
        leads = browser.send("Runtime.callFunctionOn", said)["result"]["value"]
        yield role, (node.get("name") or {}).get("value", "").strip(), leads


def faults(page: Page) -> list[str]:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for role, name, leads in told(page):
        places[role, name].append(leads)
    return [f"a {role} without a name" for role, name in places if not name] + [
        f"{len(leads)} times {role} “{name}”"
        for (role, name), leads in places.items()
        if len(leads) > 1 and not (role == "link" and len(set(leads)) == 1)
    ]


def test_every_name_in_the_administration_says_what_it_is_about(opened: Opened, world: World) -> None:
    platform = Platform.objects.get(key="facebook")
    for kind in ("signed-in", "failed"):
        AuditEvent.objects.create(kind=kind, about=world.lead, by=world.lead)
    User.objects.filter(pk=world.nobody.pk).update(is_active=False)
    known = {"cycle": world.cycle.pk, "organisation": world.anywhere.pk, "platform": platform.pk, "user": world.lead.pk}
    known["member"] = Membership.objects.get(user=world.lead).pk
    User.objects.filter(pk=world.lead.pk).update(last_login=None)
    page = opened(world.admin).new_page()
    wrong = {}
    for place in PAGES:
        page.goto(f"/admin/{place.format(**known)}")
        assert "Page not found" not in page.title()
        if found := faults(page):
            wrong[place] = found
    assert wrong == {}


def test_a_row_that_is_added_in_the_page_has_names_of_its_own(opened: Opened, world: World) -> None:
    platform = Platform.objects.get(key="facebook")
    page = opened(world.admin).new_page()
    page.goto(f"/admin/worksheets/platform/{platform.pk}/change/")
    before = page.get_by_role("spinbutton").count()
    page.get_by_text("Add another Figure about the audience").click()
    assert page.get_by_role("spinbutton").count() == before + 1
    assert faults(page) == []
