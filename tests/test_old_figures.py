"""Figures that are older than three years: marked wherever they stand, folded where all are, told to administrators."""

from __future__ import annotations

import datetime
import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from tests.reading import address, tree, words
from tests.world import World, person
from worksheets import ageing, texts
from worksheets.models import Guidance, Platform, PlatformFigure

THIS_YEAR = datetime.date.today().year
OLD, RECENT = THIS_YEAR - 4, THIS_YEAR - 3
MARK = ageing.WORDS
# A share, a count or a number in words of people, as the texts write them.
FIGURE = re.compile(r"\d(?:[.,\d]*\d)?(?:%| million\b)|\bone third\b|\b\d,\d{3}\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
BLOCK = re.compile(r"<(li|p|td)\b[^>]*>(.*?)</\1>", re.DOTALL)


def write(key: str, text: str) -> Guidance:
    row, _ = Guidance.objects.update_or_create(key=key, defaults={"text": text})
    return row


# One rule


@pytest.mark.parametrize(("year", "old"), [(2026, False), (2023, False), (2022, True), (2012, True), (2030, False)])
def test_a_figure_is_old_when_its_year_is_more_than_three_years_ago(year: int, old: bool) -> None:
    assert ageing.is_old(year, 2026) is old
    assert PlatformFigure(year=year).may_be_out_of_date(datetime.date(2026, 1, 1)) is old
    assert (MARK in texts.to_html(f"- One in ten (Ofcom, {year}).", 3, 2026)[0]) is old


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("One (Ofcom, 2015). Two (about 2012), three (2012 and 2016) *four* (x, about 2014).", 4),
        ("One (NHS Employers, 2016 and 2024).", 0),
        ("Reasonable adjustments (Equality Act 2010). In 2014 it was less. It began (from 2012).", 0),
        ("[A link (2012)](/guidance/) and `code (2012)`.", 0),
        ("## A heading (2012)\n\nWords (2012).", 1),
    ],
)
def test_a_year_in_brackets_behind_its_source_is_what_counts(text: str, marks: int) -> None:
    assert texts.to_html(text, 3, 2026)[0].count(MARK) == marks


def test_the_mark_stands_behind_the_figure_and_the_words_stay() -> None:
    html, _ = texts.to_html("- A (Ofcom, 2015). B *c* (x, 2012)\n- D (y, 2025).", 3, 2026)
    assert f"<li>A (Ofcom, 2015). {ageing.MARK} B <em>c</em> (x, 2012) {ageing.MARK}</li>" in html
    assert "<li>D (y, 2025).</li>" in html
    assert texts.to_html("A (Ofcom, 2015).", 3)[0] == "<p>A (Ofcom, 2015).</p>"


def test_a_text_can_not_make_the_mark_itself() -> None:
    html, _ = texts.to_html(f'{ageing.MARK} <strong class="nhsuk-tag">x</strong> (Ofcom, 2026)', 3, 2026)
    assert ageing.count_old(html) == 0


@pytest.mark.parametrize("text", ["(" * 20_000, "(a, " * 8_000, "(" + "a, " * 10_000, "(2012 and " * 5_000])
def test_a_text_made_to_be_slow_is_marked_soon(text: str) -> None:
    started = datetime.datetime.now()
    ageing.DATED.findall(text)
    assert (datetime.datetime.now() - started).total_seconds() < 2


# What ships


def test_every_old_figure_that_ships_is_marked_wherever_it_stands(db: None) -> None:
    now, looked_at = texts.current(), 0
    for key in texts.shipped():
        note = now.page(key) if key.startswith("pages/") else now.note(key)
        for _, block in BLOCK.findall(note.short + note.more + note.facts):
            years = [int(year) for year in YEAR.findall(block)]
            if FIGURE.search(block) and years and max(years) < THIS_YEAR - 3:
                looked_at += 1
                assert MARK in block, f"{key}: {block}"
    assert looked_at > 20


def test_no_text_about_a_platform_has_a_year_outside_its_figures() -> None:
    for entry in texts.shipped_platforms():
        said = "\n".join((entry["about"], *entry["good_for"], *entry["consider"], entry["tone"]))
        assert not YEAR.search(said), entry["key"]
        assert not FIGURE.search(said), entry["key"]


def test_what_ships_says_nothing_to_those_who_edit_it() -> None:
    shipped = "\n".join(texts.shipped().values()) + texts.PLATFORMS.read_text(encoding="utf-8")
    assert not re.search(r"add (?:them|it) here|if you edit|\bedit this\b|\bTODO\b", shipped, re.IGNORECASE)


@pytest.mark.parametrize("key", ["threads", "bluesky"])
def test_the_newer_platforms_have_an_entry_that_needs_no_figure(db: None, key: str) -> None:
    platform = Platform.objects.get(key=key)
    assert platform.about
    assert len(platform.good_for.splitlines()) >= 2
    assert len(platform.consider.splitlines()) >= 2
    assert not platform.figures.exists()
    offered = list(texts.current().platform_names()[0])
    assert offered[offered.index("x") + 1 :][:2] == ["threads", "bluesky"]


