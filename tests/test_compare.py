"""Two reviews side by side, row by row and word by word, on a page and behind the summary; all of them in a line."""

from __future__ import annotations

import datetime
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.reading import error_messages, tree, words
from tests.world import SAMPLE_FILE, World, cycle_of
from worksheets import saving
from worksheets.comparing.answers import Compared, Group, compare_answers
from worksheets.comparing.chart import Series, line_chart
from worksheets.comparing.reviews import Comparison, Side, compare
from worksheets.comparing.trend import Met, trend
from worksheets.comparing.words import changed_words
from worksheets.drawing.pen import steps
from worksheets.fields import Rows, Scope
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Lookback, Organisation, User, Worksheet
from worksheets.report.contents import gather
from worksheets.report.page import html_of as printed
from worksheets.review import Review
from worksheets.texts import current
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/compare/"
PLATFORMS = {key: key.capitalize() for key in ("facebook", "instagram", "x", "whatsapp", "linkedin", "youtube")}
DAYS = (datetime.date(2026, 10, 1), datetime.date(2027, 3, 31))


def answers() -> Any:
    """A fresh copy of the sample's answers, in which every row has an id, as an import stores them."""
    found = json.loads(SAMPLE_FILE.read_text(encoding="utf-8"))["worksheets"]
    for stage in found.values():
        for question, answer in stage.items():
            for name, kind in STRATEGY.question[question].form.base_fields.items():
                if isinstance(kind, Rows) and kind.own_keys == ("id",):
                    for n, row in enumerate(answer.get(name, ())):
                        row.setdefault("id", f"{name}-{n}")
    return found


def review(worksheets: Any) -> Review:
    scope = Scope(worksheets, "NHS Anywhere", PLATFORMS, starts=DAYS[0], ends=DAYS[1], numbers=STRATEGY.numbers)
    return Review(STRATEGY, scope)


def compared(before: Any, after: Any) -> Comparison:
    return compare(review(before), review(after), (Side("Last time", *DAYS), Side("This time", *DAYS)))


def question(key: str, before: Any, after: Any) -> Compared:
    """What is left of a question when only what changed is shown."""
    then, now = review(before), review(after)
    return compare_answers(
        STRATEGY.question[key], then.answer(key), now.answer(key), then.scope, now.scope
    ).only_changed


def one(groups: tuple[Group, ...]) -> Group:
    (group,) = groups
    return group


def marks(side: Any) -> list[tuple[str, str]]:
    return [(piece.mark, piece.text.strip()) for pieces in side for piece in pieces]


# Words.


def test_words_are_marked_on_the_side_that_has_them() -> None:
    before, after = changed_words("We answer parents within a week.", "We always answer parents within two days.")
    assert [(piece.mark, piece.text) for piece in before] == [
        ("same", "We answer parents within "),
        ("removed", "a week."),
    ]
    assert [(piece.mark, piece.text.strip()) for piece in after] == [
        ("same", "We"),
        ("added", "always"),
        ("same", "answer parents within"),
        ("added", "two days."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "new words"),
        ("old words", ""),
        ("one\n\ntwo  three", "one\ntwo four"),
        ("a b " * 400, "b a " * 400),
        ("🙂 día", "día 🙂"),
        ("same", "same"),
    ],
)
def test_no_word_or_line_break_is_lost_in_marking(before: str, after: str) -> None:
    sides = changed_words(before, after)
    assert ["".join(piece.text for piece in side) for side in sides] == [before, after]


def test_texts_that_share_next_to_nothing_are_shown_whole() -> None:
    before, after = changed_words("The board asked in July for a plan.", "Patients tell us in surveys what they miss.")
    assert [piece.mark for piece in before] == ["removed"]
    assert [piece.mark for piece in after] == ["added"]


@pytest.mark.parametrize(
    "text", ["a " * 1_000, "word and more of the same " * 80, "x" * 2_000, " ".join(map(str, range(500)))]
)
def test_long_texts_are_compared_quickly(text: str) -> None:
    texts = [(text, f"{n} {text[:1900][::-1]} {n}") for n in range(20)]
    began = time.process_time()
    for before, after in texts:
        changed_words(before, after)
    assert time.process_time() - began < 2


