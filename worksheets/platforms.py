"""The names of the platforms, for those who ask for nothing else of the texts."""

from __future__ import annotations

from worksheets import texts


def platform_names() -> tuple[dict[str, str], dict[str, str]]:
    """The names of the platforms that are offered and of the retired ones, by key, in the order of the guide."""
    return texts.current().platform_names()
