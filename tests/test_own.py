"""What is somebody's own: every address of it for its owner and for a colleague who leads, and every list there is.

The reflection is Mary's, who manages. Lena leads, and may do more than anybody with all that is the organisation's.
"""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.reading import send, tree, words
from tests.test_access import ADDRESSES, ASKED
from tests.world import World
from worksheets import interchange, saving
from worksheets.cycles import start_cycle
from worksheets.models import AuditEvent, Cycle, Membership, Notice, Organisation, Printing, User
from worksheets.workbooks import by_path
from worksheets.workbooks.reflection import REFLECTION

SignIn = Callable[[User], Client]
NAME, SECRET = "Reflection, November 2026", "Listening on the wards"
DAYS = (datetime.date(2026, 11, 1), datetime.date(2027, 4, 30))
# What its owner gets for reading | for sending an empty form, whatever their role; the colleague who leads always gets
# 404, or 405 where nothing can be sent.
OWNER = """
hub              200 | 405
share            200 | 400
shared           404 | 405
cycle-edit       200 | 400
cycle-archive    200 | 302
next             200 | 400
summary          200 | 405
summary-pdf      200 | 405
summary-word     200 | 405
summary-compared 200 | 405
document         404 | 405
document-pdf     404 | 405
document-word    404 | 405
review-calendar  200 | 405
points           200 | 302
pictures         404 | 405
check            200 | 400
question         200 | 302
reopen           302 | 302
question-history 200 | 405
restore          200 | 302
activity         200 | 405
compare          200 | 405
download-json    200 | 405
conclusion       404 | 404
submit           404 | 404
decide           404 | 404
revise           404 | 404
assign           404 | 404
comments         404 | 405
comments-on      404 | 404
looking-back     404 | 404
look-back-at     404 | 404
cycle-results    404 | 405
results-csv      404 | 405
results-xlsx     404 | 405
results-upload   404 | 404
tables           404 | 405
tables-xlsx      404 | 405
table-upload     404 | 404
measure          404 | 404
figure-change    404 | 404
figure-remove    404 | 404
event-add        404 | 404
event-change     404 | 404
event-remove     404 | 404
"""
EXPECTED = {line.split()[0]: line.split(maxsplit=1)[1] for line in OWNER.strip().splitlines()}
# Of a colleague's: 404, or 405 where nothing can be sent to anybody.
NOT_THERE = {"get": {404}, "post": {404, 405}}


@pytest.fixture
def own(world: World) -> Cycle:
    """Mary's reflection, begun, with one answer that nobody else is to read."""
    before = start_cycle(world.anywhere, REFLECTION, "Reflection, May 2026", *earlier(), world.manager)
    assert before.owner == world.manager
    cycle = start_cycle(world.anywhere, REFLECTION, NAME, *DAYS, world.manager)
    answer = {"reasons": ["listening"], "because": SECRET}
    saving.save_answer(saving.worksheet_of(cycle, "why"), "reasons", answer, user=world.manager)
    cycle.refresh_from_db()
    return cycle


def earlier() -> tuple[datetime.date, datetime.date]:
    return datetime.date(2026, 5, 1), datetime.date(2026, 10, 31)


def finished(cycle: Cycle) -> None:
    """All of it answered, as in the sample that ships, and complete."""
    assert REFLECTION.sample
    incoming = interchange.read(Path(REFLECTION.sample).read_bytes())
    for sheet in cycle.worksheets.select_related("cycle"):
        for question, answer in incoming.answers[sheet.stage].items():
            saving.save_answer(sheet, question, answer, user=cycle.owner)
        saving.complete(sheet, cycle.owner or User())


def place(name: str, cycle: Cycle, asked: tuple[str, ...] = (), **other: str) -> str:
    """Where a page of the reflection is."""
    values: dict[str, Any] = {
        "organisation": cycle.organisation.slug,
        "workbook": REFLECTION,
        "cycle": cycle.slug,
        "stage": "why",
        "step": "reasons",
        "question": "reasons",
        "version": 1,
        "pk": 1,
        "measure": "m-1",
        "table": "measures",
        "row": "m-1",
        "document": "you-said",
        "against": cycle.organisation.cycles.get(name="Reflection, May 2026").slug,
    }
    asked = asked or ASKED[name]
    return reverse(name, kwargs={key: value for key, value in (values | other).items() if key in asked})


