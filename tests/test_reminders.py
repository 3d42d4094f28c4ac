"""Mails that remind people: each thing on its day, in one mail, as often as they want, and once whatever happens."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.world import World, make_world
from worksheets import post
from worksheets.cycles import start_cycle
from worksheets.models import (
    Action,
    Assignment,
    Comment,
    Cycle,
    Decision,
    Membership,
    Notice,
    Policy,
    Reminder,
    User,
)
from worksheets.reminders import sending
from worksheets.reminders.due import stage_of_review, stage_of_task, stage_of_wait
from worksheets.workbooks import WORKBOOKS

Turn = Callable[[datetime.date], None]
DAY = datetime.timedelta(days=1)
# A Monday. The review of the world began on 1 October 2026, so that the next is due on 1 April 2027.
MONDAY = datetime.date(2026, 11, 30)


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Turns the clock to half past seven of a day."""

    def to(day: datetime.date, *, minutes: int = 0) -> None:
        at = datetime.datetime(day.year, day.month, day.day, 7, 30, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: at + datetime.timedelta(minutes=minutes))

    return to


def run(*more: str) -> str:
    out = StringIO()
    call_command("send_reminders", *more, stdout=out)
    return out.getvalue().strip()


def told() -> dict[str, str]:
    """Who was told what since the last look: the words of each mail by its address. Nobody gets two."""
    found = {message.to[0]: message.body for message in mail.outbox}
    assert len(found) == len(mail.outbox)
    mail.outbox.clear()
    return found


def wants(user: User, how: str) -> None:
    Membership.objects.filter(user=user).update(mails=how)


def action(world: World, owner: User, due: datetime.date, text: str = "Ask <b>Nora</b>") -> Action:
    long_ago = timezone.make_aware(datetime.datetime(2026, 10, 1))
    return Action.objects.create(organisation=world.anywhere, text=text, owner=owner, due=due, made_at=long_ago)


def asked(world: World, person: User, due: datetime.date) -> Assignment:
    long_ago = timezone.make_aware(datetime.datetime(2026, 10, 1))
    return Assignment.objects.create(
        cycle=world.cycle, stage="drivers", question="aims", person=person, due=due, given_at=long_ago
    )


# When something is told.


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (15, ""),
        (14, "14-days"),
        (10, "14-days"),
        (4, "14-days"),
        (3, "3-days"),
        (2, "3-days"),
        (0, "3-days"),
        (-1, "overdue-0"),
        (-7, "overdue-0"),
        (-8, "overdue-1"),
        (-15, "overdue-2"),
    ],
)
def test_a_task_is_told_14_and_3_days_before_and_each_week_after(left: int, stage: str) -> None:
    assert stage_of_task(MONDAY + left * DAY, MONDAY - 90 * DAY, MONDAY) == stage


def test_what_was_given_late_is_not_told_at_once_again() -> None:
    given = MONDAY
    assert stage_of_task(MONDAY + 10 * DAY, given, MONDAY) == ""
    assert stage_of_task(MONDAY + 10 * DAY, given, MONDAY + 7 * DAY) == "3-days"
    assert stage_of_task(MONDAY + 2 * DAY, given, MONDAY + DAY) == ""
    assert stage_of_task(MONDAY + 2 * DAY, given, MONDAY + 3 * DAY) == "overdue-0"


def test_a_weekly_mail_looks_as_far_as_the_next_one() -> None:
    assert stage_of_task(MONDAY + 9 * DAY, MONDAY - 90 * DAY, MONDAY, ahead=6) == "3-days"
    assert stage_of_task(MONDAY + 10 * DAY, MONDAY - 90 * DAY, MONDAY, ahead=6) == "14-days"
    assert stage_of_review(MONDAY + 6 * DAY, MONDAY, ahead=6) == "day"


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (datetime.date(2027, 2, 28), ""),
        (datetime.date(2027, 3, 1), "month"),
        (datetime.date(2027, 3, 31), "month"),
        (datetime.date(2027, 4, 1), "day"),
        (datetime.date(2027, 4, 28), "day"),
        (datetime.date(2027, 4, 29), ""),
    ],
)
def test_a_review_is_told_a_month_before_and_on_the_day(today: datetime.date, stage: str) -> None:
    assert stage_of_review(datetime.date(2027, 4, 1), today) == stage


def test_what_waits_is_told_when_it_is_seen_and_each_week() -> None:
    assert [stage_of_wait(MONDAY, MONDAY + days * DAY) for days in (0, 6, 7, 14)] == [
        "week-0",
        "week-0",
        "week-1",
        "week-2",
    ]


