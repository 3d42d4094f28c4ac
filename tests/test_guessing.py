"""Guessing passwords is slowed down, nobody is locked out, and accounts cannot be told apart."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import mail
from django.db import OperationalError, connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import written
from tests.world import PASSWORD, World
from worksheets import post, tries
from worksheets.audit import source_of
from worksheets.models import AuditEvent, Tries, User

SignedIn = Callable[[User], Client]
DOOR, RESET = "/accounts/login/", "/accounts/password/reset/"
OWNER, ATTACKER = "192.0.2.1", "198.51.100.7"
TOO_OFTEN = re.compile(r"You tried too often\. Wait (\d+) (second|minute)s?, then try again")


def sign_in(password: str, source: str = ATTACKER, login: str = "lead@example.org") -> Any:
    return Client(REMOTE_ADDR=source).post(DOOR, {"login": login, "password": password})


def told_to_wait(response: Any) -> int:
    """How many seconds the page says to wait; 0 when it does not."""
    found = TOO_OFTEN.search(response.content.decode())
    return int(found[1]) * (60 if found[2] == "minute" else 1) if found else 0


def later_by(seconds: float) -> None:
    """Let time pass, as far as the counts know."""
    by = datetime.timedelta(seconds=seconds)
    Tries.objects.update(last=F("last") - by, wait_until=F("wait_until") - by)


def test_a_guesser_must_wait_longer_and_longer(world: World) -> None:
    waits = []
    for _ in range(18):
        wait = told_to_wait(sign_in("wrong"))
        if wait:
            waits.append(wait)
            later_by(wait)
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 64]
    later_by(64)
    for _ in range(20):
        later_by(max(waits[-1], 1))
        sign_in("wrong")
        waits.append(told_to_wait(sign_in("wrong")))
    assert max(waits) == 300


def test_even_the_right_password_waits_where_somebody_guesses(world: World) -> None:
    for _ in range(5):
        assert "do not match an account" in sign_in("wrong").content.decode()
    assert told_to_wait(sign_in(PASSWORD)) == 1
    later_by(1)
    assert sign_in(PASSWORD).status_code == 302


def test_the_owner_signs_in_from_elsewhere_whatever_somebody_tries(world: World) -> None:
    for _ in range(40):
        sign_in("wrong")
        later_by(10)
    assert told_to_wait(sign_in(PASSWORD))
    assert sign_in(PASSWORD, OWNER).status_code == 302


def test_whoever_gets_it_right_begins_anew(world: World) -> None:
    for _ in range(4):
        sign_in("wrong")
    assert sign_in(PASSWORD).status_code == 302
    for _ in range(5):
        assert not told_to_wait(sign_in("wrong"))


def test_one_source_that_tries_many_addresses_is_slowed_down(world: World) -> None:
    for n in range(tries.PASSWORD.source.free):
        assert not told_to_wait(sign_in("wrong", login=f"nobody-{n}@example.org"))
    assert told_to_wait(sign_in("wrong", login="another@example.org"))
    assert not told_to_wait(sign_in("wrong", OWNER, login="another@example.org"))


def test_signing_in_now_and_then_does_not_wash_the_source_clean(world: World) -> None:
    for n in range(tries.PASSWORD.source.free // 2):
        sign_in("wrong", login=f"nobody-{n}@example.org")
        sign_in("wrong", login=f"no-one-{n}@example.org")
        sign_in(PASSWORD, login="outsider@example.org")
    assert told_to_wait(sign_in("wrong", login="another@example.org"))


@pytest.mark.parametrize("written", ["Lead@Example.org", " lead@example.org ", "LEAD@EXAMPLE.ORG"])
def test_an_address_written_otherwise_is_the_same_address(world: World, written: str) -> None:
    for _ in range(5):
        sign_in("wrong", login=written)
    assert told_to_wait(sign_in("wrong"))


def test_a_household_of_ipv6_is_one_source(rf: Any) -> None:
    first, second = (source_of(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in ("1", "ffff:1"))
    assert first == second == "2001:db8:1:2::"
    assert source_of(rf.get("/", REMOTE_ADDR="2001:db8:1:3::1")) != first
    assert source_of(rf.get("/", REMOTE_ADDR="::ffff:192.0.2.1")) == "192.0.2.1"
    assert source_of(rf.get("/", REMOTE_ADDR="")) == ""
    assert source_of(rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.5")) == "192.0.2.1"


def test_whoever_came_past_a_proxy_is_known_by_the_connection(rf: Any, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    for told, source in (
        ("203.0.113.5, 198.51.100.1", "203.0.113.5"),
        ("192.0.2.99, 203.0.113.5, 198.51.100.1", "203.0.113.5"),
        ("203.0.113.5", "192.0.2.1"),
        ("made up, 198.51.100.1", ""),
        ("[2001:db8:1:2::9]:443, 198.51.100.1", "2001:db8:1:2::"),
    ):
        assert source_of(rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=told)) == source


def test_many_at_once_are_counted_one_by_one(world: World) -> None:
    """Each is counted before its password is looked at: no number of them is one try."""
    for _ in range(5):
        tries.begin(tries.PASSWORD, "lead@example.org", ATTACKER)
    with pytest.raises(tries.Wait):
        tries.begin(tries.PASSWORD, "lead@example.org", ATTACKER)


def test_the_counts_name_nobody_and_are_forgotten(world: World) -> None:
    sign_in("wrong")
    kept = str(list(Tries.objects.values()))
    assert "lead@" not in kept
    assert ATTACKER not in kept
    later_by(tries.FORGOTTEN.total_seconds() + 1)
    sign_in("wrong", OWNER, login="other@example.org")
    assert Tries.objects.count() == 2


def test_every_box_for_a_password_counts(world: World, signed_in: SignedIn) -> None:
    boxes = [
        ("/accounts/reauthenticate/", {"password": "wrong"}),
        ("/accounts/password/change/", {"oldpassword": "wrong", "password1": "four new odd words", "password2": "x"}),
        (f"/admin/worksheets/user/{world.lead.pk}/change/", {"email": "x@example.org", "own_password": "wrong"}),
        (f"/admin/worksheets/user/{world.lead.pk}/password/", {"own_password": "wrong"}),
        (f"/admin/worksheets/organisation/{world.anywhere.pk}/change/", {"name": "N", "own_password": "wrong"}),
    ]
    ada = signed_in(world.admin)
    for address, sent in boxes:
        if "organisation" in address:
            sent |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        for _ in range(5):
            assert not told_to_wait(ada.post(address, sent)), address
        assert told_to_wait(ada.post(address, sent)), address
        Tries.objects.all().delete()


def test_whoever_asks_for_too_many_links_keeps_the_address_and_is_told_how_long_to_wait(world: World) -> None:
    client = Client()
    for _ in range(3):
        assert client.post(RESET, {"email": "lead@example.org"}).status_code == 302
    last = client.post(RESET, {"email": "lead@example.org"})
    assert told_to_wait(last) == 60
    assert 'value="lead@example.org"' in last.content.decode()
    assert len(mail.outbox) == 3


def test_nobody_is_flooded_with_links_from_many_sources(world: World) -> None:
    for n in range(30):
        Client(REMOTE_ADDR=f"198.51.100.{n}").post(RESET, {"email": "lead@example.org"})
    assert len(mail.outbox) == 10


def test_a_page_that_is_read_needs_no_more_queries(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.lead)
    client.get("/o/nhs-anywhere/people/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/o/nhs-anywhere/people/")
    assert not [query["sql"] for query in queries if "tries" in query["sql"] or "audit" in query["sql"]]


# Telling accounts apart


def test_an_account_that_is_switched_off_answers_like_a_wrong_password(world: World) -> None:
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    off, wrong = sign_in(PASSWORD, OWNER), sign_in("wrong", ATTACKER)
    assert off.status_code == wrong.status_code == 200
    assert written(off) == written(wrong)
    assert Client().get("/accounts/inactive/").status_code == 404


def asked(address: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[Any]]:
    """What a request for a link asks of the database before the answer, and what it leaves for afterwards."""
    waiting: list[Any] = []
    Tries.objects.all().delete()
    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(post, "background", waiting.append)
        assert Client().post(RESET, {"email": address}).status_code == 302
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries], waiting


def test_until_the_answer_is_sent_a_known_address_makes_no_other_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    known = asked("lead@example.org", monkeypatch)
    others = [asked(address, monkeypatch) for address in ("who@example.org", "manager@example.org")]
    assert len(known[1]) == 2
    for queries, waiting in others:
        assert queries == known[0]
        assert len(waiting) == 2
    assert not [sql for sql in known[0] if "worksheets_user" in sql]
    assert mail.outbox == []
    for work in (*known[1], *others[0][1], *others[1][1]):
        work()
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]


def test_mail_waits_until_the_answer_is_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    done_after: list[bool] = []
    close = HttpResponse.close

    def closing(response: HttpResponse) -> None:
        closed.append(True)
        close(response)

    monkeypatch.setattr(HttpResponse, "close", closing)
    monkeypatch.setattr(post, "background", lambda work: done_after.append(bool(closed)))
    Client().post(RESET, {"email": "lead@example.org"})
    assert done_after == [True, True]


@pytest.mark.parametrize("state", ["known", "switched off", "never set a password", "unknown"])
def test_the_people_page_tells_nothing_of_a_person_who_was_only_added(
    world: World, signed_in: SignedIn, state: str
) -> None:
    if state == "switched off":
        User.objects.filter(pk=world.outsider.pk).update(is_active=False)
    if state == "never set a password":
        world.outsider.set_unusable_password()
        world.outsider.save()
    address = "unknown@example.org" if state == "unknown" else "outsider@example.org"
    signed_in(world.outsider)
    lead = signed_in(world.lead)
    answer = lead.post("/o/nhs-anywhere/people/add/", {"email": address, "role": "manager"}, follow=True)
    html = written(answer)
    entry = html[html.index(f'mb-1">{address}' if f'mb-1">{address}' in html else f">{address}") :]
    entry = entry[: entry.index("</li>")]
    assert "Has not signed in yet" in entry
    assert "Send the link again" in entry
    assert "Olu" not in html


# Sessions


def test_who_is_switched_off_loses_every_session_for_good(world: World, signed_in: SignedIn) -> None:
    laptop, phone, ada = signed_in(world.lead), signed_in(world.lead), signed_in(world.admin)
    page = f"/admin/worksheets/user/{world.lead.pk}/change/"
    sent = {"email": "lead@example.org", "name": "Lena Lead", "own_password": PASSWORD}
    assert ada.post(page, sent).status_code == 302
    for browser in (laptop, phone):
        assert browser.get("/o/nhs-anywhere/reviews/").status_code == 302
    assert ada.post(page, sent | {"is_active": "on"}).status_code == 302
    for browser in (laptop, phone):
        assert browser.get("/o/nhs-anywhere/reviews/").status_code == 302, "an old session is none any more"
    assert signed_in(User.objects.get(pk=world.lead.pk)).get("/o/nhs-anywhere/reviews/").status_code == 200


def test_a_password_that_was_changed_elsewhere_ends_the_other_sessions(world: World, signed_in: SignedIn) -> None:
    here, there = signed_in(world.lead), signed_in(world.lead)
    new = {"oldpassword": PASSWORD, "password1": "four quite new words", "password2": "four quite new words"}
    here.post("/accounts/password/change/", new)
    assert here.get("/o/nhs-anywhere/reviews/").status_code == 200
    assert there.get("/o/nhs-anywhere/reviews/").status_code == 302


def test_a_session_from_before_this_version_still_counts(world: World) -> None:
    """Whoever never was switched off has the session that Django makes of the password alone."""
    assert world.lead.get_session_auth_hash() == AbstractBaseUser.get_session_auth_hash(world.lead)


# Links


@pytest.mark.parametrize("key", ["{uid}-abc-def", "{uid}-set-password", "{uid}-" + "x" * 300, "zzzz-abc-def"])
def test_a_link_that_is_wrong_writes_nothing(world: World, key: str) -> None:
    client = Client()
    address = f"/accounts/password/reset/key/{key.format(uid=user_pk_to_url_str(world.lead))}/"
    with CaptureQueriesContext(connection) as queries:
        html = client.get(address).content.decode()
        client.post(address, {"password1": "x", "password2": "x"})
    assert "This link does not work any more" in html
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert "sessionid" not in client.cookies


def test_a_link_from_before_an_account_was_switched_off_is_dead(world: World) -> None:
    Client().post(RESET, {"email": "lead@example.org"})
    link = re.search(r"8000(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert link
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    assert "This link does not work any more" in Client().get(link[1], follow=True).content.decode()


def test_sign_ins_and_failures_are_in_the_trail_without_what_was_typed(world: World) -> None:
    sign_in("my other password")
    sign_in("hunter2hunter2", login="my-password-in-the-wrong-box@example.org")
    sign_in(PASSWORD, OWNER)
    kinds = [(row.kind, row.about, row.source) for row in AuditEvent.objects.order_by("id")]
    assert kinds == [
        ("failed", world.lead, ATTACKER),
        ("failed", None, ATTACKER),
        ("signed-in", world.lead, OWNER),
    ]
    assert "password" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert timezone.now() - AuditEvent.objects.latest("id").at < datetime.timedelta(minutes=1)


def test_without_the_database_signing_in_says_so_and_shows_no_password(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(tries, "begin", gone)
    for address, sent in (
        (DOOR, {"login": "lead@example.org", "password": PASSWORD}),
        (RESET, {"email": "a@b.example"}),
    ):
        answer = Client().post(address, sent)
        assert answer.status_code == 503
        assert PASSWORD not in answer.content.decode()
        assert answer["Retry-After"]
