"""Django admin for groups of organisations: which there are, and who is in them. Leads choose what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from worksheets.admin.together import Together
from worksheets.models import Group, GroupMember


class GroupMemberForm(forms.ModelForm):
    """An organisation in a group. It stays as it is: what one chose to show must not become another's choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["organisation"].disabled = True


class GroupMemberInline(admin.TabularInline):
    """An organisation in a group. Whoever is taken out takes along what it showed."""

    model = GroupMember
    form = GroupMemberForm
    fields = ("organisation", "shows")
    readonly_fields = ("shows",)
    extra = 1
    verbose_name = "organisation"
    verbose_name_plural = "organisations"


@admin.register(Group)
class GroupAdmin(Together, admin.ModelAdmin):
    """A group. An organisation that is put in shows nothing until its leads choose."""

    fields = ("name", "slug")
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    inlines = (GroupMemberInline,)
    rows_within = {"places": "Organisations"}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}
