"""The forms about a version of a document: what becomes of a clause, and who owns, approves and has read it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils import timezone

from worksheets.fields import (
    AnyKind,
    Case,
    Choice,
    Day,
    Line,
    Path,
    Plain,
    Posted,
    Scope,
    Select,
    Text,
    WebAddress,
    text,
)
from worksheets.models import Membership, Organisation, Policy, PolicyClause
from worksheets.policies.facts import HOLES
from worksheets.policies.library import DOCUMENTS, IN_BRACES, Document
from worksheets.words import listed
from worksheets.workbook import PlainForm, QuestionForm

Kept, Changed, LeftOut = PolicyClause.Choice.KEPT, PolicyClause.Choice.CHANGED, PolicyClause.Choice.LEFT_OUT


class Words(Text):
    """The words of a clause."""

    most = 10_000


class ClauseForm(PlainForm):
    """What the team does with a clause of the library."""

    choice = Choice(
        "What do you do with this clause?",
        {Kept: "Keep it as it is", Changed: "Change its words", LeftOut: "Leave it out"},
        needed=True,
        ask="Choose whether you keep this clause, change it or leave it out",
    )
    words = Words(
        "Your words",
        "Leave a free line between paragraphs. A line of a list begins with “- ”. A gap like {hours_watched} is filled "
        "with your facts.",
        lines=12,
        when=("choice", Changed),
        needed=True,
        ask="Enter your words for this clause",
    )
    because = Text(
        "Why do you leave it out?",
        "Whoever approves the document reads it. It is not in the document.",
        lines=3,
        when=("choice", LeftOut),
        needed=True,
        ask="Enter why you leave this clause out",
    )

    def refuse_words(self, library: str) -> None:
        """Say in the form what is wrong with the words, if they were changed from those of the library."""
        if text(self.plain, "choice") != Changed or self.errors:
            return
        words = text(self.plain, "words")
        unknown = [name for name in dict.fromkeys(IN_BRACES.findall(words)) if name not in HOLES]
        if unknown:
            gaps = listed(f"{{{name}}}" for name in unknown)
            self.refuse(
                "words", f"Take out {gaps}, or use one of the gaps in the list below. No other gap can be filled"
            )
        elif words == library:
            self.refuse("words", "Change the words, or choose “Keep it as it is”")

    @property
    def values(self) -> dict[str, str]:
        """The checked answer as the values of a `PolicyClause`."""
        return {name: text(self.plain, name) for name in ("choice", "words", "because")}


@dataclass(frozen=True)
class Among(Scope):
    """What a form about document control is read against: the members of the organisation, by their primary keys."""

    members: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Organisation) -> Among:
        """One query."""
        rows = Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__name")
        return cls(members={str(row.user_id): row.called for row in rows})


class Member(Select):
    """Somebody who belongs to the organisation."""

    def __init__(self, label: str, hint: str = "", *, needed: bool = False) -> None:
        super().__init__(label, {}, hint, needed=needed)

    def options(self, scope: Scope) -> Mapping[str, str]:
        return scope.members if isinstance(scope, Among) else {}

    def fixed(self) -> None:
        return None


class DayBefore(Day):
    """A day on which something has happened."""

    def settle(self, raw: tuple[str, str, str], at: Path, case: Case) -> str | None:
        iso = super().settle(raw, at, case)
        # One day more than today is allowed: it may be tomorrow where they are.
        if iso and datetime.date.fromisoformat(iso) > timezone.localdate() + datetime.timedelta(days=1):
            case.fault(at, "Enter a date that is not in the future")
        return iso


class ControlForm(QuestionForm):
    """What stands about a version in its first table. All of it may be left open until it is sent. See `control_form`
    for that of a document, which says who should read it."""

    number = Line("Number", "If your organisation numbers its policies. For example, CORP 12.", most=40, width="10")
    owner = Member("Owner", "Who looks after it, if they have an account here.", needed=True)
    owner_name = Line(
        "Or an owner who has no account here", "Their role is best: roles stay when people leave.", most=100
    )
    approver = Line("Who approves it", "A person or a committee. For example, Policy committee.", most=120, needed=True)
    next_review = Day("Next review", "Many organisations look at a policy again after one to three years.", needed=True)
    changes = Text(
        "What is new in this version?", "One or two lines for the history of amendments.", lines=2, short="What is new"
    )
    consulted = Text("Who was consulted?", "One a line. For example, Staff side, Patient panel.", lines=3)
    equality_on = DayBefore(
        "Done on",
        "Leave it empty while it is not done.",
        under="Equality impact assessment",
        short="Equality impact assessment, done on",
    )
    equality_link = WebAddress(
        "Where it can be read", most=500, short="Equality impact assessment, where it can be read"
    )
    privacy_on = DayBefore(
        "Done on",
        "Leave it empty while it is not done.",
        under="Data protection impact assessment",
        short="Data protection impact assessment, done on",
    )
    privacy_link = WebAddress(
        "Where it can be read", most=500, short="Data protection impact assessment, where it can be read"
    )

    def __init__(self, data: Posted | None = None, *, scope: Scope, initial: Mapping[str, Plain] | None = None) -> None:
        super().__init__(data, initial=initial, scope=scope)

    @classmethod
    def readers(cls) -> dict[str, tuple[str, str]]:
        """The fields that say who of some readers has read it and when, by the key of those readers."""
        return {name[4:].replace("_", "-"): (name, f"day_{name[4:]}") for name in cls.kinds if name.startswith("who_")}

    def full_clean(self) -> None:
        """A day on which somebody read it needs a name."""
        super().full_clean()
        for who, on in self.readers().values():
            if self.is_bound and text(self.plain, on) and not text(self.plain, who):
                self.case.fault((who,), "Enter who read it, or take the date out")
                self.errors.setdefault(who, self.error_class()).append("Enter who read it, or take the date out")

    @property
    def values(self) -> dict[str, Any]:
        """The checked answer as the values of a `Policy`."""
        plain, owner = self.plain, text(self.plain, "owner")
        days = ("next_review", "equality_on", "privacy_on", "exercised_on")
        found = {name: (who, on) for name, (who, on) in self.readers().items()}
        readings = {
            key: {"who": text(plain, who), "on": text(plain, on)}
            for key, (who, on) in found.items()
            if text(plain, who) or text(plain, on)
        }
        return {
            **{name: text(plain, name) for name in ("number", "approver", "consulted", "changes")},
            **{name: text(plain, name) for name in ("equality_link", "privacy_link")},
            **{name: day(text(plain, name)) for name in days if name in self.kinds},
            "owner_id": int(owner) if owner else None,
            "owner_name": "" if owner else text(plain, "owner_name"),
            "readings": readings,
        }

    @classmethod
    def as_kept(cls, policy: Policy) -> dict[str, Plain]:
        """What is kept about a version as the form begins with it."""
        names = [name for name in cls.kinds if name != "owner" and hasattr(policy, name)]
        kept: dict[str, Plain] = {name: plain_of(getattr(policy, name)) for name in names}
        kept["owner"] = str(policy.owner_id) if policy.owner_id else None
        for key, (who, on) in cls.readers().items():
            read = policy.readings.get(key) or {}
            kept |= {who: read.get("who") or None, on: read.get("on") or None}
        return {name: value for name, value in kept.items() if value is not None}


def day(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None


def plain_of(value: str | datetime.date | None) -> str | None:
    """A value of the database as the plain answer to a question; None for nothing."""
    return value.isoformat() if isinstance(value, datetime.date) else value or None


@cache
def control_form(key: str) -> type[ControlForm]:
    """The form about a version of the document of that key, with who should read it and when it was exercised."""
    document: Document = DOCUMENTS[key]
    fields: dict[str, AnyKind] = {}
    for reader, name in document.readers.items():
        field_name = reader.replace("-", "_")
        under = "Who has read it" if not fields else ""
        fields[f"who_{field_name}"] = Line(
            f"{name}: who read it?", "A name or a role." if not fields else "", most=100, under=under
        )
        fields[f"day_{field_name}"] = DayBefore(f"{name}: when?")
    if document.exercised:
        fields["exercised_on"] = DayBefore(
            "Last exercised", "When you last tried this plan out. Leave it empty if you have not yet.", under="Exercise"
        )
    return type(f"ControlForm_{key}", (ControlForm,), {"__module__": __name__, **fields})
