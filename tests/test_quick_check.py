"""The quick check: when its points appear, what it drafts, and what its front page says."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.reading import send, tree, words
from tests.world import PLATFORMS, World
from worksheets import interchange
from worksheets.cycles import propose, start_cycle
from worksheets.fields import Neighbour, Rows, Scope
from worksheets.models import Cycle, Organisation, User
from worksheets.presentation import Part, Row, Table, Words
from worksheets.report.contents import contents
from worksheets.report.page import html_of
from worksheets.report.printer import Printer
from worksheets.review import Review
from worksheets.texts import as_shipped
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.quick_check.keys import ALL, FOUR, HABITS

STARTS = datetime.date(2026, 11, 3)
LONG = "Agree with everybody at every practice who looks at which page on which day of which week. " * 5


def answers(actions: list[dict[str, Any]] | None = None, review: dict[str, str] | None = None, **said: str) -> Any:
    """A check in which all is a yes but what is `said`; `actions` are those that were saved, if any."""
    verdict = dict.fromkeys(ALL, "yes") | said
    changes = {} if actions is None else {"actions": {"actions": actions} if actions else {}}
    return {
        "working": {"four": {key: verdict[key] for key in FOUR}},
        "habits": {"habits": {key: verdict[key] for key in HABITS}},
        "changes": changes | ({"start_review": review} if review else {}),
    }


def scope_of(filled: Any, **beside: Neighbour) -> Scope:
    return Scope(answers=filled, platforms=PLATFORMS, starts=STARTS, numbers=QUICK_CHECK.numbers, beside=dict(beside))


def action(about: str, **fields: str) -> dict[str, str]:
    return {"id": f"action-{about.replace('_', '-')}", "about": about, **fields}


def found(id: str, scope: Scope) -> list[str]:
    return sorted(QUICK_CHECK.rule[id].found(scope))


def last_check(**said: str) -> Neighbour:
    return Neighbour("the quick check of 3 August 2026", datetime.date(2026, 8, 3), scope_of(answers(**said)))


def last_review(year: int, month: int, day: int) -> Neighbour:
    return Neighbour(
        "the review Spring 2026", datetime.date(year, month, day), Scope(), datetime.date(year, month, day)
    )


NEVER = Neighbour("", datetime.date.min, Scope())


# A no without an action


def test_a_no_needs_an_action_and_of_the_four_not_sure_is_a_no() -> None:
    scope = scope_of(answers([], planned="no", worth="unsure", policy="no", moderated="partly"))
    assert found("changes.no-without-action", scope) == ["planned", "policy", "worth"]
    message = QUICK_CHECK.rule["changes.no-without-action"].findings(scope)[0].message
    assert "“Having a written policy”" in message
    assert "Add an action for each" in message


def test_what_is_mended_in_one_place_is_led_to_once(world: World, signed_in: Callable[[User], Client]) -> None:
    lead = signed_in(world.lead)
    here = send(lead, "/o/nhs-anywhere/checks/new/")["Location"]
    send(lead, f"{here}working/four/", **answers(planned="no", worth="no")["working"]["four"])
    send(lead, f"{here}changes/actions/")
    page = lead.get(f"{here}points/")
    assert "“A content and campaign plan” and “Worth it next to all you offer” are not a yes" in words(page)
    assert len(tree(page).xpath("//main//a[contains(@href, '?point=changes.no-without-action')]")) == 1


@pytest.mark.parametrize("fields", [{"what": "Write one."}, {"because": "The trust is writing one."}])
def test_an_action_or_a_reason_is_enough(fields: dict[str, str]) -> None:
    scope = scope_of(answers([action("policy", **fields)], policy="no"))
    assert found("changes.no-without-action", scope) == []


def test_a_row_that_says_neither_is_none() -> None:
    scope = scope_of(answers([action("policy", owner="Tom")], policy="no"))
    assert found("changes.no-without-action", scope) == ["policy"]


def test_before_the_actions_were_saved_nobody_knows_whether_there_are_any() -> None:
    assert found("changes.no-without-action", scope_of(answers(policy="no"))) == []


def test_what_is_not_answered_or_does_not_apply_is_no_no() -> None:
    filled = answers([], no_promises_for_others="not-applicable")
    del filled["habits"]["habits"]["policy"]
    assert found("changes.no-without-action", scope_of(filled)) == []


# An action without an owner


def test_an_action_needs_an_owner_while_it_is_still_to_be_done() -> None:
    rows = [
        action("policy", what="Write one."),
        action("moderated", what="Name somebody.", owner="Priya"),
        action("not_for", what="Pin a post.", done="2026-11-06"),
        action("planned", what="Draft a plan.", because="The campaign dates come out in January."),
        action("worth"),
    ]
    assert found("changes.action-without-owner", scope_of(answers(rows))) == ["action-policy"]


# The same no again


def test_a_no_that_was_a_no_last_time_is_looked_at_again() -> None:
    rows = [action(key, what="Do it.", owner="Tom") for key in ("planned", "policy", "moderated")]
    scope = scope_of(
        answers(rows, planned="unsure", policy="no", moderated="no"),
        before=last_check(planned="no", policy="no", moderated="partly", worth="no"),
    )
    assert found("changes.same-no-again", scope) == ["planned", "policy"]


def test_it_is_not_said_where_a_reason_was_given_or_the_action_lacks() -> None:
    rows = [action("policy", because="The trust is writing one.")]
    scope = scope_of(answers(rows, planned="no", policy="no"), before=last_check(planned="no", policy="no"))
    assert found("changes.same-no-again", scope) == []
    assert found("changes.no-without-action", scope) == ["planned"]


def test_without_a_check_before_nothing_comes_again() -> None:
    assert found("changes.same-no-again", scope_of(answers(planned="no"))) == []


# A review of the strategy that is due


@pytest.mark.parametrize(
    ("review", "due"),
    [
        (NEVER, True),
        (last_review(2026, 5, 2), True),
        (last_review(2026, 5, 3), False),
        (last_review(2026, 12, 1), False),
    ],
)
def test_a_review_is_due_when_none_began_in_the_last_six_months(review: Neighbour, due: bool) -> None:
    scope = scope_of(answers(planned="no", worth="unsure"), strategy=review)
    rule = QUICK_CHECK.rule["changes.review-due"]
    assert bool(rule.found(scope)) == due
    if due:
        finding = rule.findings(scope)[0]
        assert finding.begins == "strategy"
        assert finding.message.startswith("Two of the four answers in question 1 are not a yes")


def test_one_no_of_the_four_is_not_enough_nor_any_number_of_habits() -> None:
    scope = scope_of(answers(planned="no", policy="no", moderated="no"), strategy=NEVER)
    assert found("changes.review-due", scope) == []


def test_where_the_reviews_are_not_known_none_is_due() -> None:
    scope = scope_of(answers(planned="no", worth="no"), before=last_check())
    assert found("changes.review-due", scope) == []


@pytest.mark.parametrize(
    ("answer", "due"),
    [
        ({"start_review": "no", "because": "We merge in April."}, False),
        ({"start_review": "later", "because": "After winter."}, False),
        ({"start_review": "later"}, True),
        ({"start_review": "yes", "because": "Half of it fails."}, True),
    ],
)
def test_a_reason_not_to_start_one_settles_it_and_the_wish_to_do_not(answer: dict[str, str], due: bool) -> None:
    scope = scope_of(answers(review=answer, planned="no", worth="no"), strategy=NEVER)
    assert bool(found("changes.review-due", scope)) == due


# Drafted actions


def test_there_is_a_draft_for_each_answer_that_is_no_yes_and_has_none_yet() -> None:
    scope = scope_of(answers(planned="unsure", policy="no", moderated="partly", no_debates="not-applicable"))
    table = QUICK_CHECK.question["actions"].form.kinds["actions"]
    assert isinstance(table, Rows)
    assert table.begun_from
    assert table.begun_from.named(scope) == {
        "planned": "A content and campaign plan: Not sure",
        "moderated": "Checking comments: Partly",
        "policy": "Having a written policy: No",
    }
    there = table.to_raw([{"id": "action-policy", "about": "policy", "because": "Not now."}], scope)
    drafted = table.with_begun(there, None, scope)[1:]
    assert [row["about"] for row in drafted] == ["planned", "moderated"]
    assert all(row["what"] for row in drafted)


def test_every_draft_is_a_sentence_and_a_drafted_action_may_be_left_with_a_reason() -> None:
    scope = scope_of(
        answers([action("policy", because="Not now.")], **dict.fromkeys(FOUR, "no"), **dict.fromkeys(HABITS, "no"))
    )
    table = QUICK_CHECK.question["actions"].form.kinds["actions"]
    assert isinstance(table, Rows)
    drafted = table.with_begun([], None, scope)
    assert [row["about"] for row in drafted] == list(ALL)
    assert all(str(row["what"]).endswith(".") for row in drafted)
    assert QUICK_CHECK.question["actions"].state(scope) == "answered"


# The sample


def test_the_sample_is_complete_and_has_no_point() -> None:
    assert QUICK_CHECK.sample
    review = interchange.read(QUICK_CHECK.sample.read_bytes(), as_shipped()).review
    assert review.progress.finished
    assert review.findings == ()


# The front page


def front(filled: Any, *, paper: bool, **beside: Neighbour) -> tuple[Part, ...]:
    return QUICK_CHECK.front(Review(QUICK_CHECK, scope_of(filled, **beside)), paper=paper)


def lines(parts: tuple[Part, ...]) -> dict[str, tuple[str, ...]]:
    """The lines of the tables, by what each is about."""
    tables = [block for part in parts for block in part.blocks if isinstance(block, Table)]
    return {str(row[0]): tuple(map(str, row[1:])) for table in tables for row in table.rows}


def told(parts: tuple[Part, ...]) -> str:
    """The paragraphs and labelled lines."""
    blocks = [block for part in parts for block in part.blocks if isinstance(block, Words | Row)]
    return " ".join(block.text for block in blocks)


def test_the_front_has_a_line_for_each_answer_with_last_time_and_what_will_change() -> None:
    rows = [
        action("policy", what="Write one.", owner="Tom", due="2026-12-01"),
        action("moderated", what="Name somebody.", owner="Priya", done="2026-11-06"),
        action("content_plan", because="The dates come out in January."),
        action("worth", what="Ask patients."),
    ]
    said = {"policy": "partly", "moderated": "no", "content_plan": "partly", "worth": "unsure"}
    parts = front(
        answers(rows, review={"start_review": "later", "because": "After winter."}, **said),
        paper=False,
        before=last_check(policy="no", worth="no", no_debates="not-applicable"),
    )
    line = lines(parts)
    assert list(line) == list(ALL.values())
    assert line["Having a written policy"] == ("Partly (better)", "No", "Write one (Tom, by 1 Dec 2026)")
    assert line["Checking comments"] == ("No (worse)", "Yes", "Done on 6 Nov 2026: Name somebody.")
    assert line["Planning content for the year"][2] == "Left as it is: The dates come out in January."
    assert line["Worth it next to all you offer"] == ("Not sure", "No", "Ask patients (nobody named yet, no date yet)")
    assert line["Staying out of arguments"] == ("Yes", "Does not apply", "")
    assert "3 of 4 questions answered with yes. 10 of 13 habits fully kept." in told(parts)
    assert "Since the quick check of 3 August 2026: 1 better and 2 worse." in told(parts)
    assert "Later. After winter." in told(parts)


def test_without_a_check_before_there_is_no_last_time() -> None:
    parts = front(answers([]), paper=True)
    assert lines(parts)["Having a written policy"] == ("Yes", "")
    assert "Since" not in told(parts)


def test_on_paper_what_is_too_much_stands_in_the_record() -> None:
    rows = [action(key, what=LONG, owner=LONG, due="2026-12-01") for key in ALL]
    filled = answers(rows, review={"start_review": "no", "because": LONG}, **dict.fromkeys(ALL, "no"))
    paper, screen = front(filled, paper=True), front(filled, paper=False)
    assert "And 12 more actions, in the full record." in told(paper)
    assert [line[-1] for line in lines(paper).values()].count("See the full record") == 12
    assert max(len(line[-1]) for line in lines(paper).values()) < 120
    assert len(told(paper)) < 300
    assert "in the record" not in told(screen)
    assert all(LONG.strip().rstrip(".") in line[-1] for line in lines(screen).values())


def test_of_two_actions_about_one_thing_both_are_told() -> None:
    rows = [action("policy", what="Write one."), action("policy", what="Agree it.") | {"id": "action-two"}]
    line = lines(front(answers(rows, policy="no"), paper=True))
    assert "Write one" in line["Having a written policy"][1]
    assert "Agree it" in line["Having a written policy"][1]


def halves() -> list[Any]:
    """Checks of which more and more is answered, down to one answer, one row and one field of it."""
    assert QUICK_CHECK.sample
    whole = json.loads(QUICK_CHECK.sample.read_text(encoding="utf-8"))["worksheets"]
    found: list[Any] = [{}]
    for stage, questions in whole.items():
        for question, answer in questions.items():
            found += [{stage: {question: {}}}, {stage: {question: answer}}]
            found += [{stage: {question: {name: value}}} for name, value in answer.items()]
    row = whole["changes"]["actions"]["actions"][1]
    found += [{"changes": {"actions": {"actions": [{"id": "action-x", name: row[name]}]}}} for name in row]
    return [*found, copy.deepcopy(whole)]


@pytest.mark.parametrize("paper", [True, False])
def test_the_front_can_be_read_however_little_is_answered(paper: bool) -> None:
    for filled in halves():
        for beside in ({}, {"before": last_check()}, {"before": Neighbour("the check", STARTS, Scope())}):
            assert list(lines(front(filled, paper=paper, **beside))) == list(ALL.values())
    nothing = front({}, paper=paper)
    assert "No question is answered yet." in told(nothing)
    assert "What will change is not answered yet." in told(nothing)
    assert {line[0] for line in lines(nothing).values()} == {"Not answered yet"}


def test_an_action_about_nothing_yet_is_said_to_be_in_the_record() -> None:
    filled = answers([{"id": "action-x", "what": "Do it."}])
    assert "And 1 more action, in the full record." in told(front(filled, paper=False))


# All checks side by side


def test_all_checks_stand_side_by_side_the_last_six_of_them() -> None:
    runs = [(f"Check {n}", scope_of(answers(policy="no" if n < 5 else "partly"))) for n in range(8)]
    (grid,) = QUICK_CHECK.across(runs)
    assert isinstance(grid, Table)
    assert [column.label for column in grid.columns] == ["Question or habit", *(f"Check {n}" for n in range(2, 8))]
    assert len(grid.rows) == len(ALL)
    assert ("Having a written policy", "No", "No", "No", "Partly", "Partly", "Partly") in grid.rows
    assert QUICK_CHECK.across([]) == ()
    (empty,) = QUICK_CHECK.across([("Check 0", Scope())])
    assert isinstance(empty, Table)
    assert {row[1] for row in empty.rows} == {"Not answered yet"}


def test_however_much_is_answered_the_front_fits_on_one_side_of_a4() -> None:
    rows = [action(key, what=LONG, owner=LONG, due="2026-09-30") for key in ALL]
    rows += [action("policy", what=LONG, done="2026-11-06") | {"id": f"action-{n}"} for n in range(3)]
    filled = answers(rows, review={"start_review": "later", "because": LONG}, **dict.fromkeys(FOUR, "unsure"))
    review = Review(QUICK_CHECK, scope_of(filled, before=last_check(**dict.fromkeys(HABITS, "not-applicable"))))
    cycle = Cycle(
        organisation=Organisation(name="Anywhere PCN"), name="Quick check, November 2026", starts=STARTS, ends=STARTS
    )
    printer = Printer()
    try:
        assert printer.print(html_of(contents(cycle, review, (), STARTS).without_record())).pages == 1
    finally:
        printer.close()


def test_what_was_done_before_is_no_answer_to_a_no_of_today() -> None:
    """An action that came along from the check before, and did not hold."""
    before = action("policy", what="Write it", owner="Priya", done="2026-08-20")
    scope = scope_of(answers([before], policy="no"))
    assert found("changes.no-without-action", scope) == ["policy"]
    told = [cell for part in front_of(scope, paper=True) for cell in part]
    assert not any("20 Aug 2026" in cell for cell in told)
    assert found("changes.no-without-action", scope_of(answers([before | {"done": "2026-11-10"}], policy="no"))) == []
    table = QUICK_CHECK.question["actions"].form.kinds["actions"]
    assert isinstance(table, Rows)
    assert table.begun_from
    assert "policy" in table.begun_from.waiting(table.to_raw([before], scope), scope)


def front_of(scope: Scope, *, paper: bool) -> list[list[str]]:
    """The cells of the tables of the front page, as texts."""
    parts = QUICK_CHECK.front(Review(QUICK_CHECK, scope), paper=paper)
    tables = [block for part in parts for block in part.blocks if isinstance(block, Table)]
    return [[str(cell) for cell in row] for table in tables for row in table.rows]


def test_a_check_is_of_the_day_on_which_somebody_does_it(world: World) -> None:
    """Two weeks after the last one it is proposed for that day, and not for the day it would be due."""
    start_cycle(world.anywhere, QUICK_CHECK, "Quick check, November 2026", STARTS, STARTS + datetime.timedelta(90))
    proposed = propose(world.anywhere.cycles.filter(workbook=QUICK_CHECK.key), QUICK_CHECK, datetime.date(2026, 11, 27))
    assert (proposed.name, proposed.starts) == ("Quick check, November 2026", datetime.date(2026, 11, 27))
    late = propose(world.anywhere.cycles.filter(workbook=QUICK_CHECK.key), QUICK_CHECK, datetime.date(2027, 6, 1))
    assert late.name == "Quick check, June 2027"
