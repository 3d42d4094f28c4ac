"""Carrying answers forward into the next review: pure functions of plain answers, with no database.

Row ids stay, so that a row can be followed through all reviews. Dates move; dated targets are left out, for they are
asked for anew. `docs/decisions/next-cycle.md` says why.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from worksheets.dates import months_after
from worksheets.fields import Answer, Answers, Day, PlainRow, Rows, rows_in, text
from worksheets.merging import by_id
from worksheets.workbook import Question, Workbook

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
DATES = re.compile(
    rf"""
      \b[0-9]{{1,2}}(?:st|nd|rd|th)?\ (?:{MONTHS}|{SHORT})\b(?:\ 20[0-9]{{2}}\b)?   # 28 February 2027, 3rd Mar
    | \b(?:{MONTHS}|{SHORT})\ (?:20[0-9]{{2}}|[0-9]{{1,2}}(?:st|nd|rd|th)?)\b       # March 2027, March 31st
    | \b(?:{MONTHS.replace("May|", "")})\b                                          # March
    | \b(?:by|in|until|till|before|from|since|of|end|to|during)\ May\b              # May, and not "may"
    | \b20[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}\b                                        # 2027-03-31
    | \b[0-9]{{1,2}}[/.][0-9]{{1,2}}[/.](?:20)?[0-9]{{2}}\b                         # 31/3/27
    | (?<![0-9,.£$€])\b20[1-5][0-9](?:[/-][0-9]{{2,4}})?\b(?!,[0-9]{{3}}|\.[0-9]|%) # 2027, 2026/27
    """,
    re.VERBOSE,
)


def dated(text: str) -> bool:
    """Whether a target names a month, a date or a year, so that it belonged to its own cycle."""
    return bool(DATES.search(text))


def without_dates(text: str) -> str:
    """The text with every date in it taken out, for reading the number that is meant."""
    return DATES.sub(" ", text)


def cycle_months(starts: datetime.date, ends: datetime.date) -> int:
    """The length of a cycle in months, to the nearest whole one, and at least one. `ends` is its last day."""
    over = ends + datetime.timedelta(days=1)
    near = (over.year - starts.year) * 12 + over.month - starts.month
    return max(1, min(range(near - 1, near + 2), key=lambda months: abs((months_after(starts, months) - over).days)))


@dataclass(frozen=True)
class Past:
    """An earlier review: its answers, and how many months its dates move to stand in the new one."""

    answers: Answers
    months: int


def carry(workbook: Workbook, series: Sequence[Past]) -> dict[str, dict[str, Answer]]:
    """The answers that the next run of a workbook begins with, by stage and question.

    `series` holds the last review and those it was itself carried forward from, newest first.
    """
    last = series[0]
    return {
        stage: {
            question.key: _carried(workbook, question, series)
            for question in workbook.questions
            if question.stage == stage and question.key in answers and not asked_anew(question)
        }
        for stage, answers in last.answers.items()
    }


def asked_anew(question: Question) -> bool:
    """Whether nothing of an answer goes into the next run: all of it is asked anew."""
    return all(kind.next_time == "anew" for kind in question.form.kinds.values())


def _carried(workbook: Workbook, question: Question, series: Sequence[Past]) -> Answer:
    """One answer carried forward: everything in it as it was but for dates and dated targets."""
    kinds, promised = question.form.kinds, workbook.promised.get(question.key)
    answer = dict(series[0].answers[question.stage][question.key])
    earlier = [past.answers.get(question.stage, {}).get(question.key, {}) for past in series]
    for name in [name for name in kinds if name in answer]:
        kind = kinds[name]
        if kind.next_time == "anew":
            del answer[name]
        elif isinstance(kind, Day):
            answer[name] = _moved([text(found, name) for found in earlier], series)
        elif isinstance(kind, Rows):
            key = kind.own_keys[0]
            tables = [by_id(kind, rows_in(found, name)) for found in earlier[1:]]
            rows = [
                _carried_row(kind, [row, *(table.get(text(row, key), {}) for table in tables)], series)
                for row in rows_in(answer, name)
            ]
            if promised and promised.table.field == name:
                rows = [_without_dated_target(row, promised.target) for row in rows]
            answer[name] = [*rows]
    return answer


def _carried_row(kind: Rows, rows: Sequence[PlainRow], series: Sequence[Past]) -> PlainRow:
    """One row carried forward; `rows` is the same row in each review of `series`."""
    row: PlainRow = {}
    becomes = {field.next_time: name for name, field in kind.fields.items() if field.next_time in kind.fields}
    for name, value in rows[0].items():
        field = kind.fields.get(name)
        if field and (field.next_time == "anew" or name in becomes.values()):
            continue
        moves = isinstance(field, Day) and field.next_time != "same"
        row[name] = _moved([text(row, name) for row in rows], series) if moves else value
    # What stood there last time is what it is held against this time.
    return row | {there: rows[0][name] for there, name in becomes.items() if name in rows[0]}


def _without_dated_target(row: PlainRow, target: str) -> PlainRow:
    return {name: value for name, value in row.items() if name != target or not dated(text(row, target))}


def _moved(days: Sequence[str], series: Sequence[Past]) -> str:
    """The date that follows on `days`, which are the same date in each review of `series`, newest first.

    It is counted from the first review in which it stood and from which it was only moved: six months after 31 August
    is 28 February, and six more are 31 August again.
    """
    assert days[0]
    last = datetime.date.fromisoformat(days[0])
    first, months = last, series[0].months
    for day, past in zip(days[1:], series[1:], strict=True):
        if not day or months_after(datetime.date.fromisoformat(day), past.months - series[0].months) != last:
            break
        first, months = datetime.date.fromisoformat(day), past.months
    return months_after(first, months).isoformat()
