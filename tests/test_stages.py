"""The questions: that they ask exactly what the method asks, and what their answers add up to."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.world import PLATFORMS, sample
from worksheets.fields import (
    Case,
    Choices,
    Day,
    Hours,
    Kind,
    Number,
    Platform,
    Platforms,
    PlatformUse,
    Reference,
    References,
    Rows,
    RowsFor,
    Scope,
    Text,
    WebAddress,
    Year,
)
from worksheets.presentation import Computed
from worksheets.review import Review
from worksheets.workbooks.strategy import STRATEGY
from worksheets.workbooks.strategy.stakeholders import top_platforms

# The table of questions of the method, held against it by hand: keys, kinds and limits, with a star where an answer is
# needed, and the choices that a field belongs to.
METHOD = """
drivers/drivers
  drivers* list of leadership audience feedback peers other
  leadership_evidence* text when drivers is leadership
  audience_evidence* text when drivers is audience
  feedback_evidence* text when drivers is feedback
  peers_evidence* text when drivers is peers
  other_evidence* text when drivers is other
drivers/aims
  aims* rows 1-5
  aims.statement* text
  aims.achievable* yes unsure no
  aims.achievable_because* text
  aims.warranted* yes unsure no
  aims.warranted_because* text
alignment/objectives
  objectives* rows 1-12
  objectives.statement* text
  objectives.level* organisation team
  objectives.source text
  objectives.aims list of aims[id]
  objectives.team_contribution text
  objectives.social_contribution text
alignment/smart
  smart* rows 1-10
  smart.objective* objectives[id]
  smart.statement* text
  smart.measure* text
  smart.baseline text
  smart.target* text
  smart.achievable* text
  smart.realistic* text
  smart.due* date
  smart.evaluate_on* date
  smart.owner text
stakeholders/stakeholders
  stakeholders* rows 1-5
  stakeholders.name* text
  stakeholders.influence* high low
  stakeholders.interest* high low
  stakeholders.size number
  stakeholders.tell text
  stakeholders.hear text
  stakeholders.handle text
  stakeholders.elsewhere text
stakeholders/presence
  presence* row for each of stakeholders
  presence.where* some none unknown
  presence.use platforms with daily weekly sometimes yes when where is some
  presence.sources list of platform-statistics facebook-ads taking-part ofcom oxis ons platform-search alerts \
local-data other
  presence.note text
  evidence rows 0-12
  evidence.source* platform-statistics facebook-ads taking-part ofcom oxis ons platform-search alerts local-data other
  evidence.year* number to 2100
  evidence.title text
  evidence.says text
  evidence.looked_at date
  evidence.link web address
  local_data text
stakeholders/platforms
  platforms* rows 1-40
  platforms.platform* platform
  platforms.role* active listen emergency leave
  platforms.account text
  platforms.link web address
  platforms.owner text
  platforms.deputy text
  platforms.followers number
  platforms.followers_before number
  platforms.last_post date
  platforms.access_checked date
  platforms.because text
resources/setup
  tasks rows 0-20
  tasks.task* text
  tasks.hours* hours
  tasks.who text
resources/weekly
  tasks* rows 1-20
  tasks.task* text
  tasks.kind* source create publish monitor respond measure evaluate report other
  tasks.hours* hours
  tasks.who text
  tasks.aims list of aims[id]
  watched* always extended office-hours nobody
  reply_within hours
  capacity* hours
  pattern* steady peaks spike
  peak_hours hours when pattern is peaks spike
  peak_weeks number to 52 when pattern is peaks spike
  contingency text
  advertising number
resources/outcomes
  answer* yes unsure no
  because* text
resources/success
  success* text
  rewards rows 0-10
  rewards.reward* text
  rewards.objective objectives[id]
  risks rows 0-10
  risks.risk* text
  risks.likelihood* low medium high
  risks.impact* low medium high
  risks.mitigation text
resources/stopping
  work rows 0-10
  work.work* text
  work.hours hours
  change text
content/working
  changes* text
  reuse text
  tone text
content/formats
  video* in-house with-help not-now
  video_plan text
  supporting list of infographic photo video audio blog live poll other
  supporting_note text
  access list of captions transcripts alt-text plain-words capitals-in-hashtags languages sign-language
  access_note text
