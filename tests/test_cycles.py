"""Starting, changing and archiving a review cycle: leads do, the others read, strangers know nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.world import World
from worksheets.cycles import change_details, propose, season, start_cycle
from worksheets.management import demonstration
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Issued, Membership, Organisation, Revision, User, Worksheet
from worksheets.reasons import reasons_of, settled
from worksheets.review import Review
from worksheets.texts import current as texts_now
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
NEW = "/o/nhs-anywhere/reviews/new/"
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
day = datetime.date.fromisoformat


def page(response: HttpResponse) -> str:
    return response.content.decode()


def form(**changed: str) -> dict[str, str]:
    """The form as it is posted, with the changes given. `starts` and `ends` are ISO dates."""
    given = {
        "name": "Spring 2027",
        "starts": "2027-04-01",
        "ends": "2027-09-30",
        "strategy_title": "",
        "strategy_link": "",
    }
    given |= changed
    for name in ("starts", "ends"):
        year, month, number = given.pop(name).split("-")
        given |= {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}
    return given


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.lead)


# What is proposed.


def test_a_review_is_called_after_the_season_it_starts_in() -> None:
    named = [season(day(text)) for text in ("2026-10-01", "2027-04-01", "2027-07-15", "2027-01-31", "2026-12-01")]
    assert named == ["Autumn 2026", "Spring 2027", "Summer 2027", "Winter 2027", "Winter 2026"]


def test_the_first_review_starts_today(world: World) -> None:
    world.anywhere.cycles.all().delete()
    found = propose(world.anywhere.cycles, STRATEGY, day("2026-11-21"))
    assert (found.name, found.starts, found.ends) == ("Autumn 2026", day("2026-11-21"), day("2027-05-20"))


def test_the_next_review_starts_six_months_after_the_last_one_began(world: World) -> None:
    found = propose(world.anywhere.cycles, STRATEGY, day("2026-11-21"))
    assert (found.name, found.starts, found.ends) == ("Spring 2027", day("2027-04-01"), day("2027-09-30"))


def test_six_months_are_counted_from_the_first_review(world: World) -> None:
    world.anywhere.cycles.all().delete()
    for starts in ("2026-08-31", "2027-02-28"):
        start_cycle(world.anywhere, STRATEGY, starts, day(starts), day(starts) + datetime.timedelta(days=100))
    found = propose(world.anywhere.cycles, STRATEGY, day("2027-03-01"))
    assert (found.starts, found.ends) == (day("2027-08-31"), day("2028-02-28"))


def test_a_review_that_began_late_moves_the_next_one(world: World) -> None:
    start_cycle(world.anywhere, STRATEGY, "Late", day("2027-05-10"), day("2027-11-09"))
    assert propose(world.anywhere.cycles, STRATEGY, day("2027-06-01")).starts == day("2027-11-10")


def test_after_a_long_break_the_next_review_starts_today(world: World) -> None:
    assert propose(world.anywhere.cycles, STRATEGY, day("2030-01-15")).starts == day("2030-01-15")


def test_archived_reviews_do_not_count(world: World) -> None:
    world.anywhere.cycles.update(archived_at=timezone.now())
    assert propose(world.anywhere.cycles, STRATEGY, day("2026-11-21")).starts == day("2026-11-21")


# Starting one.


def test_a_lead_starts_a_review_with_its_six_worksheets(world: World, lead: Client) -> None:
    html = page(lead.get(NEW))
    assert "strategy first" in html
    assert "two hours" in html
    assert "six months" in html
    assert 'name="starts-day"' in html
    strategy = {"strategy_title": "Trust strategy", "strategy_link": "https://example.org/strategy"}
    started = lead.post(NEW, form(**strategy))
    assert started["Location"] == "/o/nhs-anywhere/reviews/spring-2027/"
    cycle = world.anywhere.cycles.get(slug="spring-2027")
    assert (cycle.starts, cycle.ends, cycle.created_by) == (day("2027-04-01"), day("2027-09-30"), world.lead)
    assert (cycle.strategy_title, cycle.strategy_link) == tuple(strategy.values())
    assert cycle.worksheets.count() == 6
    assert lead.get(started["Location"]).status_code == 200


def test_what_is_proposed_stands_in_the_form(world: World, lead: Client) -> None:
    found = propose(world.anywhere.cycles, STRATEGY)
    html = page(lead.get(NEW))
    assert f'value="{found.name}"' in html
    assert f'name="starts-year" type="text" value="{found.starts.year}"' in html


@pytest.mark.parametrize("where", ["new/", "autumn-2026/details/", "autumn-2026/archive/"])
def test_readers_get_403_and_strangers_404(world: World, signed_in: SignedIn, where: str) -> None:
    for method in ("get", "post"):
        for user, status in (
            (world.contributor, 403),
            (world.manager, 403),
            (world.outsider, 404),
            (world.nobody, 404),
            (world.admin, 404),
        ):
            answer = getattr(signed_in(user), method)(f"/o/nhs-anywhere/reviews/{where}", form(do="archive"))
            assert answer.status_code == status, (user, method)
    assert world.anywhere.cycles.get().archived_at is None


def test_a_review_of_another_organisation_is_not_found_under_ours(world: World, lead: Client) -> None:
    Cycle.objects.filter(pk=world.foreign_cycle.pk).update(slug="theirs")
    for where in ("nhs-anywhere/reviews/theirs", "nhs-elsewhere/reviews/theirs"):
        for page_ in ("details", "archive"):
            assert lead.post(f"/o/{where}/{page_}/", form(do="archive")).status_code == 404
    world.foreign_cycle.refresh_from_db()
    assert world.foreign_cycle.archived_at is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "n" * 81}, "Shorten “Name” to 80 characters or fewer. It is 1 too long"),
        ({"name": "\0\u200b\u00a0"}, "Enter a name"),
        ({"name": "\u200bAutumn\u00a0 2026"}, "already has a review with this one"),
        ({"name": "autumn 2026"}, "already has a review with this one"),
        ({"starts": "2027-2-31"}, "Start date: Enter a day from 1 to 28. There is no 31 February 2027"),
        ({"starts": "--"}, "Enter the date it starts, like 1 October 2026"),
        ({"ends": "2027-4-1"}, "after the start date"),
        ({"ends": "2026-4-1"}, "after the start date"),
        ({"ends": "2029-4-2"}, "no more than 24 months"),
        ({"starts": "1026-4-1"}, "Start date: Enter a year from 2000 to 2100"),
        ({"ends": "99999999999-4-1"}, "End date: Write the year with four digits"),
        ({"strategy_title": "t" * 201}, "200 characters or fewer"),
        ({"strategy_link": "javascript:alert(1)"}, "starts with https:// or http://"),
        ({"strategy_link": "ftp://example.org/x"}, "starts with https:// or http://"),
        ({"strategy_link": "https://"}, "starts with https:// or http://"),
        ({"strategy_link": "http://[bad"}, "starts with https:// or http://"),
        ({"strategy_link": "https://example.org/" + "x" * 500}, "500 characters or fewer"),
        ({"strategy_link": "example.org", "name": ""}, "starts with https:// or http://"),
    ],
)
def test_what_cannot_be_right_is_said_and_kept(world: World, lead: Client, changed: dict[str, str], said: str) -> None:
    for address in (NEW, "/o/nhs-anywhere/reviews/other/details/"):
        if address != NEW:
            start_cycle(world.anywhere, STRATEGY, "Other", day("2028-01-01"), day("2028-06-30"))
        answer = lead.post(address, form(**{"strategy_title": "Kept <b>title</b>", **changed}))
        html = page(answer)
        assert answer.status_code == 400
        assert "<title>Error: " in html
        assert "There is a problem" in html
        assert said in html
        assert "<b>title" not in html
        assert "&lt;b&gt;title" in html or "strategy_title" in changed
    assert sorted(world.anywhere.cycles.values_list("name", flat=True)) == ["Autumn 2026", "Other"]


def test_error_links_lead_to_their_fields(world: World, lead: Client) -> None:
    html = page(lead.post(NEW, {}))
    for field in ("name", "starts", "ends"):
        assert f'href="#{field}"' in html
        assert f'id="{field}"' in html


def test_short_names_are_unique_and_stand_in_nobodys_way(world: World) -> None:
    dates = (day("2027-04-01"), day("2027-09-30"))
    made = [
        start_cycle(world.anywhere, STRATEGY, name, *dates).slug
        for name in ("New", "Autumn: 2026", "Autumn, 2026", "日本", "é" * 80)
    ]
    assert made[:3] == ["new-2", "autumn-2026-2", "autumn-2026-3"]
    assert made[3] == "review"
    assert len(made[4]) <= 80
    assert start_cycle(world.elsewhere, STRATEGY, "Spring 2027", *dates).slug == "spring-2027"


def test_the_start_page_says_what_can_be_shared_out_at_once(lead: Client) -> None:
    said = " ".join(page(lead.get(NEW)).split())
    free = said.partition("need no other answer first: ")[2].partition(".")[0]
    assert free.startswith("drivers, aims, stakeholders, accounts, set-up")
    assert "content plan" not in free


def test_reviews_may_overlap(world: World, lead: Client) -> None:
    begun = lead.post(NEW, form(name="A pilot", starts="2026-11-01", ends="2026-12-01"), follow=True)
    assert "The dates of A pilot overlap with those of Autumn 2026 (1 October 2026 to 31 March 2027)." in page(begun)
    apart = lead.post(NEW, form(name="Later", starts="2028-11-01", ends="2028-12-01"), follow=True)
    assert "overlap" not in page(apart)


# Changing and archiving one.


def test_a_lead_changes_the_details_and_the_address_stays(world: World, lead: Client) -> None:
    assert 'value="Autumn 2026"' in page(lead.get(f"{HERE}details/"))
    lead.post(f"{HERE}details/", edited(lead, name="Winter plan", starts="2026-11-01", ends="2027-04-30"))
    world.cycle.refresh_from_db()
    assert (world.cycle.name, world.cycle.slug) == ("Winter plan", "autumn-2026")
    assert (world.cycle.starts, world.cycle.ends) == (day("2026-11-01"), day("2027-04-30"))


def test_archiving_is_asked_first_and_loses_nothing(world: World, lead: Client, signed_in: SignedIn) -> None:
    world.fill()
    assert "Do you want to archive this review?" in page(lead.get(f"{HERE}archive/"))
    world.cycle.refresh_from_db()
    assert world.cycle.archived_at is None
    html = page(lead.post(f"{HERE}archive/", {"do": "archive"}, follow=True))
    assert "Autumn 2026 is archived" in html
    assert signed_in(world.manager).get(HERE).status_code == 200
    assert "Do you want to bring this review back?" in page(lead.get(f"{HERE}archive/"))
    lead.post(f"{HERE}archive/", {"do": "restore"})
    world.cycle.refresh_from_db()
    assert world.cycle.archived_at is None
    assert world.cycle.worksheets.get(stage="drivers").answers


def test_archiving_twice_does_not_bring_it_back(world: World, lead: Client) -> None:
    for _ in range(2):
        lead.post(f"{HERE}archive/", {"do": "archive"})
    world.cycle.refresh_from_db()
    assert world.cycle.archived_at


def test_the_details_of_an_archived_review_cannot_be_changed(world: World, lead: Client) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert lead.get(f"{HERE}details/")["Location"] == f"{HERE}archive/"
    assert lead.post(f"{HERE}details/", form()).status_code == 403
    world.cycle.refresh_from_db()
    assert world.cycle.name == "Autumn 2026"


def edited(lead: Client, **changed: str) -> dict[str, str]:
    """The form of the details as the page sends it that is loaded now."""
    seen = re.search(r'name="seen" value="(\w+)"', page(lead.get(f"{HERE}details/")))
    assert seen
    return form(**changed) | {"seen": seen[1]}


def test_whoever_changes_details_second_sees_what_stands_and_decides(world: World, lead: Client) -> None:
    mine = edited(lead, name="Mine <b>")
    lead.post(f"{HERE}details/", edited(lead, name="Theirs <b>"))
    answer = lead.post(f"{HERE}details/", mine)
    html = page(answer)
    assert answer.status_code == 409
    assert "Somebody else changed these details" in html
    assert "Theirs &lt;b&gt;" in html
    assert 'value="Mine &lt;b&gt;"' in html
    assert world.anywhere.cycles.get().name == "Theirs <b>"
    assert lead.post(f"{HERE}details/", form(name="Without a stamp")).status_code == 409
    assert lead.post(f"{HERE}details/", edited(lead, name="Mine <b>")).status_code == 302
    assert world.anywhere.cycles.get().name == "Mine <b>"


def test_saving_the_same_details_twice_is_no_conflict(world: World, lead: Client) -> None:
    mine = edited(lead, name="Mine")
    assert [lead.post(f"{HERE}details/", mine).status_code for _ in range(2)] == [302, 302]


@pytest.mark.parametrize(
    ("values", "said"), [({"archived_at": timezone.now()}, "archived"), ({"state": "submitted"}, "submitted")]
)
@pytest.mark.parametrize("late", [False, True])
def test_details_typed_while_the_review_was_closed_are_there_to_copy(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], said: str, late: bool
) -> None:
    mine = edited(lead, name="Mine <b>")

    def close(*_: Any) -> bool:
        Cycle.objects.filter(pk=world.cycle.pk).update(**values)
        return change_details(*_)

    if late:
        monkeypatch.setattr("worksheets.organisations.cycles.change_details", close)
    else:
        Cycle.objects.filter(pk=world.cycle.pk).update(**values)
    answer = lead.post(f"{HERE}details/", mine)
    html = page(answer)
    assert answer.status_code == 409
    assert f"This review was {said} while you were on that page" in html
    assert "Mine &lt;b&gt;" in html
    assert "Autumn 2026" in html
    assert world.anywhere.cycles.get().name == "Autumn 2026"


def test_two_reviews_started_at_once_with_one_name_are_one(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(*given: Any, **details: Any) -> Cycle:
        start_cycle(world.anywhere, STRATEGY, "SPRING 2027", day("2027-04-01"), day("2027-09-30"))
        return start_cycle(*given, **details)

    monkeypatch.setattr("worksheets.organisations.cycles.start_cycle", second)
    answer = lead.post(NEW, form())
    assert answer.status_code == 400
    assert "already has a review with this one" in page(answer)
    assert world.anywhere.cycles.filter(name__iexact="spring 2027").count() == 1


def test_a_name_that_was_taken_since_the_form_was_checked_is_refused(
    world: World, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(*given: Any) -> bool:
        start_cycle(world.anywhere, STRATEGY, "SPRING 2027", day("2027-04-01"), day("2027-09-30"))
        return change_details(*given)

    monkeypatch.setattr("worksheets.organisations.cycles.change_details", second)
    answer = lead.post(f"{HERE}details/", edited(lead))
    assert answer.status_code == 400
    assert "already has a review with this one" in page(answer)


# The demo.


@pytest.mark.parametrize("today", ["2026-11-21", "2027-01-01", "2027-03-31", "2027-04-01", "2027-10-01", "2028-02-29"])
def test_the_demo_tells_of_a_review_that_was_signed_off_and_one_that_is_half_done(db: None, today: str) -> None:
    demonstration.make(day(today))
    organisation = Organisation.objects.get(slug="nhs-anywhere")
    current, last = organisation.cycles.filter(workbook=STRATEGY.key)
    assert last.ends + datetime.timedelta(days=1) == current.starts
    assert current.starts <= day(today) <= current.ends
    assert [sheet.complete for sheet in last.worksheets.all()] == [True] * 6
    assert [sheet.complete for sheet in current.worksheets.all()] == [True, True, False, False, False, False]
    # Every answer was carried over, and eight of them were gone through again.
    assert all(sheet.answers for sheet in current.worksheets.all())
    assert sum(len(sheet.carried) for sheet in current.worksheets.all()) == 21 - 8
    assert [decision.kind for decision in last.decisions.order_by("pk")] == ["submitted", "signed-off"]
    assert Issued.objects.filter(cycle=last).count() == 1
    assert (last.reasons.count(), last.comments.count(), last.events.count()) == (1, 2, 2)
    assert current.lookbacks.count() == 7
    review = Review.of(current, current.worksheets.all(), texts_now())
    assert len(settled(review, reasons_of(current)).open) == 2
    for cycle in (last, current):
        due = cycle.worksheets.get(stage="alignment").answers["smart"]["smart"][0]["due"]
        assert cycle.starts <= day(due) <= cycle.ends
    assert not Revision.objects.filter(saved_at__date__gt=max(day(today), current.starts)).exists()


@pytest.mark.parametrize("today", ["2026-11-21", "2027-01-01", "2028-02-29"])
def test_the_demo_has_one_of_every_workbook_without_a_point_to_resolve(db: None, today: str) -> None:
    demonstration.make(day(today))
    others = list(Cycle.objects.exclude(workbook=STRATEGY.key).select_related("organisation"))
    assert {cycle.workbook for cycle in others} == set(WORKBOOKS) - {STRATEGY.key}
    for cycle in others:
        assert cycle.starts <= day(today)
        review = review_of(cycle)
        assert review.complete, cycle.name
        assert not review.findings, cycle.name
    plan, mine = (
        next(one for one in others if one.workbook == key) for key in ("engagement-plan", "leader-reflection")
    )
    assert plan.state == Cycle.State.SIGNED_OFF
    assert (str(mine.owner), bool(mine.shared_at)) == ("Mary Manager", True)


def test_the_demo_may_be_made_again(db: None, capsys: Any) -> None:
    call_command("demo")
    Worksheet.objects.filter(cycle__slug__startswith="spring", stage="drivers").update(answers={})
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    call_command("demo")
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before
    assert (Cycle.objects.count(), Membership.objects.count(), User.objects.count()) == (8, 5, 6)
    said = capsys.readouterr().out
    for email, *_ in demonstration.PEOPLE:
        assert email in said
    assert demonstration.PASSWORD in said
    assert (
        Client()
        .post("/accounts/login/", {"login": "outsider@example.org", "password": demonstration.PASSWORD})
        .status_code
        == 302
    )


def test_the_demo_is_refused_in_production(db: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="TOOLKIT_ENV is production"):
        call_command("demo")
    assert User.objects.count() == 0
