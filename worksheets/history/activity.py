"""What was done in a review, newest first, in one query: saves, completed worksheets, decisions and comments."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import CharField, Count, F, Max, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.utils import timezone

from worksheets.models import Comment, Cycle, Decision, Revision, Worksheet
from worksheets.words import counted, inside
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS

PAGE = 50
# What each kind of deed is read as: when, which kind, about what, by whom, with which words.
COLUMNS = ("at_", "kind_", "what_", "who_", "said_")
NOBODY = "Somebody"

DECIDED = {
    Decision.Kind.SUBMITTED: "submitted the {noun} for sign-off",
    Decision.Kind.WITHDRAWN: "took the {noun} back from sign-off",
    Decision.Kind.SENT_BACK: "sent the {noun} back",
    Decision.Kind.SIGNED_OFF: "signed the {noun} off",
    Decision.Kind.REOPENED: "reopened the {noun} as a revision",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done: when, by whom and what, in words. `question` is the one whose history tells more."""

    at: datetime.datetime
    who: str
    did: str
    note: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, newest first."""

    on: datetime.date
    deeds: tuple[Deed, ...]


def activity(cycle: Cycle, page: int) -> tuple[list[Day], bool]:
    """What was done in a review, of one page, by day, newest first, and whether there is more before it. One query."""
    start = (page - 1) * PAGE
    rows = list(_everything(cycle)[start : start + PAGE + 1])
    deeds = [deed(WORKBOOKS[cycle.workbook], *row) for row in rows[:PAGE]]
    days = [Day(on, tuple(done)) for on, done in groupby(deeds, key=lambda one: timezone.localtime(one.at).date())]
    return days, len(rows) > PAGE


def _everything(cycle: Cycle) -> Any:
    """All that is stored of what was done, as rows of `COLUMNS`.

    Of a worksheet that was reopened nothing is stored but that it is open; comments are counted by day.
    """
    saves = _told(Revision.objects.filter(worksheet__cycle=cycle, passed=False), "saved", "save", "question")
    done = _told(Worksheet.objects.filter(cycle=cycle, completed_at__isnull=False), "completed", "complete", "stage")
    decided = _told(Decision.objects.filter(cycle=cycle), "decided", "decision", "kind", said="note")
    began = _told(Cycle.objects.filter(pk=cycle.pk), "created", "start", "slug")
    comments = (
        Comment.objects.filter(cycle=cycle)
        .order_by()
        .annotate(day=TruncDate("written_at"))
        .values("day")
        .annotate(
            at_=Max("written_at"),
            kind_=Value("comments", CharField()),
            what_=Cast(Count("pk"), CharField()),
            who_=Value("", CharField()),
            said_=Value("", TextField()),
        )
        .values_list(*COLUMNS)
    )
    return saves.union(done, decided, began, comments, all=True).order_by("-at_", "kind_", "what_")


def _told(rows: Any, verb: str, kind: str, what: str, said: str = "") -> Any:
    """Rows with the time and person that their `verb` names, in the shape that all kinds share."""
    name = Coalesce(NullIf(F(f"{verb}_by__name"), Value("")), F(f"{verb}_by__email"), Value(""))
    return (
        rows.order_by()
        .annotate(
            at_=F(f"{verb}_at"),
            kind_=Value(kind, CharField()),
            what_=Cast(F(what), CharField()),
            who_=Cast(name, CharField()),
            said_=F(said) if said else Value("", TextField()),
        )
        .values_list(*COLUMNS)
    )


def deed(workbook: Workbook, at: datetime.datetime, kind: str, what: str, who: str, said: str) -> Deed:
    """One row in words: "Lena Lead saved question 8, weekly work"."""
    who = who or NOBODY
    if kind == "save":
        return Deed(at, who, f"saved {named(workbook, what)}", question=what if what in workbook.question else "")
    if kind == "complete":
        stage = workbook.stage.get(what)
        return Deed(at, who, f"completed worksheet {stage.number}, {stage.short}" if stage else "completed a worksheet")
    if kind == "decision":
        return Deed(at, who, DECIDED[Decision.Kind(what)].format(noun=workbook.noun), said)
    if kind == "start":
        return Deed(at, who, f"started the {workbook.noun}")
    count = int(what)
    return Deed(at, "", f"{counted(count, 'comment')} {'was' if count == 1 else 'were'} written")


def named(workbook: Workbook, key: str) -> str:
    """A question by its number and short name, the way it stands in a sentence."""
    question = workbook.question.get(key)
    if question is None:
        return "a question that is not asked any more"
    return f"question {question.number}, {inside(question.short)}"