content/publishers
  publishers* communications colleagues
  colleagues_support text when publishers is colleagues
  staff_policy* yes drafting no
content/signoff
  needed* yes no
  because text needed when needed no
  steps rows 0-6 when needed is yes
  steps.role* text
  steps.deputy text
  steps.what* text
  steps.hours hours
  out_of_hours text
  live text when needed is yes
content/plan
  items* rows 1-30
  items.what* text
  items.format* post infographic photo video audio blog live poll other
  items.platforms* list of platforms
  items.aims* list of aims[id]
  items.stakeholders* list of stakeholders[id]
  items.source text
  items.per_week* decimal
  items.hours* hours
  items.starts date
  items.ends date
  items.paid number
content/proportion
  proportion* row for each of stakeholders
  proportion.warranted* yes unsure no
  proportion.because text
evaluation/engagement
  actions* list of likes follows comments shares clicks sign-ups page-views mentions messages reviews video-views \
attendance other
  note text
evaluation/measures
  measures* rows 1-20
  measures.what* text
  measures.kind* output engagement outcome
  measures.smart smart[id]
  measures.source* text
  measures.baseline text
  measures.target text
  measures.how_often* weekly monthly quarterly cycle
  measures.owner text
evaluation/judgement
  so_what* text
  context text
  evaluate_on* date
  audience* text
"""


def kind_in_words(kind: Kind) -> str:
    """A field in the words of the table above."""
    match kind:
        case RowsFor():
            assert kind.refers
            return f"row for each of {kind.refers.question}"
        case Rows():
            return f"rows {kind.least}-{kind.most}"
        case References():
            assert kind.refers
            return f"list of {kind.refers.question}[id]"
        case Reference():
            assert kind.refers
            return f"{kind.refers.question}[id]"
        case Platforms():
            return "list of platforms"
        case Platform():
            return "platform"
        case PlatformUse():
            return "platforms with daily weekly sometimes yes"
        case Choices():
            return f"list of {' '.join(kind.choices)}"
        case Hours():
            return "hours"
        case Number():
            return "decimal" if kind.places else "number" if kind.most == 1_000_000_000 else f"number to {kind.most}"
        case Day():
            return "date"
        case WebAddress():
            return "web address"
        case Year():
            return "year"
        case Text():
            return "text"
    return " ".join(kind.choices)  # type: ignore[attr-defined]


def condition(kind: Kind) -> str:
    """The choices that a field belongs to, and those with which it is needed, in the words of the table above."""
    when = f" when {kind.when[0]} is {' '.join(kind.when[1:])}" if kind.when else ""
    return when + (f" needed when {' '.join(kind.needed_when)}" if kind.needed_when else "")


def fields_of(key: str) -> dict[str, Kind]:
    """Every field of a question, those within its tables as `table.field`."""
    found: dict[str, Kind] = {}
    for name, kind in STRATEGY.question[key].form.base_fields.items():
        found[name] = kind
        if isinstance(kind, Rows):
            found |= {f"{name}.{inner}": field for inner, field in kind.fields.items()}
    return found


def scope(**worksheets: Any) -> Scope:
    return Scope(
        answers=worksheets,
        organisation="NHS Anywhere",
        platforms=PLATFORMS,
        retired={"bebo": "Bebo"},
        numbers=STRATEGY.numbers,
    )


def lines(question: str, found: Scope) -> list[Computed]:
    return list(STRATEGY.question[question].computed(found))


# What is asked.


def test_the_questions_are_those_of_the_method() -> None:
    told = [""]
    for question in STRATEGY.questions:
        told.append(f"{question.stage}/{question.key}")
        told += [
            f"  {name}{'*' if kind.needed else ''} {kind_in_words(kind)}{condition(kind)}"
            for name, kind in fields_of(question.key).items()
        ]
    assert told == METHOD.rstrip("\n").split("\n")
    assert [question.number for question in STRATEGY.questions] == list(range(1, 22))
    assert [stage.number for stage in STRATEGY.stages] == [1, 2, 3, 4, 5, 6]
    assert STRATEGY.question["outcomes"].number == 10
    assert STRATEGY.question["success"].number == 11


def test_a_review_takes_about_two_hours() -> None:
    assert 100 <= sum(question.minutes for question in STRATEGY.questions) <= 120


def without(answers: dict[str, Any], question: str, name: str) -> dict[str, Any]:
    """The sample's answers but for one field of one question; within a table, of its first row."""
    answers = copy.deepcopy(answers)
    answer = answers[STRATEGY.question[question].stage][question]
    table, _, field = name.partition(".")
    if field:
        answer[table][0].pop(field, None)
    else:
        answer.pop(table, None)
    return answers


