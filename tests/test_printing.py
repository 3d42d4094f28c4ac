"""The queue of what is printed: who waits is told and comes back by itself, and each file is made once."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.printing import leads_to, press_on, refuse, work
from tests.reading import tree, words
from tests.world import World, cycle_of
from worksheets import printing, saving
from worksheets.models import Printing, Summary, User
from worksheets.report import machine, queue, store
from worksheets.report.printer import CannotStart, TooLarge, TooManyPages, TooSlow, Unavailable

SignIn = Callable[[User], Client]
REVIEWS = "/o/nhs-anywhere/reviews/"
ADDRESS = f"{REVIEWS}autumn-2026/summary.pdf"
State = Printing.State


pytestmark = pytest.mark.usefixtures("printed")


def aims(statement: str) -> dict[str, Any]:
    return {"aims": [{"id": "a", "statement": statement}]}


def reviews(world: World, number: int) -> list[str]:
    """The addresses of the summaries of that many reviews of NHS Anywhere."""
    for n in range(number):
        cycle_of(world.anywhere, f"Review {n}", f"review-{n}")
    return [f"{REVIEWS}review-{n}/summary.pdf" for n in range(number)]


# A reader waits.


def test_who_asks_for_a_pdf_that_takes_long_gets_a_page_that_comes_back_to_it(
    world: World, signed_in: SignIn, busy: list[None]
) -> None:
    browser = signed_in(world.contributor)
    page = browser.get(ADDRESS)
    assert page.status_code == 202
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Type"].startswith("text/html")
    assert "ETag" not in page.headers
    text = words(page)
    assert "The summary is being made" in text
    assert "It is being made now." in text
    assert "This page looks again every 5 seconds." in text
    (now,) = tree(page).xpath("//a[text()='Look now']/@href")
    assert now == leads_to(page)
    again = browser.get(now)
    assert again.status_code == 202
    assert leads_to(again) == now
    work()
    made = browser.get(now)
    assert (made.status_code, made.headers["Content-Type"]) == (200, "application/pdf")
    assert made.headers["ETag"] == browser.get(ADDRESS).headers["ETag"]
    assert browser.get(now, headers={"if-none-match": made.headers["ETag"]}).status_code == 304
    # Each look wakes whoever prints, in case they ended.
    assert len(busy) == 2


def test_who_asks_for_a_download_gets_one_in_the_end(world: World, signed_in: SignIn, busy: list[None]) -> None:
    browser = signed_in(world.lead)
    there = leads_to(browser.get(f"{ADDRESS}?download=1"))
    work()
    assert browser.get(there).headers["Content-Disposition"].startswith("attachment")


def test_a_page_that_waits_can_be_told_to_stay_as_it_is(world: World, signed_in: SignIn, busy: list[None]) -> None:
    browser = signed_in(world.lead)
    (stop,) = tree(browser.get(ADDRESS)).xpath("//a[text()='Stop looking by itself']/@href")
    page = browser.get(stop)
    assert page.status_code == 202
    assert "Refresh" not in page.headers
    assert "This page stays as it is until you look again." in words(page)
    (now,) = tree(page).xpath("//a[text()='Look now']/@href")
    (on,) = tree(page).xpath("//a[text()='Look again every 5 seconds']/@href")
    assert "Refresh" not in browser.get(now).headers
    assert leads_to(browser.get(on)) == on
    work()
    assert browser.get(now).status_code == 200


def test_heads_and_comparisons_wait_too(world: World, signed_in: SignIn, busy: list[None]) -> None:
    cycle_of(world.anywhere, "Spring", "spring")
    browser = signed_in(world.lead)
    address = f"{REVIEWS}autumn-2026/compare/spring/summary.pdf"
    assert browser.head(address).status_code == 202
    there = leads_to(browser.get(address))
    assert there.startswith(address)
    assert browser.get(ADDRESS).status_code == 202
    assert Printing.objects.count() == 2
    work()
    assert "compared-with-spring" in browser.get(there).headers["Content-Disposition"]
    assert browser.head(there).status_code == 200
    # What is waited for at one address is no answer at another.
    assert browser.get(ADDRESS + there.removeprefix(address)).content == browser.get(ADDRESS).content


def test_who_waits_is_told_how_many_are_before_and_is_not_kept_waiting_for_that(
    world: World, signed_in: SignIn, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(world.lead)
    first, second, third = reviews(world, 3)
    assert "It is being made now." in words(browser.get(first))
    # Waiting for others would hold a thread for nothing.
    monkeypatch.setattr(queue, "AT_ONCE", 1_000)
    assert "1 summary is before yours." in words(browser.get(second))
    page = browser.get(third)
    assert "2 summaries are before yours." in words(page)
    (printing_,) = [queue.claim()]
    assert printing_
    printing.carry_out(printing_)
    assert "1 summary is before yours." in words(browser.get(leads_to(page)))


def test_two_readers_of_one_summary_wait_for_the_same_one(
    world: World, signed_in: SignIn, busy: list[None], printed: list[str]
) -> None:
    pages = [signed_in(user).get(ADDRESS) for user in (world.lead, world.contributor, world.manager)]
    assert len({leads_to(page) for page in pages}) == 1
    work()
    assert len(printed) == 1


def test_eight_readers_of_eight_reviews_all_get_theirs(world: World, signed_in: SignIn, busy: list[None]) -> None:
    browser = signed_in(world.lead)
    waiting = [leads_to(browser.get(address)) for address in reviews(world, 8)]
    work()
    answers = [browser.get(address) for address in waiting]
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.headers["ETag"] for answer in answers}) == 8


def test_what_changes_while_it_waits_is_in_it_and_what_changes_afterwards_is_not(
    world: World, signed_in: SignIn, busy: list[None]
) -> None:
    browser = signed_in(world.lead)
    drivers = saving.worksheet_of(world.cycle, "drivers")
    there = leads_to(browser.get(ADDRESS))
    saving.save_answer(drivers, "aims", aims("Before it was made"), user=world.lead)
    work()
    saving.save_answer(drivers, "aims", aims("After it was made"), user=world.lead)
    made = browser.get(there)
    assert made.status_code == 200
    assert "Before it was made" in made.content.decode()
    # Whoever asks now asks for what the review says now.
    page = browser.get(ADDRESS)
    assert page.status_code == 202
    assert leads_to(page) != there
    work()
    assert "After it was made" in browser.get(ADDRESS).content.decode()


def test_strangers_wait_for_nothing(world: World, signed_in: SignIn, busy: list[None]) -> None:
    there = leads_to(signed_in(world.lead).get(ADDRESS))
    for stranger in (world.outsider, world.nobody, world.admin):
        assert signed_in(stranger).get(there).status_code == 404
        assert signed_in(stranger).get(ADDRESS).status_code == 404
    work()
    # The number of another review's printing leads to one's own.
    number = there.partition("?")[2]
    theirs = signed_in(world.outsider).get(f"/o/nhs-elsewhere/reviews/autumn-2026/summary.pdf?{number}")
    assert theirs.status_code == 202
    for wrong in ("x", "-1", "9" * 40, "", "²"):
        assert signed_in(world.lead).get(f"{ADDRESS}?asked={wrong}").status_code == 200


def test_one_organisation_does_not_fill_the_queue(
    world: World, signed_in: SignIn, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_UNDER_WAY", 2)
    browser = signed_in(world.lead)
    first, second, third = reviews(world, 3)
    assert [browser.get(address).status_code for address in (first, second, third)] == [202, 202, 429]
    page = browser.get(third)
    assert "2 summaries of NHS Anywhere Foundation Trust are waiting to be made." in words(page)
    assert tree(page).xpath("//a[text()='open the PDF again']/@href") == [third]
    # What waits already may be asked for, and others have a queue as well.
    assert browser.get(first).status_code == 202
    assert signed_in(world.outsider).get("/o/nhs-elsewhere/reviews/autumn-2026/summary.pdf").status_code == 202
    work()
    assert browser.get(third).status_code == 202


# What could not be made.


@pytest.mark.parametrize(
    ("error", "status", "says", "never"),
    [
        (TooLarge(), 413, "There is more text in it than fits in one PDF.", "spaces"),
        (TooManyPages(), 413, "more than 150 pages", "spaces"),
        (TooSlow(), 503, "This summary takes too long to make", "large"),
        (CannotStart("It has no fonts."), 503, "That has nothing to do with the answers.", "large"),
        (Unavailable("It ended with -9."), 503, "The PDF can't be made just now", "large"),
        (ZeroDivisionError("What people wrote"), 503, "The PDF can't be made just now", "large"),
    ],
)
def test_the_page_says_what_was_wrong_and_what_to_do(
    world: World,
    signed_in: SignIn,
    busy: list[None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    says: str,
    never: str,
) -> None:
    refuse(monkeypatch, error)
    browser = signed_in(world.contributor)
    there = leads_to(browser.get(ADDRESS))
    work()
    page = browser.get(there)
    assert page.status_code == status
    assert "Refresh" not in page.headers
    text = words(page)
    assert says in text
    assert "Your answers are safe." in text
    assert never not in text
    assert ("Shorten" in text) == (status == 413)
    assert "What people wrote" not in caplog.text
    # The way to try again asks anew: unless it was the contents, that is a new try at once.
    again = browser.get(ADDRESS)
    assert again.status_code == (status if isinstance(error, TooLarge | TooManyPages | TooSlow) else 202)


def test_a_refusal_is_forgotten_after_an_hour(world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(world.lead)
    with monkeypatch.context() as refusing:
        refuse(refusing, TooSlow())
        assert browser.get(ADDRESS).status_code == 503
    assert browser.get(ADDRESS).status_code == 503
    Printing.objects.update(finished_at=timezone.now() - datetime.timedelta(minutes=61))
    assert browser.get(ADDRESS).status_code == 200


# Those who print.


def test_what_a_process_left_behind_that_ended_is_taken_up_again(
    world: World, signed_in: SignIn, busy: list[None]
) -> None:
    browser = signed_in(world.lead)
    there = leads_to(browser.get(ADDRESS))
    assert queue.claim()
    # The process is killed. Whoever has its lock now knows that nobody else prints here.
    assert "It is being made now." in words(browser.get(there))
    work()
    assert browser.get(there).status_code == 200


def test_what_another_machine_prints_is_left_to_it_until_it_is_silent(
    world: World, signed_in: SignIn, busy: list[None]
) -> None:
    browser = signed_in(world.lead)
    there = leads_to(browser.get(ADDRESS))
    theirs = queue.claim()
    assert theirs
    Printing.objects.update(runner="another-machine 0")
    work()
    assert browser.get(there).status_code == 202
    Printing.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=3))
    work()
    assert browser.get(there).status_code == 200
    # Should it wake up after all, it has nothing to say any more.
    queue.alive(theirs)
    queue.finish(theirs, "unavailable")
    assert browser.get(there).status_code == 200


def test_each_is_claimed_once(world: World, signed_in: SignIn, busy: list[None], monkeypatch: Any) -> None:
    signed_in(world.lead).get(ADDRESS)
    real = Printing.objects.get(pk=Printing.objects.get().pk)
    monkeypatch.setattr(queue, "take_up", lambda: None)
    assert queue.claim() == real
    assert queue.claim() is None


def test_what_ends_whoever_prints_it_again_and_again_is_given_up(
    world: World, signed_in: SignIn, busy: list[None]
) -> None:
    browser = signed_in(world.lead)
    there = leads_to(browser.get(ADDRESS))
    for _ in range(queue.MOST_TRIES):
        assert queue.claim()
    assert queue.claim() is None
    assert "The PDF can't be made just now" in words(browser.get(there))


@pytest.fixture
def nobody_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Whoever prints is started, and ends at once, as with a broken library."""
    monkeypatch.setattr(machine, "press_on", press_on)
    monkeypatch.setattr(machine, "lock_file", lambda: tmp_path / "printing.lock")
    monkeypatch.setattr(machine.sys, "executable", "/bin/false")
    monkeypatch.setattr(queue, "AT_ONCE", 0)
    yield
    machine.failed()


