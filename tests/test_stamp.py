"""Every write to a review, and to what hangs on it, moves its stamp; reading does not: the PDF rests on that."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reading import send
from tests.world import World, sample
from worksheets import access, saving
from worksheets.following import starting
from worksheets.interchange import export
from worksheets.models import Comment, Cycle, Event, Result, User, Worksheet
from worksheets.organisations.mail import token_to_confirm
from worksheets.signoff import decisions
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
HERE = "/o/nhs-anywhere/reviews/autumn-2026/"
MEASURE = sample()["worksheets"]["evaluation"]["measures"]["measures"][0]["id"]


class Doing:
    """A filled review, and everybody who may do something to it."""

    def __init__(self, world: World, signed_in: SignIn) -> None:
        self.world = world
        self.lead, self.manager, self.admin = (signed_in(one) for one in (world.lead, world.manager, world.admin))
        world.fill()

    def page(self, where: str, do: str = "save", client: Client | None = None, **fields: Any) -> None:
        """Send the form of a page as a browser does."""
        response = send(client or self.lead, f"{HERE}{where}", do, **fields)
        assert response.status_code == 302, response.status_code

    def visit(self, user: User) -> access.CycleVisit:
        return access.visit_cycle(user, "nhs-anywhere", STRATEGY, "autumn-2026")

    def complete(self) -> None:
        now = timezone.now()
        self.world.cycle.worksheets.update(status="complete", completed_at=now, completed_by=self.world.lead)

    def submitted(self) -> None:
        self.complete()
        decisions.submit(self.visit(self.world.lead))

    def signed_off(self) -> None:
        self.submitted()
        Cycle.objects.filter(pk=self.world.cycle.pk).update(state="signed-off")

    def contradicted(self) -> None:
        Worksheet.objects.filter(cycle=self.world.cycle, stage="resources").update(
            answers=sample()["worksheets"]["resources"] | {"outcomes": {"answer": "no", "because": "Elsewhere"}}
        )

    def carried(self) -> None:
        Worksheet.objects.filter(cycle=self.world.cycle, stage="drivers").update(carried=["drivers"])

    def figure(self) -> Result:
        day = datetime.date(2026, 11, 2)
        return Result.objects.create(cycle=self.world.cycle, measure=MEASURE, on=day, value=40)

    def event(self) -> Event:
        return Event.objects.create(cycle=self.world.cycle, on=datetime.date(2026, 11, 2), text="A story")

    def thread(self) -> Comment:
        return Comment.objects.create(cycle=self.world.cycle, question="aims", text="Why?", written_by=self.world.lead)


def looked_back(doing: Doing) -> Callable[[], object]:
    """The review follows another, and something is said about what that one promised."""
    before = Cycle.objects.create(
        organisation=doing.world.anywhere, name="Before", slug="before", starts="2026-04-01", ends="2026-09-30"
    )
    evaluation = sample()["worksheets"]["evaluation"]
    Worksheet.objects.create(cycle=before, stage="evaluation", answers=evaluation)
    Cycle.objects.filter(pk=doing.world.cycle.pk).update(previous=before)
    return lambda: doing.page(f"looking-back/measures/{MEASURE}/", actual="82%")


def followed(doing: Doing) -> Callable[[], object]:
    """The review that is started next is written too: its own stamp tells of the answers that were carried into it."""

    def start() -> None:
        days = datetime.date(2027, 4, 1), datetime.date(2027, 9, 30)
        new = starting.start_next(Cycle.objects.get(pk=doing.world.cycle.pk), "Spring 2027", *days, doing.world.lead)
        assert Cycle.objects.get(pk=new.pk).stamp > 20
        # What it follows is not changed by that.
        Cycle.objects.filter(pk=doing.world.cycle.pk).update(stamp=99)

    return start


def of_file(doing: Doing, tmp_path: Path) -> Callable[[], object]:
    file = tmp_path / "review.json"
    file.write_bytes(export(doing.visit(doing.world.lead).review, doing.world.cycle))
    return lambda: call_command("import_review", str(file), "--replace")


def admin_change(doing: Doing, thing: Any, **fields: Any) -> Callable[[], object]:
    name = type(thing)._meta.model_name
    url = reverse(f"admin:worksheets_{name}_change", args=[thing.pk])

    def change() -> None:
        response = doing.admin.post(url, fields)
        assert response.status_code == 302, response.content.decode()[-4000:]

    return change


def confirmed(doing: Doing) -> None:
    """The lead has a new address, and opens the link that was mailed to it."""
    User.objects.filter(pk=doing.world.lead.pk).update(new_email="new@example.org")
    token = token_to_confirm(User.objects.get(pk=doing.world.lead.pk))
    assert Client().post(f"/accounts/address/{token}/").status_code == 200


def members(doing: Doing) -> dict[str, str]:
    """The members of an organisation as the administration's form sends them back."""
    rows = list(doing.world.anywhere.memberships.all())
    sent = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": len(rows), "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    for n, row in enumerate(rows):
        sent |= {f"{n}-id": row.pk, f"{n}-organisation": row.organisation_id, f"{n}-user": row.user_id}
        sent |= {f"{n}-role": row.role}
    return {f"memberships-{name}": str(value) for name, value in sent.items()}


