"""Files of rows as spreadsheets write them, read as rows of text: CSV in all its ways, and Excel workbooks."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import is_
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from worksheets.cleaning import alike, clean, one_line
from worksheets.decoding import decoded
from worksheets.words import listed

FILE_MAX = 1_000_000
# What an Excel workbook may unfold to: a small file can hold very much of the same.
UNFOLDED_MAX = 30_000_000
# Each mark in it takes time, and those of styles take memory: so many in the rows of all sheets, and in all else.
MARKS_MAX, STYLES_MAX = 1_500_000, 150_000
# More than any sheet of figures has, and as many as any sheet can have, empty ones among them.
ROWS_MAX, COLUMNS_MAX, LAST_ROW = 50_000, 50, 1_048_576
EXCEL, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a workbook that asks for a password holds: it comes in a file of the old kind.
LOCKED = "EncryptedPackage".encode("utf-16-le")
SHEETS = "xl/worksheets/"
NOTHING = (EMPTY_CELL,) * COLUMNS_MAX
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula. An apostrophe before it makes it text, and so does one more
# before an apostrophe that already stands there: what goes out comes in again as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
# The most letters that a cell of Excel can hold.
LONGEST = 32_767
SEPARATORS = ",;\t|"
# Where Excel says on the first line which separator it means.
SAID = re.compile(r"(\"?)sep=(.)\1(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# How far down the names of the columns may stand, below a title.
HEAD_WITHIN = 10
# A sheet that names so many columns holds figures: of what, on which day, how much.
ENOUGH = 3
# How many decimals a cell shows, where its format says so: "0.00", "#,##0", "0%".
PLACES = re.compile(r"0(?:\.(0+))?")
# What stands in the format of a cell as it is, and what it is to look like: neither says how its number is reckoned.
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# A row by the number of the line that it begins in.
Numbered = tuple[int, list[str]]
# What goes out in a cell; None for an empty one.
Cell = str | int | Decimal | datetime.date | None


class Refused(Exception):
    """The file cannot be taken; `errors` names every reason, with its line. Nothing of it is stored."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(self.errors))


@dataclass(frozen=True)
class Read:
    """A file as rows that are not empty, each with the line it begins in, and each cell as text without what nobody
    sees: those from the names of the columns on, and those above, such as a title.

    `rounded` are the lines and places of cells that hold more decimals than they show.
    """

    above: Sequence[Numbered]
    rows: Sequence[Numbered]
    rounded: Collection[tuple[int, int]] = ()


def read(data: bytes, known: Collection[str]) -> Read:
    """What a file holds. Refused when it is of no kind that is read here.

    `known` are the names of columns: by them the separator, the sheet of a workbook, and the row that names the columns
    are found.
    """
    if len(data) > FILE_MAX:
        raise Refused([f"The file is larger than {FILE_MAX:,} bytes. Split it in two"])
    if data.startswith(OLD_EXCEL):
        if LOCKED in data:
            raise Refused(["This file asks for a password. Save it without one, and send that"])
        raise Refused(["This is an Excel file of the old kind (.xls). Save it as .xlsx or as CSV, and send that"])
    rounded: set[tuple[int, int]] = set()
    rows = _excel(data, known, rounded) if data.startswith(EXCEL) else _csv(data, known)
    cells = ((line, [clean(cell) for cell in row]) for line, row in rows)
    filled = [(line, row) for line, row in cells if any(row)]
    head = _head([row for _, row in filled], known)
    return Read(filled[:head], filled[head:], rounded)


