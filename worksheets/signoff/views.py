"""The pages on which a review is concluded, submitted, decided on and reopened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from worksheets import access, pages, texts
from worksheets.access import Ability, Visit
from worksheets.models import Cycle, Decision, Membership, Role
from worksheets.report.printer import TooLarge, Unavailable
from worksheets.review import Review, reasons_of
from worksheets.signoff import decisions, mail, revising, rules
from worksheets.signoff.board import decisions_of
from worksheets.signoff.decisions import Kind, NotReady, TooLate
from worksheets.signoff.forms import ConclusionForm, DecisionForm, NoteForm
from worksheets.signoff.pages import here, too_late

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def visiting(request: HttpRequest, organisation: str, cycle: str, ability: Ability) -> tuple[Visit, Cycle]:
    """The visit to a review, or 404, or 403."""
    visit = access.visit_cycle(request.user, organisation, cycle, ability)  # type: ignore[arg-type]
    assert visit.cycle
    return visit, visit.cycle


# The conclusion not to use social media.


@get_or_post
def conclusion(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Record that the team decided not to use social media, and why; or take it back."""
    visit, found = visiting(request, organisation, cycle, Ability.LEAD)
    if request.method != "POST":
        initial = {"because": found.not_using_because or None}
        return conclusion_page(request, visit, ConclusionForm(initial=initial))
    visit.demand(Ability.EDIT)
    form, back = ConclusionForm(request.POST), request.POST.get("do") == "remove"
    # Browsers send line breaks as CR LF, and no database takes a NUL.
    seen = request.POST.get("seen", "").replace("\r\n", "\n").replace("\x00", "")
    if not back and not form.is_valid():
        # What was seen stays what it was: somebody else's change must not pass for read.
        return conclusion_page(request, visit, form, 400, seen=seen)
    because = "" if back else form.answer["because"]
    try:
        if not decisions.conclude(found, because, seen):
            found.refresh_from_db(fields=["not_using_because"])
            return conclusion_page(request, visit, form, 409, overtaken=True)
    except TooLate:
        return too_late(request, visit)
    messages.success(request, "The conclusion is taken back." if back else "Your conclusion is saved.")
    return redirect("hub", *here(visit))


def conclusion_page(
    request: HttpRequest, visit: Visit, form: ConclusionForm, status: int = 200, seen: str | None = None, **context: Any
) -> HttpResponse:
    assert visit.cycle
    return pages.render(
        request,
        "signoff/conclusion.jinja",
        visit,
        status=status,
        cycle=visit.cycle,
        seen=visit.cycle.not_using_because if seen is None else seen,
        form=form,
        has_errors=status == 400,
        **context,
    )


# Submitting and withdrawing.


