"""The facts for policies: what is offered from the last review, when points appear, and the page of A4."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.reading import send, tree, words
from tests.world import PLATFORMS, World
from worksheets import interchange
from worksheets.cycles import start_cycle
from worksheets.fields import Choice, Scope
from worksheets.models import Cycle, Organisation, User
from worksheets.presentation import Part, Row, Table, Words
from worksheets.report.contents import contents
from worksheets.report.page import html_of
from worksheets.report.printer import Printer
from worksheets.review import Review
from worksheets.saving import save_answer, worksheet_of
from worksheets.texts import as_shipped
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.policy_facts import POLICY_FACTS
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
STARTS = datetime.date(2026, 11, 9)
LONG = "Whoever is on duty in the communications team on that day of the week at Anywhere. " * 5


def full() -> Any:
    """The answers of the sample."""
    assert POLICY_FACTS.sample
    return json.loads(POLICY_FACTS.sample.read_text(encoding="utf-8"))["worksheets"]


def having(question: str, **fields: Any) -> Any:
    """The answers of the sample with some fields of a question changed; None takes one out."""
    answers = full()
    answer = answers["facts"][question] | fields
    answers["facts"][question] = {name: value for name, value in answer.items() if value is not None}
    return answers


def scope_of(answers: Any) -> Scope:
    return Scope(answers=answers, platforms=PLATFORMS, starts=STARTS, numbers=POLICY_FACTS.numbers)


def found(id: str, answers: Any) -> list[str]:
    return sorted(POLICY_FACTS.rule[id].found(scope_of(answers)))


# The sample, and how it is asked


def test_the_sample_is_complete_and_has_no_point() -> None:
    assert POLICY_FACTS.sample
    review = interchange.read(POLICY_FACTS.sample.read_bytes(), as_shipped()).review
    assert review.progress.finished
    assert review.findings == ()


def test_it_is_one_of_the_workbooks_of_one_stage_and_only_completed() -> None:
    assert WORKBOOKS["policy-facts"] is POLICY_FACTS
    assert [stage.key for stage in POLICY_FACTS.stages] == ["facts"]
    assert (POLICY_FACTS.decided, POLICY_FACTS.minutes, POLICY_FACTS.every) == (False, 15, 12)
    assert sum(question.minutes for question in POLICY_FACTS.questions) == POLICY_FACTS.minutes


def test_when_accounts_are_watched_is_asked_as_the_review_asks_it() -> None:
    ours = POLICY_FACTS.question["watching"].form.kinds["watched"]
    theirs = STRATEGY.question["weekly"].form.kinds["watched"]
    assert isinstance(ours, Choice)
    assert isinstance(theirs, Choice)
    assert ours.options(Scope()) == theirs.options(Scope())


def test_a_sample_of_the_same_organisation_says_what_its_review_says(world: World) -> None:
    world.fill()
    review, ours = Review.of(world.cycle, world.cycle.worksheets.all(), as_shipped()), full()["facts"]
    for offer in POLICY_FACTS.offers:
        for row in offer.rows(review):
            given = {name: value for name, value in row.items() if value is not None}
            if not offer.table:
                assert given.items() <= ours[offer.question].items()
            elif offer.question != "holdings":
                assert given in [{name: one.get(name) for name in given} for one in ours[offer.question][offer.table]]


# What is offered from the last review


@pytest.fixture
def run(world: World) -> Cycle:
    """A set of facts that was only begun, beside a review in which all is answered."""
    world.fill()
    return start(world.anywhere)


def start(organisation: Organisation) -> Cycle:
    return start_cycle(organisation, POLICY_FACTS, "Facts, November 2026", STARTS, STARTS + datetime.timedelta(365))


def page_of(cycle: Cycle, question: str) -> str:
    return reverse("question", args=[cycle.organisation.slug, POLICY_FACTS, cycle.slug, "facts", question])


def answer_of(cycle: Cycle, question: str) -> Any:
    return cycle.worksheets.get(stage="facts").answers.get(question, {})


def test_single_answers_are_offered_with_where_they_come_from_and_taken_when_somebody_presses(
    run: Cycle, world: World, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), page_of(run, "watching")
    page = lead.get(place)
    assert "Take over answers from the review Autumn 2026" in words(page)
    assert tree(page).xpath("//input[@name='take']/@value") == ["watched", "reply_within", "tone"]
    assert "Watched: Longer than office hours: evenings or weekends" in words(page)
    assert "People get an answer within: 24 hours" in words(page)
    # Nothing comes unless somebody ticks it.
    send(lead, place, "fill", page=page)
    assert answer_of(run, "watching") == {}
    sent = send(lead, place, "fill", page=page, take=["watched", "reply_within"])
    assert (sent.status_code, sent["Location"]) == (302, place)
    assert answer_of(run, "watching") == {"watched": "extended", "reply_within": 24}
    # What is there is not offered again.
    assert tree(lead.get(place)).xpath("//input[@name='take']/@value") == ["tone"]


def test_what_is_ticked_comes_along_with_what_was_typed_and_never_over_it(
    run: Cycle, world: World, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), page_of(run, "watching")
    page = lead.get(place)
    send(lead, place, page=page, take=["watched", "tone"], tone="As a neighbour.", nights="We sleep.")
    assert answer_of(run, "watching") == {"watched": "extended", "tone": "As a neighbour.", "nights": "We sleep."}


def test_what_is_taken_over_is_not_lost_where_something_else_is_wrong(
    run: Cycle, world: World, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), page_of(run, "watching")
    page = send(lead, place, "fill", take=["tone"], reply_within="soon")
    assert page.status_code == 400
    assert "warm and plain" in tree(page).xpath("string(//textarea[@name='tone'])")
    assert answer_of(run, "watching") == {}


def test_a_form_sent_twice_takes_over_once_and_an_unknown_field_is_nothing(
    run: Cycle, world: World, signed_in: SignIn
) -> None:
    lead, place = signed_in(world.lead), page_of(run, "trouble")
    page = lead.get(place)
    for _ in range(2):
        send(lead, place, "fill", page=page, take=["contingency", "nothing", "risks"])
    assert list(answer_of(run, "trouble")) == ["contingency"]


def test_rows_are_offered_too_and_of_the_accounts_those_in_use(run: Cycle, world: World, signed_in: SignIn) -> None:
    lead, place = signed_in(world.lead), page_of(run, "holdings")
    page = lead.get(place)
    assert "Take over accounts from the review Autumn 2026" in words(page)
    offered = tree(page).xpath("//input[@name='accounts-take']/@value")
    assert len(offered) == 5
    assert not [one for one in offered if "YouTube" in one]
    send(lead, place, "take:accounts", page=page, **{"accounts-take": offered[:2]})
    [first, second] = answer_of(run, "holdings")["accounts"]
    assert (first["platform"], first["account"], first["deputy"]) == ("facebook", "NHSAnywhere", "Campaigns officer")
    assert second["owner"] == "Lead midwife for digital"
    for question, title in (("clearance", "steps"), ("trouble", "risks")):
        assert f"Take over {title} from the review Autumn 2026" in words(lead.get(page_of(run, question)))


def test_the_words_of_a_review_are_escaped_where_they_are_offered(run: Cycle, world: World, signed_in: SignIn) -> None:
    save_answer(worksheet_of(world.cycle, "content"), "working", {"changes": "x", "tone": "<b>loud</b>"}, user=None)
    page = signed_in(world.lead).get(page_of(run, "watching")).content.decode()
    assert "&lt;b&gt;loud&lt;/b&gt;" in page
    assert "<b>loud" not in page


def test_nothing_is_offered_without_a_review_to_readers_or_from_another_organisation(
    run: Cycle, world: World, signed_in: SignIn
) -> None:
    assert "Take over" not in words(signed_in(world.manager).get(page_of(run, "watching")))
    theirs = start(world.elsewhere)
    assert "Take over" not in words(signed_in(world.outsider).get(page_of(theirs, "watching")))
    assert signed_in(world.outsider).get(page_of(run, "watching")).status_code == 404
    Cycle.objects.filter(pk=world.cycle.pk).delete()
    assert "Take over" not in words(signed_in(world.lead).get(page_of(run, "watching")))


# Points


def test_whoever_has_nobody_to_stand_in_is_named() -> None:
    assert found("facts.nobody-stands-in", full()) == []
    assert found("facts.nobody-stands-in", having("roles", moderator_deputy=None)) == ["moderator"]
    same = having("roles", lead_deputy="head of  communications", crisis_deputy=None)
    assert found("facts.nobody-stands-in", same) == ["crisis_lead", "lead"]
    assert found("facts.nobody-stands-in", having("roles", moderator=None, moderator_deputy=None)) == []
    message = POLICY_FACTS.rule["facts.nobody-stands-in"].findings(scope_of(same))[0].message
    assert "“Answers for social media”" in message


@pytest.mark.parametrize(
    ("watched", "hours", "holds"),
    [
        ("office-hours", 4, True),
        ("office-hours", 24, False),
        ("office-hours", None, False),
        ("extended", 4, False),
        (None, 4, False),
    ],
)
def test_nobody_promises_an_answer_sooner_than_anybody_looks(watched: Any, hours: Any, holds: bool) -> None:
    answers = having("watching", watched=watched, reply_within=hours)
    assert bool(found("facts.reply-before-anybody-looks", answers)) == holds


def test_that_nobody_watches_is_a_point_of_its_own() -> None:
    assert found("facts.nobody-watches", full()) == []
    answers = having("watching", watched="nobody", reply_within=4)
    assert found("facts.nobody-watches", answers) == [""]
    # One gap is one point.
    assert found("facts.reply-before-anybody-looks", answers) == []
    assert found("facts.nobody-watches", having("watching", watched=None)) == []


def test_an_account_that_one_person_has_is_named() -> None:
    accounts = copy.deepcopy(full()["facts"]["holdings"]["accounts"])
    del accounts[1]["deputy"]
    del accounts[3]["owner"]
    answers = having("holdings", accounts=accounts)
    assert found("facts.one-person-account", answers) == ["acc-maternity", "acc-x"]
    message = POLICY_FACTS.rule["facts.one-person-account"].findings(scope_of(answers))[0].message
    assert "Facebook NHSAnywhereMaternity and X NHSAnywhere" in message
    assert found("facts.one-person-account", full()) == []
    assert found("facts.one-person-account", having("holdings", accounts=None)) == []


def test_sign_off_needs_steps_and_a_way_at_night_where_there_is_any() -> None:
    for id, field in (("facts.sign-off-without-steps", "steps"), ("facts.no-sign-off-at-night", "out_of_hours")):
        assert found(id, full()) == []
        assert found(id, having("clearance", **{field: None})) == [""]
        assert found(id, having("clearance", **{field: None, "signs_off": "no"})) == []
        assert found(id, having("clearance", **{field: None, "signs_off": None})) == []


def test_a_point_stands_where_it_is_mended(run: Cycle, world: World, signed_in: SignIn) -> None:
    lead, place = signed_in(world.lead), page_of(run, "watching")
    send(lead, place, watched="office-hours", reply_within="2")
    assert "You promise an answer within 2 hours, and somebody watches in office hours only." in words(lead.get(place))


# The page


def front(answers: Any, *, paper: bool) -> tuple[Part, ...]:
    return POLICY_FACTS.front(Review(POLICY_FACTS, scope_of(answers)), paper=paper)


def told(parts: tuple[Part, ...]) -> str:
    """All that stands on the page, as one text."""
    said: list[str] = []
    for block in (block for part in parts for block in part.blocks):
        if isinstance(block, Table):
            said += [str(cell) for row in block.rows for cell in row]
        elif isinstance(block, Row):
            said += [block.label, *block.paragraphs]
        elif isinstance(block, Words):
            said.append(block.text)
    return "\n".join(said)


def test_the_page_says_who_how_when_and_which_accounts() -> None:
    said = told(front(full(), paper=True))
    for expected in (
        "Moderates and answers\nDuty press officer\nCampaigns officer",
        "Approves policies\nDigital committee of the board",
        "On call\nOn-call manager through the switchboard, 01632 960199",
        "Watched\nFrom 8am to 8pm on weekdays, and from 10am to 4pm at weekends; an answer within 24 hours",
        "(10 working days)",
        "Facebook NHSAnywhereMaternity",
        "Sign-off\nMidwife on rota, then Duty press officer",
    ):
        assert expected in said, expected
    assert "Not answered yet" not in said


def test_where_nobody_signs_off_the_page_says_so_and_why() -> None:
    said = told(front(having("clearance", signs_off="no", steps=None, because="Few posts."), paper=True))
    assert "Sign-off\nNobody. Few posts." in said


@pytest.mark.parametrize("paper", [True, False])
def test_the_front_can_be_read_however_little_is_answered(paper: bool) -> None:
    whole = full()["facts"]
    for question, answer in whole.items():
        for part in ({}, answer, *({name: value} for name, value in answer.items())):
            assert "Moderates and answers" in told(front({"facts": {question: part}}, paper=paper))
    nothing = told(front({}, paper=paper))
    assert nothing.count("Not answered yet") > 20
    assert "No account yet." in nothing


def fullest() -> Any:
    """The most that anybody can enter."""
    answers = full()
    for answer in answers["facts"].values():
        for name, value in answer.items():
            if isinstance(value, str) and name not in ("watched", "signs_off", "website"):
                answer[name] = LONG.upper()
    answers["facts"]["watching"]["website"] = "https://nhs-anywhere.example/" + "house-rules/" * 20
    many = (("holdings", "accounts", 40), ("clearance", "steps", 6), ("trouble", "risks", 10))
    for question, table, most in many:
        first = answers["facts"][question][table][0]
        row = {name: LONG if isinstance(value, str) and name != "platform" else value for name, value in first.items()}
        answers["facts"][question][table] = [row | {"id": f"row-{n}"} for n in range(most)]
    return answers


def test_however_much_is_entered_the_page_fits_on_one_side_of_a4() -> None:
    cycle = Cycle(
        organisation=Organisation(name="NHS Anywhere Foundation Trust"),
        workbook=POLICY_FACTS.key,
        name="Facts, November 2026",
        starts=STARTS,
        ends=STARTS,
    )
    printer = Printer()
    try:
        for answers in (fullest(), full()):
            page = contents(cycle, Review(POLICY_FACTS, scope_of(answers)), (), STARTS).without_record()
            assert printer.print(html_of(page)).pages == 1
    finally:
        printer.close()
    assert "And 37 more accounts, in the full record." in told(front(fullest(), paper=True))
    assert "in the full record" not in told(front(fullest(), paper=False))
