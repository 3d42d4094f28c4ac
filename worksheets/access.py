"""Who may see or change what: a stranger gets 404, a reader who may not write 403. The only place that decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404

from worksheets.models import Cycle, Membership, Organisation, Role, User, Worksheet


class Ability(Enum):
    """What somebody may want to do in an organisation."""

    READ = "read"
    WRITE = "write"
    LEAD = "lead"


ABILITIES = {
    Role.MANAGER: {Ability.READ},
    Role.CONTRIBUTOR: {Ability.READ, Ability.WRITE},
    Role.LEAD: {Ability.READ, Ability.WRITE, Ability.LEAD},
}


@dataclass(frozen=True)
class Visit:
    """A member at work in an organisation, and the review cycle with its worksheets when the address names one."""

    user: User
    organisation: Organisation
    role: str
    cycle: Cycle | None = None
    worksheets: tuple[Worksheet, ...] = ()

    def may(self, ability: Ability) -> bool:
        """Whether this member may do that here. An archived cycle can only be read, and brought back by a lead."""
        if self.cycle and self.cycle.archived_at and ability is Ability.WRITE:
            return False
        return ability in ABILITIES[Role(self.role)]

    @property
    def may_write(self) -> bool:
        return self.may(Ability.WRITE)

    @property
    def may_lead(self) -> bool:
        return self.may(Ability.LEAD)

    def demand(self, ability: Ability) -> Visit:
        """This visit, or PermissionDenied (403)."""
        if not self.may(ability):
            raise PermissionDenied
        return self


def visit(user: User, organisation: str, ability: Ability = Ability.READ) -> Visit:
    """The visit of `user` to the organisation of that slug. Http404 for strangers, PermissionDenied for readers."""
    membership = Membership.objects.select_related("organisation").filter(user=user, organisation__slug=organisation).first()
    if membership is None:
        raise Http404
    return Visit(user, membership.organisation, membership.role).demand(ability)


def visit_cycle(user: User, organisation: str, cycle: str, ability: Ability = Ability.READ) -> Visit:
    """The visit of `user` to a review cycle, with its worksheets: one query, in which the right to see is a condition."""
    worksheets = tuple(
        Worksheet.objects.filter(
            cycle__slug=cycle, cycle__organisation__slug=organisation, cycle__organisation__memberships__user=user
        )
        .annotate(role=F("cycle__organisation__memberships__role"))
        .select_related("cycle__organisation", "updated_by", "completed_by")
        .order_by("id")
    )
    if not worksheets:
        return _visit_without_worksheets(user, organisation, cycle).demand(ability)
    found = worksheets[0].cycle
    return Visit(user, found.organisation, worksheets[0].role, found, worksheets).demand(ability)  # type: ignore[attr-defined]


def _visit_without_worksheets(user: User, organisation: str, cycle: str) -> Visit:
    """A cycle that has no worksheet yet, as when it was made outside the pages."""
    member = visit(user, organisation)
    found = member.organisation.cycles.filter(slug=cycle).first()
    if found is None:
        raise Http404
    return Visit(user, member.organisation, member.role, found)
