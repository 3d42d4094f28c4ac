"""The forms that were sent, so that one that is sent twice is taken once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import User


class Sent(models.Model):
    """A form that somebody sent: `key` is a digest of its page and all that stood in it, and holds none of it.

    `answer` is where they were led when it was done; empty while it is at work.
    """

    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "sent"
        indexes = [models.Index(fields=["by", "at"], name="sent_by_at")]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.at}"
