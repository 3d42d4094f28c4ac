"""Stage 1: what drives the organisation to use social media, and what it aims to achieve (000, stage one)."""

from __future__ import annotations

from worksheets.fields import Choices, PlainRow, RowForm, Rows, Scope, Sentence, Text, YesUnsureNo, several, text
from worksheets.workbook import Found, Question, QuestionForm, Stage, ids, rule, some, while_holds
from worksheets.workbooks.strategy.tables import AIMS, BEGINS, PATTERN

DRIVERS = {
    "leadership": "Leadership: the top of the organisation wants it",
    "audience": "An audience: people want to be reached, or want to reach you",
    "feedback": "Feedback: reviews and comments online press you to respond",
    "peers": "Peer pressure: everyone else is there",
    "other": "Something else",
}


class DriversForm(QuestionForm):
    drivers = Choices(
        "What is driving it?",
        DRIVERS,
        "Tick all that apply, then say who or what shows it.",
        short="Drivers",
        needed=True,
        ask="Tick at least one driver",
        hints={
            "leadership": "For example after staff feedback, to be more open, or because leaders saw others do it",
            "peers": "This one is no reason on its own",
        },
    )
    leadership_evidence = Text(
        "Who or what shows that leadership wants it?",
        lines=3,
        needed=True,
        when=("drivers", "leadership"),
        short="Leadership: what shows it",
        ask="Say what shows that leadership wants it, or untick it",
    )
    audience_evidence = Text(
        "Which audience, and what shows it?",
        lines=3,
        needed=True,
        when=("drivers", "audience"),
        short="An audience: what shows it",
        ask="Say which audience it is and what shows it, or untick it",
    )
    feedback_evidence = Text(
        "Which feedback, and where?",
        lines=3,
        needed=True,
        when=("drivers", "feedback"),
        short="Feedback: what shows it",
        ask="Say which feedback it is and where, or untick it",
    )
    peers_evidence = Text(
        "Who else is there, and why does that matter to you?",
        lines=3,
        needed=True,
        when=("drivers", "peers"),
        short="Peer pressure: what shows it",
        ask="Say who else is there and why it matters, or untick it",
    )
    other_evidence = Text(
        "What is it, and what shows it?",
        lines=3,
        needed=True,
        when=("drivers", "other"),
        short="Something else: what shows it",
        ask="Say what the other driver is and what shows it, or untick it",
    )


class AimRow(RowForm):
    statement = Sentence(
        "The aim, in one sentence",
        begins=BEGINS,
        whole=PATTERN,
        needed=True,
        short="Aim",
        ask="Enter the aim in one sentence",
    )
    achievable = YesUnsureNo(
        "Can it be achieved?", needed=True, short="Achievable", ask="Choose whether the aim can be achieved"
    )
    achievable_because = Text(
        "Why do you think so?",
        "About whether it can be achieved.",
        lines=2,
        needed=True,
        short="Why",
        ask="Say why the aim can or cannot be achieved",
    )
    warranted = YesUnsureNo(
        "Is it worth the effort?",
        needed=True,
        short="Worth the effort",
        ask="Choose whether the aim is worth the effort",
    )
    warranted_because = Text(
        "What makes you say that?",
        "About whether it is worth the effort.",
        lines=2,
        needed=True,
        short="Why",
        ask="Say why the aim is or is not worth the effort",
    )


class AimsForm(QuestionForm):
    aims = Rows(
        "Your aims",
        AimRow,
        "One to five. One clear aim is better than three vague ones.",
        noun="aim",
        words="statement",
        telling=("achievable", "warranted"),
        least=1,
        most=5,
        ask="Add at least one aim",
        short="Aims",
    )


@rule(
    "drivers.peer-pressure-only",
    "stop",
    "drivers",
    "drivers",
    why="Being where others are costs time and serves nobody by itself (NHS Employers toolkit, 2016, stage one).",
    says="Peer pressure is the only driver. Find another reason why your organisation should use social media, or "
    "decide not to use it.",
)
def peer_pressure_only(scope: Scope) -> bool:
    return several(scope.answer("drivers", "drivers"), "drivers") == ["peers"]


def failing(aim: PlainRow, *verdicts: str) -> bool:
    """Whether an aim is given one of these verdicts on either of its two tests."""
    return any(text(aim, test) in verdicts for test in ("achievable", "warranted"))


@rule(
    "drivers.no-aim-stands",
    "stop",
    "aims",
    "aims.achievable",
    why="Every later step is tied to an aim that can be achieved and is worth it (NHS Employers toolkit, 2016, stage "
    "one).",
    needs=(some(AIMS),),
    says="Every aim has a “no”: it cannot be achieved, or is not worth the effort. Change an aim so that it stands, or "
    "decide not to use social media.",
)
def no_aim_stands(scope: Scope) -> bool:
    return all(failing(aim, "no") for aim in scope.rows(AIMS))


@rule(
    "drivers.aim-doubtful",
    "warn",
    "aims",
    "aims.achievable",
    of=AIMS,
    why="An aim in doubt puts all the work that is built on it in doubt (NHS Employers toolkit, 2016, stage one).",
    silent=(while_holds(no_aim_stands),),
    says=(
        "The aim {them} is in doubt: you answered “no” or “not sure” to whether it can be achieved, or is worth the "
        "effort. Change it, or find out what would settle it.",
        "The aims {them} are in doubt: you answered “no” or “not sure” to whether they can be achieved, or are worth "
        "the effort. Change them, or find out what would settle it.",
    ),
)
def aim_doubtful(scope: Scope) -> Found:
    return ids(aim for aim in scope.rows(AIMS) if failing(aim, "unsure", "no"))


STAGE = Stage(
    key="drivers",
    title="Drivers and aims",
    short="drivers and aims",
    questions=(
        Question(
            "drivers",
            "What is driving your organisation to use social media?",
            "Drivers",
            DriversForm,
            minutes=6,
            reading=("learning",),
        ),
        Question(
            "aims",
            "What should be achieved by using social media?",
            "Aims",
            AimsForm,
            minutes=9,
            reading=("learning",),
        ),
    ),
    rules=(
        peer_pressure_only,
        no_aim_stands,
        aim_doubtful,
    ),
)
