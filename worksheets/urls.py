"""The addresses of the review. Words that stand before <cycle> or after it can never be mistaken for a stage or a question."""

from django.urls import URLPattern, URLResolver, path

from worksheets import views
from worksheets.wizard import NAMES, ReviewWizard

CYCLE = "o/<slug:organisation>/reviews/<slug:cycle>"

urlpatterns: list[URLPattern | URLResolver] = [
    # Organisations, their people and their review cycles.
    # One review cycle: the hub, the questions, the summary.
    path(f"{CYCLE}/", views.hub, name="hub"),
    path(f"{CYCLE}/<slug:stage>/", views.check, name="check"),
    path(
        f"{CYCLE}/<slug:stage>/<slug:step>/",
        ReviewWizard.as_view(list(NAMES.items()), url_name="question", done_step_name="complete"),
        name="question",
    ),
    # Guidance and the pages about the service.
]