@get_or_post
def submit(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Where a review stands on its way to sign-off, and every decision about it. Leads submit and withdraw it here."""
    posting = request.method == "POST"
    visit, found = visiting(request, organisation, cycle, Ability.LEAD if posting else Ability.READ)
    if not posting:
        return submit_page(request, visit, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return submit_page(request, visit, form, 400)
    kind = Kind.WITHDRAWN if request.POST.get("do") == "withdraw" else Kind.SUBMITTED
    act = decisions.withdraw if kind == Kind.WITHDRAWN else decisions.submit
    try:
        decision = act(found, visit.user, form.answer.get("note", ""))
    except TooLate:
        return too_late(request, visit)
    except NotReady:
        return submit_page(request, visit, form, 400, not_ready=True)
    tell_managers(request, visit, decision)
    return redirect("submit" if kind == Kind.SUBMITTED else "hub", *here(visit))


def submit_page(request: HttpRequest, visit: Visit, form: NoteForm, status: int = 200, **context: Any) -> HttpResponse:
    assert visit.cycle
    cycle = visit.cycle
    review = Review.of(cycle, visit.worksheets, texts.current(visit.stamp))
    managers = visit.organisation.memberships.filter(role=Role.MANAGER, user__is_active=True).exists()
    return pages.render(
        request,
        "signoff/submit.jinja",
        visit,
        status=status,
        cycle=cycle,
        form=form,
        missing=links(visit, rules.missing(review, reasons_of(cycle), not_using=bool(cycle.not_using_because))),
        decisions=decisions_of(cycle),
        managers=managers,
        has_errors=status == 400,
        **context,
    )


def links(visit: Visit, missing: list[rules.Missing]) -> list[dict[str, str]]:
    """What is missing, each with a link to where it is done."""

    def href(one: rules.Missing) -> str:
        if one.point:
            return f"{reverse('points', args=here(visit))}#{one.point}"
        if one.question:
            return reverse("question", args=[*here(visit), one.stage, one.question])
        return reverse("check", args=[*here(visit), one.stage])

    return [{"text": one.text, "href": href(one)} for one in missing]


def tell_managers(request: HttpRequest, visit: Visit, decision: Decision) -> None:
    """Mail the managers that there is something to sign off, or no longer, and tell the lead how that went."""
    submitted = decision.kind == Kind.SUBMITTED
    people = mail.people_with(visit, Role.MANAGER)
    done = "The review is submitted for sign-off." if submitted else "The review is withdrawn. You can change it again."
    if not people:
        lacking = " Your organisation has no manager yet: add one under People, so that somebody can sign it off."
        messages.warning(request, done + (lacking if submitted else ""))
    elif mail.tell(request, visit, decision, people, "decide" if submitted else "hub"):
        messages.success(request, f"{done} We have told {names(people)} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every manager: tell {names(people)} yourself.")


def names(people: list[Membership]) -> str:
    """Members in words: "Mary", "Mary and Colin", "Mary, Colin and Ada"."""
    *most, last = [member.called for member in people]
    return f"{', '.join(most)} and {last}" if most else last


# Signing off and sending back.


@get_or_post
def decide(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Sign a submitted review off, or send it back with a note: for managers, but not for whoever submitted it."""
    visit, found = visiting(request, organisation, cycle, Ability.DECIDE)
    if request.method != "POST":
        return decide_page(request, visit, DecisionForm())
    signing = request.POST.get("do") == "sign-off"
    form = DecisionForm(request.POST)
    if form.is_valid() and not signing and not form.answer.get("note"):
        form.refuse("note", DecisionForm.base_fields["note"].ask)
    if form.errors:
        return decide_page(request, visit, form, 400)
    return settle(request, visit, found, form, signing=signing)


def settle(request: HttpRequest, visit: Visit, cycle: Cycle, form: DecisionForm, *, signing: bool) -> HttpResponse:
    """Take the decision on the submission that the page showed, and tell the leads."""
    seen, note = whole_number(request.POST.get("submission", "")), form.answer.get("note", "")
    try:
        if signing:
            if rules.is_own(visit, decisions.submission_of(cycle)):
                raise PermissionDenied
            decision = decisions.sign_off(visit, seen, note)
        else:
            decision = decisions.send_back(cycle, seen, visit.user, note)
    except TooLate:
        return too_late(request, visit)
    except TooLarge:
        return decide_page(request, visit, form, 413, unprinted="large")
    except Unavailable:
        return decide_page(request, visit, form, 503, unprinted="busy")
    leads = mail.people_with(visit, Role.LEAD)
    done = "The review is signed off." if signing else "The review is sent back to its team."
    if not leads:
        messages.success(request, done)
    elif mail.tell(request, visit, decision, leads, "hub"):
        messages.success(request, f"{done} We have told {names(leads)} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every lead: tell {names(leads)} yourself.")
    return redirect("submit", *here(visit))


def whole_number(text: str) -> int:
    """The primary key that a form carries; 0, which none is, when it is no such number."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def decide_page(
    request: HttpRequest, visit: Visit, form: DecisionForm, status: int = 200, **context: Any
) -> HttpResponse:
    assert visit.cycle
    review = Review.of(visit.cycle, visit.worksheets, texts.current(visit.stamp))
    submission = decisions.submission_of(visit.cycle)
    return pages.render(
        request,
        "signoff/decide.jinja",
        visit,
        status=status,
        cycle=visit.cycle,
        form=form,
        review=review,
        reasons=reasons_of(visit.cycle),
        submission=submission,
        own=rules.is_own(visit, submission),
        has_errors=status == 400,
        **context,
    )


# Reopening as a revision.


@get_or_post
def revise(request: HttpRequest, organisation: str, cycle: str) -> HttpResponse:
    """Ask, then start a revision of a signed-off review."""
    visit, found = visiting(request, organisation, cycle, Ability.LEAD)
    if request.method == "POST":
        try:
            revision = revising.revise(found, visit.user)
        except TooLate:
            return too_late(request, visit)
        messages.success(request, f"{revision.name} is started. {found.name} stays as it was signed off.")
        return redirect("hub", visit.organisation.slug, revision.slug)
    return pages.render(
        request,
        "signoff/revise.jinja",
        visit,
        cycle=found,
        name=revising.name_of_revision(found),
        revision=revising.current_revision(found),
    )
