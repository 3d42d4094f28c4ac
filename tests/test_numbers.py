"""Numbers as people type or paste them: read as the number they are, or not at all."""

from __future__ import annotations

from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.numbers import read_number

# Every sign, separator and unit that people put into numbers, digits, and what they may slip in among them.
PIECES = st.text(st.sampled_from("0123456789.,+-−–£% \u00a0\u2009\u202f\te٣"), max_size=12)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("82", "82"),
        ("007", "7"),
        ("  82\u00a0", "82"),
        ("31.00", "31"),
        ("7.5", "7.5"),
        (".5", "0.5"),
        ("+5", "5"),
        ("-3.25", "-3.25"),
        ("−2", "-2"),
        ("–2", "-2"),
        ("‑2", "-2"),
        ("8\u200b2", "82"),
        ("\u202d+44", "44"),
        ("-0.00", "0"),
        ("1,640", "1640"),
        ("12,345.6", "12345.6"),
        ("1,150,000", "1150000"),
        ("1 640", "1640"),
        ("1\u00a0640", "1640"),
        ("12\u2009345\u2009678.9", "12345678.9"),
        ("1\u202f640", "1640"),
    ],
)
def test_a_number_is_read_as_what_it_is(typed: str, number: str) -> None:
    assert read_number(typed, places=2) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    ["", " ", ".", "-", ",", "7 5", "12%3", "1,23", "1,2345", "12,5", "0,100", ",500", "1,,000", "1,000,", "1640,000",
     "1 23", "1 2345", "1  640", "1\t640", "1\n640", "1,000 000", "5.", "1.2.3", "1.000.000", "--5", "+-5", "5-", "- 5",
     "(5)", "1e5", "0x1f", "1_000", "NaN", "sNaN", "Infinity", "٣", "１２", "½", "5 people", "1.234",
     "9" * 41],
)  # fmt: skip
def test_what_could_be_meant_otherwise_is_no_number(typed: str) -> None:
    assert read_number(typed, places=2, units="£%") is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [("£2,000", "2000"), ("£ 5", "5"), ("-£5.50", "-5.5"), ("82%", "82"), ("38 %", "38"), ("−2.5\u00a0%", "-2.5")],
)
def test_a_unit_may_stand_with_a_number_where_it_is_allowed(typed: str, number: str) -> None:
    assert read_number(typed, places=2, units="£%") == Decimal(number)
    assert read_number(typed, places=2) is None
    assert read_number(typed, places=2, units="%" if "£" in typed else "£") is None


@pytest.mark.parametrize("typed", ["£5%", "5£", "%5", "££5", "5%%", "£", "%", "£%", "£-5"])
def test_a_unit_that_stands_elsewhere_is_refused(typed: str) -> None:
    assert read_number(typed, places=2, units="£%") is None


def test_no_more_places_are_read_than_are_asked_for() -> None:
    assert [read_number(typed, places=0) for typed in ("5.0", "5.5")] == [5, None]
    assert [read_number(typed, places=1) for typed in ("5.50", "5.55")] == [Decimal("5.5"), None]


@pytest.mark.parametrize(("start", "more"), [("9", "9"), ("1", ",000"), ("1", " 000"), ("0.", "0"), ("5", " ")])
def test_no_length_is_slow(start: str, more: str) -> None:
    began = perf_counter()
    assert read_number(start + more * 500_000 + "x", places=2) is None
    assert perf_counter() - began < 1


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["", ",", " ", "\u00a0", "\u202f"]))
def test_a_number_comes_back_however_its_thousands_are_parted(number: Decimal, parted: str) -> None:
    assert read_number(f"{number:,f}".replace(",", parted), places=2) == number


@given(PIECES)
def test_no_digit_is_ever_lost_or_found(typed: str) -> None:
    number = read_number(typed, places=12, units="£%")
    assert number is None or Decimal("".join(sign for sign in typed if sign in "0123456789.")) == abs(number)