def _head(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Which row names the columns: the first, unless a later one knows more of them."""
    near = range(len(rows[:HEAD_WITHIN]))
    return max(near, key=lambda n: _known(rows[n], known), default=0)


def _known(names: Iterable[str], columns: Collection[str]) -> int:
    """How many of the columns are named."""
    return len({alike(name) for name in names} & set(columns))


# CSV.


def guarded(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text of a cell that may have been guarded."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _csv(data: bytes, known: Collection[str]) -> list[Numbered]:
    try:
        text = decoded(data, older=("cp1252", "mac_roman"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused([f"Line {line}: save the file as “CSV UTF-8”. It holds letters in another encoding"]) from error
    said = SAID.match(text)
    if said:
        return list(_lines(text[said.end() :], said[2], first=2))
    top = [line for line in text.splitlines()[: 4 * HEAD_WITHIN] if line.strip(SEPARATORS + ' "')][:HEAD_WITHIN]

    def knows(separator: str) -> int:
        return max((_known([name.strip(' "') for name in line.split(separator)], known) for line in top), default=0)

    # The separator by which most columns are known; a comma where no other does better.
    separator = max(SEPARATORS, key=knows)
    return list(_lines(text, separator, first=1))


def _lines(text: str, separator: str, first: int) -> Iterator[Numbered]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first
    try:
        for row in reader:
            yield line, [unguarded(cell) for cell in row]
            line = reader.line_num + first
    except csv.Error as error:
        raise Refused([f"Line {line}: this is not CSV. Check its quotation marks"]) from error


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as CSV in UTF-8, with the mark by which spreadsheets know it. Dates are written as 2027-03-31."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        # A number is one of ours and never a formula; the rest is what people wrote.
        writer.writerow(
            [guarded(clean(cell)) if isinstance(cell, str) else "" if cell is None else cell for cell in row]
        )
    return ("\ufeff" + out.getvalue()).encode()


# Excel.


def _excel(data: bytes, known: Collection[str], rounded: set[tuple[int, int]]) -> list[Numbered]:
    """The rows of the sheet that knows most of the names. Refused when another has figures as well.

    The cells that hold more decimals than they show are put into `rounded`.
    """
    unreadable = Refused(["This file could not be read. Save it as .xlsx or as CSV, and send that"])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            reckons = _weighed(parts)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        told = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if reckons else None
        sheets, more, hidden = {}, {}, set()
        for sheet in book.worksheets:
            sheets[sheet.title], more[sheet.title] = _sheet(sheet, told[sheet.title] if told else None)
            if sheet.sheet_state != "visible":
                hidden.add(sheet.title)
    except Refused:
        raise
    except Exception as error:
        # openpyxl trusts what it is given: any error at all may come of an archive that only looks like a workbook.
        raise unreadable from error
    if not sheets:
        raise unreadable
    knows = {}
    for title, numbered in sheets.items():
        rows = [row for _, row in numbered]
        head = _head(rows, known)
        # A sheet with the names alone has nothing to be taken.
        knows[title] = _known(rows[head], known) if len(rows) > head + 1 else 0
    best = max(knows, key=lambda title: knows[title])
    several = [
        f"“{one_line(title)}”{' (hidden)' if title in hidden else ''}"
        for title, number in knows.items()
        if number >= ENOUGH
    ]
    if len(several) > 1:
        raise Refused([f"There are figures on the sheets {listed(several)}. Put them on one, and take out the others"])
    rounded |= more[best]
    return sheets[best]


def _weighed(parts: zipfile.ZipFile) -> bool:
    """Whether a workbook reckons. Refused when there is more in it than can be read in a few seconds."""
    reckons, rows, rest = False, 0, 0
    too_much = sum(part.file_size for part in parts.infolist()) > UNFOLDED_MAX
    for name in [] if too_much else parts.namelist():
        if name.endswith((".xml", ".rels")):
            xml = parts.read(name)
            marks = xml.count(b"<")
            if name.startswith(SHEETS):
                reckons = reckons or b"<f" in xml
            if name.startswith((SHEETS, "xl/sharedStrings")):
                rows += marks
            else:
                rest += marks
    if too_much or rows > MARKS_MAX or rest > STYLES_MAX:
        raise Refused(["There is too much in this file. Copy the figures to a new file, and send that"])
    return reckons


def _sheet(sheet: Any, told: Any) -> tuple[list[Numbered], set[tuple[int, int]]]:
    """The rows of a sheet, and which cells hold more than they show. `told` is the same sheet with its formulas."""
    # What a file says of its own size is not to be trusted, and may be all that a sheet can have.
    sheet.reset_dimensions()
    rows: list[Numbered] = []
    more: set[tuple[int, int]] = set()
    if told:
        told.reset_dimensions()
    formulas = told.iter_rows(max_col=COLUMNS_MAX) if told else itertools.repeat(())
    for number, (row, asked) in enumerate(zip(sheet.iter_rows(max_col=COLUMNS_MAX), formulas, strict=False), 1):
        if number > LAST_ROW or len(rows) > ROWS_MAX:
            raise Refused([f"The file has more than {ROWS_MAX:,} lines. Take out those below the figures"])
        if all(map(is_, row, NOTHING)):
            continue
        shown = [_shown(cell) for cell in row]
        for at, cell in enumerate(asked):
            # A formula whose result was not saved says so; one whose result is nothing has a text of no letters.
            if cell.data_type == "f" and not shown[at] and row[at].data_type != "str":
                shown[at] = _formula(cell.value)
        if any(shown):
            rows.append((number, shown))
            more |= {(number, at) for at, cell in enumerate(row) if _more(cell, shown[at])}
    return rows, more


def _formula(value: Any) -> str:
    """A formula as it stands in its cell."""
    text = value if isinstance(value, str) else getattr(value, "text", None)
    return text if isinstance(text, str) and text.startswith("=") else "=…"


def _more(cell: Any, shown: str) -> bool:
    """Whether a cell holds another number than it shows, however little."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    number, per_cent = Decimal(shown.rstrip("%")), shown.endswith("%")
    # A spreadsheet keeps fifteen digits: what is behind them is no more than its way to reckon.
    return float(f"{value * 100 if per_cent else value:.15g}") != float(number)


def _shown(cell: Any) -> str:
    """What a cell of a sheet says, as whoever looks at the sheet reads it; a date as 2027-03-31."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    form = LITERAL.sub("", str(cell.number_format or ""))
    number = Decimal(f"{value:.15g}")
    if "%" in form:
        number *= 100
    if form != "General" and (places := PLACES.search(form)):
        number = number.quantize(Decimal(1).scaleb(-len(places[1] or "")), ROUND_HALF_UP)
    text = f"{number:f}"
    return f"{text}%" if "%" in form else text


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written: its title, its rows, of which the first is the head, and the widths of its columns."""

    title: str
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int]


