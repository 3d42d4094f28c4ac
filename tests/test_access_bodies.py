"""Who may do what with a form that is filled in: every address that takes one, with what a browser really sends."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.test_access import EXPECTED, PEOPLE, address, with_draft, with_policy
from tests.world import World, sample
from worksheets import texts
from worksheets.access import visit_cycle
from worksheets.actions.forms import plain_of
from worksheets.cycles import details_of
from worksheets.models import Action, Cycle, Event, Policy, PolicyClause, Result, User, Worksheet
from worksheets.policies import issuing
from worksheets.policies.drafting import Draft, draft_of, said_of
from worksheets.policies.forms import Among, control_form
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.views import seen_of as seen_of_control
from worksheets.policies.writing import library_token
from worksheets.results.views import seen_of
from worksheets.saving import token
from worksheets.signoff import decisions
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
DAYS = {
    "starts-day": "1",
    "starts-month": "4",
    "starts-year": "2027",
    "ends-day": "30",
    "ends-month": "9",
    "ends-year": "2027",
}
ON = {"on-day": "2", "on-month": "11", "on-year": "2026"}
Body = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """What is sent, or what makes it from the world; what a manager, a contributor and a lead get; what is there first.

    Whoever is signed out gets their text back (403, or the way in where nothing was typed), strangers get 404.
    """

    sent: Body | Callable[[World], Body]
    gets: str
    first: Callable[[World], object] = field(default=lambda world: None)

    def body(self, world: World) -> Body:
        return self.sent(world) if callable(self.sent) else self.sent


def complete(world: World) -> None:
    world.fill()
    world.cycle.worksheets.update(status="complete", completed_at=timezone.now(), completed_by=world.lead)


def submitted(world: World) -> None:
    complete(world)
    decisions.submit(visit_cycle(world.lead, "nhs-anywhere", STRATEGY, world.cycle.slug))


def signed_off(world: World) -> None:
    submitted(world)
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")


def contradicted(world: World) -> None:
    outcomes = {"outcomes": {"answer": "no", "because": "Elsewhere"}}
    world.fill(resources=sample()["worksheets"]["resources"] | outcomes)


def csv(world: World) -> Body:
    world.fill(evaluation={"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}})
    return {"file": SimpleUploadedFile("f.csv", b"measure,date,figure\nm-1,2026-11-03,7\n")}


def accounts(world: World) -> Body:
    return {"file": SimpleUploadedFile("a.csv", b"platform,account\nfacebook,@anywhere\n")}


def figure(world: World) -> Body:
    return {"value": "6", "note": "Mended", **ON, "seen": seen_of(Result.objects.get())}


def event(world: World) -> Body:
    return {"text": "A strike", **ON, "seen": seen_of(Event.objects.get())}


def details(world: World) -> Body:
    return {"name": "Winter", **DAYS, "seen": token(details_of(world.cycle))}


def restored(world: World) -> Body:
    return {"seen": token(Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers.get("aims"))}


def arrived(world: World) -> None:
    User.objects.filter(pk=world.contributor.pk).update(last_login=timezone.now())


STOP = "resources.no-better-outcome|"


def policy_seen(world: World) -> Body:
    """What a manager sends back with a note, having seen it."""
    policy = Policy.objects.get(**with_policy(world), organisation=world.anywhere)
    seen = issuing.seen(policy, said_of(policy, texts.current()))
    return {"do": "send-back", "note": "Say more", "seen": seen}


def draft(world: World) -> Draft:
    """The draft that `address` leads to, as it stands."""
    rows = Policy.objects.select_related("organisation").filter(organisation=world.anywhere)
    return draft_of(rows.get(**{key: with_draft(world)[key] for key in ("document", "version")}), texts.current())


def clause(world: World) -> Body:
    return {"choice": "left-out", "because": "Not us", "seen": draft(world).clause["when"].token}


def moved_on(world: World) -> Body:
    PolicyClause.objects.filter(key="when").update(decided=True, base="# When\n\nNow and then.")
    return {"clause": "when", "do": "take", "seen": library_token(draft(world).clause["when"])}


def drafted(world: World) -> None:
    """The draft has all that it needs to be sent."""
    with_draft(world)
    Policy.objects.update(approver="The board", owner_name="Me", next_review=datetime.date(2099, 1, 1))
    PolicyClause.objects.update(decided=True, choice="changed", words="We do what we can.")
    keys = [clause.key for clause in DOCUMENTS["crisis"].clauses if clause.key != "when"]
    out = {"policy": Policy.objects.get(), "decided": True, "choice": "left-out", "because": "Not us"}
    PolicyClause.objects.bulk_create(PolicyClause(key=key, **out) for key in keys)


LOOKED_BACK = {"actual": "82%", "met": "yes", "so_what": "Well", "decision": "keep", "lesson": "Early"}


def done(world: World) -> Body:
    return {"do": f"done:{Action.objects.create(organisation=world.anywhere, text='Close the old page').pk}"}


def changed(world: World) -> Body:
    return {"text": "Close it", "state": "done", "seen": token(plain_of(Action.objects.get()))}


def controlled(world: World) -> Body:
    policy = Policy.objects.get()
    kind, scope = control_form(policy.document), Among.of(policy.organisation)
    seen = seen_of_control(policy, kind(scope=scope, initial=kind.as_kept(policy)))
    return {"number": "CORP 12", "approver": "The board", "seen": seen}


FORMS = {
    "actions": Form(done, "403 302 302"),
    "action-add": Form({"text": "Close the old page"}, "403 302 302"),
    "action-change": Form(changed, "403 302 302"),
    "person-add": Form({"email": "new@example.org", "role": "contributor"}, "403 403 302"),
    "person-change": Form({"role": "manager"}, "403 403 302"),
    "person-remove": Form({}, "403 403 302"),
    "person-send": Form({}, "403 403 302"),
    "cycle-start": Form({"name": "Spring 2027", "begin": "carried", **DAYS}, "403 403 302"),
    "next": Form({"name": "Spring 2027", "begin": "empty", **DAYS}, "403 403 302"),
    "cycle-edit": Form(details, "403 403 302"),
    "cycle-archive": Form({"do": "archive"}, "403 403 302"),
    "looking-back": Form(
        {"promises-0-promise": "measures.m-1", "promises-0-actual": "82%", "do": "save"}, "403 302 302"
    ),
    "assign": Form(
        lambda world: {"what": ["drivers.aims"], "person": str(world.contributor.pk), "do": "assign"},
        "403 302 302",
        arrived,
    ),
    "calendar": Form({"do": "start"}, "302 302 302"),
    "mails": Form({"mails": "daily"}, "302 302 302"),
    "group-share": Form({"shows": "named", "seen": "nothing"}, "403 403 302"),
    # A review is nobody's own: `test_own` sends this for what is.
    "share": Form({"do": "share"}, "403 403 404"),
    "look-back-at": Form(LOOKED_BACK, "403 302 302"),
    "question": Form({"aims-0-id": "aim-1", "aims-0-statement": "Answer parents", "do": "save"}, "403 302 302"),
    "check": Form({"do": "complete"}, "403 302 302", lambda world: world.fill()),
    "reopen": Form({}, "403 302 302", complete),
    "restore": Form(restored, "403 302 302"),
    "points": Form({"point": STOP, "text": "It is the law", "seen": ""}, "403 403 302", contradicted),
    "conclusion": Form({"because": "Nobody is there", "seen": ""}, "403 403 302"),
    "submit": Form({"do": "submit", "note": "Ready"}, "403 403 302", complete),
    "decide": Form(
        lambda world: {
            "do": "send-back",
            "note": "Say more",
            "submission": str(decisions.submission_of(world.cycle).pk),  # type: ignore[union-attr]
        },
        "302 403 403",
        submitted,
    ),
    "policy-document": Form({}, "403 403 302"),
    "policy": Form({}, "403 302 302"),
    "policy-clause": Form(clause, "403 302 302"),
    "policy-control": Form(controlled, "403 302 302"),
    "policy-exercised": Form(
        {"exercised_on-day": "3", "exercised_on-month": "3", "exercised_on-year": "2026", "seen": token(None)},
        "403 302 302",
    ),
    "policy-send": Form(lambda world: {"do": "send", "seen": str(Policy.objects.get().stamp)}, "403 403 302", drafted),
    "policy-library": Form(moved_on, "403 302 302"),
    "policy-decide": Form(policy_seen, "302 403 403"),
    "revise": Form({}, "403 403 302", signed_off),
    "comments-on": Form({"do": "comment", "text": "Why?"}, "302 302 302"),
    "verify": Form(lambda world: {"file": SimpleUploadedFile("s.pdf", b"%PDF-1.7")}, "200 200 200"),
    "table-upload": Form(accounts, "403 200 200"),
    "results-upload": Form(csv, "403 302 302"),
    "measure": Form({"value": "12", **ON}, "403 302 302"),
    "figure-change": Form(figure, "403 302 302"),
    "figure-remove": Form({}, "403 302 302"),
    "event-add": Form({"text": "A strike", **ON}, "403 302 302"),
    "event-change": Form(event, "403 302 302"),
    "event-remove": Form({}, "403 302 302"),
}


def test_every_form_of_the_toolkit_is_sent_here() -> None:
    takes = {name for name, codes in EXPECTED.items() if set(codes.split(" | ")[1].split()) - {"302", "405"}}
    assert takes == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_everybody_gets_what_the_table_says_for_a_form_that_is_filled_in(
    name: str, world: World, signed_in: SignIn
) -> None:
    form = FORMS[name]
    form.first(world)
    url = address(name, world)
    found = {}
    for person in PEOPLE:
        client = Client() if person == "signed out" else signed_in(getattr(world, person))
        with transaction.atomic():
            found[person] = client.post(url, form.body(world)).status_code
            transaction.set_rollback(True)
    manager, contributor, lead = map(int, form.gets.split())
    assert found.pop("signed out") in (302, 403)
    strangers = dict.fromkeys(("outsider", "nobody", "admin"), 404)
    assert found == strangers | {"manager": manager, "contributor": contributor, "lead": lead}


@pytest.mark.parametrize("name", FORMS)
def test_nothing_of_a_refused_form_is_stored(name: str, world: World, signed_in: SignIn) -> None:
    form = FORMS[name]
    form.first(world)
    url = address(name, world)
    form.body(world)
    before = stored()
    for person in ("outsider", "nobody", "admin", "manager", "contributor"):
        response = signed_in(getattr(world, person)).post(url, form.body(world))
        if response.status_code in (403, 404):
            assert stored() == before, person
        else:
            break


def stored() -> list[Any]:
    """All that forms may change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            Cycle,
            Worksheet,
            Result,
            Event,
            Policy,
            PolicyClause,
            *(rows.related_model for rows in related()),
        )
    ]


