"""Guidance: what a team reads beside its questions and on pages of its own, and what an admin's change does to it."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.reading import address, tree
from tests.world import World
from worksheets import texts
from worksheets.guides import GUIDES
from worksheets.models import Guidance, Platform, PlatformFigure
from worksheets.policies import library
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY
from worksheets.workbooks.strategy.evaluation import KINDS

SIGNED_IN_PAGES = ["guidance", "platforms", "learning"]
OPEN_PAGES = ["about", "accessibility"]
NASTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) [b](JaVaScRiPt:alert(4)) "
    '[c](data:text/html,x) [d](//evil.example) [e](http://a/<ul>"onmouseover=alert(5)) ![f](http://evil.example/x.png)'
    "\n\n[g]\n\n[g]: javascript:alert(6)\n"
)


def html_of(response) -> str:
    return response.content.decode()


# The texts themselves


def test_every_stage_question_and_clause_ships_with_a_text():
    books = WORKBOOKS.values()
    keys = {f"stages/{stage.key}" for book in books for stage in book.stages} | {
        f"questions/{question.key}" for book in books for question in book.questions
    }
    pages = {"pages/about", "pages/accessibility", "pages/learning"}
    assert set(texts.shipped()) == keys | pages | set(library.keys())
    for key in keys:
        note = texts.Texts().note(key)
        assert note.short
        assert note.more


def test_every_question_where_points_are_mended_says_what_they_look_at():
    for question in (question for book in WORKBOOKS.values() for question in book.questions):
        mended_here = bool(question.rules)
        text = texts.shipped()[f"questions/{question.key}"]
        assert ("### What the points look at\n" in text) == mended_here, question.key


@pytest.mark.parametrize("key", ["questions/measures", "stages/evaluation", "pages/learning"])
def test_output_engagement_and_outcome_have_one_meaning_in_form_and_texts(key):
    said = re.sub(r"[*():]|\bis\b", " ", texts.shipped()[key]).lower()
    for meaning in KINDS.values():
        assert " ".join(meaning.lower().replace(":", " ").split()) in " ".join(said.split())


COUNTED = re.compile(r"\b(?:questions?|stages?|worksheets?) \d|\b(?:six|twenty\S*) (?:stages|questions|worksheets)\b")


def test_no_text_writes_a_number_that_is_counted():
    assert not [key for key, text in texts.shipped().items() if COUNTED.search(text.lower())]


def test_what_ships_is_kept_as_it_is_when_cleaned():
    for key, text in texts.shipped().items():
        assert texts.tidy(text) == text, key


def test_a_note_has_its_short_lines_more_and_facts():
    more = "## More\n\nLonger.\n\n1. one\n2. two `code`\n"
    note = texts.note_of(f"Short *words*.\n\n{more}\n## Facts\n\n- A fact (Ofcom, 2016).\n")
    assert note.short == "<p>Short <em>words</em>.</p>"
    assert '<ol class="nhsuk-list nhsuk-list--number">' in note.more
    assert "<code>code</code>" in note.more
    assert '<ul class="nhsuk-list nhsuk-list--bullet">' in note.facts
    assert "Longer" not in note.short + note.facts


def test_headings_start_where_the_page_wants_them_and_skip_no_level():
    html, headings = texts.to_html("# One\n\n#### Deep\n\n# Two\n\n# Two\n", 2)
    assert re.findall(r"<(h\d)", html) == ["h2", "h3", "h2", "h2"]
    assert [heading.id for heading in headings] == ["on-one", "on-two", "on-two-2"]
    assert "<h4>Deep</h4>" in texts.to_html("## A\n\n### Deep", 3)[0]


def test_nothing_in_a_text_can_run_or_load_anything():
    html, _ = texts.to_html(NASTY, 2)
    tags = re.findall(r"<[^>]*>", html)
    assert {re.match(r"</?(\w+)", tag)[1] for tag in tags} <= {"p", "a"}
    assert re.findall(r'href="(\w+)', html) == ["http"]
    assert not any(re.search(r'"\s*on\w+=', tag) for tag in tags)
    assert texts.to_html("[x](https://nhs.uk)")[0] == '<p><a href="https://nhs.uk" rel="noopener noreferrer">x</a></p>'
    assert 'href="/guidance/"' in texts.to_html("[x](/guidance/)")[0]


def test_cleaning_before_saving_takes_out_tags_and_bad_links_and_no_words():
    text = texts.tidy(NASTY + "a < b & c &lt;i&gt; <https://nhs.uk/?a=1&b=2>\x00\u202e\r\n")
    assert "<script" not in text
    assert "onerror" not in text
    assert "javascript:" not in text.lower()
    assert "alert(1)" in text
    assert "a < b & c &lt;i&gt; [https://nhs.uk/?a=1&b=2](https://nhs.uk/?a=1&b=2)\n" in text
    assert texts.tidy(text) == text
    assert "<" not in texts.tidy("<<b>script>alert(1)<</b>/script>")


@pytest.mark.parametrize("text", ["[" * 20_000, "([" * 10_000, "> " * 10_000, "![](" * 5_000])
def test_a_text_made_to_be_slow_is_shown_soon(text):
    started = datetime.datetime.now()
    texts.to_html(text)
    assert (datetime.datetime.now() - started).total_seconds() < 5


# The rows


def test_migrating_adds_a_row_for_each_text_and_platform(db):
    assert set(Guidance.objects.values_list("key", flat=True)) == set(texts.shipped())
    assert not Guidance.objects.exclude(text="").exists()
    offered, retired = texts.current().platform_names()
    assert list(offered) == [entry["key"] for entry in texts.shipped_platforms()]
    assert offered["x"] == "X (formerly Twitter)"
    assert not retired
    assert PlatformFigure.objects.count() == sum(len(entry["figures"]) for entry in texts.shipped_platforms())


def test_migrating_again_changes_nothing_that_was_changed(db):
    Guidance.objects.filter(key="questions/aims").update(text="Ours.\n")
    Platform.objects.filter(key="x").update(name="Ex", retired=True)
    PlatformFigure.objects.filter(platform__key="facebook").delete()
    before = [list(model.objects.order_by("pk").values()) for model in (Guidance, Platform, PlatformFigure)]
    call_command("migrate", verbosity=0)
    assert [list(model.objects.order_by("pk").values()) for model in (Guidance, Platform, PlatformFigure)] == before


def test_migrating_brings_back_a_row_that_is_missing(db):
    Guidance.objects.filter(key="questions/aims").delete()
    Platform.objects.filter(key="forums").delete()
    call_command("migrate", verbosity=0)
    assert Guidance.objects.filter(key="questions/aims").exists()
    assert Platform.objects.get(key="forums").history.filter(history_change_reason="As it ships").exists()


def test_the_texts_cost_one_query(db, django_assert_num_queries):
    texts.current()
    with django_assert_num_queries(1):
        now = texts.current()
        now.note("questions/aims")
        now.platform_names()
        [list(platform.figures.all()) for platform in now.platforms()]


def test_a_change_shows_at_once_and_what_was_read_before_stays_the_same(db):
    before = texts.current()
    row = Guidance.objects.get(key="questions/aims")
    row.text = "Ours."
    row.save()
    assert texts.current().note("questions/aims").short == "<p>Ours.</p>"
    assert "Ours" not in before.note("questions/aims").short


def test_a_changed_added_or_removed_figure_shows_at_once(db):
    platform = Platform.objects.get(key="tiktok")

    def shown() -> list[str]:
        found = next(entry for entry in texts.current().platforms() if entry.key == "tiktok")
        return [figure.text for figure in found.figures.all()]

    assert shown() == []
    figure = PlatformFigure.objects.create(platform=platform, text="One in three", year=2026, source="Ofcom")
    assert shown() == ["One in three"]
    figure.text = "One in two"
    figure.save()
    assert shown() == ["One in two"]
    figure.delete()
    assert shown() == []


# The pages


@pytest.mark.parametrize("name", SIGNED_IN_PAGES + OPEN_PAGES)
def test_a_signed_in_person_can_read_every_page(world: World, signed_in, name):
    html = html_of(signed_in(world.nobody).get(reverse(name)))
    assert html.count("<h1") == 1
    assert "aria-current" in html


@pytest.mark.parametrize("stage", [stage.key for stage in STRATEGY.stages])
def test_a_stage_page_has_its_text_and_the_notes_of_its_questions(world: World, signed_in, stage):
    html = html_of(signed_in(world.manager).get(reverse("guidance-stage", args=[stage])))
    assert html.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', html):
        assert target in ids
    for question in next(entry for entry in STRATEGY.stages if entry.key == stage).questions:
        assert f'id="question-{question.number}"' in html


def test_a_stage_that_is_none_is_not_found(world: World, signed_in):
    assert signed_in(world.lead).get(reverse("guidance-stage", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_about_and_accessibility_are_open_to_everybody(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "Sign out" not in html_of(response)


@pytest.mark.parametrize("name", SIGNED_IN_PAGES)
def test_the_other_pages_ask_to_sign_in(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_page_is_only_read(world: World, signed_in):
    assert signed_in(world.lead).post(reverse("guidance")).status_code == 405


def test_a_stored_text_is_cleaned_when_it_is_shown(world: World, signed_in):
    Guidance.objects.filter(key="stages/drivers").update(text=NASTY, updated_at=datetime.datetime.now(datetime.UTC))
    html = html_of(signed_in(world.lead).get(reverse("guidance-stage", args=["drivers"])))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html.lower()


def test_figures_older_than_three_years_are_marked_in_words(world: World, signed_in):
    this_year = datetime.date.today().year
    PlatformFigure.objects.all().delete()
    platform = Platform.objects.get(key="facebook")
    PlatformFigure.objects.create(platform=platform, text="Ten million", year=this_year - 3, source="Ofcom")
    page = reverse("platforms")
    assert "May be out of date" not in html_of(signed_in(world.lead).get(page))
    PlatformFigure.objects.create(platform=platform, text="Nine million", year=this_year - 4, source="Ofcom")
    html = html_of(signed_in(world.lead).get(page))
    assert html.count("May be out of date") == 1
    assert f"{this_year - 4}. Ofcom" in html


def test_the_platform_guide_shows_what_ships_about_each_platform(world: World, signed_in):
    html = html_of(signed_in(world.contributor).get(reverse("platforms")))
    for entry in texts.shipped_platforms():
        assert f'id="platform-{entry["key"]}"' in html
        for figure in entry["figures"]:
            assert figure["text"].replace("'", "&#39;") in html


def test_a_retired_platform_leaves_the_guide_and_keeps_its_name(world: World, signed_in):
    platform = Platform.objects.get(key="messenger")
    platform.retired = True
    platform.save()
    offered, retired = texts.current().platform_names()
    assert "messenger" not in offered
    assert retired == {"messenger": "Facebook Messenger"}
    html = html_of(signed_in(world.lead).get(reverse("platforms")))
    assert 'id="platform-messenger"' not in html
    assert "Old reviews may still name Facebook Messenger." in html


def test_a_question_page_shows_the_note_of_its_question(world: World, signed_in):
    Guidance.objects.filter(key="questions/aims").update(
        text="Ours to read.\n", updated_at=datetime.datetime.now(datetime.UTC)
    )
    page = reverse("question", args=["nhs-anywhere", STRATEGY, "autumn-2026", "drivers", "aims"])
    assert "Ours to read." in html_of(signed_in(world.contributor).get(page))


def test_links_of_guidance_open_beside_a_question_and_say_so(world: World, signed_in) -> None:
    text = "Read [the guide](https://example.org/) and [ours](/guidance/), or [write](mailto:a@example.org).\n"
    Guidance.objects.update_or_create(
        key="questions/aims", defaults={"text": f"{text}\n## More\n\n{text}\n## Facts\n\n- {text}"}
    )
    page = tree(signed_in(world.lead).get(address(world, "aims")))
    links = page.xpath("//aside//a[not(starts-with(@href, 'mailto:'))]")
    assert len(links) == 9
    for link in links:
        assert link.get("target") == "_blank"
        assert "noopener" in link.get("rel")
        assert link.text_content().endswith("(opens in a new tab)")
    assert not page.xpath("//aside//a[starts-with(@href, 'mailto:')]/@target")


def test_questions_lead_to_the_pages_that_help_with_them_in_a_tab_of_their_own(world: World, signed_in) -> None:
    lead = signed_in(world.lead)
    for key, name, title in (
        *((key, "platforms", "Platform guide") for key in ("presence", "platforms", "formats", "plan")),
        *((key, "learning", "Learning") for key in ("drivers", "measures", "judgement")),
    ):
        link = tree(lead.get(address(world, key))).xpath(f"//aside//a[@href='{reverse(name)}']")[0]
        assert link.text_content() == f"{title} (opens in a new tab)"
        assert link.get("target") == "_blank"
        assert "noopener" in link.get("rel")


def test_what_a_question_gives_to_read_is_there() -> None:
    assert {name for question in STRATEGY.questions for name in question.reading} <= set(GUIDES)
    assert all(reverse(name) for name in GUIDES)


# What changed because of it is an outcome; what people chose to do is engagement, and so is no outcome.
CHOSEN = re.compile(r"\b(?:repl(?:y|ies)|shares?|likes?|comments?|sign-ups?|clicks?|visits?)\b", re.IGNORECASE)


def test_no_text_calls_what_people_chose_to_do_an_outcome() -> None:
    outcomes = [
        sentence
        for text in texts.shipped().values()
        for sentence in re.split(r"(?<=[.!?:])\s+|\n", text)
        if re.search(r"\boutcome\b", sentence, re.IGNORECASE)
    ]
    assert outcomes
    assert not [sentence for sentence in outcomes if CHOSEN.search(sentence)]


def test_the_same_links_stay_in_their_window_on_the_pages_of_the_guidance(world: World, signed_in) -> None:
    Guidance.objects.update_or_create(
        key="questions/aims", defaults={"text": "Read [the guide](https://example.org/).\n"}
    )
    page = tree(signed_in(world.lead).get("/guidance/stages/drivers/"))
    assert not page.xpath("//main//a[@target]")
