"""The floors of the house: a module imports only from floors below its own, or from its own room."""

from __future__ import annotations

import ast
from pathlib import Path

WORKSHEETS = Path(__file__).parent.parent / "worksheets"

# The floors, from the ground up. What is not named here stands on top: views, addresses, administration, commands.
FLOORS = (
    {"addresses", "dates", "skeleton", "presentation", "prepared"},
    {"fields", "models"},
    {"texts"},
    {"access", "stages"},
    {"review", "saving", "merging", "lists", "cycles"},
    {"interchange", "pages"},
    {"following"},
    {"comparing", "pictures"},
    {"report", "wizard"},
)
TOP = len(FLOORS)


def floor(room: str) -> int:
    return next((n for n, rooms in enumerate(FLOORS) if room in rooms), TOP)


def imports(file: Path) -> set[str]:
    """The rooms of the review that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "worksheets":
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("worksheets."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("worksheets.")}
    return found


def test_every_module_imports_only_from_floors_below_its_own() -> None:
    wrong = []
    for file in sorted(WORKSHEETS.rglob("*.py")):
        room = file.relative_to(WORKSHEETS).parts[0].removesuffix(".py")
        if floor(room) < TOP:
            above = {other for other in imports(file) if other != room and floor(other) >= floor(room)}
            wrong += [f"{file.relative_to(WORKSHEETS)} imports {other}" for other in sorted(above)]
    assert not wrong