@pytest.mark.parametrize("question", STRATEGY.question)
def test_exactly_what_is_needed_is_missed_when_it_is_not_there(question: str) -> None:
    answers = sample()["worksheets"]
    given = answers[STRATEGY.question[question].stage][question]
    assert not STRATEGY.question[question].missing(scope(**answers)).faults
    for name, kind in fields_of(question).items():
        table, _, field = name.partition(".")
        if field and table not in given:
            continue
        around = given[table][0] if field else given
        if not kind.belongs(around):
            continue
        faults = STRATEGY.question[question].missing(scope(**without(answers, question, name))).faults
        at = (table, 0, field) if field else (table,)
        if kind.wanted(around):
            assert any(fault.path[: len(at)] == at for fault in faults), f"{question}.{name} is not missed"
        else:
            assert not faults, f"{question}.{name} is missed"


def test_a_ticked_driver_needs_its_evidence_and_no_other_does() -> None:
    for driver in ("leadership", "audience", "feedback", "peers", "other"):
        missing = STRATEGY.question["drivers"].missing(scope(drivers={"drivers": {"drivers": [driver]}}))
        assert [fault.path for fault in missing.faults] == [(f"{driver}_evidence",)]


def test_what_a_driver_brought_is_dropped_with_its_tick() -> None:
    form = STRATEGY.question["drivers"].form
    case = Case(scope())
    answer = form.read(
        {"drivers": ["audience"], "audience_evidence": "214 posts", "peers_evidence": "All the others are there"}, case
    )
    assert answer == {"drivers": ["audience"], "audience_evidence": "214 posts"}


def test_stage_3_is_not_complete_before_it_is_said_of_each_stakeholder_whether_they_are_online() -> None:
    answers = sample()["worksheets"]
    people = answers["stakeholders"]["stakeholders"]["stakeholders"]
    answers["stakeholders"]["presence"]["presence"] = []
    faults = STRATEGY.question["presence"].missing(scope(**answers)).faults
    assert [(fault.path, fault.message) for fault in faults] == [
        (("presence", n, "where"), "Choose whether they are, or say that you do not know yet")
        for n in range(len(people))
    ]
    rows = [{"stakeholder": row["id"], "where": "unknown"} for row in people]
    answers["stakeholders"]["presence"]["presence"] = rows
    assert not STRATEGY.question["presence"].missing(scope(**answers)).faults


# What belongs to a choice, and what does not apply.


def kept(question: str, answer: Any) -> Any:
    """An answer from outside as it is kept, and what is missing in it."""
    case = Case(scope())
    plain = STRATEGY.question[question].form.read(answer, case)
    assert not case.faults
    return plain


@pytest.mark.parametrize(
    ("question", "choice", "inner"),
    [
        ("weekly", {"pattern": "steady"}, {"peak_hours": 40, "peak_weeks": 4}),
        ("publishers", {"publishers": "communications"}, {"colleagues_support": "A drop-in every month"}),
        ("signoff", {"needed": "no", "because": "We are three"}, {"steps": [{"id": "a", "role": "Midwife"}]}),
        ("signoff", {"needed": "no", "because": "We are three"}, {"live": "Who speaks"}),
    ],
)
def test_what_does_not_belong_to_what_is_chosen_is_not_kept(question: str, choice: Any, inner: Any) -> None:
    assert kept(question, choice | inner) == choice
    # Before anything is chosen nothing is dropped: nothing chosen is not a no.
    assert kept(question, inner) == inner


@pytest.mark.parametrize("where", ["none", "unknown"])
def test_platforms_are_kept_only_for_people_who_use_some(where: str) -> None:
    people = {"stakeholders": {"stakeholders": [{"id": "a", "name": "Parents"}]}}

    def row(where: str) -> Any:
        rows = [{"stakeholder": "a", "where": where, "use": {"x": "yes"}, "sources": ["ofcom"], "note": "By post"}]
        return STRATEGY.question["presence"].form.read({"presence": rows}, Case(scope(stakeholders=people)))

    # How somebody knows that they are nowhere is worth keeping.
    kept = {"stakeholder": "a", "where": where, "sources": ["ofcom"], "note": "By post"}
    assert row(where) == {"presence": [kept]}
    assert row("some")["presence"][0]["use"] == {"x": "yes"}