def brought_back(doing: Doing) -> Callable[[], object]:
    """Two saves, of which the first comes back."""
    sheet = saving.worksheet_of(doing.world.cycle, "drivers")
    for driver in ("audience", "feedback"):
        saving.save_answer(sheet, "drivers", {"drivers": [driver]}, user=doing.world.lead)
    return lambda: doing.page(f"history/drivers/{sheet.version - 1}/")


# What is done, by a sentence: the function prepares it, and gives what does it.
WRITES: dict[str, Callable[[Doing, Path], Callable[[], object]]] = {
    "an answer is saved": lambda d, _: lambda: d.page("drivers/drivers/", leadership_evidence="The chair asked"),
    "a row is added": lambda d, _: lambda: d.page("resources/weekly/", "add:tasks", capacity="25"),
    "an answer is brought back": lambda d, _: brought_back(d),
    "a carried answer is confirmed": lambda d, _: (d.carried(), lambda: d.page("drivers/drivers/"))[1],
    "a worksheet is completed": lambda d, _: lambda: d.page("drivers/", "complete"),
    "a worksheet is reopened": lambda d, _: (d.complete(), lambda: d.page("drivers/", "reopen"))[1],
    "a promise is looked back at": lambda d, _: looked_back(d),
    "the next review is started": lambda d, _: followed(d),
    "a reason is written": lambda d, _: (d.contradicted(), lambda: d.page("points/", text="It is the law"))[1],
    "a conclusion is recorded": lambda d, _: lambda: d.page("conclusion/", because="Nobody is there"),
    "a comment is written": lambda d, _: lambda: d.page("comments/aims/", "comment", text="Why?"),
    "a thread is resolved": lambda d, _: (
        lambda pk: lambda: d.lead.post(f"{HERE}comments/aims/", {"do": f"resolve:{pk}"})
    )(d.thread().pk),
    "it is submitted": lambda d, _: (d.complete(), lambda: d.page("submit/", "submit"))[1],
    "it is withdrawn": lambda d, _: (d.submitted(), lambda: d.page("submit/", "withdraw"))[1],
    "it is sent back": lambda d, _: (
        d.submitted(),
        lambda: d.page("decide/", "send-back", client=d.manager, note="Say more"),
    )[1],
    "it is signed off": lambda d, _: (d.submitted(), lambda: d.page("decide/", "sign-off", client=d.manager))[1],
    "a revision of it is started": lambda d, _: (d.signed_off(), lambda: d.page("revise/"))[1],
    "its details are changed": lambda d, _: lambda: d.page("details/", name="Winter"),
    "it is archived": lambda d, _: lambda: d.page("archive/", "archive"),
    "a figure is entered": lambda d, _: lambda: d.page(f"results/measures/{MEASURE}/", value="12"),
    "a figure is changed": lambda d, _: (lambda pk: lambda: d.page(f"results/figures/{pk}/", value="41"))(
        d.figure().pk
    ),
    "a figure is removed": lambda d, _: (lambda pk: lambda: d.page(f"results/figures/{pk}/remove/"))(d.figure().pk),
    "an event is entered": lambda d, _: (
        lambda: d.page("results/events/add/", text="A strike", on__day="2", on__month="11", on__year="2026")
    ),
    "an event is changed": lambda d, _: (lambda pk: lambda: d.page(f"results/events/{pk}/", text="A strike"))(
        d.event().pk
    ),
    "an event is removed": lambda d, _: (lambda pk: lambda: d.page(f"results/events/{pk}/remove/"))(d.event().pk),
    "figures come in a file": lambda d, _: (
        lambda: d.lead.post(
            f"{HERE}results/upload/",
            {"file": SimpleUploadedFile("f.csv", f"measure,date,figure\n{MEASURE},2026-11-03,7\n".encode())},
        )
    ),
    "a file takes its place": lambda d, path: of_file(d, path),
    "an administrator changes its name": lambda d, _: admin_change(
        d, d.world.cycle, name="Winter", starts="2026-10-01", ends="2027-03-31"
    ),
    "the organisation is called something else": lambda d, _: admin_change(
        d, d.world.anywhere, name="NHS Everywhere", slug="nhs-anywhere", **members(d)
    ),
    "somebody who answered confirms a new address": lambda d, _: (
        d.page("drivers/drivers/", leadership_evidence="The chair asked"),
        lambda: confirmed(d),
    )[1],
    "somebody who answered is called something else": lambda d, _: (
        d.page("drivers/drivers/", leadership_evidence="The chair asked"),
        admin_change(d, d.world.lead, email="lead@example.org", name="Lena Other", is_active="on"),
    )[1],
}


