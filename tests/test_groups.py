"""Groups of organisations: who sees what of whom, what is never seen, and that it is taken back at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.world import World, cycle_of, person, sample
from worksheets import texts
from worksheets.groups.figures import figures_of, together
from worksheets.models import AuditEvent, Cycle, Group, GroupMember, Membership, Organisation, User, Worksheet

SignIn = Callable[[User], Client]
MARK = "Quokka"


@pytest.fixture
def board(world: World) -> Group:
    """A group with both organisations of the world; neither has chosen yet."""
    group = Group.objects.create(name="Anywhere Integrated Care Board", slug="anywhere-icb")
    for organisation in (world.anywhere, world.elsewhere):
        GroupMember.objects.create(group=group, organisation=organisation)
    return group


def at(name: str, organisation: str = "nhs-anywhere", group: str = "anywhere-icb") -> str:
    return reverse(name, args=[organisation, group])


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def show(group: Group, organisation: Organisation, shows: str) -> None:
    GroupMember.objects.update_or_create(group=group, organisation=organisation, defaults={"shows": shows})


def weekly(capacity: int, watched: str = "extended") -> dict[str, Any]:
    """The worksheet in which only that is answered."""
    return {"resources": {"weekly": {"capacity": capacity, "watched": watched, "reply_within": 6}}}


def practices(world: World, group: Group, number: int, watched: str = "extended") -> list[Organisation]:
    """So many more organisations in the group that give counts without their name: 10, 11, 12 hours held and so on."""
    made = []
    for n in range(number):
        one = Organisation.objects.create(name=f"Practice {n}", slug=f"practice-{n}")
        world.fill(cycle_of(one), **weekly(10 + n, watched))
        show(group, one, "counts")
        made.append(one)
    return made


# Who sees what


def test_an_organisation_shows_nothing_until_its_leads_choose(world: World, board: Group, signed_in: SignIn) -> None:
    page = read(signed_in(world.outsider), at("group", "nhs-elsewhere"))
    assert "2 organisations are in this group" in page
    assert "NHS Anywhere" not in page
    assert "No other organisation shows its figures with its name" in page


def test_whoever_shows_itself_by_name_is_seen_with_its_figures(world: World, board: Group, signed_in: SignIn) -> None:
    world.fill()
    assert signed_in(world.lead).post(at("group-share"), {"shows": "named", "seen": "nothing"}).status_code == 302
    page = read(signed_in(world.outsider), at("group", "nhs-elsewhere"))
    assert "NHS Anywhere Foundation Trust" in page
    (shown,) = figures_of([GroupMember.objects.get(organisation=world.anywhere)], texts.current())
    for cell in shown.cells:
        assert cell in page
    assert "held" in page
    assert "Office" in page or "office" in page


def test_the_page_on_which_leads_choose_shows_just_what_the_others_get(
    world: World, board: Group, signed_in: SignIn
) -> None:
    world.fill()
    show(board, world.anywhere, "named")

    def row(page: str) -> str:
        return page.partition('role="rowheader">NHS Anywhere Foundation Trust')[2].partition("</tr>")[0]

    theirs = row(read(signed_in(world.outsider), at("group", "nhs-elsewhere")))
    assert "answered" in theirs
    assert row(read(signed_in(world.lead), at("group-share"))) == theirs


def test_what_is_taken_back_is_gone_at_once(world: World, board: Group, signed_in: SignIn) -> None:
    show(board, world.anywhere, "named")
    outsider = signed_in(world.outsider)
    assert "NHS Anywhere" in read(outsider, at("group", "nhs-elsewhere"))
    assert "Take it back" in read(signed_in(world.lead), at("group-share"))
    signed_in(world.lead).post(at("group-share"), {"shows": "nothing"})
    assert "NHS Anywhere" not in read(outsider, at("group", "nhs-elsewhere"))


def test_whoever_is_taken_out_takes_along_what_it_showed(world: World, board: Group, signed_in: SignIn) -> None:
    show(board, world.anywhere, "named")
    GroupMember.objects.filter(organisation=world.anywhere).delete()
    assert "NHS Anywhere" not in read(signed_in(world.outsider), at("group", "nhs-elsewhere"))
    assert signed_in(world.lead).get(at("group")).status_code == 404
    GroupMember.objects.create(group=board, organisation=world.anywhere)
    assert "NHS Anywhere" not in read(signed_in(world.outsider), at("group", "nhs-elsewhere"))


def test_one_group_does_not_see_what_another_is_shown(world: World, board: Group, signed_in: SignIn) -> None:
    other = Group.objects.create(name="Anywhere PCN", slug="anywhere-pcn")
    show(other, world.anywhere, "named")
    assert "NHS Anywhere" not in read(signed_in(world.outsider), at("group", "nhs-elsewhere"))
    for name in ("group", "group-share"):
        assert signed_in(world.outsider).get(at(name, "nhs-elsewhere", "anywhere-pcn")).status_code == 404
        assert signed_in(world.outsider).get(at(name, "nhs-anywhere", "anywhere-pcn")).status_code == 404
    sent = signed_in(world.outsider).post(at("group-share", "nhs-elsewhere", "anywhere-pcn"), {"shows": "named"})
    assert sent.status_code == 404


def test_every_member_may_look_and_only_leads_choose(world: World, board: Group, signed_in: SignIn) -> None:
    for user in (world.contributor, world.manager):
        page = read(signed_in(user), at("group-share"))
        assert "Leads of your organisation choose" in page
        assert 'type="radio"' not in page
        assert signed_in(user).post(at("group-share"), {"shows": "named", "seen": "nothing"}).status_code == 403
    assert GroupMember.objects.get(organisation=world.anywhere).shows == "nothing"


# Choosing


def test_a_choice_is_in_the_audit_trail_once(world: World, board: Group, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    for _ in range(2):
        assert lead.post(at("group-share"), {"shows": "counts", "seen": "nothing"}).status_code == 302
    line = AuditEvent.objects.get(kind="shared")
    assert (line.by, line.organisation) == (world.lead, world.anywhere)
    assert line.detail == "Anywhere Integrated Care Board: Counts without our name"
    place = GroupMember.objects.get(organisation=world.anywhere)
    assert place.chosen_by == world.lead
    assert place.chosen_at is not None


def test_nothing_chosen_is_asked_again(world: World, board: Group, signed_in: SignIn) -> None:
    response = signed_in(world.lead).post(at("group-share"), {"seen": "nothing"})
    assert response.status_code == 400
    assert "Choose what the group sees" in response.content.decode()


def test_two_leads_do_not_overwrite_each_other_unseen(world: World, board: Group, signed_in: SignIn) -> None:
    show(board, world.anywhere, "counts")
    response = signed_in(world.lead).post(at("group-share"), {"shows": "named", "seen": "nothing"})
    assert response.status_code == 409
    assert "Somebody else chose meanwhile" in response.content.decode()
    assert GroupMember.objects.get(organisation=world.anywhere).shows == "counts"
    assert signed_in(world.lead).post(at("group-share"), {"shows": "nothing", "seen": "named"}).status_code == 302


# Without a name


def test_of_fewer_than_five_without_a_name_nothing_is_told(world: World, board: Group, signed_in: SignIn) -> None:
    practices(world, board, 4)
    page = read(signed_in(world.lead), at("group"))
    assert "Nothing to show yet" in page
    assert "Practice" not in page
    assert "4 organisations" not in page
    assert "10 held" not in page


def test_of_five_the_middle_is_told_and_nobody_s_row(world: World, board: Group, signed_in: SignIn) -> None:
    practices(world, board, 5)
    page = read(signed_in(world.lead), at("group"))
    assert "5 organisations show counts without their name" in page
    assert "12 held" in page
    assert "Practice" not in page
    for figure in ("10 held", "11 held", "13 held", "14 held"):
        assert figure not in page


def test_a_figure_that_fewer_than_five_know_is_not_told(world: World, board: Group) -> None:
    made = practices(world, board, 5)
    Worksheet.objects.filter(cycle__organisation=made[0], stage="resources").update(answers={})
    rows = dict(told(board))
    assert rows["Hours a week"] == "Not shown"
    assert "answered" in rows["Review in hand"]


def test_a_choice_is_counted_only_where_five_made_it_and_five_did_not(world: World, board: Group) -> None:
    made = practices(world, board, 9)
    for one in made[:4]:
        world.fill(one.cycles.get(), **weekly(10, "nobody"))
    assert dict(told(board))["Accounts watched"] == "Not shown"
    more = Organisation.objects.create(name="One more", slug="one-more")
    world.fill(cycle_of(more), **weekly(10, "nobody"))
    show(board, more, "counts")
    said = dict(told(board))["Accounts watched"]
    assert "5 of 10: Nobody does yet" in said
    assert "5 of 10: Longer than office hours" in said


def test_what_all_choose_alike_is_not_told(world: World, board: Group) -> None:
    practices(world, board, 12)
    assert dict(told(board))["Accounts watched"] == "Not shown"


def test_every_reader_gets_the_same_middle_so_that_two_cannot_subtract(
    world: World, board: Group, signed_in: SignIn
) -> None:
    made = practices(world, board, 5)
    show(board, world.anywhere, "counts")
    world.fill(**weekly(40))
    reader = person("practice@example.org", "Priya Practice")
    Membership.objects.create(user=reader, organisation=made[0], role="lead")

    def middle(page: str) -> str:
        return page.partition("app-group-middle")[2].partition("</table>")[0]

    one = middle(read(signed_in(world.lead), at("group")))
    assert one == middle(read(signed_in(reader), at("group", "practice-0")))
    # The middle of 10 to 14 and 40 is 12.5, which is nobody's and is rounded.
    assert "12 held" in one


def told(group: Group) -> list[tuple[str, str]]:
    places = list(group.places.filter(shows="counts").select_related("organisation"))
    return together(figures_of(places, texts.current()))


# What is never shown


def marked(thing: Any) -> Any:
    """The same answers with a word in everything that somebody typed or might have."""
    if isinstance(thing, dict):
        return {
            key: marked(value) if key not in ("id", "watched", "pattern") else value for key, value in thing.items()
        }
    if isinstance(thing, list):
        return [marked(value) for value in thing]
    return f"{thing} {MARK}" if isinstance(thing, str) and " " in thing else thing


@pytest.mark.parametrize("shows", ["named", "counts"])
def test_no_word_of_an_answer_is_on_any_of_the_pages(shows: str, world: World, board: Group, signed_in: SignIn) -> None:
    answers = marked(sample()["worksheets"])
    assert MARK in str(answers)
    world.fill(**answers)
    Cycle.objects.filter(pk=world.cycle.pk).update(name=f"Autumn {MARK}", strategy_title=MARK)
    for one in practices(world, board, 5):
        world.fill(one.cycles.get(), **answers)
    show(board, world.anywhere, shows)
    for user, organisation in ((world.lead, "nhs-anywhere"), (world.outsider, "nhs-elsewhere")):
        for name in ("group", "group-share"):
            assert MARK not in read(signed_in(user), at(name, organisation))


def test_what_is_private_or_archived_is_not_counted(world: World, board: Group) -> None:
    world.fill()
    Cycle.objects.filter(pk=world.cycle.pk).update(archived_at=timezone.now())
    Cycle.objects.create(
        organisation=world.anywhere,
        workbook="reflection",
        owner=world.lead,
        name="Mine",
        slug="mine",
        starts=datetime.date(2026, 11, 1),
        ends=datetime.date(2026, 12, 1),
    )
    place = GroupMember.objects.get(organisation=world.anywhere)
    (shown,) = figures_of([place], texts.current())
    assert set(shown.cells) == {"–"}


# The list, and what it costs


def test_the_people_page_leads_to_groups_only_where_there_are_some(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.contributor)
    url = reverse("groups", args=["nhs-anywhere"])
    assert url not in read(client, reverse("people", args=["nhs-anywhere"]))
    assert "is in no group" in read(client, url)
    group = Group.objects.create(name="Anywhere ICB", slug="icb")
    GroupMember.objects.create(group=group, organisation=world.anywhere)
    assert url in read(client, reverse("people", args=["nhs-anywhere"]))
    page = read(client, url)
    assert "Anywhere ICB" in page
    assert "nothing" in page


def test_more_organisations_take_no_more_queries(world: World, board: Group, signed_in: SignIn) -> None:
    client = signed_in(world.lead)
    practices(world, board, 1)
    read(client, at("group"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        read(client, at("group"))
    for n in range(12):
        one = Organisation.objects.create(name=f"Surgery {n}", slug=f"surgery-{n}")
        world.fill(cycle_of(one))
        show(board, one, "named")
    with CaptureQueriesContext(connection) as many:
        read(client, at("group"))
    assert len(many) == len(few)


# The administration


def test_administrators_put_organisations_in_and_do_not_choose_for_them(world: World, signed_in: SignIn) -> None:
    sent = {
        "name": "Anywhere ICB",
        "slug": "icb",
        "places-TOTAL_FORMS": 1,
        "places-INITIAL_FORMS": 0,
        "places-0-organisation": world.anywhere.pk,
        "places-0-shows": "named",
    }
    assert signed_in(world.admin).post(reverse("admin:worksheets_group_add"), sent).status_code == 302
    assert GroupMember.objects.get().shows == "nothing"


def test_a_place_is_not_swapped_to_another_organisation(world: World, board: Group, signed_in: SignIn) -> None:
    show(board, world.anywhere, "named")
    GroupMember.objects.filter(organisation=world.elsewhere).delete()
    place = GroupMember.objects.get()
    sent = {
        "name": board.name,
        "slug": board.slug,
        "places-TOTAL_FORMS": 1,
        "places-INITIAL_FORMS": 1,
        "places-0-id": place.pk,
        "places-0-group": board.pk,
        "places-0-organisation": world.elsewhere.pk,
    }
    signed_in(world.admin).post(reverse("admin:worksheets_group_change", args=[board.pk]), sent)
    assert GroupMember.objects.get().organisation == world.anywhere
