"""`manage.py check_review FILE... [--format text|json]`: holds the answers in interchange files against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import interchange
from worksheets.presentation import Finding
from worksheets.words import counted

KEYS = ("id", "level", "stage", "question", "subjects", "message")


class Command(BaseCommand):
    help = "Prints the points to resolve in interchange files. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, files: list[Path], format: str, **options: Any) -> None:
        checked: list[tuple[Path, tuple[Finding, ...]]] = []
        errors: list[str] = []
        for file in files:
            try:
                checked.append((file, interchange.read(file.read_bytes()).review.findings))
            except OSError as error:
                errors.append(f"{file}: cannot be read: {error.strerror}")
            except interchange.Refused as refused:
                errors += [f"{file}: {error}" for error in refused.errors]
        self.stdout.write(as_json(checked) if format == "json" else as_text(checked))
        if errors:
            raise CommandError("\n".join(errors))


def as_json(checked: list[tuple[Path, tuple[Finding, ...]]]) -> str:
    """A list of `{"file", "findings"}`, in the order of the files and of the rules."""
    entries = [
        {"file": str(file), "findings": [{key: getattr(one, key) for key in KEYS} for one in findings]}
        for file, findings in checked
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1)


def as_text(checked: list[tuple[Path, tuple[Finding, ...]]]) -> str:
    """One line for each finding, below the name of its file."""
    lines = []
    for file, findings in checked:
        lines.append(f"{file}: {counted(len(findings), 'point')}")
        lines += [f"  {one.level:4} {one.id}: {one.message}" for one in findings]
    return "\n".join(lines)
