"""Figures as a file: what spreadsheets make of it comes in again as it was meant, and what cannot be right is named."""

from __future__ import annotations

import csv
import datetime
import io
import re
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.reading import error_messages, words
from tests.test_results import CSV, HERE, TODAY, UPLOAD, day, recorded
from tests.world import World
from worksheets.models import Cycle, Result, User, Worksheet
from worksheets.results.sheets import guarded, unguarded

SignedIn = Callable[[User], Client]
XLSX = f"{HERE}results.xlsx"
MEASURES = ["m-answered", "m-visits", "m-actions", "m-posts"]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *given: TODAY)


@pytest.fixture
def client(world: World, signed_in: SignedIn) -> Client:
    """Colin, at a review that is signed off: figures are entered between reviews."""
    world.fill()
    Cycle.objects.filter(pk=world.cycle.pk).update(state="signed-off")
    return signed_in(world.contributor)


def send_file(client: Client, text: str | bytes, name: str = "figures.csv", **more: str) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)} | more)


def cells(response: Any) -> list[list[str]]:
    """The lines of a file of CSV."""
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def filled(response: Any) -> list[list[str]]:
    """Those of them that have a figure."""
    return [row for row in cells(response) if row[3]]


def kept() -> list[tuple[str, str, str]]:
    """What is stored of each figure: its measure, day and value."""
    stored = Result.objects.order_by("on", "id")
    return [(one.measure, one.on.isoformat(), f"{one.value.normalize():f}") for one in stored]


# CSV out.


