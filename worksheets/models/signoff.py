"""What is decided about a review: reasons, comments, decisions, and the PDF that was issued."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import User
from worksheets.models.reviews import Cycle


class Reason(models.Model):
    """Why a lead leaves a point as it is: shown wherever the point is. `subjects` are the rows it holds for, joined."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="reasons")
    finding = models.CharField(max_length=80)
    subjects = models.TextField(blank=True)
    text = models.TextField(max_length=2_000)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["cycle", "finding", "subjects"], name="one_reason_a_point")]

    def __str__(self) -> str:
        return f"{self.finding} of {self.cycle}"


class Decision(models.Model):
    """What was decided about a review, by whom and when, with its note: grows, and is never changed."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", "Submitted for sign-off"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SENT_BACK = "sent-back", "Sent back"
        SIGNED_OFF = "signed-off", "Signed off"
        REOPENED = "reopened", "Reopened as a revision"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.TextField(max_length=2_000, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.cycle}"


class Comment(models.Model):
    """What somebody says about a question. A reply has a `parent`; the first of a thread is resolved and reopened."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="comments")
    question = models.CharField(max_length=40)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField(max_length=2_000)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"On {self.question} of {self.cycle}"


class Issued(models.Model):
    """The PDF that was signed off, kept as it is for ever, with the SHA-256 of its bytes."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="issued")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "issued"

    def __str__(self) -> str:
        return f"Issued summary of {self.cycle}"
