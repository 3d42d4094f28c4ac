"""The question pages: every question answered, saved, walked back and forth, read and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.reading import address, buttons, error_messages, form_of, seen_on, send, tree, words
from tests.world import SAMPLE_FILE, World
from worksheets import interchange, saving
from worksheets.models import Platform, Revision, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY
from worksheets.workbooks.strategy.tables import AIMS

SignIn = Callable[[User], Client]
KEYS = [question.key for question in STRATEGY.questions]
WRITES = ("INSERT", "UPDATE", "DELETE")


def stored(world: World, question: str) -> Any:
    """The answer to a question as it is kept; None when there is none."""
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage)
    return worksheet.answers.get(question)


def sample() -> Any:
    """The sample's answers as an import stores them: every row with an id, empty answers left out."""
    return interchange.read(SAMPLE_FILE.read_bytes()).answers


def fill(world: World) -> None:
    world.fill(**sample())


def hub(world: World) -> str:
    return reverse("hub", args=[world.anywhere.slug, STRATEGY, world.cycle.slug])


def check(world: World, stage: str) -> str:
    return reverse("check", args=[world.anywhere.slug, STRATEGY, world.cycle.slug, stage])


def aims(*words: str) -> dict[str, Any]:
    """Aims for the first worksheet, with the ids aim-1, aim-2 …"""
    return {"aims": {"aims": [{"id": f"aim-{n}", "statement": text} for n, text in enumerate(words, 1)]}}


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


# Reading and answering each of them.


@pytest.mark.parametrize("question", KEYS)
def test_every_question_can_be_opened_before_anything_is_answered(world: World, lead: Client, question: str) -> None:
    page = lead.get(address(world, question))
    assert page.status_code == 200
    assert [heading.text_content().strip() for heading in tree(page).xpath("//h1")] == [
        STRATEGY.question[question].title
    ]
    assert f"Question {STRATEGY.question[question].number} of {len(KEYS)}" in words(page)
    assert lead.head(address(world, question)).status_code == 200


@pytest.mark.parametrize("question", KEYS)
def test_every_question_shows_what_was_answered_and_sends_it_back_unchanged(
    world: World, lead: Client, question: str
) -> None:
    fill(world)
    before = stored(world, question)
    page = lead.get(address(world, question))
    assert page.status_code == 200
    assert send(lead, address(world, question), page=page).status_code == 302
    assert stored(world, question) == before
    assert not Revision.objects.exists()


@pytest.mark.parametrize("question", KEYS)
def test_every_question_can_be_saved_with_nothing_in_it(world: World, lead: Client, question: str) -> None:
    assert send(lead, address(world, question)).status_code == 302
    assert stored(world, question) == ({} if STRATEGY.question[question].optional else None)


@pytest.mark.parametrize("question", KEYS)
def test_an_answer_emptied_on_its_page_is_gone(world: World, lead: Client, question: str) -> None:
    fill(world)
    # Rows that other answers name are removed, not emptied.
    dropped = {"aims", "objectives", "smart", "stakeholders"}
    response = lead.post(address(world, question), {"do": "save", "seen": seen_on(lead.get(address(world, question)))})
    assert response.status_code == 302
    assert stored(world, question) == ({} if STRATEGY.question[question].optional else None)
    assert question not in dropped or Revision.objects.get().answer is None


@pytest.mark.parametrize("question", KEYS)
def test_every_question_leads_to_the_next_and_each_stage_to_its_answers(
    world: World, lead: Client, question: str
) -> None:
    asked = STRATEGY.question[question]
    following = next((q for q in STRATEGY.questions if q.number == asked.number + 1 and q.stage == asked.stage), None)
    expected = address(world, following.key) if following else check(world, asked.stage)
    assert send(lead, address(world, question))["Location"] == expected


def test_save_and_go_to_the_list_leads_to_the_hub(world: World, lead: Client) -> None:
    response = send(lead, address(world, "working"), "list", changes="Film on the wards")
    assert response["Location"] == hub(world)
    assert stored(world, "working") == {"changes": "Film on the wards"}


def test_back_keeps_what_was_typed(world: World, lead: Client) -> None:
    response = send(lead, address(world, "formats"), "back", video_plan="A phone and a tripod")
    assert response["Location"] == address(world, "working")
    assert stored(world, "formats") == {"video_plan": "A phone and a tripod"}
    assert send(lead, address(world, "drivers"), "back")["Location"] == hub(world)