def test_all_figures_go_out(world: World, client: Client) -> None:
    recorded(world, note="=1+1")
    recorded(world, on=day("2027-03-01"), value=Decimal("-3.50"), note="plain, “quoted”")
    answer = client.get(CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="nhs-anywhere-autumn-2026-results.csv"'
    assert filled(answer) == [
        ["measure", "what", "date", "figure", "note"],
        ["m-answered", "Questions answered within one working day", "2027-02-01", "60", "'=1+1"],
        ["m-answered", "Questions answered within one working day", "2027-03-01", "-3.5", "plain, “quoted”"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_no_cell_becomes_a_formula_and_all_come_back(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "a=b", "'"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_a_measure_in_the_words_of_a_formula_is_guarded(world: World, client: Client) -> None:
    row = {"id": "-m", "what": "@SUM(A1)"}
    Worksheet.objects.filter(cycle=world.cycle, stage="evaluation").update(answers={"measures": {"measures": [row]}})
    recorded(world, measure="-m")
    assert filled(client.get(CSV))[1][:2] == ["'-m", "'@SUM(A1)"]
    assert "1 figure is stored" in words(
        client.get(send_file(client, "measure,date,figure\n'-m,2027-03-01,5\n")["Location"])
    )


# CSV in.


def test_a_file_is_taken(world: World, client: Client) -> None:
    text = (
        "\ufeffMeasure,date,figure,note\r\n"
        'm-answered,2027-03-01,82.5,"With, a comma"\r\n\r\n'
        "questions answered within  one working day,2027-02-01,-60,'=1+1\r\n"
    )
    answer = send_file(client, text)
    assert answer["Location"] == HERE
    assert "2 figures are stored" in words(client.get(HERE))
    assert [(r.measure, r.on.isoformat(), r.value, r.note) for r in Result.objects.all()] == [
        ("m-answered", "2027-02-01", Decimal("-60.00"), "=1+1"),
        ("m-answered", "2027-03-01", Decimal("82.50"), "With, a comma"),
    ]
    assert {r.entered_by for r in Result.objects.all()} == {world.contributor}


def test_what_goes_out_comes_in_again(world: World, client: Client) -> None:
    recorded(world, note="'=x")
    recorded(world, on=day("2027-03-01"), value=Decimal("-3.50"), note="-y")
    out = client.get(CSV).content
    before = list(Result.objects.values_list("measure", "on", "value", "note"))
    assert "0 figures are stored" in words(client.get(send_file(client, out)["Location"]))
    Result.objects.all().delete()
    assert "2 figures are stored" in words(client.get(send_file(client, out)["Location"]))
    assert list(Result.objects.values_list("measure", "on", "value", "note")) == before


@pytest.mark.parametrize(
    ("cell", "stored"),
    [("82%", "82"), ('"1,640"', "1640"), ("31.00", "31"), ("−2", "-2"), ("£1 640.50", "1640.50"), ("'-2", "-2")],
)
def test_a_figure_in_a_file_may_be_what_a_person_types_on_the_page(client: Client, cell: str, stored: str) -> None:
    assert send_file(client, f"measure,date,figure\nm-answered,2027-03-01,{cell}\n").status_code == 302
    assert Result.objects.get().value == Decimal(stored)


@pytest.mark.parametrize("cell", ["12%3", "7 5", "--5", "5-", "NaN", "٣", "#DIV/0!", "n/a", "1.23456", "9" * 100])
def test_a_figure_in_a_file_that_could_be_meant_otherwise_is_named(client: Client, cell: str) -> None:
    answer = send_file(client, f"measure,date,figure\nm-answered,2027-03-01,{cell}\n")
    said = f"Line 2: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “{cell[:40]}”"
    assert error_messages(answer) == [said]
    assert not Result.objects.exists()


def test_every_error_is_named_by_its_line_and_nothing_is_stored(world: World, client: Client) -> None:
    twin = [{"id": "m-a", "what": "Twin"}, {"id": "m-b", "what": "twin"}]
    Worksheet.objects.filter(cycle=world.cycle, stage="evaluation").update(answers={"measures": {"measures": twin}})
    text = (
        "measure,date,figure,note\n"
        "m-a,2027-03-01,5,\n"
        "<b>none</b>,2027-03-01,5,\n"
        "twin,2027-03-01,5,\n"
        "m-a,13/13/2027,5,\n"
        "m-a,2027-02-30,5,\n"
        "m-a,2027-03-05,5,\n"
        "m-a,2027-02-01,1e3,\n"
        '"m-a",2027-02-02,"1,15",\n'
        "m-a,2027-02-03,1.234,\n"
        f"m-a,2027-02-04,5,{'n' * 501}\n"
        'm-a,2027-02-05,many,"two\nlines"\n'
        "m-a,1 March 2027,6,\n"
        "m-a,2027-02-06,5,note,more\n"
        ",2027-02-07,3\n"
    )
    answer = send_file(client, text)
    assert answer.status_code == 400
    said = error_messages(answer)
    assert said == [
        "Line 3: “measure” must be the id or the words of a measure of this review, not “<b>none</b>”",
        "Line 4: “twin” is what 2 measures are called. Use the id: m-a or m-b",
        "Line 5: “date”: enter the month as a number from 1 to 12 or as a name, like 3 or March, not “13/13/2027”",
        "Line 6: “date”: enter a day from 1 to 28. There is no 30 February 2027, not “2027-02-30”",
        "Line 7: “date”: enter a date that is not in the future",
        "Line 8: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “1e3”",
        "Line 9: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “1,15”",
        "Line 10: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “1.234”",
        "Line 11: “note” must have 500 characters at most. It has 501",
        "Line 12: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “many”",
        "Line 14: there is a figure for this measure and day in line 2 already",
        "Line 15: “more” stands in a column without a name",
        "Line 16: “measure” must be the id or the words of a measure of this review, not “(empty)”",
    ]
    assert "<b>none" not in answer.content.decode()
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("measure,date\n", "Line 1: the column “figure” is missing"),
        ("measure,date,figure,date,colour\n", "Line 1: the column “colour” is not known"),
        ("measure,date,figure,date\n", "Line 1: the column “date” stands there twice"),
        (b"measure,date,figure\nm-answered,2027-03-01,\x81\n", "Line 2: save the file as “CSV UTF-8”"),
        ('measure,date,figure\n"m-answered"x,2027-03-01,5\n', "Line 2: this is not CSV"),
        (b"measure,date,figure\n" + b"x" * 1_000_000, "larger than 1,000,000 bytes"),
        ("measure,date,figure\n" + "m-answered,2027-03-01,5\n" * 5_001, "Keep a file to 5,000"),
        ("measure,date,figure\n" + "x" * 200_000, "this is not CSV"),
    ],
)
def test_a_file_that_is_none_is_refused(client: Client, text: str | bytes, said: str) -> None:
    answer = send_file(client, text)
    assert answer.status_code == 400
    assert any(said in message for message in error_messages(answer))
    assert not Result.objects.exists()


def test_a_file_must_be_chosen(client: Client) -> None:
    answer = client.post(UPLOAD, {})
    assert answer.status_code == 400
    assert error_messages(answer) == ["Choose a file"]


def test_a_figure_that_is_there_is_replaced_only_when_asked(world: World, client: Client) -> None:
    recorded(world)
    text = "measure,date,figure\nm-answered,2027-02-01,70\nm-answered,2027-03-01,80\n"
    answer = send_file(client, text)
    assert answer.status_code == 400
    assert error_messages(answer) == [
        "Line 2: there is a figure for 1 February 2027 already: 60. Take the line out, or tick “Replace”"
    ]
    assert Result.objects.get().value == 60
    assert send_file(client, text, replace="yes").status_code == 302
    assert list(Result.objects.values_list("value", flat=True)) == [70, 80]


def test_a_file_that_says_nothing_of_notes_keeps_them(world: World, client: Client) -> None:
    recorded(world, note="Counted by hand")
    recorded(world, on=day("2027-02-02"), note="From the log")
    text = "measure,date,figure\nm-answered,2027-02-01,70\nm-answered,2027-02-02,60\nm-answered,2027-03-01,80\n"
    assert "2 figures are stored" in words(client.get(send_file(client, text, replace="yes")["Location"]))
    assert list(Result.objects.values_list("value", "note")) == [
        (70, "Counted by hand"),
        (60, "From the log"),
        (80, ""),
    ]
    # What is the same but for a note that the file does not speak of is nothing new.
    assert "0 figures are stored" in words(client.get(send_file(client, text)["Location"]))


def test_an_empty_note_in_a_file_empties_the_note(world: World, client: Client) -> None:
    recorded(world, note="Counted by hand")
    text = "measure,date,figure,note\nm-answered,2027-02-01,60,\n"
    assert "Line 2: there is a figure for 1 February 2027 already: 60" in error_messages(send_file(client, text))[0]
    assert send_file(client, text, replace="yes").status_code == 302
    assert Result.objects.get().note == ""


@pytest.mark.parametrize("replace", [{}, {"replace": "yes"}])
def test_a_file_replaces_only_what_its_sender_may_change(
    world: World, client: Client, signed_in: SignedIn, replace: dict[str, str]
) -> None:
    recorded(world, entered_by=world.lead)
    recorded(world, on=day("2027-02-02"), entered_by=None)
    recorded(world, on=day("2027-02-03"), entered_by=world.lead)
    text = (
        "measure,date,figure\n"
        "m-answered,2027-02-01,70\n"
        "m-answered,2027-02-02,71\n"
        "m-answered,2027-02-03,60\n"
        "m-answered,2027-02-04,72\n"
    )
    answer = send_file(client, text, **replace)
    assert answer.status_code == 400
    assert error_messages(answer) == [
        "Line 2: there is a figure for 1 February 2027 already: 60, entered by Lena Lead. "
        "Only they or a lead can change it. Take the line out",
        "Line 3: there is a figure for 2 February 2027 already: 60. Only a lead can change it. Take the line out",
    ]
    assert list(Result.objects.values_list("value", flat=True)) == [60, 60, 60]
    assert send_file(signed_in(world.lead), text, replace="yes").status_code == 302
    assert list(Result.objects.values_list("value", flat=True)) == [70, 71, 60, 72]


def test_a_file_of_figures_that_others_entered_costs_few_queries(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    days = [f"2027-02-{number:02}" for number in range(1, 20)]
    for on in days:
        recorded(world, on=day(on), entered_by=world.lead)
    text = "measure,date,figure\n" + "".join(f"m-answered,{on},70\n" for on in days)
    with django_assert_max_num_queries(16):
        assert len(error_messages(send_file(client, text))) == len(days)


# What spreadsheets make of a file.


@pytest.mark.parametrize(
    ("cell", "on"),
    [
        ("30/06/2026", "2026-06-30"),
        ("05/07/2026", "2026-07-05"),
        ("01-Jul-26", "2026-07-01"),
        ("1/7/26", "2026-07-01"),
        ("2026-07-01", "2026-07-01"),
        ("1 July 2026", "2026-07-01"),
        ("1st Sept. 2026", "2026-09-01"),
        ("30.06.2026", "2026-06-30"),
        ("30/06/2026 00:00", "2026-06-30"),
    ],
)
def test_a_date_is_read_day_first(client: Client, cell: str, on: str) -> None:
    assert send_file(client, f"measure,date,figure\nm-answered,{cell},82\n").status_code == 302
    assert kept() == [("m-answered", on, "82")]


@pytest.mark.parametrize("cell", ["07/31/2026", "31/06/2026", "2026", "31 2026", "tomorrow", "30/06/206", "46203", ""])
def test_a_date_that_no_british_one_could_be_is_named_by_its_line(client: Client, cell: str) -> None:
    (error,) = error_messages(send_file(client, f"measure,date,figure\nm-answered,{cell},82\n"))
    assert error.startswith("Line 2: “date”")
    assert cell in error
    assert not Result.objects.exists()


def test_the_file_that_was_given_out_comes_back_from_a_british_spreadsheet(client: Client) -> None:
    given_out = client.get(CSV).content.decode("utf-8-sig").splitlines()
    filled_in = [line + ",,\r\n" for line in given_out]
    filled_in[1] = "m-answered,Questions answered within one working day,30/06/2026,82%,,,\r\n"
    filled_in[2] = 'm-visits,Visits to the waiting time page from social media,05/07/2026,"1,640",,,\r\n'
    filled_in[3] = "m-posts,Posts and videos published,01-Jul-26,31.00,,,\r\n"
    answer = send_file(client, "".join(filled_in) + ",,,,,,\r\n\r\n")
    assert kept() == [
        ("m-answered", "2026-06-30", "82"),
        ("m-posts", "2026-07-01", "31"),
        ("m-visits", "2026-07-05", "1640"),
    ]
    said = words(client.get(answer["Location"]))
    assert "3 figures are stored." in said
    assert "1 line without a figure was left out." in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_way_to_save_it_is_read(client: Client, encoding: str, separator: str) -> None:
    lines = [["measure", "date", "figure", "note"], ["m-answered", "30/06/2026", "−2", "“Naïve” – £5"]]
    if encoding == "cp1252":
        lines[1][2] = "-2"
    text = "\r\n".join(separator.join(line) for line in lines)
    assert send_file(client, text.encode(encoding)).status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "-2")]
    assert Result.objects.get().note == "“Naïve” – £5"


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_a_file_may_say_how_its_cells_are_parted(client: Client, separator: str) -> None:
    row = separator.join
    text = f"sep={separator}\r\n{row(['measure', 'date', 'figure'])}\r\n{row(['m-answered', '30/06/2026', 'many'])}\r\n"
    assert error_messages(send_file(client, text))[0].startswith("Line 3: “figure”")
    assert send_file(client, text.replace("many", "5")).status_code == 302


def test_a_title_may_stand_above_the_names_of_the_columns(client: Client) -> None:
    head = 'Our figures, first quarter;;;;\n\n"sep=;"\n'
    assert send_file(client, head + "measure;date;figure\nm-answered;30/06/2026;82\n").status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "82")]
    # What is wrong is still named by the line in which it stands.
    wrong = send_file(client, head + "measure;date;figure\nm-answered;30/06/2026;many\n")
    assert error_messages(wrong)[0].startswith("Line 5: ")


