"""The pictures: that each says the truth in words and in its drawing, escapes what people type, and leads somewhere."""

from __future__ import annotations

import datetime
import io
import random
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import page as validator
import pikepdf
import pytest
from django.test import Client

from tests.world import World, sample
from worksheets.drawing.letters import clean, cut, width, wrap
from worksheets.fields import Scope
from worksheets.models import Cycle, Organisation, User
from worksheets.presentation import Figure
from worksheets.report.contents import contents
from worksheets.report.page import html_of
from worksheets.report.printer import Printer
from worksheets.review import Review
from worksheets.words import listed
from worksheets.workbooks.strategy import STRATEGY
from worksheets.workbooks.strategy.pictures import pictures
from worksheets.workbooks.strategy.pictures.thread import golden_thread
from worksheets.workbooks.strategy.pictures.ties import thread_of
from worksheets.workbooks.strategy.tables import in_short

SignIn = Callable[[User], Client]
ADDRESS = "/o/nhs-anywhere/reviews/autumn-2026/pictures/"
SVG = "{http://www.w3.org/2000/svg}"
STARTS, ENDS = datetime.date(2026, 10, 1), datetime.date(2027, 3, 31)
PLATFORMS = {
    "facebook": "Facebook",
    "x": "X (formerly Twitter)",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "snapchat": "Snapchat",
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "tiktok": "TikTok",
    "blogs": "Blogs",
    "forums": "Forums",
}
KEYS = ["thread", "stakeholders", "presence", "time", "timeline", "risks"]
Answers = dict[str, Any]


def review(answers: Answers | None = None, organisation: str = "NHS Anywhere Foundation Trust") -> Review:
    answers = sample()["worksheets"] if answers is None else answers
    return Review(STRATEGY, Scope(answers, organisation, PLATFORMS, {}, STARTS, ENDS, STRATEGY.numbers))


def drawn(answers: Answers | None = None, address: Callable[[str, str], str] | None = None) -> dict[str, Figure]:
    return {figure.key: figure for figure in pictures(review(answers), address)}


def read(svg: str) -> ET.Element:
    """A drawing as XML. It was written by ourselves a moment ago."""
    return ET.fromstring(svg)  # noqa: S314


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in read(svg).iter(f"{SVG}text")]


def said(svg: str) -> str:
    return " ".join(texts(svg))


def full() -> Answers:
    """A review with as much of everything as there may be."""
    answers = sample()["worksheets"]
    words = "Make sure that every service in the organisation hears what people say about it "
    aim, smart = answers["drivers"]["aims"]["aims"][0], answers["alignment"]["smart"]["smart"][0]
    objective = answers["alignment"]["objectives"]["objectives"][0]
    people = [row["id"] for row in answers["stakeholders"]["stakeholders"]["stakeholders"]]
    keys = list(PLATFORMS)[:10]
    answers["drivers"]["aims"]["aims"] = [{**aim, "id": f"aim-{n}", "statement": words * 5} for n in range(5)]
    answers["alignment"]["objectives"]["objectives"] = [
        {**objective, "id": f"o-{n}", "statement": words, "aims": [f"aim-{n % 5}"]} for n in range(12)
    ]
    answers["alignment"]["smart"]["smart"] = [{**smart, "id": f"s-{n}", "objective": f"o-{n}"} for n in range(10)]
    answers["stakeholders"]["presence"] = {
        "presence": [
            {"stakeholder": who, "where": "some", "use": dict.fromkeys(keys, "sometimes"), "sources": ["ons"]}
            for who in people
        ]
    }
    answers["stakeholders"]["platforms"] = {
        "platforms": [{"id": f"p-{key}", "platform": key, "role": "active"} for key in keys]
    }
    answers["content"]["plan"]["items"] = [
        {
            "id": f"item-{n}",
            "what": words,
            "format": "post",
            "platforms": keys,
            "aims": [f"aim-{m}" for m in range(5)],
            "stakeholders": people,
            "per_week": 1,
            "hours": 1,
        }
        for n in range(30)
    ]
    measure = answers["evaluation"]["measures"]["measures"][0]
    answers["evaluation"]["measures"]["measures"] = [
        {**measure, "id": f"m-{n}", "what": words, "smart": f"s-{n % 10}"} for n in range(20)
    ]
    risk = {"risk": words, "likelihood": "high", "impact": "high"}
    answers["resources"]["success"]["risks"] = [risk] * 10
    return answers


