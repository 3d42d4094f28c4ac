"""Time: the hours a week against those the team has and frees, by kind of work; and the weeks with their peaks."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.drawing.letters import width, wrap
from worksheets.drawing.pen import BLUE, DARK, GREY, INK, LINE, NARROW, PALE, WHITE, WIDE, Drawing, picture
from worksheets.fields import maybe, number, spoken_hours, spoken_number, text
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.resources import CYCLE_WEEKS, KINDS, UNEVEN, known_hours, total, without_hours
from worksheets.workbooks.strategy.tables import SETUP, STOPPING, WEEKLY

KEY, TITLE = "time", "Time"
NO_KIND = "Not said yet"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week, unless said otherwise. None where the question is not answered."""

    kinds: dict[str, float]
    planned: float
    capacity: float | None
    freed: float
    freed_known: bool
    setup: float
    peak_hours: float
    peak_weeks: int
    pattern: str

    @property
    def available(self) -> float:
        return round((self.capacity or 0) + self.freed, 2)

    @property
    def most(self) -> float:
        """The longest bar that is drawn; never nothing."""
        return max(self.planned, self.available, self.peak_hours, 1)

    @property
    def weeks(self) -> list[float]:
        """The hours of each week of the cycle. A spike comes first; peaks are spread evenly, as no week is named."""
        busy = set(range(self.peak_weeks))
        if self.pattern == "peaks" and self.peak_weeks:
            busy = {int((n + 0.5) * CYCLE_WEEKS / self.peak_weeks) for n in range(self.peak_weeks)}
        return [self.peak_hours if week in busy else self.planned for week in range(CYCLE_WEEKS)]


def hours_of(reading: Reading) -> Hours:
    """What the answers about set-up, weekly work and work to stop add up to."""
    scope, answer = reading.scope, reading.answer("weekly")
    spent = [(text(row, "kind"), number(row, "hours")) for row in scope.rows(WEEKLY)]
    kinds = {
        words: round(sum(hours for kind, hours in spent if kind == key), 2)
        for key, words in {**KINDS, "": NO_KIND}.items()
    }
    pattern, peak_hours, peak_weeks = (
        text(answer, "pattern"),
        number(answer, "peak_hours"),
        number(answer, "peak_weeks"),
    )
    uneven = pattern in UNEVEN and peak_hours and peak_weeks
    return Hours(
        kinds={words: spent for words, spent in kinds.items() if spent},
        planned=total(scope, WEEKLY) or 0,
        capacity=maybe(answer, "capacity"),
        freed=total(scope, STOPPING) or 0,
        freed_known=total(scope, STOPPING) is not None,
        setup=total(scope, SETUP) or 0,
        peak_hours=peak_hours if uneven else 0,
        peak_weeks=min(int(peak_weeks), CYCLE_WEEKS) if uneven else 0,
        pattern=pattern,
    )


def draw_sums(pen: Drawing, time: Hours, y: float, label: float, scale: float, right: float) -> float:
    """What is planned above what the team has: two bars on one scale, so that the eye compares them.

    Nothing of it stands further right than `right`.
    """
    pen.text(0, y + 14, "Hours a week", 16, bold=True, colour=BLUE)
    y += 28
    pen.text(0, y + 19, "Planned", 14, bold=True)
    pen.rect(label, y, time.planned * scale, 28, fill=BLUE)
    words = spoken_number(time.planned)
    after(pen, label + time.planned * scale, y + 19, words, inside=time.planned * scale > 60)
    y += 38
    pen.text(0, y + 19, "The team has", 14, bold=True)
    if time.capacity is None:
        pen.text(label, y + 19, "Not answered yet", 14, colour=GREY)
        return y + 38
    wide, more = time.capacity * scale, time.freed * scale
    pen.rect(label, y, wide, 28, fill="#aeb7bd", stroke=LINE)
    if wide > 40:
        pen.text(label + wide - 8, y + 19, spoken_number(time.capacity), 14, bold=True, anchor="end")
    if time.freed:
        pen.rect(label + wide, y, more, 28, fill=WHITE, stroke=INK, thick=1.5, dashes="5 3")
        words = f"+ {spoken_number(time.freed)} freed"
        inside = width(words, 14, bold=True) + 12 < more
        end = label + wide + more
        if inside or end + width(words, 14, bold=True) + 8 < right:
            pen.text(label + wide + 6 if inside else end + 8, y + 19, words, 14, bold=True)
        else:
            pen.text(end, y + 46, words, 14, bold=True, anchor="end")
            y += 20
    elif wide <= 40:
        pen.text(label + wide + 8, y + 19, spoken_number(time.capacity), 14, bold=True)
    y += 52
    over = time.freed_known and time.planned > time.available
    if over:
        pen.cross(label + 6, y - 4.5, 5)
    pen.text(label + (18 if over else 0), y, capital(compared(time.planned, time)), 14, bold=over)
    return y + 10


