"""The page that tells whether a file is the one that was issued: this organisation's files, and no others."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.reading import error_messages, words
from tests.world import World
from worksheets.models import Cycle, Issued, User, Worksheet
from worksheets.report.printer import printer
from worksheets.signoff import decisions, revising, verifying

SignedIn = Callable[[User], Client]
VERIFY = "/o/nhs-anywhere/verify/"


@pytest.fixture(autouse=True)
def no_press_is_left() -> Any:
    yield
    printer.close()


def issue(world: World) -> Issued:
    """Sign the review of NHS Anywhere off, with a real PDF."""
    world.fill()
    world.cycle.worksheets.update(status=Worksheet.Status.COMPLETE)
    submission = decisions.submit(world.visit(world.lead))
    decisions.sign_off(world.visit(world.manager), submission.pk)
    world.cycle.refresh_from_db()
    return Issued.objects.get(cycle=world.cycle)


def told(pdf: bytes, number: int) -> str:
    """What a page of a PDF says."""
    asked = ["pdftotext", "-f", str(number), "-l", str(number), "-", "-"]
    return subprocess.run(asked, input=pdf, capture_output=True, check=True).stdout.decode()


def drop(client: Client, data: bytes, name: str = "strategy.pdf", address: str = VERIFY) -> HttpResponse:
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


def test_the_issued_file_is_known_and_a_tampered_one_is_not(world: World, signed_in: SignedIn) -> None:
    issued = issue(world)
    pdf = signed_in(world.lead).get("/o/nhs-anywhere/reviews/autumn-2026/summary.pdf").content
    assert "Signed off by Mary Manager on" in told(pdf, 1)
    assert "Signed off on" in told(pdf, 4)
    for user in (world.lead, world.contributor, world.manager):
        page = words(drop(signed_in(user), pdf))
        assert "“strategy.pdf” is the file that was issued for Autumn 2026." in page
        assert "Mary Manager signed it off on" in page
        assert issued.sha256 in page
    lead = signed_in(world.lead)
    changed = bytearray(pdf)
    changed[len(changed) // 2] ^= 1
    for tampered in (bytes(changed), pdf + b"\n", pdf[:-1], b"%PDF-1.7"):
        page = words(drop(lead, tampered))
        assert "is not one of the files that NHS Anywhere Foundation Trust issued here" in page
        assert sha256(tampered).hexdigest() in page
    revising.revise(world.visit(world.lead))
    assert "There is a revision of this review: Autumn 2026, revision 2." in words(drop(lead, pdf))


def test_a_file_of_another_organisation_is_not_told_of(world: World, signed_in: SignedIn) -> None:
    Issued.objects.create(cycle=world.foreign_cycle, pdf=b"theirs", sha256=sha256(b"theirs").hexdigest())
    page = words(drop(signed_in(world.lead), b"theirs"))
    assert "is not one of the files" in page
    assert "Elsewhere" not in page
    assert "is the file that was issued" in words(
        drop(signed_in(world.outsider), b"theirs", address="/o/nhs-elsewhere/verify/")
    )


def test_strangers_verify_nothing_here(world: World, signed_in: SignedIn) -> None:
    for user in (world.outsider, world.nobody, world.admin):
        client = signed_in(user)
        assert client.get(VERIFY).status_code == 404
        assert drop(client, b"x").status_code == 404


def test_no_file_is_asked_for_again(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.manager)
    for sent in ({}, {"file": "a text"}):
        page = client.post(VERIFY, sent)
        assert page.status_code == 400
        assert error_messages(page) == ["Choose the PDF that you want to check. It can have 20 MB at most"]


def test_a_file_beyond_the_limit_is_not_read(world: World, signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(verifying, "MOST_BYTES", 200_000)
    client = signed_in(world.lead)
    page = drop(client, b"x" * 300_000)
    assert page.status_code == 400
    assert "Choose a file of 20 MB or less" in error_messages(page)[0]
    # Whoever says that it is shorter than it is gets no further.
    page = drop(client, b"x" * 210_000)
    assert page.status_code == 400
    assert drop(client, b"x" * 190_000).status_code == 200


def test_nothing_of_a_file_is_kept(world: World, signed_in: SignedIn, monkeypatch: Any) -> None:
    def kept(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("The file is written somewhere.")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", kept)
    assert "is not one of the files" in words(drop(signed_in(world.lead), b"x" * 3_000_000))
    assert not Issued.objects.exists()


def test_the_name_of_a_file_is_escaped(world: World, signed_in: SignedIn) -> None:
    html = drop(signed_in(world.lead), b"x", name="<b>bold</b>.pdf").content.decode()
    assert "<b>" not in html
    assert "&lt;" in html or "bold" not in html


def test_a_page_of_another_site_asks_nothing(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert drop(strict, b"x").status_code == 403
    token = strict.get(VERIFY).content.decode().split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
    sent = {"file": SimpleUploadedFile("a.pdf", b"x"), "csrfmiddlewaretoken": token}
    assert strict.post(VERIFY, sent).status_code == 200


def test_the_way_here_is_on_the_dashboard_and_beside_a_signed_off_review(world: World, signed_in: SignedIn) -> None:
    Cycle.objects.filter(pk=world.cycle.pk).update(state=Cycle.State.SIGNED_OFF)
    client = signed_in(world.contributor)
    for address in ("/o/nhs-anywhere/reviews/", "/o/nhs-anywhere/reviews/autumn-2026/"):
        assert f'href="{VERIFY}"' in client.get(address).content.decode()
