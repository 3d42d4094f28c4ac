"""The interchange file: one review as JSON, in and out, strict on the way in.

A file that breaks the rules is refused whole, with every error named by its path, and nothing of it is stored.
Exporting, importing elsewhere and exporting again gives the same bytes.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from worksheets import saving, texts
from worksheets.cycles import NameTaken, start_cycle
from worksheets.fields import Case, Scope
from worksheets.fields.base import CONTROL
from worksheets.models import Cycle, Organisation, User
from worksheets.models.reviews import dates_fault
from worksheets.review import Review
from worksheets.stages import STAGE, STAGES

FORMAT = "strategy-review/1"
FILE_MAX = 10_000_000
# What the administration takes as a short name: what goes out must come in again.
SLUG = re.compile(r"[a-zA-Z0-9_-]+")


class Refused(Exception):
    """The file breaks the rules; `errors` names every one of them by its path."""

    def __init__(self, errors: list[str]) -> None:
        # A half character in a key could not even be printed.
        self.errors = [error.encode("utf-8", "backslashreplace").decode() for error in errors]
        super().__init__("; ".join(self.errors))


@dataclass(frozen=True)
class Incoming:
    """A review that was read from a file and found sound, with an id for every row."""

    organisation_name: str
    organisation_slug: str
    name: str
    starts: datetime.date
    ends: datetime.date
    answers: Mapping[str, Mapping[str, dict[str, Any]]]

    @property
    def scope(self) -> Scope:
        """The review as plain data, for those who only want to read it."""
        offered, retired = texts.current().platform_names()
        return Scope(self.answers, self.organisation_name, offered, retired, self.starts, self.ends)


def parse(data: bytes) -> Any:
    """The JSON in `data`, whatever it holds. Refused when it is not JSON in UTF-8."""
    if len(data) > FILE_MAX:
        raise Refused([f"The file is larger than {FILE_MAX:,} bytes"])

    def twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def no_number(name: str) -> Any:
        raise ValueError(f"{name} is not a number that JSON knows")

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=twice, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise Refused([f"The file is not UTF-8: byte {error.start}"]) from error
    except RecursionError as error:
        raise Refused(["The file is not a review: it is nested too deep"]) from error
    except ValueError as error:
        raise Refused([f"The file is not JSON: {error}"]) from error


class Reader:
    """Reads one document, and collects every error by its path."""

    def __init__(self, document: Any) -> None:
        self.errors: list[str] = []
        self.document = self.object(document, "", ("format", "organisation", "cycle", "worksheets"))

    def error(self, path: str, message: str) -> None:
        self.errors.append(f"{path or 'file'}: {message}")

    def object(self, value: Any, path: str, known: tuple[str, ...], *, needed: bool = True) -> dict[str, Any]:
        """`value` if it is an object with only known keys, and with all of them where `needed`."""
        if not isinstance(value, dict):
            self.error(path, "must be an object")
            return {}
        for key in value:
            if key not in known:
                self.error(f"{path}.{key}".lstrip("."), f"is not known here. Known are {', '.join(known)}")
        for key in known:
            if needed and key not in value:
                self.error(f"{path}.{key}".lstrip("."), "is missing")
        return value

    def text(self, value: Any, path: str, most: int) -> str:
        if not isinstance(value, str) or not value.strip():
            self.error(path, "must be text, and not empty")
        elif len(value) > most:
            self.error(path, f"must have {most} characters at most; it has {len(value):,}")
        elif CONTROL.search(value) or "\n" in value:
            self.error(path, "must have no control characters and no line breaks")
        else:
            return value.strip()
        return ""

    def date(self, value: Any, path: str) -> datetime.date | None:
        if isinstance(value, str) and re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", value):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError:
                pass
        self.error(path, "must be a date, like 2027-03-31")
        return None

    def read(self) -> Incoming:
        """The review in the document. Refused with every error."""
        document = self.document
        if document.get("format", FORMAT) != FORMAT:
            self.error("format", f"must be {FORMAT}")
        organisation = self.object(document.get("organisation", {}), "organisation", ("name", "slug"))
        cycle = self.object(document.get("cycle", {}), "cycle", ("name", "starts", "ends"))
        name = self.text(organisation.get("name", "-"), "organisation.name", 120)
        slug = self.text(organisation.get("slug", "-a"), "organisation.slug", 60)
        if "slug" in organisation and slug and not SLUG.fullmatch(slug):
            self.error("organisation.slug", "must be letters a to z, digits, hyphens and underscores")
        title = self.text(cycle.get("name", "-"), "cycle.name", 80)
        # What is missing has been said; a date that is not there is not said to be no date as well.
        starts = self.date(cycle["starts"], "cycle.starts") if "starts" in cycle else None
        ends = self.date(cycle["ends"], "cycle.ends") if "ends" in cycle else None
        fault = dates_fault(starts, ends) if starts and ends else None
        if fault:
            self.error(f"cycle.{fault[0]}", fault[1])
        answers = self.worksheets(document.get("worksheets", {}), name, starts, ends)
        if self.errors:
            raise Refused(self.errors)
        assert starts
        assert ends
        return Incoming(name, slug, title, starts, ends, answers)

    def worksheets(
        self, given: Any, organisation: str, starts: datetime.date | None, ends: datetime.date | None
    ) -> dict[str, dict[str, dict[str, Any]]]:
        """The cleaned answers, stage by stage: what a later question refers to has been read by then."""
        offered, retired = texts.current().platform_names()
        scope = Scope({}, organisation, offered, retired, starts, ends)
        worksheets = self.object(given, "worksheets", tuple(STAGE), needed=False)
        answers: dict[str, dict[str, dict[str, Any]]] = {}
        for stage in STAGES:
            if stage.key not in worksheets:
                continue
            path = f"worksheets.{stage.key}"
            keys = tuple(question.key for question in stage.questions)
            worksheet = self.object(worksheets[stage.key], path, keys, needed=False)
            for question in stage.questions:
                if question.key not in worksheet:
                    continue
                case = Case(scope)
                answer = question.form.read(worksheet[question.key], case)
                for fault in case.faults:
                    self.error(f"{path}.{question.key}.{fault.place}".rstrip("."), fault.message)
                if answer or question.optional:
                    answers.setdefault(stage.key, {})[question.key] = answer
                scope = scope.having(stage.key, question.key, answer)
        return answers


def read(data: bytes) -> Incoming:
    """The review in a file's bytes. Refused, with every error, when it breaks the rules."""
    return Reader(parse(data)).read()


