"""A session says in time that it will end, and can be put off: with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.reading import tree, words
from tests.world import PASSWORD, World
from worksheets.models import User

HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
STAY = "/accounts/stay/"


@pytest.fixture
def lead(world: World, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(world.lead)


def ending_in(client: Client, seconds: int) -> None:
    """Let the session of a browser be one that ends so soon."""
    session = client.session
    session["ends"] = int(time.time()) + seconds
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))


def staying(client: Client, url: str = HERE) -> Any:
    (found,) = tree(client.get(url)).xpath("//*[@id='staying']")
    return found


def test_a_page_knows_whose_it_is_and_how_long_it_lasts(lead: Client, world: World) -> None:
    told = staying(lead)
    assert told.get("data-person") == str(world.lead.pk)
    assert 12 * 3600 - 60 < int(told.get("data-left")) <= 12 * 3600
    assert int(told.get("data-soon")) == 600
    assert not told.xpath("./*")


def test_signing_in_at_the_door_begins_to_count(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": world.lead.email, "password": PASSWORD})
    assert int(staying(client).get("data-left")) > 11 * 3600


def test_near_the_end_the_page_says_so_without_a_script(lead: Client) -> None:
    ending_in(lead, 290)
    told = staying(lead)
    assert "You will be signed out in 5 minutes or less" in told.text_content()
    (form,) = told.xpath(".//form")
    assert form.get("action") == STAY
    assert [button.text_content().strip() for button in told.xpath(".//button")] == ["Stay signed in"]
    sent = dict(form.form_values())
    assert sent["next"] == HERE
    answer = lead.post(STAY, sent)
    assert (answer.status_code, answer["Location"]) == (302, HERE)
    assert int(staying(lead).get("data-left")) > 11 * 3600
    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=11)


def test_a_script_is_told_how_long_it_lasts_now(lead: Client) -> None:
    ending_in(lead, 290)
    assert lead.post(STAY, headers={"accept": "application/json"}).json()["left"] > 11 * 3600


def test_it_leads_back_to_a_page_of_ours_alone(lead: Client) -> None:
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)", ""):
        assert lead.post(STAY, {"next": elsewhere})["Location"] == "/"


def test_whoever_is_not_signed_in_stays_out(world: World) -> None:
    client = Client()
    assert client.post(STAY, {"next": HERE})["Location"].startswith("/accounts/login/")
    assert "sessionid" not in client.cookies
    assert "data-person" not in client.get("/accounts/login/").content.decode()


def test_a_link_to_it_does_nothing(lead: Client) -> None:
    ending_in(lead, 290)
    assert lead.get(STAY).status_code == 405
    assert int(staying(lead).get("data-left")) <= 290


def test_it_wants_the_proof_that_the_form_is_ours(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(STAY).status_code == 403


def test_a_session_that_does_not_say_when_it_ends_is_left_alone(lead: Client) -> None:
    session = lead.session
    del session["ends"]
    session.save()
    told = staying(lead)
    assert told.get("data-left") == "0"
    assert "You will be signed out" not in words(lead.get(HERE)) or not told.xpath("./*")
