"""The engagement plan: what does not fit together in one, its front page, and the page for those who answered."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.world import PLATFORMS, sample
from worksheets.fields import Case, Choice, RowsOf, Scope
from worksheets.models import Cycle, Organisation
from worksheets.presentation import AnswerList, Finding, Part, Table, Title, Words
from worksheets.report.contents import contents
from worksheets.report.page import html_of
from worksheets.report.printer import Printer
from worksheets.review import Review
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.engagement.run import PitfallsForm
from worksheets.workbooks.engagement.said import YOU_SAID
from worksheets.workbooks.engagement.talk import RECOMMEND
from worksheets.workbooks.strategy import STRATEGY

Answers = dict[str, Any]
assert ENGAGEMENT.sample
SAMPLE = json.loads(ENGAGEMENT.sample.read_text(encoding="utf-8"))["worksheets"]
PITFALLS = (
    *("end_in_itself", "only_digital", "age_assumed", "agenda_lost", "unmoderated", "no_reply", "saves_money"),
    *("wrong_tone", "confidentiality"),
)


def filled() -> Answers:
    """The sample, to be changed."""
    return copy.deepcopy(SAMPLE)


def plan(answers: Answers, *, over: bool = False) -> Review:
    starts, ends = datetime.date(2027, 1, 11), datetime.date(2027, 4, 30)
    scope = Scope(answers, "NHS Anywhere", PLATFORMS, {}, starts, ends, ENGAGEMENT.numbers, over=over)
    return Review(ENGAGEMENT, scope)


def found(answers: Answers, *, over: bool = False) -> dict[str, list[Finding]]:
    points: dict[str, list[Finding]] = {}
    for finding in plan(answers, over=over).findings:
        points.setdefault(finding.id, []).append(finding)
    return points


def subjects(answers: Answers, rule: str, *, over: bool = False) -> list[tuple[str, ...]]:
    return [finding.subjects for finding in found(answers, over=over).get(rule, [])]


def texts(parts: tuple[Part, ...]) -> Iterator[str]:
    """All that a page says, text by text."""
    for piece in (piece for part in parts for piece in part.pieces):
        if isinstance(piece, Words | Title):
            yield piece.text
        elif isinstance(piece, Table):
            yield from (column.label for column in piece.columns)
            yield from (str(cell) for row in piece.rows for cell in row)
        elif isinstance(piece, AnswerList):
            yield from (line for row in piece.rows for line in (row.label, row.text))


def says(parts: tuple[Part, ...]) -> str:
    return "\n".join((*(part.title for part in parts), *texts(parts)))


def front(answers: Answers, *, paper: bool = True) -> str:
    return says(ENGAGEMENT.front(plan(answers), paper=paper))


# What is asked


def test_the_sample_is_complete_and_has_no_point_to_resolve() -> None:
    review = plan(SAMPLE, over=True)
    assert not review.findings
    assert review.progress.finished
    assert not [fault for question in ENGAGEMENT.questions for fault in question.missing(review.scope).faults]


def test_the_sample_answers_every_field() -> None:
    for question in ENGAGEMENT.questions:
        answer = SAMPLE[question.stage][question.key]
        assert set(question.form.kinds) == set(answer), question.key


def test_it_takes_as_long_as_it_says() -> None:
    assert sum(question.minutes for question in ENGAGEMENT.questions) == ENGAGEMENT.minutes


def test_what_was_heard_is_asked_after_sign_off_and_may_stay_empty() -> None:
    assert [stage.key for stage in ENGAGEMENT.stages if stage.afterwards] == ["close"]
    assert ENGAGEMENT.question["heard"].optional


def test_why_a_group_is_seldom_heard_is_asked_only_where_it_is() -> None:
    answer = {"groups": [{"who": "Parents", "seldom_heard": "no", "why_seldom": "No time"}]}
    form = ENGAGEMENT.question["groups"].form
    assert "why_seldom" not in form.settle(form.to_raw(answer, Scope()), Case(Scope()))["groups"][0]


def test_the_nine_pitfalls_are_asked_each_with_what_is_done_about_it() -> None:
    choices = [name for name, kind in PitfallsForm.kinds.items() if isinstance(kind, Choice)]
    assert sorted(choices) == sorted(PITFALLS)
    assert set(PitfallsForm.kinds) == {*PITFALLS, *(f"{name}_how" for name in PITFALLS)}


def test_whether_people_would_recommend_a_service_is_offered_as_a_question() -> None:
    table = ENGAGEMENT.question["questions"].form.kinds["questions"]
    assert table.offers == (RECOMMEND,)
    assert table.with_offered([], [RECOMMEND], Scope())[0]["hear"] == RECOMMEND


# What does not fit together


@pytest.mark.parametrize(
    "said", ["Nothing", "nothing.", "NONE", "No", "n/a", "N/A.", " Nothing can change! ", "Not applicable"]
)
def test_a_plan_in_which_nothing_can_change_stops(said: str) -> None:
    answers = filled()
    answers["purpose"]["purpose"]["can_change"] = said
    (point,) = found(answers)["purpose.nothing-can-change"]
    assert point.level == "stop"
    assert (point.question, point.field) == ("purpose", "can_change")


@pytest.mark.parametrize("said", ["Nothing but the hours", "No, but the hours can", "Not much", "The hours", ""])
def test_a_plan_that_says_more_than_nothing_goes_on(said: str) -> None:
    answers = filled()
    answers["purpose"]["purpose"]["can_change"] = said
    assert "purpose.nothing-can-change" not in found(answers)


def test_a_group_that_is_seldom_heard_needs_a_way_that_is_not_digital() -> None:
    answers = filled()
    for row in answers["people"]["groups"]["groups"]:
        del row["other_way"]
    assert subjects(answers, "people.seldom-heard-digital-only") == [("group-bengali", "group-shifts")]
    for row in answers["people"]["groups"]["groups"]:
        row.pop("seldom_heard")
    assert not subjects(answers, "people.seldom-heard-digital-only")


def test_each_question_that_nobody_handles_stops_the_plan() -> None:
    answers = filled()
    for row in answers["talk"]["questions"]["questions"][:2]:
        del row["handled_by"]
    points = found(answers)["talk.nobody-handles"]
    assert [point.subjects for point in points] == [("conversation-cancel",), ("conversation-hard",)]
    assert all(point.level == "stop" for point in points)
    assert "How would you like to tell us" in points[0].message


def test_nothing_is_said_of_a_question_that_is_not_written_yet() -> None:
    answers = filled()
    answers["talk"]["questions"]["questions"][0] = {"id": "conversation-hard", "group": "group-shifts"}
    assert "talk.nobody-handles" not in found(answers)


def test_a_group_that_is_asked_nothing_is_named() -> None:
    answers = filled()
    del answers["talk"]["questions"]["questions"][2]
    assert subjects(answers, "talk.group-unasked") == [("group-bengali",)]


def test_no_group_is_called_unasked_while_a_question_may_still_be_for_it() -> None:
    answers = filled()
    del answers["talk"]["questions"]["questions"][2]["group"]
    assert "talk.group-unasked" not in found(answers)
    assert "talk.group-unasked" not in found({"people": answers["people"]})


@pytest.mark.parametrize(
    ("hours", "watched", "fires"),
    [
        (23, "office-hours", True),
        (0, "nobody", True),
        (24, "office-hours", False),
        (4, "extended", False),
        (4, "always", False),
        (None, "nobody", False),
        (4, None, False),
    ],
)
def test_an_answer_within_a_day_needs_more_than_office_hours(
    hours: int | None, watched: str | None, fires: bool
) -> None:
    answers = filled()
    run = answers["run"]["run"]
    run |= {"reply_within": hours, "watched": watched}
    answers["run"]["run"] = {name: value for name, value in run.items() if value is not None}
    assert ("run.watched-less-than-promised" in found(answers)) == fires


def test_the_promise_is_quoted_with_who_watches() -> None:
    answers = filled()
    answers["run"]["run"] |= {"reply_within": 1, "watched": "nobody"}
    (point,) = found(answers)["run.watched-less-than-promised"]
    assert "within 1 hour, and nobody watches the conversation" in point.message


@pytest.mark.parametrize("name", PITFALLS)
def test_a_pitfall_that_is_not_in_hand_is_noted(name: str) -> None:
    answers = filled()
    answers["run"]["pitfalls"][name] = "not-yet"
    assert subjects(answers, "run.pitfall-open") == [(name,)]
    del answers["run"]["pitfalls"][name]
    assert "run.pitfall-open" not in found(answers)


def test_several_open_pitfalls_are_one_point_in_words() -> None:
    answers = filled()
    answers["run"]["pitfalls"] |= {"no_reply": "not-yet", "only_digital": "not-yet"}
    (point,) = found(answers)["run.pitfall-open"]
    assert "leaving people without an answer and only digital" in point.message


def test_people_who_have_not_heard_back_when_the_plan_is_over_are_owed_that() -> None:
    answers = filled()
    for row in answers["close"]["heard"]["heard"][:2]:
        del row["told_on"]
    assert subjects(answers, "close.not-told-back", over=True) == [("theme-cancel", "theme-hours")]
    assert not subjects(answers, "close.not-told-back", over=False)
    assert not subjects({**answers, "close": {}}, "close.not-told-back", over=True)


def test_nothing_is_said_of_a_plan_in_which_nothing_is_answered() -> None:
    assert not plan({}, over=True).findings


# What is taken over from a review


def test_the_stakeholders_of_a_review_are_offered_as_groups() -> None:
    (offer,) = ENGAGEMENT.offers
    assert (offer.question, offer.table, offer.workbook) == ("groups", "groups", "strategy")
    review = Review(STRATEGY, Scope(sample()["worksheets"], platforms=PLATFORMS))
    rows = list(offer.rows(review))
    theirs = review.scope.rows(RowsOf("stakeholders", "stakeholders", "stakeholders", "name", "stakeholder"))
    assert [row["who"] for row in rows] == [row["name"] for row in theirs]
    form = ENGAGEMENT.question["groups"].form
    case = Case(Scope(platforms=PLATFORMS))
    kept = form.settle(form.to_raw({"groups": [dict(row) for row in rows]}, case.scope), case)["groups"]
    assert not case.faults
    assert isinstance(kept, list)
    assert any(row.get("platforms") for row in kept if isinstance(row, dict))


def test_a_review_without_stakeholders_offers_none() -> None:
    (offer,) = ENGAGEMENT.offers
    assert list(offer.rows(Review(STRATEGY, Scope()))) == []


# The front page


def test_the_front_says_what_for_whom_who_and_when() -> None:
    page = front(SAMPLE)
    for words in (
        "Why three in ten parents miss",
        "The hours from May",
        "the lease of the clinic runs until 2028",
        "Parents who work shifts",
        "What made it hard to come",
        "Owen Hughes, bookings manager, by 26 Feb 2027",
        "A card at the clinic desk",
        "Eastgate Bengali Women's Group",
        "Tom Ellis, digital officer; when away, Grace Obi, press officer",
        "Longer than office hours; people get an answer within 24 hours",
        "heard back about everything, last on 15 April 2027",
    ):
        assert words in page, words
    assert "Not answered yet" not in page
    assert "in the full record" not in page


def crowded() -> Answers:
    """A plan with as many groups and conversations as there may be, each with a long text."""
    answers, long = filled(), "Somebody wrote a great deal about this one. " * 40
    group, talk = answers["people"]["groups"]["groups"][0], answers["talk"]["questions"]["questions"][0]
    answers["people"]["groups"]["groups"] = [{**group, "id": f"group-{n}", "other_way": long} for n in range(8)]
    answers["talk"]["questions"]["questions"] = [
        {**talk, "id": f"talk-{n}", "group": f"group-{n % 8}", "tell": long} for n in range(12)
    ]
    answers["purpose"]["purpose"] |= {"insight": long, "can_change": long}
    for name in PITFALLS:
        answers["run"]["pitfalls"][name] = "not-yet"
    return answers


def test_on_paper_a_crowded_plan_is_cut_and_says_so() -> None:
    page = front(crowded())
    assert "And 7 more conversations and 6 more groups, in the full record." in page
    assert "only digital and 7 more" in page
    assert len(page) < 2_600


def test_on_screen_nothing_is_cut() -> None:
    page = front(crowded(), paper=False)
    assert "…" not in page
    assert "more" not in page
    assert page.count("What made it hard to come") == 12


def test_letters_that_take_more_room_are_fewer() -> None:
    answers = crowded()
    small = len(front(answers))
    capitals = json.loads(json.dumps(answers).replace("Somebody wrote a great deal", "SOMEBODY WROTE A GREAT DEAL"))
    assert len(front(capitals)) < small


def test_however_much_is_answered_the_front_fits_on_one_side_of_a4() -> None:
    answers = json.dumps(crowded())
    cycle = Cycle(
        organisation=Organisation(name="NHS Anywhere and Elsewhere Integrated Care Partnership Foundation Trust"),
        name="Evening clinics for parents who work shifts and for all who look after children",
        starts=datetime.date(2027, 1, 11),
        ends=datetime.date(2027, 4, 30),
    )
    printer = Printer()
    try:
        for long in (
            "Somebody wrote a great deal",
            "SOMEBODY WROTE A GREAT DEAL",
            "\u6709\u4eba" * 12,
            "https://example.org/" + "abcd" * 30,
        ):
            review = plan(json.loads(answers.replace("Somebody wrote a great deal", long)))
            page = html_of(contents(cycle, review, (), datetime.date(2027, 1, 12)).without_record())
            assert printer.print(page).pages == 1, long
    finally:
        printer.close()


def test_one_row_too_many_is_one_more() -> None:
    answers = filled()
    talks = answers["talk"]["questions"]["questions"]
    talks.append({**talks[0], "id": "conversation-fifth"})
    assert "in the full record" not in front(answers)
    talks.append({**talks[0], "id": "conversation-sixth"})
    assert "And 1 more conversation, in the full record." in front(answers)


def test_a_half_filled_front_says_what_is_missing() -> None:
    answers = {
        "purpose": {"purpose": {"insight": "Why parents stay away"}},
        "people": {"groups": {"groups": [{"id": "g", "who": "Parents"}]}},
    }
    page = front(answers)
    assert "Why parents stay away" in page
    assert "Parents\nNot answered yet" in page
    assert "By 30 April 2027 at the latest" in page
    assert "seldom" not in page


def test_the_front_counts_who_has_not_heard_back_yet() -> None:
    answers = filled()
    rows = answers["close"]["heard"]["heard"]
    del rows[0]["told_on"]
    assert "heard back about 4 of 5 themes, and hear about the rest by 30 April 2027" in front(answers)
    for row in rows:
        row.pop("told_on", "")
    assert "By 30 April 2027 at the latest; 5 themes so far" in front(answers)


@pytest.mark.parametrize("paper", [True, False])
def test_no_front_and_no_page_fails_on_a_plan_that_is_not_complete(paper: bool) -> None:
    for partial in partly_filled():
        review = plan(partial)
        assert ENGAGEMENT.front(review, paper=paper)
        assert YOU_SAID.parts(review)
        YOU_SAID.ready(review)
    nowhere = Review(ENGAGEMENT, replace(plan({}).scope, ends=None, starts=None))
    assert "By the last day of this plan" in says(ENGAGEMENT.front(nowhere, paper=paper))


def partly_filled() -> Iterator[Answers]:
    """Nothing, the sample without one field, and without one field of its rows."""
    yield {}
    for stage, questions in SAMPLE.items():
        for question, answer in questions.items():
            for name, value in answer.items():
                answers = filled()
                del answers[stage][question][name]
                yield answers
                for field in value[0] if isinstance(value, list) else ():
                    answers = filled()
                    for row in answers[stage][question][name] if field != "id" else ():
                        row.pop(field, None)
                    yield answers


# You said, we did


def you_said(answers: Answers) -> str:
    return says(YOU_SAID.parts(plan(answers)))


def test_the_page_for_those_who_answered_says_what_they_said_and_what_changed() -> None:
    page = you_said(SAMPLE)
    for words in (
        "NHS Anywhere wanted to understand this:",
        "We asked: Parents who work shifts, Bengali-speaking families and Parents who come regularly.",
        "The last appointment at 6.30 pm comes too early",
        "From May the clinics run until 8.30 pm",
        "A post in both Facebook groups and a poster at the desk, 12 April 2027",
        "86% of those who answered would recommend the service.",
    ):
        assert words in page, words
    assert YOU_SAID.ready(plan(SAMPLE)) == ""


def test_it_is_told_by_group_and_last_what_several_said() -> None:
    (part,) = YOU_SAID.parts(plan(SAMPLE))
    titles = [block.text for block in part.blocks if isinstance(block, Title)]
    assert titles == [
        *("Parents who work shifts", "Bengali-speaking families", "Parents who come regularly", "Several groups")
    ]


def test_it_needs_no_heading_where_no_group_is_named() -> None:
    answers = filled()
    for row in answers["close"]["heard"]["heard"]:
        row.pop("group", "")
    (part,) = YOU_SAID.parts(plan(answers))
    assert not [block for block in part.blocks if isinstance(block, Title)]
    assert sum(isinstance(block, Table) for block in part.blocks) == 1


def test_it_names_nobody() -> None:
    page = you_said(SAMPLE)
    run, talks = SAMPLE["run"]["run"], SAMPLE["talk"]["questions"]["questions"]
    partners = (row["partner"] for row in SAMPLE["people"]["groups"]["groups"] if "partner" in row)
    for name in (run["moderator"], run["deputy"], *(row["handled_by"] for row in talks), *partners):
        assert name.partition(",")[0] not in page


def test_it_waits_until_something_that_was_heard_has_its_outcome() -> None:
    answers = filled()
    for row in answers["close"]["heard"]["heard"]:
        del row["changed"]
    number = ENGAGEMENT.numbers["heard"]
    assert YOU_SAID.ready(plan(answers)) == f"Say first what you heard and what changed, in question {number}."
    assert YOU_SAID.ready(plan({}))


def test_what_is_not_decided_is_not_made_up_and_how_people_hear_may_be_left_out() -> None:
    answers = filled()
    for row in answers["close"]["heard"]["heard"]:
        del row["told_how"], row["told_on"]
    del answers["close"]["heard"]["heard"][0]["changed"]
    page = you_said(answers)
    assert "Not decided yet" in page
    assert "How you hear of it" not in page