def test_no_sign_off_needs_its_reason_and_sign_off_does_not() -> None:
    def missed(answer: Any) -> list[str]:
        return [
            fault.message for fault in STRATEGY.question["signoff"].missing(scope(content={"signoff": answer})).faults
        ]

    assert missed({"needed": "no"}) == ["Say why you need no sign-off"]
    assert missed({"needed": "no", "because": "We are three"}) == []
    assert missed({"needed": "yes"}) == []


@pytest.mark.parametrize(("year", "taken"), [(1999, False), (2000, True), (2100, True), (2101, False)])
def test_an_edition_is_of_the_years_2000_to_2100(year: int, taken: bool) -> None:
    case = Case(scope())
    rows = [{"id": "a", "source": "ofcom", "year": year}]
    STRATEGY.question["presence"].form.read({"evidence": rows}, case)
    assert bool(case.faults) is not taken


def test_forty_accounts_are_kept_and_no_more() -> None:
    rows = [{"id": f"acc-{n}", "platform": "facebook", "role": "active"} for n in range(41)]
    assert len(kept("platforms", {"platforms": rows[:40]})["platforms"]) == 40
    case = Case(scope())
    STRATEGY.question["platforms"].form.read({"platforms": rows}, case)
    assert [fault.message for fault in case.faults] == ["Keep 40 accounts at most. Remove 1"]


# References.


def test_references_go_when_their_row_goes_and_come_back_with_it() -> None:
    answers = sample()["worksheets"]
    whole = Review(STRATEGY, scope(**answers)).scope.answers
    aims = answers["drivers"]["aims"]["aims"]
    lost = aims.pop(0)
    pruned = Review(STRATEGY, scope(**answers)).scope
    assert lost["id"] not in str(pruned.answers)
    assert pruned.answers["content"]["plan"]["items"][0]["what"]
    aims.insert(0, lost)
    assert Review(STRATEGY, scope(**answers)).scope.answers == whole


def test_what_is_said_about_a_stakeholder_goes_with_the_stakeholder() -> None:
    answers = sample()["worksheets"]
    lost = answers["stakeholders"]["stakeholders"]["stakeholders"].pop(0)
    pruned = Review(STRATEGY, scope(**answers)).scope
    assert lost["id"] not in str(pruned.answers)
    assert len(pruned.answers["stakeholders"]["presence"]["presence"]) == len(
        answers["stakeholders"]["stakeholders"]["stakeholders"]
    )


def test_rows_that_other_answers_name_know_where() -> None:
    review = Review(STRATEGY, scope(**sample()["worksheets"]))
    places = review.mentions("aims")["aim-maternity"]
    assert places[0] == "question 3, “Improve the experience of maternity care reported by parents.”"
    assert any(place.startswith("question 17, ") for place in places)
    assert "question 20, “Questions answered within one working day”" in review.mentions("smart")["smart-answers"]
    assert "question 6" in review.mentions("stakeholders")["st-parents"]
    assert "question 18" in review.mentions("stakeholders")["st-parents"]


def test_choices_of_rows_are_named_by_their_words_or_number() -> None:
    found = scope(drivers={"aims": {"aims": [{"id": "one", "statement": "Answer parents"}, {"id": "two"}]}})
    aims = fields_of("objectives")["objectives.aims"]
    assert aims.options(found) == {"one": "Answer parents", "two": "Aim 2"}  # type: ignore[attr-defined]


# What answers add up to.


def test_every_aim_is_shown_with_the_objectives_it_serves() -> None:
    aims = {"aims": {"aims": [{"id": "a", "statement": "Answer parents"}, {"id": "b", "statement": "Save time"}]}}

    def claims(*of: list[str]) -> list[Computed]:
        rows = [{"id": f"o-{n}", "aims": ids} if ids else {"id": f"o-{n}"} for n, ids in enumerate(of)]
        return lines("objectives", scope(drivers=aims, alignment={"objectives": {"objectives": rows}}))

    assert claims() == []
    (line,) = claims(["a"], ["a"], [])
    assert line.tone == "plain"
    assert line.lines == ("Answer parents – 2 objectives", "Save time – no objective yet")
    (line,) = claims(["a", "b"])
    assert line.tone == "good"