def test_the_thread_of_the_sample_holds_and_says_so() -> None:
    figure = drawn()["thread"]
    assert figure.alternative == (
        "3 objectives, 2 aims, 5 stakeholders, 3 platforms, 4 items of content and 4 measures. No thread is broken. "
        "1 loose end: Measure 4 answers no SMART objective."
    )
    for words in ("Objectives", "Facebook", "2. You said, we"):
        assert words in texts(figure.svg)
    rows = {row[0]: row for row in figure.table.rows}
    assert rows["Aim 2"][2] == (
        "Objective 2, Objective 3, Stakeholder 2, Stakeholder 3, Stakeholder 5, Facebook, Instagram, Item 3, Item 4, "
        "Measure 2, Measure 3"
    )
    assert rows["WhatsApp"] == ("WhatsApp", "", "Stakeholder 1, Stakeholder 3", "")


def test_ties_hold_both_ways_and_do_not_depend_on_the_order_of_rows() -> None:
    answers = sample()["worksheets"]
    ties = thread_of(review(answers)).ties
    assert all(one in ties[other] for one, others in ties.items() for other in others)
    random.Random(1).shuffle(answers["content"]["plan"]["items"])
    assert thread_of(review(answers)).ties == ties


def take(answers: Answers, stage: str, question: str, table: str, row: int, **values: Any) -> None:
    answers[stage][question][table][row].update(values)


