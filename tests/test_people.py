"""The people of an organisation: everybody in it reads the list, leads change it, strangers do not know it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import written as page
from tests.world import World, person
from worksheets.models import Membership, Organisation, Role, User

SignedIn = Callable[[User], Client]
PEOPLE = "/o/nhs-anywhere/people/"


def member(user: User, organisation: Organisation) -> Membership:
    return Membership.objects.get(user=user, organisation=organisation)


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.lead)


def test_everybody_in_the_organisation_sees_who_belongs_to_it(world: World, signed_in: SignedIn) -> None:
    for user in (world.lead, world.contributor, world.manager):
        html = page(signed_in(user).get(PEOPLE))
        assert "Lena Lead" in html
        assert "manager@example.org" in html
        assert "Olu Outsider" not in html
        assert "outsider@example.org" not in html


def test_only_leads_are_offered_changes(world: World, signed_in: SignedIn) -> None:
    assert "Add people" in page(signed_in(world.lead).get(PEOPLE))
    for user in (world.contributor, world.manager):
        html = page(signed_in(user).get(PEOPLE))
        assert "Add people" not in html
        assert "Change role" not in html


def test_readers_get_403_and_strangers_404(world: World, signed_in: SignedIn) -> None:
    pk = member(world.manager, world.anywhere).pk
    for address in ("add/", f"{pk}/change/", f"{pk}/remove/", f"{pk}/send/"):
        for user, status in (
            (world.contributor, 403),
            (world.manager, 403),
            (world.outsider, 404),
            (world.nobody, 404),
            (world.admin, 404),
        ):
            answer = signed_in(user).post(PEOPLE + address, {"role": "lead", "email": "x@example.org"})
            assert answer.status_code == status, (address, user)
    assert member(world.manager, world.anywhere).role == Role.MANAGER
    assert signed_in(world.outsider).get(PEOPLE).status_code == 404
    assert mail.outbox == []


def test_a_member_of_another_organisation_cannot_be_reached_by_number(world: World, lead: Client) -> None:
    pk = member(world.outsider, world.elsewhere).pk
    for address in ("change", "remove", "send"):
        for number in (pk, 0, "9" * 30):
            assert lead.post(f"{PEOPLE}{number}/{address}/", {"role": "manager"}).status_code == 404
    assert member(world.outsider, world.elsewhere).role == Role.LEAD


def test_a_new_person_gets_a_link_to_set_a_password(world: World, lead: Client) -> None:
    shown = lead.post(
        f"{PEOPLE}add/", {"email": " Nora@Example.org ", "name": "Nora New", "role": "contributor"}, follow=True
    )
    html = page(shown)
    assert "nora@example.org belongs to NHS Anywhere Foundation Trust" in html
    assert "works for one day" in html
    assert "Has not signed in yet" in html
    nora = User.objects.get(email="nora@example.org")
    assert member(nora, world.anywhere).role == Role.CONTRIBUTOR
    assert not nora.has_usable_password()
    message = mail.outbox[0]
    assert message.to == ["nora@example.org"]
    assert message.subject == "You have been added to NHS Anywhere Foundation Trust"
    assert "A lead has added you" in message.body
    link = re.search(r"http://127.0.0.1:8000(/accounts/password/reset/key/\S+)", message.body)
    assert link
    client = Client()
    form = client.get(link[1], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "quite a few words", "password2": "quite a few words"})
    client.post("/accounts/login/", {"login": "nora@example.org", "password": "quite a few words"})
    assert client.get(PEOPLE).status_code == 200


def test_a_known_person_is_added_with_the_same_answer_and_keeps_the_name(world: World, lead: Client) -> None:
    shown = lead.post(
        f"{PEOPLE}add/", {"email": "outsider@example.org", "name": "Other Name", "role": "manager"}, follow=True
    )
    assert "works for one day" in page(shown)
    assert "outsider@example.org belongs to NHS Anywhere" in page(shown)
    assert "Olu" not in page(shown)
    world.outsider.refresh_from_db()
    assert world.outsider.name == "Olu Outsider"
    assert member(world.outsider, world.anywhere).role == Role.MANAGER
    assert member(world.outsider, world.elsewhere).role == Role.LEAD
    assert "password/reset/key" not in mail.outbox[0].body
    assert "http://127.0.0.1:8000/" in mail.outbox[0].body


def test_a_name_is_told_once_the_person_has_signed_in_since_they_joined(
    world: World, lead: Client, signed_in: SignedIn
) -> None:
    signed_in(world.outsider)
    lead.post(f"{PEOPLE}add/", {"email": "outsider@example.org", "role": "manager"})
    pk = member(world.outsider, world.anywhere).pk
    pages = [PEOPLE, f"{PEOPLE}{pk}/change/", f"{PEOPLE}{pk}/remove/"]
    for address in pages:
        html = page(lead.get(address))
        assert "outsider@example.org" in html
        assert "Olu" not in html
    assert "Olu" not in page(lead.post(pages[1], {"role": "contributor"}, follow=True))
    assert "Olu" not in page(lead.post(f"{PEOPLE}{pk}/send/", follow=True))
    signed_in(world.outsider)
    for address in pages:
        assert "Olu Outsider" in page(lead.get(address))


def test_somebody_who_belongs_already_is_not_added_twice(world: World, lead: Client) -> None:
    answer = lead.post(f"{PEOPLE}add/", {"email": "MANAGER@example.org", "role": "lead"})
    assert answer.status_code == 400
    assert "already belongs to your organisation" in page(answer)
    assert member(world.manager, world.anywhere).role == Role.MANAGER
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter their email address"),
        ({"email": "nora", "role": "lead"}, "correct format, like name@example.com"),
        ({"email": "\0\u200b", "role": "lead"}, "Enter their email address"),
        ({"email": "x" * 250 + "@example.org", "role": "lead"}, "254 characters or fewer"),
        ({"email": "nora@example.org", "role": "owner"}, "Choose from the list"),
        ({"email": "nora@example.org"}, "Choose a role"),
        ({"email": "nora@example.org", "role": "lead", "name": "n" * 101}, "100 characters or fewer"),
        ({"email": "a@b.example\r\nBcc: c@d.example", "role": "lead"}, "correct format"),
    ],
)
def test_what_cannot_be_right_is_said_and_kept(world: World, lead: Client, typed: dict[str, str], said: str) -> None:
    answer = lead.post(f"{PEOPLE}add/", {"name": "Nora <b>New</b>", **typed})
    html = page(answer)
    assert answer.status_code == 400
    assert "<title>Error: Add people" in html
    assert said in html
    assert "<b>New" not in html
    assert User.objects.count() == 6
    assert mail.outbox == []


def test_when_the_mail_cannot_be_sent_the_person_is_added_and_the_link_can_be_sent_again(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", down)
        html = page(lead.post(f"{PEOPLE}add/", {"email": "nora@example.org", "role": "lead"}, follow=True))
    assert "could not send an email to nora@example.org" in html
    assert "Send the link again" in html
    pk = Membership.objects.get(user__email="nora@example.org").pk
    html = page(lead.post(f"{PEOPLE}{pk}/send/", follow=True))
    assert "We have sent an email to nora@example.org" in html
    assert len(mail.outbox) == 1


def test_nobody_is_flooded_with_links(world: World, lead: Client) -> None:
    lead.post(f"{PEOPLE}add/", {"email": "nora@example.org", "role": "contributor"})
    pk = Membership.objects.get(user__email="nora@example.org").pk
    for _ in range(7):
        html = page(lead.post(f"{PEOPLE}{pk}/send/", follow=True))
    assert "Wait 60 seconds, then try again" in html
    assert len(mail.outbox) == 5


def test_a_link_is_not_sent_to_who_has_come(world: World, lead: Client, signed_in: SignedIn) -> None:
    signed_in(world.manager)
    pk = member(world.manager, world.anywhere).pk
    assert "has signed in already" in page(lead.post(f"{PEOPLE}{pk}/send/", follow=True))
    assert mail.outbox == []


def test_a_lead_changes_a_role(world: World, lead: Client) -> None:
    pk = member(world.manager, world.anywhere).pk
    assert 'value="manager" checked' in page(lead.get(f"{PEOPLE}{pk}/change/"))
    html = page(lead.post(f"{PEOPLE}{pk}/change/", {"role": "contributor"}, follow=True))
    assert "manager@example.org is a contributor now." in html
    assert member(world.manager, world.anywhere).role == Role.CONTRIBUTOR


def test_the_last_lead_neither_steps_down_nor_leaves(world: World, lead: Client) -> None:
    pk = member(world.lead, world.anywhere).pk
    down = lead.post(f"{PEOPLE}{pk}/change/", {"role": "manager"})
    gone = lead.post(f"{PEOPLE}{pk}/remove/")
    for answer in (down, gone):
        assert answer.status_code == 400
        assert "Make somebody else a lead first" in page(answer)
        assert "<title>Error: " in page(answer)
    assert member(world.lead, world.anywhere).role == Role.LEAD
    assert lead.post(f"{PEOPLE}{pk}/change/", {"role": "lead"}).status_code == 302


def test_a_lead_who_is_switched_off_does_not_count_as_the_one_that_is_needed(world: World, lead: Client) -> None:
    off = person("off@example.org", "Olga Off", is_active=False)
    Membership.objects.create(user=off, organisation=world.anywhere, role=Role.LEAD)
    pk = member(world.lead, world.anywhere).pk
    for answer in (lead.post(f"{PEOPLE}{pk}/change/", {"role": "manager"}), lead.post(f"{PEOPLE}{pk}/remove/")):
        assert answer.status_code == 400
        assert "Make somebody else a lead first. An organisation needs at least one who may sign in" in page(answer)
    assert member(world.lead, world.anywhere).role == Role.LEAD
    assert lead.post(f"{PEOPLE}{member(off, world.anywhere).pk}/remove/").status_code == 302


def test_leads_who_step_down_at_once_wait_for_each_other_in_one_order(world: World, lead: Client) -> None:
    """Rows held in different orders, or rows of other tables with them, could wait for each other for ever."""
    pk = member(world.lead, world.anywhere).pk
    with CaptureQueriesContext(connection) as queries:
        lead.post(f"{PEOPLE}{pk}/change/", {"role": "manager"})
    asked = [query["sql"] for query in queries if "'lead'" in query["sql"] and "SELECT" in query["sql"]]
    assert [("ORDER BY 1 ASC" in sql, "JOIN" in sql) for sql in asked] == [(True, False)]


def test_with_a_second_lead_the_first_may_leave(world: World, lead: Client) -> None:
    lead.post(f"{PEOPLE}{member(world.manager, world.anywhere).pk}/change/", {"role": "lead"})
    left = lead.post(f"{PEOPLE}{member(world.lead, world.anywhere).pk}/remove/", follow=True)
    assert "does not belong to NHS Anywhere Foundation Trust any more" in page(left)
    assert "You do not belong to an organisation yet" in page(left)
    assert lead.get(PEOPLE).status_code == 404


def test_removing_is_asked_first_and_keeps_what_was_written(world: World, lead: Client) -> None:
    world.cycle.worksheets.update(updated_by=world.contributor)
    pk = member(world.contributor, world.anywhere).pk
    assert "Do you want to remove contributor@example.org" in page(lead.get(f"{PEOPLE}{pk}/remove/"))
    assert Membership.objects.filter(pk=pk).exists()
    lead.post(f"{PEOPLE}{pk}/remove/")
    assert not Membership.objects.filter(pk=pk).exists()
    assert User.objects.filter(pk=world.contributor.pk).exists()
    assert world.cycle.worksheets.filter(updated_by=world.contributor).count() == 6


def test_names_are_escaped(world: World, lead: Client) -> None:
    rude = person("rude@example.org", "<script>alert(1)</script>")
    pk = Membership.objects.create(user=rude, organisation=world.anywhere, role=Role.MANAGER).pk
    rude.set_unusable_password()
    rude.last_login = timezone.now()
    rude.save()
    for address in ("", f"{pk}/change/", f"{pk}/remove/"):
        assert "<script>alert" not in page(lead.get(PEOPLE + address))
    assert "<script>alert" not in page(lead.post(f"{PEOPLE}{pk}/send/", follow=True))
