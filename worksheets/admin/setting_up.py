"""Setting up an organisation: whoever leads it first, the mail that lets them in, and what the administrator hears."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from worksheets import audit, tries
from worksheets.audit import Kind, source_of
from worksheets.models import Membership, Organisation, Role, User
from worksheets.organisations.mail import added_mail
from worksheets.organisations.people import known_or_new
from worksheets.post import send

AGAIN = "You can send it again later, from the page of the organisation."


def first_lead(request: HttpRequest, organisation: Organisation, email: str, name: str) -> Membership:
    """Make whoever has that address the lead of a new organisation, and a new person if nobody has it.

    Call it in the transaction that makes the organisation. `name` is for a new person: who is known keeps theirs.
    """
    known = User.objects.filter(email__iexact=email).exists()
    user = known_or_new(email, name)
    if not known:
        audit.record(Kind.ACCOUNT_MADE, request, user)
    audit.record(Kind.ADDED, request, user, organisation, f"{organisation}: no member, now {Role.LEAD}")
    return Membership.objects.create(user=user, organisation=organisation, role=Role.LEAD)


def invite(request: HttpRequest, lead: Membership) -> bool:
    """Mail a lead how to get in, and say how that went and what happens next. Whether the mail was sent."""
    user, organisation = lead.user, lead.organisation
    try:
        tries.begin(tries.INVITATION, user.email, source_of(request))
    except tries.Wait as wait:
        messages.error(request, f"We have not sent {user.email} an invitation. {wait.words}. {AGAIN}")
        return False
    if not send([added_mail(user, organisation, "An administrator", leads=True)]):
        said = f"We could not send an invitation to {user.email}, who leads {organisation} now. {AGAIN}"
        messages.error(request, said)
        return False
    then = "sign in" if user.has_usable_password() else "set a password"
    messages.success(request, f"Invitation sent to {user.email}. They {then} and can add their colleagues.")
    return True


def leads_of(organisation: Organisation) -> list[Membership]:
    """The leads of an organisation, by address."""
    rows = organisation.memberships.select_related("user", "organisation").filter(role=Role.LEAD)
    return list(rows.order_by("user__email"))


def to_invite(leads: list[Membership]) -> list[Membership]:
    """Those of them who may sign in and have not done so since they joined."""
    return [lead for lead in leads if lead.user.is_active and not lead.arrived]


def unled(leads: list[Membership]) -> str:
    """What to say of an organisation with these leads, when none of them can lead it; or nothing."""
    if any(lead.user.is_active for lead in leads):
        return ""
    if not leads:
        return "Nobody leads this organisation, so nobody can add its people. Add a member below, as a lead."
    return (
        "No lead of this organisation may sign in, so nobody can add its people. "
        "Switch one of them on, or make another member a lead."
    )
