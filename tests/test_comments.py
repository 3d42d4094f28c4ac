"""Comments on questions: any member may start a thread, reply, resolve and open it again, until sign-off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.reading import error_messages, tree, words
from tests.world import World
from worksheets.models import Comment, Cycle, User
from worksheets.signoff import talk
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
AIMS = f"{REVIEW}comments/aims/"


@pytest.fixture
def thread(world: World) -> Comment:
    return talk.say(world.cycle, STRATEGY.question["aims"], world.manager, "Is this still right?")


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_every_member_starts_threads_replies_resolves_and_opens_again(
    world: World, signed_in: SignedIn, thread: Comment, who: str
) -> None:
    client = signed_in(getattr(world, who))
    response = client.post(AIMS, {"do": "comment", "text": "First line.\r\nSecond line."})
    said = Comment.objects.latest("pk")
    assert response["Location"] == f"{AIMS}#thread-{said.pk}"
    assert (said.text, said.question, said.written_by) == ("First line.\nSecond line.", "aims", getattr(world, who))
    client.post(AIMS, {"do": f"reply:{thread.pk}", "text": "It is."})
    page = words(client.get(AIMS))
    assert "Is this still right?" in page
    assert "It is." in page
    assert "Mary Manager" in page
    client.post(AIMS, {"do": f"resolve:{thread.pk}"})
    thread.refresh_from_db()
    assert thread.resolved_by == getattr(world, who)
    assert "Resolved by" in words(client.get(AIMS))
    client.post(AIMS, {"do": f"reopen:{thread.pk}"})
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_a_reply_opens_a_resolved_thread_again(world: World, signed_in: SignedIn, thread: Comment) -> None:
    talk.settle(world.cycle, thread, world.lead, resolved=True)
    signed_in(world.contributor).post(AIMS, {"do": f"reply:{thread.pk}", "text": "Not quite."})
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_who_resolved_a_thread_first_stays(world: World, thread: Comment) -> None:
    talk.settle(world.cycle, thread, world.lead, resolved=True)
    talk.settle(world.cycle, thread, world.manager, resolved=True)
    thread.refresh_from_db()
    assert thread.resolved_by == world.lead


def test_strangers_know_no_comments(world: World, signed_in: SignedIn, thread: Comment) -> None:
    for user in (world.outsider, world.nobody, world.admin):
        client = signed_in(user)
        for address in (AIMS, f"{REVIEW}comments/"):
            assert client.get(address).status_code == 404
        assert client.post(AIMS, {"text": "Hello."}).status_code == 404
    assert Comment.objects.count() == 1


def test_a_thread_of_elsewhere_is_not_found(world: World, signed_in: SignedIn) -> None:
    foreign = talk.say(world.foreign_cycle, STRATEGY.question["aims"], world.outsider, "Ours alone.")
    other = talk.say(world.cycle, STRATEGY.question["smart"], world.lead, "Another question.")
    reply = talk.say(world.cycle, STRATEGY.question["aims"], world.lead, "A reply.", other)
    client = signed_in(world.lead)
    for pk in (foreign.pk, other.pk, reply.pk, 0, "x", "9" * 40):
        for verb in ("reply", "resolve", "reopen"):
            assert client.post(AIMS, {"do": f"{verb}:{pk}", "text": "Hm."}).status_code == 404
    assert client.post(AIMS, {"do": "burn:1"}).status_code == 404
    assert client.get(f"{REVIEW}comments/nothing/").status_code == 404
    assert Comment.objects.count() == 3


def test_comments_go_on_while_a_review_is_submitted_and_end_with_sign_off(
    world: World, signed_in: SignedIn, thread: Comment
) -> None:
    client = signed_in(world.manager)
    rows = Cycle.objects.filter(pk=world.cycle.pk)
    rows.update(state=Cycle.State.SUBMITTED)
    assert client.post(AIMS, {"text": "One thing."}).status_code == 302
    for closed in ({"state": Cycle.State.SIGNED_OFF}, {"state": Cycle.State.OPEN, "archived_at": timezone.now()}):
        rows.update(**closed)
        for sent in ({"text": "Another."}, {"do": f"reply:{thread.pk}", "text": "A"}, {"do": f"resolve:{thread.pk}"}):
            assert client.post(AIMS, sent).status_code == 403
        page = client.get(AIMS)
        assert "Is this still right?" in words(page)
        assert not tree(page).xpath("//main//form")
    assert Comment.objects.count() == 2


def test_a_comment_at_the_moment_of_sign_off_is_not_kept_and_not_lost(
    world: World, signed_in: SignedIn, monkeypatch: Any
) -> None:
    real = talk.say

    def signed_off_first(*args: Any, **kwargs: Any) -> Comment:
        Cycle.objects.filter(pk=world.cycle.pk).update(state=Cycle.State.SIGNED_OFF)
        return real(*args, **kwargs)

    monkeypatch.setattr(talk, "say", signed_off_first)
    page = signed_in(world.lead).post(AIMS, {"text": "Just one more thing."})
    assert page.status_code == 409
    assert "Just one more thing." in tree(page).xpath("//textarea")[0].text_content()
    assert not Comment.objects.exists()


def test_an_empty_or_endless_comment_is_asked_for_again(world: World, signed_in: SignedIn, thread: Comment) -> None:
    client = signed_in(world.lead)
    page = client.post(AIMS, {"text": " "})
    assert (page.status_code, error_messages(page)) == (400, ["Enter your comment"])
    page = client.post(AIMS, {"do": f"reply:{thread.pk}", "text": "y" * 2_001})
    assert page.status_code == 400
    assert error_messages(page) == ["Shorten this to 2,000 characters or fewer. It is 1 too long"]
    (box,) = tree(page).xpath("//textarea[@id=$id]", id=f"reply-{thread.pk}")
    assert box.text_content().strip() == "y" * 2_001
    assert Comment.objects.count() == 1


def test_comments_are_escaped(world: World, signed_in: SignedIn) -> None:
    talk.say(world.cycle, STRATEGY.question["aims"], world.lead, "<img src=x onerror=alert(1)>")
    User.objects.filter(pk=world.lead.pk).update(name="<b>Lena</b>")
    client = signed_in(world.manager)
    for address in (AIMS, f"{REVIEW}comments/"):
        html = client.get(address).content.decode()
        assert "<img src=x" not in html
        assert "<b>Lena" not in html
        assert "&lt;img src=x" in html


def test_all_threads_stand_on_one_page_by_question(world: World, signed_in: SignedIn, thread: Comment) -> None:
    talk.say(world.cycle, STRATEGY.question["drivers"], world.lead, "On the first question.")
    page = words(signed_in(world.contributor).get(f"{REVIEW}comments/"))
    assert page.index("Question 1, Drivers") < page.index("Question 2, Aims") < page.index("Is this still right?")


def test_open_comments_are_counted_on_the_hub_and_beside_the_answers(
    world: World, signed_in: SignedIn, thread: Comment
) -> None:
    talk.say(world.cycle, STRATEGY.question["aims"], world.lead, "Yes.", thread)
    done = talk.say(world.cycle, STRATEGY.question["drivers"], world.lead, "Done.")
    talk.settle(world.cycle, done, world.lead, resolved=True)
    client = signed_in(world.lead)
    assert "1 open comment" in words(client.get(REVIEW))
    page = words(client.get(f"{REVIEW}drivers/"))
    assert "1 open comment on question 2" in page
    assert "Comment on question 1" in page


def test_a_question_that_is_read_leads_to_its_comments(world: World, signed_in: SignedIn) -> None:
    page = tree(signed_in(world.manager).get(f"{REVIEW}drivers/aims/"))
    assert AIMS in [link.get("href") for link in page.xpath("//main//a")]


def test_a_page_takes_the_same_queries_however_many_comments_there_are(
    world: World, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    first = talk.say(world.cycle, STRATEGY.question["aims"], world.lead, "One.")
    for n in range(20):
        talk.say(world.cycle, STRATEGY.question["aims"], world.lead, f"Reply {n}.", first)
        talk.say(world.cycle, STRATEGY.question["aims"], world.manager, f"Thread {n}.")
    client = signed_in(world.lead)
    # Beside each thread stands what was made of it: one query for all.
    for address, most in ((AIMS, 6), (f"{REVIEW}comments/", 5), (f"{REVIEW}drivers/", 5)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_a_page_of_another_site_writes_no_comment(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(AIMS, {"text": "Forged."}).status_code == 403
    assert not Comment.objects.exists()
