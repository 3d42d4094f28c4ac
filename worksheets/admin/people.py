"""Django admin for people, organisations and their review cycles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import allauth.account.admin  # noqa: F401 - so that what it registers can be taken away below
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from worksheets.admin.cleaned import CleaningModelForm, Searched
from worksheets.cleaning import alike
from worksheets.cycles import archive, named
from worksheets.forms import CleaningForm
from worksheets.models import Cycle, Membership, Organisation, Role, User
from worksheets.saving import touch_all

# Addresses of e-mail are kept with the person. The log-in library's own list of them would be a second place.
admin.site.unregister(EmailAddress)

admin.site.unregister(Group)


@admin.register(Group)
class PlainGroupAdmin(GroupAdmin):
    """Whoever writes what a group may do gives power, to themselves as well: only superusers do."""

    form = CleaningModelForm
    filter_horizontal = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser


POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


class PersonCreationForm(CleaningForm, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonChangeForm(CleaningForm, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class PersonAdmin(Searched, UserAdmin):
    """People are switched off, never deleted: what they saved and changed keeps their name."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "organisations")
    # Two plain lists: the widget that moves items between boxes cannot be used by everybody.
    filter_horizontal = ()
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("What this person may do", {"fields": ("is_active", *POWERS)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody gives themselves or others more than a superuser gave them."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever changes a password becomes that person: administrators are for superusers to change."""
        above = obj is not None and (obj.is_superuser or obj.is_staff) and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Summaries name who took part, as they are called today.
        touch_all(worksheets__revisions__saved_by=obj)
        touch_all(worksheets__completed_by=obj)
        touch_all(reasons__written_by=obj)
        # An address that is no longer this person's must not open the door any more.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()


class MembershipFormSet(BaseInlineFormSet):
    """The members of an organisation, one of whom leads."""

    def clean(self) -> None:
        super().clean()
        rows = [getattr(form, "cleaned_data", {}) for form in self.forms]
        stay = [row for row in rows if row.get("user") and not row.get("DELETE")]
        had_lead = self.instance.pk and self.instance.memberships.filter(role=Role.LEAD).exists()
        if (stay or had_lead) and not any(row.get("role") == Role.LEAD for row in stay):
            raise ValidationError("Choose a lead. An organisation needs at least one.")


class MembershipForm(forms.ModelForm):
    """A member. Who it is stays as it is: another person is another member."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields.get("user")
        if self.instance.pk and isinstance(user, forms.ModelChoiceField):
            user.queryset = User.objects.filter(pk=self.instance.user_id)


class MembershipInline(admin.StackedInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = (("user", "role"),)
    extra = 1
    verbose_name = "member"
    verbose_name_plural = "members"


class OrganisationForm(CleaningModelForm):
    """An organisation. No two are called the same: people who belong to both could not tell them apart."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Organisation.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if "name" in self.changed_data and alike(name) in map(alike, others):
            raise ValidationError("Enter another name. An organisation with this one is here already.")
        return name


@admin.register(Organisation)
class OrganisationAdmin(Searched):
    """An organisation with a review cycle cannot be deleted: answers are never lost by a click."""

    form = OrganisationForm
    inlines = (MembershipInline,)
    list_display = ("name", "slug", "people", "reviews")
    search_fields = ("name", "slug")
    fields = ("name", "slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        counted = {"people": Count("memberships", distinct=True), "reviews": Count("cycles", distinct=True)}
        rows: QuerySet[Organisation] = super().get_queryset(request).annotate(**counted)
        return rows

    @admin.display(description="Members", ordering="people")
    def people(self, row: Any) -> int:
        return int(row.people)

    @admin.display(description="Review cycles", ordering="reviews")
    def reviews(self, row: Any) -> int:
        return int(row.reviews)

    def save_model(self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Its name stands on every summary.
        touch_all(organisation=obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """The short name is in every address that people have kept."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.cycles.exists())


class CycleForm(CleaningModelForm):
    """The details of a cycle that an administrator may mend. No two of an organisation have the same name."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if named(self.instance.organisation, name, but=self.instance).exists():
            raise ValidationError("Enter another name. The organisation already has a review with this one.")
        return name


@admin.register(Cycle)
class CycleAdmin(Searched):
    """Leads start cycles. An administrator may mend a name or date, archive, and see how far a team is: no answers."""

    form = CycleForm
    list_display = ("name", "organisation", "starts", "ends", "state", "archived")
    list_filter = ("organisation", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")
    actions = ("archive", "bring_back")
    fields = (
        *("organisation", "name", "slug", "starts", "ends", "state"),
        *("worksheets", "created_at", "created_by", "archived_at"),
    )
    readonly_fields = ("organisation", "slug", "state", "worksheets", "created_at", "created_by", "archived_at")

    @admin.display(description="Archived", ordering="archived_at")
    def archived(self, cycle: Cycle) -> str:
        return "Yes, archived" if cycle.archived_at else "No"

    @admin.display(description="Worksheets")
    def worksheets(self, cycle: Cycle) -> str:
        complete = cycle.worksheets.filter(status="complete").count()
        return f"{complete} of {cycle.worksheets.count()} complete"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Cycle | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Cycle | None = None) -> tuple[str, ...]:
        """What was submitted or signed off keeps its name and dates: they stand on its cover."""
        closed = obj is not None and obj.state != Cycle.State.OPEN
        return (*self.readonly_fields, "name", "starts", "ends") if closed else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Cycle, form: forms.ModelForm, change: bool) -> None:
        """Write what was changed and nothing else, while the review is open: its state may have moved on meanwhile."""
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        rows = Cycle.objects.filter(pk=obj.pk, state=Cycle.State.OPEN)
        if changed and not rows.update(**changed, stamp=F("stamp") + 1):
            raise PermissionDenied

    @admin.action(description="Archive the chosen cycles", permissions=["change"])
    def archive(self, request: HttpRequest, cycles: QuerySet[Cycle]) -> None:
        self.put(request, cycles.filter(archived_at=None), "Archived.", back=False)

    @admin.action(description="Bring the chosen cycles back", permissions=["change"])
    def bring_back(self, request: HttpRequest, cycles: QuerySet[Cycle]) -> None:
        self.put(request, cycles.exclude(archived_at=None), "Brought back.", back=True)

    def put(self, request: HttpRequest, cycles: QuerySet[Cycle], words: str, *, back: bool) -> None:
        """Archive, or bring back, and note for each cycle who did it."""
        for cycle in cycles:
            archive(cycle, back=back)
            self.log_change(request, cycle, words)
            messages.success(request, f"{cycle}: {words.lower()}")
