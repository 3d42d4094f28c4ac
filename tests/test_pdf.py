"""The PDF: that it says what the review says, is tagged and safe, is made once, and never takes the service down."""

from __future__ import annotations

import datetime
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import page as validator
import pikepdf
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.reading import form_of
from tests.world import World, sample
from worksheets import saving
from worksheets.cycles import change_details, details_of
from worksheets.fields import Scope
from worksheets.models import Cycle, Organisation, Platform, Reason, Summary, User, Worksheet
from worksheets.presentation import Table, Words
from worksheets.report import printer as printing
from worksheets.report import store
from worksheets.report.closing import Person
from worksheets.report.contents import Contents, contents
from worksheets.report.page import html_of, paperproof
from worksheets.report.press import MOST_PAGES
from worksheets.report.printer import CannotStart, Failed, Printer, TooLarge, TooManyPages, TooSlow, Unavailable
from worksheets.review import Review, Sheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
ADDRESS = "/o/nhs-anywhere/reviews/autumn-2026/summary.pdf"
PLATFORMS = {
    "facebook": "Facebook",
    "x": "X (formerly Twitter)",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "whatsapp": "WhatsApp",
    "tiktok": "TikTok",
    "blogs": "Blogs",
    "forums": "Forums",
}


def told(
    answers: dict[str, Any] | None = None, *, complete: bool = True, organisation: str = "NHS Anywhere"
) -> Contents:
    """The contents of a summary of these answers, or of the sample's, without a database."""
    answers = sample()["worksheets"] if answers is None else answers
    done = Worksheet(status="complete", completed_at=datetime.datetime(2026, 10, 20, 9, tzinfo=datetime.UTC))
    done.completed_by = User(name="Lena Lead", email="lead@example.org")
    starts, ends = datetime.date(2026, 10, 1), datetime.date(2027, 3, 31)
    scope = Scope(
        answers=answers,
        organisation=organisation,
        platforms=PLATFORMS,
        starts=starts,
        ends=ends,
        numbers=STRATEGY.numbers,
        strategy=("Trust strategy", "https://example.org/strategy"),
    )
    review = Review(STRATEGY, scope, {stage: Sheet(done) for stage in answers} if complete else {})
    cycle = Cycle(name="Autumn 2026", starts=starts, ends=ends, organisation=Organisation(name=organisation))
    people = [Person("Lena Lead", (1, 2, 3, 4, 5, 6), (1,), starts, ends, 6)]
    return contents(cycle, review, people, datetime.date(2026, 10, 21))


@pytest.fixture(scope="module")
def press() -> Iterator[Printer]:
    """A press of our own, warm for all tests of this file."""
    own = Printer()
    yield own
    own.close()


@pytest.fixture(scope="module")
def whole(press: Printer) -> bytes:
    """The PDF of the complete sample."""
    return press.print(html_of(told())).pdf


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch, press: Printer) -> Printer:
    """The press of this file in the place of the web process's own."""
    monkeypatch.setattr(store, "printer", press)
    # What was too large in one test is not in the next.
    cache.clear()
    return press


