"""The chart of a measure: its figures against baseline and target, with events marked. A pure function.

Nothing is told by colour alone: the figures are a line with dots, the baseline is dashed, the target dotted, and events
are upright lines with a letter. The words beside it and the table below it say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from worksheets.drawing.pen import GREY, INK, RULE, WHITE, Drawing, steps
from worksheets.fields import spoken_date, spoken_number
from worksheets.words import counted

WIDTH, HEIGHT = 480, 260
# Where the figures are drawn; around them is room for the numbers, the letters of the events and the days.
LEFT, RIGHT, TOP, FOOT = 70, WIDTH - 12, 28, HEIGHT - 36
SIZE = 15  # of the letters: large enough on a phone, where the chart is 343 wide
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Dot:
    """A figure on a day."""

    on: datetime.date
    value: Decimal


@dataclass(frozen=True)
class Mark:
    """Something that happened outside on a day."""

    on: datetime.date
    text: str


def letter(number: int) -> str:
    """What the event of that number, from 0, is called: A to Z, then A2."""
    turn, place = divmod(number, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


def alternative(
    words: str, dots: Sequence[Dot], baseline: Decimal | None, target: Decimal | None, marks: Sequence[Mark]
) -> str:
    """What the chart shows, in words. `dots` and `marks` come in the order of their days."""
    first, last = dots[0], dots[-1]
    if len(dots) == 1:
        said = [f"{words}: one figure, {spoken_number(first.value)} on {spoken_date(first.on)}."]
    else:
        change = last.value - first.value
        way = "up" if change > 0 else "down" if change < 0 else "unchanged"
        said = [
            f"{words}: {counted(len(dots), 'figure')}, from {spoken_number(first.value)} on {spoken_date(first.on)} "
            f"to {spoken_number(last.value)} on {spoken_date(last.on)}"
            + (f", {way} by {spoken_number(abs(change))}." if change else ".")
        ]
    if baseline is not None:
        said.append(f"The baseline is {spoken_number(baseline)}.")
    if target is not None:
        gap = last.value - target
        place = "on the target" if not gap else f"{spoken_number(abs(gap))} {'above' if gap > 0 else 'below'} it"
        said.append(f"The target is {spoken_number(target)}; the last figure is {place}.")
    if marks:
        said.append("Events marked: " + "; ".join(f"{letter(n)}, {mark.text}" for n, mark in enumerate(marks)) + ".")
    return " ".join(said)


def short(value: Decimal) -> str:
    """A number as the axis has room for it: 1,500 or 2.5m."""
    for size, name in ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 4, "k")):
        if abs(value) >= size:
            return f"{spoken_number((value / (1000 if name == 'k' else size)).quantize(Decimal('0.01')))}{name}"
    return spoken_number(value)


def chart(
    name: str,
    words: str,
    dots: Sequence[Dot],
    *,
    baseline: Decimal | None = None,
    target: Decimal | None = None,
    marks: Sequence[Mark] = (),
    starts: datetime.date,
    ends: datetime.date,
) -> SafeString:
    """The chart as SVG. `name` makes its ids unique on the page, `words` is the measure, `dots` must not be empty.

    The time that is shown is that of the review, and longer where there are figures or events outside it.
    """
    dots = sorted(dots, key=lambda dot: dot.on)
    marks = sorted(marks, key=lambda mark: mark.on)
    values = [*(dot.value for dot in dots), *(level for level in (baseline, target) if level is not None)]
    scale = Scale([starts, ends, *(dot.on for dot in dots), *(mark.on for mark in marks)], values)
    pen = Drawing(name, WIDTH)
    draw_axes(pen, scale)
    for number, mark in enumerate(marks):
        x = scale.x(mark.on)
        pen.line(x, TOP - 6, x, FOOT, colour=GREY, thick=1.5)
        pen.text(x, TOP - 10, letter(number), SIZE, bold=True, anchor="middle")
    draw_level(pen, scale, baseline, "Baseline", "8 5", dots[-1], right=True)
    draw_level(pen, scale, target, "Target", "2 4", dots[0], right=False)
    spots = [(scale.x(dot.on), scale.y(dot.value)) for dot in dots]
    pen.polyline(spots, thick=3)
    for x, y in spots:
        pen.dot(x, y, 4.5, stroke=WHITE)
    return pen.svg(words, HEIGHT, alternative(words, dots, baseline, target, marks), class_="app-chart")


class Scale:
    """Where a day and a value stand in the picture."""

    def __init__(self, days: Sequence[datetime.date], values: Sequence[Decimal]) -> None:
        self.first, self.last = min(days), max(days)
        self.steps = steps(min(values), max(values))

    def x(self, day: datetime.date) -> float:
        return LEFT + (RIGHT - LEFT) * (day - self.first).days / max((self.last - self.first).days, 1)

    def y(self, value: Decimal) -> float:
        low, high = self.steps[0], self.steps[-1]
        return FOOT - (FOOT - TOP) * float((value - low) / (high - low))


def draw_axes(pen: Drawing, scale: Scale) -> None:
    for step in scale.steps:
        y = scale.y(step)
        pen.line(LEFT, y, RIGHT, y, colour=RULE)
        pen.text(LEFT - 8, y + 5, short(step), SIZE, anchor="end")
    pen.polyline([(LEFT, TOP), (LEFT, FOOT), (RIGHT, FOOT)], colour=GREY, thick=1)
    for day, x, anchor in ((scale.first, LEFT, "start"), (scale.last, RIGHT, "end")):
        pen.text(x, HEIGHT - 12, f"{day.day} {day:%b %Y}", SIZE, anchor=anchor)


def draw_level(
    pen: Drawing, scale: Scale, value: Decimal | None, name: str, dashes: str, near: Dot, *, right: bool
) -> None:
    """A line across at `value`, with its name on the side of the line on which the dot `near` is not."""
    if value is None:
        return
    y = scale.y(value)
    above = y > TOP + SIZE and (scale.y(near.value) >= y or y >= FOOT - SIZE - 6)
    x, anchor = (RIGHT - 4, "end") if right else (LEFT + 6, "start")
    pen.line(LEFT, y, RIGHT, y, colour=INK, thick=2, dashes=dashes)
    # A white edge keeps the words apart from the lines behind them.
    with pen.inside("g", stroke=WHITE, stroke_width=4, paint_order="stroke"):
        pen.text(x, y - 6 if above else y + SIZE + 3, f"{name} {short(value)}", SIZE, anchor=anchor)
