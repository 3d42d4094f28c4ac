"""The groups that an organisation is in: which, what their members show each other, and what this one shows."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import access, audit, pages, texts
from worksheets.access import Ability, GroupVisit, Visit
from worksheets.groups.figures import FEWEST, columns, figures_of, together
from worksheets.models import GroupMember
from worksheets.pages import Request, in_organisation

Shows = GroupMember.Shows
# What each choice means, under its radio.
MEANS = {
    Shows.NOTHING: "The others see nothing of yours. You still see what they show.",
    Shows.COUNTS: f"Your figures only help to make up middle values, once at least {FEWEST} organisations do the same.",
    Shows.NAMED: "The others see the figures above beside your name.",
}


@require_safe
@in_organisation()
def groups(request: Request, visit: Visit) -> HttpResponse:
    """The groups that this organisation is in, and what each is shown."""
    places = visit.organisation.places.select_related("group").order_by("group__name")
    return pages.render(request, "groups/groups.jinja", visit, current="people", places=places)


@require_safe
def group(request: Request, organisation: str, group: str) -> HttpResponse:
    """What the organisations of a group show each other: the one's own, those with their name, the others together."""
    visit = access.visit_group(request.user, organisation, group)
    members = list(visit.members())
    all_shown = dict(zip((one.pk for one in members), figures_of(members, texts.current()), strict=True))
    own = all_shown[visit.place.pk]
    named = [all_shown[one.pk] for one in members if one.shows == Shows.NAMED and one.pk != visit.place.pk]
    unnamed = [all_shown[one.pk] for one in members if one.shows == Shows.COUNTS]
    return pages.render(
        request,
        "groups/group.jinja",
        visit,
        current="people",
        place=visit.place,
        members=visit.place.group.places.count(),
        own=own,
        named=named,
        columns=columns(own.facts),
        unnamed=len(unnamed),
        together=together(unnamed),
        fewest=FEWEST,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, organisation: str, group: str) -> HttpResponse:
    """What this organisation shows to a group: members see it, leads choose it. It holds from that moment on."""
    ability = Ability.LEAD if request.method == "POST" else Ability.READ
    visit = access.visit_group(request.user, organisation, group, ability)
    if request.method != "POST":
        return asking(request, visit)
    chosen = request.POST.get("shows", "")
    if chosen not in Shows.values:
        return asking(request, visit, problem="Choose what the group sees", status=400)
    with transaction.atomic():
        # In one statement, so that of two leads who choose at once the second is told. Taking back is never refused.
        seen = {} if chosen == Shows.NOTHING else {"shows": request.POST.get("seen", "")}
        rows = GroupMember.objects.filter(pk=visit.place.pk, **seen).exclude(shows=chosen)
        changed = rows.update(shows=chosen, chosen_at=timezone.now(), chosen_by=visit.user)
        if changed:
            detail = f"{visit.place.group.name}: {Shows(chosen).label}"
            audit.record(audit.Kind.SHARED, request, None, visit.organisation, detail)
    visit.place.refresh_from_db(fields=["shows", "chosen_at", "chosen_by"])
    if visit.place.shows != chosen:
        problem = "Somebody else chose meanwhile. Look at what the group sees now, and choose again"
        return asking(request, visit, chosen=chosen, problem=problem, status=409)
    messages.success(request, f"{visit.place.group.name} now sees: {Shows(chosen).label.lower()}.")
    return redirect(reverse("group", args=[visit.organisation.slug, visit.place.group.slug]))


def asking(
    request: Request, visit: GroupVisit, *, chosen: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    """The page that shows the figures and asks who may see them. What was `chosen` stays chosen."""
    (own,) = figures_of([visit.place], texts.current())
    choices = [
        {
            "value": value,
            "text": label,
            "hint": {"text": MEANS[Shows(value)]},
            "checked": value == (chosen or visit.place.shows),
        }
        for value, label in Shows.choices
    ]
    return pages.render(
        request,
        "groups/share.jinja",
        visit,
        current="people",
        status=status,
        place=visit.place,
        own=own,
        columns=columns(own.facts),
        choices=choices,
        problem=problem,
        errors=[{"text": problem, "href": "#shows"}] if problem else (),
        fewest=FEWEST,
    )