OF_A_CYCLE = [
    pytest.param(name, tuple(pattern.pattern.converters), id=name)
    for name, pattern in ADDRESSES
    if "cycle" in pattern.pattern.converters
]


def test_every_address_of_a_cycle_is_in_the_table() -> None:
    assert sorted(EXPECTED) == sorted({name for name, _ in (param.values for param in OF_A_CYCLE)})


@pytest.mark.parametrize(("name", "asked"), OF_A_CYCLE)
def test_its_owner_gets_what_the_table_says_and_a_colleague_who_leads_nothing(
    name: str, asked: tuple[str, ...], world: World, own: Cycle, signed_in: SignIn
) -> None:
    url, found = place(name, own, asked), []
    for method in ("get", "post"):
        for person in (world.lead, world.contributor, world.admin, world.outsider):
            with transaction.atomic():
                answered = getattr(signed_in(person), method)(url)
                transaction.set_rollback(method == "post")
            assert answered.status_code in NOT_THERE[method], (str(person), method)
            assert SECRET not in answered.content.decode(errors="replace")
        with transaction.atomic():
            found.append(str(getattr(signed_in(world.manager), method)(url).status_code))
            transaction.set_rollback(method == "post")
    assert " | ".join(found) == EXPECTED[name]


def test_whoever_leaves_the_organisation_finds_it_no_more(world: World, own: Cycle, signed_in: SignIn) -> None:
    Membership.objects.filter(user=world.manager, organisation=world.anywhere).delete()
    assert signed_in(world.manager).get(place("hub", own)).status_code == 404


@pytest.mark.parametrize("who", ["lead", "contributor"])
def test_no_list_of_the_organisation_tells_that_it_is_there(
    world: World, own: Cycle, signed_in: SignIn, who: str
) -> None:
    client = signed_in(getattr(world, who))
    mine = reverse("dashboard", args=["nhs-anywhere", REFLECTION])
    lists = ("/o/nhs-anywhere/", "/o/nhs-anywhere/reviews/", mine, f"{mine}?archived", "/o/nhs-anywhere/people/")
    for path in (*lists, "/o/nhs-anywhere/trend/mine/", "/o/nhs-anywhere/compare/mine/", "/o/nhs-anywhere/results/"):
        said = words(client.get(path))
        assert "2026, Mary" not in said
        assert NAME not in said, path
        assert own.slug not in client.get(path).content.decode(), path
    assert NAME in words(signed_in(world.manager).get("/o/nhs-anywhere/"))
    assert NAME in words(signed_in(world.manager).get(mine))


def test_a_name_that_is_taken_tells_nobody_of_it(world: World, own: Cycle, signed_in: SignIn) -> None:
    """Hers has names of its own: Lena may call a reflection of hers the same, and a review too."""
    lead = signed_in(world.lead)
    begun = send(lead, reverse("cycle-start", args=["nhs-anywhere", REFLECTION]), name=NAME)
    assert begun.status_code == 302
    mine = Cycle.objects.get(owner=world.lead)
    assert mine.name == NAME
    assert mine.slug not in (own.slug, own.slug.rsplit("-", 1)[0])
    days = {f"{name}__{part}": value for name in ("starts",) for part, value in (("day", "1"),)}
    assert send(lead, "/o/nhs-anywhere/reviews/new/", name="Reflection, May 2026", **days).status_code == 302
    again = send(lead, reverse("cycle-start", args=["nhs-anywhere", REFLECTION]), name=NAME)
    assert again.status_code == 400
    assert "You already have a reflection with this one" in words(again)


def test_everybody_may_begin_one_of_their_own(world: World, signed_in: SignIn) -> None:
    for person in (world.manager, world.contributor, world.lead):
        begun = send(signed_in(person), reverse("cycle-start", args=["nhs-anywhere", REFLECTION]))
        assert begun.status_code == 302
    assert Cycle.objects.filter(owner=world.manager).count() == 1
    assert Cycle.objects.filter(workbook=REFLECTION.key).count() == 3


