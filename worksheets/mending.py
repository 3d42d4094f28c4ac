"""The way from a point to the answer that mends it, and back: where it stands on its page, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import pages, saving
from worksheets.access import Ability, CycleVisit
from worksheets.fields import Rows, RowsFor, rows_in, text
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.presentation import Finding
from worksheets.review import Review
from worksheets.words import inside
from worksheets.workbook import Question


def name_of(finding: Finding) -> str:
    """What a point is called in an address."""
    return "|".join(finding.key)


def parsed(point: str) -> tuple[str, set[str]]:
    """The rule and the rows that an address names, the other way round. It may hold anything."""
    rule, _, subjects = point.partition("|")
    return rule, set(filter(None, subjects.split(",")))


def named(finding: Finding, point: str) -> bool:
    """Whether an address names that point, or some of its rows."""
    rule, subjects = parsed(point)
    return finding.id == rule and (not subjects or bool(subjects & set(finding.subjects)))


def element_of(review: Review, finding: Finding, subject: str = "") -> str:
    """The id of the field on the page of its question that mends a point; of the row of one of its subjects.

    A subject is a row of that table, or what such a row names: a stakeholder, a platform. The field is that of the
    table where a subject has no row there. Where the subjects are fields of the form, each is its own.
    """
    kinds = review.workbook.question[finding.question].form.kinds
    if subject in kinds:
        return subject
    table, _, name = finding.field.partition(".")
    kind = kinds[table]
    if not isinstance(kind, Rows):
        return table
    place = _place(review, kind, finding.question, subject) if subject else None
    if place is None:
        return table
    return f"{table}-{place}-{name}" if name else f"{table}-{place}"


def _place(review: Review, kind: Rows, question: str, subject: str) -> int | None:
    """The number in the names of its fields that the row of a subject has on its page; None without such a row."""
    rows = rows_in(review.answer(question), kind.name)
    if isinstance(kind, RowsFor):
        shown = kind.complete(kind.to_raw(rows, review.scope), review.scope)
        return next((n for n, row in shown if text(row, kind.key) == subject), None)
    named = ((text(row, "id"), text(row, kind.words_in)) for row in rows)
    return next((n for n, (key, words) in enumerate(named) if subject in (key, words)), None)


@dataclass(frozen=True)
class Change:
    """A link that leads to what mends a point: what it changes in words, and where it leads."""

    words: str
    href: str


def changes(visit: CycleVisit, finding: Finding) -> list[Change]:
    """The ways to change the answer that a point is about: one for each of its rows."""
    review, rule = visit.review, visit.workbook.rule[finding.id]
    question = visit.workbook.question[finding.question]
    names = rule.of(review.scope) if rule.of else {}
    label = field_label(question, finding.field)
    if len(finding.subjects) < 2:
        subject = finding.subjects[0] if finding.subjects else ""
        row = names.get(subject, "") if element_of(review, finding, subject) != element_of(review, finding) else ""
        return [Change(f"{label}, {row}" if row else label, way_to(visit, finding, subject))]
    ways = [Change(names.get(subject, subject), way_to(visit, finding, subject)) for subject in finding.subjects]
    # Subjects without a row of their own are mended in one place: one link leads there.
    if len({element_of(review, finding, subject) for subject in finding.subjects}) == 1:
        return [Change(label, way_to(visit, finding, ""))]
    # In the order in which the point names them.
    return sorted(ways, key=lambda way: way.words.casefold())


def field_label(question: Question, field: str) -> str:
    """What a field is called, as it stands in a sentence: "question 7, owner"."""
    table, _, name = field.partition(".")
    kind = question.form.kinds[table]
    called = kind.fields[name].short if isinstance(kind, Rows) and name else kind.short
    return f"question {question.number}, {inside(called)}"


def way_to(visit: CycleVisit, finding: Finding, subject: str) -> str:
    """Where the answer is changed: its page, at the field; by way of one question where its worksheet is complete."""
    query = urlencode({"point": name_of(finding)} | ({"row": subject} if subject else {}))
    if visit.review.sheets[finding.stage].complete:
        return f"{to_cycle(visit.cycle, 'reopen', finding.stage, finding.question)}?{query}"
    return at_field(visit, finding, subject)


def at_field(visit: CycleVisit, finding: Finding, subject: str) -> str:
    where = to_cycle(visit.cycle, "question", finding.stage, finding.question)
    query = urlencode({"point": name_of(finding)})
    return f"{where}?{query}#{element_of(visit.review, finding, subject)}"


def back_to(visit: CycleVisit, point: str) -> str:
    """Where a point is, once an answer was changed for it. `point` may be anything that an address holds."""
    rule, _, subjects = point.partition("|")
    element = "-".join([rule.replace(".", "-"), *filter(None, subjects.split(","))])
    query = urlencode({"changed": point})
    return f"{to_cycle(visit.cycle, 'points')}?{query}" + (f"#point-{element}" if rule in visit.workbook.rule else "")


def is_point(visit: CycleVisit, point: str) -> bool:
    """Whether what an address holds names a point of one of the rules."""
    return parsed(point)[0] in visit.workbook.rule


@dataclass(frozen=True)
class Outcome:
    """What came of a point for which an answer was changed: the rows for which it is mended, and those it still holds.

    `stage` is the number of the worksheet that can be completed again, 0 for none.
    """

    question: Question
    mended: bool
    still: Finding | None
    mended_rows: str
    stage: int


def outcome(visit: CycleVisit, point: str, open_points: tuple[Finding, ...]) -> Outcome | None:
    """What came of a point that an address names; None when it names none of any rule."""
    key, subjects = parsed(point)
    rule = visit.workbook.rule.get(key)
    if rule is None:
        return None
    still = next((one for one in open_points if named(one, point)), None)
    gone = subjects - set(still.subjects if still else ())
    names = rule.of(visit.review.scope) if rule.of else {}
    rows = rule.them(visit.review.scope, tuple(sorted(one for one in gone if one in names)))
    sheet, questions = visit.review.sheets[rule.stage], visit.workbook.stage[rule.stage].questions
    ready = not sheet.complete and all(visit.review.states[one.key] == "answered" for one in questions)
    number = visit.workbook.stage[rule.stage].number if ready else 0
    return Outcome(visit.workbook.question[rule.question], still is None, still, rows, number)


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(Ability.WRITE)
def reopen(request: Request, visit: CycleVisit, stage: str, step: str) -> HttpResponse:
    """Ask whether a complete worksheet is to be reopened to change an answer; then go to the field."""
    question = visit.workbook.question.get(step)
    if question is None or question.stage != stage:
        raise Http404
    point, row = request.GET.get("point", ""), request.GET.get("row", "")
    finding = next((one for one in visit.review.findings if one.question == step and named(one, point)), None)
    here = (
        at_field(visit, finding, row if row in finding.subjects else "")
        if finding
        else to_cycle(visit.cycle, "question", stage, step)
    )
    worksheet = visit.worksheet(stage)
    if worksheet is None or not worksheet.complete:
        return redirect(here)
    if request.method == "POST":
        try:
            saving.reopen(worksheet)
        except saving.TooLate:
            # Somebody closed the review in this very moment: its page says so.
            return redirect(to_cycle(visit.cycle, "check", stage))
        return redirect(here)
    return pages.render(
        request,
        "wizard/reopen.jinja",
        visit,
        question=question,
        stage=visit.workbook.stage[stage],
        worksheet=worksheet,
        finding=finding,
        back=back_to(visit, point).partition("?")[0] if finding else to_cycle(visit.cycle, "check", stage),
    )
