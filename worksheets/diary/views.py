"""The calendar of a member: its page, the feed behind its address, and the file of one review."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import pages
from worksheets.access import CycleVisit, Visit
from worksheets.diary import feeds
from worksheets.diary.calendar import KIND, calendar
from worksheets.diary.entries import of_person, of_review
from worksheets.models import Feed, Organisation
from worksheets.pages import Request, in_cycle, in_organisation
from worksheets.post import link

NAME = "Strategy review"


@require_http_methods(["GET", "HEAD", "POST"])
@in_organisation()
def page(request: Request, visit: Visit) -> HttpResponse:
    """The calendar feed of whoever asks: its address, and buttons to make one, give it another address and end it."""
    if request.method != "POST":
        feed = Feed.objects.filter(user=visit.user).first()
        address = link("calendar-feed", feeds.token_of(feed)) if feed else ""
        several = visit.user.memberships.count() > 1
        return pages.render(request, "diary/calendar.jinja", visit, current="people", address=address, several=several)
    match request.POST.get("do", ""):
        case "start":
            feeds.start(visit.user)
            said = "Your calendar has an address."
        case "renew":
            feeds.renew(visit.user)
            said = "Your calendar has a new address. The old one has ended."
        case "end":
            feeds.end(visit.user)
            said = "Your calendar has ended. Its address leads nowhere now."
        case _:
            raise BadRequest("No button of the page asks for this.")
    messages.success(request, said)
    return redirect("calendar", visit.organisation.slug)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of whoever has that address, for programs: it asks for no session and gives no cookie.

    404 for an address that is unknown or ended, and when its owner may not sign in any more.
    """
    user = feeds.owner_of(token)
    if user is None:
        raise Http404
    organisations = Organisation.objects.filter(memberships__user=user).order_by("pk")
    body = calendar(of_person(user.pk, organisations), NAME)
    tag = quote_etag(salted_hmac("worksheets.calendar", body).hexdigest())
    # Programs ask many times a day: who has it already is told so.
    response = get_conditional_response(request, tag) or HttpResponse(body, content_type=KIND)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@in_cycle()
def review_file(request: Request, visit: CycleVisit) -> HttpResponse:
    """The dates of one review as a file, for whoever may read it."""
    name = f"{visit.organisation.slug}-{visit.cycle.slug}.ics"
    body = calendar(of_review(visit.cycle), f"{NAME}: {visit.cycle.name}")
    return HttpResponse(body, content_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'})
