"""What the points about policies are made of, read from the database, and where each of them leads."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from worksheets import texts
from worksheets.access import Ability, Visit
from worksheets.fields import Scope
from worksheets.models import Cycle, Membership, Policy, PolicyClause, Revision, Worksheet
from worksheets.neighbours import origin
from worksheets.pages import to_cycle
from worksheets.policies import facts, held, reviewed
from worksheets.policies.drafting import Drafted
from worksheets.policies.facts import HOLE, Facts
from worksheets.policies.held import House, PolicyPoint, State, Version
from worksheets.policies.library import DOCUMENTS, text_key
from worksheets.policies.reviewed import Reviewed
from worksheets.report.closing import local_day
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.workbooks import of_question

STATES: dict[str, State] = {
    Policy.State.DRAFT: "draft",
    Policy.State.SENT: "sent",
    Policy.State.ISSUED: "issued",
}


@dataclass(frozen=True)
class Holding:
    """What the policies of an organisation are held against, for a visitor. `policies` are the versions in force and
    under way, and `runs` those that points may lead to, by workbook: the newest facts, and the review that is open."""

    visit: Visit
    policies: tuple[Policy, ...]
    house: House
    runs: Mapping[str, Cycle]

    @cached_property
    def points(self) -> tuple[PolicyPoint, ...]:
        """What there is to say of all policies, what to do first on top; each gap once."""
        return self.addressed(held.points(self.house))

    def of(self, policy: Policy) -> tuple[PolicyPoint, ...]:
        """What there is to say of one version."""
        return self.addressed(held.of_version(held.every_point(self.house), policy.document, policy.version))

    def addressed(self, found: Iterable[PolicyPoint]) -> tuple[PolicyPoint, ...]:
        return tuple(replace(point, href=self.href(point), way=self.way(point)) for point in found)

    def way(self, point: PolicyPoint) -> str:
        """The words of the link of a point, for somebody who may do what they say or only look."""
        if self.visit.may(Ability.WRITE if point.question or point.goes_to else Ability.LEAD):
            return point.way
        if point.question:
            return "See that answer"
        return f"See version {point.goes_to}" if point.goes_to else "See the document"

    def href(self, point: PolicyPoint) -> str:
        """Where a point leads."""
        slug = self.visit.organisation.slug
        workbook, question = of_question(point.question) if point.question else (None, None)
        if workbook and question and workbook.key in self.runs:
            return to_cycle(self.runs[workbook.key], "question", question.stage, question.key)
        if point.id == held.EXERCISE:
            return reverse("policy-exercised", args=[slug, point.document, point.version])
        if point.goes_to:
            return reverse("policy", args=[slug, point.document, point.goes_to])
        return reverse("policy-document", args=[slug, point.document])


def points_of(visit: Visit) -> tuple[PolicyPoint, ...]:
    """What there is to say of the policies of an organisation, what to do first on top. Queries as `holding`."""
    return holding(visit).points


def holding(visit: Visit) -> Holding:
    """What the policies of an organisation are held against. Four queries, two where there is no policy yet."""
    here = visit.organisation
    rows = Policy.objects.filter(organisation=here, state__in=STATES, document__in=DOCUMENTS).select_related("owner")
    members = Membership.objects.filter(user=OuterRef("owner"), organisation=here)
    policies = list(rows.annotate(stays=Exists(members)))
    staying = {policy.pk for policy in policies if policy.stays}
    runs, scopes, now = runs_of(visit, {policy.facts_id for policy in policies if policy.facts_id})
    newest = next((run for run in runs if run.workbook == facts.WORKBOOK and not run.archived_at), None)
    reviews = [run for run in runs if run.workbook == reviewed.WORKBOOK]
    signed_off = (run for run in reviews if run.state == Cycle.State.SIGNED_OFF)
    review = next(signed_off, reviews[0] if reviews else None)
    current = next((run for run in reviews if run.may_change), None)
    filled = filled_with(policies, scopes, newest)
    kept = clauses_of(policies)
    house = House(
        timezone.localdate(),
        tuple(
            version_of(policy, kept[policy.pk], filled[policy.pk], now, stays=policy.pk in staying)
            for policy in policies
        ),
        scopes[newest.pk] if newest else None,
        *(Reviewed.of(origin(run), scopes[run.pk], open=run.may_change) if run else None for run in (review, current)),
    )
    leads_to = {facts.WORKBOOK: newest, reviewed.WORKBOOK: current}
    return Holding(visit, tuple(policies), house, {key: run for key, run in leads_to.items() if run})


def runs_of(visit: Visit, filling: Collection[int]) -> tuple[list[Cycle], dict[int, Scope], Texts]:
    """The runs that may be read, the newest first, what is answered in each, by its id, and the texts.

    They are the newest facts, the review that was signed off last, the newest one, and the newest that is open. Runs of
    facts that are `filling` a version are among them even if they are archived. One query, however many runs there are,
    and one for the texts where there is none.
    """
    there = visit.organisation.cycles.filter(archived_at=None).order_by("-starts", "-id")
    asked, reviews = (there.filter(workbook=workbook) for workbook in (facts.WORKBOOK, reviewed.WORKBOOK))
    wanted = Q(cycle__in=filling, cycle__workbook=facts.WORKBOOK)
    signed_off, current = (reviews.filter(state=state) for state in (Cycle.State.SIGNED_OFF, Cycle.State.OPEN))
    for some in (asked, reviews, signed_off, current):
        wanted |= Q(cycle__in=some.values("pk")[:1])
    sheets = list(Worksheet.objects.filter(wanted).select_related("cycle").annotate(texts_stamp=texts.STAMPED))
    now = texts.current(sheets[0].texts_stamp if sheets else None)
    answered: dict[int, list[Worksheet]] = {}
    runs = {sheet.cycle_id: sheet.cycle for sheet in sheets}
    for sheet in sheets:
        answered.setdefault(sheet.cycle_id, []).append(sheet)
    for run in runs.values():
        run.organisation = visit.organisation
    scopes = {key: Review.of(run, answered[key], now).scope for key, run in runs.items()}
    return sorted(runs.values(), key=lambda run: (run.starts, run.pk), reverse=True), scopes, now


def filled_with(
    policies: Iterable[Policy], scopes: Mapping[int, Scope], newest: Cycle | None
) -> dict[int, Scope | None]:
    """The facts that fill each version, by its id: of one in force those of the moment when it was issued. One query,
    none where none was issued.

    Facts may be changed at any time, and an issued document does not change with them. The history of saves knows how
    they were.
    """
    policies = [*policies]
    issued = {policy.facts_id for policy in policies if policy.issued_at and policy.facts_id}
    saves: dict[int, list[Revision]] = {}
    rows = Revision.objects.filter(worksheet__cycle__in=issued, worksheet__stage=facts.STAGE)
    for save in rows.annotate(run=F("worksheet__cycle")).order_by("version") if issued else ():
        saves.setdefault(save.run, []).append(save)
    filled: dict[int, Scope | None] = {}
    for policy in policies:
        scope = scopes.get(policy.facts_id or 0)
        if policy.issued_at:
            filled[policy.pk] = as_at(scope, saves.get(policy.facts_id or 0, ()), policy.issued_at) if scope else None
        else:
            filled[policy.pk] = scope or (scopes[newest.pk] if newest else None)
    return filled


def as_at(scope: Scope, saves: Iterable[Revision], at: datetime.datetime) -> Scope:
    """The facts as they were at a moment: each question that was saved since has the answer of its last save before."""
    saves = [*saves]
    answers = dict(scope.answers.get(facts.STAGE, {}))
    for question in {save.question for save in saves if save.saved_at > at}:
        before = [save.answer for save in saves if save.question == question and save.saved_at <= at]
        answers[question] = (before[-1] if before else None) or {}
    return replace(scope, answers={**scope.answers, facts.STAGE: answers})


def clauses_of(policies: Iterable[Policy]) -> dict[int, dict[str, PolicyClause]]:
    """The clauses of each version by their keys. One query, none for no version."""
    kept: dict[int, dict[str, PolicyClause]] = {policy.pk: {} for policy in policies}
    for clause in PolicyClause.objects.filter(policy__in=kept) if kept else ():
        kept[clause.policy_id][clause.key] = clause
    return kept


def version_of(
    policy: Policy, kept: Mapping[str, PolicyClause], filled: Scope | None, now: Texts, *, stays: bool
) -> Version:
    """A version as the rules read it. `stays` is whether its owner is a member, if they have an account."""
    document = DOCUMENTS[policy.document]
    drafted = (
        Drafted(clause, kept.get(clause.key), now.source(text_key(document.key, clause.key)), Facts())
        for clause in document.clauses
    )
    said = [one for one in drafted if one.said]
    return Version(
        policy.document,
        policy.version,
        STATES[policy.state],
        owner=str(policy.owner) if policy.owner else policy.owner_name,
        stays=stays if policy.owner else None,
        next_review=policy.next_review,
        exercised_on=policy.exercised_on,
        issued_on=local_day(policy.issued_at) if policy.issued_at else None,
        clauses=frozenset(one.key for one in said),
        holes=frozenset(hole for one in said for hole in HOLE.findall(one.words)),
        facts=filled,
    )
