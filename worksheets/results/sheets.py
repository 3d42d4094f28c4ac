"""Files of rows as spreadsheets write them, read as rows of text: CSV in all its ways, and Excel workbooks."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from worksheets.cleaning import alike, clean, one_line
from worksheets.decoding import decoded
from worksheets.words import listed

FILE_MAX = 1_000_000
# What an Excel workbook may unfold to: a small file can hold very much of the same.
UNFOLDED_MAX = 30_000_000
# More than any sheet of figures has, empty ones among them.
ROWS_MAX, COLUMNS_MAX = 50_000, 50
EXCEL, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula. An apostrophe before it makes it text, and so does one more
# before an apostrophe that already stands there: what goes out comes in again as it was.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
SEPARATORS = ",;\t|"
# Where Excel says on the first line which separator it means.
SAID = re.compile(r"(\"?)sep=(.)\1(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# How far down the names of the columns may stand, below a title.
HEAD_WITHIN = 10
# A sheet that names so many columns holds figures: of what, on which day, how much.
ENOUGH = 3
# How many decimals a cell shows, where its format says so: "0.00", "#,##0", "0%".
PLACES = re.compile(r"0(?:\.(0+))?")
# A row by the number of the line that it begins in.
Numbered = tuple[int, list[str]]
# What goes out in a cell; None for an empty one.
Cell = str | int | Decimal | datetime.date | None


class Refused(Exception):
    """The file cannot be taken; `errors` names every reason, with its line. Nothing of it is stored."""

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(self.errors))


def rows_of(data: bytes, known: Collection[str]) -> list[Numbered]:
    """The rows of a file that are not empty, each with the line it begins in, and each cell as text without what nobody
    sees. Refused when the file is of no kind that is read here.

    `known` are the names of columns: by them the separator, the sheet of a workbook, and the row that names the columns
    are found. What stands above that, such as a title, is left out.
    """
    if len(data) > FILE_MAX:
        raise Refused([f"The file is larger than {FILE_MAX:,} bytes. Split it in two"])
    if data.startswith(OLD_EXCEL):
        raise Refused(["This is an Excel file of the old kind (.xls). Save it as .xlsx or as CSV, and send that"])
    rows = _excel(data, known) if data.startswith(EXCEL) else _csv(data, known)
    cells = ((line, [clean(cell) for cell in row]) for line, row in rows)
    filled = [(line, row) for line, row in cells if any(row)]
    return filled[_head([row for _, row in filled], known) :]


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
        text = decoded(data, older="cp1252")
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
        writer.writerow([guarded(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


# Excel.


def _excel(data: bytes, known: Collection[str]) -> list[Numbered]:
    """The rows of the sheet that knows most of the names. Refused when another has figures as well."""
    unreadable = Refused(["This file could not be read. Save it as .xlsx or as CSV, and send that"])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNFOLDED_MAX:
                raise Refused(["There is too much in this file. Keep only the sheet with the figures"])
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {sheet.title: _sheet(sheet) for sheet in book.worksheets}
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
    several = [f"“{one_line(title)}”" for title, number in knows.items() if number >= ENOUGH]
    if len(several) > 1:
        raise Refused([f"There are figures on the sheets {listed(several)}. Put them on one, and take out the others"])
    return sheets[best]


def _sheet(sheet: Any) -> list[Numbered]:
    # What a file says of its own size is not to be trusted, and may be all that a sheet can have.
    sheet.reset_dimensions()
    rows = []
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX), 1):
        shown = [_shown(cell) for cell in row]
        if any(shown):
            rows.append((number, shown))
        if number > ROWS_MAX:
            raise Refused([f"The file has more than {ROWS_MAX:,} lines. Take out those below the figures"])
    return rows


def _shown(cell: Any) -> str:
    """What a cell of a sheet says, as whoever looks at the sheet reads it; a date as 2027-03-31."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    form = str(cell.number_format or "")
    number = Decimal(repr(value))
    if "%" in form:
        number *= 100
    if form != "General" and (places := PLACES.search(form)):
        number = round(number, len(places[1] or ""))
    text = f"{number:f}"
    return f"{text}%" if "%" in form else text


def as_excel(title: str, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> bytes:
    """Rows as an Excel workbook with one sheet: the first is its head. Texts stay texts, whatever they begin with."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "Figures"
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if isinstance(value, str):
                cell.value = one_line(value)
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
            if isinstance(value, datetime.date):
                cell.number_format = "dd/mm/yyyy"
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
