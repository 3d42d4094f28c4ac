"""A document of policies on paper, in Word and as HTML: one thing said, and read again as its readers would."""

from __future__ import annotations

import datetime
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import page as validator
import pikepdf
import pytest
from docx.oxml.ns import qn

from tests import tagged
from tests.tagged import Said as Heard
from worksheets import texts
from worksheets.policies.facts import HOLES, Facts
from worksheets.policies.library import DOCUMENTS, Document, wording
from worksheets.policies.paper import blocks_of, paper_of
from worksheets.policies.said import Said, SaidClause
from worksheets.presentation import Listing, Words
from worksheets.report.page import html_of_paper
from worksheets.report.printer import Printer
from worksheets.report.word import paper_typed

DAY = datetime.date(2027, 3, 3)
ARABIC = "نحن نستمع إلى المجتمع العربي في مانشستر ونجيب عن الأسئلة خلال يوم واحد."
WELSH = "Rydym yn gwrando yn gyntaf, ac yn ateb o fewn un diwrnod."
LONG, SHORT = DOCUMENTS["staff-policy"], DOCUMENTS["personal-use"]
WORDS = """We want staff to use social media. It is where many of the people we care for are, and those who use it well
learn from it.

Before you post for the organisation:

- ask whether the post helps somebody outside the organisation
- leave out everything by which a patient, a relative or a colleague could be known, even
  without a name
- read it once more

If in doubt, ask the communications team: comms@example.org."""


def document(count: int = 18, **changes: Any) -> Said:
    """A long document with a table at each end, issued."""
    headings = ("Why we have this policy", "Whom it covers", "Confidentiality, consent and pictures of people")
    return replace(
        Said(
            document="staff-policy",
            title="Social media policy for staff",
            organisation="NHS Anywhere Foundation Trust",
            version=2,
            state="Approved and issued",
            control=(
                ("Number", "HR-042"),
                ("Owner", "Lena Lead, Head of Communications"),
                ("Approved by", "Policy committee, on 1 March 2027"),
                ("Next review", "3 March 2028"),
                ("Asked before", "People team; staff side; information governance"),
                ("Equality assessment", "14 February 2027"),
                ("Privacy assessment", ""),
            ),
            clauses=tuple(
                SaidClause(f"clause-{n}", headings[n % 3], WORDS if n % 2 else WORDS.partition("\n\n")[0])
                for n in range(count)
            ),
            history=(
                ("2", "3 March 2027", "Messaging apps are covered."),
                ("1", "1 May 2025", "First version."),
            ),
            issued_on="3 March 2027",
        ),
        **changes,
    )


def draft(**changes: Any) -> Said:
    return document(**{"state": "Draft", "issued_on": "", **changes})


def saying(words: str, *, own: bool = True, language: str = "en-GB") -> Said:
    """A document of one clause."""
    return document(1, clauses=(SaidClause("one", "What we do", words, own),), language=language)


@pytest.fixture(scope="module")
def press() -> Iterator[Printer]:
    own = Printer()
    yield own
    own.close()


@pytest.fixture(scope="module")
def whole(press: Printer) -> bytes:
    return press.print(html_of_paper(paper_of(document(), LONG, DAY))).pdf


@pytest.fixture(scope="module")
def typed() -> bytes:
    return paper_typed(paper_of(document(), LONG, DAY)).pdf


@pytest.fixture(scope="module")
def read(typed: bytes) -> Any:
    return docx.Document(io.BytesIO(typed))


