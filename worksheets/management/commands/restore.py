"""`manage.py restore FILE [--check] [--force]`: makes the database what it was when the backup was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets.management import backups


class Command(BaseCommand):
    help = "Makes the database what it was when the backup was written: all of it, or nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only say whether the backup is whole and fits")
        parser.add_argument("--force", action="store_true", help="throw away what the database holds now")

    def handle(self, *args: Any, file: Path, check: bool, force: bool, **options: Any) -> None:
        try:
            rows = backups.checked(file) if check else backups.restore(file, force=force)
        except backups.Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        if check:
            self.stdout.write(f"{file} is whole and fits this version: {backups.told(rows)}.")
        else:
            self.stdout.write(f"The database is as it was in {file}: {backups.told(rows)}. Everybody signs in again.")
