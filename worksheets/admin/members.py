"""The members of an organisation, on its page of the administration: who they are, what they do, and that one leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from worksheets.addresses import read_address
from worksheets.admin.asking import confirmed
from worksheets.models import Membership, Organisation, Role, User


class MembershipFormSet(BaseInlineFormSet):
    """The members of an organisation, one of whom leads. Changing them asks for one's own password."""

    asker: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is added where nobody leads is to lead, unless another role is chosen.
        if self.instance.pk and not self.instance.memberships.filter(role=Role.LEAD).exists():
            self.initial_extra = [{"role": Role.LEAD}] * self.extra

    def clean(self) -> None:
        super().clean()
        if any(form.has_changed() for form in self.forms) and not confirmed(self.asker):
            raise ValidationError("Enter your own password above to change who belongs to the organisation.")
        # Somebody else may have added the same person since the page was opened: they are in no row of it.
        here = set(self.instance.memberships.values_list("user_id", flat=True)) if self.instance.pk else set()
        here -= {form.instance.user_id for form in self.initial_forms}
        for form in self.extra_forms:
            user = getattr(form, "cleaned_data", {}).get("user")
            if user and user.pk in here:
                form.add_error("user", "This person is a member already. Open the page again to see their role.")
        rows = [getattr(form, "cleaned_data", {}) for form in self.forms]
        stay = [row for row in rows if row.get("user") and not row.get("DELETE")]
        had_lead = self.instance.pk and self.instance.memberships.filter(role=Role.LEAD).exists()
        if (stay or had_lead) and not any(row.get("role") == Role.LEAD for row in stay):
            raise ValidationError("Choose a lead. An organisation needs at least one.")


class PersonField(forms.ModelChoiceField):
    """A person by their address: a list of all people would be too long to choose from, and slow."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and "@" in value:
            value = User.objects.filter(email=read_address(value).email).values_list("pk", flat=True).first() or "0"
        return super().to_python(value)


class MembershipForm(forms.ModelForm):
    """A member. Who it is stays as it is: another person is another member."""

    user = PersonField(
        queryset=User.objects.all(),
        label="Person",
        help_text="The email address of somebody who is listed under people.",
        error_messages={"invalid_choice": "Enter the email address of somebody who is listed under people."},
        widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields.get("user")
        if self.instance.pk and isinstance(user, forms.ModelChoiceField):
            user.queryset = User.objects.filter(pk=self.instance.user_id)
            user.help_text = ""
            user.widget = forms.Select(choices=[(self.instance.user_id, str(self.instance.user))])


class MembershipInline(admin.StackedInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = (("user", "role"),)
    extra = 1
    verbose_name = "member"
    verbose_name_plural = "members"

    def get_formset(self, request: HttpRequest, obj: Organisation | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (formset,), {"asker": request})
