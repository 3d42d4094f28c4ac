"""Bad input: whatever a form holds, the answer is a plain message with everything typed still there, never a crash."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.reading import address, error_messages, form_of, send, tree, words
from tests.world import SAMPLE_FILE, World, sample
from worksheets import interchange
from worksheets.fields import Kind, Rows, RowsFor, Text
from worksheets.models import Cycle, Organisation, Revision, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
KEYS = [question.key for question in STRATEGY.questions]
NASTY = "</textarea><script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}\"'&amp;<!--"


@pytest.fixture
def lead(world: World, signed_in: SignIn) -> Client:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    return signed_in(world.lead)


def stored(world: World) -> dict[str, Any]:
    return dict(Worksheet.objects.filter(cycle=world.cycle).values_list("stage", "answers"))


def refused(world: World, client: Client, question: str, **changes: Any) -> Any:
    """The page that comes back when some fields are wrong. Nothing may be stored, and all that was typed stays."""
    before = stored(world)
    response = send(client, address(world, question), **changes)
    assert response.status_code == 400
    assert error_messages(response)
    assert stored(world) == before
    assert not Revision.objects.exists()
    typed = form_of(response)
    for name, value in changes.items():
        # What a list holds, and the hidden keys of rows, nobody typed.
        field = name.replace("__", "-")
        if (
            isinstance(value, str)
            and field in typed
            and not field.endswith("-stakeholder")
            and tree(response).xpath("//*[@name=$n][not(self::select)]", n=field)
        ):
            kept = typed[field][0].replace("\ufffd", "\x00")
            assert kept == value.replace("\t", " "), f"{field} is lost"
    return response


@pytest.mark.parametrize("hours", ["-1", "169", "1e400", "9" * 50, "NaN", "-0.001", "a lot", "1.234", "0x10"])
def test_absurd_hours_are_refused_in_plain_words(world: World, lead: Client, hours: str) -> None:
    response = refused(world, lead, "weekly", tasks__0__hours=hours, tasks__1__task="Typed beside it")
    assert error_messages(response) == [
        "Task 1: Enter “Hours” as a number from 0 to 168 with at most 2 decimals, like 7.5"
    ] or error_messages(response) == [
        "Task 1: Enter “Hours a week” as a number from 0 to 168 with at most 2 decimals, like 7.5"
    ]


@pytest.mark.parametrize(
    ("question", "field", "value"),
    [
        ("stakeholders", "stakeholders__0__size", "-5"),
        ("stakeholders", "stakeholders__0__size", "1000000001"),
        ("stakeholders", "stakeholders__0__size", "5.5"),
        ("platforms", "platforms__0__followers", "many"),
        ("weekly", "peak_weeks", "53"),
        ("weekly", "advertising", "-1"),
        ("weekly", "capacity", "200"),
        ("plan", "items__0__per_week", "0.001"),
        ("stopping", "work__0__hours", "-3"),
    ],
)
def test_other_absurd_numbers_are_refused(world: World, lead: Client, question: str, field: str, value: str) -> None:
    refused(world, lead, question, **{field: value})


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("31", "2", "2027"), "Enter a day from 1 to 28. There is no 31 February 2027"),
        (("0", "0", "0"), "Enter the day as a number from 1 to 31"),
        (("1", "1", "10000"), "Write the year with four digits, like 2027"),
        (("x", "y", "z"), "Enter the day as a number from 1 to 31"),
        (("31", "", ""), "Add the month and the year, like 31 March 2027"),
    ],
)
def test_days_that_are_not_in_the_calendar_are_refused(
    world: World, lead: Client, parts: tuple[str, str, str], said: str
) -> None:
    day, month, year = parts
    sent = {"smart__0__due__day": day, "smart__0__due__month": month, "smart__0__due__year": year}
    response = refused(world, lead, "smart", **sent)
    assert error_messages(response) == [f"SMART objective 1, due: {said}"]


def test_a_nul_byte_is_no_part_of_the_text_around_it(world: World, lead: Client) -> None:
    assert send(lead, address(world, "working"), changes="Before\x00after", reuse="Charts").status_code == 302
    assert form_of(lead.get(address(world, "working")))["changes"] == ["Beforeafter"]


def test_a_megabyte_of_text_is_refused_and_still_there(world: World, lead: Client) -> None:
    response = refused(world, lead, "working", changes="word " * 200_000 + "end")
    assert error_messages(response) == [
        "What changes: Shorten this to 2,000 characters or fewer. It is 998,003 too long"
    ]


def test_more_than_a_server_should_read_is_told_in_plain_words(world: World, lead: Client) -> None:
    before = stored(world)
    response = lead.post(address(world, "working"), {"changes": "x" * 3_000_000})
    assert response.status_code == 400
    assert "too large" in words(response)
    many = lead.post(address(world, "aims"), {f"aims-{n}-statement": "x" for n in range(4_000)})
    assert many.status_code == 400
    assert stored(world) == before


@pytest.mark.parametrize("wrong", ["a/b", "../../etc", "<script>", "UPPER", "x" * 41, "a\x00", "aim 1", "ä"])
def test_a_row_whose_id_was_tampered_with_is_refused(world: World, lead: Client, wrong: str) -> None:
    response = refused(world, lead, "working" if not wrong else "aims", aims__0__id=wrong)
    assert any("add it again" in message for message in error_messages(response))
    assert b"<script>" not in response.content.replace(b"<script src", b"")


def test_two_rows_of_one_id_are_refused(world: World, lead: Client) -> None:
    refused(world, lead, "aims", aims__1__id="aim-maternity")


@pytest.mark.parametrize(
    ("question", "field", "value"),
    [
        ("objectives", "objectives__0__aims", ["aim-maternity", "aim-of-nobody"]),
        ("smart", "smart__0__objective", "st-parents"),
        ("plan", "items__0__aims", ["obj-flow"]),
        ("plan", "items__0__stakeholders", ["../st-parents"]),
        ("plan", "items__0__platforms", ["facebook", "orkut"]),
        ("plan", "items__0__format", "hologram"),
        ("measures", "measures__0__smart", "aim-maternity"),
        ("platforms", "platforms__0__platform", "orkut"),
        ("presence", "presence__0__use__orkut", "daily"),
        ("presence", "presence__0__use__often-facebook", "hourly"),
        ("presence", "presence__0__stakeholder", "st-nobody"),
        ("presence", "presence__0__stakeholder", "st-carers"),
        ("proportion", "proportion__0__stakeholder", "st-nobody"),
        ("outcomes", "answer", "perhaps"),
        ("drivers", "drivers", ["leadership", "love"]),
    ],
)
def test_references_and_choices_that_are_not_there_are_refused(
    world: World, lead: Client, question: str, field: str, value: Any
) -> None:
    refused(world, lead, question, **{field: value})


@pytest.mark.parametrize("count", ["-1", "0", "99999999", "x"])
def test_counts_of_rows_are_counted_and_not_believed(world: World, lead: Client, count: str) -> None:
    before = stored(world)
    names = ("form-TOTAL_FORMS", "aims-TOTAL_FORMS", "aims-INITIAL_FORMS", "aims-MAX_NUM_FORMS")
    sent = form_of(lead.get(address(world, "aims"))) | dict.fromkeys(names, count) | {"do": "save"}
    assert lead.post(address(world, "aims"), sent).status_code == 302
    assert stored(world) == before


def test_too_many_rows_are_refused_with_all_of_them_there(world: World, lead: Client) -> None:
    rows = {f"aims__{n}__statement": f"Aim {n}" for n in range(2, 40)}
    response = refused(world, lead, "aims", **rows)
    assert error_messages(response) == ["Keep 5 aims at most. Remove 35"]


def test_what_belongs_to_another_organisation_is_not_there(world: World, lead: Client) -> None:
    world.fill(world.foreign_cycle, drivers={"aims": {"aims": [{"id": "aim-secret", "statement": "Secret"}]}})
    response = refused(world, lead, "objectives", objectives__0__aims=["aim-secret"])
    assert "Secret" not in words(response)
    for url in (
        address(world, "aims").replace("nhs-anywhere", "nhs-elsewhere"),
        reverse("hub", args=["nhs-elsewhere", STRATEGY, "autumn-2026"]),
        reverse("check", args=["nhs-elsewhere", STRATEGY, "autumn-2026", "drivers"]),
    ):
        assert lead.get(url).status_code == 404
        assert lead.post(url, {"do": "save", "aims-0-statement": "Mine"}).status_code in (404, 405)
    assert (
        Worksheet.objects.get(cycle=world.foreign_cycle, stage="drivers").answers["aims"]["aims"][0]["id"]
        == "aim-secret"
    )


@pytest.mark.parametrize("body", [b"changes=%FF%FE%00", b"%", b"&&&=&", b"changes", b"\xff\xfe", b"a" * 5_000])
def test_forms_that_no_browser_sends_are_answered(world: World, lead: Client, body: bytes) -> None:
    url = address(world, "working")
    for kind in ("application/x-www-form-urlencoded", "text/plain", "application/json"):
        assert lead.generic("POST", url, body, kind).status_code < 500
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-7",
    ):
        assert lead.generic("POST", url, body, kind).status_code < 500


# Any form at all.

ODD = st.sampled_from(
    ["", "-1", "yes", "no", "31", "2027", "1e400", "\x00", "facebook", "daily", "st-parents", "x" * 3_000, NASTY]
)
VALUE = ODD | st.text(max_size=30)


def names_on(question: str) -> list[str]:
    """The names that the fields of a page may have, and some that they may not."""
    found = ["version", "do", "sure", "mine", "keep-aims.x", "other"]
    for name, kind in STRATEGY.question[question].form.base_fields.items():
        found += [name, f"{name}-day", f"{name}-month", f"{name}-year", f"{name}-offer"]
        if isinstance(kind, Rows):
            keys = [*kind.own_keys, *kind.fields, "use-facebook", "use-orkut", "due-day", "due-month", "due-year"]
            found += [f"{name}-{n}-{key}" for n in (0, 1, 7, "x", 99999) for key in keys]
    return found


VERBS = st.sampled_from(
    ["save", "list", "back", "compute", "resolve", "edit", "reopen", "add", "remove", "up", "down", "stay"]
)


@how(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("question", KEYS)
def test_no_form_data_ever_breaks_a_question(world: World, lead: Client, question: str, data: st.DataObject) -> None:
    sent = data.draw(
        st.dictionaries(st.sampled_from(names_on(question)), VALUE | st.lists(VALUE, max_size=3), max_size=12)
    )
    verb = data.draw(VERBS | VALUE)
    table = data.draw(st.sampled_from([*STRATEGY.question[question].form.base_fields, ""]))
    sent["do"] = f"{verb}:{table}:{data.draw(VALUE)}"
    response = lead.post(address(world, question), sent)
    assert response.status_code in (200, 302, 400, 409)
    assert lead.get(address(world, question)).status_code == 200


# What people type is only ever text.


def nasty(kind: Kind, plain: Any) -> Any:
    """The same answer with markup and template code in every text of it."""
    if isinstance(kind, Text):
        return f"{plain} {NASTY}"
    if isinstance(kind, Rows):
        return [
            {key: nasty(kind.fields[key], part) if key in kind.fields else part for key, part in row.items()}
            for row in plain
        ]
    return plain


@pytest.fixture
def nasty_review(world: World, lead: Client) -> Client:
    """The sample's review with every text of it made nasty, and nasty names of people, review and organisation."""
    for worksheet in Worksheet.objects.filter(cycle=world.cycle):
        answers = {
            key: {name: nasty(STRATEGY.question[key].form.base_fields[name], plain) for name, plain in answer.items()}
            for key, answer in worksheet.answers.items()
        }
        Worksheet.objects.filter(pk=worksheet.pk).update(
            answers=answers, updated_by=world.lead, updated_at="2026-10-02T10:00Z"
        )
    User.objects.filter(pk=world.lead.pk).update(name=NASTY)
    type(world.cycle).objects.filter(pk=world.cycle.pk).update(name=NASTY[:80], strategy_title=NASTY)
    type(world.anywhere).objects.filter(pk=world.anywhere.pk).update(name=NASTY[:120])
    return lead


