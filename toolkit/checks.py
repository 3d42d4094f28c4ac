"""What a host has still to say before the service goes live: `manage.py check --deploy` tells it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, register


@register(Tags.compatibility, deploy=True)
def the_statement_names_the_host(**_asked: Any) -> list[CheckMessage]:
    """The accessibility statement must say who runs the service and how to reach them: the law asks for it."""
    if settings.HOST_NAME and settings.ACCESSIBILITY_CONTACT:
        return []
    return [
        Info(
            "The accessibility statement does not say who runs the service and how to reach them.",
            hint="Set HOST_NAME and ACCESSIBILITY_CONTACT.",
            id="toolkit.I001",
        )
    ]
