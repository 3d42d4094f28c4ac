"""The mails that tell people what was decided about a review, or waits for them. A mail that fails undoes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from worksheets.access import CycleVisit
from worksheets.models import Decision, Membership, Role
from worksheets.pages import to_cycle
from worksheets.words import capital

log = logging.getLogger(__name__)


def people_with(visit: CycleVisit, role: Role) -> list[Membership]:
    """Who has that role in the organisation and may sign in, but for the visitor themselves."""
    members = visit.organisation.memberships.select_related("user").filter(role=role, user__is_active=True)
    return [member for member in members if member.user_id != visit.user.pk]


def tell(visit: CycleVisit, decision: Decision, people: Iterable[Membership], page: str) -> bool:
    """Mail everybody of `people` about a decision, each on their own, with a link to `page`; False when that failed."""
    context = {
        "who": visit.user,
        "cycle": visit.cycle,
        "organisation": visit.organisation,
        "workbook": visit.workbook,
        "decision": decision,
        "link": settings.SITE_URL + to_cycle(visit.cycle, page),
    }
    words = {
        Decision.Kind.SUBMITTED: "waits for your sign-off",
        Decision.Kind.WITHDRAWN: "was withdrawn from sign-off",
        Decision.Kind.SENT_BACK: "was sent back to your team",
        Decision.Kind.SIGNED_OFF: "was signed off",
    }[Decision.Kind(decision.kind)]
    # A name with a line break in it must not become a header.
    subject = " ".join(f"{capital(visit.workbook.a)} {words}: {visit.cycle.name}".split())
    mails = [
        EmailMessage(
            subject, render_to_string("signoff/decided.txt", {**context, "user": one.user}), None, [one.user.email]
        )
        for one in people
    ]
    if not mails:
        return True
    try:
        with get_connection() as connection:
            sent = [send(mail, connection) for mail in mails]
    except OSError as error:
        log.error("%d mails about a decision could not be sent: %s", len(mails), type(error).__name__)
        return False
    return all(sent)


def send(mail: EmailMessage, connection: BaseEmailBackend) -> bool:
    """Send one mail; False when that failed, so that one bad address does not keep the others from theirs."""
    mail.connection = connection
    try:
        mail.send()
    except OSError as error:
        # A traceback of the mail server's answer would hold the address.
        log.error("A mail about a decision could not be sent: %s", type(error).__name__)
        return False
    return True
