"""The kinds of question: how each is checked, how it is drawn, and how its answer reads in words."""

from worksheets.fields.base import AnswerField, Case, Fault, Kind, Path, Plain, Raw, RowsOf, Scope
from worksheets.fields.choices import (
    YES_UNSURE_NO,
    Choice,
    Choices,
    Platform,
    Platforms,
    Reference,
    References,
    Select,
    YesUnsureNo,
)
from worksheets.fields.grid import FREQUENCIES, Grid, PlatformUse
from worksheets.fields.keyed import RowsFor
from worksheets.fields.lines import EmailAddress, Line, WebAddress
from worksheets.fields.rows import RowForm, Rows
from worksheets.fields.values import (
    NUMBER_MAX,
    WEEKS_MAX,
    Day,
    Hours,
    Number,
    Text,
    spoken_date,
    spoken_hours,
    spoken_number,
)

__all__ = [
    "FREQUENCIES",
    "NUMBER_MAX",
    "WEEKS_MAX",
    "YES_UNSURE_NO",
    "AnswerField",
    "Case",
    "Choice",
    "Choices",
    "Day",
    "EmailAddress",
    "Fault",
    "Grid",
    "Hours",
    "Kind",
    "Line",
    "Number",
    "Path",
    "Plain",
    "Platform",
    "PlatformUse",
    "Platforms",
    "Raw",
    "Reference",
    "References",
    "RowForm",
    "Rows",
    "RowsFor",
    "RowsOf",
    "Scope",
    "Select",
    "Text",
    "WebAddress",
    "YesUnsureNo",
    "spoken_date",
    "spoken_hours",
    "spoken_number",
]