def test_no_figure_above_the_names_of_the_columns_is_left_out_unseen(client: Client) -> None:
    text = "m-answered,30/06/2026,82\nmeasure,date,figure\nm-visits,30/06/2026,1640\n"
    (error,) = error_messages(send_file(client, text))
    assert error == "Line 1: a figure stands above the names of the columns. Put their line first"
    assert not Result.objects.exists()


def test_a_file_of_an_older_mac_is_read(client: Client) -> None:
    text = "measure,date,figure,note\rm-answered,30/06/2026,–2,Don’t count the “café” – £5\r"
    assert send_file(client, text.encode("mac_roman")).status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "-2")]
    assert Result.objects.get().note == "Don’t count the “café” – £5"


def test_a_file_without_one_of_the_names_is_told_so_once(client: Client) -> None:
    for text in ('{"a": 1, "b": 2}', "m-answered,30/06/2026,82\n", b"\x89PNG\r\n\x1a\n" + b"\0" * 90):
        (error,) = error_messages(send_file(client, text))
        assert "Name them in the first line: measure, what, date, figure, note" in error


def test_figures_on_two_sheets_are_not_half_taken(client: Client) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Quarter 2")):
        sheet.append(["measure", "date", "figure"])
        sheet.append(["m-answered", datetime.date(2026, 6, 30), 82])
    book.create_sheet("Notes").append(["measure", "what"])
    data = io.BytesIO()
    book.save(data)
    (error,) = error_messages(send_file(client, data.getvalue(), "figures.xlsx"))
    assert error == "There are figures on the sheets “Sheet” and “Quarter 2”. Put them on one, and take out the others"
    assert not Result.objects.exists()
    book.worksheets[1].sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    (error,) = error_messages(send_file(client, data.getvalue(), "figures.xlsx"))
    assert "“Quarter 2” (hidden)" in error


