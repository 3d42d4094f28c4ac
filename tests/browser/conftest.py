"""A browser, people signed in to it, and a watch on what it complains about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.world import World, make_world
from worksheets.models import User

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Longer than any page takes, and short enough to hear of a wrong address soon.
PATIENCE = 10_000
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file for SQLite: the server's threads each have a connection of their own, as they do in earnest."""
    # Playwright keeps an event loop in this thread, which Django takes for code that must not touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all the tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.exit("The browser tests need Chromium (on Debian: apt install chromium).", returncode=1)
    if not (django_settings.BASE_DIR / "static" / "build" / "screen.css").exists():
        pytest.exit("The browser tests need the styles: run `make styles` first.", returncode=1)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world of people, stored so that the server's threads see it too."""
    cache.clear()
    return make_world()


ANSWERED = (
    "Failed to load resource: the server responded with a status of",
    # The test took the network away, of which the icon of the page may complain as well.
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)


class Watch:
    """What a page complained about in its console. A page that was answered with an error says so there as well, which
    is no complaint: the test asked for it."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def over(self, page: Page) -> None:
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def heard(self, message: ConsoleMessage) -> None:
        place = message.location["url"]
        answered = message.text.startswith(ANSWERED)
        ours = not place.endswith("axe.min.js")
        if message.type in ("error", "warning") and ours and not (answered and not place.endswith((".css", ".js"))):
            self.complaints.append(f"{place}: {message.text}")


Opened = Callable[..., BrowserContext]


@pytest.fixture
def opened(browser: Browser, live_server: Any, world: World) -> Iterator[Opened]:
    """Opens a window, signed in as `user` or signed out. When the test ends, nothing may have been complained about."""
    watch = Watch()
    contexts: list[BrowserContext] = []

    def open_window(user: User | None = None, *, scripts: bool = True, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=scripts,
            locale="en-GB",
            **{"viewport": WIDE, **options},
        )
        context.set_default_timeout(PATIENCE)
        context.on("page", watch.over)
        if user is not None:
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            name = django_settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        contexts.append(context)
        return context

    yield open_window
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture(scope="session")
def kept_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pages are kept as they were sent, for the checkers of their HTML.

    Several processes that test side by side keep them in one folder, which `KEPT_PAGES` names.
    """
    named = os.environ.get("KEPT_PAGES")
    return Path(named) if named else tmp_path_factory.mktemp("pages")
