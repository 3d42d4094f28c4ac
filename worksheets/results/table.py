"""Figures as a CSV file, in and out. On the way in it is strict: every error is named by its line, or all is stored."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worksheets.fields import spoken_date, spoken_number
from worksheets.fields.base import CONTROL
from worksheets.models import Result
from worksheets.results.forms import NOTE_MAX, amount_in, day_fault
from worksheets.results.measures import Measure
from worksheets.words import counted
from worksheets.workbooks import first

FILE_MAX = 1_000_000
LINES_MAX = 5_000
COLUMNS = ("measure", "what", "date", "figure", "note")
NEEDED = ("measure", "date", "figure")
# What a spreadsheet takes for the beginning of a formula. An apostrophe before it makes it text, and so does one more
# before an apostrophe that already stands there: what goes out comes in again as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused(Exception):
    """The file cannot be taken; `errors` names every reason, with its line. Nothing of it is stored."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(self.errors))


@dataclass(frozen=True)
class Entry:
    """A figure that was read from a file and found sound."""

    measure: str
    on: datetime.date
    value: Decimal
    note: str


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text of a cell that may have been guarded."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def write(measures: Iterable[Measure]) -> bytes:
    """All figures of a review as CSV in UTF-8, with the mark by which spreadsheets know it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for measure in measures:
        for entry in measure.figures:
            # A figure is a number of ours and never a formula; the rest is what people wrote.
            value = f"{entry.value:f}".rstrip("0").rstrip(".") if entry.value % 1 else f"{entry.value:.0f}"
            rows.writerow(
                (guarded(measure.id), guarded(measure.words), entry.on.isoformat(), value, guarded(entry.note))
            )
    return ("\ufeff" + out.getvalue()).encode()


def read(
    data: bytes,
    measures: Iterable[Measure],
    *,
    replace: bool,
    mends: Callable[[Result], bool],
    today: datetime.date | None = None,
) -> list[Entry]:
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
            self.names.setdefault(same(measure.words), []).append(measure.id)

    def read(self, data: bytes) -> list[Entry]:
        if len(data) > FILE_MAX:
            raise Refused([f"The file is larger than {FILE_MAX:,} bytes. Split it in two"])
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise Refused(
                [f"Line {line}: save the file as CSV in UTF-8. It holds letters in another encoding"]
            ) from error
        rows = self.rows(text)
        if not rows:
            raise Refused(["The file is empty. Its first line must name the columns: measure, date, figure, note"])
        columns = self.columns(*rows[0])
        entries = self.lines(columns, rows[1:]) if columns else []
        if self.errors:
            raise Refused(self.errors)
        return entries

    def rows(self, text: str) -> list[tuple[int, list[str]]]:
        """The rows that are not empty, each with the line it begins in."""
        numbered: list[tuple[int, list[str]]] = []
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    numbered.append((line, row))
                line = reader.line_num + 1
        except csv.Error as error:
            raise Refused([f"Line {line}: this is not CSV. Check its quotation marks"]) from error
        if len(numbered) > LINES_MAX + 1:
            raise Refused([f"The file has {counted(len(numbered) - 1, 'figure')}. Keep a file to {LINES_MAX:,}"])
        return numbered

    def columns(self, line: int, names: list[str]) -> dict[str, int]:
        """Where each column stands; nothing, with errors, when they are not those of such a file."""
        given = [same(name) for name in names]
        before = len(self.errors)
        for name in dict.fromkeys(given):
            if name not in COLUMNS:
                shown = name[:40] or "(empty)"
                self.error(line, f"the column “{shown}” is not known. Known are {', '.join(COLUMNS)}")
            elif given.count(name) > 1:
                self.error(line, f"the column “{name}” stands there twice")
        self.errors += [f"Line {line}: the column “{name}” is missing" for name in NEEDED if name not in given]
        return {} if len(self.errors) > before else {name: given.index(name) for name in given}

    def error(self, line: int, message: str) -> None:
        self.errors.append(f"Line {line}: {message}")

    def lines(self, columns: Mapping[str, int], rows: Sequence[tuple[int, list[str]]]) -> list[Entry]:
        entries: list[Entry] = []
        first: dict[tuple[str, datetime.date], int] = {}
        for number, row in rows:
            if len(row) > len(columns):
                known = counted(len(columns), "column")
                self.error(number, f"it has {counted(len(row), 'cell')}, and there are {known}")
                continue
            cells = {name: unguarded(row[at]).strip() if at < len(row) else "" for name, at in columns.items()}
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
        return entries

    def line(self, number: int, cells: Mapping[str, str]) -> Entry | None:
        """One row as a figure; None, with errors, when something in it cannot be right."""
        before = len(self.errors)
        measure = self.measure(number, cells["measure"])
        day = self.day(number, cells["date"])
        value = amount_in(cells["figure"])
        if value is None:
            self.error(number, "“figure” must be a number like 1150 or 82.5, with at most 2 decimals")
        note = cells.get("note", "")
        if len(note) > NOTE_MAX:
            self.error(number, f"“note” must have {NOTE_MAX} characters at most. It has {len(note):,}")
        if CONTROL.search(note) or "\n" in note:
            self.error(number, "“note” must be one line, without control characters")
        if len(self.errors) > before or day is None or value is None:
            return None
        if "note" not in cells and (there := self.there.get((measure, day))):
            # A file that says nothing of notes leaves them as they are.
            note = there.note
        return Entry(measure, day, value, note)

    def measure(self, number: int, text: str) -> str:
        if text in self.ids:
            return text
        named = self.names.get(same(text), [])
        shown = text[:60] or "(empty)"
        if not named:
            self.error(number, f"“measure” must be the id or the words of a measure of this {self.noun}, not “{shown}”")
        elif len(named) > 1:
            several = counted(len(named), "measure")
            self.error(number, f"“{shown}” is what {several} are called. Use the id: {' or '.join(named)}")
        return named[0] if named else ""

    def day(self, number: int, text: str) -> datetime.date | None:
        try:
            day = datetime.date.fromisoformat(text) if ISO.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            self.error(number, "“date” must be a date like 2027-03-31")
        elif wrong := day_fault(day, self.today):
            self.error(number, f"“date”: {wrong[0].lower()}{wrong[1:]}")
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


def same(text: str) -> str:
    """A text as it is compared: without capitals and idle spaces."""
    return re.sub(r"\s+", " ", text).strip().casefold()
