"""A version of a document as it is being written: its clauses beside the library's, and the facts put in them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from worksheets import neighbours
from worksheets.fields import spoken_date
from worksheets.languages import OURS
from worksheets.models import Cycle, Membership, Organisation, Policy, PolicyClause
from worksheets.policies import facts, library
from worksheets.policies.facts import Facts, Filled
from worksheets.policies.library import DOCUMENTS, Clause, Document, Wording
from worksheets.policies.said import Said, SaidClause
from worksheets.saving import token
from worksheets.texts import Texts

State, Choice = Policy.State, PolicyClause.Choice
NOT_YET = "Not known yet"


@dataclass(frozen=True)
class Drafted:
    """One clause of a version: what was decided about it, beside what the library has today.

    `kept` is what is stored; None where the library has had the clause for less long than this version. `today` is the
    library's text, as Markdown.
    """

    clause: Clause
    kept: PolicyClause | None
    today: str
    known: Facts

    @property
    def key(self) -> str:
        return self.clause.key

    @property
    def decided(self) -> bool:
        return self.kept is not None and self.kept.decided

    @property
    def open(self) -> bool:
        """Whether somebody must decide before the version can be sent. An optional clause stays left out."""
        return not self.decided and not self.clause.optional

    @property
    def choice(self) -> PolicyClause.Choice:
        if self.kept is not None:
            return Choice(self.kept.choice)
        return Choice.LEFT_OUT if self.clause.optional else Choice.KEPT

    @property
    def base(self) -> str:
        """The library's text that was decided on, or else today's, on which it will be."""
        decided_on = self.kept.base if self.kept and self.decided else ""
        return decided_on or self.today

    @cached_property
    def wording(self) -> Wording:
        """The clause as the library had it when it was decided on."""
        return library.read(self.base)

    @property
    def heading(self) -> str:
        return self.wording.heading

    @property
    def words(self) -> str:
        """What the clause says, with its holes."""
        return self.kept.words if self.kept and self.choice is Choice.CHANGED else self.wording.words

    @property
    def because(self) -> str:
        return self.kept.because if self.kept else ""

    @property
    def said(self) -> bool:
        """Whether it stands in the document."""
        return self.kept is not None and self.choice is not Choice.LEFT_OUT

    @cached_property
    def filled(self) -> Filled:
        """What it says, with what is known in its holes."""
        return self.known.fill(self.words)

    @property
    def moved_on(self) -> bool:
        """Whether the library has other words today than those that were decided on."""
        then, now = self.wording, library.read(self.today)
        return self.decided and (then.heading, then.words) != (now.heading, now.words)

    @property
    def shown(self) -> dict[str, str | bool]:
        """What the page about it shows, of which its token is made."""
        return {
            "choice": self.choice.value if self.decided else "",
            "words": self.kept.words if self.kept else "",
            "because": self.because,
            "base": self.base,
        }

    @property
    def token(self) -> str:
        return token(self.shown)


@dataclass(frozen=True)
class Missing:
    """A fact that is not known: in words, the question that asks for it, and the headings of the clauses that need
    it."""

    words: str
    question: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A version with its clauses in the order of the library. `run` is where its facts come from."""

    policy: Policy
    document: Document
    clauses: tuple[Drafted, ...]
    run: Cycle | None
    known: Facts

    @property
    def clause(self) -> dict[str, Drafted]:
        return {one.key: one for one in self.clauses}

    @property
    def said(self) -> tuple[Drafted, ...]:
        """The clauses that stand in the document."""
        return tuple(one for one in self.clauses if one.said)

    @property
    def open(self) -> tuple[Drafted, ...]:
        """Those that somebody must decide on."""
        return tuple(one for one in self.clauses if one.open)

    @property
    def moved_on(self) -> tuple[Drafted, ...]:
        return tuple(one for one in self.clauses if one.moved_on)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts that its clauses need and nobody gave, each once."""
        needed: dict[str, list[str]] = {}
        for one in self.said:
            for hole in facts.HOLE.findall(one.words):
                if not self.known.known.get(hole):
                    needed.setdefault(hole, []).append(one.heading)
        return tuple(
            Missing(facts.HOLES.get(hole, hole), facts.ASKED_IN.get(hole, ""), tuple(dict.fromkeys(clauses)))
            for hole, clauses in needed.items()
        )


def newest_run(organisation: Organisation) -> Cycle | None:
    """The newest run of the workbook of facts that is not archived; None where there is none. One query."""
    rows = Cycle.objects.filter(organisation=organisation, workbook=facts.WORKBOOK, archived_at=None)
    run = rows.order_by("-starts", "-id").first()
    if run:
        run.organisation = organisation
    return run


def facts_of(run: Cycle | None, texts: Texts) -> Facts:
    """What a run of the workbook of facts says; nothing where there is none. One query."""
    if run is None:
        return Facts()
    return Facts.of(neighbours.review_of(run, run.worksheets.all(), texts).scope)


def draft_of(policy: Policy, texts: Texts) -> Draft:
    """A version as it stands, with the facts as they are now. Three queries, four if its facts are settled."""
    document = DOCUMENTS[policy.document]
    run = policy.facts or newest_run(policy.organisation)
    if run:
        run.organisation = policy.organisation
    known = facts_of(run, texts)
    kept = {one.key: one for one in policy.clauses.select_related("saved_by")}
    clauses = tuple(
        Drafted(clause, kept.get(clause.key), texts.source(library.text_key(document.key, clause.key)), known)
        for clause in document.clauses
    )
    return Draft(policy, document, clauses, run, known)


def said_of(policy: Policy, texts: Texts) -> Said:
    """What a version says as it stands: its clauses with their holes filled, what stands about it in its first table,
    and the versions before it. Six queries or fewer."""
    return said_in(draft_of(policy, texts))


def said_in(draft: Draft) -> Said:
    """The same of a draft that was read already."""
    policy = draft.policy
    organisation = policy.organisation
    return Said(
        document=draft.document.key,
        title=draft.document.title,
        organisation=organisation.name,
        version=policy.version,
        state=policy.get_state_display(),
        control=tuple(control_of(policy, draft.document)),
        clauses=tuple(
            SaidClause(one.key, one.heading, one.filled.words, one.choice is Choice.CHANGED) for one in draft.said
        ),
        history=tuple(history_of(policy)),
        missing=tuple(dict.fromkeys(fact for one in draft.said for fact in one.filled.missing)),
        language=organisation.language or OURS,
    )


# What stands about a version in its tables.


def owner_of(policy: Policy) -> str:
    """Who owns it: a member as they are called in the organisation, or somebody without an account. "" for nobody."""
    if policy.owner is None:
        return policy.owner_name
    member = Membership.objects.filter(user=policy.owner, organisation=policy.organisation_id).select_related("user")
    found = member.first()
    return found.called if found else str(policy.owner)


def control_of(policy: Policy, document: Document) -> Iterable[tuple[str, str]]:
    """The rows of the table of document control. What is not needed and not given is left out."""
    if policy.number:
        yield "Number", policy.number
    yield "Version", str(policy.version)
    yield "Owner", owner_of(policy) or NOT_YET
    yield "Approved by" if policy.approved_on else "To be approved by", policy.approver or NOT_YET
    if policy.approved_on:
        yield "Approved on", spoken_date(policy.approved_on)
    yield "Next review", spoken_date(policy.next_review) if policy.next_review else NOT_YET
    if policy.consulted:
        yield "Who was consulted", ", ".join(filter(None, map(str.strip, policy.consulted.split("\n"))))
    for label, on, link in (
        ("Equality impact assessment", policy.equality_on, policy.equality_link),
        ("Data protection impact assessment", policy.privacy_on, policy.privacy_link),
    ):
        if on or link:
            yield label, ", ".join(filter(None, (f"done on {spoken_date(on)}" if on else "", link)))
    for name, who, on in readings_of(policy, document):
        if who:
            yield f"Read by: {name}", f"{who}, {spoken_date(on)}" if on else who
    if policy.exercised_on:
        yield "Last exercised", spoken_date(policy.exercised_on)


def readings_of(policy: Policy, document: Document) -> list[tuple[str, str, datetime.date | None]]:
    """Who should read the document before it is approved: what they are, who of them did ("" for nobody), and when."""
    found = ((name, policy.readings.get(key) or {}) for key, name in document.readers.items())
    return [(name, read.get("who", ""), day_in(read.get("on", ""))) for name, read in found]


def day_in(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None


def history_of(policy: Policy) -> Iterable[tuple[str, str, str]]:
    """The rows of the history of amendments: every issued version up to this one, and this one, the oldest first."""
    rows = Policy.objects.filter(organisation=policy.organisation_id, document=policy.document)
    before = rows.filter(version__lt=policy.version, issued_at__isnull=False).order_by("version")
    for one in (*before, policy):
        on = spoken_date(timezone.localdate(one.issued_at)) if one.issued_at else "Not issued yet"
        yield str(one.version), on, " ".join(one.changes.split()) or "Nothing noted"
