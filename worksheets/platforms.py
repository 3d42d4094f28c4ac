"""The platform guide as data: which platforms are offered, by what names, and what ships with the service."""

from __future__ import annotations

from worksheets.models import Platform


def platform_names() -> tuple[dict[str, str], dict[str, str]]:
    """The names of the platforms that are offered and of the retired ones, by key, in the order of the guide."""
    rows = Platform.objects.values_list("key", "name", "retired")
    offered = {key: name for key, name, retired in rows if not retired}
    return offered, {key: name for key, name, retired in rows if retired}
