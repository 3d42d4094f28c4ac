"""Skeletons: a field filled from its skeleton is what the NHS macro makes of the same values, and no hole leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template import engines
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.world import sample
from worksheets.fields import (
    Case,
    Choices,
    Day,
    Kind,
    Number,
    Platform,
    PlatformUse,
    Reference,
    References,
    Rows,
    Scope,
    Select,
    Sentence,
    Text,
    WebAddress,
)
from worksheets.review import Review
from worksheets.skeleton import Skeleton, skeleton, slot
from worksheets.workbooks.strategy import STRATEGY

NASTY = "</textarea><script>alert(1)</script>{{ 7*7 }}{% now 'Y' %}\"'&amp; \ue000value\ue001 \ue000error\ue001"
MESSAGE = f"Say why: {NASTY}"


def scope() -> Scope:
    platforms = {"facebook": "Facebook", "x": f"X {NASTY}", "instagram": "Instagram"}
    found = Scope(sample()["worksheets"], f"NHS {NASTY}", platforms, {"bebo": "Bebo"}, numbers=STRATEGY.numbers)
    return Review(STRATEGY, found).scope


SCOPE = scope()
# Every field of every question, on its own or of a row; boxes that open further fields have tests of their own.
FIELDS: list[tuple[str, Kind, bool]] = []
for _question in STRATEGY.questions:
    for _name, _kind in _question.form.base_fields.items():
        if isinstance(_kind, Rows):
            inner = [(n, k) for n, k in _kind.fields.items() if not isinstance(k, PlatformUse)]
            FIELDS += [(f"{_question.key}.{_name}.{n}", k, True) for n, k in inner]
        elif not (isinstance(_kind, Choices) and _kind.opens):
            FIELDS.append((f"{_question.key}.{_name}", _kind, False))


def macro(component: str, name: str, params: dict[str, Any]) -> str:
    """What the NHS macro makes of values given to it directly."""
    env: Any = engines["jinja2"]
    module = env.env.get_template(f"nhsuk/components/{component}/macro.jinja").module
    return str(getattr(module, name)(params))


def limited(kind: Text, raw: str) -> dict[str, Any]:
    """What a box of several lines has beside what every box has, its limit above all."""
    limit = {"maxlength": 2000, "threshold": 75, "textareaDescriptionText": "Up to 2,000 characters"}
    plain = {"value": raw, "autocomplete": "off", "attributes": {"dir": "auto"}}
    if isinstance(kind, Sentence):
        plain["value"] = kind.parts(raw, SCOPE)[1]
    return {**limit, **plain, "rows": max(kind.lines, 3) if "\n" in raw else kind.lines}


def directly(kind: Kind, raw: Any, error: str, at: str, in_row: bool) -> str:
    """The field as the macro draws it when it is called with the values themselves."""
    name = f"{at}{kind.name}"
    size = {} if in_row else {"size": "s"}
    words = kind.label if kind.needed or kind.needed_when else f"{kind.label} (optional)"
    label = {"text": words, **size}
    if kind.row_noun:
        hidden = '{}<span class="nhsuk-u-visually-hidden">, {} 4</span>'
        label = {"html": format_html(hidden, words, kind.row_noun.capitalize()), **size}
    common: dict[str, Any] = {"formGroup": {"classes": "app-half" if kind.half else ""}}
    if kind.help_text:
        common["hint"] = {"text": kind.help_text.replace("{organisation}", SCOPE.organisation)}
    if error:
        common["errorMessage"] = {"text": error}
    box = {"id": name, "name": name, "label": label, **common}
    match kind:
        case WebAddress():
            plain = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": False}
            return macro("input", "input", box | plain | {"type": "url", "value": raw})
        case Sentence():
            begins = kind.parts(raw, SCOPE)[0]
            own = "" if raw else begins
            hidden = format_html('<input type="hidden" name="{}-begins" value="{}">', name, own)
            box |= {"hint": {"text": f"{begins}\u00a0…"}}
            return macro("character-count", "characterCount", box | limited(kind, raw)) + str(hidden)
        case Text():
            lines = max(kind.lines, 3) if "\n" in raw else kind.lines
            box |= {"value": raw, "autocomplete": "off", "attributes": {"dir": "auto"}}
            if lines == 1:
                if kind.suggests:
                    box["attributes"] = {"dir": "auto", "list": f"suggested-{kind.suggests}"}
                return macro("input", "input", box | {"width": kind.width})
            if kind.row_noun:
                return macro("textarea", "textarea", box | {"rows": lines})
            return macro("character-count", "characterCount", box | limited(kind, raw))
        case Number():
            parts = {"inputmode": "decimal" if kind.places else "numeric", "width": "5" if kind.places else "10"}
            if kind.before:
                parts["prefix"] = kind.before
            if kind.unit:
                parts["suffix"] = kind.unit
            return macro("input", "input", box | parts | {"value": raw, "autocomplete": "off"})
        case Day():
            wrong = " nhsuk-input--error" if error else ""
            items = [
                {
                    "name": f"{name}-{part}",
                    "id": f"{name}{'' if part == 'day' else f'-{part}'}",
                    "label": part.title(),
                    "value": value,
                    "classes": f"nhsuk-input--width-{4 if part == 'year' else 2}{wrong}",
                }
                for part, value in zip(kind.PARTS, raw, strict=True)
            ]
            given = {"id": f"{name}-date", "fieldset": {"legend": label}, "items": items, **common}
            return macro("date-input", "dateInput", given)
    chosen = kind.chosen(raw)  # type: ignore[attr-defined]
    offered = kind.offered(chosen, SCOPE)  # type: ignore[attr-defined]
    if isinstance(kind, Select | Platform | Reference):
        theirs = {"attributes": {"dir": "auto"}} if isinstance(kind, Reference) else {}
        options = [{"value": key, "text": words, "selected": key in chosen, **theirs} for key, words in offered.items()]
        return macro("select", "select", box | {"items": [{"value": "", "text": "Choose"}, *options]})
    items = [{"value": key, "text": words, "checked": key in chosen} for key, words in offered.items()]
    given = {"idPrefix": name, "name": name, "fieldset": {"legend": label}, "items": items, **common}
    if isinstance(kind, References):
        for item in items:
            words = item.pop("text")
            if kind.brief:
                title, words = SCOPE.titled(kind.refers)[str(item["value"])]
                title = title.replace(" ", "\u00a0")
                words = format_html('{}<span class="nhsuk-u-visually-hidden">: {}</span>', title, words)
            item["html"] = format_html('<bdi dir="auto">{}</bdi>', words)
    if isinstance(kind, Choices):
        for item in items:
            if item["value"] in kind.hints:
                item["hint"] = {"text": kind.hints[item["value"]]}
        return macro("checkboxes", "checkboxes", given | {"small": in_row})
    for item in items:
        if item["value"] in kind.opens:  # type: ignore[attr-defined]
            item["classes"] = "app-opens"
    return macro("radios", "radios", given | {"inline": kind.inline, "small": kind.inline or in_row})  # type: ignore[attr-defined]


def same(one: str, other: str) -> None:
    """Both are the same elements with the same attributes and words."""

    def told(markup: str) -> list[Any]:
        found: list[Any] = []
        for element in html.fragment_fromstring(markup, create_parent="div").iter():
            attributes = {
                key: " ".join(value.split()) if key in ("class", "aria-describedby") else value
                for key, value in element.attrib.items()
            }
            text = [re.sub(r"\s+", " ", words or "").strip() for words in (element.text, element.tail)]
            found.append((element.tag, {k: v for k, v in attributes.items() if v or k == "value"}, *text))
        return found

    assert told(one) == told(other)


def filled(kind: Kind) -> list[Any]:
    """Raw answers of every shape that a field of this kind may have: none, one, several, and what breaks markup."""
    match kind:
        case Text():
            return ["", "Plain words", NASTY, f"{NASTY}\nand a second line"]
        case Number():
            return ["", "7.5", NASTY]
        case Day():
            return [("", "", ""), ("31", "3", "2027"), (NASTY, NASTY, "")]
        case Choices():
            keys = list(kind.offered([], SCOPE))
            return [[], keys[:1], keys, [*keys[1:2], "bebo"], [NASTY]]
    keys = list(kind.offered([], SCOPE))  # type: ignore[attr-defined]
    return ["", keys[0], keys[-1], "bebo", NASTY]


def drawn(kind: Kind, raw: Any, error: str, in_row: bool) -> str:
    case = Case(SCOPE)
    at: tuple[str | int, ...] = ("table", 3, kind.name) if in_row else (kind.name,)
    if error:
        case.fault(at, error)
    return str(kind.draw(at, raw, case))


@pytest.mark.parametrize(("kind", "in_row"), [f[1:] for f in FIELDS], ids=[f[0] for f in FIELDS])
def test_a_field_is_what_the_macro_makes_of_the_same_values(kind: Kind, in_row: bool) -> None:
    for raw in filled(kind):
        for error in ("", MESSAGE):
            same(drawn(kind, raw, error, in_row), directly(kind, raw, error, "table-3-" if in_row else "", in_row))


def test_a_box_is_ticked_for_each_platform_that_is_used_and_opens_how_often() -> None:
    kind = STRATEGY.question["presence"].form.kinds["presence"].fields["use"]  # type: ignore[attr-defined]
    for used in ({}, {"x": "yes"}, {"facebook": "daily", "x": "sometimes"}, {"bebo": "weekly"}):
        page = html.fragment_fromstring(drawn(kind, used, "", in_row=True), create_parent="div")
        boxes = page.xpath(".//input[@type='checkbox']")
        assert [box.get("name").removeprefix("table-3-use-") for box in boxes] == [*kind.offered(used, SCOPE)]
        assert {box.get("name").removeprefix("table-3-use-") for box in boxes if "checked" in box.attrib} == set(used)
        for box in boxes:
            key = box.get("name").removeprefix("table-3-use-")
            (often,) = page.xpath(f".//select[@name='table-3-use-often-{key}']")
            chosen = used.get(key, "")
            assert often.xpath("string(option[@selected]/@value)") == ("" if chosen == "yes" else chosen)
            (opened,) = often.xpath("ancestor::*[contains(@class, 'nhsuk-checkboxes__conditional')][1]")
            assert (Choices.HIDDEN in opened.get("class")) is (key not in used)


def test_boxes_that_open_further_fields_are_what_the_macro_makes_of_them() -> None:
    form_class = STRATEGY.question["drivers"].form
    for answer in (
        {},
        {"drivers": ["peers"], "peers_evidence": NASTY},
        {"drivers": list(form_class.base_fields["drivers"].choices)},
    ):
        form = form_class(initial=answer, scope=SCOPE)
        kind = form_class.base_fields["drivers"]
        items = [
            {
                "value": key,
                "text": words,
                "checked": key in answer.get("drivers", []),
                "conditional": {"html": form.inside("drivers", key)},
                **({"hint": {"text": kind.hints[key]}} if key in kind.hints else {}),
            }
            for key, words in kind.choices.items()
        ]
        params = {
            "idPrefix": "drivers",
            "name": "drivers",
            "items": items,
            "hint": {"text": kind.help_text},
            "fieldset": {"legend": {"text": kind.label, "size": "s"}},
        }
        same(str(form["drivers"].as_field_group()), macro("checkboxes", "checkboxes", params))


@pytest.mark.parametrize("question", [question.key for question in STRATEGY.questions])
def test_whole_questions_hold_what_was_answered_and_no_hole(question: str) -> None:
    asked = STRATEGY.question[question]
    for answer in ({}, SCOPE.answer(asked.stage, question)):
        form = asked.form(initial=answer, scope=SCOPE)
        markup = "".join(str(field.as_field_group()) for field in form.shown())
        assert not re.search("\ue000(?!value\ue001|error\ue001)", markup)
        assert "<script>" not in markup


@given(st.text(), st.text())
def test_what_fills_a_hole_is_escaped_and_not_read_again(one: str, two: str) -> None:
    made = Skeleton(f'<p class="{slot("a")}">{slot("b")}{slot("a")}</p>').fill({"a": one, "b": two})
    escape: Callable[[str], str] = lambda text: (  # noqa: E731
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
    assert made == f'<p class="{escape(one)}">{escape(two)}{escape(one)}</p>'


def test_the_marks_of_holes_in_a_value_stay_text() -> None:
    made = Skeleton(f"<b>{slot('a')}</b>").fill({"a": "\ue000b\ue001<i>", "b": "never"})
    assert made == "<b>\ue000b\ue001&lt;i&gt;</b>"


def test_a_hole_without_a_value_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        Skeleton(slot("a")).fill({})


def test_a_skeleton_is_made_once() -> None:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return f"<b>{slot('a')}</b>"

    for _ in range(3):
        assert skeleton(("tests", "made once"), make).fill({"a": "x"}) == "<b>x</b>"
    assert made == [1]
