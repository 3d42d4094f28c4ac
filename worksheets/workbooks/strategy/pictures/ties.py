"""The golden thread as plain data: columns of items, which of them are tied, and where a thread is broken.

An item is tied to another when an answer says so: an objective names an aim, an item of content is for a stakeholder.
Content carries most threads: it ties its aims, stakeholders and platforms to each other. A measure is tied through the
SMART objective it answers. A stakeholder and a platform are tied when the stakeholder is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from worksheets.fields import PlainRow, RowsOf, Scope, several, text
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.stakeholders import chosen, users
from worksheets.workbooks.strategy.tables import (
    AIMS,
    ITEMS,
    MEASURES,
    OBJECTIVES,
    PLATFORMS,
    SMART,
    STAKEHOLDERS,
    in_short,
)

Ties = dict[str, set[str]]

# What a finding says of an item of a column, in few words, and on which side of it the thread ends.
BROKEN = {
    "alignment.aim-unaligned": ("aim", "serves no objective", "left"),
    "alignment.objective-without-smart": ("objective", "has no SMART objective", "left"),
    "stakeholders.not-found-online": ("stakeholder", "is not found online", "right"),
    "stakeholders.platform-without-stakeholder": ("platform", "reaches nobody", "left"),
    "content.aim-without-content": ("aim", "has no content", "right"),
    "content.stakeholder-without-content": ("stakeholder", "has no content", "left"),
    "content.platform-without-content": ("platform", "has no content", "right"),
    "content.platform-not-chosen": ("platform", "is not active", "right"),
    "content.audience-not-there": ("content", "misses its audience", "left"),
    "evaluation.smart-without-measure": ("objective", "has no measure", "left"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a column. `id` is unique on the picture; `where` is the place of its row on its question's page."""

    id: str
    name: str
    words: str
    where: str
    broken: tuple[tuple[str, str], ...] = ()
    loose: tuple[tuple[str, str], ...] = ()

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """What is said of it, each with its side: broken ends first, then loose ones, which may be meant."""
        return (*self.broken, *self.loose)


@dataclass(frozen=True, slots=True)
class Strand:
    """One column: its name in the plural, the question that it comes from, and its items in their order."""

    title: str
    noun: str
    stage: str
    question: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class GoldenThread:
    """The whole picture as data. `ties` holds for every item all items that it is tied to, both ways."""

    columns: tuple[Strand, ...]
    ties: Mapping[str, set[str]] = field(default_factory=dict)

    def lines(self) -> Iterable[tuple[Item, Item]]:
        """The ties between neighbouring columns, which are drawn."""
        for left, right in zip(self.columns, self.columns[1:], strict=False):
            yield from ((a, b) for a in left.items for b in right.items if b.id in self.ties[a.id])


def tied(scope: Scope) -> Ties:
    """Which items are tied, by id, both ways."""
    ties: Ties = {}

    def tie(one: str, others: Iterable[str]) -> None:
        for other in others:
            ties.setdefault(one, set()).add(other)
            ties.setdefault(other, set()).add(one)

    def named(row: PlainRow, what: str, kind: str) -> list[str]:
        return [f"{kind}-{key}" for key in several(row, what)]

    serving: Ties = {}
    for row in scope.rows(OBJECTIVES):
        objective, aims = item_of("objective", row), named(row, "aims", "aim")
        tie(objective, aims)
        for aim in aims:
            serving.setdefault(aim, set()).add(objective)
    promised = {text(row, "id"): text(row, "objective") for row in scope.rows(SMART)}
    judging: Ties = {}
    for row in scope.rows(MEASURES):
        measure, answered = item_of("measure", row), promised.get(text(row, "smart"))
        if answered:
            objective = f"objective-{answered}"
            aims = [aim for aim, objectives in serving.items() if objective in objectives]
            tie(measure, [objective, *aims])
            for aim in aims:
                judging.setdefault(aim, set()).add(measure)
    for row in scope.rows(ITEMS):
        content, aims = item_of("content", row), named(row, "aims", "aim")
        people, places = named(row, "stakeholders", "stakeholder"), named(row, "platforms", "platform")
        ends = [end for aim in aims for end in (aim, *serving.get(aim, ()), *judging.get(aim, ()))]
        for one in (content, *people, *places):
            tie(one, ends)
        tie(content, [*people, *places])
    for platform, using in users(scope).items():
        tie(f"platform-{platform}", [f"stakeholder-{who}" for who in using])
    return ties


