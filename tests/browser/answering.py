"""Answering a question in a browser from its JSON answer, the way a person would, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page

from worksheets.fields import Choice, Choices, Day, Kind, PlatformUse, Reference, References, Rows, RowsFor, Select
from worksheets.workbook import Question
from worksheets.workbooks.strategy import STRATEGY


def spoken_ids(worksheets: Mapping[str, Any]) -> dict[str, str]:
    """The words of every row of a review by its id: a person looks for a row by its words."""
    words = {}
    for answers in worksheets.values():
        for key, answer in answers.items():
            for name, kind in STRATEGY.question[key].form.base_fields.items():
                if isinstance(kind, Rows) and not kind.refers:
                    words |= {row["id"]: row[kind.words_in] for row in answer.get(name, []) if "id" in row}
    return words


class Answering:
    """Somebody who answers questions on `page` with the answers of a review."""

    def __init__(self, page: Page, worksheets: Mapping[str, Any]) -> None:
        self.page = page
        self.worksheets = worksheets
        self.words = spoken_ids(worksheets)

    def fill(self, question: Question) -> None:
        """Give the whole answer, without saving it."""
        answer = self.worksheets[question.stage][question.key]
        for name, kind in question.form.base_fields.items():
            if name in answer:
                self.put(kind, name, answer[name], self.page.locator("form#question"))

    def put(self, kind: Kind, name: str, value: Any, within: Locator) -> None:
        """Give one answer to the field called `name` that stands in `within`."""
        field = within.locator(f'[name="{name}"]')
        match kind:
            case RowsFor():
                self.put_rows_for(kind, name, value)
            case Rows():
                for number, row in enumerate(value):
                    self.put_row(kind, name, number, row)
            case PlatformUse():
                for platform, how in value.items():
                    within.locator(f'[name="{name}-{platform}"]').check()
                    often = within.locator(f'[name="{name}-often-{platform}"]')
                    often.select_option("" if how == "yes" else how)
            case Day():
                for part, number in zip(("year", "month", "day"), value.split("-"), strict=True):
                    within.locator(f'[name="{name}-{part}"]').fill(str(int(number)))
            case Reference():
                field.select_option(label=self.words[value])
            case References():
                for key in value:
                    # Where there is no room for its words, a row is called "Aim 1", and they are for those who listen.
                    words = kind.refers.spoken(self.words[key]) if kind.brief else self.words[key]
                    box = within.get_by_role("checkbox", name=re.compile(f"(^|: ){re.escape(words)}$"))
                    box.and_(within.locator(f'[name="{name}"]')).check()
            case Select():
                field.select_option(value)
            case Choice():
                within.locator(f'[name="{name}"][value="{value}"]').check()
            case Choices():
                for key in value:
                    within.locator(f'[name="{name}"][value="{key}"]').check()
            case _:
                field.fill(str(value))

    def put_row(self, kind: Rows, table: str, number: int, row: Mapping[str, Any]) -> None:
        """Fill the row with this number, which is added when it is not there yet."""
        place = self.row(table, number)
        if not place.count():
            self.page.locator(f'button[value="add:{table}"]').click()
            place.wait_for()
        for name, part in kind.fields.items():
            if name in row:
                self.put(part, f"{table}-{number}-{name}", row[name], place)

    def put_rows_for(self, kind: RowsFor, table: str, rows: list[Mapping[str, Any]]) -> None:
        """Fill the rows that stand for rows of an earlier answer, each found by what it is called."""
        for row in rows:
            number = self.titles(table).index(self.words[row[kind.key]])
            within = self.row(table, number)
            for name, part in kind.fields.items():
                if name in row:
                    self.put(part, f"{table}-{number}-{name}", row[name], within)

    def titles(self, table: str) -> list[str]:
        return [text.strip() for text in self.page.locator(f"#{table} .app-row__title").all_inner_texts()]

    def row(self, table: str, number: int) -> Locator:
        return self.page.locator(f"#{table}-{number}")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