# On the pages


def test_facts_that_are_all_old_fold_away_under_their_years(world: World, signed_in) -> None:
    write("questions/aims", f"Words.\n\n## Facts\n\n- A (Ofcom, {OLD - 3}).\n- B (Ofcom, {OLD}).\n")
    lead = signed_in(world.lead)
    for place, said in (
        (address(world, "aims"), f"Facts from the sources, {OLD - 3} to {OLD}: question 2, aims"),
        (reverse("guidance-stage", args=["drivers"]), f"From the sources, {OLD - 3} to {OLD}: question 2"),
    ):
        page = tree(lead.get(place))
        folded = [
            details
            for details in page.xpath("//main//details[not(@open)]")
            if " ".join(details.find("summary").text_content().split()) == said
        ]
        assert len(folded) == 1
        assert folded[0].text_content().count(MARK) == 2


def test_facts_of_which_one_is_recent_stand_open_and_the_old_ones_are_marked(world: World, signed_in) -> None:
    write("questions/aims", f"Words.\n\n## Facts\n\n- A (Ofcom, {RECENT}).\n- B (Ofcom, {OLD}).\n")
    page = tree(signed_in(world.lead).get(address(world, "aims")))
    facts = page.xpath("//div[contains(@class, 'app-guidance__facts')]")[0]
    assert not facts.xpath(".//details")
    first, second = facts.xpath(".//li")
    assert MARK not in first.text_content()
    assert MARK in second.text_content()


def test_a_fact_without_a_year_keeps_the_facts_open(world: World, signed_in) -> None:
    write("questions/aims", f"Words.\n\n## Facts\n\n- What the law asks.\n- B (Ofcom, {OLD}).\n")
    page = tree(signed_in(world.lead).get(address(world, "aims")))
    assert not page.xpath("//div[contains(@class, 'app-guidance__facts')]//details")


def test_the_learning_page_ends_with_its_facts_folded(world: World, signed_in) -> None:
    page = tree(signed_in(world.lead).get(reverse("learning")))
    assert page.xpath("//main//h2")[-1].text_content() == "Facts"
    assert page.xpath("//main//details/summary")[0].text_content().split()[:3] == ["From", "the", "sources,"]
    assert page.xpath("//a[@href='#facts']")


def test_recent_figures_of_a_platform_lead_and_old_ones_fold_away(world: World, signed_in) -> None:
    platform = Platform.objects.get(key="threads")
    for text, year in (("Ten million", RECENT), ("Nine million", OLD)):
        PlatformFigure.objects.create(platform=platform, text=text, year=year, source="Ofcom")
    page = tree(signed_in(world.lead).get(reverse("platforms")))
    card = page.xpath("//*[@id='platform-threads']/ancestor::*[contains(@class, 'app-platform')]")[0]
    details = card.xpath(".//details")
    assert len(details) == 1
    assert "Nine million" in details[0].text_content()
    assert MARK in details[0].text_content()
    assert "Ten million" not in details[0].text_content()
    assert "Ten million" in card.text_content()
    assert card.text_content().count(MARK) == 1


def test_every_old_figure_of_the_platform_guide_has_its_mark(world: World, signed_in) -> None:
    old = sum(figure.may_be_out_of_date() for figure in PlatformFigure.objects.all())
    assert words(signed_in(world.lead).get(reverse("platforms"))).count(MARK) == old > 14


# For administrators


def test_the_start_page_of_the_administration_counts_them_and_leads_to_where_they_are_edited(
    world: World, signed_in
) -> None:
    Guidance.objects.update(text="Nothing dated.\n")
    PlatformFigure.objects.all().delete()
    row = write("stages/drivers", f"Words (Ofcom, {OLD}).\n\n## Facts\n\n- A (Ofcom, {OLD}).\n- B (Ofcom, {RECENT}).\n")
    platform = Platform.objects.get(key="bluesky")
    PlatformFigure.objects.create(platform=platform, text="Ten", year=OLD, source="Ofcom")
    ada = signed_in(world.admin)
    page = ada.get(reverse("admin:index"))
    assert "3 figures in the guidance are older than three years" in words(page)
    links = {
        link.text_content(): link.get("href")
        for link in tree(page).xpath("//section[contains(@class, 'start-task')]//a")
    }
    assert links == {
        "Platform: Bluesky": reverse("admin:worksheets_platform_change", args=[platform.pk]),
        "Stage 1: Drivers and aims": reverse("admin:worksheets_guidance_change", args=[row.pk]),
    }
    assert all(ada.get(link).status_code == 200 for link in links.values())


