"""Results between reviews: figures, events and charts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from tests.reading import error_messages, form_of, seen_on, tree, words
from tests.world import World
from worksheets.drawing.pen import steps
from worksheets.models import Cycle, Event, Result, User, Worksheet
from worksheets.results.chart import Dot, Mark, alternative, chart, letter
from worksheets.results.forms import amount_in
from worksheets.results.numbers import number_in

SignedIn = Callable[[User], Client]
RESULTS = "/o/nhs-anywhere/results/"
HERE = "/o/nhs-anywhere/reviews/autumn-2026/results/"
ONE = f"{HERE}measures/m-answered/"
UPLOAD = f"{HERE}upload/"
CSV = f"{HERE}results.csv"
TODAY = datetime.date(2027, 3, 3)
day = datetime.date.fromisoformat


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: TODAY)


@pytest.fixture
def client(world: World, signed_in: SignedIn) -> Client:
    """Colin, at a review that is signed off: figures are entered between reviews."""
    world.fill()
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    return signed_in(world.contributor)


def given(value: str = "82", on: str = "2027-3-2", note: str = "", **more: str) -> dict[str, str]:
    """The form of a figure, as it is posted."""
    year, month, number = on.split("-")
    return {"value": value, "on-day": number, "on-month": month, "on-year": year, "note": note} | more


def happened(text: str = "A national story", on: str = "2027-1-14", **more: str) -> dict[str, str]:
    year, month, number = on.split("-")
    return {"text": text, "on-day": number, "on-month": month, "on-year": year} | more


def recorded(world: World, **changed: Any) -> Result:
    whole = {"cycle": world.cycle, "measure": "m-answered", "on": day("2027-02-01"), "value": Decimal(60)}
    return Result.objects.create(**whole | {"entered_by": world.contributor} | changed)


# The page.


def test_results_are_in_the_navigation(client: Client, world: World) -> None:
    page = tree(client.get(RESULTS))
    (link,) = page.xpath("//nav//a[@href=$to]", to=RESULTS)
    assert link.get("aria-current")
    assert tree(client.get("/o/nhs-anywhere/reviews/")).xpath("//nav//a[@href=$to]", to=RESULTS)


def test_without_measures_it_says_what_to_do(world: World, signed_in: SignedIn) -> None:
    said = words(signed_in(world.manager).get(RESULTS))
    assert "There is no measure yet" in said
    assert "question 20" in said
    assert "This review has no measures yet" in words(signed_in(world.manager).get(HERE))


def test_it_opens_on_the_review_in_whose_dates_today_is(client: Client, world: World) -> None:
    today, days = timezone.localdate(), datetime.timedelta(days=1)
    Cycle.objects.filter(pk=world.cycle.pk).update(starts=today - 9 * days, ends=today)
    newer = Cycle.objects.create(
        organisation=world.anywhere, name="Newer", slug="newer", starts=today + days, ends=today + 9 * days
    )
    only = {"measures": {"measures": [{"id": "m-1", "what": "New one"}]}}
    Worksheet.objects.create(cycle=newer, stage="evaluation", answers=only)
    assert "New one" not in words(client.get(RESULTS))
    Cycle.objects.filter(pk=world.cycle.pk).update(ends=today - days)
    assert "New one" in words(client.get(RESULTS))


def test_it_shows_every_measure_of_the_newest_review(client: Client, world: World) -> None:
    # Long over, whatever today is.
    Cycle.objects.filter(pk=world.cycle.pk).update(starts=day("2020-10-01"), ends=day("2021-03-31"))
    newer = Cycle.objects.create(
        organisation=world.anywhere, name="Newer", slug="newer", starts=day("2021-04-01"), ends=day("2021-09-30")
    )
    Worksheet.objects.create(cycle=newer, stage="evaluation", answers={"engagement": {}})
    said = words(client.get(RESULTS))
    for text in (
        "Autumn 2026",
        "Questions answered within one working day",
        "Baseline: 38%",
        "Target: 90%",
        "No figure yet",
    ):
        assert text in said
    Worksheet.objects.filter(cycle=newer).update(answers={"measures": {"measures": [{"id": "m-1", "what": "New one"}]}})
    assert "New one" in words(client.get(RESULTS))
    Cycle.objects.filter(pk=newer.pk).update(archived_at=timezone.now())
    assert "New one" not in words(client.get(RESULTS))


def test_a_measure_with_figures_has_chart_words_and_table(client: Client, world: World) -> None:
    recorded(world, value=Decimal("61.50"), note="After <b>training</b>")
    recorded(world, on=day("2027-03-01"), value=Decimal(82))
    Event.objects.create(cycle=world.cycle, on=day("2027-01-14"), text="A strike")
    page = client.get(RESULTS)
    (svg,) = tree(page).xpath("//figure//*[local-name()='svg'][@role='img']")
    assert svg.xpath(".//*[local-name()='title']")[0].text == "Questions answered within one working day"
    said = words(page)
    assert "2 figures, from 61.5 on 1 February 2027 to 82 on 1 March 2027, up by 20.5" in said
    assert "The target is 90; the last figure is 8 below it" in said
    assert "Events marked: A, A strike" in said
    assert tree(page).xpath("//table//td[normalize-space()='61.5']")
    assert "<b>training" not in page.content.decode()
    assert "style=" not in etree.tostring(svg).decode()


def test_figures_of_a_measure_that_is_gone_stay(client: Client, world: World) -> None:
    recorded(world, measure="m-gone")
    assert "A measure that is not in the review any more (m-gone)" in words(client.get(HERE))
    assert client.get(f"{HERE}measures/m-gone/").status_code == 200
    assert client.post(f"{HERE}measures/m-gone/", given()).status_code == 404


def test_the_page_costs_few_queries(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(1, 20):
        recorded(world, on=day(f"2027-02-{number:02}"))
    client.get(RESULTS)
    with django_assert_max_num_queries(8):
        client.get(RESULTS)


# Who may.


def test_managers_read_and_strangers_find_nothing(world: World, client: Client, signed_in: SignedIn) -> None:
    mine = recorded(world)
    event = Event.objects.create(cycle=world.cycle, on=day("2027-01-14"), text="A strike")
    reading = (RESULTS, HERE, CSV, ONE)
    writing = (
        UPLOAD,
        f"{HERE}figures/{mine.pk}/",
        f"{HERE}figures/{mine.pk}/remove/",
        f"{HERE}events/add/",
        f"{HERE}events/{event.pk}/",
        f"{HERE}events/{event.pk}/remove/",
    )
    manager = signed_in(world.manager)
    assert [manager.get(url).status_code for url in reading] == [200] * 4
    assert [manager.get(url).status_code for url in writing] == [403] * 6
    assert [manager.post(url, given() | happened()).status_code for url in (*writing, ONE)] == [403] * 7
    assert "Enter a figure" not in words(manager.get(HERE))
    for user in (world.outsider, world.nobody, world.admin):
        stranger = signed_in(user)
        assert {stranger.get(url).status_code for url in reading + writing} == {404}
        assert {stranger.post(url, given()).status_code for url in (*writing, ONE)} == {404}
    assert (Result.objects.count(), Event.objects.count()) == (1, 1)


def test_entries_of_another_review_are_not_found(world: World, client: Client) -> None:
    theirs = recorded(world, cycle=world.foreign_cycle)
    event = Event.objects.create(cycle=world.foreign_cycle, on=TODAY, text="Theirs")
    for place in (
        f"figures/{theirs.pk}/",
        f"figures/{theirs.pk}/remove/",
        f"events/{event.pk}/",
        f"events/{event.pk}/remove/",
    ):
        assert client.post(f"{HERE}{place}", given() | happened()).status_code == 404
    assert (Result.objects.count(), Event.objects.count()) == (1, 1)


def test_an_archived_review_takes_no_figures(world: World, client: Client) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert client.get(HERE).status_code == 200
    assert client.get(CSV).status_code == 200
    assert client.post(ONE, given()).status_code == 403
    assert client.get(UPLOAD).status_code == 403


@pytest.mark.parametrize("state", ["open", "submitted", "signed-off"])
def test_figures_are_taken_in_every_state(world: World, client: Client, state: str) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(state=state)
    assert client.post(ONE, given()).status_code == 302


# Figures.


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("82", "82"), ("1,150.5", "1150.50"), ("38 %", "38"), ("£2,000", "2000"), ("−3.25", "-3.25"), ("-0", "0"),
     ("82%", "82"), ("1 150.5", "1150.50"), ("31.00", "31"),
     ("1000000000000", "1000000000000"), ("-1000000000000", "-1000000000000")],
)  # fmt: skip
def test_a_figure_is_kept(world: World, client: Client, typed: str, stored: str) -> None:
    answer = client.post(ONE, given(typed, note="From the log"))
    assert answer["Location"] == ONE
    kept = Result.objects.get()
    assert (kept.value, kept.on, kept.note) == (Decimal(stored), day("2027-03-02"), "From the log")
    assert (kept.entered_by, kept.measure, kept.cycle) == (world.contributor, "m-answered", world.cycle)
    assert "is saved" in words(client.get(ONE))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": ""}, "Enter the figure, like 82"),
        ({"value": "many"}, "Enter a number from"),
        ({"value": "1.234"}, "at most 2 decimals"),
        ({"value": "1000000000000.01"}, "Enter a number from"),
        ({"value": "1000000000001"}, "Enter a number from"),
        ({"value": "9" * 400}, "Enter a number from"),
        ({"value": "1e5"}, "Enter a number from"),
        ({"value": "12%3"}, "Enter a number from"),
        ({"value": "7 5"}, "Enter a number from"),
        ({"value": "£5%"}, "Enter a number from"),
        ({"value": "NaN"}, "Enter a number from"),
        ({"value": "٣"}, "Enter a number from"),
        ({"on": "2027-3-5"}, "not in the future"),
        ({"on": "2027-2-30"}, "Day: Enter a day from 1 to 28. There is no 30 February 2027"),
        ({"on": "1999-2-3"}, "Day: Enter a year from 2000 to 2100"),
        ({"on": "--"}, "Enter the day it is for"),
        ({"note": "n" * 501}, "500 characters or fewer"),
    ],
)
def test_what_cannot_be_right_is_said_and_kept(
    world: World, client: Client, changed: dict[str, str], said: str
) -> None:
    answer = client.post(ONE, given(**{"note": "Kept <b>note</b>"} | changed))
    assert answer.status_code == 400
    assert any(said in message for message in error_messages(answer))
    assert "<title>Error: " in answer.content.decode()
    assert "note" in changed or form_of(answer)["note"] == ["Kept <b>note</b>"]
    assert not Result.objects.exists()


def test_tomorrow_is_allowed(client: Client) -> None:
    assert client.post(ONE, given(on="2027-3-4")).status_code == 302


def test_a_second_figure_for_a_day_replaces_the_first_after_saying_so(
    world: World, client: Client, signed_in: SignedIn
) -> None:
    client.post(ONE, given("82"))
    lead = signed_in(world.lead)
    asked = lead.post(ONE, given("85", note="Counted again"))
    assert asked.status_code == 409
    assert "There is a figure for 2 March 2027 already: 82, entered by Colin Contributor" in words(asked)
    assert form_of(asked)["value"] == ["85"]
    assert Result.objects.get().value == 82
    (button,) = tree(asked).xpath("//button[@name='instead']")
    sent = form_of(asked) | {"instead": button.get("value")}
    # Somebody else was quicker: it is asked again.
    client.post(f"{HERE}figures/{Result.objects.get().pk}/", given("83", seen=seen_in(client)))
    assert lead.post(ONE, sent).status_code == 409
    (button,) = tree(lead.post(ONE, sent)).xpath("//button[@name='instead']")
    assert lead.post(ONE, sent | {"instead": button.get("value")}).status_code == 302
    kept = Result.objects.get()
    assert (kept.value, kept.note, kept.entered_by) == (85, "Counted again", world.lead)


def test_the_same_figure_again_is_nothing_new(client: Client) -> None:
    for _ in range(2):
        assert client.post(ONE, given("82")).status_code == 302
    assert Result.objects.count() == 1


def seen_in(client: Client) -> str:
    """What the page of the only figure says that it has shown."""
    return seen_on(client.get(f"{HERE}figures/{Result.objects.get().pk}/"))


def test_people_mend_their_own_figures_and_leads_everybodys(world: World, client: Client, signed_in: SignedIn) -> None:
    mine = recorded(world)
    url = f"{HERE}figures/{mine.pk}/"
    assert form_of(client.get(url))["value"] == ["60.00"]
    assert client.post(url, given("61", seen=seen_in(client))).status_code == 302
    mine.refresh_from_db()
    assert (mine.value, mine.on) == (61, day("2027-03-02"))
    lead = signed_in(world.lead)
    assert lead.post(url, given("62", seen=seen_in(lead))).status_code == 302
    # It is the lead's now.
    assert client.get(url).status_code == 403
    assert client.post(f"{url}remove/").status_code == 403
    assert not tree(client.get(ONE)).xpath("//a[starts-with(@href, $to)]", to=url)
    assert tree(lead.get(ONE)).xpath("//a[starts-with(@href, $to)]", to=url)


def test_a_figure_is_removed_after_asking(world: World, client: Client) -> None:
    url = f"{HERE}figures/{recorded(world).pk}/remove/"
    assert "Do you want to remove the figure 60 for 1 February 2027?" in words(client.get(url))
    assert Result.objects.exists()
    assert client.post(url)["Location"] == ONE
    assert not Result.objects.exists()
    assert client.post(url).status_code == 404


def test_the_last_figure_of_a_measure_that_is_gone_leads_back_to_the_list(world: World, client: Client) -> None:
    gone = recorded(world, measure="m-gone")
    assert client.post(f"{HERE}figures/{gone.pk}/remove/")["Location"] == HERE


def test_a_figure_moves_to_no_day_that_has_one(world: World, client: Client) -> None:
    mine, other = recorded(world), recorded(world, on=day("2027-03-02"), value=Decimal(70))
    url = f"{HERE}figures/{mine.pk}/"
    answer = client.post(url, given("61", seen=seen_on(client.get(url))))
    assert answer.status_code == 400
    assert "Choose another day" in error_messages(answer)[0]
    other.refresh_from_db()
    assert other.value == 70


def test_a_figure_that_somebody_else_changed_is_shown_first(world: World, client: Client, signed_in: SignedIn) -> None:
    mine = recorded(world)
    url = f"{HERE}figures/{mine.pk}/"
    old = seen_in(client)
    Result.objects.filter(pk=mine.pk).update(value=70, entered_at=timezone.now())
    answer = client.post(url, given("61", seen=old))
    assert answer.status_code == 400
    assert "Somebody changed it" in error_messages(answer)[0]
    assert "It is 70" in words(answer)
    assert form_of(answer)["value"] == ["61"]


# Events.


def test_events_are_added_mended_and_removed(world: World, client: Client) -> None:
    assert client.post(f"{HERE}events/add/", happened("A <b>strike</b>"))["Location"] == HERE
    event = Event.objects.get()
    assert (event.on, event.entered_by) == (day("2027-01-14"), world.contributor)
    page = client.get(HERE)
    assert "14 January 2027: A <b>strike</b>" in words(page)
    assert "<b>strike" not in page.content.decode()
    url = f"{HERE}events/{event.pk}/"
    seen = seen_on(client.get(url))
    assert client.post(url, happened("A strike", seen="something else")).status_code == 400
    assert client.post(url, happened("A strike", seen=seen)).status_code == 302
    assert "Do you want to remove “A strike”?" in words(client.get(f"{url}remove/"))
    assert client.post(f"{url}remove/").status_code == 302
    assert not Event.objects.exists()


def test_a_mistake_in_a_form_does_not_hide_what_somebody_changed_meanwhile(world: World, client: Client) -> None:
    event = Event.objects.create(cycle=world.cycle, on=day("2027-01-14"), text="Strike", entered_by=world.contributor)
    url = f"{HERE}events/{event.pk}/"
    seen = seen_on(client.get(url))
    Event.objects.update(on=day("2027-01-15"))
    wrong = client.post(url, happened("", seen=seen))
    assert wrong.status_code == 400
    assert seen_on(wrong) == seen
    assert client.post(url, happened("A strike", seen=seen)).status_code == 400
    event.refresh_from_db()
    assert (event.on, event.text) == (day("2027-01-15"), "Strike")


def test_people_mend_only_their_own_events(world: World, client: Client, signed_in: SignedIn) -> None:
    event = Event.objects.create(cycle=world.cycle, on=TODAY, text="Hers", entered_by=world.lead)
    for place in ("", "remove/"):
        assert client.post(f"{HERE}events/{event.pk}/{place}", happened()).status_code == 403
    assert signed_in(world.lead).get(f"{HERE}events/{event.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "Enter what happened"),
        ({"text": "t" * 201}, "200 characters or fewer"),
        ({"on": "2028-1-1"}, "not in the future"),
        ({"on": "--"}, "Enter the day it happened"),
    ],
)
def test_an_event_that_cannot_be_right_is_said(client: Client, changed: dict[str, str], said: str) -> None:
    answer = client.post(f"{HERE}events/add/", happened(**changed))
    assert answer.status_code == 400
    assert any(said in message for message in error_messages(answer))
    assert not Event.objects.exists()


# The chart and the numbers, without a database.


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("38%", "38"),
        ("1,150 a month", "1150"),
        ("90% by 28 February 2027", "90"),
        ("4,000 a month by January 2027", "4000"),
        ("10 of 14 by March 2027", "10"),
        ("By March 2027: 4,000", "4000"),
        ("from 38% to 90%", "90"),
        ("£1.5m", "1500000"),
        ("2 million people", "2000000"),
        ("about 4k", "4000"),
        ("Q1 2027: 300", "300"),
        ("Covid-19: 300 posts", "300"),
        ("-3.5 points", "-3.5"),
        ("1 150 a month", "1150"),
        ("1\u202f150.5 a month", "1150.5"),
        ("30 to 40 of 1,200", "40"),
        ("5 minutes", "5"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_out_of_texts(text: str, number: str) -> None:
    assert number_in(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "none yet", "by March 2027", "9" * 60, "٣", "12,5 minutes", "1,2345 visits"])
def test_other_texts_hold_none(text: str) -> None:
    assert number_in(text) is None


def test_a_figure_is_read_strictly() -> None:
    assert amount_in("1 150.5") == Decimal("1150.5")
    assert amount_in("1,150,000") == 1_150_000
    assert amount_in("+5") == 5
    for text in ("", "1150,5", "12,5", "--5", "5.", "7 5", "12%3", "1e3", "Infinity", "5 people"):
        assert amount_in(text) is None


def drawn(**changed: Any) -> str:
    dots = [Dot(day("2026-11-01"), Decimal(40)), Dot(day("2027-01-01"), Decimal(70))]
    whole = {"baseline": Decimal(38), "target": Decimal(90), "starts": day("2026-10-01"), "ends": day("2027-03-31")}
    given = {"name": "c", "words": "Answers", "dots": dots} | whole | changed
    return chart(given.pop("name"), given.pop("words"), given.pop("dots"), **given)


def test_a_chart_says_what_it_shows_and_is_sound() -> None:
    svg = drawn(marks=[Mark(day("2027-01-14"), "<b>& a strike</b>")], words="<i>Answers</i>")
    root = etree.fromstring(svg)
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    assert [etree.QName(root.xpath(f"*[@id='{one}']")[0]).localname for one in ids] == ["title", "desc"]
    assert "<i>" not in svg
    assert "<b>" not in svg
    assert "Baseline 38" in svg
    assert "Target 90" in svg
    # Without colour: the two lines differ in their dashes, and the figures have dots.
    assert len({line.get("stroke-dasharray") for line in root.iter("{*}line", "{*}polyline")}) == 3
    assert len(list(root.iter("{*}circle"))) == 2
    for never in ("style", "<script", "http", "href"):
        assert never not in svg.removeprefix('<svg xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize(
    "changed",
    [
        {"dots": [Dot(day("2027-01-01"), Decimal(0))], "baseline": None, "target": None},
        {"dots": [Dot(day("2020-01-01"), Decimal(10) ** 12), Dot(day("2030-01-01"), -(Decimal(10) ** 12))]},
        {"dots": [Dot(day("2027-01-01"), Decimal("0.01")), Dot(day("2027-01-02"), Decimal("0.02"))], "target": None},
        {"starts": day("2027-01-01"), "ends": day("2027-01-01")},
        {"marks": [Mark(day("2027-01-14"), str(n)) for n in range(60)]},
    ],
)
def test_everything_stays_inside_the_picture(changed: dict[str, Any]) -> None:
    root = etree.fromstring(drawn(**changed))
    for dot in root.iter("{*}circle"):
        assert 0 <= float(dot.get("cx")) <= 480
        assert 0 <= float(dot.get("cy")) <= 260


def test_the_axis_has_a_few_round_numbers() -> None:
    assert steps(Decimal(38), Decimal(90)) == [20, 40, 60, 80, 100]
    assert steps(Decimal(0), Decimal(0)) == [0, Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), 1]
    assert all(2 <= len(steps(Decimal(low), Decimal(high))) <= 8 for low in (-7, 0, 3) for high in (3, 11, 10**12))


def test_the_words_of_a_chart() -> None:
    one = [Dot(day("2027-01-01"), Decimal("1150"))]
    said = alternative("Visits", one, None, Decimal(1000), [])
    assert said == "Visits: one figure, 1,150 on 1 January 2027. The target is 1,000; the last figure is 150 above it."
    assert alternative("Visits", one * 2, Decimal(3), Decimal(1150), []).endswith("the last figure is on the target.")


def test_events_have_letters() -> None:
    assert [letter(number) for number in (0, 25, 26, 52)] == ["A", "Z", "A2", "A3"]
