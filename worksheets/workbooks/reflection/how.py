"""Stage 3: whom a leader listens to, what they stand for, and how they go about it (001)."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.fields import (
    Answer,
    Case,
    Number,
    Path,
    Platforms,
    Raw,
    RowForm,
    Rows,
    RowsOf,
    Scope,
    Text,
    number,
    several,
)
from worksheets.words import counted
from worksheets.workbook import Question, QuestionForm, Stage, answered, rule

LISTEN_TO = RowsOf("how", "listen_to", "listen_to", words="who", noun="group")
VALUES = RowsOf("how", "values", "values", words="value", noun="value")
HOW = ("how", "how")

# One person cannot look after more platforms than this beside their work.
PLATFORMS_MOST = 2
# The least time for a platform: about ten minutes twice a week.
MINUTES_FOR_A_PLATFORM = 20
# All the minutes of a working week of 40 hours.
MINUTES_MOST = 2_400


class ListenRow(RowForm):
    who = Text(
        "Whom do I want to hear?",
        "A group of people, not a patient's name.",
        needed=True,
        short="Who",
        ask="Enter whom you want to hear",
    )
    where = Text("Where do they talk?", half=True, short="Where")
    how_often = Text("How often do I look there?", half=True, short="How often")


class ListenForm(QuestionForm):
    listen_to = Rows(
        "Whom I listen to",
        ListenRow,
        "Up to three groups. Two that you keep up with are better than three that you do not.",
        noun="group",
        words="who",
        most=3,
        offers=("Staff on wards and in the community", "Patients and carers", "Partners in other organisations"),
        offers_label="Groups that leaders often choose",
    )


class ValueRow(RowForm):
    value = Text("What do I stand for?", needed=True, short="I stand for", ask="Enter what you stand for")
    shows = Text(
        "What will people see me do?",
        lines=2,
        needed=True,
        short="What people see",
        ask="Enter what people will see you do",
    )


class ValuesForm(QuestionForm):
    values = Rows(
        "What I stand for",
        ValueRow,
        "Up to three. Choose what you are ready to be held to in public.",
        noun="value",
        words="value",
        most=3,
    )


class HowForm(QuestionForm):
    platforms = Platforms(
        "Where am I active?",
        f"Choose {PLATFORMS_MOST} at most. One that you keep up is better than two that you do not.",
        needed=True,
        under="Where and when",
        short="Platforms",
        ask="Choose at least one platform",
    )
    minutes_a_week = Number(
        "How many minutes a week do I give it?",
        "Count reading and answering too.",
        most=MINUTES_MOST,
        unit="minutes a week",
        needed=True,
        short="Minutes a week",
        ask="Enter how many minutes a week you give it",
    )
    when = Text("When?", "For example, Tuesday and Friday before my first meeting.", short="When")
    instead_of_paper = Text(
        "Which long paper could be a film or a talk?",
        "For example, the yearly plan as a film of two minutes.",
        short="Instead of a long paper",
    )
    helper = Text(
        "Who helps me?",
        "For example, somebody in communications who reads along.",
        suggests="people",
        short="Who helps me",
    )
    never = Text(
        "What do I never do there?",
        "For example, write about a patient, or post when I am angry.",
        lines=3,
        needed=True,
        under="My limits",
        short="What I never do",
        ask="Enter what you never do there",
    )
    attacked = Text(
        "What happens when I am attacked?",
        "Say whom you tell, who answers, and when you stop reading.",
        lines=3,
        needed=True,
        short="When I am attacked",
        ask="Enter what happens when you are attacked",
    )

    @classmethod
    def settle(cls, raw: Mapping[str, Raw], case: Case, at: Path = ()) -> Answer:
        """As any form, and with few platforms."""
        answer = super().settle(raw, case, at)
        over = len(several(answer, "platforms")) - PLATFORMS_MOST
        if over > 0:
            case.fault((*at, "platforms"), f"Keep {counted(PLATFORMS_MOST, 'platform')} at most. Untick {over}")
        return answer


@rule(
    "how.no-listening",
    "warn",
    "listen_to",
    "listen_to",
    why="A leader's social media should be about listening and responding (NHS Employers briefing 109, 2017).",
    says="You name nobody whom you listen to. Add at least one group, and say where they talk.",
)
def no_listening(scope: Scope) -> bool:
    # The question may be left empty: it is only known that there is nobody once it is answered.
    return LISTEN_TO.question in scope.answers.get(LISTEN_TO.stage, {}) and not scope.rows(LISTEN_TO)


@rule(
    "how.too-little-time",
    "warn",
    "how",
    "minutes_a_week",
    why="Little and often works best, and that takes time each week (improvement briefing, about 2014).",
    needs=(answered(*HOW, "platforms"), answered(*HOW, "minutes_a_week")),
    says=lambda scope, _: (
        f"You have {counted(int(number(scope.answer(*HOW), 'minutes_a_week')), 'minute')} a week for "
        f"{counted(len(several(scope.answer(*HOW), 'platforms')), 'platform')}: less than {MINUTES_FOR_A_PLATFORM} for "
        "each. Plan more time or keep fewer platforms, or say why it is enough."
    ),
)
def too_little_time(scope: Scope) -> bool:
    answer = scope.answer(*HOW)
    return number(answer, "minutes_a_week") < MINUTES_FOR_A_PLATFORM * len(several(answer, "platforms"))


STAGE = Stage(
    key="how",
    title="How I use it",
    short="how I use it",
    questions=(
        Question("listen_to", "Whom do I listen to?", "Whom I listen to", ListenForm, minutes=2),
        Question("values", "What do I stand for?", "What I stand for", ValuesForm, minutes=2),
        Question(
            "how",
            "How do I go about it?",
            "How I go about it",
            HowForm,
            minutes=2,
            reading=("platforms",),
        ),
    ),
    rules=(no_listening, too_little_time),
)
