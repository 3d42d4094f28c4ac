"""What somebody is to do after a review, a check or a talk: one list for an organisation, whatever it came from."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import Organisation, User
from worksheets.models.reviews import Cycle


class Action(models.Model):
    """Something to do. It came from `source`, and `origin` says so in words that stay when that is gone.

    `cycle` is the run it came from, if any, and `place` what it came from there: the key of a point, the id of a row or
    of a comment, a clause. Its owner is a member, `owner`, or somebody who has no account, by their `owner_name`; one
    of the two. `due` is its last day. `version` counts the saves.
    """

    class Source(models.TextChoices):
        OWN = "own", "Written here"
        POINT = "point", "A point to resolve"
        CHECK = "check", "A quick check"
        LESSON = "lesson", "A lesson of the last review"
        COMMENT = "comment", "A comment"
        CLAUSE = "clause", "A policy"
        ACCOUNT = "account", "An account"

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not done any more"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.OWN)
    origin = models.CharField(max_length=300, blank=True)
    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.SET_NULL, related_name="actions")
    place = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="actions")
    owner_name = models.CharField(max_length=100, blank=True)
    due = models.DateField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    note = models.TextField(max_length=2_000, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["organisation", "state", "due"], name="actions_by_due")]

    def __str__(self) -> str:
        return self.text
