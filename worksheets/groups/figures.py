"""What the organisations of a group show each other: numbers and our own words, made anew each time a page asks.

How few may be told of together, and why, is in docs/decisions/groups.md.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from django.utils import timezone

from worksheets.comparing.reviews import counts
from worksheets.comparing.trend import Met, counted_promises, levels, targets_met
from worksheets.cycles import due_after
from worksheets.fields import spoken_date, spoken_number
from worksheets.models import Cycle, GroupMember, Organisation, Worksheet
from worksheets.presentation import Column
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.words import capital
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, first, private

# Of fewer organisations without their name nothing is told.
FEWEST = 5
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of an organisation, in the cell `column` of its row.

    `value` is a number, or a choice in our words; None while it is not known. `words` is how it stands with a name,
    nothing where the figure before it says so already.
    `said` puts a middle value into words, which is rounded to whole `step`s.
    """

    column: str
    value: float | str | None
    words: str
    said: str = "{}"
    step: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """An organisation with all its figures."""

    organisation: Organisation
    facts: tuple[Fact, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in each column but the name, in the order of `columns`; a dash for what is not known."""
        return tuple(", ".join(words) or UNKNOWN for _, words in by_column(self.facts))

    @property
    def row(self) -> tuple[str, ...]:
        """The organisation in the table of those that are shown by name."""
        return (self.organisation.name, *self.cells)


def by_column(facts: Iterable[Fact]) -> list[tuple[str, list[str]]]:
    """The columns of figures with the words of each."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        found.setdefault(fact.column, []).extend([fact.words] if fact.words else [])
    return list(found.items())


def columns(facts: Sequence[Fact]) -> list[Column]:
    """The columns of the table of organisations, which are the same for each of them."""
    return [Column("Name", 3), *(Column(label, 2) for label, _ in by_column(facts))]


def figures_of(places: Sequence[GroupMember], texts: Texts) -> list[Shown]:
    """The figures of organisations as they stand now, in that order. Three queries, however many they are.

    What is somebody's own is not read, and neither is what is archived.
    """
    wanted = {place.organisation_id: place.organisation for place in places}
    rows = Cycle.objects.filter(organisation__in=wanted, archived_at=None, workbook__in=WORKBOOKS)
    open_to_others = rows.exclude(workbook__in=private()).order_by("organisation", "workbook", "-starts", "-id")
    runs: dict[int, dict[str, list[Cycle]]] = {pk: {} for pk in wanted}
    for (pk, workbook), cycles in groupby(open_to_others, key=lambda row: (row.organisation_id, row.workbook)):
        runs[pk][workbook] = list(cycles)
    meant = {
        cycle.pk: cycle
        for of_one in runs.values()
        for key, cycles in of_one.items()
        for cycle in ({cycles[0], settled(cycles)} if key == first().key else {settled(cycles)})
    }
    sheets: dict[int, list[Worksheet]] = {}
    for sheet in Worksheet.objects.filter(cycle__in=meant):
        sheets.setdefault(sheet.cycle_id, []).append(sheet)
    reviews = {}
    for cycle in meant.values():
        cycle.organisation = wanted[cycle.organisation_id]
        reviews[cycle.pk] = Review.of(cycle, sheets.get(cycle.pk, ()), texts)
    reviewed = [cycle for of_one in runs.values() for cycle in of_one.get(first().key, ())]
    met = targets_met(
        Cycle.objects.filter(pk__in=[cycle.pk for cycle in reviewed]),
        first(),
        {cycle.pk: cycle.revises_id for cycle in reviewed},
    )
    return [Shown(wanted[pk], tuple(_facts(of_one, reviews, met))) for pk, of_one in runs.items()]


def settled(cycles: Sequence[Cycle]) -> Cycle:
    """Of the runs of one workbook, newest first, the last that was signed off, or else the newest."""
    return next((cycle for cycle in cycles if cycle.state == Cycle.State.SIGNED_OFF), cycles[0])


def _facts(runs: dict[str, list[Cycle]], reviews: dict[int, Review], met: dict[int, Met]) -> Iterable[Fact]:
    """Everything that one organisation shows, always in the same order."""
    main = first()
    cycles = runs.get(main.key, [])
    yield from _standing(main, reviews[cycles[0].pk] if cycles else None)
    yield _due(main, cycles, timezone.localdate())
    promised = counted_promises(main)
    if promised:
        fate = next((met[cycle.pk] for cycle in cycles if cycle.pk in met and met[cycle.pk].asked), None)
        percent = 100 * fate.yes / fate.asked if fate else None
        yield Fact(f"{promised.targets} met", percent, fate.words if fate else "", "{}%", 10)
    for key, workbook in WORKBOOKS.items():
        if workbook.private:
            continue
        review = reviews[settled(runs[key]).pk] if key in runs else None
        for one in workbook.shown_to_group:
            value = one.of(review) if review else None
            words = "" if value is None else one.said.format(_spoken(value))
            yield Fact(one.column, value, words, one.said)


def _standing(workbook: Workbook, review: Review | None) -> Iterable[Fact]:
    """How far the newest run is, and how many points it has of each level."""
    progress = review.progress if review else None
    yield Fact(
        f"{capital(workbook.noun)} in hand",
        100 * progress.answered / progress.total if progress else None,
        f"{progress.answered} of {progress.total} answered" if progress else "",
        "{}% answered",
        10,
    )
    count = counts(review) if review else None
    numbers = (count.stops, count.warnings, count.notes) if count else (None, None, None)
    words = (levels(count) if count else "", "", "")
    for said, number, word in zip(("{} stop", "{} look again", "{} to note"), numbers, words, strict=True):
        yield Fact("Points to resolve", number, word, said)


def _due(workbook: Workbook, cycles: Sequence[Cycle], today: datetime.date) -> Fact:
    """When the run after the newest is due. Without a name it is only counted whether that day has come."""
    column = f"Next {workbook.noun} due"
    if not cycles or not workbook.every:
        return Fact(column, None, "")
    due = due_after(cycles[-1].starts, cycles[0].starts, workbook.every)
    return Fact(column, "Due now" if due <= today else "Not due yet", spoken_date(due))


def _spoken(value: float | str) -> str:
    return value if isinstance(value, str) else spoken_number(value)


def together(unnamed: Sequence[Shown]) -> list[tuple[str, str]]:
    """What organisations without their name are told to have together, a row for each column; nothing of too few.

    Of numbers there is only the middle one, rounded, and of choices how many made each, both only where enough of them
    answered. A choice is counted only where enough made it and enough did not: nobody learns of all, or of a few.
    """
    if len(unnamed) < FEWEST:
        return []
    found: dict[str, list[str]] = {}
    for same in zip(*(one.facts for one in unnamed), strict=True):
        found.setdefault(same[0].column, []).extend(_middle(same))
    return [(column, ", ".join(words) or "Not shown") for column, words in found.items()]


def _middle(facts: Sequence[Fact]) -> Iterable[str]:
    """One figure of many organisations in words; nothing where too few have it."""
    numbers = [fact.value for fact in facts if isinstance(fact.value, int | float)]
    if len(numbers) >= FEWEST:
        step = facts[0].step
        yield facts[0].said.format(spoken_number(step * round(median(numbers) / step)))
    chosen = Counter(fact.value for fact in facts if isinstance(fact.value, str))
    for choice, number in sorted(chosen.items()):
        if number >= FEWEST and chosen.total() - number >= FEWEST:
            yield f"{number} of {chosen.total()}: {choice}"