def pages(pdf: bytes) -> list[str]:
    """What each page says, running heads and all."""
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def heard(pdf: bytes) -> list[Heard]:
    """What a screen reader says of it."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return list(tagged.said(file))


# The words of a clause.


def test_paragraphs_and_lists_are_all_that_is_markdown_in_a_clause() -> None:
    assert blocks_of(WORDS) == (
        Words(
            "We want staff to use social media. It is where many of the people we care for are, and those who use it "
            "well learn from it."
        ),
        Words("Before you post for the organisation:"),
        Listing(
            (
                "ask whether the post helps somebody outside the organisation",
                "leave out everything by which a patient, a relative or a colleague could be known, even without a "
                "name",
                "read it once more",
            )
        ),
        Words("If in doubt, ask the communications team: comms@example.org."),
    )
    for sign in ("**Never** share", "# 1 rule", "[our page](https://example.org)", "-5 degrees", "a - b", "1. First"):
        assert blocks_of(sign) == (Words(sign),)


def test_a_list_needs_no_blank_line_and_survives_one() -> None:
    assert blocks_of("Ask:\n- one\n\n- two\nThen go on.", own=True) == (
        Words("Ask:", "written"),
        Listing(("one", "two"), written=True),
        Words("Then go on.", "written"),
    )
    assert blocks_of("") == blocks_of(" \n\n ") == ()


# The PDF.


def test_the_pdf_has_the_tables_at_its_ends_and_numbered_clauses_between(whole: bytes) -> None:
    headings = [one.text for one in heard(whole) if one.kind == "H2"]
    assert headings[0] == "About this document"
    assert headings[1] == "1. Why we have this policy"
    assert headings[-2:] == ["18. Confidentiality, consent and pictures of people", "History of amendments"]
    text = " ".join(one.text for one in heard(whole))
    for told in ("Policy committee, on 1 March 2027", "HR-042", "First version.", "read it once more"):
        assert told in text


def test_every_page_says_which_version_it_is_of_and_how_many_there_are(whole: bytes) -> None:
    sides = pages(whole)
    assert len(sides) > 3
    for number, side in enumerate(sides, 1):
        assert "Version 2, issued 3 March 2027" in side
        assert f"Page {number} of {len(sides)}" in side
        assert "Draft" not in side
    for side in sides[1:]:
        head = side.strip().splitlines()[0]
        assert re.fullmatch(r"NHS Anywhere Foundation Trust +Staff policy", head.strip())


def test_a_draft_says_so_on_every_page(press: Printer) -> None:
    sides = pages(press.print(html_of_paper(paper_of(draft(), LONG, DAY))).pdf)
    assert "Version 2. Draft. This is not in force." in sides[0]
    assert all("Draft of version 2" in side for side in sides)
    sent = draft(state="Sent for approval")
    assert "Sent for approval. This is not in force." in html_of_paper(paper_of(sent, LONG, DAY))


def test_it_passes_a_checker_of_pdf_ua(whole: bytes) -> None:
    assert [failure.message for failure in validator.validate_pdf_bytes(whole).failures] == []
    with pikepdf.open(io.BytesIO(whole)) as file:
        assert str(file.docinfo["/Title"]) == "Social media policy for staff: NHS Anywhere Foundation Trust"
        assert str(file.Root.Lang) == "en-GB"
        with file.open_outline() as outline:
            assert len(outline.root) == 20


def test_what_people_type_is_only_text(press: Printer) -> None:
    wicked = "<script>alert(1)</script> & {{ 7 * 7 }} **x**"
    page = html_of_paper(paper_of(saying(f"{wicked}\n\n- {wicked}"), LONG, DAY))
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }} **x**") == 2


@pytest.mark.parametrize(("words", "language", "told"), [(ARABIC, "en-GB", "ar"), (WELSH, "cy", "cy")])
def test_the_words_of_a_team_are_in_its_language(press: Printer, words: str, language: str, told: str) -> None:
    pdf = press.print(html_of_paper(paper_of(saying(f"{words}\n\n- {words}", language=language), LONG, DAY))).pdf
    assert [failure.message for failure in validator.validate_pdf_bytes(pdf).failures] == []
    theirs = [one for one in heard(pdf) if words[:12] in one.text]
    assert len(theirs) == 2
    assert {one.language for one in theirs} == {told}
    # What is ours stays in ours.
    assert {one.language for one in heard(pdf) if one.kind == "H1"} == {"en-GB"}


def in_full(document_: Document) -> Said:
    """A document with all its clauses as they ship, and facts as long as people write them."""
    fact = "Communications team, 020 7946 0000, communications.team@anywhere.example"
    facts = Facts(dict.fromkeys(HOLES, fact) | {"organisation": "NHS Anywhere Foundation Trust"})
    found = [(clause.key, wording(texts.as_shipped(), document_.key, clause.key)) for clause in document_.clauses]
    return document(
        document=document_.key,
        title=document_.title,
        clauses=tuple(SaidClause(key, one.heading, facts.fill(one.words).words) for key, one in found),
    )


def test_a_document_of_one_page_fits_on_it_when_it_is_fullest(press: Printer) -> None:
    control = (
        *document().control,
        *(
            (f"Read by {reader}", "Somebody With Quite A Long Name, on 3 March 2027")
            for reader in SHORT.readers.values()
        ),
    )
    made = press.print(html_of_paper(paper_of(replace(in_full(SHORT), control=control), SHORT, DAY)))
    assert made.pages == 1
    text = " ".join(one.text for one in heard(made.pdf))
    # What it asks comes first, and is not numbered.
    assert text.index("Never") < text.index("About this document") < text.index("History of amendments")
    assert "1. In short" not in text


@pytest.mark.parametrize("key", DOCUMENTS)
def test_every_document_of_the_library_is_a_paper(press: Printer, key: str) -> None:
    pdf = press.print(html_of_paper(paper_of(in_full(DOCUMENTS[key]), DOCUMENTS[key], DAY))).pdf
    assert [failure.message for failure in validator.validate_pdf_bytes(pdf).failures] == []
    text = " ".join(one.text for one in heard(pdf))
    # Every sign that could be Markdown is read as what it is.
    assert not re.search(r"\*\*|^#|\]\(|(?:^| )- ", text)


# Word.


def test_word_has_headings_lists_and_tables_as_styles(read: Any) -> None:
    styles = [paragraph.style.name for paragraph in read.paragraphs if paragraph.text]
    assert {"Title", "Heading 1", "List Bullet", "Normal"} >= set(styles)
    headings = [one.text for one in read.paragraphs if one.style.name == "Heading 1"]
    assert headings[:2] == ["About this document", "1. Why we have this policy"]
    assert headings[-1] == "History of amendments"
    assert [one.text for one in read.paragraphs if one.style.name == "List Bullet"][2] == "read it once more"
    for table in read.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in read.tables[0].rows[1].cells] == ["Number", "HR-042"]
    assert [cell.text for cell in read.tables[-1].rows[1].cells] == ["2", "3 March 2027", "Messaging apps are covered."]


def test_word_says_on_every_page_what_it_is(read: Any) -> None:
    section = read.sections[0]
    assert section.header.paragraphs[0].text == "NHS Anywhere Foundation Trust\tStaff policy"
    assert section.footer.paragraphs[0].text == "Version 2, issued 3 March 2027\tPage 1 of 1"
    assert read.core_properties.title == "Social media policy for staff: NHS Anywhere Foundation Trust"
    assert read.core_properties.language == "en-GB"
    unfinished = docx.Document(io.BytesIO(paper_typed(paper_of(draft(), LONG, DAY)).pdf))
    assert "Draft of version 2" in unfinished.sections[0].footer.paragraphs[0].text


def test_arabic_stands_at_the_right_in_word_and_welsh_is_told(read: Any) -> None:
    arabic = docx.Document(io.BytesIO(paper_typed(paper_of(saying(f"{ARABIC}\n\n- {ARABIC}"), LONG, DAY)).pdf))
    theirs = [one for one in arabic.paragraphs if one.text == ARABIC]
    assert [one.style.name for one in theirs] == ["Normal", "List Bullet"]
    assert all(one._p.pPr.find(qn("w:bidi")) is not None for one in theirs)
    welsh = docx.Document(io.BytesIO(paper_typed(paper_of(saying(WELSH, language="cy"), LONG, DAY)).pdf))
    (ours,) = (one for one in welsh.paragraphs if one.text == WELSH)
    assert ours.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "cy"


def by_an_office(file: bytes, folder: Path) -> list[str]:
    """What each page says that another programme than ours makes of a Word file."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not on this machine: nothing but python-docx has read the Word file")
    (folder / "policy.docx").write_bytes(file)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    asked = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    # The fonts of the machine are for it, and none are for our press: what that was told is not passed on.
    own = {name: value for name, value in os.environ.items() if not name.startswith("FONTCONFIG")}
    for _ in range(3):
        # Its first start with a new profile does not always come to the end.
        if subprocess.run([*asked, str(folder / "policy.docx")], capture_output=True, env=own).returncode == 0:
            break
    return pages((folder / "policy.pdf").read_bytes())


def test_an_office_programme_opens_it(typed: bytes, tmp_path: Path) -> None:
    sides = by_an_office(typed, tmp_path)
    assert f"Page 2 of {len(sides)}" in sides[1]
    assert "18. Confidentiality, consent and pictures of people" in " ".join(sides)


def test_a_document_of_one_page_is_one_in_word_too(tmp_path: Path) -> None:
    assert len(by_an_office(paper_typed(paper_of(in_full(SHORT), SHORT, DAY)).pdf, tmp_path)) == 1
