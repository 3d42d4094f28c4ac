"""Stage 4: what it takes to set up and each week, what it brings, and what it could replace (000, stage four)."""

from __future__ import annotations

from worksheets.fields import (
    WEEKS_MAX,
    Choice,
    Hours,
    Number,
    Reference,
    References,
    RowForm,
    Rows,
    RowsOf,
    Scope,
    Select,
    Text,
    YesUnsureNo,
    maybe,
    number,
    spoken_hours,
    spoken_number,
    text,
)
from worksheets.presentation import Computed
from worksheets.workbook import Found, Question, QuestionForm, Stage, rule
from worksheets.workbooks.strategy.alignment import OBJECTIVES
from worksheets.workbooks.strategy.drivers import AIMS

SETUP = RowsOf("resources", "setup", "tasks", words="task", noun="task")
WEEKLY = RowsOf("resources", "weekly", "tasks", words="task", noun="task")
RISKS = RowsOf("resources", "success", "risks", words="risk", noun="risk")
STOPPING = RowsOf("resources", "stopping", "work", words="work", noun="piece of work")

# A cycle is about six months: the weeks that weekly hours are multiplied with.
CYCLE_WEEKS = 26

KINDS = {
    "source": "Find stories",
    "create": "Create",
    "publish": "Publish",
    "monitor": "Monitor",
    "respond": "Respond",
    "measure": "Measure",
    "evaluate": "Evaluate",
    "report": "Report",
    "other": "Other",
}
PATTERNS = {
    "steady": "Steady: about the same every week",
    "peaks": "Peaks: some weeks are busier",
    "spike": "A spike: a burst, then a fall, as in a 12-week consultation",
}
# The patterns with weeks that are busier than others.
UNEVEN = ("peaks", "spike")
WATCHED = {
    "always": "Always: nights and weekends too",
    "extended": "Longer than office hours: evenings or weekends",
    "office-hours": "In office hours",
    "nobody": "Nobody does yet",
}
DEGREES = {"low": "Low", "medium": "Medium", "high": "High"}

COMMON_TASKS = (
    "Brief your manager",
    "Brief the executive team, with a paper for the board",
    "Secure the account names",
    "Decide on monitoring and reports, and design them",
    "Agree with other teams: HR, IT, information governance, patient experience",
    "Write the social media policy, or bring it up to date",
    "Plan who signs off what",
    "Plan for a crisis",
    "Train the people who will post",
)


class SetupRow(RowForm):
    task = Text("Task", lines=2, needed=True, ask="Enter the task")
    hours = Hours("Hours", unit="", needed=True, ask="Enter the hours for this task, like 7.5")
    who = Text("Who does it?", short="Who")


class SetupForm(QuestionForm):
    tasks = Rows(
        "Tasks to set up",
        SetupRow,
        "An account that already runs needs less than a new one. Leave this empty when all is in place.",
        noun="task",
        words="task",
        most=20,
        wide=True,
        short="Set-up tasks",
        offers=COMMON_TASKS,
        offers_label="Common tasks to start from",
    )


def total(scope: Scope, table: RowsOf) -> float:
    """The hours of all rows of a table."""
    return round(sum(number(row, "hours") for row in scope.rows(table)), 2)


def setup_hours(scope: Scope) -> tuple[Computed, ...]:
    if not scope.rows(SETUP):
        return ()
    return (Computed("setup-hours", "Hours to set up", (f"{spoken_hours(total(scope, SETUP))} in all",)),)


class WeeklyRow(RowForm):
    task = Text("Task", lines=2, needed=True, ask="Enter the task")
    kind = Select("Kind of work", KINDS, needed=True, short="Kind", ask="Choose the kind of work")
    hours = Hours("Hours a week", unit="", needed=True, ask="Enter the hours a week for this task, like 7.5")
    who = Text("Who does it?", short="Who")
    aims = References("Aims", AIMS, short="Aims it serves", brief=True)


