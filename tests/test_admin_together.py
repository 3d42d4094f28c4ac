"""Two administrators at work on one thing see each other; no address breaks a page; lists stay short and quick."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.test_admin import change, figures, html_of, members, row
from tests.world import PASSWORD, World, cycle_of, person
from worksheets.models import Cycle, Guidance, Membership, Organisation, Platform, User

SignIn = Callable[[User], Client]


@pytest.fixture
def ada(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.admin)


@pytest.fixture
def bob(world: World, signed_in: SignIn) -> Client:
    """The browser of another administrator."""
    return signed_in(person("bob@example.org", "Bob Admin", is_staff=True, is_superuser=True))


def seen(browser: Client, place: str) -> dict[str, str]:
    """What a page sends along of what it showed."""
    return {"seen": re.findall(r'name="seen" value="([^"]+)"', html_of(browser.get(place)))[0]}


def kept(organisation: Organisation) -> dict:
    rows = organisation.memberships.order_by("pk")
    entries = [{"id": m.pk, "organisation": organisation.pk, "user": m.user_id, "role": m.role} for m in rows]
    return members(*entries, initial=len(entries))


# Two at work on one thing.


def test_an_organisation_that_was_renamed_meanwhile_is_shown_with_both_names(ada, bob, world: World) -> None:
    place = change(world.anywhere)
    opened = seen(ada, place) | kept(world.anywhere)
    bob.post(place, seen(bob, place) | kept(world.anywhere) | {"name": "What Bob wrote"})
    response = ada.post(place, opened | {"name": "What <Ada> wrote"})
    html = html_of(response)
    assert "Somebody else changed this after you opened it." in html
    assert "Name, as saved" in html
    assert "What Bob wrote</textarea>" in html
    assert 'value="What &lt;Ada&gt; wrote"' in html
    assert Organisation.objects.get(pk=world.anywhere.pk).name == "What Bob wrote"
    # Whoever has seen it may put their own in its place.
    again = {"seen": re.findall(r'name="seen" value="([^"]+)"', html)[0]}
    ada.post(place, again | kept(world.anywhere) | {"name": "What Ada wrote"})
    assert Organisation.objects.get(pk=world.anywhere.pk).name == "What Ada wrote"


def test_a_member_who_came_meanwhile_is_a_change_too(ada, world: World) -> None:
    place = change(world.anywhere)
    opened = seen(ada, place) | kept(world.anywhere)
    Membership.objects.create(user=world.nobody, organisation=world.anywhere, role="manager")
    html = html_of(ada.post(place, opened | {"name": "Ours"}))
    assert "Members, as saved" in html
    assert "Nia Nobody, manager at NHS Anywhere Foundation Trust" in html
    assert Organisation.objects.get(pk=world.anywhere.pk).name != "Ours"


def test_a_member_who_was_removed_meanwhile_is_said_and_breaks_nothing(ada, world: World) -> None:
    place = change(world.anywhere)
    opened = seen(ada, place) | kept(world.anywhere)
    Membership.objects.filter(user=world.manager).delete()
    response = ada.post(place, opened | {"name": "Ours"})
    assert response.status_code == 200
    assert "Somebody else changed this after you opened it." in html_of(response)


def test_a_person_who_was_changed_meanwhile_is_shown_with_what_was_saved(ada, world: World) -> None:
    place = change(world.contributor)
    opened = seen(ada, place)
    group = Group.objects.create(name="Editors")
    world.contributor.groups.add(group)
    User.objects.filter(pk=world.contributor.pk).update(is_active=False)
    html = html_of(ada.post(place, opened | {"email": "colin@example.org", "name": "Colin", "is_active": "on"}))
    assert "May sign in, as saved" in html
    assert "Groups, as saved" in html
    assert "Editors</textarea>" in html
    assert 'value="colin@example.org"' in html
    assert not User.objects.get(pk=world.contributor.pk).is_active


def test_a_text_that_was_reworded_meanwhile_is_shown_beside_ones_own(ada, bob) -> None:
    place = change(row("questions/aims"))
    opened = seen(ada, place)
    bob.post(place, seen(bob, place) | {"text": "What Bob wrote."})
    html = html_of(ada.post(place, opened | {"text": "What Ada wrote."}))
    assert "What Bob wrote.\n</textarea>" in html
    assert "What Ada wrote.</textarea>" in html
    assert row("questions/aims").text == "What Bob wrote.\n"


def test_a_text_goes_back_to_its_default_only_as_it_was_seen(ada, bob) -> None:
    aims = row("questions/aims")
    bob.post(change(aims), {"text": "First."})
    place = reverse("admin:guidance-default", args=[aims.pk])
    opened = seen(ada, place)
    bob.post(change(aims), {"text": "Second."})
    html = html_of(ada.post(place, opened, follow=True))
    assert "Somebody else changed this text after you opened the page." in html
    assert row("questions/aims").text == "Second.\n"
    ada.post(place, seen(ada, place))
    assert row("questions/aims").text == ""


def test_a_figure_that_was_changed_meanwhile_is_shown(ada, world: World) -> None:
    messenger = Platform.objects.get(key="messenger")
    figure, place = messenger.figures.get(), change(messenger)
    opened = seen(ada, place)
    messenger.figures.update(text="What Bob counted")
    entry = {"id": figure.pk, "platform": messenger.pk, "text": "What Ada counted", "year": 2026, "source": "Ofcom"}
    data = {"name": "Facebook Messenger", "about": "", "position": 50, **figures(entry, initial=1)}
    html = html_of(ada.post(place, opened | data))
    assert "Figures about the audience, as saved" in html
    assert "What Bob counted" in html
    assert messenger.figures.get().text == "What Bob counted"


def test_a_review_and_a_group_that_were_changed_meanwhile_are_shown(ada, world: World) -> None:
    place, opened = change(world.cycle), seen(ada, change(world.cycle))
    Cycle.objects.filter(pk=world.cycle.pk).update(name="What a lead wrote")
    html = html_of(ada.post(place, opened | {"name": "Mine", "starts": "2026-10-01", "ends": "2027-03-31"}))
    assert "What a lead wrote</textarea>" in html
    group = Group.objects.create(name="Editors")
    place = reverse("admin:auth_group_change", args=[group.pk])
    opened = seen(ada, place)
    Group.objects.update(name="What Bob wrote")
    assert "What Bob wrote</textarea>" in html_of(ada.post(place, opened | {"name": "Mine"}))


def test_a_form_that_nobody_overtook_is_saved_at_once(ada, world: World) -> None:
    place = change(world.contributor)
    ada.post(place, seen(ada, place) | {"email": world.contributor.email, "name": "Colin", "is_active": "on"})
    assert User.objects.get(pk=world.contributor.pk).name == "Colin"


def test_an_address_that_was_given_meanwhile_is_shown_while_it_waits_to_be_confirmed(ada, world: World) -> None:
    place = change(world.contributor)
    opened = seen(ada, place)
    User.objects.filter(pk=world.contributor.pk).update(new_email="bobs@example.org")
    html = html_of(ada.post(place, opened | {"email": "adas@example.org", "name": "Colin", "is_active": "on"}))
    assert "bobs@example.org</textarea>" in html
    assert User.objects.get(pk=world.contributor.pk).new_email == "bobs@example.org"


# Numbers that are none.

NO_NUMBERS = ["abc", "9" * 20, "9" * 19, "\0", "1\0", "-1", "1.5", "½", "²", "١", "_5F1", "1_0", " 1", "None"]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=ascii)
def test_an_address_with_no_number_in_it_is_not_found(ada, world: World, number: str) -> None:
    named = quote(number)
    for name in ("guidance", "platform", "user", "organisation", "cycle"):
        for page in ("change", "history", "delete"):
            assert ada.get(f"/admin/worksheets/{name}/{named}/{page}/").status_code == 404
    for place in (
        f"/admin/worksheets/guidance/{named}/default/",
        f"/admin/worksheets/guidance/{named}/history/1/",
        f"/admin/worksheets/guidance/1/history/{named}/",
        f"/admin/worksheets/user/{named}/password/",
        f"/admin/auth/group/{named}/change/",
    ):
        assert ada.get(place).status_code == 404
        assert ada.post(place).status_code == 404


@pytest.mark.parametrize("number", [*NO_NUMBERS, ""], ids=ascii)
def test_a_list_with_no_number_chosen_is_a_bad_request(ada, world: World, number: str) -> None:
    for name, action in (("organisation", "delete_selected"), ("cycle", "archive"), ("user", "delete_selected")):
        data = {"action": action, "_selected_action": number}
        assert ada.post(reverse(f"admin:worksheets_{name}_changelist"), data).status_code == 400


# A form takes what can be read as a number and does not stand for one of its choices.
@pytest.mark.parametrize("number", [number for number in NO_NUMBERS if number not in ("١", " 1")], ids=ascii)
def test_a_form_with_no_number_chosen_is_refused(ada, world: World, number: str) -> None:
    for place, data in (
        (change(world.nobody), {"email": "nia@example.org", "groups": number, "user_permissions": number}),
        (reverse("admin:auth_group_add"), {"name": "New", "permissions": number}),
        (change(world.elsewhere), {"name": "New", **members({"user": number, "role": "lead"})}),
        (change(world.anywhere), {"name": "New", **members({"id": number, "user": number, "role": "lead"}, initial=1)}),
    ):
        assert ada.post(place, data).status_code in (200, 400)
    assert not Group.objects.exists()


def test_a_list_takes_its_own_filters_and_no_others(ada, world: World) -> None:
    for name, query in (
        ("user", "name__regex=("),
        ("user", "password__startswith=a"),
        ("organisation", "name__regex=("),
        ("cycle", "organisation__name__regex=((a%2B)%2B)%2B$"),
        ("platform", "name__regex=("),
    ):
        assert ada.get(f"{reverse(f'admin:worksheets_{name}_changelist')}?{query}").status_code == 400
    for name, query in (
        ("user", "is_active__exact=1&is_staff__exact=0"),
        ("cycle", "archived_at__isempty=1"),
        ("platform", "retired__exact=1"),
        ("user", "q=%00"),
        ("cycle", "p=abc"),
    ):
        assert ada.get(f"{reverse(f'admin:worksheets_{name}_changelist')}?{query}", follow=True).status_code == 200


# Lists.


def test_people_and_reviews_are_found_by_the_name_of_an_organisation(ada, world: World) -> None:
    people = html_of(ada.get(reverse("admin:worksheets_user_changelist"), {"q": "nhs elsewhere"}))
    assert "outsider@example.org" in people
    assert "lead@example.org" not in people
    reviews = html_of(ada.get(reverse("admin:worksheets_cycle_changelist"), {"q": "elsewhere"}))
    assert "NHS Elsewhere" in reviews
    assert "NHS Anywhere" not in reviews


@pytest.mark.parametrize("name", ["user", "organisation", "cycle", "guidance", "platform"])
def test_no_page_of_the_administration_names_every_organisation_or_person(ada, world: World, name: str) -> None:
    many = [Organisation(name=f"Trust {number:03}", slug=f"trust-{number}") for number in range(150)]
    many = Organisation.objects.bulk_create(many)
    User.objects.bulk_create(User(email=f"p{number}@example.org", name=f"Person {number}") for number in range(150))
    cycle_of(many[0])
    thing = {"user": world.lead, "organisation": world.anywhere, "cycle": world.cycle}.get(name)
    thing = thing or (Guidance if name == "guidance" else Platform).objects.first()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = html_of(ada.get(change(thing)))
    assert html.count("Trust ") < 10
    assert html.count("Person ") < 10
    assert len(queries) < 30
    listed = html_of(ada.get(reverse(f"admin:worksheets_{name}_changelist")))
    assert listed.count("Trust ") <= 100 * 2
    assert "?organisation__id__exact" not in listed


def test_a_member_is_added_by_their_address(ada, world: World) -> None:
    for address in ("Nobody@Example.org", " nobody@example.org\u200b "):
        Membership.objects.filter(user=world.nobody).delete()
        rows = kept(world.anywhere) | {"own_password": PASSWORD}
        data = rows | {"memberships-TOTAL_FORMS": 4, "memberships-3-user": address, "memberships-3-role": "manager"}
        assert ada.post(change(world.anywhere), data | {"name": "NHS Anywhere"}).status_code == 302
        assert Membership.objects.get(user=world.nobody).role == "manager"


def test_an_address_that_nobody_has_is_said_and_kept(ada, world: World) -> None:
    data = {"memberships-TOTAL_FORMS": 4, "memberships-3-user": "who@example.org", "memberships-3-role": "manager"}
    html = html_of(ada.post(change(world.anywhere), kept(world.anywhere) | data | {"name": "NHS Anywhere"}))
    assert "Enter the email address of somebody who is listed under people." in html
    assert 'value="who@example.org"' in html


def test_nobody_is_a_member_twice(ada, world: World) -> None:
    row = {"user": "manager@example.org", "role": "lead"}
    twice = {"memberships-TOTAL_FORMS": 4, **{f"memberships-3-{name}": value for name, value in row.items()}}
    for data in (kept(world.anywhere) | twice, members(row)):
        more = {"name": "NHS Anywhere", "own_password": PASSWORD}
        response = ada.post(change(world.anywhere), data | more)
        assert response.status_code == 200
        assert Membership.objects.get(user=world.manager).role == "manager"
