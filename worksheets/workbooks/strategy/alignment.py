"""Stage 2: the objectives that the aims could help achieve, and SMART objectives for social media (000, stage two)."""

from __future__ import annotations

import datetime

from worksheets.dates import months_after
from worksheets.fields import (
    Choice,
    Day,
    PlainRow,
    Reference,
    References,
    RowForm,
    Rows,
    RowsOf,
    Scope,
    Text,
    several,
    spoken_date,
    text,
)
from worksheets.presentation import Computed
from worksheets.workbook import Found, Question, QuestionForm, Stage, quoted, rule
from worksheets.workbooks.strategy.drivers import AIMS

OBJECTIVES = RowsOf("alignment", "objectives", "objectives", words="statement", noun="objective")
SMART = RowsOf("alignment", "smart", "smart", words="statement", noun="SMART objective")

WHOSE = {"organisation": "The organisation", "team": "Your team"}


class ObjectiveRow(RowForm):
    statement = Text("The objective", lines=2, needed=True, short="Objective", ask="Enter the objective")
    level = Choice(
        "Whose objective is it?",
        WHOSE,
        inline=True,
        half=True,
        needed=True,
        short="Whose",
        ask="Choose whose objective it is",
    )
    source = Text("Which document says so?", short="Document", half=True)
    aims = References("Which of your aims help it?", AIMS, short="Aims that help")
    team_contribution = Text("How does your team's work help achieve it?", lines=2, short="What the team does")
    social_contribution = Text("How could social media help?", lines=2, short="What social media could do")


class ObjectivesForm(QuestionForm):
    objectives = Rows(
        "Objectives",
        ObjectiveRow,
        "Take them from your organisation's strategy and your team's plan. Up to twelve.",
        noun="objective",
        words="statement",
        least=1,
        most=12,
        ask="Add at least one objective",
    )


def claimed_aims(scope: Scope) -> tuple[Computed, ...]:
    """For every aim, whether an objective claims it; an aim that none claims is to be revisited (000, stage two)."""
    aims = scope.choices(AIMS)
    objectives = scope.rows(OBJECTIVES)
    if not aims or not objectives:
        return ()
    claims = {aim: sum(aim in several(row, "aims") for row in objectives) for aim in aims}
    lost = [words for aim, words in aims.items() if not claims[aim]]
    lines = tuple(
        f"{words} – "
        + (
            "no objective yet"
            if not claims[aim]
            else "1 objective"
            if claims[aim] == 1
            else f"{claims[aim]} objectives"
        )
        for aim, words in aims.items()
    )
    label = "Aims and the objectives they serve" if lost else "Every aim serves an objective"
    return (Computed("claims", label, lines, tone="plain" if lost else "good"),)


class SmartRow(RowForm):
    objective = Reference(
        "Which objective does it serve?",
        OBJECTIVES,
        needed=True,
        short="Objective it serves",
        ask="Choose the objective it serves",
    )
    statement = Text(
        "What exactly will you do?",
        "Specific: one thing, for whom, where.",
        lines=2,
        needed=True,
        short="SMART objective",
        ask="Say exactly what you will do",
    )
    measure = Text("What will you count?", "Measurable.", needed=True, short="Measure", ask="Say what you will count")
    baseline = Text("Where does it stand now?", short="Now", half=True)
    target = Text(
        "What is the target?", "With a number in it.", needed=True, short="Target", ask="Enter the target", half=True
    )
    achievable = Text(
        "Why can it be done?",
        "Achievable.",
        lines=2,
        needed=True,
        short="Why it can be done",
        ask="Say why it can be done",
    )
    realistic = Text(
        "Why is it realistic with the time you have?",
        lines=2,
        needed=True,
        short="Why it is realistic",
        ask="Say why it is realistic with the time you have",
    )
    due = Day(
        "When is it due?",
        "Timebound. For example, 31 3 2027.",
        half=True,
        needed=True,
        short="Due",
        ask="Enter the date this is due, like 31 March 2027",
    )
    evaluate_on = Day(
        "When will you judge it?",
        "For example, 14 4 2027.",
        half=True,
        needed=True,
        short="Judged on",
        ask="Enter the date you will judge this, like 14 April 2027",
    )
    owner = Text("Who owns it?", short="Owner", width="20")


class SmartForm(QuestionForm):
    smart = Rows(
        "SMART objectives",
        SmartRow,
        "Each one specific, measurable, achievable, realistic and timebound. Up to ten.",
        noun="SMART objective",
        words="statement",
        least=1,
        most=10,
        ask="Add at least one SMART objective",
    )


# The five tests and the answers each of them rests on.
TESTS = {
    "Specific": ("statement",),
    "Measurable": ("measure", "target"),
    "Achievable": ("achievable",),
    "Realistic": ("realistic",),
    "Timebound": ("due",),
}