def as_excel(title: str, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> bytes:
    """Rows as an Excel workbook with one sheet: the first is its head. Texts stay texts, whatever they begin with."""
    return as_book([Sheet(title, rows, widths)])


def as_book(sheets: Iterable[Sheet]) -> bytes:
    """Sheets as one Excel workbook, in which dates are dates, numbers are numbers and texts are texts."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        write(book.create_sheet(named(sheet.title, book.sheetnames)), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def named(title: str, taken: Collection[str]) -> str:
    """A title as a sheet may have it: without what Excel forbids, at most 31 letters, and like no other."""
    name = re.sub(r"[\[\]:*?/\\]", " ", one_line(title))[:31].strip("' ") or "Figures"
    number, stem = 1, name
    while alike(name) in map(alike, taken):
        number += 1
        name = f"{stem[:27]} {number}"
    return name


def write(made: Any, sheet: Sheet) -> None:
    """Fill an empty sheet: its head in bold and frozen, with filters, and long texts in several lines."""
    last = 1
    for number, row in enumerate(sheet.rows, 1):
        last = number
        for column, value in enumerate(row, 1):
            cell = made.cell(number, column)
            if isinstance(value, str):
                cell.value = one_line(value)[:LONGEST]
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
            if isinstance(value, datetime.date):
                cell.number_format = "dd/mm/yyyy"
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(sheet.widths, 1):
        made.column_dimensions[get_column_letter(column)].width = width
    made.freeze_panes = "A2"
    if sheet.widths:
        made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.widths))}{last}"
