"""The pages of actions: the list of them, and the forms that make and change one. Who may is asked in one place, here.

Everybody in an organisation reads its actions. Leads and contributors make and change them; whoever is to do one says
how it stands, whatever their role.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from worksheets import limits, pages
from worksheets.access import Ability, Visit
from worksheets.actions import listing, sources
from worksheets.actions.forms import ActionForm, ChangeForm, StateForm, people_in, plain_of
from worksheets.actions.listing import State, actions_of
from worksheets.actions.sources import Origin
from worksheets.models import Action
from worksheets.pages import Request, in_organisation, page_number, turning
from worksheets.saving import Overtaken, differs, token

PAGE = 50
# How many of those that are done are told of.
DONE = 20
VIEWS = {"mine": "Mine", "all": "All that are open", "overdue": "Overdue"}
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def may_settle(visit: Visit, action: Action) -> bool:
    """Whether this member may say how an action stands: the team, and whoever is to do it."""
    return visit.may_write or action.owner_id == visit.user.pk


# The list.


@get_or_post
@in_organisation()
def actions(request: Request, visit: Visit) -> HttpResponse:
    """What is to be done: mine, all, what is overdue, and what was done last. POST says that one is done, or not."""
    if request.method == "POST":
        return settle(request, visit)
    rows = listing.open_actions(visit.organisation)
    own = rows.filter(owner=visit.user)
    shown = request.GET.get("show", "")
    if shown not in VIEWS:
        shown = "mine" if own.exists() else "all"
    chosen = {"mine": own, "all": rows, "overdue": rows.filter(listing.late())}[shown]
    number = page_number(request)
    here = list(chosen[(number - 1) * PAGE : number * PAGE + 1])
    done = actions_of(visit.organisation).exclude(state=State.OPEN)
    return pages.render(
        request,
        "actions/actions.jinja",
        visit,
        current="actions",
        shown=shown,
        views=VIEWS,
        entries=[entry(visit, one) for one in here[:PAGE]],
        pagination=turning(number, more=len(here) > PAGE, what="actions", query=f"show={shown}&"),
        done=[entry(visit, one) for one in latest(done, visit, shown)],
        late=rows.filter(listing.late()).count(),
    )


def latest(rows: QuerySet[Action], visit: Visit, shown: str) -> list[Action]:
    """Those that are no longer to be done, the last of them first; none where only what is overdue is shown."""
    if shown == "overdue":
        return []
    rows = rows.filter(owner=visit.user) if shown == "mine" else rows
    return list(rows.order_by(F("done_at").desc(nulls_last=True), "-id")[:DONE])


def entry(visit: Visit, action: Action) -> dict[str, Any]:
    """An action as the list tells it, and what this member may do with it."""
    return {
        "action": action,
        "owner": listing.called(action),
        "late": listing.is_late(action),
        "there": sources.back_to(action, visit.organisation.slug),
        "settles": may_settle(visit, action),
    }


def settle(request: Request, visit: Visit) -> HttpResponse:
    """Say that an action is done, or that it is not: one press in the list."""
    verb, _, number = request.POST.get("do", "").partition(":")
    if verb not in ("done", "open"):
        raise BadRequest("No button of the page asks for this.")
    rows = actions_of(visit.organisation)
    action = rows.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0).first()
    if action is None:
        raise Http404
    if not may_settle(visit, action):
        raise PermissionDenied
    state = State.DONE if verb == "done" else State.OPEN
    try:
        if action.state != state:
            write(visit, action, {"state": state}, action.version)
    except Overtaken:
        messages.info(request, "Somebody changed this action in this very moment. Look at it again.")
        return redirect("action-change", visit.organisation.slug, action.pk)
    told = "is done" if state == State.DONE else "is to be done again"
    messages.success(request, f"“{action.text}” {told}.")
    shown = request.GET.get("show", "")
    query = f"?show={shown}" if shown in VIEWS else ""
    return redirect(f"{reverse('actions', args=[visit.organisation.slug])}{query}")


# Making one.


@get_or_post
@in_organisation(Ability.WRITE)
def add(request: Request, visit: Visit) -> HttpResponse:
    """Make an action: one of one's own, or out of something that the address names."""
    asked = request.POST if request.method == "POST" else request.GET
    source = asked.get("from", "")
    origin = sources.find(visit, source, asked.get("run", ""), asked.get("place", "")) if source else None
    people = people_in(visit.organisation)
    if request.method != "POST":
        begun = {"text": sources.proposed(origin), **owner_of(origin, people), "due": origin.due} if origin else {}
        return making(request, visit, ActionForm(initial=begun, scope=people, draft=False), origin)
    form = ActionForm(request.POST, scope=people, draft=False)
    if not form.is_valid():
        return making(request, visit, form, origin, 400)
    there = same(visit, origin)
    if there and request.POST.get("beside") != str(there.pk):
        # Somebody made one meanwhile, or this page did not tell of it yet: whoever asks again means it.
        return making(request, visit, form, origin, 409)
    try:
        with transaction.atomic():
            limits.demand(limits.ACTIONS, Action.objects.filter(organisation=visit.organisation))
            Action.objects.create(organisation=visit.organisation, made_by=visit.user, **form.values, **from_(origin))
            listing.tell_reviews(visit.organisation)
    except limits.Full as full:
        form.refuse("text", full.limit.words)
        return making(request, visit, form, origin, 400)
    messages.success(request, "The action is in the list of actions.")
    return redirect(origin.href if origin else f"{reverse('actions', args=[visit.organisation.slug])}?show=all")