def test_what_is_saved_is_kept_with_who_and_when(world: World, lead: Client) -> None:
    send(lead, address(world, "working"), changes="Film on the wards")
    revision = Revision.objects.get()
    assert (revision.question, revision.version, revision.saved_by) == ("working", 1, world.lead)
    assert revision.answer == {"changes": "Film on the wards"}
    assert "This worksheet was last saved on" in words(lead.get(address(world, "working")))
    assert "by you." in words(lead.get(address(world, "working")))
    # Of a question that was never saved nothing is said, and it has no history.
    unsaved = words(lead.get(address(world, "formats")))
    assert "last saved" not in unsaved
    assert "History of this question" not in unsaved


def test_a_save_that_changes_nothing_writes_nothing(world: World, lead: Client) -> None:
    fill(world)
    page = lead.get(address(world, "plan"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        send(lead, address(world, "plan"), page=page)
    assert not [query["sql"] for query in queries if query["sql"].startswith(WRITES)]


def test_a_wrong_answer_keeps_everything_typed_and_says_what_to_do(world: World, lead: Client) -> None:
    response = send(
        lead,
        address(world, "judgement"),
        so_what="They tell us whether we listen",
        audience="The board",
        evaluate_on__day="31",
        evaluate_on__month="2",
        evaluate_on__year="2027",
    )
    assert response.status_code == 400
    assert error_messages(response) == ["Judged on: Enter a day from 1 to 28. There is no 31 February 2027"]
    assert tree(response).xpath("string(//title)").startswith("Error: ")
    typed = form_of(response)
    assert typed["so_what"] == ["They tell us whether we listen"]
    assert [typed[f"evaluate_on-{part}"] for part in ("day", "month", "year")] == [["31"], ["2"], ["2027"]]
    assert stored(world, "judgement") is None


def test_other_keys_than_the_questions_change_nothing(world: World, lead: Client) -> None:
    extra = {"status": "complete", "cycle": "1", "drivers": "peers", "worksheet": "2", "answers": "{}", "user": "1"}
    send(lead, address(world, "working"), changes="Film", **extra)
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage="content")
    assert worksheet.answers == {"working": {"changes": "Film"}}
    assert not worksheet.complete
    assert Worksheet.objects.exclude(version=0).count() == 1


def test_a_conditional_answer_is_dropped_with_its_tick(world: World, lead: Client) -> None:
    fill(world)
    send(lead, address(world, "drivers"), drivers=["audience"])
    assert set(stored(world, "drivers")) == {"drivers", "audience_evidence"}


def test_peer_pressure_alone_is_answered_with_a_notice_before_the_next_question(world: World, lead: Client) -> None:
    url = address(world, "drivers")
    response = send(lead, url, drivers=["peers"], peers_evidence="All other trusts")
    assert response["Location"] == f"{url}?look#look"
    page = lead.get(response["Location"])
    assert "Your answer is saved" in words(page)
    assert "Peer pressure is the only driver" in words(page)
    again = send(lead, f"{url}?look", page=page)
    assert again["Location"] == address(world, "aims")
    wrong = send(lead, f"{url}?look", page=page, peers_evidence="x" * 2_001)
    assert wrong.status_code == 400
    assert "Your answer is saved" not in words(wrong)


# Tables of rows.


def test_a_row_is_added_without_javascript(world: World, lead: Client) -> None:
    url = address(world, "aims")
    response = send(lead, url, "add:aims", aims__0__statement="Answer parents")
    assert response["Location"] == f"{url}?add=aims#aims-1"
    begins = "By using social media, NHS Anywhere Foundation Trust aims to"
    assert [row["statement"] for row in stored(world, "aims")["aims"]] == [f"{begins} answer parents"]
    page = lead.get(response["Location"])
    assert form_of(page)["aims-1-statement"] == [""]
    send(lead, response["Location"], page=page, aims__1__statement="Save time")
    statements = [row["statement"] for row in stored(world, "aims")["aims"]]
    assert statements == [f"{begins} answer parents", f"{begins} save time"]


def test_a_row_that_is_still_empty_stays_when_another_is_added(world: World, lead: Client) -> None:
    url = address(world, "aims")
    response = send(lead, url, "add:aims")
    assert response["Location"] == f"{url}?add=aims&add=aims#aims-1"
    assert [name for name in form_of(lead.get(response["Location"])) if name.endswith("-statement")] == [
        "aims-0-statement",
        "aims-1-statement",
    ]
    many = lead.get(f"{url}?{'add=aims&' * 40}add=nothing")
    assert len([name for name in form_of(many) if name.endswith("-statement")]) == 5


def test_rows_are_moved_and_keep_their_ids(world: World, lead: Client) -> None:
    world.fill(drivers=aims("One", "Two", "Three"))
    url = address(world, "aims")
    assert "up:aims:aim-1" not in buttons(lead.get(url))
    assert "down:aims:aim-3" not in buttons(lead.get(url))
    assert send(lead, url, "up:aims:aim-3")["Location"] == f"{url}?open=aim-3#aims-1"
    assert [row["id"] for row in stored(world, "aims")["aims"]] == ["aim-1", "aim-3", "aim-2"]
    assert send(lead, url, "down:aims:aim-1", aims__0__statement="One again")["Location"] == f"{url}?open=aim-1#aims-1"
    assert [AIMS.spoken(row["statement"]) for row in stored(world, "aims")["aims"]] == ["Three", "One again", "Two"]


def test_a_row_is_removed_at_once_when_nothing_names_it(world: World, lead: Client) -> None:
    world.fill(drivers=aims("One", "Two"))
    url = address(world, "aims")
    assert send(lead, url, "remove:aims:aim-1")["Location"] == f"{url}#aims"
    assert [row["id"] for row in stored(world, "aims")["aims"]] == ["aim-2"]


def test_removing_a_row_that_other_answers_name_asks_first(world: World, lead: Client) -> None:
    fill(world)
    url = address(world, "aims")
    asked = send(lead, url, "remove:aims:aim-maternity", aims__1__statement="Changed on the way")
    assert asked.status_code == 200
    assert "Do you want to remove this aim?" in words(asked)
    assert "question 3, “Improve the experience of maternity care reported by parents.”" in words(asked)
    assert stored(world, "aims") == sample()["drivers"]["aims"]
    assert form_of(asked)["aims-1-statement"] == ["changed on the way"]

    kept = send(lead, url, "stay:aims:aim-maternity", page=asked)
    assert kept["Location"] == f"{url}?open=aim-maternity#aims-0"
    assert [row["id"] for row in stored(world, "aims")["aims"]] == ["aim-maternity", "aim-waiting"]
    assert (
        stored(world, "aims")["aims"][1]["statement"]
        == "By using social media, NHS Anywhere aims to changed on the way"
    )

    asked = send(lead, url, "remove:aims:aim-maternity")
    assert send(lead, url, "remove:aims:aim-maternity", page=asked).status_code == 302
    assert [row["id"] for row in stored(world, "aims")["aims"]] == ["aim-waiting"]
    # The objectives are as they were; only what points to the aim is not shown any more.
    assert "aim-maternity" in str(stored(world, "objectives"))
    assert "aim-maternity" not in lead.get(address(world, "objectives")).content.decode()


def test_agreeing_to_remove_one_row_does_not_remove_another(world: World, lead: Client) -> None:
    fill(world)
    url = address(world, "aims")
    asked = send(lead, url, "remove:aims:aim-maternity")
    again = send(lead, url, "remove:aims:aim-waiting", page=asked)
    assert "Do you want to remove this aim?" in words(again)
    assert len(stored(world, "aims")["aims"]) == 2


def test_common_tasks_are_offered_and_added(world: World, lead: Client) -> None:
    url = address(world, "setup")
    page = lead.get(url)
    assert len(tree(page).xpath("//input[@name='tasks-offer']")) == 9
    response = send(lead, url, "add-offers:tasks", page=page, tasks__offer=["Plan for a crisis", "Something else"])
    assert response["Location"] == f"{url}#tasks"
    assert [row["task"] for row in stored(world, "setup")["tasks"]] == ["Plan for a crisis"]


def test_rows_cannot_be_added_beyond_their_most(world: World, lead: Client) -> None:
    world.fill(drivers=aims(*"12345"))
    page = lead.get(address(world, "aims"))
    assert "add:aims" not in buttons(page)
    six = {"aims__5__id": "aim-6", "aims__5__statement": "A sixth"}
    response = send(lead, address(world, "aims"), page=page, **six)
    assert error_messages(response) == ["Keep 5 aims at most. Remove 1"]
    assert form_of(response)["aims-5-statement"] == ["A sixth"]


def test_a_row_added_beside_a_wrong_one_is_there_with_the_error(world: World, lead: Client) -> None:
    response = send(lead, address(world, "weekly"), "add:tasks", tasks__0__task="Watch", tasks__0__hours="lots")
    assert response.status_code == 400
    assert form_of(response)["tasks-0-hours"] == ["lots"]
    assert form_of(response)["tasks-1-task"] == [""]


def test_there_is_a_row_for_each_stakeholder_which_no_button_moves(world: World, lead: Client) -> None:
    world.fill(stakeholders={"stakeholders": {"stakeholders": [{"id": "st-1", "name": "Parents"}, {"id": "st-2"}]}})
    page = lead.get(address(world, "presence"))
    assert "Parents" in words(page)
    assert "Stakeholder 2" in words(page)
    assert not [do for do in buttons(page) if "presence" in do]
    sent = {"presence__0__use__facebook": "daily", "presence__1__note": "Not found", "platforms__0__platform": "x"}
    send(lead, address(world, "presence"), page=page, **sent)
    assert stored(world, "presence")["presence"] == [
        # Whoever ticks a platform has said that they use some.
        {"stakeholder": "st-1", "where": "some", "use": {"facebook": "daily"}},
        {"stakeholder": "st-2", "note": "Not found"},
    ]


def test_a_platform_may_be_ticked_without_knowing_how_often(world: World, lead: Client) -> None:
    world.fill(stakeholders={"stakeholders": {"stakeholders": [{"id": "st-1", "name": "Parents"}]}})
    url = address(world, "presence")
    ticks = {"presence__0__use__facebook": "yes", "presence__0__use__x": "yes", "presence__0__use__often__x": "weekly"}
    send(lead, url, presence__0__where="some", **ticks)
    row = {"stakeholder": "st-1", "where": "some", "use": {"facebook": "yes", "x": "weekly"}}
    assert stored(world, "presence")["presence"] == [row]
    page = form_of(lead.get(url))
    assert (page["presence-0-use-facebook"], page["presence-0-use-often-facebook"]) == (["yes"], [""])
    assert (page["presence-0-use-x"], page["presence-0-use-often-x"]) == (["yes"], ["weekly"])
    # Without a script how often is sent for what is not ticked as well: it counts for nothing.
    send(lead, url, presence__0__use__x=None)
    assert stored(world, "presence")["presence"] == [row | {"use": {"facebook": "yes"}}]


@pytest.mark.parametrize("where", ["none", "unknown"])
def test_who_is_on_none_or_nobody_knows_keeps_no_platform(world: World, lead: Client, where: str) -> None:
    world.fill(stakeholders={"stakeholders": {"stakeholders": [{"id": "st-1", "name": "Parents"}]}})
    send(lead, address(world, "presence"), presence__0__where=where, presence__0__use__facebook="yes")
    assert stored(world, "presence")["presence"] == [{"stakeholder": "st-1", "where": where}]


def test_a_platform_that_is_retired_stays_ticked_where_it_was(world: World, lead: Client) -> None:
    people = [{"id": "st-1", "name": "Parents"}, {"id": "st-2", "name": "Staff"}]
    rows = [{"stakeholder": "st-1", "where": "some", "use": {"x": "daily"}}]
    world.fill(stakeholders={"stakeholders": {"stakeholders": people}, "presence": {"presence": rows}})
    retiring = Platform.objects.get(key="x")
    retiring.retired = True
    retiring.save()
    page = lead.get(address(world, "presence"))
    assert form_of(page)["presence-0-use-x"] == ["yes"]
    assert not tree(page).xpath("//*[@name='presence-1-use-x']")
    send(lead, address(world, "presence"), page=page, presence__0__note="They moved on")
    assert stored(world, "presence")["presence"][0]["use"] == {"x": "daily"}


def test_drop_downs_and_boxes_name_rows_in_their_own_words(world: World, lead: Client) -> None:
    fill(world)
    page = tree(lead.get(address(world, "smart")))
    options = [option.text_content().strip() for option in page.xpath("//select[@name='smart-0-objective']/option")]
    assert options == ["Choose", *(row["statement"] for row in stored(world, "objectives")["objectives"])]
    assert page.xpath("//select[@name='smart-0-objective']/option[@selected]/@value") == ["obj-maternity"]


# What is computed.


def test_computed_lines_are_asked_for_without_storing_anything(world: World, lead: Client) -> None:
    page = lead.get(address(world, "weekly"))
    with CaptureQueriesContext(connection) as queries:
        answer = send(
            lead,
            address(world, "weekly"),
            "compute",
            page=page,
            tasks__0__task="Watch",
            tasks__0__hours="3.5",
            capacity="7",
        )
    assert answer.status_code == 200
    assert "91 hours over the cycle" in answer.content.decode()
    assert "50% of the 7 hours" in answer.content.decode()
    assert not [query["sql"] for query in queries if query["sql"].startswith(WRITES)]
    assert stored(world, "weekly") is None


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("objectives", "Every aim serves an objective"),
        ("smart", "All five SMART tests are answered"),
        ("presence", "Your top three platforms"),
        ("setup", "Hours to set up"),
        ("weekly", "over the cycle of 26 weeks"),
        ("stopping", "Time freed"),
        ("plan", "a week to publish"),
        ("proportion", "5,200 people"),
    ],
)
def test_computed_lines_stand_on_the_page(world: World, lead: Client, question: str, says: str) -> None:
    fill(world)
    assert says in words(lead.get(address(world, question)))


