"""Policies and processes: each version of a document, its clauses, and the files that were issued."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import Organisation, User
from worksheets.models.reviews import Cycle


class Policy(models.Model):
    """One version of a document of an organisation. `document` is its key in the library.

    `facts` is the run of the facts workbook that fills the holes of its clauses; once it is issued the words are frozen
    in `PolicyFile`. `approver` is the person or committee that approved it on `approved_on`. `readings` says who read
    it before: `{reader: {"who": ..., "on": ISO date}}`. `changes` is its line in the history of amendments, and
    `exercised_on` is when a crisis plan was last exercised. `version` counts documents, `stamp` all writes to this one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent for approval"
        ISSUED = "issued", "Approved and issued"
        SUPERSEDED = "superseded", "Superseded"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="policies")
    document = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    facts = models.ForeignKey(Cycle, null=True, on_delete=models.SET_NULL, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_name = models.CharField(max_length=100, blank=True)
    approver = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True)
    next_review = models.DateField(null=True)
    consulted = models.TextField(max_length=2_000, blank=True)
    equality_on = models.DateField(null=True)
    equality_link = models.URLField(max_length=500, blank=True)
    privacy_on = models.DateField(null=True)
    privacy_link = models.URLField(max_length=500, blank=True)
    readings = models.JSONField(default=dict, blank=True)
    changes = models.TextField(max_length=2_000, blank=True)
    exercised_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    stamp = models.PositiveBigIntegerField(default=1)

    class Meta:
        ordering = ("document", "-version")
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "document", "version"], name="one_policy_of_a_version"),
            # Two who start the next version at once start one.
            models.UniqueConstraint(
                fields=["organisation", "document"],
                condition=models.Q(state__in=("draft", "sent")),
                name="one_policy_under_way",
            ),
            models.UniqueConstraint(
                fields=["organisation", "document"], condition=models.Q(state="issued"), name="one_policy_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, version {self.version}, {self.organisation}"


class PolicyClause(models.Model):
    """What a version says in one clause. `base` is the library's text that it was decided on, as Markdown; `words` the
    team's own, where it was changed. `version` counts the saves."""

    class Choice(models.TextChoices):
        KEPT = "kept", "Kept"
        CHANGED = "changed", "Changed"
        LEFT_OUT = "left-out", "Left out"

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="clauses")
    key = models.CharField(max_length=60)
    choice = models.CharField(max_length=20, choices=Choice.choices, default=Choice.KEPT)
    base = models.TextField(max_length=20_000, blank=True)
    words = models.TextField(max_length=20_000, blank=True)
    because = models.TextField(max_length=2_000, blank=True)
    decided = models.BooleanField(default=False)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["policy", "key"], name="one_clause_a_key")]

    def __str__(self) -> str:
        return f"{self.key} of {self.policy}"


class PolicyMove(models.Model):
    """What happened to a version, by whom and when, with its note: grows, and is never changed."""

    class Kind(models.TextChoices):
        STARTED = "started", "Started"
        SENT = "sent", "Sent for approval"
        WITHDRAWN = "withdrawn", "Taken back"
        SENT_BACK = "sent-back", "Sent back"
        ISSUED = "issued", "Approved and issued"
        SUPERSEDED = "superseded", "Superseded"

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.TextField(max_length=2_000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.policy}"


class PolicyFile(models.Model):
    """The files of a version as they were issued, kept for ever, with the SHA-256 of the PDF. `said` is what they say,
    as plain data: the pages of an issued version are made of it."""

    policy = models.OneToOneField(Policy, on_delete=models.PROTECT, related_name="file")
    said = models.JSONField()
    pdf = models.BinaryField()
    word = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Files of {self.policy}"