class WeeklyForm(QuestionForm):
    tasks = Rows(
        "Tasks each week",
        WeeklyRow,
        "Include the time to watch, to answer, and to see whether it works.",
        noun="task",
        words="task",
        least=1,
        most=20,
        wide=True,
        ask="Add at least one weekly task",
        short="Weekly tasks",
    )
    watched = Choice(
        "When does somebody watch your accounts?",
        WATCHED,
        needed=True,
        short="Accounts are watched",
        ask="Choose when somebody watches your accounts",
    )
    reply_within = Hours(
        "Within how many hours do people get an answer?", unit="hours", short="People get an answer within"
    )
    capacity = Hours(
        "How many hours a week does your team have for this?",
        needed=True,
        short="Hours your team has",
        ask="Enter the hours a week that your team has, like 24",
    )
    pattern = Choice(
        "How will the work spread over the cycle?",
        PATTERNS,
        needed=True,
        short="Pattern",
        ask="Choose how the work will spread",
    )
    peak_hours = Hours("Hours in a busy week", when=("pattern", *UNEVEN), short="Hours in a busy week")
    peak_weeks = Number(
        "How many busy weeks", most=WEEKS_MAX, unit="weeks", when=("pattern", *UNEVEN), short="Busy weeks"
    )
    contingency = Text(
        "What happens when your accounts suddenly get busy?",
        "For example in a major incident.",
        lines=3,
        short="When it suddenly gets busy",
    )
    advertising = Number("Money for adverts in this cycle", before="£", short="Adverts")


def weekly_hours(scope: Scope) -> tuple[Computed, ...]:
    """Hours a week, over the cycle, as a share of what the team has, and to set up (000, stage four)."""
    if not scope.rows(WEEKLY):
        return ()
    weekly = total(scope, WEEKLY)
    answer = scope.answer("resources", "weekly")
    lines = [
        f"{spoken_hours(weekly)} a week",
        f"{spoken_hours(weekly * CYCLE_WEEKS)} over the cycle of {CYCLE_WEEKS} weeks",
    ]
    peak_hours, peak_weeks = number(answer, "peak_hours"), number(answer, "peak_weeks")
    if text(answer, "pattern") in UNEVEN and peak_hours and peak_weeks:
        weeks = min(peak_weeks, CYCLE_WEEKS)
        with_peaks = peak_hours * weeks + weekly * (CYCLE_WEEKS - weeks)
        lines.append(f"{spoken_hours(with_peaks)} over the cycle with your busy weeks")
    capacity = number(answer, "capacity")
    freed = total(scope, STOPPING)
    if capacity:
        lines.append(
            f"{spoken_number(round(100 * weekly / capacity))}% of the {spoken_hours(capacity)} a week your team has"
        )
    if freed:
        lines.append(f"{spoken_hours(freed)} a week freed by work you could stop ({scope.question('stopping')})")
    if scope.rows(SETUP):
        lines.append(f"{spoken_hours(total(scope, SETUP))} to set up")
    return (Computed("weekly-hours", "What it adds up to", tuple(lines)),)


class OutcomesForm(QuestionForm):
    answer = YesUnsureNo(
        "Better here than on other work?",
        needed=True,
        short="Better outcomes here",
        ask="Choose whether this time would lead to better outcomes here",
    )
    because = Text("Why do you think so?", lines=4, needed=True, short="Why", ask="Say why you think so")


class RewardRow(RowForm):
    reward = Text("What you could gain", lines=2, needed=True, short="Reward", ask="Enter what you could gain")
    objective = Reference("Which objective would it help?", OBJECTIVES, short="Objective")


class RiskRow(RowForm):
    risk = Text("What could go wrong", lines=2, needed=True, short="Risk", ask="Enter what could go wrong")
    likelihood = Choice(
        "How likely is it?",
        DEGREES,
        inline=True,
        half=True,
        needed=True,
        short="Likelihood",
        ask="Choose how likely it is",
    )
    impact = Choice(
        "How bad would it be?",
        DEGREES,
        inline=True,
        half=True,
        needed=True,
        short="Impact",
        ask="Choose how bad it would be",
    )
    mitigation = Text("What will you do about it?", lines=2, short="What we do about it")


class SuccessForm(QuestionForm):
    success = Text(
        "What will success look like?", lines=4, needed=True, short="Success", ask="Say what success will look like"
    )
    rewards = Rows("Rewards", RewardRow, noun="reward", words="reward", most=10)
    risks = Rows("Risks", RiskRow, noun="risk", words="risk", most=10)


