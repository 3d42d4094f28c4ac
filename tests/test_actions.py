"""Actions: made from everywhere, seen by all, changed by those who may, told in the next review and its paper."""

from __future__ import annotations

import datetime
import html
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reading import tree
from tests.world import World
from worksheets import texts
from worksheets.actions.sources import place_of
from worksheets.models import Action, Comment, Cycle, Lookback, Membership, User, Worksheet
from worksheets.report import contents
from worksheets.review import Review
from worksheets.workbook import Workbook
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
SLUG = "nhs-anywhere"
TODAY = timezone.localdate()


def action(world: World, text: str = "Close the old page", **more: object) -> Action:
    return Action.objects.create(**{"organisation": world.anywhere, "text": text, **more})


def page(client: Client, name: str = "actions", *args: object, **query: object) -> str:
    response = client.get(f"{reverse(name, args=[SLUG, *args])}?{urlencode(query)}")
    assert response.status_code == 200
    return " ".join(html.unescape(tree(response).xpath("//main")[0].text_content()).split())


def add(client: Client, query: dict[str, object] | None = None, **form: object) -> Any:
    return client.post(reverse("action-add", args=[SLUG]), {**(query or {}), **form})


def run_of(world: World, workbook: Workbook = QUICK_CHECK, **more: object) -> Cycle:
    run = Cycle.objects.create(
        organisation=world.anywhere,
        workbook=workbook.key,
        name="November check",
        slug=workbook.key,
        starts=datetime.date(2026, 11, 1),
        ends=datetime.date(2027, 1, 31),
        **more,
    )
    Worksheet.objects.bulk_create(Worksheet(cycle=run, stage=stage.key) for stage in workbook.stages)
    return run


# The list


def test_an_organisation_without_actions_is_told_what_to_do(world: World, signed_in: SignIn) -> None:
    assert "No action is open. Add one here" in page(signed_in(world.lead))
    manager = page(signed_in(world.manager))
    assert "No action is open." in manager
    assert "Add" not in manager


def test_a_colleague_who_joins_sees_what_is_theirs_to_do(world: World, signed_in: SignIn) -> None:
    newcomer = User.objects.create_user("new@example.org", "correct horse battery staple", name="Nell New")
    Membership.objects.create(user=newcomer, organisation=world.anywhere, role="contributor")
    action(world, "Ask the youth council", owner=newcomer, due=datetime.date(2027, 3, 3))
    action(world, "Close the old page", owner=world.lead)
    client = signed_in(newcomer)
    start = page(client, "start")
    assert "Yours" in start
    assert "Ask the youth council by 3 March 2027" in start
    mine = page(client)
    assert "Ask the youth council" in mine
    assert "Close the old page" not in mine
    assert "Close the old page" in page(client, show="all")


def test_what_is_overdue_says_so_in_words_and_stands_first(world: World, signed_in: SignIn) -> None:
    action(world, "Later", due=TODAY + datetime.timedelta(days=9))
    action(world, "Should be done", due=TODAY - datetime.timedelta(days=1))
    shown = page(signed_in(world.lead), show="all")
    assert shown.index("Should be done") < shown.index("Later")
    assert "Overdue (1)" in shown
    late = page(signed_in(world.lead), show="overdue")
    assert "Should be done Overdue Nobody yet" in late
    assert "Later" not in late


def test_one_press_says_that_it_is_done_by_whom_and_when(world: World, signed_in: SignIn) -> None:
    one = action(world, owner=world.contributor)
    client = signed_in(world.contributor)
    client.post(reverse("actions", args=[SLUG]), {"do": f"done:{one.pk}"})
    one.refresh_from_db()
    assert (one.state, one.done_by) == ("done", world.contributor)
    assert one.done_at
    assert "Close the old page Done Colin Contributor" in page(client, show="mine")
    client.post(reverse("actions", args=[SLUG]), {"do": f"done:{one.pk}"})
    one.refresh_from_db()
    assert one.version == 2
    client.post(reverse("actions", args=[SLUG]), {"do": f"open:{one.pk}"})
    one.refresh_from_db()
    assert (one.state, one.done_at, one.done_by) == ("open", None, None)


def test_what_people_typed_is_text_and_nothing_else(world: World, signed_in: SignIn) -> None:
    action(world, "<script>alert(1)</script>", origin="<b>Point</b>", note="<i>so</i>")
    body = signed_in(world.lead).get(reverse("actions", args=[SLUG])).content.decode()
    assert "<script>alert(1)" not in body
    assert "<b>Point</b>" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        action(world, f"Action {number}", owner=world.lead, cycle=world.cycle, source="point")
    client = signed_in(world.lead)
    with django_assert_max_num_queries(12):
        shown = page(client, show="all")
    assert "Action 49" in shown
    assert "Action 50" not in shown
    assert "Action 50" in page(client, show="all", page=2)


