"""What happens between reviews: the mails that remind people, the feed of their dates, and groups of organisations."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import Organisation, User


class Reminder(models.Model):
    """That somebody is told of something by mail, once.

    `what` names it, its day and why it is told now ("action-12 2026-12-14 3-days"); somebody's turn of a day or a week
    is a row of its own ("turn day-2026-12-11").
    `claimed_at` is when a run of the command took it to send it, and `claim` which; `sent_at` when the mail had gone.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reminders")
    what = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=300, blank=True)
    about = models.DateField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=40, blank=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["person", "organisation", "what"], name="reminded_once")]
        indexes = [models.Index(fields=["sent_at", "person"], name="reminders_waiting")]

    def __str__(self) -> str:
        return f"{self.what} for {self.person}"


class Feed(models.Model):
    """That somebody has a calendar feed. `nonce` makes its address: a new one ends the old address."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="feed")
    nonce = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Feed of {self.user}"


class Group(models.Model):
    """Organisations that look at a few figures side by side: an integrated care board, a primary care network."""

    name = models.CharField(max_length=120)
    slug = models.SlugField("short name for addresses", max_length=60, unique=True)
    members = models.ManyToManyField(Organisation, through="GroupMember", related_name="groups")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "group of organisations"
        verbose_name_plural = "groups of organisations"

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """An organisation in a group, and what its leads let the others see."""

    class Shows(models.TextChoices):
        NOTHING = "nothing", "Nothing"
        COUNTS = "counts", "Counts without our name"
        NAMED = "named", "Counts with our name"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="places")
    shows = models.CharField(max_length=20, choices=Shows.choices, default=Shows.NOTHING)
    chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    chosen_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("organisation__name",)
        constraints = [models.UniqueConstraint(fields=["group", "organisation"], name="one_place_in_a_group")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.group}"
