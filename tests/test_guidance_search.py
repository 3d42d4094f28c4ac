"""The search over the guidance: what is found, in which order, and what is said when nothing is."""

from __future__ import annotations

import datetime

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.reading import tree, words
from tests.world import World
from worksheets import ageing, searching, texts
from worksheets.models import Guidance, Platform, PlatformFigure

HERE = "guidance-search"


@pytest.fixture
def search(world: World, signed_in):
    """Colin's search: the page for some words."""
    colin = signed_in(world.contributor)
    return lambda query: colin.get(reverse(HERE), {"q": query})


def titles(page: HttpResponse) -> list[str]:
    return [link.text_content() for link in tree(page).xpath("//ol[@class='app-hits']//h3/a")]


def links(page: HttpResponse) -> list[str]:
    return tree(page).xpath("//ol[@class='app-hits']//h3/a/@href")


def test_the_box_stands_on_the_start_page_of_the_guidance(world: World, signed_in) -> None:
    page = tree(signed_in(world.manager).get(reverse("guidance")))
    form = page.xpath("//form[@role='search']")[0]
    assert (form.get("method"), form.get("action")) == ("get", reverse(HERE))
    field = form.xpath(".//input[@name='q']")[0]
    assert form.xpath(f".//label[@for='{field.get('id')}']")[0].text_content().strip() == "Search the guidance"


@pytest.mark.parametrize(
    ("query", "title", "link"),
    [
        ("google alerts", "Question 6: Where are they online, and how do you know?", "/guidance/stages/stakeholders/"),
        ("leave nobody out", "Leave nobody out", "/guidance/stages/content/#on-leave-nobody-out"),
        ("oxford retired", "Facts for question 1", "/guidance/stages/drivers/#question-1"),
        ("bluesky", "Bluesky", "/guidance/platforms/#platform-bluesky"),
        ("845 million", "Facebook", "/guidance/platforms/#platform-facebook"),
        ("helen bevan weak ties", "Cases worth knowing", "/guidance/learning/#on-cases-worth-knowing"),
        ("west dawson", "Facts", "/guidance/learning/#facts"),
        ("copyright", "Copyright", "/about/#on-copyright"),
    ],
)
def test_each_kind_of_guidance_is_found_with_a_link_to_its_place(search, query: str, title: str, link: str) -> None:
    page = search(query)
    assert title in titles(page)
    assert any(there.startswith(link) for there in links(page))


def test_every_place_that_can_be_found_is_there(world: World, signed_in) -> None:
    lead, pages = signed_in(world.lead), {}
    places = searching.places(texts.current(), datetime.date.today().year, ())
    assert len(places) > 100
    for place in places:
        at, _, part = place.link.partition("#")
        if at not in pages:
            pages[at] = set(tree(lead.get(at)).xpath("//@id"))
        assert not part or part in pages[at], place.link


def test_all_words_have_to_be_there_whatever_their_capitals(search) -> None:
    assert titles(search("GOOGLE alerts")) == titles(search("alerts google"))
    assert titles(search("google"))
    assert not titles(search("google zebra"))


def test_several_and_one_are_the_same_and_words_are_found_by_their_beginning(search) -> None:
    assert titles(search("captions")) == titles(search("caption"))
    Guidance.objects.update_or_create(key="stages/drivers", defaults={"text": "Compostable.\n"})
    assert "Stage 1: Drivers and aims" in titles(search("compost"))
    assert "Stage 1: Drivers and aims" not in titles(search("postable"))


def test_titles_come_before_texts(search) -> None:
    found = titles(search("linkedin"))
    assert found[0] == "LinkedIn"
    assert len(found) > 1


def test_what_was_found_is_shown_with_the_words_around_it(search) -> None:
    page = tree(search("pressure"))
    assert page.xpath("//ol[@class='app-hits']//mark")
    for found in page.xpath("//ol[@class='app-hits']/li"):
        assert len(found.xpath("./p")[-1].text_content()) < 350


def test_a_text_that_was_edited_is_found_at_once_and_the_default_no_more(search) -> None:
    assert "Question 2: What should be achieved by using social media?" in titles(search("pressure groups"))
    Guidance.objects.update_or_create(key="questions/aims", defaults={"text": "A narwhal <b> & more.\n"})
    page = search("narwhal")
    assert titles(page) == ["Question 2: What should be achieved by using social media?"]
    assert "Question 2: What should be achieved by using social media?" not in titles(search("pressure groups"))


def test_a_retired_platform_is_not_found(search) -> None:
    platform = Platform.objects.get(key="snapchat")
    platform.retired = True
    platform.save()
    assert "Snapchat" not in titles(search("snapchat"))


def test_an_old_figure_is_marked_here_too(search) -> None:
    year = datetime.date.today().year
    for age, text in ((4, "Zebras are four"), (3, "Zebras are three")):
        PlatformFigure.objects.create(
            platform=Platform.objects.get(key="threads"), text=text, year=year - age, source="Ofcom"
        )
    assert words(search("zebras four")).count(ageing.WORDS) == 1
    assert ageing.WORDS not in words(search("zebras three"))


@pytest.mark.parametrize("query", ["", "   ", "\u200b"])
def test_without_words_it_asks_for_some(search, query: str) -> None:
    page = search(query)
    assert page.status_code == 200
    assert "Enter one word or a few." in words(page)
    assert not titles(page)


@pytest.mark.parametrize(
    "query", ["zebra", "???", "\\", "(", "[a-z", "<b>", "{{ 7 * 7 }}", "\x00x\x00 zebra", "%s %d zebra"]
)
def test_where_nothing_is_found_it_says_so(search, query: str) -> None:
    page = search(query)
    assert page.status_code == 200
    assert "Nothing in the guidance has all of these words." in words(page)


def test_what_was_looked_for_is_never_markup(search) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'):
        html = search(query).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_a_long_search_is_cut_and_says_so(search) -> None:
    page = search("social " * 40)
    assert page.status_code == 200
    assert "Only the first 200 characters were looked for." in words(page)
    assert titles(page)
    assert search("a" * 100_000).status_code in (200, 400, 414)


def test_many_places_are_told_as_the_first_of_them(search) -> None:
    page = search("a")
    assert len(titles(page)) == searching.MOST
    assert "Add a word to find fewer." in words(page)


def test_a_search_asks_the_database_no_more_than_another_page(
    world: World, signed_in, django_assert_num_queries
) -> None:
    lead = signed_in(world.lead)
    lead.get(reverse("guidance"))
    with django_assert_num_queries(4):
        lead.get(reverse("guidance"))
    with django_assert_num_queries(4):
        lead.get(reverse(HERE), {"q": "captions"})
