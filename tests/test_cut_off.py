"""A form that was cut off on its way is never taken for the whole: not by its length, nor by the mark that ends it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from lxml import html

from tests.reading import address, form_of, tree, words
from tests.test_access import EXPECTED
from tests.test_access import address as place
from tests.world import World
from worksheets import whole
from worksheets.models import Comment, Event, Guidance, Lookback, Organisation, Result, User, Worksheet

SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
PEOPLE = [{"id": f"s-{n}", "name": f"Stakeholder {n}", "influence": "high", "interest": "low"} for n in range(5)]
URLENCODED = "application/x-www-form-urlencoded"
TOLD = "Your text did not arrive whole"


# The marks.


def sent_forms(page: HttpResponse) -> list[Any]:
    return tree(page).xpath("//form[.//input[@name='csrfmiddlewaretoken']]")


def assert_marked(page: HttpResponse) -> int:
    """Every form that is sent begins before its token and ends behind all that it holds; says how many there are."""
    forms = sent_forms(page)
    for form in forms:
        named = form.xpath(".//*[self::input or self::textarea or self::select or self::button][@name]")
        first = next(field for field in named if field.get("name") in (whole.START, "csrfmiddlewaretoken"))
        assert (first.get("name"), named[-1].get("name")) == (whole.START, whole.END), html.tostring(form)[:300]
        assert first.get("value") == named[-1].get("value")
    for form in tree(page).xpath("//form[not(.//input[@name='csrfmiddlewaretoken'])]"):
        assert not form.xpath(".//input[@name='form-start' or @name='form-end']")
    return len(forms)


@pytest.mark.parametrize("name", [name for name, codes in EXPECTED.items() if "pdf" not in name])
def test_every_form_of_the_toolkit_has_a_beginning_and_an_end(world: World, signed_in: SignIn, name: str) -> None:
    world.fill()
    for user in (world.lead, world.manager):
        page = signed_in(user).get(place(name, world))
        if page.headers["Content-Type"].startswith("text/html") and page.status_code == 200:
            assert_marked(page)


@pytest.mark.parametrize("at", ["login/", "password/reset/"])
def test_so_has_every_form_of_those_who_are_signed_out(client: Client, db: None, at: str) -> None:
    assert assert_marked(client.get(f"/accounts/{at}"))


@pytest.mark.parametrize(
    "at",
    ["", "worksheets/organisation/", "worksheets/organisation/add/", "worksheets/user/", "worksheets/platform/add/"],
)
def test_so_has_every_form_of_the_administration(world: World, signed_in: SignIn, at: str) -> None:
    assert assert_marked(signed_in(world.admin).get(f"/admin/{at}"))


def test_buttons_that_stand_outside_their_form_stand_before_its_end(world: World, signed_in: SignIn) -> None:
    world.fill()
    for at in (address(world, "aims"), f"{REVIEW}drivers/"):
        page = tree(signed_in(world.lead).get(at))
        everything = list(page.iter())
        ends = {id(end.getparent()): everything.index(end) for end in page.xpath("//input[@name='form-end']")}
        for button in page.xpath("//*[@form]"):
            (form,) = page.xpath("//form[@id=$id]", id=button.get("form"))
            assert everything.index(button) < max(
                everything.index(end) for end in form.xpath(".//input[@name='form-end']")
            )
        assert ends


def test_each_page_has_marks_of_its_own_that_say_whom_it_was_made_for(world: World, signed_in: SignIn) -> None:
    lena = signed_in(world.lead)
    one, two = (form_of(lena.get(address(world, "aims")))[whole.START][0] for _ in range(2))
    assert one != two
    assert whole.made_for(one) == whole.made_for(two) == str(world.lead.pk)
    assert whole.made_for(whole.mark_for("")) == ""
    for wrong in ("", "x", one[:-1], one.replace(f"{world.lead.pk}.", "0."), f"{one}x"):
        assert whole.made_for(wrong) is None


# A form without its end.


@pytest.fixture
def lena(world: World, signed_in: SignIn) -> Client:
    world.fill(stakeholders={"stakeholders": {"stakeholders": PEOPLE}})
    return signed_in(world.lead)


def body_of(page: HttpResponse, **more: str) -> bytes:
    """The form of a page as a browser sends it, with its end at the end."""
    sent = form_of(page)
    end = sent.pop(whole.END)
    return urlencode({**sent, **more, whole.END: end}, doseq=True).encode()


def stored_people(world: World) -> Any:
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders")
    return sheet.answers["stakeholders"]["stakeholders"]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_question_that_lost_its_end_is_not_saved_and_what_came_is_shown(
    world: World, lena: Client, share: float
) -> None:
    url = address(world, "stakeholders")
    body = body_of(lena.get(url), do="save")
    cut = lena.post(url, body[: int(len(body) * share)], content_type=URLENCODED)
    assert cut.status_code == 400
    assert TOLD in words(cut)
    assert "Nothing was saved" in words(cut)
    assert stored_people(world) == PEOPLE
    if share > 0.4:
        assert "Stakeholder 0" in cut.content.decode()
    assert lena.post(url, body, content_type=URLENCODED).status_code == 302


def test_at_no_byte_is_a_form_that_was_cut_taken_for_whole(world: World, lena: Client) -> None:
    body = body_of(lena.get(address(world, "working")), changes="Two words", do="save")
    for length in range(len(body)):
        request = HttpRequest()
        request.method, request.content_type = "POST", URLENCODED
        request.META["CONTENT_LENGTH"] = str(length)
        request.POST = QueryDict(body[:length])
        assert not whole.is_whole(request) or "csrfmiddlewaretoken" not in request.POST, body[:length]


FIELDS = {
    "question": {"aims-0-id": "a", "aims-0-statement": "An aim"},
    "comments-on": {"text": "A comment", "do": "comment"},
    "measure": {"value": "12", "on-day": "2", "on-month": "11", "on-year": "2026"},
    "figure-change": {"value": "12", "on-day": "2", "on-month": "11", "on-year": "2026"},
    "event-add": {"text": "A strike", "on-day": "2", "on-month": "11", "on-year": "2026"},
    "event-change": {"text": "A strike", "on-day": "2", "on-month": "11", "on-year": "2026"},
    "look-back-at": {"actual": "82%", "so_what": "Well"},
    "cycle-edit": {"name": "Winter"},
    "cycle-start": {"name": "Winter"},
    "points": {"text": "It is the law", "point": "x"},
    "conclusion": {"because": "Nobody is there"},
    "submit": {"note": "Ready"},
    "decide": {"note": "Say more", "do": "send-back"},
    "person-add": {"email": "new@example.org", "role": "lead"},
    "person-change": {"role": "manager"},
    "results-upload": {"file": SimpleUploadedFile("f.csv", b"measure,date,figure\n")},
}


@pytest.mark.parametrize("name", FIELDS)
def test_no_form_of_any_page_is_taken_without_its_end(world: World, signed_in: SignIn, name: str) -> None:
    url = place(name, world)
    before = counts()
    for user in (world.lead, world.manager):
        cut = signed_in(user).post(url, {whole.START: whole.mark_for(user.pk)} | FIELDS[name])
        assert cut.status_code == 400
        assert TOLD in words(cut)
    assert counts() == before


def counts() -> list[int]:
    return [model.objects.count() for model in (Comment, Event, Result, Lookback, User, Organisation)]


def test_neither_is_a_form_of_the_administration(world: World, signed_in: SignIn) -> None:
    ada = signed_in(world.admin)
    sent = {"name": "NHS Cut", "slug": "nhs-cut"}
    mark = {whole.START: whole.mark_for(world.admin.pk)}
    cut = ada.post("/admin/worksheets/organisation/add/", mark | sent)
    assert cut.status_code == 400
    assert "NHS Cut" in cut.content.decode()
    assert not Organisation.objects.filter(slug="nhs-cut").exists()
    guidance = Guidance.objects.first()
    if guidance:
        text = guidance.text
        at = f"/admin/worksheets/guidance/{guidance.pk}/change/"
        assert ada.post(at, mark | {"text": "Half of"}).status_code == 400
        guidance.refresh_from_db()
        assert guidance.text == text


def test_neither_is_a_file(world: World, signed_in: SignIn) -> None:
    world.fill(evaluation={"measures": {"measures": [{"id": "m-1", "what": "Questions answered"}]}})
    file = SimpleUploadedFile("f.csv", b"measure,date,figure\nm-1,2026-11-03,7\nm-1,2026-11-04,71\n")
    mark = whole.mark_for(world.lead.pk)
    body = encode_multipart(BOUNDARY, {whole.START: mark, "file": file, whole.END: mark})
    lena = signed_in(world.lead)
    cut = body[: body.index(b"71") + 1]
    assert lena.generic("POST", f"{REVIEW}results/upload/", cut, MULTIPART_CONTENT).status_code == 400
    assert not Result.objects.exists()
    assert lena.generic("POST", f"{REVIEW}results/upload/", body, MULTIPART_CONTENT).status_code == 302
    assert Result.objects.count() == 2


def test_a_file_to_be_checked_that_was_cut_is_asked_for_again(world: World, signed_in: SignIn) -> None:
    sent = {whole.START: whole.mark_for(world.lead.pk), "file": SimpleUploadedFile("a.pdf", b"%PDF")}
    page = signed_in(world.lead).post("/o/nhs-anywhere/verify/", sent)
    assert page.status_code == 400
    assert "Not all of it arrived" in words(page)


def test_a_cut_form_shows_no_password_and_is_only_text(client: Client, db: None) -> None:
    sent = {whole.START: whole.mark_for(""), "login": "<b>lena</b>@example.org", "password": "a long secret"}
    page = client.post("/accounts/login/", sent)
    assert page.status_code == 400
    assert b"a long secret" not in page.content
    assert b"<b>lena" not in page.content


# Over a real connection, with the server that runs it in earnest.

SET_UP = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.world import make_world
world = make_world()
world.fill(stakeholders={"stakeholders": {"stakeholders": %r}})
session = SessionStore()
session[SESSION_KEY] = str(world.lead.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = world.lead.get_session_auth_hash()
session.create()
print("session", session.session_key)
"""


