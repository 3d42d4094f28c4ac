"""Once is once: a form that is sent twice, by a double click or on the way, is done once and answered the same.

Every page has a mark of its own (`whole`). Who sends the same fields of the same page again is led to where they were
led the first time; who went back and wrote something else has sent another form. What is kept is a digest, for a day.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import time

from django.http import HttpRequest
from django.utils import timezone

from worksheets.models import Sent, User
from worksheets.whole import END, START, made_for

KEPT = datetime.timedelta(days=1)
# How long the second waits for the first, in seconds: a page answers in six.
PATIENCE, PAUSE = 4.0, 0.1
# What differs between two sendings of the same form.
APART = (END, "csrfmiddlewaretoken")


class AtWork(Exception):
    """The form was sent before, and that is still at work; or it broke off, and nobody knows how far it came."""


def key_of(request: HttpRequest) -> str:
    """The digest of a form and of where it was sent; "" when it has no mark of ours."""
    if made_for(request.POST.get(START, "")) is None:
        return ""
    fields = sorted((name, texts) for name, texts in request.POST.lists() if name not in APART)
    files = [(name, file.name, _digest(file)) for name, files in request.FILES.lists() for file in files]
    said = json.dumps([request.path, fields, sorted(files)])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(file: object) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():  # type: ignore[attr-defined]
        found.update(chunk)
    file.seek(0)  # type: ignore[attr-defined]
    return found.hexdigest()


def begin(key: str, user: User) -> Sent | str:
    """Take a form for the first time; or where its first sending led. Raises AtWork, after a wait for that.

    Of two at once, on whatever processes, the database lets one be the first.
    """
    until = time.monotonic() + PATIENCE
    while True:
        sent, first = Sent.objects.get_or_create(key=key, defaults={"by": user})
        if first:
            Sent.objects.filter(by=user, at__lt=timezone.now() - KEPT).delete()
            return sent
        if sent.answer:
            return sent.answer
        if time.monotonic() > until:
            raise AtWork
        time.sleep(PAUSE)


def done(sent: Sent, answer: str) -> None:
    """The form was taken and led to `answer`; "" when nothing came of it, so that it may be sent again."""
    rows = Sent.objects.filter(pk=sent.pk)
    if answer:
        rows.update(answer=answer)
    else:
        rows.delete()
