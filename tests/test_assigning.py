"""Sharing out a review: who is asked to answer what, how they hear of it, and where they find it again."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.reading import address, error_messages, send, tree, words
from tests.world import World
from worksheets.models import Assignment, Cycle, Membership, Role, User, Worksheet

SignIn = Callable[[User], Client]
HUB = "/o/nhs-anywhere/reviews/autumn-2026/"
HERE = f"{HUB}assign/"


@pytest.fixture
def colin(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.contributor)


@pytest.fixture
def lead(world: World, colin: Client, signed_in: SignIn) -> Client:
    """Lena, once Colin has signed in."""
    return signed_in(world.lead)


def ask(client: Client, world: World, *what: str, due: str = "", person: User | None = None) -> str:
    """Ask Colin, or somebody else, and say what the page says then."""
    day, month, year = due.split() if due else ("", "", "")
    date = {"due-day": day, "due-month": month, "due-year": year}
    sent = {"what": list(what), "person": str((person or world.contributor).pk), "do": "assign"} | date
    return words(client.post(HERE, sent, follow=True))


def test_a_lead_asks_somebody_to_answer_questions_by_a_date(world: World, lead: Client) -> None:
    page = lead.get(HERE)
    assert "All of worksheet 1, Drivers and aims" in words(page)
    said = ask(lead, world, "drivers.aims", "content.", due="12 12 2030")
    assert "2 things given to Colin Contributor." in said
    assert "Question 2. Aims Colin Contributor, by 12 December 2030" in said
    assert "Worksheet 5. Content and where it comes from Colin Contributor" in said
    assert Assignment.objects.get(question="aims").given_by == world.lead


def test_they_get_one_mail_with_the_links_and_no_answer(world: World, lead: Client) -> None:
    send(lead, address(world, "drivers"), drivers=["other"], other_evidence="A secret reason")
    ask(lead, world, "drivers.aims", "content.", due="12 12 2030")
    (message,) = mail.outbox
    assert message.to == ["contributor@example.org"]
    assert message.subject == "2 things for you in a review: NHS Anywhere Foundation Trust"
    assert "by 12 December 2030" in message.body
    assert f"{settings.SITE_URL}{address(world, 'aims')}" in message.body
    assert f"{HUB}content/" in message.body
    assert "secret" not in message.body
    assert "Autumn" not in message.body


def test_nobody_is_told_the_same_twice(world: World, lead: Client) -> None:
    ask(lead, world, "drivers.aims", due="12 12 2030")
    ask(lead, world, "drivers.aims", due="12 12 2030")
    assert len(mail.outbox) == 1
    ask(lead, world, "drivers.aims", "drivers.drivers", due="12 12 2030")
    assert mail.outbox[1].subject.startswith("1 thing for you")
    ask(lead, world, "drivers.aims", due="13 12 2030")
    assert "by 13 December 2030" in mail.outbox[2].body


def test_whoever_takes_something_gets_no_mail(world: World, lead: Client, colin: Client) -> None:
    assert "1 thing given to you." in ask(colin, world, "drivers.aims")
    assert mail.outbox == []


def test_it_stands_under_yours_on_the_hub_and_the_dashboard(world: World, lead: Client, colin: Client) -> None:
    ask(lead, world, "drivers.aims", due="12 12 2030")
    ask(lead, world, "content.plan", due="1 2 2020")
    for place in (HUB, "/o/nhs-anywhere/reviews/"):
        said = words(colin.get(place))
        assert "Yours Question 17. Content plan late since 1 February 2020 Question 2. Aims by 12 December 2030" in said
        assert "Yours" not in words(lead.get(place))
    assert "question 2. Aims (Colin Contributor)" in words(lead.get(HUB))
    # The green button leads each to what is theirs.
    for who, place in ((colin, "plan"), (lead, "drivers")):
        green = tree(who.get(HUB)).xpath("//*[contains(@class, 'app-next')]//a")[0]
        assert green.get("href") == address(world, place)


def test_it_is_done_when_it_is_answered(world: World, lead: Client, colin: Client) -> None:
    ask(lead, world, "content.working", "alignment.")
    assert "Question 13. Ways of working" in words(colin.get(HUB))
    send(colin, address(world, "working"), changes="We film.")
    assert "Yours Worksheet 2." in words(colin.get(HUB))
    Worksheet.objects.filter(stage="alignment", cycle=world.cycle).update(status=Worksheet.Status.COMPLETE)
    assert "Yours" not in words(colin.get(HUB))
    assert "Question 13. Ways of working Colin Contributor, answered" in words(lead.get(HERE))
    assert "Question 13" not in [box.get("value") for box in tree(lead.get(HERE)).xpath("//input[@name='what']")]


def test_asking_somebody_else_replaces_and_it_can_be_taken_back(world: World, lead: Client, colin: Client) -> None:
    ask(lead, world, "drivers.aims")
    ask(lead, world, "drivers.aims", person=world.lead)
    given = Assignment.objects.get()
    assert given.person == world.lead
    lead.post(HERE, {"do": f"take-back:{given.pk}"})
    assert not Assignment.objects.exists()


def test_what_is_missing_is_said_and_what_was_ticked_stays(world: World, lead: Client) -> None:
    page = lead.post(HERE, {"what": ["drivers.aims"], "due-day": "31", "due-month": "2", "due-year": "2027"})
    assert page.status_code == 400
    told = error_messages(page)
    assert told[0] == "Choose who answers it"
    assert "February" in told[1]
    assert tree(page).xpath("//input[@value='drivers.aims'][@checked]")
    assert error_messages(lead.post(HERE, {}))[0] == "Tick at least one question or worksheet"
    assert not Assignment.objects.exists()


def test_only_the_team_of_the_organisation_can_be_asked(world: World, lead: Client, signed_in: SignIn) -> None:
    signed_in(world.manager)
    signed_in(world.outsider)
    options = tree(lead.get(HERE)).xpath("//select[@id='person']/option")
    assert [option.text_content().strip() for option in options] == ["Choose", "Colin Contributor", "Lena Lead"]
    for person in (world.manager, world.outsider, world.nobody):
        ask(lead, world, "drivers.aims", person=person)
    assert not Assignment.objects.exists()


def test_who_has_not_come_yet_is_not_named(world: World, lead: Client) -> None:
    late = User.objects.create_user("new@example.org", "x", name="Nell New")
    Membership.objects.create(user=late, organisation=world.anywhere, role=Role.CONTRIBUTOR)
    assert "Nell New" not in words(lead.get(HERE))


def test_who_left_has_nothing_to_do_here(world: World, lead: Client, colin: Client) -> None:
    ask(lead, world, "drivers.aims")
    Membership.objects.filter(user=world.contributor).delete()
    assert "Colin" not in words(lead.get(HUB))
    assert "Colin" not in words(lead.get(HERE))


def test_who_may_not_write_shares_nothing_out(world: World, lead: Client, signed_in: SignIn) -> None:
    sent = {"what": ["drivers.aims"], "person": str(world.contributor.pk)}
    for user, status in ((world.manager, 403), (world.outsider, 404), (world.nobody, 404), (world.admin, 404)):
        assert signed_in(user).get(HERE).status_code == status
        assert signed_in(user).post(HERE, sent).status_code == status
    assert not Assignment.objects.exists()
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert lead.post(HERE, sent).status_code == 403


def test_names_are_only_text(world: World, lead: Client) -> None:
    User.objects.filter(pk=world.contributor.pk).update(name="<b>Colin</b>")
    ask(lead, world, "drivers.aims")
    for place in (HUB, HERE):
        assert "<b>Colin" not in lead.get(place).content.decode()


def test_a_date_is_kept_as_it_was_meant(world: World, lead: Client) -> None:
    ask(lead, world, "drivers.aims", due="1 3 2027")
    assert Assignment.objects.get().due == datetime.date(2027, 3, 1)
