"""Kinds of question that are answered by choosing: from fixed choices, platforms, or rows of earlier answers."""

from __future__ import annotations

import itertools
import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, Unpack

from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets.cleaning import clean
from worksheets.fields.base import AnyKind, Case, Kind, Look, Options, Page, Path, Posted, RowsOf, Scope
from worksheets.fields.shapes import Plain
from worksheets.skeleton import fixed, slot
from worksheets.words import plural

YES_UNSURE_NO = {"yes": "Yes", "unsure": "Not sure", "no": "No"}

# How long what is taken over from another run may be, in letters, and how much of it there may be.
MOST_TAKEN, MOST_ROWS_TAKEN = 2_000, 20

# What was chosen, raw and plain alike: the key of one choice, or those of several.
C = TypeVar("C", str, list[str])


def tick_holes(markup: str, ticked: str) -> str:
    """Markup in which every choice is ticked, with a hole instead of each tick: `tick0`, `tick1`, ..."""
    counted = itertools.count()
    return re.sub(f'(?<="){ticked}(?=[ >])', lambda _: slot(f"tick{next(counted)}"), markup)


def hidden_holes(markup: str, numbers: Iterable[int]) -> str:
    """Markup in which everything that boxes open is shown, with a hole where each would be hidden: `hidden0`, ..."""
    counted = iter(numbers)
    shown = 'class="nhsuk-checkboxes__conditional"'
    return re.sub(shown, lambda _: f'{shown[:-1]}{slot(f"hidden{next(counted)}")}"', markup)


class Choosing(Kind[C, C]):
    """What every choice has in common: where its choices come from, and how a box is ticked in a skeleton."""

    @abstractmethod
    def options(self, scope: Scope) -> Mapping[str, str]:
        """The choices by key, in the order to show them."""

    def fixed(self) -> Mapping[str, str] | None:
        """The choices when they are the same for everybody; None when users or admins write them."""
        return None

    def known(self, scope: Scope) -> Mapping[str, str]:
        """Every key an answer may hold: the choices, and those that are not offered any more."""
        return self.options(scope)

    def expected(self, scope: Scope) -> str:
        """What a file should have held, for its error."""
        return f"must be one of {', '.join(self.known(scope))}"

    def from_cell(self, cell: str, scope: Scope) -> C | None:
        """What the cell of a spreadsheet chooses, by words or by key; None when that is no choice."""
        named: dict[str, str] = {}
        for choice in self.known(scope):
            for name in self.names(choice, scope):
                named.setdefault(name.casefold(), choice)
        return self.picked([named.get(name.strip().casefold()) for name in self.apart(cell)])

    def names(self, choice: str, scope: Scope) -> tuple[str, ...]:
        """What a choice may be called by whoever writes it: its key, its words, and the first of them."""
        words = self.known(scope)[choice]
        return choice, words, words.partition(":")[0]

    @abstractmethod
    def apart(self, cell: str) -> list[str]:
        """The choices that a cell names."""

    @abstractmethod
    def picked(self, keys: list[str | None]) -> C | None:
        """The raw answer that chooses these; None when one of them is no choice."""

    def gone(self) -> str:
        """The error on a page when what was chosen is no choice any more."""
        return "Choose from the list. What was chosen is not in it any more"

    def offered(self, chosen: list[str], scope: Scope) -> dict[str, str]:
        options = dict(self.options(scope))
        known = self.known(scope)
        return options | {key: known[key] for key in chosen if key in known and key not in options}

    def words(self, plain: C, scope: Scope) -> tuple[str, ...]:
        known = self.known(scope)
        return tuple(known.get(key, key) for key in self.chosen(plain))

    def as_typed(self, raw: C, scope: Scope) -> str:
        # A key that has no words here is not what anybody saw.
        known = self.known(scope)
        return ", ".join(known[key] for key in self.chosen(raw) if key in known)

    # A choice is drawn with every box ticked; each tick becomes a hole, filled with it or with nothing.

    def size(self, raw: C, case: Case) -> int:
        return 0 if self.fixed() is not None else len(self.offered(self.chosen(raw), case.scope))

    @staticmethod
    def chosen(raw: C) -> list[str]:
        return raw if isinstance(raw, list) else [raw] if raw else []

    def holes(self, values: dict[str, object], raw: C, case: Case, form: Page | None) -> None:
        chosen = self.chosen(raw)
        for number, (key, words) in enumerate(self.offered(chosen, case.scope).items()):
            values[f"key{number}"], values[f"words{number}"] = key, words
            values[f"tick{number}"] = self.ticked if key in chosen else ""

    ticked = " checked"

    @property
    def on(self) -> dict[str, bool]:
        """What tells the macro to tick a choice."""
        return {self.ticked.strip(): True}

    def items(self, count: int) -> list[dict[str, object]]:
        """The choices as the macro wants them; `count` is how many there are where they are not fixed."""
        fixed = self.fixed()
        if fixed is not None:
            return [{"value": key, "text": words, **self.on} for key, words in fixed.items()]
        return [{"value": slot(f"key{n}"), **self.worded(slot(f"words{n}")), **self.on} for n in range(count)]

    def worded(self, words: SafeString) -> dict[str, object]:
        """What tells the macro the words of one choice."""
        return {"text": words}

    def context(self, look: Look) -> dict[str, object]:
        return {**super().context(look), "items": self.items(look.size)}

    def markup(self, look: Look) -> str:
        return tick_holes(super().markup(look), self.ticked)