# Who may


def test_a_manager_reads_and_says_how_their_own_stand_and_no_more(world: World, signed_in: SignIn) -> None:
    theirs, mine = action(world, "Not hers"), action(world, "Hers", owner=world.manager)
    client = signed_in(world.manager)
    assert "Not hers" in page(client, show="all")
    assert client.get(reverse("action-change", args=[SLUG, theirs.pk])).status_code == 403
    assert client.post(reverse("actions", args=[SLUG]), {"do": f"done:{theirs.pk}"}).status_code == 403
    assert client.get(reverse("action-add", args=[SLUG])).status_code == 403
    assert "What is to be done?" not in page(client, "action-change", mine.pk)
    seen = tree(client.get(reverse("action-change", args=[SLUG, mine.pk]))).xpath("//input[@name='seen']/@value")[0]
    client.post(
        reverse("action-change", args=[SLUG, mine.pk]),
        {"state": "done", "note": "It went well", "seen": seen, "text": "Something else"},
    )
    mine.refresh_from_db()
    assert (mine.state, mine.note, mine.text) == ("done", "It went well", "Hers")


def test_another_organisation_finds_nothing(world: World, signed_in: SignIn) -> None:
    one = action(world, "Ours", owner=world.outsider)
    stranger = signed_in(world.outsider)
    assert stranger.get(reverse("actions", args=[SLUG])).status_code == 404
    assert stranger.get(reverse("action-change", args=["nhs-elsewhere", one.pk])).status_code == 404
    assert stranger.post(reverse("actions", args=["nhs-elsewhere"]), {"do": f"done:{one.pk}"}).status_code == 404
    assert "Ours" not in stranger.get(reverse("start", args=["nhs-elsewhere"])).content.decode()
    asked = {"from": "point", "run": world.cycle.pk, "place": "x"}
    assert stranger.get(f"{reverse('action-add', args=['nhs-elsewhere'])}?{urlencode(asked)}").status_code == 404


# Made


def test_a_lead_adds_one_with_an_owner_and_a_day(world: World, signed_in: SignIn) -> None:
    signed_in(world.contributor)
    response = add(
        signed_in(world.lead),
        text="Book a photographer",
        owner=str(world.contributor.pk),
        **{"due-day": "3", "due-month": "3", "due-year": "2027"},
    )
    assert response.status_code == 302
    assert "Book a photographer Colin Contributor, by 3 March 2027" in page(signed_in(world.lead), show="all")


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World, signed_in: SignIn) -> None:
    response = add(signed_in(world.lead), text="", note="Keep this")
    assert response.status_code == 400
    body = response.content.decode()
    assert "Enter what is to be done" in body
    assert "Keep this" in body
    both = add(signed_in(world.lead), text="Do it", owner=str(world.lead.pk), owner_name="Somebody")
    assert "Choose somebody from the list, or enter a name here: not both" in both.content.decode()
    outside = add(signed_in(world.lead), text="Do it", owner=str(world.outsider.pk))
    assert outside.status_code == 400
    assert not Action.objects.exists()


def test_a_point_becomes_an_action_and_says_so(world: World, signed_in: SignIn) -> None:
    world.fill()
    Worksheet.objects.filter(cycle=world.cycle, stage="resources").update(
        answers={**Worksheet.objects.get(cycle=world.cycle, stage="resources").answers, "weekly": heavy(world)}
    )
    signed_in(world.contributor)
    client = signed_in(world.lead)
    points = reverse("points", args=[SLUG, STRATEGY, world.cycle.slug])
    links = tree(client.get(points)).xpath("//a[starts-with(., 'Make this an action')]/@href")
    assert links
    form = tree(client.get(links[0]))
    assert "From: " in form.xpath("//main")[0].text_content()
    hidden = {one.get("name"): one.get("value") for one in form.xpath("//main//form//input[@type='hidden']")}
    text = form.xpath("//input[@name='text']/@value | //textarea[@name='text']/text()")[0]
    response = client.post(
        reverse("action-add", args=[SLUG]), {**hidden, "text": text.strip(), "owner": str(world.contributor.pk)}
    )
    assert response["Location"].startswith(points)
    made = Action.objects.get()
    assert (made.source, made.cycle) == ("point", world.cycle)
    after = tree(client.get(points)).xpath("//main")[0].text_content()
    assert "Colin Contributor" in after
    again = client.get(links[0]).content.decode()
    assert "There is an action already that came from the same" in again
    # Whoever had not been told is told first.
    without = {name: value for name, value in hidden.items() if name != "beside"}
    assert client.post(reverse("action-add", args=[SLUG]), {**without, "text": "Twice"}).status_code == 409
    assert Action.objects.count() == 1
    told = {**without, "beside": str(made.pk), "text": "Another one"}
    assert client.post(reverse("action-add", args=[SLUG]), told).status_code == 302
    reader = tree(signed_in(world.manager).get(points)).xpath("//main")[0].text_content()
    assert "Make this an action" not in reader


