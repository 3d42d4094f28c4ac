"""Prints every figure with its bar, on a database of its own: `make bench`. Ends with 1 when one is over."""

from __future__ import annotations

import os
import sys
from itertools import chain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toolkit.settings")
os.environ.setdefault("DEBUG", "false")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402


def main() -> int:
    """Set up a test database, measure, tear it down."""
    from tests.benchmarks import pages, pdf
    from tests.printing import print_at_once
    from tests.world import make_world

    setup_test_environment()
    print_at_once()
    settings.ROOT_URLCONF = "tests.benchmarks.pages"
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        world = make_world()
        client = Client()
        client.force_login(world.lead, backend=settings.AUTHENTICATION_BACKENDS[0])
        kept = True
        for bar in chain(pdf.bars(world, client), pages.bars(world, client)):
            print(bar, flush=True)
            kept &= bar.kept
    finally:
        runner.teardown_databases(databases)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
