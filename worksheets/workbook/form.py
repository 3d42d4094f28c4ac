"""The form of one question: what it declares is what an answer may hold. Step 2 of the line in the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from worksheets.fields import (
    Answer,
    AnyKind,
    Case,
    Fault,
    Kind,
    Path,
    Plain,
    Posted,
    Raw,
    RawRow,
    Rows,
    Scope,
    declare,
    shown_with,
    text,
)


class Taking(NamedTuple):
    """An answer that a field may take over from another run: the field by its name and in words, and what it says."""

    name: str
    short: str
    words: str
    raw: Raw


class AnswerField(forms.BoundField):
    """A field of a form on a page, drawn by its kind."""

    field: AnyKind
    form: QuestionForm

    def as_field_group(self) -> SafeString:
        drawn = self.field.draw((self.name,), self.form.raw[self.name], self.form.case, self.form)
        drawn = drawn if self.field.boxed else shown_with(self.field, drawn)
        under = self.field.under
        return format_html('<h2 class="nhsuk-heading-m">{}</h2>{}', under, drawn) if under else drawn

    __html__ = __str__ = as_field_group


class QuestionForm(forms.Form):
    """The form of one question page. The form is the schema: what it declares is what an answer may hold.

    `data` is what a browser posted. `initial` is the stored answer. `raw`, given instead of `data`, is an answer that
    was already read from a page and changed, as when a row was added. After validation `plain` is the answer as it may
    be stored.
    """

    bound_field_class = AnswerField
    # What Django calls `base_fields`: every field by its name, known to be a kind of question.
    kinds: ClassVar[dict[str, AnyKind]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        declared = {name: kind for name, kind in cls.declared_fields.items() if isinstance(kind, Kind)}
        cls.kinds = cls.kinds | declared
        declare(f"{cls.__module__}.{cls.__qualname__}", declared)

    def __init__(
        self,
        data: Posted | None = None,
        *,
        initial: Mapping[str, Plain] | None = None,
        raw: dict[str, Raw] | None = None,
        scope: Scope | None = None,
        draft: bool = True,
        mentioned: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.case = Case(scope or Scope(), draft=draft, typed=True, mentioned=mentioned or {})
        self.plain: Answer = {}
        # What the answers add up to, as HTML, by the id of the row it stands in; "" for the whole question.
        self.computed: dict[str, SafeString] = {}
        if raw is not None:
            self.raw = raw
            self.is_bound = True
        elif data is not None:
            self.raw = {name: kind.from_post(data, name) for name, kind in self.kinds.items()}
        else:
            self.raw = self.to_raw(self.initial, self.case.scope)

    @classmethod
    def to_raw(cls, answer: Mapping[str, Plain], scope: Scope) -> dict[str, Raw]:
        return {name: kind.to_raw(answer.get(name), scope) for name, kind in cls.kinds.items()}

    @classmethod
    def settle(cls, raw: Mapping[str, Raw], case: Case, at: Path = ()) -> Answer:
        """The plain answer of raw values; faults go to `case`. An answer whose condition does not hold is dropped."""
        answer: Answer = {}
        for name, kind in cls.kinds.items():
            if not kind.belongs(answer):
                continue
            value = kind.settle(raw[name], (*at, name), case)
            if value is not None:
                answer[name] = value
            elif kind.wanted({**raw, **answer}) and not kind.needed and not case.draft:
                kind.miss((*at, name), case)
        return answer

    @classmethod
    def raw_of(cls, plain: Plain, case: Case) -> dict[str, Raw]:
        """The raw values of JSON from outside, whose type may be anything; faults go to `case`."""
        if not isinstance(plain, dict):
            case.fault((), "must be an object")
            plain = {}
        for key in plain:
            if key not in cls.kinds:
                case.fault((key,), f"is not known here. Known are {', '.join(cls.kinds)}")
        return {
            name: kind.from_json(plain[name], (name,), case) if name in plain else kind.to_raw(None, case.scope)
            for name, kind in cls.kinds.items()
        }

    @classmethod
    def read(cls, plain: Plain, case: Case) -> Answer:
        """The plain answer of JSON from outside; faults go to `case`."""
        return cls.settle(cls.raw_of(plain, case), case)

    @classmethod
    def untouched(cls, answer: Mapping[str, Plain], scope: Scope) -> Answer:
        """The stored answer as a page comes back that was loaded with it and left alone.

        It lacks what points to rows that are gone, and its references stand in the order that their rows have now.
        """
        kept = {name: kind.prune(answer[name], scope) for name, kind in cls.kinds.items() if name in answer}
        return cls.settle(cls.to_raw(kept, scope), Case(scope))

    @classmethod
    def arranged(cls, answer: Mapping[str, Plain]) -> Answer:
        """The answer in the one order that the interchange file has: databases do not keep the order of keys.

        What does not belong to what is chosen in it is left out, as it is when the page is saved.
        """
        return {
            name: kind.arranged(answer[name])
            for name, kind in cls.kinds.items()
            if name in answer and kind.belongs(answer)
        }

    @classmethod
    def in_a_list(cls, fault: Fault, raw: Mapping[str, Raw], scope: Scope) -> str:
        """A fault as a list of errors tells it: with its row and its field, unless there is but one."""
        kind = cls.kinds[str(fault.path[0])]
        return kind.told(fault, raw[kind.name], scope) if len(cls.kinds) > 1 or len(fault.path) > 1 else fault.message

    @property
    def problems(self) -> list[dict[str, str]]:
        """The faults as the error summary shows them, each with a link to its field."""
        if not self.errors:
            return []
        told = [(self.in_a_list(fault, self.raw, self.case.scope), fault.element) for fault in self.case.faults]
        return [{"text": words, "href": f"#{element}"} for words, element in dict.fromkeys(told)]

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        if not self.is_bound:
            return
        self.plain = self.settle(self.raw, self.case)
        self.cleaned_data = dict(self.plain)
        for fault in self.case.faults:
            self._errors.setdefault(fault.element, self.error_class()).append(fault.message)

    def refuse(self, field: str, message: str) -> None:
        """Add a fault that no field can tell on its own."""
        self.case.fault((field,), message)
        self.errors.setdefault(field, self.error_class()).append(message)

    def shown(self) -> list[forms.BoundField]:
        """The fields to draw on the page one below the other: those that stand on their own."""
        return [self[name] for name, kind in self.kinds.items() if not kind.boxed]

    def inside(self, name: str, choice: str) -> SafeString:
        """The fields that belong to one choice of the field `name`, drawn."""
        drawn = (self[key].as_field_group() for key, kind in self.kinds.items() if kind.when == (name, choice))
        return SafeString("".join(drawn))

    def to_take(self) -> dict[str, list[Taking]]:
        """What other runs offer for fields that are still empty, by where it comes from."""
        scope, found, named = self.case.scope, dict[str, list[Taking]](), set[str]()
        for one in scope.offered.get("", ()):
            for name, plain in one.row.items():
                kind = self.kinds[name]
                if plain is None or name in named or not kind.blank(self.raw[name]) or not kind.belongs(self.raw):
                    continue
                named.add(name)
                words = " ".join(kind.words(plain, scope))
                found.setdefault(one.origin, []).append(Taking(name, kind.short, words, kind.to_raw(plain, scope)))
        return found

    def with_taken(self, ticked: Sequence[str]) -> dict[str, Raw]:
        """The raw answers that were ticked among those; what was typed meanwhile is not among them."""
        return {one.name: one.raw for offered in self.to_take().values() for one in offered if one.name in ticked}

    def tables(self) -> dict[str, Rows]:
        """The tables of rows on this form, by name."""
        return {name: kind for name, kind in self.kinds.items() if isinstance(kind, Rows)}

    def folded(self) -> dict[str, SafeString]:
        """What every row says when it is folded, as HTML, by the name under which the page knows that line."""
        scope = self.case.scope
        lines = (kind.lines_of(self.raw_rows(name), scope) for name, kind in self.tables().items())
        return {key: line for table in lines for key, line in table.items()}

    def unfold(self) -> None:
        """Draw every row open: what stands in them is not saved, and must be seen."""
        rows = ((kind, row) for name, kind in self.tables().items() for row in self.raw_rows(name))
        self.case.opened = {text(row, key) for kind, row in rows for key in kind.own_keys}

    def raw_rows(self, table: str) -> list[RawRow]:
        """The raw rows of a table on this form. KeyError when it has no such field."""
        rows = self.raw[table]
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


class PlainForm(QuestionForm):
    """A form of which everything needed must be there at once: there is no draft of it."""

    def __init__(self, data: Posted | None = None, *, initial: Mapping[str, Plain] | None = None) -> None:
        super().__init__(data, initial=initial, draft=False)
