"""The one step that comes next in a review: on the hub for everybody, on the dashboard for a team."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.access import CycleVisit
from worksheets.assigning.given import Task
from worksheets.following.last import Last
from worksheets.models import Cycle
from worksheets.pages import to_cycle
from worksheets.review import Review


@dataclass(frozen=True)
class Step:
    """What somebody does next with a review: the words of the button, and where it leads."""

    words: str
    href: str


def going_on(cycle: Cycle, review: Review) -> Step | None:
    """The next open question, or the first worksheet that is all answered and not complete; None after the last.

    Of what is signed off only that is open which is asked afterwards.
    """
    closed = cycle.state == Cycle.State.SIGNED_OFF
    stages = [stage for stage in review.due if stage.afterwards or not closed]
    asked = [question for stage in stages for question in stage.questions]
    if question := next((one for one in asked if review.states[one.key] != "answered"), None):
        begin = "Continue" if review.progress.answered else "Start"
        words = f"{begin}: question {question.number}, {question.short}"
        return Step(words, to_cycle(cycle, "question", question.stage, question.key))
    for stage in stages:
        if not review.sheets[stage.key].complete:
            return Step(f"Check and complete worksheet {stage.number}", to_cycle(cycle, "check", stage.key))
    return None


def next_step(visit: CycleVisit, before: Last | None, *, again: bool, mine: Task | None) -> Step:
    """The step that is theirs: to decide, to submit, to look back, to answer, to complete a worksheet, or to read.

    `before` is the review to look back at, `again` whether this one was submitted before and sent back, and `mine` what
    they were asked to answer first.
    """
    cycle, workbook, review = visit.cycle, visit.workbook, visit.review
    reading = Step(f"Read the {workbook.summary}", to_cycle(cycle, "summary"))
    if visit.may_decide and cycle.state == Cycle.State.SUBMITTED:
        return Step("Sign off or send back", to_cycle(cycle, "decide"))
    if cycle.state == Cycle.State.SIGNED_OFF and not cycle.archived_at and visit.may_record:
        # What is asked afterwards is due now; where nothing is, all has been answered, and there is a paper of it.
        paper = next((one for one in workbook.documents if not one.ready(review)), None)
        told = Step(f"Read “{paper.title}”", to_cycle(cycle, "document", paper.key)) if paper else reading
        return going_on(cycle, review) or told
    if not visit.may_write:
        return reading
    if workbook.decided and visit.may_lead and (review.complete or cycle.ending):
        return Step("Submit again" if again else "Submit for sign-off", to_cycle(cycle, "submit"))
    if before and before.waiting and (workbook.decided or not review.complete):
        begin = "Start" if before.state == "not-started" else "Continue"
        return Step(f"{begin}: looking back at {before.name}", to_cycle(cycle, "looking-back"))
    if mine:
        return Step(f"Continue: {mine.words}", mine.href)
    return going_on(cycle, review) or reading
