"""Small line charts as SVG, made on the server: told apart by dashes and marks, never by colour alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify

from worksheets.fields import spoken_number

WIDTH, HEIGHT = 360, 230
# The room around the lines: for the figures at the left, the legend above and the names below.
LEFT, RIGHT, TOP, BOTTOM = 44, 18, 34, 44
INK, GREY, RULE = "#212b32", "#4c6272", "#d8dde0"
COLOURS = ("#005eb8", "#212b32")
DASHES = ("none", "6 4")
NAMES_MOST = 4
NAME_LETTERS = 13
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: a value for each name below it, `None` where there is none. At most two a chart."""

    name: str
    values: Sequence[float | None]


def line_chart(title: str, alternative: str, names: Sequence[str], series: Sequence[Series]) -> SafeString:
    """The chart as SVG, with `title` and `alternative` for those who do not see it. All texts are escaped.

    A page has one chart of a title: its ids are made of it.
    """
    most = max((value for one in series for value in one.values if value is not None), default=0)
    step, top = scale(most)
    mark = f"chart-{slugify(title)}"
    parts = [
        rules(step, top),
        below(names),
        *(drawn(n, one, names, top) for n, one in enumerate(series)),
        legend(series),
    ]
    return format_html(
        '<svg class="app-chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{} {}-words" '
        'font-family="Arial, sans-serif" font-size="12" fill="{}">'
        '<title id="{}">{}</title><desc id="{}-words">{}</desc>{}</svg>',
        WIDTH,
        HEIGHT,
        mark,
        mark,
        INK,
        mark,
        title,
        mark,
        alternative,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def scale(most: float) -> tuple[float, float]:
    """The distance of the rules, and the value at the top: round numbers, with about four rules."""
    if most <= 0:
        return 1, 1
    size = 10 ** math.floor(math.log10(most / 4)) if most > 4 else 1
    step = next(step * size for step in STEPS if step * size * 4 >= most and (step * size) % 1 == 0)
    return step, step * math.ceil(most / step)


def across(place: int, count: int) -> float:
    """How far from the left a review stands; the only one stands in the middle."""
    wide = WIDTH - LEFT - RIGHT
    return round(LEFT + (wide * place / (count - 1) if count > 1 else wide / 2), 1)


def down(value: float, top: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)


def rules(step: float, top: float) -> SafeString:
    """Light rules with their figures at the left."""
    values = [step * n for n in range(round(top / step) + 1)]
    return format_html_join(
        "",
        '<path d="M{} {}H{}" stroke="{}" fill="none"/><text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>',
        (
            (LEFT, down(value, top), WIDTH - RIGHT, RULE, LEFT - 8, down(value, top) + 4, GREY, spoken_number(value))
            for value in values
        ),
    )


def below(names: Sequence[str]) -> SafeString:
    """The names of some of the reviews: the first, the last, and as many between them as there is room for."""
    last = len(names) - 1
    count = min(NAMES_MOST, len(names))
    places = sorted({round(n * last / (count - 1)) for n in range(count)}) if count > 1 else [0]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>',
        (
            (
                across(place, len(names)),
                HEIGHT - BOTTOM + (20 if at % 2 == 0 or len(places) <= 2 else 36),
                "middle" if 0 < place < last or last == 0 else "start" if place == 0 else "end",
                GREY,
                names[place] if len(names[place]) <= NAME_LETTERS else f"{names[place][: NAME_LETTERS - 1].rstrip()}…",
            )
            for at, place in enumerate(places)
        ),
    )


def drawn(number: int, one: Series, names: Sequence[str], top: float) -> SafeString:
    """A line, broken where nothing is known, with a mark at each value that says it when it is pointed at."""
    spots = [
        (across(place, len(names)), down(value, top)) if value is not None else None
        for place, value in enumerate(one.values)
    ]
    path, pen = [], False
    for spot in spots:
        if spot:
            path.append(f"{'L' if pen else 'M'}{spot[0]} {spot[1]}")
        pen = spot is not None
    marks = format_html_join(
        "",
        "{}",
        (
            (dot(number, spot, f"{name}: {spoken_number(value)}"),)
            for spot, name, value in zip(spots, names, one.values, strict=True)
            if spot and value is not None
        ),
    )
    return format_html(
        '<path d="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>{}',
        " ".join(path) or "M0 0",
        COLOURS[number],
        DASHES[number],
        marks,
    )


def dot(number: int, at: tuple[float, float], words: str = "") -> SafeString:
    """The mark of a line: a full circle for the first, a hollow square for the second."""
    told = format_html("<title>{}</title>", words) if words else ""
    if number == 0:
        return format_html('<circle cx="{}" cy="{}" r="4" fill="{}">{}</circle>', *at, COLOURS[0], told)
    return format_html(
        '<rect x="{}" y="{}" width="8" height="8" fill="#fff" stroke="{}" stroke-width="2">{}</rect>',
        round(at[0] - 4, 1),
        round(at[1] - 4, 1),
        COLOURS[1],
        told,
    )


def legend(series: Sequence[Series]) -> SafeString:
    """What each line is, with a piece of it."""
    return format_html_join(
        "",
        '<path d="M{} 14h28" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>{}'
        '<text x="{}" y="18">{}</text>',
        (
            (
                x := LEFT + n * (WIDTH - LEFT) // 2,
                COLOURS[n],
                DASHES[n],
                dot(n, (x + 14, 14)),
                x + 36,
                one.name,
            )
            for n, one in enumerate(series)
        ),
    )