# Answers.


def test_a_reworded_row_is_a_change_and_not_one_gone_and_one_new() -> None:
    after = answers()
    aim = after["drivers"]["aims"]["aims"][1]
    aim["statement"] = aim["statement"].replace("before they travel", "before they set out")
    group = one(question("aims", answers(), after).groups)
    assert group.state == "changed"
    assert group.title.startswith("Aim: Help people choose")
    (line,) = group.lines
    assert marks(line.before)[-1] == ("removed", "travel.")
    assert marks(line.after)[-1] == ("added", "set out.")


def test_rows_that_are_new_and_gone_are_told() -> None:
    after = answers()
    gone = after["drivers"]["aims"]["aims"].pop(0)
    after["drivers"]["aims"]["aims"].append({"id": "aim-new", "statement": "Hear from staff", "achievable": "yes"})
    new, old = question("aims", answers(), after).groups
    assert (new.state, new.title) == ("added", "Aim: Hear from staff")
    assert [line.label for line in new.lines] == ["Aim", "Achievable"]
    assert old.state == "removed"
    assert old.lines[0].before[0][0].text == gone["statement"]
    assert all(mark == "same" for line in (*new.lines, *old.lines) for mark, _ in marks((*line.before, *line.after)))


def test_a_row_that_was_typed_again_is_found_by_its_words() -> None:
    before, after = answers(), answers()
    for n, row in enumerate(before["stakeholders"]["platforms"]["platforms"]):
        row["id"] = f"old-{n}"
    for n, row in enumerate(after["stakeholders"]["platforms"]["platforms"]):
        row["id"] = f"new-{n}"
    assert question("platforms", before, after).groups == ()
    after["stakeholders"]["platforms"]["platforms"][0]["followers"] = 1
    assert one(question("platforms", before, after).groups).state == "changed"


def test_an_order_that_matters_is_told() -> None:
    after = answers()
    people = after["stakeholders"]["stakeholders"]["stakeholders"]
    people.insert(0, people.pop(2))
    group = one(question("stakeholders", answers(), after).groups)
    assert group.note == "Moved from place 3 to place 1"
    assert group.lines == ()


def test_numbers_are_shown_with_their_difference() -> None:
    before, after = answers(), answers()
    before["resources"]["weekly"]["capacity"], after["resources"]["weekly"]["capacity"] = 19.5, 24
    after["resources"]["weekly"]["advertising"] = before["resources"]["weekly"]["advertising"] - 300
    hours, money = one(question("weekly", before, after).groups).lines
    assert (hours.before[0][0].text, hours.after[0][0].text) == ("19.5 hours a week", "24 hours a week")
    assert hours.note == "4.5 more"
    assert money.note == "£300 less"


def test_dates_and_choices_are_told_in_words() -> None:
    after = answers()
    after["evaluation"]["judgement"]["evaluate_on"] = "2027-04-30"
    after["resources"]["outcomes"]["answer"] = "unsure"
    after["content"]["formats"]["supporting"] = ["photo", "poll"]
    (line,) = one(question("judgement", answers(), after).groups).lines
    assert marks(line.after) == [("added", "30 April 2027")]
    (line,) = one(question("outcomes", answers(), after).groups).lines
    assert (marks(line.before), marks(line.after)) == ([("removed", "Yes")], [("added", "Not sure")])
    (line,) = one(question("formats", answers(), after).groups).lines
    assert ("same", "Photo") in marks(line.after)
    assert "added" in {mark for mark, _ in marks(line.after)}


def test_a_reference_to_a_reworded_row_is_the_same_reference() -> None:
    after = answers()
    after["drivers"]["aims"]["aims"][0]["statement"] = "Something quite different"
    assert question("objectives", answers(), after).groups == ()


