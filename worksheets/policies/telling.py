"""The mails that tell leads what was decided about a document. A mail that fails undoes nothing."""

from __future__ import annotations

from worksheets.access import Visit
from worksheets.models import Membership, Policy, PolicyMove, Role
from worksheets.policies.library import DOCUMENTS
from worksheets.post import Mail, link, send, unlinked

Kind = PolicyMove.Kind
WORDS = {Kind.ISSUED: "is approved and issued", Kind.SENT_BACK: "was sent back to your team"}


def leads(visit: Visit) -> list[Membership]:
    """The leads of the organisation who may sign in, but for the visitor themselves. One query."""
    members = visit.organisation.memberships.select_related("user").filter(role=Role.LEAD, user__is_active=True)
    return [member for member in members if member.user_id != visit.user.pk]


def tell(visit: Visit, policy: Policy, kind: PolicyMove.Kind, *, noted: bool) -> bool:
    """Mail the leads what was decided about a document, each on their own; False when that failed.

    The title is that of the library. What was noted is read behind the link.
    """
    organisation, title = unlinked(visit.organisation.name), DOCUMENTS[policy.document].title
    filled = {
        "kind": kind,
        "title": title,
        "version": policy.version,
        "organisation": organisation,
        "noted": noted,
        "link": link("policy", visit.organisation.slug, policy.document, policy.version),
    }
    subject = f"“{title}” {WORDS[kind]}: {organisation}"
    return send([Mail(one.user.email, subject, "policies/decided.txt", filled) for one in leads(visit)])
