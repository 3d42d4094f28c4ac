"""What was typed before in boxes of the same sort: owners, and where things come from, are offered again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from worksheets.fields import AnyKind, Rows, Scope, Text, rows_in, text
from worksheets.workbook.form import QuestionForm
from worksheets.workbook.stage import Question

# As many as somebody can look through.
MOST = 40


def boxes(form: type[QuestionForm]) -> Iterator[tuple[str, Text]]:
    """The boxes of a form that offer something, each with the name of the table that it stands in, "" for none."""
    for name, kind in form.kinds.items():
        parts: Iterable[AnyKind] = kind.fields.values() if isinstance(kind, Rows) else (kind,)
        table = name if isinstance(kind, Rows) else ""
        yield from ((table, part) for part in parts if isinstance(part, Text) and part.suggests)


def suggestions(questions: Iterable[Question], form: type[QuestionForm], scope: Scope) -> dict[str, list[str]]:
    """What the boxes of a form offer by their sort: what the answers to all questions hold, the most frequent first."""
    wanted = {box.suggests for _, box in boxes(form)}
    found: dict[str, Counter[str]] = {sort: Counter() for sort in sorted(wanted)}
    for question in questions if wanted else ():
        answer = scope.answer(question.stage, question.key)
        for table, box in boxes(question.form):
            if box.suggests in wanted:
                rows = rows_in(answer, table) if table else [dict(answer)]
                found[box.suggests].update(filter(None, (text(row, box.name) for row in rows)))
    return {sort: [words for words, _ in count.most_common(MOST)] for sort, count in found.items()}
