"""The interchange file: one filled workbook as JSON, in and out, strict on the way in. Its `format` names the workbook.

A file that breaks the rules is refused whole, with every error named by its path, and nothing of it is stored.
Exporting, importing elsewhere and exporting again gives the same bytes.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from worksheets import texts
from worksheets.cleaning import alike, one_line
from worksheets.cycles import NameTaken, start_cycle
from worksheets.decoding import decoded
from worksheets.fields import Case, Scope, text
from worksheets.models import Cycle, Organisation, User
from worksheets.models.reviews import dates_fault
from worksheets.review import Review
from worksheets.saving import TooLate, reopen, save_answer, touch, worksheet_of
from worksheets.workbook import Workbook
from worksheets.workbooks import WORKBOOKS, by_format, first

FILE_MAX = 10_000_000
KEYS = ("format", "organisation", "cycle", "worksheets", "conclusion")
# What people take for a review by mistake, by how such a file begins.
OTHER_KINDS = {
    b"PK\x03\x04": "an Excel workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "a file of an older Office program",
    b"%PDF": "a PDF",
}
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
    """A review that was read from a file and found sound, with an id for every row.

    `conclusion` is why the team ended before all was answered, where it did.
    """

    workbook: Workbook
    organisation_name: str
    organisation_slug: str
    name: str
    starts: datetime.date
    ends: datetime.date
    answers: Mapping[str, Mapping[str, dict[str, Any]]]
    conclusion: str = ""

    @property
    def review(self) -> Review:
        """The review as plain data, for those who only want to read it."""
        scope = scope_of(self.workbook, self.organisation_name, self.starts, self.ends)
        return Review(self.workbook, replace(scope, answers=self.answers))


def scope_of(workbook: Workbook, organisation: str, starts: datetime.date | None, ends: datetime.date | None) -> Scope:
    """What the answers of a file are read against, before any of them is."""
    offered, retired = texts.current().platform_names()
    return Scope({}, organisation, offered, retired, starts, ends, workbook.numbers)


def parse(data: bytes) -> Any:
    """The JSON in `data`, whatever it holds. Refused when it is not JSON in UTF-8 or UTF-16."""
    if len(data) > FILE_MAX:
        raise Refused([f"The file is larger than {FILE_MAX:,} bytes"])
    for mark, kind in OTHER_KINDS.items():
        if data.startswith(mark):
            raise Refused([f"The file is {kind}, and not a filled workbook as export_review writes it"])

    def twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        by_key = dict(pairs)
        if len(by_key) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return by_key

    def no_number(name: str) -> Any:
        raise ValueError(f"{name} is not a number that JSON knows")

    try:
        return json.loads(decoded(data), object_pairs_hook=twice, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise Refused(
            [
                f"The file is in another encoding than UTF-8 (byte {error.start}). Write it again with export_review "
                "and its option --output, or save it as UTF-8"
            ]
        ) from error
    except RecursionError as error:
        raise Refused(["The file is not a filled workbook: it is nested too deep"]) from error
    except ValueError as error:
        raise Refused([f"The file is not JSON: {error}"]) from error


class Reader:
    """Reads one document, and collects every error by its path."""

    def __init__(self, document: Any) -> None:
        self.errors: list[str] = []
        self.document = self.object(document, "", KEYS, optional=("conclusion",))

    def error(self, path: str, message: str) -> None:
        self.errors.append(f"{path or 'file'}: {message}")

    def object(
        self, value: Any, path: str, known: tuple[str, ...], *, optional: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """`value` if it is an object with only known keys, and with all of them that are not `optional`."""
        if not isinstance(value, dict):
            self.error(path, "must be an object")
            return {}
        for key in value:
            if key not in known:
                self.error(f"{path}.{key}".lstrip("."), f"is not known here. Known are {', '.join(known)}")
        for key in known:
            if key not in optional and key not in value:
                self.error(f"{path}.{key}".lstrip("."), "is missing")
        return value

    def text(self, value: Any, path: str, most: int) -> str:
        """A text of one line, as it is meant; "" with an error when there is none."""
        line = one_line(value) if isinstance(value, str) else ""
        if not line:
            self.error(path, "must be text, and not empty")
        elif len(line) > most:
            self.error(path, f"must have {most} characters at most; it has {len(line):,}")
        else:
            return line
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
        workbook = self.workbook(document.get("format", first().format))
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
        if workbook is None:
            # Without knowing what was asked nothing can be said about the answers.
            raise Refused(self.errors)
        answers = self.worksheets(document.get("worksheets", {}), workbook, scope_of(workbook, name, starts, ends))
        conclusion = self.conclusion(document["conclusion"], workbook) if "conclusion" in document else ""
        if self.errors or not starts or not ends:
            raise Refused(self.errors)
        return Incoming(workbook, name, slug, title, starts, ends, answers, conclusion)

    def workbook(self, name: Any) -> Workbook | None:
        """The workbook whose files have that format; None, with an error, when it is unknown here."""
        try:
            return by_format(name)
        except (KeyError, TypeError):
            self.error("format", f"must be {' or '.join(book.format for book in WORKBOOKS.values())}")
            return None

    def conclusion(self, value: Any, workbook: Workbook) -> str:
        """The reason of the ending, checked by the form that asks for it."""
        if not workbook.endings:
            self.error("conclusion", "is not known here. This workbook has no ending before its end")
            return ""
        case = Case(Scope(), draft=False)
        answer = workbook.endings[0].form.read({"because": value}, case)
        for fault in case.faults:
            self.error("conclusion", fault.message)
        return text(answer, "because")

    def worksheets(self, given: Any, workbook: Workbook, scope: Scope) -> dict[str, dict[str, dict[str, Any]]]:
        """The cleaned answers, stage by stage: what a later question refers to has been read by then."""
        known = tuple(workbook.stage)
        worksheets = self.object(given, "worksheets", known, optional=known)
        answers: dict[str, dict[str, dict[str, Any]]] = {}
        for stage in workbook.stages:
            if stage.key not in worksheets:
                continue
            path = f"worksheets.{stage.key}"
            keys = tuple(question.key for question in stage.questions)
            worksheet = self.object(worksheets[stage.key], path, keys, optional=keys)
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


def organisation_of(incoming: Incoming) -> Organisation:
    """The organisation that a file is about, by its short name: made when it is new. Refused when another has its name:
    people who belong to both could not tell them apart."""
    name, slug = incoming.organisation_name, incoming.organisation_slug
    if there := Organisation.objects.filter(slug=slug).first():
        return there
    same = (other for other, taken in Organisation.objects.values_list("slug", "name") if alike(taken) == alike(name))
    if other := next(same, None):
        raise Refused([f"organisation.slug: {name} is here already, as {other}. Write that, or give it another name"])
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": name})[0]


@transaction.atomic
def store(incoming: Incoming, *, replace: bool = False, user: User | None = None) -> Cycle:
    """Keep a review that was read: all of it or nothing. Refused when it is there already and not to be replaced."""
    organisation = organisation_of(incoming)
    workbook = incoming.workbook
    cycle = organisation.cycles.filter(name=incoming.name).first()
    if cycle is None:
        try:
            cycle = start_cycle(organisation, workbook, incoming.name, incoming.starts, incoming.ends, user)
        except NameTaken as taken:
            raise Refused([f"cycle.name: {organisation} has one with this name in other letters"]) from taken
    elif not replace:
        raise Refused(
            [f"cycle.name: {organisation} has one called {cycle.name}. Use --replace to overwrite its answers"]
        )
    elif cycle.workbook != workbook.key:
        held = WORKBOOKS[cycle.workbook].format if cycle.workbook in WORKBOOKS else cycle.workbook
        raise Refused([f"format: {cycle.name} is there as {held}, and cannot become {workbook.format}"])
    try:
        touch(cycle.pk)
    except TooLate as late:
        raise Refused([f"cycle.name: {cycle.name} is {late.cycle.standing}, and can only be read"]) from late
    cycle.name, cycle.starts, cycle.ends = incoming.name, incoming.starts, incoming.ends
    cycle.ending_because = incoming.conclusion
    cycle.ending = workbook.endings[0].key if incoming.conclusion else ""
    cycle.save(update_fields=["name", "starts", "ends", "ending", "ending_because"])
    for stage in workbook.stages:
        worksheet = worksheet_of(cycle, stage.key)
        if worksheet.complete:
            reopen(worksheet)
        for question in stage.questions:
            answer = incoming.answers.get(stage.key, {}).get(question.key)
            save_answer(worksheet, question.key, answer, user=user)
    return cycle


def export(review: Review, cycle: Cycle) -> bytes:
    """The interchange file of a review, in one order whatever the database: the same answers give the same bytes."""
    worksheets = {}
    for stage in review.workbook.stages:
        given = review.scope.answers.get(stage.key, {})
        answers = {
            question.key: question.form.arranged(given[question.key])
            for question in stage.questions
            if question.key in given and (given[question.key] or question.optional)
        }
        if answers:
            worksheets[stage.key] = answers
    document: dict[str, Any] = {
        "format": review.workbook.format,
        "organisation": {"name": cycle.organisation.name, "slug": cycle.organisation.slug},
        "cycle": {"name": cycle.name, "starts": cycle.starts.isoformat(), "ends": cycle.ends.isoformat()},
        "worksheets": worksheets,
    }
    if cycle.ending_because:
        document["conclusion"] = cycle.ending_because
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
