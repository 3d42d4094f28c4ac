"""What the pages about sign-off share."""

from __future__ import annotations

from django.http import HttpResponse

from worksheets import pages
from worksheets.access import CycleVisit
from worksheets.pages import Request
from worksheets.saving import TooLate
from worksheets.signoff.board import board_of
from worksheets.typed import Typed, typed_in
from worksheets.workbook import QuestionForm


def too_late(
    request: Request, visit: CycleVisit, late: TooLate, form: QuestionForm | None = None, note: str = ""
) -> HttpResponse:
    """409: somebody else decided first. Says what the review is now, and keeps what was typed, now or before."""
    typed = typed_in(form) if form else [Typed("Note", note)] if note else []
    board = board_of(late.cycle)
    return pages.render(
        request, "signoff/too_late.jinja", visit, status=409, cycle=late.cycle, board=board, typed=typed
    )


def whole_number(text: str) -> int:
    """The primary key that a form carries; 0, which none is, when it is no such number."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
