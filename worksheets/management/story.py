"""What happened to the samples: the last review was signed off and followed up, the current one is half done, and one
of every other workbook is finished. House rules are in force, and a policy for staff is half written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from worksheets import access, saving
from worksheets.cycles import season
from worksheets.dates import months_after
from worksheets.following.starting import start_next
from worksheets.models import (
    Action,
    Assignment,
    Comment,
    Cycle,
    Decision,
    Event,
    Lookback,
    Organisation,
    Policy,
    PolicyMove,
    Printing,
    Reason,
    Result,
    Revision,
    User,
    Worksheet,
)
from worksheets.policies import issuing, moves, writing
from worksheets.policies.drafting import draft_of, said_of
from worksheets.policies.library import DOCUMENTS
from worksheets.report.printer import Unavailable
from worksheets.review import Review
from worksheets.signoff import decisions
from worksheets.texts import current
from worksheets.workbooks import WORKBOOKS

# The point that the lead left as it was.
LEFT = "resources.nobody-watching"
BECAUSE = "The on-call manager reads the accounts at night. From next spring the rota does."
# The figures of each measure, month by month.
FIGURES = {
    "m-answered": (41, 48, 55, 63, 70, 78),
    "m-visits": (1_240, 1_510, 1_980, 2_460, 3_050, 3_720),
    "m-actions": (0, 2, 4, 5, 8, 9),
    "m-posts": (7, 8, 9, 10, 10, 11),
}
# What became of each promise: what it reached, whether that was the target, what it tells, what follows, the lesson.
CAME_OF_IT = {
    ("smart", "smart-answers"): (
        "78%",
        "partly",
        "Evenings stay unanswered.",
        "keep",
        "Put a second midwife on the rota.",
    ),
    ("smart", "smart-waits"): (
        "3,720 a month",
        "partly",
        "Posts at five in the afternoon work best.",
        "keep",
        "Post when people decide.",
    ),
    ("smart", "smart-themes"): (
        "9 of 14",
        "partly",
        "Small services have nobody to report.",
        "change",
        "Ask for one line, and not for a form.",
    ),
    ("measures", "m-answered"): (
        "78%",
        "partly",
        "It rose with the rota.",
        "keep",
        "Count evenings by themselves.",
    ),
    ("measures", "m-visits"): (
        "3,720 a month",
        "partly",
        "A fifth came from one post.",
        "keep",
        "Repeat what worked.",
    ),
    ("measures", "m-actions"): (
        "9 of 14",
        "partly",
        "The page is read where it is short.",
        "keep",
        "Keep it to one side.",
    ),
    ("measures", "m-posts"): (
        "11 a week",
        "yes",
        "It says little by itself.",
        "keep",
        "Do not report it to the board.",
    ),
}
# What was to change after the quick check before.
ACTIONS = (
    ("planned", "Put the winter campaigns into one calendar."),
    ("policy", "Write two pages on who may post what."),
    ("not_for", "Say in every profile that we can't give medical advice there."),
)
# Who owns and approves policies, who read the house rules before, and what the team added to the policy for staff.
OWNER = "Head of communications"
COMMITTEE = "Digital committee of the board"
READ = {"patient-experience": "Pat Hale, PALS manager", "information-governance": "Imran Shah, head of governance"}
ADDED = ("training", "New colleagues hear about it on their first day, from the team that they join.")
# What is answered of the current review so far, in this order.
ANSWERED = ("drivers", "aims", "objectives", "smart", "stakeholders", "presence", "platforms", "weekly")


def moment(day: datetime.date, hour: int = 14, minute: int = 5) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def sign_off(cycle: Cycle, lead: User, manager: User) -> None:
    """Talk about the last review, leave a point with its reason, submit it and sign it off, with its file.

    Where no file can be made it stays submitted: the demo is there without Pango too.
    """
    talked, signed = cycle.starts + datetime.timedelta(days=20), cycle.starts + datetime.timedelta(days=24)
    said = {"cycle": cycle, "question": "plan"}
    thread = Comment.objects.create(
        **said,
        text="Seven posts a week on waiting times: who writes them when Ana is away?",
        written_by=manager,
        written_at=moment(talked),
        resolved_at=moment(talked, 16),
        resolved_by=lead,
    )
    Comment.objects.create(
        **said,
        parent=thread,
        text="They come from the live feed. The duty press officer only checks them.",
        written_by=lead,
        written_at=moment(talked, 15, 20),
    )
    Reason.objects.create(cycle=cycle, finding=LEFT, text=BECAUSE, written_by=lead, written_at=moment(talked, 15, 40))
    workbook = WORKBOOKS[cycle.workbook]
    where = (cycle.organisation.slug, workbook, cycle.slug)
    submission = decisions.submit(access.visit_cycle(lead, *where), "Ready for the digital committee.")
    Decision.objects.filter(pk=submission.pk).update(decided_at=moment(signed, 9))
    try:
        decisions.sign_off(access.visit_cycle(manager, *where), submission.pk, "Agreed.", moment(signed, 11))
    except Unavailable:
        return


def complete(cycle: Cycle, user: User, *stages: str) -> None:
    """Complete the worksheets of these stages, or all, at the moment of their last save."""
    sheets = cycle.worksheets.select_related("cycle").filter(stage__in=stages or WORKBOOKS[cycle.workbook].stage)
    for sheet in sheets:
        saving.complete(sheet, user)
        Worksheet.objects.filter(pk=sheet.pk).update(completed_at=sheet.updated_at)


def close(cycle: Cycle, answer: Callable[[], None], lead: User, manager: User) -> None:
    """Submit an engagement plan and sign it off, with its file; `answer` what is asked afterwards, and complete it."""
    workbook = WORKBOOKS[cycle.workbook]
    where = (cycle.organisation.slug, workbook, cycle.slug)
    complete(cycle, lead, *(stage.key for stage in workbook.before_decision))
    submitted, signed = (moment(cycle.starts + datetime.timedelta(days=days), 11) for days in (2, 5))
    submission = decisions.submit(access.visit_cycle(lead, *where))
    Decision.objects.filter(pk=submission.pk).update(decided_at=submitted)
    try:
        decisions.sign_off(access.visit_cycle(manager, *where), submission.pk, "Agreed.", signed)
    except Unavailable:
        return
    answer()
    complete(cycle, lead, *(stage.key for stage in workbook.stages if stage.afterwards))


def share(cycle: Cycle, owner: User) -> None:
    """Complete what is somebody's own, and show its page to the leads."""
    complete(cycle, owner)
    Cycle.objects.filter(pk=cycle.pk).update(shared_at=timezone.now())


