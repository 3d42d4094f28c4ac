"""The forms about organisations and reviews in the administration, the one that sets an organisation up among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from worksheets.addresses import read_address
from worksheets.admin.asking import ENTER, OWN, AsksPassword
from worksheets.admin.cleaned import CleaningModelForm
from worksheets.cleaning import alike
from worksheets.cycles import named
from worksheets.models import Organisation, User
from worksheets.organisations.forms import NAME_MAX

SLUG_MAX = 60


class SpokenForm(CleaningModelForm):
    """A form with a language, which stays as it was where none is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"].required = False

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"] or self.instance.language)


class OrganisationForm(AsksPassword, SpokenForm):
    """An organisation. No two are called the same: people who belong to both could not tell them apart."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Organisation.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if "name" in self.changed_data and alike(name) in map(alike, others):
            raise ValidationError("Enter another name. An organisation with this one is here already.")
        return name


class SetUpForm(OrganisationForm):
    """A new organisation and whoever is to lead it first, known here or new."""

    lead_email = forms.EmailField(
        label="Email address of the first lead",
        max_length=254,
        help_text="We send them an invitation. They sign in with this address, add their colleagues and start reviews.",
        error_messages={
            "required": "Enter the email address of the first lead.",
            "invalid": "Enter an email address in the correct format, like name@example.com.",
        },
        widget=forms.EmailInput(attrs={"class": "vTextField", "spellcheck": "false", "autocomplete": "off"}),
    )
    lead_name = forms.CharField(
        label="Full name of the first lead",
        max_length=NAME_MAX,
        required=False,
        help_text="Shown beside what they change, if they are new here.",
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = "Enter the name of the organisation."
        own = self.fields[OWN]
        own.required, own.help_text = True, "The password that you sign in with."
        own.error_messages["required"] = ENTER
        slug = self.fields["slug"]
        slug.required = False
        slug.help_text = (
            "It stands in web addresses, like nhs-anywhere, and cannot be changed later. "
            "Leave it empty to have it made from the name."
        )
        slug.error_messages["invalid"] = "Use letters, digits and hyphens only, like nhs-anywhere."

    def clean_slug(self) -> str:
        """What was typed, or else made from the name. Capitals tell no two addresses apart."""
        name: str = self.cleaned_data.get("name", "")
        slug: str = self.cleaned_data["slug"].lower() or slugify(name)[:SLUG_MAX].strip("-")
        if name and not slug:
            raise ValidationError("Enter a short name, like nhs-anywhere.")
        if Organisation.objects.filter(slug__iexact=slug).exists():
            raise ValidationError("Enter another short name. An organisation with this one is here already.")
        return slug

    def clean_lead_email(self) -> str:
        email: str = self.cleaned_data["lead_email"]
        if User.objects.filter(email__iexact=email, is_active=False).exists():
            raise ValidationError("Enter another address, or switch this account on first. It may not sign in now.")
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # Pasted from a mail program, the address may bring the name along.
        beside = read_address(self.asker.POST.get("lead_email", "")).name
        if not cleaned.get("lead_name") and len(beside) <= NAME_MAX:
            cleaned["lead_name"] = beside
        self.demand_password()
        return cleaned


class CycleForm(SpokenForm):
    """The details of a cycle that an administrator may mend. No two of an organisation have the same name."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if named(self.instance.organisation, name, but=self.instance).exists():
            raise ValidationError("Enter another name. The organisation already has a review with this one.")
        return name
