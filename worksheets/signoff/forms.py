"""The texts that people write about a review: reasons, comments, notes. They are checked like answers."""

from __future__ import annotations

from worksheets.fields import Text
from worksheets.workbook import PlainForm


class ReasonForm(PlainForm):
    """Why a point may stand."""

    text = Text("Your reason", needed=True, ask="Enter your reason", lines=4)


class CommentForm(PlainForm):
    """A comment or a reply."""

    text = Text("Comment", needed=True, ask="Enter your comment", lines=3)


class NoteForm(PlainForm):
    """A note that goes with a decision."""

    note = Text(
        "Note",
        "Everybody in your organisation who can open this page can read it.",
        lines=3,
    )


class DecisionForm(PlainForm):
    """What a manager says to a submitted review."""

    note = Text(
        "Note",
        "You need one to send it back: say what should change. It is kept in the history.",
        lines=4,
        ask="Enter a note that says what should change",
    )
