"""Environment variables: one that makes no sense stops the start with one line that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READ = ("TOOLKIT_ENV", "DEBUG", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "MAIL")
PRODUCTION = {
    "TOOLKIT_ENV": "production",
    "SECRET_KEY": "".join(chr(33 + number) for number in range(60)),
    "ALLOWED_HOSTS": "review.example.nhs.uk",
    "SITE_URL": "https://review.example.nhs.uk",
    "DATABASE_URL": "sqlite:///:memory:",
}


def start(variables: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """Start the toolkit with those environment variables and no others of ours, as if on a fresh machine."""
    surroundings = {name: value for name, value in os.environ.items() if name not in READ}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=ROOT,
        env=surroundings | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOOLKIT_ENV", "staging"),
        ("DEBUG", "maybe"),
        ("SITE_URL", "review.example.nhs.uk"),
        ("SITE_URL", "https://review.example.nhs.uk:port"),
        ("ALLOWED_HOSTS", "https://review.example.nhs.uk/"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://someone@host/name"),
        ("DATABASE_URL", "postgres://someone@host:no-number/name"),
        ("DATABASE_URL", "postgres://someone@host"),
        ("DATABASE_URL", "sqlite:///no/such/folder/db.sqlite3"),
        ("DATABASE_URL", "nonsense"),
        ("MAIL", "pigeon"),
        ("EMAIL_PORT", "99999"),
        ("EMAIL_PORT", "-1"),
        ("EMAIL_HOST_PASSWORD", "two\nlines"),
        ("EMAIL_USE_TLS", "2"),
        ("HSTS_SECONDS", "a year"),
        ("HSTS_INCLUDE_SUBDOMAINS", "some"),
        ("TRUST_PROXY_TLS_HEADER", "?"),
        ("TRUSTED_PROXIES", "many"),
        ("SHOW_NHS_LOGO", "sometimes"),
        ("FOOTER_COPYRIGHT", "two\nlines"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_variable_that_makes_no_sense_stops_the_start_with_one_line_naming_it(name: str, value: str) -> None:
    result = start({name: value})
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{name}: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("DEBUG", "true"),
        ("SITE_URL", ""),
    ],
)
def test_production_does_not_start_without_what_makes_it_safe(name: str, value: str) -> None:
    result = start(PRODUCTION | {name: value})
    assert result.returncode == 1
    assert result.stderr.startswith(f"{name}: ")
    assert len(result.stderr.splitlines()) == 1


def test_smtp_needs_a_host() -> None:
    result = start({"MAIL": "smtp"})
    assert result.returncode == 1
    assert result.stderr.startswith("EMAIL_HOST: ")


def test_a_secret_is_never_printed() -> None:
    result = start({"DATABASE_URL": "postgres://someone:hunter2@host:port/name"})
    assert result.returncode == 1
    assert "hunter2" not in result.stderr + result.stdout


@pytest.mark.parametrize("password", [" hunter 2 ", " ", ""])
def test_a_mail_password_is_kept_to_the_letter(password: str) -> None:
    code = "from django.conf import settings; print(ascii(settings.EMAIL_HOST_PASSWORD))"
    result = start({"EMAIL_HOST_PASSWORD": password}, "shell", "--verbosity", "0", "--command", code)
    assert result.stdout == f"{password!a}\n", result.stderr


def test_production_settings_pass_the_deployment_check() -> None:
    result = start(PRODUCTION, "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


def test_production_sends_people_to_https_and_keeps_cookies_there() -> None:
    names = ("DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    code = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names}))"
    result = start(PRODUCTION, "shell", "--verbosity", "0", "--command", code)
    assert result.stdout.split() == ["False", "True", "True", "True", "63072000"], result.stderr
