"""What people paste into Django admin, read without what nobody sees: in its forms and in what it searches for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from worksheets.cleaning import one_line
from worksheets.forms import CleaningForm


class CleaningModelForm(CleaningForm, forms.ModelForm):
    """A form about a row of a table, whose texts are cleaned before they are checked."""


class Searched(admin.ModelAdmin):
    """A list that is searched without what nobody sees in the words that are searched for."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, one_line(search_term))
