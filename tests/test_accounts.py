"""Signing in and out, and passwords: in our frame and words, for known and unknown addresses alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.reading import tree
from tests.world import PASSWORD, World
from worksheets.models import User

SignedIn = Callable[[User], Client]
NEW = "four quite new words"


def page(response) -> str:  # type: ignore[no-untyped-def]
    return response.content.decode()


def link_in_mail() -> str:
    found = re.search(r"http://127.0.0.1:8000(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_somebody_signs_in_and_out(world: World) -> None:
    client = Client()
    door = client.get("/o/nhs-anywhere/")
    assert door.status_code == 302
    assert door["Location"] == "/accounts/login/?next=/o/nhs-anywhere/"
    html = page(client.get(door["Location"]))
    assert "<title>Sign in - Strategy review</title>" in html
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html
    assert "Show password" in html
    signed = client.post(door["Location"], {"login": "Lead@Example.org", "password": PASSWORD})
    assert signed["Location"] == "/o/nhs-anywhere/"
    asked = page(client.get("/accounts/logout/"))
    assert "Do you want to sign out?" in asked
    left = client.post("/accounts/logout/", follow=True)
    assert "You have signed out." in page(left)
    assert client.get("/o/nhs-anywhere/reviews/").status_code == 302


def test_after_signing_in_nobody_is_sent_to_another_site(world: World) -> None:
    sent = Client().post(
        "/accounts/login/?next=https://elsewhere.example", {"login": "lead@example.org", "password": PASSWORD}
    )
    assert sent["Location"] == "/"


@pytest.mark.parametrize("email", ["lead@example.org", "nobody-knows@example.org"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(world: World, email: str) -> None:
    html = page(Client().post("/accounts/login/", {"login": email, "password": "wrong"}))
    assert "<title>Error: Sign in" in html
    assert '<a href="#id_login">' in html
    assert "Check your email address and password. They do not match an account" in html
    assert f'value="{email}"' in html
    assert "wrong" not in html.replace("nhsuk", "")


def test_empty_boxes_say_what_to_enter(world: World) -> None:
    html = page(Client().post("/accounts/login/", {}))
    assert "Enter your email address" in html
    assert "Enter your password" in html
    assert "This field is required" not in html


@pytest.mark.parametrize("typed", ["\0", "x" * 100_000, "a@b\0", "ü@ü", "<script>alert(1)</script>"])
def test_odd_input_is_no_error_of_ours(world: World, typed: str) -> None:
    for address, data in (
        ("/accounts/login/", {"login": typed, "password": typed}),
        ("/accounts/password/reset/", {"email": typed}),
    ):
        response = Client().post(address, data)
        assert response.status_code == 200
        assert "<script>alert" not in page(response)


def test_somebody_changes_the_password(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.lead)
    html = page(client.get("/accounts/password/change/"))
    assert html.count('autocomplete="new-password"') == 2
    html = page(
        client.post("/accounts/password/change/", {"oldpassword": "no", "password1": "short", "password2": "s"})
    )
    assert "Check your current password" in html
    assert "at least 12 characters" in html
    html = page(
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": "other"})
    )
    assert "Enter the same password in both boxes" in html
    assert NEW not in html
    done = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )
    assert "Your password is changed." in page(done)
    assert done.redirect_chain[-1][0] == "/o/nhs-anywhere/", "still signed in"
    world.lead.refresh_from_db()
    assert world.lead.check_password(NEW)


def test_a_forgotten_password_is_set_from_a_link_that_works_once(world: World) -> None:
    client = Client()
    sent = client.post("/accounts/password/reset/", {"email": "LEAD@example.org"}, follow=True)
    assert "Check your email" in page(sent)
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]
    assert mail.outbox[0].subject == "Set your password for Strategy review"
    link = link_in_mail()
    form = client.get(link, follow=True)
    assert "Set your password" in page(form)
    here = form.redirect_chain[-1][0]
    assert "Enter a new password" in page(client.post(here, {}))
    done = client.post(here, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your password is set" in page(done)
    assert "This link does not work any more" in page(Client().get(link, follow=True))
    assert Client().post("/accounts/login/", {"login": "lead@example.org", "password": NEW}).status_code == 302


def test_an_unknown_address_gets_the_same_page_and_no_mail(world: World) -> None:
    client = Client()
    known = client.post("/accounts/password/reset/", {"email": "lead@example.org"}, follow=True)
    mail.outbox.clear()
    unknown = client.post("/accounts/password/reset/", {"email": "who@example.org"}, follow=True)
    main = re.compile(r"<main.*</main>", re.DOTALL)
    assert main.findall(page(unknown)) == main.findall(page(known))
    assert mail.outbox == []


def test_a_mail_server_that_is_down_does_not_tell_known_addresses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    response = Client().post("/accounts/password/reset/", {"email": "lead@example.org"}, follow=True)
    assert response.status_code == 200
    assert "Check your email" in page(response)


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzzzzzzzzz-abc-def", "1-set-password"])
def test_a_made_up_link_is_refused_in_words(world: World, key: str) -> None:
    response = Client().get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert response.status_code == 200
    assert "This link does not work any more" in page(response)


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "password/reset/key/1-x/",
    ],
)
def test_every_page_of_the_door_is_in_our_frame_for_the_signed_out(world: World, address: str) -> None:
    html = page(Client().get(f"/accounts/{address}"))
    assert " - Strategy review</title>" in html
    assert 'id="maincontent"' in html
    assert " style=" not in html


@pytest.mark.parametrize("address", ["logout/", "password/change/", "reauthenticate/", "password/reset/"])
def test_every_page_of_the_door_is_in_our_frame_for_the_signed_in(
    world: World, signed_in: SignedIn, address: str
) -> None:
    response = signed_in(world.lead).get(f"/accounts/{address}")
    assert response.status_code == 200
    assert " - Strategy review</title>" in page(response)
    assert "Reviews" in page(response)


def test_who_has_no_password_yet_sets_one(world: World, signed_in: SignedIn) -> None:
    world.nobody.set_unusable_password()
    world.nobody.save()
    client = signed_in(world.nobody)
    assert client.get("/accounts/password/change/")["Location"] == "/accounts/password/set/"
    assert "Set your password" in page(client.get("/accounts/password/set/"))
    client.post("/accounts/password/set/", {"password1": NEW, "password2": NEW})
    world.nobody.refresh_from_db()
    assert world.nobody.check_password(NEW)


def test_nobody_signs_up(world: World) -> None:
    assert Client().get("/accounts/signup/").status_code in (302, 404)
    assert User.objects.count() == 6


def test_health_and_the_pages_about_the_service_are_open_and_the_rest_is_not(world: World) -> None:
    assert Client().get("/health/").status_code == 200
    for address in ("/", "/o/nhs-anywhere/reviews/", "/o/nhs-anywhere/people/", "/guidance/"):
        assert Client().get(address)["Location"].startswith("/accounts/login/"), address


def test_a_mail_that_cannot_be_sent_is_logged_without_its_address(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(self: Any) -> None:
        raise SMTPRecipientsRefused({"lead@example.org": (550, b"No such mailbox")})

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    assert Client().post("/accounts/password/reset/", {"email": "lead@example.org"}).status_code == 302
    assert "A mail could not be sent" in caplog.text
    assert "SMTPRecipientsRefused" in caplog.text
    assert "lead@example.org" not in caplog.text


def test_the_door_says_what_is_behind_it_and_leads_to_what_everybody_may_read(world: World) -> None:
    door = tree(Client().get("/accounts/login/"))
    said = " ".join(door.xpath("//main//p[1]")[0].text_content().split())
    assert said.startswith("Strategy review helps communications teams in the NHS")
    assert said.count(". ") == 1
    for words, address in (("about this method", "/about/"), ("accessibility statement", "/accessibility/")):
        assert door.xpath(f"//main//a[normalize-space()='{words}']/@href") == [address]


@pytest.mark.parametrize("address", ["/accounts/login/", "/about/", "/accessibility/", "/nowhere/"])
def test_whoever_is_signed_out_is_led_only_to_pages_that_they_may_read(world: World, address: str) -> None:
    client = Client()
    seen = tree(client.get(address))
    around = seen.xpath("//header//a/@href | //footer//a/@href | //nav//a/@href")
    assert "/guidance/" not in around
    for link in dict.fromkeys(around):
        if link != "/" and not link.startswith("#"):
            assert client.get(link).status_code == 200, link
    assert not seen.xpath("//header//nav")


def test_whoever_is_signed_in_finds_guidance_in_the_footer(world: World, signed_in: SignedIn) -> None:
    assert tree(signed_in(world.nobody).get("/")).xpath("//footer//a[normalize-space()='Guidance']")
