"""Saving: nothing is overwritten unseen, other questions merge in silence, and many at once lose nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.reading import address, form_of
from tests.world import World, make_world
from worksheets import saving
from worksheets.models import Cycle, Decision, Revision, User, Worksheet
from worksheets.signoff import decisions

SignIn = Callable[[User], Client]
ONE, TWO, THREE = ({"changes": text} for text in ("One", "Two", "Three"))


def worksheet(world: World, stage: str = "content") -> Worksheet:
    return Worksheet.objects.get(cycle=world.cycle, stage=stage)


Answer = dict[str, Any]


def save(
    world: World, question: str, answer: Answer | None, shown: Answer | None = None, user: User | None = None
) -> bool:
    """Save from a page that had `shown` an answer, or none, and say whether that changed anything."""
    return saving.save_answer(worksheet(world), question, answer, seen=saving.token(shown), user=user or world.lead)


def test_every_save_counts_the_version_on_and_is_kept(world: World) -> None:
    for n, (answer, shown) in enumerate(((ONE, None), (TWO, ONE), (None, TWO), (THREE, None)), 1):
        assert save(world, "working", answer, shown)
        assert worksheet(world).version == n
    kept = list(Revision.objects.order_by("version").values_list("version", "question", "answer", "saved_by"))
    assert kept == [(n, "working", answer, world.lead.pk) for n, answer in enumerate((ONE, TWO, None, THREE), 1)]
    now = worksheet(world)
    assert now.answers == {"working": THREE}
    assert now.updated_by == world.lead
    assert now.updated_at == Revision.objects.get(version=4).saved_at


def test_saving_what_is_there_already_is_no_save(world: World) -> None:
    save(world, "working", ONE)
    assert not save(world, "working", dict(ONE), user=world.contributor)
    assert not save(world, "formats", None)
    assert Revision.objects.count() == 1


def test_other_questions_merge_in_silence(world: World) -> None:
    save(world, "working", ONE)
    save(world, "formats", {"video": "not-now"}, user=world.contributor)
    assert worksheet(world).answers == {"working": ONE, "formats": {"video": "not-now"}}
    assert worksheet(world).version == 2


def test_a_stale_worksheet_in_hand_overwrites_nothing(world: World) -> None:
    stale = worksheet(world)
    save(world, "formats", {"video": "not-now"})
    assert saving.save_answer(stale, "working", ONE, seen="", user=world.lead)
    assert stale.answers == worksheet(world).answers == {"working": ONE, "formats": {"video": "not-now"}}


def test_the_same_question_conflicts(world: World) -> None:
    save(world, "working", ONE)
    save(world, "working", TWO, ONE, user=world.contributor)
    with pytest.raises(saving.Conflict) as caught:
        save(world, "working", THREE, ONE)
    assert (caught.value.base, caught.value.theirs) == (ONE, TWO)
    assert (caught.value.by, caught.value.at) == (world.contributor, worksheet(world).updated_at)
    assert worksheet(world).answers == {"working": TWO}
    assert Revision.objects.count() == 2


def test_emptying_what_somebody_else_changed_conflicts_too(world: World) -> None:
    save(world, "working", ONE)
    save(world, "working", TWO, ONE)
    with pytest.raises(saving.Conflict):
        save(world, "working", None, ONE)
    save(world, "working", None, TWO)
    with pytest.raises(saving.Conflict) as caught:
        save(world, "working", THREE, TWO)
    assert caught.value.theirs == {}


def test_a_page_that_was_not_changed_keeps_what_somebody_else_saved(world: World) -> None:
    save(world, "working", ONE)
    save(world, "working", TWO, ONE, user=world.contributor)
    assert not save(world, "working", ONE, ONE)
    assert worksheet(world).answers == {"working": TWO}


def test_a_page_opened_before_the_first_answer_conflicts_with_it(world: World) -> None:
    save(world, "working", ONE)
    assert not save(world, "working", None)
    with pytest.raises(saving.Conflict) as caught:
        save(world, "working", TWO)
    assert caught.value.base == {}


def test_an_answer_that_is_again_what_a_page_had_shown_is_no_conflict(world: World) -> None:
    save(world, "working", ONE)
    save(world, "working", TWO, ONE, user=world.contributor)
    save(world, "working", ONE, TWO, user=world.contributor)
    assert save(world, "working", THREE, ONE)


def test_a_complete_worksheet_takes_no_save(world: World) -> None:
    save(world, "working", ONE)
    before = worksheet(world)
    assert saving.complete(worksheet(world), world.lead)
    for stale in (worksheet(world), before):
        with pytest.raises(saving.Completed):
            saving.save_answer(stale, "working", TWO, seen=saving.token(ONE), user=world.lead)
    saving.reopen(worksheet(world))
    assert save(world, "working", TWO, ONE)


def test_only_the_worksheet_that_was_read_is_completed(world: World) -> None:
    read = worksheet(world)
    save(world, "working", ONE)
    assert not saving.complete(read, world.lead)
    assert saving.complete(worksheet(world), world.lead)
    assert not saving.complete(worksheet(world), world.contributor)
    assert worksheet(world).completed_by == world.lead


def test_a_worksheet_is_made_where_a_cycle_has_none(world: World, signed_in: SignIn) -> None:
    world.cycle.worksheets.all().delete()
    client = signed_in(world.lead)
    url = address(world, "working")
    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "save", "seen": "", "changes": "One"}).status_code == 302
    assert worksheet(world).answers == {"working": ONE}


@pytest.mark.parametrize("seen", ["", "0", "x", "f" * 24, "F" * 100_000, "²", "\x00", "None"])
def test_a_token_that_makes_no_sense_overwrites_nothing(world: World, signed_in: SignIn, seen: str) -> None:
    save(world, "working", ONE, user=world.contributor)
    sent = {"do": "save", "seen": seen, "changes": "Two"}
    assert signed_in(world.lead).post(address(world, "working"), sent).status_code == 409
    assert worksheet(world).answers == {"working": ONE}


# Many at once.


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """The results of jobs that all start at the same moment, each with a connection of its own."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def attempt(cycle: Cycle, question: str, answer: Answer, seen: str | None) -> str:
    try:
        sheet = Worksheet.objects.get(cycle=cycle, stage="content")
        saving.save_answer(sheet, question, answer, seen=seen, user=None)
    except saving.Conflict as conflict:
        return "conflict" if conflict.theirs and conflict.base == {} else "empty conflict"
    return "saved"


