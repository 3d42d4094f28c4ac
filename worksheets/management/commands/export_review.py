"""`manage.py export_review ORGANISATION/CYCLE`: writes one review as an interchange file to standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from worksheets import interchange
from worksheets.management.reviews import find_cycle, review_of


class Command(BaseCommand):
    help = "Writes one review as an interchange file to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", metavar="ORGANISATION/CYCLE")

    def handle(self, *args: Any, review: str, **options: Any) -> None:
        cycle = find_cycle(review)
        data = interchange.export(review_of(cycle), cycle)
        # Written as UTF-8 whatever the terminal's encoding; a test may have put a text stream in place of it.
        out: Any = getattr(self.stdout, "_out", self.stdout)
        if hasattr(out, "buffer"):
            out.buffer.write(data)
        else:
            out.write(data.decode())
