"""Who may see or change what: a stranger gets 404, a reader who may not write 403. The only place that decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404

from worksheets import neighbours, texts
from worksheets.models import (
    Cycle,
    Event,
    GroupMember,
    Membership,
    Organisation,
    Policy,
    Result,
    Role,
    User,
    Worksheet,
)
from worksheets.review import Review
from worksheets.saving import AFTERWARDS
from worksheets.texts import Texts
from worksheets.workbook import Stage, Workbook
from worksheets.workbooks import WORKBOOKS, private


class Ability(Enum):
    """What somebody may want to do in an organisation. `ALLOWED` says whose it is, and in which states of a cycle."""

    READ = "read"
    COMMENT = "comment"
    WRITE = "write"  # answer questions
    RECORD = "record"  # enter figures and events, and mend one's own
    MEND = "mend"  # mend what others entered
    LEAD = "lead"  # start reviews, archive them, look after people
    EDIT = "edit"  # the details, the reasons and the conclusion of an open review
    STEER = "steer"  # submit a review, take it back, let another follow
    REVISE = "revise"  # reopen as a revision what was signed off
    DECIDE = "decide"  # sign off or send back


State = Cycle.State
EVERYBODY = frozenset(Role)
TEAM = frozenset({Role.LEAD, Role.CONTRIBUTOR})
LEADS = frozenset({Role.LEAD})
MANAGERS = frozenset({Role.MANAGER})


@dataclass(frozen=True)
class Allowed:
    """Whose an ability is. In a cycle it needs one of `states`, and, unless `archived`, one that is not archived."""

    roles: frozenset[Role]
    states: Collection[Cycle.State] = tuple(State)
    archived: bool = False


# The one table of who may do what. Figures are no answers: they are recorded between reviews, when the last one has
# long been signed off. Which decision fits which state is for `signoff.moves.MOVES`, so that whoever comes too late is
# told so instead of being refused.
ALLOWED = {
    Ability.READ: Allowed(EVERYBODY, archived=True),
    Ability.COMMENT: Allowed(EVERYBODY, states=(State.OPEN, State.SUBMITTED)),
    Ability.WRITE: Allowed(TEAM, states=(State.OPEN,)),
    Ability.RECORD: Allowed(TEAM),
    Ability.MEND: Allowed(LEADS),
    Ability.LEAD: Allowed(LEADS, archived=True),
    Ability.EDIT: Allowed(LEADS, states=(State.OPEN,)),
    Ability.STEER: Allowed(LEADS),
    Ability.REVISE: Allowed(LEADS, archived=True),
    Ability.DECIDE: Allowed(MANAGERS),
}


# What the owner of a run that is theirs alone may do with it, whatever their role. There is nobody to talk to in it.
OWN = {Ability.READ, Ability.WRITE, Ability.LEAD, Ability.EDIT, Ability.STEER}


@dataclass(frozen=True)
class Visit:
    """A member at work in an organisation."""

    user: User
    organisation: Organisation
    role: str

    def may(self, ability: Ability) -> bool:
        """Whether this member may do that here."""
        return self.role in ALLOWED[ability].roles

    @property
    def may_write(self) -> bool:
        return self.may(Ability.WRITE)

    @property
    def may_lead(self) -> bool:
        return self.may(Ability.LEAD)

    @property
    def may_decide(self) -> bool:
        return self.may(Ability.DECIDE)

    @property
    def may_record(self) -> bool:
        return self.may(Ability.RECORD)

    @property
    def may_comment(self) -> bool:
        return self.may(Ability.COMMENT)

    def may_start(self, workbook: Workbook) -> bool:
        """Whether this member may start a run: everybody one of their own, the team what is only completed, leads what
        is signed off."""
        return workbook.private or self.may(Ability.LEAD if workbook.decided else Ability.WRITE)

    def demand(self, ability: Ability) -> None:
        """PermissionDenied (403) unless this member may do that here."""
        if not self.may(ability):
            raise PermissionDenied

    def cycles(self, workbook: Workbook) -> QuerySet[Cycle]:
        """The cycles of one workbook that this member may see, in no order yet, archived ones among them."""
        return self.organisation.cycles.filter(_seen_by(self.user, workbook), workbook=workbook.key)

    def all_cycles(self) -> QuerySet[Cycle]:
        """The cycles of all workbooks that this member may see, in no order yet."""
        mine = ~Q(workbook__in=private()) | Q(owner=self.user)
        return self.organisation.cycles.filter(mine, workbook__in=WORKBOOKS)

    def last_policy(self, document: str) -> Policy | None:
        """The last version of a document among the policies, issued or not; None while there is none. One query."""
        return self.organisation.policies.filter(document=document).order_by("-version").first()

    def shared(self) -> QuerySet[Cycle]:
        """What other members share of what is their own: leads may see its finished page. Newest first."""
        return _shared(self.user).filter(organisation=self.organisation) if self.may_lead else Cycle.objects.none()


@dataclass(frozen=True)
class CycleVisit(Visit):
    """A member at work in a cycle of an organisation, with its worksheets.

    `texts_stamp` says how the texts stood when the cycle was read. `stage` is the one that the page is about, if any:
    what is asked afterwards may be answered when all else is signed off.
    """

    cycle: Cycle
    worksheets: tuple[Worksheet, ...]
    texts_stamp: str
    stage: Stage | None = None

    def may(self, ability: Ability) -> bool:
        """Whether this member may do that here, in the state that the cycle is in."""
        allowed = ALLOWED[ability]
        if self.cycle.archived_at and not allowed.archived:
            return False
        mine = ability in OWN if self.workbook.private else super().may(ability)
        later = ability is Ability.WRITE and self.stage is not None and self.stage.afterwards
        return mine and self.cycle.state in (AFTERWARDS if later else allowed.states)

    def may_mend(self, entry: Result | Event) -> bool:
        """Whether this member may change or remove a figure or an event: their own, and leads everybody's."""
        own = entry.entered_by_id == self.user.pk
        return self.may(Ability.MEND) or (own and self.may(Ability.RECORD))

    @cached_property
    def workbook(self) -> Workbook:
        return WORKBOOKS[self.cycle.workbook]

    @cached_property
    def texts(self) -> Texts:
        return texts.current(self.texts_stamp)

    @cached_property
    def review(self) -> Review:
        """What is answered in the cycle, as it was read."""
        return neighbours.review_of(self.cycle, self.worksheets, self.texts)

    def worksheet(self, stage: str) -> Worksheet | None:
        """The worksheet of a stage; None while the cycle has none of it."""
        return next((worksheet for worksheet in self.worksheets if worksheet.stage == stage), None)


