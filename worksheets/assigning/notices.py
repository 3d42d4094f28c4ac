"""The mails about comments: whom one concerns, and how often each of them wants to hear of it."""

from __future__ import annotations

from django.conf import settings

from worksheets.access import CycleVisit
from worksheets.assigning.given import by_question, given_in
from worksheets.models import Comment, Cycle, Mails, Membership, Notice, Revision
from worksheets.pages import to_cycle
from worksheets.post import Mail, later, link, send, unlinked
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
    """Mail a comment to those whom it concerns: at once, or with the next of their reminders, as each of them wants."""
    people = concerned(visit, question, comment)
    waiting = [one.user for one in people if one.mails in (Mails.DAILY, Mails.WEEKLY)]
    Notice.objects.bulk_create([Notice(person=person, comment=comment) for person in waiting], ignore_conflicts=True)
    place = place_of_comment(comment, visit.cycle)
    if place:
        mails = [mail_to(one.user.email, place, visit) for one in people if one.mails == Mails.EACH]
        later(lambda: send(mails))


def place_of_comment(comment: Comment, cycle: Cycle) -> tuple[str, str] | None:
    """What a comment is about, in our words, and the path of the page on which it stands; None for what its workbook
    does not ask any more. The organisation of the cycle must be loaded."""
    question = WORKBOOKS[cycle.workbook].question.get(comment.question)
    if question is None:
        return None
    page = to_cycle(cycle, "comments-on", question.key)
    return f"Question {question.number}, {question.short}", f"{page}#thread-{comment.parent_id or comment.pk}"


def mail_to(address: str, place: tuple[str, str], visit: CycleVisit) -> Mail:
    """What somebody is told of one comment: where it stands, and where to hear less of them."""
    organisation = unlinked(visit.organisation.name)
    words = {
        "organisation": organisation,
        "a": visit.workbook.a,
        "name": place[0],
        "place": f"{settings.SITE_URL}{place[1]}",
        "mails": link("mails", visit.organisation.slug),
    }
    return Mail(
        address, f"1 question talked about in {visit.workbook.a}: {organisation}", "assigning/comments.txt", words
    )