def test_the_administration_neither_lists_nor_counts_nor_opens_it(world: World, own: Cycle, signed_in: SignIn) -> None:
    admin = signed_in(world.admin)
    assert NAME not in words(admin.get("/admin/worksheets/cycle/"))
    assert admin.get(f"/admin/worksheets/cycle/{own.pk}/change/").status_code == 302
    row = admin.get("/admin/worksheets/organisation/").content.decode()
    [cells] = [
        [cell.text_content().strip() for cell in line.xpath("./td")]
        for line in tree(admin.get("/admin/worksheets/organisation/")).xpath("//tr[th/a[contains(., 'NHS Anywhere')]]")
    ]
    assert cells[-1] == "1", row
    for trail in ("/admin/worksheets/auditevent/",):
        assert NAME not in words(admin.get(trail))


def test_nobody_is_mailed_or_told_of_anything_in_it(world: World, own: Cycle, signed_in: SignIn) -> None:
    owner = signed_in(world.manager)
    send(owner, place("question", own), because="Something else")
    owner.get(place("summary-pdf", own))
    owner.get(place("download-json", own))
    assert mail.outbox == []
    assert not Notice.objects.exists()
    assert not AuditEvent.objects.exists()


def test_it_is_read_for_nothing_that_is_the_organisations(world: World, own: Cycle, signed_in: SignIn) -> None:
    """Rows are offered from run to run: none of a run that is somebody's own."""
    for path in ("reviews/autumn-2026/stakeholders/stakeholders/", "reviews/autumn-2026/resources/setup/"):
        assert SECRET not in signed_in(world.lead).get(f"/o/nhs-anywhere/{path}").content.decode()


# Sharing.


def test_its_page_does_not_list_who_took_part(world: World, own: Cycle, signed_in: SignIn) -> None:
    page = signed_in(own.owner).get(reverse("summary", args=["nhs-anywhere", REFLECTION, own.slug]))
    assert page.status_code == 200
    assert "Who took part" not in words(page)


def test_it_is_shared_only_once_it_is_finished(world: World, own: Cycle, signed_in: SignIn) -> None:
    owner = signed_in(world.manager)
    page = owner.get(place("share", own))
    assert "You can share it once all four worksheets are complete." in words(page)
    assert not tree(page).xpath("//button[@value='share']")
    assert owner.post(place("share", own), {"do": "share"}).status_code == 409
    own.refresh_from_db()
    assert own.shared_at is None


def test_leads_read_the_finished_page_and_no_answer_until_it_is_taken_back(
    world: World, own: Cycle, signed_in: SignIn
) -> None:
    finished(own)
    owner, lead, colin = signed_in(world.manager), signed_in(world.lead), signed_in(world.contributor)
    page = owner.get(place("share", own))
    assert "Lena Lead" in words(page)
    assert owner.post(place("share", own), {"do": "share"}).status_code == 302
    assert "The leads of your organisation can read the finished page." in words(owner.get(place("hub", own)))
    start = lead.get("/o/nhs-anywhere/")
    assert "Shared with you" in words(start)
    [link] = tree(start).xpath("//section[@aria-labelledby='shared']//a/@href")
    assert link == place("shared", own)
    read = words(lead.get(link))
    assert "Mary Manager shows you this page" in read
    # What stands on the front is there; what is asked and not told there is not.
    assert "Why" in read
    for name in ("hub", "summary", "summary-pdf", "check", "question", "download-json", "activity", "points"):
        assert lead.get(place(name, own)).status_code == 404, name
    assert colin.get(link).status_code == 404
    assert "Shared with you" not in words(colin.get("/o/nhs-anywhere/"))
    assert signed_in(world.outsider).get(link).status_code == 404
    assert owner.post(place("share", own), {"do": "take-back"}).status_code == 302
    assert lead.get(link).status_code == 404
    assert "Shared with you" not in words(lead.get("/o/nhs-anywhere/"))
    assert "Only you see this reflection." in words(owner.get(place("hub", own)))


def test_what_is_sent_twice_is_shared_once(world: World, own: Cycle, signed_in: SignIn) -> None:
    finished(own)
    owner = signed_in(world.manager)
    for verb in ("share", "share", "take-back", "take-back"):
        assert owner.post(place("share", own), {"do": verb})["Location"] == place("hub", own)
    own.refresh_from_db()
    assert own.shared_at is None


