"""Calendars: what stands in somebody's feed and in the file of a review, who may read it, and that no day moves."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.reading import words
from tests.world import World, cycle_of
from worksheets.cycles import start_cycle
from worksheets.diary import feeds
from worksheets.diary.calendar import calendar
from worksheets.diary.entries import Entry, of_person
from worksheets.fields import Day, Rows
from worksheets.models import Action, Assignment, Cycle, Feed, Membership, Policy, User
from worksheets.workbooks import WORKBOOKS

SignIn = Callable[[User], Client]
PAGE = "/o/nhs-anywhere/calendar/"
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/calendar.ics"
SMART = {"smart": {"smart": [{"id": "s-1", "statement": "A secret aim", "due": "2027-03-28"}]}}
AT = datetime.datetime(2026, 10, 1, 9, tzinfo=datetime.UTC)


def address(user: User) -> str:
    feeds.start(user)
    return f"/calendar/{feeds.token_of(Feed.objects.get(user=user))}.ics"


def read(data: bytes) -> dict[str, Any]:
    """The events of a calendar by their UID without its host, as a calendar program reads them."""
    events = Calendar.from_ical(data).walk("VEVENT")
    found = {str(event["uid"]).partition("@")[0]: event for event in events}
    assert len(found) == len(events)
    return found


def titles(data: bytes) -> list[str]:
    return [str(event["summary"]) for event in read(data).values()]


def plainly(data: bytes) -> list[dict[str, str]]:
    """The same by a second reader that knows nothing but RFC 5545: unfold, split, unescape."""
    text = data.decode().replace("\r\n ", "")
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT\r\n", text, re.DOTALL)
    lines = [[line.split(":", 1) for line in event.split("\r\n") if line] for event in events]
    return [{name: re.sub(r"\\(.)", r"\1", value) for name, value in event} for event in lines]


def entry(day: datetime.date, title: str = "Action due", uid: str = "action-1") -> Entry:
    return Entry(uid, "action", day, title, "/o/nhs-anywhere/", AT)


def action(world: World, owner: User | None, **more: Any) -> Action:
    known = {"text": "Ring Nora", "due": datetime.date(2027, 3, 28), "made_at": AT}
    return Action.objects.create(organisation=world.anywhere, owner=owner, **(known | more))


# What it holds.


def test_a_feed_holds_what_is_ones_own_and_what_everybody_may_know(world: World) -> None:
    world.fill()
    mine, theirs = action(world, world.lead, source="lesson"), action(world, world.contributor)
    action(world, world.lead, state="done")
    action(world, world.lead, due=None)
    asked = Assignment.objects.create(
        cycle=cycle_of(world.anywhere, "Spring 2027", "spring-2027"),
        stage="drivers",
        question="aims",
        person=world.lead,
        due=datetime.date(2027, 5, 3),
    )
    world.cycle.state = "signed-off"
    world.cycle.save()
    policy = Policy.objects.create(
        organisation=world.anywhere, document="house-rules", state="issued", next_review=datetime.date(2027, 9, 1)
    )
    found = read(Client().get(address(world.lead)).content)
    assert str(found[f"action-{mine.pk}"]["summary"]) == "Action due (a lesson of the last review)"
    assert f"action-{theirs.pk}" not in found
    assert str(found[f"answer-{asked.pk}"]["summary"]) == "Answer what you were asked: review Spring 2027"
    assert str(found[f"policy-{policy.pk}"]["summary"]) == "Review a policy: house rules"
    assert found[f"policy-{policy.pk}"]["dtstart"].dt == datetime.date(2027, 9, 1)
    said = [str(event["summary"]) for event in found.values()]
    assert "SMART objective 1 is due: review Autumn 2026" in said
    assert "Judge SMART objective 1: review Autumn 2026" in said
    assert "Judge the strategy: review Autumn 2026" in said
    assert "Check who can post in your name: review Autumn 2026" in said
    assert said.count("Next review due") == 1
    assert len([one for one in said if one.startswith("Action due")]) == 1


def test_it_holds_titles_and_dates_and_no_answer(world: World) -> None:
    world.fill(alignment=SMART)
    action(world, world.lead)
    data = Client().get(address(world.lead)).content.decode()
    for secret in ("secret", "Nora", "Lena", "lead@", "DESCRIPTION"):
        assert secret not in data


def test_access_is_checked_a_quarter_after_the_check_that_is_longest_ago(world: World) -> None:
    rows = [
        {"id": f"a-{n}", "platform": "x", "access_checked": day}
        for n, day in enumerate(("2026-11-30", "", "2026-12-5"))
    ]
    rows.append({"id": "a-9", "platform": "x", "access_checked": "2027-01-09"})
    world.fill(stakeholders={"platforms": {"platforms": rows}})
    found = read(Client().get(address(world.lead)).content)
    assert found[f"access-{world.cycle.pk}"]["dtstart"].dt == datetime.date(2027, 2, 28)


def test_without_such_a_day_the_accounts_policy_says_when_access_is_checked(world: World) -> None:
    policy = Policy.objects.create(
        organisation=world.anywhere,
        document="accounts",
        state="issued",
        approved_on=datetime.date(2026, 8, 31),
        next_review=datetime.date(2027, 8, 31),
    )
    found = read(Client().get(address(world.lead)).content)
    days = [found[f"access-{policy.pk}-{n}"]["dtstart"].dt for n in (1, 2, 3, 4)]
    assert days == [
        datetime.date(2026, 11, 30),
        *(datetime.date(2027, month, day) for month, day in ((2, 28), (5, 31), (8, 31))),
    ]
    assert f"access-{policy.pk}-5" not in found


def test_what_is_somebodys_own_stands_in_no_feed(world: World, signed_in: SignIn) -> None:
    (own,) = (workbook for workbook in WORKBOOKS.values() if workbook.private)
    mine = start_cycle(world.anywhere, own, "Mine", AT.date(), datetime.date(2027, 3, 1), world.contributor)
    for person in (world.contributor, world.lead):
        assert not any(own.noun in title for title in titles(Client().get(address(person)).content))
    # Its owner may put it in a calendar by hand.
    file = f"/o/nhs-anywhere/{own.path}/{mine.slug}/calendar.ics"
    assert titles(signed_in(world.contributor).get(file).content) == [f"Next {own.noun} due"]
    assert signed_in(world.lead).get(file).status_code == 404


def test_in_two_organisations_each_title_says_whose_it_is(world: World) -> None:
    Membership.objects.create(user=world.lead, organisation=world.elsewhere, role="manager")
    said = titles(Client().get(address(world.lead)).content)
    assert said == ["Next review due (NHS Anywhere Foundation Trust)", "Next review due (NHS Elsewhere)"]


def test_the_file_of_a_review_holds_its_own_dates(world: World, signed_in: SignIn) -> None:
    world.fill(alignment=SMART)
    mine = action(world, world.contributor, cycle=world.cycle)
    action(world, world.lead)
    response = signed_in(world.manager).get(REVIEW)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="nhs-anywhere-autumn-2026.ics"'
    assert sorted(read(response.content)) == sorted(
        [f"action-{mine.pk}", f"next-{world.cycle.pk}", f"smart-due-{world.cycle.pk}-s-1"]
    )
    hub = signed_in(world.manager).get("/o/nhs-anywhere/reviews/autumn-2026/")
    assert REVIEW in hub.content.decode()


def test_answers_that_are_no_days_are_left_out(world: World) -> None:
    world.fill(
        alignment={"smart": {"smart": [{"id": "s-1", "due": "soon"}, {"id": "s-2", "due": None}, {"id": "s-3"}]}}
    )
    assert titles(Client().get(address(world.lead)).content) == ["Next review due"]


def test_every_day_that_a_workbook_names_is_asked_for_in_it() -> None:
    for workbook in WORKBOOKS.values():
        assert len({one.key for one in workbook.dated}) == len(workbook.dated)
        for one in workbook.dated:
            kinds = workbook.question[one.question].form.kinds
            table = kinds.get(one.table)
            fields = table.fields if isinstance(table, Rows) else kinds
            assert isinstance(fields[one.field], Day)


# The clock.


@pytest.mark.parametrize(
    "change", [datetime.date(2027, 3, 28), datetime.date(2026, 10, 25), datetime.date(2027, 10, 31)]
)
@pytest.mark.parametrize("minutes", [-1, 1])
def test_no_day_moves_when_the_clocks_change(
    change: datetime.date, minutes: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is asked just before or after the hour that is not there, or is there twice."""
    at = datetime.datetime(change.year, change.month, change.day, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: at + datetime.timedelta(minutes=minutes))
    days = [change + datetime.timedelta(days=days) for days in (-1, 0, 1)]
    for day in days:
        action(world, world.lead, due=day)
    data = Client().get(address(world.lead)).content
    found = [event for uid, event in read(data).items() if uid.startswith("action-")]
    assert [event["dtstart"].dt for event in found] == days
    for event in found:
        assert type(event["dtstart"].dt) is datetime.date
        assert event["dtstart"].params["VALUE"] == "DATE"
        # The last day stands behind the event: one day long is until the next, however many hours that day has.
        assert event["dtend"].dt - event["dtstart"].dt == datetime.timedelta(days=1)
    assert b"TZID" not in data
    assert b"VTIMEZONE" not in data
    by_hand = [one for one in plainly(data) if one["UID"].startswith("action-")]
    assert [one["DTSTART;VALUE=DATE"] for one in by_hand] == [f"{day:%Y%m%d}" for day in days]
    assert [one["DTEND;VALUE=DATE"] for one in by_hand] == [
        f"{day + datetime.timedelta(days=1):%Y%m%d}" for day in days
    ]


