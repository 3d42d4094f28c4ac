"""Kinds of question that are answered in a word, a text, a number or a date."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from decimal import Decimal
from typing import Unpack

from django.utils.datastructures import MultiValueDict

from worksheets.cleaning import clean, one_line
from worksheets.dates import PARTS, YEARS, DateFault, date_of, read_date
from worksheets.fields.base import Case, Kind, Look, Options, Page, Path, Posted, Scope
from worksheets.fields.shapes import Plain
from worksheets.numbers import read_number
from worksheets.skeleton import slot
from worksheets.words import capital, counted, noun_for

TEXT_MAX = 2_000
NUMBER_MAX = 1_000_000_000
HOURS_MAX = 168
WEEKS_MAX = 52
EXAMPLE_YEAR = 2025


def spoken_number(value: float | Decimal) -> str:
    """A number as people write it: 1,150 or 7.5. A sum of floats has two places at most, a decimal all of its own."""
    if value == int(value):
        return f"{int(value):,}"
    return (f"{value:,f}" if isinstance(value, Decimal) else f"{value:,.2f}").rstrip("0").rstrip(".")


def spoken_hours(value: float) -> str:
    """Hours in words: "1 hour", "7.5 hours"."""
    return f"{spoken_number(value)} {noun_for(value, 'hour')}"


def spoken_date(iso: str | datetime.date) -> str:
    """A date in words: "3 March 2027"."""
    day = datetime.date.fromisoformat(iso) if isinstance(iso, str) else iso
    return f"{day.day} {day:%B %Y}"


def short_date(iso: str) -> str:
    """A date for a narrow column: "29 Sep 2026"; "" for none."""
    return f"{(day := datetime.date.fromisoformat(iso)).day} {day:%b %Y}" if iso else ""


class Text(Kind[str, str]):
    """A text of at most 2,000 characters. `lines` is how many lines of it the box shows.

    A box of one line offers what was typed elsewhere in boxes that have the same `suggests`: "people", "sources".
    """

    def __init__(
        self,
        label: str,
        hint: str = "",
        *,
        lines: int = 1,
        width: str = "",
        suggests: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(label, hint, **options)
        self.lines = lines
        self.width = width
        self.suggests = suggests

    written = True
    template = "fields/text.jinja"
    most = TEXT_MAX

    @property
    def named(self) -> str:
        """What the error calls a text that is too long."""
        return "this"

    def cleaned(self, text: str) -> str:
        """The text as it is meant, without what nobody sees: so it is shown, checked, counted and kept."""
        return clean(text)

    def from_post(self, data: Posted, name: str) -> str:
        return self.cleaned(data.get(name, ""))

    def from_json(self, plain: Plain, at: Path, case: Case) -> str:
        if not isinstance(plain, str):
            case.fault(at, "must be text")
            return ""
        return self.cleaned(plain)

    def to_raw(self, plain: str | None, scope: Scope) -> str:
        # What was kept before texts were cleaned comes back from a page as it would be kept today.
        return self.cleaned(plain or "")

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        text = self.cleaned(raw)
        if not text:
            self.absent(at, case)
            return None
        if len(text) > self.most:
            case.fault(
                at,
                f"Shorten {self.named} to {self.most:,} characters or fewer. It is {len(text) - self.most:,} too long",
            )
        return text

    def words(self, plain: str, scope: Scope) -> tuple[str, ...]:
        return tuple(line.strip() for line in plain.split("\n") if line.strip())

    def size(self, raw: str, case: Case) -> int:
        # A single line box would swallow line breaks without a word.
        return max(self.lines, 3) if "\n" in raw else self.lines

    def context(self, look: Look) -> dict[str, object]:
        return {**super().context(look), "lines": look.size, "counts": not self.row_noun}


class Sentence(Text):
    """A text that begins with words which every such text begins with: they stand before the box and are not typed.

    What is kept is the whole sentence. `begins` is its beginning, in which "{organisation}" stands for a name. `whole`
    tells a sentence that has one, in whosever name, with the group `rest` for what follows.
    """

    template = "fields/sentence.jinja"

    def __init__(self, label: str, *, begins: str, whole: re.Pattern[str], **options: Unpack[Options]) -> None:
        super().__init__(label, lines=3, **options)
        self.begins = begins
        self.whole = whole

    def parts(self, text: str, scope: Scope) -> tuple[str, str]:
        """The beginning of a sentence, ours where it has none, and the rest of it."""
        found = self.whole.match(text)
        if found is None:
            return self.begins.replace("{organisation}", scope.organisation), text
        return text[: found.start("rest")].rstrip(), found["rest"]

    def from_post(self, data: Posted, name: str) -> str:
        rest, begins = super().from_post(data, name), one_line(data.get(f"{name}-begins", ""))
        if not rest or not begins or self.whole.match(rest):
            return rest
        rest = re.sub(r"^(?:\.{3}|…)?\s*(?:to\s+)?", "", rest, count=1, flags=re.IGNORECASE)
        # "Help people" goes on as "help people", and "NHS staff" as it is.
        return f"{begins} {rest[:1].lower() + rest[1:] if rest[1:2].islower() else rest}"

    def from_cell(self, cell: str, scope: Scope) -> str:
        begins = self.parts("", scope)[0]
        return self.from_post(MultiValueDict({"cell": [cell], "cell-begins": [begins]}), "cell")

    def words(self, plain: str, scope: Scope) -> tuple[str, ...]:
        return super().words(self.in_brief(plain, scope), scope)

    def in_brief(self, raw: str, scope: Scope) -> str:
        return capital(self.parts(raw, scope)[1])

    def holes(self, values: dict[str, object], raw: str, case: Case, form: Page | None) -> None:
        values["first"], values["value"] = self.parts(raw, case.scope)
        # What was kept without a beginning, as from a file, is not given one unasked.
        values["begins"] = values["first"] if values["value"] != raw or not raw else ""

    def context(self, look: Look) -> dict[str, object]:
        return {**super().context(look), "hint": f"{slot('first')}\u00a0…", "begins": slot("begins")}


class Number(Kind[str, float]):
    """A number with at most `places` decimals, from `least` to `most`. `before` and `unit` stand beside the box.

    A pound or per cent sign that stands there may be typed too. `unit` is in the plural: "weeks", "hours a week".
    """

    template = "fields/number.jinja"
    column = "number"

    def __init__(
        self,
        label: str,
        hint: str = "",
        *,
        least: int = 0,
        most: int = NUMBER_MAX,
        places: int = 0,
        unit: str = "",
        before: str = "",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(label, hint, **options)
        self.least = least
        self.most = most
        self.places = places
        self.unit = unit
        self.before = before

    def from_post(self, data: Posted, name: str) -> str:
        return data.get(name, "")

    def from_json(self, plain: Plain, at: Path, case: Case) -> str:
        if isinstance(plain, bool) or not isinstance(plain, int | float):
            case.fault(at, "must be a number")
            return ""
        return repr(plain)

    def to_raw(self, plain: float | None, scope: Scope) -> str:
        return "" if plain is None else repr(plain)

    def settle(self, raw: str, at: Path, case: Case) -> float | None:
        if self.blank(raw):
            self.absent(at, case)
            return None
        value = read_number(raw, places=self.places, units=self.before + self.unit)
        if value is None or not self.least <= value <= self.most:
            case.fault(at, self.explain)
            return None
        return int(value) if value == int(value) else float(value)

    @property
    def explain(self) -> str:
        kind = "a number" if self.places else "a whole number"
        example = ", like 7.5" if self.places else ""
        places = f" with at most {counted(self.places, 'decimal')}" if self.places else ""
        return f"Enter “{self.short}” as {kind} from {self.least:,} to {self.most:,}{places}{example}"

    def words(self, plain: float, scope: Scope) -> tuple[str, ...]:
        noun, space, rest = self.unit.partition(" ")
        unit = f"{noun.removesuffix('s') if plain == 1 else noun}{space}{rest}"
        joint = "" if unit == "%" else " "
        return (f"{self.before}{spoken_number(plain)}{joint}{unit}".strip(),)

    def in_brief(self, raw: str, scope: Scope) -> str:
        value = read_number(raw, places=self.places, units=self.before + self.unit)
        return super().in_brief(raw, scope) if value is None else self.words(float(value), scope)[0]


class Hours(Number):
    """Hours, 0 to 168, with at most two decimals. `unit` says per what."""

    def __init__(self, label: str, hint: str = "", *, unit: str = "hours a week", **options: Unpack[Options]) -> None:
        super().__init__(label, hint, most=HOURS_MAX, places=2, unit=unit, **options)


class Year(Number):
    """The year of something that was published: 2000 to 2100, as the years of dates."""

    def __init__(self, label: str, hint: str = "", **options: Unpack[Options]) -> None:
        super().__init__(label, hint, least=YEARS[0], most=YEARS[-1], **options)

    @property
    def explain(self) -> str:
        return f"Enter “{self.short}” as a year from {self.least} to {self.most}, like {EXAMPLE_YEAR}"

    def words(self, plain: float, scope: Scope) -> tuple[str, ...]:
        return (str(int(plain)),)


# Day, month and year as they are typed.
DayParts = tuple[str, str, str]


class Day(Kind[DayParts, str]):
    """A date, asked as day, month and year, kept as ISO text."""

    template = "fields/day.jinja"
    PARTS = PARTS

    def from_post(self, data: Posted, name: str) -> DayParts:
        day, month, year = (one_line(data.get(f"{name}-{part}", "")) for part in self.PARTS)
        if not (day and month and year):
            # A date that was pasted as a whole comes back in its three boxes.
            with suppress(DateFault):
                return self.parts(date_of(day, month, year))
        return day, month, year

    def from_cell(self, cell: str, scope: Scope) -> DayParts:
        return self.from_post(MultiValueDict({f"cell-{self.PARTS[0]}": [cell]}), "cell")

    @staticmethod
    def parts(day: datetime.date) -> DayParts:
        return str(day.day), str(day.month), str(day.year)

    def from_json(self, plain: Plain, at: Path, case: Case) -> DayParts:
        if not isinstance(plain, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
            case.fault(at, "must be a date, like 2027-03-31")
            return ("", "", "")
        try:
            read_date(plain)
        except DateFault as wrong:
            # In a file it stands in one piece, and not in boxes.
            case.fault(at, str(wrong))
            return ("", "", "")
        return self.to_raw(plain, case.scope)

    def to_raw(self, plain: str | None, scope: Scope) -> DayParts:
        if not plain:
            return ("", "", "")
        return self.parts(datetime.date.fromisoformat(plain))

    def blank(self, raw: DayParts) -> bool:
        return not any(raw)

    def settle(self, raw: DayParts, at: Path, case: Case) -> str | None:
        if self.blank(raw):
            self.absent(at, case)
            return None
        try:
            return date_of(*raw).isoformat()
        except DateFault as wrong:
            case.fault(self.boxes(at)[wrong.part], str(wrong))
            return None

    def boxes(self, at: Path) -> dict[str, Path]:
        """Where each part stands on the page. The first box has the field's own place: links lead there."""
        return {part: at if part == self.PARTS[0] else (*at, part) for part in self.PARTS}

    def error(self, at: Path, case: Case) -> str:
        return next((said for box in self.boxes(at).values() if (said := super(Day, self).error(box, case))), "")

    def words(self, plain: str, scope: Scope) -> tuple[str, ...]:
        return (spoken_date(plain),)

    def as_typed(self, raw: DayParts, scope: Scope) -> str:
        return " ".join(filter(None, raw))

    def in_brief(self, raw: DayParts, scope: Scope) -> str:
        with suppress(DateFault):
            return spoken_date(date_of(*raw))
        return self.as_typed(raw, scope)

    def holes(self, values: dict[str, object], raw: DayParts, case: Case, form: Page | None) -> None:
        values.update(zip(self.PARTS, raw, strict=True))
        wrong = self.wrong(raw, values["error"])
        values.update({f"wrong-{part}": " nhsuk-input--error" if part in wrong else "" for part in self.PARTS})

    def wrong(self, raw: DayParts, error: object) -> tuple[str, ...]:
        """Which boxes an error is about: the one to mend, or all where the date is missing or is the wrong one."""
        try:
            date_of(*raw)
        except DateFault as fault:
            if str(fault) == error:
                return (fault.part,)
        return self.PARTS

    def context(self, look: Look) -> dict[str, object]:
        parts = {
            part: {"value": slot(part), "wrong": slot(f"wrong-{part}") if look.error else ""} for part in self.PARTS
        }
        return {**super().context(look), "parts": parts}
