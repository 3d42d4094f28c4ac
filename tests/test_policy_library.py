"""The library of clauses: what ships, how gaps are filled from the facts, and what administrators may make of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.reading import words
from tests.world import PLATFORMS, World
from worksheets import ageing, proofreading, texts
from worksheets.admin import tasks
from worksheets.admin.guidance import in_words, keys, place_of
from worksheets.fields import Scope
from worksheets.models import Guidance, User
from worksheets.policies import facts, library
from worksheets.policies.facts import HOLE, HOLES, Facts
from worksheets.policies.library import DOCUMENTS, read, text_key, wording
from worksheets.workbooks.policy_facts import POLICY_FACTS

SignIn = Callable[[User], Client]
CLAUSES = [(document.key, clause.key) for document in DOCUMENTS.values() for clause in document.clauses]
SHIPPED = {key: text for key, text in texts.shipped().items() if key.startswith("clauses/")}
GOOD = (
    "# When we are here\n\nWe are here {hours_watched}:\n\n- on good days\n- on bad days\n\n## Why it is here\n\nX.\n"
)


def full() -> dict[str, Any]:
    """The answers of the sample, in which every question is answered."""
    assert POLICY_FACTS.sample
    answers: dict[str, Any] = json.loads(POLICY_FACTS.sample.read_text(encoding="utf-8"))["worksheets"]
    return answers


def scope_of(answers: Any) -> Scope:
    return Scope(answers=answers, organisation="NHS Anywhere", platforms=PLATFORMS)


def changed(question: str, **fields: Any) -> Scope:
    """The full facts with some fields of a question changed; None takes one out."""
    answers = full()
    answer = answers["facts"][question] | fields
    answers["facts"][question] = {name: value for name, value in answer.items() if value is not None}
    return scope_of(answers)


# What ships


def test_there_are_seven_documents_in_their_order() -> None:
    order = ["staff-policy", "personal-use", "house-rules", "moderation", "sign-off", "accounts", "crisis"]
    assert list(DOCUMENTS) == order
    assert [key for key, document in DOCUMENTS.items() if document.public] == ["house-rules"]
    assert [key for key, document in DOCUMENTS.items() if document.on_a_page] == ["personal-use"]
    assert all(document.readers and document.purpose for document in DOCUMENTS.values())
    assert len({document.short for document in DOCUMENTS.values()}) == len(DOCUMENTS)


def test_every_clause_has_its_text_and_every_text_its_clause() -> None:
    assert set(SHIPPED) == {text_key(*one) for one in CLAUSES} == set(library.keys())
    assert len(CLAUSES) == len(set(CLAUSES))


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_what_ships_is_a_clause_as_an_administrator_would_have_to_write_it(key: str) -> None:
    assert library.faults(SHIPPED[key]) == []
    assert proofreading.faults(SHIPPED[key]) == []
    assert texts.tidy(SHIPPED[key]) == SHIPPED[key]


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_each_says_why_it_is_here_with_a_source_and_year_or_that_no_source_says_it(key: str) -> None:
    why = read(SHIPPED[key]).why
    assert ageing.DATED.search(why) or re.search(r"\(.*(?:19|20)\d\d.*\)", why) or "own judgement" in why


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_the_words_are_short_plain_and_address_people(key: str) -> None:
    said = read(SHIPPED[key])
    assert len(said.words.split()) < 200
    assert len(said.heading) < 60
    assert "!" not in said.words
    assert not re.search(r"\bplease\b|\bmust not\b|\bshall\b|\butilise\b|\bsection \d", said.words, re.IGNORECASE)


def test_the_house_rules_can_be_read_by_a_child_of_nine() -> None:
    """Short sentences of short words: no more than nine of a hundred words have three syllables or more."""
    said = " ".join(re.sub(HOLE, "today", wording(texts.as_shipped(), "house-rules", key).words) for key in rules())
    sentences = [one.split() for one in re.split(r"(?<=[.?:])\s+|\n", said) if one.split()]
    found = [word for sentence in sentences for word in sentence]
    assert len(found) / len(sentences) < 11
    long = [word for word in found if len(re.findall(r"[aeiouy]+", re.sub(r"e?s?$", "", word.lower()))) > 2]
    assert len(long) / len(found) < 0.09, long


def rules() -> list[str]:
    return [clause.key for clause in DOCUMENTS["house-rules"].clauses]


def test_the_staff_policy_begins_with_what_people_may_do() -> None:
    first = [clause.key for clause in DOCUMENTS["staff-policy"].clauses][:2]
    assert first == ["why", "scope"]
    assert "yes" in wording(texts.as_shipped(), "staff-policy", "why").words


def test_sign_off_has_a_procedure_and_the_decision_that_none_is_needed_with_its_risk() -> None:
    optional = [clause.key for clause in DOCUMENTS["sign-off"].clauses if clause.optional]
    assert optional == ["none"]
    assert "{signoff_steps}" in wording(texts.as_shipped(), "sign-off", "steps").words
    none = wording(texts.as_shipped(), "sign-off", "none").words
    assert "{signoff_because}" in none
    assert "What can go wrong" in none


def test_the_first_hour_fits_on_one_card() -> None:
    words_of = wording(texts.as_shipped(), "crisis", "first-hour").words
    assert len(words_of.splitlines()) < 14
    assert "Never: names" in words_of


# Gaps


def test_every_gap_in_the_library_is_one_that_there_is_and_none_is_never_used() -> None:
    used = {hole for text in SHIPPED.values() for hole in HOLE.findall(text)}
    assert used == set(HOLES)


@pytest.mark.parametrize(("document", "clause"), CLAUSES)
def test_full_facts_leave_no_gap_in_any_clause(document: str, clause: str) -> None:
    filled = Facts.of(scope_of(full())).fill(wording(texts.as_shipped(), document, clause).words)
    # The sample signs posts off, and says why: what it would say if it did not is there as well.
    assert filled.missing == ()
    assert "{" not in filled.words
    assert "not known yet" not in filled.words
    assert ".." not in filled.words


def test_without_facts_every_gap_says_what_is_not_known_yet() -> None:
    filled = Facts.of(None).fill("Somebody reads it {hours_watched}. Ask {lead}, or {lead}.")
    assert filled.words.startswith("Somebody reads it [when somebody watches: not known yet]. Ask [who answers")
    assert filled.missing == ("when somebody watches", "who answers for social media")


def test_a_list_in_a_line_of_its_own_becomes_a_list_and_is_joined_elsewhere() -> None:
    known = Facts({"partners": ("Council", "Police"), "lead": "Ada"})
    assert known.fill("We agree with:\n\n{partners}\n\nThen {lead}.").words == (
        "We agree with:\n\n- Council\n- Police\n\nThen Ada."
    )
    assert known.fill("We agree with {partners}.").words == "We agree with Council, Police."
    assert known.fill("Before:\n{partners}\nAfter").words == "Before:\n\n- Council\n- Police\n\nAfter"


def test_a_full_stop_stands_once_and_braces_that_somebody_typed_are_no_gap() -> None:
    known = Facts({"appeal": "Write to {lead}.", "lead": "Ada"})
    assert known.fill("{appeal}. Then ask {lead}.").words == "Write to {lead}. Then ask Ada."
    assert known.fill("{appeal}").words == "Write to {lead}."
    assert known.fill("{appeal}").missing == ()


def test_a_text_of_several_lines_stays_one_sentence_within_one() -> None:
    known = Facts({"nights": "We rest.\n\nWe read it later."})
    assert known.fill("At night: {nights}").words == "At night: We rest. We read it later."
    assert known.fill("{nights}").words == "We rest.\n\nWe read it later."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"hours": "From 9am to 5pm on weekdays."}, "from 9am to 5pm on weekdays"),
        ({"hours": "Monday to Friday"}, "Monday to Friday"),
        ({"hours": None, "watched": "office-hours"}, "on weekdays, in office hours"),
        ({"hours": None, "watched": "always"}, "at all times, at night and at weekends too"),
        ({"hours": None, "watched": "nobody"}, None),
        ({"hours": "from 9 to 5", "watched": "nobody"}, None),
        ({"watched": None}, None),
    ],
)
def test_when_somebody_watches_is_said_in_the_teams_words_or_ours(fields: dict[str, Any], said: str | None) -> None:
    assert Facts.of(changed("watching", **fields)).known.get("hours_watched") == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "within 1 hour"), (7.5, "within 7.5 hours"), (48, "within 48 hours"), (72, "within 3 days"), (0, None)],
)
def test_how_soon_people_hear_back_is_said_in_hours_or_days(hours: float, said: str | None) -> None:
    assert Facts.of(changed("watching", reply_within=hours)).known.get("reply_time") == said


def test_rows_become_lines_that_people_can_read() -> None:
    known = Facts.of(scope_of(full())).known
    assert known["accounts"][0] == "Facebook, NHSAnywhere: Digital communications manager, or Campaigns officer"
    assert known["signoff_steps"][0] == (
        "Midwife on rota, or Second midwife on rota: checks clinical accuracy, within 4 hours"
    )
    assert known["risks"][2] == "A single person answers everything and leaves. Five trained people and a shared log."
    assert known["partners"][0] == "Anywhere Council press office"
    assert known["appeal_time"] == "within 10 working days"


def test_steps_are_not_told_where_nobody_signs_off() -> None:
    known = Facts.of(changed("clearance", signs_off="no")).known
    assert "signoff_steps" not in known
    assert known["signoff_because"]


def test_what_other_rooms_ask_of_the_facts() -> None:
    scope = scope_of(full())
    assert (facts.watched(scope), facts.reply_hours(scope), facts.signs_off(scope)) == ("extended", 24, True)
    assert facts.people_named(scope)[:2] == ["Head of communications", "Digital communications manager"]
    assert "Second midwife on rota" in facts.people_named(scope)
    assert len(set(facts.people_named(scope))) == len(facts.people_named(scope))
    nothing = Scope()
    assert (facts.watched(nothing), facts.reply_hours(nothing), facts.signs_off(nothing)) == ("", None, None)
    assert facts.people_named(nothing) == []


def test_what_fills_the_gaps_is_what_the_workbook_asks() -> None:
    asked = POLICY_FACTS.stage["facts"]
    kinds = {question.key: question.form.kinds for question in asked.questions}
    for question, name in [*facts.TYPED.values(), *facts.LISTED.values()]:
        assert name in kinds[question]
    for table in (facts.ACCOUNTS, facts.STEPS, facts.RISKS):
        assert table.field in kinds[table.question]
    assert POLICY_FACTS.key == facts.WORKBOOK


# In the administration


@pytest.fixture
def ada(world: World, signed_in: SignIn) -> Client:
    """The administrator's browser."""
    return signed_in(world.admin)