def heavy(world: World) -> dict[str, object]:
    """The weekly work of the sample, with more hours than anybody has."""
    answer = Worksheet.objects.get(cycle=world.cycle, stage="resources").answers["weekly"]
    return {**answer, "tasks": [{**row, "hours": 40} for row in answer["tasks"]]}


def test_a_comment_an_account_and_a_lesson_become_actions(world: World, signed_in: SignIn) -> None:
    world.fill()
    client = signed_in(world.contributor)
    said = Comment.objects.create(
        cycle=world.cycle, question="aims", text="Ask the governors", written_by=world.manager
    )
    Lookback.objects.create(cycle=world.cycle, table="smart", row="s1", answers={"lesson": "Start before the holidays"})
    row = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders").answers["platforms"]["platforms"][0]
    for source, place, words in (
        ("comment", said.pk, "Ask the governors"),
        ("lesson", "smart.s1", "Start before the holidays"),
        ("account", f"platforms.{row['id']}", "See to "),
    ):
        asked = {"from": source, "run": world.cycle.pk, "place": place}
        form = client.get(f"{reverse('action-add', args=[SLUG])}?{urlencode(asked)}")
        assert form.status_code == 200, source
        assert words in html.unescape(form.content.decode()), source
        assert add(client, asked, text=f"From {source}").status_code == 302
        assert Action.objects.get(source=source).place == str(place)
    thread = client.get(reverse("comments-on", args=[SLUG, STRATEGY, world.cycle.slug, "aims"])).content.decode()
    assert "nobody yet" in thread
    check = client.get(reverse("check", args=[SLUG, STRATEGY, world.cycle.slug, "stakeholders"])).content.decode()
    assert "Make actions of these" in check


def test_an_action_is_made_of_a_review_that_was_signed_off_too(world: World, signed_in: SignIn) -> None:
    world.fill()
    Comment.objects.create(cycle=world.cycle, question="aims", text="Ask the governors", written_by=world.manager)
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    client = signed_in(world.contributor)
    thread = tree(client.get(reverse("comments-on", args=[SLUG, STRATEGY, world.cycle.slug, "aims"])))
    (link,) = thread.xpath("//a[starts-with(., 'Make this an action')]/@href")
    assert client.get(link).status_code == 200
    check = client.get(reverse("check", args=[SLUG, STRATEGY, world.cycle.slug, "stakeholders"])).content.decode()
    assert "Make actions of these" in check


def test_an_action_of_a_quick_check_brings_its_owner_and_day(world: World, signed_in: SignIn) -> None:
    run = run_of(world)
    rows = [
        {"id": "a1", "about": "planned", "what": "Plan", "owner": "colin contributor", "due": "2027-01-31"},
        {"id": "a2", "about": "worth", "what": "Done already", "done": "2026-11-02"},
    ]
    Worksheet.objects.filter(cycle=run, stage="changes").update(answers={"actions": {"actions": rows}})
    signed_in(world.contributor)
    client = signed_in(world.lead)
    check = client.get(reverse("check", args=[SLUG, QUICK_CHECK, run.slug, "changes"])).content.decode()
    assert 'Make this an action: <bdi dir="auto">Plan</bdi>' in check
    assert 'Make this an action: <bdi dir="auto">Done already</bdi>' not in check
    asked = {"from": "check", "run": run.pk, "place": "actions.a1"}
    form = tree(client.get(f"{reverse('action-add', args=[SLUG])}?{urlencode(asked)}"))
    assert form.xpath("//select[@name='owner']/option[@selected]/@value") == [str(world.contributor.pk)]
    assert form.xpath("//input[@name='due-year']/@value") == ["2027"]


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "point", "run": "0", "place": "x"},
        {"from": "nothing", "run": "1", "place": "x"},
        {"from": "comment", "run": "1", "place": "²"},
        {"from": "clause", "place": "house-rules/1/hours"},
        {"from": "account", "run": "9" * 30, "place": "platforms.x"},
    ],
)
def test_what_is_not_there_is_no_source(asked: dict[str, str], world: World, signed_in: SignIn) -> None:
    assert signed_in(world.lead).get(f"{reverse('action-add', args=[SLUG])}?{urlencode(asked)}").status_code == 404
    assert add(signed_in(world.lead), {**asked}, text="Do it").status_code == 404


