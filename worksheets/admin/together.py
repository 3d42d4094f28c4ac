"""What all pages of the administration share: two at work on one thing see each other, lists take their own filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Manager, Model, QuerySet
from django.http import HttpRequest, HttpResponse

from worksheets.saving import token

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object

OVERTAKEN = (
    "Somebody else changed this after you opened it. Your changes are not saved yet. "
    "What was saved stands above. Save again to put what is in this form in its place."
)
# The ways in which the filters of a list ask. An address may not ask in others: some of them never come to an end.
ASKS = ("exact", "isnull", "isempty")


def in_words(value: Any, choices: Mapping[Any, Any] | None = None) -> str:
    """A value as an administrator reads it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (Manager, QuerySet)):
        return ", ".join(sorted(map(str, value.all())))
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value)))
    if choices and value in choices:
        return str(choices[value])
    return "" if value is None else str(value)


class Watched(forms.ModelForm):
    """A form that is refused once when somebody else saved since it was opened. `theirs` is what they saved."""

    # Set by `Together.get_form`: what is stored, by the names of fields, and the rows within, by their labels.
    stored: dict[str, str]
    within: dict[str, str]
    theirs: tuple[tuple[str, str], ...] = ()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        seen = self.data.get("seen")
        if seen and seen != token([self.stored, self.within]):
            mine = {name: self._typed(name) for name in self.stored}
            fields = [(str(self.fields[name].label), now) for name, now in self.stored.items() if now != mine[name]]
            self.theirs = (*fields, *self.within.items())
            raise ValidationError(OVERTAKEN)
        return given

    def _typed(self, name: str) -> str:
        field = self.fields[name]
        choices = getattr(field, "choices", ()) if isinstance(field, forms.TypedChoiceField) else ()
        return in_words(self.cleaned_data.get(name), dict(choices))


class Together(Base):
    """An administration page on which nobody overwrites unseen what somebody else saved meanwhile.

    `rows_within` names the relations whose rows stand on the page of a thing, by what they are called there.
    """

    rows_within: Mapping[str, str] = {}
    # Counting all of a long list takes longer than showing a page of it.
    show_full_result_count = False
    # A page of a list costs what its rows cost: with few on each, a long list opens as fast as a short one.
    list_per_page = 20

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        name, _, ask = lookup.rpartition("__")
        filters = [one[0] if isinstance(one, tuple) else one for one in self.list_filter]
        return name in filters and ask in ASKS

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if request.method == "POST" and connection.in_atomic_block and not from_field:
            # Who saves at the same moment waits here, and then sees what was saved.
            self.model._default_manager.select_for_update().filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or not change:
            return form
        stored, within = self.now(form.base_fields, obj.pk)
        return type(form.__name__, (Watched, form), {"stored": stored, "within": within})

    def now(self, fields: Mapping[str, forms.Field], pk: Any) -> tuple[dict[str, str], dict[str, str]]:
        """What is stored of a thing in these fields, and in the rows within it, in words."""
        row: Model = self.model._default_manager.get(pk=pk)
        known = {field.name: field for field in (*row._meta.fields, *row._meta.many_to_many)}
        stored = {
            name: in_words(getattr(row, name), dict(getattr(known[name], "flatchoices", ())))
            for name, field in fields.items()
            if name in known and not field.disabled
        }
        within = {
            label: "\n".join(map(str, getattr(row, name).order_by("pk"))) for name, label in self.rows_within.items()
        }
        return stored, within

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj, form = kwargs.get("obj"), context["adminform"].form
        if obj is not None:
            context["seen"] = token(list(self.now(form.base_fields, obj.pk)))
            context["theirs"] = getattr(form, "theirs", ())
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page