def test_fields_of_one_name_are_told_apart() -> None:
    after = answers()
    after["drivers"]["aims"]["aims"][0]["warranted_because"] = "Because"
    (line,) = one(question("aims", answers(), after).groups).lines
    assert line.label == "Worth the effort: why"


# Reviews.


def test_two_reviews_that_are_the_same_have_nothing_to_show() -> None:
    same = compared(answers(), answers())
    assert not same.changed
    assert same.only_changed.chapters == ()
    assert len(same.chapters) == 6
    assert sum(len(chapter.questions) for chapter in same.chapters) == 21


def test_only_what_changed_leaves_out_the_rest() -> None:
    after = answers()
    after["content"]["working"]["tone"] = "Warm"
    found = compared(answers(), after)
    (chapter,) = found.only_changed.chapters
    (kept,) = chapter.questions
    assert kept.key == "working"
    assert [line.label for line in one(kept.groups).lines] == ["Voice on each platform"]
    assert len(one(found.chapters[4].questions[0].groups).lines) > 1


def test_findings_that_were_opened_and_closed_are_told() -> None:
    before, after = answers(), answers()
    before["content"]["publishers"] |= {"publishers": "colleagues", "staff_policy": "no"}
    after["resources"]["outcomes"]["answer"] = "no"
    found = compared(before, after)
    assert [finding.id for finding in found.opened] == ["resources.no-better-outcome"]
    assert [finding.id for finding in found.closed] == ["content.no-staff-policy"]
    assert found.stayed == ()
    assert [finding.id for finding in compared(before, before).stayed] == ["content.no-staff-policy"]


def test_figures_are_told_with_what_is_more_and_less() -> None:
    after = answers()
    after["resources"]["weekly"]["tasks"][0]["hours"] += 4.5
    hours = compared(answers(), after).only_changed.figures[0]
    assert (hours.label, hours.note) == ("Hours a week", "4.5 more")


def test_the_conclusion_not_to_use_social_media_is_a_change() -> None:
    parts = Side("A", *DAYS), Side("B", *DAYS, conclusion="It takes more than it gives")
    found = compare(review(answers()), review(answers()), parts)
    assert found.changed
    assert found.only_changed.figures[0].label == "Why social media is not used"


def test_a_whole_comparison_is_quick() -> None:
    before, after = answers(), answers()
    long = "Words that are many and that go on and on, as people do when nobody stops them. " * 24
    for n, row in enumerate(after["evaluation"]["measures"]["measures"]):
        row["what"] = f"{n} {long}"
    for n, row in enumerate(before["evaluation"]["measures"]["measures"]):
        row["what"] = f"{long} {n}"
    began = time.process_time()
    compared(before, after)
    assert time.process_time() - began < 1


# The page.


@pytest.fixture
def two(world: World) -> World:
    """Two reviews of NHS Anywhere: the sample last spring, and this autumn with an aim reworded and hours added."""
    earlier(world)
    after = answers()
    aim = after["drivers"]["aims"]["aims"][1]
    aim["statement"] = aim["statement"].replace("before they travel", 'before they <script>set</script> "out"')
    after["resources"]["weekly"]["capacity"] = 28.5
    world.fill(**after)
    return world


def earlier(world: World, name: str = "Spring 2026", slug: str = "spring-2026", **stages: Any) -> Cycle:
    cycle = cycle_of(world.anywhere, name, slug)
    Cycle.objects.filter(pk=cycle.pk).update(starts=datetime.date(2026, 4, 1), ends=datetime.date(2026, 9, 30))
    world.fill(cycle, **(stages or answers()))
    return Cycle.objects.get(pk=cycle.pk)


@pytest.mark.parametrize("who", ["lead", "contributor", "manager"])
def test_every_member_sees_what_changed_since_last_time(two: World, signed_in: SignIn, who: str) -> None:
    response = signed_in(getattr(two, who)).get(HERE)
    text = words(response)
    assert "Autumn 2026 compared with Spring 2026" in text
    assert "2 of the 21 questions have different answers." in text
    assert "28.5 hours a week4.5 more" in text
    assert "removed: travel." in text
    assert "What will you publish?" not in text


