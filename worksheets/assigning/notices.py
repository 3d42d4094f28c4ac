"""The mails about comments: whom one concerns, and how often each of them wants to hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from worksheets.access import CycleVisit
from worksheets.assigning.given import by_question, given_in
from worksheets.models import Comment, Cycle, Mails, Membership, Notice, Revision
from worksheets.post import Mail, later, link, send, unlinked
from worksheets.words import capital, counted
from worksheets.workbook import Question, Workbook
from worksheets.workbooks import WORKBOOKS


def concerned(visit: CycleVisit, question: Question, comment: Comment) -> list[Membership]:
    """Whom a comment concerns: who talks in its thread, who is to answer the question, and who answered it last.

    Not who wrote it, nor anybody who has left the organisation or may not sign in.
    """
    first = comment.parent_id or comment.pk
    thread = Comment.objects.filter(cycle=visit.cycle).filter(pk=first) | Comment.objects.filter(parent=first)
    people: set[int | None] = set(thread.values_list("written_by", flat=True))
    asked = by_question(given_in(visit.cycle), visit.workbook).get(question.key)
    saves = Revision.objects.filter(worksheet__cycle=visit.cycle, worksheet__stage=question.stage)
    answered = saves.filter(question=question.key).order_by("-version").values_list("saved_by", flat=True).first()
    people = {*people, asked.pk if asked else None, answered} - {None, visit.user.pk}
    members = visit.organisation.memberships.select_related("user").filter(user__in=people)
    return list(members.filter(user__is_active=True))


def tell_of(visit: CycleVisit, question: Question, comment: Comment) -> None:
    """Mail a comment to those whom it concerns: at once, or with the others of the day, as each of them wants it."""
    people = concerned(visit, question, comment)
    daily = [one.user for one in people if one.mails == Mails.DAILY]
    Notice.objects.bulk_create([Notice(person=person, comment=comment) for person in daily], ignore_conflicts=True)
    mails = [mail_to(one, [comment], visit.cycle, visit.workbook) for one in people if one.mails == Mails.EACH]
    if mails:
        later(lambda: send(mails))


def mail_to(member: Membership, comments: Iterable[Comment], cycle: Cycle, workbook: Workbook) -> Mail:
    """What somebody is told of comments on a review: how many, where they are, and where to hear less of them."""
    organisation = cycle.organisation
    places: dict[str, str] = {}
    for comment in comments:
        question = workbook.question.get(comment.question)
        if question:
            page = link("comments-on", organisation.slug, workbook, cycle.slug, question.key)
            name = f"Question {question.number}, {question.short}"
            places[name] = f"{page}#thread-{comment.parent_id or comment.pk}"
    words = {
        "organisation": unlinked(organisation.name),
        "a": workbook.a,
        "places": list(places.items()),
        "mails": link("mails", organisation.slug),
    }
    subject = f"{capital(counted(len(places), 'question'))} talked about in {workbook.a}: {words['organisation']}"
    return Mail(member.user.email, subject, "assigning/comments.txt", words)


def digests() -> tuple[int, int]:
    """Send everybody the comments that wait for their mail of the day: how many mails went, and how many did not.

    What is sent is marked first, so that a second run, or one on another machine, sends nothing again; what could not
    be sent waits for the next day.
    """
    sent = failed = 0
    for person in Notice.objects.filter(sent_at=None).order_by("person").values_list("person", flat=True).distinct():
        with transaction.atomic():
            waiting = Notice.objects.filter(person=person, sent_at=None).select_for_update()
            marked = list(waiting.values_list("pk", flat=True))
            Notice.objects.filter(pk__in=marked, sent_at=None).update(sent_at=timezone.now())
        for mail, notices in _mails_of(marked):
            if send([mail]):
                sent += 1
            else:
                failed += 1
                Notice.objects.filter(pk__in=notices).update(sent_at=None)
    return sent, failed


def _mails_of(notices: list[int]) -> Iterable[tuple[Mail, list[int]]]:
    """One mail for each review, with the notices that it tells of."""
    rows = Notice.objects.filter(pk__in=notices).select_related("comment__cycle__organisation", "person")
    ordered = sorted(rows, key=lambda row: (row.comment.cycle_id, row.pk))
    for _, of_review in groupby(ordered, key=lambda row: row.comment.cycle_id):
        mine = list(of_review)
        cycle = mine[0].comment.cycle
        member = Membership.objects.select_related("user").filter(user=mine[0].person, organisation=cycle.organisation)
        found = member.filter(user__is_active=True).exclude(mails=Mails.NONE).first()
        if found and cycle.workbook in WORKBOOKS:
            mail = mail_to(found, [row.comment for row in mine], cycle, WORKBOOKS[cycle.workbook])
            yield mail, [row.pk for row in mine]