def house_rules(facts: Cycle, lead: User, manager: User) -> None:
    """Write the house rules, keeping every usual clause, send them for approval and issue them, with their files.

    Where no file can be made they stay sent.
    """
    begun, sent, issued = (
        min(moment(facts.starts + datetime.timedelta(days), 11), timezone.now()) for days in (1, 3, 5)
    )
    slug, on = facts.organisation.slug, timezone.localdate(issued)
    writer, decider, now = access.visit(lead, slug), access.visit(manager, slug), current()
    started = moves.start(writer, DOCUMENTS["house-rules"], now)
    writing.keep_usual(writer, started)
    rows = Policy.objects.filter(pk=started.pk)
    rows.update(
        owner_name=OWNER,
        approver=COMMITTEE,
        next_review=months_after(on, 12),
        consulted="Patient panel\nPALS",
        readings={reader: {"who": who, "on": timezone.localdate(sent).isoformat()} for reader, who in READ.items()},
        made_at=begun,
    )
    policy = rows.select_related("organisation").get()
    moves.send(writer, policy, facts)
    rows.update(sent_at=sent)
    for kind, at in ((PolicyMove.Kind.STARTED, begun), (PolicyMove.Kind.SENT, sent)):
        policy.moves.filter(kind=kind).update(at=at)
    policy = rows.select_related("organisation").get()
    approval = Printing(
        policy=policy,
        asked_by=manager,
        asked_at=issued,
        approver=COMMITTEE,
        approved_on=on,
        note="Agreed.",
        seen=issuing.seen(policy, said_of(policy, now)),
    )
    try:
        issuing.issue(decider, policy, approval)
    except Unavailable:
        return


