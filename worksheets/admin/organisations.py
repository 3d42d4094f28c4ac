"""Django admin for organisations and their review cycles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from worksheets import audit
from worksheets.admin.asking import OWN, Telling
from worksheets.admin.cleaned import Searched
from worksheets.admin.forms import CycleForm, OrganisationForm, SetUpForm
from worksheets.admin.members import MembershipInline
from worksheets.admin.setting_up import first_lead, invite, leads_of, to_invite, unled
from worksheets.admin.together import Together
from worksheets.audit import Kind
from worksheets.cycles import archive
from worksheets.models import Cycle, Membership, Organisation
from worksheets.organisations.mail import added_mail, member_mails, tell, told_among
from worksheets.post import Mail
from worksheets.saving import touch_all
from worksheets.workbooks import private

# The first lead of the organisation that is set up, while the request for it is answered.
FIRST_LEAD = "worksheets.first_lead"


def how_many(rows: QuerySet[Membership] | QuerySet[Cycle]) -> Coalesce:
    """How many of these rows an organisation has: counted for those that are shown, and not for all before."""
    mine = rows.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    return Coalesce(Subquery(mine.annotate(number=Count("pk")).values("number")), 0)


@admin.register(Organisation)
class OrganisationAdmin(Together, Searched, Telling):
    """An organisation with a review cycle or a policy cannot be deleted: answers are never lost by a click."""

    form = OrganisationForm
    inlines = (MembershipInline,)
    rows_within = {"memberships": "Members"}
    list_display = ("name", "slug", "people", "reviews")
    search_fields = ("name", "slug")
    fields = ("name", "slug", "language", OWN)
    add_form_template = "admin/worksheets/organisation/set_up.html"
    set_up_fieldsets = (
        (None, {"fields": ("name", "slug", "language")}),
        ("Who leads it first", {"fields": ("lead_email", "lead_name")}),
        ("So that we know it is you", {"fields": (OWN,)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        cycles = Cycle.objects.exclude(workbook__in=private())
        counted = {"people": how_many(Membership.objects.all()), "reviews": how_many(cycles)}
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
        """Whoever led before is told too: they may not lead any more. A new organisation gets its first lead."""
        organisation: Organisation = form.instance
        if not change:
            super().save_related(request, form, formsets, change)
            asked = form.cleaned_data
            request.META[FIRST_LEAD] = first_lead(request, organisation, asked["lead_email"], asked["lead_name"])
            return
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An organisation is set up with its first lead: who may not make both sets none up."""
        also = ("worksheets.add_membership", "worksheets.add_user")
        return super().has_add_permission(request) and request.user.has_perms(also)

    def get_form(
        self, request: HttpRequest, obj: Organisation | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        more = {"form": SetUpForm} if obj is None else {}
        return super().get_form(request, obj, change=change, **more, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        return self.set_up_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        """Whoever leads it first is asked for in the form itself. Others are added by them, or later."""
        return () if obj is None else self.inlines

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), "title": "Set up an organisation"})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The invitation leaves once all is stored."""
        page = partial(super().changeform_view, request, object_id, form_url, extra_context)
        try:
            response = page()
        except IntegrityError:
            # Somebody took the short name a moment ago. Now that it is there, the form says so.
            response = page()
        if lead := request.META.pop(FIRST_LEAD, None):
            invite(request, lead)
        return response

    def response_add(
        self, request: HttpRequest, obj: Organisation, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its page: what there is to say follows once the invitation has left."""
        if self.has_view_or_change_permission(request, obj):
            return redirect("admin:worksheets_organisation_change", obj.pk)
        return redirect("admin:index")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Organisation | None = kwargs.get("obj")
        if obj is not None:
            leads = leads_of(obj)
            context["unled"] = unled(leads)
            context["to_invite"] = to_invite(leads) if self.has_change_permission(request, obj) else []
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.invite_again)
        return [path("<path:object_id>/invite/<path:id>/", view, name="organisation-invite"), *super().get_urls()]

    def invite_again(self, request: HttpRequest, object_id: str, id: str) -> HttpResponse:
        """Ask, then send a lead the invitation once more, as long as they have not come."""
        organisation = self.get_object(request, object_id)
        if not self.has_change_permission(request, organisation):
            raise PermissionDenied
        found = [lead for lead in leads_of(organisation) if str(lead.pk) == id] if organisation else []
        if not found:
            raise Http404
        back = redirect("admin:worksheets_organisation_change", organisation.pk)
        if not to_invite(found):
            email = found[0].user.email
            messages.info(request, f"Nothing was sent: {email} has signed in already, or may not sign in.")
        elif request.method != "POST":
            context = {"title": "Send the invitation again", "original": organisation, "lead": found[0]}
            context |= {"opts": self.opts, **self.admin_site.each_context(request)}
            return TemplateResponse(request, "admin/worksheets/organisation/invite.html", context)
        elif invite(request, found[0]):
            self.log_change(request, organisation, "Sent the invitation again.")
        return back

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """The short name is in every address that people have kept."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.cycles.exists() or obj.policies.exists()))


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cycle]:
        """What is somebody's own is nobody else's, and not an administrator's either."""
        rows: QuerySet[Cycle] = super().get_queryset(request).exclude(workbook__in=private())
        return rows

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