BREAKS: dict[str, tuple[Callable[[Answers], Any], str]] = {
    "an aim that no objective names": (
        lambda a: [row.update(aims=["aim-waiting"]) for row in a["alignment"]["objectives"]["objectives"]],
        "Aim 1 serves no objective",
    ),
    "an objective without a SMART one": (
        lambda a: a["alignment"]["smart"]["smart"].pop(0),
        "Objective 1 has no SMART objective",
    ),
    "a SMART objective without a measure": (
        lambda a: a["evaluation"]["measures"]["measures"].pop(1),
        "Objective 2 has no measure",
    ),
    "a stakeholder who is nowhere": (
        lambda a: (
            take(a, "stakeholders", "presence", "presence", 3, where="none"),
            take(a, "stakeholders", "stakeholders", "stakeholders", 3, elsewhere=""),
        ),
        "Stakeholder 4 is not found online",
    ),
    "a stakeholder for whom nothing is planned": (
        lambda a: (
            take(a, "content", "plan", "items", 3, stakeholders=["st-staff"]),
            take(a, "stakeholders", "stakeholders", "stakeholders", 4, elsewhere=""),
        ),
        "Stakeholder 5 has no content",
    ),
    "an aim without content": (
        lambda a: [
            row.update(aims=["aim-maternity"])
            for row in (*a["content"]["plan"]["items"], *a["resources"]["weekly"]["tasks"])
        ],
        "Aim 2 has no content",
    ),
    "an active platform without content": (
        lambda a: [row.update(platforms=["facebook"]) for row in a["content"]["plan"]["items"]],
        "Instagram has no content",
    ),
    "an active platform where nobody is": (
        lambda a: a["stakeholders"]["platforms"]["platforms"].append(
            {"id": "b", "platform": "blogs", "role": "active"}
        ),
        "Blogs reaches nobody",
    ),
    "content on a platform that is not active": (
        lambda a: take(a, "content", "plan", "items", 0, platforms=["whatsapp", "facebook"]),
        "WhatsApp is not active",
    ),
    "content where its audience is not": (
        lambda a: take(a, "content", "plan", "items", 2, platforms=["instagram"]),
        "Item 3 misses its audience",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_thread_taken_out_is_marked_in_words_and_by_its_border(what: str) -> None:
    change, words = BREAKS[what]
    answers = sample()["worksheets"]
    change(answers)
    figure = drawn(answers)["thread"]
    assert words in figure.alternative
    mark = words.split(" ", 2)[-1] if words[0].isdigit() else re.sub(r"^(\w+ \d+|\w+) ", "", words)
    for svg in (figure.svg, figure.narrow):
        assert "stroke-dasharray" in svg
        assert (mark[0].upper() + mark[1:]) in said(svg)
    assert "stroke-dasharray" not in drawn()["thread"].svg


def test_the_stakeholder_map_says_who_stands_where() -> None:
    figure = drawn()["stakeholders"]
    assert "High influence and low interest: Local reporters." in figure.alternative
    assert "5,200 people" in texts(figure.svg)
    assert figure.table.rows[1] == ("2. Carers of older people", "Low", "High", "11,800")


def test_who_is_where_names_the_top_three_and_what_is_chosen() -> None:
    figure = drawn()["presence"]
    assert figure.alternative == (
        "The top three platforms: Facebook (3 of 5 stakeholders), Instagram (2 of 5 stakeholders) and WhatsApp (2 of 5 "
        "stakeholders). Active on: Facebook and Instagram. Listening on: WhatsApp. For emergencies: X (formerly "
        "Twitter). Used by stakeholders and not chosen: YouTube, LinkedIn and TikTok."
    )
    assert figure.table.rows[0] == ("Facebook (first)", "Active", "Daily", "Daily", "Daily", "–", "–")
    assert {"Active", "Listen", "Not chosen", "Sometimes", "Weekly"} <= set(texts(figure.svg))


def test_who_is_nowhere_is_named() -> None:
    answers = sample()["worksheets"]
    take(answers, "stakeholders", "presence", "presence", 3, where="none")
    take(answers, "stakeholders", "presence", "presence", 4, where="unknown")
    assert (
        "On none of them: Local reporters. Not known yet: Nursing and midwifery students."
        in drawn(answers)["presence"].alternative
    )


def test_the_hours_are_compared_with_what_the_team_has() -> None:
    figure = drawn()["time"]
    assert figure.alternative == (
        "24.5 hours a week are planned; the team has 24 and frees 5, with 4.5 hours to spare. Most goes into: create, "
        "8 hours. In 4 busy weeks of 26 it is 28 hours, with 1 hour to spare. Setting up takes 28.5 hours besides."
    )
    assert "With 4.5 hours to spare" in texts(figure.svg)
    assert ("Planned in all", "24.5") in figure.table.rows


def test_hours_that_the_team_does_not_have_are_said() -> None:
    answers = sample()["worksheets"]
    answers["resources"]["weekly"] |= {"capacity": 10, "pattern": "steady"}
    del answers["resources"]["stopping"]
    figure = drawn(answers)["time"]
    assert "the team has 10, 14.5 hours too many." in figure.alternative
    assert "Every one of the 26 weeks is the same." in figure.alternative
    assert "14.5 hours too many" in texts(figure.svg)


def test_a_spike_comes_first_and_peaks_are_spread() -> None:
    from worksheets.workbooks.strategy.pictures.hours import hours_of

    answers = sample()["worksheets"]
    weeks = hours_of(review(answers)).weeks
    assert len(weeks) == 26
    assert [n for n, spent in enumerate(weeks, 1) if spent == 28] == [4, 10, 17, 23]
    answers["resources"]["weekly"]["pattern"] = "spike"
    assert hours_of(review(answers)).weeks[:5] == [28, 28, 28, 28, 24.5]


def test_the_timeline_puts_days_in_their_order() -> None:
    figure = drawn()["timeline"]
    assert figure.alternative == (
        "The cycle runs from 1 October 2026 to 31 March 2027. 3 SMART objectives are due between 31 January 2027 and "
        "15 March 2027. The next review begins on 1 April 2027. The whole is judged on 7 April 2027."
    )
    assert [row[1] for row in figure.table.rows] == [
        "1 October 2026, 28.5 hours of work",
        "Due 31 January 2027, judged 15 February 2027",
        "Due 28 February 2027, judged 10 March 2027",
        "Due 15 March 2027, judged 31 March 2027",
        "1 April 2027",
        "7 April 2027",
    ]


def test_what_runs_beyond_the_cycle_is_said() -> None:
    answers = sample()["worksheets"]
    take(answers, "alignment", "smart", "smart", 1, due="2027-06-30", evaluate_on="2027-07-14")
    assert "Number 2 runs on beyond the end of the cycle." in drawn(answers)["timeline"].alternative


def test_the_risks_come_worst_first_with_what_is_done() -> None:
    answers = sample()["worksheets"]
    assert "Something is planned against each." in drawn(answers)["risks"].alternative
    take(answers, "resources", "success", "risks", 2, likelihood="high", impact="high", mitigation="")
    figure = drawn(answers)["risks"]
    assert figure.table.rows[0] == ("1. A single person answers everything and leaves", "High", "High", "")
    assert "Nothing is planned yet against 1 of them." in figure.alternative
    assert "Nothing planned against it yet" in texts(figure.svg)


@pytest.mark.parametrize("stages", [(), ("drivers",), ("drivers", "alignment"), ("stakeholders",), ("resources",)])
def test_what_is_not_answered_is_said_in_words_and_not_drawn(stages: tuple[str, ...]) -> None:
    answers = {stage: sample()["worksheets"][stage] for stage in stages}
    figures = drawn(answers)
    assert list(figures) == KEYS
    for key, figure in figures.items():
        assert bool(figure.svg) == bool(figure.narrow)
        if not figure.svg:
            assert "show" in figure.alternative, key
            assert "question" in figure.alternative
    assert bool(figures["thread"].svg) == ("drivers" in stages)
    assert bool(figures["time"].svg) == ("resources" in stages)


def half(value: Any, chance: random.Random) -> Any:
    """An answer of which parts are missing, as in a draft."""
    if isinstance(value, dict):
        return {k: half(v, chance) for k, v in value.items() if k in ("id", "stakeholder") or chance.random() < 0.7}
    if isinstance(value, list):
        return [half(v, chance) for v in value if chance.random() < 0.8]
    return value


@pytest.mark.parametrize("seed", range(30))
def test_a_draft_with_anything_missing_can_be_drawn(seed: int) -> None:
    for figure in drawn(half(sample()["worksheets"], random.Random(seed))).values():
        assert figure.alternative
        if figure.svg:
            read(figure.svg)


NASTY = "<script>alert(\"1\")</script> & 'quotes' ]]> \ufffe\x0b 🎉 {{ 7 * 7 }}"


def test_what_people_type_is_only_text() -> None:
    answers = sample()["worksheets"]

    def spoil(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: spoil(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [spoil(v, key) for v in value]
        fixed = ("id", "stakeholder", "platform", "objective", "smart", "aims", "stakeholders", "platforms", "sources")
        dates = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        plain = {"high", "low", "medium", "daily", "weekly", "sometimes", "active", "listen", "leave", "peaks"}
        if not isinstance(value, str) or key in (*fixed, "kind", "role", "drivers") or dates or value in plain:
            return value
        return NASTY

    for figure in pictures(review(spoil(answers), NASTY), lambda stage, question: f'/{stage}/"{question}/'):
        for svg in (figure.svg, figure.narrow):
            assert "<script" not in svg
            assert "\x0b" not in svg
            assert "🎉" not in svg
            tree = read(svg)
            assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
                *("svg", "title", "desc", "text", "rect", "line", "path", "circle", "polygon", "a"),
            }


def test_every_drawing_has_a_title_a_role_and_attributes_that_our_policy_allows() -> None:
    for figure in pictures(review(), lambda stage, question: f"/{stage}/{question}/"):
        ids = []
        for svg in (figure.svg, figure.narrow):
            tree = read(svg)
            title = tree.find(f"{SVG}title")
            assert title is not None
            assert tree.get("aria-labelledby") == title.get("id")
            ids.append(title.get("id"))
            if figure.key == "thread":
                # Links inside an image would be lost to those who hear the page.
                assert tree.get("role") == "group"
                assert tree.find(f"{SVG}desc").text == figure.alternative  # type: ignore[union-attr]
            else:
                assert tree.get("role") == "img"
                assert title.text == f"{figure.title}: {figure.alternative}"
            assert "Arial" in tree.get("font-family", "")
            for element in tree.iter():
                assert "style" not in element.attrib
                assert not [name for name in element.attrib if name.startswith("on")]
                if element.tag == f"{SVG}text":
                    assert float(element.get("font-size", "0")) >= 13
        assert len(set(ids)) == 2


def test_the_same_answers_make_the_same_pictures() -> None:
    assert pictures(review()) == pictures(review())


def test_texts_fit_into_their_drawing() -> None:
    for answers in (sample()["worksheets"], full()):
        for figure in pictures(review(answers)):
            for svg in (figure.svg, figure.narrow):
                tree = read(svg)
                across, high = (float(side) for side in tree.get("viewBox", "").split()[2:])
                for text in tree.iter(f"{SVG}text"):
                    size, words = float(text.get("font-size", "0")), text.text or ""
                    wide = width(words, size, text.get("font-weight") == "700")
                    shift = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0)
                    left = float(text.get("x", "0")) - wide * shift
                    assert left > -6, (figure.key, words)
                    assert left + wide < across + 6, (figure.key, words)
                    assert float(text.get("y", "0")) <= high, (figure.key, words)


def test_the_fullest_review_fits_on_a_page_of_paper() -> None:
    figure = golden_thread(review(full()), paper=True)
    assert figure.shape < 1.2
    shown = said(figure.svg)
    assert "30. Make sure that" in shown
    assert "12. Make" in shown
    assert len(figure.svg) < 200_000


def test_widths_are_never_less_than_those_of_the_fonts() -> None:
    from django.conf import settings
    from fontTools.ttLib import TTFont

    for weight, bold in ((400, False), (700, True)):
        font = TTFont(settings.BASE_DIR / f"static/build/fonts/noto-sans-latin-{weight}.ttf")
        names, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for words in ("Reduce avoidable attendances", "NHS Anywhere: WhatsApp", "24.5 hours a week", "Żółć, façade"):
            real = sum(advances[names[ord(letter)]][0] / em for letter in words if ord(letter) in names)
            assert width(words, 1, bold) >= real * 0.99


def test_words_are_wrapped_cut_and_cleaned() -> None:
    assert wrap("one two three", width("one two ", 10), 10) == ["one two", "three"]
    assert wrap("a" * 2_000, 100, 10) == [cut("a" * 2_000, 100, 10)]
    assert wrap("", 100, 10) == []
    assert wrap("many words that go on and on", 60, 10, 2)[-1].endswith("…")
    assert clean("Well\n done 🎉\x0b") == "Well done"
    assert clean("ঢাকা ok – 25°") == "ঢাকা ok – 25°"
    assert in_short("By using social media, NHS X aims to answer questions.") == "Answer questions."
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""


def test_everybody_in_the_organisation_sees_the_pictures_and_no_stranger_does(world: World, signed_in: SignIn) -> None:
    world.fill()
    for member in (world.lead, world.contributor, world.manager):
        html = signed_in(member).get(ADDRESS).content.decode()
        for title in ("The golden thread", "Stakeholder map", "Who is where", "Time", "Timeline", "Risks"):
            assert f">{title}</h2>" in html
        assert html.count("<svg xmlns=") == 12
        assert "24.5 hours a week are planned" in html
        assert html.count("the data as a table") == 6
    for stranger in (world.outsider, world.nobody, world.admin):
        assert signed_in(stranger).get(ADDRESS).status_code == 404
    assert Client().get(ADDRESS).status_code == 302
    assert signed_in(world.lead).post(ADDRESS).status_code == 405


def test_every_item_of_the_thread_leads_to_its_row(world: World, signed_in: SignIn) -> None:
    world.fill()
    browser = signed_in(world.lead)
    links = set(
        re.findall(r'<a href="([^"#]+)#([^"]+)" class="app-golden__item"', browser.get(ADDRESS).content.decode())
    )
    assert len(links) == 21
    for address in {address for address, _ in links}:
        response = browser.get(address)
        assert response.status_code == 200
        html = response.content.decode()
        for row in {row for other, row in links if other == address}:
            assert f'id="{row}"' in html


def test_a_review_with_nothing_in_it_says_what_will_show(world: World, signed_in: SignIn) -> None:
    html = signed_in(world.lead).get(ADDRESS).content.decode()
    assert html.count("once you have") == 6
    assert "<figure" not in html


def test_the_summary_shows_the_pictures_where_they_belong(world: World, signed_in: SignIn) -> None:
    world.fill()
    html = signed_in(world.lead).get("/o/nhs-anywhere/reviews/autumn-2026/summary/").content.decode()
    assert html.count("<svg xmlns=") == 6
    assert html.index('id="on-a-page"') < html.index('id="thread-title"') < html.index('id="why"')
    assert html.index('id="who"') < html.index('id="stakeholders-title"') < html.index('id="takes"')
    assert html.index('id="takes"') < html.index('id="time-title"') < html.index('id="publish"')
    assert "app-golden__item" not in html


@pytest.fixture(scope="module")
def press() -> Iterator[Printer]:
    own = Printer()
    yield own
    own.close()


def printed(answers: Answers, press: Printer) -> bytes:
    cycle = Cycle(name="Autumn 2026", starts=STARTS, ends=ENDS, organisation=Organisation(name="NHS Anywhere"))
    return press.print(html_of(contents(cycle, review(answers), [], STARTS))).pdf


def figures_of(pdf: bytes) -> list[str]:
    """The alternative texts of the pictures in a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            str(item.Alt)
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure
        ]


def test_the_pdf_has_the_pictures_with_their_words_and_stays_accessible(press: Printer) -> None:
    pdf = printed(sample()["worksheets"], press)
    told = {alternative.partition(":")[0] for alternative in figures_of(pdf)}
    assert told == {"The golden thread", "Stakeholder map", "Time"}
    assert [failure.message for failure in validator.validate_pdf_bytes(pdf).failures] == []


def test_pictures_with_nothing_to_show_are_left_out_of_the_pdf(press: Printer) -> None:
    assert figures_of(printed({}, press)) == []
    assert "once you have" not in html_of(
        contents(
            Cycle(name="A", starts=STARTS, ends=ENDS, organisation=Organisation(name="NHS Anywhere")),
            review({}),
            [],
            STARTS,
        )
    )


def test_the_fullest_thread_and_the_sums_stay_on_page_two(press: Printer) -> None:
    """Thirty items, and none of them smaller than can be read: their words are cut, and stand whole further on."""
    made = printed(full(), press)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        with pdf.open_outline() as outline:
            first, second = outline.root[:2]
        pages = [page.objgen for page in pdf.pages]
        places = [pages.index(item.destination[0].objgen) for item in (first, second)]
    assert places == [1, 2]
