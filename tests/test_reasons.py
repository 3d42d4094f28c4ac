"""Points that are left as they are with the reason of a lead: shown wherever the point is, and never in the way."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.reading import error_messages, seen_on, tree, words
from tests.world import World, sample
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Reason, User
from worksheets.reasons import reasons_of, settled
from worksheets.report import contents
from worksheets.workbooks.strategy import STRATEGY

SignedIn = Callable[[User], Client]
POINTS = "/o/nhs-anywhere/reviews/autumn-2026/points/"
HUB = "/o/nhs-anywhere/reviews/autumn-2026/"
PEERS = "drivers.peer-pressure-only|"


@pytest.fixture(autouse=True)
def peer_pressure(world: World) -> None:
    """The review of the sample, were peer pressure its only driver: one point that says stop."""
    world.fill(**with_drivers(["peers"]))


def with_drivers(drivers: list[str]) -> dict[str, dict[str, object]]:
    answers = copy.deepcopy(sample()["worksheets"])
    answers["drivers"]["drivers"] = {"drivers": drivers} | {f"{key}_evidence": "It shows." for key in drivers}
    return answers


@pytest.fixture
def lead(world: World, signed_in: SignedIn) -> Client:
    return signed_in(world.lead)


def test_a_lead_answers_a_point_with_a_reason(world: World, lead: Client) -> None:
    page = lead.get(POINTS)
    assert "Leave it as it is, with a reason" in words(page)
    assert lead.post(POINTS, {"point": PEERS, "seen": "", "text": "The board asked for it."}).status_code == 302
    page = words(lead.get(POINTS))
    assert "Left as they are" in page
    assert "Why we leave it so" in page
    assert "The board asked for it." in page
    assert "Your reason is saved." in page
    hub = words(lead.get(HUB))
    assert "1 left with a reason" in hub
    assert "Peer pressure is the only driver" not in hub


def test_a_reason_is_changed_and_removed(world: World, lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The first."})
    lead.post(POINTS, {"point": PEERS, "seen": seen_on(lead.get(POINTS)), "text": "The second."})
    assert Reason.objects.get().text == "The second."
    lead.post(POINTS, {"point": PEERS, "seen": seen_on(lead.get(POINTS)), "do": "remove"})
    assert not Reason.objects.exists()
    assert "Peer pressure is the only driver" in words(lead.get(HUB))


def test_the_others_read_reasons_and_write_none(world: World, lead: Client, signed_in: SignedIn) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    for user in (world.contributor, world.manager):
        client = signed_in(user)
        page = words(client.get(POINTS))
        assert "The board asked for it." in page
        assert "Change the reason" not in page
        assert client.post(POINTS, {"point": PEERS, "text": "Mine."}).status_code == 403
    for user in (world.outsider, world.nobody, world.admin):
        assert signed_in(user).post(POINTS, {"point": PEERS, "text": "Mine."}).status_code == 404
    assert Reason.objects.get().text == "The board asked for it."


@pytest.mark.parametrize("state", [Cycle.State.SUBMITTED, Cycle.State.SIGNED_OFF])
def test_no_reason_is_written_once_a_review_is_closed(world: World, lead: Client, state: str) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(state=state)
    assert "Leave it as it is" not in words(lead.get(POINTS))
    page = lead.post(POINTS, {"point": PEERS, "text": "Too late to say."})
    assert page.status_code == 403
    assert "Too late to say." in [box.text_content().strip() for box in tree(page).xpath("//textarea")]
    assert not Reason.objects.exists()


def test_an_empty_or_endless_reason_is_asked_for_again_with_what_was_typed(lead: Client) -> None:
    page = lead.post(POINTS, {"point": PEERS, "text": "  "})
    assert page.status_code == 400
    assert error_messages(page) == ["Enter your reason"]
    page = lead.post(POINTS, {"point": PEERS, "text": "x" * 2_001})
    assert page.status_code == 400
    assert error_messages(page) == ["Shorten this to 2,000 characters or fewer. It is 1 too long"]
    assert "x" * 2_001 in page.content.decode()
    assert not Reason.objects.exists()


def test_two_leads_at_one_reason_see_both_texts(lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "Hers."})
    page = lead.post(POINTS, {"point": PEERS, "seen": "", "text": "Mine."})
    assert page.status_code == 409
    assert "Hers." in words(page)
    assert tree(page).xpath("//textarea")[0].text_content().strip() == "Mine."
    assert Reason.objects.get().text == "Hers."


def test_a_mistake_does_not_hide_what_another_lead_wrote_meanwhile(lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "Hers."})
    wrong = lead.post(POINTS, {"point": PEERS, "seen": "", "text": "x" * 2_001})
    assert wrong.status_code == 400
    assert lead.post(POINTS, {"point": PEERS, "seen": "", "text": "Mine."}).status_code == 409
    assert tree(wrong).xpath("//input[@name='seen']/@value") == [""]


def test_a_reason_is_escaped(lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "<script>alert(1)</script>"})
    html = lead.get(POINTS).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_reason_goes_and_comes_with_its_point(world: World, lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    world.fill(**with_drivers(["audience"]))
    assert "The board asked for it." not in words(lead.get(POINTS))
    assert "left with a reason" not in words(lead.get(HUB))
    assert "New." in words(lead.post(POINTS, {"point": PEERS, "text": "New."}))
    assert lead.post(POINTS, {"point": PEERS, "text": ""})["Location"] == POINTS
    assert "needs no reason" in words(lead.get(POINTS))
    world.fill(**with_drivers(["peers"]))
    assert "The board asked for it." in words(lead.get(POINTS))


def without_owners(*accounts: int) -> dict[str, dict[str, object]]:
    """The answers of the sample, were nobody named who looks after these accounts."""
    answers = with_drivers(["audience"])
    for account in accounts:
        answers["stakeholders"]["platforms"]["platforms"][account].pop("owner")  # type: ignore[index,call-overload]
    return answers


NOBODY = "stakeholders.account-without-owner|acc-facebook,acc-x"


def test_a_point_of_any_level_takes_a_reason(world: World, lead: Client) -> None:
    world.fill(**without_owners(0, 4))
    assert lead.post(POINTS, {"point": NOBODY, "text": "The night shift answers."}).status_code == 302
    page = words(lead.get(POINTS))
    assert "No point is open." in page
    assert "Left as they are" in page
    assert "The night shift answers." in page
    assert "1 left with a reason" in words(lead.get(HUB))
    assert "The night shift answers." in words(lead.get(f"{HUB}stakeholders/platforms/"))


def test_a_reason_holds_for_the_rows_it_was_written_for_and_for_no_other(world: World, lead: Client) -> None:
    world.fill(**without_owners(0, 4))
    lead.post(POINTS, {"point": NOBODY, "text": "The night shift answers."})
    world.fill(**without_owners(0, 2, 4))
    found = settled(review_of(world.cycle), reasons_of(world.cycle))
    assert [one.subjects for one in found.open] == [("acc-instagram",)]
    assert [one.finding.subjects for one in found.left] == [("acc-facebook", "acc-x")]
    page = words(lead.get(POINTS))
    assert "Nobody is named who looks after nhsanywhere on Instagram." in page
    assert "Nobody is named who looks after NHSAnywhere on Facebook or NHSAnywhere on X (formerly Twitter)." in page
    world.fill(**without_owners(4))
    (left,) = settled(review_of(world.cycle), reasons_of(world.cycle)).left
    assert left.finding.subjects == ("acc-x",)


def test_the_first_three_open_points_stand_on_the_hub_what_to_do_first_on_top(world: World, lead: Client) -> None:
    answers = without_owners(0)
    answers["resources"]["outcomes"]["answer"] = "no"  # type: ignore[index]
    answers["resources"]["weekly"].pop("contingency")  # type: ignore[attr-defined]
    answers["content"]["publishers"].pop("colleagues_support")  # type: ignore[attr-defined]
    world.fill(**answers)
    page = tree(lead.get(HUB))
    links = [link.text_content() for link in page.xpath("//a[contains(@href, '/points/#point-')]")]
    assert [text.split(".")[0] for text in links] == [
        "You say that other work would lead to better outcomes",
        "Nobody is named who looks after NHSAnywhere on Facebook",
        "Nothing says what happens when your accounts suddenly get busy",
    ]
    assert "See all 4 points" in words(lead.get(HUB))


def test_reasons_are_found_by_the_point_they_belong_to(world: World, lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    assert {key: reason.text for key, reason in reasons_of(world.cycle).items()} == {
        ("drivers.peer-pressure-only", ""): "The board asked for it."
    }
    assert not settled(review_of(world.cycle), reasons_of(world.cycle)).stops


def test_the_summary_tells_the_point_and_its_reason(world: World, lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    page = words(lead.get(reverse("summary", args=["nhs-anywhere", STRATEGY, "autumn-2026"])))
    assert "Left as they are" in page
    assert "Why we leave it so" in page
    assert "The board asked for it." in page
    assert "Lena Lead, " in page
    assert "1 point left as it is, with a reason." in page


def test_a_new_reason_makes_a_new_pdf(world: World, lead: Client) -> None:
    def word() -> str:
        visit = world.visit(world.lead)
        return contents.digest(visit.cycle, visit.texts_stamp)

    before = word()
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    with_reason = word()
    lead.post(POINTS, {"point": PEERS, "seen": seen_on(lead.get(POINTS)), "text": "It insists."})
    assert len({before, with_reason, word()}) == 3


def test_a_page_of_another_site_writes_nothing(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(POINTS, {"point": PEERS, "text": "Forged."}).status_code == 403
    assert not Reason.objects.exists()


def test_the_reason_stands_on_the_page_of_the_question_too(world: World, lead: Client) -> None:
    lead.post(POINTS, {"point": PEERS, "text": "The board asked for it."})
    assert "The board asked for it." in words(lead.get(f"{HUB}drivers/drivers/"))
