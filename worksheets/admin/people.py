"""Django admin for people, organisations and their review cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from worksheets import audit
from worksheets.admin.asking import OWN, AsksPassword, Telling
from worksheets.admin.cleaned import CleaningModelForm, Searched
from worksheets.admin.members import MembershipInline
from worksheets.admin.together import Together
from worksheets.audit import Kind
from worksheets.cleaning import alike
from worksheets.cycles import archive, named
from worksheets.forms import CleaningForm
from worksheets.models import Cycle, Membership, Organisation, User
from worksheets.organisations.addresses import touch_person
from worksheets.organisations.mail import (
    account_mails,
    added_mail,
    confirm_mail,
    leads_about,
    member_mails,
    notice,
    tell,
    told_among,
)
from worksheets.post import Mail, link
from worksheets.saving import touch_all

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


def how_many(model: type[Membership | Cycle]) -> Coalesce:
    """How many rows of a kind an organisation has: counted for those that are shown, and not for all before."""
    mine = model._default_manager.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    return Coalesce(Subquery(mine.annotate(number=Count("pk")).values("number")), 0)


@admin.register(Organisation)
class OrganisationAdmin(Together, Searched, Telling):
    """An organisation with a review cycle cannot be deleted: answers are never lost by a click."""

    form = OrganisationForm
    inlines = (MembershipInline,)
    rows_within = {"memberships": "Members"}
    list_display = ("name", "slug", "people", "reviews")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "language", OWN)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        counted = {"people": how_many(Membership), "reviews": how_many(Cycle)}
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

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Whoever led before is told too: they may not lead any more."""
        organisation: Organisation = form.instance
        before = list(organisation.memberships.select_related("user"))
        super().save_related(request, form, formsets, change)
        self.will_tell(request, settled(request, organisation, before))

    def delete_model(self, request: HttpRequest, obj: Organisation) -> None:
        before = list(obj.memberships.select_related("user"))
        mails = list(settled(request, obj, before, gone=True))
        super().delete_model(request, obj)
        tell(mails)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        for organisation in queryset:
            self.delete_model(request, organisation)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """The short name is in every address that people have kept."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.cycles.exists())


def settled(
    request: HttpRequest, organisation: Organisation, before: list[Membership], *, gone: bool = False
) -> Iterable[Mail]:
    """Record what an administrator changed of the members of an organisation, and give the mails about it.

    `before` are the members that there were. With `gone` none of them is one any more.
    """
    after = [] if gone else list(organisation.memberships.select_related("user"))
    was, now = ({row.user: row.role for row in rows} for rows in (before, after))
    leads = [*told_among(before), *told_among(after)]
    for user in {**was, **now}:
        old, new = was.get(user), now.get(user)
        if old == new:
            continue
        kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.ROLE
        audit.record(kind, request, user, organisation, f"{organisation}: {old or 'no member'}, now {new or 'none'}")
        if old is None:
            yield added_mail(user, organisation, "An administrator")
        yield from member_mails(user, organisation, by="An administrator", was=old, now=new, leads=leads)


class CycleForm(SpokenForm):
    """The details of a cycle that an administrator may mend. No two of an organisation have the same name."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if named(self.instance.organisation, name, but=self.instance).exists():
            raise ValidationError("Enter another name. The organisation already has a review with this one.")
        return name


@admin.register(Cycle)
class CycleAdmin(Together, Searched):
    """Leads start cycles. An administrator may mend a name or date, archive, and see how far a team is: no answers."""

    form = CycleForm
    list_display = ("name", "organisation", "starts", "ends", "state", "archived")
    list_filter = (("archived_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")
    actions = ("archive", "bring_back")
    fields = (
        *("organisation", "name", "slug", "starts", "ends", "language", "state"),
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
