"""`manage.py demo`: makes the sample people and reviews, and prints how to sign in. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from worksheets.management import demonstration


class Command(BaseCommand):
    help = "Makes sample people and reviews to try the toolkit with. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo is refused: TOOLKIT_ENV is production, and its password is known to everybody."
            )
        demonstration.make()
        self.stdout.write(f"The demo is ready at {settings.SITE_URL}\nSign in as one of:")
        for email, name, place, role in demonstration.PEOPLE:
            where = f"{role.label.lower()} at {place[0]}" if place and role else "administrator"
            self.stdout.write(f"  {email:<25} {name}, {where}")
        self.stdout.write(f"Password for all: {demonstration.PASSWORD}")