def row(key: str) -> Guidance:
    return Guidance.objects.get(key=key)


def form_of(key: str) -> str:
    return reverse("admin:worksheets_guidance_change", args=[row(key).pk])


HOURS = "clauses/house-rules.hours"


def test_every_clause_has_a_row_once_the_database_is_migrated(db: None) -> None:
    there = Guidance.objects.filter(key__startswith="clauses/")
    assert set(there.values_list("key", flat=True)) == set(SHIPPED)
    assert set(there.values_list("text", flat=True)) == {""}


def test_clauses_are_listed_by_document_and_heading_behind_the_pages(ada: Client) -> None:
    assert in_words(HOURS) == "Policy, house rules: When we are here"
    assert in_words("clauses/house-rules.gone") == "clauses/house-rules.gone (not shown any more)"
    assert in_words("clauses/gone.hours") == "clauses/gone.hours (not shown any more)"
    page = words(ada.get(reverse("admin:worksheets_guidance_changelist")))
    places = [page.index(one) for one in ("Page: About", "Policy, staff policy: Why we have", "Policy, house rules: ")]
    assert places == sorted(places)
    assert "Policy, crisis: The first hour" in page
    assert keys()[-len(SHIPPED) :] == library.keys()
    found = words(ada.get(reverse("admin:worksheets_guidance_changelist"), {"q": "holding lines"}))
    assert "Policy, crisis: Holding lines" in found
    assert "Policy, house rules: When" not in found


