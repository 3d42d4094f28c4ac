"""The next review: answers carried forward and marked, dates moved, dated targets asked for anew."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reading import error_messages, form_of, seen_on, send, tree, words
from tests.world import SAMPLE_FILE, World, sample
from worksheets import interchange, saving
from worksheets.following.carrying import Past, carry, cycle_months, dated
from worksheets.following.starting import Followed, start_next
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Lookback, Revision, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
NEXT = "/o/nhs-anywhere/reviews/autumn-2026/next/"
NEW = "/o/nhs-anywhere/reviews/new/"
SPRING = "/o/nhs-anywhere/reviews/spring-2027/"
day = datetime.date.fromisoformat


def posted(**changed: str) -> dict[str, str]:
    """The form that starts a review, as it is posted."""
    dates = {"starts-day": "1", "starts-month": "4", "starts-year": "2027"}
    ends = {"ends-day": "30", "ends-month": "9", "ends-year": "2027"}
    return (
        {"name": "Spring 2027", "begin": "carried", "strategy_title": "", "strategy_link": ""} | dates | ends | changed
    )


def question(key: str) -> str:
    return reverse("question", args=["nhs-anywhere", STRATEGY, "spring-2027", STRATEGY.question[key].stage, key])


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    world.fill()
    return signed_in(world.lead)


@pytest.fixture
def following(world: World) -> Cycle:
    """The review that follows the sample."""
    world.fill()
    return start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)


def answers(cycle: Cycle, key: str) -> Any:
    return Worksheet.objects.get(cycle=cycle, stage=STRATEGY.question[key].stage).answers.get(key)


# Carrying, as a function of plain answers.


def carried(*series: tuple[dict[str, Any], int]) -> Any:
    return carry(STRATEGY, [Past(found, months) for found, months in series])


def smart(**row: str) -> dict[str, Any]:
    return {"alignment": {"smart": {"smart": [{"id": "smart-1", **row}]}}}


def test_all_answers_come_along_as_they_were_but_for_dates_and_dated_targets() -> None:
    before = sample()["worksheets"]
    after = carried((before, 6))
    assert list(after) == list(before)
    for key in {q.key for q in STRATEGY.questions} - {"smart", "measures", "judgement", "platforms", "plan"}:
        stage = STRATEGY.question[key].stage
        assert after[stage].get(key) == before[stage].get(key), key
    old, new = (found["alignment"]["smart"]["smart"][0] for found in (before, after))
    assert (new["due"], new["evaluate_on"]) == ("2027-08-28", "2027-09-10")
    assert "target" not in new
    assert {name for name in old if old[name] == new.get(name)} == set(old) - {"due", "evaluate_on", "target"}
    assert after["evaluation"]["judgement"]["evaluate_on"] != before["evaluation"]["judgement"]["evaluate_on"]


def test_what_is_carried_is_not_changed_where_it_came_from() -> None:
    before = sample()["worksheets"]
    carried((before, 6))
    assert before == sample()["worksheets"]


def test_dates_at_the_end_of_a_month_are_counted_from_the_first() -> None:
    first, months = smart(due="2026-08-31"), 6
    second = carried((first, months))
    assert second["alignment"]["smart"]["smart"][0]["due"] == "2027-02-28"
    third = carried((second, 6), (first, 12))
    assert third["alignment"]["smart"]["smart"][0]["due"] == "2027-08-31"
    # One that somebody chose starts a count of its own.
    chosen = carried((smart(due="2027-02-27"), 6), (first, 12))
    assert chosen["alignment"]["smart"]["smart"][0]["due"] == "2027-08-27"


def test_a_draft_is_carried_too() -> None:
    assert carried((smart(statement="Half"), 6)) == smart(statement="Half")
    assert carried(({"alignment": {}, "drivers": {"aims": {}}}, 6)) == {"alignment": {}, "drivers": {"aims": {}}}


@pytest.mark.parametrize(
    ("starts", "ends", "months"),
    [
        ("2026-10-01", "2027-03-31", 6),
        ("2026-08-31", "2027-02-27", 6),
        ("2026-10-01", "2027-03-20", 6),
        ("2026-10-01", "2026-10-05", 1),
        ("2026-10-01", "2028-09-30", 24),
    ],
)
def test_the_length_of_a_cycle_is_counted_in_months(starts: str, ends: str, months: int) -> None:
    assert cycle_months(day(starts), day(ends)) == months


@pytest.mark.parametrize(
    "target",
    [
        "90% by 28 February 2027",
        "10 by March",
        "4,000 in 2027",
        "5 by 31/3/27",
        "5 by 2027-03-31",
        "12 by May",
        "3 in 2026/27",
    ],
)
def test_a_target_with_a_date_or_year_is_dated(target: str) -> None:
    assert dated(target)


@pytest.mark.parametrize(
    "target", ["90%", "4,000 a month", "2,027 visits", "we may reach 12", "£2026.50", "every week"]
)
def test_a_target_without_one_is_not(target: str) -> None:
    assert not dated(target)


# Starting it.


def test_a_lead_starts_the_next_review_from_the_hub(world: World, lead: Client) -> None:
    assert NEXT in lead.get("/o/nhs-anywhere/reviews/autumn-2026/").content.decode()
    page = lead.get(NEXT)
    assert form_of(page)["begin"] == ["carried"]
    assert form_of(page)["name"] == ["Spring 2027"]
    answer = lead.post(NEXT, posted())
    assert answer["Location"] == SPRING
    cycle = Cycle.objects.get(slug="spring-2027")
    assert cycle.previous == world.cycle
    assert answers(cycle, "aims") == answers(world.cycle, "aims")
    saves = Revision.objects.filter(worksheet__cycle=cycle)
    assert saves.count() == 21
    assert {save.saved_by for save in saves} == {world.lead}
    assert "First, looking back" in words(lead.get(SPRING))


def test_the_dashboard_offers_the_last_review_to_go_on_from(world: World, lead: Client) -> None:
    assert "The last review is Autumn 2026" in words(lead.get(NEW))
    assert lead.post(NEW, posted())["Location"] == SPRING
    assert Cycle.objects.get(slug="spring-2027").previous == world.cycle


def test_a_review_may_start_empty(world: World, lead: Client) -> None:
    assert lead.post(NEXT, posted(begin="empty")).status_code == 302
    cycle = Cycle.objects.get(slug="spring-2027")
    assert cycle.previous is None
    assert not any(sheet.answers or sheet.carried for sheet in cycle.worksheets.all())
    assert "looking back" not in words(lead.get(SPRING)).lower()
    assert lead.get(f"{SPRING}looking-back/").status_code == 404
    assert "From last time" not in words(lead.get(question("aims")))


def test_the_first_review_has_nothing_to_go_on_from(world: World, lead: Client) -> None:
    Cycle.objects.filter(organisation=world.anywhere).delete()
    assert "begin" not in form_of(lead.get(NEW))
    assert lead.post(NEW, posted()).status_code == 302
    assert Cycle.objects.get(slug="spring-2027").previous is None


def test_what_was_typed_stays_when_something_is_wrong(world: World, lead: Client) -> None:
    answer = lead.post(NEXT, posted(name="", strategy_title="<b>Ours</b>"))
    assert answer.status_code == 400
    assert error_messages(answer) == ["Enter a name"]
    assert form_of(answer)["strategy_title"] == ["<b>Ours</b>"]
    assert form_of(answer)["begin"] == ["carried"]


def test_only_leads_start_it(world: World, signed_in: SignedIn) -> None:
    for user, status in (
        (world.contributor, 403),
        (world.manager, 403),
        (world.outsider, 404),
        (world.nobody, 404),
        (world.admin, 404),
    ):
        for method in ("get", "post"):
            assert getattr(signed_in(user), method)(NEXT, posted()).status_code == status
    assert "Start the next review" not in words(
        signed_in(world.contributor).get("/o/nhs-anywhere/reviews/autumn-2026/")
    )
    assert world.anywhere.cycles.count() == 1


def test_a_review_is_followed_by_one(world: World, lead: Client, following: Cycle) -> None:
    page = lead.get(NEXT)
    assert "The next review has started already" in words(page)
    assert tree(page).xpath("//main//a[@href=$to]", to=SPRING)
    assert lead.post(NEXT, posted(name="Another")).status_code == 409
    with pytest.raises(Followed):
        start_next(world.cycle, "Another", day("2027-04-01"), day("2027-09-30"), world.lead)
    assert world.anywhere.cycles.count() == 2
    # A follower that was archived stands in nobody's way.
    Cycle.objects.filter(pk=following.pk).update(archived_at=timezone.now())
    assert lead.post(NEXT, posted(name="Another")).status_code == 302


def test_a_review_that_was_reopened_is_followed_from_its_revision(world: World, lead: Client) -> None:
    revision = Cycle.objects.create(
        organisation=world.anywhere,
        name="Autumn 2026, revised",
        slug="revised",
        starts=world.cycle.starts,
        ends=world.cycle.ends,
        revises=world.cycle,
    )
    assert "This review was reopened" in words(lead.get(NEXT))
    assert lead.post(NEXT, posted()).status_code == 409
    assert revision.name in words(lead.get(NEW))


def test_an_archived_review_is_not_gone_on_from(world: World, lead: Client) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert lead.get(NEXT).status_code == 403
    assert lead.post(NEXT, posted()).status_code == 403
    assert "The last review is" not in words(lead.get(NEW))


def test_a_signed_off_review_can_be_followed(world: World, lead: Client) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    assert lead.post(NEXT, posted()).status_code == 302
    world.cycle.refresh_from_db()
    assert world.cycle.state == "signed-off"


def test_a_follower_stays_when_the_last_review_is_archived(world: World, lead: Client, following: Cycle) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    assert lead.get(SPRING).status_code == 200
    assert "Looking back at Autumn 2026" in words(lead.get(f"{SPRING}looking-back/"))


def test_dates_are_counted_through_three_reviews(world: World) -> None:
    world.fill(alignment=smart(due="2026-08-31")["alignment"])
    second = start_next(world.cycle, "Second", day("2027-04-01"), day("2027-09-30"), world.lead)
    third = start_next(second, "Third", day("2027-10-01"), day("2028-03-31"), world.lead)
    dues = [answers(cycle, "smart")["smart"][0]["due"] for cycle in (world.cycle, second, third)]
    assert dues == ["2026-08-31", "2027-02-28", "2027-08-31"]


# From last time.


def test_every_answer_is_marked_and_counts_as_in_progress(world: World, lead: Client, following: Cycle) -> None:
    review = review_of(following)
    assert set(review.states.values()) == {"in-progress"}
    assert review.progress.answered == 0
    for key in ("aims", "smart", "plan", "measures"):
        assert "From last time" in words(lead.get(question(key)))
    marks = tree(lead.get(f"{SPRING}drivers/")).xpath(
        "//*[contains(@class, 'nhsuk-tag')][contains(., 'From last time')]"
    )
    assert len(marks) == 2
    assert "0 of 21 questions answered" in words(lead.get("/o/nhs-anywhere/reviews/"))


def test_saving_an_answer_unchanged_says_that_it_holds(world: World, lead: Client, following: Cycle) -> None:
    assert "Saving it says that it holds." in words(lead.get(question("aims")))
    assert review_of(following).states["aims"] == "in-progress"
    answer = send(lead, question("aims"))
    assert answer.status_code == 302
    assert review_of(following).states["aims"] == "answered"
    assert "From last time" not in words(lead.get(question("aims")))
    # Nothing was changed, so history has nothing new.
    assert Revision.objects.filter(worksheet__cycle=following, question="aims").count() == 1


def test_saving_a_change_says_so_too_and_reading_or_leaving_does_not(
    world: World, lead: Client, following: Cycle
) -> None:
    lead.get(question("aims"))
    send(lead, question("aims"), do="back")
    told = send(lead, question("aims"), do="draft")
    assert told.status_code == 200
    assert "aims" in Worksheet.objects.get(cycle=following, stage="drivers").carried
    send(lead, question("aims"), aims__0__statement="By using social media, we aim to listen.")
    sheet = Worksheet.objects.get(cycle=following, stage="drivers")
    assert sheet.carried == ["drivers"]
    assert answers(following, "aims")["aims"][0]["id"] == answers(world.cycle, "aims")["aims"][0]["id"]


def test_all_of_a_worksheet_still_holds_in_one_press(
    world: World, signed_in: SignedIn, lead: Client, following: Cycle
) -> None:
    colin = signed_in(world.contributor)
    page = colin.get(f"{SPRING}drivers/")
    assert "All of this worksheet still holds" in words(page)
    assert "Complete this worksheet" not in words(page)
    held = colin.post(f"{SPRING}drivers/", {"do": "hold", "seen": seen_on(page)})
    assert held["Location"] == SPRING
    sheet = Worksheet.objects.get(cycle=following, stage="drivers")
    assert (sheet.carried, sheet.complete, sheet.completed_by) == ([], True, world.contributor)
    assert Revision.objects.filter(worksheet=sheet).count() == 2
    # Twice is once.
    assert colin.post(f"{SPRING}drivers/", {"do": "hold", "seen": seen_on(page)}).status_code == 302
    assert colin.post(f"{SPRING}drivers/", {"do": "confirm:drivers"}).status_code == 400


def test_what_is_asked_anew_is_listed_and_the_rest_holds(world: World, lead: Client, following: Cycle) -> None:
    page = lead.get(f"{SPRING}alignment/")
    held = lead.post(f"{SPRING}alignment/", {"do": "hold", "seen": seen_on(page)})
    assert held.status_code == 400
    assert error_messages(held)[0].startswith("Question 4, SMART objectives: SMART objective 1, target: Enter the new")
    sheet = Worksheet.objects.get(cycle=following, stage="alignment")
    assert (sheet.carried, sheet.complete) == (["smart"], False)
    assert len(tree(held).xpath("//*[contains(@class, 'nhsuk-tag')][contains(., 'From last time')]")) == 1


def test_answers_that_nobody_has_read_do_not_hold(
    world: World, signed_in: SignedIn, lead: Client, following: Cycle
) -> None:
    page = lead.get(f"{SPRING}drivers/")
    send(signed_in(world.contributor), question("aims"), aims__0__statement="By using social media, we aim to listen.")
    held = lead.post(f"{SPRING}drivers/", {"do": "hold", "seen": seen_on(page)})
    assert held.status_code == 409
    assert "Somebody saved an answer while you were reading" in words(held)
    assert Worksheet.objects.get(cycle=following, stage="drivers").carried == ["drivers"]


@pytest.mark.parametrize("key", ["aims", "outcomes"])
@pytest.mark.parametrize("changes", [{}, {"because": "It still does."}])
def test_a_double_click_says_it_once(
    world: World, lead: Client, following: Cycle, key: str, changes: dict[str, str]
) -> None:
    page = lead.get(question(key))
    for _click in range(2):
        assert send(lead, question(key), page=page, **changes).status_code == 302
    assert review_of(following).states[key] == "answered"


def test_what_is_typed_is_saved_when_it_is_confirmed(world: World, lead: Client, following: Cycle) -> None:
    send(lead, question("outcomes"), because="It still does.")
    assert answers(following, "outcomes")["because"] == "It still does."
    assert "outcomes" not in Worksheet.objects.get(cycle=following, stage="resources").carried


def test_a_confirmed_mark_does_not_come_back_with_another_save(world: World, following: Cycle) -> None:
    sheet = Worksheet.objects.get(cycle=following, stage="drivers")
    stale = Worksheet.objects.get(pk=sheet.pk)
    saving.confirm(sheet, "drivers", world.lead)
    saving.save_answer(stale, "aims", {}, seen=saving.token(stale.answers["aims"]), user=world.lead)
    sheet.refresh_from_db()
    assert sheet.carried == []


def test_two_confirm_at_once(world: World, following: Cycle) -> None:
    sheets = [Worksheet.objects.get(cycle=following, stage="drivers") for _ in range(2)]
    saving.confirm(sheets[0], "drivers", world.lead)
    saving.confirm(sheets[1], "aims", world.contributor)
    assert Worksheet.objects.get(cycle=following, stage="drivers").carried == []


def test_who_may_not_write_confirms_nothing(world: World, signed_in: SignedIn, following: Cycle) -> None:
    for user, status in ((world.manager, 403), (world.outsider, 404)):
        client = signed_in(user)
        assert client.post(f"{SPRING}drivers/", {"do": "confirm:aims"}).status_code == status
        assert client.post(question("aims"), {"do": "confirm"}).status_code == status
    page = signed_in(world.manager).get(f"{SPRING}drivers/")
    assert "Nobody has confirmed it yet" in words(page)
    assert "This still holds" not in words(page)
    Cycle.objects.filter(pk=following.pk).update(state="submitted")
    assert signed_in(world.lead).post(f"{SPRING}drivers/", {"do": "confirm:aims"}).status_code == 403


def test_a_worksheet_with_unconfirmed_answers_cannot_be_completed(world: World, lead: Client, following: Cycle) -> None:
    answer = lead.post(f"{SPRING}drivers/", {"do": "complete"})
    assert answer.status_code == 400
    assert error_messages(answer) == [
        "Question 1, drivers: say that it still holds, or change it",
        "Question 2, aims: say that it still holds, or change it",
    ]
    for key in ("drivers", "aims"):
        send(lead, question(key))
    assert lead.post(f"{SPRING}drivers/", {"do": "complete"})["Location"] == SPRING
    assert Worksheet.objects.get(cycle=following, stage="drivers").complete


def test_an_answer_of_version_one_waits_and_is_asked_for_what_is_new(world: World, signed_in: SignedIn) -> None:
    old = interchange.read(SAMPLE_FILE.with_name("nhs-anywhere-1.json").read_bytes())
    world.fill(**{stage: dict(answers) for stage, answers in old.answers.items()})
    world.cycle.worksheets.update(status=Worksheet.Status.COMPLETE)
    following = start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)
    lead = signed_in(world.lead)
    assert "weekly" in Worksheet.objects.get(cycle=following, stage="resources").carried
    assert review_of(following).states["weekly"] == "in-progress"
    assert "From last time" in words(lead.get(question("weekly")))
    answer = send(lead, question("weekly"))
    said = words(lead.get(answer["Location"]))
    assert "It counts as answered once this is there too: Choose when somebody watches your accounts." in said
    assert review_of(following).states["weekly"] == "in-progress"
    assert send(lead, question("weekly"), watched="office-hours", reply_within="4").status_code == 302
    assert review_of(following).states["weekly"] == "answered"


# Dated targets and baselines.


def test_a_dated_target_is_asked_for_anew(world: World, lead: Client, following: Cycle) -> None:
    page = lead.get(question("smart"))
    assert form_of(page)["smart-0-target"] == [""]
    assert "90% by 28 February 2027" in words(page)
    saved = send(lead, question("smart"))
    assert (
        "It counts as answered once this is there too: "
        "SMART objective 1, target: Enter the new target. Last time it was “90% by 28 February 2027”."
    ) in words(lead.get(saved["Location"]))
    assert "smart" in Worksheet.objects.get(cycle=following, stage="alignment").carried
    given = {f"smart__{n}__target": "95%" for n in range(3)}
    assert send(lead, question("smart"), **given).status_code == 302
    assert "smart" not in Worksheet.objects.get(cycle=following, stage="alignment").carried


def test_the_dated_target_of_a_measure_is_asked_for_too(world: World, lead: Client) -> None:
    answered = sample()["worksheets"]
    answered["evaluation"]["measures"]["measures"][0]["target"] = "60 by March 2027"
    world.fill(**answered)
    start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)
    assert form_of(lead.get(question("measures")))["measures-0-target"] == [""]
    answer = lead.post(f"{SPRING}evaluation/", {"do": "hold"})
    assert answer.status_code == 400
    assert any("Enter the new target. Last time it was “60 by March 2027”" in m for m in error_messages(answer))
    # A measure needs no target: saved without one, the question is the team's own again.
    send(lead, question("measures"), measures__0__owner="Somebody else")
    cycle = Cycle.objects.get(slug="spring-2027")
    assert "measures" not in Worksheet.objects.get(cycle=cycle, stage="evaluation").carried


def test_the_figure_reached_is_offered_as_the_baseline(world: World, lead: Client, following: Cycle) -> None:
    Lookback.objects.create(
        cycle=following, table="smart", row="smart-answers", answers={"actual": "<i>82%</i>"}, version=1
    )
    page = lead.get(question("smart"))
    assert "Figure reached: <i>82%</i>" in words(page)
    answer = send(lead, question("smart"), do="baseline:smart:smart-answers", smart__0__owner="New owner")
    assert answer["Location"].endswith("#smart-0")
    row = answers(following, "smart")["smart"][0]
    assert (row["baseline"], row["owner"]) == ("<i>82%</i>", "New owner")
    assert "baseline:smart:smart-answers" not in lead.get(question("smart")).content.decode()
    for nonsense in ("baseline:smart:none", "baseline:other:smart-answers", "baseline"):
        assert send(lead, question("smart"), do=nonsense).status_code == 302


def test_lessons_stand_beside_their_question(world: World, lead: Client, following: Cycle) -> None:
    for table, row, lesson in (("smart", "smart-waits", "Post at <six>"), ("measures", "m-none", "Nobody sees this")):
        Lookback.objects.create(
            cycle=following, table=table, row=row, answers={"lesson": lesson, "decision": "keep"}, version=1
        )
    said = words(lead.get(question("smart")))
    assert "Lessons from last time" in said
    assert "Keep it. Post at <six>" in said
    assert "Lessons from last time" not in words(lead.get(question("measures")))
    assert "Lessons from last time" not in words(lead.get(question("aims")))


def test_a_question_page_costs_one_more_query_at_most(
    world: World, lead: Client, following: Cycle, django_assert_max_num_queries: Any
) -> None:
    lead.get(question("smart"))
    with django_assert_max_num_queries(5):
        lead.get(question("smart"))
    with django_assert_max_num_queries(4):
        lead.get(question("aims"))


def account(**row: Any) -> dict[str, Any]:
    return {"stakeholders": {"platforms": {"platforms": [{"id": "acc", "platform": "x", **row}]}}}


def test_the_followers_of_today_are_those_of_the_last_review_next_time_and_are_asked_anew() -> None:
    last = account(followers=900, followers_before=400, last_post="2026-09-20", access_checked="2026-09-15")
    assert carried((last, 6)) == account(followers_before=900, access_checked="2026-09-15")
    assert carried((account(followers_before=400), 6)) == account(followers_before=400)


def test_when_a_source_was_read_stays_and_when_a_campaign_ran_is_asked_anew() -> None:
    read = {"stakeholders": {"presence": {"evidence": [{"id": "e", "source": "ofcom", "looked_at": "2026-09-08"}]}}}
    assert carried((read, 6)) == read
    item = {"id": "i", "what": "Winter", "starts": "2026-11-02", "ends": "2027-02-28"}
    assert carried(({"content": {"plan": {"items": [item]}}}, 6)) == {
        "content": {"plan": {"items": [{"id": "i", "what": "Winter"}]}}
    }