def _seen_by(user: User, workbook: Workbook) -> Q:
    """The cycles of a workbook that may be seen by this person at all: what is private only by its owner."""
    return Q(owner=user) if workbook.private else Q()


def _shared(user: User) -> QuerySet[Cycle]:
    """What others keep to themselves and share, as long as they belong to its organisation. Newest first."""
    rows = Cycle.objects.filter(workbook__in=private(), shared_at__isnull=False, archived_at=None).exclude(owner=user)
    return rows.filter(owner__memberships__organisation=F("organisation")).select_related("owner").order_by("-starts")


def only_visit(user: User) -> Visit | None:
    """The visit of somebody who belongs to one organisation, for pages whose address names none; None for others."""
    memberships = list(Membership.objects.select_related("organisation").filter(user=user)[:2])
    if len(memberships) != 1:
        return None
    return Visit(user, memberships[0].organisation, memberships[0].role)


def visit(user: User, organisation: str, ability: Ability = Ability.READ) -> Visit:
    """The visit of `user` to the organisation of that slug. Http404 for strangers, PermissionDenied for readers."""
    membership = (
        Membership.objects.select_related("organisation").filter(user=user, organisation__slug=organisation).first()
    )
    if membership is None:
        raise Http404
    visit = Visit(user, membership.organisation, membership.role)
    visit.demand(ability)
    return visit


