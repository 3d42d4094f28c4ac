"""The mails about people: to whoever is concerned, and to the leads of their organisations."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing

from worksheets.models import Membership, Organisation, Role, User
from worksheets.post import Mail, later, link, people, send, spelled, unlinked
from worksheets.words import article

# How long a link to confirm a new address works, in seconds.
CONFIRM_WITHIN = 3 * 24 * 60 * 60
SALT = "worksheets.new-address"


def link_to_set_password(user: User) -> str:
    """A link with which `user` can set a password once, within a day (`PASSWORD_RESET_TIMEOUT`)."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return link("account_reset_password_from_key", **key)


def token_to_confirm(user: User) -> str:
    """What proves that somebody reads the mail of the new address of `user`, as it stands now."""
    return signing.dumps([user.pk, user.email, user.new_email], salt=SALT)


def added_mail(user: User, organisation: Organisation, by: str, *, leads: bool = False) -> Mail:
    """The mail that says to `user` how to get in. `by` says who added them: "A lead".

    Whoever `leads` hears what that lets them do, and to ask an administrator: there may be no other lead.
    """
    words = {
        "by": by,
        "address": user.email,
        "organisation": unlinked(organisation.name),
        "link": "" if user.has_usable_password() else link_to_set_password(user),
        "site": link("home"),
        "leads": leads,
    }
    return Mail(user.email, f"You have been added to {words['organisation']}", "organisations/added.txt", words)


def notice(to: str, subject: str, what: str, where: str = "", action: str = "") -> Mail:
    """A mail that tells somebody what was done: `what`, and where they can see it or `action` it."""
    words = {"what": what, "where": where, "action": action or "You can see it here:"}
    return Mail(to, subject, "organisations/notice.txt", words)


def leads_of(organisation: Organisation) -> list[User]:
    """The leads of an organisation."""
    return [row.user for row in organisation.memberships.select_related("user").filter(role=Role.LEAD)]


def member_mails(
    user: User, organisation: Organisation, *, by: str, was: str | None, now: str | None, leads: Iterable[User]
) -> list[Mail]:
    """The mails about a membership that began, changed or ended, to `leads` and to the person.

    `was` and `now` are roles; None for no membership. Whoever was added gets `added_mail`.
    """
    name, page = unlinked(organisation.name), link("people", organisation.slug)
    old, new = (article(Role(role).label.lower()) if role else "" for role in (was, now))
    if was is None:
        what, subject = f"has added {spelled(user.email)} as {new}", f"Somebody was added to {name}"
    elif now is None:
        what, subject = f"has removed {spelled(user.email)}, who was {old}", f"Somebody was removed from {name}"
    else:
        what, subject = f"has made {spelled(user.email)} {new}, who was {old}", f"A role at {name} was changed"
    mails = [notice(to, subject, f"{by} {what} at {name}.", page) for to in people(leads, but=user)]
    if was and user.is_active:
        own = f"made you {new}" if now else f"removed you. You were {old}"
        subject = f"Your role at {name} was changed" if now else f"You were removed from {name}"
        mails.append(notice(user.email, subject, f"{by} has {own} at {name}.", page if now else ""))
    return mails


def account_mails(user: User, what: str, *, leads: Iterable[User], also: Iterable[str] = ()) -> list[Mail]:
    """The mails about an account to its address, to those in `also`, and to leads of its organisations.

    `what` is what an administrator did to it: "has set a new password for".
    """
    subject = "Your account in Strategy review was changed"
    mails = [
        notice(to, subject, f"An administrator of Strategy review {what} your account.")
        for to in dict.fromkeys([user.email, *also])
    ]
    words = f"An administrator of Strategy review {what} the account of {spelled(user.email)}, in your organisation."
    return mails + [notice(to, "An account in your organisation was changed", words) for to in people(leads, but=user)]


def told_among(members: Iterable[Membership]) -> list[User]:
    """Who of an organisation hears what an administrator did: its leads, and where none of them may sign in, everybody.

    Otherwise whoever switches its leads off first could then do all else unheard.
    """
    active = [row for row in members if row.user.is_active]
    return [row.user for row in active if row.role == Role.LEAD] or [row.user for row in active]


def leads_about(user: User) -> list[User]:
    """Who hears of somebody's account in the organisations that they belong to: as `told_among` has it."""
    rows = Membership.objects.select_related("user").filter(organisation__memberships__user=user)
    each: dict[int, list[Membership]] = {}
    for row in rows.order_by("pk"):
        each.setdefault(row.organisation_id, []).append(row)
    return [one for members in each.values() for one in told_among(members)]


def confirm_mail(user: User) -> Mail:
    """The mail to a new address, with the link that confirms it."""
    where = link("confirm-address", token_to_confirm(user))
    what = (
        "An administrator of Strategy review gave this email address for your account. "
        f"Until you confirm it, you sign in with {spelled(user.email)}."
    )
    return notice(user.new_email, "Confirm your email address", what, where, "Confirm it here within three days:")


def tell(mails: list[Mail]) -> None:
    """Send mails about what is stored, after the answer."""
    if mails:
        later(lambda: send(mails))
