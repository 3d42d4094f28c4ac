"""Headers: every answer carries the strict content policy and its friends, whoever made it and whatever went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from tests.world import World
from toolkit import errors, logs, urls
from worksheets.models import User

SignIn = Callable[[User], Client]

POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


@login_not_required
def mistake(request: object) -> HttpResponse:
    raise ZeroDivisionError("A mistake of ours, with a detail that nobody may see.")


urlpatterns = [*urls.urlpatterns, path("mistake/", mistake)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.test_headers"):
        yield


@pytest.fixture
def database_away(db: None) -> Iterator[Callable[[], None]]:
    """Takes the database away when called, until the test ends."""

    def gone() -> None:
        raise OperationalError("database is locked")

    with pytest.MonkeyPatch.context() as patch:
        yield lambda: patch.setattr(connection, "ensure_connection", gone)


def browser(**options: bool) -> Client:
    """A browser, which sees error pages and not exceptions."""
    return Client(raise_request_exception=False, **options)


def assert_safe(response: HttpResponse) -> None:
    """The headers are all there, and an HTML page holds no inline script or style and asks no other host."""
    directives = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    assert {words[0]: " ".join(words[1:]) for words in directives} == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    html = response.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/login/", 200),
        ("/health/", 200),
        ("/ready/", 200),
        ("/admin/", 302),
        ("/no-such-page/", 404),
        ("/accounts/signup/", 404),
        ("/accounts/email/", 404),
        ("/mistake/", 500),
    ],
)
@pytest.mark.django_db
def test_a_visitor_gets_the_headers_on_every_page(address: str, status: int) -> None:
    response = browser().get(address)
    assert response.status_code == status
    assert_safe(response)


def test_a_bad_request_gets_the_headers_and_says_what_to_do() -> None:
    response = browser().post("/accounts/login/", {f"field-{number}": "x" for number in range(3_001)})
    assert response.status_code == 400
    assert "We could not read what was sent" in response.content.decode()
    assert_safe(response)


def test_an_error_page_tells_nothing_about_the_error() -> None:
    html = browser().get("/mistake/").content.decode()
    assert "Something went wrong" in html
    assert "ZeroDivisionError" not in html
    assert "detail that nobody may see" not in html


def test_admin_pages_are_for_administrators(world: World, signed_in: SignIn) -> None:
    User.objects.create_user("admin-of-headers@example.org", is_staff=True, is_superuser=True)
    administrator = signed_in(User.objects.get(email="admin-of-headers@example.org"))
    response = administrator.get("/admin/")
    assert response.status_code == 200
    assert_safe(response)
    stranger = signed_in(User.objects.create_user("nobody-of-headers@example.org"))
    for address in ("/admin/", "/admin/login/", "/admin/worksheets/user/"):
        response = stranger.get(address)
        assert response.status_code == 403
        assert_safe(response)


@pytest.mark.django_db
def test_admin_is_entered_by_the_same_door() -> None:
    response = browser().get("/admin/worksheets/user/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


@pytest.mark.django_db
def test_browsers_keep_nothing_of_what_a_signed_in_person_sees(signed_in: SignIn) -> None:
    client = signed_in(User.objects.create_user("keeper@example.org"))
    assert "no-store" in client.get("/accounts/password/change/").headers["Cache-Control"]
    assert "no-store" in client.get("/no-such-page/").headers["Cache-Control"]


@pytest.mark.django_db
def test_a_stale_form_keeps_what_was_typed_but_no_password() -> None:
    typed = {"statement": "We aim </textarea><b>high</b>", "password": "correct horse battery"}
    response = browser(enforce_csrf_checks=True).post("/accounts/login/", typed)
    html = response.content.decode()
    assert response.status_code == 403
    assert "We aim &lt;/textarea&gt;&lt;b&gt;high&lt;/b&gt;" in html
    assert "correct horse battery" not in html
    assert 'href="/accounts/login/"' in html
    assert_safe(response)


def test_a_page_without_the_database_says_so_and_can_be_tried_again(
    database_away: Callable[[], None], signed_in: SignIn
) -> None:
    client = signed_in(User.objects.create_user("reader@example.org"))
    database_away()
    response = client.get("/guidance/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert 'href="/guidance/"' in response.content.decode()
    assert_safe(response)


def test_a_form_without_the_database_is_kept_and_can_be_sent_again(
    database_away: Callable[[], None], signed_in: SignIn
) -> None:
    client = signed_in(User.objects.create_user("typist@example.org"))
    database_away()
    response = client.post("/accounts/logout/", {"statement": "\nWe aim <high>", "empty": ""})
    html = response.content.decode()
    assert response.status_code == 503
    assert "We aim &lt;high&gt;" in html
    assert "Send it again" in html
    assert 'action="/accounts/logout/"' in html
    assert 'name="empty"' in html
    assert_safe(response)


def test_a_page_not_found_without_the_database_is_still_a_page(
    database_away: Callable[[], None], signed_in: SignIn
) -> None:
    client = signed_in(User.objects.create_user("lost@example.org"))
    database_away()
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize("place", ["/accounts/login/", "/no-such-page/", "/o/nhs-anywhere/people/add/", "/admin/"])
def test_what_is_sent_without_end_is_not_even_read(place: str) -> None:
    """A file in a form would be written to the disk while it comes in, whoever sends it and wherever to."""

    class Endless:
        def read(self, *_size: int) -> bytes:
            raise AssertionError("It is read.")

        readline = read

    form = {"wsgi.input": Endless(), "CONTENT_LENGTH": str(2**30), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = Client().generic("POST", place, **form)
    assert answer.status_code in (404, 413)
    assert "too large" in answer.content.decode() or answer.status_code == 404


def test_nobody_writes_a_line_of_their_own_into_the_log() -> None:
    said = "Not Found: /a\r\n2026-11-26 ERROR forged\u2028\x1b[31m\u202e/Żółć"
    for form in (logs.Tight("{message}", style="{"), logs.Discreet("{message}", style="{")):
        record = logging.LogRecord("x", logging.WARNING, "x", 1, "Asked for %s", (said,), None)
        line = form.format(record)
        assert len(line.splitlines()) == 1
        assert line == r"Asked for Not Found: /a\r\n2026-11-26 ERROR forged\u2028\x1b[31m\u202e/Żółć"


def test_no_page_leads_to_another_host_by_its_own_address(rf: RequestFactory) -> None:
    for place in ("//evil.example/x/", "/\\evil.example/x/", "///evil.example"):
        request = rf.get("/")
        request.path = place
        page = errors.unavailable(request, OperationalError("locked")).content.decode()
        assert 'href="/evil.example' in page
        assert not re.search(r'(href|action)="[/\\]{2}', page)


def test_production_promises_https_for_two_years() -> None:
    with override_settings(SECURE_HSTS_SECONDS=63_072_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        response = browser().get("/no-such-page/", secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