# A week, day by day.


def test_a_week_of_mails_for_people_who_want_them_in_different_ways(world: World, turn: Turn) -> None:
    """Lena reads once a week, Colin once a day, Mary hears of comments at once and of what is due on its day."""
    wants(world.lead, "weekly")
    wants(world.contributor, "daily")
    for person in (world.lead, world.contributor):
        # 3 days before Thursday is Monday, 14 days before Wednesday week is Wednesday.
        action(world, person, datetime.date(2026, 12, 3))
        action(world, person, datetime.date(2026, 12, 16))
    action(world, world.contributor, datetime.date(2026, 12, 3))
    asked(world, world.contributor, datetime.date(2026, 12, 4))
    Cycle.objects.filter(pk=world.cycle.pk).update(starts=datetime.date(2026, 6, 3), ends=datetime.date(2026, 12, 2))
    talk = Comment.objects.create(cycle=world.cycle, question="aims", text="A secret", written_by=world.manager)

    turn(MONDAY)
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org", "lead@example.org"]
    assert "2 actions are due in 3 days (3 December 2026):" in said["contributor@example.org"]
    # The 14th day before was weeks ago, when nothing ran yet.
    assert "1 answer you were asked for is due in 4 days (4 December 2026):" in said["contributor@example.org"]
    weekly = said["lead@example.org"]
    # All that comes up before the next Monday stands in it: the next review on Thursday too.
    assert "1 action is due in 3 days (3 December 2026):" in weekly
    assert "1 action is due in 16 days (16 December 2026):" in weekly
    assert "The next review is due on 3 December 2026:" in weekly

    turn(MONDAY + DAY)
    Notice.objects.create(person=world.contributor, comment=talk)
    Notice.objects.create(person=world.lead, comment=talk)
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org"]
    assert "1 answer you were asked for is due in 3 days (4 December 2026):" in said["contributor@example.org"]
    assert "There is something new in the comments: Question 2, Aims:" in said["contributor@example.org"]
    assert (
        f"{settings.SITE_URL}/o/nhs-anywhere/reviews/autumn-2026/comments/aims/#thread-"
        in said["contributor@example.org"]
    )

    turn(MONDAY + 2 * DAY)
    Cycle.objects.filter(pk=world.cycle.pk).update(state="submitted")
    at = timezone.now()
    Decision.objects.create(cycle=world.cycle, kind=Decision.Kind.SUBMITTED, decided_at=at, decided_by=world.lead)
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org", "manager@example.org"]
    assert "1 action is due in 14 days (16 December 2026):" in said["contributor@example.org"]
    assert "1 review waits for your sign-off:" in said["manager@example.org"]
    assert f"{settings.SITE_URL}/o/nhs-anywhere/reviews/autumn-2026/decide/" in said["manager@example.org"]

    # The machine was switched off on Thursday. On Friday two of the actions are overdue.
    turn(MONDAY + 4 * DAY)
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org"]
    assert "2 actions are overdue, the first since 3 December 2026:" in said["contributor@example.org"]
    for days in (5, 6):
        turn(MONDAY + days * DAY)
        run()
        assert told() == {}

    turn(MONDAY + 7 * DAY)
    run()
    said = told()
    assert sorted(said) == ["lead@example.org"]
    assert "1 action is overdue, since 3 December 2026:" in said["lead@example.org"]
    # Its third day before is the Sunday, of which the next mail would tell too late.
    assert "1 action is due in 9 days (16 December 2026):" in said["lead@example.org"]
    assert "Question 2, Aims" in said["lead@example.org"]
    turn(MONDAY + 9 * DAY)
    run()
    assert sorted(told()) == ["manager@example.org"]
    turn(MONDAY + 11 * DAY)
    run()
    assert "2 actions are overdue" in told()["contributor@example.org"]


def test_a_missed_day_swallows_nothing(world: World, turn: Turn) -> None:
    action(world, world.lead, MONDAY + 5 * DAY)
    turn(MONDAY + DAY)
    run()
    assert "1 action is due in 4 days" in told()["lead@example.org"]
    turn(MONDAY + 3 * DAY)
    run()
    assert "1 action is due in 2 days" in told()["lead@example.org"]
    turn(MONDAY + 4 * DAY)
    run()
    assert told() == {}


