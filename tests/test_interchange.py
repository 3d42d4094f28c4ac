"""The interchange file: in and out without a byte's difference, and everything wrong with it named by its path."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.world import SAMPLE_FILE, World, sample
from worksheets import interchange, saving
from worksheets.interchange import Refused
from worksheets.management.reviews import review_of
from worksheets.models import Cycle, Organisation, Platform, Revision, User, Worksheet
from worksheets.workbooks import WORKBOOKS
from worksheets.workbooks.strategy import STRATEGY

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
few = how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


def errors(document: Any) -> list[str]:
    """What is wrong with a document; nothing when it is taken."""
    try:
        interchange.read(document if isinstance(document, bytes) else as_bytes(document))
    except Refused as refused:
        return refused.errors
    return []


def exported(cycle: Cycle) -> bytes:
    """The file of a review as it is stored now."""
    cycle = Cycle.objects.select_related("organisation").get(pk=cycle.pk)
    return interchange.export(review_of(cycle), cycle)


def change(path: str, value: Any) -> Any:
    """The sample with another value at a path like `worksheets.drivers.aims.aims.0.statement`; `...` takes it out."""
    document = sample()
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    place = document
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


# In and out again.


def test_the_sample_goes_in_and_comes_out_the_same_time_after_time() -> None:
    first = exported(interchange.store(interchange.read(SAMPLE_FILE.read_bytes())))
    Organisation.objects.all().delete()
    second = exported(interchange.store(interchange.read(first)))
    assert first == second
    assert Cycle.objects.get().slug == "autumn-2026"


def test_what_comes_out_holds_all_that_went_in() -> None:
    out = json.loads(exported(interchange.store(interchange.read(SAMPLE_FILE.read_bytes()))))

    def bare(value: Any) -> Any:
        """Without ids that import gave, empty answers, and the order of lists of keys."""
        if isinstance(value, dict):
            return {key: bare(part) for key, part in value.items() if part not in ("", [], {}, None) and key != "id"}
        if isinstance(value, list):
            return sorted(value) if value and isinstance(value[0], str) else [bare(part) for part in value]
        return value

    assert bare(out) == bare(sample())
    assert [list(out), list(out["worksheets"])] == [
        ["format", "organisation", "cycle", "worksheets"],
        [stage.key for stage in STRATEGY.stages],
    ]


def test_every_row_comes_out_with_an_id() -> None:
    document = sample()
    for row in document["worksheets"]["resources"]["weekly"]["tasks"]:
        row.pop("id", None)
    out = json.loads(exported(interchange.store(interchange.read(as_bytes(document)))))
    ids = [row["id"] for row in out["worksheets"]["resources"]["weekly"]["tasks"]]
    assert len(set(ids)) == len(ids) > 1


def test_what_was_not_started_is_left_out() -> None:
    document = change("worksheets", {"resources": {"stopping": {}, "setup": {"tasks": []}, "success": {}}})
    cycle = interchange.store(interchange.read(as_bytes(document)))
    assert json.loads(exported(cycle))["worksheets"] == {"resources": {"setup": {}, "stopping": {}}}
    assert json.loads(exported(cycle))["cycle"] == sample()["cycle"]


def test_a_half_filled_review_made_on_pages_round_trips(world: World, signed_in: SignIn) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    first = Worksheet.objects.get(cycle=world.cycle, stage="drivers")
    answer = {"aims": [*reversed(first.answers["aims"]["aims"]), {"id": "new", "statement": "Étoile 👩‍👩‍👧\nاردو"}]}
    saving.save_answer(first, "aims", answer, user=world.lead)
    stakeholders = Worksheet.objects.get(cycle=world.cycle, stage="stakeholders")
    rows = stakeholders.answers["stakeholders"]["stakeholders"]
    saving.save_answer(stakeholders, "stakeholders", {"stakeholders": [rows[2], rows[0]]}, user=world.lead)
    out = exported(world.cycle)
    assert "Étoile 👩‍👩‍👧".encode() in out
    Organisation.objects.all().delete()
    assert exported(interchange.store(interchange.read(out))) == out


def test_the_order_of_keys_in_the_database_does_not_show() -> None:
    cycle = interchange.store(interchange.read(SAMPLE_FILE.read_bytes()))
    before = exported(cycle)

    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: backwards(value[key]) for key in sorted(value, key=lambda key: (len(key), key), reverse=True)}
        return [backwards(part) for part in value] if isinstance(value, list) else value

    for worksheet in Worksheet.objects.all():
        Worksheet.objects.filter(pk=worksheet.pk).update(answers=backwards(worksheet.answers))
    assert exported(cycle) == before


def test_platforms_that_admins_add_and_retire_are_known() -> None:
    Platform.objects.create(key="mastodon", name="Mastodon")
    Platform.objects.filter(key="x").update(retired=True)
    document = change("worksheets.stakeholders.platforms.platforms.0.platform", "mastodon")
    document["worksheets"]["stakeholders"]["platforms"]["platforms"][1]["platform"] = "x"
    out = exported(interchange.store(interchange.read(as_bytes(document))))
    Organisation.objects.all().delete()
    assert exported(interchange.store(interchange.read(out))) == out


def test_a_short_name_from_the_administration_comes_in_again(world: World) -> None:
    Organisation.objects.filter(pk=world.anywhere.pk).update(slug="NHS_Any--where")
    assert errors(exported(world.cycle)) == []


@pytest.mark.parametrize("name", [" NHS  anywhere foundation\u00a0trust", "NHS\u200b Anywhere Foundation Trust"])
def test_a_file_makes_no_second_organisation_of_the_same_name(world: World, name: str) -> None:
    document = sample()
    document["organisation"] = {"name": name, "slug": "another"}
    with pytest.raises(Refused, match=r"organisation\.slug: NHS .* is here already, as nhs-anywhere"):
        interchange.store(interchange.read(as_bytes(document)))
    assert not Organisation.objects.filter(slug="another").exists()


@pytest.mark.parametrize(("begins", "kind"), [(b"PK\x03\x04", "an Excel workbook"), (b"%PDF-1.7", "a PDF")])
def test_a_file_of_another_kind_is_told_to_be_one(begins: bytes, kind: str) -> None:
    with pytest.raises(Refused, match=f"The file is {kind}"):
        interchange.read(begins + b"\x8b\xff" * 50)


def test_a_number_is_a_number_however_it_is_written() -> None:
    text = SAMPLE_FILE.read_text().replace('"capacity": 24', '"capacity": 2.40e1')
    cycle = interchange.store(interchange.read(text.encode()))
    assert b'"capacity": 24,' in exported(cycle)


# What is refused, named by its path.


def test_the_sample_is_sound_with_and_without_a_byte_order_mark() -> None:
    assert errors(SAMPLE_FILE.read_bytes()) == []
    assert errors(b"\xef\xbb\xbf" + SAMPLE_FILE.read_bytes()) == []


AIM = "worksheets.drivers.aims.aims.0"
WRONG = {
    "format": [
        ("strategy-review/3", "format: must be strategy-review/2"),
        (None, "format: must be"),
        (..., "format: is missing"),
    ],
    "colour": [("red", "colour: is not known here")],
    "organisation": [([], "organisation: must be an object"), (..., "organisation: is missing")],
    "organisation.name": [
        ("", "organisation.name: must be text"),
        (7, "organisation.name: must"),
        ("x" * 121, "120 characters"),
    ],
    "organisation.slug": [
        ("../x", "organisation.slug: must be"),
        ("", "organisation.slug: must"),
        ("a" * 61, "60 characters"),
    ],
    "organisation.size": [(1, "organisation.size: is not known here")],
    "cycle.name": [
        ("\u200b \u0000", "cycle.name: must be text, and not empty"),
        ("x" * 81, "cycle.name: "),
        (..., "cycle.name: is missing"),
    ],
    "cycle.starts": [
        ("2026-02-31", "cycle.starts: must be a date"),
        (20261001, "cycle.starts"),
        ("0999-10-01", "cycle.starts"),
        ("1999-10-01", "cycle.starts: Enter a start date in the years 2000 to 2100"),
        ("2999-10-01", "cycle.starts: Enter a start date in the years 2000 to 2100"),
    ],
    "cycle.ends": [
        ("2026-10-01", "cycle.ends: Enter an end date that is after the start date"),
        ("2028-10-02", "cycle.ends: Enter an end date that is no more than 24 months after the start date"),
        ("soon", "cycle.ends: must be a date"),
    ],
    "worksheets": [
        ([], "worksheets: must be an object"),
        (None, "worksheets: must be an object"),
        (..., "worksheets: is missing"),
    ],
    "worksheets.extra": [({}, "worksheets.extra: is not known here")],
    "worksheets.drivers": [("", "worksheets.drivers: must be an object")],
    "worksheets.drivers.extra": [({}, "worksheets.drivers.extra: is not known here")],
    "worksheets.drivers.aims": [([], "worksheets.drivers.aims: must be an object")],
    "worksheets.drivers.aims.extra": [(1, "worksheets.drivers.aims.extra: is not known here")],
    "worksheets.drivers.aims.aims": [({}, "worksheets.drivers.aims.aims: must be a list of rows")],
    "worksheets.drivers.drivers.drivers": [
        (["love"], "worksheets.drivers.drivers.drivers[0]: must be one of leadership")
    ],
    AIM: [(None, "worksheets.drivers.aims.aims[0]: must be an object")],
    f"{AIM}.id": [("Aim 1", "aims[0].id: must be 1 to 40"), ("", "aims[0].id: must"), (None, "aims[0].id: must")],
    f"{AIM}.statement": [
        (1, "aims[0].statement: must be text"),
        ("x" * 2_001, "aims[0].statement: Shorten"),
    ],
    f"{AIM}.achievable": [("maybe", "aims[0].achievable: must be one of yes, unsure, no")],
    f"{AIM}.extra": [(1, "aims[0].extra: is not known here")],
    "worksheets.drivers.aims.aims.1.id": [("aim-maternity", "worksheets.drivers.aims.aims[1].id: ")],
    "worksheets.alignment.objectives.objectives.0.aims": [
        (["aim-none"], "worksheets.alignment.objectives.objectives[0].aims[0]: must be the id"),
        ("aim-maternity", "objectives[0].aims: must be a list"),
        (["aim-maternity", "aim-maternity"], "objectives[0].aims: must not name the same twice"),
        ([["aim-maternity"]], "objectives[0].aims[0]: must be the id"),
    ],
    "worksheets.alignment.smart.smart.0.objective": [
        ("obj-none", "worksheets.alignment.smart.smart[0].objective: must be")
    ],
    "worksheets.alignment.smart.smart.0.due": [
        ("2027-02-31", "smart[0].due: Enter a day from 1 to 28"),
        ("1/1/2027", "must be a date"),
    ],
    "worksheets.stakeholders.stakeholders.stakeholders.0.size": [
        (-1, "worksheets.stakeholders.stakeholders.stakeholders[0].size: "),
        (1.5, "stakeholders[0].size: "),
        ("5", "stakeholders[0].size: must be a number"),
        (10**9 + 1, "stakeholders[0].size: "),
        (True, "stakeholders[0].size: must be a number"),
    ],
    "worksheets.stakeholders.presence.presence.0.stakeholder": [
        ("st-none", "worksheets.stakeholders.presence.presence[0].stakeholder: must be the id"),
        ([], "presence[0].stakeholder: must be the id"),
        (..., "presence[0].stakeholder: must be the id"),
        ("st-carers", "worksheets.stakeholders.presence.presence: "),
    ],
    "worksheets.stakeholders.presence.presence.0.use": [
        ({"orkut": "daily"}, "presence[0].use.orkut: is no platform"),
        ({"x": "hourly"}, "presence[0].use.x: must be one of daily, weekly, sometimes"),
        ([], "presence[0].use: must be an object"),
    ],
    "worksheets.stakeholders.platforms.platforms.0.platform": [
        ("orkut", "platforms[0].platform: must be one of facebook")
    ],
    "worksheets.resources.weekly.capacity": [(169, "worksheets.resources.weekly.capacity: "), (1.005, "capacity: ")],
    "worksheets.resources.weekly.peak_weeks": [(53, "worksheets.resources.weekly.peak_weeks: ")],
    "worksheets.resources.weekly.tasks": [
        ([{"task": "T"}] * 21, "worksheets.resources.weekly.tasks: Keep 20 tasks at most")
    ],
    "worksheets.evaluation.measures.measures.0.smart": [
        ("obj-flow", "measures[0].smart: must be the id of one of the rows")
    ],
}


@pytest.mark.parametrize(
    ("path", "value", "message"), [(path, value, message) for path, cases in WRONG.items() for value, message in cases]
)
def test_what_breaks_a_rule_is_named_by_its_path(path: str, value: Any, message: str) -> None:
    found = errors(change(path, value))
    assert any(message in error for error in found), found
    assert all(": " in error for error in found)


def test_every_error_is_named_at_once() -> None:
    document = change("cycle.ends", "soon")
    document["worksheets"]["drivers"]["aims"]["aims"][0]["achievable"] = "maybe"
    document["worksheets"]["evaluation"]["judgement"]["evaluate_on"] = "soon"
    found = errors(document)
    assert [error.split(": ")[0] for error in found] == [
        "cycle.ends",
        "worksheets.drivers.aims.aims[0].achievable",
        "worksheets.evaluation.judgement.evaluate_on",
    ]


def test_a_review_that_a_windows_shell_redirected_is_read() -> None:
    document = sample()
    document["cycle"]["name"] = "Hydref 2026 – “Llŷn”"
    text = json.dumps(document, ensure_ascii=False, indent=1).replace("\n", "\r\n") + "\r\n"
    straight, mistaken = text.encode("utf-16"), text.encode().decode("cp850").encode("utf-16")
    for data in (straight, mistaken):
        assert interchange.parse(data) == document
        assert interchange.read(data).name == "Hydref 2026 – “Llŷn”"


def test_an_export_may_be_written_to_a_file_that_no_shell_touches(tmp_path: Path) -> None:
    command("import_review", str(SAMPLE_FILE))
    file = tmp_path / "review.json"
    assert command("export_review", "nhs-anywhere/autumn-2026", "--output", str(file)) == ""
    assert file.read_text(encoding="utf-8") == command("export_review", "nhs-anywhere/autumn-2026")
    with pytest.raises(CommandError, match="cannot be written"):
        command("export_review", "nhs-anywhere/autumn-2026", "--output", str(tmp_path))


def test_a_name_in_a_file_is_one_line_without_what_nobody_sees() -> None:
    document = change("cycle.name", "\u202aAutumn\u00a0 2026\u2028\u200b")
    assert interchange.read(json.dumps(document).encode()).name == "Autumn 2026"


def test_of_a_format_that_is_not_known_here_nothing_is_said_but_that() -> None:
    document = change("format", "other")
    document["worksheets"]["drivers"]["aims"]["aims"][0]["achievable"] = "maybe"
    known = " or ".join(book.format for book in WORKBOOKS.values())
    assert errors(document) == [f"format: must be {known}"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is not JSON"),
        (b"Dear all,", "The file is not JSON"),
        (b"{", "The file is not JSON"),
        ("{}".encode("utf-16"), "format: is missing"),
        ("{}".encode("utf-16")[:-1], "another encoding than UTF-8"),
        (b'{"format": "\xe9"}', "Write it again with export_review and its option --output"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'{"format": NaN}', "NaN is not a number"),
        (b'{"format": -Infinity}', "-Infinity is not a number"),
        (b'{"format": 1, "format": 2}', "a key stands twice"),
        (b'{"format": ' + b"9" * 5_000 + b"}", "The file is not JSON"),
        (b"[]", "file: must be an object"),
        (b"null", "file: must be an object"),
        (b'"text"', "file: must be an object"),
        (b"{}", "format: is missing"),
        (b"{}{}", "The file is not JSON"),
        (b" " * 10_000_001, "larger than 10,000,000 bytes"),
    ],
)
def test_what_is_no_review_is_refused(data: bytes, message: str) -> None:
    assert any(message in error for error in errors(data)), errors(data)


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e-400", "9" * 4_000, "-0.0", "1E2", "0.1e1"])
def test_absurd_numbers_are_a_number_or_refused(number: str) -> None:
    text = SAMPLE_FILE.read_text().replace('"capacity": 24', f'"capacity": {number}')
    found = errors(text.encode())
    assert found == [] or found[0].startswith("worksheets.resources.weekly.capacity: ")


def test_keys_of_half_characters_can_still_be_named() -> None:
    (found,) = errors(change("worksheets.\ud800", {}))
    assert found.startswith("worksheets.\\ud800: is not known here")


# Any JSON at all.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@few
@given(JSON)
def test_any_json_is_read_or_refused(document: Any) -> None:
    assert errors(document)


@few
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert errors(data)


@few
@given(st.sampled_from(STRATEGY.questions), st.data())
def test_any_answer_is_read_or_refused(question: Any, data: Any) -> None:
    """Values of every type in the place of every field."""
    value = JSON | st.lists(
        st.dictionaries(st.sampled_from(["id", "stakeholder", "use", "aims", "statement"]), JSON, max_size=3)
    )
    keys = st.sampled_from([*question.form.base_fields, "other"])
    answer = data.draw(st.dictionaries(keys, value, max_size=3) | JSON)
    document = change("worksheets", {question.stage: {question.key: answer}})
    if not errors(document):
        assert_round_trip(as_bytes(document))


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inner for found in [(*way, key), *places(part, (*way, key))]]


def assert_round_trip(data: bytes) -> None:
    Organisation.objects.all().delete()
    first = exported(interchange.store(interchange.read(data)))
    Organisation.objects.all().delete()
    assert exported(interchange.store(interchange.read(first))) == first
    Organisation.objects.all().delete()


@few
@given(
    st.sampled_from(places(sample())),
    JSON | st.just(...) | st.sampled_from(["yes", "daily", 1, 2.5, "2027-01-01", "x"]),
)
def test_any_change_of_the_sample_is_refused_or_goes_in_and_comes_out(way: tuple[Any, ...], value: Any) -> None:
    document = sample()
    place = document
    for part in way[:-1]:
        place = place[part]
    if value is ...:
        del place[way[-1]]
    else:
        place[way[-1]] = copy.deepcopy(value)
    if not errors(document):
        assert_round_trip(as_bytes(document))


# The commands, and the download.


def command(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_import_prints_where_the_review_is_and_export_takes_it_from_there(tmp_path: Path) -> None:
    assert command("import_review", str(SAMPLE_FILE)) == "nhs-anywhere/autumn-2026\n"
    data = command("export_review", "nhs-anywhere/autumn-2026").encode()
    Organisation.objects.all().delete()
    file = tmp_path / "again.json"
    file.write_bytes(data)
    command("import_review", str(file))
    assert command("export_review", "nhs-anywhere/autumn-2026").encode() == data


def test_a_review_that_is_there_is_only_replaced_when_asked_to() -> None:
    command("import_review", str(SAMPLE_FILE))
    worksheet = Worksheet.objects.get(stage="content")
    saving.save_answer(worksheet, "working", {"changes": "Ours"}, user=None)
    saving.save_answer(worksheet, "plan", None, user=None)
    Worksheet.objects.filter(stage="content").update(status="complete")
    with pytest.raises(CommandError, match="--replace"):
        command("import_review", str(SAMPLE_FILE))
    assert Worksheet.objects.get(stage="content").answers["working"] == {"changes": "Ours"}

    assert command("import_review", str(SAMPLE_FILE), "--replace") == "nhs-anywhere/autumn-2026\n"
    now = Worksheet.objects.get(stage="content")
    assert now.answers["working"]["changes"] != "Ours"
    assert now.answers["plan"]["items"]
    assert not now.complete
    assert Cycle.objects.count() == 1
    # What was there before is not lost: it is history.
    assert Revision.objects.filter(answer={"changes": "Ours"}).exists()


def test_replacing_takes_away_what_the_file_does_not_have(tmp_path: Path) -> None:
    command("import_review", str(SAMPLE_FILE))
    file = tmp_path / "less.json"
    file.write_bytes(as_bytes(change("worksheets.content", ...)))
    command("import_review", str(file), "--replace")
    assert Worksheet.objects.get(stage="content").answers == {}


@pytest.mark.parametrize(
    "data", [b"no", as_bytes(change(f"{AIM}.achievable", "maybe")), as_bytes(change("format", "v2"))]
)
def test_nothing_of_a_refused_file_is_stored(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "wrong.json"
    file.write_bytes(data)
    with pytest.raises(CommandError):
        command("import_review", str(file))
    assert not Organisation.objects.exists()
    assert not Cycle.objects.exists()


@pytest.mark.parametrize(
    "words", [("import_review", "/nowhere.json"), ("import_review", "/"), ("export_review", "a/b")]
)
def test_a_command_that_finds_nothing_says_so(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"cannot be read|There is no review a/b"):
        command(*words)


def test_a_refused_file_ends_the_command_with_status_1_and_a_line_for_each_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = change(f"{AIM}.achievable", "maybe")
    document["cycle"]["ends"] = "soon"
    file = tmp_path / "wrong.json"
    file.write_bytes(as_bytes(document))
    # A command closes the connections when it is done; this one is needed again.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "import_review", str(file), "--no-color"])
    assert ended.value.code == 1
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert any("cycle.ends: must be a date, like 2027-03-31" in line for line in lines)
    assert any("worksheets.drivers.aims.aims[0].achievable: must be one of yes, unsure, no" in line for line in lines)


def test_a_lead_downloads_the_same_file(world: World, signed_in: SignIn) -> None:
    world.fill(**interchange.read(SAMPLE_FILE.read_bytes()).answers)
    url = reverse("download-json", args=[world.anywhere.slug, STRATEGY, world.cycle.slug])
    response = signed_in(world.lead).get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="nhs-anywhere-autumn-2026.json"'
    assert response.content == exported(world.cycle)
    for other, status in ((world.contributor, 403), (world.manager, 403), (world.outsider, 404)):
        assert signed_in(other).get(url).status_code == status


# Files of version 1, and what version 2 added to a file.


OLD = SAMPLE_FILE.with_name("nhs-anywhere-1.json")


def old(**presence: Any) -> Any:
    """The sample of version 1, with another answer to where stakeholders are."""
    document = json.loads(OLD.read_text(encoding="utf-8"))
    document["worksheets"]["stakeholders"]["presence"] |= presence
    return document


def test_a_file_of_version_one_is_read_and_comes_out_as_version_two() -> None:
    document = json.loads(exported(interchange.store(interchange.read(OLD.read_bytes()))))
    assert document["format"] == "strategy-review/2"
    stakeholders, before = document["worksheets"]["stakeholders"], old()["worksheets"]["stakeholders"]
    accounts = [
        {name: value for name, value in row.items() if name != "id"} for row in stakeholders["platforms"]["platforms"]
    ]
    assert accounts == [
        {name: value for name, value in row.items() if value != ""} for row in before["presence"]["platforms"]
    ]
    assert {row["where"] for row in stakeholders["presence"]["presence"]} == {"some"}
    assert "watched" not in document["worksheets"]["resources"]["weekly"]
    again = exported(interchange.store(interchange.read(json.dumps(document).encode()), replace=True))
    assert json.loads(again) == document


def test_of_whom_nothing_was_marked_in_version_one_it_is_not_known_where_they_are() -> None:
    rows = old()["worksheets"]["stakeholders"]["presence"]["presence"]
    rows[3].pop("use")
    read = interchange.read(as_bytes(old(presence=rows)))
    found = read.answers["stakeholders"]["presence"]["presence"]
    assert [row["where"] for row in found] == ["some", "some", "some", "unknown", "some"]


def test_errors_in_a_file_of_version_one_are_named_by_where_they_stand_in_it() -> None:
    document = old(platforms=[{"platform": "orkut", "role": "active"}])
    (error,) = errors(document)
    assert error.startswith("worksheets.stakeholders.presence.platforms[0].platform: must be one of facebook")
    document = old()
    document["worksheets"]["stakeholders"]["platforms"] = {"platforms": []}
    assert errors(document) == [
        "worksheets.stakeholders.platforms: is not known in version 1. There it is part of presence"
    ]


def test_what_version_two_added_is_not_known_in_a_file_of_version_one() -> None:
    document = old()
    presence = document["worksheets"]["stakeholders"]["presence"]
    presence["presence"][0]["where"] = "some"
    presence["evidence"] = []
    presence["platforms"][1]["link"] = "https://example.org"
    document["worksheets"]["resources"]["weekly"]["watched"] = "always"
    document["cycle"]["strategy_title"] = "Our plan"
    document["reasons"] = []
    assert sorted(errors(document)) == [
        "cycle.strategy_title: is not known in strategy-review/1",
        "reasons: is not known in strategy-review/1",
        "worksheets.resources.weekly.watched: is not known in version 1",
        "worksheets.stakeholders.presence.evidence: is not known in version 1",
        "worksheets.stakeholders.presence.platforms[1].link: is not known in version 1",
        "worksheets.stakeholders.presence.presence[0].where: is not known in version 1",
    ]


def test_a_file_of_version_one_has_ten_accounts_at_most() -> None:
    rows = [{"platform": "x", "account": f"@{n}", "role": "active"} for n in range(11)]
    assert errors(old(platforms=rows)) == [
        "worksheets.stakeholders.presence.platforms: must have 10 rows at most in version 1"
    ]
    assert interchange.read(as_bytes(old(platforms=rows[:10])))


@pytest.mark.parametrize("stakeholders", [[], "x", {"presence": 7}, {"presence": {"presence": [3], "platforms": 5}}])
def test_a_broken_file_of_version_one_is_refused_and_nothing_fails(stakeholders: Any) -> None:
    document = old()
    document["worksheets"]["stakeholders"] = stakeholders
    assert errors(document)


@few
@given(
    st.sampled_from(places(json.loads(OLD.read_text(encoding="utf-8"))["worksheets"])),
    JSON | st.just(...) | st.sampled_from(["yes", "daily", 1, 2.5, "2027-01-01", "x"]),
)
def test_any_change_of_a_file_of_version_one_is_refused_or_goes_in_and_comes_out(
    way: tuple[Any, ...], value: Any
) -> None:
    document = old()
    place = document["worksheets"]
    for part in way[:-1]:
        place = place[part]
    if value is ...:
        del place[way[-1]]
    else:
        place[way[-1]] = copy.deepcopy(value)
    found = errors(document)
    # Where the platforms stand today is nowhere in such a file.
    assert not [error for error in found if error.startswith("worksheets.stakeholders.platforms")]
    if not found:
        assert_round_trip(as_bytes(document))


REASON = {"finding": "resources.no-better-outcome", "subjects": [], "text": "The board asked for it."}


def test_reasons_and_the_strategy_come_out_as_they_went_in() -> None:
    document = sample()
    document["cycle"] |= {"strategy_title": "Trust strategy", "strategy_link": "https://example.org/strategy"}
    document["reasons"] = [
        {"finding": "drivers.aim-doubtful", "subjects": ["aim-maternity", "aim-waiting"], "text": "We try it."},
        {"finding": "stakeholders.top-platform-unused", "subjects": ["whatsapp"], "text": "Nobody may use it."},
        REASON,
    ]
    cycle = interchange.store(interchange.read(as_bytes(document)))
    out = exported(cycle)
    written = json.loads(out)
    assert (written["cycle"], written["reasons"]) == (document["cycle"], document["reasons"])
    Organisation.objects.all().delete()
    assert exported(interchange.store(interchange.read(out))) == out


def test_a_file_without_reasons_takes_those_of_the_review_away_that_it_replaces() -> None:
    interchange.store(interchange.read(as_bytes(sample() | {"reasons": [REASON]})))
    cycle = interchange.store(interchange.read(as_bytes(sample())), replace=True)
    assert "reasons" not in json.loads(exported(cycle))


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (7, "reasons[0]: must be an object"),
        (REASON | {"finding": "no.rule"}, "reasons[0].finding: is the id of no rule"),
        (REASON | {"finding": ["x"]}, "reasons[0].finding: is the id of no rule"),
        (REASON | {"subjects": ["aim-waiting"]}, "reasons[0].subjects[0]: is none of the rows"),
        (REASON | {"finding": "drivers.aim-doubtful"}, "reasons[0].subjects: must name at least one"),
        (
            REASON | {"finding": "drivers.aim-doubtful", "subjects": ["x"]},
            "reasons[0].subjects[0]: is none of the rows",
        ),
        (REASON | {"subjects": "all"}, "reasons[0].subjects: must be a list of ids"),
        (REASON | {"text": " \u200b"}, "reasons[0].text: must be text, and not empty"),
        (REASON | {"text": "x" * 2_001}, "reasons[0].text: Shorten"),
        (REASON | {"by": "Lena"}, "reasons[0].by: is not known here"),
    ],
)
def test_a_reason_that_belongs_to_no_point_is_refused(reason: Any, message: str) -> None:
    found = errors(sample() | {"reasons": [reason]})
    assert any(error.startswith(message) for error in found), found


def test_two_reasons_for_one_point_are_refused() -> None:
    assert errors(sample() | {"reasons": [REASON, REASON]}) == ["reasons[1]: is about the same point as another one"]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("strategy_link", "javascript:alert(1)", "cycle.strategy_link: Enter a full web address"),
        ("strategy_link", 7, "cycle.strategy_link: must be text"),
        ("strategy_title", "", "cycle.strategy_title: must be text, and not empty"),
        ("strategy_title", "x" * 201, "cycle.strategy_title: must have 200 characters at most"),
    ],
)
def test_a_strategy_that_could_not_be_entered_is_refused(key: str, value: Any, message: str) -> None:
    document = sample()
    document["cycle"][key] = value
    assert any(error.startswith(message) for error in errors(document))


def test_what_no_choice_leaves_room_for_is_not_written() -> None:
    cycle = interchange.store(interchange.read(as_bytes(sample())))
    sheet = Worksheet.objects.get(cycle=cycle, stage="content")
    sheet.answers["signoff"]["needed"] = "no"
    sheet.save()
    out = exported(cycle)
    assert "steps" not in json.loads(out)["worksheets"]["content"]["signoff"]
    Organisation.objects.all().delete()
    assert exported(interchange.store(interchange.read(out))) == out
