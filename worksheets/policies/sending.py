"""What stands between a draft and its approval, and the mails that tell managers that one was sent."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from worksheets.access import Visit
from worksheets.models import Membership, PolicyMove, Role
from worksheets.pages import to_cycle, to_list
from worksheets.policies import facts
from worksheets.policies.drafting import Draft, Missing, owner_of
from worksheets.post import Mail, link, send, unlinked
from worksheets.words import counted, listed
from worksheets.workbooks import WORKBOOKS

Kind = PolicyMove.Kind
WORDS = {Kind.SENT: "waits for approval", Kind.WITHDRAWN: "was taken back by its team"}


def address(draft: Draft, name: str, *more: str) -> str:
    """Where a page of a version is."""
    policy = draft.policy
    return reverse(name, args=[policy.organisation.slug, policy.document, policy.version, *more])


def where_asked(draft: Draft, missing: Missing) -> str:
    """Where a fact that is not known is asked for: its question in the newest run, or where one is started."""
    workbook = WORKBOOKS[facts.WORKBOOK]
    if draft.run is None:
        return to_list(draft.policy.organisation.slug, "cycle-start", workbook)
    if not missing.question:
        return to_cycle(draft.run, "hub")
    return to_cycle(draft.run, "question", workbook.question[missing.question].stage, missing.question)


def stops(draft: Draft) -> list[dict[str, str]]:
    """What must be done before a draft can be sent, each with a link to where that is."""
    return [{"text": words, "href": href} for words, href in _stops(draft)]


def _stops(draft: Draft) -> Iterator[tuple[str, str]]:
    policy, control = draft.policy, address(draft, "policy-control")
    waiting = draft.open
    if waiting:
        yield (
            f"Decide on {counted(len(waiting), 'clause')}. The next is “{waiting[0].heading}”",
            address(draft, "policy-clause", waiting[0].key),
        )
    elif not draft.said:
        yield "Keep or change at least one clause. There is none in the document", address(draft, "policy")
    for one in draft.missing:
        needed = listed(f"“{heading}”" for heading in one.clauses)
        yield f"Say {one.words}. It is needed in {needed}", where_asked(draft, one)
    if not owner_of(policy):
        yield "Choose an owner", f"{control}#owner"
    if not policy.approver:
        yield "Enter who approves it", f"{control}#approver"
    if policy.next_review is None:
        yield "Enter the date of the next review", f"{control}#next_review"
    elif policy.next_review <= timezone.localdate():
        yield "Enter a date for the next review that is in the future", f"{control}#next_review"


def managers(visit: Visit) -> list[Membership]:
    """The managers of the organisation who may sign in, but for the visitor themselves. One query."""
    members = visit.organisation.memberships.select_related("user").filter(role=Role.MANAGER, user__is_active=True)
    return [member for member in members if member.user_id != visit.user.pk]


def tell(visit: Visit, draft: Draft, kind: PolicyMove.Kind) -> bool:
    """Mail the managers that a version waits for them, or no longer, each on their own; False when that failed.

    The title is that of the library: what a team wrote is read behind the link.
    """
    organisation, title = unlinked(visit.organisation.name), draft.document.title
    page = "policy-decide" if kind == Kind.SENT else "policy"
    filled = {
        "kind": kind,
        "title": title,
        "version": draft.policy.version,
        "organisation": organisation,
        "link": link(page, visit.organisation.slug, draft.document.key, draft.policy.version),
    }
    subject = f"{title} {WORDS[kind]}: {organisation}"
    return send([Mail(one.user.email, subject, "policies/sent.txt", filled) for one in managers(visit)])