def test_a_clause_is_reworded_previewed_kept_in_its_history_and_brought_back(ada: Client, world: World) -> None:
    new = GOOD.replace("We are here", "You find us here")
    preview = ada.post(form_of(HOURS), {"text": new, "_preview": "Preview"})
    said = words(preview)
    assert "You find us here [when somebody watches]:" in said
    assert "Why it is here" in said
    assert row(HOURS).text == ""
    ada.post(form_of(HOURS), {"text": new.replace("\n", "\r\n")})
    assert row(HOURS).text == new
    assert wording(texts.current(), "house-rules", "hours").words.startswith("You find us here {hours_watched}:")
    assert row(HOURS).history.first().history_user == world.admin
    back = reverse("admin:guidance-default", args=[row(HOURS).pk])
    assert "Somebody reads what you write [when somebody watches]." in words(ada.get(back))
    ada.post(back)
    assert wording(texts.current(), "house-rules", "hours") == wording(texts.as_shipped(), "house-rules", "hours")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("# When we are here\n", ""), "Begin with the heading of the clause"),
        (GOOD.replace("{hours_watched}", "{hours_wached} and {Lead}"), "Take out {hours_wached} and {Lead}"),
        (GOOD.replace("# When we", "# When {lead}"), "Take the gap out of the heading."),
        (GOOD.replace("- on good", "1. one\n\n- on good"), "Take out a numbered list."),
        (GOOD.replace("We are", "We **are**"), "Take out bold or slanted words."),
        (GOOD.replace("We are", "[We](https://example.org) are"), "Take out a link."),
        (GOOD.replace("We are", "## More\n\nWe are"), "Take out a second heading."),
        (GOOD.replace("- on bad", "    - on bad"), "Take out a list within a list."),
        (GOOD.replace("We are", "> We are"), "Take out a quotation."),
        (GOOD.replace("We are", "Table: t\n\n| a | b |\n| --- | --- |\n| c | d |\n\nWe are"), "Take out a table."),
        (GOOD.partition("## Why")[0], "End with a line “## Why it is here”"),
        ("# When\n\n## Why it is here\n\nX.\n", "Write what the clause says"),
    ],
)
def test_what_is_no_clause_is_refused_by_name_and_stays_in_the_form(ada: Client, text: str, told: str) -> None:
    page = ada.post(form_of(HOURS), {"text": text})
    assert page.status_code == 200
    assert told in words(page)
    assert row(HOURS).text == ""


