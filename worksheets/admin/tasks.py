"""What waits for an administrator: figures of the guidance that are older than three years, and where to mend them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from worksheets import texts
from worksheets.admin.guidance import in_words, is_clause, keys
from worksheets.models import Guidance, Platform
from worksheets.policies import library
from worksheets.words import counted


@dataclass(frozen=True)
class Aged:
    """A text or a platform, by its name, how many old figures it has, and the address of its form."""

    name: str
    figures: int
    link: str

    @property
    def counted(self) -> str:
        return counted(self.figures, "figure")


@dataclass(frozen=True)
class Task:
    """What is to be done, in a sentence, and where."""

    words: str
    places: tuple[Aged, ...]


def tasks(request: HttpRequest) -> list[Task]:
    """What this administrator can do something about."""
    places: tuple[Aged, ...] = (
        *(aged_platforms() if request.user.has_perm("worksheets.change_platform") else ()),
        *(aged_texts() if request.user.has_perm("worksheets.change_guidance") else ()),
    )
    number = sum(place.figures for place in places)
    words = f"{counted(number, 'figure')} in the guidance {'is' if number == 1 else 'are'} older than three years"
    return [Task(words, places)] if number else []


def aged_platforms() -> Iterator[Aged]:
    """The platforms that are offered, as far as they have old figures."""
    today = timezone.localdate()
    for platform in texts.current().platforms():
        old = sum(figure.may_be_out_of_date(today) for figure in platform.figures.all())
        if old:
            yield Aged(f"Platform: {platform.name}", old, form_of(platform))


def aged_texts() -> Iterator[Aged]:
    """The texts that are shown, as far as figures in them are marked."""
    now, rows = texts.current(), {row.key: row for row in Guidance.objects.only("key")}
    for key in keys():
        # Why a clause is here names its source: that is no figure, and a document does not show it.
        if is_clause(key):
            note = texts.note_of(library.read(now.source(key)).words, this_year=timezone.localdate().year)
        else:
            note = now.page(key) if key.startswith("pages/") else now.note(key)
        if note.old and key in rows:
            yield Aged(in_words(key), note.old, form_of(rows[key]))


def form_of(row: Platform | Guidance) -> str:
    return reverse(f"admin:worksheets_{row._meta.model_name}_change", args=[row.pk])