def words(pdf: bytes, first: int = 1, last: int = 0) -> str:
    """The text of a PDF, or of some of its pages, on one line."""
    pages = ["-f", str(first), *(["-l", str(last)] if last else [])]
    made = subprocess.run(["pdftotext", *pages, "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(made.stdout.decode().replace("\u200b", "").split())


def document(body: str) -> str:
    return f'<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body>{body}</body></html>'


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """All structure elements, in reading order."""
    found, waiting = [], [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element: Any = waiting.pop()
        found.append(element)
        below = element.get("/K", [])
        below = list(below) if isinstance(below, pikepdf.Array) else [below]
        waiting.extend(kid for kid in reversed(below) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid)
    return found


def kinds(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element for element in elements(pdf) if str(element.S) == f"/{kind}"]


def test_the_front_says_whose_it_is_what_it_is_for_and_the_strategy_in_three_sentences(whole: bytes) -> None:
    page_one = words(whole, 1, 1)
    assert page_one.startswith(
        "NHS Anywhere Social media strategy Autumn 2026, 1 October 2026 to 31 March 2027 Complete Issued 21 October"
    )
    for said in (
        "For comment, before it is submitted",
        "We use social media to answer expectant parents' questions",
        "are active on Facebook and Instagram, listen on WhatsApp and keep X (formerly Twitter) for emergencies.",
        "It takes 24.5 hours a week of 29 (24, and 5 freed) and £1,800 for adverts.",
        "High risks: “Someone asks for medical advice in an emergency”",
        "From 1 April 2027",
    ):
        assert said in page_one


def test_the_strategy_is_on_page_two(whole: bytes) -> None:
    page_two = words(whole, 2, 2)
    for part in (
        "The strategy on a page",
        "By using social media, NHS Anywhere aims to:",
        "Active: Facebook, Instagram",
        "Emergencies: X (formerly Twitter)",
        "24.5 hours a week of 29 (24, and 5 freed)",
        "None open",
    ):
        assert part in page_two
    assert words(whole, 3, 3).startswith("NHS Anywhere Autumn 2026 Why we use social media, and what for")


def test_a_summary_without_the_record_has_eight_pages_at_most(press: Printer) -> None:
    made = press.print(html_of(told().without_record()))
    assert made.pages <= 8
    assert "the full record" not in words(made.pdf)
    assert "How we shall know" in words(made.pdf)


def test_the_sum_of_hours_is_the_same_wherever_it_stands(whole: bytes) -> None:
    text = words(whole)
    assert text.count("24.5 hours a week of 29 (24, and 5 freed)") == 3
    assert "24 available" not in text


def test_every_answer_of_the_review_is_in_it(whole: bytes) -> None:
    text = words(whole)
    for answer in (
        "62 public reviews of the emergency department",
        "Printed quarterly newsletter",
        "7 April 2027",
        "£1,800",
    ):
        assert answer in text
    assert "Not answered yet" not in text
    for chapter in told().record:
        assert chapter.title in text


def test_what_the_team_read_is_printed_with_its_year_and_nothing_that_it_did_not(whole: bytes) -> None:
    text = words(whole)
    assert "Online Nation 2025" in text
    assert "2025 Facebook and YouTube are used at every age" in text
    assert "communications market report" not in text


def test_who_took_part_and_the_method_close_the_summary(whole: bytes) -> None:
    text = words(whole)
    assert "Lena Lead Answered questions in all six stages and completed worksheet 1" in text
    assert text.index("Who took part") < text.index("About this method") < text.index("Appendix: the full record")
    assert "Alex Talbott, 2016" in text


def test_every_page_but_the_cover_has_a_running_head_and_its_number(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        count = len(pdf.pages)
        assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]
    for number in (2, count):
        text = words(whole, number, number)
        assert "NHS Anywhere" in text
        assert f"Complete Page {number} of {count}" in text
    assert "Page" not in words(whole, 1, 1)


def test_an_unfinished_review_says_draft_and_marks_what_is_open(press: Printer) -> None:
    answers = {"drivers": sample()["worksheets"]["drivers"]}
    made = press.print(html_of(told(answers, complete=False))).pdf
    text = words(made)
    assert "Draft Issued" in words(made, 1, 1)
    assert "A draft, to be talked about" in words(made, 1, 1)
    assert "Not answered yet: our stakeholders, where they are online," in text
    assert "Not answered: question 5, stakeholders, question 6, where they are and question 7, accounts." in text
    assert "Worksheet not complete yet." in text
    for nonsense in ("0 hours", "Reaches nobody", "None yet", "Planned 0"):
        assert nonsense not in text


def test_it_passes_a_checker_of_pdf_ua(whole: bytes) -> None:
    report = validator.validate_pdf_bytes(whole)
    assert "UA_1" in str(report.profile)
    assert [failure.message for failure in report.failures] == []


def test_it_has_a_title_a_language_bookmarks_and_its_fonts_inside(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        assert pdf.docinfo["/Title"] == "Social media strategy: NHS Anywhere, Autumn 2026"
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
            assert [len(item.children) for item in outline.root[-1].children] == [2, 2, 3, 5, 6, 3]
        assert titles[0] == "The strategy on a page"
        assert titles[-3:] == ["Points to resolve", "How this was made", "Appendix: the full record"]
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_table_headers_say_what_they_head_and_ids_can_be_looked_up(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        heads = kinds(pdf, "TH")
        assert {str(head.A.Scope) for head in heads} == {"/Row", "/Column"}
        names = [str(name) for name in pdf.Root.StructTreeRoot.IDTree.Kids[0].Names[::2]]
        assert sorted(str(element.ID) for element in elements(pdf) if "/ID" in element) == sorted(names)
        pointed_at = {str(name) for cell in kinds(pdf, "TD") for name in cell.A.get("/Headers", [])}
        assert pointed_at
        assert pointed_at <= set(names)


def test_what_a_page_break_cuts_is_one_element_again(press: Printer) -> None:
    answers = sample()["worksheets"]
    tasks = [{"id": f"t{n}", "task": f"Task number {n}", "hours": n, "who": "Team"} for n in range(1, 21)]
    answers["resources"]["setup"]["tasks"] = tasks
    answers["resources"]["weekly"]["tasks"] = [{**task, "kind": "create", "who": "Team " * 60} for task in tasks]
    with pikepdf.open(io.BytesIO(press.print(html_of(told(answers))).pdf)) as pdf:
        tables = [table for table in kinds(pdf, "Table") if len(table.K) > 1]
        rows = [sum(len(part.K) for part in table.K if str(part.S) == "/TBody") for table in tables]
        assert rows.count(20) == 2
        for table in tables:
            assert [str(part.S) for part in table.K].count("/THead") == 1
            assert [str(part.S) for part in table.K].count("/TBody") == 1
        # One section for the cover, the page, each of its five chapters, the points, how it was made, and the record.
        assert len(pdf.Root.StructTreeRoot.K[0].K) == 10


def test_running_heads_are_artifacts(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        attached = {element.objgen for element in elements(pdf)}
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        for owners in list(numbers)[1::2]:
            for owner in owners if isinstance(owners, pikepdf.Array) else [owners]:
                assert not isinstance(owner, pikepdf.Dictionary) or owner.objgen in attached
        assert b"/Artifact BMC" in pdf.pages[4].Contents.read_bytes()


def test_names_in_many_scripts_are_printed_with_fonts_of_our_own(press: Printer) -> None:
    names = ["Ŵyn ap Tŷ", "Żółć Łódź", "محمد", "لاہور", "ঢাকা", "北京医院"]
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = "\n".join(names)
    made = press.print(html_of(told(answers, organisation="Ysbyty Łódź"))).pdf
    assert [failure.message for failure in validator.validate_pdf_bytes(made).failures] == []
    text = words(made)
    for name in (names[0], names[1], names[4], names[5]):
        assert name in text
    with pikepdf.open(io.BytesIO(made)) as pdf:
        fonts = {
            str(item.FontName) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
        }
    assert all("+Summary" in font for font in fonts)
    assert any("Chinese" in font for font in fonts)


def test_five_very_long_aims_stay_on_one_side(press: Printer) -> None:
    answers = sample()["worksheets"]
    ids = [f"aim-{n}" for n in range(5)]
    wide = "MANY WORDS THAT ARE WIDE and some that are not " * 40
    answers["drivers"]["aims"]["aims"] = [
        {
            "id": aim,
            "statement": wide,
            "achievable": "yes",
            "achievable_because": "x",
            "warranted": "yes",
            "warranted_because": "y",
        }
        for aim in ids
    ]
    for row in answers["alignment"]["objectives"]["objectives"]:
        row |= {"aims": ids, "statement": wide}
    for row in answers["content"]["plan"]["items"]:
        row |= {"aims": ids, "what": wide, "platforms": list(PLATFORMS)}
    for row in answers["stakeholders"]["stakeholders"]["stakeholders"]:
        row["name"] = wide[:200]
    for row in answers["evaluation"]["measures"]["measures"]:
        row["what"] = wide
    made = press.print(html_of(told(answers))).pdf
    assert "Points to resolve" in words(made, 2, 2)
    assert "…" in words(made, 2, 2)
    assert "What drives us" in words(made, 3, 3)


def test_aims_that_do_not_follow_the_pattern_are_shown_whole() -> None:
    answers = sample()["worksheets"]
    answers["drivers"]["aims"]["aims"][0]["statement"] = "Answer every question."
    page, *_ = told(answers).summary
    aims = next(block for block in page.blocks if isinstance(block, Table) and block.name == "aims")
    assert aims.rows[0][0] == "Answer every question."
    assert not [block for block in page.blocks if isinstance(block, Words)]


def test_hours_that_are_not_known_are_never_nought(press: Printer) -> None:
    answers = sample()["worksheets"]
    del answers["resources"]["weekly"]["tasks"][0]["hours"]
    text = words(press.print(html_of(told(answers))).pdf)
    assert "1 task has no hours yet" in text
    assert "It takes £1,800 for adverts." in text
    assert "0 hours a week" not in text


def test_letters_without_a_space_are_broken_and_pictures_told_by_name() -> None:
    assert paperproof("a" * 65).split("\u200b") == ["a" * 30, "a" * 30, "a" * 5]
    assert paperproof("Well done 🎉🎉 all") == "Well done (party popper) all"
    assert paperproof("Plain words, 3 March 2027.") == "Plain words, 3 March 2027."


def test_ten_thousand_emoji_print_as_their_name(press: Printer) -> None:
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = "🎉" * 10_000
    assert "(party popper)" in words(press.print(html_of(told(answers))).pdf)


def test_tags_that_people_type_are_only_text(press: Printer) -> None:
    answers = sample()["worksheets"]
    typed = '<img src="file:///etc/passwd"><script>alert(1)</script> {{ 7 * 7 }}'
    answers["resources"]["success"]["success"] = typed
    assert typed.replace("  ", " ") in words(press.print(html_of(told(answers))).pdf)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "font:../../../manage.py", "x.png"]
)
def test_the_press_fetches_nothing_from_outside(press: Printer, address: str) -> None:
    made = press.print(document(f'<p>Before</p><img src="{address}" alt="A"><p>After</p>')).pdf
    assert words(made) == "Before A After Page 1 of 1"
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert not pdf.pages[0].get_images()


def test_a_press_that_was_killed_is_replaced(press: Printer, whole: bytes) -> None:
    press.print(html_of(told()))
    assert press._press
    press._press.kill()
    press._press.wait()
    assert press.print(html_of(told())).pdf[:5] == b"%PDF-"


def test_what_takes_too_much_of_the_processor_is_ended_and_the_next_summary_prints(
    press: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.close()
    with monkeypatch.context() as hurried:
        hurried.setattr(printing, "PROCESSOR_SECONDS", 0)
        with pytest.raises(TooSlow):
            press.print(html_of(told()))
    assert press.print(html_of(told())).pages > 9


def test_more_than_fits_is_refused_before_it_costs_anything(press: Printer) -> None:
    with pytest.raises(TooLarge):
        press.print("x" * (printing.MOST_BYTES + 1))


def test_more_pages_than_a_board_can_read_are_refused(press: Printer) -> None:
    pages = '<p class="onepage">A</p>' * (MOST_PAGES + 5)
    with pytest.raises(TooManyPages):
        press.print(document(pages))


def test_the_press_is_given_no_secrets(press: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 50)
    press.close()
    press.print(html_of(told()))
    assert press._press
    environment = Path(f"/proc/{press._press.pid}/environ").read_bytes()
    assert b"SECRET_KEY" not in environment
    assert b"DATABASE" not in environment


def test_web_processes_never_load_the_renderer() -> None:
    script = (
        "import django, sys; django.setup(); import toolkit.urls; from django.urls import get_resolver; "
        "get_resolver().url_patterns; "
        "sys.exit(any(name in sys.modules for name in ('weasyprint', 'pikepdf', 'fontTools', 'pypdfium2', 'docx')))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "toolkit.settings"}
    assert subprocess.run([sys.executable, "-c", script], env=environment).returncode == 0


def test_members_of_every_role_get_the_pdf(world: World, signed_in: SignIn, shared: Printer) -> None:
    for member in (world.lead, world.contributor, world.manager):
        response = signed_in(member).get(ADDRESS)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.content[:5] == b"%PDF-"


def test_strangers_learn_nothing_about_it(world: World, signed_in: SignIn, shared: Printer) -> None:
    for stranger in (world.outsider, world.nobody, world.admin):
        assert signed_in(stranger).get(ADDRESS).status_code == 404
    assert Client().get(ADDRESS).status_code == 302
    assert signed_in(world.lead).get("/o/nhs-anywhere/reviews/nothing/summary.pdf").status_code == 404
    assert Summary.objects.count() == 0


def test_it_is_shown_or_downloaded_under_a_safe_name(world: World, signed_in: SignIn, shared: Printer) -> None:
    browser = signed_in(world.manager)
    name = 'filename="nhs-anywhere-autumn-2026-strategy-summary.pdf"'
    assert browser.get(ADDRESS).headers["Content-Disposition"] == f"inline; {name}"
    assert browser.get(f"{ADDRESS}?download=1").headers["Content-Disposition"] == f"attachment; {name}"


def test_the_same_summary_is_made_once_and_known_by_the_browser(
    world: World, signed_in: SignIn, shared: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(world.lead)
    first = browser.get(ADDRESS)
    monkeypatch.setattr(shared, "print", lambda html: pytest.fail("It was made again."))
    assert browser.get(ADDRESS).content == first.content
    again = browser.get(ADDRESS, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def rename(admin: Client, thing: User | Organisation, **fields: str) -> None:
    """Call somebody or something otherwise, as administrators do."""
    page = reverse(f"admin:worksheets_{thing._meta.model_name}_change", args=[thing.pk])
    assert admin.post(page, form_of(admin.get(page)) | fields).status_code == 302


@pytest.mark.parametrize("what", ["answer", "status", "name", "organisation", "platform", "saver", "writer"])
def test_it_is_made_again_when_something_changes(world: World, signed_in: SignIn, shared: Printer, what: str) -> None:
    Platform.objects.get_or_create(key="facebook", defaults={"name": "Facebook"})
    drivers = saving.worksheet_of(world.cycle, "drivers")
    saving.save_answer(drivers, "aims", {"aims": [{"id": "a", "statement": "Answer"}]}, user=world.contributor)
    Reason.objects.create(cycle=world.cycle, finding="aims.few", text="It is so.", written_by=world.manager)
    browser, admin = signed_in(world.lead), signed_in(world.admin)
    before = browser.get(ADDRESS).headers["ETag"]
    if what == "answer":
        saving.save_answer(drivers, "aims", {"aims": [{"id": "a", "statement": "Listen"}]}, user=world.lead)
    elif what == "status":
        assert saving.complete(drivers, world.lead)
    elif what == "name":
        change_details(world.cycle, details_of(world.cycle) | {"name": "Winter 2026"})
    elif what == "organisation":
        rename(admin, world.anywhere, name="NHS Anywhere Trust")
    elif what == "saver":
        rename(admin, world.contributor, name="Colin Newname")
    elif what == "writer":
        rename(admin, world.manager, name="Another Name")
    else:
        platform = Platform.objects.get(key="facebook")
        platform.name = "Facebook and friends"
        platform.save()
    after = browser.get(ADDRESS, headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_only_the_newest_eight_are_kept(world: World, signed_in: SignIn, shared: Printer) -> None:
    browser = signed_in(world.lead)
    drivers = saving.worksheet_of(world.cycle, "drivers")
    for n in range(9):
        saving.save_answer(drivers, "drivers", {"other_evidence": f"Reason {n}"}, user=world.lead)
        newest = browser.get(ADDRESS).headers["ETag"].strip('"')
    assert Summary.objects.count() == 8
    assert Summary.objects.filter(digest=newest).exists()


def test_a_summary_that_is_too_large_gets_a_plain_page(
    world: World, signed_in: SignIn, shared: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(html: str) -> None:
        raise TooLarge

    monkeypatch.setattr(shared, "print", refuse)
    response = signed_in(world.lead).get(ADDRESS)
    assert response.status_code == 413
    assert "This summary is too large to print" in response.content.decode()
    assert "Your answers are safe" in response.content.decode()


def test_a_press_that_fails_gets_a_plain_page(
    world: World, signed_in: SignIn, shared: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(html: str) -> None:
        raise Unavailable("It is out of order.")

    monkeypatch.setattr(shared, "print", fail)
    response = signed_in(world.lead).get(ADDRESS)
    assert response.status_code == 503
    assert "The PDF can't be made just now" in response.content.decode()
    assert "out of order" not in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "tries"),
    [
        (TooLarge(), 413, 1),
        (TooManyPages(), 413, 1),
        (TooSlow(), 503, 1),
        (Failed("It is out of order."), 503, 3),
        (Unavailable("There is no memory."), 503, 3),
        (CannotStart("It has no fonts."), 503, 3),
    ],
)
def test_only_what_is_about_the_contents_is_not_tried_again_at_once(
    world: World,
    signed_in: SignIn,
    shared: Printer,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    tries: int,
) -> None:
    tried: list[str] = []

    def fail(html: str) -> None:
        tried.append(html)
        raise error

    monkeypatch.setattr(shared, "print", fail)
    browser = signed_in(world.lead)
    assert [browser.get(ADDRESS).status_code for _ in range(3)] == [status] * 3
    assert len(tried) == tries
    # Other contents are another matter.
    saving.save_answer(saving.worksheet_of(world.cycle, "drivers"), "drivers", {"other_evidence": "A"}, user=world.lead)
    assert browser.get(ADDRESS).status_code == status
    assert len(tried) == tries + 1


def test_a_press_that_ends_for_no_fault_of_the_summary_is_replaced_once(
    press: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.print(document("<p>A</p>"))
    tried: list[int] = []

    def end(process: subprocess.Popen[bytes], message: bytes, deadline: float) -> None:
        tried.append(process.pid)
        process.kill()
        raise BrokenPipeError

    monkeypatch.setattr(press, "_send", end)
    with pytest.raises(Unavailable, match="It ended with -9"):
        press.print(document("<p>A</p>"))
    assert len(set(tried)) == 2


def test_a_press_that_is_stopped_by_a_busy_machine_is_waited_for(
    press: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.print(document("<p>A</p>"))
    assert press._press
    monkeypatch.setattr(printing, "BEAT", 0.05)
    monkeypatch.setattr(press, "meanwhile", partial(os.kill, press._press.pid, signal.SIGCONT))
    os.kill(press._press.pid, signal.SIGSTOP)
    assert press.print(document("<p>A</p>")).pages == 1


def test_a_press_that_says_nothing_is_given_up_without_blame(press: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    press.print(document("<p>A</p>"))
    assert press._press
    monkeypatch.setattr(printing, "PATIENCE", 0.05)
    os.kill(press._press.pid, signal.SIGSTOP)
    with pytest.raises(Unavailable, match="It said nothing for"):
        press.print(document("<p>A</p>"))
    monkeypatch.undo()
    assert press.print(document("<p>A</p>")).pages == 1


def test_a_press_ends_with_whoever_started_it_even_in_the_middle_of_a_summary(tmp_path: Path) -> None:
    script = (
        "import django, os; django.setup(); from worksheets.report import printer; press = printer.printer; "
        "printer.BEAT = 1; press.meanwhile = lambda: press._press and started and os.kill(os.getpid(), 9); "
        "started = False; press._open(); started = True; "
        "press.print('<html lang=en><table>' + f'<td>{\"w\" * 3_000}' * 400)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "toolkit.settings", "TMPDIR": str(tmp_path)}
    # The press writes to the same pipe: all is read only when both have ended. What it sets would take it minutes.
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, timeout=50)
    assert ended.returncode == -signal.SIGKILL
    # Nor does it leave its folder behind: they would fill the disk in the end.
    assert not list(tmp_path.glob("strategy-review-press-*"))


def spoil(what: str, patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make it impossible to start a press: its time, its program, its modules or its fonts are not there."""
    if what == "time":
        patch.setattr(printing, "STARTING", 0.01)
    elif what == "program":
        patch.setattr(sys, "executable", str(folder / "python"))
    else:
        patch.setattr(printing, "settings", SimpleNamespace(BASE_DIR=folder))
    if what in ("modules", "fonts"):
        (folder / "static" / "build" / "fonts").mkdir(parents=True)
    if what == "fonts":
        (folder / "worksheets").symlink_to(Path(printing.__file__).parents[1])


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("time", "It was not ready within 0.01 seconds."),
        ("program", "No such file or directory"),
        ("modules", "No module named 'worksheets'"),
        ("fonts", "letters.json"),
        ("folder of the fonts", "The fonts are missing: run make setup."),
    ],
)
def test_a_press_that_cannot_start_is_logged_with_its_reason(
    press: Printer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    what: str,
    reason: str,
) -> None:
    press.close()
    spoil(what, monkeypatch, tmp_path)
    with pytest.raises(CannotStart, match=reason):
        press.print(document("<p>What the review says</p>"))
    (line,) = caplog.records
    assert line.levelname == "ERROR"
    assert line.getMessage().startswith("The press cannot start: ")
    assert reason in line.getMessage()
    assert "What the review says" not in caplog.text


def test_a_press_that_ends_before_it_is_ready_is_tried_again_by_the_next_request(
    world: World, signed_in: SignIn, shared: Printer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = signed_in(world.lead)
    shared.close()
    with monkeypatch.context() as spoilt:
        spoil("modules", spoilt, tmp_path)
        response = browser.get(ADDRESS)
    assert response.status_code == 503
    assert "The PDF can't be made just now" in response.content.decode()
    assert "No module" not in response.content.decode()
    assert browser.get(ADDRESS).status_code == 200


def test_a_press_that_is_ready_writes_its_errors_where_the_web_process_does(press: Printer) -> None:
    press.print(document("<p>A</p>"))
    assert press._press
    assert os.path.samestat(os.stat(f"/proc/{press._press.pid}/fd/2"), os.fstat(2))


def test_the_command_writes_the_pdf(world: World, shared: Printer, tmp_path: Path) -> None:
    world.fill()
    file = tmp_path / "summary.pdf"
    call_command("render_summary", "nhs-anywhere/autumn-2026", "--output", str(file), verbosity=0)
    assert words(file.read_bytes(), 1, 1).startswith("NHS Anywhere Foundation Trust Social media strategy")


def test_the_command_says_what_it_needs(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Give ORGANISATION/CYCLE"):
        call_command("render_summary", "nhs-anywhere/nothing", "--output", str(tmp_path / "x.pdf"))
