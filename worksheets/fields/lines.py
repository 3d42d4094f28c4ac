"""Kinds of question that are answered in one line: a short text, the address of a web page, one for e-mail."""

from __future__ import annotations

from typing import Unpack
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from worksheets.cleaning import one_line
from worksheets.fields.base import Case, Options, Path
from worksheets.fields.values import Text


class Line(Text):
    """A text of one line with at most `most` characters."""

    def __init__(self, label: str, hint: str = "", *, most: int, width: str = "", **options: Unpack[Options]) -> None:
        super().__init__(label, hint, width=width, **options)
        self.most = most

    def cleaned(self, text: str) -> str:
        return one_line(text)

    @property
    def named(self) -> str:
        return self.quoted


class WebAddress(Line):
    """The address of a web page. Only http and https lead anywhere."""

    template = "fields/web-address.jinja"

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        before = len(case.faults)
        text = super().settle(raw, at, case)
        if text is None or len(case.faults) > before:
            return text
        try:
            if urlsplit(text).scheme.lower() not in ("http", "https"):
                raise ValidationError("scheme")
            URLValidator(schemes=["http", "https"])(text)
        except (ValidationError, ValueError):
            case.fault(
                at, "Enter a full web address that starts with https:// or http://, like https://example.org/strategy"
            )
        return text


class EmailAddress(Line):
    """An e-mail address, kept in lower case."""

    template = "fields/email-address.jinja"

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        before = len(case.faults)
        text = super().settle(raw, at, case)
        if text is None or len(case.faults) > before:
            return text
        try:
            validate_email(text)
        except ValidationError:
            case.fault(at, "Enter an email address in the correct format, like name@example.com")
        return text.lower()
