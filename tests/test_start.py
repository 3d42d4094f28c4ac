"""The start page: what somebody wants to do, what is in progress whatever its kind, and what there is to begin."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import send, tree, words
from tests.world import World
from worksheets import saving
from worksheets.cycles import start_cycle
from worksheets.models import Assignment, Cycle, User
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.channels import CHANNELS
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION

SignIn = Callable[[User], Client]
START = "/o/nhs-anywhere/"
TODAY = datetime.date(2026, 11, 27)


def run(world: World, workbook: Workbook, name: str, user: User | None = None) -> Cycle:
    return start_cycle(world.anywhere, workbook, name, TODAY, TODAY + datetime.timedelta(days=90), user)


def completed(cycle: Cycle) -> None:
    for sheet in cycle.worksheets.select_related("cycle"):
        saving.complete(sheet, cycle.created_by or User())


def test_it_asks_what_somebody_wants_to_do_with_the_time_it_takes_and_who_it_is_for(
    world: World, signed_in: SignIn
) -> None:
    page = signed_in(world.lead).get(START)
    assert tree(page).xpath("//h1/text()") == ["What do you want to do?"]
    ways = tree(page).xpath("//li[contains(@class, 'nhsuk-card-group__item')]")
    assert [way.xpath(".//a/@href")[0] for way in ways] == [
        f"{START}{path}/" for path in ("reviews", "checks", "plans", "projects", "mine", "facts", "policies")
    ]
    said = [" ".join(way.text_content().split()) for way in ways]
    for words_of, expected in zip(
        said,
        (
            ("Review your strategy", "Takes about 2 hours, every six months", "your communications team"),
            ("Do a quick check", "Takes about 10 minutes, every three months", "one or two people"),
            ("Plan an engagement", "Takes about 45 minutes", "one or two people"),
            ("Choose channels for a project", "Takes about 30 minutes", "For"),
            ("own use as a leader", "Takes about 15 minutes, every six months", "Only you see it."),
            ("Enter facts for your policies", "Takes about 15 minutes, every twelve months", "one or two people"),
            ("Policies and a crisis plan", "Takes about 10 minutes for each document", "a manager who approves it"),
        ),
        strict=True,
    ):
        assert all(part in words_of for part in expected), words_of


def test_what_is_in_progress_of_every_kind_leads_on_with_its_next_step(world: World, signed_in: SignIn) -> None:
    run(world, CHANNELS, "Home first", world.contributor)
    run(world, REFLECTION, "Reflection, November 2026", world.contributor)
    page = signed_in(world.contributor).get(START)
    going = tree(page).xpath("//section[@aria-labelledby='going']")[0]
    told = " ".join(going.text_content().split())
    for part in ("Autumn 2026", "Review. 0 of 21 questions answered.", "Home first", "Channel choice. 0 of 5"):
        assert part in told
    assert "Reflection, which only you see." in told
    hrefs = going.xpath(".//a[contains(@class, 'nhsuk-button')]/@href")
    assert f"{START}reviews/autumn-2026/drivers/drivers/" in hrefs
    assert f"{START}projects/home-first/want/wants/" in hrefs
    # Each button says which run it goes on with, to those who hear it.
    names = [" ".join(one.text_content().split()) for one in going.xpath(".//a[contains(@class, 'nhsuk-button')]")]
    assert len(set(names)) == len(names) == 3


def test_what_is_only_completed_is_done_then_and_what_is_signed_off_waits_to_be_submitted(
    world: World, signed_in: SignIn
) -> None:
    completed(run(world, QUICK_CHECK, "Quick check, November 2026", world.lead))
    completed(run(world, ENGAGEMENT, "Evening clinics", world.lead))
    said = words(signed_in(world.lead).get(START))
    assert "Quick check, November 2026" not in said
    assert "Evening clinics" in said
    assert "Submit for sign-off , Evening clinics" in said or "Submit for sign-off, Evening clinics" in said
    # Only leads submit.
    assert "Submit for sign-off" not in words(signed_in(world.contributor).get(START))
    Cycle.objects.filter(name="Evening clinics").update(archived_at=timezone.now())
    assert "Evening clinics" not in words(signed_in(world.lead).get(START))


def test_a_manager_is_told_of_what_waits_for_them_and_begins_what_is_their_own(world: World, signed_in: SignIn) -> None:
    plan = run(world, ENGAGEMENT, "Evening clinics", world.lead)
    Cycle.objects.filter(pk=plan.pk).update(state=Cycle.State.SUBMITTED)
    manager = signed_in(world.manager)
    page = manager.get(START)
    assert "Waiting for you to sign off or send back" in words(page)
    assert tree(page).xpath("//main//a[@href=$to]", to=f"{START}plans/evening-clinics/decide/")
    assert not tree(page).xpath("//section[@aria-labelledby='going']//a[contains(@class, 'nhsuk-button')]")
    assert "Waiting for you" not in words(signed_in(world.lead).get(START))
    for path, allowed in (("mine", True), ("checks", False), ("reviews", False)):
        begins = tree(manager.get(f"{START}{path}/")).xpath("//main//a[@href=$to]", to=f"{START}{path}/new/")
        assert bool(begins) == allowed, path


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("lead", {"reviews", "checks", "plans", "projects", "mine", "facts"}),
        ("contributor", {"checks", "projects", "mine", "facts"}),
        ("manager", {"mine"}),
    ],
)
def test_leads_start_what_is_signed_off_the_team_what_is_not_and_everybody_their_own(
    world: World, signed_in: SignIn, who: str, may: set[str]
) -> None:
    client = signed_in(getattr(world, who))
    for workbook in WORKBOOKS.values():
        place = f"{START}{workbook.path}/new/"
        assert client.get(place).status_code == (200 if workbook.path in may else 403), place
        assert client.post(place).status_code == (400 if workbook.path in may else 403), place


def test_a_form_asks_in_the_words_of_its_workbook_and_only_a_review_for_the_strategy(
    world: World, signed_in: SignIn
) -> None:
    lead = signed_in(world.lead)
    labels = {
        workbook.key: [
            " ".join(one.text_content().split())
            for one in tree(lead.get(f"{START}{workbook.path}/new/")).xpath("//form//label")
        ]
        for workbook in WORKBOOKS.values()
    }
    assert "What is it about?" in labels["engagement-plan"]
    assert "Name of the project" in labels["channel-choice"]
    asks = {key for key, found in labels.items() if any("strategy" in label for label in found)}
    assert asks == {"strategy"}
    # One press starts a check: all of its form is filled in.
    assert send(lead, f"{START}checks/new/").status_code == 302


def test_several_projects_run_at_once_without_a_word_about_their_dates(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    for name in ("Home first", "Fewer falls"):
        begun = send(lead, f"{START}projects/new/", name=name)
        assert "overlap" not in words(lead.get(begun["Location"]))
    assert Cycle.objects.filter(workbook=CHANNELS.key).count() == 2


def test_yours_are_of_every_kind(world: World, signed_in: SignIn) -> None:
    project = run(world, CHANNELS, "Home first", world.lead)
    Assignment.objects.create(
        cycle=project, stage="want", question="wants", person=world.contributor, given_by=world.lead
    )
    page = signed_in(world.contributor).get(START)
    [mine] = tree(page).xpath("//section[@aria-labelledby='yours']//li")
    assert mine.xpath(".//a/@href") == [f"{START}projects/home-first/want/wants/"]
    # Of several kinds each says in which run it is.
    assert "Home first" in mine.text_content()


def test_an_organisation_without_anything_is_asked_the_same(world: World, signed_in: SignIn) -> None:
    Cycle.objects.filter(organisation=world.anywhere).delete()
    page = signed_in(world.contributor).get(START)
    assert "In progress" not in words(page)
    assert "Choose one" in words(page)
    assert "Leads start reviews and engagement plans." in words(page)


def test_what_is_overdue_is_said(world: World, signed_in: SignIn) -> None:
    cycle = run(world, QUICK_CHECK, "Quick check, May 2026", world.lead)
    Cycle.objects.filter(pk=cycle.pk).update(starts=datetime.date(2026, 5, 1))
    assert "The next was due on 1 August 2026." in words(signed_in(world.lead).get(START))


def test_it_takes_as_many_queries_for_many_runs_as_for_few(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    lead.get(START)
    counts = []
    for number in range(2):
        for _ in range(6 * number):
            run(world, CHANNELS, f"Project {Cycle.objects.count()}", world.lead)
        with CaptureQueriesContext(connection) as queries:
            lead.get(START)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12, [query["sql"] for query in queries]


def test_the_ways_around_are_few_and_say_where_one_is(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    project = run(world, CHANNELS, "Home first", world.lead)
    for place, current in (
        (START, "Start"),
        (f"{START}reviews/", "Reviews"),
        (f"{START}reviews/autumn-2026/", "Reviews"),
        (f"{START}policies/", "Policies"),
        (f"{START}projects/", "Start"),
        (f"{START}projects/{project.slug}/", "Start"),
        (f"{START}projects/{project.slug}/want/wants/", "Start"),
    ):
        page = tree(lead.get(place))
        items = page.xpath("//nav[contains(@class, 'nhsuk-header__navigation')]//a")
        ways = ["Start", "Reviews", "Actions", "Results", "Policies", "Guidance", "People"]
        assert [one.text_content().strip() for one in items] == ways
        assert [one.text_content().strip() for one in items if one.get("aria-current")] == [current], place