def test_smart_objectives_are_ticked_test_by_test() -> None:
    rows = [
        {"id": "none"},
        {"id": "some", "statement": "S", "measure": "M", "achievable": "A", "due": "2027-03-31"},
        {
            "id": "all",
            "statement": "S",
            "measure": "M",
            "target": "T",
            "achievable": "A",
            "realistic": "R",
            "due": "2027-03-31",
        },
    ]
    none, some, every = lines("smart", scope(alignment={"smart": {"smart": rows}}))
    assert [line.anchor for line in (none, some, every)] == ["none", "some", "all"]
    assert set(none.lines) == {
        f"{t}: not yet" for t in ("Specific", "Measurable", "Achievable", "Realistic", "Timebound")
    }
    assert some.lines == (
        "Specific: yes",
        "Measurable: not yet",
        "Achievable: yes",
        "Realistic: not yet",
        "Timebound: yes",
    )
    assert all(line.endswith(": yes") for line in every.lines)
    assert (none.tone, some.tone, every.tone) == ("plain", "plain", "good")


def ranked(*uses: dict[str, str]) -> list[str]:
    """The top platforms when the stakeholders, in order of importance, use platforms so."""
    people = [{"id": f"st-{n}", "name": f"S{n}"} for n, _ in enumerate(uses)]
    rows = [{"stakeholder": f"st-{n}", "where": "some", "use": use} for n, use in enumerate(uses)]
    return top_platforms(scope(stakeholders={"stakeholders": {"stakeholders": people}, "presence": {"presence": rows}}))


def test_top_platforms_are_those_of_most_stakeholders() -> None:
    assert ranked({"x": "sometimes", "facebook": "daily"}, {"x": "sometimes"}) == ["x", "facebook"]


def test_among_platforms_of_as_many_the_more_frequent_comes_first() -> None:
    assert ranked({"x": "daily", "facebook": "weekly"}, {"facebook": "weekly", "x": "sometimes"}) == ["facebook", "x"]
    assert ranked({"x": "weekly", "youtube": "daily", "facebook": "sometimes"}) == ["youtube", "x", "facebook"]


def test_then_the_platform_of_the_more_important_stakeholder_comes_first() -> None:
    assert ranked({"youtube": "daily"}, {"facebook": "daily"}) == ["youtube", "facebook"]
    assert ranked({"x": "sometimes"}, {"facebook": "weekly", "x": "weekly"}, {"facebook": "sometimes"}) == [
        "x",
        "facebook",
    ]


def test_then_the_key_decides_and_there_are_three_at_most() -> None:
    assert ranked({"youtube": "daily", "facebook": "daily", "x": "daily", "instagram": "daily"}) == [
        "facebook",
        "instagram",
        "x",
    ]
    assert ranked() == []


def test_the_sample_has_the_top_platforms_that_its_team_counted() -> None:
    answers = sample()["worksheets"]
    use: dict[str, list[tuple[int, int]]] = {}
    for n, row in enumerate(answers["stakeholders"]["presence"]["presence"]):
        for key, how in row.get("use", {}).items():
            use.setdefault(key, []).append((n, {"daily": 3, "weekly": 2, "sometimes": 1, "yes": 1}[how]))
    expected = sorted(use, key=lambda k: (-len(use[k]), -sum(w for _, w in use[k]), min(n for n, _ in use[k]), k))[:3]
    assert top_platforms(scope(**answers)) == expected
    (line,) = lines("presence", scope(**answers))
    assert [words.split(":")[0] for words in line.lines] == [PLATFORMS.get(key, key) for key in expected]


