"""What people paste and type: cleaned on every way in, read as it is meant, and told by its row where it is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.reading import address, error_messages, form_of, send, tree, words
from tests.world import PASSWORD, World, cycle_of, person
from worksheets.addresses import read_address, read_addresses
from worksheets.cycles import archive
from worksheets.models import (
    Comment,
    Cycle,
    Event,
    Guidance,
    Membership,
    Organisation,
    Platform,
    Revision,
    Role,
    User,
    Worksheet,
)
from worksheets.texts import tidy

SignedIn = Callable[[User], Client]
# Breaks within a paragraph and between pages, as slides copy them, and a mark that nobody sees.
SLIDES = "Answer questions\u200b within a day\x0bShow what changed because of them\x0cNew page\u2028of the same text"
READ = "Answer questions within a day\nShow what changed because of them\nNew page\nof the same text"
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
PEOPLE = "/o/nhs-anywhere/people/"


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    """Mails and tries to sign in are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.lead)


def answers(world: World, stage: str) -> dict[str, Any]:
    return Worksheet.objects.get(cycle=world.cycle, stage=stage).answers


# Texts.


def test_a_text_from_slides_is_kept_with_its_lines_and_without_what_nobody_sees(world: World, lead: Client) -> None:
    assert send(lead, address(world, "working"), changes=SLIDES).status_code == 302
    assert answers(world, "content")["working"]["changes"] == READ
    assert form_of(lead.get(address(world, "working")))["changes"] == [READ.replace("\n", "\r\n")]


def test_a_text_of_unseen_marks_is_no_answer(world: World, lead: Client) -> None:
    send(lead, address(world, "working"), changes="\u200b\u00ad\u2060", reuse="Charts")
    assert answers(world, "content")["working"] == {"reuse": "Charts"}
    send(lead, address(world, "aims"), aims__0__statement="\ufeff\u200b")
    assert "aims" not in answers(world, "drivers") or not answers(world, "drivers")["aims"]


def test_an_old_answer_with_unseen_marks_that_comes_back_untouched_is_no_change(world: World, lead: Client) -> None:
    old = {"working": {"changes": "One\u200b line\x0band\u2028another", "reuse": "Charts\u00ad"}}
    world.fill(content=old)
    send(lead, address(world, "working"))
    assert answers(world, "content") == old
    assert not Revision.objects.exists()
    send(lead, address(world, "working"), reuse="Charts and films")
    assert answers(world, "content")["working"] == {"changes": "One line\nand\nanother", "reuse": "Charts and films"}


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u200b", "\ufeff", "\u202e", "\U000e0001"])
def test_comments_reasons_figures_and_events_are_cleaned(world: World, lead: Client, mark: str) -> None:
    world.fill()
    text = f"{mark}Well{mark} said{mark}"
    lead.post(f"{HERE}comments/aims/", {"text": text, "do": "comment"})
    assert Comment.objects.get().text == "Well said"
    event = {"text": text, "on-day": "14", "on-month": f"Jan.{mark}", "on-year": "2026"}
    lead.post(f"{HERE}results/events/add/", event)
    assert [(one.text, one.on.isoformat()) for one in Event.objects.all()] == [("Well said", "2026-01-14")]
    assert lead.post(f"{HERE}comments/aims/", {"text": mark * 3, "do": "comment"}).status_code == 400


def test_a_web_address_is_read_as_it_was_copied(world: World, lead: Client) -> None:
    sent = form_of(lead.get(f"{HERE}details/"))
    lead.post(f"{HERE}details/", {**sent, "strategy_link": "<https://example.org/our\u200b-strategy>\u00a0"})
    world.cycle.refresh_from_db()
    assert world.cycle.strategy_link == "https://example.org/our-strategy"


# Signing in.


@pytest.mark.parametrize(
    "typed",
    [
        "lead@example.org",
        "lead\u200b@example.org",
        "LEAD\u202d @example.org",
        "Lena Lead <lead@example.org>",
        '"Lead, Lena" <lead@example.org>;',
        "mailto:lead@example.org?subject=hello",
        "lead@example.org,",
        "<lead@example.org>\u00a0",
    ],
)
def test_people_sign_in_with_their_address_as_it_is_read(world: World, typed: str) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert client.get(HERE).status_code == 200
    Client().post("/accounts/password/reset/", {"email": typed})
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]


def test_a_password_is_never_changed(world: World) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "lead@example.org", "password": f"{PASSWORD}\u200b"})
    assert client.get(HERE).status_code == 302


