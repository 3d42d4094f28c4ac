"""A workbook of two questions is walked from the start page to its PDF, and no line of the engine knows it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.books import BOARD
from tests.reading import error_messages, send, tree, words
from tests.world import World
from worksheets.models import Cycle, Decision, Issued, User
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

SignIn = Callable[[User], Client]
START = "/o/nhs-anywhere/boards/"
HERE = f"{START}spring/"


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """The workbook among the others, for one test."""
    monkeypatch.setitem(WORKBOOKS, BOARD.key, BOARD)
    return BOARD


@pytest.fixture
def lead(world: World, board: Workbook, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


@pytest.fixture
def started(lead: Client) -> Cycle:
    """A check that has just been started."""
    dates = {"starts__day": "1", "starts__month": "3", "starts__year": "2027"}
    dates |= {"ends__day": "31", "ends__month": "5", "ends__year": "2027"}
    send(lead, f"{START}new/", name="Spring", **dates)
    return Cycle.objects.get(slug="spring")


def answer(client: Client, here: str = HERE, **more: Any) -> None:
    """Answer both questions on the check at an address."""
    page = client.get(f"{here}board/notices/")
    first = {"notices__0__title": "Wash your hands", "notices__0__target": "80 visitors a day"}
    assert send(client, f"{here}board/notices/", page=page, **(first | more)).status_code == 302
    assert send(client, f"{here}board/readers/", readers="yes", because="We asked.").status_code == 302


def completed(client: Client, here: str = HERE) -> None:
    answer(client, here)
    assert send(client, f"{here}board/", "complete").status_code == 302


def test_the_start_page_offers_it_and_a_lead_starts_one(world: World, lead: Client) -> None:
    start = lead.get("/o/nhs-anywhere/")
    assert tree(start).xpath("//main//a[@href=$to]", to=START)
    page = words(lead.get(START))
    assert "noticeboard check" in page
    answered = send(lead, f"{START}new/")
    assert answered.status_code == 302
    hub = lead.get(answered["Location"])
    # The review of this autumn has the name of the season: names are taken over all workbooks.
    assert "Autumn 2026, noticeboard check" in words(hub)
    assert "0 of 2 questions answered. About 10 minutes left." in words(hub)
    assert "1. The noticeboard" in words(hub)


def test_its_cycles_and_those_of_the_review_stay_apart(world: World, lead: Client, started: Cycle) -> None:
    assert "Spring" in words(lead.get(START))
    assert "Autumn 2026" not in words(lead.get(START))
    assert "Spring" not in words(lead.get("/o/nhs-anywhere/reviews/"))
    assert lead.get("/o/nhs-anywhere/reviews/spring/").status_code == 404
    assert lead.get("/o/nhs-anywhere/boards/autumn-2026/").status_code == 404
    assert lead.get("/o/nhs-anywhere/boards/spring/compare/?with=autumn-2026").status_code == 404
    assert "Spring" not in words(lead.get("/o/nhs-anywhere/trend/"))
    # The next one is due three months on, whatever the reviews do.
    assert "1 June 2027" in words(lead.get(START))


def test_its_questions_are_answered_and_saved(started: Cycle, lead: Client) -> None:
    page = lead.get(f"{HERE}board/notices/")
    assert "Stage 1 of 1: the noticeboard. Question 1 of 2" in words(page)
    saved = send(lead, f"{HERE}board/notices/", page=page, notices__0__title="Wash your hands")
    assert saved["Location"] == f"{HERE}board/readers/"
    assert "1 of 2 questions answered" in words(lead.get(HERE))
    assert "Wash your hands" in words(lead.get(f"{HERE}board/readers/"))


def test_two_people_at_once_see_both_texts(world: World, started: Cycle, lead: Client, signed_in: SignIn) -> None:
    colin = signed_in(world.contributor)
    mine, theirs = lead.get(f"{HERE}board/readers/"), colin.get(f"{HERE}board/readers/")
    send(colin, f"{HERE}board/readers/", page=theirs, readers="no", because="Nobody stops there.")
    clash = send(lead, f"{HERE}board/readers/", page=mine, readers="yes", because="They told us.")
    assert clash.status_code == 409
    assert "Colin Contributor saved this question while you were writing" in words(clash)
    assert "Nobody stops there." in words(clash)
    kept = send(lead, f"{HERE}board/readers/", "resolve", page=clash)
    assert kept.status_code == 302
    assert started.worksheets.get().answers["readers"]["because"] == "They told us."


def test_its_history_is_kept_and_an_older_answer_comes_back(started: Cycle, lead: Client) -> None:
    for why in ("First", "Second"):
        send(lead, f"{HERE}board/readers/", readers="yes", because=why)
    history = lead.get(f"{HERE}history/readers/")
    assert "History of question 2 of 2" in words(history)
    (back,) = tree(history).xpath("//a[contains(., 'Bring this answer back')]/@href")
    assert send(lead, back).status_code == 302
    assert started.worksheets.get().answers["readers"]["because"] == "First"
    assert "Lena Lead saved question 2, readers" in words(lead.get(f"{HERE}activity/"))


def test_its_points_are_found_and_answered_with_a_reason(started: Cycle, lead: Client) -> None:
    send(lead, f"{HERE}board/readers/", readers="no")
    points = lead.get(f"{HERE}points/")
    assert "Nobody reads your notices. Change them in question 1." in words(points)
    assert "Change this answer: question 2, read" in words(points)
    assert send(lead, f"{HERE}points/", text="The law asks for them.").status_code == 302
    assert "The law asks for them." in words(lead.get(f"{HERE}points/"))


def test_what_is_missing_is_said_before_it_is_completed(started: Cycle, lead: Client) -> None:
    page = send(lead, f"{HERE}board/", "complete")
    assert page.status_code == 400
    assert error_messages(page) == [
        "Question 1, notices: Add at least one notice",
        "Question 2, readers: Choose whether anybody reads them",
    ]
    completed(lead)
    assert "The worksheet is complete." in words(lead.get(HERE))
    assert "2 of 2 questions answered" in words(lead.get(HERE))


def test_members_talk_about_it(world: World, started: Cycle, lead: Client, signed_in: SignIn) -> None:
    mary = signed_in(world.manager)
    assert send(mary, f"{HERE}comments/readers/", "comment", text="How many is that?").status_code == 302
    assert "Question 2, Readers" in words(lead.get(f"{HERE}comments/"))
    assert lead.get(f"{HERE}comments/aims/").status_code == 404


def test_it_is_signed_off_and_its_file_is_kept(world: World, started: Cycle, lead: Client, signed_in: SignIn) -> None:
    completed(lead)
    assert send(lead, f"{HERE}submit/", "submit").status_code == 302
    mary = signed_in(world.manager)
    assert "Spring" in words(mary.get(START))
    assert send(mary, f"{HERE}decide/", "sign-off").status_code == 302
    issued = Issued.objects.get(cycle=started)
    assert bytes(mary.get(f"{HERE}summary.pdf").content) == bytes(issued.pdf)
    with pikepdf.open(io.BytesIO(bytes(issued.pdf))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Noticeboard plan: NHS Anywhere Foundation Trust, Spring"
    assert Decision.objects.filter(cycle=started).count() == 2


def test_a_workbook_that_is_only_completed_has_no_sign_off(
    monkeypatch: pytest.MonkeyPatch, started: Cycle, lead: Client
) -> None:
    completed(lead)
    monkeypatch.setitem(WORKBOOKS, BOARD.key, replace(BOARD, decided=False))
    for page in ("submit", "decide", "revise", "conclusion"):
        assert lead.get(f"{HERE}{page}/").status_code == 404
        assert lead.post(f"{HERE}{page}/").status_code == 404
    hub = lead.get(HERE)
    assert "Sign-off" not in words(hub)
    assert not [link for link in tree(hub).xpath("//a/@href") if link.endswith("/submit/")]


def test_a_private_one_is_seen_by_whoever_started_it_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, started: Cycle, lead: Client, signed_in: SignIn
) -> None:
    monkeypatch.setitem(WORKBOOKS, BOARD.key, replace(BOARD, private=True))
    Cycle.objects.filter(pk=started.pk).update(owner=world.lead)
    assert lead.get(HERE).status_code == 200
    colin = signed_in(world.contributor)
    for page in ("", "board/", "board/readers/", "summary/", "summary.pdf", "points/", "activity/", "history/readers/"):
        assert colin.get(f"{HERE}{page}").status_code == 404, page
    assert colin.post(f"{HERE}board/readers/", {"readers": "yes"}).status_code == 404
    assert "Spring" not in words(colin.get(START))
    assert "Spring" in words(lead.get(START))


def test_the_next_one_carries_the_answers_forward_and_looks_back(started: Cycle, lead: Client) -> None:
    answer(lead)
    begun = send(lead, f"{HERE}next/", name="Summer", begin="carried")
    assert begun.status_code == 302
    here = begun["Location"]
    assert "First, looking back" in words(lead.get(here))
    assert "0 of 1 notices looked back at" in words(lead.get(here))
    told = {"actual": "70", "met": "partly", "so_what": "Some do.", "decision": "keep", "lesson": "Larger letters."}
    done = send(lead, f"{here}looking-back/", **{f"promises__0__{name}": text for name, text in told.items()})
    assert done.status_code == 302
    assert "Larger letters." in words(lead.get(f"{here}board/notices/"))
    assert "hold" in buttons_of(lead.get(f"{here}board/"))
    assert send(lead, f"{here}board/readers/").status_code == 302
    assert "1 of 2 questions answered" in words(lead.get(here))


def buttons_of(page: Any) -> list[str]:
    return [button.get("value") for button in tree(page).xpath("//button[@name='do']")]


def test_two_of_them_stand_side_by_side_and_all_in_a_line(started: Cycle, lead: Client) -> None:
    answer(lead)
    begun = send(lead, f"{HERE}next/", name="Summer", begin="carried")["Location"]
    page = lead.get(f"{begun}board/readers/")
    send(lead, f"{begun}board/readers/", page=page, readers="unsure")
    compared = words(lead.get(f"{begun}compare/"))
    assert "Summer compared with Spring" in compared
    assert "1 of the 2 questions has a different answer." in compared
    trend = words(lead.get("/o/nhs-anywhere/trend/boards/"))
    assert "Notices" in trend
    assert "Hours a week" not in trend


def test_it_goes_out_as_json_and_comes_in_again(started: Cycle, lead: Client) -> None:
    answer(lead)
    data = lead.get(f"{HERE}review.json").content
    assert json.loads(data)["format"] == "noticeboard/1"
    answers = started.worksheets.get().answers
    Cycle.objects.filter(pk=started.pk).delete()
    out = io.StringIO()
    call_command("import_review", write(data), stdout=out)
    again = Cycle.objects.get(slug="spring")
    assert (again.workbook, again.worksheets.get().answers) == ("noticeboard", answers)
    assert lead.get(f"{HERE}review.json").content == data


def test_a_file_of_an_unknown_workbook_is_refused(started: Cycle, lead: Client) -> None:
    answer(lead)
    document = json.loads(lead.get(f"{HERE}review.json").content)
    for unknown in ("noticeboard/2", "", None, 1, ["noticeboard/1"]):
        with pytest.raises(CommandError, match="format: must be"):
            call_command("import_review", write(json.dumps(document | {"format": unknown}).encode()))
    file = write(json.dumps(document | {"format": "strategy-review/1", "worksheets": {}}).encode())
    with pytest.raises(CommandError, match="cannot become"):
        call_command("import_review", file, "--replace")


def write(data: bytes) -> str:
    """A file with these bytes; its path."""
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".json", delete=False) as file:
        file.write(data)
    return file.name


def test_a_cycle_whose_workbook_is_gone_is_not_found_and_never_written_empty(
    monkeypatch: pytest.MonkeyPatch, started: Cycle, lead: Client
) -> None:
    answer(lead)
    monkeypatch.delitem(WORKBOOKS, BOARD.key)
    assert lead.get(HERE).status_code == 404
    assert lead.get(START).status_code == 404
    with pytest.raises(CommandError, match="workbook"):
        call_command("export_review", "nhs-anywhere/spring")


def test_its_pdf_has_its_own_front_and_its_chapters(started: Cycle, lead: Client) -> None:
    answer(lead)
    page = lead.get(f"{HERE}summary/")
    headings = [heading.text_content().strip() for heading in tree(page).xpath("//h2")]
    assert [heading for heading in headings if heading not in ("Contents", "Who took part", "Support links")] == [
        "The board on a page",
        "Points to resolve",
        "How this was made",
        "The full record",
    ]
    assert "Noticeboard plan" in words(page)
    pdf = lead.get(f"{HERE}summary.pdf")
    assert pdf.status_code == 200
    assert 'filename="nhs-anywhere-spring-summary.pdf"' in pdf.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        assert len(opened.pages) >= 3
