"""In production static files have hashed names, and the list of them is nobody's to read."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parent.parent
# Collects into a folder of the test, then asks for files as a browser does.
SCRIPT = """
import pathlib, sys
import django
from django.conf import settings
settings.STATIC_ROOT = pathlib.Path(sys.argv[1]) / "public" / "static"
django.setup()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
from django.test import Client
from django.templatetags.static import static
client = Client(raise_request_exception=False)
for address in ("/static/staticfiles.json", "/staticfiles.json", static("icon.svg")):
    print(client.get(address, secure=True, headers={"host": "review.example.nhs.uk"}).status_code, address)
"""


def test_the_list_of_files_is_not_served(tmp_path: Path) -> None:
    production = {
        "DJANGO_SETTINGS_MODULE": "toolkit.settings",
        "TOOLKIT_ENV": "production",
        "SITE_URL": "https://review.example.nhs.uk",
        "ALLOWED_HOSTS": "review.example.nhs.uk",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": "sqlite:///:memory:",
        "MAIL": "smtp",
        "EMAIL_HOST": "localhost",
        "LOG_LEVEL": "CRITICAL",
    }
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=HOUSE,
        env={**os.environ, **production},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    answers = dict(reversed(line.split()) for line in run.stdout.split("\n") if line)
    assert answers.pop("/static/staticfiles.json") == "404"
    assert answers.pop("/staticfiles.json") == "404"
    ((hashed, status),) = answers.items()
    assert status == "200"
    assert hashed != "/static/icon.svg"
