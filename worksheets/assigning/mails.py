"""The page on which a member says how often comments are mailed to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import pages
from worksheets.access import Visit
from worksheets.fields import Choice, text
from worksheets.models import Mails, Notice
from worksheets.pages import Request, in_organisation
from worksheets.workbook import PlainForm


class MailsForm(PlainForm):
    """How often somebody hears of comments."""

    mails = Choice(
        "How often do you want a mail about comments?",
        dict(Mails.choices),
        "You get one for comments on what you are to answer or answered last, and where you took part.",
        needed=True,
        short="Mails about comments",
        ask="Choose how often",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_organisation()
def mails(request: Request, visit: Visit) -> HttpResponse:
    """How often the comments of an organisation are mailed to whoever asks: each member says so for themselves."""
    mine = visit.organisation.memberships.filter(user=visit.user)
    if request.method != "POST":
        form = MailsForm(initial={"mails": mine.values_list("mails", flat=True).get()})
        return pages.render(request, "assigning/mails.jinja", visit, form=form)
    form = MailsForm(request.POST)
    if not form.is_valid():
        return pages.render(request, "assigning/mails.jinja", visit, status=400, form=form, has_errors=True)
    chosen = text(form.plain, "mails")
    mine.update(mails=chosen)
    if chosen == Mails.NONE:
        # What waited for the mail of the day is not wanted any more.
        waiting = Notice.objects.filter(person=visit.user, sent_at=None)
        waiting.filter(comment__cycle__organisation=visit.organisation).delete()
    messages.success(request, "Saved.")
    return redirect("mails", visit.organisation.slug)
