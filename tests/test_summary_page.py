"""The strategy summary on screen: the twin of the PDF, for the same people, with the same content in the same order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from tests.world import World, sample
from worksheets.lists import answer_list
from worksheets.models import Revision, User, Worksheet
from worksheets.skeleton import macro
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
ADDRESS = "/o/nhs-anywhere/reviews/autumn-2026/summary/"


def read(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def test_members_of_every_role_read_it(world: World, signed_in: SignIn) -> None:
    for member in (world.lead, world.contributor, world.manager):
        assert "Social media strategy</h1>" in read(signed_in(member))


def test_strangers_find_nothing(world: World, signed_in: SignIn) -> None:
    for stranger in (world.outsider, world.nobody, world.admin):
        assert signed_in(stranger).get(ADDRESS).status_code == 404
    assert Client().get(ADDRESS).status_code == 302


def test_it_has_the_parts_of_the_pdf_in_their_order(world: World, signed_in: SignIn) -> None:
    world.fill()
    html = read(signed_in(world.manager))
    parts = [
        "The strategy on a page",
        "Why we use social media, and what for",
        "Who we want to reach, and where",
        "What it takes",
        "What we publish",
        "How we shall know",
        "Points to resolve",
        "How this was made",
        "The full record",
    ]
    places = [html.index(f">{part}</h2>") for part in parts]
    places += [html.index(f">{stage.number}. {stage.title}</h3>") for stage in STRATEGY.stages]
    assert places == sorted(places)
    for question in STRATEGY.questions:
        assert escape(question.title) in html
    assert html.count("24.5 hours a week of 29 (24, and 5 freed)") == 3
    assert "Online Nation 2025" in html


def test_its_contents_lead_to_its_parts(world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.lead))
    for target in re.findall(r'href="#([a-z0-9-]+)"', html):
        assert f'id="{target}"' in html


def test_it_offers_the_pdf(world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.lead))
    assert 'href="/o/nhs-anywhere/reviews/autumn-2026/summary.pdf?download=1"' in html
    assert "Download the PDF" in html


def test_an_empty_review_is_a_draft_with_every_question_marked(world: World, signed_in: SignIn) -> None:
    html = read(signed_in(world.lead))
    assert "A draft, to be talked about" in html
    assert "Not answered yet: what drives us, our aims and SMART objectives." in html
    assert "21 questions to finish" in html
    assert html.count("Not answered: question ") == 6
    for nonsense in ("0 hours", "Reaches nobody", "None yet"):
        assert nonsense not in html


def test_a_complete_review_says_so_and_by_whom(world: World, signed_in: SignIn) -> None:
    world.fill()
    Worksheet.objects.filter(cycle=world.cycle).update(
        status="complete", completed_at=timezone.now(), completed_by=world.lead
    )
    html = read(signed_in(world.lead))
    assert "Draft" not in html
    assert "For comment, before it is submitted" in html
    assert html.count("Worksheet complete, by Lena Lead on ") == 6
    assert "Completed worksheets 1, 2, 3, 4, 5 and 6" in html


def test_it_names_who_took_part_and_what_they_did(world: World, signed_in: SignIn) -> None:
    world.fill()
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders")
    for version, person in enumerate((world.contributor, world.lead, world.contributor), 1):
        Revision.objects.create(
            worksheet=sheet,
            question="presence",
            answer={},
            version=version,
            saved_by=person,
            saved_at=timezone.datetime(2026, 10, version, 12, tzinfo=timezone.get_current_timezone()),
        )
    html = read(signed_in(world.lead))
    assert "Colin Contributor" in html
    assert "Answered questions in stage 3" in html
    assert "1 October 2026 to 3 October 2026" in html


def test_what_people_type_is_only_text(world: World, signed_in: SignIn) -> None:
    answers = sample()["worksheets"]
    typed = "<script>alert('x')</script><b>bold</b>"
    answers["resources"]["success"]["success"] = typed
    answers["resources"]["setup"]["tasks"][0]["task"] = typed
    answers["drivers"]["aims"]["aims"][0]["statement"] = typed
    world.fill(**answers)
    html = read(signed_in(world.lead))
    assert "<b>bold" not in html
    assert "alert('x')" not in html
    assert html.count("&lt;b&gt;bold&lt;/b&gt;") >= 3


def test_it_takes_one_query_each_for_the_review_the_people_the_reasons_the_actions_and_the_comments(
    world: World, signed_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    world.fill()
    browser = signed_in(world.lead)
    read(browser)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        read(browser)


def test_it_changes_nothing_and_takes_no_posts(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.lead).post(ADDRESS).status_code == 405


@pytest.mark.django_db
def test_a_list_of_answers_is_the_markup_of_the_nhs_macro() -> None:
    from django.utils.safestring import SafeString

    rows = [("Label & more", SafeString("<p>One</p>")), ("Other", SafeString("Two"))]
    whole = macro(
        "summary-list",
        {
            "classes": "app-answers",
            "rows": [{"key": {"text": label}, "value": {"html": words}} for label, words in rows],
        },
    )
    assert "".join(answer_list(rows).split()) == "".join(whole.split())
