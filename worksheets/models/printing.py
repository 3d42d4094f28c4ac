"""The queue of files: what was asked for, by whom, how far it is, and why it could not be made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import User
from worksheets.models.policies import Policy
from worksheets.models.reviews import Cycle
from worksheets.models.signoff import Decision


class Printing(models.Model):
    """One file that somebody asked for: the summary of a cycle as it stands, or the file that its sign-off issues; or
    the summary of an example, which has no cycle: `example` is the key of its workbook. `document` is the key of what
    is printed of a cycle beside its summary. A `policy` is printed instead of a cycle: as it stands, or to be issued.

    `form` is what kind of file it is, and `beside` the cycle whose comparison is printed behind a summary. A sign-off
    names the `submission` that its manager saw, and carries their `note`. A policy that is to be issued carries who
    approved it and when, and what its manager saw, in one word (`seen`). `runner` is the machine that prints it and
    `seen_at` the last sign of life: what a runner that ended left behind is taken up again. `digest` is that of what
    was printed, or refused, and `reason` the kind of what went wrong. `told` is whether the mails about a sign-off went
    out.
    """

    class Purpose(models.TextChoices):
        SUMMARY = "summary", "Summary"
        SIGN_OFF = "sign-off", "Sign-off"
        EXAMPLE = "example", "Example"
        POLICY = "policy", "Policy"
        ISSUE = "issue", "Policy to be issued"

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        PDF_ALONE = "pdf-alone", "PDF without the record"
        WORD = "word", "Word file"
        WORD_ALONE = "word-alone", "Word file without the record"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        PRINTING = "printing", "Being printed"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.CASCADE, related_name="printings")
    example = models.CharField(max_length=40, blank=True)
    document = models.CharField(max_length=40, blank=True)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.CASCADE, related_name="printings")
    beside = models.ForeignKey(Cycle, null=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.SUMMARY)
    form = models.CharField(max_length=20, choices=Form.choices, default=Form.PDF)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submission = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="+")
    note = models.TextField(max_length=2_000, blank=True)
    approver = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True)
    seen = models.CharField(max_length=64, blank=True)
    runner = models.CharField(max_length=100, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = [
            # Whoever asks for what is asked for already waits with the others. Where nothing is beside, the second of
            # them never meets: to a database no nothing is like another.
            models.UniqueConstraint(
                fields=["cycle", "purpose", "form", "document"],
                condition=models.Q(state__in=("waiting", "printing"), beside=None),
                name="one_printing_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["cycle", "beside", "form"],
                condition=models.Q(state__in=("waiting", "printing")),
                name="one_comparison_at_a_time",
            ),
            # What has no cycle meets no other of the kind above either.
            models.UniqueConstraint(
                fields=["example", "form"],
                condition=models.Q(state__in=("waiting", "printing"), cycle=None, policy=None),
                name="one_example_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["policy", "purpose", "form"],
                condition=models.Q(state__in=("waiting", "printing")),
                name="one_policy_printing_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="printings_in_turn")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} of {self.cycle or self.policy or self.example}"

    @property
    def under_way(self) -> bool:
        """Whether it waits or is being printed."""
        return self.state in (self.State.WAITING, self.State.PRINTING)
