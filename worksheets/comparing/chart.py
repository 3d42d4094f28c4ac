"""Small line charts, made on the server: told apart by dashes and marks, never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.text import slugify

from worksheets.drawing.pen import BLUE, GREY, INK, RULE, Drawing, steps
from worksheets.fields import spoken_number

WIDTH, HEIGHT, SIZE = 360, 230, 12
# Where the lines are drawn; around them is room for the figures at the left, the legend above and the names below.
LEFT, RIGHT, TOP, FOOT = 44, WIDTH - 18, 34, HEIGHT - 44
STYLES = ((BLUE, None), (INK, "6 4"))
NAMES_MOST = 4
NAME_LETTERS = 13


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: a value for each name below it, `None` where there is none. At most two a chart."""

    name: str
    values: Sequence[float | None]


def line_chart(title: str, alternative: str, names: Sequence[str], series: Sequence[Series]) -> SafeString:
    """The chart as SVG, with `title` and `alternative` for those who do not see it.

    A page has one chart of a title: its ids are made of it.
    """
    pen = Drawing(f"chart-{slugify(title)}", WIDTH)
    most = max((value for one in series for value in one.values if value is not None), default=0)
    figures = steps(Decimal(0), Decimal(most), whole=True)
    top = float(figures[-1])
    for figure in figures:
        y = down(float(figure), top)
        pen.line(LEFT, y, RIGHT, y, colour=RULE)
        pen.text(LEFT - 8, y + 4, spoken_number(figure), SIZE, colour=GREY, anchor="end")
    draw_names(pen, names)
    for number, one in enumerate(series):
        draw_series(pen, number, one, names, top)
    return pen.svg(title, HEIGHT, alternative, class_="app-chart")


def across(place: int, last: int) -> float:
    """How far from the left a review stands; the only one stands in the middle."""
    return LEFT + (RIGHT - LEFT) * (place / last if last else 0.5)


def down(value: float, top: float) -> float:
    return TOP + (FOOT - TOP) * (1 - value / top)


def draw_names(pen: Drawing, names: Sequence[str]) -> None:
    """The names of some of the reviews: the first, the last, and as many between them as there is room for."""
    last = len(names) - 1
    most = min(NAMES_MOST - 1, last)
    for at in range(most + 1):
        place = round(at * last / max(most, 1))
        name = names[place]
        pen.text(
            across(place, last),
            FOOT + (20 if at % 2 == 0 or most < 2 else 36),
            name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1].rstrip()}…",
            SIZE,
            colour=GREY,
            anchor="middle" if 0 < place < last or last == 0 else "end" if place else "start",
        )


def draw_series(pen: Drawing, number: int, one: Series, names: Sequence[str], top: float) -> None:
    """A line, broken where nothing is known, with a mark at each value that says it when it is pointed at.

    Above stands what the line is, with a piece of it.
    """
    colour, dashes = STYLES[number]
    spots = [
        (across(place, len(names) - 1), down(value, top), f"{name}: {spoken_number(value)}")
        if value is not None
        else None
        for place, (name, value) in enumerate(zip(names, one.values, strict=True))
    ]
    for _, run in groupby(spots, key=bool):
        if line := [spot[:2] for spot in run if spot]:
            pen.polyline(line, colour=colour, dashes=dashes)
    for x, y, words in filter(None, spots):
        with pen.inside("g"):
            pen.add("title", words)
            draw_mark(pen, number, x, y)
    x = LEFT + number * (WIDTH - LEFT) // 2
    pen.line(x, 14, x + 28, 14, colour=colour, thick=2, dashes=dashes)
    draw_mark(pen, number, x + 14, 14)
    pen.text(x + 36, 18, one.name, SIZE)


def draw_mark(pen: Drawing, number: int, x: float, y: float) -> None:
    """The mark of a line: a full circle for the first, a hollow square for the second."""
    if number == 0:
        pen.dot(x, y, 4)
    else:
        pen.rect(x - 4, y - 4, 8, 8, stroke=INK, thick=2)
