"""Looking back: what became of every SMART objective and measure of the last review."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.reading import error_messages, form_of, send, tree, words
from tests.world import World
from worksheets.following import last, looking_back
from worksheets.following.starting import start_next
from worksheets.models import Cycle, Event, Lookback, Result, User, Worksheet
from worksheets.saving import TooLate
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
HUB = "/o/nhs-anywhere/reviews/spring-2027/"
BACK = f"{HUB}looking-back/"
ONE = f"{BACK}smart/smart-answers/"
WHOLE = {
    "actual": "82%",
    "met": "partly",
    "so_what": "We are quicker, and not quick enough.",
    "decision": "change",
    "lesson": "Answer at the weekend too.",
}
day = datetime.date.fromisoformat


@pytest.fixture
def following(world: World) -> Cycle:
    world.fill()
    return start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)


@pytest.fixture
def client(world: World, following: Cycle, signed_in: SignedIn) -> Client:
    return signed_in(world.contributor)


def kept(row: str = "smart-answers") -> Lookback:
    return Lookback.objects.get(row=row)


def test_it_asks_about_every_smart_objective_and_measure(client: Client, world: World) -> None:
    said = words(client.get(BACK))
    sheets = {sheet.stage: sheet.answers for sheet in world.cycle.worksheets.all()}
    rows = [row["statement"] for row in sheets["alignment"]["smart"]["smart"]]
    rows += [row["what"] for row in sheets["evaluation"]["measures"]["measures"]]
    for text in rows:
        assert text in said
    assert f"0 of {len(rows)} looked back at" in said


def test_the_new_review_opens_with_it(client: Client) -> None:
    said = words(client.get(HUB))
    assert said.index("First, looking back") < said.index("The six worksheets")
    assert "Start: looking back at Autumn 2026" in said
    send(client, ONE, **WHOLE)
    said = words(client.get(HUB))
    assert "Continue: looking back at Autumn 2026" in said
    assert "1 of" in said


def test_what_was_promised_stands_beside_the_form(client: Client) -> None:
    said = words(client.get(ONE))
    for text in ("What was promised", "90% by 28 February 2027", "38%", "Due", "28 February 2027"):
        assert text in said


def test_an_answer_is_kept_and_shown_with_the_others(client: Client, world: World, signed_in: SignedIn) -> None:
    answer = send(client, ONE, **WHOLE)
    assert answer["Location"] == BACK
    row = kept()
    assert (row.answers, row.version, row.updated_by) == (WHOLE, 1, world.contributor)
    said = words(client.get(BACK))
    for text in ("The actual figure: 82%", "Target met: Partly", "1 of"):
        assert text in said
    read = words(signed_in(world.manager).get(BACK))
    for text in ("Reached: 82%", "Target met: partly", "Lesson: Answer at the weekend too.", "1 of"):
        assert text in read
    assert send(client, ONE, do="list")["Location"] == BACK
    # Sent as it was loaded, it is no save.
    assert kept().version == 1


def looked_back(world: World, following: Cycle) -> last.Last:
    """The last review with what was answered about its promises."""
    found = last.review_before(world.visit(world.manager, following))
    assert found
    return found


def test_a_draft_may_be_kept(client: Client, world: World, following: Cycle) -> None:
    send(client, ONE, actual="82%")
    found = looked_back(world, following)
    assert found.find("smart", "smart-answers").state == "in-progress"  # type: ignore[union-attr]
    assert found.state == "in-progress"


def test_when_all_is_answered_it_is_complete(client: Client, world: World, following: Cycle) -> None:
    for promise in looked_back(world, following).promises:
        send(client, f"{BACK}{promise.table}/{promise.row}/", **WHOLE)
    assert looked_back(world, following).state == "answered"
    said = words(client.get(HUB))
    assert "looking back at Autumn 2026" not in said
    assert "Continue: question" in said or "Start: question" in said


def test_events_outside_are_rows_with_a_date(client: Client) -> None:
    added = send(client, ONE, do="add:outside", actual="82%")
    assert added["Location"] == f"{ONE}?add=outside#outside-0"
    page = client.get(added["Location"].partition("#")[0])
    event = {
        "outside__0__on-day": "14",
        "outside__0__on-month": "1",
        "outside__0__on-year": "2027",
        "outside__0__text": "A strike",
    }
    send(client, ONE, page=page, **event)
    (row,) = kept().answers["outside"]
    assert (row["on"], row["text"]) == ("2027-01-14", "A strike")
    assert kept().answers["actual"] == "82%"
    send(client, ONE, do=f"remove:outside:{row['id']}")
    assert "outside" not in kept().answers


def test_every_row_that_was_added_stays_until_it_is_filled(client: Client) -> None:
    here = ONE
    for number in (1, 2, 3):
        added = send(client, here, do="add:outside")
        assert added["Location"].endswith(f"#outside-{number - 1}")
        here = added["Location"].partition("#")[0]
        assert len(tree(client.get(here)).xpath("//*[starts-with(@id, 'outside-')][contains(@id, '-text')]")) >= number
    send(client, here, outside__2__text="A strike")
    assert [row["text"] for row in kept().answers["outside"]] == ["A strike"]


def test_what_is_wrong_is_said_and_everything_typed_stays(client: Client) -> None:
    page = client.get(f"{ONE}?add=outside")
    sent = {"outside__0__on-day": "31", "outside__0__on-month": "2", "outside__0__on-year": "2027"}
    answer = send(client, ONE, page=page, lesson="Kept <b>lesson</b>", actual="x" * 2_001, **sent)
    assert answer.status_code == 400
    assert len(error_messages(answer)) == 2
    assert form_of(answer)["lesson"] == ["Kept <b>lesson</b>"]
    assert form_of(answer)["outside-0-on-day"] == ["31"]
    assert "<b>lesson" not in answer.content.decode()
    assert not Lookback.objects.exists()


def test_texts_are_escaped_wherever_they_are_shown(client: Client, world: World) -> None:
    send(client, ONE, **WHOLE | {"lesson": "<script>alert(1)</script>", "actual": "<b>82</b>"})
    for url in (BACK, ONE, f"{HUB}alignment/smart/"):
        html = client.get(url).content.decode()
        assert "<script>alert" not in html
        assert "<b>82" not in html
        assert "&lt;b&gt;82" in html


def test_two_people_at_once_lose_nothing(client: Client, world: World, signed_in: SignedIn) -> None:
    mine = client.get(ONE)
    send(signed_in(world.lead), ONE, **WHOLE)
    clash = send(client, ONE, page=mine, actual="79%", lesson="Mine")
    assert clash.status_code == 409
    said = words(clash)
    for text in (
        "Lena Lead saved this page while you were writing",
        "79%",
        "82%",
        "Mine",
        "Answer at the weekend too.",
    ):
        assert text in said
    assert kept().answers == WHOLE
    settled = send(
        client,
        ONE,
        page=clash,
        do="resolve",
        **{"keep-actual": "mine", "keep-lesson": "theirs", "keep-met": "theirs"},
    )
    assert settled.status_code == 302
    # What only the other one filled in is suggested, and so it stays.
    assert kept().answers == WHOLE | {"actual": "79%"}
    assert kept().version == 2
    # A third save that knew none of this is asked too.
    assert send(client, ONE, page=mine, actual="1%").status_code == 409


def test_a_choice_can_be_edited_before_it_is_saved(client: Client, world: World, signed_in: SignedIn) -> None:
    mine = client.get(ONE)
    send(signed_in(world.lead), ONE, **WHOLE)
    clash = send(client, ONE, page=mine, actual="79%")
    page = send(client, ONE, page=clash, do="edit", **{"keep-actual": "mine"})
    assert page.status_code == 200
    assert form_of(page)["actual"] == ["79%"]
    assert send(client, ONE, page=page, actual="80%").status_code == 302
    assert kept().answers["actual"] == "80%"


@pytest.mark.parametrize("mine", ["", "[]", "{", '"\\ud800"', "[" * 100_000])
def test_a_conflict_page_that_was_tampered_with_is_refused(client: Client, mine: str) -> None:
    assert client.post(ONE, {"do": "resolve", "mine": mine, "seen": ""}).status_code == 400


def test_a_conflict_page_with_strange_answers_stores_nothing(client: Client) -> None:
    answer = client.post(ONE, {"do": "resolve", "mine": json.dumps({"met": 7, "else": []}), "seen": ""})
    assert answer.status_code in (302, 400)
    assert not Lookback.objects.exclude(answers={}).exists()


def test_who_may_not_write_reads(world: World, following: Cycle, signed_in: SignedIn, client: Client) -> None:
    send(client, ONE, **WHOLE)
    manager = signed_in(world.manager)
    assert "Answer at the weekend too." in words(manager.get(ONE))
    assert "Save" not in words(manager.get(ONE))
    assert manager.post(ONE, WHOLE).status_code == 403
    for user in (world.outsider, world.nobody, world.admin):
        for url in (BACK, ONE):
            assert signed_in(user).get(url).status_code == 404
        assert signed_in(user).post(ONE, WHOLE).status_code == 404


@pytest.mark.parametrize("closed", [{"state": "submitted"}, {"state": "signed-off"}, {"archived_at": timezone.now()}])
def test_a_closed_review_is_read_only(client: Client, following: Cycle, closed: dict[str, Any]) -> None:
    Cycle.objects.filter(pk=following.pk).update(**closed)
    assert client.get(BACK).status_code == 200
    assert client.get(ONE).status_code == 200
    assert client.post(ONE, WHOLE).status_code == 403
    assert not Lookback.objects.exists()


def test_a_review_that_closes_in_this_very_moment_says_so_and_shows_what_was_typed(
    client: Client, following: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(ONE)

    def closed(*_which: object) -> None:
        Cycle.objects.filter(pk=following.pk).update(state="submitted")
        raise TooLate(Cycle.objects.get(pk=following.pk))

    monkeypatch.setattr(looking_back, "touch", closed)
    refused = send(client, ONE, page=page, actual="82 in a hundred")
    assert refused.status_code == 409
    assert "This review is closed" in words(refused)
    assert "82 in a hundred" in refused.content.decode()
    assert not Lookback.objects.exclude(answers={}).exists()


def test_a_review_that_follows_none_has_no_such_page(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.lead)
    here = "/o/nhs-anywhere/reviews/autumn-2026/"
    for url in (f"{here}looking-back/", f"{here}looking-back/smart/smart-answers/"):
        assert client.get(url).status_code == 404
        assert client.post(url, WHOLE).status_code in (404, 405)
    assert "looking back" not in words(client.get(here)).lower()


def test_what_was_not_promised_is_not_found(client: Client) -> None:
    for place in ("smart/none/", "measures/smart-answers/", "aims/aim-maternity/", "smart/"):
        assert client.get(f"{BACK}{place}").status_code == 404


def test_a_review_that_promised_nothing_says_so(world: World, signed_in: SignedIn) -> None:
    start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)
    client = signed_in(world.lead)
    assert "nothing to look back at" in words(client.get(BACK))
    assert "Nothing was promised" in words(client.get(HUB))
    assert "Start: question 1" in words(client.get(HUB))


def test_the_last_review_may_be_archived(client: Client, world: World) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert send(client, ONE, **WHOLE).status_code == 302
    assert "Autumn 2026" in words(client.get(BACK))


def test_a_promise_without_words_has_a_number(world: World, following: Cycle, client: Client) -> None:
    bare = {"smart": {"smart": [{"id": "smart-1"}]}}
    Worksheet.objects.filter(cycle=world.cycle, stage="alignment").update(answers=bare)
    assert "SMART objective 1" in words(client.get(f"{BACK}smart/smart-1/"))


def test_what_was_recorded_between_reviews_is_at_hand(client: Client, world: World) -> None:
    Result.objects.create(cycle=world.cycle, measure="m-answered", on=day("2027-03-02"), value=Decimal("81.50"))
    Event.objects.create(cycle=world.cycle, on=day("2027-01-14"), text="A national story")
    said = words(client.get(f"{BACK}measures/m-answered/"))
    assert "81.5 on 2 March 2027" in said
    assert "14 January 2027: A national story" in said


def test_the_list_costs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get(BACK)
    with django_assert_max_num_queries(8):
        client.get(BACK)
    with django_assert_max_num_queries(6):
        client.get(ONE)


# All of them on one page.


def all_of(client: Client) -> list[str]:
    """The promises on the page, in the order of their rows."""
    names = tree(client.get(BACK)).xpath("//input[starts-with(@name, 'promises-')][contains(@name, '-promise')]")
    return [str(name.get("value")) for name in names]


def row(number: int, **answer: str) -> dict[str, str]:
    """What is typed in one row, as `send` wants it."""
    return {f"promises__{number}__{name}": text for name, text in answer.items()}


def test_one_page_asks_about_all_of_them(client: Client, world: World, following: Cycle) -> None:
    names = all_of(client)
    assert names[:2] == ["smart.smart-answers", "smart.smart-waits"]
    everything: dict[str, str] = {}
    for number in range(len(names)):
        everything |= row(number, **WHOLE | {"actual": f"{number}%"})
    saved = send(client, BACK, **everything)
    assert saved["Location"] == HUB
    assert looked_back(world, following).state == "answered"
    assert kept("smart-waits").answers == WHOLE | {"actual": "1%"}
    assert Lookback.objects.count() == len(names)
    # Sent as it was loaded, it is no save.
    send(client, BACK)
    assert {line.version for line in Lookback.objects.all()} == {1}


def test_some_may_be_answered_now_and_others_later(client: Client, world: World, following: Cycle) -> None:
    send(client, BACK, **row(1, actual="1,640", met="yes"))
    assert Lookback.objects.get().answers == {"actual": "1,640", "met": "yes"}
    page = client.get(BACK)
    assert "3 answers missing" in words(page)
    assert "0 of" in words(page)
    # The rows that are answered come first in the names of the fields, wherever they stand on the page.
    assert form_of(page)["promises-0-promise"] == ["smart.smart-waits"]
    send(client, BACK, page=page, **row(0, actual=""))
    assert Lookback.objects.get().answers == {"met": "yes"}


def test_what_happened_outside_stays_as_it_is(client: Client) -> None:
    outside = [{"id": "event-1", "on": "2027-01-14", "text": "A strike"}]
    Lookback.objects.create(
        cycle=Cycle.objects.get(slug="spring-2027"),
        table="smart",
        row="smart-answers",
        answers={"actual": "80%", "outside": outside},
        version=3,
    )
    assert "1 event outside" in words(client.get(BACK))
    send(client, BACK, **row(0, actual="82%"))
    assert kept().answers == {"actual": "82%", "outside": outside}
    assert kept().version == 4


def test_two_people_on_the_one_page_lose_nothing(client: Client, world: World, signed_in: SignedIn) -> None:
    mine = client.get(BACK)
    lead = signed_in(world.lead)
    send(lead, BACK, **row(0, actual="70%"))
    # Another row merges by itself.
    merged = send(client, BACK, page=mine, **row(1, actual="1,640"))
    assert merged.status_code == 302
    assert (kept().answers, kept("smart-waits").answers) == ({"actual": "70%"}, {"actual": "1,640"})
    clash = send(client, BACK, page=mine, **row(0, actual="82%"))
    assert clash.status_code == 409
    assert "70%" in words(clash)
    assert "82%" in words(clash)
    (keep,) = [name for name in form_of(clash) if name.startswith("keep-")]
    send(client, BACK, page=clash, do="resolve", **{keep: "mine"})
    assert kept().answers == {"actual": "82%"}


def test_what_is_wrong_on_the_one_page_is_said_and_stays(client: Client) -> None:
    wrong = send(client, BACK, **row(0, actual="x" * 2_001), **row(1, lesson="Kept <b>lesson</b>"))
    assert wrong.status_code == 400
    assert "Shorten this to 2,000 characters" in error_messages(wrong)[0]
    assert form_of(wrong)["promises-1-lesson"] == ["Kept <b>lesson</b>"]
    assert "<b>lesson" not in wrong.content.decode()
    assert not Lookback.objects.exists()


def test_the_one_page_saves_itself(client: Client) -> None:
    fields = dict(form_of(client.get(BACK)))
    for turn, actual in enumerate(("8", "82%"), 1):
        sent = {"do": "draft", "promises-0-actual": actual, "page": f"mine.{turn}"}
        assert client.post(BACK, fields | sent).json()["state"] == "saved"
    assert kept().answers == {"actual": "82%"}


def test_figures_and_what_was_promised_stand_in_the_rows(client: Client, world: World) -> None:
    Result.objects.create(cycle=world.cycle, measure="m-answered", on=day("2027-03-02"), value=Decimal("81.50"))
    said = words(client.get(BACK))
    assert "Target: 90% by 28 February 2027" in said
    assert "Last figure recorded: 81.5 on 2 March 2027" in said


def test_who_may_not_write_may_not_save_the_one_page(world: World, signed_in: SignedIn, client: Client) -> None:
    sent = {"do": "save", "promises-0-promise": "smart.smart-answers", "promises-0-actual": "1"}
    assert signed_in(world.manager).post(BACK, sent).status_code == 403
    assert signed_in(world.outsider).post(BACK, sent).status_code == 404
    assert not Lookback.objects.exists()


# Drafts that save themselves.


def test_a_look_back_saves_itself_and_meets_no_conflict_with_itself(client: Client) -> None:
    fields = dict(form_of(client.get(ONE)))
    for turn, actual in enumerate(("8", "82", "82%"), 1):
        # The page does not hear of what it saved: it still has the token that it was loaded with.
        told = client.post(ONE, fields | {"do": "draft", "actual": actual, "page": f"mine.{turn}"}).json()
        assert told["state"] == "saved"
    assert kept().answers == {"actual": "82%"}
    page = client.get(ONE)
    assert [told["seen"], told["was"]] == [form_of(page)["seen"][0], form_of(page)["was"][0]]
    assert client.post(ONE, fields | WHOLE | {"do": "save", "page": "mine.9"}).status_code == 302
    assert kept().draft == {}
    late = client.post(ONE, fields | {"do": "draft", "actual": "8", "page": "mine.4"})
    assert (late.status_code, late.json()["state"]) == (409, "conflict")
    assert kept().answers["actual"] == "82%"


def test_a_colleagues_look_back_is_not_overwritten_by_a_draft(
    client: Client, world: World, signed_in: SignedIn
) -> None:
    fields = dict(form_of(client.get(ONE)))
    send(signed_in(world.lead), ONE, actual="70%")
    told = client.post(ONE, fields | {"do": "draft", "actual": "82%", "page": "mine.1"}).json()
    assert told["words"].startswith("Lena Lead changed this answer.")
    assert kept().answers == {"actual": "70%"}


# Without a script a link that is followed takes what was typed with it.


def leading_away(page: Any) -> list[str]:
    """The links of a page, from "Back" on to its end, that go there in place of it."""
    links = tree(page).xpath("//*[@id='maincontent']//a[not(@target)] | //a[contains(@class, 'nhsuk-back-link')]")
    return [link.text_content() for link in links if not link.get("href", "").startswith("#")]


def test_every_link_of_a_page_where_an_answer_is_typed_opens_beside_it(world: World, client: Client) -> None:
    send(client, ONE, **WHOLE)
    sheets = Worksheet.objects.filter(cycle__slug="spring-2027")
    sheets.update(status="open")
    for question in STRATEGY.questions:
        page = client.get(f"{HUB}{question.stage}/{question.key}/")
        assert leading_away(page) == [], question.key
        assert "(opens in a new tab)" in words(page)
    assert leading_away(client.get(ONE)) == []


def test_back_from_a_look_back_saves_it(client: Client) -> None:
    page = client.get(ONE)
    [back] = tree(page).xpath("//button[contains(@class, 'nhsuk-back-link')]")
    form = form_of(page)
    assert back.get("form") == tree(page).xpath("//form[@data-drafts]")[0].get("id")
    answer = client.post(ONE, form | {"actual": "82%", back.get("name"): back.get("value")})
    assert answer["Location"] == BACK
    assert kept().answers == {"actual": "82%"}


def test_enter_on_a_look_back_saves_and_goes_on(client: Client) -> None:
    first = tree(client.get(ONE)).xpath("//button[@type='submit'][@form='look-back' or ancestor::form[@data-drafts]]")[
        0
    ]
    assert (first.get("name"), first.get("value")) == ("do", "save")