# Who may, and when.


def test_a_manager_reads_and_may_not_write(world: World, signed_in: SignIn) -> None:
    fill(world)
    manager = signed_in(world.manager)
    page = manager.get(address(world, "aims"))
    assert page.status_code == 200
    assert "Answer expectant parents" in words(page)
    assert not tree(page).xpath("//main//form")
    assert manager.post(address(world, "aims"), {"do": "save"}).status_code == 403
    assert stored(world, "aims") == sample()["drivers"]["aims"]


def test_strangers_find_nothing(world: World, signed_in: SignIn) -> None:
    for stranger in (world.outsider, world.nobody, world.admin):
        client = signed_in(stranger)
        assert client.get(address(world, "aims")).status_code == 404
        assert client.post(address(world, "aims"), {"do": "save", "aims-0-statement": "Mine"}).status_code == 404
    assert stored(world, "aims") is None


@pytest.mark.parametrize(
    "path",
    [
        "drivers/nothing",
        "alignment/aims",
        "nothing/aims",
        "drivers/aims/more",
        "drivers/complete",
        "drivers/%00",
        "drivers/AIMS",
    ],
)
def test_an_unknown_step_is_not_found(world: World, lead: Client, path: str) -> None:
    url = f"{hub(world)}{path}/"
    assert lead.get(url).status_code == 404
    assert lead.post(url, {"do": "save", "aims-0-statement": "Lost", "wizard_goto_step": "aims"}).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(world: World, lead: Client, method: str) -> None:
    assert getattr(lead, method)(address(world, "aims")).status_code == 405