def staff_policy(organisation: Organisation, people: tuple[User, User]) -> None:
    """Start a policy for staff, and decide on half of it. To one clause the team adds a sentence of its own."""
    lead, contributor = (access.visit(one, organisation.slug) for one in people)
    policy = moves.start(lead, DOCUMENTS["staff-policy"], current())
    policy.organisation = organisation
    draft = draft_of(policy, current())
    for one in draft.open[: len(draft.open) // 2]:
        writing.put(contributor, policy, one, choice="kept", base=one.base, words="", because="")
    changed, words = ADDED
    one = draft.clause[changed]
    writing.put(contributor, policy, one, choice="changed", base=one.base, words=f"{one.words}\n\n{words}", because="")


def before(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a quick check as they were in the one before: what was a no then has changed since."""
    four = answers["working"]["four"] | {"planned": "no", "impact": "yes"}
    kept = {"moves_to_private_said": "partly", "no_promises_for_others": "partly", "policy": "no", "not_for": "no"}
    rows = [{"id": f"action-{about}", "about": about, "what": what, "owner": "Priya Nair"} for about, what in ACTIONS]
    return {
        "working": {"four": four},
        "habits": {"habits": answers["habits"]["habits"] | kept},
        "changes": {**answers["changes"], "actions": {"actions": rows}},
    }


def follow_up(cycle: Cycle, contributor: User) -> None:
    """Enter the figures of each month of a review, and what happened outside."""
    for measure, values in FIGURES.items():
        Result.objects.bulk_create(
            Result(
                cycle=cycle,
                measure=measure,
                on=months_after(cycle.starts, month) - datetime.timedelta(days=1),
                value=Decimal(value),
                entered_by=contributor,
                entered_at=moment(months_after(cycle.starts, month)),
            )
            for month, value in enumerate(values, 1)
        )
    for days, text in ((48, "Strike of the ambulance service"), (112, "National story about maternity care")):
        Event.objects.create(
            cycle=cycle, on=cycle.starts + datetime.timedelta(days=days), text=text, entered_by=contributor
        )


def go_on(previous: Cycle, starts: datetime.date, today: datetime.date, people: tuple[User, User]) -> Cycle:
    """Start the review that follows, look back, and answer half of it: two points are open then."""
    lead = people[0]
    ends = months_after(starts, 6) - datetime.timedelta(days=1)
    strategy = {"strategy_title": previous.strategy_title, "strategy_link": previous.strategy_link}
    cycle = start_next(previous, season(starts), starts, ends, lead, **strategy)
    began = moment(min(starts + datetime.timedelta(days=1), today - datetime.timedelta(days=1)))
    for (table, row), (actual, met, so_what, decision, lesson) in CAME_OF_IT.items():
        answers = {"actual": actual, "met": met, "so_what": so_what, "decision": decision, "lesson": lesson}
        Lookback.objects.create(
            cycle=cycle, table=table, row=row, answers=answers, version=1, updated_at=began, updated_by=lead
        )
    Revision.objects.filter(worksheet__cycle=cycle).update(saved_at=began)
    sheets = {sheet.stage: sheet for sheet in cycle.worksheets.select_related("cycle")}
    review = Review.of(cycle, sheets.values(), current())
    changed = {
        "smart": with_targets(review.answer("smart"), cycle),
        "platforms": without(review.answer("platforms"), "platforms", "acc-x", "owner"),
        "weekly": {name: value for name, value in review.answer("weekly").items() if name != "contingency"}
        | {"watched": "extended"},
    }
    for n, key in enumerate(ANSWERED):
        question = review.workbook.question[key]
        who = people[n % 2]
        sheet = sheets[question.stage]
        if key in changed:
            saving.save_answer(sheet, key, changed[key], user=who)
        saving.confirm(sheet, key, who)
        at = min(began + datetime.timedelta(days=n, minutes=9 * n), moment(today - datetime.timedelta(days=1), 17))
        Revision.objects.filter(worksheet=sheet, version=sheet.version).update(saved_at=max(at, began))
        Worksheet.objects.filter(pk=sheet.pk).update(updated_at=max(at, began), updated_by=who)
    for stage in ("drivers", "alignment"):
        sheet = Worksheet.objects.select_related("cycle").get(pk=sheets[stage].pk)
        saving.complete(sheet, lead)
        Worksheet.objects.filter(pk=sheet.pk).update(completed_at=sheet.updated_at)
    given = (("resources", "outcomes", people[1], 12), ("content", "", people[1], 26), ("resources", "setup", lead, 5))
    for stage, key, who, days in given:
        due = today + datetime.timedelta(days=days)
        Assignment.objects.create(cycle=cycle, stage=stage, question=key, person=who, due=due, given_by=lead)
    return cycle


def to_do(cycle: Cycle, today: datetime.date, people: tuple[User, User], manager: User) -> None:
    """What is to be done beside a review that is under way: out of a lesson, an account, and one of nobody's asking."""
    lead, contributor = people
    organisation, at = cycle.organisation, timezone.now() - datetime.timedelta(days=20)
    made = {"organisation": organisation, "made_by": lead, "made_at": at}
    lesson = ("smart", "smart-answers")
    Action.objects.create(
        text=CAME_OF_IT[lesson][4],
        source=Action.Source.LESSON,
        origin=f"Lesson in {cycle.name}",
        cycle=cycle,
        place=".".join(lesson),
        owner=contributor,
        due=today - datetime.timedelta(days=2),
        **made,
    )
    Action.objects.create(
        text="See to @NHSAnywhere on X: find somebody who looks after it, or close it",
        source=Action.Source.ACCOUNT,
        origin=f"Account in {cycle.name}",
        cycle=cycle,
        place="platforms.acc-x",
        owner=lead,
        due=today + datetime.timedelta(days=13),
        **made,
    )
    Action.objects.create(
        text="Ask the board for half an hour in April",
        owner=manager,
        due=today + datetime.timedelta(days=40),
        note="The date of its meeting is known in January.",
        **made,
    )
    Action.objects.create(
        text="Tell the wards how to pass on a good story",
        owner=contributor,
        state=Action.State.DONE,
        done_at=at + datetime.timedelta(days=9),
        done_by=contributor,
        **made,
    )


def with_targets(answer: Mapping[str, Any], cycle: Cycle) -> dict[str, Any]:
    """SMART objectives with the targets that were dated, and so asked for anew."""
    targets = {"smart-answers": "90%", "smart-waits": "4,000 a month", "smart-themes": "10 of 14"}
    ends = f"{cycle.ends:%B %Y}"
    rows = [row | {"target": f"{targets[row['id']]} by {ends}"} for row in answer["smart"]]
    return {**answer, "smart": rows}


def without(answer: Mapping[str, Any], table: str, row: str, field: str) -> dict[str, Any]:
    """An answer without one field of one row."""
    rows = [{key: value for key, value in one.items() if one["id"] != row or key != field} for one in answer[table]]
    return {**answer, table: rows}
