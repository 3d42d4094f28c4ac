"""The forms about review cycles and people. They are made like questions, so that they look and answer alike."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

from django.forms import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from worksheets.addresses import Address, read_addresses
from worksheets.cycles import Proposal, details_of, named
from worksheets.fields import Choice, Day, EmailAddresses, Line, Scope, Select, WebAddress, text
from worksheets.languages import LANGUAGES
from worksheets.models import Cycle, Organisation, Role, User
from worksheets.models.reviews import dates_fault
from worksheets.presentation import Row
from worksheets.saving import token
from worksheets.workbook import PlainForm, Workbook
from worksheets.workbooks import WORKBOOKS

NAME_MAX = 100
STRATEGY_FIELDS = ("strategy_title", "strategy_link")
# Each of them gets a mail.
MOST_AT_ONCE = 20

ROLES = {
    Role.LEAD.value: "Lead: starts reviews, fills them in, and adds and removes people",
    Role.CONTRIBUTOR.value: "Contributor: fills in reviews",
    Role.MANAGER.value: "Manager: reads reviews, comments on them, and signs them off or sends them back",
}


class Spoken(Select):
    """The language of the answers. One is chosen already, so nobody is told that they may leave it out."""

    def called(self) -> SafeString:
        return conditional_escape(self.label or "")


class CycleForm(PlainForm):
    """Name, dates and strategy of a review cycle, and the language its answers are written in."""

    name = Line("Name", "For example, Autumn 2026.", most=80, needed=True, ask="Enter a name", width="20")
    starts = Day(
        "Start date",
        "For example, 1 10 2026.",
        needed=True,
        ask="Enter the date it starts, like 1 October 2026",
    )
    ends = Day(
        "End date",
        "The last day that belongs to it.",
        needed=True,
        ask="Enter the date it ends, like 31 March 2027",
    )
    strategy_title = Line(
        "Title of your organisation’s strategy",
        "Your answers will be held against it.",
        most=200,
        short="Title of the strategy",
    )
    strategy_link = WebAddress(
        "Link to your organisation’s strategy", "A full web address.", most=500, short="Link to the strategy"
    )

    language = Spoken(
        "Language of your answers",
        LANGUAGES,
        "Screen readers read your answers in it, and browsers check their spelling. Our own words stay in English.",
        short="Language",
    )

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        workbook: Workbook,
        cycle: Cycle | None = None,
        previous: Cycle | None = None,
        owner: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.workbook = workbook
        self.cycle = cycle
        self.owner = cycle.owner if cycle else owner
        # What it is written in where no language is chosen.
        self.spoken = (cycle or previous or organisation).language

    def shown(self) -> list[BoundField]:
        """What a workbook has no use for is not asked: few are held against the organisation's own strategy."""
        return [one for one in super().shown() if self.workbook.against_strategy or one.name not in STRATEGY_FIELDS]

    @classmethod
    def proposing(cls, organisation: Organisation, workbook: Workbook, proposal: Proposal) -> CycleForm:
        initial: dict[str, Any] = {"starts": proposal.starts.isoformat(), "ends": proposal.ends.isoformat()}
        initial |= {"name": proposal.name or None, "language": organisation.language}
        return cls(organisation=organisation, workbook=workbook, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as the values of a `Cycle`."""
        day = datetime.date.fromisoformat
        dates = {name: day(text(self.plain, name)) for name in ("starts", "ends")}
        return {"strategy_title": "", "strategy_link": "", "language": self.spoken, **self.plain, **dates}

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or self._errors:
            return
        fault = dates_fault(self.values["starts"], self.values["ends"])
        if fault:
            self.refuse(*fault)
        if named(self.organisation, self.values["name"], self.cycle, self.owner).exists():
            self.refuse_name()

    def refuse_name(self) -> None:
        """Say that the name is taken, and by what: names are taken over all workbooks."""
        taken = named(self.organisation, text(self.raw, "name"), self.cycle, self.owner).first()
        what = WORKBOOKS[taken.workbook] if taken and taken.workbook in WORKBOOKS else None
        who = "You already have" if self.owner else "Your organisation already has"
        by = f"{who} {what.a} with this one" if what else "This one is taken"
        self.refuse("name", f"Enter another name. {by}")


class DetailsForm(CycleForm):
    """The details of a review that is there, with a name: it needs no example of one."""

    name = Line("Name", most=80, needed=True, ask="Enter a name", width="20")

    @classmethod
    def of(cls, cycle: Cycle) -> DetailsForm:
        initial = {
            "name": cycle.name,
            "starts": cycle.starts.isoformat(),
            "ends": cycle.ends.isoformat(),
            "strategy_title": cycle.strategy_title or None,
            "strategy_link": cycle.strategy_link or None,
            "language": cycle.language,
        }
        return cls(organisation=cycle.organisation, workbook=WORKBOOKS[cycle.workbook], cycle=cycle, initial=initial)

    @classmethod
    def standing(cls, cycle: Cycle) -> list[Row]:
        """The details of a review as they are, in words."""
        form = cls.of(cycle)
        return [form.kinds[one.name].row(form.initial[one.name], Scope()) for one in form.shown()]

    @staticmethod
    def seen(cycle: Cycle) -> str:
        """The token of the details of a review, as a page shows them."""
        return token(details_of(cycle))

    @property
    def chosen(self) -> dict[str, Any]:
        """The checked answer with a language: the one that was there, where none was chosen."""
        return {"language": self.spoken, **self.plain}


class Beginning(Choice):
    """How a review begins. One way is chosen already, so nobody is told that they may leave it out."""

    def called(self) -> SafeString:
        return conditional_escape(self.label or "")


class StartForm(CycleForm):
    """Name and dates of a review, and whether it begins with the answers of the last one."""

    begin = Beginning(
        "How do you want to begin?",
        {
            "carried": "With the answers of last time. Each is marked until you confirm or change it",
            "empty": "With empty worksheets",
        },
        short="How to begin",
    )

    def shown(self) -> list[BoundField]:
        """How to begin is asked first."""
        return sorted(super().shown(), key=lambda field: field.name != "begin")

    @classmethod
    def following(cls, previous: Cycle, proposal: Proposal) -> StartForm:
        """The form with what is proposed for the review after `previous`."""
        return cls(
            organisation=previous.organisation,
            workbook=WORKBOOKS[previous.workbook],
            initial={
                "begin": "carried",
                "name": proposal.name or None,
                "starts": proposal.starts.isoformat(),
                "ends": proposal.ends.isoformat(),
                "strategy_title": previous.strategy_title or None,
                "strategy_link": previous.strategy_link or None,
                "language": previous.language,
            },
        )

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "begin"}

    @property
    def carries(self) -> bool:
        """Whether the answers are to come along: only when somebody says so."""
        return text(self.plain, "begin") == "carried"


@cache
def start_form(key: str, *, following: bool) -> type[CycleForm]:
    """The form that starts a run of the workbook of that key: its name is asked for in the words of the workbook."""
    workbook, kind = WORKBOOKS[key], StartForm if following else CycleForm
    name = Line(workbook.name_label, workbook.name_hint, most=80, needed=True, ask="Enter a name", width="20")
    return type(f"{kind.__name__}Of{key}", (kind,), {"name": name, "__module__": __name__})


class AddPersonForm(PlainForm):
    """People who are to join the organisation in one role: one of them, or several at once."""

    email = EmailAddresses(
        "Email address",
        "They sign in with it. It cannot be changed later. You can add several people at once: paste their addresses "
        "as your email program copies them, or write one on each line.",
        most=MOST_AT_ONCE,
        needed=True,
        ask="Enter their email address",
    )
    name = Line("Full name", "Shown beside what they change, if they are new here.", most=NAME_MAX, short="Full name")
    role = Choice("Role", ROLES, needed=True, ask="Choose a role")

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        for one in read_addresses(text(self.raw, "email")):
            if len(one.name) > NAME_MAX and not text(self.plain, "name"):
                self.refuse("email", f"Shorten the name before {one.email[:80]} to {NAME_MAX} characters or fewer")
        if text(self.plain, "name") and len(read_addresses(text(self.raw, "email"))) > 1:
            self.refuse(
                "name",
                "Leave the name out when you add several people. Write it before each address, "
                "like Nora New <nora@example.org>",
            )

    @property
    def people(self) -> list[Address]:
        """Whose addresses are right, with the names they have; none while something else on the page is wrong."""
        if any(fault.path != ("email",) for fault in self.case.faults):
            return []
        typed = text(self.plain, "name")
        found = read_addresses(text(self.plain, "email"))
        return [Address(one.email, typed or one.name) for one in found if typed or len(one.name) <= NAME_MAX]

    def added(self, email: str) -> None:
        """Take an address out of the box: that person is added, and the others stay to be mended."""
        left = [one for one in read_addresses(text(self.raw, "email")) if one.email != email]
        self.raw["email"] = "\n".join(map(str, left))


class RoleForm(PlainForm):
    """What somebody does in the organisation."""

    role = Choice("Role", ROLES, needed=True, ask="Choose a role")