def test_what_is_somebodys_own_is_no_source(world: World, signed_in: SignIn) -> None:
    run = run_of(world, REFLECTION, owner=world.lead)
    Worksheet.objects.filter(cycle=run, stage="now").update(
        answers={"last_ten": {"told": 9, "asked": 0, "answered": 1}}
    )
    client = signed_in(world.lead)
    points = client.get(reverse("points", args=[SLUG, REFLECTION, run.slug])).content.decode()
    assert "Make this an action" not in points
    (finding, *_) = Review.of(run, run.worksheets.all(), texts.current()).findings
    asked = {"from": "point", "run": run.pk, "place": place_of(finding)}
    assert client.get(f"{reverse('action-add', args=[SLUG])}?{urlencode(asked)}").status_code == 404


# Changed


def test_two_people_who_change_one_at_once_lose_nothing(world: World, signed_in: SignIn) -> None:
    one = action(world)
    client, there = signed_in(world.lead), reverse("action-change", args=[SLUG, one.pk])
    seen = tree(client.get(there)).xpath("//input[@name='seen']/@value")[0]
    Action.objects.filter(pk=one.pk).update(note="Theirs", version=2)
    mine = {"text": "Close it", "state": "open", "note": "Mine", "seen": seen}
    clash = client.post(there, mine)
    assert clash.status_code == 409
    body = clash.content.decode()
    assert "Two people wrote at once" in body
    assert "Theirs" in body
    assert "Mine" in body
    seen = tree(clash).xpath("//input[@name='seen']/@value")[0]
    assert client.post(there, {**mine, "seen": seen}).status_code == 302
    one.refresh_from_db()
    assert (one.text, one.note) == ("Close it", "Mine")


def test_whoever_has_left_keeps_their_name_beside_what_was_theirs(world: World, signed_in: SignIn) -> None:
    one = action(world, owner=world.contributor)
    Membership.objects.filter(user=world.contributor).delete()
    client = signed_in(world.lead)
    assert "Colin Contributor (has left)" in page(client, show="all")
    seen = tree(client.get(reverse("action-change", args=[SLUG, one.pk]))).xpath("//input[@name='seen']/@value")[0]
    form = {"text": one.text, "state": "open", "owner": str(world.contributor.pk), "note": "Ask Lena", "seen": seen}
    assert client.post(reverse("action-change", args=[SLUG, one.pk]), form).status_code == 302
    one.refresh_from_db()
    assert one.owner == world.contributor


# In the next review, and on paper


def test_open_actions_stand_beside_the_next_review_and_in_its_summary(world: World, signed_in: SignIn) -> None:
    world.fill()
    last = Cycle.objects.create(
        organisation=world.anywhere,
        name="Spring 2026",
        slug="spring-2026",
        starts=datetime.date(2026, 4, 1),
        ends=datetime.date(2026, 9, 30),
    )
    action(world, "From the last one", cycle=last, source="point", origin="Look again: point in Spring 2026")
    action(world, "Done long ago", cycle=last, state="done", done_at=timezone.now())
    hub = signed_in(world.lead).get(reverse("hub", args=[SLUG, STRATEGY, world.cycle.slug])).content.decode()
    assert "Open actions" in hub
    assert "From the last one" in hub
    assert "Done long ago" not in hub
    summary = signed_in(world.lead).get(reverse("summary", args=[SLUG, STRATEGY, world.cycle.slug])).content.decode()
    assert "What is still to be done" in summary
    assert "From the last one" in summary
    assert "Done long ago" not in summary


def test_a_change_to_an_action_makes_the_summary_anew(world: World, signed_in: SignIn) -> None:
    def word() -> str:
        cycle = Cycle.objects.select_related("organisation").get(pk=world.cycle.pk)
        return contents.digest(cycle, texts.stamp())

    one, client = action(world), signed_in(world.lead)
    before = word()
    client.post(reverse("actions", args=[SLUG]), {"do": f"done:{one.pk}"})
    assert word() != before
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    before = word()
    client.post(reverse("actions", args=[SLUG]), {"do": f"open:{one.pk}"})
    assert word() == before
