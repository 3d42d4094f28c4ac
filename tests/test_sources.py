"""The table of sources: every point is named once, and each place that carries it is really there and says so."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.reading import tree
from tests.world import World
from worksheets.fields import AnyKind
from worksheets.models import Cycle, Guidance, Worksheet
from worksheets.words import capital
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, of_question, of_stage
from worksheets.workbooks.strategy import STRATEGY

DOCUMENT = (Path(settings.BASE_DIR) / "docs" / "sources.md").read_text(encoding="utf-8")
POINTS = 144
# How a place is written, and a group of them: behind the name of a workbook, unless it is the strategy review.
PLACE = re.compile(r"`(question|stage|platform|finding|page|clause):([\w:.-]+)(?:#([\w.=-]+))?`")
NAMED = r"`(?:question|stage|platform|finding|page|clause):[^`]*`"
GROUP = re.compile(rf"(?:(?P<book>[A-Z][a-z ]+): )?(?P<places>{NAMED}(?:, {NAMED})*)")
TEXTS = ("short", "more", "facts")
IN_PART = re.compile(r"\. (In part: [^.]+)$")
NAMES = {capital(book.noun): book for book in WORKBOOKS.values() if book is not STRATEGY}


@dataclass(frozen=True)
class Place:
    """Where a point is carried: in the `part` of something that is found by its key."""

    sort: str
    key: str
    part: str

    def __str__(self) -> str:
        return f"{self.sort}:{self.key}" + (f"#{self.part}" if self.part else "")


@dataclass(frozen=True)
class Point:
    """A row of the table. `groups` are its places by the name of their workbook."""

    name: str
    source: str
    groups: dict[str, tuple[Place, ...]]
    missing: str
    signs: tuple[str, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for group in self.groups.values() for place in group)


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the document, without its head."""
    _, _, below = DOCUMENT.partition(f"\n## {heading}\n")
    lines = [line for line in below.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def places_in(words: str) -> tuple[Place, ...]:
    return tuple(Place(sort, key, part) for sort, key, part in PLACE.findall(words))


def point_of(cells: list[str]) -> Point:
    name, _, source, carried, signs = cells
    lacking = IN_PART.search(carried)
    groups = {}
    for words in IN_PART.sub("", carried).split("; "):
        group = GROUP.fullmatch(words)
        # What does not have the form would be a place that nobody ever goes to.
        assert group, f"{name}: {words}"
        groups[group["book"] or ""] = places_in(group["places"])
    return Point(name, source, groups, lacking[1] if lacking else "", tuple(signs.split("; ")))


TABLE = [point_of(cells) for cells in rows_of("The points")]


# What the table says


def test_every_point_has_one_row_in_their_order() -> None:
    assert [point.name for point in TABLE] == [f"T{number}" for number in range(1, POINTS + 1)]


def test_every_point_comes_from_a_document_that_is_listed_with_its_lines() -> None:
    titles = "|".join(cells[0] for cells in rows_of("The documents"))
    one = rf"(?:{titles}) lines? [\d, -]+"
    assert not [point.name for point in TABLE if not re.fullmatch(rf"{one}(?:, {one})?", point.source)]


def test_every_point_has_a_place_and_something_to_look_for_there() -> None:
    assert not [point.name for point in TABLE if not point.places or not all(point.signs)]


def test_a_place_of_another_workbook_than_the_strategy_review_is_said_to_be_of_it() -> None:
    for point in TABLE:
        assert list(point.groups) == [name for name in ("", *NAMES) if name in point.groups], point.name
        for name, places in point.groups.items():
            books = [book_of(place) for place in places]
            assert all(book is NAMES[name] if name else book in (None, STRATEGY) for book in books), point.name


def test_no_point_is_carried_in_part() -> None:
    assert not [point.name for point in TABLE if point.missing]


def test_no_number_that_is_counted_is_written_by_hand() -> None:
    assert not re.findall(r"\b[Qq]uestions? \d+|\b[Ss]tages? \d+", DOCUMENT)


def test_every_place_that_the_document_names_has_the_form_that_can_be_followed() -> None:
    assert not [name for name in re.findall(NAMED, DOCUMENT) if not PLACE.fullmatch(name)]


# Where it leads


def book_of(place: Place) -> Workbook | None:
    """The workbook that a place belongs to; None for pages, platforms and clauses: they belong to all."""
    if place.sort == "question":
        return of_question(place.key)[0]
    if place.sort == "stage":
        return of_stage(place.key)[0]
    if place.sort == "finding":
        return next((book for book in WORKBOOKS.values() if place.key in book.rule), None)
    return None


def plainly(words: str) -> str:
    """Words as they are compared: in one line, in small letters, with straight quotation marks."""
    return re.sub(r"\s+", " ", words.translate(str.maketrans("“”‘’", "\"\"''"))).strip().casefold()


def said_by(kind: AnyKind) -> Iterator[str]:
    """What a field says to whoever fills it in: label, hint, choices, common rows, and the fields of its rows."""
    yield str(kind.label)
    yield str(kind.help_text)
    yield from getattr(kind, "choices", {}).values()
    yield from getattr(kind, "hints", {}).values()
    yield from getattr(kind, "offers", ())
    for part in getattr(kind, "fields", {}).values():
        yield from said_by(part)


@dataclass
class Site:
    """The pages of the service as people at NHS Anywhere find them, each opened once."""

    lead: Client
    admin: Client
    world: World
    opened: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def runs(self) -> dict[str, str]:
        """A run of every workbook, by its short name, with the answers of its sample: tables have rows then."""
        self.world.fill()
        slugs = {STRATEGY.key: self.world.cycle.slug}
        for book in NAMES.values():
            assert book.sample
            answers = json.loads(book.sample.read_text(encoding="utf-8"))["worksheets"]
            run = Cycle.objects.create(
                organisation=self.world.anywhere,
                workbook=book.key,
                name=book.title,
                slug=book.key,
                starts=datetime.date(2026, 11, 2),
                ends=datetime.date(2027, 4, 30),
                owner=self.world.lead if book.private else None,
            )
            Worksheet.objects.bulk_create(
                Worksheet(cycle=run, stage=stage.key, answers=answers.get(stage.key, {}), version=1)
                for stage in book.stages
            )
            slugs[book.key] = run.slug
        return slugs

    def page(self, address: str) -> Any:
        if address not in self.opened:
            response = (self.admin if address.startswith("/admin/") else self.lead).get(address)
            assert response.status_code == 200, address
            self.opened[address] = tree(response)
        return self.opened[address]

    def question(self, key: str) -> Any:
        book, question = of_question(key)
        where = [self.world.anywhere.slug, book, self.runs[book.key], question.stage, key]
        return self.page(reverse("question", args=where))

    def stage(self, key: str) -> Any:
        return self.page(reverse("guidance-stage", args=[key]))

    def read(self, place: Place) -> list[str]:
        """What a reader finds who goes to a place: once for each page on which it stands."""
        try:
            found = [plainly(words) for words in getattr(self, f"read_{place.sort}")(place)]
        except (LookupError, ValueError, NoReverseMatch):
            found = []
        assert found, f"{place} is not there"
        assert all(found), f"{place} says nothing"
        return found

    def read_question(self, place: Place) -> list[str]:
        name, _, below = place.part.partition(".")
        if name == "form":
            return [self.asked(place, below)]
        assert name in TEXTS
        _, question = of_question(place.key)
        (beside,) = self.question(place.key).xpath("//aside")
        paths = {
            "short": ".//*[@class='app-guidance__text']",
            "more": ".//details[starts-with(normalize-space(summary), 'More about this')]",
            "facts": ".//*[@class='app-guidance__facts']",
        }
        sections = self.stage(question.stage).xpath("//section[@aria-labelledby=$id]", id=f"question-{question.number}")
        (part,) = beside.xpath(paths[name])
        (section,) = sections
        return [part.text_content(), section.text_content()]

    def asked(self, place: Place, named: str) -> str:
        """What a field asks, or a whole form. Each of its words must stand on the page."""
        _, question = of_question(place.key)
        page = self.question(place.key)
        (form,) = page.xpath("//form[@id='question']")
        shown = plainly(form.text_content())
        if not named:
            (title,) = page.xpath("//h1")
            return " ".join((title.text_content(), *(" ".join(said_by(kind)) for kind in question.form.kinds.values())))
        path, _, choice = named.partition("=")
        kind: Any = question.form.kinds[path.partition(".")[0]]
        for name in path.split(".")[1:]:
            kind = kind.fields[name]
        # The rows of a table stand between its name and that of a field.
        drawn = re.compile(path.replace(".", "-(?:[^-]+-)?") + r"(?:-|$)")
        assert any(drawn.match(name) for name in form.xpath(".//@name | .//@id")), f"{place} is not drawn"
        words = [kind.choices[choice], getattr(kind, "hints", {}).get(choice, "")] if choice else [*said_by(kind)]
        assert plainly(words[0]) in shown, f"{place} is not on its page"
        return " ".join(words)

    def read_stage(self, place: Place) -> list[str]:
        page = self.stage(place.key)
        if place.part == "short":
            return [part.text_content() for part in page.xpath("//*[@class='app-lead']")]
        assert place.part in TEXTS
        if place.part == "facts":
            return [below(page, "facts")]
        (lead,) = page.xpath("//*[@class='app-lead']")
        return [until(lead, "facts", "questions")]

    def read_platform(self, place: Place) -> list[str]:
        cards = self.page(reverse("platforms")).xpath(
            "//*[contains(@class, 'app-platform')][.//*[@id=$id]]", id=f"platform-{place.key}"
        )
        return [card.text_content() for card in cards]

    def read_clause(self, place: Place) -> list[str]:
        row = Guidance.objects.get(key=f"clauses/{place.key}")
        page = self.page(reverse("admin:worksheets_guidance_change", args=[row.pk]))
        return [box.text_content() for box in page.xpath("//textarea[@name='text']")]

    def read_page(self, place: Place) -> list[str]:
        args = [self.world.anywhere.slug, STRATEGY] if place.key in ("dashboard", "cycle-start") else []
        page = self.page(reverse(place.key, args=args))
        if not place.part:
            return [main.text_content() for main in page.xpath("//main")]
        return [below(page, place.part if place.part == "facts" else f"on-{place.part}")]


def below(page: Any, heading: str) -> str:
    """What stands below a heading, up to the next that is as high."""
    (start,) = page.xpath("//h2[@id=$id]", id=heading)
    return until(start)


def until(start: Any, *headings: str) -> str:
    """What follows an element up to one of the headings named, or to any of the second level. No list of contents."""
    said = []
    for element in start.itersiblings():
        if element.tag == "h2" and (not headings or element.get("id") in headings):
            break
        if element.tag != "nav":
            said.append(element.text_content())
    return " ".join(said)


@pytest.fixture
def site(world: World, signed_in: Any) -> Site:
    return Site(signed_in(world.lead), signed_in(world.admin), world)


def test_every_place_is_there_and_says_the_point(site: Site) -> None:
    """Each place has one of the signs of its point, on every page where it is read, and no sign is in vain."""
    lost = []
    for point in TABLE:
        found = {place: site.read(place) for place in point.places if place.sort != "finding"}
        signs = [plainly(sign) for sign in point.signs]
        lost += [
            f"{point.name}: {place}"
            for place, pages in found.items()
            if not all(any(sign in words for sign in signs) for words in pages)
        ]
        lost += [
            f"{point.name}: “{sign}”"
            for sign in signs
            if not any(sign in words for pages in found.values() for words in pages)
        ]
    assert not lost, "\n".join(lost)


def test_every_finding_is_there_and_is_mended_at_a_field_that_is_drawn(site: Site) -> None:
    for place in places_in(DOCUMENT):
        if place.sort == "finding":
            book = book_of(place)
            assert book, place
            rule = book.rule[place.key]
            assert rule in book.question[rule.question].rules, place
            if rule.field:
                site.asked(Place("question", rule.question, ""), rule.field)
            (more,) = site.question(rule.question).xpath(
                "//aside//details[starts-with(normalize-space(summary), 'More about this')]"
            )
            assert "What the points look at" in more.text_content(), place


def test_every_place_that_the_document_names_elsewhere_is_there(site: Site) -> None:
    for heading in (
        "How to read the last two columns",
        "Where the sources disagree, have aged or leave a gap",
        "What comes from elsewhere",
    ):
        places = [place for cells in rows_of(heading) for place in places_in(" ".join(cells))]
        assert places, heading
        for place in places:
            if place.sort != "finding":
                site.read(place)
