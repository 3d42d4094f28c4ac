"""Templates: all of them compile, a misspelled name fails in tests, and no number of a workbook stands in one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import Environment
from jinja2.exceptions import UndefinedError

FOLDER = Path(settings.BASE_DIR) / "templates"
FILES = sorted(
    file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*") if file.suffix in (".jinja", ".html", ".txt")
)
# What is counted, and so may not be written: the number of a question, and how many worksheets and questions there are.
COUNTED = re.compile(r"\bquestions? [0-9]|\bsix\b|\btwenty\b|\bof (?:6|2[0-9])\b", re.IGNORECASE)


@pytest.fixture
def environment() -> Environment:
    """What draws our pages."""
    return engines["jinja2"].env


@pytest.mark.parametrize("name", FILES)
def test_every_template_compiles(environment: Environment, name: str) -> None:
    environment.get_template(name)


@pytest.mark.parametrize(
    "text",
    [
        "{{ cylce.name }}",
        "{% if cylce %}a review{% endif %}",
        "{% for sheet in cylce %}{% endfor %}",
        "{{ cycle.nmae }}",
    ],
)
def test_a_misspelled_name_fails(environment: Environment, text: str) -> None:
    with pytest.raises(UndefinedError):
        environment.from_string(text).render(cycle={"name": "Autumn 2026"})


def test_the_macros_of_the_design_system_may_ask_for_what_nobody_gave(environment: Environment) -> None:
    text = '{% from "nhsuk/components/button/macro.jinja" import button %}{{ button({"text": "Save"}) }}'
    assert "Save" in environment.from_string(text).render()
    with pytest.raises(UndefinedError):
        environment.from_string(text.replace('"Save"', "wrods")).render()


def test_what_a_template_made_fills_a_hole_as_it_is(environment: Environment) -> None:
    text = '{% set words %}<b>{{ "<i>" }}</b>{% endset %}{{ fixed("inset-text", {"html": slot("html")}, html=words) }}'
    assert "<b>&lt;i&gt;</b>" in environment.from_string(text).render()
    assert "&lt;b&gt;" in environment.from_string(text.replace("html=words", "html='<b>'")).render()


@pytest.mark.parametrize("name", FILES)
def test_no_template_writes_what_is_counted(name: str) -> None:
    assert not COUNTED.findall((FOLDER / name).read_text(encoding="utf-8"))
