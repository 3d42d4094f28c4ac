"""The addresses of pages, each worked out once: a page names a dozen of them, and most are the same from day to day."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_urlconf, reverse

# Enough for the pages that are read on a busy day; what is not among them is worked out again.
REMEMBERED = 4_096


@lru_cache(maxsize=REMEMBERED)
def _address(urlconf: str | None, name: str, args: tuple[object, ...]) -> str:
    return reverse(name, urlconf=urlconf, args=args or None)


def address(name: str, *args: object) -> str:
    """The address of the page called `name`. NoReverseMatch when there is none."""
    return _address(get_urlconf(), name, args)
