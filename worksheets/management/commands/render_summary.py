"""`manage.py render_summary ORGANISATION/CYCLE --output FILE`: writes the strategy summary of a review as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets.management.reviews import find_cycle
from worksheets.models import Issued
from worksheets.report.printer import TooLarge, Unavailable
from worksheets.report.store import summary_of


class Command(BaseCommand):
    help = "Writes the strategy summary of a review as a PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "review", metavar="ORGANISATION/CYCLE", help="the two short names from the review's address"
        )
        parser.add_argument("--output", metavar="FILE", required=True, help="where to write the PDF")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = summary_of(find_cycle(options["review"]))
        except TooLarge as error:
            raise CommandError("This summary is too large to print. Shorten the longest answers.") from error
        except Unavailable as error:
            raise CommandError(f"The summary can't be printed: {error}") from error
        try:
            Path(options["output"]).write_bytes(bytes(made.pdf))
        except OSError as error:
            raise CommandError(f"{options['output']} can't be written: {error.strerror}.") from error
        what = "The issued file" if isinstance(made, Issued) else f"{made.pages} pages"
        self.stdout.write(f"{what}: {options['output']}")
