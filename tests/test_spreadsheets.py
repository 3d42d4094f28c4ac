"""Tables as spreadsheets: real dates and numbers going out, the accounts coming back in, seen before they are saved."""

from __future__ import annotations

import datetime
import html
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.reading import tree
from tests.world import World
from worksheets.models import Action, AuditEvent, Cycle, Revision, User, Worksheet

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
SignIn = Callable[[User], Client]
REVIEW = "/o/nhs-anywhere/reviews/autumn-2026/"
UPLOAD = f"{REVIEW}tables/platforms/"


def book(response: Any) -> Any:
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def accounts(world: World) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders").answers["platforms"][
        "platforms"
    ]
    return rows


def send(client: Client, data: bytes | str, name: str = "accounts.csv") -> Any:
    data = data.encode() if isinstance(data, str) else data
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)})


def said(response: Any) -> str:
    return " ".join(html.unescape(tree(response).xpath("//main")[0].text_content()).split())


def hidden(response: Any) -> dict[str, str]:
    form = tree(response).xpath("//form[.//button[contains(., 'Save these changes')]]")
    assert form
    return {one.get("name"): one.get("value") for one in form[0].xpath(".//input[@type='hidden']")}


# Out


def test_every_table_has_a_sheet_with_dates_that_are_dates_and_numbers_that_are_numbers(
    world: World, signed_in: SignIn
) -> None:
    world.fill()
    Action.objects.create(organisation=world.anywhere, text="Close the old page", due=datetime.date(2027, 3, 3))
    made = book(signed_in(world.manager).get(f"{REVIEW}tables.xlsx"))
    assert made.sheetnames == ["Content plan", "Hours", "Measures", "Accounts", "Actions"]
    hours = made["Hours"]
    heads = [cell.value for cell in hours[1]]
    assert heads == ["Task", "Kind", "Hours a week", "Who", "Aims it serves", "Key (leave as it is)"]
    assert isinstance(hours.cell(2, 3).value, int | float)
    assert (hours.freeze_panes, hours["A1"].font.bold) == ("A2", True)
    accounts_sheet = made["Accounts"]
    column = [cell.value for cell in accounts_sheet[1]].index("Last post") + 1
    days = [accounts_sheet.cell(row, column) for row in range(2, accounts_sheet.max_row + 1)]
    assert any(isinstance(day.value, datetime.datetime) and day.number_format == "dd/mm/yyyy" for day in days)
    assert made["Actions"]["A2"].value == "Close the old page"
    assert made["Actions"]["D2"].value == datetime.datetime(2027, 3, 3)
    assert AuditEvent.objects.filter(kind="exported", by=world.manager).count() == 1


def test_what_people_wrote_never_becomes_a_formula(world: World, signed_in: SignIn) -> None:
    for text in ("=1+1", "+44 20 7946 0000", "@SUM(A1)", "-2", "\u0001odd"):
        Action.objects.create(organisation=world.anywhere, text=text)
    made = book(signed_in(world.lead).get("/o/nhs-anywhere/actions.xlsx"))
    cells = [made.worksheets[0].cell(row, 1) for row in range(2, 7)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:4] == ["=1+1", "+44 20 7946 0000", "@SUM(A1)", "-2"]


def test_an_empty_review_has_sheets_with_their_heads_alone(world: World, signed_in: SignIn) -> None:
    made = book(signed_in(world.lead).get(f"{REVIEW}tables.xlsx"))
    assert [sheet.max_row for sheet in made] == [1, 1, 1, 1, 1]
    page = said(signed_in(world.lead).get(f"{REVIEW}tables/"))
    assert "Accounts: nothing yet" in page


@pytest.mark.skipif(not CALC.exists(), reason="LibreOffice Calc is not on this machine")
def test_libreoffice_opens_it(world: World, signed_in: SignIn, tmp_path: Path) -> None:
    world.fill()
    file = tmp_path / "tables.xlsx"
    file.write_bytes(signed_in(world.lead).get(f"{REVIEW}tables.xlsx").content)
    run = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    to_csv = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*run, *to_csv, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=120)
    assert (tmp_path / "tables.csv").read_text(encoding="utf-8").startswith("Item,Format,")


def test_a_manager_is_offered_no_way_in_and_a_stranger_nothing(world: World, signed_in: SignIn) -> None:
    assert "from a file" not in said(signed_in(world.manager).get(f"{REVIEW}tables/"))
    assert "Take accounts from a file" in said(signed_in(world.contributor).get(f"{REVIEW}tables/"))
    assert signed_in(world.manager).get(UPLOAD).status_code == 403
    assert signed_in(world.outsider).get(f"{REVIEW}tables.xlsx").status_code == 404
    assert signed_in(world.lead).get(f"{REVIEW}tables/aims/").status_code == 404


# Back in


def test_the_file_that_went_out_comes_back_and_changes_nothing(world: World, signed_in: SignIn) -> None:
    world.fill()
    client = signed_in(world.lead)
    made = book(client.get(f"{REVIEW}tables.xlsx"))
    for name in ("Content plan", "Hours", "Measures", "Actions"):
        del made[name]
    out = io.BytesIO()
    made.save(out)
    response = send(client, out.getvalue(), "tables.xlsx")
    assert response.status_code == 200, said(response)
    assert "Your file says what is here already. There is nothing to save." in said(response)
    assert "This found no place" not in said(response)


