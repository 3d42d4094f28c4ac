"""What stage 4 asks: what it takes to set up and each week, what it brings, and what it could replace."""

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
    Scope,
    Select,
    Text,
    YesUnsureNo,
    maybe,
    spoken_hours,
    spoken_number,
    text,
)
from worksheets.presentation import Computed
from worksheets.workbook import QuestionForm
from worksheets.workbooks.strategy.resources.hours import CYCLE_WEEKS, UNEVEN, freed, known_hours, total, without_hours
from worksheets.workbooks.strategy.tables import AIMS, OBJECTIVES, SETUP, STOPPING, WEEKLY

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
    who = Text("Who does it?", lines=2, short="Who", suggests="people")


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


def setup_hours(scope: Scope) -> tuple[Computed, ...]:
    if not scope.rows(SETUP):
        return ()
    hours = total(scope, SETUP)
    said = f"{spoken_hours(hours)} in all" if hours is not None else without_hours(scope, SETUP)
    return (Computed("setup-hours", "Hours to set up", (said,)),)


class WeeklyRow(RowForm):
    task = Text("Task", lines=2, needed=True, ask="Enter the task")
    kind = Select("Kind of work", KINDS, needed=True, short="Kind", ask="Choose the kind of work")
    hours = Hours("Hours a week", unit="", needed=True, ask="Enter the hours a week for this task, like 7.5")
    who = Text("Who does it?", lines=2, short="Who", suggests="people")
    aims = References("Aims", AIMS, short="Aims it serves", brief=True)


class WeeklyForm(QuestionForm):
    tasks = Rows(
        "Tasks each week",
        WeeklyRow,
        "Include the time to watch, to answer, and to see whether it works.",
        noun="task",
        words="task",
        telling=("kind", "hours"),
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
    """Hours a week, over the cycle, as a share of what the team has, and to set up (000, stage four).

    A line that needs something that is not answered says so, or is left out.
    """
    if not scope.rows(WEEKLY):
        return ()
    weekly = known_hours(scope)
    answer = scope.answer("resources", "weekly")
    capacity, more, setup = maybe(answer, "capacity"), freed(scope), total(scope, SETUP)
    lines = []
    if weekly is None:
        lines.append(f"Hours a week are not known: {without_hours(scope, WEEKLY)}")
    else:
        lines += [
            f"{spoken_hours(weekly)} a week",
            f"{spoken_hours(weekly * CYCLE_WEEKS)} over the cycle of {CYCLE_WEEKS} weeks",
        ]
        peak_hours, peak_weeks = maybe(answer, "peak_hours"), maybe(answer, "peak_weeks")
        if text(answer, "pattern") in UNEVEN and peak_hours and peak_weeks:
            weeks = min(peak_weeks, CYCLE_WEEKS)
            with_peaks = peak_hours * weeks + weekly * (CYCLE_WEEKS - weeks)
            lines.append(f"{spoken_hours(with_peaks)} over the cycle with your busy weeks")
        if capacity:
            share = spoken_number(round(100 * weekly / capacity))
            lines.append(f"{share}% of the {spoken_hours(capacity)} a week your team has")
    if more is None:
        lines.append(f"What is freed is not known ({scope.question('stopping')}): {without_hours(scope, STOPPING)}")
    elif more:
        lines.append(f"{spoken_hours(more)} a week freed by work you could stop ({scope.question('stopping')})")
    if scope.rows(SETUP) and setup is not None:
        lines.append(f"{spoken_hours(setup)} to set up")
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
    risks = Rows("Risks", RiskRow, noun="risk", words="risk", telling=("likelihood", "impact"), most=10)


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
    if not scope.rows(STOPPING):
        return ()
    more = freed(scope)
    said = f"{spoken_hours(more)} a week" if more is not None else without_hours(scope, STOPPING)
    return (Computed("freed-hours", "Time freed", (said,)),)
