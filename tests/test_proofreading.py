"""Proofreading: what would be lost or heard without its sense is named to whoever writes a text; tables are tables."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import hearing
from tests.reading import tree
from tests.world import World
from worksheets import texts
from worksheets.models import Guidance
from worksheets.proofreading import faults

TABLE = """Table: Who uses which platform

| Platform | Adults | Note |
| --- | ---: | --- |
| Facebook | 67% | all ages |
| TikTok | 25% | |
"""


@pytest.fixture
def ada(world: World, signed_in) -> Client:
    return signed_in(world.admin)


@pytest.fixture
def aims(world: World) -> Guidance:
    return Guidance.objects.get(key="questions/aims")


def change(row: Guidance) -> str:
    return reverse("admin:worksheets_guidance_change", args=[row.pk])


def told(page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in tree(page).xpath("//ul[contains(@class, 'errorlist')]/li")]


@pytest.mark.parametrize("key", sorted(texts.shipped()))
def test_what_ships_passes_its_own_checks(key: str) -> None:
    assert faults(texts.shipped()[key]) == []


@pytest.mark.parametrize(
    "words",
    [
        *(
            "click here",
            "Click here!",
            "here",
            "Here.",
            "more",
            "Read more…",
            "this link",
            "link",
            "",
            " ",
            "→",
            "this page",
        ),
        *(
            "https://www.ofcom.org.uk/research",
            "www.ofcom.org.uk",
            "ofcom.org.uk/research",
            "Click here to read the report",
        ),
        *("**here**", "*read more*", "find out more", "PDF", "Website"),
    ],
)
def test_a_link_that_says_nothing_on_its_own_is_named(words: str) -> None:
    (fault,) = faults(f"Ofcom has figures ([{words}](https://example.org/a)).")
    assert fault.startswith("Say in the link “")
    assert words.strip(" *") in fault
    assert "https://example.org/a" in fault


@pytest.mark.parametrize(
    "link",
    [
        "[Ofcom's report of 2016](https://example.org/a)",
        "[GOV.UK](https://www.gov.uk)",
        "[comms@nhsemployers.org](mailto:comms@nhsemployers.org)",
        "[Click rates explained](https://example.org/a)",
        "[More than a like: NHS stories](/guidance/learning/)",
        "[The platform guide](/guidance/platforms/) and again [the platform guide](/guidance/platforms/)",
        "[Here for you, a campaign of NHS Anywhere](https://example.org/a)",
    ],
)
def test_a_link_that_says_where_it_leads_is_left_alone(link: str) -> None:
    assert faults(link) == []


def test_an_address_without_words_is_named_however_it_is_written() -> None:
    assert len(faults("See <https://example.org/a>.")) == 1
    assert len(faults("See [https://example.org/a][1].\n\n[1]: https://example.org/a")) == 1


def test_two_links_of_one_name_that_lead_apart_are_named() -> None:
    (fault,) = faults("[The report](https://example.org/a), [the report](https://example.org/b)")
    assert "https://example.org/a and https://example.org/b" in fault


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", "ftp://example.org", "//evil.example", "guidance/", "www.nhs.uk"]
)
def test_a_link_that_would_be_undone_is_named(place: str) -> None:
    (fault,) = faults(f"[The NHS website]({place})")
    assert "“The NHS website”" in fault


@pytest.mark.parametrize(
    "picture", ["![A cat](https://example.org/cat.png)", "![](cat.png)", "![A cat][1]\n\n[1]: /cat.png"]
)
def test_a_picture_is_refused_in_words(picture: str) -> None:
    (fault,) = faults(picture)
    assert "Pictures can't be shown here." in fault


def test_a_picture_that_was_kept_before_is_shown_as_its_words() -> None:
    assert texts.to_html("Look: ![A cat](https://example.org/cat.png)")[0] == "<p>Look: A cat</p>"


@pytest.mark.parametrize(
    "tag", ["<b>", "<br>", "<IMG SRC=x>", "<ada@example.org>", "<!-- later -->", "<iframe src='x'></iframe>"]
)
def test_what_stands_between_angles_is_named_and_not_dropped_silently(tag: str) -> None:
    (fault,) = faults(f"Words {tag} words")
    assert fault.startswith("Take out “<")


def test_less_and_greater_are_left_alone() -> None:
    assert faults("Keep it short: a < b, and 3 > 2 &amp; so on.") == []


def test_headings_that_skip_a_level_or_say_nothing_are_named() -> None:
    assert faults("## More\n\n### One\n\n#### Two\n\n## Facts\n\n- A fact.") == []
    (fault,) = faults("## More\n\n#### Deep")
    assert fault == "Begin the heading “Deep” with ###. It skips a level with ####."
    (fault,) = faults("## More\n\n###\n\nWords")
    assert "a heading without words" in fault


def test_a_table_is_shown_with_its_name_and_its_heads() -> None:
    assert faults(TABLE) == []
    page = html.document_fromstring(f"<h1>Page</h1>{texts.to_html(TABLE)[0]}")
    assert list(hearing.tables(page)) == []
    (table,) = page.xpath("//table[@class='app-table'][@role='table']")
    assert hearing.name_of(page, table) == "Who uses which platform"
    assert table.xpath("./tbody/tr[1]/td/@data-label") == ["Adults", "Note"]
    assert table.xpath("./tbody/tr/th[@scope='row']/text()") == ["Facebook", "TikTok"]
    assert not page.xpath("//p | //*[@style] | //*[@align]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TABLE.partition("\n\n")[2], "Give the table that begins with “Platform” a name"),
        ("Table:\n\n" + TABLE.partition("\n\n")[2], "Give the table that begins with “Platform” a name"),
        (f"{TABLE}\n{TABLE}", "Two are called “Who uses which platform”"),
        (TABLE.replace("Note", ""), "Give every column of the table that begins with “Platform” a head"),
        (TABLE.replace("TikTok", ""), "Say in the first cell of every row"),
        (TABLE.replace("\n\n", "\n"), "Lay out the table at “| Platform | Adults | Note |”"),
        ("| Platform | Adults |\n| Facebook | 67% |", "Lay out the table at “| Platform | Adults |”"),
        ("- Figures:\n  | a | b |\n  |---|---|", "Lay out the table at “| a | b |”"),
    ],
)
def test_a_table_that_would_be_misheard_or_shown_as_pipes_is_named(text: str, said: str) -> None:
    assert [fault for fault in faults(text) if said in fault]


def test_a_pipe_within_words_is_none_of_a_table() -> None:
    assert faults("Choose yes | no, or write a|b.") == []


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "|" * 20_000, "| a " * 5_000, "| | " * 5_000 + "x", "<a " * 5_000, "![](" * 5_000]
)
def test_a_text_made_to_be_slow_is_read_soon(text: str) -> None:
    started = datetime.datetime.now()
    faults(text)
    texts.to_html(text)
    assert (datetime.datetime.now() - started).total_seconds() < 5


# In the administration


def test_the_editor_names_everything_and_keeps_what_was_typed(ada: Client, aims: Guidance) -> None:
    text = "[click here](https://example.org/a) ![A cat](cat.png) <b>now</b>\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    page = ada.post(change(aims), {"text": text})
    assert len(told(page)) == 4
    assert "<b>now</b>" in tree(page).xpath("//textarea[@name='text']")[0].text_content()
    aims.refresh_from_db()
    assert aims.text == ""


def test_the_preview_names_the_same(ada: Client, aims: Guidance) -> None:
    page = ada.post(change(aims), {"text": "[here](https://example.org/a)", "_preview": "Preview"})
    assert [fault[:20] for fault in told(page)] == ["Say in the link “her"]
    assert "Preview, not saved yet" not in page.content.decode()


def test_a_table_is_kept_and_read_as_one(ada: Client, aims: Guidance, world: World, signed_in) -> None:
    assert ada.post(change(aims), {"text": f"Ours.\n\n## More\n\n{TABLE}"}).status_code == 302
    for address in ("/o/nhs-anywhere/reviews/autumn-2026/drivers/aims/", reverse("guidance-stage", args=["drivers"])):
        page = tree(signed_in(world.lead).get(address))
        assert hearing.wrong(page) == []
        assert "Who uses which platform" in [hearing.text_of(name) for name in page.xpath("//caption")]


def test_the_editor_says_beforehand_what_can_be_shown(ada: Client, aims: Guidance) -> None:
    assert "Pictures and HTML can't be shown" in ada.get(change(aims)).content.decode()
