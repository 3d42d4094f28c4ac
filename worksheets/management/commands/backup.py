"""`manage.py backup FILE [--force]`: writes the whole database into one file, while the toolkit goes on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets.management import backups


class Command(BaseCommand):
    help = "Writes the whole database into one file. It holds everything that is secret in the database: keep it so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a file that is there already")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            rows = backups.write(file, force=force)
        except backups.Refused as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{file} holds the whole database: {backups.told(rows)}.")
