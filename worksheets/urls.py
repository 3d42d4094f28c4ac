"""The addresses of the review. Words that stand before <cycle> or after it can never be mistaken for a stage or a question."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    # Organisations, their people and their review cycles.
    # One review cycle: the hub, the questions, the summary.
    # Guidance and the pages about the service.
]
