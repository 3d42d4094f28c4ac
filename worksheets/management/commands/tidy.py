"""`manage.py tidy [--dry-run]`: takes out of the database what is kept for a while only. For every night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from worksheets.management.tidying import tidy


class Command(BaseCommand):
    help = (
        "Takes out what is kept for a while only: sessions that ended, drafts that were passed, old lines of the trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be taken out, and take out nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        said = [f"{n:,} {kind.one if n == 1 else kind.several}" for kind, n in tidy(only_count=dry_run) if n]
        done = "Would be taken out" if dry_run else "Taken out"
        self.stdout.write(f"{done}: {', '.join(said)}." if said else "Nothing is over.")