class WorkRow(RowForm):
    work = Text(
        "Work you do now that could stop or shrink",
        lines=2,
        needed=True,
        short="Work",
        ask="Enter the work that could stop",
    )
    hours = Hours("Hours a week it frees", unit="", short="Hours a week freed")


class StoppingForm(QuestionForm):
    work = Rows(
        "Work this could replace",
        WorkRow,
        noun="piece of work",
        words="work",
        most=10,
        wide=True,
    )
    change = Text("How could the way you work change?", lines=4, short="How our work could change")


def freed_hours(scope: Scope) -> tuple[Computed, ...]:
    freed = total(scope, STOPPING)
    return (Computed("freed-hours", "Time freed", (f"{spoken_hours(freed)} a week",)),) if freed else ()


@rule(
    "resources.over-capacity",
    "warn",
    "weekly",
    why="Social media costs no money and a lot of time: say early how much of it you have (NHS Employers toolkit, "
    "2016).",
)
def over_capacity(scope: Scope) -> Found:
    capacity = maybe(scope.answer("resources", "weekly"), "capacity")
    weekly, freed = total(scope, WEEKLY), total(scope, STOPPING)
    if capacity is not None and weekly > capacity + freed:
        has = f"{spoken_hours(capacity)}, with {spoken_hours(freed)} freed" if freed else spoken_hours(capacity)
        yield (
            (),
            f"The plan needs {spoken_hours(weekly)} a week from a team that has {has}. Plan less, find more time, or "
            f"stop other work in {scope.question('stopping')}.",
        )


def kinds(scope: Scope) -> set[str]:
    """The kinds of work among the weekly tasks."""
    return set(filter(None, (text(row, "kind") for row in scope.rows(WEEKLY))))


@rule(
    "resources.no-contingency",
    "warn",
    "weekly",
    why="A major incident can make accounts busy within minutes (NHS Employers toolkit, 2016, stage four).",
)
def no_contingency(scope: Scope) -> Found:
    if scope.rows(WEEKLY) and not text(scope.answer("resources", "weekly"), "contingency"):
        yield (
            (),
            "Nothing is said about what happens when your accounts suddenly get busy. Say who helps, and what stops.",
        )


@rule(
    "resources.no-listening-time",
    "warn",
    "weekly",
    why="People who get no answer soon leave, and monitoring is work every day (smart guide to engagement, about "
    "2012).",
)
def no_listening_time(scope: Scope) -> Found:
    work = kinds(scope)
    if work and not work & {"monitor", "respond"}:
        yield (), "No weekly task is to monitor or to respond. Add time to listen and to answer."


@rule(
    "resources.no-evaluation-time",
    "warn",
    "weekly",
    why="What nobody has time to measure is never judged (NHS Employers toolkit, 2016, stages four and six).",
)
def no_evaluation_time(scope: Scope) -> Found:
    work = kinds(scope)
    if work and not work & {"measure", "evaluate"}:
        yield (), "No weekly task is to measure or to evaluate. Add time to see whether it works."


@rule(
    "resources.no-better-outcome",
    "stop",
    "outcomes",
    why="The same hours could do more for the organisation elsewhere (NHS Employers toolkit, 2016, stage four).",
)
def no_better_outcome(scope: Scope) -> Found:
    if text(scope.answer("resources", "outcomes"), "answer") == "no":
        yield (
            (),
            "You say that other work would lead to better outcomes. Change the plan, or decide to do the other work.",
        )


STAGE = Stage(
    key="resources",
    title="Resources and possible reward",
    short="resources and reward",
    questions=(
        Question("setup", "What will it take to set up?", "Set-up", SetupForm, minutes=4, computed=setup_hours),
        Question("weekly", "What will it take each week?", "Weekly work", WeeklyForm, minutes=7, computed=weekly_hours),
        Question(
            "outcomes",
            "Would this time lead to better outcomes here than on other work?",
            "Better outcomes",
            OutcomesForm,
            minutes=3,
        ),
        Question(
            "success",
            "What will success look like, and what could go wrong?",
            "Success and risks",
            SuccessForm,
            minutes=5,
        ),
        Question(
            "stopping", "What work could this replace?", "Work to stop", StoppingForm, minutes=3, computed=freed_hours
        ),
    ),
    rules=(
        over_capacity,
        no_contingency,
        no_listening_time,
        no_evaluation_time,
        no_better_outcome,
    ),
)
