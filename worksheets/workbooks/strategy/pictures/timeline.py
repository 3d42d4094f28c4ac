"""The timeline: the cycle with its months, when SMART objectives are due and judged, the judgement, the next review."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from worksheets.dates import months_after
from worksheets.drawing.letters import clean, wrap
from worksheets.drawing.pen import BLUE, DARK, GREY, INK, NARROW, WHITE, WIDE, Drawing, number, picture
from worksheets.fields import spoken_date, spoken_hours, text
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.resources import total
from worksheets.workbooks.strategy.tables import SETUP, SMART

KEY, TITLE = "timeline", "Timeline"
Day = datetime.date
# A scale of more months than this names every second, third ... month.
MONTHS_NAMED = 9


@dataclass(frozen=True, slots=True)
class Span:
    """One line of the timeline: what it is, and the days it is about, each with its word."""

    words: str
    kind: str
    days: tuple[tuple[str, Day], ...]
    note: str = ""

    @property
    def spoken(self) -> str:
        """Its days in words: "due 31 March 2027, judged 14 April 2027"."""
        said = ", ".join(filter(None, (f"{word} {spoken_date(day)}".strip() for word, day in self.days)))
        return capital(", ".join(filter(None, (said, self.note))))


def day(iso: str) -> Day | None:
    return Day.fromisoformat(iso) if iso else None


def spans_of(reading: Reading) -> list[Span]:
    """The lines of the timeline, in the order of their first day. Nothing without a SMART objective or a judgement."""
    scope = reading.scope
    spans = []
    for n, row in enumerate(scope.rows(SMART), 1):
        days = [("due", day(text(row, "due"))), ("judged", day(text(row, "evaluate_on")))]
        known = tuple((word, when) for word, when in days if when)
        if known:
            spans.append(Span(f"{n}. {clean(text(row, 'statement')) or 'SMART objective'}", "smart", known))
    judged = day(text(reading.answer("judgement"), "evaluate_on"))
    if judged:
        spans.append(Span("The whole is judged", "judgement", (("", judged),)))
    if not spans:
        return []
    if scope.ends:
        spans.append(Span("The next review begins", "next", (("", scope.ends + datetime.timedelta(days=1)),)))
    spans.sort(key=lambda span: (span.days[0][1], span.kind == "next", span.words))
    if scope.starts:
        setup = total(scope, SETUP)
        words = "Set-up begins" if setup else "The review begins"
        spans.insert(0, Span(words, "start", (("", scope.starts),), f"{spoken_hours(setup)} of work" if setup else ""))
    return spans


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a day stands between `left` and `left + room`. It runs over whole months."""

    first: Day
    last: Day
    left: float
    room: float

    def at(self, when: Day) -> float:
        return self.left + self.room * (when - self.first).days / max((self.last - self.first).days, 1)

    @property
    def months(self) -> list[Day]:
        firsts, when = [], self.first
        while when < self.last:
            firsts.append(when)
            when = months_after(when, 1)
        return firsts


def scale(spans: list[Span], reading: Reading, left: float, room: float) -> Scale:
    days = [when for span in spans for _, when in span.days]
    days += [when for when in (reading.scope.starts, reading.scope.ends) if when]
    return Scale(min(days).replace(day=1), months_after(max(days).replace(day=1), 1), left, room)


