"""The way in and the dashboard: an organisation's reviews, newest first, in few queries however many there are."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.world import World, cycle_of
from worksheets import texts
from worksheets.cycles import start_cycle
from worksheets.models import Cycle, Membership, Organisation, Role, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/"


def page(response: HttpResponse) -> str:
    return response.content.decode()


def many(organisation: Organisation, number: int) -> None:
    """Reviews of the past, one a month back from 2025."""
    for n in range(number):
        starts = datetime.date(2025 - n // 12, 12 - n % 12, 1)
        start_cycle(organisation, STRATEGY, f"Review {n:04}", starts, starts + datetime.timedelta(days=180))


def test_somebody_with_one_organisation_goes_straight_to_it(world: World, signed_in: SignedIn) -> None:
    assert signed_in(world.manager).get("/")["Location"] == "/o/nhs-anywhere/"


def test_somebody_with_several_organisations_chooses(world: World, signed_in: SignedIn) -> None:
    Membership.objects.create(user=world.outsider, organisation=world.anywhere, role=Role.MANAGER)
    html = page(signed_in(world.outsider).get("/"))
    assert "Choose an organisation" in html
    assert 'href="/o/nhs-anywhere/"' in html
    assert 'href="/o/nhs-elsewhere/"' in html


def test_somebody_without_an_organisation_is_told_what_to_do(world: World, signed_in: SignedIn) -> None:
    html = page(signed_in(world.nobody).get("/"))
    assert "You do not belong to an organisation yet" in html
    assert "nobody@example.org" in html
    assert 'href="/admin/"' not in html
    assert 'href="/admin/"' in page(signed_in(world.admin).get("/"))


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_members_see_their_reviews_with_progress(world: World, signed_in: SignedIn, who: str) -> None:
    world.fill()
    Worksheet.objects.filter(cycle=world.cycle, stage="drivers").update(
        updated_at=timezone.make_aware(datetime.datetime(2026, 10, 7, 9)), updated_by=world.contributor
    )
    html = page(signed_in(getattr(world, who)).get(HERE))
    assert '<a href="/o/nhs-anywhere/reviews/autumn-2026/"><bdi>Autumn 2026</bdi></a>' in html
    assert "1 October 2026 to 31 March 2027" in html
    assert "In progress" in html
    assert "21 of 21 questions answered" in html
    assert "Colin Contributor, 7 October 2026" in html
    assert "1 April 2027" in html
    assert "/o/nhs-elsewhere/" not in html


def test_strangers_do_not_know_the_organisation(world: World, signed_in: SignedIn) -> None:
    for user in (world.outsider, world.nobody, world.admin):
        assert signed_in(user).get(HERE).status_code == 404
    assert signed_in(world.lead).get("/o/no-such-place/").status_code == 404


def test_a_review_with_nothing_in_it_says_so(world: World, signed_in: SignedIn) -> None:
    html = page(signed_in(world.lead).get(HERE))
    assert "0 of 21 questions answered" in html
    assert "Not started yet" in html


def test_a_review_is_complete_when_all_worksheets_are(world: World, signed_in: SignedIn) -> None:
    world.fill()
    world.cycle.worksheets.update(status=Worksheet.Status.COMPLETE)
    html = page(signed_in(world.lead).get(HERE))
    assert "Complete" in html
    assert "In progress" not in html


def test_a_review_made_without_worksheets_is_listed_too(world: World, signed_in: SignedIn) -> None:
    world.cycle.worksheets.all().delete()
    assert "0 of 21 questions answered" in page(signed_in(world.lead).get(HERE))


def test_only_leads_may_start_a_review_from_here(world: World, signed_in: SignedIn) -> None:
    assert "/o/nhs-anywhere/reviews/new/" in page(signed_in(world.lead).get(HERE))
    for user in (world.contributor, world.manager):
        assert "/o/nhs-anywhere/reviews/new/" not in page(signed_in(user).get(HERE))


def test_an_empty_dashboard_says_what_a_review_is(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.all().delete()
    html = page(signed_in(world.lead).get(HERE))
    assert "about two hours" in html
    assert "Start your first review" in html
    assert "Archived reviews" not in html
    html = page(signed_in(world.manager).get(HERE))
    assert "A lead starts it" in html
    assert "Start your first review" not in html


def test_the_day_the_next_review_is_due_is_said(world: World, signed_in: SignedIn) -> None:
    today = timezone.localdate()
    Cycle.objects.filter(pk=world.cycle.pk).update(starts=today, ends=today + datetime.timedelta(days=180))
    assert "The next review is due on" in page(signed_in(world.manager).get(HERE))
    Cycle.objects.filter(pk=world.cycle.pk).update(starts="2020-08-31", ends="2021-02-27")
    html = page(signed_in(world.lead).get(HERE))
    assert "The next review was due on 28 February 2021." in html
    assert "Start it now" in html
    assert "Start it now" not in page(signed_in(world.manager).get(HERE))


def test_the_day_the_next_review_is_due_is_counted_from_the_first_review(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(starts="2020-08-31", ends="2021-02-27")
    for name, starts in (("Second", datetime.date(2021, 2, 28)), ("Late", datetime.date(2021, 9, 28))):
        start_cycle(world.anywhere, STRATEGY, name, starts, starts + datetime.timedelta(days=100))
    html = page(signed_in(world.lead).get(HERE))
    assert "The next review was due on 28 March 2022." in html
    Cycle.objects.filter(name="Late").update(archived_at=timezone.now())
    html = page(signed_in(world.lead).get(HERE))
    assert "The next review was due on 31 August 2021." in html
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert re.findall(r"Next review due:? (\d+ \w+ \d+)", words) == ["31 August 2021", "28 February 2021"]


def test_archived_reviews_are_behind_a_link(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    client = signed_in(world.manager)
    html = page(client.get(HERE))
    assert "Autumn 2026" not in html
    assert 'href="?archived"' in html
    html = page(client.get(f"{HERE}?archived"))
    assert "Autumn 2026" in html
    assert re.search(r">\s*Archived\s*</", html)


def test_ten_reviews_stand_on_a_page(world: World, signed_in: SignedIn) -> None:
    many(world.anywhere, 24)
    client = signed_in(world.lead)
    first, second, third = (page(client.get(f"{HERE}?page={n}")) for n in (1, 2, 3))
    assert [html.count("app-cycles__dates") for html in (first, second, third)] == [10, 10, 5]
    assert "Older reviews" in first
    assert "Newer reviews" not in first
    assert "Newer reviews" in third
    assert "Older reviews" not in third
    assert first.index("Autumn 2026") < first.index("Review 0000") < first.index("Review 0008")
    assert "Review 0009" not in first


@pytest.mark.parametrize(
    ("number", "status"), [("4", 404), ("0", 400), ("-1", 400), ("x", 400), ("1\0", 400), ("9" * 30, 400), ("٣", 400)]
)
def test_a_page_that_is_not_there_is_no_error_of_ours(
    world: World, signed_in: SignedIn, number: str, status: int
) -> None:
    assert signed_in(world.lead).get(HERE, {"page": number}).status_code == status


@pytest.mark.parametrize("number", [0, 1, 30])
def test_the_queries_are_six_however_many_reviews_there_are(
    world: World, signed_in: SignedIn, django_assert_max_num_queries: Any, number: int
) -> None:
    many(world.anywhere, number)
    world.fill()
    client = signed_in(world.lead)
    texts.current()
    with django_assert_max_num_queries(6):
        client.get(HERE)
    Cycle.objects.all().delete()
    with django_assert_max_num_queries(5):
        client.get(HERE)


def test_names_are_escaped(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(name="<script>alert(1)</script>")
    Organisation.objects.filter(pk=world.anywhere.pk).update(name="NHS <b>Any</b>")
    User.objects.filter(pk=world.lead.pk).update(name="<i>Lena</i>")
    world.cycle.worksheets.update(updated_by=world.lead, updated_at=timezone.now())
    html = page(signed_in(world.lead).get(HERE))
    for tag in ("<script>alert", "<b>Any", "<i>Lena"):
        assert tag not in html
    assert "&lt;script&gt;" in html


def test_the_same_name_elsewhere_is_another_review(world: World, signed_in: SignedIn) -> None:
    cycle_of(world.elsewhere, "Spring 2027", "spring-2027")
    assert "Spring 2027" not in page(signed_in(world.lead).get(HERE))


def test_nothing_is_changed_by_looking(world: World, signed_in: SignedIn) -> None:
    for address in ("/", HERE):
        assert signed_in(world.lead).post(address).status_code == 405
