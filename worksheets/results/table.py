"""Figures as a file, in and out: CSV or an Excel workbook. Every error on the way in is named by its line, or all is
stored; what a person may type on the page may stand in the file."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worksheets.cleaning import alike, one_line
from worksheets.dates import read_date
from worksheets.fields import spoken_date, spoken_number
from worksheets.models import Result
from worksheets.results import sheets
from worksheets.results.forms import NOTE_MAX, amount_in, day_fault
from worksheets.results.measures import Measure
from worksheets.results.sheets import Cell, Refused
from worksheets.words import counted
from worksheets.workbooks import first

LINES_MAX = 5_000
COLUMNS = ("measure", "what", "date", "figure", "note")
NEEDED = ("measure", "date", "figure")
WIDTHS = (16, 60, 14, 14, 60)


@dataclass(frozen=True)
class Entry:
    """A figure that was read from a file and found sound."""

    measure: str
    on: datetime.date
    value: Decimal
    note: str


@dataclass(frozen=True)
class Taken:
    """What a file holds: the figures to be stored, how many of its lines have no figure yet, and how many of those
    have fewer decimals than their cells hold, as the cells show them."""

    entries: Sequence[Entry]
    blank: int
    rounded: int = 0


def rows(measures: Iterable[Measure]) -> Iterator[Sequence[Cell]]:
    """All figures of a review below the names of the columns, and a line to be filled in for each measure in it."""
    yield COLUMNS
    for measure in measures:
        for entry in measure.figures:
            value = int(entry.value) if entry.value == int(entry.value) else entry.value.normalize()
            yield measure.id, measure.words, entry.on, value, entry.note
        if measure.known:
            yield measure.id, measure.words, None, None, None


def as_csv(measures: Iterable[Measure]) -> bytes:
    """The figures and the lines to be filled in, as CSV."""
    return sheets.as_csv(rows(measures))


def as_excel(title: str, measures: Iterable[Measure]) -> bytes:
    """The figures and the lines to be filled in, as an Excel workbook."""
    return sheets.as_excel(title, rows(measures), WIDTHS)


def read(
    data: bytes,
    measures: Iterable[Measure],
    *,
    replace: bool,
    mends: Callable[[Result], bool],
    today: datetime.date | None = None,
) -> Taken:
    """The figures in a file. Refused, with every error, when one of them cannot be taken.

    A figure that is there already for its day is left out of what comes back when it is the same, is an error when it
    differs, and is taken when `replace` says so and it is one that this person `mends`. `measures` come with who
    entered their figures.
    """
    return Reader(measures, replace=replace, mends=mends, today=today).read(data)


class Reader:
    """Reads one file, and collects every error by its line."""

    def __init__(
        self,
        measures: Iterable[Measure],
        *,
        replace: bool,
        mends: Callable[[Result], bool],
        today: datetime.date | None,
    ) -> None:
        self.errors: list[str] = []
        self.replace, self.mends, self.today = replace, mends, today
        known = [measure for measure in measures if measure.known]
        self.there = {(m.id, entry.on): entry for m in known for entry in m.figures}
        self.ids = {measure.id for measure in known}
        self.noun = known[0].noun if known else first().noun
        self.names: dict[str, list[str]] = {}
        for measure in known:
            self.names.setdefault(alike(measure.words), []).append(measure.id)
        self.blank = 0
        # The lines of the figures that are to be stored.
        self.stored: set[int] = set()

    def read(self, data: bytes) -> Taken:
        file = sheets.read(data, COLUMNS)
        found = file.rows
        if not found:
            raise Refused(["The file is empty. Its first line must name the columns: measure, date, figure, note"])
        if len(found) > LINES_MAX + 1:
            raise Refused([f"The file has {counted(len(found) - 1, 'line')}. Keep a file to {LINES_MAX:,}"])
        head, *lines = found
        columns = self.columns(*head)
        for number, row in file.above:
            if any(cell in self.ids or alike(cell) in self.names for cell in row):
                self.error(number, "a figure stands above the names of the columns. Put their line first")
        entries = self.lines(columns, lines) if columns else []
        if self.errors:
            raise Refused(self.errors)
        rounded = {number for number, at in file.rounded if at == columns["figure"]} & self.stored
        return Taken(entries, self.blank, len(rounded))

    def columns(self, line: int, names: list[str]) -> dict[str, int]:
        """Where each column stands; nothing, with errors, when they are not those of such a file."""
        given = [alike(name) for name in names]
        if not set(given) & set(COLUMNS):
            named = f"Name them in the first line: {', '.join(COLUMNS)}"
            self.error(line, f"the column “{NEEDED[0]}” is missing, and so are the others. {named}")
            return {}
        before = len(self.errors)
        for name in dict.fromkeys(filter(None, given)):
            if name not in COLUMNS:
                self.error(line, f"the column “{name[:40]}” is not known. Known are {', '.join(COLUMNS)}")
            elif given.count(name) > 1:
                self.error(line, f"the column “{name}” stands there twice")
        self.errors += [f"Line {line}: the column “{name}” is missing" for name in NEEDED if name not in given]
        return {} if len(self.errors) > before else {name: given.index(name) for name in given if name}

    def error(self, line: int, message: str) -> None:
        self.errors.append(f"Line {line}: {message}")

    def lines(self, columns: Mapping[str, int], rows: Sequence[tuple[int, list[str]]]) -> list[Entry]:
        entries: list[Entry] = []
        first: dict[tuple[str, datetime.date], int] = {}
        for number, row in rows:
            # Spreadsheets write empty cells behind the last column that was ever used.
            stray = next((cell for at, cell in enumerate(row) if cell and at not in columns.values()), "")
            if stray:
                self.error(number, f"“{stray[:40]}” stands in a column without a name")
                continue
            cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
            if not cells["figure"] and not cells.get("note"):
                # A measure that has not been counted yet.
                self.blank += 1
                continue
            line = self.line(number, cells)
            if line is None:
                continue
            place = (line.measure, line.on)
            if place in first:
                self.error(number, f"there is a figure for this measure and day in line {first[place]} already")
                continue
            first[place] = number
            if self.wanted(number, line, self.there.get(place)):
                entries.append(line)
                self.stored.add(number)
        return entries

    def line(self, number: int, cells: Mapping[str, str]) -> Entry | None:
        """One row as a figure; None, with errors, when something in it cannot be right."""
        before = len(self.errors)
        measure = self.measure(number, cells["measure"], cells.get("what", ""))
        day = self.day(number, cells["date"])
        value = amount_in(cells["figure"])
        if value is None:
            shown = not_this(cells["figure"])
            if cells["figure"].startswith("="):
                shown = (
                    f"{shown}. Open the file in a spreadsheet and save it, so that it holds what comes of the formula"
                )
            self.error(number, f"“figure” must be a number like 1150 or 82.5, with at most 2 decimals{shown}")
        note = one_line(cells.get("note", ""))
        if len(note) > NOTE_MAX:
            self.error(number, f"“note” must have {NOTE_MAX} characters at most. It has {len(note):,}")
        if len(self.errors) > before or day is None or value is None:
            return None
        if "note" not in cells and (there := self.there.get((measure, day))):
            # A file that says nothing of notes leaves them as they are.
            note = there.note
        return Entry(measure, day, value, note)

    def measure(self, number: int, text: str, what: str) -> str:
        """The id of the measure that a line is about. A spreadsheet may have made a date or a number of an id: then it
        is the one that the line describes."""
        if text in self.ids:
            return text
        named = self.names.get(alike(text), []) or self.names.get(alike(what), [])
        shown = text[:60] or "(empty)"
        if not named:
            self.error(number, f"“measure” must be the id or the words of a measure of this {self.noun}, not “{shown}”")
        elif len(named) > 1:
            several = counted(len(named), "measure")
            self.error(number, f"“{shown}” is what {several} are called. Use the id: {' or '.join(named)}")
        return named[0] if named else ""

    def day(self, number: int, text: str) -> datetime.date | None:
        try:
            day = read_date(text)
        except ValueError as error:
            self.error(number, f"“date”: {lowered(str(error))}{not_this(text)}")
            return None
        if wrong := day_fault(day, self.today):
            self.error(number, f"“date”: {lowered(wrong)}")
        return day

    def wanted(self, number: int, line: Entry, there: Result | None) -> bool:
        """Whether a sound line is to be stored."""
        if there is None:
            return True
        if (there.value, there.note) == (line.value, line.note):
            return False
        said = f"there is a figure for {spoken_date(line.on)} already: {spoken_number(there.value)}"
        if not self.mends(there):
            who = (f", entered by {there.entered_by}", "they or a lead") if there.entered_by else ("", "a lead")
            self.error(number, f"{said}{who[0]}. Only {who[1]} can change it. Take the line out")
        elif not self.replace:
            self.error(number, f"{said}. Take the line out, or tick “Replace”")
        return self.replace


def lowered(sentence: str) -> str:
    """A sentence as the part of another behind a colon."""
    return sentence[:1].lower() + sentence[1:]


def not_this(text: str) -> str:
    """What stands in a cell that cannot be taken, as the end of a sentence."""
    return f", not “{text[:40]}”" if text else ""
