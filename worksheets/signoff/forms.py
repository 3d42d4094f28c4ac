"""The texts that people write about a review: reasons, comments, notes. They are checked like answers."""

from __future__ import annotations

from worksheets.fields import Text
from worksheets.organisations.forms import PlainForm


class ReasonForm(PlainForm):
    """Why a point may stand."""

    text = Text("Your reason", needed=True, ask="Enter your reason", lines=4)


class ConclusionForm(PlainForm):
    """Why the team decided not to use social media."""

    because = Text(
        "Why did you decide this?",
        "Your board reads this right behind the cover of the summary. Name the aims you weighed and what "
        "stood against them.",
        needed=True,
        ask="Enter why you decided not to use social media",
        lines=6,
    )


class CommentForm(PlainForm):
    """A comment or a reply."""

    text = Text("Comment", needed=True, ask="Enter your comment", lines=3)


class NoteForm(PlainForm):
    """A note that goes with a decision."""

    note = Text(
        "Note",
        "Everybody in your organisation who can open this review can read it.",
        lines=3,
    )


class DecisionForm(PlainForm):
    """What a manager says to a submitted review."""

    note = Text(
        "Note",
        "You need one to send the review back: say what should change. It is kept in the history of the review.",
        lines=4,
        ask="Enter a note that says what should change",
    )
