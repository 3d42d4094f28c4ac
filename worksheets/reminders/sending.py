"""One run of the reminders: what each person is to be told is noted, claimed, mailed and marked, and so told once.

A reminder is a row before it is a mail. A run claims the rows of one person by an update that only one run can win,
sends their mail, and marks them. A run that dies in between leaves its claim: once that is old, a later run takes it
over as it is, and sends the mail with the same `Message-ID`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from worksheets.models import Mails, Membership, Notice, Organisation, Reminder, User
from worksheets.post import send
from worksheets.reminders.due import COMMENT, WEEKLY_LOOKS, Candidate, Due, due_in, subject_of
from worksheets.reminders.telling import mail_to, name_of

# A run that has claimed something and not sent it for so long is dead: mail servers are given up on much sooner.
DEAD = datetime.timedelta(minutes=30)
# The kind of the row that says whose day or week it is: it holds nothing to tell.
TURN = "turn"


@dataclass
class Outcome:
    """How many mails went, and how many could not be sent."""

    sent: int = 0
    failed: int = 0


@dataclass
class Run:
    """One run of the command, at the time `now`."""

    now: datetime.datetime
    claim: str = field(default_factory=lambda: get_random_string(32))
    outcome: Outcome = field(default_factory=Outcome)
    _found: dict[int, dict[int, list[Candidate]]] = field(default_factory=dict)

    @cached_property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    def waiting_for(self, membership: Membership) -> list[Due]:
        """What a member is to be told today. An organisation is read once in a run."""
        pk = membership.organisation_id
        if pk not in self._found:
            self._found[pk] = due_in(membership.organisation, self.today)
        ahead = WEEKLY_LOOKS if membership.mails == Mails.WEEKLY else 0
        theirs = self._found[pk].get(membership.user_id, [])
        return [due for one in theirs if (due := one.due(self.today, ahead))]

    def turn_of(self, membership: Membership) -> str:
        """The day, or for a weekly mail the week, in which a member gets one mail."""
        if membership.mails == Mails.WEEKLY:
            return f"turn week-{self.today - datetime.timedelta(days=self.today.weekday())}"
        return f"turn day-{self.today}"


def send_reminders(now: datetime.datetime) -> Outcome:
    """Send everybody what they are to be told by now, in one mail each. Run twice, or by two machines, it tells nothing
    twice. What could not be sent waits for the next run."""
    _forget()
    run = Run(now)
    for memberships in _people():
        _remind(run, memberships)
    return run.outcome


def count_reminders(now: datetime.datetime) -> int:
    """How many mails a run would send by now. Nothing is written."""
    run = Run(now)
    return sum(
        _left_behind(run, memberships[0].user).exists() or any(_fresh(run, one) for one in memberships)
        for memberships in _people()
    )


def _people() -> Iterator[list[Membership]]:
    """Everybody who wants mails and may sign in, by their memberships."""
    rows = Membership.objects.filter(user__is_active=True).exclude(mails=Mails.NONE)
    theirs: list[Membership] = []
    for row in rows.select_related("user", "organisation").order_by("user", "organisation__name"):
        if theirs and theirs[0].user_id != row.user_id:
            yield theirs
            theirs = []
        theirs.append(row)
    if theirs:
        yield theirs


def _forget() -> None:
    """Take out what waits for those who left, may not sign in or want no mails: it is not kept for their return."""
    wanted = Membership.objects.exclude(mails=Mails.NONE).filter(user__is_active=True, user=OuterRef("person"))
    here = wanted.filter(organisation=OuterRef("organisation"))
    Reminder.objects.filter(~Exists(here), sent_at=None).delete()
    there = wanted.filter(organisation=OuterRef("comment__cycle__organisation"))
    Notice.objects.filter(~Exists(there), sent_at=None).delete()


def _remind(run: Run, memberships: list[Membership]) -> None:
    """Tell one person: first, as it was, what a dead run was about to send, then what there is today."""
    person = memberships[0].user
    for old in list(_left_behind(run, person).order_by("claim").values_list("claim", flat=True).distinct()):
        taken = _left_behind(run, person).filter(claim=old)
        if taken.update(claim=run.claim, claimed_at=timezone.now()) and not _deliver(run, memberships):
            return
    for membership in memberships:
        _claim(run, membership)
    _deliver(run, memberships)


def _left_behind(run: Run, person: User) -> QuerySet[Reminder]:
    """What a run claimed and never sent that is dead by now."""
    return Reminder.objects.filter(person=person, sent_at=None, claimed_at__lt=timezone.now() - DEAD)


def _fresh(run: Run, membership: Membership) -> list[Due]:
    """What a member is to be told that no run has told them or is about to; nothing when it is not their turn."""
    rows = Reminder.objects.filter(person=membership.user_id, organisation=membership.organisation_id)
    known = {what: bool(sent or claimed) for what, sent, claimed in rows.values_list("what", "sent_at", "claimed_at")}
    if known.get(run.turn_of(membership)):
        return []
    return [due for due in run.waiting_for(membership) if not known.get(due.what)]


def _claim(run: Run, membership: Membership) -> None:
    """Note what a member is to be told, and claim it, if no other run did so: whoever claims their turn claims all."""
    fresh = _fresh(run, membership)
    weekly = membership.mails == Mails.WEEKLY
    # The week has its turn even when nothing waits: what comes up on its second day waits for the next one.
    if not fresh and not weekly:
        return
    whose = {"person": membership.user, "organisation": membership.organisation}
    turn = run.turn_of(membership)
    rows = [Reminder(**whose, what=due.what, kind=due.kind, place=due.place[:300], about=due.day) for due in fresh]
    Reminder.objects.bulk_create([Reminder(**whose, what=turn, kind=TURN), *rows], ignore_conflicts=True)
    free = Reminder.objects.filter(**whose, sent_at=None, claimed_at=None)
    with transaction.atomic():
        # The turn comes first: another run waits here, and finds it taken.
        if free.filter(what=turn).update(claim=run.claim, claimed_at=timezone.now()):
            free.update(claim=run.claim, claimed_at=timezone.now())


def _deliver(run: Run, memberships: list[Membership]) -> bool:
    """Send one person what this run has claimed for them, and mark it; False when that failed.

    What does not hold any more is let go.
    """
    person = memberships[0].user
    rows = list(Reminder.objects.filter(person=person, claim=run.claim, sent_at=None))
    if not rows:
        return True
    told: dict[Organisation, list[Due]] = {}
    gone = []
    for membership in memberships:
        now = {due.subject: due for due in run.waiting_for(membership)}
        mine = [row for row in rows if row.organisation_id == membership.organisation_id and row.kind != TURN]
        gone += [row.pk for row in mine if subject_of(row.what) not in now]
        dues = [now[subject_of(row.what)] for row in mine if subject_of(row.what) in now]
        if dues:
            told[membership.organisation] = dues
    claimed = Reminder.objects.filter(pk__in=[row.pk for row in rows], claim=run.claim)
    name = name_of(person, [(row.organisation_id, row.what) for row in rows])
    if told and not send([mail_to(person, told, run.today, name)]):
        run.outcome.failed += 1
        claimed.update(claim="", claimed_at=None)
        return False
    with transaction.atomic():
        Reminder.objects.filter(pk__in=gone, claim=run.claim).delete()
        claimed.update(sent_at=run.now)
        Notice.objects.filter(pk__in=_notices(rows), person=person, sent_at=None).update(sent_at=run.now)
    run.outcome.sent += bool(told)
    return True


def _notices(rows: Iterable[Reminder]) -> list[int]:
    """The notices of comments among reminders, by their keys."""
    named = (subject_of(row.what).split()[0] for row in rows if row.kind == COMMENT.rstrip("-"))
    return [int(name.removeprefix(COMMENT)) for name in named]
