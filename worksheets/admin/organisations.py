"""Django admin for organisations and their review cycles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from worksheets import audit
from worksheets.admin.asking import OWN, AsksPassword, Telling
from worksheets.admin.cleaned import CleaningModelForm, Searched
from worksheets.admin.members import MembershipInline
from worksheets.admin.together import Together
from worksheets.audit import Kind
from worksheets.cleaning import alike
from worksheets.cycles import archive, named
from worksheets.models import Cycle, Membership, Organisation
from worksheets.organisations.mail import added_mail, member_mails, tell, told_among
from worksheets.post import Mail
from worksheets.saving import touch_all


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
