"""The floors of the house: a module imports only from floors below its own, or from its own room."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
WORKSHEETS = HOUSE / "worksheets"

# The floors, from the ground up. What is asked stands in `workbooks`; above it is the engine that asks it.
FLOORS = (
    {"cleaning", "decoding", "guides", "kept", "languages", "limits", "words", "presentation", "skeleton", "whole"},
    {"addresses", "ageing", "dates", "numbers"},
    {"fields", "forms", "models"},
    {"workbook", "drawing", "audit", "post", "once"},
    {"workbooks", "tries"},
    {"texts", "lists"},
    {"review", "saving", "merging", "proofreading", "searching", "typed"},
    {"neighbours"},
    {"access", "cycles", "reasons"},
    {"pages", "interchange"},
    {"answering", "comparing", "mending", "actions"},
    {"following", "history", "assigning"},
    {"report"},
    {"wizard", "signoff", "results", "steps", "policies"},
    {"diary", "groups", "spreadsheets"},
    {"reminders"},
    {"views", "summary", "organisations", "guidance_pages", "pictures_page", "example"},
    {"printing"},
    {"admin", "management", "urls"},
    {"apps", "migrations"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
OURS, BOOKS = "worksheets.", "worksheets.workbooks."
WORKBOOKS = sorted(folder.parent.name for folder in (WORKSHEETS / "workbooks").glob("*/__init__.py"))


def modules() -> list[Path]:
    return [file for file in sorted(WORKSHEETS.rglob("*.py")) if file != WORKSHEETS / "__init__.py"]


def room_of(file: Path) -> str:
    return file.relative_to(WORKSHEETS).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    """What a file imports of `worksheets`, each name in full and with a dot at its end: "worksheets.fields.Rows."."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} imports by dots"
            yield from (f"{node.module}.{name.name}." for name in node.names if f"{node.module}.".startswith(OURS))
        elif isinstance(node, ast.Import):
            yield from (f"{name.name}." for name in node.names if name.name.startswith(OURS))


def named(file: Path, wrong: Iterable[str]) -> list[str]:
    return [f"{file.relative_to(HOUSE)} imports {name.removesuffix('.')}" for name in sorted(set(wrong))]


def test_every_room_stands_on_one_floor() -> None:
    assert sum(map(len, FLOORS)) == len(FLOOR)
    assert {room_of(file) for file in modules()} == set(FLOOR)


def test_every_module_imports_only_from_floors_below_its_own() -> None:
    wrong = []
    for file in modules():
        own = room_of(file)
        rooms = {name.split(".")[1] for name in imports(file)}
        wrong += named(file, (room for room in rooms if room != own and FLOOR[room] >= FLOOR[own]))
    assert not wrong


def test_the_engine_looks_into_no_workbook() -> None:
    """It asks `worksheets.workbooks` which there are, and names none of them. Migrations are about the past."""
    wrong = []
    for file in (*modules(), *sorted((HOUSE / "toolkit").rglob("*.py"))):
        if not {"workbooks", "migrations"} & {*file.relative_to(HOUSE).parts}:
            inside = tuple(f"{BOOKS}{workbook}." for workbook in WORKBOOKS)
            wrong += named(file, (name for name in imports(file) if name.startswith(inside)))
    assert not wrong


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_a_workbook_knows_no_other(workbook: str) -> None:
    wrong = []
    for file in sorted((WORKSHEETS / "workbooks" / workbook).rglob("*.py")):
        books = {name for name in imports(file) if name.startswith(BOOKS)}
        wrong += named(file, (name for name in books if not name.startswith(f"{BOOKS}{workbook}.")))
    assert not wrong
