"""The summary as a Word file: read again as a committee and its screen readers would."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from tests.test_pdf import told
from tests.world import World, sample
from worksheets.models import Cycle, Issued, User
from worksheets.report.contents import Contents
from worksheets.report.printer import Printer
from worksheets.report.word import pictures, typed
from worksheets.report.word.writing import Writer

SignIn = Callable[[User], Client]
ADDRESS = "/o/nhs-anywhere/reviews/autumn-2026/summary.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(scope="module")
def press() -> Iterator[Printer]:
    """The press that draws the pictures, warm for all tests of this file."""
    own = Printer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "printer", own)
        yield own
    own.close()


@pytest.fixture(scope="module")
def whole(press: Printer) -> bytes:
    """The Word file of the complete sample, with the record."""
    return typed(told()).pdf


@pytest.fixture(scope="module")
def read(whole: bytes) -> Any:
    return opened(whole)


def opened(file: bytes) -> Any:
    return docx.Document(io.BytesIO(file))


def headings(document: Any) -> list[tuple[int, str]]:
    """The headings with their levels, the title as level 0."""
    found = []
    for paragraph in document.paragraphs:
        name = paragraph.style.name
        if name == "Title" or name.startswith("Heading "):
            found.append((0 if name == "Title" else int(name.removeprefix("Heading ")), paragraph.text))
    return found


def words(document: Any) -> str:
    """All its words, those in tables and links too, on one line."""
    return " ".join("".join(part.text or "" for part in document.element.body.iter(qn("w:t"), qn("w:tab"))).split())


def of(answers: dict[str, Any]) -> Any:
    """The Word file of a review in which nothing else is answered, without pictures."""
    return opened(typed(told(answers, complete=False)).pdf)


def saying(text: str) -> Any:
    """The Word file of a review with one stakeholder of that name."""
    return of({"stakeholders": {"stakeholders": {"stakeholders": [{"id": "st-one", "name": text}]}}})


def runs_with(document: Any, text: str) -> list[Any]:
    """The runs in which a text stands."""
    return [
        run
        for run in document.element.body.iter(qn("w:r"))
        if text in "".join(t.text or "" for t in run.iter(qn("w:t")))
    ]


# What stands in it.


def test_it_has_the_parts_of_the_paper_in_their_order_as_headings(read: Any) -> None:
    contents: Contents = told()
    first = [text for level, text in headings(read) if level == 1]
    assert first == [*(part.title for part in contents.summary), "Appendix: the full record"]
    assert headings(read)[0] == (0, contents.heading)


def test_no_level_of_its_headings_is_left_out_on_the_way_down(read: Any) -> None:
    levels = [level for level, _ in headings(read)]
    assert max(levels) == 4
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_repeats_its_first_row_and_keeps_its_rows_whole(read: Any) -> None:
    assert len(read.tables) > 10
    for table in read.tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(cell.text for cell in first.cells)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in others)


def test_every_picture_says_what_it_shows(read: Any) -> None:
    told_of = [picture.get("descr") for picture in read.element.body.iter(qn("wp:docPr"))]
    assert len(told_of) == 3
    assert all(len(text) > 40 for text in told_of)
    assert len(set(told_of)) == len(told_of)


def test_its_pictures_are_as_wide_as_its_text(read: Any) -> None:
    section = read.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert all(abs(shape.width - room) < 1000 for shape in read.inline_shapes)


def test_it_is_a4_with_a_title_a_language_and_numbered_pages(read: Any) -> None:
    section = read.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert read.core_properties.title == "Social media strategy: NHS Anywhere, Autumn 2026"
    assert read.core_properties.author == "NHS Anywhere"
    default = next(read.styles.element.iter(qn("w:lang")))
    assert {default.get(qn(f"w:{kind}")) for kind in ("val", "bidi", "eastAsia")} == {"en-GB"}
    foot = section.footer.paragraphs[0]._p
    assert [field.text for field in foot.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_the_teams_own_words_are_all_there(read: Any) -> None:
    said, answers = words(read), sample()["worksheets"]
    for text in (
        answers["drivers"]["drivers"]["feedback_evidence"],
        answers["alignment"]["smart"]["smart"][0]["measure"],
        answers["content"]["plan"]["items"][0]["what"],
        answers["evaluation"]["judgement"]["so_what"],
    ):
        assert " ".join(text.split()) in said


def test_without_the_record_it_ends_with_the_paper(press: Printer) -> None:
    document = opened(typed(told().without_record()).pdf)
    assert "Appendix: the full record" not in words(document)
    assert [text for level, text in headings(document) if level == 1][-1] == told().summary[-1].title


def test_what_was_read_can_be_followed(read: Any) -> None:
    links = {part.target_ref for part in read.part.rels.values() if part.is_external}
    assert {"https://example.org/strategy", "https://www.ofcom.org.uk/"} <= links


# What people type.


@pytest.mark.parametrize(
    ("typed_in", "there"),
    [
        ("<script>alert(1)</script> & 'so'", "<script>alert(1)</script> & 'so'"),
        ("Half a letter \ud83d here", "Half a letter here"),
        ("A bell \x07 and \x00 nothing", "A bell and nothing"),
        ("Parents 👩‍👧 and carers", "Parents 👩‍👧 and carers"),
        ("x" * 300, "x" * 300),
        ("]]> &amp; %s {{ 7*7 }}", "]]> &amp; %s {{ 7*7 }}"),
    ],
    ids=["markup", "half a letter", "control characters", "picture letters", "no blanks", "other markup"],
)
def test_whatever_is_typed_stands_there_and_breaks_nothing(press: Printer, typed_in: str, there: str) -> None:
    assert there in words(saying(typed_in))


def test_text_from_right_to_left_is_told_to_be(press: Printer) -> None:
    *_, answer = runs_with(saying("آباء وأمهات"), "آباء")
    assert answer.rPr.find(qn("w:rtl")) is not None


def test_a_paragraph_and_a_cell_of_such_text_start_at_the_right() -> None:
    document = docx.Document()
    writer = Writer(document, "en-GB", {})
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    writer.cell(cell, "آباء وأمهات", written=True, numeric=True)
    writer.paragraph("آباء وأمهات", written=True)
    writer.paragraph("Parents", written=True)
    kinds = [one.tag for one in cell.paragraphs[0]._p.pPr]
    assert kinds.index(qn("w:bidi")) < kinds.index(qn("w:jc"))
    right, left = document.paragraphs[-2:]
    assert right._p.pPr.find(qn("w:bidi")) is not None
    assert left._p.pPr.find(qn("w:bidi")) is None


def test_chinese_stands_there_as_it_was_typed(press: Printer) -> None:
    assert "准父母和家庭" in words(saying("准父母和家庭"))


def test_names_that_no_file_can_hold_do_not_break_its_head_or_properties(press: Printer) -> None:
    named = replace(told({}, complete=False), organisation="Trust \x07" + "n" * 300, cycle="Autumn \ud83d")
    document = opened(typed(named).pdf)
    assert document.sections[0].header.paragraphs[0].text.startswith("Trust nnn")
    assert len(document.core_properties.author) == 255


def test_word_does_not_open_it_in_a_mode_for_old_files(read: Any) -> None:
    modes = [
        setting.get(qn("w:val"))
        for setting in read.settings.element.iter(qn("w:compatSetting"))
        if setting.get(qn("w:name")) == "compatibilityMode"
    ]
    assert modes == ["15"]


def test_a_link_looks_like_one(read: Any) -> None:
    links = list(read.element.body.iter(qn("w:hyperlink")))
    assert links
    assert all(link.find(qn("w:r")).rPr.find(qn("w:u")) is not None for link in links)


def test_a_long_label_stands_above_its_answer(read: Any) -> None:
    for paragraph in read.paragraphs:
        if paragraph.style.name == "Answer":
            label = paragraph.runs[0].text
            assert paragraph.runs[1].text == ("\n" if len(label) > 25 else "\t"), label


def test_a_team_that_writes_in_another_language_says_so_in_word_too(press: Printer) -> None:
    answers = {"stakeholders": {"stakeholders": {"stakeholders": [{"id": "st-one", "name": "Rhieni newydd"}]}}}
    document = opened(typed(replace(told(answers, complete=False), language="cy")).pdf)
    # Sentences of ours that name them stay English.
    theirs = [run for run in runs_with(document, "Rhieni newydd") if run.xpath("string(w:t)") == "Rhieni newydd"]
    assert theirs
    for run in theirs:
        assert run.rPr.find(qn("w:lang")).get(qn("w:val")) == "cy"


def test_an_empty_draft_is_a_paper_too(press: Printer) -> None:
    said = words(of({}))
    assert "Draft" in said
    assert "fit together" not in said
    assert "0 hours" not in said


# Who gets it.


def got(response: HttpResponse) -> Any:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == WORD
    return opened(response.content)


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_everybody_of_the_organisation_gets_it_by_its_name(
    world: World, signed_in: SignIn, press: Printer, who: str
) -> None:
    world.fill()
    response = signed_in(getattr(world, who)).get(f"{ADDRESS}?record=no")
    assert "Autumn 2026" in words(got(response))
    assert 'filename="nhs-anywhere-autumn-2026-strategy-summary.docx"' in response.headers["Content-Disposition"]


@pytest.mark.parametrize("who", ["outsider", "nobody"])
def test_nobody_else_learns_that_it_is_there(world: World, signed_in: SignIn, who: str) -> None:
    world.fill()
    assert signed_in(getattr(world, who)).get(ADDRESS).status_code == 404


def test_it_is_made_once_and_anew_when_an_answer_changes(world: World, signed_in: SignIn, press: Printer) -> None:
    world.fill()
    lead = signed_in(world.lead)
    first = lead.get(f"{ADDRESS}?record=no")
    again = lead.get(f"{ADDRESS}?record=no", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["ETag"] != lead.get(ADDRESS).headers["ETag"]


def test_beside_what_was_issued_it_says_that_it_is_a_copy_to_edit(
    world: World, signed_in: SignIn, press: Printer
) -> None:
    world.fill()
    world.cycle.worksheets.update(status="complete")
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    Issued.objects.create(cycle=world.cycle, pdf=b"%PDF", sha256="0" * 64, issued_by=world.manager)
    foot = got(signed_in(world.manager).get(f"{ADDRESS}?record=no")).sections[0].footer.paragraphs[0].text
    assert foot.startswith("Copy to edit")


def test_a_command_writes_it_for_whoever_has_the_machine(world: World, press: Printer, tmp_path: Path) -> None:
    world.fill()
    file = tmp_path / "summary.docx"
    call_command("render_summary", "nhs-anywhere/autumn-2026", "--output", str(file), "--without-record", verbosity=0)
    assert "Appendix" not in words(opened(file.read_bytes()))


# Another programme than ours opens it.


def test_an_office_programme_opens_it(whole: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not on this machine: nothing but python-docx has read the Word file")
    file = tmp_path / "summary.docx"
    file.write_bytes(whole)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    # The fonts of the machine are for it, and none are for our press: what that was told is not passed on.
    own = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    # Its first start with a new profile does not always come to the end.
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, timeout=240, text=True, env=own)
        if done.returncode == 0:
            break
    assert done.returncode == 0, done.stderr
    made = subprocess.run(["pdftotext", str(tmp_path / "summary.pdf"), "-"], check=True, capture_output=True)
    said = " ".join(made.stdout.decode().split())
    assert "The strategy on a page" in said
    assert "Appendix: the full record" in said