def test_an_archived_review_is_read_only(world: World, lead: Client) -> None:
    fill(world)
    world.cycle.archived_at = timezone.now()
    world.cycle.save()
    page = lead.get(address(world, "aims"))
    assert "This review is archived" in words(page)
    assert not tree(page).xpath("//main//form")
    assert lead.post(address(world, "aims"), {"do": "save"}).status_code == 403
    assert stored(world, "aims") == sample()["drivers"]["aims"]


def test_a_complete_worksheet_is_read_until_it_is_reopened(world: World, lead: Client) -> None:
    fill(world)
    url = address(world, "aims")
    page = lead.get(url)
    assert saving.complete(Worksheet.objects.get(cycle=world.cycle, stage="drivers"), world.contributor)
    read = lead.get(url)
    assert "This worksheet is complete" in words(read)
    assert not tree(read).xpath("//main//form")

    late = send(lead, url, page=page, aims__0__statement="Written too late")
    assert late.status_code == 409
    assert "Colin Contributor completed this worksheet" in words(late)
    assert form_of(late)["aims-0-statement"] == ["written too late"]
    assert AIMS.spoken(stored(world, "aims")["aims"][0]["statement"]) != "Written too late"

    assert send(lead, url, "reopen", page=late).status_code == 302
    assert AIMS.spoken(stored(world, "aims")["aims"][0]["statement"]) == "Written too late"
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage="drivers")
    assert (worksheet.complete, worksheet.completed_at, worksheet.completed_by) == (False, None, None)


