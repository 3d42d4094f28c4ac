"""The page on which a team says when it last tried out a plan that is in force: that asks for no new version."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from worksheets.access import Ability, Visit
from worksheets.fields import text
from worksheets.models import Policy
from worksheets.pages import Request, in_organisation
from worksheets.policies import files
from worksheets.policies.downloads import page
from worksheets.policies.forms import DayBefore
from worksheets.policies.library import DOCUMENTS
from worksheets.saving import Overtaken, differs, token
from worksheets.workbook import PlainForm

State = Policy.State


class ExerciseForm(PlainForm):
    """When a plan was tried out."""

    exercised_on = DayBefore(
        "When did you last try it out?",
        "For example, 3 3 2027.",
        needed=True,
        ask="Enter the date on which you tried it out, like 3 March 2027",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_organisation(post=Ability.WRITE)
def exercised(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """When the plan was last exercised. It is there for a plan in force: a draft says it in its document control."""
    policy = files.find(visit, document, version)
    if not DOCUMENTS[document].exercised or policy.state != State.ISSUED:
        raise Http404
    if request.method != "POST":
        kept = policy.exercised_on.isoformat() if policy.exercised_on else None
        return exercise_page(request, visit, policy, ExerciseForm(initial={"exercised_on": kept}), seen=seen_of(policy))
    form, seen = ExerciseForm(request.POST), request.POST.get("seen", "")
    if not form.is_valid():
        return exercise_page(request, visit, policy, form, 400, seen=seen)
    try:
        save(policy, datetime.date.fromisoformat(text(form.plain, "exercised_on")), seen)
    except Overtaken as overtaken:
        now = overtaken.theirs
        return exercise_page(request, visit, now, form, 409, seen=seen_of(now), overtaken=True)
    messages.success(request, "The date of the exercise is saved.")
    return redirect(reverse("policy", args=[visit.organisation.slug, document, version]))


def seen_of(policy: Policy) -> str:
    """The token of the date that the page shows."""
    return token(policy.exercised_on)


def save(policy: Policy, on: datetime.date, seen: str) -> None:
    """Store the date, by one conditional UPDATE. Raises Overtaken, with the version as it is now, when another date was
    saved since the page was loaded."""
    if not differs(policy.exercised_on, on, seen, policy):
        return
    rows = Policy.objects.filter(pk=policy.pk, state=State.ISSUED, stamp=policy.stamp)
    if not rows.update(exercised_on=on, stamp=F("stamp") + 1):
        raise Overtaken(Policy.objects.select_related("organisation").get(pk=policy.pk))


def exercise_page(
    request: Request,
    visit: Visit,
    policy: Policy,
    form: ExerciseForm,
    status: int = 200,
    *,
    seen: str,
    overtaken: bool = False,
) -> HttpResponse:
    return page(
        request,
        "policies/exercised.jinja",
        visit,
        policy,
        status,
        form=form,
        has_errors=status == 400,
        seen=seen,
        overtaken=overtaken,
        may_write=visit.may_write,
    )
