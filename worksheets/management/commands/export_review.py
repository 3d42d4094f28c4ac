"""`manage.py export_review ORGANISATION/CYCLE [--output FILE]`: writes one review as an interchange file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import interchange
from worksheets.management.reviews import find_cycle, owner_named, review_of


class Command(BaseCommand):
    help = "Writes one review as an interchange file, to standard output or to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", metavar="ORGANISATION/CYCLE")
        parser.add_argument("--owner", metavar="EMAIL", help="whose own it is, for what only one person sees")
        # A shell may change the encoding of what it redirects; this does not.
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *args: Any, review: str, output: Path | None, owner: str | None = None, **options: Any) -> None:
        cycle = find_cycle(review, owner_named(owner))
        data = interchange.export(review_of(cycle), cycle)
        if output:
            try:
                output.write_bytes(data)
            except OSError as error:
                raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
            return
        # Written as UTF-8 whatever the terminal's encoding; a test may have put a text stream in place of it.
        out: Any = getattr(self.stdout, "_out", self.stdout)
        if hasattr(out, "buffer"):
            out.buffer.write(data)
        else:
            out.write(data.decode())
