"""Stores what was read from an interchange file, and writes such a file of a stored review."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from worksheets.cleaning import alike
from worksheets.cycles import NameTaken, owner_of, start_cycle
from worksheets.interchange.reading import Incoming, Refused, in_order
from worksheets.models import Cycle, Organisation, Reason, User
from worksheets.reasons import reasons_of
from worksheets.review import Review
from worksheets.saving import TooLate, reopen, save_answer, touch, worksheet_of
from worksheets.workbooks import WORKBOOKS


def organisation_of(incoming: Incoming) -> Organisation:
    """The organisation that a file is about, by its short name: made when it is new. Refused when another has its name:
    people who belong to both could not tell them apart."""
    name, slug = incoming.organisation_name, incoming.organisation_slug
    if there := Organisation.objects.filter(slug=slug).first():
        return there
    same = (other for other, taken in Organisation.objects.values_list("slug", "name") if alike(taken) == alike(name))
    if other := next(same, None):
        raise Refused([f"organisation.slug: {name} is here already, as {other}. Write that, or give it another name"])
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": name})[0]


@transaction.atomic
def store(incoming: Incoming, *, replace: bool = False, user: User | None = None) -> Cycle:
    """Keep a review that was read: all of it or nothing. Refused when it is there already and not to be replaced.

    What is private becomes that of `user`; without one nobody finds it but on the command line.
    """
    organisation = organisation_of(incoming)
    workbook = incoming.workbook
    cycle = organisation.cycles.filter(name=incoming.name, owner=owner_of(workbook, user)).first()
    if cycle is None:
        try:
            cycle = start_cycle(organisation, workbook, incoming.name, incoming.starts, incoming.ends, user)
        except NameTaken as taken:
            raise Refused([f"cycle.name: {organisation} has one with this name in other letters"]) from taken
    elif not replace:
        raise Refused(
            [f"cycle.name: {organisation} has one called {cycle.name}. Use --replace to overwrite its answers"]
        )
    elif cycle.workbook != workbook.key:
        held = WORKBOOKS[cycle.workbook].format if cycle.workbook in WORKBOOKS else cycle.workbook
        raise Refused([f"format: {cycle.name} is there as {held}, and cannot become {workbook.format}"])
    try:
        touch(cycle.pk)
    except TooLate as late:
        raise Refused([f"cycle.name: {cycle.name} is {late.cycle.standing}, and can only be read"]) from late
    cycle.name, cycle.starts, cycle.ends = incoming.name, incoming.starts, incoming.ends
    cycle.ending_because = incoming.conclusion
    cycle.ending = workbook.endings[0].key if incoming.conclusion else ""
    cycle.strategy_title, cycle.strategy_link = incoming.strategy
    cycle.save(update_fields=["name", "starts", "ends", "ending", "ending_because", "strategy_title", "strategy_link"])
    cycle.reasons.all().delete()
    Reason.objects.bulk_create(
        Reason(cycle=cycle, finding=finding, subjects=subjects, text=one.text, written_by=user)
        for one in incoming.reasons
        for finding, subjects in (one.key,)
    )
    for stage in workbook.stages:
        worksheet = worksheet_of(cycle, stage.key)
        if worksheet.complete:
            reopen(worksheet)
        for question in stage.questions:
            answer = incoming.answers.get(stage.key, {}).get(question.key)
            save_answer(worksheet, question.key, answer, user=user)
    return cycle


def export(review: Review, cycle: Cycle) -> bytes:
    """The interchange file of a review, in one order whatever the database: the same answers give the same bytes."""
    worksheets = {}
    for stage in review.workbook.stages:
        given = review.scope.answers.get(stage.key, {})
        answers = {
            question.key: question.form.arranged(given[question.key])
            for question in stage.questions
            if question.key in given and (given[question.key] or question.optional)
        }
        if answers:
            worksheets[stage.key] = answers
    document: dict[str, Any] = {
        "format": review.workbook.format,
        "organisation": {"name": cycle.organisation.name, "slug": cycle.organisation.slug},
        "cycle": {"name": cycle.name, "starts": cycle.starts.isoformat(), "ends": cycle.ends.isoformat()},
        "worksheets": worksheets,
    }
    strategy = {"strategy_title": cycle.strategy_title, "strategy_link": cycle.strategy_link}
    document["cycle"] |= {name: said for name, said in strategy.items() if said}
    if cycle.ending_because:
        document["conclusion"] = cycle.ending_because
    if reasons := reasons_told(review, cycle):
        document["reasons"] = reasons
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def reasons_told(review: Review, cycle: Cycle) -> list[dict[str, Any]]:
    """The reasons beside the points of a review, as files hold them: those of rules and rows that there are."""
    given = reasons_of(cycle)
    told = []
    for key in in_order(review.workbook, given):
        rule = review.workbook.rule.get(key[0])
        known = rule.of(review.scope) if rule and rule.of else {}
        subjects = [one for one in key[1].split(",") if one in known]
        if rule and bool(subjects) == bool(rule.of):
            told.append({"finding": rule.id, "subjects": subjects, "text": given[key].text})
    return told
