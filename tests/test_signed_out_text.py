"""A session that ends while somebody types: sign in and go on, with the text in its fields and nothing saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from tests.reading import address, form_of, send, tree, words
from tests.test_access import address as place
from tests.test_access_bodies import contradicted
from tests.world import PASSWORD, World
from worksheets import kept, saving, whole
from worksheets.models import Comment, Event, Membership, Organisation, User, Worksheet
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
ON = {"on-day": "2", "on-month": "11", "on-year": "2026"}
STOP = "resources.no-better-outcome|"


def end_sessions() -> None:
    Session.objects.all().delete()


def sign_in(client: Client, page: HttpResponse, user: User, password: str = PASSWORD) -> HttpResponse:
    """Fill in the form for signing in that stands on a page, and follow where it leads."""
    (form,) = tree(page).xpath("//main//form")
    sent = {name: value or "" for name, value in form.form_values()}
    return client.post(form.get("action"), sent | {"login": user.email, "password": password}, follow=True)


def stored(world: World, question: str) -> Any:
    sheet = Worksheet.objects.get(cycle=world.cycle, stage=STRATEGY.question[question].stage)
    return sheet.answers.get(question)


@pytest.fixture
def lena(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.lead)


def test_a_question_is_back_in_its_fields_after_signing_in_and_is_not_saved_yet(world: World, lena: Client) -> None:
    url = address(world, "aims")
    page = lena.get(url)
    end_sessions()
    typed = {"aims-0-id": "a-1", "aims-0-statement": "one", "aims-1-id": "a-2", "aims-1-statement": "two\r\nlines"}
    out = lena.post(url, form_of(page) | typed | {"do": "save"})
    assert out.status_code == 403
    assert "You have been signed out" in words(out)
    assert not Session.objects.exists()
    back = sign_in(lena, out, world.lead)
    assert back.redirect_chain[-1][0] == url
    said = words(back)
    assert "It is back in its fields, and is not saved yet" in said
    assert "Somebody else" not in said
    assert tree(back).xpath("//title")[0].text.startswith("Not saved yet: ")
    sent = form_of(back)
    assert {name: sent[name] for name in typed} == {name: [text] for name, text in typed.items()}
    assert stored(world, "aims") is None
    assert lena.post(url, sent | {"do": "save"}).status_code == 302
    rest = [
        row["statement"].removeprefix(f"By using social media, {world.anywhere} aims to ")
        for row in stored(world, "aims")["aims"]
    ]
    assert rest == ["one", "two\nlines"]
    assert "not saved yet" not in words(lena.get(url))


def test_it_stays_when_the_page_is_loaded_again_until_it_is_wanted_without(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    sign_in(lena, send(lena, url, page=page, changes="Typed"), world.lead)
    for _ in range(2):
        assert form_of(lena.get(url))["changes"] == ["Typed"]
        lena.post(url, {"changes": "Typed", "do": "compute"})
    assert "not saved yet" not in words(lena.get(address(world, "aims")))
    assert form_of(lena.get(f"{url}?saved"))["changes"] == [""]
    assert form_of(lena.get(url))["changes"] == [""]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(world: World, lena: Client) -> None:
    url = address(world, "working")
    saving.save_answer(
        Worksheet.objects.get(cycle=world.cycle, stage="content"), "working", {"changes": "Old"}, user=world.lead
    )
    page = lena.get(url)
    end_sessions()
    out = send(lena, url, page=page, changes="Lena's")
    saving.save_answer(
        Worksheet.objects.get(cycle=world.cycle, stage="content"),
        "working",
        {"changes": "Colin's"},
        user=world.contributor,
    )
    back = sign_in(lena, out, world.lead)
    assert form_of(back)["changes"] == ["Lena's"]
    clash = send(lena, url, page=back)
    assert clash.status_code == 409
    assert "Colin's" in words(clash)
    assert stored(world, "working") == {"changes": "Colin's"}


FIELDS: dict[str, dict[str, str]] = {
    "comments-on": {"text": "Is this right?", "do": "comment"},
    "event-add": {"text": "A strike", **ON},
    "event-change": {"text": "Another word", **ON},
    "measure": {"value": "12", "note": "Counted", **ON},
    "figure-change": {"value": "13", "note": "Counted again", **ON},
    "look-back-at": {"actual": "82%", "so_what": "Well"},
    "cycle-edit": {"name": "Winter"},
    "cycle-start": {"name": "Winter"},
    "person-add": {"email": "new@example.org"},
    "conclusion": {"because": "Nobody is there"},
    "points": {"text": "It is the law", "point": STOP},
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_form_is_filled_in_again(world: World, lena: Client, name: str) -> None:
    if name == "points":
        contradicted(world)
    url, typed = place(name, world), FIELDS[name]
    page = lena.get(url)
    forms = tree(page).xpath("//main//form[@method='post']")
    form = next(form for form in forms if set(typed) - {"do"} <= set(form.fields))
    end_sessions()
    out = lena.post(url, {key: value or "" for key, value in form.form_values()} | typed)
    assert out.status_code == 403
    back = sign_in(lena, out, world.lead)
    assert "It is back in its fields" in words(back)
    found = [dict(form.form_values()) for form in tree(back).xpath("//main//form[@method='post']")]
    wanted = {key: value for key, value in typed.items() if key != "do"}
    assert any(wanted.items() <= {k: (v or "").strip() for k, v in one.items()}.items() for one in found), found
    assert not Comment.objects.exists()
    assert not Event.objects.filter(text__in=("A strike", "Another word")).exists()


def test_a_reply_is_back_in_its_thread(world: World, lena: Client) -> None:
    thread = Comment.objects.create(cycle=world.cycle, question="aims", text="Why?", written_by=world.manager)
    lena.get(f"{REVIEW}comments/aims/")
    end_sessions()
    out = lena.post(f"{REVIEW}comments/aims/", {"text": "Because", "do": f"reply:{thread.pk}"})
    back = tree(sign_in(lena, out, world.lead))
    assert back.xpath("//textarea[@id=$id]", id=f"reply-{thread.pk}")[0].text_content().strip() == "Because"
    assert back.xpath("//textarea[@id='text']")[0].text_content().strip() == ""


def test_a_wrong_password_loses_nothing(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    wrong = sign_in(lena, send(lena, url, page=page, changes="Typed"), world.lead, "not the password")
    assert "Check your email address and password" in words(wrong)
    back = sign_in(lena, wrong, world.lead)
    assert form_of(back)["changes"] == ["Typed"]


def test_who_signed_in_elsewhere_meanwhile_finds_it_too(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    out = send(lena, url, page=page, changes="Typed")
    lena.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert form_of(sign_in(lena, out, world.lead))["changes"] == ["Typed"]


# Somebody else signs in.


def test_somebody_else_is_told_that_it_is_not_theirs(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    back = sign_in(lena, send(lena, url, page=page, changes="Lena's"), world.contributor)
    assert "Somebody else was signed in when this was typed" in words(back)
    assert "under your name" in words(back)
    assert form_of(back)["changes"] == ["Lena's"]
    assert stored(world, "working") is None


@pytest.mark.parametrize("who", ["manager", "outsider", "nobody"])
def test_who_may_not_write_there_finds_no_fields(world: World, lena: Client, who: str) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    back = sign_in(lena, send(lena, url, page=page, changes="Lena's"), getattr(world, who))
    assert back.status_code == (200 if who == "manager" else 404)
    assert not tree(back).xpath("//main//form[@method='post']")
    assert stored(world, "working") is None


def test_a_page_that_cannot_take_it_any_more_shows_it_to_be_copied(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    out = send(lena, url, page=page, changes="Typed")
    Worksheet.objects.filter(cycle=world.cycle, stage="content").update(status="complete")
    back = sign_in(lena, out, world.lead)
    assert "It cannot be put back into this page" in words(back)
    assert "Typed" in [box.text_content().strip() for box in tree(back).xpath("//textarea[@readonly]")]
    Membership.objects.filter(user=world.lead).delete()
    gone = lena.get(url)
    assert gone.status_code == 404
    assert "Typed" in [box.text_content().strip() for box in tree(gone).xpath("//textarea[@readonly]")]


# What travels, and who may send it.


def test_nothing_that_another_site_made_up_is_taken(world: World) -> None:
    """A form that another site sends has no proof that it is ours: it is neither carried nor saved."""
    strict = Client(enforce_csrf_checks=True)
    mark = whole.mark_for(world.outsider.pk)
    for sent in ({"changes": "Evil"}, {"changes": "Evil", whole.START: "x", whole.END: "x"}):
        refused = strict.post(address(world, "working"), sent)
        assert refused.status_code == 403
        assert "kept" not in [field.get("name") for field in tree(refused).xpath("//input")]
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = strict.post(address(world, "working"), {"changes": "Evil", whole.START: mark, whole.END: mark})
    assert refused.status_code == 403
    assert form_of(strict.get(address(world, "working")))["changes"] == [""]


def test_a_page_from_before_signing_in_again_is_filled_but_not_saved(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = address(world, "working")
    old = form_of(strict.get(url)) | {"changes": "Typed", "do": "save"}
    strict.cookies["csrftoken"] = "x" * 32
    stale = strict.post(url, old)
    assert stale.status_code == 403
    assert "What you typed will be back in its fields" in words(stale)
    assert stored(world, "working") is None
    assert form_of(strict.get(url))["changes"] == ["Typed"]


def test_somebody_elses_page_is_only_to_be_copied(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = address(world, "working")
    old = form_of(strict.get(url)) | {"changes": "Typed"}
    strict.force_login(world.contributor, backend="allauth.account.auth_backends.AuthenticationBackend")
    strict.cookies["csrftoken"] = "x" * 32
    stale = strict.post(url, old)
    assert "back in its fields" not in words(stale)
    assert "Typed" in stale.content.decode()
    assert form_of(strict.get(url))["changes"] == [""]


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "é", "x" * 10_000])
def test_what_we_did_not_seal_does_not_come_back(world: World, client: Client, text: str) -> None:
    sent = {"login": world.lead.email, "password": PASSWORD, "kept": text, "next": address(world, "working")}
    assert client.post("/accounts/login/", sent).status_code == 302
    assert form_of(client.get(address(world, "working")))["changes"] == [""]


def test_a_text_that_is_changed_on_its_way_does_not_come_back() -> None:
    sealed = kept.sealed(kept.Kept("/", [("a", "b")], "1"))
    assert kept.opened(sealed) == kept.Kept("/", [("a", "b")], "1")
    for wrong in (sealed[:-1], f"x{sealed}", sealed[1:], sealed.replace(":", "")):
        assert kept.opened(wrong) is None


def test_what_is_too_long_to_travel_is_shown_to_be_copied(world: World, lena: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(kept, "MOST", 100)
    url = address(world, "working")
    lena.get(url)
    end_sessions()
    out = lena.post(url, {"changes": "Long " * 50, "do": "save"})
    assert "Copy what you need from the boxes below" in words(out)
    assert "Long Long" in out.content.decode()
    assert "kept" not in form_of(out)
    assert sign_in(lena, out, world.lead).status_code == 200


def test_passwords_and_the_administration_never_travel(world: World, signed_in: SignIn) -> None:
    ada = signed_in(world.admin)
    end_sessions()
    for sent in ({"name": "NHS New", "slug": "new"}, {"email": "a@example.org", "password1": "a long secret"}):
        out = ada.post("/admin/worksheets/organisation/add/", sent)
        assert out.status_code in (302, 403)
        assert "a long secret" not in out.content.decode()
        if out.status_code == 403:
            assert "kept" not in form_of(out)
    assert not Organisation.objects.filter(slug="new").exists()


def test_texts_that_travel_are_only_text(world: World, lena: Client) -> None:
    url, nasty = address(world, "working"), "</textarea><script>alert(1)</script>\"'"
    page = lena.get(url)
    end_sessions()
    out = send(lena, url, page=page, changes=nasty)
    back = sign_in(lena, out, world.lead)
    for shown in (out, back):
        assert b"<script>alert" not in shown.content
    assert form_of(back)["changes"] == [nasty]


def test_signing_out_forgets_it(world: World, lena: Client) -> None:
    url = address(world, "working")
    page = lena.get(url)
    end_sessions()
    sign_in(lena, send(lena, url, page=page, changes="Typed"), world.lead)
    lena.post("/accounts/logout/")
    lena.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert form_of(lena.get(url))["changes"] == [""]
