"""`manage.py render_summary ORGANISATION/CYCLE --output FILE`: writes the strategy summary of a review as a PDF."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import texts
from worksheets.management.reviews import find_cycle, owner_named
from worksheets.models import Cycle, Issued, Printing, Summary
from worksheets.report import contents, queue, store
from worksheets.report.printer import TooLarge, TooManyPages, TooSlow
from worksheets.words import counted

# How often the command looks whether it is its turn, in seconds.
LOOK_EVERY = 0.3
WHY = {
    TooLarge.reason: "This summary is too large to print. Shorten the longest answers.",
    TooManyPages.reason: "This summary has too many pages to print. Shorten the longest answers.",
    TooSlow.reason: "This summary takes too long to make. Look for a long text without spaces, or for many symbols.",
}


Form = Printing.Form


class Command(BaseCommand):
    help = "Writes the strategy summary of a review as a PDF, or as a Word file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "review", metavar="ORGANISATION/CYCLE", help="the two short names from the review's address"
        )
        parser.add_argument("--output", metavar="FILE", required=True, help="where to write it: a .pdf, or a .docx")
        parser.add_argument("--owner", metavar="EMAIL", help="whose own it is, for what only one person sees")
        parser.add_argument("--without-record", action="store_true", help="leave out the full record behind it")

    def handle(self, *args: Any, **options: Any) -> None:
        word, alone = options["output"].endswith(".docx"), options["without_record"]
        form = (Form.WORD_ALONE if alone else Form.WORD) if word else Form.PDF_ALONE if alone else Form.PDF
        made = self.summary_of(find_cycle(options["review"], owner_named(options["owner"])), form)
        try:
            Path(options["output"]).write_bytes(bytes(made.pdf))
        except OSError as error:
            raise CommandError(f"{options['output']} can't be written: {error.strerror}.") from error
        what = (
            "The issued file" if isinstance(made, Issued) else f"{made.pages} pages" if made.pages else "The Word file"
        )
        self.stdout.write(f"{what}: {options['output']}")

    def summary_of(self, cycle: Cycle, form: str) -> Summary | Issued:
        """The issued summary of a cycle, or that of today, which waits for its turn like everybody's."""
        if form == Form.PDF and (file := store.issued(cycle.pk)):
            return file
        if made := store.kept(cycle.pk, contents.digest(cycle, texts.stamp(), form=form)):
            return made
        try:
            printing = queue.ask(cycle, None, form=form)
        except queue.Full as error:
            raise CommandError("The organisation has too many summaries in the queue. Try again later.") from error
        told = 0
        printing.refresh_from_db()
        while printing.under_way:
            before = queue.place(printing)
            if before and before != told:
                self.stderr.write(f"{counted(before, 'summary')} before this one")
            told = before
            time.sleep(LOOK_EVERY)
            queue.press_on()
            printing.refresh_from_db()
        made = store.kept(cycle.pk, printing.digest) if printing.state == Printing.State.DONE else None
        if made is None:
            raise CommandError(WHY.get(printing.reason, "The summary can't be printed. The log says why."))
        return made