def test_what_is_done_or_answered_or_moved_is_not_told(world: World, turn: Turn) -> None:
    done, moved = (action(world, world.lead, MONDAY + 3 * DAY) for _ in range(2))
    asked(world, world.contributor, MONDAY + 3 * DAY)
    Action.objects.filter(pk=done.pk).update(state="done")
    Action.objects.filter(pk=moved.pk).update(due=MONDAY + 30 * DAY)
    world.fill()
    turn(MONDAY)
    run()
    assert told() == {}
    # One that is put off is told anew.
    turn(MONDAY + 27 * DAY)
    run()
    assert "1 action is due in 3 days" in told()["lead@example.org"]


def test_policies_are_told_to_their_owner_and_to_leads_without_one(world: World, turn: Turn) -> None:
    there = {"organisation": world.anywhere, "state": "issued", "next_review": MONDAY + 20 * DAY}
    Policy.objects.create(document="house-rules", owner=world.contributor, **there)
    Policy.objects.create(document="crisis", owner=world.outsider, **there)
    Policy.objects.create(document="accounts", organisation=world.anywhere, state="sent", sent_at=timezone.now())
    turn(MONDAY)
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org", "lead@example.org", "manager@example.org"]
    assert "1 policy is due to be reviewed by 20 December 2026:" in said["contributor@example.org"]
    assert "1 policy waits for your approval:" in said["manager@example.org"]


def test_what_is_somebodys_own_is_told_to_nobody_else(world: World, turn: Turn) -> None:
    (own,) = (workbook for workbook in WORKBOOKS.values() if workbook.private)
    starts = datetime.date(2026, 6, 30)
    start_cycle(world.anywhere, own, "Mine", starts, MONDAY, world.contributor)
    turn(datetime.date(2026, 12, 30))
    run()
    said = told()
    assert sorted(said) == ["contributor@example.org"]
    assert f"The next {own.noun} is due on 30 December 2026:" in said["contributor@example.org"]


# What a mail says, and to whom.


def test_a_mail_holds_nothing_that_anybody_typed(world: World, turn: Turn) -> None:
    world.fill()
    world.anywhere.name = "Evil.example/ & Sons"
    world.anywhere.save()
    action(world, world.lead, MONDAY + 3 * DAY, text="Ring Nora about the leak")
    turn(MONDAY)
    run()
    (message,) = mail.outbox
    for secret in ("Nora", "leak", "Lena", "Autumn", "Evil.example", "&amp;"):
        assert secret not in message.body
    assert message.subject == "1 thing for you: Evil example & Sons"
    assert "You get this because you are a member of Evil example & Sons." in message.body
    assert f"{settings.SITE_URL}/o/nhs-anywhere/mails/" in message.body


def test_somebody_in_two_organisations_gets_one_mail(world: World, turn: Turn) -> None:
    Membership.objects.create(user=world.lead, organisation=world.elsewhere, role="contributor")
    action(world, world.lead, MONDAY + 3 * DAY)
    there = action(world, world.lead, MONDAY + 3 * DAY)
    Action.objects.filter(pk=there.pk).update(organisation=world.elsewhere)
    turn(MONDAY)
    run()
    (message,) = mail.outbox
    assert message.subject == "2 things for you: 2 organisations"
    assert message.body.count("1 action is due in 3 days") == 2
    assert "/o/nhs-elsewhere/mails/" in message.body


def test_who_left_or_may_not_sign_in_or_wants_none_gets_nothing(world: World, turn: Turn) -> None:
    for person in (world.lead, world.contributor, world.manager, world.outsider):
        action(world, person, MONDAY + 3 * DAY)
    wants(world.lead, "none")
    Membership.objects.filter(user=world.contributor).delete()
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    turn(MONDAY)
    assert run() == "No mails sent."
    assert told() == {}


def test_what_waited_for_somebody_who_left_is_not_kept_for_their_return(world: World, turn: Turn) -> None:
    talk = Comment.objects.create(cycle=world.cycle, question="aims", text="Why?", written_by=world.manager)
    Notice.objects.create(person=world.contributor, comment=talk)
    membership = Membership.objects.get(user=world.contributor)
    membership.delete()
    turn(MONDAY)
    run()
    assert not Notice.objects.exists()


# Sent once, whatever happens.


def test_run_twice_it_sends_once(world: World, turn: Turn) -> None:
    action(world, world.lead, MONDAY + 3 * DAY)
    turn(MONDAY)
    assert run("--dry-run") == "1 mail would be sent."
    assert mail.outbox == []
    assert not Reminder.objects.exists()
    assert run() == "1 mail sent."
    assert run("--dry-run") == "No mails would be sent."
    # What comes up later that day waits for the next one: a person gets one mail a day.
    action(world, world.lead, MONDAY + 2 * DAY)
    run()
    assert len(told()) == 1
    turn(MONDAY + DAY)
    run()
    assert "1 action is due tomorrow (2 December 2026)" in told()["lead@example.org"]


