"""The page on which a member says how often they are told by mail of comments and of what is due."""

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
    """How often somebody hears of comments and of what is due."""

    mails = Choice(
        "How often do you want mails?",
        dict(Mails.choices),
        "They tell you of comments on what you answer and where you took part, and of what is due: your actions, what "
        "you were asked to answer, the next review, and what waits for you.",
        needed=True,
        short="How often",
        ask="Choose how often",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_organisation()
def mails(request: Request, visit: Visit) -> HttpResponse:
    """How often an organisation is mailed about to whoever asks: each member says so for themselves."""
    mine = visit.organisation.memberships.filter(user=visit.user)
    if request.method != "POST":
        form = MailsForm(initial={"mails": mine.values_list("mails", flat=True).get()})
        return pages.render(request, "assigning/mails.jinja", visit, current="people", form=form)
    form = MailsForm(request.POST)
    if not form.is_valid():
        return pages.render(
            request, "assigning/mails.jinja", visit, current="people", status=400, form=form, has_errors=True
        )
    chosen = text(form.plain, "mails")
    mine.update(mails=chosen)
    if chosen == Mails.NONE:
        # What waited for the next mail is not wanted any more.
        waiting = Notice.objects.filter(person=visit.user, sent_at=None)
        waiting.filter(comment__cycle__organisation=visit.organisation).delete()
    messages.success(request, "Saved.")
    return redirect("mails", visit.organisation.slug)