def item_of(kind: str, row: PlainRow) -> str:
    """The id of the item that a row is on the picture."""
    return f"{kind}-{text(row, 'id')}"


def rows(scope: Scope, kind: str, table: RowsOf, name: str) -> list[Item]:
    words = scope.choices(table)
    return [
        Item(item_of(kind, row), f"{name} {n}", words[text(row, "id")], f"{table.field}-{n - 1}")
        for n, row in enumerate(scope.rows(table), 1)
    ]


def platforms(scope: Scope) -> list[Item]:
    """The platforms that are active or listened to, in their order; then those that content is planned on."""
    given = [text(row, "platform") for row in scope.rows(PLATFORMS)]
    kept = [key for key in dict.fromkeys(given) if key in chosen(scope, "active", "listen")]
    planned = [key for row in scope.rows(ITEMS) for key in several(row, "platforms")]
    return [
        Item(
            f"platform-{key}",
            scope.platform(key),
            scope.platform(key),
            f"platforms-{given.index(key)}" if key in given else "platforms",
        )
        for key in dict.fromkeys((*kept, *planned))
    ]


def marked(reading: Reading, items: Iterable[Item], kind: str) -> tuple[Item, ...]:
    """The items of a column with what the findings say about them."""
    said: dict[str, list[tuple[str, str]]] = {}
    promised = {text(row, "id"): text(row, "objective") for row in reading.scope.rows(SMART)}
    for finding in reading.findings:
        about, words, side = BROKEN.get(finding.id, ("", "", ""))
        if about != kind:
            continue
        for subject in finding.subjects:
            # A SMART objective has no column of its own: it is its objective that cannot be judged.
            of_smart = finding.id == "evaluation.smart-without-measure"
            row = promised.get(subject, "") if of_smart else subject
            said.setdefault(f"{kind}-{row}", []).append((words, side))
    return tuple(replace(item, broken=tuple(dict.fromkeys(said.get(item.id, ())))) for item in items)


def loosened(items: Iterable[Item], loose: set[str], words: str, side: str) -> tuple[Item, ...]:
    return tuple(replace(item, loose=((words, side),)) if item.id in loose else item for item in items)


def thread_of(reading: Reading) -> GoldenThread:
    """The golden thread of a review."""
    scope = reading.scope
    ties = tied(scope)
    aims = [replace(item, words=in_short(item.words)) for item in rows(scope, "aim", AIMS, "Aim")]
    every = {
        "objective": rows(scope, "objective", OBJECTIVES, "Objective"),
        "aim": aims,
        "stakeholder": rows(scope, "stakeholder", STAKEHOLDERS, "Stakeholder"),
        "platform": platforms(scope),
        "content": rows(scope, "content", ITEMS, "Item"),
        "measure": rows(scope, "measure", MEASURES, "Measure"),
    }
    kept = {kind: marked(reading, items, kind) for kind, items in every.items()}
    if aims:
        unnamed = {item_of("objective", row) for row in scope.rows(OBJECTIVES) if not several(row, "aims")}
        kept["objective"] = loosened(kept["objective"], unnamed, "is helped by no aim", "right")
        aimless = {item_of("content", row) for row in scope.rows(ITEMS) if not several(row, "aims")}
        kept["content"] = loosened(kept["content"], aimless, "serves no aim", "right")
    if scope.rows(SMART):
        answerless = {item_of("measure", row) for row in scope.rows(MEASURES) if not text(row, "smart")}
        kept["measure"] = loosened(kept["measure"], answerless, "answers no SMART objective", "left")
    known = {item.id for items in kept.values() for item in items}
    columns = (
        Strand("Objectives", "objective", "alignment", "objectives", kept["objective"]),
        Strand("Aims", "aim", "drivers", "aims", kept["aim"]),
        Strand("Stakeholders", "stakeholder", "stakeholders", "stakeholders", kept["stakeholder"]),
        Strand("Platforms", "platform", "stakeholders", "platforms", kept["platform"]),
        Strand("Content", "item of content", "content", "plan", kept["content"]),
        Strand("Measures", "measure", "evaluation", "measures", kept["measure"]),
    )
    return GoldenThread(columns, {item: ties.get(item, set()) & known for item in known})
