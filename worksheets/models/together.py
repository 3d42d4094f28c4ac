"""Who does what in a review, and the notices of comments that wait for the mail of the day."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import User
from worksheets.models.reviews import Cycle
from worksheets.models.signoff import Comment


class Assignment(models.Model):
    """That somebody is to answer a question, or a whole worksheet: then `question` is empty. `due` is its last day.

    It is done when the question is answered, or the worksheet complete: nobody ticks it off.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="assignments")
    stage = models.CharField(max_length=40)
    question = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    due = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["cycle", "stage", "question"], name="one_person_each")]

    def __str__(self) -> str:
        return f"{self.question or self.stage} of {self.cycle}: {self.person}"


class Notice(models.Model):
    """That a comment concerns somebody who hears once a day or a week. `sent_at` is empty until the mail has gone."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="notices")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["person", "comment"], name="one_notice_each")]

    def __str__(self) -> str:
        return f"{self.person}: {self.comment}"
