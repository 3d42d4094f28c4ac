"""What the points about policies are made of, read from the database, and where each of them leads."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q
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
    """What the policies of an organisation are held against, for a visitor. `runs` are those that points may lead to,
    by workbook."""

    visit: Visit
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
        if point.goes_to:
            return reverse("policy", args=[slug, point.document, point.goes_to])
        return reverse("policy-document", args=[slug, point.document])


def points_of(visit: Visit) -> tuple[PolicyPoint, ...]:
    """What there is to say of the policies of an organisation, what to do first on top. Queries as `holding`."""
    return holding(visit).points


def holding(visit: Visit) -> Holding:
    """What the policies of an organisation are held against. Six queries, and those of the texts."""
    rows = Policy.objects.filter(organisation=visit.organisation, state__in=STATES, document__in=DOCUMENTS)
    policies = list(rows.select_related("owner"))
    members = {*Membership.objects.filter(organisation=visit.organisation).values_list("user", flat=True)}
    runs = runs_of(visit, policies)
    now = texts.current()
    newest = next((run for run in runs if run.workbook == facts.WORKBOOK and not run.archived_at), None)
    reviews = [run for run in runs if run.workbook == reviewed.WORKBOOK]
    signed_off = (run for run in reviews if run.state == Cycle.State.SIGNED_OFF)
    review = next(signed_off, reviews[0] if reviews else None)
    current = next((run for run in reviews if run.may_change), None)
    scopes = scopes_of([run for run in runs if run.workbook == facts.WORKBOOK or run in (review, current)], now)
    filled = filled_with(policies, scopes, newest)
    kept = clauses_of(policies)
    house = House(
        timezone.localdate(),
        tuple(version_of(policy, members, kept[policy.pk], filled[policy.pk], now) for policy in policies),
        scopes[newest.pk] if newest else None,
        *(Reviewed.of(origin(run), scopes[run.pk], open=run.may_change) if run else None for run in (review, current)),
    )
    leads_to = {facts.WORKBOOK: newest, reviewed.WORKBOOK: current}
    return Holding(visit, house, {key: run for key, run in leads_to.items() if run})


def runs_of(visit: Visit, policies: Iterable[Policy]) -> list[Cycle]:
    """The runs of the facts and of the review, the newest first, and those that fill a version even if they are
    archived. One query."""
    usual = Q(workbook__in=(facts.WORKBOOK, reviewed.WORKBOOK), archived_at=None)
    filling = Q(workbook=facts.WORKBOOK, pk__in={policy.facts_id for policy in policies if policy.facts_id})
    rows = list(visit.organisation.cycles.filter(usual | filling).order_by("-starts", "-id"))
    for run in rows:
        run.organisation = visit.organisation
    return rows


def scopes_of(runs: Collection[Cycle], now: Texts) -> dict[int, Scope]:
    """What is answered in each run, by its id. One query."""
    sheets: dict[int, list[Worksheet]] = {run.pk: [] for run in runs}
    for sheet in Worksheet.objects.filter(cycle__in=sheets):
        sheets[sheet.cycle_id].append(sheet)
    return {run.pk: Review.of(run, sheets[run.pk], now).scope for run in runs}


def filled_with(
    policies: Iterable[Policy], scopes: Mapping[int, Scope], newest: Cycle | None
) -> dict[int, Scope | None]:
    """The facts that fill each version, by its id: of one in force those of the moment when it was issued. One query.

    Facts may be changed at any time, and an issued document does not change with them. The history of saves knows how
    they were.
    """
    policies = [*policies]
    issued = {policy.facts_id for policy in policies if policy.issued_at and policy.facts_id}
    saves: dict[int, list[Revision]] = {}
    rows = Revision.objects.filter(worksheet__cycle__in=issued, worksheet__stage=facts.STAGE)
    for save in rows.select_related("worksheet").order_by("version"):
        saves.setdefault(save.worksheet.cycle_id, []).append(save)
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
    """The clauses of each version by their keys. One query."""
    kept: dict[int, dict[str, PolicyClause]] = {policy.pk: {} for policy in policies}
    for clause in PolicyClause.objects.filter(policy__in=kept):
        kept[clause.policy_id][clause.key] = clause
    return kept


def version_of(
    policy: Policy, members: Collection[int], kept: Mapping[str, PolicyClause], filled: Scope | None, now: Texts
) -> Version:
    """A version as the rules read it. `members` are the ids of those who belong to the organisation."""
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
        stays=policy.owner_id in members if policy.owner else None,
        next_review=policy.next_review,
        exercised_on=policy.exercised_on,
        issued_on=local_day(policy.issued_at) if policy.issued_at else None,
        clauses=frozenset(one.key for one in said),
        holes=frozenset(hole for one in said for hole in HOLE.findall(one.words)),
        facts=filled,
    )