def test_what_nobody_sees_is_no_figure_no_note_and_no_name(client: Client) -> None:
    lines = ["\u200bMeasure ,date,figure,note", "m-answered\u00a0,30/06/2026\u200b,\u202d8\u200b2,\u200b"]
    assert send_file(client, "\n".join([*lines, "m-visits,,\u00a0,\u200b"])).status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "82")]
    assert Result.objects.get().note == ""


def test_a_note_of_several_lines_becomes_one(client: Client) -> None:
    assert (
        send_file(client, 'measure,date,figure,note\nm-answered,30/06/2026,5,"two\nlines\x0bthree"\n').status_code
        == 302
    )
    assert Result.objects.get().note == "two lines three"


def test_a_note_without_a_figure_is_not_left_out_unseen(client: Client) -> None:
    (error,) = error_messages(send_file(client, "measure,date,figure,note\nm-answered,30/06/2026,,Counted\n"))
    assert error == "Line 2: “figure” must be a number like 1150 or 82.5, with at most 2 decimals"


def test_something_in_a_column_without_a_name_is_named(client: Client) -> None:
    (error,) = error_messages(send_file(client, "measure,date,figure,\nm-answered,30/06/2026,5,really\n"))
    assert error == "Line 2: “really” stands in a column without a name"


def test_an_id_that_a_spreadsheet_took_for_a_number_is_found_by_what_it_says(world: World, client: Client) -> None:
    row = [{"id": "5e10", "what": "Answers"}]
    Worksheet.objects.filter(cycle=world.cycle, stage="evaluation").update(answers={"measures": {"measures": row}})
    assert send_file(client, "measure,what,date,figure\n5.00E+10,Answers,30/06/2026,5\n").status_code == 302
    assert kept() == [("5e10", "2026-06-30", "5")]


