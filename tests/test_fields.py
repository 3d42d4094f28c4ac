"""The kinds of question: what each takes, what it refuses and in which words, and what it stores."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from worksheets.fields import (
    Agreed,
    Case,
    Choice,
    Choices,
    Day,
    Drafted,
    Hours,
    Kind,
    Line,
    Neighbour,
    Number,
    Platform,
    Platforms,
    PlatformUse,
    Reference,
    References,
    RowForm,
    Rows,
    RowsFor,
    RowsOf,
    Scope,
    Select,
    Taken,
    Text,
    spoken_date,
    spoken_hours,
    spoken_number,
    text,
)

AIMS = RowsOf("drivers", "aims", "aims", words="statement", noun="aim")
SCOPE = Scope(
    answers={"drivers": {"aims": {"aims": [{"id": "aim-a", "statement": "Answer parents"}, {"id": "aim-b"}]}}},
    platforms={"facebook": "Facebook", "x": "X"},
    retired={"bebo": "Bebo"},
)


class Row(RowForm):
    name = Text("Name", needed=True, ask="Enter the name")
    hours = Hours("Hours")
    aims = References("Aims", AIMS)


class RowOfAim(RowForm):
    note = Text("Note", needed=True)


def table(**options: Any) -> Rows:
    return Rows("Things", Row, noun="thing", words="name", **{"most": 3, **options})


def settled(kind: Kind, raw: Any, *, draft: bool = True, mentioned: Any = None) -> tuple[Any, dict[str, str]]:
    """What a field makes of a raw answer, and its messages by the id of the element they are about."""
    case = Case(SCOPE, draft, typed=True, mentioned=mentioned or {})
    return kind.settle(raw, ("it",), case), case.messages


def from_file(kind: Kind, plain: Any) -> tuple[Any, list[str]]:
    """What a field makes of JSON from outside, and its errors as the importer prints them."""
    case = Case(SCOPE)
    value = kind.settle(kind.from_json(plain, ("it",), case), ("it",), case)
    return value, [f"{fault.place}: {fault.message}" for fault in case.faults]


def posted(text: str) -> QueryDict:
    return QueryDict(text)


def posted_as(text: str) -> QueryDict:
    """A form with that text as the answer to "why"."""
    data = QueryDict(mutable=True)
    data["why"] = text
    return data


# Texts.


@pytest.mark.parametrize("text", ["é" * 2_000, "a\nb", "👩‍👩‍👧", "﷽"])
def test_a_text_of_2000_characters_with_line_breaks_is_kept(text: str) -> None:
    assert settled(Text("Why?"), text) == (text, {})


def test_a_longer_text_is_told_by_how_much_to_shorten_it() -> None:
    _, messages = settled(Text("Why?"), "x" * 3_250)
    assert messages == {"it": "Shorten this to 2,000 characters or fewer. It is 1,250 too long"}


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x9f", "\ud800", "\u200b", "\u00ad"])
@pytest.mark.parametrize("text", ["a{}b", "{}ab", "ab{}"])
def test_what_nobody_sees_is_no_part_of_a_text(character: str, text: str) -> None:
    assert settled(Text("Why?"), text.format(character)) == ("ab", {})
    assert settled(Text("Why?", needed=True, ask="Say why"), character * 3, draft=False) == (None, {"it": "Say why"})


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r"])
def test_breaks_within_a_paragraph_are_line_breaks_and_spaces_in_a_line(mark: str) -> None:
    assert settled(Text("Why?"), f"a{mark}b") == ("a\nb", {})
    assert settled(Line("Name", most=9), f"a{mark}b") == ("a b", {})


def test_the_length_of_a_text_is_counted_without_what_nobody_sees() -> None:
    assert settled(Text("Why?"), "\u200bx" * 2_000) == ("x" * 2_000, {})
    assert settled(Line("Name", most=3), " a\u00ad \u00a0b ") == ("a b", {})


def test_what_a_browser_adds_to_a_text_is_taken_away() -> None:
    data = posted("why=++one%0D%0Atwo%09three%0D%0A%0D%0A")
    assert settled(Text("Why?"), Text("Why?").from_post(data, "why")) == ("one\ntwo three", {})


def test_a_text_from_a_file_is_cleaned_like_one_from_a_page() -> None:
    text = "\u200ba\tb\u2028c\x00"
    assert from_file(Text("Why?"), text) == ("a b\nc", [])
    assert settled(Text("Why?"), Text("Why?").from_post(posted_as(text), "why")) == ("a b\nc", {})


@pytest.mark.parametrize("wrong", [1, None, True, [], {}])
def test_a_text_from_a_file_must_be_text(wrong: Any) -> None:
    assert from_file(Text("Why?"), wrong) == (None, ["it: must be text"])


def test_only_a_finished_worksheet_needs_its_needed_answers() -> None:
    kind = Text("Why?", needed=True, ask="Say why")
    assert settled(kind, "  ") == (None, {})
    assert settled(kind, "  ", draft=False) == (None, {"it": "Say why"})


# Numbers.


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("0", 0),
        ("168", 168),
        ("7.5", 7.5),
        ("7.50", 7.5),
        ("0.01", 0.01),
        (" 12 ", 12),
        (".5", 0.5),
        ("+7.5", 7.5),
        ("-0", 0),
    ],
)
def test_hours_are_from_0_to_168_with_two_decimals(raw: str, stored: float) -> None:
    value, messages = settled(Hours("Hours"), raw)
    assert (value, messages) == (stored, {})
    assert type(value) is type(stored)


@pytest.mark.parametrize(
    "raw",
    [
        "-1",
        "-0.01",
        "168.01",
        "7.555",
        "seven",
        "1e999999",
        "1e-9",
        "NaN",
        "sNaN",
        "Infinity",
        "9" * 31,
        "1/2",
        "7,5",
        "1,0",
        "1,2345",
        "0,100",
        ",5",
        "7 5",
        "7.5.",
        "1e2",
        "--5",
        "5-",
        "٣",
        "7.5 hours",
        "12%",
        "£7",
    ],
)
def test_other_hours_are_refused_with_an_example(raw: str) -> None:
    value, messages = settled(Hours("Hours"), raw)
    assert value is None
    assert messages == {"it": "Enter “Hours” as a number from 0 to 168 with at most 2 decimals, like 7.5"}


@pytest.mark.parametrize(
    ("raw", "stored"),
    [("0", 0), ("1,000,000,000", 10**9), ("5.0", 5), ("250", 250), ("1 200", 1200), ("1\u202f200", 1200)],
)
def test_other_numbers_are_whole_from_0_to_a_thousand_million(raw: str, stored: int) -> None:
    assert settled(Number("People"), raw) == (stored, {})


@pytest.mark.parametrize("raw", ["-5", "1000000001", "2.5", "9" * 40, "1 20", "£250", "5%", "many"])
def test_other_than_whole_numbers_are_refused(raw: str) -> None:
    assert settled(Number("People"), raw) == (
        None,
        {"it": "Enter “People” as a whole number from 0 to 1,000,000,000"},
    )


def test_a_unit_that_stands_beside_the_box_may_be_typed_too() -> None:
    assert settled(Number("Adverts", before="£"), "£1,800") == (1800, {})
    assert settled(Number("Adverts", before="£"), "£18 00")[0] is None
    assert settled(Number("Share", unit="%"), "82 %") == (82, {})
    assert settled(Number("Share", unit="%"), "£82")[0] is None


def test_one_of_anything_is_not_told_in_the_plural() -> None:
    assert Number("Busy weeks", unit="weeks").words(1, SCOPE) == ("1 week",)
    assert Number("Busy weeks", unit="weeks").words(2, SCOPE) == ("2 weeks",)
    assert Hours("Hours").words(1, SCOPE) == ("1 hour a week",)
    assert Number("Posts", unit="a week").words(1, SCOPE) == ("1 a week",)
    assert settled(Number("Score", places=1), "7.55")[1]["it"].endswith("with at most 1 decimal, like 7.5")


@pytest.mark.parametrize("wrong", ["5", True, None, [5], {}, float("nan"), float("inf"), 10**400, 1e22, 0.1 + 0.2])
def test_a_number_from_a_file_must_be_a_number_that_fits(wrong: Any) -> None:
    value, errors = from_file(Hours("Hours"), wrong)
    assert value is None
    assert len(errors) == 1
    assert errors[0].startswith("it: ")


@given(st.text(max_size=40) | st.decimals().map(str) | st.floats().map(repr))
def test_no_text_in_a_number_is_ever_a_crash(raw: str) -> None:
    value, messages = settled(Hours("Hours"), raw)
    assert value is None or (0 <= value <= 168 and round(value, 2) == value and not messages)


# Dates.


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (("31", "3", "2027"), "2027-03-31"),
        (("1", "March", "2027"), "2027-03-01"),
        (("29", "feb", "2028"), "2028-02-29"),
    ],
)
def test_a_date_is_kept_as_iso_text(raw: tuple[str, str, str], stored: str) -> None:
    assert settled(Day("When?", short="Due"), raw) == (stored, {})


@pytest.mark.parametrize(
    "raw",
    [("31", "2", "2027"), ("29", "2", "2027"), ("0", "1", "2027"), ("1", "13", "2027"), ("1", "1", "27"),
     ("1", "1", ""),
     ("", "", "2027"), ("a", "b", "c"), ("1", "1", "0999"), ("1", "1", "3000"), ("-1", "1", "2027"),
     ("1", "1", "２０２")],
)  # fmt: skip
def test_a_day_that_is_not_in_the_calendar_is_refused(raw: tuple[str, str, str]) -> None:
    value, messages = settled(Day("When?", short="Due"), raw)
    assert value is None
    assert len(messages) == 1
    assert set(messages) <= {"it", "it-month", "it-year"}


@pytest.mark.parametrize(
    "wrong", ["2027-02-31", "2027-3-1", "31/03/2027", "", 20270331, None, "2027-03-31T00:00", "0001-01-01"]
)
def test_a_date_from_a_file_must_be_an_iso_date(wrong: Any) -> None:
    value, errors = from_file(Day("When?"), wrong)
    assert value is None
    assert len(errors) == 1


def test_words_for_dates_hours_and_numbers() -> None:
    assert spoken_date("2027-03-03") == "3 March 2027"
    assert [spoken_hours(n) for n in (0, 1, 7.5, 1150)] == ["0 hours", "1 hour", "7.5 hours", "1,150 hours"]
    assert [spoken_number(n) for n in (0.25, 2.0, 11800)] == ["0.25", "2", "11,800"]
    assert [spoken_number(Decimal(n)) for n in ("1250.00", "-0.50", "0.125", "1E+3")] == [
        "1,250",
        "-0.5",
        "0.125",
        "1,000",
    ]


def test_pages_write_dates_and_numbers_in_the_same_words() -> None:
    template = engines["jinja2"].from_string(
        "{{ day | date }}, {{ at | date }}, {{ much | number }}, {{ none | date }}{{ none | number }}."
    )
    given = {"day": "2027-03-03", "at": "2027-03-03T23:30:00Z", "much": 1250.5, "none": None}
    assert template.render(given) == "3 March 2027, 3 March 2027, 1,250.5, ."


# Choices.


def test_a_choice_that_is_not_offered_is_refused() -> None:
    kind = Choice("Level", {"high": "High", "low": "Low"})
    assert settled(kind, "high") == ("high", {})
    assert settled(kind, "<b>")[1] == {"it": "Choose from the list. What was chosen is not in it any more"}
    for wrong in ("middle", 1, None, True, ["high"], {}):
        assert from_file(kind, wrong) == (None, ["it: must be one of high, low"])


def test_ticks_are_stored_in_the_order_of_the_list() -> None:
    kind = Choices("Which?", {"a": "A", "b": "B", "c": "C"})
    assert settled(kind, ["c", "a", "c"]) == (["a", "c"], {})
    assert settled(kind, ["c", "d"])[1] == {"it": "Choose from the list. What was chosen is not in it any more"}


def test_a_list_from_a_file_names_each_wrong_entry() -> None:
    kind = Choices("Which?", {"a": "A", "b": "B"})
    assert from_file(kind, ["a", "z", 3, ["a"], {}])[1] == [f"it[{n}]: must be one of a, b" for n in (1, 2, 3, 4)]
    assert from_file(kind, ["a", "a"])[1] == ["it: must not name the same twice"]
    assert from_file(kind, "a")[1] == ["it: must be a list"]


def test_a_retired_platform_stays_where_it_was_chosen_and_is_not_offered_anew() -> None:
    kind = Platform("Platform")
    assert kind.offered([], SCOPE) == {"facebook": "Facebook", "x": "X"}
    assert kind.offered(["bebo"], SCOPE) == {"facebook": "Facebook", "x": "X", "bebo": "Bebo"}
    assert settled(kind, "bebo") == ("bebo", {})
    assert kind.words("bebo", SCOPE) == ("Bebo",)
    assert Platforms("Which?").offered(["bebo"], SCOPE)["bebo"] == "Bebo"
    assert settled(kind, "orkut")[0] is None


def test_platform_use_takes_only_known_platforms_and_frequencies() -> None:
    kind = PlatformUse("How often?")
    assert settled(kind, {"x": "weekly", "facebook": "daily"}) == ({"facebook": "daily", "x": "weekly"}, {})
    assert settled(kind, {"orkut": "daily"})[1]
    assert settled(kind, {"x": "hourly"})[1]
    assert from_file(kind, {"orkut": "daily", "x": 3, "facebook": None})[1] == [
        "it.orkut: is no platform. Known are facebook, x",
        "it.x: must be one of daily, weekly, sometimes, yes",
        "it.facebook: must be one of daily, weekly, sometimes, yes",
    ]
    assert from_file(kind, [])[1] == ["it: must be an object of platforms"]


# References.


def test_references_are_offered_in_the_words_of_their_rows() -> None:
    assert Reference("Aim", AIMS).options(SCOPE) == {"aim-a": "Answer parents", "aim-b": "Aim 2"}


def test_a_reference_to_a_row_that_is_gone_asks_for_another() -> None:
    message = "Choose another aim. The one chosen here has been removed"
    assert settled(Reference("Aim", AIMS), "aim-z") == (None, {"it": message})
    assert settled(References("Aims", AIMS), ["aim-a", "aim-z"])[1] == {"it": message}
    assert from_file(References("Aims", AIMS), ["aim-z"])[1] == [
        "it[0]: must be the id of one of the rows in drivers.aims"
    ]


def test_references_are_dropped_when_read_and_follow_the_order_of_their_rows() -> None:
    assert Reference("Aim", AIMS).prune("aim-z", SCOPE) is None
    assert References("Aims", AIMS).prune(["aim-z"], SCOPE) is None
    assert References("Aims", AIMS).prune(["aim-b", "aim-z", "aim-a"], SCOPE) == ["aim-a", "aim-b"]


# Tables of rows.


def test_rows_keep_their_ids_and_drop_what_is_empty() -> None:
    raw = [
        {"id": "one", "name": "First", "hours": "", "aims": []},
        {"id": "two", "name": " ", "hours": "", "aims": []},
        {"id": "", "name": "Third", "hours": "1.5", "aims": ["aim-b"]},
    ]
    rows, messages = settled(table(), raw)
    assert messages == {}
    assert rows[0] == {"id": "one", "name": "First"}
    assert rows[1] | {"id": ""} == {"id": "", "name": "Third", "hours": 1.5, "aims": ["aim-b"]}
    assert rows[1]["id"].startswith("thing-")


def test_a_row_of_a_file_is_there_when_it_has_an_id_though_nothing_stands_in_it_yet() -> None:
    rows, messages = from_file(table(), [{"id": "one"}, {"id": "two", "name": " "}, {}])
    assert (rows, messages) == ([{"id": "one"}, {"id": "two"}], [])


def test_a_row_that_other_answers_name_may_not_just_be_emptied() -> None:
    raw = [{"id": "one", "name": "", "hours": "", "aims": []}]
    _, messages = settled(table(), raw, mentioned={"one": ["question 3, “Reduce waits”"]})
    assert messages["it-0-name"] == (
        "Enter this thing again, or use “Remove”. Other answers name it: question 3, “Reduce waits”"
    )


@pytest.mark.parametrize("wrong", ["UPPER", "a/b", "../..", "a b", "x" * 41, "é", "a\x00", "<b>"])
def test_a_tampered_id_is_refused(wrong: str) -> None:
    raw = [{"id": wrong, "name": "First", "hours": "", "aims": []}]
    assert list(settled(table(), raw)[1]) == ["it-0-id"]
    assert from_file(table(), [{"id": wrong, "name": "First"}])[1] == [
        "it[0].id: must be 1 to 40 of a to z, 0 to 9 and hyphen"
    ]


def test_no_two_rows_have_one_id() -> None:
    raw = [
        {"id": "one", "name": "First", "hours": "", "aims": []},
        {"id": "one", "name": "Second", "hours": "", "aims": []},
    ]
    rows, messages = settled(table(), raw)
    assert list(messages) == ["it-1-id"]
    assert rows[0]["id"] != rows[1]["id"]


def test_too_many_rows_say_how_many_to_remove() -> None:
    raw = [{"id": f"r-{n}", "name": "N", "hours": "", "aims": []} for n in range(5)]
    assert settled(table(), raw)[1] == {"it": "Keep 3 things at most. Remove 2"}


def test_too_few_rows_count_only_when_the_worksheet_is_to_be_completed() -> None:
    kind = table(least=1, ask="Add a thing")
    assert settled(kind, []) == (None, {})
    assert settled(kind, [], draft=False) == (None, {"it": "Add a thing"})
    assert settled(table(), [], draft=False) == (None, {})


def test_rows_from_a_file_name_every_error_by_its_place() -> None:
    plain = [{"name": 1, "hours": "2", "colour": "red"}, [], {"id": 7, "name": "N", "aims": [0]}]
    assert from_file(table(), plain)[1] == [
        "it[0].colour: is not known here. Known are id, name, hours, aims",
        "it[0].name: must be text",
        "it[0].hours: must be a number",
        "it[1]: must be an object",
        "it[2].aims[0]: must be the id of one of the rows in drivers.aims",
        "it[2].id: must be 1 to 40 of a to z, 0 to 9 and hyphen",
    ]
    assert from_file(table(), {"name": "N"})[1] == ["it: must be a list of rows"]


def test_rows_come_from_a_page_in_its_order_whatever_their_numbers() -> None:
    data = posted(
        "it-7-name=B&it-7-id=b&it-2-name=A&it-2-id=a&it-9-hours=1&it-x-name=C&it-TOTAL_FORMS=-1&it-99999-name=D"
    )
    rows = table().from_post(data, "it")
    assert [(row["id"], row["name"], row["hours"]) for row in rows] == [("b", "B", ""), ("a", "A", ""), ("", "", "1")]


def test_buttons_move_add_and_remove_rows() -> None:
    kind = table()
    rows = [{"id": key, "name": key, "hours": "", "aims": []} for key in "abc"]

    def after(verb: str, row: str) -> str:
        return "".join(row["id"] if len(row["id"]) == 1 else "+" for row in kind.act(rows, verb, row))

    assert [after(*press) for press in (("up", "b"), ("down", "b"), ("up", "a"), ("down", "c"))] == [
        "bac",
        "acb",
        "abc",
        "abc",
    ]
    assert [after(*press) for press in (("remove", "b"), ("add", ""), ("remove", "z"), ("dance", "a"))] == [
        "ac",
        "abc+",
        "abc",
        "abc",
    ]


def test_a_row_for_each_row_of_another_table_follows_that_table() -> None:
    kind = RowsFor("Notes", RowOfAim, of=AIMS, key="aim", words="note")
    raw = [{"aim": "aim-b", "note": "B"}, {"aim": "aim-a", "note": "A"}]
    assert settled(kind, raw) == ([{"aim": "aim-a", "note": "A"}, {"aim": "aim-b", "note": "B"}], {})
    assert kind.prune([{"aim": "aim-z", "note": "Z"}, {"aim": "aim-b", "note": "B"}], SCOPE) == [
        {"aim": "aim-b", "note": "B"}
    ]
    assert "removed" in settled(kind, [{"aim": "aim-z", "note": "Z"}])[1]["it"]
    assert "twice" in settled(kind, [raw[0], raw[0]])[1]["it"]


@pytest.mark.parametrize("wrong", ["aim-z", None, 3, [], {}, ["aim-a"]])
def test_a_row_for_no_row_of_that_table_is_refused_in_a_file(wrong: Any) -> None:
    kind = RowsFor("Notes", RowOfAim, of=AIMS, key="aim", words="note")
    assert from_file(kind, [{"aim": wrong, "note": "N"}])[1] == [
        "it[0].aim: must be the id of one of the rows in drivers.aims"
    ]


# What is agreed to, what is taken from elsewhere, and what is needed unless something else is there.


def test_a_single_box_is_a_yes_or_no_answer_yet() -> None:
    kind = Agreed("Open posts", "We know that anyone may quote them", needed=True, ask="Tick that you know")
    kind.born("test_fields", "agreed")
    assert settled(kind, kind.from_post(posted("agreed=yes"), "agreed")) == ("yes", {})
    assert settled(kind, kind.from_post(posted(""), "agreed"), draft=False) == (None, {"it": "Tick that you know"})
    assert from_file(kind, "yes") == ("yes", [])
    assert from_file(kind, "no")[0] is None
    assert kind.words("yes", SCOPE) == ("We know that anyone may quote them",)


def elsewhere(scope: Scope) -> list[str]:
    return [text(row, "statement") for row in scope.beside["strategy"].scope.rows(AIMS)] if scope.beside else []


def test_what_is_taken_from_another_run_stays_in_its_words_whatever_becomes_of_that() -> None:
    kind = Taken("Aims", elsewhere, nothing="No review to pick from yet")
    kind.born("test_fields", "taken")
    there = Scope(beside={"strategy": Neighbour("the review Autumn 2026", datetime.date(2026, 10, 1), SCOPE)})
    assert list(kind.options(there)) == ["Answer parents"]
    chosen, faults = settled(kind, kind.from_post(posted("taken=Answer+parents"), "taken"))
    assert (chosen, faults) == (["Answer parents"], {})
    # The other run is gone: it is offered still, because it is ticked, and can be unticked.
    assert list(kind.offered(["Answer parents"], Scope())) == ["Answer parents"]
    assert kind.words(["Answer parents"], Scope()) == ("Answer parents",)
    assert from_file(kind, ["Answer parents"]) == (["Answer parents"], [])
    assert from_file(kind, "Answer parents")[1]
    assert "No review to pick from yet" in kind.draw(("taken",), [], Case(Scope()))


def test_what_could_be_no_answer_is_not_taken_over() -> None:
    kind = Taken("Aims", elsewhere, nothing="")
    kind.born("test_fields", "taken-too")
    assert settled(kind, ["x" * 2_001])[1]
    assert settled(kind, [f"Aim {n}" for n in range(21)])[1]
    assert settled(kind, ["Twice", "Twice", " "])[0] == ["Twice"]


class ActionRow(RowForm):
    what = Text("What", unless="because", ask="Enter what, or why not")
    because = Text("Why not")


def test_a_field_is_needed_unless_another_one_is_there() -> None:
    kind = Rows("Actions", ActionRow, noun="action", words="what", most=3)
    kind.born("test_fields", "actions")
    rows = [{"id": "a", "what": "", "because": "No money"}, {"id": "b", "what": "Call them", "because": ""}]
    assert settled(kind, rows, draft=False)[1] == {}
    for why in ("", "  "):
        faults = settled(kind, [{"id": "a", "what": "", "because": why}, *rows], draft=False)[1]
        assert faults == {} or list(faults.values()) == ["Enter what, or why not"]
    assert kind.fields["what"].wanted({"what": "", "because": " "})
    assert not kind.fields["what"].wanted({"what": "", "because": "No money"})


def drafts(scope: Scope) -> dict[str, tuple[str, dict[str, Any]]]:
    return {key: (f"{words} is missing", {"note": f"Do {words}"}) for key, words in scope.platforms.items()}


class DraftRow(RowForm):
    about = Select("About", {"facebook": "Facebook", "x": "X"})
    note = Text("Note")


def test_rows_are_drafted_once_for_each_answer_that_has_none() -> None:
    begun = Drafted("Begin one from each", "about", drafts)
    kind = Rows("Notes", DraftRow, noun="note", words="note", most=9, begun_from=begun)
    kind.born("test_fields", "notes")
    assert begun.waiting([], SCOPE) == {"facebook": "Facebook is missing", "x": "X is missing"}
    rows = kind.with_begun([], None, SCOPE)
    assert [(row["about"], row["note"]) for row in rows] == [("facebook", "Do Facebook"), ("x", "Do X")]
    assert kind.with_begun(rows, None, SCOPE) == rows
    assert begun.waiting(rows[:1], SCOPE) == {"x": "X is missing"}