def declare(owner: str, fields: Mapping[str, AnyKind]) -> None:
    """Tell the fields of a form or a row what they are called, and those that open others which choices do.

    Boxes hold what they open inside them. Radios have it below them, one set for a form: styles know no more.
    """
    for name, kind in fields.items():
        kind.born(owner, name)
        if kind.when:
            opening = fields[kind.when[0]]
            assert isinstance(opening, Choice | Choices), f"only radios and boxes can open {name}"
            opening.opens |= set(kind.when[1:])
            kind.ahead = isinstance(opening, Choice) and opening.implied is not None
            kind.boxed = isinstance(opening, Choices)
    radios = [kind.opens for kind in fields.values() if isinstance(kind, Choice) and kind.opens]
    assert len(radios) < 2, f"{owner} has more than one set of radios that opens something"


def shown_with(kind: AnyKind, drawn: SafeString) -> SafeString:
    """A field as HTML, hidden by styles alone while another choice is made than those it belongs to."""
    if not kind.when:
        return drawn
    return format_html('<div class="app-when{}">{}</div>', " app-when--ahead" if kind.ahead else "", drawn)


class Choice(Choosing[str]):
    """One of a few: radios, below which may stand what some of them open. `inline` for yes, not sure, no.

    `implied` names a field that a choice opens, and that choice: it stands open while nothing is chosen, and whoever
    answers it on a page has made the choice.
    """

    template = "fields/choice.jinja"

    def __init__(
        self,
        label: str,
        choices: Mapping[str, str],
        hint: str = "",
        *,
        inline: bool = False,
        implied: tuple[str, str] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(label, hint, **options)
        self.choices = dict(choices)
        self.inline = inline
        self.implied = implied
        self.opens: set[str] = set()

    def items(self, count: int) -> list[dict[str, object]]:
        items = super().items(count)
        for item, key in zip(items, self.choices, strict=False):
            if key in self.opens:
                item["classes"] = "app-opens"
        return items

    def options(self, scope: Scope) -> Mapping[str, str]:
        return self.choices

    def fixed(self) -> Mapping[str, str] | None:
        return self.choices

    def apart(self, cell: str) -> list[str]:
        return [cell]

    def picked(self, keys: list[str | None]) -> str | None:
        return keys[0]

    def in_brief(self, raw: str, scope: Scope) -> str:
        # "Active: we post and answer" is "Active" to whoever has read it once.
        return self.as_typed(raw, scope).partition(": ")[0]

    def from_post(self, data: Posted, name: str) -> str:
        return data.get(name, "")

    def from_json(self, plain: Plain, at: Path, case: Case) -> str:
        if not isinstance(plain, str) or plain not in self.known(case.scope):
            case.fault(at, self.expected(case.scope))
            return ""
        return plain

    def to_raw(self, plain: str | None, scope: Scope) -> str:
        return plain or ""

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        if not raw:
            self.absent(at, case)
            return None
        if raw not in self.known(case.scope):
            case.fault(at, self.gone())
            return None
        return raw


class YesUnsureNo(Choice):
    """Yes, not sure or no: inline small radios."""

    def __init__(self, label: str, hint: str = "", **options: Unpack[Options]) -> None:
        super().__init__(label, YES_UNSURE_NO, hint, inline=True, **options)


class Agreed(Choice):
    """One thing to agree to: a single box, whose tick is a yes. Not ticked is no answer yet."""

    template = "fields/agreed.jinja"

    def __init__(self, label: str, words: str, hint: str = "", **options: Unpack[Options]) -> None:
        super().__init__(label, {"yes": words}, hint, **options)


class Select(Choice):
    """One of a list, in a drop-down: for tables, where radios would not fit."""

    template = "fields/select.jinja"
    ticked = " selected"
    column = "choice"


class Choices(Choosing[list[str]]):
    """Any number of a list: checkboxes. Those in `opens` open further fields below them, which belong to them."""

    template = "fields/choices.jinja"
    column = "ticks"
    many = True

    def __init__(
        self,
        label: str,
        choices: Mapping[str, str],
        hint: str = "",
        *,
        hints: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(label, hint, **options)
        self.choices = dict(choices)
        self.hints = dict(hints or {})
        self.opens: set[str] = set()

    def options(self, scope: Scope) -> Mapping[str, str]:
        return self.choices

    def fixed(self) -> Mapping[str, str] | None:
        return self.choices

    def apart(self, cell: str) -> list[str]:
        return re.split("[,;\n]", cell)

    def picked(self, keys: list[str | None]) -> list[str] | None:
        chosen = [key for key in keys if key is not None]
        return chosen if len(chosen) == len(keys) else None

    def from_post(self, data: Posted, name: str) -> list[str]:
        return data.getlist(name)

    def from_json(self, plain: Plain, at: Path, case: Case) -> list[str]:
        if not isinstance(plain, list):
            case.fault(at, "must be a list")
            return []
        known = self.known(case.scope)
        good: list[str] = []
        for n, key in enumerate(plain):
            if isinstance(key, str) and key in known:
                good.append(key)
            else:
                case.fault((*at, n), self.expected(case.scope))
        if len(set(good)) < len(good):
            case.fault(at, "must not name the same twice")
        return good

    def to_raw(self, plain: list[str] | None, scope: Scope) -> list[str]:
        return list(plain or [])

    def settle(self, raw: list[str], at: Path, case: Case) -> list[str] | None:
        if not raw:
            self.absent(at, case)
            return None
        known = self.known(case.scope)
        if any(key not in known for key in raw):
            case.fault(at, self.gone())
        # In the order of the list, whatever the order of the ticks, so that equal answers are equal.
        return [key for key in known if key in raw] or None

    def holes(self, values: dict[str, object], raw: list[str], case: Case, form: Page | None) -> None:
        super().holes(values, raw, case, form)
        for number, key in enumerate(self.choices):
            values[f"inside{number}"] = form.inside(self.name, key) if form is not None else ""
            values[f"hidden{number}"] = "" if key in raw else f" {self.HIDDEN}"

    HIDDEN = "nhsuk-checkboxes__conditional--hidden"

    def items(self, count: int) -> list[dict[str, object]]:
        items = super().items(count)
        for number, (item, key) in enumerate(zip(items, self.choices, strict=False)):
            if key in self.hints:
                item["hint"] = {"text": self.hints[key]}
            if key in self.opens:
                item["conditional"] = {"html": slot(f"inside{number}"), "number": number}
        return items

    def markup(self, look: Look) -> str:
        opening = (n for n, key in enumerate(self.choices) if key in self.opens)
        return hidden_holes(super().markup(look), opening)


def ground(refers: RowsOf, scope: Scope) -> SafeString:
    """What to do first where a question stands on an earlier answer that has no rows yet, as a button that saves what
    is typed and leads there."""
    words = f"Name your {plural(refers.noun)} first ({scope.question(refers.question)})"
    button = {"text": slot("words"), "variant": "secondary", "small": True, "name": "do", "value": slot("do")}
    return fixed("button", button, words=words, do=f"go:{refers.question}")


class Pointing(Choosing[C]):
    """A choice from the rows of an earlier answer, each by its own words."""

    refers: RowsOf
    brief = False
    written = True

    def options(self, scope: Scope) -> Mapping[str, str]:
        return scope.named(self.refers)

    def fixed(self) -> None:
        return None

    def expected(self, scope: Scope) -> str:
        return f"must be the id of one of the rows in {self.refers.stage}.{self.refers.question}"

    def names(self, choice: str, scope: Scope) -> tuple[str, ...]:
        return (*super().names(choice, scope), *scope.titled(self.refers)[choice])

    def groundless(self, raw: C, scope: Scope) -> SafeString:
        if self.chosen(raw) or scope.rows(self.refers):
            return SafeString()
        # In a narrow cell there is no room to say what comes first: it stands above the table.
        return SafeString("None yet") if self.brief else ground(self.refers, scope)

    def gone(self) -> str:
        return f"Choose another {self.refers.noun}. The one chosen here has been removed"


class Reference(Pointing[str], Choice):
    """One row of an earlier answer."""

    template = "fields/select.jinja"
    ticked = " selected"

    def __init__(self, label: str, refers: RowsOf, hint: str = "", **options: Unpack[Options]) -> None:
        super().__init__(label, {}, hint, **options)
        self.refers = refers

    def worded(self, words: SafeString) -> dict[str, object]:
        return {"text": words, "attributes": {"dir": "auto"}}

    def prune(self, plain: str, scope: Scope) -> str | None:
        return plain if plain in self.options(scope) else None


class References(Pointing[list[str]], Choices):
    """Any number of rows of an earlier answer. With `brief` each is called "Aim 1", to fit in a cell.

    What that is stands above the table then.
    """

    def __init__(
        self, label: str, refers: RowsOf, hint: str = "", *, brief: bool = False, **options: Unpack[Options]
    ) -> None:
        super().__init__(label, {}, hint, **options)
        self.refers = refers
        self.brief = brief

    def holes(self, values: dict[str, object], raw: list[str], case: Case, form: Page | None) -> None:
        super().holes(values, raw, case, form)
        if self.brief:
            titled = case.scope.titled(self.refers)
            for number, key in enumerate(self.offered(raw, case.scope)):
                title, words = titled[key]
                hidden = '{}<span class="nhsuk-u-visually-hidden">: {}</span>'
                values[f"words{number}"] = format_html(hidden, title.replace(" ", "\u00a0"), words)

    def worded(self, words: SafeString) -> dict[str, object]:
        return {"html": format_html('<bdi dir="auto">{}</bdi>', words)}

    def words(self, plain: list[str], scope: Scope) -> tuple[str, ...]:
        if not self.brief:
            return super().words(plain, scope)
        titled = scope.titled(self.refers)
        return tuple(titled[key][0] if key in titled else key for key in plain)

    def prune(self, plain: list[str], scope: Scope) -> list[str] | None:
        # In the order of the rows, which may have changed since: a file that is read and written again stays the same.
        return [key for key in self.options(scope) if key in plain] or None


class Taken(Choices):
    """Any number of what `offered` reads in another run, kept in the words in which they were taken: whatever becomes
    of that run, they stay readable. Where there is nothing to take, `nothing` says why."""

    written = True

    def __init__(
        self,
        label: str,
        offered: Callable[[Scope], Iterable[str]],
        hint: str = "",
        *,
        nothing: str,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(label, {}, hint, **options)
        self.listed = offered
        self.nothing = nothing

    def options(self, scope: Scope) -> Mapping[str, str]:
        return {words: words for words in (" ".join(one.split())[:MOST_TAKEN] for one in self.listed(scope)) if words}

    def fixed(self) -> None:
        return None

    def offered(self, chosen: list[str], scope: Scope) -> dict[str, str]:
        return dict(self.options(scope)) | {words: words for words in chosen}

    def words(self, plain: list[str], scope: Scope) -> tuple[str, ...]:
        return tuple(plain)

    def as_typed(self, raw: list[str], scope: Scope) -> str:
        return ", ".join(raw)

    def from_json(self, plain: Plain, at: Path, case: Case) -> list[str]:
        if not isinstance(plain, list) or not all(isinstance(one, str) for one in plain):
            case.fault(at, "must be a list of texts")
            return []
        return list(map(str, plain))

    def settle(self, raw: list[str], at: Path, case: Case) -> list[str] | None:
        # What was taken before may not be offered any more: it stays, in the words that it had.
        kept = [" ".join(clean(words).split()) for words in dict.fromkeys(raw)]
        if len(kept) > MOST_ROWS_TAKEN or any(len(words) > MOST_TAKEN for words in kept):
            case.fault(at, self.gone())
        if not any(kept):
            self.absent(at, case)
        return [words for words in kept if words] or None

    def groundless(self, raw: list[str], scope: Scope) -> SafeString:
        if self.chosen(raw) or self.options(scope):
            return SafeString()
        return format_html('<p class="nhsuk-hint">{}</p>', self.nothing)


# Which platforms a question offers first, by their keys; they depend on what was answered before.
First = Callable[[Scope], Iterable[str]]


def ahead(platforms: Mapping[str, str], first: First | None, scope: Scope) -> dict[str, str]:
    """The platforms with those put first that a question names, where there are any."""
    keys = first(scope) if first else ()
    return {key: platforms[key] for key in keys if key in platforms} | dict(platforms)


class OfGuide(Choosing[C]):
    """A choice from the platform guide, which admins edit."""

    first: First | None = None

    def options(self, scope: Scope) -> Mapping[str, str]:
        return ahead(scope.platforms, self.first, scope)

    def known(self, scope: Scope) -> Mapping[str, str]:
        return {**scope.platforms, **scope.retired}

    def as_typed(self, raw: C, scope: Scope) -> str:
        return ", ".join(map(scope.platform, self.chosen(raw)))

    def fixed(self) -> None:
        return None


class Platform(OfGuide[str], Select):
    """One platform of the platform guide. Those that `first` names are offered first."""

    def __init__(self, label: str, hint: str = "", *, first: First | None = None, **options: Unpack[Options]) -> None:
        super().__init__(label, {}, hint, **options)
        self.first = first


class Platforms(OfGuide[list[str]], Choices):
    """Any number of platforms of the platform guide. Those that `first` names are offered first."""

    def __init__(self, label: str, hint: str = "", *, first: First | None = None, **options: Unpack[Options]) -> None:
        super().__init__(label, {}, hint, **options)
        self.first = first

    def arranged(self, plain: list[str]) -> list[str]:
        # The guide's order is each service's own.
        return sorted(plain)