def test_while_an_answer_is_changed_there_is_no_page(world: World, own: Cycle, signed_in: SignIn) -> None:
    finished(own)
    owner, lead = signed_in(world.manager), signed_in(world.lead)
    owner.post(place("share", own), {"do": "share"})
    saving.reopen(saving.worksheet_of(own, "why"))
    assert lead.get(place("shared", own)).status_code == 404
    assert "While a worksheet is open they see nothing." in words(owner.get(place("share", own)))


def test_what_is_shared_is_gone_when_its_owner_leaves_or_puts_it_away(
    world: World, own: Cycle, signed_in: SignIn
) -> None:
    finished(own)
    owner, lead = signed_in(world.manager), signed_in(world.lead)
    owner.post(place("share", own), {"do": "share"})
    assert lead.get(place("shared", own)).status_code == 200
    owner.post(place("cycle-archive", own), {"do": "archive"})
    assert lead.get(place("shared", own)).status_code == 404
    page = owner.get(place("share", own))
    assert "nobody else sees anything of it" in words(page)
    assert not tree(page).xpath("//main//button[@name='do']")
    assert owner.post(place("share", own), {"do": "share"})["Location"] == place("share", own)
    owner.post(place("cycle-archive", own), {"do": "restore"})
    Membership.objects.filter(user=world.manager, organisation=world.anywhere).delete()
    assert lead.get(place("shared", own)).status_code == 404


def test_a_page_asks_for_nothing_but_its_buttons(world: World, own: Cycle, signed_in: SignIn) -> None:
    assert signed_in(world.manager).post(place("share", own), {"do": "publish"}).status_code == 400
    review = "/o/nhs-anywhere/reviews/autumn-2026/share/"
    assert signed_in(world.lead).get(review).status_code == 404


# Files.


def test_a_file_of_it_is_stored_for_its_owner_and_taken_out_for_nobody_else(world: World, own: Cycle) -> None:
    assert REFLECTION.sample
    out, err = io.StringIO(), io.StringIO()
    call_command("import_review", str(REFLECTION.sample), owner="contributor@example.org", stdout=out, stderr=err)
    stored = out.getvalue().strip()
    cycle = Cycle.objects.get(slug=stored.partition("/")[2])
    assert cycle.owner == world.contributor
    with pytest.raises(CommandError, match="There is no review"):
        call_command("export_review", stored)
    with pytest.raises(CommandError, match="There is no review"):
        call_command("export_review", stored, owner="lead@example.org")
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("export_review", stored, owner="nobody-knows@example.org")
    written = io.StringIO()
    call_command("export_review", stored, owner="contributor@example.org", stdout=written)
    assert json.loads(written.getvalue()) == json.loads(Path(REFLECTION.sample).read_text(encoding="utf-8"))


def test_one_that_was_stored_for_nobody_is_found_by_nobody_in_the_browser(world: World, signed_in: SignIn) -> None:
    assert REFLECTION.sample
    out, err = io.StringIO(), io.StringIO()
    call_command("import_review", str(REFLECTION.sample), stdout=out, stderr=err)
    assert "Nobody can open it" in err.getvalue()
    organisation, slug = out.getvalue().strip().split("/")
    assert Organisation.objects.get(slug=organisation)
    for person in (world.lead, world.manager, world.admin):
        assert signed_in(person).get(f"/o/{organisation}/mine/{slug}/").status_code == 404
    written = io.StringIO()
    call_command("export_review", f"{organisation}/{slug}", stdout=written)
    assert json.loads(written.getvalue())["format"] == "leader-reflection/1"


def test_its_queue_and_its_files_are_reached_by_nobody_else(world: World, own: Cycle, signed_in: SignIn) -> None:
    owner = signed_in(world.manager)
    assert owner.get(place("summary-pdf", own)).status_code == 200
    printing = Printing.objects.get(cycle=own)
    assert signed_in(world.lead).get(f"{place('summary-pdf', own)}?asked={printing.pk}").status_code == 404
    assert by_path("mine") is REFLECTION
