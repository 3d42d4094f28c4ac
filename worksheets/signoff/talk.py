"""Comments: threads about one question each, which any member may start, answer, resolve and open again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from worksheets import limits
from worksheets.models import Comment, Cycle, User
from worksheets.saving import touch
from worksheets.workbook import Question, Workbook
from worksheets.workbooks import WORKBOOKS

# Until it is signed off a review is talked about.
COMMENTABLE = (Cycle.State.OPEN, Cycle.State.SUBMITTED)


@dataclass
class Thread:
    """A first comment and the replies to it, in the order in which they were written."""

    first: Comment
    replies: list[Comment] = field(default_factory=list)

    @property
    def resolved(self) -> bool:
        return self.first.resolved_at is not None


def threads_of(cycle: Cycle, question: str | None = None) -> dict[str, list[Thread]]:
    """The threads of a review, or of one question of it, by question in the order of the review. One query."""
    rows = Comment.objects.filter(cycle=cycle).select_related("written_by", "resolved_by")
    if question:
        rows = rows.filter(question=question)
    return by_question(rows, WORKBOOKS[cycle.workbook])


def by_question(comments: Iterable[Comment], workbook: Workbook) -> dict[str, list[Thread]]:
    """Comments as threads; those that are open come first."""
    threads: dict[int, Thread] = {}
    for comment in comments:
        if comment.parent_id is None:
            threads[comment.pk] = Thread(comment)
        elif comment.parent_id in threads:
            threads[comment.parent_id].replies.append(comment)
    about: dict[str, list[Thread]] = {question.key: [] for question in workbook.questions}
    for thread in sorted(threads.values(), key=lambda thread: thread.resolved):
        if thread.first.question in about:
            about[thread.first.question].append(thread)
    return {key: kept for key, kept in about.items() if kept}


@transaction.atomic
def say(cycle: Cycle, question: Question, user: User, text: str, parent: Comment | None = None) -> Comment:
    """Start a thread, or reply to one: a reply opens a resolved thread again.

    TooLate once the review is signed off, limits.Full when there are too many comments.
    """
    touch(cycle.pk, *COMMENTABLE)
    limits.demand(limits.COMMENTS, Comment.objects.filter(cycle=cycle))
    if parent:
        Comment.objects.filter(pk=parent.pk).update(resolved_at=None, resolved_by=None)
    return Comment.objects.create(cycle=cycle, question=question.key, parent=parent, text=text, written_by=user)


@transaction.atomic
def settle(cycle: Cycle, thread: Comment, user: User, *, resolved: bool) -> None:
    """Resolve a thread or open it again. Who resolved it first stays. TooLate once the review is signed off."""
    touch(cycle.pk, *COMMENTABLE)
    rows = Comment.objects.filter(pk=thread.pk, resolved_at__isnull=resolved)
    rows.update(resolved_at=timezone.now() if resolved else None, resolved_by=user if resolved else None)
