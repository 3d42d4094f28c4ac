"""The channel choice: what is asked, what its points and lines say, what it takes over, and the page that comes out."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.reading import send, words
from tests.test_paper import FONTS
from tests.world import PLATFORMS, World
from tests.world import sample as strategy_sample
from worksheets.fields import Neighbour, Noted, Scope
from worksheets.models import Cycle, Organisation, User
from worksheets.models.texts import TAGS
from worksheets.presentation import Computed, Items, Part, Table, Title, Words
from worksheets.report.contents import contents
from worksheets.report.page import html_of
from worksheets.report.press import Press
from worksheets.review import Review
from worksheets.workbooks.channels import CHANNELS, audiences_of, channels_of
from worksheets.workbooks.channels.channels import FITS, KNOWN_FOR
from worksheets.workbooks.channels.want import WANTS
from worksheets.workbooks.strategy import STRATEGY

Answers = dict[str, Any]
Change = Callable[[Answers], None]
GUIDE = {
    "linkedin": Noted(("networking", "practice", "feedback"), ("meeting people",), ("a current profile", "", "groups")),
    "facebook": Noted(("public", "debate", "multimedia", "feedback")),
    "x": Noted(("news", "opinion", "debate")),
    "blogs": Noted(("recruitment",)),
}


def sample() -> Answers:
    assert CHANNELS.sample
    worksheets: Answers = json.loads(CHANNELS.sample.read_text(encoding="utf-8"))["worksheets"]
    return worksheets


def scope(answers: Answers, **more: Any) -> Scope:
    return Scope(
        answers,
        "NHS Anywhere",
        PLATFORMS,
        {"bebo": "Bebo"},
        datetime.date(2026, 11, 2),
        datetime.date(2027, 4, 30),
        CHANNELS.numbers,
        guide=GUIDE,
        **more,
    )


def changed(*changes: Change) -> Answers:
    answers = copy.deepcopy(sample())
    for change in changes:
        change(answers)
    return answers


def answer(question: str, **values: Any) -> Change:
    """Give a question of the sample other answers; None takes one out."""

    def change(answers: Answers) -> None:
        found = answers[CHANNELS.question[question].stage][question]
        found.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del found[key]

    return change


def audiences(*active_on: list[str] | None) -> Change:
    """Audiences that are active there; None where nobody has said so yet."""
    rows = [{"id": f"a-{n}", "who": f"Group {n}"} | ({"active_on": on} if on else {}) for n, on in enumerate(active_on)]
    return answer("audiences", audiences=rows)


def channels(**use: str) -> Change:
    """Channels by the key of their platform: "organisation", "own", "leave", or "" where that is not said yet."""
    rows = [{"id": f"c-{key}", "platform": key} | ({"use": how} if how else {}) for key, how in use.items()]
    return answer("channels", channels=rows)


def posts(*what: str) -> Change:
    return answer("posts", posts=[{"id": f"p-{n}", "what": one, "platforms": ["x"]} for n, one in enumerate(what)])


def found(*changes: Change, **more: Any) -> dict[str, tuple[str, ...]]:
    """The points of the sample with these changes: the subjects of each by its id."""
    return {one.id: one.subjects for one in Review(CHANNELS, scope(changed(*changes), **more)).findings}


def beside(**roles: str) -> dict[str, Neighbour]:
    """A strategy review beside the choice, with an account on each platform in that role."""
    rows = [{"id": f"acc-{key}", "platform": key, "role": role} for key, role in roles.items()]
    answers: Answers = {"stakeholders": {"platforms": {"platforms": rows}}}
    return {"strategy": Neighbour("the review Autumn 2026", datetime.date(2026, 10, 1), Scope(answers))}


# The sample


def test_the_sample_is_complete_and_has_no_point() -> None:
    review = Review(CHANNELS, scope(sample()))
    assert review.progress.finished
    assert review.findings == ()


def test_it_takes_half_an_hour() -> None:
    assert sum(question.minutes for question in CHANNELS.questions) == CHANNELS.minutes == 30


def test_every_answer_of_it_is_in_the_place_that_files_have() -> None:
    assert {question.key: list(question.form.kinds) for question in CHANNELS.questions} == {
        "wants": ["wants", "sentence"],
        "audiences": ["audiences"],
        "channels": ["channels"],
        "conditions": [
            *("clear_aim", "clear_aim_next", "audience_known", "audience_known_next"),
            *("little_and_often", "little_and_often_next", "content_worth_sharing", "content_worth_sharing_next"),
            *("answer_others", "answer_others_next"),
        ],
        "posts": ["posts", "minutes_a_week", "cleared_by", "open_posts_understood", "know_by"],
    }


# Points


def test_three_channels_are_few_and_four_are_too_many_whoever_has_the_account() -> None:
    at_home = audiences(["x", "facebook", "linkedin", "youtube"])
    three = channels(x="own", facebook="organisation", linkedin="own", youtube="leave")
    assert found(at_home, three) == {}
    four = channels(x="own", facebook="organisation", linkedin="own", youtube="organisation")
    assert found(at_home, four) == {"channels.too-many": ("facebook", "linkedin", "x", "youtube")}
    undecided = channels(x="own", facebook="organisation", linkedin="own", youtube="")
    assert found(at_home, undecided) == {}


def test_two_accounts_on_one_platform_are_one_channel() -> None:
    rows = [{"id": f"c-{n}", "platform": key, "use": "own"} for n, key in enumerate(("x", "x", "facebook", "linkedin"))]
    assert found(audiences(["x", "facebook", "linkedin"]), answer("channels", channels=rows)) == {}


def test_a_channel_where_no_audience_is_active_is_named() -> None:
    nobody = channels(linkedin="own", tiktok="organisation", snapchat="leave")
    assert found(nobody) == {"channels.no-audience-there": ("tiktok",)}


def test_nothing_is_said_of_a_channel_while_it_is_not_known_where_an_audience_is() -> None:
    use = channels(tiktok="organisation")
    assert found(use, audiences(["linkedin"], None)) == {}
    assert found(use, audiences()) == {}


def test_an_own_account_is_not_needed_where_the_organisation_has_an_active_one() -> None:
    own = channels(linkedin="own", facebook="own")
    assert found(own, beside=beside(facebook="active")) == {"channels.own-account-unneeded": ("facebook",)}
    assert found(own, beside=beside(facebook="emergency", linkedin="leave")) == {}
    assert found(own, beside=beside()) == {}
    assert found(own) == {}
    assert found(channels(facebook="organisation"), beside=beside(facebook="active")) == {}


def test_a_condition_that_is_not_met_needs_a_next_step() -> None:
    not_yet = answer("conditions", clear_aim="not-yet", little_and_often="not-yet")
    assert found(not_yet) == {"plan.condition-not-met": ("clear_aim", "little_and_often")}
    planned = answer("conditions", clear_aim_next="We meet on Friday", little_and_often_next="Tom has an hour")
    assert found(not_yet, planned) == {}
    assert found(answer("conditions", clear_aim=None)) == {}


def test_a_plan_without_anybody_who_answers_is_one_point_and_not_two() -> None:
    nobody = answer("conditions", answer_others="not-yet")
    assert found(nobody, posts("A film", "A picture of the board")) == {"plan.nobody-answers": ()}
    assert found(nobody, answer("posts", posts=None)) == {"plan.condition-not-met": ("answer_others",)}


@pytest.mark.parametrize(
    "line", ["Answer comments", "Replies to all questions", "We reply", "Time to respond", "Thank those who share"]
)
def test_a_line_of_the_plan_that_says_so_plans_to_answer(line: str) -> None:
    assert found(answer("conditions", answer_others="not-yet"), posts("A film", line)) == {}


def test_a_next_step_to_answer_others_is_only_planned_when_it_is_in_the_plan() -> None:
    someday = answer("conditions", answer_others="not-yet", answer_others_next="Tom, from January")
    assert found(someday, posts("A film")) == {"plan.nobody-answers": ()}
    assert found(someday, answer("posts", posts=None)) == {}
    assert found(answer("conditions", answer_others=None), posts("A film")) == {}


def test_x_takes_an_hour_a_week_at_least() -> None:
    x = (audiences(["x"]), channels(x="organisation"))
    assert found(*x, answer("posts", minutes_a_week=59)) == {"plan.once-a-day-news": ()}
    assert found(*x, answer("posts", minutes_a_week=0)) == {"plan.once-a-day-news": ()}
    assert found(*x, answer("posts", minutes_a_week=60)) == {}
    assert found(*x, answer("posts", minutes_a_week=None)) == {}
    assert found(audiences(["x"]), channels(x="leave"), answer("posts", minutes_a_week=5)) == {}


def test_an_empty_choice_has_no_point() -> None:
    assert Review(CHANNELS, scope({})).findings == ()


@pytest.mark.parametrize("rule", CHANNELS.rules, ids=lambda rule: rule.id)
def test_every_point_is_mended_where_it_says(rule: Any) -> None:
    table, _, name = rule.field.partition(".")
    kind = CHANNELS.question[rule.question].form.kinds[table]
    assert not name or name in kind.fields  # type: ignore[attr-defined]
    assert CHANNELS.question[rule.question].stage == rule.stage
    assert "### What the points look at\n" in (CHANNELS.guidance / "questions" / f"{rule.question}.md").read_text()


# What the page shows


def lines(*changes: Change) -> list[Computed]:
    return [*CHANNELS.question["channels"].computed(scope(changed(*changes)))]


def test_every_want_and_every_tag_of_it_is_one_that_administrators_tick() -> None:
    assert set(FITS) == set(WANTS)
    assert {tag for tags in FITS.values() for tag in tags} == set(KNOWN_FOR)
    assert set(KNOWN_FOR) <= set(TAGS)


def test_platforms_stand_in_the_order_of_audiences_and_then_of_what_is_wanted() -> None:
    wants = answer("wants", wants=["network"])
    best, *_ = lines(wants, audiences(["facebook", "x"], ["x"], ["tiktok"]), channels(x="own"))
    assert best.lines == (
        "X: 2 of 3 audiences active there",
        "Facebook: 1 of 3 audiences active there",
        "Tiktok: 1 of 3 audiences active there",
    )
    best, *_ = lines(wants, audiences(["facebook", "x"], ["x"], ["tiktok"], None), channels(x="own"))
    assert best.lines[3] == (
        "Linkedin: 0 of 3 audiences active there; known for communities of practice, meeting others in the field"
    )


def test_what_fits_stands_above_the_channels_that_are_chosen_by_it(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    lead = signed_in(world.lead)
    here = send(lead, "/o/nhs-anywhere/projects/new/", name="Fewer falls")["Location"]
    send(lead, f"{here}want/wants/", wants=["learning"], sentence="Wards will have tried our way.")
    page = words(lead.get(f"{here}channels/channels/"))
    assert page.index("What fits your project, best first") < page.index("Your channels") < page.index("Channel 1")


def test_five_platforms_are_put_forward_and_no_more() -> None:
    best, *_ = lines(audiences([*PLATFORMS]))
    assert len(best.lines) == 5


def test_an_audience_of_which_nobody_knows_where_it_is_is_not_counted() -> None:
    best, *_ = lines(answer("wants", wants=["debate"]), audiences(["x"], None), channels(x="own"))
    assert (
        best.lines[0]
        == "X: 1 of 1 audience active there; known for people who shape opinion, debate, news as it breaks"
    )
    assert best.lines[-1] == "Not counted, because you have not said where they are active: Group 1"


def test_before_anybody_said_where_audiences_are_the_wants_alone_count() -> None:
    best, *_ = lines(answer("wants", wants=["learning"]), audiences(None))
    assert best.lines[0] == "Facebook: known for debate, feedback, the public"
    assert [*CHANNELS.question["channels"].computed(scope({}))] == []


def test_each_chosen_row_says_how_it_fits_and_what_to_consider() -> None:
    told = {one.key: one for one in lines(channels(linkedin="own", facebook="leave", tiktok="own"))}
    assert told["consider-c-linkedin"].lines == ("A current profile", "Groups")
    assert told["consider-c-linkedin"].anchor == "c-linkedin"
    assert told["fit-c-linkedin"].lines[0] == "2 of 3 audiences active there"
    # What is left for now needs no advice, and the guide has none of the third.
    assert not {"consider-c-facebook", "consider-c-tiktok"} & set(told)
    assert told["fit-c-tiktok"].lines == ("0 of 3 audiences active there",)


# What is taken over


def strategy(answers: Answers) -> Review:
    return Review(STRATEGY, Scope(answers, platforms=PLATFORMS))


def test_stakeholders_of_the_review_become_audiences_with_their_platforms() -> None:
    rows = [*audiences_of(strategy(strategy_sample()["worksheets"]))]
    assert rows[0] == {"who": "Expectant and new parents", "active_on": ["facebook", "instagram", "whatsapp"]}
    assert len(rows) == 5
    unknown: Answers = {
        "stakeholders": {"stakeholders": {"stakeholders": [{"id": "a", "name": "Carers"}, {"id": "b"}]}}
    }
    assert [*audiences_of(strategy(unknown))] == [{"who": "Carers"}]


def test_active_accounts_of_the_review_become_channels_of_the_organisation() -> None:
    rows = [*channels_of(strategy(strategy_sample()["worksheets"]))]
    assert rows == [
        {"platform": "facebook", "use": "organisation"},
        {"platform": "instagram", "use": "organisation"},
    ]


def test_what_is_taken_over_fits_the_tables_that_take_it() -> None:
    for offer in CHANNELS.offers:
        kind = CHANNELS.question[offer.question].form.kinds[offer.table]
        for row in offer.rows(strategy(strategy_sample()["worksheets"])):
            assert set(row) <= set(kind.fields)  # type: ignore[attr-defined]


# The page


def front(answers: Answers, *, paper: bool) -> Part:
    (part,) = CHANNELS.front(Review(CHANNELS, scope(answers)), paper=paper)
    return part


def said(part: Part) -> str:
    """All words of a part."""
    words: list[str] = []
    for block in part.blocks:
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row]
            words += [" ".join(cell.items or (cell.none,)) if isinstance(cell, Items) else str(cell) for cell in cells]
        elif isinstance(block, Words | Title):
            words.append(block.text)
    return "\n".join(words)


@pytest.mark.parametrize("paper", [True, False])
def test_the_page_says_what_for_whom_where_why_when_and_who_said_yes(paper: bool) -> None:
    page = said(front(sample(), paper=paper))
    for told in (
        "ten wards outside our trust have tried our way",
        "For this we want: people who try our idea early, people elsewhere who do the same work and feedback",
        "Hospital pharmacists",
        "Linkedin: an account of our own",
        "the trust has no active page",
        "Not now: X.",
        "Week 1, Tuesday",
        "In place: a clear aim, known audiences, little and often and answering others.",
        "Not yet: content worth sharing. Next: Ward 7 is filmed",
        "Cleared by: Head of communications",
        "90 minutes a week",
        "Open posts: understood",
        "15 requests for the guide",
    ):
        assert told in page


def long() -> Answers:
    """A choice in which everything is as much as it can be."""
    words = "Improvement leads of neighbouring organisations who want to hear of it " * 20
    not_yet = {"clear_aim", "audience_known", "little_and_often", "content_worth_sharing", "answer_others"}
    keys = [*PLATFORMS]
    rows = [{"id": f"a-{n}", "who": words, "do": words, "active_on": keys} for n in range(5)]
    uses = [{"id": f"c-{n}", "platform": keys[n], "use": "own", "because": words} for n in range(5)]
    items = [{"id": f"p-{n}", "what": words, "platforms": keys, "when": words, "who": words} for n in range(15)]
    steps = {f"{key}_next": words for key in not_yet}
    texts = {"cleared_by": words, "know_by": words, "minutes_a_week": 10_080, "open_posts_understood": "yes"}
    return changed(
        answer("wants", sentence=words, wants=[*WANTS]),
        answer("audiences", audiences=rows),
        answer("channels", channels=uses),
        answer("conditions", **dict.fromkeys(not_yet, "not-yet"), **steps),
        answer("posts", posts=items, **texts),
    )


def test_on_paper_what_is_cut_says_so_and_on_screen_nothing_is_cut() -> None:
    page, screen = said(front(long(), paper=True)), said(front(long(), paper=False))
    assert "Who it is for (and 2 more audiences, in the full record)" in page
    assert "Our channels (and 2 more channels, in the full record)" in page
    assert "The first four weeks (and 10 more posts, in the full record)" in page
    assert "The full record says what comes next." in page
    assert "full record" not in screen
    assert "…" not in screen
    assert screen.count("No next step yet") == 0


def test_posts_have_the_rows_that_audiences_and_channels_leave() -> None:
    few = changed(audiences(["x"]), channels(x="own"), posts(*"abcdefghijkl"))
    assert "The first four weeks (and 3 more posts, in the full record)" in said(front(few, paper=True))


@pytest.mark.parametrize("answers", [sample, long, dict], ids=["sample", "everything", "nothing"])
def test_it_is_one_side_of_paper(answers: Callable[[], Answers]) -> None:
    cycle = Cycle(
        name="Home by lunchtime",
        workbook=CHANNELS.key,
        starts=datetime.date(2026, 11, 2),
        ends=datetime.date(2027, 4, 30),
        organisation=Organisation(name="NHS Anywhere Foundation Trust"),
    )
    review = Review(CHANNELS, scope(answers()))
    made = contents(cycle, review, (), datetime.date(2026, 11, 2)).without_record()
    _, pages = Press(FONTS.resolve()).print(html_of(made))
    assert pages == 1


@pytest.mark.parametrize("paper", [True, False])
def test_a_page_that_is_empty_or_half_filled_says_what_is_not_answered(paper: bool) -> None:
    assert said(front({}, paper=paper)).count("Not answered yet") == 6
    half = {"channels": {"channels": {"channels": [{"id": "c-x", "platform": "x"}, {"id": "c-2"}]}}}
    assert "X" in said(front(half, paper=paper))
    left = {"channels": {"channels": {"channels": [{"id": "c-x", "platform": "x", "use": "leave"}]}}}
    assert "None for now.\nNot now: X." in said(front(left, paper=paper))


@pytest.mark.parametrize("stage", [stage.key for stage in CHANNELS.stages])
def test_the_page_can_be_read_with_any_stage_missing(stage: str) -> None:
    answers = sample()
    del answers[stage]
    for paper in (True, False):
        assert "Not answered yet" in said(front(answers, paper=paper))