def test_marks_are_more_than_colour(two: World, signed_in: SignIn) -> None:
    page = tree(signed_in(two.lead).get(HERE))
    removed, added = page.xpath("//td//del"), page.xpath("//td//ins")
    assert removed
    assert added
    for change, sign, word in ((removed[0], "−", "removed: "), (added[0], "+", "added: ")):
        assert change.getprevious().text == sign
        assert change.getprevious().get("aria-hidden") == "true"
        assert change.xpath("./span[@class='nhsuk-u-visually-hidden']")[0].text == word


def test_what_people_typed_is_escaped_in_marks(two: World, signed_in: SignIn) -> None:
    html = signed_in(two.lead).get(HERE).content.decode()
    assert "<script>set" not in html
    assert "&lt;script&gt;set&lt;/script&gt;" in html
    assert "&#34;out&#34;" in html


def test_all_can_be_shown_and_the_switch_keeps_the_other_review(two: World, signed_in: SignIn) -> None:
    lead = signed_in(two.lead)
    (link,) = tree(lead.get(HERE)).xpath("//a[text()='Show what stayed the same as well']/@href")
    response = lead.get(HERE + link)
    assert "What will you publish?" in words(response)
    assert tree(response).xpath("//a[text()='Show only what changed']/@href") == ["?with=spring-2026"]


@pytest.mark.parametrize("name", ["%00", "no-such-review", "a/b", "a b", "%F0%9F%98%80"])
def test_a_review_that_cannot_be_is_not_found(world: World, signed_in: SignIn, name: str) -> None:
    assert signed_in(world.lead).get(f"{HERE}?with={name}").status_code == 404


def test_nothing_changed_is_said(world: World, signed_in: SignIn) -> None:
    earlier(world)
    world.fill(**answers())
    response = signed_in(world.lead).get(HERE)
    assert "Nothing has changed. All answers are the same in both reviews." in words(response)


def test_the_earlier_review_stands_on_the_left_whichever_is_asked(two: World, signed_in: SignIn) -> None:
    response = signed_in(two.lead).get("/o/nhs-anywhere/reviews/spring-2026/compare/?with=autumn-2026")
    assert "Autumn 2026 compared with Spring 2026" in words(response)


def test_a_review_is_compared_with_the_one_it_was_carried_forward_from(two: World, signed_in: SignIn) -> None:
    other = earlier(two, "Winter 2020", "winter-2020")
    Cycle.objects.filter(pk=two.cycle.pk).update(previous=other)
    assert "Autumn 2026 compared with Winter 2020" in words(signed_in(two.lead).get(HERE))


def test_without_another_review_the_page_says_so(world: World, signed_in: SignIn) -> None:
    response = signed_in(world.lead).get(HERE, follow=True)
    assert "There is nothing to compare yet. You need two reviews, and your organisation has one." in words(response)


def test_reviews_of_others_are_not_found(two: World, signed_in: SignIn) -> None:
    Cycle.objects.filter(pk=two.foreign_cycle.pk).update(slug="elsewhere")
    addresses = [
        HERE,
        "/o/nhs-anywhere/compare/",
        "/o/nhs-anywhere/trend/",
        f"{HERE}spring-2026/summary.pdf",
    ]
    for who in (two.outsider, two.nobody):
        assert [signed_in(who).get(address).status_code for address in addresses] == [404] * 4
    lead = signed_in(two.lead)
    assert lead.get(f"{HERE}?with=elsewhere").status_code == 404
    assert lead.get(f"{HERE}elsewhere/summary.pdf").status_code == 404
    assert lead.get("/o/nhs-anywhere/compare/?first=elsewhere&second=autumn-2026").status_code == 404
    assert Client().get(HERE).status_code == 302


