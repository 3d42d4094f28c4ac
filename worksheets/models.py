"""What is kept: people, organisations, review cycles, worksheets with their answers, and the texts that admins edit."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from worksheets.dates import months_after


class UserManager(BaseUserManager["User"]):
    """Makes people, whose e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address, kept in lower case."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField("full name", max_length=100, blank=True)
    is_staff = models.BooleanField("may use the administration pages", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Organisation(models.Model):
    """An NHS organisation. Nothing of one is ever seen by another."""

    name = models.CharField(max_length=120)
    slug = models.SlugField("short name for addresses", max_length=60, unique=True)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member does: leads run the review, contributors fill it in, managers read it."""

    LEAD = "lead", "Lead"
    CONTRIBUTOR = "contributor", "Contributor"
    MANAGER = "manager", "Manager"


class Membership(models.Model):
    """A person's place in an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("organisation__name", "user__email")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} at {self.organisation}"


class Cycle(models.Model):
    """One run of the review, about every six months. `ends` is the last day that belongs to it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="cycles")
    name = models.CharField(max_length=80)
    slug = models.SlugField("short name for addresses", max_length=80)
    starts = models.DateField()
    ends = models.DateField()
    strategy_title = models.CharField("title of your organisation's strategy", max_length=200, blank=True)
    strategy_link = models.URLField("where your organisation's strategy is", max_length=500, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, blank=True, editable=False, on_delete=models.SET_NULL)

    class Meta:
        ordering = ("-starts", "-id")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="one_cycle_of_a_name"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="cycle_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["organisation", "-starts"], name="cycles_newest_first")]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": "Enter an end date that is after the start date."})

    @property
    def next_due(self) -> datetime.date:
        """The day the next review is due: six months after this one began (000, introduction to the process)."""
        return months_after(self.starts, 6)


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

    `version` is the worksheet's version after the save. `answer` is null when the question was emptied.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="revisions")
    question = models.CharField(max_length=40)
    answer = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=["worksheet", "version"], name="one_save_a_version")]
        indexes = [models.Index(fields=["worksheet", "question", "-version"], name="saves_of_a_question")]

    def __str__(self) -> str:
        return f"{self.question}, version {self.version}"


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


class Platform(models.Model):
    """A platform that a team may choose. Answers store its `key`, which never changes; retired ones stay readable."""

    key = models.SlugField(max_length=40, unique=True, help_text="Kept in answers. It cannot be changed later.")
    name = models.CharField(max_length=60)
    about = models.TextField(blank=True, max_length=2_000)
    good_for = models.TextField(blank=True, max_length=2_000, help_text="One point a line.")
    consider = models.TextField(blank=True, max_length=2_000, help_text="One point a line.")
    tone = models.TextField("how to sound", blank=True, max_length=1_000)
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
        return (today or timezone.localdate()).year - self.year > 3


class Summary(models.Model):
    """A PDF that was made, kept under the digest of what went into it, so that it is made once."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="summaries")
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pages = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-made_at",)
        verbose_name_plural = "summaries"
        constraints = [models.UniqueConstraint(fields=["cycle", "digest"], name="one_summary_of_a_digest")]

    def __str__(self) -> str:
        return f"Summary of {self.cycle}"
