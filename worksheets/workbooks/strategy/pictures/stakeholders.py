"""The stakeholder map: the five around the organisation, and where each stands in influence and interest."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.drawing.letters import brief, clean, wrap
from worksheets.drawing.pen import BLUE, DARK, GREY, LINE, NARROW, PALE, WHITE, WIDE, Drawing, picture
from worksheets.fields import maybe, spoken_number, text
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed, noun_for
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.stakeholders import HIGH_LOW
from worksheets.workbooks.strategy.tables import STAKEHOLDERS

KEY, TITLE = "stakeholders", "Stakeholder map"
# The middles of the boxes around the organisation and of its own, in order of importance, where 410 are the width.
AROUND = ((205, 48), (338, 126), (292, 306), (118, 306), (72, 126))
CENTRE, ALL = (205, 204), 410
# What the method of the grid asks for in each of its fields: (influence, interest).
FIELDS = {
    ("high", "low"): "Keep satisfied",
    ("high", "high"): "Work with closely",
    ("low", "low"): "Keep an eye on",
    ("low", "high"): "Keep informed",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One stakeholder. Influence and interest are high, low, or "" while they are not said."""

    id: str
    name: str
    influence: str
    interest: str
    size: float | None

    @property
    def said_size(self) -> str:
        """About how many people they are, in words; nothing while that is not said."""
        return "" if self.size is None else spoken_number(self.size)


def people_of(reading: Reading) -> list[Person]:
    """The stakeholders in order of importance, each with a name."""
    names = reading.scope.choices(STAKEHOLDERS)
    return [
        Person(
            text(row, "id"),
            brief(names[text(row, "id")]) or f"Stakeholder {n}",
            text(row, "influence"),
            text(row, "interest"),
            maybe(row, "size"),
        )
        for n, row in enumerate(reading.scope.rows(STAKEHOLDERS), 1)
    ]


def draw_around(pen: Drawing, organisation: str, people: list[Person], room: float, wide: float) -> None:
    """The organisation in the middle, its stakeholders around it in boxes `wide` units wide."""
    scale, high = room / ALL, 62
    middle = (CENTRE[0] * scale, CENTRE[1])
    places = [(x * scale, y) for x, y in AROUND]
    for (x, y), _ in zip(places, people, strict=False):
        pen.line(*middle, x, y, thick=1.5)
    pen.rect(middle[0] - wide * 0.55, middle[1] - 36, wide * 1.1, 72, fill=BLUE, round_=8)
    lines = wrap(organisation, wide * 1.1 - 14, 15, 3, bold=True)
    pen.lines(middle[0], middle[1] + 5 - (len(lines) - 1) * 9.5, lines, 15, colour=WHITE, bold=True, anchor="middle")
    for n, ((x, y), person) in enumerate(zip(places, people, strict=False), 1):
        left = min(max(x - wide / 2, 9), room - wide - 1)
        pen.rect(left, y - high / 2, wide, high, fill=WHITE, stroke=LINE, round_=6)
        pen.badge(left + 5, y - high / 2 - 5, str(n))
        lines = wrap(person.name, wide - 14, 14, 2 if person.said_size else 3)
        start = y + 5 - (len(lines) + bool(person.said_size) - 1) * 8.5
        start = pen.lines(left + wide / 2, start, lines, 14, anchor="middle", leading=17 / 14)
        if person.size is not None:
            said = f"{person.said_size} {noun_for(person.size, 'person')}"
            pen.text(left + wide / 2, start, said, 13, colour=GREY, anchor="middle")


def draw_grid(pen: Drawing, people: list[Person], left: float, top: float, cell: float) -> float:
    """Influence upwards, interest to the right; every field with its names. Returns where the next thing may stand."""
    gutter, high = 74, 142
    for place, words in enumerate(("Low interest", "High interest")):
        pen.text(left + gutter + place * cell + cell / 2, top + 13, words, 14, bold=True, anchor="middle")
    y = top + 22
    for level in ("high", "low"):
        pen.lines(left, y + 62, (HIGH_LOW[level], "influence"), 14, bold=True)
        for place, interest in enumerate(("low", "high")):
            x = left + gutter + place * cell
            both = level == interest == "high"
            pen.rect(x, y, cell, high, fill=PALE if both else WHITE, stroke=LINE)
            pen.text(x + 9, y + 19, FIELDS[level, interest], 13, colour=DARK if both else GREY, bold=both)
            here = [(n, p) for n, p in enumerate(people, 1) if (p.influence, p.interest) == (level, interest)]
            draw_names(pen, here, x, y + 38, cell)
        y += high
    return y


def draw_names(pen: Drawing, here: list[tuple[int, Person]], x: float, y: float, cell: float) -> None:
    """The names of one field. Two lines for each as long as there are few."""
    for n, person in here:
        pen.badge(x + 17, y, str(n), radius=9.5)
        lines = wrap(person.name, cell - 40, 14, 2 if len(here) < 3 else 1)
        pen.lines(x + 32, y + 5, lines, 14, leading=17 / 14)
        y += 46 if len(here) < 3 else 21


def alternative(organisation: str, people: list[Person]) -> str:
    """What the picture says."""

    def field(level: str, interest: str) -> str:
        names = [p.name for p in people if (p.influence, p.interest) == (level, interest)]
        return f"{capital(level)} influence and {interest} interest: {listed(names)}." if names else ""

    unplaced = [p.name for p in people if not (p.influence and p.interest)]
    count = counted(len(people), "stakeholder")
    said = [f"{capital(count)} around {organisation}, the most important first: {listed(p.name for p in people)}."]
    said += [words for level in ("high", "low") for interest in ("high", "low") if (words := field(level, interest))]
    if unplaced:
        said.append(f"Not placed in the grid yet: {listed(unplaced)}.")
    return " ".join(said)


def table(people: list[Person]) -> Table:
    rows = tuple(
        (
            f"{n}. {person.name}",
            HIGH_LOW.get(person.influence, ""),
            HIGH_LOW.get(person.interest, ""),
            person.said_size,
        )
        for n, person in enumerate(people, 1)
    )
    columns = (
        Column("Stakeholder", 5, written=True),
        Column("Influence", 2),
        Column("Interest", 2),
        Column("People", 2, numeric=True),
    )
    return Table("Stakeholders in order of importance", columns, rows, tuple(person.id for person in people))


def stakeholder_map(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """The stakeholder map of a review."""
    people = people_of(reading)
    if not people:
        return Figure(
            TITLE,
            f"The map shows here once you have answered {reading.scope.question('stakeholders')}, your stakeholders.",
            "",
            table([]),
            KEY,
            question="stakeholders",
        )
    organisation = clean(reading.scope.organisation)
    words = alternative(organisation, people)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    draw_around(wide, organisation, people, ALL, 134)
    draw_grid(wide, people, 436, 14, 164)
    draw_around(narrow, organisation, people, NARROW, 112)
    bottom = draw_grid(narrow, people, 0, 360, 132)
    return picture(TITLE, words, "stakeholders", table(people), (wide, 344), (narrow, bottom + 4))
