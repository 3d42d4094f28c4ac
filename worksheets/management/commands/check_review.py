"""`manage.py check_review FILE... [--format text|json]`: holds the answers in interchange files against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from worksheets import interchange
from worksheets.presentation import Finding
from worksheets.reasons import settled
from worksheets.texts import current_or_shipped
from worksheets.words import counted

# A finding, and the reason for which it is left as it is.
Told = tuple[Finding, str]
KEYS = ("id", "level", "stage", "question", "subjects", "message")


class Command(BaseCommand):
    help = "Prints the points to resolve in interchange files. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, files: list[Path], format: str, **options: Any) -> None:
        checked: list[tuple[Path, list[Told]]] = []
        errors: list[str] = []
        known = current_or_shipped()
        for file in files:
            try:
                checked.append((file, told(interchange.read(file.read_bytes(), known))))
            except OSError as error:
                errors.append(f"{file}: cannot be read: {error.strerror}")
            except interchange.Refused as refused:
                errors += [f"{file}: {error}" for error in refused.errors]
        self.stdout.write(as_json(checked) if format == "json" else as_text(checked))
        if errors:
            raise CommandError("\n".join(errors))


def told(incoming: interchange.Incoming) -> list[Told]:
    """What is found in a review, in the order of the rules, each with the reason for which it is left; "" for none.

    Of a point that a reason answers in part, the rows that it answers are one finding, and the others another.
    """
    reasons, review = {one.key: one.text for one in incoming.reasons}, incoming.review
    points = settled(review, reasons)
    found = [(one, "") for one in points.open] + [(left.finding, reasons[left.key]) for left in points.left]
    order = {rule: n for n, rule in enumerate(review.workbook.rule)}
    return sorted(found, key=lambda one: (order[one[0].id], one[0].subjects))


def as_json(checked: list[tuple[Path, list[Told]]]) -> str:
    """A list of `{"file", "findings"}`, in the order of the files and of the rules."""
    entries = [
        {
            "file": str(file),
            "findings": [
                {key: getattr(one, key) for key in KEYS} | ({"reason": reason} if reason else {})
                for one, reason in findings
            ],
        }
        for file, findings in checked
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1)


def as_text(checked: list[tuple[Path, list[Told]]]) -> str:
    """One line for each finding, below the name of its file, and one for its reason."""
    lines = []
    for file, findings in checked:
        lines.append(f"{file}: {counted(len(findings), 'point')}")
        for one, reason in findings:
            lines.append(f"  {one.level:4} {one.id}: {one.message}")
            lines += [f"       left as it is: {line}" for line in reason.split("\n") if line]
    return "\n".join(lines)
