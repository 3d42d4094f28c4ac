"""Kinds of question that are answered in one line: a short text, the address of a web page, some for e-mail."""

from __future__ import annotations

from typing import Unpack
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from worksheets.addresses import LONGEST, is_email, read_addresses
from worksheets.cleaning import one_line
from worksheets.fields.base import Case, Options, Path
from worksheets.fields.values import Text

EMAIL_MAX = 254


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

    written = False
    template = "fields/web-address.jinja"

    def cleaned(self, text: str) -> str:
        # Mail programs set it in brackets.
        return one_line(text).strip("<> ")

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


class EmailAddresses(Text):
    """Addresses of people, `most` at once, as mail programs copy them: each with a name or without, one a line.

    One that stands there twice counts once. Each that is none is named by an error of its own.
    """

    template = "fields/email-addresses.jinja"

    written = False

    def __init__(self, label: str, hint: str = "", *, most: int, **options: Unpack[Options]) -> None:
        super().__init__(label, hint, lines=2, **options)
        self.most = most

    def cleaned(self, text: str) -> str:
        # What is too long to be read comes back as it was typed.
        return text if len(text) > LONGEST else "\n".join(map(str, read_addresses(text)))

    def settle(self, raw: str, at: Path, case: Case) -> str | None:
        if len(raw) > LONGEST:
            case.fault(at, f"Enter {self.most} addresses at a time, and nothing else. This is a longer text")
            return None
        found = read_addresses(raw)
        if not found:
            self.absent(at, case)
        if len(found) > self.most:
            case.fault(at, f"Enter {self.most} addresses at a time. These are {len(found):,}")
            return None
        right = []
        for address in found:
            if len(address.email) > EMAIL_MAX:
                case.fault(at, f"Shorten “{address.email[:40]}…” to {EMAIL_MAX} characters or fewer")
            elif not is_email(address.email):
                which = "an email address" if len(found) == 1 else f"“{address.email[:80]}”"
                case.fault(at, f"Enter {which} in the correct format, like name@example.com")
            else:
                right.append(str(address))
        return "\n".join(right) or None