def assert_only_text(response: Any, *, seen: bool = True) -> None:
    assert response.status_code == 200
    assert b"<script>" not in response.content
    assert b"<!--" not in response.content
    assert b"{{ 7*7 }}" in response.content or not seen
    assert not tree(response).xpath("//script[not(@src)]")


@pytest.mark.parametrize("question", KEYS)
def test_markup_in_every_text_is_shown_as_text_on_question_pages(
    world: World, nasty_review: Client, question: str
) -> None:
    page = nasty_review.get(address(world, question))
    assert_only_text(page)
    for name, kind in STRATEGY.question[question].form.base_fields.items():
        if isinstance(kind, Text) and name in form_of(page) and form_of(page)[name] != [""]:
            assert form_of(page)[name][0].endswith(NASTY)
        if isinstance(kind, Rows) and not isinstance(kind, RowsFor):
            texts = [inner for inner, field in kind.fields.items() if isinstance(field, Text)]
            assert form_of(page)[f"{name}-0-{texts[0]}"][0].endswith(NASTY)


@pytest.mark.parametrize("stage", [stage.key for stage in STRATEGY.stages])
def test_markup_in_every_text_is_shown_as_text_on_check_pages(world: World, nasty_review: Client, stage: str) -> None:
    assert_only_text(nasty_review.get(reverse("check", args=["nhs-anywhere", STRATEGY, "autumn-2026", stage])))


