"""The chart of a measure: its figures against baseline and target, with events marked. A pure function that makes SVG.

Nothing is told by colour alone: the figures are a line with dots, the baseline is dashed, the target dotted, and events
are upright lines with a letter. The words beside it and the table below it say the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from worksheets.fields import spoken_date, spoken_number

WIDTH, HEIGHT = 480, 260
LEFT, RIGHT, TOP, BOTTOM = 70, 12, 28, 36
SIZE = 15  # of the letters: large enough on a phone, where the chart is 343 wide
INK, GREY, BLUE = "#212b32", "#4c6272", "#005eb8"
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
            f"{words}: {len(dots)} figures, from {spoken_number(first.value)} on {spoken_date(first.on)} "
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


def steps(low: Decimal, high: Decimal) -> list[Decimal]:
    """About four round numbers that span `low` to `high`, for the axis."""
    if low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
        if low == high:
            high = Decimal(1)
    rough = (high - low) / 4
    size = Decimal(10) ** rough.adjusted()
    step = next(size * by for by in (1, 2, Decimal("2.5"), 5, 10) if size * by >= rough)
    start = (low / step).to_integral_value(ROUND_FLOOR)
    end = (high / step).to_integral_value(ROUND_CEILING)
    return [step * n for n in range(int(start), int(end) + 1)]


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
    scale = Scale(dots, [line for line in (baseline, target) if line is not None], marks, starts, ends)
    said = alternative(words, dots, baseline, target, marks)
    return mark_safe(  # noqa: S308 - every text from outside is escaped where it is put in
        f'<svg class="app-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-words" font-family="Arial, sans-serif" '
        f'font-size="{SIZE}" fill="{INK}">'
        f'<title id="{escape(name)}-title">{escape(words)}</title>'
        f'<desc id="{escape(name)}-words">{escape(said)}</desc>'
        + "".join(_axes(scale))
        + "".join(_marks(scale, marks))
        + "".join(_level(scale, baseline, "Baseline", "8 5", dots[-1], right=True))
        + "".join(_level(scale, target, "Target", "2 4", dots[0], right=False))
        + "".join(_line(scale, dots))
        + "</svg>"
    )


class Scale:
    """Where a day and a value stand in the picture."""

    def __init__(
        self,
        dots: Sequence[Dot],
        levels: Sequence[Decimal],
        marks: Sequence[Mark],
        starts: datetime.date,
        ends: datetime.date,
    ) -> None:
        values = [*(dot.value for dot in dots), *levels]
        self.steps = steps(min(values), max(values))
        self.days = sorted({starts, ends, *(dot.on for dot in dots), *(mark.on for mark in marks)})
        self.span = max((self.days[-1] - self.days[0]).days, 1)

    def x(self, day: datetime.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.days[0]).days / self.span, 1)

    def y(self, value: Decimal) -> float:
        low, high = self.steps[0], self.steps[-1]
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float((value - low) / (high - low)), 1)


def _axes(scale: Scale) -> Iterator[str]:
    for step in scale.steps:
        y = scale.y(step)
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#d8dde0"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5}" text-anchor="end">{short(step)}</text>'
    yield f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="{GREY}" fill="none"/>'
    first, last = scale.days[0], scale.days[-1]
    for day, x, anchor in ((first, LEFT, "start"), (last, WIDTH - RIGHT, "end")):
        yield f'<text x="{x}" y="{HEIGHT - 12}" text-anchor="{anchor}">{day.day} {day:%b %Y}</text>'


def _marks(scale: Scale, marks: Sequence[Mark]) -> Iterator[str]:
    for number, mark in enumerate(marks):
        x = scale.x(mark.on)
        yield f'<path d="M{x} {TOP - 6}V{HEIGHT - BOTTOM}" stroke="{GREY}" stroke-width="1.5"/>'
        yield f'<text x="{x}" y="{TOP - 10}" text-anchor="middle" font-weight="bold">{letter(number)}</text>'


def _level(scale: Scale, value: Decimal | None, name: str, dashes: str, near: Dot, *, right: bool) -> Iterator[str]:
    """A line across at `value`, with its name on the side of the line on which the dot `near` is not."""
    if value is None:
        return
    y = scale.y(value)
    above = scale.y(near.value) >= y if y < HEIGHT - BOTTOM - SIZE - 6 else True
    x, anchor = (WIDTH - RIGHT - 4, "end") if right else (LEFT + 6, "start")
    yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{INK}" stroke-width="2" stroke-dasharray="{dashes}"/>'
    yield (
        f'<text x="{x}" y="{y - 6 if above and y > TOP + SIZE else y + SIZE + 3}" text-anchor="{anchor}" '
        f'stroke="#ffffff" stroke-width="4" paint-order="stroke">{name} {short(value)}</text>'
    )


def _line(scale: Scale, dots: Sequence[Dot]) -> Iterator[str]:
    places = [(scale.x(dot.on), scale.y(dot.value)) for dot in dots]
    if len(places) > 1:
        points = " ".join(f"{x},{y}" for x, y in places)
        yield f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-width="3" stroke-linejoin="round"/>'
    for x, y in places:
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="{BLUE}" stroke="#ffffff" stroke-width="1.5"/>'
