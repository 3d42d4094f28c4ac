"""Django admin: who may enter, and what administrators can and cannot do there."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests.world import PASSWORD, World, person
from worksheets import texts
from worksheets.models import Guidance, Membership, Organisation, Platform, Policy, User

LISTS = ["guidance", "platform", "user", "organisation", "cycle"]


@pytest.fixture
def ada(world: World, signed_in):
    """The administrator's browser."""
    return signed_in(world.admin)


def html_of(response) -> str:
    return response.content.decode()


def row(key: str) -> Guidance:
    return Guidance.objects.get(key=key)


def change(thing) -> str:
    return reverse(f"admin:worksheets_{thing._meta.model_name}_change", args=[thing.pk])


def figures(*entries: dict, initial: int = 0) -> dict:
    """The part of a platform's form that holds its figures."""
    data = {"figures-TOTAL_FORMS": len(entries), "figures-INITIAL_FORMS": initial}
    return data | {f"figures-{n}-{name}": value for n, entry in enumerate(entries) for name, value in entry.items()}


def members(*entries: dict, initial: int = 0) -> dict:
    data = {"memberships-TOTAL_FORMS": len(entries), "memberships-INITIAL_FORMS": initial}
    return data | {f"memberships-{n}-{name}": value for n, entry in enumerate(entries) for name, value in entry.items()}


# Who may enter


