"""What a browser makes of a page: its words, its form as it would be sent, and the press of a button."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.world import World
from worksheets.workbooks.strategy import STRATEGY

MARK = re.compile(r'<input type="hidden" name="(?:csrfmiddlewaretoken|form-start|form-end)" value="[^"]*">')


def tree(response: HttpResponse) -> Any:
    """The page as elements, without what waits in templates for a script."""
    # A NUL, which tests send, is text to a browser and the end of the page to this parser.
    page = html.document_fromstring(response.content.replace(b"\x00", "\ufffd".encode()).decode())
    for waiting in page.xpath("//template"):
        waiting.drop_tree()
    return page


def written(response: HttpResponse) -> str:
    """The page as written, less the marks of its forms: those are random, and sooner or later spell any short name."""
    return MARK.sub("", response.content.decode())


def words(response: HttpResponse) -> str:
    """What the page says, in one line."""
    page = tree(response)
    for hidden in page.xpath("//script | //style"):
        hidden.drop_tree()
    return re.sub(r"\s+", " ", page.text_content()).strip()


def error_messages(response: HttpResponse) -> list[str]:
    """The entries of the error summary, whose links must lead to something on the page."""
    page = tree(response)
    links = page.xpath("//*[contains(@class, 'nhsuk-error-summary')]//a")
    for link in links:
        target = link.get("href")
        assert not target.startswith("#") or page.xpath("//*[@id=$id]", id=target[1:]), f"{target} is not on the page"
    return [link.text_content().strip() for link in links]


def form_of(response: HttpResponse) -> dict[str, list[str]]:
    """The fields of the page's form, with what stands in them, as a browser would send it."""
    page = tree(response)
    (form,) = page.xpath("//main//form")
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        # A text area begins with a line break that belongs to the markup; lines end in CR LF on their way.
        sent.setdefault(name, []).append((value or "").removeprefix("\n").replace("\n", "\r\n"))
    return sent


def seen_on(response: HttpResponse) -> str:
    """What the page says that it has shown, which every save sends back with it."""
    (token,) = tree(response).xpath("//main//input[@name='seen']/@value")
    return token


def buttons(response: HttpResponse) -> list[str]:
    """What the buttons of the page's form ask for, in their order."""
    return [button.get("value") for button in tree(response).xpath("//button[@name='do']")]


def address(world: World, question: str) -> str:
    """Where a question of the review of NHS Anywhere is."""
    return reverse(
        "question", args=[world.anywhere.slug, STRATEGY, world.cycle.slug, STRATEGY.question[question].stage, question]
    )


def send(client: Client, url: str, do: str = "save", page: HttpResponse | None = None, **changes: Any) -> HttpResponse:
    """Load the page (or take the one given), change some fields, and press a button.

    In the names of fields `__` stands for a hyphen; `None` leaves a field out.
    """
    sent: dict[str, Any] = dict(form_of(page if page is not None else client.get(url)))
    for name, value in changes.items():
        sent[name.replace("__", "-")] = value
    return client.post(url, {key: value for key, value in sent.items() if value is not None} | {"do": do})
