"""Which actions there are: somebody's, those that are late, those of a review, and those that came from one place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from worksheets.models import Action, Cycle, Membership, Organisation, User
from worksheets.saving import touch_all

Source, State = Action.Source, Action.State


def actions_of(organisation: Organisation) -> QuerySet[Action]:
    """The actions of an organisation, those due first on top, each with its owner and since when that is a member."""
    there = Membership.objects.filter(user=OuterRef("owner"), organisation=organisation).values("created_at")
    rows = Action.objects.filter(organisation=organisation).select_related("owner", "done_by", "cycle__organisation")
    return rows.annotate(joined=Subquery(there[:1])).order_by(F("due").asc(nulls_last=True), "id")


def open_actions(organisation: Organisation) -> QuerySet[Action]:
    """Those that are still to be done."""
    return actions_of(organisation).filter(state=State.OPEN)


def late() -> Q:
    """What tells an action that should have been done before today."""
    return Q(state=State.OPEN, due__lt=timezone.localdate())


def called(action: Action) -> str:
    """Who does one of `actions_of`, in words; empty while nobody is named. Whoever has left keeps their name, and it is
    said; of whoever has not come yet only the address is told (see `Membership.arrived`)."""
    owner, joined = action.owner, getattr(action, "joined", None)
    if owner is None:
        return action.owner_name
    if joined is None:
        return f"{owner} (has left)"
    return str(owner) if owner.last_login and owner.last_login >= joined else owner.email


def is_late(action: Action) -> bool:
    """Whether it should have been done before today."""
    return action.state == State.OPEN and action.due is not None and action.due < timezone.localdate()


def of_review(cycle: Cycle, moment: datetime.datetime | None = None) -> QuerySet[Action]:
    """What is still to be done, as far as a run tells of it.

    That is what came from it or from one that began before it, and what came from nothing, but not what is to be done
    about a policy. `moment` is that of its sign-off: then what was open in that moment.

    The organisation of the cycle must be loaded.
    """
    began = Q(cycle=None, source=Source.OWN) | Q(cycle=cycle) | Q(cycle__starts__lte=cycle.starts)
    rows = actions_of(cycle.organisation).filter(began)
    if moment is None:
        return rows.filter(state=State.OPEN)
    return rows.filter(Q(state=State.OPEN) | Q(done_at__gt=moment), made_at__lte=moment)


@dataclass(frozen=True)
class Made:
    """The actions that came from one run, or from none, by what they came from. What was dropped is not told."""

    there: dict[tuple[str, str], Action]

    @classmethod
    def of(cls, organisation: Organisation, cycle: Cycle | None, *sources: str) -> Made:
        """One query, for all places of a page."""
        rows = actions_of(organisation).filter(cycle=cycle, source__in=sources).exclude(state=State.DROPPED)
        # Of several the one that is still to be done is told.
        ordered: Iterable[Action] = sorted(rows, key=lambda one: one.state == State.OPEN)
        return cls({(one.source, one.place): one for one in ordered})

    def at(self, source: str, place: str) -> Action | None:
        return self.there.get((source, place))


def tell_reviews(organisation: Organisation) -> None:
    """Move the stamps of the reviews whose paper tells of actions: what is signed off is told as it was then."""
    states = (Cycle.State.OPEN, Cycle.State.SUBMITTED)
    touch_all(organisation=organisation, archived_at=None, state__in=states)


def mine(user: User, organisation: Organisation) -> QuerySet[Action]:
    """What somebody is still to do in an organisation."""
    return open_actions(organisation).filter(owner=user)
