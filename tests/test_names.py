"""Names: on every page each link, button, field and table says what it is about, and no two of one name do different
things."""

from __future__ import annotations

import copy
import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from tests import hearing
from tests.reading import send, tree
from tests.world import World, cycle_of, person, sample
from worksheets import saving
from worksheets.following.starting import start_next
from worksheets.models import Cycle, Event, Membership, Reason, Result, Revision, Role, User
from worksheets.signoff import talk
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
Pages = dict[str, Any]
day = datetime.date.fromisoformat
HOME = "/o/nhs-anywhere/"
HERE = f"{HOME}reviews/autumn-2026/"
FILES = (".pdf", ".docx", ".csv", ".xlsx", ".json", ".ics")


@pytest.fixture
def busy(world: World) -> World:
    """NHS Anywhere after a year of work: two reviews and a third begun, figures, comments, reasons and many saves."""
    answers = copy.deepcopy(sample()["worksheets"])
    # Two points that say stop, one of them with a reason.
    answers["drivers"]["drivers"] = {"drivers": ["peers"], "peers_evidence": "It shows."}
    answers["resources"]["outcomes"]["answer"] = "no"
    Reason.objects.create(cycle=world.cycle, finding="drivers.peer-pressure-only", text="We know.")
    last = cycle_of(world.anywhere, "Spring 2026", "spring-2026")
    Cycle.objects.filter(pk=last.pk).update(starts=day("2026-04-01"), ends=day("2026-09-30"))
    Cycle.objects.filter(pk=world.cycle.pk).update(previous=last)
    world.fill(last)
    world.fill(**answers)
    for stage in STRATEGY.stages:
        sheet = world.cycle.worksheets.select_related("cycle").get(stage=stage.key)
        for question in stage.questions[:2]:
            saving.save_answer(sheet, question.key, {}, user=world.lead)
            saving.save_answer(sheet, question.key, answers[stage.key][question.key], user=world.contributor)
    # Minutes apart, as people save.
    for number, saved in enumerate(Revision.objects.order_by("pk")):
        at = timezone.now() - datetime.timedelta(days=9) + datetime.timedelta(minutes=number)
        Revision.objects.filter(pk=saved.pk).update(saved_at=at)
    for cycle in (last, world.cycle):
        cycle.refresh_from_db()
        entered = {"cycle": cycle, "entered_by": world.lead}
        for number in (1, 2):
            on = cycle.starts + datetime.timedelta(days=number)
            Event.objects.create(text=f"A story in the news, {number}", on=on, **entered)
            for row in answers["evaluation"]["measures"]["measures"][:2]:
                Result.objects.create(measure=row["id"], value=number, on=on, **entered)
    for key in ("aims", "smart"):
        question = STRATEGY.question[key]
        first = talk.say(world.cycle, question, world.manager, "Is this still right?")
        talk.say(world.cycle, question, world.lead, "It is.", first)
        talk.settle(world.cycle, talk.say(world.cycle, question, world.manager, "And this?"), world.lead, resolved=True)
    start_next(world.cycle, "Spring 2027", day("2027-04-01"), day("2027-09-30"), world.lead)
    for name in ("Nora New", "Ned Newer"):
        user = person(f"{name.split()[0].lower()}@example.org", name)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, organisation=world.anywhere, role=Role.CONTRIBUTOR)
    return world


def walk(client: Client, start: str, within: str = "/") -> Pages:
    """Every page that links lead to from `start`, as elements, by its address."""
    pages: Pages = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in pages or address.partition("?")[0].endswith(FILES) or not address.startswith(within):
            continue
        response = client.get(address)
        if response.status_code == 302:
            waiting.append(response["Location"].partition("#")[0])
            continue
        assert response.status_code == 200, address
        pages[address] = tree(response)
        waiting += hearing.leads_to(pages[address])
    return pages