def looked_at(browser: Client, there: str, times: int) -> HttpResponse:
    """What a page says that looked so often, each time after whoever was started has ended."""
    for _ in range(times):
        for one in machine._started:
            one.wait()
        page = browser.get(there)
    return page


def test_a_reader_does_not_wait_for_ever_for_a_process_that_cannot_run(
    world: World, signed_in: SignIn, nobody_starts: None, caplog: pytest.LogCaptureFixture
) -> None:
    browser = signed_in(world.lead)
    first = browser.get(ADDRESS)
    assert first.status_code == 202
    assert looked_at(browser, leads_to(first), queue.MOST_TRIES - 1).status_code == 202
    page = looked_at(browser, leads_to(first), 1)
    assert page.status_code == 503
    assert "The PDF can't be made just now" in words(page)
    assert "Try again now" in words(page)
    assert "the process that prints ended with 1" in caplog.text
    assert browser.get(ADDRESS).status_code == 202


def test_nobody_waits_for_ever_either_when_no_process_can_be_started(
    world: World, signed_in: SignIn, nobody_starts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.sys, "executable", "/nowhere/python")
    browser = signed_in(world.lead)
    first = browser.get(ADDRESS)
    assert looked_at(browser, leads_to(first), queue.MOST_TRIES).status_code == 503