def test_what_could_not_be_sent_is_sent_by_the_next_run(
    world: World, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    action(world, world.lead, MONDAY + 3 * DAY)
    turn(MONDAY)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", lambda _mails: False)
        with pytest.raises(CommandError, match="1 mail could not be sent"):
            run()
    run()
    assert len(told()) == 1


def test_killed_before_the_mail_left_it_is_sent_once_the_claim_is_old(
    world: World, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (world.contributor, world.lead):
        action(world, person, MONDAY + 3 * DAY)
    turn(MONDAY)
    really = sending.send

    def killed(mails: Any) -> bool:
        if len(mail.outbox) == 1:
            raise KeyboardInterrupt
        return really(mails)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    first = sorted(told())
    assert len(first) == 1
    # Another run of the same morning may not know whether that one is dead.
    turn(MONDAY, minutes=20)
    run()
    assert told() == {}
    turn(MONDAY, minutes=40)
    run()
    second = sorted(told())
    assert sorted(first + second) == ["contributor@example.org", "lead@example.org"]


def test_killed_after_the_mail_left_it_is_sent_again_under_the_same_name(
    world: World, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No program can close this gap: mail programs show the two as one, by their `Message-ID`."""
    action(world, world.lead, MONDAY + 3 * DAY)
    turn(MONDAY)
    really = sending.send

    def killed(mails: Any) -> bool:
        really(mails)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    # The next day something else is due as well: it has a mail of its own.
    action(world, world.lead, MONDAY + 4 * DAY)
    turn(MONDAY + DAY)
    run()
    names = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(names) == 3
    assert names[0] == names[1] != names[2]
    assert names[0].endswith("@127.0.0.1>") or names[0].endswith(f"@{post.host()}>")


@pytest.mark.usefixtures("shared")
def test_of_many_machines_at_once_one_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    today = timezone.localdate()
    for person in (world.lead, world.contributor, world.manager):
        action(world, person, today + 3 * DAY)
    start, errors = threading.Barrier(4), []

    def machine() -> None:
        try:
            start.wait()
            sending.send_reminders(timezone.now())
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=machine) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(told()) == ["contributor@example.org", "lead@example.org", "manager@example.org"]
    assert not Reminder.objects.filter(sent_at=None).exists()


# A run of its own that is killed without a word: "before" it hands the mail over, or right "after".
KILLED = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from worksheets.reminders import sending
def send(mails):
    if sys.argv[1] == "after":
        print(*(mail.name for mail in mails), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
sending.send = send
sending.send_reminders(timezone.now())
"""


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_is_killed_leaves_its_mail_to_the_next(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    action(world, world.lead, timezone.localdate() + 3 * DAY)
    if connection.vendor == "sqlite":
        there = f"sqlite:///{connection.settings_dict['NAME']}"
    else:
        there = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    known = {**os.environ, "DATABASE_URL": there, "DJANGO_SETTINGS_MODULE": "toolkit.settings"}
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, when],
        env=known,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    run()
    assert told() == {}
    later = timezone.now() + sending.DEAD + datetime.timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    run()
    (message,) = mail.outbox
    if when == "after":
        assert message.extra_headers["Message-ID"] == f"<{dead.stdout.strip()}@{post.host()}>"
    run()
    assert len(mail.outbox) == 1


# The weekly mail, and the page that asks for it.


def test_whoever_had_nothing_on_monday_waits_for_the_next(world: World, turn: Turn) -> None:
    wants(world.lead, "weekly")
    turn(MONDAY)
    run()
    assert told() == {}
    action(world, world.lead, MONDAY)
    turn(MONDAY + DAY)
    run()
    assert told() == {}
    # Nothing ran on the next Monday.
    turn(MONDAY + 8 * DAY)
    run()
    assert "1 action is overdue, since 30 November 2026" in told()["lead@example.org"]


def test_the_page_offers_a_mail_a_week(world: World, signed_in: Callable[[User], Client]) -> None:
    lead = signed_in(world.lead)
    page = lead.get("/o/nhs-anywhere/mails/").content.decode()
    assert "Once a week, all in one mail" in page
    assert "/o/nhs-anywhere/calendar/" in page
    lead.post("/o/nhs-anywhere/mails/", {"mails": "weekly"})
    assert Membership.objects.get(user=world.lead).mails == "weekly"
