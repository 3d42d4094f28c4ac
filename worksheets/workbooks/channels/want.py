"""Stage 1: what the project wants from social media, and whom it wants to reach (002, benefits and needs)."""

from __future__ import annotations

from worksheets.fields import Choices, Platforms, RowForm, Rows, Text
from worksheets.workbook import Question, QuestionForm, Stage

WANTS = {
    "adopters": "People who try our idea early",
    "deciders": "A decision maker we would not reach otherwise",
    "debate": "Our evidence in a debate",
    "network": "People elsewhere who do the same work",
    "learning": "Feedback and information",
}


class WantsForm(QuestionForm):
    wants = Choices(
        "What do you want to find or reach?",
        WANTS,
        "Tick what matters most. One or two are easier to serve than five.",
        needed=True,
        short="What we want",
        ask="Tick at least one thing that you want",
    )
    sentence = Text(
        "What will have changed if this works?",
        "One sentence that a colleague outside the project would understand.",
        lines=3,
        needed=True,
        short="What will have changed",
        ask="Enter what will have changed, in one sentence",
    )


class AudienceRow(RowForm):
    who = Text("Who are they?", needed=True, short="Audience", ask="Enter who the audience is")
    do = Text("What would you like them to do?", lines=2, short="What they would do")
    active_on = Platforms(
        "Where are they active?", "Tick only what you know. Leave it empty if nobody has looked yet.", short="Active on"
    )
    seen_by = Text(
        "Who has looked at what they say there, and when?",
        "For example, Priya, in the first week of October.",
        short="Watched by",
    )


class AudiencesForm(QuestionForm):
    audiences = Rows(
        "Your audiences",
        AudienceRow,
        "One to five, the most important first.",
        noun="audience",
        words="who",
        telling=("active_on",),
        least=1,
        most=5,
        ask="Add at least one audience",
        short="Audiences",
    )


STAGE = Stage(
    key="want",
    title="What you want",
    short="what you want",
    questions=(
        Question("wants", "What do you want from social media for this project?", "What you want", WantsForm),
        Question(
            "audiences",
            "Whom do you want to reach, and where are they active?",
            "Audiences",
            AudiencesForm,
            minutes=7,
            reading=("platforms",),
        ),
    ),
)
