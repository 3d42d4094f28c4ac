"""Who may see or change what: a stranger gets 404, a reader who may not write 403. The only place that decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Aggregate, Count, F, Max, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from worksheets import texts
from worksheets.models import Cycle, Membership, Organisation, Reason, Revision, Role, User, Worksheet
from worksheets.prepared import Prepared


class Ability(Enum):
    """What somebody may want to do in an organisation.

    Leads lead it: they start reviews, archive them and look after its people. They edit the details and the conclusion
    of an open review, and steer one that is not archived: submit it, take it back, let another follow.
    """

    READ = "read"
    WRITE = "write"
    LEAD = "lead"
    EDIT = "edit"
    STEER = "steer"
    DECIDE = "decide"
    COMMENT = "comment"
    RECORD = "record"


ABILITIES = {
    Role.MANAGER: {Ability.READ, Ability.COMMENT, Ability.DECIDE},
    Role.CONTRIBUTOR: {Ability.READ, Ability.COMMENT, Ability.WRITE, Ability.RECORD},
    Role.LEAD: {
        *(Ability.READ, Ability.COMMENT, Ability.WRITE, Ability.RECORD),
        *(Ability.LEAD, Ability.EDIT, Ability.STEER),
    },
}


@dataclass(frozen=True)
class Visit:
    """A member at work in an organisation, and the review cycle with its worksheets when the address names one.

    `stamp` says how the texts stood when the worksheets were read: pass it to `texts.current`.
    """

    user: User
    organisation: Organisation
    role: str
    cycle: Cycle | None = None
    worksheets: tuple[Worksheet, ...] = ()
    stamp: str | None = None

    def may(self, ability: Ability) -> bool:
        """Whether this member may do that here. A cycle that is archived, submitted or signed off can only be read.

        A submitted one is also there to be decided on and talked about; which decision fits its state is for
        `worksheets.signoff.rules` to say.
        """
        if self.cycle and ability in (Ability.WRITE, Ability.EDIT) and not self.cycle.may_change:
            return False
        # Figures are no answers: they are recorded between reviews, when the last one has long been signed off.
        if self.cycle and ability in (Ability.DECIDE, Ability.STEER, Ability.RECORD) and self.cycle.archived_at:
            return False
        if self.cycle and ability is Ability.COMMENT and not self.cycle.may_comment:
            return False
        return ability in ABILITIES[Role(self.role)]

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

    def demand(self, ability: Ability) -> Visit:
        """This visit, or PermissionDenied (403)."""
        if not self.may(ability):
            raise PermissionDenied
        return self


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
    return Visit(user, membership.organisation, membership.role).demand(ability)


def _worksheets(*related: str) -> Prepared[Worksheet]:
    """The worksheets of a cycle as a member may read them, each with the member's role and the stamp of the texts."""
    return Prepared(
        lambda user, organisation, cycle: (
            Worksheet.objects.filter(
                cycle__slug=cycle, cycle__organisation__slug=organisation, cycle__organisation__memberships__user=user
            )
            .annotate(role=F("cycle__organisation__memberships__role"), stamp=texts.STAMPED)
            .select_related("cycle__organisation", *related)
            .order_by("id")
        ),
        user=-1,
        organisation="?organisation",
        cycle="?cycle",
    )


WORKSHEETS = _worksheets()
WORKSHEETS_AND_PEOPLE = _worksheets("updated_by", "completed_by")


def visit_cycle(
    user: User, organisation: str, cycle: str, ability: Ability = Ability.READ, *, people: bool = True
) -> Visit:
    """The visit of `user` to a review cycle, with its worksheets: one query, in which the right to see is a condition.

    `people` reads who saved and completed each worksheet along with it, for pages that name them.
    """
    read = WORKSHEETS_AND_PEOPLE if people else WORKSHEETS
    worksheets = tuple(read(user=user.pk, organisation=organisation, cycle=cycle))
    if not worksheets:
        return _visit_without_worksheets(user, organisation, cycle).demand(ability)
    first = worksheets[0]
    found = Visit(user, first.cycle.organisation, first.role, first.cycle, worksheets, first.stamp)  # type: ignore[attr-defined]
    return found.demand(ability)


def _visit_without_worksheets(user: User, organisation: str, cycle: str) -> Visit:
    """A cycle that has no worksheet yet, as when it was made outside the pages."""
    member = visit(user, organisation)
    found = member.organisation.cycles.filter(slug=cycle).first()
    if found is None:
        raise Http404
    return Visit(user, member.organisation, member.role, found)


class Joined(Aggregate):
    """The different texts of a group in one text."""

    function = "GROUP_CONCAT"
    allow_distinct = True
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "STRING_AGG(%(distinct)s%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **extra)


def who(user: str = "") -> Joined:
    """The names and addresses of a group of people, or of those that its rows point to: `user` is "written_by__"."""
    return Joined(Concat(F(f"{user}name"), Value(" "), F(f"{user}email"), output_field=TextField()), distinct=True)


# The reasons written beside the points of a review, in one word: how many, when the last was written, and by whom.
REASONS = Subquery(
    Reason.objects.filter(cycle=OuterRef("pk"))
    .order_by()
    .values("cycle")
    .annotate(
        word=Concat(
            Cast(Count("pk"), TextField()),
            Value(" ", TextField()),
            Cast(Max("written_at"), TextField()),
            Value(" ", TextField()),
            who("written_by__"),
        )
    )
    .values("word")
)
# Who saved a worksheet, as they are called today: a summary names them, and people change their names. The people are
# found first and then named: that takes half as long as to name whoever is behind each of hundreds of saves.
SAVERS = Subquery(
    User.objects.filter(
        pk__in=Revision.objects.filter(worksheet=OuterRef(OuterRef("worksheets"))).order_by().values("saved_by")
    )
    .order_by()
    .values(together=Value(1))
    .annotate(word=who())
    .values("word")
)
# What the printed summary of a review depends on: one row a worksheet. Times as text, which costs nothing to read.
# Once a file was issued nothing else counts: it is what everybody gets.
FACTS = (
    "pk",
    "issued__sha256",
    "issued__issued_by__name",
    "issued__issued_by__email",
    "state",
    "not_using_because",
    REASONS,
    "organisation__name",
    "name",
    "starts",
    "ends",
    "strategy_title",
    "strategy_link",
    "worksheets__stage",
    "worksheets__version",
    "worksheets__status",
    Cast("worksheets__updated_at", TextField()),
    Cast("worksheets__completed_at", TextField()),
    "worksheets__completed_by",
    "worksheets__completed_by__name",
    "worksheets__completed_by__email",
    SAVERS,
)
WHAT_IT_DEPENDS_ON: Prepared[Any] = Prepared(
    lambda user, organisation, cycle: (
        Cycle.objects.filter(slug=cycle, organisation__slug=organisation, organisation__memberships__user=user)
        .order_by("worksheets__id")
        .values_list("organisation__memberships__role", texts.STAMPED, *FACTS)
    ),
    user=-1,
    organisation="?organisation",
    cycle="?cycle",
)


def facts(user: User, organisation: str, cycle: str) -> tuple[str, list[tuple[Any, ...]]]:
    """The stamp of the texts and the `FACTS` of a review, for somebody who may read it: one narrow query, no models.

    Http404 for strangers.
    """
    rows = WHAT_IT_DEPENDS_ON(user=user.pk, organisation=organisation, cycle=cycle)
    if not rows:
        raise Http404
    if Ability.READ not in ABILITIES[Role(rows[0][0])]:
        raise PermissionDenied
    return rows[0][1], [row[2:] for row in rows]
