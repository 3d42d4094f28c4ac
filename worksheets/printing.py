"""What the one process of a machine that prints does: takes the next of the queue, sets its pages, keeps the file."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from django.utils import timezone

from worksheets import access, texts
from worksheets.comparing.views import comparison
from worksheets.example import made
from worksheets.models import Cycle, Printing
from worksheets.policies import files, issuing, moves
from worksheets.report import contents, queue, store
from worksheets.report.printer import Refused, TooSlow, Unavailable, printer
from worksheets.saving import TooLate
from worksheets.signoff import signing
from worksheets.words import article
from worksheets.workbooks import WORKBOOKS

logger = logging.getLogger(__name__)

# How much processor time may be spent on a summary before it goes to the press, in seconds. The largest take two.
OWN_SECONDS = 60


def work() -> int:
    """Print what waits, one after another, until nothing does; how many there were."""
    done = 0
    while printing := queue.claim():
        carry_out(printing)
        done += 1
    return done


def carry_out(printing: Printing) -> None:
    """Print one and say in the queue what came of it. Raises only when the database is away."""
    printer.meanwhile = partial(give_sign, printing)
    started, told = time.monotonic(), {}
    try:
        with within(OWN_SECONDS):
            if printing.purpose == Printing.Purpose.SIGN_OFF:
                told["told"] = signing.carry_out(printing)
            elif printing.purpose == Printing.Purpose.EXAMPLE:
                make_example(printing)
            elif printing.purpose == Printing.Purpose.ISSUE:
                told["told"] = issuing.carry_out(printing)
            elif printing.purpose == Printing.Purpose.POLICY:
                files.make(printing)
            else:
                make_summary(printing)
    except (Refused, Unavailable) as error:
        reason = error.reason
    except (TooLate, moves.TooLate):
        reason = signing.TOO_LATE
    except (Http404, PermissionDenied):
        reason = signing.NOT_ALLOWED
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # A traceback would say what people wrote.
        logger.error("Printing %d failed in our own code: %s", printing.pk, type(error).__name__)
        reason = Unavailable.reason
    else:
        reason = ""
    queue.finish(printing, reason, **told)
    took = time.monotonic() - started
    logger.info("Printing %d, %s: %s after %.1f s", printing.pk, article(printing.purpose), reason or "done", took)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooSlow in the middle of what takes this process more of the processor's time: all that wait, wait for it.

    Only where signals arrive, as they do in the process that prints.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def give_sign(printing: Printing) -> None:
    """Tell the others that this process is alive. A database that is away is noticed when the file is kept."""
    with suppress(DatabaseError):
        queue.alive(printing)


def make_summary(printing: Printing) -> None:
    """Make the summary of a cycle as it stands now, with the comparison that was asked for."""
    cycle = Cycle.objects.select_related("organisation").get(printings=printing)
    now, beside = texts.stamp(), None
    others = []
    if printing.beside_id:
        # What is printed behind a summary was asked for by somebody who may see both.
        user, slug, workbook = printing.asked_by, cycle.organisation.slug, WORKBOOKS[cycle.workbook]
        if user is None:
            raise Http404
        other = Cycle.objects.get(pk=printing.beside_id)
        visits = [access.visit_cycle(user, slug, workbook, one.slug) for one in (cycle, other)]
        beside, others = comparison(*visits), [visits[1].cycle]
    printing.digest = contents.digest(cycle, now, *others, form=printing.form, document=printing.document)
    worksheets = cycle.worksheets.select_related("completed_by")
    store.make(cycle, worksheets, texts.current(now), printing.digest, beside, printing.form, printing.document)


def make_example(printing: Printing) -> None:
    """Make the summary of an example, unless it is there."""
    example = made.example_of(printing.example)
    if example is None:
        raise Http404
    printing.digest = made.digest(example.workbook, printing.form)
    if not store.kept(None, printing.digest):
        store.keep(None, printing.digest, example.summary(timezone.localdate(), paper=True), printing.form)
