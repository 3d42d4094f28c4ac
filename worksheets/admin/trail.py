"""Django admin for the audit trail, which is read and never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from worksheets.admin.together import Together
from worksheets.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(Together, admin.ModelAdmin):
    """Who did what to accounts and memberships, newest first."""

    list_display = ("number", "at", "kind", "whose", "who", "organisation", "source", "detail")
    fields = readonly_fields = list_display
    list_filter = ("kind",)
    list_select_related = ("about", "by", "organisation")
    list_per_page = 50
    search_fields = ("about__email", "by__email", "detail")
    actions = None

    # Many things happen in one minute: the link to a line is its number.
    @admin.display(description="Line", ordering="pk")
    def number(self, row: AuditEvent) -> str:
        return str(row.pk)

    # By address: a name is what somebody chose to be called.
    @admin.display(description="About")
    def whose(self, row: AuditEvent) -> str:
        return row.about.email if row.about else "-"

    @admin.display(description="By")
    def who(self, row: AuditEvent) -> str:
        return row.by.email if row.by else "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