class Server:
    """The toolkit under gunicorn with a database of its own, and Lena's session in it."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session, self.csrf = port, session, ""

    def get(self, path: str) -> HttpResponse:
        cookies = f"sessionid={self.session}; csrftoken={self.csrf}"
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookies})) as answer:
            for header, value in answer.headers.items():
                if header == "Set-Cookie" and value.startswith("csrftoken="):
                    self.csrf = value.split(";")[0].partition("=")[2]
            return HttpResponse(answer.read())

    def post(self, path: str, body: bytes, announced: int, *, listening: bool = True) -> int:
        """Send a body of which so many bytes are announced, close that side of the line, and read the status."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {URLENCODED}\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={self.csrf}\r\n"
            f"Content-Length: {announced}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(head.encode() + body)
            if not listening:
                return 0
            line.shutdown(socket.SHUT_WR)
            answer = HTTPResponse(line)
            answer.begin()
            answer.read()
            return answer.status


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "TOOLKIT_ENV": "demo"}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    common: dict[str, Any] = {"env": environment, "cwd": settings.BASE_DIR}
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True, **common)
    made = subprocess.run(
        [*manage, "shell", "--no-imports", "-c", SET_UP % PEOPLE],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        **common,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        gunicorn = subprocess.Popen(
            [Path(sys.executable).parent / "gunicorn", "toolkit.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"],
            stdout=log,
            stderr=log,
            **common,
        )
        try:
            running = Server(port, made.stdout.split()[-1])
            for _ in range(300):
                try:
                    running.get("/health/")
                    break
                except OSError:
                    time.sleep(0.1)
            yield running
        finally:
            gunicorn.terminate()
            gunicorn.wait(20)


PAGE = f"{REVIEW}stakeholders/stakeholders/"


def people_on(page: HttpResponse) -> int:
    return len([name for name in form_of(page) if name.endswith("-name")])


def test_half_of_the_announced_bytes_is_no_answer(server: Server) -> None:
    body = body_of(server.get(PAGE), do="save")
    for end in (len(body) // 2, len(body) - 1):
        assert server.post(PAGE, body[:end], len(body)) == 400
    assert server.post(PAGE, body[: len(body) // 2], len(body), listening=False) == 0
    assert people_on(server.get(PAGE)) == 5


def test_what_a_proxy_cut_and_announced_anew_is_no_answer_either(server: Server) -> None:
    body = body_of(server.get(PAGE), do="save")
    assert server.post(PAGE, body[: len(body) // 2], len(body) // 2) == 400
    assert people_on(server.get(PAGE)) == 5


def test_a_form_without_marks_is_held_against_its_length(server: Server) -> None:
    """A page that was open before the service was renewed has none."""
    sent = {name: value for name, value in form_of(server.get(PAGE)).items() if not name.startswith("form-")}
    body = urlencode(sent | {"do": "save"}, doseq=True).encode()
    assert server.post(PAGE, body[: len(body) // 2], len(body)) == 400
    assert people_on(server.get(PAGE)) == 5
    assert server.post(PAGE, body, len(body)) == 302
    assert people_on(server.get(PAGE)) == 5


def test_what_comes_is_counted() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen["read"] = environ["wsgi.input"].read(3) + environ["wsgi.input"].readline()
        seen["taken"] = environ["wsgi.input"].taken
        return []

    whole.counting(application)({"wsgi.input": BytesIO(b"one two\nthree")}, None)  # type: ignore[arg-type]
    assert seen == {"read": b"one two\n", "taken": 8}