def draw_months(pen: Drawing, months: Scale, y: float, bottom: float) -> None:
    """A line at the start of each month, and the names of as many as there is room for."""
    every = -(-len(months.months) // MONTHS_NAMED)
    for n, month in enumerate(months.months):
        x = months.at(month)
        pen.line(x, y + 8, x, bottom, colour="#d8dde0")
        if n % every == 0:
            name = f"{month:%b}" + (f" {month.year}" if month.month == 1 and pen.width == WIDE else "")
            pen.text(x + 3, y, name, 13, colour=GREY)
    pen.line(months.at(months.last), y + 8, months.at(months.last), bottom, colour="#d8dde0")
    pen.line(months.left, y + 8, months.left + months.room, y + 8, thick=1.5)


def diamond(pen: Drawing, x: float, y: float, half: float, fill: str) -> None:
    points = " ".join(
        f"{number(a)},{number(b)}" for a, b in ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    )
    pen.add("polygon", points=points, fill=fill, stroke=DARK, stroke_width=1.5)


def draw_span(pen: Drawing, span: Span, months: Scale, start: Day | None, y: float) -> None:
    """The marks of one line. Due is a full diamond, judged an open circle; bars run from the start of the cycle."""
    x = [months.at(when) for _, when in span.days]
    if span.kind == "smart":
        due = next((months.at(when) for word, when in span.days if word == "due"), None)
        begin = months.at(start) if start else months.left
        if due is not None:
            pen.rect(min(begin, due), y - 4, abs(due - begin), 8, fill=BLUE)
            if len(x) > 1:
                pen.line(due, y, x[-1], y, colour=BLUE, thick=2, dashes="4 3")
        for (word, _), place in reversed(list(zip(span.days, x, strict=True))):
            if word == "due":
                diamond(pen, place, y, 8, DARK)
            else:
                pen.dot(place, y, 6.5, fill=WHITE, stroke=DARK)
    elif span.kind == "judgement":
        pen.dot(x[0], y, 8, fill=WHITE, stroke=DARK)
        pen.dot(x[0], y, 3.5, fill=DARK)
    else:
        flag = max(x[0], 5)
        pen.add("path", d=f"M{number(flag - 5)} {number(y - 8)}l12 8l-12 8Z", fill=INK)


def draw_key(pen: Drawing, x: float, y: float) -> None:
    """What the marks mean."""
    diamond(pen, x + 8, y, 7, DARK)
    pen.text(x + 21, y + 5, "Due", 13)
    pen.dot(x + 66, y, 6, fill=WHITE, stroke=DARK)
    pen.text(x + 78, y + 5, "Judged", 13)
    pen.dot(x + 144, y, 7, fill=WHITE, stroke=DARK)
    pen.dot(x + 144, y, 3, fill=DARK)
    pen.text(x + 157, y + 5, "The whole is judged", 13)


def draw_wide(pen: Drawing, spans: list[Span], reading: Reading) -> float:
    months = scale(spans, reading, 250, WIDE - 250 - 176)
    drawn = [(span, wrap(span.words, 234, 14, 2, bold=span.kind != "smart")) for span in spans]
    heights = [max(len(lines) * 17 + 16, 42) for _, lines in drawn]
    draw_months(pen, months, 14, 22 + sum(heights))
    y = 22.0
    for (span, lines), height in zip(drawn, heights, strict=True):
        middle = y + height / 2
        pen.lines(0, middle + 5 - (len(lines) - 1) * 8.5, lines, 14, bold=span.kind != "smart", leading=17 / 14)
        draw_span(pen, span, months, reading.scope.starts, middle)
        said = wrap_days(span, 160)
        pen.lines(WIDE - 164, middle + 5 - (len(said) - 1) * 8.5, said, 13, leading=17 / 13)
        y += height
        pen.line(0, y, WIDE, y, colour="#d8dde0")
    draw_key(pen, 250, y + 18)
    return y + 32


def wrap_days(span: Span, room: float) -> list[str]:
    """The days of a line in words, one below the other."""
    said = [capital(f"{word} {spoken_date(when)}".strip()) for word, when in span.days]
    return [line for words in (*said, span.note) for line in wrap(words, room, 13, 2)]


def draw_narrow(pen: Drawing, spans: list[Span], reading: Reading) -> float:
    months = scale(spans, reading, 0, NARROW - 8)
    rows = [(span, wrap(span.words, NARROW, 14, 2, bold=True), wrap(span.spoken, NARROW, 13, 2)) for span in spans]
    y = 12.0
    draw_months(pen, months, y, y + 14)
    y += 22
    for span, lines, said in rows:
        y = pen.lines(0, y + 16, lines, 14, bold=True)
        draw_span(pen, span, months, reading.scope.starts, y + 1)
        y = pen.lines(0, y + 25, said, 13, colour=GREY) - 6
        pen.line(0, y, NARROW, y, colour="#d8dde0")
    draw_key(pen, 0, y + 20)
    return y + 34


def alternative(spans: list[Span], reading: Reading) -> str:
    """What the picture says."""
    smart = [span for span in spans if span.kind == "smart"]
    said = []
    if reading.scope.starts and reading.scope.ends:
        said.append(f"The cycle runs from {spoken_date(reading.scope.starts)} to {spoken_date(reading.scope.ends)}.")
    due = sorted(when for span in smart for word, when in span.days if word == "due")
    if due:
        when = spoken_date(due[0]) if due[0] == due[-1] else f"between {spoken_date(due[0])} and {spoken_date(due[-1])}"
        when = f"on {when}" if due[0] == due[-1] else when
        said.append(f"{capital(counted(len(due), 'SMART objective'))} {'is' if len(due) == 1 else 'are'} due {when}.")
    undated = len(reading.scope.rows(SMART)) - len(due)
    if undated:
        said.append(f"{capital(counted(undated, 'SMART objective'))} without a due date.")
    for span in spans:
        if span.kind in ("judgement", "next"):
            said.append(f"{span.words} on {spoken_date(span.days[0][1])}.")
    late = [
        span.words.partition(".")[0] for span in smart if reading.scope.ends and span.days[-1][1] > reading.scope.ends
    ]
    if late:
        said.append(f"Number {listed(late)} {'runs' if len(late) == 1 else 'run'} on beyond the end of the cycle.")
    return " ".join(said)


def table(spans: list[Span]) -> Table:
    rows = tuple((span.words, span.spoken) for span in spans)
    return Table("Dates in their order", (Column("What", 3), Column("When", 2)), rows)


def timeline(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """The timeline of a review."""
    spans = spans_of(reading)
    if not spans:
        smart, judgement = (reading.scope.question(key) for key in ("smart", "judgement"))
        words = f"The timeline shows here once you have set dates in {smart}, SMART objectives, or {judgement}."
        return Figure(TITLE, words, "", table([]), KEY, question="judgement")
    words = alternative(spans, reading)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    height, long = draw_wide(wide, spans, reading), draw_narrow(narrow, spans, reading)
    return picture(TITLE, words, "judgement", table(spans), (wide, height), (narrow, long))