def test_guidance_may_hold_what_no_clause_may(ada: Client) -> None:
    ada.post(form_of("questions/aims"), {"text": "We **do** {this}.\n\n1. one\n"})
    assert row("questions/aims").text == "We **do** {this}.\n\n1. one\n"


def test_an_emptied_clause_has_its_default_again(ada: Client) -> None:
    ada.post(form_of(HOURS), {"text": GOOD})
    ada.post(form_of(HOURS), {"text": ""})
    assert row(HOURS).text == ""


def test_whoever_edits_a_clause_is_told_which_gaps_there_are_and_no_one_who_edits_guidance(ada: Client) -> None:
    page = words(ada.get(form_of(HOURS)))
    assert "{hours_watched} : when somebody watches" in page or "{hours_watched}: when somebody watches" in page
    assert "## Facts" not in page
    other = words(ada.get(form_of("questions/aims")))
    assert "{hours_watched}" not in other
    assert "## Facts" in other


def test_a_source_of_a_clause_is_no_figure_that_grows_old_and_its_words_may_hold_one(ada: Client, db: None) -> None:
    assert not [place for place in tasks.aged_texts() if place.name.startswith("Policy")]
    ada.post(form_of(HOURS), {"text": GOOD.replace("on good days", "on 9 days of 10 (Ofcom, 2015)")})
    assert [(place.name, place.figures) for place in tasks.aged_texts() if place.name.startswith("Policy")] == [
        ("Policy, house rules: When we are here", 1)
    ]


def test_a_clause_is_not_found_among_the_guidance_for_everybody(world: World, signed_in: SignIn) -> None:
    page = words(signed_in(world.lead).get(reverse("guidance-search"), {"q": "holding lines"}))
    assert "Fill in what stands in brackets" not in page
    assert place_of(HOURS) == ""


def test_a_clause_leads_to_no_page_of_the_site_from_its_form(ada: Client) -> None:
    assert "View on site" not in words(ada.get(form_of(HOURS)))
    assert "View on site" in words(ada.get(form_of("questions/aims")))
