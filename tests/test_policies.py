"""Making a document out of the library: its clauses are kept, changed or left out, and it is sent when it is ready."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.reading import error_messages, form_of, tree, words
from tests.world import World
from worksheets import limits, texts
from worksheets.access import Visit, visit
from worksheets.models import Cycle, Guidance, Membership, Policy, PolicyClause, PolicyMove, Role, User, Worksheet
from worksheets.policies import library, moves, writing
from worksheets.policies.drafting import draft_of, said_of
from worksheets.policies.library import DOCUMENTS

SignIn = Callable[[User], Client]
LIST = "/o/nhs-anywhere/policies/"
DOCUMENT = f"{LIST}house-rules/"
HERE = f"{DOCUMENT}1/"
CONTROL, SEND, NEWS = f"{HERE}control/", f"{HERE}send/", f"{HERE}library/"
USUAL = [clause.key for clause in DOCUMENTS["house-rules"].clauses if not clause.optional]
State, Choice = Policy.State, PolicyClause.Choice

pytestmark = pytest.mark.django_db


def clause_at(key: str) -> str:
    return f"{HERE}clauses/{key}/"


def at_work(world: World, user: User | None = None) -> Visit:
    return visit(user or world.lead, "nhs-anywhere")


@pytest.fixture
def policy(world: World) -> Policy:
    """The house rules, just started."""
    return moves.start(at_work(world), DOCUMENTS["house-rules"], texts.current())


def again(policy: Policy) -> Policy:
    return Policy.objects.select_related("organisation", "owner").get(pk=policy.pk)


def stored(policy: Policy, key: str = "welcome") -> PolicyClause:
    return policy.clauses.get(key=key)


def decide(client: Client, key: str, page: HttpResponse | None = None, **typed: str) -> HttpResponse:
    """Open the page of a clause, or take the one given, choose and save."""
    form = form_of(page if page is not None else client.get(clause_at(key)))
    return client.post(clause_at(key), {**form, **typed})


def library_says(key: str, words: str, heading: str = "A heading") -> None:
    """An administrator rewords a clause of the library."""
    source = f"# {heading}\n\n{words}\n\n## Why it is here\n\nBecause (Somebody, 2026)."
    Guidance.objects.update_or_create(key=library.text_key("house-rules", key), defaults={"text": source})


def facts(world: World, **more: str) -> Cycle:
    """A run of the facts workbook in which all is answered that the house rules need."""
    cycle = Cycle.objects.create(
        organisation=world.anywhere,
        workbook="policy-facts",
        name="Facts, November 2026",
        slug="facts",
        starts=datetime.date(2026, 11, 1),
        ends=datetime.date(2027, 10, 31),
    )
    answers = {
        "roles": {"lead": "Head of Communications", "moderator": "Duty officer"},
        "contacts": {
            name: f"{name}@example.org"
            for name in ("communications", "press", "patient_experience", "complaints", "governance", "on_call")
        },
        "watching": {
            "watched": "always",
            "reply_within": 24,
            "nights": "They wait until the morning.",
            "tone": "Warm",
            "website": "https://example.org/rules",
            "appeal": "Write to us",
            "appeal_days": 10,
            **more,
        },
    }
    Worksheet.objects.create(cycle=cycle, stage="facts", answers=answers)
    return cycle


def ready(world: World, policy: Policy) -> Policy:
    """The draft with all that it needs to be sent."""
    facts(world)
    writing.keep_usual(at_work(world), policy)
    Policy.objects.filter(pk=policy.pk).update(
        owner=world.lead, approver="Policy committee", next_review=timezone.localdate() + datetime.timedelta(days=365)
    )
    return again(policy)


def send(client: Client, page: HttpResponse | None = None, do: str = "send") -> HttpResponse:
    form = form_of(page if page is not None else client.get(SEND))
    return client.post(SEND, {**form, "do": do})


# Starting.


def test_what_waits_for_a_manager_stands_on_their_start_page(world: World, signed_in: SignIn) -> None:
    Policy.objects.create(organisation=world.anywhere, document="house-rules", state="sent")
    Policy.objects.create(organisation=world.elsewhere, document="crisis", state="sent")
    manager = tree(signed_in(world.manager).get("/o/nhs-anywhere/"))
    (link,) = manager.xpath("//main//a[contains(@href, '/decide/')]")
    assert link.get("href") == "/o/nhs-anywhere/policies/house-rules/1/decide/"
    assert link.text_content() == "House rules for the public, version 1"
    assert not tree(signed_in(world.lead).get("/o/nhs-anywhere/")).xpath("//main//a[contains(@href, '/decide/')]")


def test_the_list_says_what_each_document_is_for_and_what_to_do_first(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.lead).get(LIST)
    said = words(page)
    for document in DOCUMENTS.values():
        assert document.title in said
        assert document.purpose in said
    assert "Begin with the facts for your policies." in said
    assert "It takes about 15 minutes." in said
    assert "not legal advice" in said
    (first,) = tree(page).xpath("//a[contains(., 'Enter the facts')]/@href")
    assert first == "/o/nhs-anywhere/facts/new/"
    # The pages are found from everywhere.
    assert tree(page).xpath("//nav//a[contains(., 'Policies')]/@href")


def test_the_list_leads_to_the_facts_that_are_there(world: World, signed_in: SignIn) -> None:
    facts(world)
    page = signed_in(world.contributor).get(LIST)
    assert tree(page).xpath("//a[contains(., 'Facts, November 2026')]/@href") == ["/o/nhs-anywhere/facts/facts/"]
    assert "Begin with the facts" not in words(page)


def test_a_lead_starts_a_document_and_every_usual_clause_is_in_it(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    assert "Start it" in words(lead.get(DOCUMENT))
    assert lead.post(DOCUMENT)["Location"] == HERE
    policy = Policy.objects.get()
    assert (policy.version, policy.state, policy.made_by) == (1, State.DRAFT, world.lead)
    kept = set(policy.clauses.filter(choice=Choice.KEPT).values_list("key", flat=True))
    assert kept == set(USUAL)
    assert not policy.clauses.filter(decided=True).exists()
    assert policy.moves.get().kind == PolicyMove.Kind.STARTED
    page = lead.get(HERE)
    assert f"0 of {len(USUAL)} usual clauses decided." in words(page)
    assert library.wording(texts.current(), "house-rules", "welcome").heading in words(page)
    assert "Optional. Take it in if you need it." in words(page)
    assert "Go on with version 1" in words(lead.get(LIST))


def test_who_starts_what_is_started_already_finds_that_one(world: World, signed_in: SignIn, policy: Policy) -> None:
    page = signed_in(world.lead).post(DOCUMENT, follow=True)
    assert "Somebody has started this version already. Here it is." in words(page)
    assert Policy.objects.count() == 1


def test_there_is_a_most_of_versions(world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "VERSIONS", limits.Limit(0, "The most versions of a document is", "Go on with one"))
    page = signed_in(world.lead).post(DOCUMENT)
    assert page.status_code == 400
    assert "The most versions of a document is 0. Go on with one" in words(page)
    assert not Policy.objects.exists()


# Clauses.


def test_a_clause_is_kept_and_the_next_one_comes(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    page = lead.get(clause_at(USUAL[0]))
    assert "Why it is here" in words(page)
    response = decide(lead, USUAL[0])
    assert response["Location"] == clause_at(USUAL[1])
    kept = stored(policy, USUAL[0])
    assert (kept.choice, kept.decided, kept.saved_by) == (Choice.KEPT, True, world.lead)
    assert kept.base == texts.current().source(f"clauses/house-rules.{USUAL[0]}")


def test_the_last_clause_leads_back_to_the_document(world: World, signed_in: SignIn, policy: Policy) -> None:
    writing.keep_usual(at_work(world), policy)
    PolicyClause.objects.filter(key="welcome").update(decided=False)
    lead = signed_in(world.lead)
    assert decide(lead, "welcome")["Location"] == HERE
    # Whoever changes one later goes back there too.
    assert decide(lead, "welcome", choice="left-out", because="Not us.")["Location"] == HERE


def test_all_usual_clauses_are_kept_at_once_but_for_those_that_are_decided(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    colin = signed_in(world.contributor)
    decide(colin, "welcome", choice="left-out", because="We say so elsewhere.")
    page = colin.get(HERE)
    assert f"Keep all {len(USUAL) - 1} clauses not yet decided" in words(page)
    colin.post(HERE)
    assert f"{len(USUAL)} of {len(USUAL)} usual clauses decided." in words(colin.get(HERE))
    assert stored(policy).choice == Choice.LEFT_OUT
    optional = [clause.key for clause in DOCUMENTS["house-rules"].clauses if clause.optional]
    assert not policy.clauses.filter(key__in=optional, decided=True).exists()


def test_the_words_of_a_clause_are_changed_beside_those_of_the_library(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    lead = signed_in(world.lead)
    theirs = library.wording(texts.current(), "house-rules", "welcome").words
    form = form_of(lead.get(clause_at("welcome")))
    # The box begins with the library's words.
    assert form["words"][0].replace("\r\n", "\n") == theirs
    decide(lead, "welcome", choice="changed", words=theirs + "\n\nEspecially <b>praise</b>.")
    assert stored(policy).choice == Choice.CHANGED
    page = lead.get(clause_at("welcome"))
    added = " ".join(tree(page).xpath("//ins")[0].text_content().split())
    assert "added: Especially <b>praise</b>." in added
    read = lead.get(HERE)
    assert "Especially <b>praise</b>." in words(read)
    assert "<b>praise</b>" not in read.content.decode()
    assert "Your words" in words(read)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"choice": ""}, "Choose whether you keep this clause, change it or leave it out"),
        ({"choice": "left-out", "because": " "}, "Enter why you leave this clause out"),
        ({"choice": "changed", "words": " "}, "Enter your words for this clause"),
        ({"choice": "changed"}, "Change the words, or choose “Keep it as it is”"),
        (
            {"choice": "changed", "words": "We read {hours}."},
            "Take out {hours}, or use one of the gaps in the list below. No other gap can be filled",
        ),
        ({"choice": "changed", "words": "a" * 10_001}, "Shorten"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(
    world: World, signed_in: SignIn, policy: Policy, typed: dict[str, str], error: str
) -> None:
    page = decide(signed_in(world.lead), "welcome", **typed)
    assert page.status_code == 400
    assert error in " ".join(error_messages(page))
    for name in set(typed) - {"choice"}:
        assert typed[name].strip() in form_of(page)[name][0]
    assert not stored(policy).decided


def test_a_clause_says_what_its_gaps_say_now_and_where_they_are_asked(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    lead = signed_in(world.lead)
    page = lead.get(clause_at("hours"))
    assert "When somebody watches {hours_watched} Not known yet" in words(page)
    facts(world)
    page = lead.get(clause_at("hours"))
    assert "at all times, at night and at weekends too" in words(page)
    assert "/o/nhs-anywhere/facts/facts/facts/watching/" in tree(page).xpath("//main//a/@href")


def test_what_is_left_out_is_not_in_the_document_and_says_why(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    decide(lead, "welcome", choice="left-out", because="We <i>say</i> so elsewhere.")
    page = words(lead.get(HERE))
    assert "We <i>say</i> so elsewhere." in page
    said = said_of(again(policy), texts.current())
    assert "welcome" not in [clause.key for clause in said.clauses]


def test_of_two_who_write_at_once_neither_loses_a_word(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead, colin = signed_in(world.lead), signed_in(world.contributor)
    before = colin.get(clause_at("welcome"))
    decide(lead, "welcome", choice="changed", words="We welcome praise and questions.")
    page = decide(colin, "welcome", before, choice="changed", words="We welcome thanks and questions.")
    assert page.status_code == 409
    said = words(page)
    assert "Lena Lead saved this clause while you were writing" in said
    # Both are there, with the words marked in which they differ.
    assert "removed: praise" in tree(page).xpath("//del")[0].text_content()
    assert "added: thanks" in tree(page).xpath("//ins")[0].text_content()
    assert "Not saved yet: What we welcome" in said
    assert form_of(page)["words"] == ["We welcome thanks and questions."]
    assert stored(policy).words == "We welcome praise and questions."
    # Now that they have seen it, they may put theirs in its place.
    assert decide(colin, "welcome", page).status_code == 302
    assert stored(policy).words == "We welcome thanks and questions."
    assert stored(policy).version == 3


def test_what_is_saved_twice_is_saved_once(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    before = lead.get(clause_at("welcome"))
    for _ in range(2):
        assert decide(lead, "welcome", before, choice="changed", words="Welcome.").status_code == 302
    assert stored(policy).version == 2


def test_what_comes_too_late_is_not_stored_and_not_lost(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    page = lead.get(clause_at("welcome"))
    Policy.objects.update(state=State.SENT, sent_at=timezone.now(), sent_by=world.lead)
    late = decide(lead, "welcome", page, choice="changed", words="Too late.")
    assert late.status_code == 409
    assert "This document has changed while you were on that page" in words(late)
    assert "Too late." in words(late)
    assert lead.post(HERE).status_code == 409
    assert lead.post(CONTROL, {"number": "CORP 12"}).status_code == 409
    assert not PolicyClause.objects.filter(decided=True).exists()
    assert not tree(lead.get(clause_at("welcome"))).xpath("//main//form")


# Facts.


def test_facts_stand_in_the_gaps_and_what_is_missing_leads_to_its_question(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    lead = signed_in(world.lead)
    page = lead.get(HERE)
    assert "[when somebody watches: not known yet]" in words(page)
    assert "When somebody watches" in tree(page).xpath("//a[@href='/o/nhs-anywhere/facts/new/']/text()")
    facts(world, hours="every day from 8 <i>to</i> 8")
    page = lead.get(HERE)
    assert "every day from 8 <i>to</i> 8" in words(page)
    assert "when somebody watches: not known yet" not in words(page)


def test_an_archived_run_of_facts_fills_nothing(world: World, policy: Policy) -> None:
    run = facts(world)
    assert draft_of(again(policy), texts.current()).run == run
    Cycle.objects.filter(pk=run.pk).update(archived_at=timezone.now())
    assert draft_of(again(policy), texts.current()).run is None


# Document control.


def test_document_control_is_filled_in_and_stands_in_the_document(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    User.objects.filter(pk=world.contributor.pk).update(last_login=timezone.now())
    lead = signed_in(world.lead)
    page = lead.get(CONTROL)
    options = [one.strip() for one in tree(page).xpath("//select[@name='owner']/option/text()")]
    assert options == ["Choose", "Colin Contributor", "Lena Lead", "manager@example.org"]
    sent = {
        **form_of(page),
        "number": "CORP 12",
        "owner": str(world.contributor.pk),
        "approver": "Policy <b>committee</b>",
        "next_review-day": "3",
        "next_review-month": "3",
        "next_review-year": "2027",
        "consulted": "Staff side\nPatient panel",
        "equality_on-day": "1",
        "equality_on-month": "2",
        "equality_on-year": "2026",
        "equality_link": "https://example.org/equality",
        "who_legal": "Trust solicitor",
        "day_legal-day": "4",
        "day_legal-month": "2",
        "day_legal-year": "2026",
        "changes": "The first.",
    }
    assert lead.post(CONTROL, sent)["Location"] == HERE
    rows = dict(said_of(again(policy), texts.current()).control)
    assert rows == {
        "Number": "CORP 12",
        "Version": "1",
        "Owner": "Colin Contributor",
        "To be approved by": "Policy <b>committee</b>",
        "Next review": "3 March 2027",
        "Who was consulted": "Staff side, Patient panel",
        "Equality impact assessment": "done on 1 February 2026, https://example.org/equality",
        "Read by: Legal adviser": "Trust solicitor, 4 February 2026",
    }
    said = words(lead.get(HERE))
    assert "Policy <b>committee</b>" in said
    assert "Legal adviser: Trust solicitor, 4 February 2026" in said
    assert "Information governance: nobody yet" in said
    # It comes back as it was saved, and saved again it is the same.
    assert lead.post(CONTROL, form_of(lead.get(CONTROL))).status_code == 302
    assert dict(said_of(again(policy), texts.current()).control) == rows


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"equality_link": "example"}, "Enter a full web address"),
        ({"next_review-day": "31", "next_review-month": "2", "next_review-year": "2027"}, "Next review"),
        ({"day_legal-day": "1", "day_legal-month": "1", "day_legal-year": "2099"}, "not in the future"),
        ({"owner": "999999"}, "Choose from the list"),
        ({"day_legal-day": "1", "day_legal-month": "1", "day_legal-year": "2026"}, "Enter who read it"),
    ],
)
def test_what_is_wrong_in_document_control_is_said(
    world: World, signed_in: SignIn, policy: Policy, typed: dict[str, str], error: str
) -> None:
    lead = signed_in(world.lead)
    page = lead.post(CONTROL, {**form_of(lead.get(CONTROL)), "approver": "Me", **typed})
    assert page.status_code == 400
    assert error in " ".join(error_messages(page))
    assert form_of(page)["approver"] == ["Me"]
    assert again(policy).approver == ""


def test_nobody_of_another_organisation_becomes_an_owner(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    page = lead.post(CONTROL, {**form_of(lead.get(CONTROL)), "owner": str(world.outsider.pk)})
    assert page.status_code == 400
    assert again(policy).owner is None


def test_document_control_is_not_overwritten_unseen(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead, colin = signed_in(world.lead), signed_in(world.contributor)
    before = form_of(colin.get(CONTROL))
    lead.post(CONTROL, {**form_of(lead.get(CONTROL)), "approver": "The board"})
    page = colin.post(CONTROL, {**before, "approver": "The committee"})
    assert page.status_code == 409
    assert "Who approves it: The board" in words(page)
    assert form_of(page)["approver"] == ["The committee"]
    assert again(policy).approver == "The board"
    assert colin.post(CONTROL, form_of(page)).status_code == 302
    assert again(policy).approver == "The committee"


def test_only_what_is_exercised_asks_when_it_was(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    assert "Last exercised" not in words(lead.get(CONTROL))
    moves.start(at_work(world), DOCUMENTS["crisis"], texts.current())
    assert "Last exercised" in words(lead.get(f"{LIST}crisis/1/control/"))


# Sending.


def test_what_stops_a_document_is_said_with_its_links(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    page = lead.get(SEND)
    said = words(page)
    assert f"Decide on {len(USUAL)} clauses. The next is" in said
    assert "Say when somebody watches. It is needed in" in said
    for told, place in (("Choose an owner", "owner"), ("Enter who approves it", "approver")):
        assert tree(page).xpath("//main//a[contains(., $told)]/@href", told=told) == [f"{CONTROL}#{place}"]
        assert tree(lead.get(CONTROL)).xpath("//*[@id=$place]", place=place)
    assert "Enter the date of the next review" in said
    assert not tree(page).xpath("//main//form")
    # Whoever sends it all the same gets the same list.
    refused = lead.post(SEND, {"seen": str(again(policy).stamp), "do": "send"})
    assert refused.status_code == 400
    assert "This document can’t be sent yet" in words(refused)
    assert again(policy).state == State.DRAFT


def test_a_ready_document_is_sent_and_the_managers_hear_of_it(world: World, signed_in: SignIn, policy: Policy) -> None:
    ready(world, policy)
    lead = signed_in(world.lead)
    page = lead.get(SEND)
    assert "Nobody is named yet as having read it for: Patient experience" in words(page)
    assert send(lead, page)["Location"] == HERE
    sent = again(policy)
    assert (sent.state, sent.sent_by, sent.facts) == (State.SENT, world.lead, Cycle.objects.get(slug="facts"))
    (message,) = mail.outbox
    assert message.to == ["manager@example.org"]
    assert message.subject == "House rules for the public waits for approval: NHS Anywhere Foundation Trust"
    assert f"{HERE}decide/" in message.body
    for name in ("Lena", "Policy committee", "Head of Communications"):
        assert name not in message.body
    assert "We have told manager@example.org by email." in words(lead.get(HERE))
    assert "Approve or send back" in words(signed_in(world.manager).get(HERE))
    # Who presses twice has sent it once.
    assert send(lead, page)["Location"] == HERE
    assert len(mail.outbox) == policy.moves.filter(kind="sent").count() == 1


def test_a_review_in_the_past_is_no_next_one(world: World, signed_in: SignIn, policy: Policy) -> None:
    ready(world, policy)
    Policy.objects.update(next_review=timezone.localdate())
    assert "Enter a date for the next review that is in the future" in words(signed_in(world.lead).get(SEND))


def test_what_somebody_wrote_since_is_not_sent_unseen(world: World, signed_in: SignIn, policy: Policy) -> None:
    ready(world, policy)
    lead = signed_in(world.lead)
    page = lead.get(SEND)
    decide(signed_in(world.contributor), "welcome", choice="changed", words="Something else.")
    assert send(lead, page).status_code == 409
    assert again(policy).state == State.DRAFT


def test_a_lead_takes_it_back(world: World, signed_in: SignIn, policy: Policy) -> None:
    ready(world, policy)
    lead = signed_in(world.lead)
    send(lead)
    mail.outbox.clear()
    assert send(lead, do="withdraw")["Location"] == HERE
    assert (again(policy).state, again(policy).facts) == (State.DRAFT, None)
    (message,) = mail.outbox
    assert message.subject.startswith("House rules for the public was taken back by its team")
    assert [one.kind for one in policy.moves.all()] == ["started", "sent", "withdrawn"]


def test_nobody_goes_to_and_fro_without_end(
    world: World, signed_in: SignIn, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(world, policy)
    monkeypatch.setattr(limits, "DECISIONS", limits.Limit(0, "The most is", "Wait an hour"))
    page = send(signed_in(world.lead))
    assert page.status_code == 400
    assert "The most is 0. Wait an hour" in words(page)
    assert again(policy).state == State.DRAFT


# The next version.


def test_the_next_version_starts_from_the_last(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    ready(world, policy)
    decide(lead, "welcome", choice="changed", words="Our own words.")
    decide(lead, "follows", choice="left-out", because="Nobody asks.")
    Policy.objects.update(number="CORP 12", consulted="Staff side", readings={"legal": {"who": "Me", "on": ""}})
    last = again(policy)
    moves.send(at_work(world), last, None)
    moves.issue(at_work(world, world.manager), last, "Policy committee", timezone.localdate())
    assert last.state == State.ISSUED
    assert "Start version 2" in words(lead.get(DOCUMENT))
    assert lead.post(DOCUMENT)["Location"] == f"{DOCUMENT}2/"
    following = Policy.objects.get(version=2)
    assert (stored(following).words, stored(following).decided) == ("Our own words.", True)
    assert stored(following, "follows").because == "Nobody asks."
    assert (following.number, following.owner, following.approver) == ("CORP 12", world.lead, "Policy committee")
    # What is true of that version alone is asked anew.
    assert (following.next_review, following.consulted, following.readings) == (None, "", {})
    assert (following.approved_on, following.changes) == (None, "")
    # The last one stays in force, and stays as it is.
    assert "Go on with version 2" in words(lead.get(LIST))
    assert again(policy).state == State.ISSUED
    said = said_of(Policy.objects.select_related("organisation").get(version=2), texts.current())
    assert [row[0] for row in said.history] == ["1", "2"]
    assert said.history[0][2] == "First version."


def test_issuing_supersedes_the_version_before(world: World, policy: Policy) -> None:
    manager = at_work(world, world.manager)
    moves.send(at_work(world), policy, None)
    moves.issue(manager, policy, "The board", None)
    following = moves.start(at_work(world), DOCUMENTS["house-rules"], texts.current())
    moves.send(at_work(world), following, None)
    moves.issue(manager, following, "The board", None)
    assert (again(policy).state, again(following).state) == (State.SUPERSEDED, State.ISSUED)
    assert policy.moves.last().kind == PolicyMove.Kind.SUPERSEDED  # type: ignore[union-attr]
    with pytest.raises(moves.TooLate):
        moves.withdraw(at_work(world), again(policy))


def test_a_review_that_is_overdue_is_told_in_the_list(world: World, signed_in: SignIn, policy: Policy) -> None:
    Policy.objects.update(state=State.ISSUED, issued_at=timezone.now(), next_review=datetime.date(2026, 1, 2))
    assert "It should have been looked at again by 2 January 2026." in words(signed_in(world.lead).get(LIST))


# The library moves on.


def test_new_words_of_the_library_are_shown_word_by_word_and_taken(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    library_says("welcome", "We welcome praise, questions and worries.")
    lead = signed_in(world.lead)
    decide(lead, "welcome")
    assert "Nothing is new." in words(lead.get(NEWS))
    library_says("welcome", "We welcome praise, questions and complaints.")
    # What was decided on stays what it was until somebody takes the new words.
    assert "We welcome praise, questions and worries." in words(lead.get(HERE))
    assert "The library has new words for 1 clause of this document." in words(lead.get(HERE))
    page = lead.get(NEWS)
    assert "worries." in tree(page).xpath("//del")[0].text_content()
    assert "complaints." in tree(page).xpath("//ins")[0].text_content()
    assert lead.post(NEWS, {**form_of(page), "do": "take"})["Location"] == HERE
    assert "We welcome praise, questions and complaints." in words(lead.get(HERE))
    assert stored(policy).choice == Choice.KEPT


def test_whoever_stays_with_the_old_words_has_them_as_their_own(
    world: World, signed_in: SignIn, policy: Policy
) -> None:
    library_says("welcome", "We welcome praise.")
    lead = signed_in(world.lead)
    decide(lead, "welcome")
    library_says("welcome", "We welcome complaints.")
    lead.post(NEWS, {**form_of(lead.get(NEWS)), "do": "stay"})
    assert (stored(policy).choice, stored(policy).words) == (Choice.CHANGED, "We welcome praise.")
    assert "Nothing is new." in words(lead.get(NEWS))


@pytest.mark.parametrize(("do", "leads_to"), [("take", clause_at("welcome")), ("stay", HERE)])
def test_own_words_stay_and_stand_beside_the_new_ones(
    world: World, signed_in: SignIn, policy: Policy, do: str, leads_to: str
) -> None:
    library_says("welcome", "We welcome praise.")
    lead = signed_in(world.lead)
    decide(lead, "welcome", choice="changed", words="Our own words.")
    library_says("welcome", "We welcome complaints.")
    page = lead.get(NEWS)
    assert "Our own words." in words(page)
    assert lead.post(NEWS, {**form_of(page), "do": do})["Location"] == leads_to
    assert (stored(policy).choice, stored(policy).words) == (Choice.CHANGED, "Our own words.")
    assert "We welcome complaints." in words(lead.get(clause_at("welcome")))


def test_new_words_are_not_taken_unseen(world: World, signed_in: SignIn, policy: Policy) -> None:
    library_says("welcome", "We welcome praise.")
    lead = signed_in(world.lead)
    decide(lead, "welcome")
    library_says("welcome", "We welcome complaints.")
    page = lead.get(NEWS)
    library_says("welcome", "We welcome nothing.")
    assert lead.post(NEWS, {**form_of(page), "do": "take"}).status_code == 409
    assert library.read(stored(policy).base).words == "We welcome praise."


def test_what_nobody_decided_on_reads_as_the_library_does(world: World, signed_in: SignIn, policy: Policy) -> None:
    library_says("welcome", "We welcome everybody.")
    lead = signed_in(world.lead)
    assert "We welcome everybody." in words(lead.get(HERE))
    assert "Nothing is new." in words(lead.get(NEWS))


def test_new_words_between_a_page_and_its_save_are_seen_first(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    page = lead.get(clause_at("welcome"))
    library_says("welcome", "We welcome everybody.")
    answer = decide(lead, "welcome", page)
    assert answer.status_code == 409
    assert not stored(policy).decided
    assert decide(lead, "welcome", answer).status_code == 302


# Who may.


def test_managers_read_and_write_nothing(world: World, signed_in: SignIn, policy: Policy) -> None:
    manager = signed_in(world.manager)
    for address in (LIST, DOCUMENT, HERE, clause_at("welcome"), CONTROL, SEND, NEWS):
        page = manager.get(address)
        assert page.status_code == 200
        assert not tree(page).xpath("//main//form")
    for address in (DOCUMENT, HERE, clause_at("welcome"), CONTROL, SEND, NEWS):
        assert manager.post(address, {"choice": "kept"}).status_code == 403


def test_contributors_write_and_do_not_start_or_send(world: World, signed_in: SignIn, policy: Policy) -> None:
    colin = signed_in(world.contributor)
    ready(world, policy)
    assert "A lead can send it for approval now." in words(colin.get(HERE))
    assert colin.post(SEND, {"do": "send"}).status_code == 403
    assert colin.post(f"{LIST}crisis/").status_code == 403
    assert decide(colin, "welcome", choice="left-out", because="No.").status_code == 302


def test_documents_of_another_organisation_are_not_there(world: World, signed_in: SignIn, policy: Policy) -> None:
    olu = signed_in(world.outsider)
    for address in (LIST, DOCUMENT, HERE, clause_at("welcome"), CONTROL, SEND, NEWS):
        assert olu.get(address).status_code == 404
        assert olu.get(address.replace("anywhere", "elsewhere")).status_code in ((404,) if "/1/" in address else (200,))
        assert olu.post(address).status_code in (404, 405)


def test_what_there_is_not_is_not_found(world: World, signed_in: SignIn, policy: Policy) -> None:
    lead = signed_in(world.lead)
    for address in (
        f"{LIST}nothing/",
        f"{LIST}nothing/1/",
        f"{DOCUMENT}2/",
        f"{DOCUMENT}99999999999999/",
        clause_at("nothing"),
    ):
        assert lead.get(address).status_code == 404
    assert lead.post(NEWS, {"clause": "nothing", "do": "take"}).status_code == 404


def test_every_document_can_be_started_and_read(world: World, signed_in: SignIn) -> None:
    lead = signed_in(world.lead)
    facts(world)
    for key, document in DOCUMENTS.items():
        lead.post(f"{LIST}{key}/")
        page = lead.get(f"{LIST}{key}/1/")
        assert document.title in words(page)
        for clause in document.clauses:
            assert lead.get(reverse("policy-clause", args=["nhs-anywhere", key, 1, clause.key])).status_code == 200


def test_the_pages_ask_the_database_little(
    world: World, signed_in: SignIn, policy: Policy, django_assert_max_num_queries: Any
) -> None:
    ready(world, policy)
    lead = signed_in(world.lead)
    for address, most in ((LIST, 8), (DOCUMENT, 6), (HERE, 17), (clause_at("welcome"), 9), (CONTROL, 6), (SEND, 11)):
        lead.get(address)
        with django_assert_max_num_queries(most):
            lead.get(address)


def test_an_owner_who_left_is_still_named(world: World, policy: Policy) -> None:
    Policy.objects.update(owner=world.contributor)
    Membership.objects.filter(user=world.contributor).delete()
    rows: dict[str, Any] = dict(said_of(again(policy), texts.current()).control)
    assert rows["Owner"] == "Colin Contributor"
    assert not Membership.objects.filter(role=Role.CONTRIBUTOR).exists()
