"""What became of a review: figures between reviews, events outside, and looking back at the next one."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from worksheets.models.people import User
from worksheets.models.reviews import Cycle


class Lookback(models.Model):
    """What became of one SMART objective or measure of the last cycle, answered at the start of the next one."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="lookbacks")
    table = models.CharField(max_length=40)
    row = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    draft = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["cycle", "table", "row"], name="one_look_back_a_row")]

    def __str__(self) -> str:
        return f"Looking back at {self.row} in {self.cycle}"


class Result(models.Model):
    """A dated figure for a measure of a cycle, entered between reviews. `measure` is the id of its row."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="results")
    measure = models.CharField(max_length=40)
    on = models.DateField()
    value = models.DecimalField(max_digits=15, decimal_places=2)
    note = models.CharField(max_length=500, blank=True)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("on", "id")
        constraints = [models.UniqueConstraint(fields=["cycle", "measure", "on"], name="one_result_a_day")]

    def __str__(self) -> str:
        return f"{self.measure} on {self.on}"


class Event(models.Model):
    """Something that happened outside, to be set beside the results: a national story, a strike, a campaign."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="events")
    on = models.DateField()
    text = models.CharField(max_length=200)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("on", "id")

    def __str__(self) -> str:
        return f"{self.text} on {self.on}"
