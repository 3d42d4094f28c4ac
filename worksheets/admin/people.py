"""Django admin for people and groups: their accounts, and what they may administer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import partial
from typing import Any

import allauth.account.admin  # noqa: F401 - so that what it registers can be taken away below
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from worksheets import audit
from worksheets.admin.asking import OWN, AsksPassword, Telling
from worksheets.admin.cleaned import CleaningModelForm, Searched
from worksheets.admin.together import Together
from worksheets.audit import Kind
from worksheets.forms import CleaningForm
from worksheets.models import User
from worksheets.organisations.addresses import touch_person
from worksheets.organisations.mail import (
    account_mails,
    confirm_mail,
    leads_about,
    notice,
    tell,
)
from worksheets.post import Mail, link

# Addresses of e-mail are kept with the person. The log-in library's own list of them would be a second place.
admin.site.unregister(EmailAddress)

admin.site.unregister(Group)


class GroupForm(AsksPassword, CleaningModelForm):
    """What those in a group may administer: it is given with one's own password, as to a single person."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.has_changed():
            self.demand_password()
        return cleaned


@admin.register(Group)
class PlainGroupAdmin(Together, Telling, GroupAdmin):
    """Whoever writes what a group may do gives power, to themselves as well: only superusers do."""

    form = GroupForm
    fields = ("name", "permissions", OWN)
    filter_horizontal = ()
    change_form_template = "admin/worksheets/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        before = codes_of(form.instance)
        super().save_related(request, form, formsets, change)
        now = codes_of(form.instance)
        if change and not form.has_changed():
            return
        more = [f"+ {code}" for code in sorted(now - before)] + [f"- {code}" for code in sorted(before - now)]
        audit.record(
            Kind.POWERS, request, None, detail=": ".join(filter(None, [f"group {form.instance}", ", ".join(more)]))
        )
        if more:
            self.will_tell(request, group_mails(form.instance))

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        mails = group_mails(obj)
        audit.record(Kind.POWERS, request, None, detail=f"group {obj} deleted")
        super().delete_model(request, obj)
        tell(mails)


def codes_of(group: Group) -> set[str]:
    """What a group may do, by the code names of permissions."""
    return set(group.permissions.values_list("codename", flat=True))


def group_mails(group: Group) -> list[Mail]:
    """The mails to all in a group, that they may administer something else from now on."""
    members = User.objects.filter(groups=group)
    return [
        mail for user in members for mail in account_mails(user, "has changed what may be administered with", leads=())
    ]


POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


# What nobody changes without giving their own password: it opens or shuts the door to an account.
GUARDED = frozenset({"email", "is_active", *POWERS})


class PersonCreationForm(CleaningForm, AsksPassword, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.demand_password()
        return cleaned


class PersonChangeForm(CleaningForm, AsksPassword, UserChangeForm):
    """Who somebody is. The address is the one they are to sign in with: a new one waits until it is confirmed."""

    class Meta:
        model = User
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.new_email:
            self.initial["email"] = self.instance.new_email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if GUARDED & set(self.changed_data):
            self.demand_password()
        return cleaned


class PersonPasswordForm(AsksPassword, AdminPasswordChangeForm):
    """A password that an administrator sets for somebody, or takes away."""

    def __init__(self, *args: Any, asker: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asker = asker

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.demand_password()
        return cleaned

    def save(self, commit: bool = True) -> User:
        with transaction.atomic():
            user: User = super().save(commit)
            audit.record(Kind.PASSWORD_SET, self.asker, user)
        done = "has set a new password for" if user.has_usable_password() else "has taken the password from"
        tell(account_mails(user, done, leads=leads_about(user)))
        return user


@admin.register(User)
class PersonAdmin(Together, Searched, Telling, UserAdmin):
    """People are switched off, never deleted: what they saved and changed keeps their name."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    change_user_password_template = "admin/worksheets/user/password.html"  # noqa: S105
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    # Organisations are found by their name: a list of thousands of them is no filter.
    list_filter = ("is_active", "is_staff", "is_superuser")
    # Two plain lists: the widget that moves items between boxes cannot be used by everybody.
    filter_horizontal = ()
    search_fields = ("email", "name", "organisations__name")
    readonly_fields = ("last_login", "date_joined", "waiting")
    fieldsets = (
        (None, {"fields": ("email", "waiting", "name", "password")}),
        ("What this person may do", {"fields": ("is_active", *POWERS)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
        ("So that we know it is you", {"fields": (OWN,)}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2", OWN)}),)

    @admin.display(description="Signs in with")
    def waiting(self, user: User) -> str:
        """The address that counts today, and not the one that stands in the form."""
        kept = User.objects.only("email", "new_email").get(pk=user.pk)
        return f"{kept.email}, until {kept.new_email} is confirmed" if kept.new_email else kept.email

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody gives themselves or others more than a superuser gave them."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever changes a password becomes that person: administrators are for superusers to change."""
        above = obj is not None and (obj.is_superuser or obj.is_staff) and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def now(self, fields: Mapping[str, forms.Field], pk: Any) -> tuple[dict[str, str], dict[str, str]]:
        """An address that waits to be confirmed is the one that stands in the form."""
        stored, within = super().now(fields, pk)
        waiting = User.objects.only("new_email").get(pk=pk).new_email
        return (stored | {"email": waiting} if waiting and "email" in stored else stored), within

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The page that sets a password, with a form that knows who asks."""
        page = copy(self)
        page.change_password_form = partial(PersonPasswordForm, asker=request)
        return super(PersonAdmin, page).user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            audit.record(Kind.ACCOUNT_MADE, request, obj)
            what = "An administrator of Strategy review has made an account for you."
            self.will_tell(request, [notice(obj.email, "You have an account", what, link("home"), "Sign in here:")])
            return
        before = User.objects.get(pk=obj.pk)
        asked, obj.email = obj.email, before.email
        obj.new_email = "" if asked == before.email else asked
        if before.is_active and not obj.is_active:
            obj.ended = before.ended + 1
        super().save_model(request, obj, form, change)
        touch_person(obj)
        if obj.new_email and obj.new_email != before.new_email:
            messages.info(request, f"We have sent a link to {asked}. Until it is opened, {obj.email} signs in.")
        self.will_tell(request, changes(request, before, obj, set(form.changed_data)))


def changes(request: HttpRequest, before: User, now: User, changed: set[str]) -> Iterable[Mail]:
    """Record what an administrator changed of an account, and give the mails about it."""
    leads = leads_about(now)
    if now.new_email and now.new_email != before.new_email:
        audit.record(Kind.ADDRESS_ASKED, request, now, detail=f"{now.email} is to be {now.new_email}")
        yield confirm_mail(now)
        yield from account_mails(now, "has given a new email address for", leads=leads)
    if now.is_active != before.is_active:
        audit.record(Kind.SWITCHED_ON if now.is_active else Kind.SWITCHED_OFF, request, now)
        yield from account_mails(now, f"has switched {'on' if now.is_active else 'off'}", leads=leads)
    if powers := sorted(changed & set(POWERS)):
        audit.record(Kind.POWERS, request, now, detail=", ".join(powers))
        yield from account_mails(now, "has changed what may be administered with", leads=())
