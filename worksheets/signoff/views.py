"""The pages on which a review is concluded, submitted, decided on and reopened."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from worksheets import limits, pages
from worksheets.access import Ability, CycleVisit
from worksheets.fields import text
from worksheets.models import Cycle, Decision, Membership, Printing, Role
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.reasons import reasons_of, settled
from worksheets.report import queue
from worksheets.saving import Overtaken, TooLate, token
from worksheets.signoff import decisions, mail, moves, revising, signing
from worksheets.signoff.board import board_of, decisions_of
from worksheets.signoff.decisions import Kind, NoteNeeded, NotReady
from worksheets.signoff.forms import DecisionForm, NoteForm
from worksheets.signoff.pages import too_late, whole_number
from worksheets.words import listed
from worksheets.workbook import QuestionForm

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


# A conclusion at which a review ends before all of it is answered.


@get_or_post
@in_cycle(Ability.LEAD, decided=True)
def conclusion(request: Request, visit: CycleVisit) -> HttpResponse:
    """Record at which ending the team concluded, and why; or take it back. A workbook without one has no such page."""
    if not visit.workbook.endings:
        raise Http404
    ending = visit.workbook.endings[0]
    if request.method != "POST":
        initial = {"because": visit.cycle.ending_because or None}
        return conclusion_page(request, visit, ending.form(initial=initial))
    visit.demand(Ability.EDIT)
    form, back, seen = ending.form(request.POST), request.POST.get("do") == "remove", seen_in(request)
    if not back and not form.is_valid():
        # What was seen stays what it was: somebody else's change must not pass for read.
        return conclusion_page(request, visit, form, 400, seen=seen)
    try:
        decisions.conclude(visit.cycle, ending.key, "" if back else text(form.plain, "because"), seen)
    except Overtaken as overtaken:
        visit.cycle.ending_because = overtaken.theirs
        return conclusion_page(request, visit, form, 409, overtaken=True)
    except TooLate as late:
        return too_late(request, visit, late, form)
    messages.success(request, "The conclusion is taken back." if back else "Your conclusion is saved.")
    return redirect(to_cycle(visit.cycle, "hub"))


def conclusion_page(
    request: Request,
    visit: CycleVisit,
    form: QuestionForm,
    status: int = 200,
    *,
    seen: str | None = None,
    overtaken: bool = False,
) -> HttpResponse:
    ending = visit.workbook.endings[0]
    return pages.render(
        request,
        "signoff/conclusion.jinja",
        visit,
        status=status,
        ending=ending,
        needs=[moves.stands_on(needed, visit.workbook) for needed in ending.needs],
        seen=token(visit.cycle.ending_because) if seen is None else seen,
        form=form,
        overtaken=overtaken,
        has_errors=status == 400,
    )


def seen_in(request: Request) -> str:
    """The token of what the page had shown."""
    return request.POST.get("seen", "")


# Submitting and withdrawing.


@get_or_post
@in_cycle(post=Ability.LEAD, decided=True)
def submit(request: Request, visit: CycleVisit) -> HttpResponse:
    """Where a review stands on its way to sign-off, and every decision about it. Leads submit and withdraw it here."""
    if request.method != "POST":
        return submit_page(request, visit, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return submit_page(request, visit, form, 400)
    kind = Kind.WITHDRAWN if request.POST.get("do") == "withdraw" else Kind.SUBMITTED
    act = decisions.withdraw if kind == Kind.WITHDRAWN else decisions.submit
    try:
        decision = act(visit, text(form.plain, "note"))
    except TooLate as late:
        return too_late(request, visit, late, form)
    except NotReady:
        return submit_page(request, visit, form, 400, not_ready=True)
    except limits.Full as full:
        form.refuse("note", full.limit.words)
        return submit_page(request, visit, form, 400)
    tell_managers(request, visit, decision)
    return redirect(to_cycle(visit.cycle, "submit" if kind == Kind.SUBMITTED else "hub"))


def submit_page(
    request: Request, visit: CycleVisit, form: NoteForm, status: int = 200, *, not_ready: bool = False
) -> HttpResponse:
    reasons = reasons_of(visit.cycle)
    missing = moves.missing(visit.review, reasons, visit.cycle.ending)
    managers = visit.organisation.memberships.filter(role=Role.MANAGER, user__is_active=True).select_related("user")
    return pages.render(
        request,
        "signoff/submit.jinja",
        visit,
        status=status,
        form=form,
        missing=links(visit, missing),
        decisions=decisions_of(visit.cycle),
        managers=[str(one.user) for one in managers],
        points=settled(visit.review, reasons).open,
        signing=board_of(visit.cycle).signing,
        not_ready=not_ready,
        has_errors=status == 400,
    )


def links(visit: CycleVisit, missing: list[moves.Missing]) -> list[dict[str, str]]:
    """What is missing, each with a link to where it is done."""

    def href(one: moves.Missing) -> str:
        if one.point:
            return f"{to_cycle(visit.cycle, 'points')}#{one.point}"
        if one.question:
            return to_cycle(visit.cycle, "question", one.stage, one.question)
        return to_cycle(visit.cycle, "check", one.stage)

    return [{"text": one.text, "href": href(one)} for one in missing]


def tell_managers(request: Request, visit: CycleVisit, decision: Decision) -> None:
    """Mail the managers that there is something to sign off, or no longer, and tell the lead how that went."""
    submitted = decision.kind == Kind.SUBMITTED
    people = mail.people_with(visit, Role.MANAGER)
    what = "is submitted for sign-off." if submitted else "is withdrawn. You can change it again."
    done = f"The {visit.workbook.noun} {what}"
    if not people:
        lacking = " Your organisation has no manager yet: add one under People, so that somebody can sign it off."
        messages.warning(request, done + (lacking if submitted else ""))
    elif mail.tell(visit, decision, people, "decide" if submitted else "hub"):
        messages.success(request, f"{done} We have told {names(people)} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every manager: tell {names(people)} yourself.")


def names(people: list[Membership]) -> str:
    """Members in words: "Mary", "Mary and Colin", "Mary, Colin and Ada"."""
    return listed(member.called for member in people)


# Signing off and sending back.


@get_or_post
@in_cycle(Ability.DECIDE, decided=True)
def decide(request: Request, visit: CycleVisit) -> HttpResponse:
    """Sign a submitted review off, or send it back with a note: for managers, but not for whoever submitted it."""
    if request.method != "POST":
        mine = queue.asked(request.GET.get("asked", ""), visit.cycle, signing.SIGN_OFF)
        if mine and mine.asked_by_id == visit.user.pk:
            return signed(request, visit, mine)
        return decide_page(request, visit, DecisionForm())
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return decide_page(request, visit, form, 400)
    seen, note = whole_number(request.POST.get("submission", "")), text(form.plain, "note")
    try:
        if request.POST.get("do") == "sign-off":
            return signed(request, visit, queue.wait(signing.ask(visit, seen, note)))
        decision = decisions.send_back(visit, seen, note)
    except NoteNeeded:
        form.refuse("note", DecisionForm.kinds["note"].ask)
        return decide_page(request, visit, form, 400)
    except limits.Full as full:
        form.refuse("note", full.limit.words)
        return decide_page(request, visit, form, 400)
    except signing.UnderWay:
        return decide_page(request, visit, form, 409)
    except TooLate as late:
        return too_late(request, visit, late, form)
    leads = mail.people_with(visit, Role.LEAD)
    return decided(request, visit, "sent back to its team", leads, told=mail.tell(visit, decision, leads, "hub"))


def decided(request: Request, visit: CycleVisit, what: str, leads: list[Membership], *, told: bool) -> HttpResponse:
    """On to where the review stands, with what was done and whether the mails about it went out."""
    done = f"The {visit.workbook.noun} is {what}."
    if not leads:
        messages.success(request, done)
    elif told:
        messages.success(request, f"{done} We have told {names(leads)} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every lead: tell {names(leads)} yourself.")
    return redirect(to_cycle(visit.cycle, "submit"))


def signed(request: Request, visit: CycleVisit, mine: Printing) -> HttpResponse:
    """What whoever signs a review off gets: that it is done, that it is under way, or why it was not possible."""
    if mine.state == Printing.State.DONE:
        return decided(request, visit, "signed off", mail.people_with(visit, Role.LEAD), told=mine.told)
    here = f"{to_cycle(visit.cycle, 'decide')}?asked={mine.pk}"
    if mine.under_way and request.method == "POST":
        return redirect(here)
    if mine.under_way:
        queue.press_on(mine)
    if mine.under_way:
        return pages.waiting(request, "signoff/being_signed.jinja", visit, here, before=queue.place(mine))
    if mine.reason == signing.NOT_ALLOWED:
        raise PermissionDenied
    if mine.reason == signing.TOO_LATE:
        late = TooLate(Cycle.objects.select_related("organisation").get(pk=visit.cycle.pk))
        return too_late(request, visit, late, note=mine.note)
    return decide_page(request, visit, DecisionForm(initial={"note": mine.note}), queue.status(mine))


def decide_page(request: Request, visit: CycleVisit, form: DecisionForm, status: int = 200) -> HttpResponse:
    """The page on which a manager decides, with who is signing the review off, or why that was not possible."""
    submission = decisions.submission_of(visit.cycle)
    last = signing.last_of(visit.cycle, submission)
    reasons = reasons_of(visit.cycle)
    return pages.render(
        request,
        "signoff/decide.jinja",
        visit,
        status=status,
        form=form,
        settled=settled(visit.review, reasons),
        reasons=reasons,
        submission=submission,
        own=moves.is_own(visit, submission),
        signer=last.asked_by if last and last.under_way else None,
        unprinted=last.reason if last and last.reason not in (signing.TOO_LATE, signing.NOT_ALLOWED) else "",
        has_errors=status == 400,
    )


# Reopening as a revision.


@get_or_post
@in_cycle(Ability.LEAD, decided=True)
def revise(request: Request, visit: CycleVisit) -> HttpResponse:
    """Ask, then start a revision of a signed-off review."""
    if request.method == "POST":
        try:
            revision = revising.revise(visit)
        except TooLate as late:
            return too_late(request, visit, late)
        messages.success(request, f"{revision.name} is started. {visit.cycle.name} stays as it was signed off.")
        return redirect(to_cycle(revision, "hub"))
    return pages.render(
        request,
        "signoff/revise.jinja",
        visit,
        name=revising.name_of_revision(visit.cycle),
        revision=revising.current_revision(visit.cycle),
    )
