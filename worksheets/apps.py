"""Keeps the rows of guidance and platforms in step with what ships, each time the database is migrated."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db import transaction
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils import timezone

from worksheets.cleaning import alike


class WorksheetsConfig(AppConfig):
    """The review."""

    name = "worksheets"
    verbose_name = "Strategy review"

    def ready(self) -> None:
        post_migrate.connect(add_missing_texts, sender=self)
        figures = self.get_model("PlatformFigure")
        post_save.connect(mark_platform_changed, sender=figures)
        post_delete.connect(mark_platform_changed, sender=figures)


def add_missing_texts(using: str, apps: Any = installed_apps, **_kwargs: Any) -> None:
    """A row for each shipped text and platform that has none yet. What is there, and what admins changed, stays.

    The models are those of the state just migrated to: it may be an older one, or one without any table.
    """
    from worksheets import texts

    try:
        guidance, platform, figure, history = (
            apps.get_model("worksheets", name)
            for name in ("Guidance", "Platform", "PlatformFigure", "HistoricalPlatform")
        )
    except LookupError:
        return
    there = set(guidance.objects.using(using).values_list("key", flat=True))
    guidance.objects.using(using).bulk_create(
        [guidance(key=key) for key in texts.shipped() if key not in there], ignore_conflicts=True
    )
    platforms = dict(platform.objects.using(using).values_list("key", "name"))
    names = set(map(alike, platforms.values()))
    for entry in texts.shipped_platforms():
        # One that an administrator added under another key stays the only one of its name: teams choose by names.
        if entry["key"] not in platforms and alike(entry["name"]) not in names:
            # All or nothing: a platform that is there without its figures would never get them.
            with transaction.atomic(using=using):
                add_platform(entry, using, platform, figure, history)


def add_platform(entry: dict[str, Any], using: str, platform: Any, figure: Any, history: Any) -> None:
    """One shipped platform with its figures, through the given models."""
    from worksheets import texts

    # An older state of the table may lack what came later.
    there = {field.name for field in platform._meta.concrete_fields}
    row = platform.objects.using(using).create(
        **{name: value for name, value in texts.shipped_row(entry).items() if name in there}
    )
    figure.objects.using(using).bulk_create(figure(platform=row, **shown) for shown in entry["figures"])
    # The history starts with what shipped, so that an admin can go back to it.
    if not history.objects.using(using).filter(id=row.pk).exists():
        shipped = {field.attname: getattr(row, field.attname) for field in platform._meta.concrete_fields}
        history.objects.using(using).create(
            **shipped, history_date=timezone.now(), history_type="+", history_change_reason="As it ships"
        )


def mark_platform_changed(instance: Any, using: str, **_kwargs: Any) -> None:
    """A figure changed, and with it what the platform guide says."""
    platforms = type(instance)._meta.get_field("platform").related_model
    platforms.objects.using(using).filter(pk=instance.platform_id).update(updated_at=timezone.now())
