"""The pages on which everybody sees who belongs to an organisation, and leads say who does and in which role."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from worksheets import audit, limits, pages, tries
from worksheets.access import Ability, Visit
from worksheets.audit import Kind, source_of
from worksheets.fields import text
from worksheets.models import Membership, Role, User
from worksheets.organisations.forms import ROLES, AddPersonForm, RoleForm
from worksheets.organisations.mail import added_mail, leads_of, member_mails, tell
from worksheets.pages import Request, in_organisation
from worksheets.post import send as send_mails
from worksheets.words import listed

LAST_LEAD = "Make somebody else a lead first. An organisation needs at least one who may sign in"
MEMBERSHIP = (Kind.ADDED, Kind.ROLE, Kind.REMOVED)
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@in_organisation()
def people(request: Request, visit: Visit) -> HttpResponse:
    """Who belongs to the organisation, in which role. Sorted by address: the place of a name would tell of it."""
    members = visit.organisation.memberships.select_related("user").order_by("user__email")
    return pages.render(
        request,
        "organisations/people.jinja",
        visit,
        current="people",
        members=members,
        roles=ROLES.values(),
        grouped=visit.organisation.places.exists(),
    )


@get_or_post
@in_organisation(Ability.LEAD)
def add(request: Request, visit: Visit) -> HttpResponse:
    """Add people by e-mail address: known here or new, the answer is the same, and names nobody.

    What the People page tells of them, their name and that they came, it tells once they have signed in.
    Of several, those are added whose addresses are right; each other one stays in the box, with an error of its own.
    """
    form = AddPersonForm(request.POST) if request.method == "POST" else AddPersonForm()
    if request.method != "POST":
        return page_with_form(request, "organisations/person_add.jinja", visit, form)
    form.full_clean()
    people, members = form.people, []
    for one in people:
        try:
            member = join(request, visit, one.email, text(form.plain, "role"), one.name)
        except limits.Full as full:
            form.refuse("email", full.limit.words)
            break
        if member is None:
            which = "This person" if len(people) == 1 else one.email
            form.refuse("email", f"Enter another address. {which} already belongs to your organisation")
        else:
            form.added(one.email)
            members.append(member)
            tell_leads(visit, member, None, member.role)
    send(request, visit, *members)
    if form.errors:
        return page_with_form(request, "organisations/person_add.jinja", visit, form)
    return redirect("people", visit.organisation.slug)


@get_or_post
@in_organisation(Ability.LEAD)
def change(request: Request, visit: Visit, pk: int) -> HttpResponse:
    """Change somebody's role, but never that of the last lead."""
    member = find(visit, pk)
    form = RoleForm(request.POST) if request.method == "POST" else RoleForm(initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role, was = Role(text(form.plain, "role")), member.role
        refused = settled(request, member, role)
        if not refused:
            tell_leads(visit, member, was, role)
            messages.success(request, f"{member.called} is a {role.label.lower()} now.")
            return redirect("people", visit.organisation.slug)
        form.refuse("role", refused)
    return page_with_form(request, "organisations/person_change.jinja", visit, form, member=member)


@get_or_post
@in_organisation(Ability.LEAD)
def remove(request: Request, visit: Visit, pk: int) -> HttpResponse:
    """Ask, then remove somebody from the organisation, but never the last lead. What they wrote stays."""
    member = find(visit, pk)
    if request.method == "POST":
        refused = settled(request, member, None)
        if not refused:
            tell_leads(visit, member, member.role, None)
            messages.success(request, f"{member.called} does not belong to {visit.organisation} any more.")
            return redirect("home" if member.user_id == visit.user.pk else "people", *remaining(visit, member))
        return pages.render(
            request,
            "organisations/person_remove.jinja",
            visit,
            current="people",
            member=member,
            has_errors=True,
            errors=[{"text": refused}],
            status=400,
        )
    return pages.render(request, "organisations/person_remove.jinja", visit, current="people", member=member)


@require_POST
@in_organisation(Ability.LEAD)
def send_again(request: Request, visit: Visit, pk: int) -> HttpResponse:
    """Tell somebody once more how to get in, as long as they have not come."""
    member = find(visit, pk)
    if member.arrived:
        messages.info(
            request, f"{member.called} has signed in already, and can reset a password from the page for signing in."
        )
    else:
        send(request, visit, member)
    return redirect("people", visit.organisation.slug)


def remaining(visit: Visit, member: Membership) -> list[str]:
    """What the address of the next page needs: nothing for those who removed themselves."""
    return [] if member.user_id == visit.user.pk else [visit.organisation.slug]


def find(visit: Visit, pk: int) -> Membership:
    """The member with that number. Http404 when it is not one of this organisation's."""
    member = visit.organisation.memberships.select_related("user").filter(pk=pk).first()
    if member is None:
        raise Http404
    return member


@transaction.atomic
def join(request: Request, visit: Visit, email: str, role: str, name: str = "") -> Membership | None:
    """Make whoever has that address a member, and a new person if nobody has; None for a member.

    `name` is for a new person only: somebody who is known keeps theirs. limits.Full when there are too many.
    """
    limits.demand(limits.PEOPLE, visit.organisation.memberships.all())
    limits.demand(limits.CHANGES, audit.lately(visit.user, limits.HOUR, *MEMBERSHIP))
    user = known_or_new(email, name)
    member, new = Membership.objects.get_or_create(user=user, organisation=visit.organisation, defaults={"role": role})
    if new:
        audit.record(Kind.ADDED, request, user, visit.organisation, role)
    return member if new else None


def known_or_new(email: str, name: str = "") -> User:
    """Whoever has that address, or a new person who has it, and that name."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        # No password: the link in the mail is the only way in.
        user, _ = User.objects.get_or_create(email=email, defaults={"name": name, "password": make_password(None)})
    return user


def tell_leads(visit: Visit, member: Membership, was: str | None, now: str | None) -> None:
    """Mail the other leads what became of a membership, and the person. `was` and `now` are roles.

    Where somebody becomes a lead or is one no more, the lead who did it is told too: it may have been somebody else at
    their screen. Whoever is added is told by `send`.
    """
    if was == now:
        return
    leads = [lead for lead in leads_of(visit.organisation) if lead != visit.user or Role.LEAD in (was, now)]
    tell(member_mails(member.user, visit.organisation, by="A lead", was=was, now=now, leads=leads))


def settled(request: Request, member: Membership, role: str | None) -> str:
    """Give a member another role, or none; in words why that is not done, or nothing."""
    try:
        return "" if settle(request, member, role) else LAST_LEAD
    except limits.Full as full:
        return full.limit.words


@transaction.atomic
def settle(request: Request, member: Membership, role: str | None) -> bool:
    """Give a member another role, or none; False when this would leave the organisation without a lead.

    A lead who is switched off leads nobody. limits.Full when whoever asks has changed too much lately.
    """
    # Two leads who step down at once: the second waits here, and is then the last.
    # In one order and without the tables a membership is sorted by, so that neither waits for what the other holds.
    of = ("self",) if connection.features.has_select_for_update_of else ()
    rows = Membership.objects.filter(organisation_id=member.organisation_id, role=Role.LEAD).order_by("pk")
    leads = list(rows.select_for_update(of=of).values_list("pk", flat=True)) if role != Role.LEAD else []
    if member.pk in leads:
        others = Membership.objects.filter(pk__in=leads, user__is_active=True).exclude(pk=member.pk)
        if not others.exists():
            return False
    if role != member.role:
        limits.demand(limits.CHANGES, audit.lately(request.user, limits.HOUR, *MEMBERSHIP))
    if role is None:
        audit.record(Kind.REMOVED, request, member.user, member.organisation, member.role)
        member.delete()
    elif role != member.role:
        audit.record(Kind.ROLE, request, member.user, member.organisation, f"{member.role}, now {role}")
        Membership.objects.filter(pk=member.pk).update(role=role)
    return True


def send(request: Request, visit: Visit, *members: Membership) -> None:
    """Mail each of them how to get in, and tell the lead how that went."""
    sent: list[str] = []
    for user in (member.user for member in members):
        try:
            tries.begin(tries.INVITATION, user.email, source_of(request))
        except tries.Wait as wait:
            messages.error(request, f"We have not sent {user.email} another email. {wait.words}.")
            continue
        if send_mails([added_mail(user, visit.organisation, "A lead")]):
            sent.append(user.email)
        else:
            messages.error(
                request,
                f"{user.email} belongs to {visit.organisation}, but we could not send an email to {user.email}. "
                "Try “Send the link again” later.",
            )
    if sent:
        belong = "belongs" if len(sent) == 1 else "belong"
        to = sent[0] if len(sent) == 1 else "each of them"
        messages.success(
            request,
            f"{listed(sent)} {belong} to {visit.organisation}. We have sent an email to {to} that says how to sign in. "
            "A link to set a password in it works for one day.",
        )


def page_with_form(
    request: Request, template: str, visit: Visit, form: AddPersonForm | RoleForm, **context: object
) -> HttpResponse:
    """The page of a form about people: as it is at first, or with what must be put right."""
    wrong = form.is_bound
    return pages.render(
        request, template, visit, current="people", form=form, has_errors=wrong, status=400 if wrong else 200, **context
    )