def _cycle(user: User, organisation: str, workbook: Workbook, cycle: str) -> tuple[Cycle, str, str]:
    """A cycle with its organisation, the role that `user` has there, and the stamp of the texts. Http404 for strangers.

    One query, in which the right to see is a condition.
    """
    member = {"organisation__slug": organisation, "organisation__memberships__user": user}
    known = {"slug": cycle, "workbook": workbook.key, "workbook__in": WORKBOOKS}
    rows = Cycle.objects.filter(_seen_by(user, workbook), **known, **member)
    stamped = rows.annotate(role=F("organisation__memberships__role"), texts_stamp=texts.STAMPED)
    row = stamped.select_related("organisation").first()
    if row is None:
        raise Http404
    return row, row.role, row.texts_stamp


def visit_cycle(
    user: User,
    organisation: str,
    workbook: Workbook,
    cycle: str,
    ability: Ability = Ability.READ,
    stage: Stage | None = None,
) -> CycleVisit:
    """The visit of `user` to a cycle, with its worksheets and who saved and completed each. Two queries.

    `stage` is the one that the page is about, if any.

    Http404 for strangers, PermissionDenied for those who may read and not do that.
    """
    row, role, stamp = _cycle(user, organisation, workbook, cycle)
    sheets = tuple(row.worksheets.select_related("updated_by", "completed_by"))
    # What asks a worksheet for its cycle finds the one that was read.
    for sheet in sheets:
        sheet.cycle = row
    visit = CycleVisit(user, row.organisation, role, row, sheets, stamp, stage)
    visit.demand(ability)
    return visit


def visit_in(visit: Visit, cycle: Cycle) -> CycleVisit:
    """The same member at work in one of `visit.cycles` that has a worksheet. One query."""
    cycle.organisation = visit.organisation
    rows = cycle.worksheets.select_related("updated_by", "completed_by")
    sheets = tuple(rows.annotate(texts_stamp=texts.STAMPED))
    return CycleVisit(visit.user, visit.organisation, visit.role, cycle, sheets, sheets[0].texts_stamp)


def visit_shared(user: User, organisation: str, workbook: Workbook, cycle: str) -> tuple[Visit, Cycle]:
    """The visit of a lead to whom somebody shows the finished page of what is their own, and that run with its owner.

    Http404 for everybody else, and when it was taken back.
    """
    here = visit(user, organisation)
    row = here.shared().filter(slug=cycle, workbook=workbook.key).first()
    if row is None:
        raise Http404
    row.organisation = here.organisation
    return here, row


@dataclass(frozen=True)
class GroupVisit(Visit):
    """A member at work in an organisation that is in a group. `place` is that organisation's, with its group."""

    place: GroupMember

    def members(self) -> QuerySet[GroupMember]:
        """Every organisation in the group with what it chose to show: the one's own whatever it chose, the others
        only as far as they show something. By name."""
        seen = Q(pk=self.place.pk) | ~Q(shows=GroupMember.Shows.NOTHING)
        rows = GroupMember.objects.filter(seen, group=self.place.group_id).select_related("organisation")
        return rows.order_by("organisation__name", "pk")


def visit_group(user: User, organisation: str, group: str, ability: Ability = Ability.READ) -> GroupVisit:
    """The visit of `user` to a group that the organisation is in: the one way to what another organisation shows.

    Http404 for strangers to the organisation and for groups that it is not in, PermissionDenied for those who may not
    do that. Two queries.
    """
    here = visit(user, organisation)
    place = here.organisation.places.select_related("group").filter(group__slug=group).first()
    if place is None:
        raise Http404
    here.demand(ability)
    return GroupVisit(here.user, here.organisation, here.role, place)


def cycle_read(user: User, organisation: str, workbook: Workbook, cycle: str) -> tuple[Cycle, str]:
    """A cycle that `user` may read, and the stamp of the texts, for what needs no worksheet. One query.

    Http404 for strangers.
    """
    row, _, stamp = _cycle(user, organisation, workbook, cycle)
    return row, stamp
