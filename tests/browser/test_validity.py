"""The HTML of every page that the tests before this one looked at, checked by html-validate and by the Nu checker.

This file comes last by its name, so that all pages are there; where several processes test side by side, it is run
after them (`.ci/run`).
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser

MODULES = settings.BASE_DIR / "node_modules"
# What html-validate leaves alone, beyond its recommended rules.
RULES = {
    "root": True,
    "extends": ["html-validate:recommended"],
    "rules": {
        # Boxes of one question share a name, and so do the buttons that say what to do with a form.
        "form-dup-name": ["error", {"shared": ["radio", "checkbox", "button", "submit"]}],
        # From the macros of the NHS design system: buttons of the header without a type, roles that the element has
        # anyway, a role on a link that looks like a button and on a banner.
        "no-implicit-button-type": "off",
        "no-redundant-role": "off",
        "prefer-native-element": "off",
        # The title is the question, in full.
        "long-title": "off",
    },
}
# Tables that become cards on a phone say their roles, as the design system's responsive tables do: a browser that draws
# a table as blocks may forget that it is one.
ROLES = r".*The “role” attribute must not be used on a “t[drh]” element which has a “table” ancestor.*"


def run(*command: str | Path) -> str:
    """What a checker has to say; nothing when all is well."""
    # The tools start `node`, which is in .venv on a machine that has none of its own.
    paths = f"{settings.BASE_DIR / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=240,
        env={**os.environ, "PATH": paths},
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def pages(kept_pages: Path) -> list[Path]:
    """The pages of this service; those of Django's administration are Django's own."""
    kept = sorted(page for page in kept_pages.glob("*.html") if not page.name.startswith("administration"))
    if len(kept) < 100:
        pytest.fail("Run all of tests/browser: these pages are collected by the tests before this one.")
    return kept


def test_html_validate_finds_nothing(pages: list[Path], tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    found = run(MODULES / ".bin" / "html-validate", "--config", rules, "--formatter", "text", *pages)
    assert found == ""


def test_the_nu_checker_finds_nothing(pages: list[Path]) -> None:
    found = run(
        "java",
        "-jar",
        MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar",
        "--errors-only",
        "--filterpattern",
        ROLES,
        *pages,
    )
    assert found == ""
