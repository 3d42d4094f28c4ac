"""Answering a question in a browser from its JSON answer, the way a person would, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from playwright.sync_api import Locator, Page

from worksheets.fields import (
    Choice,
    Choices,
    Day,
    Kind,
    PlatformUse,
    Reference,
    References,
    Rows,
    RowsFor,
    Select,
    Taken,
)
from worksheets.workbook import Question, Workbook
from worksheets.workbooks.strategy import STRATEGY

PASTE = """(box, text) => {
  const clipboard = new DataTransfer();
  clipboard.setData("text/plain", text);
  box.focus();
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
}"""


def unfold(page: Page) -> None:
    """Open every row that is folded, as somebody does who wants to see all of them."""
    for fold in page.locator("details.app-fold:not([open]) > summary").all()[::-1]:
        fold.click()


def spoken_ids(workbook: Workbook, worksheets: Mapping[str, Any]) -> dict[str, str]:
    """The words of every row of a review by its id: a person looks for a row by its words."""
    words = {}
    for answers in worksheets.values():
        for key, answer in answers.items():
            for name, kind in workbook.question[key].form.base_fields.items():
                if isinstance(kind, Rows) and not kind.refers:
                    words |= {row["id"]: row.get(kind.words_in, "") for row in answer.get(name, []) if "id" in row}
    return words


class Answering:
    """Somebody who answers questions on `page` with the answers of a review, or of a run of another workbook."""

    def __init__(
        self,
        page: Page,
        worksheets: Mapping[str, Any],
        pasted: Collection[str] = (),
        workbook: Workbook = STRATEGY,
    ) -> None:
        """In the questions that are `pasted` every table comes from a spreadsheet."""
        self.page = page
        self.pasted = pasted
        self.worksheets = worksheets
        self.words = spoken_ids(workbook, worksheets)

    def fill(self, question: Question) -> None:
        """Give the whole answer, without saving it."""
        answer = self.worksheets[question.stage][question.key]
        pasted = question.key in self.pasted
        for name, kind in question.form.base_fields.items():
            if name in answer and pasted and isinstance(kind, Rows) and not kind.refers:
                self.paste(kind, name, answer[name])
            elif name in answer:
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
                if field.locator("option:checked").inner_text() != self.words[value]:
                    field.select_option(label=self.words[value])
            case References():
                for key in value:
                    # Where there is no room for its words, a row is called "Aim 1", and they are for those who listen.
                    words = kind.refers.spoken(self.words[key])
                    box = within.get_by_role("checkbox", name=re.compile(f"(^|: ){re.escape(words)}$"))
                    box.and_(within.locator(f'[name="{name}"]')).check()
            case Taken():
                for words in value:
                    within.get_by_role("checkbox", name=words, exact=True).check()
            case Select():
                field.select_option(value)
            case Choice():
                within.locator(f'[name="{name}"][value="{value}"]').check()
            case Choices():
                for key in value:
                    within.locator(f'[name="{name}"][value="{key}"]').check()
            case _:
                field.fill(str(value))

    def paste(self, kind: Rows, table: str, rows: list[Mapping[str, Any]]) -> None:
        """Paste rows as a spreadsheet copies them, with the heads of the columns, and take what the page offers."""
        lines = [[part.label for part in kind.fields.values()]]
        lines += [[self.cell(part, row.get(name, "")) for name, part in kind.fields.items()] for row in rows]
        section = self.page.locator(f"#{table}")
        if not self.row(table, 0).count():
            self.page.locator(f'button[value="add:{table}"]').click()
        box = self.row(table, 0).locator("input:not([type=hidden], [type=radio]), textarea").first
        box.evaluate(PASTE, "\n".join("\t".join(line) for line in lines))
        section.get_by_role("button", name=f"Add {len(rows)} row").click()
        self.row(table, len(rows) - 1).wait_for(state="attached")
        section.locator(".app-pasted").wait_for(state="detached")

    def cell(self, kind: Kind, value: Any) -> str:
        """An answer as somebody would have it in a cell."""
        match kind:
            case _ if value == "":
                return ""
            case References() | Reference():
                keys = value if isinstance(value, list) else [value]
                return ", ".join(kind.refers.spoken(self.words[key]) for key in keys)
            case Choices() | Choice():
                keys = value if isinstance(value, list) else [value]
                return ", ".join(dict(kind.choices).get(key, key) for key in keys)
            case Day():
                return "/".join(reversed(value.split("-")))
        return str(value)

    def put_row(self, kind: Rows, table: str, number: int, row: Mapping[str, Any]) -> None:
        """Fill the row with this number, which is added when it is not there yet."""
        place = self.row(table, number)
        if not place.count():
            self.page.locator(f'button[value="add:{table}"]').click()
            place.wait_for()
        self.unfold(place)
        for name, part in kind.fields.items():
            if name in row:
                self.put(part, f"{table}-{number}-{name}", row[name], place)

    def put_rows_for(self, kind: RowsFor, table: str, rows: list[Mapping[str, Any]]) -> None:
        """Fill the rows that stand for rows of an earlier answer, each found by what it is called."""
        for row in rows:
            number = self.titles(table).index(self.words[row[kind.key]])
            within = self.row(table, number)
            self.unfold(within)
            for name, part in kind.fields.items():
                # Whoever ticks a platform has said that there is one.
                implied = isinstance(part, Choice) and part.implied and part.implied[0] in row
                if name in row and not implied:
                    self.put(part, f"{table}-{number}-{name}", row[name], within)

    @staticmethod
    def unfold(row: Locator) -> None:
        """Open a row that is folded."""
        if row.evaluate("row => row.matches('details:not([open])')"):
            row.locator("> summary").click()

    def titles(self, table: str) -> list[str]:
        return [text.strip() for text in self.page.locator(f"#{table} .app-row__title").all_inner_texts()]

    def row(self, table: str, number: int) -> Locator:
        return self.page.locator(f"#{table}-{number}")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
