"""`manage.py print_summaries`: the process that prints, one for a machine. The service starts it when somebody asks."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from worksheets.printing import work
from worksheets.report import machine, queue

logger = logging.getLogger(__name__)

# How long it stays when nothing waits, in seconds, so that the next summary finds the press warm.
IDLE = 900
# How often it looks, in seconds.
LOOK_EVERY = 0.2


class Command(BaseCommand):
    help = "Prints the summaries that wait. The service starts this by itself; one at a time runs on a machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lock", type=int, help="the descriptor of the lock, from whoever took it")

    def handle(self, *args: Any, **options: Any) -> None:
        lock = machine.take() if options["lock"] is None else options["lock"]
        if lock is None:
            raise CommandError("Another process prints on this machine already.")
        try:
            self.serve(lock, os.getppid())
        except DatabaseError as error:
            # What was being printed is taken up again by the next process.
            logger.error("Printing stops, as the database is away: %s", type(error).__name__)

    def serve(self, lock: int | None, parent: int) -> None:
        """Print until nothing has waited for a while, or until whoever started this has ended and nothing waits."""
        while lock is not None:
            self.until_idle(parent)
            os.close(lock)
            # Who asked in the moment before the lock was free has started nobody.
            lock = machine.take() if queue.waits() else None

    @staticmethod
    def until_idle(parent: int) -> None:
        # Without anything to do from the start there is no warm press to keep.
        quiet = 0.0 if queue.under_way().exists() else IDLE
        while True:
            if work():
                quiet = 0
            if quiet >= IDLE or os.getppid() != parent:
                return
            time.sleep(LOOK_EVERY)
            quiet += LOOK_EVERY
