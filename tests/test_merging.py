"""Two answers made one: what one side changed is taken from it, by row and field, and only a clash is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.reading import address, form_of, send, tree, words
from tests.test_access import address as place
from tests.world import World
from worksheets import saving
from worksheets.fields import Answer, Scope
from worksheets.merging import Merged, chosen, merge
from worksheets.models import Lookback, Revision, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
AIMS = STRATEGY.question["aims"].form
PEOPLE = STRATEGY.question["stakeholders"].form
WEEKLY = STRATEGY.question["weekly"].form
FORMATS = STRATEGY.question["formats"].form
DRIVERS = STRATEGY.question["drivers"].form


def aims(**rows: str) -> Answer:
    return {"aims": [{"id": key, "statement": text} for key, text in rows.items()]}


def people(*rows: dict[str, str]) -> Answer:
    return {"stakeholders": list(rows)}


def one(row: str, **fields: str) -> dict[str, str]:
    return {"id": row, **fields}


def keys(both: Merged) -> list[str]:
    return [clash.key for clash in both.clashes]


# As plain data.


def test_different_fields_of_one_row_merge() -> None:
    base = people(one("a", name="Midwives", influence="low", interest="low"))
    mine = people(one("a", name="Midwives", influence="high", interest="low"))
    theirs = people(one("a", name="Midwives", influence="low", interest="high"))
    both = merge(PEOPLE, base, mine, theirs, Scope())
    assert (both.answer, both.clashes, both.taken) == (
        people(one("a", name="Midwives", influence="high", interest="high")),
        [],
        True,
    )


def test_different_rows_merge_whoever_added_changed_or_removed_them() -> None:
    base = aims(a="One", b="Two", c="Three", d="Four")
    mine = aims(a="Mine", b="Two", d="Four", m="My new one")
    theirs = aims(a="One", b="Theirs", c="Three", t="Their new one")
    both = merge(AIMS, base, mine, theirs, Scope())
    assert both.answer == aims(a="Mine", b="Theirs", m="My new one", t="Their new one")
    assert not both.clashes


def test_only_the_same_field_is_asked_for_and_it_is_named() -> None:
    base = people(one("a", name="Midwives", influence="low", interest="low"))
    mine = people(one("a", name="Midwives", influence="high", interest="high"))
    theirs = people(one("a", name="Midwives", influence="medium", interest="low"))
    both = merge(PEOPLE, base, mine, theirs, Scope())
    assert keys(both) == ["stakeholders.a.influence"]
    assert both.clashes[0].title.startswith("Stakeholder “Midwives”, ")
    assert both.answer == mine


def test_the_same_change_on_both_sides_is_no_clash() -> None:
    both = merge(AIMS, aims(a="One"), aims(a="Same", b="Both"), aims(a="Same", b="Both"), Scope())
    assert (both.answer, both.clashes, both.taken) == (aims(a="Same", b="Both"), [], False)


@pytest.mark.parametrize(
    ("mine", "theirs", "suggested"),
    [(aims(b="Two"), aims(a="New", b="Two"), "theirs"), (aims(a="New"), aims(), "mine")],
)
def test_a_row_that_one_removed_and_the_other_changed_is_asked_for_whole(
    mine: Answer, theirs: Answer, suggested: str
) -> None:
    both = merge(AIMS, aims(a="One", b="Two"), mine, theirs, Scope())
    assert keys(both) == ["aims.a"]
    assert both.clashes[0].suggested == suggested


def test_a_row_that_one_removed_and_the_other_left_alone_goes() -> None:
    assert merge(AIMS, aims(a="One", b="Two"), aims(a="One"), aims(a="One", b="Two"), Scope()).answer == aims(a="One")
    assert merge(AIMS, aims(a="One", b="Two"), aims(a="One", b="Two"), aims(b="Two"), Scope()).answer == aims(b="Two")


@pytest.mark.parametrize(
    ("mine", "theirs", "order"),
    [
        ("cab", "abc", "cab"),
        ("abc", "cab", "cab"),
        ("abxc", "abcy", "abxcy"),
        ("xabc", "abc", "xabc"),
        ("abc", "cbay", "cbay"),
        ("bac", "acb", "bac"),
        ("abcm", "abct", "abcmt"),
    ],
)
def test_rows_keep_the_order_that_somebody_gave_them(mine: str, theirs: str, order: str) -> None:
    def rows(letters: str) -> Answer:
        return aims(**{letter: letter.upper() for letter in letters})

    both = merge(AIMS, rows("abc"), rows(mine), rows(theirs), Scope())
    assert not both.clashes
    found = "".join(str(row["id"]) for row in both.answer["aims"])  # type: ignore[union-attr,index,call-overload]
    assert set(found) == set(order)
    assert [letter for letter in found if letter in "abc"] == [letter for letter in order if letter in "abc"]


def test_when_it_is_not_known_what_both_began_with_all_that_differs_is_asked_for() -> None:
    mine, theirs = aims(a="One", b="Two", m="Mine"), aims(a="One", b="Zwei", t="Theirs")
    both = merge(AIMS, None, mine, theirs, Scope())
    assert keys(both) == ["aims.b.statement", "aims.m", "aims.t"] or set(keys(both)) == {
        "aims.b.statement", "aims.m", "aims.t",
    }  # fmt: skip
    both = merge(FORMATS, None, {"video": "not-now"}, {"video": "in-house", "supporting": ["blog"]}, Scope())
    assert [(clash.key, clash.suggested) for clash in both.clashes] == [("video", "mine"), ("supporting", "theirs")]


def test_fields_that_stand_alone_merge_too() -> None:
    both = merge(
        FORMATS, {"video": "not-now"}, {"video": "in-house"}, {"video": "not-now", "supporting": ["blog"]}, Scope()
    )
    assert (both.answer, both.clashes) == ({"video": "in-house", "supporting": ["blog"]}, [])


def test_cells_of_the_grid_merge_one_by_one() -> None:
    grid = STRATEGY.question["presence"].form
    (name, table) = next(iter(grid.kinds.items()))

    def line(**use: str) -> Answer:
        return {name: [{table.own_keys[0]: "s", "use": dict(use)}]}  # type: ignore[attr-defined]

    both = merge(grid, line(x="daily"), line(x="daily", facebook="weekly"), line(x="sometimes"), Scope())
    assert not both.clashes
    assert both.answer[name][0]["use"] == {"x": "sometimes", "facebook": "weekly"}  # type: ignore[index,call-overload]
    both = merge(grid, line(x="daily"), line(x="weekly"), line(x="sometimes"), Scope())
    assert keys(both) == [f"{name}.s.use"]


def test_a_row_for_a_row_that_one_emptied_is_asked_for_by_its_fields() -> None:
    form = STRATEGY.question["proportion"].form
    name = next(iter(form.kinds))
    base = {name: [{"stakeholder": "s", "warranted": "yes", "because": "Old"}]}
    theirs = {name: [{"stakeholder": "s", "warranted": "yes", "because": "New"}]}
    both = merge(form, base, {}, theirs, Scope())
    assert keys(both) == [f"{name}.s.because"]
    assert chosen(form, both.answer, theirs, {f"{name}.s.because": "theirs"}) == {
        name: [{"stakeholder": "s", "because": "New"}]
    }


def test_the_text_of_a_box_that_is_kept_keeps_its_tick() -> None:
    base = {"drivers": ["audience", "leadership"], "audience_evidence": "Old", "leadership_evidence": "L"}
    mine = {"drivers": ["leadership"], "leadership_evidence": "L"}
    theirs = {**base, "audience_evidence": "New"}
    both = merge(DRIVERS, base, mine, theirs, Scope())
    assert keys(both) == ["audience_evidence"]
    kept = chosen(DRIVERS, both.answer, theirs, {"audience_evidence": "theirs"})
    assert kept["audience_evidence"] == "New"
    assert "audience" in kept["drivers"]  # type: ignore[operator]
    assert chosen(DRIVERS, both.answer, theirs, {}) == mine


def test_what_was_chosen_is_taken_field_by_field() -> None:
    mine, theirs = aims(a="Mine", b="My b"), aims(a="Theirs", c="Their c")
    assert chosen(AIMS, mine, theirs, {}) == mine
    assert chosen(AIMS, mine, theirs, {"aims.a.statement": "theirs", "aims.c": "theirs", "aims.b": "theirs"}) == aims(
        a="Theirs", c="Their c"
    )
    assert chosen(AIMS, mine, theirs, {"x": "theirs", "aims.x": "theirs", "aims.a.x": "theirs", "": ""}) == mine


# What belongs to a choice: it is asked for together with the choice, so that neither drops what the other wrote.

STEADY: Answer = {"pattern": "steady"}
BUSY: Answer = {"pattern": "peaks", "peak_hours": 40, "peak_weeks": 3}
BUSIER: Answer = {**BUSY, "peak_weeks": 5}


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        (BUSY, STEADY, BUSIER),
        (BUSY, BUSIER, STEADY),
        ({"pattern": "peaks"}, STEADY, BUSY),
        ({}, STEADY, BUSY),
        (BUSY, STEADY, {**BUSY, "pattern": "spike"}),
    ],
)
def test_a_choice_that_would_drop_what_the_other_wrote_is_asked_for_with_it(
    base: Answer, mine: Answer, theirs: Answer
) -> None:
    both = merge(WEEKLY, base, mine, theirs, Scope())
    assert keys(both) == ["pattern"]
    assert [len(side) for side in (both.clashes[0].mine, both.clashes[0].theirs)] == [len(mine), len(theirs)]
    assert both.clashes[0].suggested == ("mine" if len(mine) > len(theirs) else "theirs")
    assert chosen(WEEKLY, both.answer, theirs, {}) == mine
    assert chosen(WEEKLY, both.answer, theirs, {"pattern": "theirs"}) == theirs


def test_a_choice_under_which_nothing_was_written_meanwhile_is_taken_without_asking() -> None:
    both = merge(WEEKLY, BUSY, {**BUSY, "capacity": 24}, STEADY, Scope())
    assert (both.answer, both.clashes, both.taken) == ({"capacity": 24, **STEADY}, [], True)
    both = merge(WEEKLY, BUSY, {**BUSY, "pattern": "spike"}, BUSIER, Scope())
    assert (both.answer, both.clashes) == ({**BUSIER, "pattern": "spike"}, [])


def test_no_sign_off_against_a_new_step_is_asked_for_with_all_the_steps() -> None:
    form = STRATEGY.question["signoff"].form
    step = {"id": "a", "role": "Midwife", "what": "Facts"}
    base: Answer = {"needed": "yes", "steps": [step]}
    mine: Answer = {"needed": "no", "because": "We are three."}
    theirs: Answer = {"needed": "yes", "steps": [step, {"id": "b", "role": "Press officer", "what": "Tone"}]}
    both = merge(form, base, mine, theirs, Scope())
    assert keys(both) == ["needed"]
    assert chosen(form, both.answer, theirs, {}) == mine
    assert chosen(form, both.answer, theirs, {"needed": "theirs"}) == {**theirs, "because": "We are three."}


def test_platforms_ticked_while_somebody_says_that_they_use_none_are_asked_for_in_that_row() -> None:
    form = STRATEGY.question["presence"].form

    def row(**fields: Any) -> Answer:
        return {"presence": [{"stakeholder": "s", **fields}]}

    base = row(where="some", use={"x": "daily"}, sources=["ofcom"])
    mine = row(where="none", sources=["ofcom"])
    theirs = row(where="some", use={"x": "daily", "facebook": "yes"}, sources=["ofcom"])
    both = merge(form, base, mine, theirs, Scope(platforms={"x": "X", "facebook": "Facebook"}))
    assert keys(both) == ["presence.s.where"]
    assert chosen(form, both.answer, theirs, {}) == mine
    assert chosen(form, both.answer, theirs, {"presence.s.where": "theirs"}) == theirs


def test_a_text_written_in_a_box_that_somebody_unticked_is_asked_for() -> None:
    ticked: Answer = {"drivers": ["audience", "leadership"]}
    written: Answer = {**ticked, "audience_evidence": "Figures"}
    unticked: Answer = {"drivers": ["leadership"]}
    for mine, theirs in ((written, unticked), (unticked, written)):
        both = merge(DRIVERS, ticked, mine, theirs, Scope())
        assert keys(both) == ["audience_evidence"]
        whose = {"audience_evidence": "theirs"} if theirs is written else {}
        kept = chosen(DRIVERS, both.answer, theirs, whose)
        assert kept["audience_evidence"] == "Figures"
        assert set(kept["drivers"]) == {"audience", "leadership"}  # type: ignore[arg-type]


# On the page.


@pytest.fixture
def lena(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def stored(world: World, question: str) -> Any:
    return Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage).answers.get(question)


def colin_saves(world: World, question: str, answer: Answer) -> None:
    worksheet = Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage)
    saving.save_answer(worksheet, question, answer, user=world.contributor)


MIDWIVES = one("a", name="Midwives", influence="low", interest="low")


def test_two_people_in_one_row_are_both_kept_and_the_next_page_says_so(world: World, lena: Client) -> None:
    url = address(world, "stakeholders")
    colin_saves(world, "stakeholders", people(MIDWIVES))
    page = lena.get(url)
    colin_saves(world, "stakeholders", people(MIDWIVES | {"interest": "high"}))
    answer = send(lena, url, page=page, stakeholders__0__influence="high")
    assert answer.status_code == 302
    (row,) = stored(world, "stakeholders")["stakeholders"]
    assert (row["influence"], row["interest"]) == ("high", "high")
    assert Revision.objects.first().saved_by == world.lead  # type: ignore[union-attr]
    told = words(lena.get(answer["Location"]))
    assert "Merged with what Colin Contributor saved at " in told
    assert "Merged with" not in words(lena.get(answer["Location"]))


@pytest.mark.parametrize("do", ["list", "back", "add:stakeholders", "stay:stakeholders:a"])
def test_every_button_merges_and_goes_where_it_leads(world: World, lena: Client, do: str) -> None:
    url = address(world, "stakeholders")
    colin_saves(world, "stakeholders", people(MIDWIVES))
    page = lena.get(url)
    colin_saves(world, "stakeholders", people(MIDWIVES, one("b", name="Parents")))
    answer = send(lena, url, do, page=page, stakeholders__0__influence="high")
    assert answer.status_code == 302
    assert "Merged with what" in words(lena.get(answer["Location"]))
    assert [row["id"] for row in stored(world, "stakeholders")["stakeholders"]] == ["a", "b"]
    if do.startswith("add"):
        names = [name for name in form_of(lena.get(answer["Location"])) if name.endswith("-name")]
        assert len(names) == 3


def test_only_the_clash_of_a_page_is_asked_for_and_all_else_is_kept(world: World, lena: Client) -> None:
    url = address(world, "stakeholders")
    colin_saves(world, "stakeholders", people(MIDWIVES))
    page = lena.get(url)
    colin_saves(
        world, "stakeholders", people(MIDWIVES | {"interest": "high", "influence": "medium"}, one("b", name="Parents"))
    )
    clash = send(lena, url, page=page, stakeholders__0__influence="high")
    assert clash.status_code == 409
    assert [name for name in form_of(clash) if name.startswith("keep-")] == ["keep-stakeholders.a.influence"]
    legends = [legend.text_content().strip() for legend in tree(clash).xpath("//legend")]
    assert legends[0].startswith("Which one do you want: Stakeholder “Midwives”, ")
    assert send(lena, url, "resolve", page=clash).status_code == 302
    rows = stored(world, "stakeholders")["stakeholders"]
    assert (rows[0]["influence"], rows[0]["interest"], rows[1]["name"]) == ("high", "high", "Parents")


def test_what_both_make_is_shown_when_it_cannot_be_saved(world: World, lena: Client) -> None:
    """Each added as many rows as there may be: nothing is cut off."""
    url, most = address(world, "aims"), AIMS.kinds["aims"].most  # type: ignore[attr-defined]
    page = lena.get(url)
    colin_saves(world, "aims", aims(**{f"t-{n}": f"Their aim {n}" for n in range(most)}))
    mine = {
        f"aims-{n}-{part}": text for n in range(most) for part, text in (("id", f"m-{n}"), ("statement", f"Aim {n}"))
    }
    full = lena.post(url, form_of(page) | mine | {"do": "save"})
    assert full.status_code == 400
    assert "It is not saved yet" in words(full)
    sent = form_of(full)
    assert len([name for name in sent if name.endswith("-statement")]) == 2 * most
    fewer = {
        name: value for name, value in sent.items() if not name.startswith("aims-") or int(name.split("-")[1]) < most
    }
    assert lena.post(url, fewer | {"do": "save"}).status_code == 302
    assert len(stored(world, "aims")["aims"]) == most


def test_a_page_whose_beginning_is_not_known_asks_for_everything(world: World, lena: Client) -> None:
    url = address(world, "aims")
    world.fill(drivers={"aims": aims(a="One", b="Two")})
    page = lena.get(url)
    world.fill(drivers={"aims": aims(a="Colin's", b="Two")})
    clash = send(lena, url, page=page, aims__1__statement="Lena's")
    asked = {name for name in form_of(clash) if name.startswith("keep-")}
    assert asked == {"keep-aims.a.statement", "keep-aims.b.statement"}
    both = {"keep__aims.a.statement": "theirs", "keep__aims.b.statement": "mine"}
    assert send(lena, url, "resolve", page=clash, **both).status_code == 302
    assert stored(world, "aims") == aims(a="Colin's", b="Lena's")


# Looking back, of which no history is kept.


def test_two_people_who_look_back_at_once_are_both_kept(world: World, lena: Client, signed_in: SignIn) -> None:
    url, colin = place("look-back-at", world), signed_in(world.contributor)
    send(lena, url, actual="80%", lesson="Early")
    page = lena.get(url)
    send(colin, url, so_what="Parents found it")
    answer = send(lena, url, page=page, actual="82%")
    assert answer.status_code == 302
    assert Lookback.objects.get().answers == {"actual": "82%", "so_what": "Parents found it", "lesson": "Early"}
    assert "Merged with what Colin Contributor saved" in words(lena.get(answer["Location"]))
    clash = send(lena, url, page=page, so_what="Lena's view", lesson="Late")
    assert [name for name in form_of(clash) if name.startswith("keep-")] == ["keep-so_what"]
    assert tree(clash).xpath("//title")[0].text.startswith("Not saved yet")
    send(colin, url, decision="keep")
    assert send(lena, url, "resolve", page=clash).status_code == 302
    assert Lookback.objects.get().answers == {
        "actual": "82%", "so_what": "Lena's view", "lesson": "Late", "decision": "keep",
    }  # fmt: skip


@pytest.mark.parametrize("was", ["", "{", "[]", "7", "{}", '{"actual": "other"}', "[" * 50_000])
def test_a_page_that_does_not_tell_what_it_had_shown_asks_for_everything(
    world: World, lena: Client, signed_in: SignIn, was: str
) -> None:
    url = place("look-back-at", world)
    send(lena, url, actual="80%")
    page = lena.get(url)
    send(signed_in(world.contributor), url, actual="81%")
    clash = send(lena, url, page=page, lesson="Early", was=was)
    assert clash.status_code == 409
    assert {name for name in form_of(clash) if name.startswith("keep-")} == {"keep-actual", "keep-lesson"}
    assert json.loads(form_of(clash)["mine"][0]) == {"actual": "80%", "lesson": "Early"}


def test_busy_weeks_written_while_somebody_said_steady_are_shown_and_kept(world: World, lena: Client) -> None:
    url = address(world, "weekly")
    tasks = {"tasks": [{"id": "task-a", "task": "Answer", "kind": "respond", "hours": 5}]}
    colin_saves(world, "weekly", {**tasks, "pattern": "peaks"})
    page = lena.get(url)
    colin_saves(world, "weekly", {**tasks, **STEADY})
    asked = send(lena, url, page=page, peak_weeks="6", peak_hours="40")
    assert asked.status_code == 409
    assert "Busy weeks" in words(asked)
    assert "Steady: about the same every week" in words(asked)
    assert form_of(asked)["keep-pattern"] == ["mine"]
    assert send(lena, url, "resolve", page=asked).status_code == 302
    assert stored(world, "weekly") == {**tasks, "pattern": "peaks", "peak_weeks": 6, "peak_hours": 40}
