"""The leader's reflection: what it asks, what it finds, and the one page that comes out."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.reading import error_messages, send, words
from tests.world import PLATFORMS, World
from worksheets.fields import Case, Neighbour, Scope, rows_in
from worksheets.following.carrying import Past, carry
from worksheets.models import User
from worksheets.presentation import Computed, Part, Row, Table, Words
from worksheets.review import Review
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.reflection import REFLECTION
from worksheets.workbooks.reflection.paper import LINES, front, lines_of

Answers = dict[str, Any]
SAMPLE_FILE = Path(__file__).parents[1] / "worksheets" / "samples" / "leader-reflection.json"
LONG = "We answer everybody who writes to us within two working days, and say what we cannot do. " * 20

# What is asked, as the method has it, with a star where an answer is needed.
METHOD = """
why/reasons: reasons* because* aims
now/last_ten: told* asked* answered*
now/five: more_than_one* more_than_one_next few_to_few* few_to_few_next reviews_read* reviews_read_next \
views_answered* views_answered_next staff_encouraged* staff_encouraged_next
how/listen_to: listen_to (who* where how_often)
how/values: values (value* shows*)
how/how: platforms* minutes_a_week* when instead_of_paper helper never* attacked*
weeks/first_four: first_four* (week* what*)
"""


def sample() -> Answers:
    """The answers of the reflection that ships, every question answered."""
    return json.loads(SAMPLE_FILE.read_text(encoding="utf-8"))["worksheets"]


def changed(question: str, **values: Any) -> Answers:
    """The sample with other answers to a question; None takes one out."""
    answers = copy.deepcopy(sample())
    answer = answers[REFLECTION.question[question].stage][question]
    answer.update(values)
    for key in [key for key, value in values.items() if value is None]:
        del answer[key]
    return answers


def scope(answers: Answers, **more: Any) -> Scope:
    starts, ends = datetime.date(2026, 11, 9), datetime.date(2027, 5, 8)
    return Scope(answers, "NHS Anywhere", PLATFORMS, {}, starts, ends, REFLECTION.numbers, **more)


def reading(answers: Answers) -> Review:
    return Review(REFLECTION, scope(answers))


def found(answers: Answers) -> list[str]:
    return [finding.id for finding in reading(answers).findings]


def faults(question: str, **answer: Any) -> list[str]:
    """What is wrong with an answer as a draft, each with its place."""
    case = Case(scope({}))
    REFLECTION.question[question].form.read(answer, case)
    return [f"{fault.place}: {fault.message}" for fault in case.faults]


def said(parts: tuple[Part, ...]) -> str:
    """All words of a page, headings and cells too."""
    told: list[str] = []
    for part in parts:
        told.append(part.title)
        for block in part.blocks:
            if isinstance(block, Row):
                told += (block.label, *block.paragraphs)
            elif isinstance(block, Table):
                told += [
                    *(column.label for column in block.columns),
                    *(str(cell) for row in block.rows for cell in row),
                ]
            elif isinstance(block, Words):
                told.append(block.text)
    return "\n".join(told)


def full(written: str) -> Answers:
    """A reflection in which all that may be there is there, and every text begins with these words."""
    answers = sample()
    answers["why"]["reasons"] = {
        "reasons": ["vision", "listening", "working-together"],
        "because": written,
        "aims": [f"{number} {written}"[:1_999].strip() for number in range(20)],
    }
    groups = [{"id": f"group-{n}", "who": written, "where": written, "how_often": written} for n in range(3)]
    answers["how"]["listen_to"] = {"listen_to": groups}
    answers["how"]["values"] = {"values": [{"id": f"value-{n}", "value": written, "shows": written} for n in range(3)]}
    answers["how"]["how"] |= {"when": written, "never": written, "attacked": written}
    answers["weeks"]["first_four"] = {
        "first_four": [{"id": f"s-{n}", "week": written, "what": written} for n in range(4)]
    }
    return answers


# What is asked


def test_it_asks_what_the_method_asks() -> None:
    told = []
    for question in REFLECTION.questions:
        fields = []
        for name, kind in question.form.kinds.items():
            inner = getattr(kind, "fields", {})
            within = " ".join(f"{key}{'*' if one.needed else ''}" for key, one in inner.items())
            fields.append(f"{name}{'*' if kind.needed else ''}" + (f" ({within})" if within else ""))
        told.append(f"{question.stage}/{question.key}: {' '.join(fields)}")
    assert told == METHOD.strip().split("\n")


def test_it_is_private_takes_a_quarter_of_an_hour_and_comes_again_after_six_months() -> None:
    assert WORKBOOKS["leader-reflection"] is REFLECTION
    assert REFLECTION.private
    assert not REFLECTION.decided
    assert REFLECTION.every == 6
    assert sum(question.minutes for question in REFLECTION.questions) == REFLECTION.minutes == 15
    assert REFLECTION.reads == ("before", "strategy")


def test_it_says_that_nobody_else_sees_it_before_anybody_begins() -> None:
    assert any("Only you see it" in line for line in REFLECTION.about)
    assert any("only you see" in line for line in REFLECTION.before_start)


def test_more_than_ten_posts_are_refused_with_what_to_do() -> None:
    assert not faults("last_ten", told=4, asked=3, answered=3)
    assert not faults("last_ten", told=0, asked=0, answered=0)
    assert faults("last_ten", told=6, asked=3, answered=3) == [
        "told: Lower “Told”, “Asked” or “Answered”: together they are 12. Count each post once, and 10 at most"
    ]


def test_more_than_two_platforms_are_refused_with_what_to_do() -> None:
    assert not faults("how", platforms=["facebook", "x"])
    assert faults("how", platforms=["facebook", "x", "linkedin"]) == ["platforms: Keep 2 platforms at most. Untick 1"]


def test_the_aims_are_those_of_the_review_of_the_organisation_in_its_own_words() -> None:
    kind = REFLECTION.question["reasons"].form.kinds["aims"]
    aims = {"drivers": {"aims": {"aims": [{"id": "aim-1", "statement": "To be kind."}, {"id": "aim-2"}]}}}
    review = Neighbour("the review Autumn 2026", datetime.date(2026, 10, 1), Scope(aims))
    assert list(kind.options(scope({}, beside={"strategy": review}))) == ["To be kind."]  # type: ignore[attr-defined]
    assert not kind.options(scope({}))  # type: ignore[attr-defined]


def test_the_share_of_posts_that_listen_is_told_with_that_of_last_time() -> None:
    def told(answers: Answers, **more: Any) -> tuple[Computed, ...]:
        return REFLECTION.question["last_ten"].computed(scope(answers, **more))

    last = scope(changed("last_ten", told=8, asked=1, answered=1))
    before = Neighbour("the reflection Reflection, May 2026", datetime.date(2026, 5, 4), last)
    (line,) = told(sample(), beside={"before": before})
    assert line.lines == (
        "6 of 10 posts asked or answered.",
        "2 of 10 posts asked or answered in the reflection Reflection, May 2026.",
    )
    assert told(sample())[0].lines == ("6 of 10 posts asked or answered.",)
    assert told({}, beside={"before": before}) == ()
    assert told(changed("last_ten", told=0, asked=0, answered=0)) == ()


# What it finds


def test_the_sample_is_complete_and_there_is_no_point_in_it() -> None:
    review = reading(sample())
    assert review.findings == ()
    assert [question.key for question in REFLECTION.questions if question.missing(review.scope).faults] == []
    assert review.progress.finished


def test_whoever_mostly_tells_is_told_so() -> None:
    answers = changed("last_ten", told=6, asked=2, answered=2)
    assert found(answers) == ["now.broadcasting"]
    message = reading(answers).findings[0].message
    assert message.startswith("6 of 10 posts told people something")
    assert f"question {REFLECTION.numbers['first_four']}" in message


@pytest.mark.parametrize(
    "posts",
    [
        {"told": 5, "asked": 0, "answered": 5},
        {"told": 0, "asked": 0, "answered": 0},
        {"told": 6, "asked": None, "answered": 2},
    ],
    ids=["half", "no posts", "not all counted"],
)
def test_half_the_posts_none_or_posts_that_are_not_counted_are_no_broadcasting(posts: dict[str, Any]) -> None:
    assert found(changed("last_ten", **posts)) == []


def test_reviews_that_nobody_reads_are_a_note_until_there_is_a_next_step() -> None:
    unread = changed("five", reviews_read="not-yet", reviews_read_next=None)
    assert [(one.id, one.level) for one in reading(unread).findings] == [("now.reviews-unread", "note")]
    assert found(changed("five", reviews_read="not-yet")) == []
    assert found(changed("five", reviews_read="partly", reviews_read_next=None)) == []
    assert found(changed("five", reviews_read=None, reviews_read_next=None)) == []


def test_fewer_than_twenty_minutes_for_each_platform_are_too_few() -> None:
    answers = changed("how", minutes_a_week=39)
    assert found(answers) == ["how.too-little-time"]
    assert reading(answers).findings[0].message.startswith("You have 39 minutes a week for 2 platforms: less than 20")
    assert found(changed("how", minutes_a_week=40)) == []
    assert found(changed("how", minutes_a_week=20, platforms=["facebook"])) == []
    assert found(changed("how", minutes_a_week=None)) == []
    assert found(changed("how", minutes_a_week=5, platforms=None)) == []


def test_listening_to_nobody_is_a_point_once_the_question_is_answered() -> None:
    answers = sample()
    answers["how"]["listen_to"] = {}
    assert found(answers) == ["how.no-listening"]
    del answers["how"]["listen_to"]
    assert found(answers) == []


def test_of_an_empty_reflection_nothing_is_found() -> None:
    assert found({}) == []


# The page


def test_the_page_says_why_whom_where_when_what_for_what_never_and_what_next() -> None:
    for paper in (True, False):
        page = said(front(reading(sample()), paper=paper))
        for important in (
            "Listening and working together",
            "I walk the wards on Mondays",
            "Answer expectant parents' questions where they already ask them",
            "Staff on nights",
            "Facebook and Linkedin, 50 minutes a week",
            "Tuesday and Friday, 7.30 to 7.55",
            "Openness",
            "I never write about a patient",
            "Threats are kept and go to security and the police.",
            "Film the winter plan in the discharge lounge, with captions.",
        ):
            assert important in page
        assert "…" not in page


def test_what_only_the_leader_should_see_is_not_on_the_page() -> None:
    page = said(front(reading(sample()), paper=False))
    five = sample()["now"]["five"]
    assert not [text for name, text in five.items() if name.endswith("_next") and text in page]


def test_a_page_that_is_too_long_for_paper_is_cut_and_says_where_the_rest_is() -> None:
    whole, cut = (said(front(reading(full(LONG.strip())), paper=paper)) for paper in (False, True))
    assert "…" not in whole
    assert "full record" not in whole
    assert whole.count(LONG.strip()) >= 3 * 3 + 3 * 2 + 4 * 2 + 4
    assert "and 19 more, in the full record" in cut
    assert "What ends in … stands whole in the full record." in cut


@pytest.mark.parametrize(
    "written", ["Yes", LONG.strip(), LONG.strip().upper(), "x" * 2_000, "病" * 2_000, "one " * 9, "-"]
)
def test_whatever_is_written_the_page_is_one_side_of_paper(written: str) -> None:
    assert lines_of(front(reading(full(written)), paper=True)) <= LINES


def test_an_empty_page_says_that_nothing_is_answered_yet() -> None:
    parts = front(reading({}), paper=True)
    assert [part.blocks for part in parts] == [(Words("Not answered yet.", "unanswered"),)] * 6


def test_what_was_left_empty_on_purpose_is_told_from_what_is_not_answered() -> None:
    page = said(front(reading({"how": {"listen_to": {}, "values": {}}}), paper=True))
    assert "Nobody yet." in page
    assert "Nothing yet." in page


def test_a_page_that_is_half_filled_is_told_as_far_as_it_goes() -> None:
    for stage, questions in sample().items():
        for question, answer in questions.items():
            for name in answer:
                half = {stage: {question: {name: answer[name]}}}
                assert said(front(reading(half), paper=True))
            for table in [name for name in answer if rows_in(answer, name)]:
                half = {stage: {question: {table: [{"id": "row-1"}]}}}
                assert said(front(reading(half), paper=True))


# The next one


def test_posts_are_counted_anew_and_weeks_planned_anew_and_the_rest_comes_along() -> None:
    after = carry(REFLECTION, [Past(sample(), 6)])
    assert after["now"].keys() == {"five"}
    assert after["weeks"] == {}
    assert after["why"] == sample()["why"]


# On pages


def test_a_leader_reads_what_to_do_where_numbers_or_platforms_are_too_many(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    lead = signed_in(world.lead)
    here = send(lead, "/o/nhs-anywhere/mine/new/")["Location"]
    posts = send(lead, f"{here}now/last_ten/", told="6", asked="3", answered="3")
    assert error_messages(posts)[0].startswith("Lower “Told”, “Asked” or “Answered”: together they are 12.")
    platforms = send(lead, f"{here}how/how/", platforms=["x", "facebook", "linkedin"])
    assert error_messages(platforms) == ["Platforms: Keep 2 platforms at most. Untick 1"]
    # What may be left empty is answered when it is saved empty, and then it is a point.
    assert send(lead, f"{here}how/listen_to/").status_code == 302
    assert "You name nobody whom you listen to." in words(lead.get(f"{here}points/"))
