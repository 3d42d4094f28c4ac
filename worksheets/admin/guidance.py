"""Django admin for what guides a team: the texts and the platforms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, Max, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from simple_history.admin import SimpleHistoryAdmin

from worksheets import proofreading, texts
from worksheets.admin.cleaned import CleaningModelForm, Searched
from worksheets.admin.together import Together
from worksheets.cleaning import alike, one_line
from worksheets.guides import GUIDES
from worksheets.models import Guidance, Platform, PlatformFigure
from worksheets.models.texts import TAGS
from worksheets.policies import library
from worksheets.policies.facts import HOLE, HOLES
from worksheets.saving import token
from worksheets.words import capital
from worksheets.workbooks import WORKBOOKS, first, of_question, of_stage

CLAUSE_HELP = (
    "The first line is the heading and begins with “# ”. Below it stand paragraphs, and lists of lines that begin with "
    "“- ”. It ends with a line “## Why it is here” and a sentence with its source and year, which no document shows."
)
PAGES = {key: GUIDES[key].title for key in ("about", "accessibility", "learning")}


def in_words(key: str) -> str:
    """The name of a text, like "Question 2: What should be achieved by using social media?". All but those of the first
    workbook say in which they stand."""
    kind, _, name = key.partition("/")
    try:
        if kind in ("stages", "questions"):
            workbook, asked = of_stage(name) if kind == "stages" else of_question(name)
            named = f"{kind.removesuffix('s').capitalize()} {asked.number}: {asked.title}"
            return named if workbook is first() else f"{capital(workbook.noun)}, {named[:1].lower()}{named[1:]}"
        if kind == library.KIND:
            document, _ = library.parts_of(key)
            return f"Policy, {document.short}: {library.read(texts.shipped()[key]).heading}"
        return f"Page: {PAGES[name]}"
    except KeyError:
        return f"{key} (not shown any more)"


def keys() -> list[str]:
    """The keys of all texts in the order of the list: each stage, its questions after it, the pages, the clauses."""
    stages = [stage for workbook in WORKBOOKS.values() for stage in workbook.stages]
    return [
        *(
            key
            for stage in stages
            for key in (f"stages/{stage.key}", *(f"questions/{question.key}" for question in stage.questions))
        ),
        *(f"pages/{page}" for page in PAGES),
        *library.keys(),
    ]


def place_of(key: str) -> str:
    """Where the page is that shows a text; "" for a clause, which stands in the documents of each organisation."""
    kind, _, name = key.partition("/")
    if kind == library.KIND:
        return ""
    if kind == "stages":
        return reverse("guidance-stage", args=[name])
    if kind == "questions":
        _, asked = of_question(name)
        return f"{reverse('guidance-stage', args=[asked.stage])}#question-{asked.number}"
    return reverse(name)


def is_clause(key: str) -> bool:
    """Whether a text is a clause of the library of policies."""
    return key.startswith(f"{library.KIND}/")


def drawn_clause(text: str, this_year: int) -> texts.Note:
    """A clause as documents have it, with each gap in words, and below it why it is here: a source is no figure, and
    is not marked as old."""
    said = library.read(text)
    words = HOLE.sub(lambda hole: f"\\[{HOLES.get(hole[1], hole[1])}\\]", said.words)
    top, _ = texts.to_html(f"# {said.heading}\n\n{words}", 3, this_year)
    why, _ = texts.to_html(f"# Why it is here\n\n{said.why}", 4)
    # Both were cleaned where they were drawn.
    return texts.Note(top + why, SafeString(), SafeString())


class GuidanceForm(forms.ModelForm):
    """The text, which starts as the default. Previewing is not saving, so a form to preview never counts as valid."""

    class Meta:
        model = Guidance
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 28, "class": "vLargeTextField guidance-text"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = texts.shipped().get(self.instance.key, "")
        # Asked now: checking a form writes what was typed into the instance, even when nothing is saved.
        self.changed_from_default = bool(self.instance.text)
        if is_clause(self.instance.key) and "text" in self.fields:
            self.fields["text"].help_text = CLAUSE_HELP
        # Without the right to change it the text is read, and is no field.
        if "text" in self.fields and not self.initial.get("text"):
            self.initial["text"] = self.default

    def clean_text(self) -> str:
        """The text cleaned; empty when it is the default, which then follows later versions of the service.

        What would be lost by cleaning it, or makes no sense to those who hear it, is refused by name.
        """
        faults = proofreading.faults(self.cleaned_data["text"])
        if is_clause(self.instance.key) and self.cleaned_data["text"].strip():
            faults += library.faults(self.cleaned_data["text"])
        if faults:
            raise ValidationError(faults)
        text = texts.tidy(self.cleaned_data["text"])
        return "" if text == texts.tidy(self.default) else text

    @property
    def previewing(self) -> bool:
        return "_preview" in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.previewing

    def preview(self) -> texts.Note | None:
        """What was typed as a reader will see it, or nothing when none was asked for or the text has a fault."""
        if not self.previewing or self.errors:
            return None
        return self.draw(self.instance.key, self.cleaned_data["text"] or self.default)

    @staticmethod
    def draw(key: str, text: str) -> texts.Note:
        text, this_year = texts.with_counts(text), timezone.localdate().year
        if is_clause(key):
            return drawn_clause(text, this_year)
        return texts.page_of(text, this_year) if key.startswith("pages/") else texts.note_of(text, this_year=this_year)


class Recorded(Together, Searched, SimpleHistoryAdmin):
    """A model whose changes are kept, with who made them. Nothing of it is deleted."""

    object_history_list_template = "admin/worksheets/history.html"

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An earlier state: whoever may look reads it, and only who may change brings it back.

        The library asks whether somebody may look, and then stores what they send.
        """
        if request.method == "POST" and not self.has_change_permission(request, self.get_object(request, object_id)):
            raise PermissionDenied
        page: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return page

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Guidance)
class GuidanceAdmin(Recorded):
    form = GuidanceForm
    fields = ("text",)
    list_display = ("name", "changed", "last_changed")
    list_display_links = ("name",)
    list_per_page = 250
    search_fields = ("text",)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("place", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guidance]:
        places = [When(key=key, then=Value(place)) for place, key in enumerate(keys())]
        return Guidance.objects.annotate(place=Case(*places, default=Value(len(places)))).order_by("place", "key")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Guidance], search_term: str
    ) -> tuple[QuerySet[Guidance], bool]:
        """Names and default texts are not in the database: what is searched is what is read."""
        wanted = one_line(search_term).lower().split()

        def read(row: Guidance) -> str:
            return f"{in_words(row.key)} {row.text or texts.shipped().get(row.key, '')}".lower()

        matching = [row.pk for row in queryset if all(word in read(row) for word in wanted)]
        return queryset.filter(pk__in=matching), False

    @admin.display(description="Text", ordering="place")
    def name(self, row: Guidance) -> str:
        return in_words(row.key)

    @admin.display(description="Changed from the default")
    def changed(self, row: Guidance) -> str:
        return "Yes, changed" if row.text else "No"

    @admin.display(description="Last changed", ordering="updated_at")
    def last_changed(self, row: Guidance) -> str:
        return date_format(timezone.localtime(row.updated_at), "j F Y, H:i") if row.text else "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Guidance | None = None) -> bool:
        """A text that no page shows any more can be read, and no more."""
        return super().has_change_permission(request, obj) and (obj is None or obj.key in texts.shipped())

    def get_view_on_site_url(self, obj: Guidance | None = None) -> str | None:
        return (place_of(obj.key) if obj and obj.key in texts.shipped() else "") or None

    def history_view_title(self, request: HttpRequest, obj: Guidance) -> str:
        return f"History of “{in_words(obj.key)}”"

    def history_form_view_title(self, request: HttpRequest, obj: Guidance) -> str:
        return f"An earlier text of “{in_words(obj.key)}”"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.back_to_default)
        return [path("<path:object_id>/default/", view, name="guidance-default"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row: Guidance = kwargs["obj"]
        form = context["adminform"].form
        context = {
            **context,
            "title": in_words(row.key),
            "subtitle": None,
            "changed_from_default": form.changed_from_default,
            "preview": form.preview(),
            "fills_page": row.key.startswith("pages/"),
            "gaps": HOLES if is_clause(row.key) else {},
        }
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    def save_model(self, request: HttpRequest, obj: Guidance, form: forms.ModelForm, change: bool) -> None:
        """Only a text that differs is saved: history holds changes."""
        if Guidance.objects.filter(pk=obj.pk, text=obj.text).exists():
            return
        super().save_model(request, obj, form, change)

    def back_to_default(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks once, then empties the text, so that the one that ships is shown again."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        seen = request.POST.get("seen")
        if seen and seen != token(row.text):
            messages.error(request, "Somebody else changed this text after you opened the page. It is as they left it.")
            return redirect("admin:worksheets_guidance_change", row.pk)
        if request.method == "POST":
            row.text = ""
            row._change_reason = "Back to the default text"
            row.save()
            self.log_change(request, row, "Back to the default text.")
            messages.success(request, f"“{in_words(row.key)}” has its default text again.")
            return redirect("admin:worksheets_guidance_change", row.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Do you want to go back to the default text?",
            "name": in_words(row.key),
            "original": row,
            "seen": token(row.text),
            "opts": self.opts,
            "now": GuidanceForm.draw(row.key, texts.shipped()[row.key]),
            "fills_page": row.key.startswith("pages/"),
        }
        return TemplateResponse(request, "admin/worksheets/guidance/default.html", context)


class FigureInline(admin.StackedInline):
    model = PlatformFigure
    form = CleaningModelForm
    extra = 1
    fields = ("text", "year", "source")
    verbose_name = "figure about the audience"
    verbose_name_plural = "figures about the audience"


class PlatformForm(CleaningModelForm):
    """A platform, whose key stands in addresses and answers. No two are called the same: teams choose them by name."""

    tags = forms.MultipleChoiceField(
        label="What it is known for",
        choices=[*TAGS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="A channel choice puts platforms forward by what is ticked here. Tick what it is best at.",
    )

    class Meta:
        model = Platform
        fields = ("name", "key", "about", "tags", "good_for", "consider", "tone", "position", "retired")
        help_texts = {
            "about": "What lasts: what the platform is, and whom it is for. What is so in one year is entered below, "
            "among the figures, with its year and source. Look for recent ones, such as Ofcom's.",
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Platform.objects.exclude(pk=self.instance.pk)
        if "name" in self.changed_data and (
            there := next((one for one in others if alike(one.name) == alike(name)), None)
        ):
            kept = "It is retired: offer it again instead." if there.retired else "Change that one instead."
            raise ValidationError(f"Enter another name. A platform with this one is here already. {kept}")
        return name

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key != key.lower() or "_" in key:
            raise ValidationError("Enter a key of small letters a to z, numbers and hyphens, like “my-platform”.")
        return key

    def clean_tags(self) -> list[str]:
        """What is ticked; as it was, in its order, where nothing else is ticked: history holds changes."""
        ticked: list[str] = self.cleaned_data["tags"]
        return self.instance.tags if set(self.instance.tags) == set(ticked) else [key for key in TAGS if key in ticked]


@admin.register(Platform)
class PlatformAdmin(Recorded):
    form = PlatformForm
    inlines = (FigureInline,)
    rows_within = {"figures": "Figures about the audience"}
    list_display = ("name", "key", "position", "offered", "figures", "newest")
    list_filter = ("retired",)
    search_fields = ("name", "key", "about")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Platform]:
        rows: QuerySet[Platform] = super().get_queryset(request)
        return rows.annotate(count=Count("figures"), latest=Max("figures__year"))

    @admin.display(description="Offered", ordering="retired")
    def offered(self, row: Platform) -> str:
        return "No, retired" if row.retired else "Yes"

    @admin.display(description="Figures")
    def figures(self, row: Any) -> int:
        return int(row.count)

    @admin.display(description="Newest figure", ordering="latest")
    def newest(self, row: Any) -> str:
        return str(row.latest or "-")

    def get_readonly_fields(self, request: HttpRequest, obj: Platform | None = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"key": ("name",)}

    def get_view_on_site_url(self, obj: Platform | None = None) -> str | None:
        return f"{reverse('platforms')}#platform-{obj.key}" if obj and not obj.retired else None
