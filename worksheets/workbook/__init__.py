"""What a workbook is: the frame that each folder in `workbooks/` fills in, and all that the engine knows of one."""

from worksheets.workbook.book import (
    Ending,
    LinkTo,
    Measured,
    Needed,
    Picture,
    Promised,
    Reading,
    Sum,
    Workbook,
)
from worksheets.workbook.form import PlainForm, QuestionForm
from worksheets.workbook.stage import Found, Question, Rule, Stage, plainly, quoted, repeated, rule

__all__ = [
    "Ending",
    "Found",
    "LinkTo",
    "Measured",
    "Needed",
    "Picture",
    "PlainForm",
    "Promised",
    "Question",
    "QuestionForm",
    "Reading",
    "Rule",
    "Stage",
    "Sum",
    "Workbook",
    "plainly",
    "quoted",
    "repeated",
    "rule",
]
