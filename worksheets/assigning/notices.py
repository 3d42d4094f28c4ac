"""The mails about comments: whom one concerns, and how often each of them wants to hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from worksheets.access import CycleVisit
from worksheets.assigning.given import by_question, given_in
from worksheets.models import Comment, Cycle, Mails, Membership, Notice, Revision
from worksheets.post import Mail, later, link, send, unlinked
from worksheets.words import capital, counted
from worksheets.workbook import Question
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
    mails = [mail_to(one.user.email, [about([comment], visit.cycle)]) for one in people if one.mails == Mails.EACH]
    if mails:
        later(lambda: send(mails))


def about(comments: Iterable[Comment], cycle: Cycle) -> dict[str, Any]:
    """What a mail tells of comments on one review: whose it is, and where they are. Its organisation must be loaded."""
    workbook, organisation = WORKBOOKS[cycle.workbook], cycle.organisation
    places: dict[str, str] = {}
    for comment in comments:
        question = workbook.question.get(comment.question)
        if question:
            page = link("comments-on", organisation.slug, workbook, cycle.slug, question.key)
            places[f"Question {question.number}, {question.short}"] = f"{page}#thread-{comment.parent_id or comment.pk}"
    return {
        "organisation": unlinked(organisation.name),
        "a": workbook.a,
        "places": list(places.items()),
        "mails": link("mails", organisation.slug),
    }


def mail_to(address: str, reviews: list[dict[str, Any]]) -> Mail:
    """What somebody is told of comments: on which questions of which reviews, and where to hear less of them."""
    asked = sum(len(one["places"]) for one in reviews)
    where = f"{reviews[0]['a']}: {reviews[0]['organisation']}" if len(reviews) == 1 else f"{len(reviews)} reviews"
    subject = f"{capital(counted(asked, 'question'))} talked about in {where}"
    return Mail(address, subject, "assigning/comments.txt", {"reviews": reviews})


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
        mail = _mail_of(marked)
        if mail is None:
            continue
        if send([mail]):
            sent += 1
        else:
            failed += 1
            Notice.objects.filter(pk__in=marked).update(sent_at=None)
    return sent, failed


def _mail_of(notices: list[int]) -> Mail | None:
    """One person's mail of the day; None when they belong nowhere any more, or want none."""
    rows = Notice.objects.filter(pk__in=notices).select_related("comment__cycle__organisation", "person")
    known = [row for row in rows.order_by("comment__cycle", "pk") if row.comment.cycle.workbook in WORKBOOKS]
    if not known or not known[0].person.is_active:
        return None
    wanted = known[0].person.memberships.exclude(mails=Mails.NONE).values_list("organisation", flat=True)
    reviews = [
        about([row.comment for row in mine], mine[0].comment.cycle)
        for _, of_one in groupby(known, key=lambda row: row.comment.cycle_id)
        if (mine := list(of_one))[0].comment.cycle.organisation_id in wanted
    ]
    return mail_to(known[0].person.email, reviews) if reviews else None
