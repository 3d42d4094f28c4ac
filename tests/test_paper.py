"""Every script and mark on paper: drawn with our fonts alone, told in the right order, and nothing stops the file."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
from django.conf import settings
from django.test import Client

from tests.reading import address, tree, words
from tests.tagged import said
from tests.test_pdf import document, elements, kinds, told
from tests.world import World, sample
from worksheets.models import User
from worksheets.report import letters, scripts
from worksheets.report.letters import notice, on_paper
from worksheets.report.page import html_of, paperproof
from worksheets.report.press import Press
from worksheets.report.typefaces import FAMILIES, faces, needed, runs

SignIn = Callable[[User], Client]
FONTS = Path(settings.BASE_DIR) / "static" / "build" / "fonts"
# A sentence or a name in each of the languages most spoken here, by what names it.
TEXTS = {
    "ur": "ہماری حکمتِ عملی یہ ہے کہ ہم لاہور اور بریڈفورڈ کے 12 خاندانوں سے بات کریں، اور ان کو بتائیں کہ کیا بدلا ہے۔ "
    "ہم ہر ہفتے جواب دیتے ہیں اور NHS کے بارے میں معلومات دیتے ہیں۔",
    "ar": "نحن نستمع إلى المجتمع العربي في مانشستر ونجيب عن الأسئلة خلال يوم واحد، ثم نقول ما الذي تغيّر "
    "(بحلول 31 مارس 2027).",
    "he": "אנחנו מקשיבים לקהילה ועונים על שאלות תוך יום אחד, ואז אומרים מה השתנה בעקבותיהן (NHS).",
    "fa": "ما به جامعه گوش می‌دهیم و پاسخ می‌گوییم.",
    "bn": "আমরা পূর্ব লন্ডনের বাঙালি সম্প্রদায়ের কথা শুনি এবং এক দিনের মধ্যে প্রশ্নের উত্তর দিই। কী পরিবর্তন হয়েছে তা জানাই।",
    "pa": "ਪੰਜਾਬੀ ਭਾਈਚਾਰਾ ਸਾਡੇ ਲਈ ਮਹੱਤਵਪੂਰਨ ਹੈ; ਅਸੀਂ ਇੱਕ ਦਿਨ ਵਿੱਚ ਸਵਾਲਾਂ ਦੇ ਜਵਾਬ ਦਿੰਦੇ ਹਾਂ।",
    "hi": "हम समुदाय की बात सुनते हैं और एक दिन में प्रश्नों के उत्तर देते हैं। क्या बदला, यह भी बताते हैं।",
    "gu": "ગુજરાતી સમાજ અમારા માટે મહત્વપૂર્ણ છે.",
    "ta": "தமிழ்ச் சமூகம் எங்களுக்கு முக்கியம்; ஒரு நாளில் கேள்விகளுக்குப் பதிலளிக்கிறோம்.",
    "te": "తెలుగు సమాజం",
    "kn": "ಕನ್ನಡ ಸಮುದಾಯ",
    "ml": "മലയാളി സമൂഹം",
    "si": "සිංහල ප්‍රජාව",
    "th": "ชุมชนไทยในสหราชอาณาจักรเราฟังก่อนแล้วจึงตอบคำถามภายในหนึ่งวันและบอกว่าเปลี่ยนแปลงอะไรบ้าง",
    "am": "ማህበረሰብ በመጀመሪያ እናዳምጣለን ከዚያም እንመልሳለን።",
    "hy": "Հայ համայնք",
    "ka": "ქართული საზოგადოება",
    "el": "Η κοινότητα ακούει πρώτα",
    "ru": "Мы сначала слушаем и отвечаем за день, это важно",
    "uk": "Спільнота їх чує",
    "ko": "한인회 지역사회의 목소리를 먼저 듣고 하루 안에 질문에 답합니다.",
    "zh": "我们先倾听社区的声音，在一天之内回答问题，然后说明因此发生了什么变化。北京医院。",
    "ja": "私たちはまず地域の声を聞き、一日以内に質問に答えます。",
}
WELSH = "Ŵyn ap Tŷ: gwrando yn gyntaf, wedyn ateb, a dweud beth sydd wedi newid ar ôl hynny, yn y ddwy iaith."
MIXED = (
    "Meet محمد علي on 3 May at 12:30, then write to קהילה (שלום) and ਪੰਜਾਬੀ ਭਾਈਚਾਰਾ by 31 March 2027; ask 北京医院 "
    "as well. It is a long line that has to go on in the next one: محمد علي and لاہور again."
)
SYMBOLS = "■ Listen first\n► Then answer → and say what changed\n✓ agreed with midwives\n☐ still to ask: estates"


@pytest.fixture(scope="module")
def setter() -> Press:
    """WeasyPrint in this process, as the press has it."""
    return Press(FONTS.resolve())


def having(text: str, name: str = "", **more: Any) -> str:
    """The page for paper of the sample with `text` as a long answer, and the first stakeholder called `name`."""
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = text
    if name:
        answers["stakeholders"]["stakeholders"]["stakeholders"][0]["name"] = name
    return html_of(told(answers, **more))


@pytest.fixture(scope="module")
def every_script(setter: Press) -> Iterator[pikepdf.Pdf]:
    """A summary with all of the texts in it."""
    text = "\n".join([*TEXTS.values(), WELSH, MIXED, SYMBOLS])
    made, _ = setter.print(having(text, TEXTS["pa"][:15], organisation="Ysbyty Łódź"))
    assert [failure.message for failure in validator.validate_pdf_bytes(made).failures] == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        yield pdf


def test_the_sample_is_set_without_a_warning(setter: Press, caplog: pytest.LogCaptureFixture) -> None:
    setter.print(having("Plain words"))
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_told_in_the_order_in_which_it_is_read_and_in_its_language(
    every_script: pikepdf.Pdf, language: str
) -> None:
    found = [one for one in said(every_script) if one.text == TEXTS[language]]
    assert {one.language for one in found} == {language}


@pytest.mark.parametrize("text", [WELSH, MIXED, *SYMBOLS.split("\n")])
def test_lines_that_go_on_and_scripts_that_are_mixed_are_told_whole(every_script: pikepdf.Pdf, text: str) -> None:
    assert text in [one.text for one in said(every_script)]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/" + "communications/strategy/of/the/trust/" * 8,
        "နားထောင်သည်" * 6,
        "Which?" * 40 + "(agreed)[or not]" * 20,
        "نحن نستمع https://example.org/" + "news/of/the/trust/" * 12 + " ثم نقول",
        "ཀ་ཁ་ག" * 8,
        "one/two " * 60,
    ],
)
def test_no_blank_is_told_where_a_line_ends_in_the_middle_of_a_word(setter: Press, text: str) -> None:
    with pikepdf.open(io.BytesIO(setter.print(having(text))[0])) as pdf:
        assert paperproof(text).replace("\u200b", "").strip() in " ".join(part.text for part in said(pdf)).replace(
            "\u200b", ""
        )


def test_paper_and_page_say_the_same_in_every_script(
    world: World, signed_in: SignIn, every_script: pikepdf.Pdf
) -> None:
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = "\n".join([*TEXTS.values(), WELSH, MIXED])
    world.fill(**answers)
    page = words(signed_in(world.lead).get("/o/nhs-anywhere/reviews/autumn-2026/summary/"))
    paper = " ".join(one.text for one in said(every_script))
    for text in (*TEXTS.values(), WELSH, MIXED):
        assert text in page
        assert text in paper


@pytest.mark.parametrize("language", ["ur", "ar", "he", "fa"])
def test_what_is_copied_from_right_to_left_has_its_words(setter: Press, language: str) -> None:
    """A viewer turns what it sees around by itself: it must find each letter where it is seen."""
    made, _ = setter.print(document(f"<p dir='rtl'>{TEXTS[language]}</p>"))
    copied = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    plain = [word for word in TEXTS[language].split() if word.isalpha() and len(word) > 2]
    assert len(plain) > 2
    for word in plain:
        assert word in copied


@pytest.mark.parametrize("text", [TEXTS[language] for language in ("bn", "pa", "hi", "ta", "th", "ko", "am")])
def test_what_is_copied_from_left_to_right_is_the_text(setter: Press, text: str) -> None:
    made, _ = setter.print(document(f"<p>{text[:60]}</p>"))
    copied = subprocess.run(["pdftotext", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert text[:60].strip() in " ".join(copied.split())


def test_no_font_of_the_machine_is_asked(every_script: pikepdf.Pdf) -> None:
    script = (
        "import sys, io, pathlib; from worksheets.report.press import Press; "
        "made = Press(pathlib.Path(sys.argv[1])).print(sys.stdin.read())[0]; sys.stdout.buffer.write(made)"
    )
    html = document(f"<p>{' '.join(TEXTS.values())} 🧿 ཀ</p>")
    made = subprocess.run(
        [sys.executable, "-c", script, str(FONTS)], input=html.encode(), capture_output=True, check=True
    )
    with pikepdf.open(io.BytesIO(made.stdout)) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        assert len(fonts) > 15
        for font in fonts:
            family = str(font.FontName).partition("+")[2].removesuffix("-Bold").replace("-", " ")
            assert family in FAMILIES
    # It is given out although two letters of it have no font, and the log says so without them.
    assert b".notdef glyph rendered" in made.stderr
    assert "🧿".encode() not in made.stderr


def test_a_font_is_loaded_when_its_first_letter_comes() -> None:
    fresh = Press(FONTS.resolve())
    waiting = {face.family for face in fresh.waiting}
    assert {"Summary Chinese", "Summary Arabic"} <= waiting
    fresh.print(document("<p>北京</p>"))
    assert waiting - {face.family for face in fresh.waiting} == {"Summary Chinese"}


def test_the_table_of_letters_names_the_first_font_that_has_one() -> None:
    all_faces = faces(FONTS)
    assert [face.family for face in all_faces] == list(FAMILIES)
    assert [face.family for face in needed("aŵ①京", all_faces)] == [
        "Summary",
        "Summary More",
        "Summary Symbols",
        "Summary Chinese",
    ]
    assert list(runs([5, 1, 2, 3, 9])) == [(1, 3), (5, 5), (9, 9)]
    assert list(runs([])) == []


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (SYMBOLS.replace("\n", " "), SYMBOLS.replace("\n", " ")),
        ("✅ done ❌ not ▪ • ‣ ❖", "✔ done ✘ not ▪ • • ❖"),
        ("👉 here 🔹 there", "→ here • there"),
        ("≥ 80% ① ½ €", "≥ 80% ① ½ €"),
        ("Well done 🎉🎉 all", "Well done (party popper) all"),
        ("Well done🎉all", "Well done (party popper) all"),
        ("🤰", "(pregnant woman)"),
        ("🎉 🚀 🧿 🦄 x", "(party popper, rocket, nazar amulet, and more) x"),
        ("👍🏽 and 1️⃣", "👍 and 1"),
        ("👩\u200d⚕️", "(woman, staff of aesculapius)"),
        ("🇬🇧 first", "(flag GB) first"),
        ("Tibetan: ཀ.", "Tibetan: [U+0F40]."),
        ("\U0001e900\U0001e901", "[U+1E900][U+1E901]"),
        ("\ue123", "[U+E123]"),
        ("ཀ" * 15, "[U+0F40]" * 12 + "[and 3 more]"),
        ("\u1112\u1161\u11ab", "한"),
        ("e\u0301", "é"),
        ("A\u202eB\u2066C", "ABC"),
        ("a\u2028b\u2029c\x85d\x0be\x00f\ufffeg\ud800h\u00ad", "a b c d efgh"),
    ],
)
def test_every_letter_is_drawn_or_told(typed: str, printed: str) -> None:
    assert on_paper(typed) == printed


def test_long_words_may_be_broken_but_never_within_a_letter() -> None:
    thai = "ที่" * 40
    pieces = paperproof(thai).split("\u200b")
    assert "".join(pieces) == thai
    assert len(pieces) > 2
    assert not any(unicodedata.combining(piece[0]) for piece in pieces)
    assert paperproof("京" * 80) == "京" * 80


@pytest.mark.parametrize(
    ("html", "told_html"),
    [
        ("<p>Plain</p>", "<p>Plain</p>"),
        ('<p dir="auto">Plain</p>', "<p>Plain</p>"),
        ('<p dir="auto">شہر 12 hello</p>', '<p dir="rtl" lang="ur">شہر 12 hello</p>'),
        ('<p dir="auto">Meet محمد, 3</p>', '<p>Meet <span lang="ar" dir="rtl">محمد</span>, 3</p>'),
        ("<p>Say שלום (עולם) now</p>", '<p>Say <span lang="he" dir="rtl">שלום (עולם)</span> now</p>'),
        (
            '<td dir="auto"><ul><li dir="auto">سلام</li></ul></td>',
            '<td><ul><li dir="rtl" lang="ar">سلام</li></ul></td>',
        ),
        (
            "<p>Say שלום (עולם now</p>",
            '<p>Say <span lang="he" dir="rtl">שלום</span> (<span lang="he" dir="rtl">עולם</span> now</p>',
        ),
        ("<svg><text>سلام</text></svg><p>京</p>", '<svg><text>سلام</text></svg><p><span lang="zh">京</span></p>'),
        ("<p>ਪੰਜਾਬੀ।</p>", '<p><span lang="pa">ਪੰਜਾਬੀ।</span></p>'),
        (
            "<p>سلام &amp; سلام</p>",
            '<p><span lang="ar" dir="rtl">سلام</span> &amp; <span lang="ar" dir="rtl">سلام</span></p>',
        ),
    ],
)
def test_parts_in_other_scripts_name_their_language_and_direction(html: str, told_html: str) -> None:
    assert scripts.told(html) == told_html


@pytest.mark.parametrize(
    "text",
    [
        "हम (" + "कि " * 20_000,
        "ا (" + "٠" * 50_000,
        "ا (" + "اَ" * 25_000,
        "ا a " * 12_500,
        "क (" * 25_000,
        "ا" + ", 1" * 20_000,
        "漢(ア、" * 12_500,
    ],
)
def test_brackets_that_are_not_closed_and_texts_that_change_their_script_take_no_time(text: str) -> None:
    started = time.process_time()
    assert words_of(scripts.told(f'<p dir="auto">x {text}</p>')) == f"x {text}"
    assert time.process_time() - started < 5


def words_of(html: str) -> str:
    return re.sub("<[^>]*>", "", html)


def hostile() -> list[str]:
    """A few letters of every block of Unicode that has any, and what is known to have stopped renderers."""
    chosen = random.Random(7)
    blocks = []
    for start in range(0, 0x110000, 128):
        known = [chr(code) for code in range(start, start + 128) if unicodedata.category(chr(code)) != "Cn"]
        if known and not 0xF0080 <= start < 0x10FF80 and not 0xE080 <= start < 0xF880:
            blocks.append(" ".join(chosen.sample(known, min(4, len(known)))))
    marks = ["\x00", "\x0b", "\x85", "\u2028", "\u2029", "\ud800", "\ufffe", "\ufdd0", "\U0010ffff", "\u202e", "\u0600"]
    return [*blocks, *marks, "e" + "\u0301" * 200, "\u200d" * 90, "\u0e33" * 90, "⭐" * 900, "ཀ" * 900, "漢" * 900]


def test_no_letter_stops_a_summary(setter: Press, caplog: pytest.LogCaptureFixture) -> None:
    texts = hostile()
    assert len(texts) > 1_000
    for at in range(0, len(texts), 600):
        some = texts[at : at + 600]
        made, _ = setter.print(having("\n".join(some), some[9], organisation=some[5]))
        assert [failure.message for failure in validator.validate_pdf_bytes(made).failures] == []
    # The table of letters is right about every one of them: nothing was left to the renderer.
    assert "notdef" not in caplog.text


def test_what_a_machine_lacks_makes_a_warning_and_not_a_failure(
    setter: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("weasyprint.pdf.fonts.harfbuzz_subset", None)
    made, _ = setter.print(document(f"<p>Plain, {TEXTS['ur']} ✓ ≥ 京</p>"))
    assert [failure.message for failure in validator.validate_pdf_bytes(made).failures] == []
    assert "Using fontTools instead of HarfBuzz-Subset" in caplog.text


def test_a_file_whose_tags_cannot_be_mended_is_given_out(
    setter: Press, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(made: bytes, document: Any) -> bytes:
        raise ValueError("A secret answer")

    monkeypatch.setattr(setter.tags, "mend", fail)
    assert setter.print(document("<p>A</p>"))[0].startswith(b"%PDF")
    told = capsys.readouterr().err
    assert "The tags could not be mended (ValueError)." in told
    assert "secret" not in told


def test_no_heading_stands_in_a_heading_and_every_table_has_a_caption(every_script: pikepdf.Pdf) -> None:
    for level in ("H1", "H2", "H3", "H4", "H5"):
        for heading in kinds(every_script, level):
            assert not [part for part in below(heading) if str(part.S).startswith("/H")]
    tables = kinds(every_script, "Table")
    assert len(tables) > 5
    for table in tables:
        assert [str(part.S) for part in table.K].count("/Caption") == 1


def below(element: Any) -> list[Any]:
    """All structure elements below one."""
    kids = element.get("/K", [])
    own = [kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(kid, pikepdf.Dictionary)]
    parts = [kid for kid in own if "/S" in kid]
    return parts + [part for kid in parts for part in below(kid)]


def test_bookmarks_lead_to_every_record(every_script: pikepdf.Pdf) -> None:
    with every_script.open_outline() as outline:
        record = next(item for item in outline.root if item.title == "Appendix: the full record")
        chapter = next(item for item in record.children if item.title.startswith("3. "))
        question = chapter.children[0]
        assert question.title == "5. Who are your five most important stakeholders?"
        assert len(question.children) == 5
        assert question.children[1].title.startswith("Stakeholder 2: ")


def test_a_link_on_two_lines_is_one_link(setter: Press) -> None:
    words = "a link that goes on and on " * 8
    html = document(
        f'<p>Read <a href="https://example.org/">{words}</a> and <a href="https://example.com/">more</a></p>'
    )
    made, _ = setter.print(html)
    assert [failure.message for failure in validator.validate_pdf_bytes(made).failures] == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        first, second = kinds(pdf, "Link")
        parts = [part for part in first.K if isinstance(part, pikepdf.Dictionary)]
        assert len(parts) > 1
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
        assert {owners[int(part.Obj.StructParent)].objgen for part in parts} == {first.objgen}
        assert second.objgen in {element.objgen for element in elements(pdf)}


def test_rows_that_fit_on_a_page_are_not_cut_in_two(setter: Press) -> None:
    rows = "".join(
        f'<tr><th scope="row">row{n}x</th><td>{"word " * (20 + n * 7 % 60)}row{n}x</td></tr>' for n in range(60)
    )
    head = '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
    made, count = setter.print(document(f"<table><caption>C</caption>{head}<tbody>{rows}</tbody></table>"))
    assert count > 3
    for page in range(1, count + 1):
        run = subprocess.run(
            ["pdftotext", "-f", str(page), "-l", str(page), "-", "-"], input=made, capture_output=True, check=True
        )
        text = run.stdout.decode()
        for n in range(60):
            assert text.count(f"row{n}x") in (0, 2)


def test_words_of_pictures_are_drawn_as_words(setter: Press) -> None:
    """Letter by letter, Arabic would not join and Tamil would fall apart."""

    def pieces(word: str) -> int:
        text = f'<text x="10" y="50" font-size="20" font-family="Summary">{word}</text>'
        svg = f'<svg width="200" height="100" viewBox="0 0 200 100" role="img"><title>A</title>{text}</svg>'
        with pikepdf.open(io.BytesIO(setter.print(document(f"<p>B</p>{svg}"))[0])) as pdf:
            shown = [
                operands for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]) if str(operator) == "BT"
            ]
            return len(shown) + sum(str(operator) == "Tm" for _, operator in pikepdf.parse_content_stream(pdf.pages[0]))

    assert pieces("abcdefgh") == pieces("a")


def test_whoever_answers_is_told_which_letters_cannot_be_printed(world: World, signed_in: SignIn) -> None:
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = "Seen 🧿 and ཀ"
    world.fill(**answers)
    lead = signed_in(world.lead)
    told = "The PDF shows “🧿” as (nazar amulet) and “ཀ” as [U+0F40]."
    assert told in words(lead.get(address(world, "success")))
    assert told in words(signed_in(world.manager).get(address(world, "success")))
    assert told not in words(lead.get(address(world, "aims")))
    for page in ("resources", "summary"):
        assert words(lead.get(f"/o/nhs-anywhere/reviews/autumn-2026/{page}/")).count(told) == 1


def test_texts_on_pages_have_a_direction_of_their_own(world: World, signed_in: SignIn) -> None:
    answers = sample()["worksheets"]
    answers["resources"]["success"]["success"] = TEXTS["ur"]
    answers["stakeholders"]["stakeholders"]["stakeholders"][0]["name"] = "محمد"
    world.fill(**answers)
    lead, review = signed_in(world.lead), "/o/nhs-anywhere/reviews/autumn-2026"
    (box,) = tree(lead.get(address(world, "success"))).xpath("//textarea[@name='success']")
    assert box.get("dir") == "auto"
    for page in ("resources", "summary"):
        for answer in tree(lead.get(f"{review}/{page}/")).xpath(f"//*[normalize-space(text())='{TEXTS['ur']}']"):
            assert answer.get("dir") == "auto"
    world.cycle.name = "محمد"
    world.cycle.save()
    assert tree(lead.get(f"{review}/")).xpath("//h1/bdi[.='محمد']")
    assert tree(lead.get("/o/nhs-anywhere/reviews/")).xpath("//td//bdi[.='محمد']|//th//bdi[.='محمد']")


def test_a_notice_names_a_few_and_counts_the_rest() -> None:
    assert notice("All of it: ŵ, é, “–” ✓ 京 سلام") == ""
    assert notice("🇬🇧") == "No font of ours has every character in this answer. The PDF shows “🇬🇧” as (flag GB)."
    many = notice("".join(chr(code) for code in range(0x0F40, 0x0F60)))
    assert many.endswith(" more.")
    assert many.count("U+") == 9


def test_without_our_fonts_pages_are_shown_all_the_same(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    assert letters.notice("🧿") == ""
    assert letters.on_paper("🧿 a") == "🧿 a"


@pytest.mark.parametrize("name", ["ગુજરાતી સમાજ", "קהילה", "ชุมชน", "한인회", "ማህበረሰብ", "Nguyễn", "Şükrü Çağlar", "Łódź"])
def test_names_of_communities_are_in_our_fonts(name: str) -> None:
    assert notice(name) == ""
    assert on_paper(name) == name
