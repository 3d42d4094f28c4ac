"""A team says in which language it writes: its words are marked so, on every page and on paper, and ours are not."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from django.test import Client

from tests.reading import address, form_of, send, tree, words
from tests.tagged import said
from tests.test_paper import FONTS
from tests.test_pdf import told
from tests.world import World, sample
from worksheets.cycles import start_cycle
from worksheets.following.starting import start_next
from worksheets.languages import LANGUAGES
from worksheets.models import Comment, Cycle, Event, Lookback, Result, User
from worksheets.report import scripts
from worksheets.report.page import html_of
from worksheets.report.press import Press
from worksheets.report.scripts import SCRIPT_OF
from worksheets.signoff import revising
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
AIM = "Gwrando ar y gymuned ac ateb o fewn diwrnod."
NEXT = datetime.date(2027, 4, 1), datetime.date(2027, 9, 30)


def in_welsh() -> dict[str, Any]:
    """The answers of the sample, with an aim in Welsh."""
    answers: dict[str, Any] = sample()["worksheets"]
    answers["drivers"]["aims"]["aims"][0]["statement"] = AIM
    return answers


@pytest.fixture
def welsh(world: World) -> World:
    world.fill(**in_welsh())
    Cycle.objects.filter(pk=world.cycle.pk).update(language="cy")
    return world


def language_at(page: Any, text: str) -> set[str]:
    """The languages in which a page says this text, each by the nearest that is named."""
    holding = tree(page).xpath("//body//*[not(*)][contains(normalize-space(.), $text) or @value=$text]", text=text)
    assert holding, text
    return {element.xpath("ancestor-or-self::*[@lang][1]/@lang")[0] for element in holding}


@pytest.mark.parametrize(
    ("place", "text", "ours"),
    [
        ("", AIM, None),
        ("drivers/", AIM, "Facebook"),
        ("drivers/aims/", AIM, "Aim 1"),
        ("summary/", AIM, "Points to resolve"),
    ],
)
def test_their_words_are_in_their_language_and_ours_in_ours(
    welsh: World, signed_in: SignIn, place: str, text: str, ours: str | None
) -> None:
    page = signed_in(welsh.lead).get(f"{HERE}{place}")
    assert page.status_code == 200
    if text in words(page) or place:
        assert "cy" in language_at(page, text)
    if ours and ours in words(page):
        assert language_at(page, ours) == {"en-GB"}


def test_what_is_chosen_from_our_lists_stays_in_our_language(welsh: World, signed_in: SignIn) -> None:
    page = signed_in(welsh.lead).get(f"{HERE}drivers/")
    chosen = tree(page).xpath("//*[contains(@class, 'app-answer')][not(@lang)]")
    theirs = tree(page).xpath("//*[contains(@class, 'app-answer')][@lang='cy']")
    assert chosen
    assert theirs
    assert not [one for one in chosen if one.get("dir")]


def test_the_boxes_that_they_write_in_say_their_language(welsh: World, signed_in: SignIn) -> None:
    page = tree(signed_in(welsh.contributor).get(address(welsh, "aims")))
    boxes = page.xpath("//main//textarea | //main//input[@type='text']")
    assert boxes
    assert {box.get("lang") for box in boxes if box.get("dir") == "auto"} == {"cy"}


def test_comments_are_in_the_language_of_the_review(welsh: World, signed_in: SignIn) -> None:
    Comment.objects.create(cycle=welsh.cycle, question="aims", text="Da iawn", written_by=welsh.manager)
    assert language_at(signed_in(welsh.lead).get(f"{HERE}comments/aims/"), "Da iawn") == {"cy"}


def test_a_review_in_english_says_its_language_once(world: World, signed_in: SignIn) -> None:
    world.fill()
    for place in ("", "drivers/", "drivers/aims/", "summary/"):
        page = tree(signed_in(world.lead).get(f"{HERE}{place}"))
        assert page.get("lang") == "en-GB"
        assert not page.xpath("//main//*[@lang]")


def test_text_that_looks_like_markup_is_not_taken_for_it(world: World, signed_in: SignIn) -> None:
    answers = in_welsh()
    answers["drivers"]["aims"]["aims"][0]["statement"] = '<p dir="auto">Helo'
    world.fill(**answers)
    Cycle.objects.filter(pk=world.cycle.pk).update(language="cy")
    assert '<p dir="auto">Helo' in words(signed_in(world.lead).get(f"{HERE}drivers/"))


def test_two_reviews_side_by_side_keep_each_its_own(welsh: World, signed_in: SignIn) -> None:
    after = start_next(welsh.cycle, "Spring 2027", *NEXT, welsh.lead)
    Cycle.objects.filter(pk=after.pk).update(language="en-GB")
    answers = in_welsh()
    answers["drivers"]["aims"]["aims"][0]["statement"] = "Quite another aim."
    welsh.fill(after, **answers)
    page = signed_in(welsh.lead).get("/o/nhs-anywhere/reviews/spring-2027/compare/?with=autumn-2026")
    sides = tree(page).xpath("//section[@aria-labelledby='question-2']//td | //section[@aria-labelledby='stage-1']//td")
    found = {mark for side in sides for mark in side.xpath(".//*[@dir='auto']/@lang")}
    assert found == {"cy", "en-GB"}
    (was,) = tree(page).xpath("//td//*[@dir='auto'][contains(., 'Gwrando')]/@lang")
    (now,) = tree(page).xpath("//td//*[@dir='auto'][contains(., 'Quite')]/@lang")
    assert (was, now) == ("cy", "en-GB")


# All of it, wherever it stands.

MARK = "Llais"
# Lines of ours that begin with something of theirs, and pictures, whose words stand beside them.
OURS_WITH_THEIRS = (
    "ancestor-or-self::*[local-name()='svg' or local-name()='figcaption' or contains(@class, 'app-computed')]"
)


def marked(answers: Any) -> Any:
    """These answers with a mark before each text in a sentence, which is what people wrote themselves."""
    if isinstance(answers, dict):
        return {key: one if key == "id" else marked(one) for key, one in answers.items()}
    if isinstance(answers, list):
        return [marked(one) for one in answers]
    return f"{MARK} {answers}" if isinstance(answers, str) and " " in answers else answers


def not_in(language: str, page: Any) -> list[str]:
    """The marked texts on a page that are not said to be in that language."""
    assert page.status_code == 200
    return [
        " ".join(str(text).split())
        for text in tree(page).xpath("//main//text()[starts-with(normalize-space(.), $mark)]", mark=MARK)
        for element in [text.getparent().getparent() if text.is_tail else text.getparent()]
        if not element.xpath(OURS_WITH_THEIRS) and element.xpath("ancestor-or-self::*[@lang][1]/@lang")[0] != language
    ]


@pytest.fixture
def spoken_welsh(welsh: World) -> World:
    """A review in Welsh with a figure and an event, and every text in it marked."""
    welsh.fill(**marked(sample()["worksheets"]))
    day = datetime.date(2026, 10, 5)
    Result.objects.create(cycle=welsh.cycle, measure="m-answered", on=day, value=12, note=f"{MARK} nodyn")
    Event.objects.create(cycle=welsh.cycle, on=day, text=f"{MARK} stori")
    welsh.cycle.refresh_from_db()
    return welsh


QUESTIONS = [f"{one.stage}/{one.key}/" for one in STRATEGY.questions]
PLACES = ["", "summary/", "pictures/", "points/", "results/", "results/upload/", "results/measures/m-answered/"]


@pytest.mark.parametrize("place", [*PLACES, *(f"{stage.key}/" for stage in STRATEGY.stages), *QUESTIONS])
def test_whatever_people_wrote_is_in_their_language_wherever_it_stands(
    spoken_welsh: World, signed_in: SignIn, place: str
) -> None:
    assert not_in("cy", signed_in(spoken_welsh.lead).get(f"{HERE}{place}")) == []


@pytest.mark.parametrize("ask", ["", "remove/"])
@pytest.mark.parametrize("what", ["figures", "events"])
def test_what_is_about_to_be_changed_or_removed_is_in_their_language(
    spoken_welsh: World, signed_in: SignIn, what: str, ask: str
) -> None:
    kept: Result | Event = Result.objects.get() if what == "figures" else Event.objects.get()
    page = signed_in(spoken_welsh.lead).get(f"{HERE}results/{what}/{kept.pk}/{ask}")
    assert not_in("cy", page) == []
    assert f"{MARK} " in words(page) or MARK in page.content.decode()


@pytest.mark.parametrize("now", ["cy", "en-GB", "pl"])
@pytest.mark.parametrize("place", ["looking-back/", "looking-back/measures/m-answered/"])
def test_what_the_last_review_promised_stays_in_its_language(
    spoken_welsh: World, signed_in: SignIn, place: str, now: str
) -> None:
    """Whatever the team writes in by now; what it writes now is in that."""
    after = start_next(spoken_welsh.cycle, "Spring 2027", *NEXT, spoken_welsh.lead, language=now)
    Lookback.objects.create(cycle=after, table="measures", row="m-answered", answers={"lesson": "Learnt since"})
    page = signed_in(spoken_welsh.lead).get(f"/o/nhs-anywhere/reviews/spring-2027/{place}")
    assert MARK in words(page)
    assert not_in("cy", page) == []
    assert language_at(page, "Learnt since") == {now}


def test_sums_that_come_while_somebody_types_say_the_language_too(spoken_welsh: World, signed_in: SignIn) -> None:
    after = start_next(spoken_welsh.cycle, "Spring 2027", *NEXT, spoken_welsh.lead, language="en-GB")
    Lookback.objects.create(cycle=after, table="measures", row="m-answered", answers={"actual": "Learnt since"})
    lead, page = signed_in(spoken_welsh.lead), "/o/nhs-anywhere/reviews/spring-2027/evaluation/measures/"
    answer = send(lead, page, do="compute")
    assert 'lang="cy"' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "said"), [("Hydref 2026", "cy"), ("Autumn 2026", "en-GB"), ("Autumn 2026 (2)", "en-GB")]
)
@pytest.mark.parametrize("place", ["/o/nhs-anywhere/reviews/", HERE, f"{HERE}results/", f"{HERE}points/"])
def test_a_name_that_a_team_gave_is_in_its_language_and_one_that_we_proposed_in_ours(
    welsh: World, signed_in: SignIn, place: str, name: str, said: str
) -> None:
    Cycle.objects.filter(pk=welsh.cycle.pk).update(name=name)
    found = tree(signed_in(welsh.lead).get(place)).xpath("//main//bdi[.=$name]", name=name)
    assert found
    assert {one.xpath("ancestor-or-self::*[@lang][1]/@lang")[0] for one in found} == {said}


# Saying it.


def test_a_lead_says_the_language_when_a_review_is_started(world: World, signed_in: SignIn) -> None:
    lead, page = signed_in(world.lead), "/o/nhs-anywhere/reviews/new/"
    sent = {name: values[-1] for name, values in form_of(lead.get(page)).items()}
    assert sent["language"] == "en-GB"
    assert lead.post(page, {**sent, "language": "cy"}).status_code == 302
    assert Cycle.objects.get(previous=world.cycle).language == "cy"


@pytest.mark.parametrize("begin", ["carried", "empty"])
def test_the_next_review_is_proposed_in_the_language_of_the_last(welsh: World, signed_in: SignIn, begin: str) -> None:
    """However it begins, and where nothing is chosen too."""
    lead, page = signed_in(welsh.lead), "/o/nhs-anywhere/reviews/new/"
    sent = {name: values[-1] for name, values in form_of(lead.get(page)).items()}
    assert sent["language"] == "cy"
    assert lead.post(page, {**sent, "begin": begin, "language": ""}).status_code == 302
    assert Cycle.objects.filter(organisation=welsh.anywhere).latest("pk").language == "cy"


def test_a_first_review_is_proposed_in_the_language_of_its_organisation(world: World, signed_in: SignIn) -> None:
    world.cycle.delete()
    type(world.anywhere).objects.filter(pk=world.anywhere.pk).update(language="ur")
    sent = form_of(signed_in(world.lead).get("/o/nhs-anywhere/reviews/new/"))
    assert sent["language"] == ["ur"]


@pytest.mark.parametrize(("who", "status"), [("contributor", 403), ("manager", 403), ("outsider", 404)])
def test_who_may_not_start_a_review_may_not_choose_its_language(
    world: World, signed_in: SignIn, who: str, status: int
) -> None:
    sent = form_of(signed_in(world.lead).get("/o/nhs-anywhere/reviews/new/")) | {"language": ["cy"]}
    assert signed_in(getattr(world, who)).post("/o/nhs-anywhere/reviews/new/", sent).status_code == status
    assert not Cycle.objects.filter(language="cy").exists()


def test_a_lead_says_the_language_with_the_details_and_it_stays(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    sent = {name: values[-1] for name, values in form_of(lead.get(f"{HERE}details/")).items()}
    assert sent["language"] == "en-GB"
    assert lead.post(f"{HERE}details/", {**sent, "language": "cy"}).status_code == 302
    world.cycle.refresh_from_db()
    assert world.cycle.language == "cy"
    assert form_of(lead.get(f"{HERE}details/"))["language"] == ["cy"]
    refused = lead.post(f"{HERE}details/", {**form_of(lead.get(f"{HERE}details/")), "language": "tlh"})
    assert refused.status_code == 400
    assert "Language: Choose from the list" in words(refused)
    assert lead.post(f"{HERE}details/", {**sent, "language": "pl"}).status_code == 409
    world.cycle.refresh_from_db()
    assert world.cycle.language == "cy"


@pytest.mark.parametrize(("who", "status"), [("contributor", 403), ("manager", 403), ("outsider", 404)])
def test_who_may_not_change_the_details_may_not_change_the_language(
    world: World, signed_in: SignIn, who: str, status: int
) -> None:
    sent = form_of(signed_in(world.lead).get(f"{HERE}details/")) | {"language": ["cy"]}
    assert signed_in(getattr(world, who)).post(f"{HERE}details/", sent).status_code == status
    world.cycle.refresh_from_db()
    assert world.cycle.language == "en-GB"


def test_a_first_review_begins_in_the_language_of_its_organisation(world: World, signed_in: SignIn) -> None:
    admin = signed_in(world.admin)
    page = f"/admin/worksheets/organisation/{world.anywhere.pk}/change/"
    sent = {name: values[-1] for name, values in form_of(admin.get(page)).items()}
    admin.post(page, {**sent, "language": "cy"})
    world.anywhere.refresh_from_db()
    assert world.anywhere.language == "cy"
    assert start_cycle(world.anywhere, STRATEGY, "Spring 2027", *NEXT).language == "cy"
    world.cycle.refresh_from_db()
    assert world.cycle.language == "en-GB"


def test_the_next_review_and_a_revision_go_on_in_the_language_of_the_last(welsh: World) -> None:
    welsh.cycle.refresh_from_db()
    assert start_next(welsh.cycle, "Spring 2027", *NEXT, welsh.lead).language == "cy"
    Cycle.objects.filter(pk=welsh.cycle.pk).update(state=Cycle.State.SIGNED_OFF)
    assert revising.revise(welsh.visit(welsh.lead)).language == "cy"


# On paper.


@pytest.mark.parametrize(
    ("html", "language", "told_html"),
    [
        ('<p dir="auto" lang="cy">Ŵyn</p>', "cy", '<p lang="cy">Ŵyn</p>'),
        ('<p dir="auto" lang="cy">Plain</p>', "cy", '<p lang="cy">Plain</p>'),
        ('<p dir="auto" lang="en-GB">Plain</p>', "cy", "<p>Plain</p>"),
        ('<p dir="auto" lang="cy">Helo 京</p>', "cy", '<p lang="cy">Helo <span lang="zh">京</span></p>'),
        ('<p dir="auto" lang="cy">سلام</p>', "cy", '<p dir="rtl" lang="ar">سلام</p>'),
        ('<p dir="auto" lang="ur">سلام</p>', "ur", '<p dir="rtl" lang="ur">سلام</p>'),
        ("<p>Say سلام</p>", "ur", '<p>Say <span lang="ur" dir="rtl">سلام</span></p>'),
        ('<p dir="auto" lang="ar">شہر</p>', "ar", '<p dir="rtl" lang="ar">شہر</p>'),
    ],
)
def test_letters_overrule_what_a_team_says_only_in_another_script(html: str, language: str, told_html: str) -> None:
    assert scripts.told(html, language) == told_html


def test_paper_says_their_language_and_no_other_word_is_in_it() -> None:
    made, _ = Press(FONTS.resolve()).print(html_of(replace(told(in_welsh()), language="cy")))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        told_in = {one.text: one.language for one in said(pdf)}
    # A line of sums that names the aim is ours.
    assert {language for text, language in told_in.items() if text.endswith(AIM)} == {"cy"}
    assert told_in["Points to resolve"] == "en-GB"
    welsh = [text for text, language in told_in.items() if language == "cy"]
    assert not [text for text in welsh if text in ("Yes", "No", "Not sure", "Not answered yet", "Facebook")]


def test_paper_says_the_language_of_names_in_tables_and_headings_and_of_nothing_chosen() -> None:
    made, _ = Press(FONTS.resolve()).print(html_of(replace(told(marked(sample()["worksheets"])), language="cy")))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pieces = list(said(pdf))
    # Lines that say which aim serves what are ours.
    theirs = [one for one in pieces if one.text.startswith(MARK) and " – " not in one.text]
    assert {one.kind for one in theirs} >= {"P", "TD", "H5"}
    assert [one.text for one in theirs if one.language != "cy" and "How often" not in one.text] == []
    assert not [one.text for one in pieces if one.language == "cy" and "formerly Twitter" in one.text]


def test_every_language_has_letters_on_paper() -> None:
    """Those that are not in Latin letters are in a script whose font ships."""
    latin = {"en-GB", "cy", "gd", "ga", "fr", "it", "ku", "lt", "pl", "pt", "ro", "so", "es", "tr"}
    assert set(LANGUAGES) - latin <= set(SCRIPT_OF)
