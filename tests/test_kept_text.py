"""What somebody typed and could not save is shown to them again, with the labels of the page, whatever came between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.reading import address, tree, words, written
from tests.test_access import address as place
from tests.test_access_bodies import complete, signed_off, submitted
from tests.world import World
from worksheets import saving
from worksheets.following.starting import start_next
from worksheets.models import Comment, Cycle, Event, Lookback, Membership, Organisation, Reason, Result, User, Worksheet

SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
ON = {"on-day": "2", "on-month": "11", "on-year": "2026"}
# What no page ever shows of a form, whatever stands in it.
MACHINE = {"do": "save", "seen": "S33N", "version": "S33N", "sure": "S33N", "instead": "S33N", "submission": "S33N"}

# The forms of the toolkit: what is typed, and under which labels it is shown again.
TYPED: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "question": (
        {"aims-0-id": "a-1", "aims-0-statement": "Answer parents", "aims-1-id": "a-2", "aims-1-statement": "Listen"},
        {"Aim 1, the aim, in one sentence": "Answer parents", "Aim 2, the aim, in one sentence": "Listen"},
    ),
    "look-back-at": (
        {"actual": "82%", "met": "yes", "outside-0-id": "e-1", "outside-0-text": "A strike", "so_what": "Well"},
        {
            "What is the figure now?": "82%",
            "Was the target met?": "Yes",
            "Event 1, what happened?": "A strike",
            "So what?": "Well",
        },
    ),
    "comments-on": ({"text": "Is this right?", "do": "comment"}, {"Comment": "Is this right?"}),
    "points": ({"point": "x|y", "text": "It is the law"}, {"Your reason": "It is the law"}),
    "submit": ({"note": "Ready", "do": "submit"}, {"Note": "Ready"}),
    "measure": (
        {"value": "12", "note": "Counted", **ON},
        {"Figure": "12", "Which day is it for?": "2 11 2026", "Note": "Counted"},
    ),
    "figure-change": ({"value": "13", "note": "Counted"}, {"Figure": "13", "Note": "Counted"}),
    "event-add": ({"text": "A strike", **ON}, {"What happened?": "A strike", "When was it?": "2 11 2026"}),
    "event-change": ({"text": "A strike"}, {"What happened?": "A strike"}),
    "cycle-edit": ({"name": "Winter"}, {"Name": "Winter"}),
    "cycle-start": ({"name": "Winter", "starts-day": "1"}, {"Name": "Winter", "Start date": "1"}),
    "next": ({"name": "Winter", "begin": "empty"}, {"Name": "Winter"}),
    "person-add": ({"email": "new@example.org", "name": "Nell"}, {"Email address": "new@example.org"}),
    "conclusion": ({"because": "Nobody is there"}, {}),
    "decide": ({"note": "Say more", "do": "send-back"}, {"Note": "Say more"}),
    "policy-clause": (
        {"choice": "changed", "words": "We listen.", "because": "Nobody is there"},
        {"What do you do with this clause?": "Change its words", "Your words": "We listen."},
    ),
    "policy-control": (
        {"approver": "The board", "who_legal": "Trust solicitor", "day_legal-day": "3"},
        {"Who approves it": "The board", "Legal adviser: who read it?": "Trust solicitor", "Legal adviser: when?": "3"},
    ),
    "policy-decide": ({"note": "Say more", "do": "send-back"}, {"Note": "Say more"}),
}


def boxes(page: HttpResponse) -> dict[str, str]:
    """The boxes in which a page shows what was typed: their texts by their labels."""
    document = tree(page)
    return {
        document.xpath("//label[@for=$id]", id=box.get("id"))[0].text_content().strip(): (
            box.text_content().removeprefix("\n")
        )
        for box in document.xpath("//textarea[@readonly]")
    }


def assert_shown(page: HttpResponse, name: str) -> None:
    typed, labels = TYPED[name]
    assert set(labels.items()) <= set(boxes(page).items()), boxes(page)
    assert "because" not in typed or "Nobody is there" in boxes(page).values()
    assert "S33N" not in written(page)
    assert not {"Do", "Seen", "Version", "Point"} & set(boxes(page))


# 404 and 403.


@pytest.mark.parametrize("name", TYPED)
def test_whoever_was_removed_from_the_organisation_gets_their_text(world: World, signed_in: SignIn, name: str) -> None:
    url, client = place(name, world), signed_in(world.lead)
    Membership.objects.filter(user=world.lead).delete()
    page = client.post(url, MACHINE | TYPED[name][0])
    assert page.status_code == 404
    assert "was not saved" in words(page)
    assert_shown(page, name)


@pytest.mark.parametrize("name", sorted(set(TYPED) - {"comments-on", "decide", "policy-decide"}))
def test_whoever_lost_their_role_gets_their_text(world: World, signed_in: SignIn, name: str) -> None:
    url, client = place(name, world), signed_in(world.contributor)
    Membership.objects.filter(user=world.contributor).update(role="manager")
    page = client.post(url, MACHINE | TYPED[name][0])
    assert page.status_code == 403
    assert_shown(page, name)


@pytest.mark.parametrize("name", ["measure", "figure-change", "event-change", "look-back-at", "comments-on"])
def test_what_is_gone_meanwhile_is_told_with_what_was_typed(world: World, signed_in: SignIn, name: str) -> None:
    url, client = place(name, world), signed_in(world.lead)
    typed = dict(TYPED[name][0])
    if name == "comments-on":
        typed["do"] = "reply:4711"
    Result.objects.all().delete()
    Event.objects.all().delete()
    Worksheet.objects.filter(stage="evaluation").update(answers={})
    page = client.post(url, MACHINE | typed)
    assert page.status_code == 404
    assert_shown(page, name)


def test_an_organisation_that_is_gone_leaves_the_text(world: World, signed_in: SignIn) -> None:
    client, url = signed_in(world.lead), address(world, "aims")
    Organisation.objects.filter(pk=world.anywhere.pk).delete()
    assert_shown(client.post(url, TYPED["question"][0]), "question")


@pytest.mark.parametrize("name", ["question", "comments-on", "event-add"])
def test_whoever_is_switched_off_gets_their_text(world: World, signed_in: SignIn, name: str) -> None:
    url, client = place(name, world), signed_in(world.lead)
    User.objects.filter(pk=world.lead.pk).update(is_active=False)
    page = client.post(url, MACHINE | TYPED[name][0])
    assert page.status_code == 403
    assert_shown(page, name)


def test_choices_dates_and_cells_are_told_in_the_words_of_the_page(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.nobody)
    page = client.post(
        address(world, "stakeholders"),
        {
            "stakeholders-0-id": "s-1",
            "stakeholders-0-name": "Midwives",
            "stakeholders-1-id": "s-2",
            "stakeholders-1-name": "Parents",
            "stakeholders-1-influence": "high",
        },
    )
    told = boxes(page)
    assert "Midwives" in told.values()
    assert any(label.startswith("Stakeholder 2, ") and text == "High" for label, text in told.items())
    assert "s-1" not in told.values()


def test_a_conflict_that_cannot_be_settled_any_more_is_told_field_by_field(world: World, signed_in: SignIn) -> None:
    mine = '{"aims": [{"id": "a-1", "statement": "Mine"}]}'
    page = signed_in(world.nobody).post(
        address(world, "aims"), {"do": "resolve", "mine": mine, "keep-aims.a-1": "mine"}
    )
    assert boxes(page) == {"Aim 1, the aim, in one sentence": "Mine"}
    for broken in ("{", "[]", "7", '{"aims": 1}', "[" * 50_000):
        assert signed_in(world.nobody).post(address(world, "aims"), {"mine": broken}).status_code == 404


def test_in_the_administration_a_text_is_told_by_the_words_of_its_model(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.admin).post(
        "/admin/worksheets/platform/4711/change/",
        {
            "name": "A platform",
            "figures-0-text": "<b>Half</b> of all",
            "figures-0-id": "S33N",
            "figures-TOTAL_FORMS": "7",
            "_save": "Save",
        },
    )
    assert page.status_code in (302, 404)
    cut = signed_in(world.admin).post(
        "/admin/worksheets/platform/add/", {"form-start": "x", "name": "A platform", "figures-0-text": "<b>Half</b>"}
    )
    assert boxes(cut) == {"Name": "A platform", "Platform figure 1, figure, in words": "<b>Half</b>"}


def test_nothing_typed_shows_no_boxes(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.nobody).post(address(world, "aims"), {"do": "save", "seen": "x", "aims-0-id": "a"})
    assert page.status_code == 404
    assert not boxes(page)
    assert "What you typed" not in words(page)


# Redirects, and pages that say that it is too late.


def test_a_reason_for_a_point_that_is_gone_is_shown(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    page = lena.post(f"{REVIEW}points/", {"point": "gone|x", "text": "It is the law", "seen": ""})
    assert page.status_code == 409
    assert boxes(page) == {"Your reason": "It is the law"}
    assert not Reason.objects.exists()
    for nothing in ({"text": " "}, {"text": ""}, {}):
        assert lena.post(f"{REVIEW}points/", {"point": "gone|x", **nothing}).status_code == 302


def test_the_details_of_a_review_that_somebody_else_started_are_shown(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    start_next(world.cycle, "Spring 2027", world.cycle.ends, world.cycle.ends.replace(year=2028), world.lead)
    page = lena.post(f"{REVIEW}next/", {"name": "Our own name", "begin": "carried"})
    assert page.status_code == 409
    assert boxes(page)["Name"] == "Our own name"
    assert "What you typed" not in words(lena.get(f"{REVIEW}next/"))


@pytest.mark.parametrize(
    ("at", "sent", "first", "label"),
    [
        ("submit", {"note": "Two\nlines", "do": "submit"}, submitted, "Note"),
        ("conclusion", {"because": "Two\nlines", "seen": ""}, None, ""),
        ("comments/aims", {"text": "Two\nlines"}, None, "Comment"),
    ],
)
def test_what_came_too_late_is_shown_by_its_label(
    world: World, signed_in: SignIn, monkeypatch: Any, at: str, sent: dict[str, str], first: Any, label: str
) -> None:
    if first:
        first(world)

    def late(*_args: Any, **_kwargs: Any) -> None:
        raise saving.TooLate(Cycle.objects.select_related("organisation").get(pk=world.cycle.pk))

    for name in ("worksheets.signoff.talk.touch", "worksheets.signoff.decisions.touch"):
        monkeypatch.setattr(name, late)
    page = signed_in(world.lead).post(f"{REVIEW}{at}/", sent)
    assert page.status_code == 409
    shown = boxes(page)
    assert "Two\nlines" in shown.values()
    assert not label or label in shown


def test_a_manager_whose_review_was_withdrawn_keeps_the_note(world: World, signed_in: SignIn) -> None:
    complete(world)
    page = signed_in(world.manager).post(f"{REVIEW}decide/", {"do": "send-back", "note": "Say more", "submission": "1"})
    assert page.status_code == 409
    assert boxes(page) == {"Note": "Say more"}


def test_nothing_of_all_this_is_stored(world: World, signed_in: SignIn) -> None:
    signed_off(world)
    for name, (typed, _labels) in TYPED.items():
        signed_in(world.nobody).post(place(name, world), typed)
    assert not Comment.objects.exists()
    assert not Lookback.objects.exists()
    assert not User.objects.filter(email="new@example.org").exists()
