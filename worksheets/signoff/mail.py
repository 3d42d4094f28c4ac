"""The mails that tell people what was decided about a review, or waits for them. A mail that fails undoes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from worksheets.access import CycleVisit
from worksheets.models import Decision, Membership, Role
from worksheets.post import Mail, send, unlinked
from worksheets.post import link as link_to
from worksheets.words import capital


def people_with(visit: CycleVisit, role: Role) -> list[Membership]:
    """Who has that role in the organisation and may sign in, but for the visitor themselves."""
    members = visit.organisation.memberships.select_related("user").filter(role=role, user__is_active=True)
    return [member for member in members if member.user_id != visit.user.pk]


def tell(visit: CycleVisit, decision: Decision, people: Iterable[Membership], page: str) -> bool:
    """Mail everybody of `people` about a decision, each on their own, with a link to `page`; False when that failed.

    What the review is called, and what was noted, is text of the team's: it is read behind the link.
    """
    words = {
        Decision.Kind.SUBMITTED: "waits for your sign-off",
        Decision.Kind.WITHDRAWN: "was withdrawn from sign-off",
        Decision.Kind.SENT_BACK: "was sent back to your team",
        Decision.Kind.SIGNED_OFF: "was signed off",
    }[Decision.Kind(decision.kind)]
    organisation = unlinked(visit.organisation.name)
    filled = {
        "a": visit.workbook.a,
        "noun": visit.workbook.noun,
        "organisation": organisation,
        "kind": decision.kind,
        "noted": bool(decision.note),
        "link": link_to(page, visit.organisation.slug, visit.workbook, visit.cycle.slug),
    }
    subject = f"{capital(visit.workbook.a)} {words}: {organisation}"
    return send([Mail(one.user.email, subject, "signoff/decided.txt", filled) for one in people])