# What goes out is to be filled in.


def test_the_file_has_a_line_for_every_measure(world: World, client: Client) -> None:
    recorded(world)
    out = cells(client.get(CSV))
    assert list(dict.fromkeys(row[0] for row in out[1:])) == MEASURES
    assert [row[2:] for row in out[1:] if row[0] == "m-visits"] == [["", "", ""]]
    assert [row[2:] for row in out[1:] if row[0] == "m-answered"] == [["2027-02-01", "60", ""], ["", "", ""]]


def test_the_file_of_a_measure_that_is_gone_has_only_its_figures(world: World, client: Client) -> None:
    recorded(world, measure="m-gone")
    assert [row[3] for row in cells(client.get(CSV)) if row[0] == "m-gone"] == ["60"]


# Excel.


def book_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def as_book(*rows: list[Any], formats: dict[str, str] | None = None, before: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if before:
        sheet.append(["Read me first"])
        sheet = book.create_sheet("Figures")
    for row in rows:
        sheet.append(row)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["measure", "what", "date", "figure", "note"]


def test_figures_go_out_as_a_workbook_and_come_in_again(world: World, client: Client) -> None:
    recorded(world, note="=1+1")
    recorded(world, on=day("2027-03-01"), value=Decimal("-3.50"), note="'quoted, \u200bplain")
    answer = client.get(XLSX)
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == 'attachment; filename="nhs-anywhere-autumn-2026-results.xlsx"'
    sheet = book_of(answer.content)
    assert [cell.value for cell in sheet[1]] == HEAD
    assert [cell.value for cell in sheet[2]][3:] == [60, "=1+1"]
    assert sheet["E2"].data_type == "s"
    assert sheet["C2"].is_date
    assert sheet["C2"].number_format == "dd/mm/yyyy"
    assert list(dict.fromkeys(row[0].value for row in sheet.iter_rows(min_row=2))) == MEASURES
    Result.objects.all().delete()
    assert send_file(client, answer.content, "again.xlsx").status_code == 302
    assert kept() == [("m-answered", "2027-02-01", "60"), ("m-answered", "2027-03-01", "-3.5")]
    assert [one.note for one in Result.objects.order_by("on")] == ["=1+1", "'quoted, plain"]


def test_a_workbook_says_what_its_cells_show(client: Client) -> None:
    data = as_book(
        HEAD,
        ["m-answered", "", datetime.date(2026, 6, 30), 0.82, None],
        ["m-visits", "", datetime.datetime(2026, 7, 5, 9, 30), 1640, "n"],
        ["m-posts", "", "01/07/2026", "31.00", None],
        ["m-actions", "", "1 July 2026", -2.004, None, None, None],
        ["m-answered", None, None, None, None],
        [None, None, None, None, None],
        formats={"D2": "0%", "D3": "#,##0", "D5": "0.00"},
        before=True,
    )
    answer = send_file(client, data, "figures.xlsx")
    assert answer.status_code == 302, error_messages(answer)
    assert kept() == [
        ("m-answered", "2026-06-30", "82"),
        ("m-posts", "2026-07-01", "31"),
        ("m-actions", "2026-07-01", "-2"),
        ("m-visits", "2026-07-05", "1640"),
    ]


def test_figures_with_more_decimals_than_their_cells_show_are_told(client: Client) -> None:
    june = datetime.date(2026, 6, 30)
    data = as_book(
        HEAD,
        ["m-answered", "", june, 0.825, None],
        ["m-visits", "", june, 1640.5, "n"],
        ["m-posts", "", june, 0.1 + 0.2, None],
        ["m-actions", "", june, 82, 0.5],
        formats={"D2": "0%", "D3": "#,##0", "D5": '0"%"', "E5": "0"},
    )
    shown = words(client.get(send_file(client, data, "figures.xlsx")["Location"]))
    # As a spreadsheet shows them: halves go up, and a sign in the format is no part of the number.
    assert kept() == [
        ("m-answered", "2026-06-30", "83"),
        ("m-visits", "2026-06-30", "1641"),
        ("m-posts", "2026-06-30", "0.3"),
        ("m-actions", "2026-06-30", "82"),
    ]
    assert "4 figures are stored. 2 are rounded, as the file shows them." in shown


def test_a_formula_without_its_result_is_told_and_not_left_out(client: Client) -> None:
    data = as_book(HEAD, ["m-answered", "", datetime.date(2026, 6, 30), "=41*2"], ["m-visits", "", "=TODAY()", 5])
    said = error_messages(send_file(client, data, "figures.xlsx"))
    assert said == [
        "Line 2: “figure” must be a number like 1150 or 82.5, with at most 2 decimals, not “=41*2”. Open the file in a "
        "spreadsheet and save it, so that it holds what comes of the formula",
        "Line 3: “date”: enter a date like 31 March 2027 or 31/03/2027, not “=TODAY()”",
    ]


def test_a_formula_whose_result_is_nothing_is_a_line_without_a_figure(client: Client) -> None:
    row = b'<c r="D3" t="str"><f>IF(A1="","",B1)</f><v></v></c>'
    data = as_book(HEAD, ["m-answered", "", "30/06/2026", 82], ["m-visits", "", "30/06/2026", "here"])
    parts = zipfile.ZipFile(io.BytesIO(data))
    sheet = re.sub(rb'<c r="D3".*?</c>', row, parts.read("xl/worksheets/sheet1.xml"))
    assert row in sheet
    whole = {name: parts.read(name) for name in parts.namelist()} | {"xl/worksheets/sheet1.xml": sheet}
    assert send_file(client, packed(**whole), "figures.xlsx").status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "82")]