# What it costs, and what it leaves alone.


@pytest.mark.parametrize("question", KEYS)
def test_reading_takes_five_queries_and_writes_nothing(world: World, lead: Client, question: str) -> None:
    fill(world)
    before = stored(world, question)
    lead.get(address(world, question))
    for query in ("", "?reset", "?reset=1&add=aims", "?look", "?add=nothing", "?add=tasks"):
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(address(world, question) + query).status_code == 200
        # One more where another workbook may have something to offer.
        offers = any(offer.question == question for offer in STRATEGY.offers)
        assert len(queries) <= 5 + offers, [q["sql"] for q in queries]
        assert not [q["sql"] for q in queries if q["sql"].startswith(WRITES)]
    assert stored(world, question) == before


@pytest.mark.parametrize(
    ("question", "changed"),
    [("working", {"changes": "New"}), ("presence", {"local_data": "New"}), ("plan", {"items__0__what": "New"})],
)
def test_saving_takes_nine_queries(world: World, lead: Client, question: str, changed: dict[str, str]) -> None:
    fill(world)
    page = lead.get(address(world, question))
    with CaptureQueriesContext(connection) as queries:
        assert send(lead, address(world, question), page=page, **changed).status_code == 302
    assert len(queries) <= 9, [q["sql"] for q in queries]