def from_(origin: Origin | None) -> dict[str, Any]:
    """Where it came from, as values of an `Action`."""
    if origin is None:
        return {}
    return {"source": origin.source, "origin": origin.words[:300], "cycle": origin.cycle, "place": origin.place}


def owner_of(origin: Origin, people: Any) -> dict[str, str]:
    """Whoever is named where it comes from: a member by that name, or else the name."""
    named = {name.casefold(): key for key, name in people.named(ActionForm.kinds["owner"].refers).items()}
    found = named.get(origin.owner.casefold(), "")
    return {"owner": found} if found else {"owner_name": origin.owner[:100]}


def same(visit: Visit, origin: Origin | None) -> Action | None:
    """The action that came from the same before, the newest of several; None where it was dropped."""
    if origin is None:
        return None
    rows = actions_of(visit.organisation).filter(source=origin.source, cycle=origin.cycle, place=origin.place)
    return rows.exclude(state=State.DROPPED).order_by("-id").first()


def making(request: Request, visit: Visit, form: ActionForm, origin: Origin | None, status: int = 200) -> HttpResponse:
    there = same(visit, origin)
    return pages.render(
        request,
        "actions/add.jinja",
        visit,
        current="actions",
        status=status,
        form=form,
        origin=origin,
        there=there,
        owner=listing.called(there) if there else "",
        back=origin.href if origin else reverse("actions", args=[visit.organisation.slug]),
        has_errors=status == 400,
    )


# Changing one.


@get_or_post
@in_organisation()
def change(request: Request, visit: Visit, pk: int) -> HttpResponse:
    """Change an action: all of it, or, for whoever is only to do it, how it stands."""
    action = get_object_or_404(actions_of(visit.organisation), pk=pk)
    if not may_settle(visit, action):
        raise PermissionDenied
    kind = ChangeForm if visit.may_write else StateForm
    people = people_in(visit.organisation, action.owner_id)
    before = plain_of(action)
    if request.method != "POST":
        form = kind(initial=before, scope=people, draft=False)
        return changing(request, visit, action, form, seen=token(shown_by(form, before)))
    form = kind(request.POST, scope=people, draft=False)
    seen = request.POST.get("seen", "")
    if not form.is_valid():
        return changing(request, visit, action, form, 400, seen=seen)
    now = shown_by(form, before)
    try:
        if differs(now, {name: form.plain.get(name, "") for name in now}, seen):
            write(visit, action, form.values, action.version)
    except Overtaken:
        # What was seen is what is shown beside it now: to save once more replaces theirs.
        return changing(request, visit, action, form, 409, seen=token(now))
    messages.success(request, "The action is saved.")
    return redirect("actions", visit.organisation.slug)


def shown_by(form: ActionForm | StateForm, before: dict[str, Any]) -> dict[str, Any]:
    """An action as far as a form shows it."""
    return {name: before[name] for name in form.kinds}


def write(visit: Visit, action: Action, values: dict[str, Any], version: int) -> None:
    """Keep what was changed. Overtaken when somebody saved in this very moment."""
    now = timezone.now()
    state = values.get("state", action.state)
    if state != action.state:
        over = state != State.OPEN
        values = {**values, "done_at": now if over else None, "done_by": visit.user if over else None}
    with transaction.atomic():
        rows = Action.objects.filter(pk=action.pk, organisation=visit.organisation, version=version)
        if not rows.update(**values, version=F("version") + 1):
            raise Overtaken(None)
        listing.tell_reviews(visit.organisation)


def changing(
    request: Request, visit: Visit, action: Action, form: ActionForm | StateForm, status: int = 200, *, seen: str
) -> HttpResponse:
    return pages.render(
        request,
        "actions/change.jinja",
        visit,
        current="actions",
        status=status,
        form=form,
        one=entry(visit, action),
        clash=status == 409,
        states=dict(Action.State.choices),
        seen=seen,
        has_errors=status == 400,
    )