def after(pen: Drawing, x: float, y: float, words: str, *, inside: bool) -> None:
    """A number at the end of a full bar, within it where there is room."""
    pen.text(
        x - 8 if inside else x + 8,
        y,
        words,
        14,
        bold=True,
        colour=WHITE if inside else INK,
        anchor="end" if inside else None,
    )


def draw_kinds(pen: Drawing, time: Hours, left: float, y: float, label: float, room: float) -> float:
    """The hours of each kind of work, the most first as they were asked."""
    pen.text(left, y + 14, "By kind of work", 16, bold=True, colour=BLUE)
    y += 30
    longest = max(time.kinds.values(), default=1)
    for words, spent in time.kinds.items():
        pen.text(left, y + 14, words, 14)
        wide = spent / longest * (room - label - 46)
        pen.rect(left + label, y, wide, 19, fill=BLUE)
        pen.text(left + label + wide + 8, y + 14.5, spoken_number(spent), 14, bold=True)
        y += 26
    return y


def draw_weeks(pen: Drawing, time: Hours, y: float, high: float) -> float:
    """The cycle week by week, with a line at what the team has and frees."""
    pen.text(0, y + 14, f"The {CYCLE_WEEKS} weeks of the cycle", 16, bold=True, colour=BLUE)
    y += 50 if time.peak_weeks else 34
    foot, step, scale = y + high, (pen.width - 2) / CYCLE_WEEKS, (high - 22) / time.most
    top = foot - time.most * scale
    for week, spent in enumerate(time.weeks):
        busy = bool(time.peak_weeks) and spent == time.peak_hours
        pen.rect(
            week * step + 1.5,
            foot - spent * scale,
            step - 3,
            max(spent * scale, 0.5),
            fill=DARK if busy else PALE,
            stroke=DARK if busy else LINE,
        )
    pen.line(0, foot, pen.width, foot, colour=INK)
    if time.peak_weeks:
        words = f"{capital(counted(time.peak_weeks, 'busy week'))} of {spoken_hours(time.peak_hours)}"
        pen.rect(1.5, top - 29, 13, 13, fill=DARK)
        pen.text(22, top - 18, f"{words}{' each' if time.peak_weeks > 1 else ''}", 14)
    if time.capacity is not None:
        line = foot - time.available * scale
        pen.line(0, line, pen.width, line, colour=WHITE, thick=4)
        pen.line(0, line, pen.width, line, colour=INK, thick=2, dashes="7 4")
        words = f"The team has {spoken_number(time.available)}" + (" with freed hours" if time.freed else "")
        wide = width(words, 13, bold=True)
        above = line - 7
        pen.rect(pen.width - wide - 8, above - 13, wide + 8, 17, fill=WHITE)
        pen.text(pen.width - 3, above, words, 13, bold=True, anchor="end")
    for week in (1, 7, 13, 20, CYCLE_WEEKS):
        anchor = "start" if week == 1 else "end" if week == CYCLE_WEEKS else "middle"
        x = 0 if week == 1 else pen.width if week == CYCLE_WEEKS else (week - 0.5) * step
        pen.text(
            x, foot + 17, f"Week {week}" if week in (1, CYCLE_WEEKS) else str(week), 13, colour=GREY, anchor=anchor
        )
    y = foot + 24
    if time.pattern == "peaks" and time.peak_weeks:
        note = wrap("No answer names the busy weeks: they are spread evenly.", pen.width, 13)
        y = pen.lines(0, y + 14, note, 13, colour=GREY) - 10
    return y