@pytest.mark.parametrize("name", ["hub", "summary", "points", "cycle-edit", "cycle-archive"])
def test_markup_in_every_text_is_shown_as_text_on_other_pages(world: World, nasty_review: Client, name: str) -> None:
    assert_only_text(nasty_review.get(reverse(name, args=["nhs-anywhere", STRATEGY, "autumn-2026"])))


@pytest.mark.parametrize("name", ["start", "dashboard", "people", "cycle-start"])
def test_markup_in_names_is_shown_as_text_on_pages_of_the_organisation(
    world: World, nasty_review: Client, name: str
) -> None:
    named = ["nhs-anywhere", STRATEGY] if name in ("dashboard", "cycle-start") else ["nhs-anywhere"]
    assert_only_text(nasty_review.get(reverse(name, args=named)), seen=name != "cycle-start")


def test_markup_in_rows_is_shown_as_text_when_a_row_is_to_be_removed(world: World, nasty_review: Client) -> None:
    asked = send(nasty_review, address(world, "aims"), "remove:aims:aim-maternity")
    assert "Do you want to remove this aim?" in words(asked)
    assert_only_text(asked)


def test_markup_in_rows_is_shown_as_text_to_readers(world: World, nasty_review: Client, signed_in: SignIn) -> None:
    assert_only_text(signed_in(world.manager).get(address(world, "plan")))


