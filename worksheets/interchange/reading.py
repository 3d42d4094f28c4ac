"""Reads an interchange file: strict, and with every error named by its path in the file."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from worksheets.cleaning import one_line
from worksheets.decoding import decoded
from worksheets.fields import Case, Scope, Text, WebAddress, text
from worksheets.models.reviews import dates_fault
from worksheets.reasons import PointKey
from worksheets.review import Review
from worksheets.texts import Texts, current
from worksheets.workbook import Rule, Workbook
from worksheets.workbooks import WORKBOOKS, by_format, first

FILE_MAX = 10_000_000
KEYS = ("format", "organisation", "cycle", "worksheets", "conclusion", "reasons")
CYCLE = ("name", "starts", "ends", "strategy_title", "strategy_link")
REASON = ("finding", "subjects", "text")
TITLE_MAX, LINK_MAX = 200, 500
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
class Given:
    """A reason beside a point, as a file holds it: for which rule and which of its subjects, sorted."""

    finding: str
    subjects: tuple[str, ...]
    text: str

    @property
    def key(self) -> PointKey:
        return self.finding, ",".join(self.subjects)


@dataclass(frozen=True)
class Incoming:
    """A review that was read from a file and found sound, with an id for every row.

    `conclusion` is why the team ended before all was answered, where it did. `strategy` is the title of the
    organisation's own strategy, and its link.
    """

    workbook: Workbook
    organisation_name: str
    organisation_slug: str
    name: str
    starts: datetime.date
    ends: datetime.date
    answers: Mapping[str, Mapping[str, dict[str, Any]]]
    scope: Scope
    conclusion: str = ""
    reasons: tuple[Given, ...] = ()
    strategy: tuple[str, str] = ("", "")

    @property
    def review(self) -> Review:
        """The review as plain data, for those who only want to read it."""
        return Review(self.workbook, replace(self.scope, answers=self.answers))


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

    def __init__(self, document: Any, texts: Texts) -> None:
        self.errors: list[str] = []
        self.texts = texts
        # How the places of an older format began that have moved since, by how they begin now.
        self.before: Mapping[str, str] = {}
        self.document = self.object(document, "", KEYS, optional=("conclusion", "reasons"))

    def error(self, path: str, message: str) -> None:
        moved = next((new for new in self.before if path.startswith(new)), "")
        place = f"{self.before[moved]}{path.removeprefix(moved)}" if moved else path
        self.errors.append(f"{place or 'file'}: {message}")

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
        cycle = self.object(document.get("cycle", {}), "cycle", CYCLE, optional=CYCLE[3:])
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
        strategy = self.strategy(cycle)
        offered, retired = self.texts.platform_names()
        scope = Scope(
            organisation=name,
            platforms=offered,
            retired=retired,
            starts=starts,
            ends=ends,
            numbers=workbook.numbers,
            strategy=strategy,
            guide=self.texts.platform_notes(),
            over=ends is not None and ends < timezone.localdate(),
        )
        given = self.upgraded(document, workbook)
        answers = self.worksheets(given, workbook, scope)
        conclusion = self.conclusion(document["conclusion"], workbook) if "conclusion" in document else ""
        reasons = self.reasons(document.get("reasons", []), workbook, replace(scope, answers=answers))
        if self.errors or not starts or not ends:
            raise Refused(self.errors)
        return Incoming(workbook, name, slug, title, starts, ends, answers, scope, conclusion, reasons, strategy)

    def upgraded(self, document: Mapping[str, Any], workbook: Workbook) -> Any:
        """The worksheets of a file as they are today, whatever format it has. An older one knows less beside them."""
        given = document.get("worksheets", {})
        earlier = next((one for one in workbook.earlier if one.format == document.get("format")), None)
        if earlier is None:
            return given
        cycle = document.get("cycle")
        beside = [*document, *(f"cycle.{key}" for key in (cycle if isinstance(cycle, dict) else ()))]
        for key in beside:
            if key in earlier.without:
                self.error(key, f"is not known in {earlier.format}")
        if not isinstance(given, dict):
            return given
        self.before = earlier.before
        worksheets, wrong = earlier.upgrade(given)
        for path, message in wrong.items():
            self.error(path, message)
        return worksheets

    def strategy(self, cycle: Mapping[str, Any]) -> tuple[str, str]:
        """The title and the link of the organisation's own strategy, where the file has them."""
        title = cycle.get("strategy_title")
        said = self.text(title, "cycle.strategy_title", TITLE_MAX) if title is not None else ""
        if "strategy_link" not in cycle:
            return said, ""
        case = Case(Scope())
        kind = WebAddress("", most=LINK_MAX)
        link = kind.settle(kind.from_json(cycle["strategy_link"], (), case), (), case)
        for fault in case.faults:
            self.error("cycle.strategy_link", fault.message)
        return said, link or ""

    def reasons(self, given: Any, workbook: Workbook, scope: Scope) -> tuple[Given, ...]:
        """The reasons beside points, each of a rule and of subjects that there are."""
        if not isinstance(given, list):
            self.error("reasons", "must be a list")
            return ()
        found: dict[PointKey, Given] = {}
        for n, one in enumerate(given):
            path = f"reasons[{n}]"
            reason = self.object(one, path, REASON)
            rule = workbook.rule.get(reason.get("finding", "")) if isinstance(reason.get("finding"), str) else None
            if "finding" in reason and rule is None:
                self.error(f"{path}.finding", "is the id of no rule")
            subjects = self.subjects(reason.get("subjects", []), f"{path}.subjects", rule, scope)
            said = self.reason(reason["text"], f"{path}.text") if "text" in reason else ""
            if rule and said:
                told = Given(rule.id, subjects, said)
                if told.key in found:
                    self.error(path, "is about the same point as another one")
                found[told.key] = told
        return tuple(found[key] for key in in_order(workbook, found))

    def subjects(self, given: Any, path: str, rule: Rule | None, scope: Scope) -> tuple[str, ...]:
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            self.error(path, "must be a list of ids")
            return ()
        known = rule.of(scope) if rule and rule.of else {}
        for n, one in enumerate(given):
            if rule and one not in known:
                self.error(f"{path}[{n}]", "is none of the rows that the rule is about")
        if rule and rule.of and not given:
            self.error(path, "must name at least one of the rows that the rule is about")
        return tuple(sorted(set(given)))

    def reason(self, value: Any, path: str) -> str:
        """The text of a reason, checked as on the page."""
        case = Case(Scope(), draft=False)
        kind = Text("", needed=True, ask="must be text, and not empty")
        said = kind.settle(kind.from_json(value, (), case), (), case)
        for message in dict.fromkeys(fault.message for fault in case.faults):
            self.error(path, message)
        return said or ""

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


def in_order(workbook: Workbook, reasons: Iterable[PointKey]) -> list[PointKey]:
    """Reasons in the one order that files have: that of the rules, and within one that of their subjects."""
    order = {rule: n for n, rule in enumerate(workbook.rule)}
    return sorted(reasons, key=lambda key: (order.get(key[0], len(order)), key))


def read(data: bytes, texts: Texts | None = None) -> Incoming:
    """The review in a file's bytes. Refused, with every error, when it breaks the rules.

    Platforms are those of `texts`, or of the guide as it stands.
    """
    document = parse(data)
    return Reader(document, texts or current()).read()
