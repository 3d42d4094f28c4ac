"""`manage.py import_review FILE [--replace]`: stores one review from an interchange file, and prints where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import interchange
from worksheets.management.reviews import owner_named


class Command(BaseCommand):
    help = "Stores one review from an interchange file. Nothing of a file that breaks the rules is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="overwrite the answers of a review that is there already"
        )
        parser.add_argument("--owner", metavar="EMAIL", help="whose own it is, for what only one person sees")

    def handle(self, *args: Any, file: Path, replace: bool, owner: str | None = None, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            incoming, user = interchange.read(data), owner_named(owner)
            cycle = interchange.store(incoming, replace=replace, user=user if incoming.workbook.private else None)
        except interchange.Refused as refused:
            raise CommandError("\n".join(refused.errors)) from refused
        if incoming.workbook.private and user is None:
            self.stderr.write("Nobody can open it in the browser: it is no one's own. Give --owner EMAIL to say whose.")
        self.stdout.write(f"{cycle.organisation.slug}/{cycle.slug}")
