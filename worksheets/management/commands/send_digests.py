"""`manage.py send_digests`: mails people the comments of the day, once to each. For every day, from a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from worksheets.assigning.notices import digests
from worksheets.words import counted


class Command(BaseCommand):
    help = "Mails the comments of the day to those who want them once a day. Run twice, it sends nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        sent, failed = digests()
        self.stdout.write(f"{counted(sent, 'mail')} sent.")
        if failed:
            raise CommandError(f"{counted(failed, 'mail')} could not be sent. They wait for the next run.")