def test_empty_cells_down_to_the_end_of_a_sheet_are_no_lines(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_book(HEAD, ["m-answered", "", "30/06/2026", 82])))
    book.active.cell(1_048_576, 4).number_format = "0%"
    data = io.BytesIO()
    book.save(data)
    assert send_file(client, data.getvalue(), "figures.xlsx").status_code == 302
    assert kept() == [("m-answered", "2026-06-30", "82")]


def test_errors_in_a_workbook_are_named_by_their_line(client: Client) -> None:
    data = as_book([], HEAD, ["m-answered", "", "31/06/2026", 5], [], ["nothing", "", datetime.date(2026, 6, 1), True])
    said = error_messages(send_file(client, data, "figures.xlsx"))
    assert [error.split(":")[0] for error in said] == ["Line 3", "Line 5", "Line 5"]
    assert not Result.objects.exists()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and nothing else", "This file could not be read"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "Save it as .xlsx or as CSV"),
        (packed(**{"xl/workbook.xml": b"<x>" * 10}), "This file could not be read"),
        (packed(big=b"0" * 40_000_000), "There is too much in this file"),
        (as_book(HEAD)[:-40], "This file could not be read"),
        (b"\xd0\xcf\x11\xe0 of old", "Excel file of the old kind"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "This file asks for a password. Save it without",
        ),
        (as_book(), "The file is empty"),
        (as_book(["Dear all"]), "the column “measure” is missing"),
    ],
)
def test_a_workbook_that_is_none_is_refused(client: Client, data: bytes, said: str) -> None:
    answer = send_file(client, data, "figures.xlsx")
    assert answer.status_code == 400
    assert any(said in error for error in error_messages(answer)), error_messages(answer)


