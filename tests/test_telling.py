"""Nobody takes over an account or an organisation unseen: what is changed asks for one's own password, is told by mail
and stands in the audit trail; and no mail carries what a stranger wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.world import PASSWORD, World, person
from worksheets import post
from worksheets.models import AuditEvent, Cycle, Guidance, Membership, Organisation, Platform, User
from worksheets.organisations import addresses
from worksheets.signoff import decisions

SignedIn = Callable[[User], Client]
PEOPLE = "/o/nhs-anywhere/people/"
EVIL = "Click http://evil.example/now or www.evil.example\r\nBcc: all@evil.example"


@pytest.fixture
def staff(world: World, signed_in: SignedIn) -> Client:
    """An administrator who is no superuser and may change people and organisations."""
    hal = person("hal@example.org", "Hal Helper", is_staff=True)
    models = ("user", "organisation", "membership")
    hal.user_permissions.set(Permission.objects.filter(content_type__model__in=models))
    return signed_in(hal)


def html(response: Any) -> str:
    return response.content.decode()


def user_page(user: User) -> str:
    return f"/admin/worksheets/user/{user.pk}/change/"


def account(user: User, **other: str) -> dict[str, str]:
    """The form of an account as it stands, with what is to be other."""
    return {"email": user.email, "name": user.name, "is_active": "on", **other}


def members(organisation: Organisation, *more: dict[str, Any], but: dict[int, dict[str, str]] | None = None) -> Any:
    """The form of an organisation with its members, some of them changed, and more of them."""
    rows = list(organisation.memberships.order_by("pk"))
    sent: dict[str, Any] = {"name": organisation.name, "slug": organisation.slug}
    sent |= {"memberships-TOTAL_FORMS": len(rows) + len(more), "memberships-INITIAL_FORMS": len(rows)}
    for n, row in enumerate(rows):
        kept = {"id": row.pk, "organisation": organisation.pk, "user": row.user_id, "role": row.role}
        sent |= {f"memberships-{n}-{name}": value for name, value in (kept | (but or {}).get(row.user_id, {})).items()}
    for n, new in enumerate(more, len(rows)):
        sent |= {f"memberships-{n}-{name}": value for name, value in new.items()}
    return sent


def organisation_page(organisation: Organisation) -> str:
    return f"/admin/worksheets/organisation/{organisation.pk}/change/"


def told() -> dict[str, str]:
    """The texts of all mails by whom they went to."""
    texts: dict[str, str] = {}
    for message in mail.outbox:
        texts[message.to[0]] = texts.get(message.to[0], "") + message.subject + "\n" + message.body
    return texts


def trail(*kinds: str) -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(kind__in=kinds).order_by("id")
    return [(row.kind, row.by.email if row.by else "", row.about.email if row.about else "") for row in rows]


# Members


def test_an_administrator_who_joins_as_lead_gives_the_password_and_the_leads_hear_of_it(
    world: World, staff: Client
) -> None:
    hal = User.objects.get(email="hal@example.org")
    sent = members(world.anywhere, {"user": hal.pk, "role": "lead"})
    for wrong in ({}, {"own_password": ""}, {"own_password": "wrong"}, {"own_password": "x" * 5_000}):
        answer = staff.post(organisation_page(world.anywhere), sent | wrong)
        assert "Enter your own password above" in html(answer)
        assert not Membership.objects.filter(user=hal).exists()
    assert mail.outbox == []
    assert staff.post(organisation_page(world.anywhere), sent | {"own_password": PASSWORD}).status_code == 302
    assert set(told()) == {"lead@example.org", "hal@example.org"}
    assert "An administrator has added hal (at) example (dot) org as a lead" in told()["lead@example.org"]
    assert "http://127.0.0.1:8000/o/nhs-anywhere/people/" in told()["lead@example.org"]
    assert trail("added") == [("added", "hal@example.org", "hal@example.org")]
    assert AuditEvent.objects.get(kind="added").organisation == world.anywhere


def test_the_form_keeps_what_was_typed_when_the_password_is_wrong(world: World, staff: Client) -> None:
    sent = members(world.anywhere, {"user": world.nobody.email, "role": "manager"}, but={})
    page = html(staff.post(organisation_page(world.anywhere), sent | {"name": "NHS New", "own_password": "wrong"}))
    assert 'value="NHS New"' in page
    assert f'value="{world.nobody.email}"' in page
    assert "Check your own password" in page
    assert "wrong" not in re.findall(r'value="([^"]*)"', page)


def test_a_lead_who_is_put_out_hears_of_it_and_of_whoever_came(world: World, staff: Client) -> None:
    out = {world.lead.pk: {"DELETE": "on"}, world.manager.pk: {"role": "lead"}}
    sent = members(world.anywhere, {"user": world.nobody.pk, "role": "contributor"}, but=out)
    assert staff.post(organisation_page(world.anywhere), sent | {"own_password": PASSWORD}).status_code == 302
    lena = told()["lead@example.org"]
    assert "You were removed from NHS Anywhere Foundation Trust" in lena
    assert "has added nobody (at) example (dot) org as a contributor" in lena
    assert "has made manager (at) example (dot) org a lead, who was a manager" in lena
    assert "has made you a lead at NHS Anywhere" in told()["manager@example.org"]
    assert "An administrator has added you to NHS Anywhere" in told()["nobody@example.org"]
    assert {kind for kind, _, _ in trail("added", "removed", "role")} == {"added", "removed", "role"}


def test_whoever_switches_the_leads_off_first_is_heard_by_all_members(world: World, staff: Client) -> None:
    off = {name: value for name, value in account(world.lead).items() if name != "is_active"}
    staff.post(user_page(world.lead), off | {"own_password": PASSWORD})
    assert set(told()) == {"lead@example.org", "contributor@example.org", "manager@example.org"}
    mail.outbox.clear()
    hal = User.objects.get(email="hal@example.org")
    staff.post(
        organisation_page(world.anywhere),
        members(world.anywhere, {"user": hal.pk, "role": "lead"}) | {"own_password": PASSWORD},
    )
    assert set(told()) == {"hal@example.org", "contributor@example.org", "manager@example.org"}
    assert "An administrator has added hal (at) example (dot) org as a lead" in told()["manager@example.org"]


def test_a_new_name_of_an_organisation_asks_for_no_password(world: World, staff: Client) -> None:
    sent = members(world.anywhere) | {"name": "NHS Everywhere"}
    assert staff.post(organisation_page(world.anywhere), sent).status_code == 302
    assert mail.outbox == []


def test_an_organisation_that_is_deleted_is_told_to_its_members(world: World, staff: Client) -> None:
    Cycle.objects.filter(organisation=world.elsewhere).delete()
    page = organisation_page(world.elsewhere).replace("change", "delete")
    assert "Your own password" in html(staff.get(page))
    for wrong, said in (({}, "Enter your own password"), ({"own_password": "no"}, "Check your own password")):
        assert said in html(staff.post(page, {"post": "yes"} | wrong))
        assert Organisation.objects.filter(pk=world.elsewhere.pk).exists()
    several = {"action": "delete_selected", "_selected_action": world.elsewhere.pk, "post": "yes"}
    staff.post("/admin/worksheets/organisation/", several | {"own_password": PASSWORD})
    assert Organisation.objects.filter(pk=world.elsewhere.pk).exists(), "each asks on a page of its own"
    assert mail.outbox == []
    assert staff.post(page, {"post": "yes", "own_password": PASSWORD}).status_code == 302
    assert "You were removed from NHS Elsewhere" in told()["outsider@example.org"]
    assert trail("removed") == [("removed", "hal@example.org", "outsider@example.org")]


def test_what_a_lead_changes_is_told_to_the_other_leads_and_to_the_person(world: World, signed_in: SignedIn) -> None:
    second = person("second@example.org", "Sue Second")
    Membership.objects.create(user=second, organisation=world.anywhere, role="lead")
    lead, pk = signed_in(world.lead), Membership.objects.get(user=world.manager).pk
    lead.post(f"{PEOPLE}{pk}/change/", {"role": "contributor"})
    assert set(told()) == {"second@example.org", "manager@example.org"}
    mail.outbox.clear()
    lead.post(f"{PEOPLE}{pk}/change/", {"role": "lead"})
    assert set(told()) == {"second@example.org", "manager@example.org", "lead@example.org"}, "whoever did it hears too"
    assert "A lead has made you a lead" in told()["manager@example.org"]
    mail.outbox.clear()
    lead.post(f"{PEOPLE}{pk}/change/", {"role": "lead"})
    assert mail.outbox == [], "nothing changed"
    lead.post(f"{PEOPLE}{pk}/remove/")
    assert "You were removed from" in told()["manager@example.org"]
    mail.outbox.clear()
    lead.post(f"{PEOPLE}add/", {"email": "new@example.org", "role": "contributor"})
    assert set(told()) == {"second@example.org", "new@example.org"}
    assert [kind for kind, _, _ in trail("added", "role", "removed")] == ["role", "role", "removed", "added"]


# Addresses


def test_a_new_address_counts_once_it_is_confirmed(world: World, staff: Client, signed_in: SignedIn) -> None:
    laptop, page = signed_in(world.lead), user_page(world.lead)
    new = account(world.lead, email="New@Example.org")
    refused = html(staff.post(page, new))
    assert "Enter your own password" in refused
    assert re.search(r'class="readonly">\s*lead@example.org', refused), "who signs in today"
    assert staff.post(page, new | {"own_password": PASSWORD}).status_code == 302
    world.lead.refresh_from_db()
    assert (world.lead.email, world.lead.new_email) == ("lead@example.org", "new@example.org")
    assert "lead@example.org, until new@example.org is confirmed" in html(staff.get(page))
    assert set(told()) == {"lead@example.org", "new@example.org"}
    assert "has given a new email address for your account" in told()["lead@example.org"]
    assert trail("address-asked", "address-changed") == [("address-asked", "hal@example.org", "lead@example.org")]
    # Nobody gets in with it yet, nor asks for a reset.
    mail_before = len(mail.outbox)
    Client().post("/accounts/password/reset/", {"email": "new@example.org"})
    assert len(mail.outbox) == mail_before
    assert laptop.get("/o/nhs-anywhere/reviews/").status_code == 200
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/address/\S+)", told()["new@example.org"])
    assert found
    shown = Client().get(found[1])
    assert "Confirm your email address" in html(shown)
    assert "no-store" in shown["Cache-Control"] or "no-cache" in shown["Cache-Control"]
    assert User.objects.get(pk=world.lead.pk).email == "lead@example.org", "reading the page changes nothing"
    mail.outbox.clear()
    assert "From now on, sign in with new@example.org" in html(Client().post(found[1]))
    assert set(told()) == {"lead@example.org", "new@example.org"}
    assert [kind for kind, _, _ in trail("address-asked", "address-changed")] == ["address-asked", "address-changed"]
    assert laptop.get("/o/nhs-anywhere/reviews/").status_code == 302, "every session ends"
    for login, status in (("lead@example.org", 200), ("new@example.org", 302)):
        assert Client().post("/accounts/login/", {"login": login, "password": PASSWORD}).status_code == status
    again = Client().post(found[1])
    assert again.status_code == 404
    assert "This link does not work any more" in html(again)


def test_a_superuser_waits_for_it_too(world: World, signed_in: SignedIn) -> None:
    ada = signed_in(world.admin)
    sent = account(world.admin, email="mine@example.org", is_staff="on", is_superuser="on", own_password=PASSWORD)
    assert ada.post(user_page(world.admin), sent).status_code == 302
    world.admin.refresh_from_db()
    assert world.admin.email == "admin@example.org"


@pytest.mark.parametrize("meanwhile", ["set back", "another one", "taken", "switched off"])
def test_a_link_to_an_address_that_is_not_wanted_any_more_is_dead(world: World, staff: Client, meanwhile: str) -> None:
    page, sent = user_page(world.lead), account(world.lead, email="new@example.org", own_password=PASSWORD)
    staff.post(page, sent)
    found = re.search(r"8000(/accounts/address/\S+)", told()["new@example.org"])
    assert found
    if meanwhile == "set back":
        staff.post(page, sent | {"email": "lead@example.org"})
    if meanwhile == "another one":
        staff.post(page, sent | {"email": "newer@example.org"})
    if meanwhile == "taken":
        person("new@example.org", "Somebody else")
    if meanwhile == "switched off":
        staff.post(page, {name: value for name, value in sent.items() if name != "is_active"})
    assert Client().post(found[1]).status_code == 404
    assert User.objects.get(pk=world.lead.pk).email == "lead@example.org"


@pytest.mark.parametrize("token", ["x", "a:b:c", "W10:1a:x", "%00", "x" * 4_000])
def test_a_made_up_link_is_refused_in_words(world: World, token: str) -> None:
    for answer in (Client().get(f"/accounts/address/{token}/"), Client().post(f"/accounts/address/{token}/")):
        assert answer.status_code == 404
        assert "This link does not work any more" in html(answer)


def test_an_address_that_somebody_has_is_refused(world: World, staff: Client) -> None:
    sent = account(world.lead, email="outsider@example.org", own_password=PASSWORD)
    assert staff.post(user_page(world.lead), sent).status_code == 200
    assert User.objects.get(pk=world.lead.pk).new_email == ""


# Passwords, and accounts switched off


def test_a_password_that_an_administrator_sets_is_told_and_asks_for_ones_own(world: World, staff: Client) -> None:
    page = reverse("admin:auth_user_password_change", args=[world.contributor.pk])
    assert "Your own password" in html(staff.get(page))
    words = {"usable_password": "true", "password1": "four quite odd words", "password2": "four quite odd words"}
    words["set-password"] = "yes"
    for own, said in (({}, "Enter your own password"), ({"own_password": "no"}, "Check your own password")):
        assert said in html(staff.post(page, words | own))
    assert User.objects.get(pk=world.contributor.pk).check_password(PASSWORD)
    assert staff.post(page, words | {"own_password": PASSWORD}).status_code == 302
    assert User.objects.get(pk=world.contributor.pk).check_password("four quite odd words")
    assert set(told()) == {"contributor@example.org", "lead@example.org"}
    assert "has set a new password for your account" in told()["contributor@example.org"]
    assert trail("password-set") == [("password-set", "hal@example.org", "contributor@example.org")]


def test_an_account_that_is_made_is_told_and_asks_for_ones_own_password(world: World, staff: Client) -> None:
    words = {"usable_password": "true", "password1": "four quite odd words", "password2": "four quite odd words"}
    new = {"email": "nell@example.org", "name": EVIL[:40], **words}
    assert "Enter your own password" in html(staff.post("/admin/worksheets/user/add/", new))
    staff.post("/admin/worksheets/user/add/", new | {"own_password": PASSWORD})
    assert "has made an account for you" in told()["nell@example.org"]
    assert trail("account-made") == [("account-made", "hal@example.org", "nell@example.org")]


def test_an_account_that_is_switched_off_or_on_is_told_and_asks_for_ones_own(world: World, staff: Client) -> None:
    on = account(world.contributor)
    off = {name: value for name, value in on.items() if name != "is_active"}
    assert "Enter your own password" in html(staff.post(user_page(world.contributor), off))
    for sent in (off, on):
        assert staff.post(user_page(world.contributor), sent | {"own_password": PASSWORD}).status_code == 302
    assert "has switched off your account" in told()["contributor@example.org"]
    assert "has switched on the account of contributor (at) example" in told()["lead@example.org"]
    assert [kind for kind, _, _ in trail("switched-off", "switched-on")] == ["switched-off", "switched-on"]


def test_a_name_is_changed_without_a_password(world: World, staff: Client) -> None:
    assert staff.post(user_page(world.lead), account(world.lead, name="Lena Later")).status_code == 302
    assert mail.outbox == []


def test_somebody_who_may_only_look_sees_no_box(world: World, signed_in: SignedIn) -> None:
    rita = person("rita@example.org", "Rita Reader", is_staff=True)
    rita.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "view_organisation"]))
    browser = signed_in(rita)
    for page in (user_page(world.lead), organisation_page(world.anywhere)):
        shown = browser.get(page)
        assert shown.status_code == 200
        assert "own password" not in html(shown)
        assert browser.post(page, {"own_password": PASSWORD}).status_code == 403


def test_rights_that_are_given_are_in_the_trail(world: World, signed_in: SignedIn) -> None:
    sent = account(world.nobody, is_staff="on")
    ada = signed_in(world.admin)
    assert "Enter your own password" in html(ada.post(user_page(world.nobody), sent))
    ada.post(user_page(world.nobody), sent | {"own_password": PASSWORD})
    assert trail("powers") == [("powers", "admin@example.org", "nobody@example.org")]
    assert AuditEvent.objects.get(kind="powers").detail == "is_staff"


def test_what_a_group_may_do_is_changed_with_ones_own_password_and_told(world: World, signed_in: SignedIn) -> None:
    group = Group.objects.create(name="Helpers")
    hal = person("hal@example.org", "Hal Helper", is_staff=True)
    hal.groups.add(group)
    ada, page = signed_in(world.admin), f"/admin/auth/group/{group.pk}/change/"
    may = Permission.objects.get(codename="change_user")
    sent = {"name": "Helpers", "permissions": [may.pk]}
    assert "Your own password" in html(ada.get(page))
    for wrong, said in (({}, "Enter your own password"), ({"own_password": "no"}, "Check your own password")):
        assert said in html(ada.post(page, sent | wrong))
    assert not group.permissions.exists()
    assert ada.post(page, sent | {"own_password": PASSWORD}).status_code == 302
    assert "has changed what may be administered with your account" in told()["hal@example.org"]
    assert AuditEvent.objects.get(kind="powers").detail == "group Helpers: + change_user"
    mail.outbox.clear()
    delete = page.replace("change", "delete")
    assert "Enter your own password" in html(ada.post(delete, {"post": "yes"}))
    several = {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"}
    ada.post("/admin/auth/group/", several)
    assert Group.objects.filter(pk=group.pk).exists()
    assert ada.post(delete, {"post": "yes", "own_password": PASSWORD}).status_code == 302
    assert not Group.objects.filter(pk=group.pk).exists()
    assert set(told()) == {"hal@example.org"}
    assert AuditEvent.objects.filter(kind="powers", detail="group Helpers deleted").exists()


def test_a_new_address_that_somebody_gets_at_the_same_moment_is_not_taken_from_them(
    world: World, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.post(user_page(world.lead), account(world.lead, email="new@example.org", own_password=PASSWORD))
    found = re.search(r"8000(/accounts/address/\S+)", told()["new@example.org"])
    assert found
    of_token = addresses.of_token

    def slow(token: str) -> User | None:
        user = of_token(token)
        person("new@example.org", "Somebody else")
        return user

    monkeypatch.setattr(addresses, "of_token", slow)
    answer = Client().post(found[1])
    assert answer.status_code == 404
    assert "This link does not work any more" in html(answer)
    assert User.objects.get(pk=world.lead.pk).email == "lead@example.org"


def test_somebody_who_may_only_look_brings_nothing_back(world: World, signed_in: SignedIn) -> None:
    """The pages of history asked only whether somebody may look, and then stored what they sent."""
    rita = person("rita@example.org", "Rita Reader", is_staff=True)
    names = ("guidance", "platform")
    rita.user_permissions.set(Permission.objects.filter(codename__in=[f"view_{name}" for name in names]))
    text, platform = Guidance.objects.get(key="questions/aims"), Platform.objects.get(key="x")
    text.text = "An earlier text."
    text.save()
    browser, ada = signed_in(rita), signed_in(world.admin)
    fields = {"name": "Evil", "about": "x", "good_for": "x", "consider": "x", "tone": "x", "position": 1, "key": "x"}
    for row, sent in ((text, {"text": "Something else."}), (platform, fields)):
        page = f"/admin/worksheets/{row._meta.model_name}/{row.pk}/history/{row.history.first().pk}/"
        assert browser.get(page).status_code == 200
        assert browser.post(page, sent).status_code == 403
    text.refresh_from_db()
    platform.refresh_from_db()
    assert text.text == "An earlier text."
    assert platform.name != "Evil"
    page = f"/admin/worksheets/guidance/{text.pk}/history/{text.history.first().pk}/"
    assert ada.post(page, {"text": "Something else."}).status_code == 302


def test_somebody_who_changes_their_own_password_gets_a_mail(world: World, signed_in: SignedIn) -> None:
    words = {"oldpassword": PASSWORD, "password1": "four quite odd words", "password2": "four quite odd words"}
    signed_in(world.contributor).post("/accounts/password/change/", words)
    assert set(told()) == {"contributor@example.org"}
    assert "http://127.0.0.1:8000/accounts/password/reset/" in told()["contributor@example.org"]
    assert trail("password-changed") == [("password-changed", "contributor@example.org", "contributor@example.org")]


# The audit trail


def test_the_trail_is_only_added_to(world: World) -> None:
    row = AuditEvent.objects.create(kind="signed-in", about=world.lead)
    for change in (
        row.save,
        row.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(detail="x"),
        lambda: AuditEvent.objects.filter(pk=row.pk).update(by=world.admin),
    ):
        with pytest.raises(TypeError):
            change()


def test_administrators_read_the_trail_and_cannot_change_it(world: World, signed_in: SignedIn, staff: Client) -> None:
    row = AuditEvent.objects.create(kind="signed-in", about=world.lead, source="192.0.2.1")
    ada, place = signed_in(world.admin), "/admin/worksheets/auditevent/"
    for address in (place, f"{place}{row.pk}/change/", f"{place}?q=lead", f"{place}?kind__exact=signed-in"):
        shown = ada.get(address)
        assert shown.status_code == 200
        assert "lead@example.org" in html(shown)
        assert " style=" not in html(shown)
    assert ada.get(f"{place}add/").status_code == 403
    assert ada.post(f"{place}{row.pk}/change/", {"detail": "x"}).status_code == 403
    assert ada.post(f"{place}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(place).status_code == 403
    assert signed_in(world.lead).get(place).status_code == 403


# What mails say


def test_no_mail_trusts_the_host_of_the_request(world: World, signed_in: SignedIn, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://review.example.nhs.uk"
    evil = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
    Client(**evil).post("/accounts/password/reset/", {"email": "lead@example.org"})
    lead = signed_in(world.lead)
    lead.post(f"{PEOPLE}add/", {"email": "new@example.org", "role": "contributor"}, **evil)
    pk = Membership.objects.get(user=world.manager).pk
    lead.post(f"{PEOPLE}{pk}/change/", {"role": "lead"}, **evil)
    ada = signed_in(world.admin)
    ada.post(user_page(world.lead), account(world.lead, email="n@example.org", own_password=PASSWORD), **evil)
    decide(world, signed_in, **evil)
    assert len(mail.outbox) >= 6
    for message in mail.outbox:
        assert "evil.example" not in message.subject + message.body
        links = re.findall(r"\w+://\S+", message.body)
        assert all(link.startswith("https://review.example.nhs.uk/") for link in links), links


def decide(world: World, signed_in: SignedIn, **extra: str) -> None:
    """A review is submitted with a note, and sent back with one."""
    world.fill()
    world.cycle.worksheets.update(status="complete", completed_by=world.lead)
    here = "/o/nhs-anywhere/reviews/autumn-2026/"
    if Membership.objects.get(user=world.manager).role != "manager":
        Membership.objects.filter(user=world.manager).update(role="manager")
    assert signed_in(world.lead).post(f"{here}submit/", {"do": "submit", "note": EVIL}, **extra).status_code == 302
    submission = decisions.submission_of(world.cycle)
    assert submission
    sent = {"do": "send-back", "note": EVIL, "submission": str(submission.pk)}
    assert signed_in(world.manager).post(f"{here}decide/", sent, **extra).status_code == 302


def test_no_mail_carries_a_text_that_somebody_else_chose(world: World, signed_in: SignedIn) -> None:
    User.objects.update(name=EVIL)
    Organisation.objects.filter(pk=world.anywhere.pk).update(name=EVIL)
    Cycle.objects.filter(pk=world.cycle.pk).update(name=EVIL[:80])
    lead = signed_in(world.lead)
    lead.post(f"{PEOPLE}add/", {"email": "new@example.org", "name": EVIL[:60], "role": "contributor"})
    lead.post(f"{PEOPLE}add/", {"email": "evil.example/x@example.org", "role": "lead"})
    lead.post(f"{PEOPLE}{Membership.objects.get(user=world.contributor).pk}/change/", {"role": "lead"})
    Client().post("/accounts/password/reset/", {"email": "manager@example.org"})
    decide(world, signed_in)
    assert len(mail.outbox) >= 7
    for message in mail.outbox:
        text = f"{message.subject}\n{message.body}".replace(message.to[0], "")
        text = re.sub(r"http://127\.0\.0\.1:8000/\S*", "", text)
        assert not re.search(r"https?:|www\.|evil\.example|Bcc:", text), text
        assert "\n" not in message.subject
        assert "Hello\n" in message.body


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("NHS Anywhere Foundation Trust", "NHS Anywhere Foundation Trust"),
        ("St. Mary's (Trust)", "St. Mary's Trust"),
        ("evil.example", "evil example"),
        ("https://evil.example/a?b", "https evil example a?b"),
        ("me@evil.example", "me evil example"),
        ("evil\u3002example", "evil example"),
        ("evil\uff0eexample\uff0fnow", "evil example now"),
        ("http\uff1a\u2215\u2215evil\u2024example", "http evil example"),
        ("me\uff20evil\uff61example", "me evil example"),
        ("a\r\nBcc: b@c.de", "a Bcc b c de"),
        ("x\u2028y\u200b.z", "x y z"),
        ("n" * 300, "n" * 120),
    ],
)
def test_names_in_mails_are_no_links(name: str, shown: str) -> None:
    assert post.unlinked(name) == shown


def test_a_password_that_is_taken_away_is_told(world: World, staff: Client) -> None:
    page = reverse("admin:auth_user_password_change", args=[world.contributor.pk])
    sent = {"usable_password": "false", "unset-password": "yes", "own_password": PASSWORD}
    assert staff.post(page, sent).status_code == 302
    assert not User.objects.get(pk=world.contributor.pk).has_usable_password()
    assert "has taken the password from your account" in told()["contributor@example.org"]
    assert "has taken the password from the account of" in told()["lead@example.org"]
