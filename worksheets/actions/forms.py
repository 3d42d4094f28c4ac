"""The forms of an action: what is to be done, by whom and when, and how it stands."""

from __future__ import annotations

import datetime
from typing import Any

from worksheets.fields import Choice, Day, Line, Reference, RowsOf, Scope, Text, text
from worksheets.models import Action, Organisation, User
from worksheets.workbook import QuestionForm

# Members stand where a form finds the rows that it points to.
PEOPLE = RowsOf("people", "people", "people", words="name", noun="person")
STATES = dict(Action.State.choices)
TEXT_MAX, NAME_MAX = 500, 100
TWO_OWNERS = "Choose somebody from the list, or enter a name here: not both"


class StateForm(QuestionForm):
    """How an action stands: for whoever is to do it."""

    state = Choice("How does it stand?", STATES, inline=True, needed=True, short="State", ask="Choose how it stands")
    note = Text("Note", "What came of it, or what it waits for.", lines=3)

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as values of an `Action`."""
        return {"state": text(self.plain, "state"), "note": text(self.plain, "note")}


class ActionForm(QuestionForm):
    """An action that is made: what, who and by when."""

    text = Line("What is to be done?", most=TEXT_MAX, needed=True, short="Action", ask="Enter what is to be done")
    owner = Reference("Who does it?", PEOPLE, "Leave this open if you do not know yet.", short="Owner")
    owner_name = Line("Or somebody who has no account here", "A name or a role.", most=NAME_MAX, short="Other owner")
    due = Day("By when?", "For example, 31 1 2027.", short="By when")
    note = Text("Note", "What helps whoever does it.", lines=3)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and text(self.plain, "owner") and text(self.plain, "owner_name"):
            self.refuse("owner_name", TWO_OWNERS)

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as values of an `Action`."""
        due, owner = text(self.plain, "due"), text(self.plain, "owner")
        return {
            "text": text(self.plain, "text"),
            "owner_id": int(owner) if owner else None,
            "owner_name": text(self.plain, "owner_name"),
            "due": datetime.date.fromisoformat(due) if due else None,
            "note": text(self.plain, "note"),
        }


class ChangeForm(ActionForm):
    """All of an action: for the team."""

    state = Choice("How does it stand?", STATES, inline=True, needed=True, short="State", ask="Choose how it stands")

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "state": text(self.plain, "state")}


def people_in(organisation: Organisation, owner: int | None = None) -> Scope:
    """The members of an organisation, as the forms find them, by name. One query, and one more for an `owner` who has
    left."""
    members = organisation.memberships.filter(user__is_active=True).select_related("user")
    named = sorted(((member.user_id, member.called) for member in members), key=lambda one: one[1].casefold())
    if owner and owner not in dict(named):
        named += [(one.pk, f"{one} (has left)") for one in User.objects.filter(pk=owner)]
    rows: list[Any] = [{"id": str(pk), "name": name} for pk, name in named]
    return Scope({"people": {"people": {"people": rows}}})


def plain_of(action: Action) -> dict[str, Any]:
    """An action as the form has it."""
    return {
        "text": action.text,
        "owner": str(action.owner_id) if action.owner_id else "",
        "owner_name": action.owner_name,
        "due": action.due.isoformat() if action.due else "",
        "note": action.note,
        "state": action.state,
    }