def compared(needed: float, time: Hours) -> str:
    """How a number of hours stands against what the team has and frees."""
    if not time.freed_known:
        return "what is freed is not known yet"
    over = round(needed - time.available, 2)
    if over > 0:
        return f"{spoken_hours(over)} too many"
    return "with nothing to spare" if over == 0 else f"with {spoken_hours(-over)} to spare"


def alternative(time: Hours) -> str:
    """What the picture says."""
    is_are = "is" if time.planned == 1 else "are"
    said = f"{spoken_hours(time.planned)} a week {is_are} planned"
    if time.capacity is not None:
        said += f"; the team has {spoken_number(time.capacity)}"
        said += f" and frees {spoken_number(time.freed)}" if time.freed else ""
        said += f", {compared(time.planned, time)}"
    said += "."
    if len(time.kinds) > 1:
        most = max(time.kinds.values())
        first = listed(words.lower() for words, spent in time.kinds.items() if spent == most)
        said += f" Most goes into: {first}, {spoken_hours(most)}."
    if time.peak_weeks:
        said += f" In {counted(time.peak_weeks, 'busy week')} of {CYCLE_WEEKS} it is {spoken_hours(time.peak_hours)}"
        said += f", {compared(time.peak_hours, time)}." if time.capacity is not None else "."
    else:
        said += f" Every one of the {CYCLE_WEEKS} weeks is the same."
    if time.setup:
        said += f" Setting up takes {spoken_hours(time.setup)} besides."
    return said


def table(time: Hours) -> Table:
    rows = [(words, spoken_number(spent)) for words, spent in time.kinds.items()]
    rows.append(("Planned in all", spoken_number(time.planned)))
    if time.capacity is not None:
        rows.append(("The team has", spoken_number(time.capacity)))
    if time.freed:
        rows.append(("Freed by work that stops", spoken_number(time.freed)))
    if time.peak_weeks:
        rows.append((f"In a busy week ({time.peak_weeks} of {CYCLE_WEEKS})", spoken_number(time.peak_hours)))
    if time.setup:
        rows.append(("To set up, once", spoken_number(time.setup)))
    return Table("Hours a week", (Column("What", 3), Column("Hours", 1, numeric=True)), tuple(rows))


def time_picture(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """The hours of a review."""
    time = hours_of(reading)
    if not time.kinds:
        words = f"The hours show here once you have answered {reading.scope.question('weekly')}, weekly work."
        return Figure(TITLE, words, "", Table("Hours a week", (Column("What"),), ()), KEY, question="weekly")
    if known_hours(reading.scope) is None:
        words = f"The hours show here once every task has some: {without_hours(reading.scope, WEEKLY)}."
        return Figure(TITLE, words, "", table(time), KEY, question="weekly")
    words = alternative(time)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    below = max(draw_sums(wide, time, 0, 104, 300 / time.most, 452), draw_kinds(wide, time, 470, 0, 92, WIDE - 470))
    height = draw_weeks(wide, time, below + 14, 130)
    below = draw_sums(narrow, time, 0, 104, (NARROW - 108) / time.most, NARROW)
    below = draw_kinds(narrow, time, 0, below + 12, 104, NARROW)
    long = draw_weeks(narrow, time, below + 12, 120)
    return picture(TITLE, words, "weekly", table(time), (wide, height), (narrow, long))
