"""The one named world of people in which every test takes place.

NHS Anywhere runs a review: Lena leads it, Colin contributes, Mary manages. Ada administers the service. Olu leads at
NHS Elsewhere, and is a stranger to NHS Anywhere. Nia has signed in and belongs nowhere.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksheets.access import CycleVisit, visit_cycle
from worksheets.models import Cycle, Membership, Organisation, Role, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

PASSWORD = "correct horse battery staple"
SAMPLE_FILE = Path(__file__).parent / "samples" / "nhs-anywhere.json"
# The platforms of the guide by key, as tests without a database know them.
PLATFORMS = {
    key: key.title()
    for key in [
        "facebook",
        "x",
        "threads",
        "bluesky",
        "linkedin",
        "youtube",
        "instagram",
        "snapchat",
        "whatsapp",
        "messenger",
        "tiktok",
        "blogs",
        "forums",
    ]
}


def sample() -> dict[str, Any]:
    """The review of NHS Anywhere as its interchange file, every question answered."""
    return json.loads(SAMPLE_FILE.read_text(encoding="utf-8"))


@dataclass
class World:
    """The people, their organisations and one review cycle each, with nothing answered yet."""

    lead: User
    contributor: User
    manager: User
    admin: User
    outsider: User
    nobody: User
    anywhere: Organisation
    elsewhere: Organisation
    cycle: Cycle
    foreign_cycle: Cycle

    def fill(self, cycle: Cycle | None = None, **stages: dict[str, Any]) -> None:
        """Put answers in the worksheets: those of the sample, or those given by stage."""
        for stage, answers in (stages or sample()["worksheets"]).items():
            Worksheet.objects.filter(cycle=cycle or self.cycle, stage=stage).update(
                answers=answers, version=len(answers)
            )

    def visit(self, user: User, cycle: Cycle | None = None) -> CycleVisit:
        """That person at work in a review, as it is stored now."""
        cycle = cycle or self.cycle
        return visit_cycle(user, cycle.organisation.slug, STRATEGY, cycle.slug)


def person(email: str, name: str, **extra: Any) -> User:
    return User.objects.create_user(email, PASSWORD, name=name, **extra)


def cycle_of(organisation: Organisation, name: str = "Autumn 2026", slug: str = "autumn-2026") -> Cycle:
    cycle = Cycle.objects.create(
        organisation=organisation,
        name=name,
        slug=slug,
        starts=datetime.date(2026, 10, 1),
        ends=datetime.date(2027, 3, 31),
    )
    Worksheet.objects.bulk_create(Worksheet(cycle=cycle, stage=stage.key) for stage in STRATEGY.stages)
    return cycle


def make_world() -> World:
    anywhere = Organisation.objects.create(name="NHS Anywhere Foundation Trust", slug="nhs-anywhere")
    elsewhere = Organisation.objects.create(name="NHS Elsewhere", slug="nhs-elsewhere")
    world = World(
        lead=person("lead@example.org", "Lena Lead"),
        contributor=person("contributor@example.org", "Colin Contributor"),
        manager=person("manager@example.org", "Mary Manager"),
        admin=person("admin@example.org", "Ada Admin", is_staff=True, is_superuser=True),
        outsider=person("outsider@example.org", "Olu Outsider"),
        nobody=person("nobody@example.org", "Nia Nobody"),
        anywhere=anywhere,
        elsewhere=elsewhere,
        cycle=cycle_of(anywhere),
        foreign_cycle=cycle_of(elsewhere),
    )
    for user, organisation, role in (
        (world.lead, anywhere, Role.LEAD),
        (world.contributor, anywhere, Role.CONTRIBUTOR),
        (world.manager, anywhere, Role.MANAGER),
        (world.outsider, elsewhere, Role.LEAD),
    ):
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return world
