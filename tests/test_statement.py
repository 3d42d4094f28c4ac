"""The accessibility statement says who runs the service and how to reach them, or that they have not said so."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client

from tests.reading import tree, words

pytestmark = pytest.mark.django_db
HOST = "Anywhere ICB <Digital> & *co*"


def test_it_is_open_to_everybody_and_in_the_footer_of_every_page(client: Client) -> None:
    page = tree(client.get("/accounts/login/"))
    (link,) = page.xpath("//footer//a[normalize-space()='Accessibility statement']")
    assert client.get(link.get("href")).status_code == 200


def test_it_names_the_host_and_how_to_reach_them(client: Client, settings: Any) -> None:
    settings.HOST_NAME = HOST
    settings.ACCESSIBILITY_CONTACT = "access_team@example.nhs.uk, 01632 960 001. We reply within 5 days."
    settings.ACCESSIBILITY_REVIEWED = "1 December 2026"
    said = words(client.get("/accessibility/"))
    assert f"as {HOST} runs it" in said
    assert "access_team@example.nhs.uk, 01632 960 001. We reply within 5 days." in said
    assert "It was last reviewed on 1 December 2026." in said


def test_it_says_so_where_the_host_has_not_said_anything(client: Client) -> None:
    said = words(client.get("/accessibility/"))
    assert "The organisation that runs this service has not given a contact here yet" in said
    assert "{" not in said


def test_it_follows_the_model_and_claims_only_what_was_tested(client: Client) -> None:
    said = words(client.get("/accessibility/"))
    for part in (
        "partially compliant",
        "Equality and Human Rights Commission",
        "Equality Commission for Northern Ireland",
        "criterion 1.3.1",
        "No screen reader users have tested it yet",
        "This statement was prepared on 26 November 2026",
    ):
        assert part in said
    for claim in ("fully compliant", "we tested with screen readers"):
        assert claim not in said.lower()


@pytest.mark.parametrize(("host", "contact", "told"), [("", "", 1), ("NHS", "", 1), ("NHS", "a@example.org", 0)])
def test_a_host_who_has_not_given_them_is_told_before_going_live(
    settings: Any, host: str, contact: str, told: int
) -> None:
    settings.HOST_NAME, settings.ACCESSIBILITY_CONTACT = host, contact
    found = [one for one in run_checks(include_deployment_checks=True) if one.id == "toolkit.I001"]
    assert len(found) == told