def test_what_another_machine_prints_is_not_given_up_because_this_one_cannot(
    world: World, signed_in: SignIn, nobody_starts: None
) -> None:
    browser = signed_in(world.lead)
    first = browser.get(ADDRESS)
    now = timezone.now()
    Printing.objects.update(state=Printing.State.PRINTING, runner="another", started_at=now, seen_at=now)
    assert looked_at(browser, leads_to(first), 2 * queue.MOST_TRIES).status_code == 202


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(queue, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=lambda _: None))

    def watched(self, browser: Client, there: str, seconds: int) -> HttpResponse:
        """What a page says that has looked again all the while."""
        for _ in range(0, seconds, 30):
            self.now += 30
            page = browser.get(there)
        return page


@pytest.mark.parametrize("taken", [False, True])
def test_nobody_waits_for_ever_for_a_process_that_holds_the_lock_and_does_nothing(
    world: World,
    signed_in: SignIn,
    busy: list[None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    taken: bool,
) -> None:
    clock, browser = Clock(monkeypatch), signed_in(world.lead)
    there = leads_to(browser.get(ADDRESS))
    if taken:
        # It was stopped in the middle of a summary, and its last sign of life is long ago.
        assert queue.claim()
        Printing.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=3))
    assert clock.watched(browser, there, queue.UNMOVED - 30).status_code == 202
    page = clock.watched(browser, there, 60)
    assert page.status_code == 503
    assert "Try again now" in words(page)
    assert "has taken nothing up" in caplog.text
    # Whoever asks again waits anew, and gets the PDF if it does its work by now.
    again = leads_to(browser.get(ADDRESS))
    assert clock.watched(browser, again, 60).status_code == 202
    work()
    assert browser.get(again).status_code == 200


