"""Review cycles and what is answered in them: worksheets, every save of them, and the PDFs made of them."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from worksheets.dates import YEARS, months_after
from worksheets.languages import OURS, choices
from worksheets.models.people import Organisation, User

LONGEST_CYCLE = 24  # months


def dates_fault(starts: datetime.date, ends: datetime.date) -> tuple[str, str] | None:
    """What is wrong with the dates of a review, wherever they come from: the field, and what to do about it."""
    if starts.year not in YEARS:
        return "starts", f"Enter a start date in the years {YEARS[0]} to {YEARS[-1]}"
    if ends <= starts:
        return "ends", "Enter an end date that is after the start date"
    if ends > months_after(starts, LONGEST_CYCLE):
        return "ends", f"Enter an end date that is no more than {LONGEST_CYCLE} months after the start date"
    return None


class Cycle(models.Model):
    """One run of a workbook. `ends` is the last day that belongs to it.

    `workbook` is the key of what is asked in it. `previous` is the cycle its answers were carried forward from;
    `revises` the signed-off one it was reopened from. `ending` is the key of the conclusion at which the team ended
    before all was answered, and `ending_because` why, where it did. `owner` is the one person who may see it, where
    its workbook is private, and it goes with them; `shared_at` is since when its finished page is shown to the leads.
    `stamp` counts every write to the cycle and to what
    hangs on it: while it stays, so does everything that is made of them.
    """

    class State(models.TextChoices):
        OPEN = "open", "In progress"
        SUBMITTED = "submitted", "Submitted"
        SIGNED_OFF = "signed-off", "Signed off"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="cycles")
    workbook = models.CharField(max_length=40, default="strategy", editable=False)
    name = models.CharField(max_length=80)
    slug = models.SlugField("short name for addresses", max_length=80)
    starts = models.DateField()
    ends = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    previous = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="following"
    )
    revises = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="revisions"
    )
    ending = models.CharField(max_length=40, blank=True, editable=False)
    ending_because = models.TextField(max_length=2_000, blank=True, editable=False)
    strategy_title = models.CharField("title of your organisation's strategy", max_length=200, blank=True)
    strategy_link = models.URLField("where your organisation's strategy is", max_length=500, blank=True)
    language = models.CharField("language of the answers", max_length=12, choices=choices, default=OURS)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, blank=True, editable=False, on_delete=models.SET_NULL)
    owner = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.CASCADE, related_name="own_cycles"
    )
    shared_at = models.DateTimeField(null=True, blank=True, editable=False)
    stamp = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("-starts", "-id")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="one_cycle_of_a_name"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="cycle_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["organisation", "workbook", "-starts"], name="cycles_newest_first")]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    def clean(self) -> None:
        super().clean()
        fault = dates_fault(self.starts, self.ends) if self.starts and self.ends else None
        if fault:
            raise ValidationError({fault[0]: f"{fault[1]}."})

    @property
    def may_change(self) -> bool:
        """Whether its answers may be changed at all, by those who may write."""
        return self.archived_at is None and self.state == self.State.OPEN

    @property
    def standing(self) -> str:
        """Its state as an adjective: archived comes before all others."""
        return "archived" if self.archived_at else str(self.get_state_display()).lower()

    @property
    def may_comment(self) -> bool:
        """Whether members may still talk about it: until it is signed off."""
        return self.archived_at is None and self.state != self.State.SIGNED_OFF


class Worksheet(models.Model):
    """One stage's answers in one cycle, as cleaned JSON: `{question: answer}`. `version` counts the saves."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        COMPLETE = "complete", "Complete"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="worksheets")
    stage = models.CharField(max_length=40)
    answers = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The questions whose answers came from the last cycle, and which nobody has confirmed or changed yet.
    carried = models.JSONField(default=list, blank=True)
    # By question: the draft that its answer is, as `saving.Place.draft` has it. Any other save takes it out.
    drafts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["cycle", "stage"], name="one_worksheet_a_stage")]

    def __str__(self) -> str:
        return f"{self.stage} of {self.cycle}"

    @property
    def complete(self) -> bool:
        return self.status == self.Status.COMPLETE


class Revision(models.Model):
    """Who saved which question when, and the answer it then had: history grows, and is never changed.

    `version` is the worksheet's version after the save. `answer` is null when the question was emptied. What saved
    itself is `passed` once its writer went on within the minute: it is kept for pages that showed it, and not told.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="revisions")
    question = models.CharField(max_length=40)
    answer = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    passed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=["worksheet", "version"], name="one_save_a_version")]
        indexes = [models.Index(fields=["worksheet", "question", "-version"], name="saves_of_a_question")]

    def __str__(self) -> str:
        return f"{self.question}, version {self.version}"


class Summary(models.Model):
    """A file that was made, kept under the digest of what went into it, so that it is made once.

    It is a PDF, or the same as a Word file; `pages` is 0 for one that has none before it is opened. One of a `policy`
    or of an example has no cycle, and one of an example is named by its digest alone.
    """

    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.CASCADE, related_name="summaries")
    policy = models.ForeignKey("Policy", null=True, on_delete=models.CASCADE, related_name="summaries")
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pages = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-made_at",)
        verbose_name_plural = "summaries"
        constraints = [
            models.UniqueConstraint(fields=["cycle", "digest"], name="one_summary_of_a_digest"),
            models.UniqueConstraint(fields=["policy", "digest"], name="one_policy_of_a_digest"),
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(cycle=None, policy=None), name="one_example_of_a_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"Summary of {self.cycle or self.policy or 'an example'}"