def test_hours_a_week_over_the_cycle_and_as_a_share() -> None:
    weekly = {"tasks": [{"id": "a", "hours": 7.5}, {"id": "b", "hours": 4.5}], "capacity": 24}
    setup = {"tasks": [{"id": "s", "hours": 10.25}]}
    stopping = {"work": [{"id": "w", "hours": 2}]}
    (line,) = lines("weekly", scope(resources={"weekly": weekly, "setup": setup, "stopping": stopping}))
    assert line.tone == "plain"
    assert line.lines == (
        "12 hours a week",
        "312 hours over the cycle of 26 weeks",
        "50% of the 24 hours a week your team has",
        "2 hours a week freed by work you could stop (question 12)",
        "10.25 hours to set up",
    )
    assert not lines("weekly", scope(resources={"weekly": {"capacity": 24}}))
    unknown = weekly | {"tasks": [*weekly["tasks"], {"id": "c"}]}  # type: ignore[misc]
    (line,) = lines("weekly", scope(resources={"weekly": unknown, "setup": setup}))
    assert line.lines == ("Hours a week are not known: 1 task has no hours yet", "10.25 hours to set up")
    (line,) = lines("weekly", scope(resources={"weekly": weekly | {"capacity": 0}}))
    assert not any("%" in words for words in line.lines)


def test_busy_weeks_are_counted_where_there_are_some() -> None:
    weekly = {"tasks": [{"id": "a", "hours": 10}], "pattern": "spike", "peak_hours": 20, "peak_weeks": 6}
    (line,) = lines("weekly", scope(resources={"weekly": weekly}))
    assert "320 hours over the cycle with your busy weeks" in line.lines
    (line,) = lines("weekly", scope(resources={"weekly": weekly | {"pattern": "steady"}}))
    assert not any("busy" in words for words in line.lines)


def test_set_up_hours_and_hours_freed_are_added_up() -> None:
    (line,) = lines(
        "setup", scope(resources={"setup": {"tasks": [{"id": "a", "hours": 0.1}, {"id": "b", "hours": 0.2}]}})
    )
    assert line.lines == ("0.3 hours in all",)
    work = [{"id": "a", "hours": 3}, {"id": "b", "hours": 1}]
    (line,) = lines("stopping", scope(resources={"stopping": {"work": work}}))
    assert line.lines == ("4 hours a week",)
    (line,) = lines("stopping", scope(resources={"stopping": {"work": [*work, {"id": "c"}]}}))
    assert line.lines == ("1 piece of work has no hours yet",)


def test_hours_for_each_stakeholder_are_shared_out_and_sum_to_the_plan() -> None:
    people = [{"id": "a", "name": "A", "size": 5200}, {"id": "b", "name": "B"}]
    items = [{"id": "i", "hours": 3, "stakeholders": ["a", "b"]}, {"id": "j", "hours": 2, "stakeholders": ["a"]}]
    found = scope(stakeholders={"stakeholders": {"stakeholders": people}}, content={"plan": {"items": items}})
    assert [(line.anchor, line.lines) for line in lines("proportion", found)] == [
        ("a", ("3.5 hours a week", "5,200 people")),
        ("b", ("1.5 hours a week", "size not given")),
    ]


def test_the_plan_is_set_beside_the_hours_set_aside_for_it() -> None:
    resources = {
        "weekly": {"tasks": [{"id": "a", "kind": "create", "hours": 4}, {"id": "b", "kind": "monitor", "hours": 9}]}
    }
    content = {"plan": {"items": [{"id": "i", "hours": 5, "per_week": 2}, {"id": "j", "hours": 1, "per_week": 0.5}]}}
    (line,) = lines("plan", scope(resources=resources, content=content))
    assert line.lines == (
        "2.5 a week to publish",
        "6 hours a week to make it",
        "4 hours a week set aside for finding, creating and publishing (question 9)",
    )


@pytest.mark.parametrize("question", STRATEGY.question)
def test_half_filled_rows_never_stop_a_page_from_adding_up(question: str) -> None:
    """A draft may hold rows with nothing but an id."""
    bare: dict[str, Any] = {}
    for each in STRATEGY.questions:
        answer: dict[str, Any] = {}
        for name, kind in each.form.base_fields.items():
            if isinstance(kind, RowsFor):
                answer[name] = [{kind.key: "stakeholders-0"}]
            elif isinstance(kind, Rows):
                answer[name] = [{"id": f"{each.key}-0"}, {"id": f"{each.key}-1"}]
        bare.setdefault(each.stage, {})[each.key] = answer
    review = Review(STRATEGY, scope(**bare))
    STRATEGY.question[question].computed(review.scope)
    assert review.section(question).blocks
    assert review.progress.answered <= 2