def test_what_waits_while_others_are_printed_is_waited_for(
    world: World, signed_in: SignIn, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, browser = Clock(monkeypatch), signed_in(world.lead)
    _, there = (leads_to(browser.get(address)) for address in reviews(world, 2))
    printing_ = queue.claim()
    assert printing_
    for _ in range(6):
        queue.alive(printing_)
        assert clock.watched(browser, there, queue.UNMOVED // 2).status_code == 202
    # Nor is it held against what waits that nobody looked for a while.
    clock.now += 10 * queue.UNMOVED
    Printing.objects.update(seen_at=timezone.now() - datetime.timedelta(minutes=3))
    assert clock.watched(browser, there, 30).status_code == 202


def test_what_keeps_our_own_code_busy_for_ever_is_given_up_and_the_next_is_printed(
    world: World, signed_in: SignIn, busy: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(world.lead)
    bad, good = reviews(world, 2)
    waiting = [leads_to(browser.get(address)) for address in (bad, good)]
    real = store.html_of

    def html_of(told: Any) -> str:
        while told.cycle == "Review 0":
            pass
        return real(told)

    monkeypatch.setattr(store, "html_of", html_of)
    monkeypatch.setattr(printing, "OWN_SECONDS", 0.5)
    work()
    first, second = (browser.get(there) for there in waiting)
    assert first.status_code == 503
    assert "This summary takes too long to make" in words(first)
    assert second.status_code == 200


def test_what_is_long_over_is_forgotten(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.lead)
    browser.get(ADDRESS)
    Printing.objects.update(finished_at=timezone.now() - datetime.timedelta(hours=25))
    browser.get(reviews(world, 1)[0])
    assert Printing.objects.count() == 1
    assert Summary.objects.count() == 2


def test_one_process_prints_on_a_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "lock_file", lambda: tmp_path / "printing.lock")
    lock = machine.take()
    assert lock is not None
    assert machine.take() is None
    with pytest.raises(CommandError, match="Another process prints"):
        call_command("print_summaries")
    os.close(lock)
    again = machine.take()
    assert again is not None
    os.close(again)


SERVICE = """
import django, os; django.setup()
from django.core.management import call_command
from django.test import Client
from tests.world import make_world
from worksheets.models import Printing
from worksheets.report import machine, queue
call_command("migrate", verbosity=0)
world, queue.AT_ONCE = make_world(), 60
world.fill()
browser = Client()
browser.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
here = "/o/nhs-anywhere/reviews/autumn-2026/"
one = browser.get(here + "summary.pdf", headers={"host": "localhost"})
first = [process.pid for process in machine._started]
world.cycle.worksheets.filter(stage="drivers").update(answers={})
world.cycle.__class__.objects.update(stamp=99)
two = browser.get(here + "summary.pdf", headers={"host": "localhost"})
print(one.status_code, one.content[:5], two.status_code, one.content != two.content)
print(len(first), first == [process.pid for process in machine._started], machine.take())
"""


def test_the_service_starts_one_process_that_prints_and_ends_with_it(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "toolkit.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
    }
    # All output is read only when whoever prints has ended as well, for it writes to the same place.
    ended = subprocess.run([sys.executable, "-c", SERVICE], env=environment, capture_output=True, timeout=120)
    assert ended.stdout.decode().split("\n")[:2] == ["200 b'%PDF-' 200 True", "1 True None"], ended.stderr.decode()
    assert "Printing 2, a summary: done" in ended.stderr.decode()


def test_the_command_waits_for_its_turn_and_says_why_it_has_none(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "summary.pdf"
    queue.add(world.foreign_cycle, Printing.Purpose.SUMMARY, None)
    call_command("render_summary", "nhs-anywhere/autumn-2026", output=str(file), verbosity=0)
    assert file.read_bytes().startswith(b"%PDF")
    assert store.kept(world.cycle.pk, Printing.objects.get(cycle=world.cycle).digest)
    Summary.objects.all().delete()
    refuse(monkeypatch, TooSlow())
    with pytest.raises(CommandError, match="takes too long to make"):
        call_command("render_summary", "nhs-anywhere/autumn-2026", output=str(file))
    monkeypatch.setattr(queue, "MOST_UNDER_WAY", 0)
    with pytest.raises(CommandError, match="too many summaries in the queue"):
        call_command("render_summary", "nhs-anywhere/autumn-2026", output=str(file))