def turned(value: Any) -> Any:
    """A value whose texts have a mark before them that turns what follows around, as an older version kept them."""
    if isinstance(value, dict):
        return {key: each if key == "id" else turned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [turned(each) for each in value]
    return f"\u202e{value} \u2067x" if isinstance(value, str) and " " in value else value


def test_what_turns_text_around_is_on_no_page(world: World, signed_in: SignIn) -> None:
    """A title, a label and a cell of the administration isolate nothing. What comes in today is cleaned of it."""
    for sheet in world.cycle.worksheets.all():
        Worksheet.objects.filter(pk=sheet.pk).update(answers=turned(sample()["worksheets"].get(sheet.stage, {})))
    User.objects.update(name="\u202eLena Lead")
    Organisation.objects.update(name="\u202eNHS Anywhere")
    Cycle.objects.update(name="\u2068Autumn 2026", strategy_title="\u202bTitle")
    lead, ada = signed_in(world.lead), signed_in(world.admin)
    here = "/o/nhs-anywhere/reviews/autumn-2026/"
    pages = [lead.get(place) for place in ("/o/nhs-anywhere/people/", here, f"{here}summary/", address(world, "aims"))]
    pages += [lead.get(f"{here}{name}/") for name in ("results", "points", "activity", "comments/aims")]
    pages += [ada.get(f"/admin/worksheets/{name}/") for name in ("user", "organisation", "cycle")]
    pages += [ada.get(f"/admin/worksheets/user/{world.lead.pk}/change/")]
    for page in pages:
        assert page.status_code == 200
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.content.decode()), page.request["PATH_INFO"]
    assert "Autumn 2026" in tree(pages[1]).xpath("//title")[0].text
    file = lead.get(f"{here}results/results.csv").content.decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", file)


def test_marks_of_holes_in_a_text_stay_text(world: World, lead: Client) -> None:
    marks = "\ue000value\ue001 and \ue000at\ue001"
    response = send(lead, address(world, "working"), changes=marks)
    assert response.status_code == 302
    assert form_of(lead.get(address(world, "working")))["changes"] == [marks]
