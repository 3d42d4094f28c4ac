"""Puts our own door in front of Django admin."""

from django.contrib.admin.apps import AdminConfig
from django.template import engines


class ToolkitAdminConfig(AdminConfig):
    """Django admin with the site of `toolkit.admin`."""

    default_site = "toolkit.admin.ToolkitAdminSite"

    def ready(self) -> None:
        super().ready()
        # Imported for what it registers.
        from toolkit import checks  # noqa: F401

        # The environment hands itself to what draws the NHS macros, which therefore asks for nothing above it.
        engines["jinja2"]
