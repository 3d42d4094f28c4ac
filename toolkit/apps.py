"""Puts our own door in front of Django admin."""

from django.contrib.admin.apps import AdminConfig


class ToolkitAdminConfig(AdminConfig):
    """Django admin with the site of `toolkit.admin`."""

    default_site = "toolkit.admin.ToolkitAdminSite"
