"""Who saved a question when and what it was before, bringing an older answer back, and the activity of a review."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.reading import seen_on, tree, words
from tests.world import World
from worksheets import saving
from worksheets.models import Comment, Cycle, Decision, Revision, User, Worksheet

SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
HERE = f"{REVIEW}history/aims/"
ACTIVITY = f"{REVIEW}activity/"


def sheet(world: World, stage: str = "drivers") -> Worksheet:
    return Worksheet.objects.select_related("cycle").get(cycle=world.cycle, stage=stage)


def aims(*statements: str) -> dict[str, Any]:
    return {"aims": [{"id": f"aim-{n}", "statement": text} for n, text in enumerate(statements, 1)]}


def save(world: World, answer: Any, user: User | None, question: str = "aims", stage: str = "drivers") -> int:
    """Save an answer, and the version that the worksheet then is at."""
    worksheet = sheet(world, stage)
    saving.save_answer(worksheet, question, answer, user=user)
    return worksheet.version


def stored(world: World, question: str = "aims", stage: str = "drivers") -> Any:
    return sheet(world, stage).answers.get(question)


def entries(response: HttpResponse) -> list[str]:
    """The saves as they are headed on the page."""
    return [" ".join(heading.text_content().split()) for heading in tree(response).xpath("//main//article/h2")]


def give_back(client: Client, address: str) -> HttpResponse:
    """Load the page that asks, and press its button."""
    return client.post(address, {"seen": seen_on(client.get(address))})


@pytest.fixture
def saved(world: World) -> World:
    """The aims, saved three times: by Lena, by Colin, and by Lena again, who added one."""
    save(world, aims("Answer parents"), world.lead)
    save(world, aims("Answer all parents within a day"), world.contributor)
    save(world, aims("Answer all parents within a day", "Hear <b>staff</b> & 'us'"), world.lead)
    return world


# The history of a question.


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_every_member_reads_who_saved_what_when(saved: World, signed_in: SignIn, who: str) -> None:
    Revision.objects.update(saved_at=timezone.make_aware(datetime.datetime(2026, 10, 3, 10, 42)))
    response = signed_in(getattr(saved, who)).get(HERE)
    assert entries(response) == [
        "3 October 2026 at 10:42, Lena Lead The answer now",
        "3 October 2026 at 10:42, Colin Contributor",
        "3 October 2026 at 10:42, Lena Lead",
    ]
    text = words(response)
    assert "added: all" in text
    assert "Aim: Hear <b>staff</b> & 'us' New" in text
    assert "The first answer:" in text


def test_strangers_find_nothing(saved: World, signed_in: SignIn) -> None:
    for who in (saved.outsider, saved.nobody):
        client = signed_in(who)
        for address in (HERE, f"{HERE}1/", ACTIVITY):
            assert client.get(address).status_code == 404
        assert client.post(f"{HERE}1/", {"seen": saving.token(stored(saved))}).status_code == 404
    assert Client().get(HERE).status_code == 302
    assert stored(saved)["aims"][1]


@pytest.mark.parametrize(
    "address", ["history/nothing/", "history/aims/99/", "history/drivers/1/", "history/aims/?page=2"]
)
def test_what_is_not_there_is_not_found(saved: World, signed_in: SignIn, address: str) -> None:
    assert signed_in(saved.lead).get(REVIEW + address).status_code == 404


def test_a_question_that_nobody_saved_says_so(world: World, signed_in: SignIn) -> None:
    assert "Nobody has saved this question yet." in words(signed_in(world.lead).get(HERE))


def test_what_people_typed_is_escaped(saved: World, signed_in: SignIn) -> None:
    save(saved, aims('<script>alert("1")</script> parents'), saved.lead)
    html = signed_in(saved.lead).get(HERE).content.decode()
    assert "<script>alert" not in html
    assert "<b>staff" not in html
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in html


def test_an_answer_that_was_emptied_is_told(saved: World, signed_in: SignIn) -> None:
    save(saved, None, saved.contributor)
    response = signed_in(saved.lead).get(HERE)
    assert "The answer was emptied." in words(response)
    assert "Aim: Answer all parents within a day Gone" in words(response)


def test_saves_are_paged_by_twenty_and_each_is_compared_across_pages(world: World, signed_in: SignIn) -> None:
    for n in range(45):
        save(world, aims(f"Answer parents in {n} hours"), world.lead)
    lead = signed_in(world.lead)
    first, second, third = (lead.get(HERE, {"page": page}) for page in (1, 2, 3))
    assert [len(entries(page)) for page in (first, second, third)] == [20, 20, 5]
    assert "removed: 24" in words(first)
    assert "The answer now" not in words(second)
    assert "Newer saves" in words(second)
    assert "Older saves" in words(second)
    assert "The first answer:" in words(third)
    assert lead.get(HERE, {"page": "4"}).status_code == 404
    assert lead.get(HERE, {"page": "x"}).status_code == 400


def test_what_points_to_rows_that_are_gone_is_left_out(world: World, signed_in: SignIn) -> None:
    save(world, aims("Answer parents", "Hear staff"), world.lead)
    row = {"id": "objective-1", "statement": "Better care", "level": "team", "aims": ["aim-1", "aim-2"]}
    save(world, {"objectives": [row]}, world.lead, "objectives", "alignment")
    save(world, {"objectives": [row | {"statement": "Best care"}]}, world.lead, "objectives", "alignment")
    save(world, aims("Answer parents"), world.lead)
    lead = signed_in(world.lead)
    text = words(lead.get(f"{REVIEW}history/objectives/"))
    assert "Answer parents" in text
    assert "aim-2" not in text
    response = give_back(lead, f"{REVIEW}history/objectives/1/")
    assert response.status_code == 302
    assert stored(world, "objectives", "alignment") == {"objectives": [row]}
    assert lead.get(f"{REVIEW}alignment/objectives/").status_code == 200


def test_long_answers_are_told_in_few_queries(world: World, signed_in: SignIn) -> None:
    for n in range(21):
        statements = (f"{n} {row} " + f"word{n} of many and many more " * 70 for row in range(5))
        save(world, aims(*(text[:2_000].strip() for text in statements)), world.lead)
    lead = signed_in(world.lead)
    lead.get(HERE)
    with CaptureQueriesContext(connection) as captured:
        assert lead.get(HERE).status_code == 200
    assert len(captured) <= 5


# Bringing an older answer back.


def test_the_page_says_what_would_change_before_it_does_it(saved: World, signed_in: SignIn) -> None:
    response = signed_in(saved.lead).get(f"{HERE}1/")
    text = words(response)
    assert "Bring back the answer of" in text
    assert "Lena Lead saved it. This is what would change." in text
    assert "removed: all" in text
    assert "Aim: Hear <b>staff</b> & 'us' Gone" in text
    assert Revision.objects.count() == 3


@pytest.mark.parametrize("who", ["lead", "contributor"])
def test_an_older_answer_comes_back_as_a_new_save(saved: World, signed_in: SignIn, who: str) -> None:
    client = signed_in(getattr(saved, who))
    response = give_back(client, f"{HERE}1/")
    assert response["Location"] == HERE
    assert stored(saved) == aims("Answer parents")
    latest = Revision.objects.order_by("-version").first()
    assert latest
    assert (latest.version, latest.saved_by) == (4, getattr(saved, who))
    page = client.get(HERE)
    assert "is back, as a new save." in words(page)
    assert len(entries(page)) == 4


def test_what_was_brought_back_can_be_taken_back(saved: World, signed_in: SignIn) -> None:
    lead = signed_in(saved.lead)
    give_back(lead, f"{HERE}1/")
    give_back(lead, f"{HERE}3/")
    assert stored(saved) == aims("Answer all parents within a day", "Hear <b>staff</b> & 'us'")
    give_back(lead, f"{HERE}4/")
    assert stored(saved) == aims("Answer parents")
    assert Revision.objects.count() == 6


def test_an_empty_answer_can_be_brought_back(saved: World, signed_in: SignIn) -> None:
    version = save(saved, None, saved.lead)
    save(saved, aims("Something else"), saved.lead)
    lead = signed_in(saved.lead)
    assert "The question was empty then: all of its answer would go." in words(lead.get(f"{HERE}{version}/"))
    give_back(lead, f"{HERE}{version}/")
    assert stored(saved) is None


def test_the_answer_of_now_cannot_be_brought_back(saved: World, signed_in: SignIn) -> None:
    lead = signed_in(saved.lead)
    page = lead.get(f"{HERE}3/")
    assert "there is nothing to bring back" in words(page)
    assert tree(page).xpath("//main//form") == []
    assert lead.post(f"{HERE}3/", {"seen": saving.token(stored(saved))}).status_code == 302
    assert Revision.objects.count() == 3
    assert "Nothing was saved" in words(lead.get(HERE))


def test_who_may_only_read_is_told_so_and_refused(saved: World, signed_in: SignIn) -> None:
    manager = signed_in(saved.manager)
    assert "Bring this answer back" not in words(manager.get(HERE))
    page = manager.get(f"{HERE}1/")
    assert "Leads and contributors can bring an answer back." in words(page)
    assert tree(page).xpath("//main//form") == []
    assert manager.post(f"{HERE}1/", {"seen": saving.token(stored(saved))}).status_code == 403
    assert Revision.objects.count() == 3


@pytest.mark.parametrize(
    "state",
    [
        {"state": "submitted"},
        {"state": "signed-off"},
        {"archived_at": datetime.datetime(2027, 4, 1, tzinfo=datetime.UTC)},
    ],
)
def test_a_review_that_cannot_be_changed_keeps_its_answers(saved: World, signed_in: SignIn, state: Any) -> None:
    Cycle.objects.filter(pk=saved.cycle.pk).update(**state)
    lead = signed_in(saved.lead)
    assert "Bring this answer back" not in words(lead.get(HERE))
    assert "This review cannot be changed" in words(lead.get(f"{HERE}1/"))
    assert lead.post(f"{HERE}1/", {"seen": saving.token(stored(saved))}).status_code == 403
    assert Revision.objects.count() == 3


def test_a_completed_worksheet_refuses_in_words(saved: World, signed_in: SignIn) -> None:
    lead = signed_in(saved.lead)
    seen = seen_on(lead.get(f"{HERE}1/"))
    Worksheet.objects.filter(cycle=saved.cycle, stage="drivers").update(status=Worksheet.Status.COMPLETE)
    assert "reopen it first" in words(lead.get(HERE))
    response = lead.post(f"{HERE}1/", {"seen": seen})
    assert response.status_code == 409
    assert "This worksheet is complete, so nothing in it can be changed. Reopen it first." in words(response)
    assert tree(response).xpath("//main//form") == []
    assert Revision.objects.count() == 3


def test_a_save_in_the_meantime_stands_and_is_shown(saved: World, signed_in: SignIn) -> None:
    lead = signed_in(saved.lead)
    seen = seen_on(lead.get(f"{HERE}1/"))
    save(saved, aims("What Colin wrote meanwhile"), saved.contributor)
    response = lead.post(f"{HERE}1/", {"seen": seen})
    assert response.status_code == 409
    assert "Colin Contributor saved this question while you were looking at it" in words(response)
    assert "What Colin wrote meanwhile" in words(response)
    assert stored(saved) == aims("What Colin wrote meanwhile")
    # Having seen it, the same button does it.
    seen = seen_on(response)
    assert lead.post(f"{HERE}1/", {"seen": seen}).status_code == 302
    assert stored(saved) == aims("Answer parents")


def test_another_question_saved_in_the_meantime_is_no_conflict(saved: World, signed_in: SignIn) -> None:
    lead = signed_in(saved.lead)
    seen = seen_on(lead.get(f"{HERE}1/"))
    save(saved, {"drivers": ["audience"]}, saved.contributor, "drivers")
    assert lead.post(f"{HERE}1/", {"seen": seen}).status_code == 302
    assert stored(saved) == aims("Answer parents")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "٣"])
def test_a_page_that_does_not_say_what_it_saw_changes_nothing(saved: World, signed_in: SignIn, seen: str) -> None:
    response = signed_in(saved.lead).post(f"{HERE}1/", {"seen": seen})
    assert response.status_code == 409
    assert Revision.objects.count() == 3


# The activity of a review.


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(2026, 11, day, hour, minute))


def days(response: HttpResponse) -> dict[str, list[str]]:
    """What was done, by day."""
    return {
        section.xpath("./h2")[0].text: [" ".join(item.text_content().split()) for item in section.xpath(".//li")]
        for section in tree(response).xpath("//main//section")
    }


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_all_that_was_done_is_told_by_day_newest_first(saved: World, signed_in: SignIn, who: str) -> None:
    save(saved, {"capacity": 3}, saved.contributor, "weekly", "resources")
    save(saved, {"capacity": 4}, None, "weekly", "resources")
    for version in (1, 2, 3):
        Revision.objects.filter(question="aims", version=version).update(saved_at=at(2, 9, version))
    Revision.objects.filter(question="weekly", version=1).update(saved_at=at(3, 10, 42))
    Revision.objects.filter(question="weekly", version=2).update(saved_at=at(3, 10, 50))
    Cycle.objects.filter(pk=saved.cycle.pk).update(created_at=at(1, 8), created_by=saved.lead)
    Worksheet.objects.filter(cycle=saved.cycle, stage="drivers").update(
        status="complete", completed_at=at(3, 12), completed_by=saved.lead
    )
    Decision.objects.create(
        cycle=saved.cycle, kind="sent-back", note="More on <b>hours</b>", decided_at=at(4, 9), decided_by=saved.manager
    )
    for minute in (1, 2):
        Comment.objects.create(cycle=saved.cycle, question="aims", text="Why?", written_at=at(4, 10, minute))
    Comment.objects.create(cycle=saved.cycle, question="aims", text="Why?", written_at=at(3, 8))
    assert days(signed_in(getattr(saved, who)).get(ACTIVITY)) == {
        "4 November 2026": [
            "10:02 2 comments were written",
            "09:00 Mary Manager sent the review back More on <b>hours</b>",
        ],
        "3 November 2026": [
            "12:00 Lena Lead completed worksheet 1, drivers and aims",
            "10:50 Somebody saved question 9, weekly work",
            "10:42 Colin Contributor saved question 9, weekly work",
            "08:00 1 comment was written",
        ],
        "2 November 2026": [
            "09:03 Lena Lead saved question 2, aims",
            "09:02 Colin Contributor saved question 2, aims",
            "09:01 Lena Lead saved question 2, aims",
        ],
        "1 November 2026": ["08:00 Lena Lead started the review"],
    }


def test_nothing_of_another_review_is_told(saved: World, signed_in: SignIn) -> None:
    other = Worksheet.objects.select_related("cycle").get(cycle=saved.foreign_cycle, stage="drivers")
    saving.save_answer(other, "aims", aims("Ours"), user=saved.outsider)
    Decision.objects.create(cycle=saved.foreign_cycle, kind="submitted", note="Ours", decided_by=saved.outsider)
    assert "Olu" not in words(signed_in(saved.lead).get(ACTIVITY))


def test_activity_is_paged_and_takes_one_query_for_it(world: World, signed_in: SignIn) -> None:
    for n in range(60):
        save(world, aims(f"Answer {n}"), world.lead)
    lead = signed_in(world.lead)
    first, second = lead.get(ACTIVITY), lead.get(ACTIVITY, {"page": "2"})
    assert [sum(map(len, days(page).values())) for page in (first, second)] == [50, 11]
    assert "Older activity" in words(first)
    assert "Newer activity" in words(second)
    assert lead.get(ACTIVITY, {"page": "3"}).status_code == 404
    with CaptureQueriesContext(connection) as captured:
        lead.get(ACTIVITY)
    assert len(captured) <= 5


def test_the_question_and_the_hub_lead_here(saved: World, signed_in: SignIn) -> None:
    for who in (saved.lead, saved.manager):
        client = signed_in(who)
        assert HERE in tree(client.get(f"{REVIEW}drivers/aims/")).xpath("//a/@href")
        assert ACTIVITY in tree(client.get(REVIEW)).xpath("//a/@href")
