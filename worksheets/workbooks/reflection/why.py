"""Stage 1: why a leader uses social media, and which aims of the organisation that helps (001)."""

from __future__ import annotations

from collections.abc import Iterable

from worksheets.fields import Choices, RowsOf, Scope, Taken, Text, text
from worksheets.workbook import Question, QuestionForm, Stage

# What social media can do for a leader (001). What stands before the colon is the name of the reason.
REASONS = {
    "vision": "Vision: to show where we are going and what we stand for",
    "listening": "Listening: to hear staff, patients and carers",
    "working-together": "Working together: to build ties with other teams and organisations",
}

# The aims of the organisation, in its own review of its strategy.
AIMS = RowsOf("drivers", "aims", "aims", words="statement", noun="aim")


def our_aims(scope: Scope) -> Iterable[str]:
    """The aims of the organisation's review, each in its own words; none where there is no review."""
    review = scope.beside.get("strategy")
    return filter(None, (text(aim, AIMS.words) for aim in review.scope.rows(AIMS))) if review else ()


class ReasonsForm(QuestionForm):
    reasons = Choices(
        "What do I want to use it for?",
        REASONS,
        "Tick all that apply. One is enough.",
        needed=True,
        short="My reasons",
        ask="Tick at least one reason",
    )
    because = Text(
        "Why does that matter to me and the people I lead?",
        "One or two sentences, in the words you would say aloud.",
        lines=3,
        needed=True,
        short="Because",
        ask="Say why it matters to you",
    )
    aims = Taken(
        "Which of our organisation's aims do I help with?",
        our_aims,
        "They come from your organisation's last review of its social media strategy. Tick those that you can help.",
        nothing="There is no review of your organisation's strategy with aims in it yet. Leave this empty.",
        short="Aims I help with",
    )


STAGE = Stage(
    key="why",
    title="Why I use social media",
    short="why I use it",
    questions=(
        Question(
            "reasons",
            "Why do I use social media as a leader?",
            "My reasons",
            ReasonsForm,
            minutes=2,
            reading=("learning",),
        ),
    ),
)
