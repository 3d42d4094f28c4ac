"""Dates as people type and paste them: what is read, and which part of what is not is to be mended."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.dates import DateFault, date_of, read_date
from worksheets.fields import Case, Day, Scope


def wrong(day: str, month: str, year: str) -> tuple[str, str]:
    """Which box is to be mended, and what is said of it."""
    with pytest.raises(DateFault) as fault:
        date_of(day, month, year)
    return fault.value.part, str(fault.value)


@pytest.mark.parametrize("month", ["9", "09", "Sep", "Sept.", "sept", "SEPTEMBER", "September,", "9.", "\u200b9 "])
@pytest.mark.parametrize("day", ["1", "01", "1st", "1.", "1ST"])
def test_a_date_is_read_however_its_parts_are_written(day: str, month: str) -> None:
    assert date_of(day, month, "2026") == datetime.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("boxes", "part", "message"),
    [
        (("31", "3", "27"), "year", "Write the year with four digits, like 2027"),
        (("31", "3", "98"), "year", "Write the year with four digits, like 2098"),
        (("31", "3", "202"), "year", "Write the year with four digits, like 2027"),
        (("31", "", "2027"), "month", "Add the month, like 31 March 2027"),
        (("", "3", "2027"), "day", "Add the day, like 31 March 2027"),
        (("31", "3", ""), "year", "Add the year, like 31 March 2027"),
        (("31", "", ""), "month", "Add the month and the year, like 31 March 2027"),
        (("31", "6", "2027"), "day", "Enter a day from 1 to 30. There is no 31 June"),
        (("29", "Feb", "2027"), "day", "Enter a day from 1 to 28. There is no 29 February 2027"),
        (("0", "1", "2027"), "day", "Enter the day as a number from 1 to 31"),
        (("-1", "1", "2027"), "day", "Enter the day as a number from 1 to 31"),
        (("3", "31", "2027"), "month", "There is no month 31. Write the day first and then the month"),
        (("3", "Mai", "2027"), "month", "Enter the month as a number from 1 to 12 or as a name, like 3 or March"),
        (("3", "M", "2027"), "month", "Enter the month as a number from 1 to 12 or as a name, like 3 or March"),
        (("31", "3", "1999"), "year", "Enter a year from 2000 to 2100"),
        (("31", "3", "2101"), "year", "Enter a year from 2000 to 2100"),
    ],
)
def test_what_is_wrong_is_said_of_the_part_that_is(boxes: Any, part: str, message: str) -> None:
    assert wrong(*boxes) == (part, message)


WHOLE = [
    "31/03/2027",
    "31.3.27",
    "31-3-2027",
    "2027-03-31",
    "31 March 2027",
    "31st of March, 2027",
    "Wed 31 March 2027",
    "Wednesday, 31 Mar. 2027",
    "31 Mar '27",
    "March 31, 2027",
    "31-Mar-27",
    "31\u00a0March\u20092027",
    "31\u201103\u20112027",
    "３１/０３/２０２７",
    "2027-03-31T00:00:00",
    "31/03/2027 00:00",
    "31/03/2027 10:30 AM",
    "31/3/27, 9.30 a.m.",
    "31/03/2027 at 10:30",
    "2027-03-31T10:30:00Z",
    "2027-03-31T10:30:00.000+01:00",
    "Wed, 31 Mar 2027 10:30:00 +0100",
    "Weds 31 March 2027",
    "31March2027",
    "31Mar27",
    "31/03/2027;",
    '"31/03/2027"',
    "“31/03/2027”",
    "31_03_2027",
    "31·03·2027",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_date_in_one_piece_is_read_day_first(text: str) -> None:
    assert read_date(text) == datetime.date(2027, 3, 31)


@pytest.mark.parametrize("text", WHOLE)
@pytest.mark.parametrize("box", [0, 1, 2])
def test_a_date_pasted_into_one_box_is_read_too(text: str, box: int) -> None:
    boxes = ["", "", ""]
    boxes[box] = text
    day, month, year = boxes
    assert date_of(day, month, year) == datetime.date(2027, 3, 31)


def test_a_day_and_its_month_in_one_box_go_with_the_year_in_another() -> None:
    assert date_of("31 March", "", "2027") == datetime.date(2027, 3, 31)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("06/30/2026", "There is no month 30. Write the day first and then the month"),
        ("31/06/2027", "Enter a day from 1 to 30. There is no 31 June"),
        ("31 March", "Add the year, like 31 March 2027"),
        ("March 2027", "Add the day, like 31 March 2027"),
        ("31/3/1926", "Enter a year from 2000 to 2100"),
        ("Tue 31 March 2027", "Check the day of the week: 31 March 2027 is a Wednesday"),
        ("46112", "Enter a date like 31 March 2027 or 31/03/2027"),
        ("next week", "Enter a date like 31 March 2027 or 31/03/2027"),
        ("", "Enter a date like 31 March 2027 or 31/03/2027"),
    ],
)
def test_a_text_that_is_no_date_is_told_what_to_do(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read_date(text)


def test_what_is_said_of_a_date_in_one_box_goes_to_that_box() -> None:
    assert wrong("31/13/2027", "", "")[0] == "day"
    assert wrong("", "", "31/03")[0] == "year"
    assert wrong("31/03/2027", "3", "2027") == ("day", "Enter a date like 31 March 2027 or 31/03/2027")


@given(st.text(max_size=40))
def test_no_text_in_a_date_is_ever_a_crash(text: str) -> None:
    for read in (lambda: read_date(text), lambda: date_of(text, text, text), lambda: date_of(text, "3", "2027")):
        try:
            assert 2000 <= read().year <= 2100
        except DateFault as fault:
            assert str(fault)  # noqa: PT017 - either is right


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)))
def test_every_date_is_read_as_it_is_spoken_and_as_it_is_kept(day: datetime.date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day:%a %d %b %Y}"):
        assert read_date(text) == day


def test_a_file_names_the_whole_date_that_is_wrong() -> None:
    kind = Day("When?")
    for text in ("2027-02-29", "1999-01-01", "2027-13-01"):
        case = Case(Scope())
        kind.settle(kind.from_json(text, ("smart", 1, "due"), case), ("smart", 1, "due"), case)
        assert [fault.place for fault in case.faults] == ["smart[1].due"], json.dumps(text)