def told(pages: Pages) -> list[str]:
    return [f"{address}: {found}" for address, page in pages.items() for found in hearing.wrong(page)]


@pytest.mark.parametrize("who", ["lead", "manager"])
def test_on_every_page_each_name_says_what_it_is_about_and_no_two_share_a_title(
    busy: World, signed_in: SignedIn, who: str
) -> None:
    pages = walk(signed_in(getattr(busy, who)), HOME)
    assert len(pages) > 100
    assert told(pages) == []
    assert with_the_same_title(pages) == []


def with_the_same_title(pages: Pages) -> list[str]:
    """The pages of an organisation whose title another has too."""
    # The last review's results are shown without its name in the address too, and so are lists with a query.
    titles = {
        address: hearing.title_of(page)
        for address, page in pages.items()
        if address.startswith(HOME) and "?" not in address and address != f"{HOME}results/"
    }
    counts = Counter(titles.values())
    return [f"{title}: {address}" for address, title in titles.items() if counts[title] > 1]


def test_the_pages_of_those_who_are_signed_out_or_belong_nowhere(world: World, signed_in: SignedIn) -> None:
    pages = walk(Client(), "/accounts/login/")
    assert {"/accounts/password/reset/", "/about/", "/accessibility/"} <= set(pages)
    for address in ("/nowhere/", "/accounts/inactive/", "/accounts/password/reset/done/"):
        pages[f"{address}, signed out"] = tree(Client().get(address))
    Membership.objects.create(user=world.lead, organisation=world.elsewhere, role=Role.MANAGER)
    for user in (world.lead, world.nobody, world.admin):
        pages[f"home of {user}"] = tree(signed_in(user).get("/"))
    assert told(pages) == []


@pytest.mark.parametrize("question", STRATEGY.questions, ids=[question.key for question in STRATEGY.questions])
def test_the_names_stay_apart_when_there_are_errors(question: Any, world: World, signed_in: SignedIn) -> None:
    world.fill()
    client, url = signed_in(world.lead), f"{HERE}{question.stage}/{question.key}/"
    page = client.get(url)
    boxes = tree(page).xpath(
        "//form[@id='question']//textarea/@name | //form[@id='question']//input[@type='text']/@name"
    )
    response = send(client, url, page=page, **{name.replace("-", "__"): "x" * 2_001 for name in boxes})
    assert response.status_code == (400 if boxes else 302)
    page = tree(response) if boxes else tree(client.get(url))
    # What the entries of the error summary say has tests of its own.
    for summary in page.xpath("//*[contains(@class, 'nhsuk-error-summary')]"):
        summary.drop_tree()
    assert hearing.wrong(page) == []


def test_a_row_of_a_wide_table_says_which_it_is(world: World, signed_in: SignedIn) -> None:
    world.fill()
    page = tree(signed_in(world.lead).get(f"{HERE}resources/weekly/"))
    (table,) = page.xpath("//table[contains(@class, 'app-wide')]")
    # On a wide screen only this part of the head is there, on a phone only the line to which the row folds.
    heads = [hearing.text_of(head) for head in table.xpath(".//*[@role='rowheader']/*[contains(@class, 'number-of')]")]
    assert heads[:3] == ["Task 1", "Task 2", "Task 3"]
    folds = [hearing.text_of(fold) for fold in table.xpath(".//*[@role='rowheader']//summary")]
    assert folds[0].startswith("Task 1: Find stories and questions worth answering in public Kind: Find stories")
    names = [
        hearing.name_of(page, field)
        for field in table.xpath("./tbody/tr[3]//*[@id and (self::textarea or self::select or self::input)]")
    ]
    assert names == [
        *("Task, Task 3", "Kind of work, Task 3", "Hours a week, Task 3", "Who does it? (optional), Task 3"),
        "Aim 1 : Answer expectant parents' questions where they already ask them and bring what they say into how "
        "maternity care is planned.",
        "Aim 2 : Help people choose the right urgent care service before they travel.",
    ]
    (legend,) = table.xpath("./tbody/tr[3]//legend")
    assert hearing.text_of(legend) == "Aims (optional), Task 3"