def test_two_reviews_are_chosen_on_a_page(two: World, signed_in: SignIn) -> None:
    lead = signed_in(two.lead)
    page = tree(lead.get("/o/nhs-anywhere/compare/"))
    assert page.xpath("//option[@selected]/@value") == ["spring-2026", "autumn-2026"]
    response = lead.get("/o/nhs-anywhere/compare/", {"first": "spring-2026", "second": "autumn-2026"})
    assert response["Location"] == f"{HERE}?with=spring-2026"
    response = lead.get("/o/nhs-anywhere/compare/", {"first": "autumn-2026", "second": "autumn-2026"})
    assert response.status_code == 400
    assert error_messages(response) == ["Choose two different reviews"]


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_comparing_takes_as_many_queries_for_many_rows_as_for_few(two: World, signed_in: SignIn) -> None:
    lead = signed_in(two.lead)
    many = queries(lead, HERE)
    two.fill(**{stage.key: {} for stage in STRATEGY.stages})
    assert queries(lead, HERE) == many <= 8


# Behind the summary.


def test_the_comparison_can_be_printed_behind_the_summary(two: World) -> None:
    then = Cycle.objects.select_related("organisation").get(slug="spring-2026")
    now = Cycle.objects.select_related("organisation").get(pk=two.cycle.pk)
    beside = compare(review_of(then), review_of(now), (Side(then.name, *DAYS), Side(now.name, *DAYS)))
    told = gather(now, now.worksheets.all(), current())
    assert "compared with" not in printed(told)
    html = printed(replace(told, comparison=beside))
    assert html.count("Autumn 2026 compared with Spring 2026") == 1
    assert "−<del>travel.</del>" in html
    assert "4.5 more" in html
    assert "<script>" not in html


def test_a_printed_comparison_is_a_file_of_its_own(two: World, signed_in: SignIn) -> None:
    lead = signed_in(two.lead)
    address = f"{HERE}spring-2026/summary.pdf"
    response: HttpResponse = lead.get(address)
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert "compared-with-spring-2026.pdf" in response["Content-Disposition"]
    again = lead.get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert lead.head("/o/nhs-anywhere/reviews/autumn-2026/summary.pdf")["ETag"] != response["ETag"]
    # What it depends on is both reviews.
    sheet = Worksheet.objects.get(cycle__slug="spring-2026", stage="drivers")
    saving.save_answer(sheet, "drivers", {"drivers": ["audience"]}, user=two.lead)
    assert lead.head(address)["ETag"] != response["ETag"]


# All reviews in a line.