@pytest.mark.parametrize(
    ("part", "before", "more"),
    [
        ("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0"/>' * 1_000_000),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", (b"<row>" + b"<c/>" * 40 + b"</row>") * 40_000),
        ("[Content_Types].xml", b"</Types>", b'<Default Extension="x" ContentType="y"/>' * 400_000),
    ],
)
def test_a_small_file_that_unfolds_to_minutes_of_work_is_refused(
    client: Client, part: str, before: bytes, more: bytes
) -> None:
    parts = zipfile.ZipFile(io.BytesIO(as_book(HEAD, ["m-answered", "", "30/06/2026", 82])))
    whole = {name: parts.read(name) for name in parts.namelist()}
    assert before in whole[part]
    whole[part] = whole[part].replace(before, more + before)
    started = time.process_time()
    (said,) = error_messages(send_file(client, packed(**whole), "figures.xlsx"))
    assert "There is too much in this file. Copy the figures to a new file" in said
    assert time.process_time() - started < 4
    assert not Result.objects.exists()


def test_managers_download_and_strangers_find_nothing(world: World, client: Client, signed_in: SignedIn) -> None:
    assert signed_in(world.manager).get(XLSX).status_code == 200
    assert signed_in(world.outsider).get(XLSX).status_code == 404
    assert signed_in(world.manager).post(UPLOAD, {}).status_code == 403
