"""What the administration's forms ask for before they change an account or a membership: one's own password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict

from worksheets.organisations.mail import tell
from worksheets.organisations.signing import proven
from worksheets.post import Mail

OWN = "own_password"
# What is known of a request while it is answered.
CONFIRMED, MAILS = "worksheets.confirmed", "worksheets.mails"
ENTER = "Enter your own password, so that we know it is you."
WRONG = "Check your own password. It is not the one you sign in with."


class AsksPassword(forms.Form):
    """A form with a box for one's own password, which counts when something that matters is changed.

    `asker` is the request that brings the form. Once the password was right, the request is `confirmed`.
    """

    asker: HttpRequest
    own_password = forms.CharField(
        label="Your own password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Needed to change members, an address, a password, a right, or who may sign in, and to delete.",
    )

    def clean_own_password(self) -> str:
        password: str = self.cleaned_data[OWN]
        if password and not confirmed(self.asker):
            if not proven(self.asker, password):
                raise ValidationError(WRONG)
            self.asker.META[CONFIRMED] = True
        return password

    def demand_password(self) -> None:
        """Say that one's own password is missing, unless it was given or said to be wrong."""
        if not confirmed(self.asker) and OWN not in self.errors:
            self.add_error(OWN, ENTER)


class Deletion(AsksPassword):
    """The question whether something may be deleted, which is answered with one's own password."""

    def __init__(self, *args: Any, asker: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker = asker

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.demand_password()
        return cleaned


def confirmed(request: HttpRequest) -> bool:
    """Whether this request brought the right password of whoever sends it."""
    return bool(request.META.get(CONFIRMED))


class Telling(ModelAdmin):
    """A model whose forms ask for one's own password, and whose changes are told by mail once they are stored."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"asker": request})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The box is there for those who may change something."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return sets
        return [(name, {**more, "fields": [one for one in more["fields"] if one != OWN]}) for name, more in sets]

    delete_confirmation_template = "admin/worksheets/delete.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Several at once cannot be deleted: each asks for one's own password on a page of its own."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that asks first. Without the right password it asks again, and nothing is deleted."""
        asked = Deletion(request.POST if request.method == "POST" else None, asker=request)
        if request.method == "POST" and self.has_delete_permission(request) and not asked.is_valid():
            # What Django takes for a yes is a form with anything at all in it.
            request.POST = QueryDict()
        return super().delete_view(request, object_id, {**(extra_context or {}), "asked": asked})

    def will_tell(self, request: HttpRequest, mails: Iterable[Mail]) -> None:
        """Have these mails sent when the form is stored."""
        request.META.setdefault(MAILS, []).extend(mails)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        tell(request.META.pop(MAILS, []))
        return response
