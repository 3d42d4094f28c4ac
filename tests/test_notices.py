"""Mails about comments: to those whom they concern, as often as each of them wants, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from tests.reading import address, send, words
from tests.world import World, cycle_of
from worksheets import post
from worksheets.models import Assignment, Membership, Notice, User

SignIn = Callable[[User], Client]
ON = "/o/nhs-anywhere/reviews/autumn-2026/comments/aims/"
MAILS = "/o/nhs-anywhere/mails/"


def say(client: Client, text: str = "Too vague <b>still</b>") -> None:
    assert client.post(ON, {"do": "comment", "text": text}).status_code == 302


def told() -> list[list[str]]:
    return sorted(message.to for message in mail.outbox)


@pytest.fixture
def manager(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.manager)


def wants(world: World, user: User, how: str) -> None:
    Membership.objects.filter(user=user, organisation=world.anywhere).update(mails=how)


def test_nobody_hears_of_what_concerns_nobody(manager: Client) -> None:
    say(manager)
    assert mail.outbox == []


def test_who_answered_last_and_who_is_asked_to_answer_hear_of_it(
    world: World, manager: Client, signed_in: SignIn
) -> None:
    send(signed_in(world.contributor), address(world, "aims"), aims__0__statement="Reach parents")
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.lead)
    say(manager)
    assert told() == [["contributor@example.org"], ["lead@example.org"]]
    message = mail.outbox[0]
    assert message.subject == "1 question talked about in a review: NHS Anywhere Foundation Trust"
    assert f"{settings.SITE_URL}{ON}#thread-" in message.body
    assert f"{settings.SITE_URL}{MAILS}" in message.body
    # What was said, and by whom, is read behind the link.
    for secret in ("vague", "Mary", "parents", "Autumn"):
        assert secret not in message.body


def test_who_took_part_hears_of_a_reply_and_the_writer_does_not(
    world: World, manager: Client, signed_in: SignIn
) -> None:
    say(manager)
    thread = world.cycle.comments.get()
    lead = signed_in(world.lead)
    lead.post(ON, {"do": f"reply:{thread.pk}", "text": "Which part?"})
    assert told() == [["manager@example.org"]]
    manager.post(ON, {"do": f"reply:{thread.pk}", "text": "The second."})
    assert told() == [["lead@example.org"], ["manager@example.org"]]


def test_who_left_or_belongs_elsewhere_hears_nothing(world: World, manager: Client, signed_in: SignIn) -> None:
    send(signed_in(world.contributor), address(world, "aims"), aims__0__statement="Reach parents")
    Membership.objects.filter(user=world.contributor).delete()
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.outsider)
    say(manager)
    assert mail.outbox == []


# How often.


def test_somebody_says_how_often(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    assert "How often do you want mails?" in words(lead.get(MAILS))
    assert "Saved." in words(lead.post(MAILS, {"mails": "daily"}, follow=True))
    assert Membership.objects.get(user=world.lead).mails == "daily"
    assert Membership.objects.get(user=world.contributor).mails == "each"
    assert lead.post(MAILS, {"mails": "hourly"}).status_code == 400


def test_never_is_never(world: World, manager: Client) -> None:
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.lead)
    wants(world, world.lead, "none")
    say(manager)
    call_command("send_reminders")
    assert mail.outbox == []


def test_once_a_day_is_one_mail_that_is_never_sent_twice(world: World, manager: Client) -> None:
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.lead)
    wants(world, world.lead, "daily")
    say(manager)
    say(manager, "And another thing")
    assert mail.outbox == []
    call_command("send_reminders")
    call_command("send_reminders")
    assert told() == [["lead@example.org"]]
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_the_mail_of_the_day_tells_of_all_reviews(world: World, manager: Client) -> None:
    other = cycle_of(world.anywhere, "Spring 2027", "spring-2027")
    for cycle in (world.cycle, other):
        Assignment.objects.create(cycle=cycle, stage="drivers", person=world.lead)
    wants(world, world.lead, "daily")
    say(manager)
    manager.post(ON.replace("autumn-2026", "spring-2027"), {"do": "comment", "text": "Here too"})
    call_command("send_reminders")
    (message,) = mail.outbox
    assert message.subject == "2 things for you: NHS Anywhere Foundation Trust"
    assert f"{settings.SITE_URL}{ON}#thread-" in message.body
    assert "spring-2027/comments/aims/#thread-" in message.body


def test_what_could_not_be_sent_waits_for_the_next_day(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.lead)
    wants(world, world.lead, "daily")
    say(manager)

    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(post, "get_connection", broken)
        with pytest.raises(CommandError, match="1 mail could not be sent"):
            call_command("send_reminders")
    call_command("send_reminders")
    assert told() == [["lead@example.org"]]


def test_who_wants_no_mails_any_more_gets_none_of_those_that_waited(
    world: World, manager: Client, signed_in: SignIn
) -> None:
    Assignment.objects.create(cycle=world.cycle, stage="drivers", person=world.lead)
    wants(world, world.lead, "daily")
    say(manager)
    signed_in(world.lead).post(MAILS, {"mails": "none"})
    call_command("send_reminders")
    assert mail.outbox == []


# From where one comments.


def test_every_part_of_the_summary_and_every_answer_can_be_commented_on(world: World, manager: Client) -> None:
    world.fill()
    here = "/o/nhs-anywhere/reviews/autumn-2026/"
    said = words(manager.get(f"{here}summary/"))
    assert "Comment on this part: The strategy on a page" in said
    assert "Comment on question 2" in said
    assert "Comment on question 2" in words(manager.get(f"{here}drivers/"))
    say(manager)
    assert "1 open comment on question 2" in words(manager.get(f"{here}summary/"))
    assert "2. Aims" in words(manager.get(f"{here}comments/"))
