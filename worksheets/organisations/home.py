"""The way in: straight to the organisation of somebody who has one, a choice for those with several."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from worksheets import pages
from worksheets.models import Membership
from worksheets.pages import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """One organisation: its start page. Several: choose. None: what to do about it."""
    memberships = Membership.objects.filter(user=request.user).select_related("organisation")
    if len(memberships) == 1:
        return redirect("start", memberships[0].organisation.slug)
    return pages.render(request, "organisations/home.jinja", memberships=memberships)