@pytest.mark.parametrize("name", LISTS)
def test_whoever_is_signed_out_is_asked_to_sign_in(client, db, name):
    response = client.get(reverse(f"admin:worksheets_{name}_changelist"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", LISTS)
def test_a_lead_is_not_an_administrator(world: World, signed_in, name):
    assert signed_in(world.lead).get(reverse(f"admin:worksheets_{name}_changelist")).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_staff_without_permissions_see_nothing(world: World, signed_in, name):
    staff = person("staff@example.org", "Stan Staff", is_staff=True)
    assert signed_in(staff).get(reverse(f"admin:worksheets_{name}_changelist")).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_an_administrator_sees_each_list_and_each_form(ada, world: World, name):
    listed = ada.get(reverse(f"admin:worksheets_{name}_changelist"))
    assert listed.status_code == 200
    thing = apps.get_model("worksheets", name).objects.first()
    assert ada.get(change(thing)).status_code == 200
    assert ada.get(change(thing).replace("change", "history")).status_code == 200


@pytest.mark.parametrize("name", ["worksheet", "revision", "summary", "membership"])
def test_answers_are_not_in_the_administration(ada, name):
    assert ada.get(f"/admin/worksheets/{name}/").status_code == 404


def test_the_pages_have_no_script_or_style_within(ada, world: World):
    for thing in (row("questions/aims"), Platform.objects.first(), world.lead, world.anywhere, world.cycle):
        html = html_of(ada.get(change(thing)))
        assert "<style" not in html
        assert " style=" not in html
        assert "<script>" not in html
    platform = Platform.objects.first()
    platform.save()
    assert " style=" not in html_of(ada.get(change(platform).replace("change", "history")))


def test_an_administrator_sees_the_form_of_a_group(ada):
    html = html_of(ada.get(reverse("admin:auth_group_add")))
    assert "Can change guidance" in html
    assert "selectfilter" not in html


# Guidance


def test_only_superusers_say_what_a_group_may_do(ada, world: World, signed_in):
    group = Group.objects.create(name="Editors")
    staff = person("staff@example.org", "Stan Staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    browser = signed_in(staff)
    everything = {"name": "Editors", "permissions": list(Permission.objects.values_list("pk", flat=True))}
    places = [reverse("admin:auth_group_add")]
    places += [reverse(f"admin:auth_group_{do}", args=[group.pk]) for do in ("change", "delete")]
    for place in places:
        assert browser.post(place, everything | {"post": "yes"}).status_code == 403
        assert ada.get(place).status_code == 200
    assert not Group.objects.get().permissions.exists()


def test_texts_are_listed_by_name_in_the_order_of_the_review(ada):
    html = html_of(ada.get(reverse("admin:worksheets_guidance_changelist")))
    places = [
        html.index(words)
        for words in ("Stage 1: Drivers and aims", "Question 1: ", "Question 2: ", "Stage 2: ", "Page: About")
    ]
    assert places == sorted(places)


def test_texts_are_found_by_the_words_of_their_name_or_text(ada):
    html = html_of(ada.get(reverse("admin:worksheets_guidance_changelist"), {"q": "google alerts"}))
    assert "Question 6: " in html
    assert "Question 1: " not in html


def test_an_edited_text_shows_at_once_is_recorded_and_listed_as_changed(ada, world: World, signed_in):
    aims = row("questions/aims")
    assert texts.shipped()["questions/aims"][:40] in html_of(ada.get(change(aims))).replace("&#x27;", "'")
    ada.post(change(aims), {"text": "Ours **now**.\r\n\r\n## More\r\n\r\nLonger.\r\n"})
    assert row("questions/aims").text == "Ours **now**.\n\n## More\n\nLonger.\n"
    shown = html_of(signed_in(world.lead).get(reverse("guidance-stage", args=["drivers"])))
    assert "Ours <strong>now</strong>." in shown
    assert "Yes, changed" in html_of(ada.get(reverse("admin:worksheets_guidance_changelist")))
    record = aims.history.first()
    assert record.history_user == world.admin
    assert LogEntry.objects.filter(object_id=str(aims.pk), user=world.admin).exists()
    history = html_of(ada.get(change(aims).replace("change", "history")))
    assert "History of “Question 2: " in history
    assert "Ada Admin" in history


def test_html_and_bad_links_are_refused_on_saving(ada):
    aims = row("questions/aims")
    text = "Hello <script>alert(1)</script><img src=x onerror=alert(2)> [link](javascript:alert(3))"
    html = html_of(ada.post(change(aims), {"text": text}))
    for named in ("“&lt;script&gt;”", "“&lt;img src=x onerror=alert(2)&gt;”", "“javascript:alert(3)”"):
        assert named in html
    assert row("questions/aims").text == ""


def test_saving_the_default_unchanged_stores_nothing(ada):
    aims = row("questions/aims")
    ada.post(change(aims), {"text": texts.shipped()["questions/aims"].replace("\n", "\r\n")})
    assert row("questions/aims").text == ""
    assert not aims.history.exists()


def test_emptying_a_text_gives_the_default_back(ada):
    aims = row("questions/aims")
    ada.post(change(aims), {"text": "Ours."})
    ada.post(change(aims), {"text": ""})
    assert row("questions/aims").text == ""
    assert texts.current().source("questions/aims") == texts.shipped()["questions/aims"]


def test_a_preview_shows_the_result_and_saves_nothing(ada):
    aims = row("questions/aims")
    response = ada.post(change(aims), {"text": "Try *this* & a < b", "_preview": "Preview"})
    html = html_of(response)
    assert response.status_code == 200
    assert "<p>Try <em>this</em> &amp; a &lt; b</p>" in html
    assert "Try *this* &amp; a &lt; b</textarea>" in html
    assert "This is the default text." in html
    assert row("questions/aims").text == ""
    assert not aims.history.exists()
    assert not LogEntry.objects.exists()


def test_a_text_that_is_too_long_is_refused_and_kept_in_the_form(ada):
    aims = row("questions/aims")
    html = html_of(ada.post(change(aims), {"text": "long " * 5_000}))
    assert "at most 20000 characters" in html
    assert "long long" in html
    assert row("questions/aims").text == ""


def test_going_back_to_the_default_asks_first_and_is_recorded(ada, world: World):
    aims = row("questions/aims")
    ada.post(change(aims), {"text": "Ours."})
    back = reverse("admin:guidance-default", args=[aims.pk])
    assert back in html_of(ada.get(change(aims)))
    asked = html_of(ada.get(back))
    assert "Do you want to go back to the default text?" in asked
    assert row("questions/aims").text == "Ours.\n"
    assert "has its default text again" in html_of(ada.post(back, follow=True))
    assert row("questions/aims").text == ""
    record = aims.history.first()
    assert (record.history_change_reason, record.history_user) == ("Back to the default text", world.admin)


def test_an_older_text_can_be_brought_back_from_history(ada):
    aims = row("questions/aims")
    ada.post(change(aims), {"text": "First."})
    ada.post(change(aims), {"text": "Second."})
    first = aims.history.get(text="First.\n")
    page = reverse("admin:worksheets_guidance_simple_history", args=[aims.pk, first.pk])
    assert "First." in html_of(ada.get(page))
    ada.post(page, {"text": "First."})
    assert row("questions/aims").text == "First.\n"


def test_texts_are_neither_added_nor_deleted(ada):
    aims = row("questions/aims")
    assert ada.get(reverse("admin:worksheets_guidance_add")).status_code == 403
    assert ada.post(change(aims).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_a_text_that_no_page_shows_any_more_can_only_be_read(ada):
    old = Guidance.objects.create(key="questions/gone", text="What it said.")
    assert "not shown any more" in html_of(ada.get(reverse("admin:worksheets_guidance_changelist")))
    assert "What it said." in html_of(ada.get(change(old)))
    assert ada.post(change(old), {"text": "New."}).status_code == 403
    assert ada.post(reverse("admin:guidance-default", args=[old.pk])).status_code == 403


def test_staff_who_may_only_read_texts_cannot_change_them(world: World, signed_in):
    staff = person("reader@example.org", "Rita Reader", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_guidance"))
    browser = signed_in(staff)
    aims = row("questions/aims")
    assert browser.get(change(aims)).status_code == 200
    assert browser.post(change(aims), {"text": "Mine."}).status_code == 403
    assert browser.post(change(aims), {"text": "Mine.", "_preview": "Preview"}).status_code == 403
    assert browser.post(reverse("admin:guidance-default", args=[aims.pk])).status_code == 403
    assert row("questions/aims").text == ""


# Platforms


def test_a_platform_that_an_admin_adds_is_offered_and_in_the_guide(ada, world: World, signed_in):
    data = {"name": "Mastodon", "key": "mastodon", "about": "Many servers.", "position": 120}
    data |= figures({"text": "A few thousand", "year": 2025, "source": "Own count"})
    ada.post(reverse("admin:worksheets_platform_add"), data)
    assert texts.current().platform_names()[0]["mastodon"] == "Mastodon"
    html = html_of(signed_in(world.lead).get(reverse("platforms")))
    assert 'id="platform-mastodon"' in html
    assert "A few thousand" in html


@pytest.mark.parametrize("key", ["My_Key", "UPPER", "a b", ""])
def test_a_key_that_answers_could_not_hold_is_refused(ada, key):
    data = {"name": "New", "key": key, "position": 1, **figures()}
    assert ada.post(reverse("admin:worksheets_platform_add"), data).status_code == 200
    assert not Platform.objects.filter(name="New").exists()


def test_the_key_of_a_platform_stays_and_a_changed_figure_shows_at_once(ada, world: World, signed_in):
    messenger = Platform.objects.get(key="messenger")
    figure = messenger.figures.get()
    entry = {"id": figure.pk, "platform": messenger.pk, "text": "Thirty million", "year": 2026, "source": "Ofcom"}
    data = {"name": "Facebook Messenger", "key": "other", "about": "", "position": 50, **figures(entry, initial=1)}
    ada.post(change(messenger), data)
    messenger.refresh_from_db()
    assert messenger.key == "messenger"
    assert "Thirty million" in html_of(signed_in(world.lead).get(reverse("platforms")))
    assert messenger.history.count() == 2


def test_a_platform_is_retired_and_never_deleted(ada):
    x = Platform.objects.get(key="x")
    assert ada.post(change(x).replace("change", "delete"), {"post": "yes"}).status_code == 403
    ada.post(
        reverse("admin:worksheets_platform_changelist"),
        {"action": "delete_selected", "_selected_action": x.pk, "post": "yes"},
    )
    assert Platform.objects.filter(key="x").exists()
    kept = [
        {"id": figure.pk, "platform": x.pk, "text": figure.text, "year": figure.year, "source": figure.source}
        for figure in x.figures.all()
    ]
    ada.post(change(x), {"name": x.name, "position": 1, "retired": "on", **figures(*kept, initial=len(kept))})
    assert texts.current().platform_names()[1] == {"x": "X (formerly Twitter)"}


# People, organisations, cycles


def test_an_admin_adds_a_person_by_email_address(ada):
    words = {"usable_password": "true", "password1": "a long pass phrase 7", "password2": "a long pass phrase 7"}
    words["own_password"] = PASSWORD
    ada.post(reverse("admin:worksheets_user_add"), {"email": "New@Example.org", "name": "Nell New", **words})
    nell = User.objects.get(email="new@example.org")
    assert nell.check_password("a long pass phrase 7")
    assert not nell.is_staff


def test_an_admin_sets_a_password(ada, world: World):
    page = reverse("admin:auth_user_password_change", args=[world.lead.pk])
    assert ada.get(page).status_code == 200
    words = {"usable_password": "true", "password1": "another pass phrase 8", "password2": "another pass phrase 8"}
    ada.post(page, {**words, "own_password": PASSWORD})
    world.lead.refresh_from_db()
    assert world.lead.check_password("another pass phrase 8")


def test_people_are_switched_off_and_never_deleted(ada, world: World):
    assert ada.post(change(world.lead).replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_staff_cannot_give_themselves_or_others_more_power(world: World, signed_in):
    staff = person("helper@example.org", "Hal Helper", is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=["view_user", "change_user"]))
    browser = signed_in(staff)
    data = {"email": "nobody@example.org", "name": "Nia", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    browser.post(change(world.nobody), data)
    world.nobody.refresh_from_db()
    assert world.nobody.name == "Nia"
    assert not world.nobody.is_staff
    assert not world.nobody.is_superuser
    assert browser.post(change(world.admin), {"email": "mine@example.org"}).status_code == 403
    assert browser.post(reverse("admin:auth_user_password_change", args=[world.admin.pk]), {}).status_code == 403


def test_an_organisation_keeps_its_last_lead(ada, world: World):
    rows = list(Membership.objects.filter(organisation=world.anywhere))
    kept = [{"id": m.pk, "organisation": world.anywhere.pk, "user": m.user_id, "role": "manager"} for m in rows]
    own = {"name": "NHS Anywhere", "own_password": PASSWORD}
    response = ada.post(change(world.anywhere), {**own, **members(*kept, initial=len(kept))})
    assert "Choose a lead. An organisation needs at least one." in html_of(response)
    gone = [entry | {"DELETE": "on"} for entry in kept]
    response = ada.post(change(world.anywhere), {**own, **members(*gone, initial=len(gone))})
    assert "Choose a lead." in html_of(response)
    assert Membership.objects.filter(organisation=world.anywhere, role="lead").count() == 1


def test_an_organisation_with_a_review_cycle_is_never_deleted(ada, world: World):
    assert ada.post(change(world.anywhere).replace("change", "delete"), {"post": "yes"}).status_code == 403
    listed = reverse("admin:worksheets_organisation_changelist")
    ada.post(listed, {"action": "delete_selected", "_selected_action": world.anywhere.pk, "post": "yes"})
    assert Organisation.objects.filter(pk=world.anywhere.pk).exists()


def test_an_organisation_with_a_policy_is_never_deleted_either(ada, world: World):
    world.anywhere.cycles.all().delete()
    Policy.objects.create(organisation=world.anywhere, document="house-rules")
    assert ada.post(change(world.anywhere).replace("change", "delete"), {"post": "yes"}).status_code == 403
    listed = reverse("admin:worksheets_organisation_changelist")
    ada.post(listed, {"action": "delete_selected", "_selected_action": world.anywhere.pk, "post": "yes"})
    assert Policy.objects.filter(organisation=world.anywhere).exists()


def test_a_cycle_is_archived_and_brought_back_and_never_deleted(ada, world: World):
    listed = reverse("admin:worksheets_cycle_changelist")
    ada.post(listed, {"action": "archive", "_selected_action": world.cycle.pk})
    world.cycle.refresh_from_db()
    assert world.cycle.archived_at
    ada.post(listed, {"action": "bring_back", "_selected_action": world.cycle.pk})
    world.cycle.refresh_from_db()
    assert world.cycle.archived_at is None
    assert LogEntry.objects.filter(object_id=str(world.cycle.pk)).count() == 2
    assert ada.post(change(world.cycle).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert ada.get(reverse("admin:worksheets_cycle_add")).status_code == 403


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("9999-07-01", "9999-12-31", "Enter a start date in the years 2000 to 2100."),
        ("2026-10-01", "2028-10-02", "no more than 24 months after the start date."),
        ("2026-10-01", "2026-10-01", "after the start date."),
    ],
)
def test_dates_that_no_lead_could_enter_are_refused_here_too(ada, world: World, starts: str, ends: str, said: str):
    assert said in html_of(ada.post(change(world.cycle), {"name": "Autumn 2026", "starts": starts, "ends": ends}))
    world.cycle.refresh_from_db()
    assert world.cycle.starts.isoformat() == "2026-10-01"


def test_a_cycle_in_the_administration_shows_no_answers(ada, world: World):
    world.fill()
    html = html_of(ada.get(change(world.cycle)))
    assert "0 of 6 complete" in html
    assert "By using social media" not in html