def line_of(organisation: Organisation, number: int) -> list[Cycle]:
    """Reviews of the past, half a year apart, each carried forward from the one before it."""
    made: list[Cycle] = []
    for n in range(number):
        cycle = cycle_of(organisation, f"Review {n}", f"review-{n}")
        day = datetime.date(1980 + n // 2, 4 if n % 2 == 0 else 10, 1)
        Cycle.objects.filter(pk=cycle.pk).update(
            starts=day, ends=day + datetime.timedelta(days=180), previous=made[-1] if made else None
        )
        made.append(cycle)
    return made


def look_back(cycle: Cycle, *met: str) -> None:
    for n, word in enumerate(met):
        Lookback.objects.create(cycle=cycle, table="smart", row=f"smart-{n}", answers={"met": word} if word else {})


def test_the_trend_tells_hours_platforms_and_targets_met(two: World, signed_in: SignIn) -> None:
    Cycle.objects.filter(pk=two.cycle.pk).update(previous=Cycle.objects.get(slug="spring-2026"))
    look_back(two.cycle, "yes", "partly", "yes", "unclear", "")
    response = signed_in(two.manager).get("/o/nhs-anywhere/trend/")
    rows = [[cell.text_content().strip() for cell in row] for row in tree(response).xpath("//table//tbody/tr")]
    assert rows[0][:4] == ["Autumn 2026", "24.5", "28.5", "2"]
    assert rows[1] == ["Spring 2026", "24.5", "24", "2", "2 of 4, 1 partly", "None", "21"]
    for chart in tree(response).xpath("//main//svg"):
        assert chart.get("role") == "img"
        assert chart.xpath("./title")[0].text
        named = chart.get("aria-labelledby").split()
        assert all(tree(response).xpath("//*[@id=$id]", id=id) for id in named)
    assert "Needed: 24.5 in Spring 2026, 24.5 in Autumn 2026. You have: 24 in Spring 2026, 28.5" in words(response)


def test_forty_reviews_are_read_in_one_query(world: World, signed_in: SignIn) -> None:
    cycles = line_of(world.anywhere, 45)
    for cycle in cycles[:30]:
        world.fill(cycle, **answers())
    known, visit = current(), world.visit(world.lead)
    with CaptureQueriesContext(connection) as captured:
        found = trend(visit, STRATEGY, known)
    assert len(captured) == 2
    assert len(found.points) == 40
    assert found.more
    assert [point.cycle.name for point in found.points][-1] == "Autumn 2026"
    assert queries(signed_in(world.lead), "/o/nhs-anywhere/trend/") <= 6
    assert "Only the last 40 reviews are shown." in words(signed_in(world.lead).get("/o/nhs-anywhere/trend/"))


def test_archived_and_revised_reviews_have_no_place_in_the_trend(world: World) -> None:
    first, second, third, fourth = line_of(world.anywhere, 4)
    Cycle.objects.filter(pk=first.pk).update(archived_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    Cycle.objects.filter(pk=third.pk).update(revises=second)
    look_back(third, "no")
    look_back(fourth, "yes")
    met = {point.cycle.name: point.met for point in trend(world.visit(world.lead), STRATEGY, current()).points}
    assert list(met) == ["Review 2", "Review 3", "Autumn 2026"]
    assert met["Review 2"] == Met(yes=1)
    # What was said of the review that was revised holds for its revision, until something is said of that.
    Lookback.objects.filter(cycle=fourth).delete()
    assert trend(world.visit(world.lead), STRATEGY, current()).points[0].met == Met(no=1)


def test_the_trend_of_no_review_and_of_one_says_what_is_missing(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    assert "A line is drawn once there are two reviews." in words(lead.get("/o/nhs-anywhere/trend/"))
    world.cycle.delete()
    assert "There is no review yet." in words(lead.get("/o/nhs-anywhere/trend/"))
    assert "your organisation has none" in words(lead.get("/o/nhs-anywhere/compare/"))


def test_a_chart_escapes_names_and_breaks_its_line_where_nothing_is_known() -> None:
    svg = line_chart("T", "A", ["<b>one</b>", "two", "three", "four"], [Series("S", [1, None, 3, 2])])
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
    # A point on its own, and from the third on a line.
    assert [len(points.split()) for points in re.findall(r'points="([0-9., ]+)"', svg)] == [1, 2]
    # The policy for content allows neither.
    assert "style" not in svg
    assert "<circle" in line_chart("T", "A", ["one"], [Series("S", [7])])


@pytest.mark.parametrize("most", [0, 0.5, 1, 3, 4, 5, 9, 24.5, 100, 168, 2_500, 1_000_000])
def test_a_chart_has_round_figures_at_its_side(most: float) -> None:
    figures = steps(Decimal(0), Decimal(most), whole=True)
    assert figures[0] == 0
    assert figures[-1] >= most
    assert all(figure == int(figure) for figure in figures)
    assert 2 <= len(figures) <= 6


def test_the_hub_and_the_dashboard_lead_to_comparing(two: World, signed_in: SignIn) -> None:
    lead = signed_in(two.lead)
    here = Cycle.objects.get(organisation=two.anywhere, slug="autumn-2026")
    before = Cycle.objects.exclude(pk=here.pk).filter(organisation=here.organisation).first()
    assert HERE not in tree(lead.get("/o/nhs-anywhere/reviews/autumn-2026/")).xpath("//a/@href")
    Cycle.objects.filter(pk=here.pk).update(previous=before)
    assert HERE in tree(lead.get("/o/nhs-anywhere/reviews/autumn-2026/")).xpath("//a/@href")
    assert "/o/nhs-anywhere/compare/" in tree(lead.get("/o/nhs-anywhere/reviews/")).xpath("//a/@href")