def smart_tests(scope: Scope) -> tuple[Computed, ...]:
    """For every SMART objective, which of the five tests are answered (000, stage two)."""

    def tested(row: PlainRow) -> Computed:
        passed = {test: all(text(row, name) for name in fields) for test, fields in TESTS.items()}
        return Computed(
            f"smart-{text(row, 'id')}",
            "All five SMART tests are answered" if all(passed.values()) else "SMART so far",
            tuple(f"{test}: {'yes' if answered else 'not yet'}" for test, answered in passed.items()),
            tone="good" if all(passed.values()) else "plain",
            anchor=text(row, "id"),
        )

    return tuple(tested(row) for row in scope.rows(SMART))


@rule(
    "alignment.aim-unaligned",
    "stop",
    "objectives",
    why="Work that serves no objective of the organisation is often wasted (NHS Employers toolkit, 2016, stage two).",
)
def aim_unaligned(scope: Scope) -> Found:
    objectives = scope.rows(OBJECTIVES)
    claimed = {aim for objective in objectives for aim in several(objective, "aims")}
    for aim, words in scope.choices(AIMS).items():
        if objectives and aim not in claimed:
            yield (
                (aim,),
                f"No objective names the aim {quoted(words)}. Tie it to an objective in "
                f"{scope.question('objectives')}, change it or let it go.",
            )


@rule(
    "alignment.objective-unexplained",
    "warn",
    "objectives",
    why="Public money needs a reason that can be told: how would this help? (Government Communication Service "
    "propriety "
    "guidance, in the NHS Employers toolkit, 2016, stage two).",
)
def objective_unexplained(scope: Scope) -> Found:
    words = scope.choices(OBJECTIVES)
    for objective in scope.rows(OBJECTIVES):
        if several(objective, "aims") and not text(objective, "social_contribution"):
            key = text(objective, "id")
            yield (
                (key,),
                f"The objective {quoted(words[key])} names an aim, and does not say how social media could "
                "help. Add a sentence.",
            )


@rule(
    "alignment.objective-without-smart",
    "warn",
    "smart",
    why="Without an objective set beforehand nobody can tell whether it was reached (NHS Employers toolkit, 2016, "
    "stages "
    "two and six).",
)
def objective_without_smart(scope: Scope) -> Found:
    smart = scope.rows(SMART)
    served = {text(row, "objective") for row in smart}
    words = scope.choices(OBJECTIVES)
    for objective in scope.rows(OBJECTIVES):
        key = text(objective, "id")
        if smart and several(objective, "aims") and key not in served:
            yield (
                (key,),
                f"The objective {quoted(words[key])} has no SMART objective. Add one in "
                f"{scope.question('smart')}, or say there which one serves it.",
            )


@rule(
    "alignment.smart-target-not-measurable",
    "warn",
    "smart",
    why="A target without a figure cannot be met or missed (NHS Employers toolkit, 2016, stage two).",
)
def smart_target_not_measurable(scope: Scope) -> Found:
    words = scope.choices(SMART)
    for row in scope.rows(SMART):
        key, target = text(row, "id"), text(row, "target")
        if target and not any(letter.isdigit() for letter in target):
            yield (
                (key,),
                f"The target of {quoted(words[key])} has no figure in it: {quoted(target)}. Say how much or how many.",
            )


def odd_dates(row: PlainRow, scope: Scope) -> str:
    """What is odd about the dates of a SMART objective, in words; nothing when nothing is or they are not given."""
    due, judged = text(row, "due"), text(row, "evaluate_on")
    if due and scope.starts and due < scope.starts.isoformat():
        return f"is due on {spoken_date(due)}, before the review starts on {spoken_date(scope.starts)}"
    if due and scope.ends and datetime.date.fromisoformat(due) > months_after(scope.ends, 12):
        return f"is due on {spoken_date(due)}, more than a year after the review ends on {spoken_date(scope.ends)}"
    if due and judged and judged < due:
        return f"is judged on {spoken_date(judged)}, before it is due on {spoken_date(due)}"
    return ""


@rule(
    "alignment.smart-date-outside-cycle",
    "warn",
    "smart",
    why="Timebound means a date that can be looked back on in this review or the next (NHS Employers toolkit, 2016, "
    "stage two).",
)
def smart_date_outside_cycle(scope: Scope) -> Found:
    words = scope.choices(SMART)
    for row in scope.rows(SMART):
        key, odd = text(row, "id"), odd_dates(row, scope)
        if odd:
            yield (key,), f"{quoted(words[key])} {odd}. Check both dates."


STAGE = Stage(
    key="alignment",
    title="Align with objectives",
    short="alignment with objectives",
    questions=(
        Question(
            "objectives",
            "Which objectives of your organisation and your team could the aims help achieve?",
            "Objectives",
            ObjectivesForm,
            minutes=8,
            computed=claimed_aims,
        ),
        Question(
            "smart",
            "What are your SMART objectives for social media?",
            "SMART objectives",
            SmartForm,
            minutes=12,
            computed=smart_tests,
        ),
    ),
    rules=(
        aim_unaligned,
        objective_unexplained,
        objective_without_smart,
        smart_target_not_measurable,
        smart_date_outside_cycle,
    ),
)