@pytest.mark.parametrize(
    "do",
    [
        "",
        "nothing",
        ":",
        "::",
        "add",
        "add:",
        "add:nothing",
        "add:drivers",
        "up:drivers:x",
        "stay:drivers:peers",
        "add:capacity",
        "remove:leadership_evidence:x",
        "stay:aims:nothing",
        "up:presence:st-parents",
        "down:proportion:st-parents",
        "add:presence",
        "remove:presence:st-parents",
        "remove:aims:",
        "add-offers:aims",
        "stay:tasks:__class__",
        "save:a:b:c",
        "add:a\r\nb",
        "\x00",
        "reopen",
        "look",
        "next",
    ],
)
@pytest.mark.parametrize("question", ["drivers", "aims", "presence", "weekly", "proportion"])
def test_tampered_buttons_never_break_a_page(world: World, lead: Client, question: str, do: str) -> None:
    fill(world)
    before = stored(world, question)
    response = send(lead, address(world, question), do)
    assert response.status_code == 302
    assert response["Location"].startswith(hub(world))
    assert stored(world, question) == before
    assert lead.get(response["Location"]).status_code == 200


def test_a_page_left_alone_writes_nothing_and_keeps_hidden_ties(world: World, lead: Client) -> None:
    """The objective named two aims, of which one is gone for now."""
    rows = [{"id": "o", "statement": "Be heard", "level": "team", "aims": ["aim-1", "aim-2"]}]
    world.fill(**aims("Answer parents"), alignment={"objectives": {"objectives": rows}})
    url = address(world, "objectives")
    assert send(lead, url, page=lead.get(url)).status_code == 302
    assert stored(world, "objectives")["objectives"] == rows
    assert not Revision.objects.exists()


def test_a_page_left_alone_is_no_conflict_even_where_ties_are_hidden(world: World, lead: Client) -> None:
    rows = [{"id": "o", "statement": "Be heard", "level": "team", "aims": ["aim-1", "aim-2"]}]
    world.fill(**aims("Answer parents"))
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage="alignment")
    saving.save_answer(worksheet, "objectives", {"objectives": rows}, user=world.lead)
    url = address(world, "objectives")
    page = lead.get(url)
    theirs = {"objectives": [rows[0] | {"statement": "Be heard in time"}]}
    worksheet.refresh_from_db()
    saving.save_answer(worksheet, "objectives", theirs, user=world.contributor)
    assert send(lead, url, page=page).status_code == 302
    assert stored(world, "objectives") == theirs