@pytest.mark.parametrize("what", WRITES)
def test_the_stamp_moves_when(what: str, world: World, signed_in: SignIn, tmp_path: Path) -> None:
    doing = Doing(world, signed_in)
    write = WRITES[what](doing, tmp_path)
    before = Cycle.objects.get(pk=world.cycle.pk).stamp
    write()
    assert Cycle.objects.get(pk=world.cycle.pk).stamp > before


def test_reading_does_not_move_it(world: World, signed_in: SignIn) -> None:
    lead = Doing(world, signed_in).lead
    before = Cycle.objects.get(pk=world.cycle.pk).stamp
    for name in ("", "drivers/", "drivers/aims/", "points/", "summary/", "summary.pdf", "results/", "activity/"):
        assert lead.get(f"{HERE}{name}").status_code == 200
    assert Cycle.objects.get(pk=world.cycle.pk).stamp == before


def test_a_refused_write_does_not_move_it(world: World, signed_in: SignIn) -> None:
    doing = Doing(world, signed_in)
    before = Cycle.objects.get(pk=world.cycle.pk).stamp
    assert doing.manager.post(f"{HERE}drivers/drivers/", {"drivers": "peers"}).status_code == 403
    assert send(doing.lead, f"{HERE}results/measures/{MEASURE}/", value="many").status_code == 400
    assert Cycle.objects.get(pk=world.cycle.pk).stamp == before


def test_the_review_of_another_organisation_keeps_its_own(world: World, signed_in: SignIn) -> None:
    before = Cycle.objects.get(pk=world.foreign_cycle.pk).stamp
    Doing(world, signed_in).page("drivers/drivers/", leadership_evidence="The chair asked")
    assert Cycle.objects.get(pk=world.foreign_cycle.pk).stamp == before