def related() -> list[Any]:
    kept = {"reasons", "decisions", "comments", "lookbacks"}
    return [rows for rows in Cycle._meta.related_objects if rows.get_accessor_name() in kept]


# Whose figures and events are: people mend what they entered, and leads mend everything.

HERE = "/o/nhs-anywhere/reviews/autumn-2026/results/"


@pytest.fixture
def theirs(world: World) -> tuple[Result, Event]:
    """A figure and an event that the lead entered."""
    world.fill(evaluation={"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}})
    entered = {"cycle": world.cycle, "on": datetime.date(2026, 11, 2), "entered_by": world.lead}
    return Result.objects.create(measure="m-1", value=5, **entered), Event.objects.create(text="A story", **entered)


def test_a_contributor_cannot_mend_what_a_lead_entered(
    world: World, signed_in: SignIn, theirs: tuple[Result, Event]
) -> None:
    colin, (entry, happened) = signed_in(world.contributor), theirs
    for url, body in (
        (f"{HERE}figures/{entry.pk}/", figure(world)),
        (f"{HERE}figures/{entry.pk}/remove/", {}),
        (f"{HERE}events/{happened.pk}/", event(world)),
        (f"{HERE}events/{happened.pk}/remove/", {}),
    ):
        assert colin.get(url).status_code == 403
        assert colin.post(url, body).status_code == 403
    assert (Result.objects.get().value, Event.objects.get().text) == (5, "A story")


def test_nor_put_another_figure_in_its_place_on_the_page_of_the_measure(
    world: World, signed_in: SignIn, theirs: tuple[Result, Event]
) -> None:
    colin, url = signed_in(world.contributor), f"{HERE}measures/m-1/"
    asked = colin.post(url, {"value": "9", **ON})
    assert asked.status_code == 409
    html = asked.content.decode()
    assert "entered by Lena Lead" in html
    assert "Replace it" not in html
    assert colin.post(url, {"value": "9", **ON, "instead": seen_of(Result.objects.get())}).status_code == 403
    assert Result.objects.get().value == 5
    assert (
        signed_in(world.lead).post(url, {"value": "9", **ON, "instead": seen_of(Result.objects.get())}).status_code
        == 302
    )
    assert Result.objects.get().value == 9


def test_nor_by_a_file(world: World, signed_in: SignIn, theirs: tuple[Result, Event]) -> None:
    def send(user: User) -> Any:
        file = SimpleUploadedFile("f.csv", b"measure,date,figure\nm-1,2026-11-02,7\n")
        return signed_in(user).post(f"{HERE}upload/", {"file": file, "replace": "yes"})

    refused = send(world.contributor)
    assert refused.status_code == 400
    assert "entered by Lena Lead" in refused.content.decode()
    assert Result.objects.get().value == 5
    assert send(world.lead).status_code == 302
    assert Result.objects.get().value == 7


def test_a_manager_decides_nothing_by_the_leads_door_nor_a_lead_by_theirs(world: World, signed_in: SignIn) -> None:
    submitted(world)
    here = "/o/nhs-anywhere/reviews/autumn-2026/"
    last = decisions.submission_of(world.cycle)
    assert last
    for do in ("sign-off", "send-back"):
        body = {"do": do, "note": "Well", "submission": str(last.pk)}
        assert signed_in(world.lead).post(f"{here}decide/", body).status_code == 403
    assert signed_in(world.manager).post(f"{here}submit/", {"do": "withdraw"}).status_code == 403
    assert Cycle.objects.get(pk=world.cycle.pk).state == "submitted"