def store(incoming: Incoming, *, replace: bool = False, user: User | None = None) -> Cycle:
    """Keep a review that was read: all of it or nothing. Refused when it is there already and not to be replaced."""
    with transaction.atomic():
        organisation, _ = Organisation.objects.get_or_create(
            slug=incoming.organisation_slug, defaults={"name": incoming.organisation_name}
        )
        cycle = organisation.cycles.filter(name=incoming.name).first()
        if cycle is None:
            try:
                cycle = start_cycle(organisation, incoming.name, incoming.starts, incoming.ends, user)
            except NameTaken as taken:
                raise Refused([f"cycle.name: {organisation} has a review with this name in other letters"]) from taken
        elif not replace:
            raise Refused(
                [f"cycle.name: {organisation} has a review called {cycle.name}. Use --replace to overwrite its answers"]
            )
        elif not cycle.may_change:
            raise Refused([f"cycle.name: {cycle.name} is {cycle.standing}, and can only be read"])
        else:
            cycle.name, cycle.starts, cycle.ends = incoming.name, incoming.starts, incoming.ends
            cycle.save(update_fields=["name", "starts", "ends"])
        for stage in STAGES:
            worksheet = saving.worksheet_of(cycle, stage.key)
            if worksheet.complete:
                saving.reopen(worksheet)
                worksheet.refresh_from_db()
            for question in stage.questions:
                answer = incoming.answers.get(stage.key, {}).get(question.key)
                worksheet = saving.save_answer(worksheet, question.key, answer, seen=None, user=user).worksheet
    return cycle


def export(cycle: Cycle) -> bytes:
    """The interchange file of a review, in one order whatever the database: the same answers give the same bytes."""
    review = Review.of(cycle)
    worksheets = {}
    for stage in STAGES:
        given = review.scope.answers.get(stage.key, {})
        answers = {
            question.key: question.form.arranged(given[question.key])
            for question in stage.questions
            if question.key in given and (given[question.key] or question.optional)
        }
        if answers:
            worksheets[stage.key] = answers
    document = {
        "format": FORMAT,
        "organisation": {"name": cycle.organisation.name, "slug": cycle.organisation.slug},
        "cycle": {"name": cycle.name, "starts": cycle.starts.isoformat(), "ends": cycle.ends.isoformat()},
        "worksheets": worksheets,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
