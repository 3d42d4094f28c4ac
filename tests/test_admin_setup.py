"""How an administrator sets up an organisation: in one form, with its first lead, who gets an invitation by mail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from tests.test_admin import change, html_of
from tests.test_admin_together import kept
from tests.world import PASSWORD, World, person
from worksheets.admin.forms import SetUpForm
from worksheets.models import AuditEvent, Membership, Organisation, Role, User

SignIn = Callable[[User], Client]
SET_UP = "/admin/worksheets/organisation/add/"
NEW = {
    "name": "NHS Somewhere",
    "slug": "nhs-somewhere",
    "lead_email": "nell@example.org",
    "lead_name": "Nell New",
    "own_password": PASSWORD,
}


@pytest.fixture
def ada(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.admin)


@pytest.fixture
def mail_is_down(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    return monkeypatch


def lead_of(slug: str) -> Membership:
    return Membership.objects.get(organisation__slug=slug)


def staff(signed_in: SignIn, *without: str) -> Client:
    """An administrator who may change organisations, members and people, but for what they are `without`."""
    hal = person(f"hal{User.objects.count()}@example.org", "Hal Helper", is_staff=True)
    rights = Permission.objects.filter(content_type__model__in=("organisation", "membership", "user"))
    hal.user_permissions.set(rights.exclude(codename__in=without))
    return signed_in(hal)


def nothing_was_made() -> bool:
    here = Organisation.objects.filter(slug="nhs-somewhere") | Organisation.objects.filter(name="NHS Somewhere")
    return not here.exists() and not User.objects.filter(email="nell@example.org").exists() and mail.outbox == []


# Who may.


def test_nobody_but_an_administrator_sets_up_an_organisation(world: World, signed_in: SignIn, client: Client) -> None:
    for user in (world.lead, world.contributor, world.manager, world.outsider, world.nobody):
        browser = signed_in(user)
        assert browser.get(SET_UP).status_code == 403
        assert browser.post(SET_UP, NEW).status_code == 403
    assert "/accounts/login/" in client.get(SET_UP)["Location"]
    assert client.post(SET_UP, NEW).status_code in (302, 403)
    assert nothing_was_made()


@pytest.mark.parametrize("right", ["add_organisation", "add_membership", "add_user"])
def test_staff_need_the_right_to_make_all_that_it_makes(world: World, signed_in: SignIn, right: str) -> None:
    browser = staff(signed_in, right)
    assert browser.get(SET_UP).status_code == 403
    assert browser.post(SET_UP, NEW).status_code == 403
    assert SET_UP not in html_of(browser.get("/admin/worksheets/organisation/"))
    assert nothing_was_made()


def test_staff_with_those_rights_set_one_up(world: World, signed_in: SignIn) -> None:
    shown = staff(signed_in).post(SET_UP, NEW, follow=True)
    assert "Invitation sent to nell@example.org." in html_of(shown)
    blind = staff(signed_in, "view_organisation", "change_organisation")
    more = {"name": "NHS Beyond", "slug": "", "lead_email": "nell@example.org"}
    assert "Invitation sent to nell@example.org." in html_of(blind.post(SET_UP, NEW | more, follow=True))


@pytest.mark.parametrize("given", ["", "not my password"])
def test_it_asks_for_ones_own_password(ada: Client, given: str) -> None:
    html = html_of(ada.post(SET_UP, NEW | {"own_password": given}))
    assert "your own password" in html
    assert 'value="nell@example.org"' in html
    assert nothing_was_made()


# One form.


def test_add_organisation_leads_to_one_form_with_the_first_lead(ada: Client) -> None:
    assert SET_UP in html_of(ada.get("/admin/worksheets/organisation/"))
    html = html_of(ada.get(SET_UP))
    assert "<h1>Set up an organisation</h1>" in html
    for name in NEW:
        assert f'name="{name}"' in html
    assert "memberships-" not in html
    assert html.count('type="submit"') == html.count("Set up and send the invitation") + html.count("Log out")


def test_the_organisation_its_lead_and_the_invitation_come_in_one_go(ada: Client, world: World) -> None:
    shown = ada.post(SET_UP, NEW, follow=True)
    member = lead_of("nhs-somewhere")
    assert (member.role, member.user.email, member.user.name) == (Role.LEAD, "nell@example.org", "Nell New")
    assert not member.user.has_usable_password()
    assert shown.redirect_chain[-1][0] == change(member.organisation)
    html = html_of(shown)
    assert "Invitation sent to nell@example.org. They set a password and can add their colleagues." in html
    assert "was added successfully" not in html
    (message,) = mail.outbox
    assert message.to == ["nell@example.org"]
    assert message.subject == "You have been added to NHS Somewhere"
    assert "An administrator has added you" in message.body
    assert "you can add your colleagues" in message.body
    assert "ask an administrator of Strategy review to send it again" in message.body
    assert "Nell" not in message.body
    assert {row.kind for row in AuditEvent.objects.filter(about=member.user, by=world.admin)} == {
        "account-made",
        "added",
    }


def test_with_the_link_in_it_the_lead_gets_in_and_adds_somebody(ada: Client) -> None:
    ada.post(SET_UP, NEW)
    found = re.search(r"http://127.0.0.1:8000(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert found
    nell = Client()
    form = nell.get(found[1], follow=True)
    nell.post(form.redirect_chain[-1][0], {"password1": "quite a few words", "password2": "quite a few words"})
    nell.post("/accounts/login/", {"login": "nell@example.org", "password": "quite a few words"})
    added = nell.post("/o/nhs-somewhere/people/add/", {"email": "sam@example.org", "role": "contributor"})
    assert added.status_code == 302
    assert Membership.objects.filter(organisation__slug="nhs-somewhere").count() == 2


def test_somebody_who_has_an_account_becomes_the_lead_and_is_told_where_to_sign_in(ada: Client, world: World) -> None:
    address = " Olu Other <OUTSIDER\u200b@Example.org> "
    html = html_of(ada.post(SET_UP, NEW | {"lead_email": address, "lead_name": "Other Name"}, follow=True))
    assert "Invitation sent to outsider@example.org. They sign in and can add their colleagues." in html
    assert lead_of("nhs-somewhere").user == world.outsider
    world.outsider.refresh_from_db()
    assert world.outsider.name == "Olu Outsider"
    assert Membership.objects.get(user=world.outsider, organisation=world.elsewhere).role == Role.LEAD
    (message,) = mail.outbox
    assert "password/reset/key" not in message.body
    assert "Sign in with outsider@example.org here" in message.body
    assert not AuditEvent.objects.filter(kind="account-made").exists()


@pytest.mark.parametrize("stored", ["nell@example.org", "Nell@Example.org"])
def test_an_address_is_one_person_in_whatever_case(ada: Client, stored: str) -> None:
    User.objects.bulk_create([User(email=stored, name="Nell Known", password="!")])
    ada.post(SET_UP, NEW | {"lead_email": "NELL@EXAMPLE.ORG"})
    assert lead_of("nhs-somewhere").user.name == "Nell Known"
    assert User.objects.filter(email__iexact="nell@example.org").count() == 1


def test_an_address_is_read_as_people_paste_it(ada: Client) -> None:
    ada.post(SET_UP, NEW | {"lead_email": " Nell\u200b Newer <Nell@Example.org\u200b>; ", "lead_name": ""})
    user = lead_of("nhs-somewhere").user
    assert (user.email, user.name) == ("nell@example.org", "Nell Newer")


def test_a_short_name_that_is_left_out_is_made_from_the_name(ada: Client) -> None:
    ada.post(SET_UP, NEW | {"name": "Ysbyty Gŵyn & St John’s", "slug": ""})
    assert Organisation.objects.filter(slug="ysbyty-gwyn-st-johns").exists()
    assert 'data-prepopulated-fields="[{&quot;id&quot;: &quot;#id_slug&quot;' in html_of(ada.get(SET_UP))


def test_capitals_in_a_short_name_are_taken_as_small_letters(ada: Client) -> None:
    ada.post(SET_UP, NEW | {"slug": " NHS-Somewhere\u200b"})
    assert Organisation.objects.filter(slug="nhs-somewhere").exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter the name of the organisation."),
        ("name", "nhs\u00a0 ELSEWHERE", "Enter another name. An organisation with this one is here already."),
        ("name", "n" * 121, "at most 120 characters"),
        ("slug", "nhs-elsewhere", "Enter another short name. An organisation with this one is here already."),
        ("slug", "NHS-Elsewhere", "Enter another short name. An organisation with this one is here already."),
        ("slug", "nhs somewhere", "Use letters, digits and hyphens only, like nhs-anywhere."),
        ("slug", "s" * 61, "at most 60 characters"),
        ("lead_email", "", "Enter the email address of the first lead."),
        ("lead_email", "nell", "Enter an email address in the correct format, like name@example.com."),
        ("lead_email", "nell@example.org, sam@example.org", "Enter an email address in the correct format"),
        ("lead_email", "x" * 250 + "@example.org", "at most 254 characters"),
        ("lead_email", "off@example.org", "switch this account on first"),
        ("lead_name", "n" * 101, "at most 100 characters"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(ada: Client, field: str, typed: str, said: str) -> None:
    person("off@example.org", "Olga Off", is_active=False)
    answer = ada.post(SET_UP, NEW | {field: typed})
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert nothing_was_made()


def test_a_name_of_no_letters_that_an_address_can_hold_needs_a_short_name(ada: Client) -> None:
    html = html_of(ada.post(SET_UP, NEW | {"name": "保健", "slug": ""}))
    assert "Enter a short name, like nhs-anywhere." in html
    assert nothing_was_made()


# All or nothing, and a mail that fails.


@pytest.mark.parametrize("broken", ["worksheets.models.Membership.objects.create", "worksheets.audit.record"])
def test_where_one_part_fails_nothing_is_made(ada: Client, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(broken, fails)
    with pytest.raises(RuntimeError):
        ada.post(SET_UP, NEW)
    monkeypatch.undo()
    assert nothing_was_made()


def test_a_short_name_that_was_taken_a_moment_ago_is_said_at_its_field(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, unique, times = SetUpForm.clean_slug, SetUpForm.validate_unique, []

    def too_early(form: SetUpForm) -> str:
        times.append(form)
        return "nhs-elsewhere" if len(times) == 1 else looked(form)

    monkeypatch.setattr(SetUpForm, "clean_slug", too_early)
    monkeypatch.setattr(SetUpForm, "validate_unique", lambda form: unique(form) if len(times) > 1 else None)
    answer = ada.post(SET_UP, NEW | {"slug": "nhs-elsewhere"})
    assert "Enter another short name. An organisation with this one is here already." in html_of(answer)
    assert nothing_was_made()


def test_a_mail_that_fails_is_said_and_can_be_sent_again(ada: Client, mail_is_down: pytest.MonkeyPatch) -> None:
    html = html_of(ada.post(SET_UP, NEW, follow=True))
    member = lead_of("nhs-somewhere")
    assert "We could not send an invitation to nell@example.org, who leads NHS Somewhere now." in html
    assert "Invitation sent" not in html
    again = f"/admin/worksheets/organisation/{member.organisation_id}/invite/{member.pk}/"
    assert again in html
    assert "could not send an invitation" in html_of(ada.post(again, follow=True))
    mail_is_down.undo()
    assert "Do not send it" in html_of(ada.get(again))
    assert mail.outbox == []
    shown = html_of(ada.post(again, follow=True))
    assert "Invitation sent to nell@example.org. They set a password and can add their colleagues." in shown
    assert [message.to for message in mail.outbox] == [["nell@example.org"]]
    assert "password/reset/key" in mail.outbox[0].body


def test_nobody_is_flooded_with_invitations(ada: Client) -> None:
    ada.post(SET_UP, NEW)
    member = lead_of("nhs-somewhere")
    again = f"/admin/worksheets/organisation/{member.organisation_id}/invite/{member.pk}/"
    for _ in range(7):
        html = html_of(ada.post(again, follow=True))
    assert "We have not sent nell@example.org an invitation. You tried too often. Wait 60 seconds" in html
    assert len(mail.outbox) == 5


def test_who_has_come_is_not_invited_again(ada: Client, world: World, signed_in: SignIn) -> None:
    signed_in(world.lead)
    member = Membership.objects.get(user=world.lead)
    again = f"/admin/worksheets/organisation/{member.organisation_id}/invite/{member.pk}/"
    assert again not in html_of(ada.get(change(world.anywhere)))
    assert "has signed in already" in html_of(ada.post(again, follow=True))
    assert mail.outbox == []


def test_only_administrators_invite_and_only_leads_of_that_organisation(world: World, signed_in: SignIn) -> None:
    here, there = world.anywhere.pk, Membership.objects.get(user=world.outsider)
    lead, manager = (Membership.objects.get(user=user) for user in (world.lead, world.manager))
    again = f"/admin/worksheets/organisation/{here}/invite/{lead.pk}/"
    for browser in (
        *map(signed_in, (world.lead, world.manager, world.outsider)),
        staff(signed_in, "change_organisation"),
    ):
        assert browser.get(again).status_code == 403
        assert browser.post(again).status_code == 403
    ada = signed_in(world.admin)
    for pk, number in ((here, manager.pk), (here, there.pk), (here, 0), (here, "abc"), (10**9, lead.pk)):
        for send in (ada.get, ada.post):
            assert send(f"/admin/worksheets/organisation/{pk}/invite/{number}/").status_code == 404
    assert mail.outbox == []


# An organisation without a lead, and its first member.


def test_an_organisation_without_a_lead_is_said_on_its_page_and_the_next_member_is_to_lead(
    ada: Client, world: World
) -> None:
    place = change(world.anywhere)
    html = html_of(ada.get(place))
    assert "Nobody leads this organisation" not in html
    assert '<option value="contributor" selected>' in html.split('id="id_memberships-3-role"')[1]
    Membership.objects.filter(user=world.lead).delete()
    html = html_of(ada.get(place))
    assert "Nobody leads this organisation, so nobody can add its people. Add a member below, as a lead." in html
    assert '<option value="lead" selected>' in html.split('id="id_memberships-2-role"')[1]
    # A row that is left as it was offered adds nobody.
    rows = kept(world.anywhere) | {"memberships-TOTAL_FORMS": 3, "memberships-2-role": "lead"}
    answer = ada.post(place, rows | {"name": world.anywhere.name, "own_password": PASSWORD})
    assert "Choose a lead." in html_of(answer)
    rows |= {"memberships-2-user": "nobody@example.org", "name": world.anywhere.name, "own_password": PASSWORD}
    assert ada.post(place, rows).status_code == 302
    assert Membership.objects.get(user=world.nobody).role == Role.LEAD


def test_leads_who_may_not_sign_in_lead_nobody(ada: Client, world: World) -> None:
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    html = html_of(ada.get(change(world.anywhere)))
    assert "No lead of this organisation may sign in" in html
    assert "Switch one of them on, or make another member a lead." in html
    assert "Invited to lead" not in html


# No list of everybody.


def test_with_two_thousand_people_the_pages_stay_light(ada: Client, world: World) -> None:
    pages = [SET_UP, *map(change, (world.anywhere, world.cycle, world.lead))]
    before = [len(ada.get(page).content) for page in pages]
    User.objects.bulk_create(User(email=f"p{number}@example.org", name=f"Person {number}") for number in range(2_000))
    for page, length in zip(pages, before, strict=True):
        html = html_of(ada.get(page))
        assert "Person 1" not in html
        assert "p1@example.org" not in html
        assert len(html.encode()) < length + 500


def test_django_s_own_search_for_people_answers_nobody_who_may_not_see_them(world: World, signed_in: SignIn) -> None:
    asked = "/admin/autocomplete/?term=e&app_label=worksheets&model_name={}&field_name={}"
    for model, field in (("membership", "user"), ("cycle", "created_by"), ("auditevent", "by")):
        place = asked.format(model, field)
        for browser in (*map(signed_in, (world.lead, world.nobody)), staff(signed_in, "view_user", "change_user")):
            answer = browser.get(place)
            assert answer.status_code == 403
            assert b"example.org" not in answer.content
