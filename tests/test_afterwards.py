"""What is asked after sign-off, and the paper that comes of it: an engagement plan is agreed, run and told back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as Word

from tests.reading import error_messages, send, tree, words
from tests.world import World
from worksheets import interchange, saving
from worksheets.access import visit_cycle
from worksheets.cycles import start_cycle
from worksheets.models import Cycle, Issued, Printing, User
from worksheets.signoff import decisions
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.engagement import ENGAGEMENT

SignIn = Callable[[User], Client]
SAID = {"heard__0__heard": "Six is too early <b>", "heard__0__changed": "We open until eight", "do": "save"}


@pytest.fixture
def plan(world: World) -> Cycle:
    """A plan of which all is answered and complete but what people said."""
    assert ENGAGEMENT.sample
    incoming = interchange.read(ENGAGEMENT.sample.read_bytes())
    cycle = start_cycle(world.anywhere, ENGAGEMENT, "Evening clinics", incoming.starts, incoming.ends, world.lead)
    for stage in ENGAGEMENT.before_decision:
        sheet = saving.worksheet_of(cycle, stage.key)
        for question, answer in incoming.answers[stage.key].items():
            saving.save_answer(sheet, question, answer, user=world.lead)
        saving.complete(sheet, world.lead)
    return cycle


@pytest.fixture
def agreed(plan: Cycle, world: World, printed: list[str]) -> Cycle:
    """The plan, signed off."""
    where = ("nhs-anywhere", ENGAGEMENT, plan.slug)
    submission = decisions.submit(visit_cycle(world.lead, *where))
    decisions.sign_off(visit_cycle(world.manager, *where), submission.pk, "Agreed.", timezone.now())
    plan.refresh_from_db()
    assert plan.state == Cycle.State.SIGNED_OFF
    return plan


def at(name: str, cycle: Cycle, *more: str) -> str:
    return reverse(name, args=["nhs-anywhere", ENGAGEMENT, cycle.slug, *more])


def heard(client: Client, cycle: Cycle) -> int:
    """Say what was heard, and what the answer to that is."""
    return send(client, at("question", cycle, "close", "heard"), **{"heard__0__id": "h-1", **SAID}).status_code


def test_it_is_not_needed_to_submit_and_says_when_it_comes(world: World, plan: Cycle, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    hub = words(lead.get(at("hub", plan)))
    assert "5 of 5 questions answered. All four worksheets are complete." in hub
    assert "For after the sign-off" in hub
    assert "Submit for sign-off" in hub
    assert send(lead, at("submit", plan), "submit").status_code == 302
    plan.refresh_from_db()
    assert plan.state == Cycle.State.SUBMITTED


def test_the_team_answers_it_once_all_else_is_signed_off(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    lead, colin = signed_in(world.lead), signed_in(world.contributor)
    hub = words(lead.get(at("hub", agreed)))
    assert "Continue: question 6" in hub
    assert "5 of 6 questions answered" in hub
    assert "Evening clinics" in words(lead.get("/o/nhs-anywhere/"))
    assert heard(colin, agreed) == 302
    assert send(lead, at("check", agreed, "close"), "complete").status_code == 302
    assert "All five worksheets are complete." in words(lead.get(at("hub", agreed)))
    assert "Read the plan on a page" in words(lead.get(at("hub", agreed)))


def test_nobody_else_does_and_nothing_else_is_open(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    page = {"heard-0-id": "h-1", "heard-0-heard": "Mine", "do": "save"}
    assert signed_in(world.manager).post(at("question", agreed, "close", "heard"), page).status_code == 403
    lead = signed_in(world.lead)
    for stage in ENGAGEMENT.before_decision:
        question = stage.questions[0].key
        assert lead.post(at("question", agreed, stage.key, question), {"do": "save"}).status_code == 403
        assert lead.post(at("check", agreed, stage.key), {"do": "reopen"}).status_code == 403
    Cycle.objects.filter(pk=agreed.pk).update(archived_at=timezone.now())
    assert lead.post(at("question", agreed, "close", "heard"), page).status_code == 403


def test_while_somebody_decides_it_waits_too(world: World, plan: Cycle, signed_in: SignIn) -> None:
    decisions.submit(visit_cycle(world.lead, "nhs-anywhere", ENGAGEMENT, plan.slug))
    page = {"heard-0-id": "h-1", "heard-0-heard": "Mine", "do": "save"}
    assert signed_in(world.lead).post(at("question", plan, "close", "heard"), page).status_code == 403


def test_the_file_that_was_issued_stays_as_it_is(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    before = bytes(Issued.objects.get(cycle=agreed).pdf)
    lead = signed_in(world.lead)
    assert heard(lead, agreed) == 302
    assert lead.get(at("summary-pdf", agreed)).content == before
    assert "Six is too early" in words(lead.get(at("summary", agreed)))


def test_a_worksheet_that_is_complete_says_so_and_can_be_opened_again(
    world: World, agreed: Cycle, signed_in: SignIn
) -> None:
    lead = signed_in(world.lead)
    heard(lead, agreed)
    send(lead, at("check", agreed, "close"), "complete")
    assert "This worksheet is complete." in words(lead.get(at("question", agreed, "close", "heard")))
    assert lead.post(at("check", agreed, "close"), {"do": "reopen"}).status_code == 302
    assert heard(lead, agreed) == 302
    assert error_messages(lead.get(at("question", agreed, "close", "heard"))) == []


# The paper.


def test_the_paper_says_what_comes_first_and_has_no_file_before(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    page = lead.get(at("document", agreed, "you-said"))
    assert "Say first what you heard and what changed, in question 6." in words(page)
    assert not tree(page).xpath("//main//a[contains(@href, '.pdf')]")
    assert lead.get(at("document-pdf", agreed, "you-said")).status_code == 404
    assert lead.get(at("document", agreed, "nothing")).status_code == 404
    assert lead.get(at("document-pdf", agreed, "nothing")).status_code == 404


def test_the_hub_leads_to_it_once_there_is_something_of_it(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    assert "You said, we did" not in words(lead.get(at("hub", agreed)))
    heard(lead, agreed)
    send(lead, at("check", agreed, "close"), do="complete")
    assert "Read “You said, we did”" in words(lead.get(at("hub", agreed)))


def test_it_is_a_page_and_html_to_paste_in_which_all_is_escaped(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    heard(lead, agreed)
    for person in (world.lead, world.contributor, world.manager):
        page = signed_in(person).get(at("document", agreed, "you-said"))
        assert "Six is too early <b>" in words(page)
    [html] = tree(page).xpath("//textarea/text()")
    assert "Six is too early &lt;b&gt;" in html
    assert "class=" not in html
    assert '<th scope="col">You said</th>' in html
    # Nobody's name is in it: neither of those who run it nor of those who help.
    for name in ("Priya", "Tom Ellis", "Grace Obi", "Owen", "Shirin", "Women's Group"):
        assert name not in html


def test_it_is_one_side_of_a4_and_a_word_file(world: World, agreed: Cycle, signed_in: SignIn) -> None:
    heard(signed_in(world.lead), agreed)
    made = signed_in(world.manager).get(at("document-word", agreed, "you-said"))
    assert made["Content-Disposition"].endswith('you-said.docx"')
    written = Word(io.BytesIO(made.content))
    assert "You said, we did" in [paragraph.text for paragraph in written.paragraphs]
    assert "Six is too early <b>" in [cell.text for cell in written.tables[0].column_cells(0)]


def test_it_is_printed_through_the_queue_beside_the_summary(
    world: World, agreed: Cycle, signed_in: SignIn, printed: list[str]
) -> None:
    lead = signed_in(world.lead)
    heard(lead, agreed)
    asked = Printing.objects.count()
    first = lead.get(at("document-pdf", agreed, "you-said"))
    assert first.status_code == 200
    assert "Six is too early &lt;b&gt;" in printed[-1]
    assert Printing.objects.count() == asked + 1
    again = lead.get(at("document-pdf", agreed, "you-said"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert Printing.objects.latest("pk").document == "you-said"
    send(lead, at("question", agreed, "close", "heard"), heard__0__changed="We open until nine")
    lead.get(at("document-pdf", agreed, "you-said"))
    assert "We open until nine" in printed[-1]


def test_a_file_of_a_plan_that_is_over_says_what_was_not_told_back(db: None, tmp_path: Path) -> None:
    assert ENGAGEMENT.sample
    filled = json.loads(ENGAGEMENT.sample.read_text(encoding="utf-8"))
    filled["cycle"] |= {"starts": "2026-01-05", "ends": "2026-04-30"}
    del filled["worksheets"]["close"]["heard"]["heard"][0]["told_on"]
    file, out = tmp_path / "plan.json", io.StringIO()
    file.write_text(json.dumps(filled), encoding="utf-8")
    call_command("check_review", str(file), stdout=out)
    assert "close.not-told-back" in out.getvalue()


# Files of every format.


@pytest.mark.parametrize("key", [key for key, workbook in WORKBOOKS.items() if workbook.sample])
def test_the_commands_take_files_of_every_workbook(db: None, key: str, tmp_path: Path) -> None:
    workbook, out = WORKBOOKS[key], io.StringIO()
    assert workbook.sample
    call_command("import_review", str(workbook.sample), stdout=out, stderr=io.StringIO())
    stored = out.getvalue().strip()
    exported, again = tmp_path / "exported.json", tmp_path / "again.json"
    call_command("export_review", stored, output=exported)
    call_command("import_review", str(exported), replace=True, stdout=io.StringIO(), stderr=io.StringIO())
    call_command("export_review", stored, output=again)
    assert exported.read_bytes() == again.read_bytes()
    checked = io.StringIO()
    call_command("check_review", str(workbook.sample), stdout=checked)
    assert "no points" in checked.getvalue()
    pdf = tmp_path / "page.pdf"
    call_command("render_summary", stored, output=str(pdf), without_record=True, stdout=io.StringIO())
    with pikepdf.open(pdf) as read:
        assert workbook.on_a_page == (len(read.pages) == 1)
        assert "/StructTreeRoot" in read.Root
        assert str(read.docinfo["/Title"]).startswith(workbook.title)
