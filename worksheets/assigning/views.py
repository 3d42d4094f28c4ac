"""The page on which a team shares out the questions and worksheets of a review."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from worksheets import pages
from worksheets.access import Ability, CycleVisit
from worksheets.assigning.given import given_in, is_open, name_of, people_of, place_of
from worksheets.fields import Day, text
from worksheets.models import Assignment, User
from worksheets.pages import Request, in_cycle, to_cycle
from worksheets.post import Mail, later, link, send, unlinked
from worksheets.saving import TooLate, touch
from worksheets.words import capital, counted
from worksheets.workbook import PlainForm


class DueForm(PlainForm):
    """By when something is to be done."""

    due = Day("By when?", "For example, 12 12 2026.")


@require_http_methods(["GET", "HEAD", "POST"])
@in_cycle(Ability.WRITE, together=True)
def assign(request: Request, visit: CycleVisit) -> HttpResponse:
    """Who does what in a review. POST gives questions or worksheets to somebody, or takes one back."""
    if request.method != "POST":
        return page(request, visit, DueForm(), chosen=request.GET.getlist("what"))
    form = DueForm(request.POST)
    verb, _, number = request.POST.get("do", "assign").partition(":")
    try:
        if verb == "take-back":
            with transaction.atomic():
                touch(visit.cycle.pk)
                mine = Assignment.objects.filter(cycle=visit.cycle)
                mine.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0).delete()
            return redirect(to_cycle(visit.cycle, "assign"))
        if verb != "assign":
            raise BadRequest("No button of the page asks for this.")
        return give(request, visit, form)
    except TooLate:
        # Somebody submitted or archived it in this very moment: the hub says so.
        return redirect(to_cycle(visit.cycle, "hub"))


def give(request: Request, visit: CycleVisit, form: DueForm) -> HttpResponse:
    """Give what is ticked to the person who is chosen; both must be there. The answer says who was told."""
    ticked = request.POST.getlist("what")
    wanted = [one for one in parts(visit) if one["value"] in ticked]
    person = next((one for one in people_of(visit.organisation) if str(one.pk) == request.POST.get("person")), None)
    errors = []
    if not wanted:
        errors.append({"text": "Tick at least one question or worksheet", "href": "#what"})
    if person is None:
        errors.append({"text": "Choose who answers it", "href": "#person"})
    form.full_clean()
    errors += form.problems
    if errors or person is None:
        return page(request, visit, form, 400, chosen=ticked, person=request.POST.get("person", ""), errors=errors)
    due = datetime.date.fromisoformat(text(form.plain, "due")) if form.plain.get("due") else None
    given = []
    with transaction.atomic():
        touch(visit.cycle.pk)
        theirs = {(one.stage, one.question, one.due) for one in given_in(visit.cycle) if one.person == person}
        for one in wanted:
            stage, _, question = one["value"].partition(".")
            told = {"person": person, "due": due, "given_by": visit.user, "given_at": timezone.now()}
            row, _ = Assignment.objects.update_or_create(
                cycle=visit.cycle, stage=stage, question=question, defaults=told
            )
            given.append(row)
    # Whoever was asked the same before is not told again.
    news = [one for one in given if (one.stage, one.question, due) not in theirs]
    if news and person != visit.user:
        mail = assigned_mail(visit, person, news, due)
        later(lambda: send([mail]))
    who = "you" if person == visit.user else str(person)
    messages.success(request, f"{capital(counted(len(given), 'thing'))} given to {who}.")
    return redirect(to_cycle(visit.cycle, "assign"))


def parts(visit: CycleVisit) -> list[dict[str, str]]:
    """What can be given: the worksheets that are not complete, and in each its questions that are not answered."""
    found = []
    for stage in visit.workbook.stages:
        if visit.review.sheets[stage.key].complete:
            continue
        found.append({"value": f"{stage.key}.", "text": f"All of worksheet {stage.number}, {stage.title}"})
        found += [
            {"value": f"{stage.key}.{question.key}", "text": f"Question {question.number}. {question.short}"}
            for question in stage.questions
            if visit.review.states[question.key] != "answered"
        ]
    return found


def page(
    request: Request,
    visit: CycleVisit,
    form: DueForm,
    status: int = 200,
    *,
    chosen: list[str],
    person: str = "",
    errors: list[dict[str, str]] | None = None,
) -> HttpResponse:
    given: list[dict[str, Any]] = [
        {
            "one": one,
            "words": capital(words),
            "href": place_of(one, visit.cycle),
            "done": not is_open(one, visit.review),
        }
        for one in given_in(visit.cycle)
        if (words := name_of(one, visit.workbook))
    ]
    return pages.render(
        request,
        "assigning/assign.jinja",
        visit,
        status=status,
        form=form,
        parts=[{**one, "checked": one["value"] in chosen} for one in parts(visit)],
        team=people_of(visit.organisation),
        person=person,
        given=given,
        errors=errors or [],
        has_errors=status == 400,
    )


def assigned_mail(visit: CycleVisit, person: User, given: list[Assignment], due: datetime.date | None) -> Mail:
    """What somebody is told of what they were given: links to each, and the last day."""
    where = (visit.organisation.slug, visit.workbook, visit.cycle.slug)
    places = [
        link("question", *where, one.stage, one.question) if one.question else link("check", *where, one.stage)
        for one in given
    ]
    organisation = unlinked(visit.organisation.name)
    words = {
        "organisation": organisation,
        "a": visit.workbook.a,
        "names": [capital(name_of(one, visit.workbook)) for one in given],
        "places": places,
        "due": due,
    }
    subject = f"{counted(len(given), 'thing')} for you in {visit.workbook.a}: {organisation}"
    return Mail(person.email, subject, "assigning/assigned.txt", words)