def test_one_figure_is_told_as_one_and_none_is_not_told(world: World, signed_in) -> None:
    Guidance.objects.update(text="Nothing dated.\n")
    PlatformFigure.objects.exclude(pk=PlatformFigure.objects.first().pk).delete()
    ada = signed_in(world.admin)
    assert "1 figure in the guidance is older than three years" in words(ada.get(reverse("admin:index")))
    PlatformFigure.objects.update(year=THIS_YEAR)
    platform = Platform.objects.first()
    platform.save()
    assert "older than three years" not in words(ada.get(reverse("admin:index")))


def test_the_figures_of_a_retired_platform_are_nobodys_task(world: World, signed_in) -> None:
    Guidance.objects.update(text="Nothing dated.\n")
    for platform in Platform.objects.all():
        platform.retired = True
        platform.save()
    assert "older than three years" not in words(signed_in(world.admin).get(reverse("admin:index")))


def test_whoever_may_not_edit_guidance_is_not_told(world: World, signed_in) -> None:
    staff = person("staff@example.org", "Stan Staff", is_staff=True)
    browser = signed_in(staff)
    assert "older than three years" not in words(browser.get(reverse("admin:index")))
    staff.user_permissions.add(Permission.objects.get(codename="change_guidance"))
    shown = words(browser.get(reverse("admin:index")))
    assert "older than three years" in shown
    assert "Platform: " not in shown
    assert signed_in(world.lead).get(reverse("admin:index")).status_code == 403


def test_a_preview_shows_the_marks(world: World, signed_in) -> None:
    row = Guidance.objects.get(key="questions/aims")
    place = reverse("admin:worksheets_guidance_change", args=[row.pk])
    text = f"Words (Ofcom, {OLD}).\n\n## Facts\n\n- A (Ofcom, {OLD}).\n"
    assert words(signed_in(world.admin).post(place, {"text": text, "_preview": "Preview"})).count(MARK) == 2


def test_what_editors_should_know_stands_where_they_edit(world: World, signed_in) -> None:
    ada = signed_in(world.admin)
    row, platform = Guidance.objects.get(key="pages/about"), Platform.objects.get(key="tiktok")
    shown = words(ada.get(reverse("admin:worksheets_guidance_change", args=[row.pk])))
    assert "Write in your own words, and copy no document." in shown
    shown = words(ada.get(reverse("admin:worksheets_platform_change", args=[platform.pk])))
    assert "Look for recent ones, such as Ofcom's." in shown


# Databases of before


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch, db: None):
    """The migration, for which Facebook, X and LinkedIn shipped otherwise before."""
    migration = importlib.import_module("worksheets.migrations.0011_threads_and_bluesky")
    before = {}
    for platform in Platform.objects.filter(key__in=("facebook", "x", "linkedin")):
        platform.about = f"{platform.name}, as it was."
        platform.save()
        platform.figures.exclude(year=2016).delete()
        before[platform.key] = (migration.texts_of(platform), migration.figures_of(platform.figures.all()))
    monkeypatch.setattr(migration, "BEFORE", before)
    return lambda: migration.to_what_ships(apps, SimpleNamespace(connection=SimpleNamespace(alias="default")))


def entry(key: str) -> dict:
    return next(one for one in texts.shipped_platforms() if one["key"] == key)


def test_a_platform_that_nobody_edited_takes_what_ships_now_and_what_was_edited_stays(upgrade) -> None:
    Platform.objects.filter(key="x").update(about="Ours.")
    Platform.objects.filter(key="linkedin").update(retired=True)
    PlatformFigure.objects.create(
        platform=Platform.objects.get(key="linkedin"), text="Ours", year=THIS_YEAR, source="Us"
    )
    upgrade()
    facebook, x, linkedin = (Platform.objects.get(key=key) for key in ("facebook", "x", "linkedin"))
    assert facebook.about == entry("facebook")["about"]
    assert {figure.text for figure in facebook.figures.all()} == {one["text"] for one in entry("facebook")["figures"]}
    assert facebook.history.first().history_change_reason == "As it ships"
    assert x.about == "Ours."
    assert linkedin.about == entry("linkedin")["about"]
    assert linkedin.retired
    assert {figure.year for figure in linkedin.figures.all()} == {2016, THIS_YEAR}
    assert "as it was" not in texts.current().platforms()[0].about


def test_run_again_it_changes_nothing(upgrade) -> None:
    upgrade()
    before = list(Platform.objects.order_by("pk").values())
    upgrade()
    assert list(Platform.objects.order_by("pk").values()) == before


def test_a_platform_that_an_administrator_added_under_another_key_is_not_added_again(db: None) -> None:
    Platform.objects.filter(key__in=("threads", "bluesky")).delete()
    Platform.objects.create(key="threads-app", name="threads")
    call_command("migrate", verbosity=0)
    assert set(Platform.objects.filter(key__in=("threads", "bluesky")).values_list("key", flat=True)) == {"bluesky"}