@pytest.mark.usefixtures("shared")
def test_of_forty_saves_of_one_question_one_wins_and_39_see_both_texts() -> None:
    cycle = make_world().cycle
    jobs = [lambda n=n: attempt(cycle, "working", {"changes": f"Text {n}"}, seen="") for n in range(40)]
    assert Counter(at_once(jobs)) == {"saved": 1, "conflict": 39}
    sheet = Worksheet.objects.get(cycle=cycle, stage="content")
    assert sheet.version == 1
    assert Revision.objects.get().answer == sheet.answers["working"]


@pytest.mark.usefixtures("shared")
def test_eight_writers_lose_no_save() -> None:
    cycle = make_world().cycle
    keys = ("working", "formats", "publishers", "signoff", "plan", "proportion", "a", "b")

    def write(key: str) -> Callable[[], list[str]]:
        return lambda: [attempt(cycle, key, {"n": n}, seen=None) for n in range(10)]

    assert Counter(chain(*at_once([write(key) for key in keys]))) == {"saved": 80}
    sheet = Worksheet.objects.get(cycle=cycle, stage="content")
    assert sheet.answers == {key: {"n": 9} for key in keys}
    assert sheet.version == 80
    assert sorted(Revision.objects.values_list("version", flat=True)) == list(range(1, 81))


@pytest.mark.usefixtures("shared")
def test_of_many_browsers_one_saves_and_the_others_are_shown_both_texts() -> None:
    world = make_world()
    clients = [Client() for _ in range(8)]
    for client in clients:
        client.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = address(world, "working")
    pages = [form_of(client.get(url)) for client in clients]

    def post(n: int) -> Callable[[], int]:
        return lambda: clients[n].post(url, pages[n] | {"do": "save", "changes": f"Text {n}"}).status_code

    assert Counter(at_once([post(n) for n in range(8)])) == {302: 1, 409: 7}


@pytest.mark.usefixtures("shared")
def test_completing_and_saving_at_once_never_leaves_an_unseen_answer_in_a_complete_worksheet() -> None:
    world = make_world()
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="content")

    def saves() -> str:
        try:
            saving.save_answer(Worksheet.objects.get(pk=sheet.pk), "working", ONE, seen="", user=world.lead)
        except saving.Completed:
            return "too late"
        return "saved"

    saved, completed = at_once([saves, lambda: saving.complete(sheet, world.lead)])
    now = Worksheet.objects.get(pk=sheet.pk)
    assert now.complete == completed == (saved == "too late")


def ready_to_submit() -> World:
    """A review that concluded not to use social media: it can be submitted while four worksheets are still open."""
    world = make_world()
    world.fill()
    world.cycle.worksheets.filter(stage="drivers").update(status=Worksheet.Status.COMPLETE)
    Cycle.objects.filter(pk=world.cycle.pk).update(ending="not-using", ending_because="No aim helps.")
    return world


@pytest.mark.usefixtures("shared")
def test_no_save_lands_in_a_review_after_it_was_submitted() -> None:
    world = ready_to_submit()
    seen: list[int] = []

    def submit() -> str:
        decisions.submit(world.visit(world.lead))
        seen.append(worksheet(world).version)
        return "submitted"

    def write(question: str) -> str:
        for n in range(1_000):
            sheet = Worksheet.objects.get(cycle=world.cycle, stage="content")
            try:
                saving.save_answer(sheet, question, {"n": n}, user=None)
            except saving.TooLate:
                return "closed"
        return "never closed"

    assert at_once([lambda: write("working"), lambda: write("formats"), submit]) == ["closed", "closed", "submitted"]
    assert worksheet(world).version == seen[0]


@pytest.mark.usefixtures("shared")
def test_of_ten_decisions_at_once_one_wins() -> None:
    world = ready_to_submit()

    def submit() -> str:
        try:
            decisions.submit(world.visit(world.lead))
        except saving.TooLate:
            return "too late"
        return "submitted"

    assert Counter(at_once([submit] * 10)) == {"submitted": 1, "too late": 9}
    assert Decision.objects.get().kind == Decision.Kind.SUBMITTED