def test_a_row_keeps_its_own_number_when_one_before_it_goes(world: World, signed_in: SignedIn) -> None:
    world.fill()
    client, url = signed_in(world.lead), f"{HERE}resources/setup/"
    first = tree(client.get(url)).xpath("//button[starts-with(@value, 'remove:tasks:')]/@value")[0]
    page = tree(client.get(send(client, url, first)["Location"]))
    rows = page.xpath("//table[contains(@class, 'app-wide')]/tbody/tr")
    assert rows
    for number, row in enumerate(rows, 1):
        assert hearing.text_of(row.xpath("./th")[0]) == f"Task {number}"
        assert hearing.name_of(page, row.xpath(".//textarea | .//input[@type='text']")[0]).endswith(f", Task {number}")


def test_reasons_say_which_point_they_are_about(busy: World, signed_in: SignedIn) -> None:
    page = tree(signed_in(busy.lead).get(f"{HERE}points/"))
    buttons = [hearing.text_of(button) for button in page.xpath("//main//button")]
    saving_ones = [words for words in buttons if words.startswith("Save the reason: ")]
    assert len(saving_ones) == len(set(saving_ones)) == 2
    boxes = [hearing.name_of(page, box) for box in page.xpath("//textarea")]
    assert all(name.startswith("We leave this so, because: ") for name in boxes)


def test_each_button_that_shows_a_password_names_its_field(world: World, signed_in: SignedIn) -> None:
    page = tree(signed_in(world.lead).get("/accounts/password/change/"))
    shown = page.xpath("//button[contains(@class, 'password-input')]/@aria-label")
    # The script of the design system writes these when the button is pressed.
    assert page.xpath("//@data-i18n.show-password-aria-label") == shown
    assert [name.removeprefix("Show ") for name in shown] == [
        *("password: Current password", "password: New password", "password: New password again"),
    ]
    assert len(set(page.xpath("//@data-i18n.hide-password-aria-label"))) == 3


# That the rules above find what they are for.


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<a href="/a">Change</a>', "saying_nothing: link “Change”"),
        ('<a href="/a">Guide</a><a href="/b">Guide</a>', "twice: 2 times link “guide”"),
        ('<a href="/a"><svg aria-hidden="true"><text>Guide</text></svg></a>', "saying_nothing: link “”"),
        (
            "<button name=do value=a>Save it</button><button name=do value=b>Save it</button>",
            "twice: 2 times button “save it”",
        ),
        (
            "<input id=a><label for=a>Hours</label><input id=b><label for=b>Hours</label>",
            "twice: 2 times field “hours”",
        ),
        ("<details><summary>Show more</summary></details>", "saying_nothing: part to open “Show more”"),
        ("<table><thead><tr><th scope=col>Day</th></tr></thead></table>", "tables: table “” (Day) has no name"),
        ("<h3>Deep</h3>", "headings: from h1 to h3: “Deep”"),
        (
            "<input id=a aria-label=Hours aria-describedby=gone>",
            "references: aria-describedby names gone, which is not there",
        ),
        ("<nav></nav><nav></nav>", "landmarks: two of nav “”"),
    ],
)
def test_what_misleads_is_found(markup: str, found: str) -> None:
    assert found in hearing.wrong(html.document_fromstring(f"<h1>Page</h1>{markup}"))


def test_the_same_link_twice_and_fields_in_groups_of_their_own_are_left_alone() -> None:
    markup = """<h1>Page</h1><a href="/a">Guide</a><a href="/a">Guide</a>
      <fieldset><legend>Aim 1</legend><label>Words <input></label></fieldset>
      <fieldset><legend>Aim 2</legend><label>Words <input></label></fieldset>"""
    assert hearing.wrong(html.document_fromstring(markup)) == []
