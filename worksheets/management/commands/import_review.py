"""`manage.py import_review FILE [--replace]`: stores one review from an interchange file, and prints where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import interchange


class Command(BaseCommand):
    help = "Stores one review from an interchange file. Nothing of a file that breaks the rules is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="overwrite the answers of a review that is there already"
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            cycle = interchange.store(interchange.read(data), replace=replace)
        except interchange.Refused as refused:
            raise CommandError("\n".join(refused.errors)) from refused
        self.stdout.write(f"{cycle.organisation.slug}/{cycle.slug}")
