"""How mails leave: with links that start at SITE_URL, in our words only, and when it must not show, after the answer.

A mail has a reader who did not ask for it, so it carries no text that somebody else chose: no names of people, no
notes, no names of reviews. The name of an organisation, which administrators set, is shown so that no mail program
makes a link of it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.signals import request_finished, request_started
from django.db import connections
from django.template.loader import render_to_string
from django.urls import reverse

from worksheets.cleaning import one_line
from worksheets.models import User

log = logging.getLogger(__name__)
Work = Callable[[], object]
# What mail programs and browsers read as a full stop, a stroke, a colon or an @ in an address.
JOINS = str.maketrans("\u2024\u3002\ufe52\uff0e\uff61\u2044\u2215\uff0f\ufe55\uff1a\ufe6b\uff20", ".....///::@@")


@dataclass(frozen=True)
class Mail:
    """A mail to one address: `template` is filled in with `words`.

    One that may be sent again after a crash has a `name`, the same each time: programs show it once.
    """

    to: str
    subject: str
    template: str
    words: dict[str, Any]
    name: str = ""


def link(name: str, *args: object, **kwargs: object) -> str:
    """The full address of the page called `name`. What the request says of its host is not asked."""
    return f"{settings.SITE_URL}{reverse(name, args=args, kwargs=kwargs)}"


def host() -> str:
    """The name of this service among all others, for what must be unique in the world."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def unlinked(name: str) -> str:
    """A name of which no mail program makes a link: what joins the parts of an address becomes a space."""
    return one_line(re.sub(r"[/\\@:]+|(?<=\w)[.](?=\w)|[<>\[\]()]", " ", one_line(name).translate(JOINS)))[:120]


def spelled(address: str) -> str:
    """An address of mail to be read and not clicked: "nora (at) example (dot) org"."""
    return one_line(address).replace("@", " (at) ").replace(".", " (dot) ")


def people(users: Iterable[User], but: User | None = None) -> list[str]:
    """The addresses of those who may sign in, each once, but for one of them."""
    return list(dict.fromkeys(user.email for user in users if user.is_active and user != but))


def send(mails: Iterable[Mail]) -> bool:
    """Send mails now, each on its own; False when one could not be sent, which is logged without its address."""
    mails = list(mails)
    if not mails:
        return True
    failed = 0
    try:
        with get_connection() as connection:
            for mail in mails:
                # A name with a line break in it must not become a header.
                subject, text = " ".join(mail.subject.split()), render_to_string(mail.template, mail.words).strip()
                headers = {"Message-ID": f"<{mail.name}@{host()}>"} if mail.name else None
                message = EmailMessage(subject, f"{text}\n", None, [mail.to], headers=headers, connection=connection)
                failed += not _sent(message)
    except OSError as error:
        log.error("%d mails could not be sent: %s", len(mails), type(error).__name__)
        return False
    return not failed


def _sent(message: EmailMessage) -> bool:
    """One bad address does not keep the others from their mails."""
    try:
        message.send()
    except OSError as error:
        # A traceback of the mail server's answer would hold the address.
        log.error("A mail could not be sent: %s", type(error).__name__)
        return False
    return True


# What is done after the answer, so that its time tells nothing, by one thread that ends when it has done all.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")
_here = threading.local()


def later(work: Work) -> None:
    """Do something once the answer to this request has been sent; at once when nothing is answered.

    Call it when what it tells of is stored. `work` must not need the request.
    """
    waiting = getattr(_here, "waiting", None)
    if waiting is None:
        background(work)
    else:
        waiting.append(work)


def background(work: Work) -> None:
    """Hand work to the thread for it. The tests put something in its place that does the work at once."""
    _thread.submit(_done, work)


def _done(work: Work) -> None:
    try:
        work()
    except Exception as error:
        # Its text could hold an address.
        log.error("Work after an answer failed: %s", type(error).__name__)
    finally:
        connections.close_all()


def _begin(**_signal: object) -> None:
    _here.waiting = []


def _end(**_signal: object) -> None:
    waiting, _here.waiting = getattr(_here, "waiting", None) or [], None
    for work in waiting:
        background(work)


request_started.connect(_begin, dispatch_uid="post begins")
request_finished.connect(_end, dispatch_uid="post ends")
