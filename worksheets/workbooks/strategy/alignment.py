"""Stage 2: the objectives that the aims could help achieve, and SMART objectives for social media (000, stage two)."""

from __future__ import annotations

import re

from worksheets.dates import months_after
from worksheets.fields import (
    Choice,
    Day,
    PlainRow,
    Reference,
    References,
    RowForm,
    Rows,
    Scope,
    Text,
    several,
    text,
)
from worksheets.presentation import Computed
from worksheets.workbook import Found, Need, Question, QuestionForm, Stage, every, ids, rule, some
from worksheets.workbooks.strategy.tables import AIMS, OBJECTIVES, SMART

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
    source = Text("Which document says so?", short="Document", half=True, suggests="documents")
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
        telling=("level", "source"),
        least=1,
        most=12,
        ask="Add at least one objective",
    )


def claimed_aims(scope: Scope) -> tuple[Computed, ...]:
    """For every aim, whether an objective claims it; an aim that none claims is to be revisited (000, stage two)."""
    aims = scope.named(AIMS)
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
    owner = Text("Who owns it?", short="Owner", width="20", suggests="people")


class SmartForm(QuestionForm):
    smart = Rows(
        "SMART objectives",
        SmartRow,
        "Each one specific, measurable, achievable, realistic and timebound. Up to ten.",
        noun="SMART objective",
        words="statement",
        telling=("target", "due"),
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


def naming_aims(scope: Scope) -> list[PlainRow]:
    """The objectives that name at least one aim."""
    return [row for row in scope.rows(OBJECTIVES) if several(row, "aims")]


@rule(
    "alignment.aim-unaligned",
    "stop",
    "objectives",
    "objectives.aims",
    of=AIMS,
    why="Work that serves no objective of the organisation is often wasted (NHS Employers toolkit, 2016, stage two).",
    needs=(some(OBJECTIVES),),
    says="No objective names the aim {them}. Tick it at the objective that it helps, change it, or let it go.",
)
def aim_unaligned(scope: Scope) -> Found:
    claimed = {aim for objective in scope.rows(OBJECTIVES) for aim in several(objective, "aims")}
    return set(scope.choices(AIMS)) - claimed


@rule(
    "alignment.no-organisation-objective",
    "warn",
    "objectives",
    "objectives.level",
    why="A team's own objectives are worth it where they serve those of the organisation (NHS Employers toolkit, 2016, "
    "stage two).",
    needs=(
        Need(
            "some objectives name aims, and each of those says whose it is",
            lambda scope: bool(naming_aims(scope)) and all(text(row, "level") for row in naming_aims(scope)),
        ),
    ),
    says="The aims serve only objectives of your own team. Tie one to an objective of the whole organisation.",
)
def no_organisation_objective(scope: Scope) -> bool:
    return all(text(row, "level") != "organisation" for row in naming_aims(scope))


@rule(
    "alignment.objective-without-smart",
    "warn",
    "smart",
    "smart.objective",
    of=OBJECTIVES,
    why="Without a target set beforehand nobody can tell whether an objective was reached (NHS Employers toolkit, "
    "2016, stages two and six).",
    needs=(every(SMART, "objective"),),
    says=(
        "The objective {them} has no SMART objective. Add one, or let the objective go in {question:objectives}.",
        "The objectives {them} have no SMART objective. Add one for each, or let them go in {question:objectives}.",
    ),
)
def objective_without_smart(scope: Scope) -> Found:
    served = {text(row, "objective") for row in scope.rows(SMART)}
    return set(ids(naming_aims(scope))) - served


def has_number(words: str) -> bool:
    """Whether a target can be met or missed: there is a digit in it."""
    return bool(re.search(r"\d", words))


@rule(
    "alignment.smart-target-not-measurable",
    "warn",
    "smart",
    "smart.target",
    of=SMART,
    why="A target without a figure cannot be met or missed (NHS Employers toolkit, 2016, stage two).",
    says=(
        "The target of {them} has no figure in it. Say how much or how many.",
        "The targets of {them} have no figure in them. Say how much or how many.",
    ),
)
def smart_target_not_measurable(scope: Scope) -> Found:
    return ids(row for row in scope.rows(SMART) if text(row, "target") and not has_number(text(row, "target")))


@rule(
    "alignment.smart-without-baseline",
    "warn",
    "smart",
    "smart.baseline",
    of=SMART,
    why="Only against where it stands now does a target say how far there is to go (version 2 of this method, 2026).",
    says=(
        "{them} has a target, and nothing says where it stands now. Enter today's figure, or that you start to count.",
        "{them} have targets, and nothing says where they stand now. Enter today's figures, or that you start to "
        "count.",
    ),
)
def smart_without_baseline(scope: Scope) -> Found:
    return ids(row for row in scope.rows(SMART) if has_number(text(row, "target")) and not text(row, "baseline"))


@rule(
    "alignment.smart-date-outside-cycle",
    "warn",
    "smart",
    "smart.due",
    of=SMART,
    why="Timebound means a date that can be looked back on in this review or the next (NHS Employers toolkit, 2016, "
    "stage two).",
    says=(
        "{them} is due before this review starts, or judged before it is due. Check both dates.",
        "{them} are due before this review starts, or judged before they are due. Check their dates.",
    ),
)
def smart_date_outside_cycle(scope: Scope) -> Found:
    starts = scope.starts.isoformat() if scope.starts else ""

    def odd(row: PlainRow) -> bool:
        due, judged = text(row, "due"), text(row, "evaluate_on")
        return bool(due) and (due < starts or bool(judged and judged < due))

    return ids(row for row in scope.rows(SMART) if odd(row))


@rule(
    "alignment.smart-beyond-cycle",
    "note",
    "smart",
    "smart.due",
    of=SMART,
    why="What is due in years needs something that can be looked back on before (version 2 of this method, 2026).",
    says=(
        "{them} is due more than a year after this review ends. Set a milestone within the review: a smaller target "
        "and an earlier date.",
        "{them} are due more than a year after this review ends. Set milestones within the review: smaller targets "
        "and earlier dates.",
    ),
)
def smart_beyond_cycle(scope: Scope) -> Found:
    latest = months_after(scope.ends, 12).isoformat() if scope.ends else "9999"
    return ids(row for row in scope.rows(SMART) if text(row, "due") > latest)


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
        no_organisation_objective,
        objective_without_smart,
        smart_target_not_measurable,
        smart_without_baseline,
        smart_date_outside_cycle,
        smart_beyond_cycle,
    ),
)