def test_the_bytes_are_the_same_until_something_changes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fill()
    mine = action(world, world.lead)
    client, there = Client(), address(world.lead)
    first = client.get(there)
    later = timezone.now() + datetime.timedelta(days=200)
    monkeypatch.setattr(timezone, "now", lambda: later)
    again = client.get(there)
    assert again.content == first.content
    assert client.get(there, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Action.objects.filter(pk=mine.pk).update(due=datetime.date(2027, 4, 2), version=2)
    changed = client.get(there, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    event = read(changed.content)[f"action-{mine.pk}"]
    assert event["sequence"] == 1
    assert event["dtstamp"].dt == AT
    assert read(first.content)[f"action-{mine.pk}"]["uid"] == event["uid"]


# The form of the file.


def test_lines_end_and_fold_as_the_standard_has_it() -> None:
    title = "Judge it, again; with \\ and 🎉 – " + "ein sehr langes Wort für ältere Programme, " * 6
    data = calendar([entry(datetime.date(2027, 3, 28), title), entry(AT.date(), uid="action-2")], "Strategy review")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    # No line is folded within a character.
    for line in lines:
        line.decode()
    assert rb"Judge it\, again\; with \\ and" in data
    assert str(read(data)["action-1"]["summary"]) == title
    assert plainly(data)[0]["SUMMARY"] == title
    assert all(one["TRANSP"] == "TRANSPARENT" for one in plainly(data))


def test_a_name_of_a_review_cannot_write_an_event_of_its_own(world: World) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(name="Autumn\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Mine")
    world.fill(alignment=SMART)
    data = Client().get(address(world.lead)).content
    assert len(read(data)) == 2
    assert b"\r\nSUMMARY:Mine" not in data


# Who may read it.


def test_a_member_makes_an_address_renews_it_and_ends_it(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    assert "Make the address" in words(lead.get(PAGE))
    assert not Feed.objects.exists()

    def there() -> str:
        (found,) = re.findall(r"/calendar/[^<\s]+[.]ics", lead.get(PAGE).content.decode())
        assert Client().get(found).status_code == 200
        return found

    assert "Your calendar has an address." in words(lead.post(PAGE, {"do": "start"}, follow=True))
    first = there()
    lead.post(PAGE, {"do": "start"})
    assert there() == first
    assert "The old one has ended" in words(lead.post(PAGE, {"do": "renew"}, follow=True))
    second = there()
    assert second != first
    assert Client().get(first).status_code == 404
    assert "Its address leads nowhere now" in words(lead.post(PAGE, {"do": "end"}, follow=True))
    assert Client().get(second).status_code == 404
    assert lead.post(PAGE, {"do": "dance"}).status_code == 400


def test_an_address_that_is_not_known_leads_nowhere(world: World) -> None:
    right = address(world.lead)
    for wrong in ("/calendar/x.ics", "/calendar/.ics", right.replace(".ics", "a.ics"), f"/calendar/a{right[10:]}"):
        assert Client().get(wrong).status_code == 404
    # What stands in the database is not enough.
    assert Client().get(f"/calendar/{Feed.objects.get().nonce}.ics").status_code == 404


def test_the_feed_gives_no_cookie_and_is_kept_by_nobody_else(world: World, signed_in: SignIn) -> None:
    for client in (Client(), signed_in(world.nobody)):
        response = client.get(address(world.lead))
        assert response.cookies == {}
        assert response["Cache-Control"] == "private, no-cache"
        assert "Cookie" not in response.get("Vary", "")
    assert Client().head(address(world.lead)).status_code == 200


def test_who_left_or_may_not_sign_in_shows_nothing_any_more(world: World) -> None:
    there = address(world.lead)
    Membership.objects.filter(user=world.lead).delete()
    assert titles(Client().get(there).content) == []
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    assert Client().get(there).status_code == 404


def test_a_feed_takes_as_many_queries_however_much_it_holds(world: World, django_assert_max_num_queries: Any) -> None:
    world.fill()
    for _ in range(30):
        action(world, world.lead)
    with django_assert_max_num_queries(8):
        assert len(of_person(world.lead.pk, [world.anywhere])) > 30
