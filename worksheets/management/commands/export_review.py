"""`manage.py export_review ORGANISATION/CYCLE`: writes one review as an interchange file to standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from worksheets import interchange
from worksheets.management.reviews import find_cycle


class Command(BaseCommand):
    help = "Writes one review as an interchange file to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", metavar="ORGANISATION/CYCLE")

    def handle(self, *args: Any, review: str, **options: Any) -> None:
        data = interchange.export(find_cycle(review))
        # Bytes, whatever the encoding of the terminal; a test may have put a text stream in place of standard output.
        out = getattr(self.stdout, "_out", self.stdout)
        (out.buffer.write(data) if hasattr(out, "buffer") else out.write(data.decode()))
