"""What somebody typed and could not keep, to be shown with the labels that it had on its page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from worksheets.fields import Case, Posted, Raw, Scope
from worksheets.workbook import QuestionForm

# What the page of a conflict sends back of an answer: all of it, as JSON.
WHOLE_ANSWER = "mine"


@dataclass(frozen=True, slots=True)
class Typed:
    """One text that could not be saved, and what the page called it."""

    label: str
    text: str

    @property
    def rows(self) -> int:
        """How many lines the text is given to be read in."""
        return min(12, max(2, self.text.count("\n") + 1 + len(self.text) // 70))


def typed_in(form: QuestionForm) -> list[Typed]:
    """What stands in a form, checked or not, in its order."""
    return told(type(form), form.raw, form.case.scope)


def typed_for(form: type[QuestionForm], posted: Posted) -> list[Typed]:
    """What a browser sent for a form, or for the conflict that came of it, where nothing more is known about it."""
    scope = Scope()
    return told(form, _raw(form, posted, scope), scope)


def fill(form: QuestionForm, posted: Posted) -> None:
    """Put into a form what a browser had sent for it, or for the conflict that came of it, without checking it."""
    form.raw = _raw(type(form), posted, form.case.scope)
    form.unfold()


def told(form: type[QuestionForm], raw: Mapping[str, Raw], scope: Scope) -> list[Typed]:
    """The raw answer to a form as texts with labels."""
    return [Typed(label, text) for name, kind in form.kinds.items() for label, text in kind.entries(raw[name], scope)]


def _raw(form: type[QuestionForm], posted: Posted, scope: Scope) -> dict[str, Raw]:
    whole = posted.get(WHOLE_ANSWER)
    if whole is not None:
        try:
            return form.raw_of(json.loads(whole), Case(scope))
        except (ValueError, RecursionError):
            pass
    return {name: kind.from_post(posted, name) for name, kind in form.kinds.items()}
