"""`manage.py send_reminders [--dry-run]`: mails people what is due and what was talked about. For every day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from worksheets.reminders.sending import count_reminders, send_reminders
from worksheets.words import capital, counted


class Command(BaseCommand):
    help = "Mails everybody what is due and the comments that wait, in one mail. Run twice, it sends nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say how many mails would be sent, and send none")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        if dry_run:
            self.stdout.write(f"{capital(counted(count_reminders(timezone.now()), 'mail'))} would be sent.")
            return
        outcome = send_reminders(timezone.now())
        self.stdout.write(f"{capital(counted(outcome.sent, 'mail'))} sent.")
        if outcome.failed:
            raise CommandError(f"{counted(outcome.failed, 'mail')} could not be sent. They wait for the next run.")
