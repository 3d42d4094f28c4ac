"""What admins edit: guidance, and the platform guide with its figures."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from worksheets.ageing import is_old


class Guidance(models.Model):
    """One page or note of guidance that admins may reword. While `text` is empty the text that ships is shown."""

    key = models.CharField(max_length=80, unique=True, editable=False)
    text = models.TextField(
        blank=True,
        max_length=20_000,
        help_text="Markdown. The first lines are shown at once. What comes after a line “## More” folds away, "
        "and what comes after “## Facts” is listed as facts: end each with its source and year in brackets.",
    )
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("key",)
        verbose_name_plural = "guidance"

    def __str__(self) -> str:
        return self.key


# What platforms go by, whatever they are called: what somebody may want of one, by its key.
TAGS = {
    "news": "News as it breaks",
    "journalists": "Journalists",
    "debate": "Debate",
    "traffic": "Leading people to a website",
    "networking": "Meeting others in the field",
    "practice": "Communities of practice",
    "feedback": "Feedback",
    "public": "The public",
    "multimedia": "Pictures, film and sound",
    "events": "Live events",
    "opinion": "People who shape opinion",
    "private": "Private talk in small groups",
    "recruitment": "Recruitment",
}


class Platform(models.Model):
    """A platform that a team may choose. Answers store its `key`, which never changes; retired ones stay readable."""

    key = models.SlugField(max_length=40, unique=True, help_text="Kept in answers. It cannot be changed later.")
    name = models.CharField(max_length=60)
    about = models.TextField(blank=True, max_length=2_000)
    good_for = models.TextField(blank=True, max_length=2_000, help_text="One point a line.")
    consider = models.TextField(blank=True, max_length=2_000, help_text="One point a line.")
    tone = models.TextField("how to sound", blank=True, max_length=1_000)
    tags = models.JSONField("what it is known for", default=list, blank=True)
    position = models.PositiveSmallIntegerField("place in the list", default=100)
    retired = models.BooleanField(default=False, help_text="Not offered any more; old reviews still show its name.")
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class PlatformFigure(models.Model):
    """A figure about a platform's audience, with the year it is from and who published it."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="figures")
    text = models.CharField("figure, in words", max_length=200)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("-year", "id")

    def __str__(self) -> str:
        return f"{self.text} ({self.source}, {self.year})"

    def may_be_out_of_date(self, today: datetime.date | None = None) -> bool:
        """Whether the figure is older than three years."""
        return is_old(self.year, (today or timezone.localdate()).year)