def test_a_teams_own_sheet_is_shown_before_it_is_saved(world: World, signed_in: SignIn) -> None:
    world.fill()
    before = accounts(world)
    client = signed_in(world.contributor)
    there = next(one for one in before if one["platform"] == "facebook")
    facebook = there["account"].lstrip("@")
    sheet = (
        "Channel;Handle;Followers now;Last posted;Who looks after it;Mood\n"
        f"Facebook;{facebook};12,345;31/10/2026;Nell New;glad\n"
        "YouTube;@ournewchannel;many;;Colin;\n"
    )
    response = send(client, sheet)
    page = said(response)
    assert response.status_code == 200, page
    assert "12,345" in page
    assert "31 October 2026" in page
    assert ": new" in page
    assert "Column “Mood”" in page
    assert "Line 3, Followers: “many”. Enter “Followers” as a whole number" in page
    assert "<p>" not in page
    assert "Not in your file, and kept" in page
    assert accounts(world) == before
    saved = client.post(UPLOAD, hidden(response))
    assert saved.status_code == 302
    after = accounts(world)
    assert len(after) == len(before) + 1
    changed = next(one for one in after if one["id"] == there["id"])
    assert (changed["followers"], changed["last_post"], changed["owner"]) == (12345, "2026-10-31", "Nell New")
    assert after[-1]["account"] == "@ournewchannel"
    assert Revision.objects.latest("pk").saved_by == world.contributor


def test_a_line_that_was_copied_with_its_key_is_another_account(world: World, signed_in: SignIn) -> None:
    world.fill()
    before, client = accounts(world), signed_in(world.lead)
    key, platform, name = (before[0][part] for part in ("id", "platform", "account"))
    head = "platform,account,Key (leave as it is)"
    response = send(client, f"{head}\n{platform},{name},{key}\n{platform},@copied,{key}\n,@nameless,\n,@another,\n")
    assert client.post(UPLOAD, hidden(response)).status_code == 302
    after = accounts(world)
    assert after[0] == before[0]
    assert [one["account"] for one in after[len(before) :]] == ["@copied", "@nameless", "@another"]


def test_somebody_who_saved_meanwhile_is_not_overwritten(world: World, signed_in: SignIn) -> None:
    world.fill()
    client = signed_in(world.lead)
    name = accounts(world)[0].get("account", "")
    platform = accounts(world)[0]["platform"]
    response = send(client, f"platform,account,owner\n{platform},{name},Nell New\n")
    sheet = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders")
    sheet.answers["platforms"]["platforms"][0]["owner"] = "Theirs"
    Worksheet.objects.filter(pk=sheet.pk).update(answers=sheet.answers, version=sheet.version + 1)
    again = client.post(UPLOAD, hidden(response))
    assert again.status_code == 409
    assert "The answer is another by now" in said(again)
    assert "Owner: Nell New (now Theirs)" in said(again)
    assert accounts(world)[0]["owner"] == "Theirs"
    assert client.post(UPLOAD, hidden(again)).status_code == 302
    assert accounts(world)[0]["owner"] == "Nell New"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in this file"),
        (b"colour,size\nred,3\n", "The columns of this file have other names"),
        (b"PK\x03\x04nothing", "This file could not be read"),
        (b"\xd0\xcf\x11\xe0old", "Excel file of the old kind"),
        (b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        (b"platform,account\n" + b"facebook,@a\n" * 300, "more than 200 lines"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, words: str, world: World, signed_in: SignIn) -> None:
    response = send(signed_in(world.lead), data)
    assert response.status_code == 400
    assert words in said(response)


@pytest.mark.parametrize("rows", ["", "{", "[1]", '[[1e999, "", {}]]', '[[1, "", 5]]', '[["x", "", {}]]', "[" * 5_000])
def test_what_was_changed_on_its_way_is_no_answer(rows: str, world: World, signed_in: SignIn) -> None:
    response = signed_in(world.lead).post(UPLOAD, {"rows": rows, "seen": ""})
    assert response.status_code == 400
    assert "It did not arrive whole" in said(response)


def test_what_a_field_would_not_take_is_left_out_though_a_page_sent_it(world: World, signed_in: SignIn) -> None:
    rows = '[[2, "", {"platform": "facebook", "role": "nonsense", "followers": "many", "evil": 1, "account": "@a"}]]'
    client = signed_in(world.lead)
    assert client.post(UPLOAD, {"rows": rows, "seen": ""}).status_code == 302
    (row,) = accounts(world)
    assert {key: value for key, value in row.items() if key != "id"} == {"platform": "facebook", "account": "@a"}


def test_more_accounts_than_there_may_be_are_refused_with_all_of_them_there(world: World, signed_in: SignIn) -> None:
    lines = "".join(f"facebook,@account{number}\n" for number in range(60))
    response = send(signed_in(world.lead), f"platform,account\n{lines}")
    assert "Nothing was saved" in said(response)
    assert not Worksheet.objects.get(cycle=world.cycle, stage="stakeholders").answers


def test_a_complete_worksheet_is_reopened_first(world: World, signed_in: SignIn) -> None:
    world.fill()
    Worksheet.objects.filter(cycle=world.cycle).update(status="complete")
    response = send(signed_in(world.lead), "platform,account\nfacebook,@another\n")
    assert "This worksheet is complete. Reopen it first" in said(response)
    Cycle.objects.filter(pk=world.cycle.pk).update(state="submitted")
    assert send(signed_in(world.lead), "platform,account\nfacebook,@another\n").status_code == 403