# Addresses.


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nora New <Nora@Example.org>", [("nora@example.org", "Nora New")]),
        ('"New, Nora" <nora@example.org>;', [("nora@example.org", "New, Nora")]),
        (
            "New, Nora (IT) <nora@example.org>; O'Neil, Olu <olu@example.org>;",
            [("nora@example.org", "New, Nora (IT)"), ("olu@example.org", "O'Neil, Olu")],
        ),
        ("nora@example.org; olu@example.org,\r\n", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("nora@example.org olu@example.org", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("Nora New\tnora@example.org\nolu@example.org", [("nora@example.org", "Nora New"), ("olu@example.org", "")]),
        ("nora@example.org<mailto:nora@example.org>", [("nora@example.org", "")]),
        ("MAILTO:nora%2Bteam@example.org?subject=x", [("nora+team@example.org", "")]),
        (
            "mailto:?to=nora%2Bteam@example.org,olu+x@example.org",
            [("nora+team@example.org", ""), ("olu+x@example.org", "")],
        ),
        ("mailto:nora@example.org?subject=Hi&CC=olu@example.org", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("To: Nora <nora@example.org>; Cc: olu@example.org", [("nora@example.org", "Nora"), ("olu@example.org", "")]),
        ("The team: nora@example.org, olu@example.org;", [("nora@example.org", ""), ("olu@example.org", "")]),
        (
            "* nora@example.org\n2. Olu - lead <olu@example.org>",
            [("nora@example.org", ""), ("olu@example.org", "Olu - lead")],
        ),
        ("new.person\u200b@example.org", [("new.person@example.org", "")]),
        ("new.person2\u202d @example.org", [("new.person2@example.org", "")]),
        ("nora@example.org; NORA@example.org.", [("nora@example.org", "")]),
        (
            '"New; Nora" <nora@example.org>; olu@example.org',
            [("nora@example.org", "New; Nora"), ("olu@example.org", "")],
        ),
        ("New, Nora\r\n <nora@example.org>", [("nora@example.org", "New, Nora")]),
        (
            "olu@example.org\nNora (IT)\n<nora@example.org>",
            [("olu@example.org", ""), ("nora@example.org", "Nora (IT)")],
        ),
        (
            "Nora New (nora@example.org); olu@example.org (Olu O'Neil)",
            [("nora@example.org", "Nora New"), ("olu@example.org", "Olu O'Neil")],
        ),
        ("Nora New [mailto:nora@example.org]", [("nora@example.org", "Nora New")]),
        ("[nora@example.org](mailto:nora@example.org)", [("nora@example.org", "")]),
        ("Nora @ the Trust <nora@example.org>", [("nora@example.org", "Nora @ the Trust")]),
        ("nora@example.org and olu@example.org", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("nora@example.org | olu@example.org / nora@example.org", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("nora＠example．org；olu@example.org、", [("nora@example.org", ""), ("olu@example.org", "")]),
        ("nora@example.org; Nora <NORA@example.org>", [("nora@example.org", "Nora")]),
        ("Email:nora@example.org", [("nora@example.org", "")]),
        ("'Nora' <nora@example.org", [("nora' <nora@example.org", "")]),
        ("nora new@example.org", [("nora new@example.org", "")]),
        ("\u200b; , \n", []),
    ],
)
def test_addresses_are_read_as_mail_programs_copy_them(text: str, found: list[tuple[str, str]]) -> None:
    once = read_addresses(text)
    assert [(one.email, one.name) for one in once] == found
    # What comes back from a page that showed them is the same again.
    assert read_addresses("\r\n".join(map(str, once))) == once


def test_several_addresses_are_not_one() -> None:
    assert read_address("nora@example.org; olu@example.org").email == "nora@example.org; olu@example.org"


def test_a_flood_of_brackets_is_read_quickly() -> None:
    assert len(read_addresses("<>" * 500_000)) == 1
    assert len(read_addresses("<a@b>," * 3_000)) == 1
    for flood in ("a" + " " * 19_000 + "b", "(" * 19_000, "(a@" * 6_000, '"' * 19_000, "a\n" * 9_000, "[a](" * 4_000):
        begun = time.process_time()
        read_addresses(flood)
        assert time.process_time() - begun < 1, flood[:5]


def test_several_people_are_added_at_once_each_with_the_name_that_came_along(world: World, lead: Client) -> None:
    pasted = 'New, Nora <nora@example.org>; <olga@example.org>\r\nmailto:otto@example.org, "Pat P" <PAT@example.org>;'
    shown = lead.post(f"{PEOPLE}add/", {"email": pasted, "role": "contributor"}, follow=True)
    said = words(shown)
    assert "nora@example.org, olga@example.org, otto@example.org and pat@example.org belong to NHS Anywhere" in said
    people = User.objects.filter(memberships__organisation=world.anywhere, last_login=None)
    assert list(people.exclude(name__in=["Lena Lead"]).values_list("email", "name"))[-4:] == [
        ("nora@example.org", "New, Nora"),
        ("olga@example.org", ""),
        ("otto@example.org", ""),
        ("pat@example.org", "Pat P"),
    ]
    assert [message.to for message in mail.outbox] == [
        [f"{one}@example.org"] for one in ("nora", "olga", "otto", "pat")
    ]


def test_of_several_people_those_who_are_right_are_added_and_each_other_is_named(world: World, lead: Client) -> None:
    answer = lead.post(
        f"{PEOPLE}add/", {"email": "nora@example.org; olga@; manager@example.org; otto", "role": "contributor"}
    )
    assert answer.status_code == 400
    assert error_messages(answer) == [
        "Email address: Enter “olga@” in the correct format, like name@example.com",
        "Email address: Enter “otto” in the correct format, like name@example.com",
        "Email address: Enter another address. manager@example.org already belongs to your organisation",
    ]
    assert "nora@example.org belongs to NHS Anywhere" in words(answer)
    assert form_of(answer)["email"] == ["olga@\r\nmanager@example.org\r\notto"]
    assert Membership.objects.filter(user__email="nora@example.org", organisation=world.anywhere).exists()
    assert [message.to for message in mail.outbox] == [["nora@example.org"]]


def test_a_name_that_is_too_long_is_told_and_not_cut(world: World, lead: Client) -> None:
    given = f"{'Nora ' * 21}New <nora@example.org>; olga@example.org"
    answer = lead.post(f"{PEOPLE}add/", {"email": given, "role": "contributor"})
    assert error_messages(answer) == [
        "Email address: Shorten the name before nora@example.org to 100 characters or fewer"
    ]
    assert not User.objects.filter(email="nora@example.org").exists()
    assert "Nora Nora" in form_of(answer)["email"][0]


def test_more_text_than_any_list_of_addresses_comes_back_as_it_was_typed(world: World, lead: Client) -> None:
    pasted = "\r\n".join(f"Person Number{n} <Person.Number{n}@example.org>" for n in range(500))
    answer = lead.post(f"{PEOPLE}add/", {"email": pasted, "role": "contributor"})
    assert error_messages(answer) == [
        "Email address: Enter 20 addresses at a time, and nothing else. This is a longer text"
    ]
    assert form_of(answer)["email"] == [pasted]


def test_nobody_is_added_while_something_else_is_wrong(world: World, lead: Client) -> None:
    several = "nora@example.org, olga@example.org"
    for given, said in (
        ({"email": several}, "Choose a role"),
        ({"email": several, "role": "lead", "name": "Nora New"}, "Leave the name out when you add several people"),
        ({"email": ";".join(f"p{n}@example.org" for n in range(21)), "role": "lead"}, "Enter 20 addresses at a time"),
    ):
        answer = lead.post(f"{PEOPLE}add/", given)
        assert answer.status_code == 400
        assert any(said in message for message in error_messages(answer))
    assert User.objects.count() == 6
    assert mail.outbox == []


# Names.


def test_what_is_proposed_is_accepted_as_it_stands_when_an_archived_review_has_the_name(
    world: World, lead: Client
) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(name="Spring 2026", starts="2026-04-01", ends="2026-09-30")
    mistaken = cycle_of(world.anywhere, "autumn\u00a0 2026", "mistaken")
    archive(mistaken, back=False)
    page = lead.get("/o/nhs-anywhere/reviews/new/")
    assert form_of(page)["name"] == ["Autumn 2026 (2)"]
    assert "Your archived reviews have one called autumn\u00a0 2026".replace("\u00a0 ", " ") in words(page)
    assert lead.post("/o/nhs-anywhere/reviews/new/", form_of(page)).status_code == 302
    assert world.anywhere.cycles.filter(name="Autumn 2026 (2)").exists()
    assert "archived" not in words(lead.get("/o/nhs-anywhere/reviews/new/"))


@pytest.mark.parametrize("name", ["autumn  2026", "Autumn\u00a02026", "AUTUMN 2026\u200b", "Ａutumn 2026"])
def test_a_review_may_not_be_called_what_looks_the_same(world: World, lead: Client, name: str) -> None:
    sent = form_of(lead.get("/o/nhs-anywhere/reviews/new/"))
    assert lead.post("/o/nhs-anywhere/reviews/new/", {**sent, "name": name}).status_code == 400


def test_administrators_forms_are_cleaned_and_names_that_look_the_same_refused(
    world: World, signed_in: SignedIn
) -> None:
    ada = signed_in(world.admin)
    lead = {"lead_email": "Nell <nell\u200b@example.org>", "own_password": PASSWORD}
    ada.post("/admin/worksheets/organisation/add/", {"name": "NHS\u200b  Nowhere\u00a0", "slug": "nowhere", **lead})
    assert Organisation.objects.get(slug="nowhere").name == "NHS Nowhere"
    twin = {"name": "nhs\u00a0nowhere", "slug": "twin", **lead}
    assert "Enter another name" in words(ada.post("/admin/worksheets/organisation/add/", twin))
    new = {"email": "Nora <nora\u200b@example.org>", "name": " Nora\u2028New\x00", "usable_password": "false"}
    new["own_password"] = PASSWORD
    ada.post("/admin/worksheets/user/add/", new)
    assert User.objects.get(email="nora@example.org").name == "Nora New"


@pytest.mark.parametrize("name", ["facebook", "Face\u200bbook", "Facebook\u00a0", "X  (formerly twitter)", "Ｆacebook"])
def test_two_platforms_are_never_called_the_same(world: World, signed_in: SignedIn, name: str) -> None:
    rows = {f"figures-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    new = {"name": name, "key": "twin", "about": "A twin.", "position": "5", **rows}
    said = words(signed_in(world.admin).post("/admin/worksheets/platform/add/", new))
    assert "Enter another name. A platform with this one is here already." in said
    assert ("It is retired: offer it again instead." in said) == Platform.objects.get(
        key="x"
    ).retired * name.startswith("X")
    assert not Platform.objects.filter(key="twin").exists()


def test_an_administrator_adds_a_member_by_an_address_as_it_was_copied(world: World, signed_in: SignedIn) -> None:
    person("nora@example.org", "Nora New")
    ada = signed_in(world.admin)
    place = f"/admin/worksheets/organisation/{world.anywhere.pk}/change/"
    sent = form_of(ada.get(place))
    number = int(sent["memberships-TOTAL_FORMS"][0]) - 1
    pasted = {f"memberships-{number}-user": '"New, Nora" <NORA\u200b@example.org>;'}
    ada.post(place, {**sent, **pasted, f"memberships-{number}-role": "manager", "own_password": PASSWORD})
    assert world.anywhere.memberships.filter(user__email="nora@example.org", role=Role.MANAGER).exists()


def test_an_address_of_unseen_marks_makes_nobody() -> None:
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("\u200b\u2060")


@pytest.mark.parametrize("model", ["organisation", "user", "cycle", "guidance"])
def test_administrators_find_what_they_pasted(world: World, signed_in: SignedIn, model: str) -> None:
    pasted = {"organisation": "NHS\u200b\u00a0Anywhere", "user": "Lena\u2028Lead", "cycle": "Autumn\u00ad 2026"}
    found = signed_in(world.admin).get(
        f"/admin/worksheets/{model}/", {"q": pasted.get(model, "Question\u200b 2: What should be achieved by using")}
    )
    assert 0 < len(tree(found).xpath("//*[@id='result_list']/tbody/tr")) < 4


def test_details_and_figures_that_were_kept_uncleaned_and_come_back_untouched_are_no_change(
    world: World, lead: Client
) -> None:
    world.fill()
    Cycle.objects.filter(pk=world.cycle.pk).update(strategy_title="Our\u200b  strategy", stamp=7)
    lead.post(f"{HERE}details/", form_of(lead.get(f"{HERE}details/")) | {"do": ["save"]})
    world.cycle.refresh_from_db()
    assert (world.cycle.strategy_title, world.cycle.stamp) == ("Our\u200b  strategy", 7)
    event = Event.objects.create(
        cycle=world.cycle, text="Strikes\u200b began", on="2026-01-14", entered_by=world.contributor
    )
    place = f"{HERE}results/events/{event.pk}/"
    assert lead.post(place, form_of(lead.get(place))).status_code == 302
    event.refresh_from_db()
    assert event.text == "Strikes\u200b began"


def test_guidance_keeps_its_lists_and_loses_what_nobody_sees(world: World) -> None:
    assert tidy("- one\r\n\t- two\u200b\x0bthree\u2028four \ue123") == "- one\n    - two\nthree\nfour\n"
    assert not Guidance.objects.filter(text__contains="\u200b").exists()


# Titles.


def test_the_titles_of_two_organisations_differ(world: World, signed_in: SignedIn) -> None:
    Membership.objects.create(user=world.manager, organisation=world.elsewhere, role=Role.LEAD)
    client = signed_in(world.manager)
    for page in ("", "drivers/aims/", "summary/", "results/"):
        titles = [
            tree(client.get(f"/o/{slug}/reviews/autumn-2026/{page}")).xpath("string(//title)")
            for slug in ("nhs-anywhere", "nhs-elsewhere")
        ]
        assert "NHS Anywhere Foundation Trust" in titles[0]
        assert "NHS Elsewhere" in titles[1]
    assert "NHS" not in tree(client.get("/guidance/")).xpath("string(//title)")


# Dates.


def test_a_date_that_was_pasted_as_a_whole_comes_back_in_its_boxes(world: World, lead: Client) -> None:
    world.fill()
    pasted = {"evaluate_on__day": "Wed 31 March 2027", "evaluate_on__month": "", "evaluate_on__year": ""}
    answer = send(lead, address(world, "judgement"), audience="x" * 2_001, **pasted)
    typed = form_of(answer)
    assert [typed[f"evaluate_on-{part}"] for part in ("day", "month", "year")] == [["31"], ["3"], ["2027"]]
    send(lead, address(world, "judgement"), **pasted)
    assert answers(world, "evaluation")["judgement"]["evaluate_on"] == "2027-03-31"


# Errors that name what they are about.


def test_every_error_names_its_row_and_its_field(world: World, lead: Client) -> None:
    world.fill()
    sent: dict[str, Any] = {}
    for row in range(3):
        sent |= {f"smart__{row}__due__year": "27", f"smart__{row}__evaluate_on__month": ""}
        sent |= {f"smart__{row}__measure": "x" * 2_001}
    answer = send(lead, address(world, "smart"), **sent)
    said = error_messages(answer)
    assert len(said) == len(set(said)) == 9
    assert "SMART objective 2, due: Write the year with four digits, like 2027" in said
    assert "SMART objective 3, judged on: Add the month, like 31 March 2027" in said
    assert "SMART objective 1, measure: Shorten this to 2,000 characters or fewer. It is 1 too long" in said
    page = tree(answer)
    # Beside the field the message is short, and only the box that is wrong is marked.
    assert len(page.xpath("//*[@class='nhsuk-error-message'][contains(., 'SMART objective')]")) == 0
    assert "nhsuk-input--error" in page.xpath("string(//*[@id='smart-1-due-year']/@class)")
    assert "nhsuk-input--error" not in page.xpath("string(//*[@id='smart-1-due']/@class)")


def test_every_error_names_its_row_in_tables_that_follow_another(world: World, lead: Client) -> None:
    world.fill()
    sent = {f"presence__{row}__note": "x" * 2_001 for row in range(5)}
    said = error_messages(send(lead, address(world, "presence"), **sent))
    assert len(said) == len(set(said)) == 5
    assert said[0].startswith("Expectant and new parents, note: Shorten this")
    sent = {f"tasks__{row}__{name}": "many" for row in range(3) for name in ("hours",)}
    said = error_messages(send(lead, address(world, "weekly"), **sent))
    assert [message.partition(":")[0] for message in said] == ["Task 1", "Task 2", "Task 3"]


def test_what_a_worksheet_still_needs_is_named_by_its_row(world: World, lead: Client) -> None:
    world.fill()
    smart = answers(world, "alignment")
    for row in smart["smart"]["smart"]:
        del row["due"]
    world.fill(alignment=smart)
    said = error_messages(lead.post(f"{HERE}alignment/", {"do": "complete"}))
    assert len(said) == len(set(said)) == 3
    assert "SMART objective 2, due: Enter the date this is due" in said[1]


def test_a_platform_that_stands_in_the_table_twice_is_named_at_once(world: World, lead: Client) -> None:
    world.fill()
    sent = {"platforms__3__platform": "facebook", "platforms__3__account": " @nhsanywhere"}
    send(lead, address(world, "platforms"), **sent)
    assert "NHSAnywhere on Facebook is listed more than once." in words(lead.get(address(world, "platforms")))


def test_two_people_with_names_that_differ_are_two(world: World) -> None:
    person("olga@example.org", "Olga")
    assert User.objects.get_by_natural_key("Olga <OLGA@example.org>").name == "Olga"
