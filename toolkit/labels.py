"""What was typed in a form, whatever page it came from, with the labels that the page had.

Our own forms know their labels, and so do the models behind the pages of the administration. What only machines read
is never shown, nor what nobody may see again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, Model
from django.urls import ResolverMatch

from worksheets.fields import Posted
from worksheets.following.forms import LookbackForm
from worksheets.organisations.forms import AddPersonForm, CycleForm, RoleForm, StartForm
from worksheets.policies.deciding import ApprovalForm
from worksheets.policies.forms import ClauseForm, control_form
from worksheets.policies.library import DOCUMENTS
from worksheets.results.forms import EventForm, FigureForm
from worksheets.signoff.forms import CommentForm, DecisionForm, NoteForm, ReasonForm
from worksheets.typed import Typed, typed_for
from worksheets.words import capital
from worksheets.workbook import QuestionForm

# Never shown again, not even to the person who typed it.
SECRET = ("password", "token", "secret")
# What pages say to the service and not people: none of it was typed.
MACHINE = re.compile(
    r"do|seen|was|sure|mine|point|clause|instead|submission|version|next|kept|keep-.*|form-(start|end)|_.*|id|.*-id"
)

FORMS: dict[str, type[QuestionForm]] = {
    "look-back-at": LookbackForm,
    "measure": FigureForm,
    "figure-change": FigureForm,
    "event-add": EventForm,
    "event-change": EventForm,
    "points": ReasonForm,
    "comments-on": CommentForm,
    "submit": NoteForm,
    "decide": DecisionForm,
    "policy-clause": ClauseForm,
    "policy-decide": ApprovalForm,
    "cycle-start": StartForm,
    "next": StartForm,
    "cycle-edit": CycleForm,
    "person-add": AddPersonForm,
    "person-change": RoleForm,
}


def is_secret(name: str) -> bool:
    """Whether the field of that name holds what nobody may see again."""
    return any(word in name.lower() for word in SECRET)


def form_at(match: ResolverMatch | None) -> type[QuestionForm] | None:
    """Our form on the page at an address; None when it has none, or one that is not ours."""
    if match is None:
        return None
    workbook = match.kwargs.get("workbook")
    if match.url_name == "question" and workbook:
        question = workbook.question.get(match.kwargs["step"])
        return question.form if question else None
    if match.url_name == "conclusion" and workbook and workbook.endings:
        form: type[QuestionForm] = workbook.endings[0].form
        return form
    if match.url_name == "policy-control" and match.kwargs["document"] in DOCUMENTS:
        return control_form(match.kwargs["document"])
    return FORMS.get(match.url_name or "")


def labelled(match: ResolverMatch | None, posted: Posted) -> list[Typed]:
    """What was typed in the form of the page at an address, in its order."""
    form = form_at(match)
    if form:
        return typed_for(form, posted)
    model = _model_at(match)
    return list(_typed_in_admin(model, posted) if model else _typed_anywhere(posted))


def _typed_anywhere(posted: Posted) -> Iterator[Typed]:
    for name, texts in posted.lists():
        if not is_secret(name) and not MACHINE.fullmatch(name):
            words = capital(re.sub(r"[-_]+", " ", name).strip())
            yield from (Typed(words, text) for text in texts if text.strip())


# The administration.


def _model_at(match: ResolverMatch | None) -> type[Model] | None:
    if match is None or match.namespace != "admin":
        return None
    names = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in apps.get_models()}
    return names.get((match.url_name or "").rpartition("_")[0])


def _typed_in_admin(model: type[Model], posted: Posted) -> Iterator[Typed]:
    below = {rows.get_accessor_name(): rows.related_model for rows in model._meta.related_objects}
    for name, texts in posted.lists():
        row = re.fullmatch(r"(\w+)-([0-9]+)-(\w+)", name)
        field = _field(below.get(row[1]), row[3]) if row else _field(model, name)
        if field is None or is_secret(name):
            continue
        where = f"{capital(str(field.model._meta.verbose_name))} {int(row[2]) + 1}, " if row else ""
        words = f"{where}{field.verbose_name}"
        for text in texts:
            if text.strip():
                yield Typed(capital(words), "Yes" if isinstance(field, BooleanField) else text)


def _field(model: object, name: str) -> Field[object, object] | None:
    """The field of a model that people type in; None for what points elsewhere by its number."""
    if not isinstance(model, type) or not issubclass(model, Model):
        return None
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) and not field.is_relation and not field.primary_key else None
