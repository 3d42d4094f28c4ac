"""The pages on which a team makes documents out of the library: the list, a document, a version, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from worksheets import limits, pages, texts
from worksheets.access import Ability, Visit
from worksheets.actions.sources import Offers, clause_place
from worksheets.comparing.words import Text, changed_words, whole
from worksheets.fields import text
from worksheets.models import Action, Policy, PolicyClause, PolicyMove
from worksheets.pages import Request, in_organisation, to_cycle, to_list
from worksheets.policies import facts, files, issuing, library, moves, sending, writing
from worksheets.policies.downloads import page
from worksheets.policies.drafting import Draft, Drafted, Missing, control_of, draft_of, readings_of, said_in
from worksheets.policies.forms import Among, ClauseForm, ControlForm, control_form
from worksheets.policies.holding import holding
from worksheets.policies.library import DOCUMENTS, Document
from worksheets.policies.moves import TooLate
from worksheets.policies.paper import blocks_of
from worksheets.policies.said import Said
from worksheets.presentation import Block
from worksheets.saving import Overtaken, token
from worksheets.typed import typed_in
from worksheets.words import counted, inside, listed
from worksheets.workbook import QuestionForm
from worksheets.workbooks import WORKBOOKS

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
State, Choice, Kind = Policy.State, PolicyClause.Choice, PolicyMove.Kind


# The documents.


@dataclass(frozen=True)
class Kept:
    """A document with its versions: the one in force, and the one under way; None for none."""

    document: Document
    in_force: Policy | None
    under_way: Policy | None

    @property
    def overdue(self) -> bool:
        """Whether the version in force should have been looked at again by now."""
        due = self.in_force.next_review if self.in_force else None
        return due is not None and due < timezone.localdate()


@require_safe
@in_organisation()
def policies(request: Request, visit: Visit) -> HttpResponse:
    """The documents of the library, each with what is in force and what is under way, and what does not fit.

    As many queries as `holding`.
    """
    there = holding(visit)
    known = {(one.document, one.state == State.ISSUED): one for one in there.policies}
    kept = [Kept(one, known.get((key, True)), known.get((key, False))) for key, one in DOCUMENTS.items()]
    workbook, run = WORKBOOKS[facts.WORKBOOK], there.runs.get(facts.WORKBOOK)
    begin = to_cycle(run, "hub") if run else to_list(visit.organisation.slug, "cycle-start", workbook)
    return pages.render(
        request,
        "policies/policies.jinja",
        visit,
        current="policies",
        kept=kept,
        asks=workbook,
        run=run,
        begin=begin,
        may_begin=visit.may_start(workbook),
        points=there.points,
    )


@get_or_post
@in_organisation(post=Ability.LEAD)
def document(request: Request, visit: Visit, document: str) -> HttpResponse:
    """All versions of a document. Leads start the first one here, and each next one from the last."""
    one = DOCUMENTS.get(document)
    if one is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            policy = moves.start(visit, one, texts.current())
        except TooLate as late:
            messages.warning(request, "Somebody has started this version already. Here it is.")
            return to(late.policy)
        except limits.Full as full:
            error = full.limit.words
        else:
            return to(policy)
    now = texts.current()
    rows = Policy.objects.filter(organisation=visit.organisation, document=document).select_related("organisation")
    versions = list(rows)
    return pages.render(
        request,
        "policies/document.jinja",
        visit,
        current="policies",
        status=400 if error else 200,
        has_errors=bool(error),
        error=error,
        document=one,
        versions=versions,
        under_way=next((one for one in versions if one.state in moves.UNDER_WAY), None),
        outline=[(clause, library.wording(now, document, clause.key).heading) for clause in one.clauses],
    )


def to(policy: Policy, name: str = "policy", *more: str) -> HttpResponse:
    """On to a page of a version."""
    return redirect(where(policy, name, *more))


def where(policy: Policy, name: str, *more: str) -> str:
    """Where a page of a version is. Its organisation must be loaded."""
    return reverse(name, args=[policy.organisation.slug, policy.document, policy.version, *more])


# A version.


@dataclass(frozen=True)
class Read:
    """A clause of a version as its page shows it. `one` is None where what is issued has it and the library no more."""

    key: str
    heading: str
    blocks: tuple[Block, ...]
    one: Drafted | None


@get_or_post
@in_organisation(post=Ability.WRITE)
def policy(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """A version as it reads, with what to do next. The usual clauses that nobody decided on are kept here at once."""
    policy = files.find(visit, document, version)
    if request.method == "POST":
        try:
            kept = writing.keep_usual(visit, policy)
        except TooLate as late:
            return too_late(request, visit, late.policy)
        messages.success(
            request, f"You keep {counted(kept, 'clause')} as the library has {'it' if kept == 1 else 'them'}."
        )
        return to(policy)
    draft = draft_of(policy, texts.current())
    said = files.frozen(policy) or said_in(draft)
    happened = list(policy.moves.select_related("by").order_by("-id"))
    return page(
        request,
        "policies/policy.jinja",
        visit,
        policy,
        draft=draft,
        said=said,
        clauses=clauses_of(said, draft),
        left_out=[one for one in draft.clauses if not one.said],
        missing=[(one, sending.where_asked(draft, one)) for one in draft.missing],
        readers=readings_of(policy, draft.document),
        moves=happened,
        sent_back=sent_back(happened),
        next=next_step(visit, draft),
        frozen=policy.state in files.FROZEN,
        points=holding(visit).of(policy),
        address=where(policy, "policy"),
        approving=issuing.approving(policy),
        may_write=visit.may_write and policy.state == State.DRAFT,
        document=draft.document,
    )


def clauses_of(said: Said, draft: Draft) -> list[Read]:
    """The clauses of a version as they read."""
    known = draft.clause
    return [Read(one.key, one.heading, blocks_of(one.words, own=one.own), known.get(one.key)) for one in said.clauses]


def sent_back(happened: list[PolicyMove]) -> PolicyMove | None:
    """The move with which a manager gave the version back, while it is the last that happened."""
    return happened[0] if happened and happened[0].kind == Kind.SENT_BACK else None


def next_step(visit: Visit, draft: Draft) -> tuple[str, str] | None:
    """The one thing to do next for this member, in words, and where; None where others are next."""
    policy = draft.policy
    if policy.state in files.FROZEN:
        return "Open the PDF", where(policy, "policy-pdf")
    if policy.state == State.SENT:
        return ("Approve or send back", where(policy, "policy-decide")) if visit.may_decide else None
    if not visit.may_write:
        return None
    waiting = sending.stops(draft)
    if draft.open:
        return f"Decide on “{draft.open[0].heading}”", where(policy, "policy-clause", draft.open[0].key)
    if draft.missing:
        return "Add the facts that are missing", waiting[0]["href"]
    if waiting:
        return "Fill in document control", where(policy, "policy-control")
    return ("Send it for approval", where(policy, "policy-send")) if visit.may_lead else None


def too_late(request: Request, visit: Visit, policy: Policy, form: QuestionForm | None = None) -> HttpResponse:
    """409: the version is not any more what the page was for. What was typed is still there."""
    policy.refresh_from_db()
    typed = typed_in(form) if form else []
    return page(request, "policies/late.jinja", visit, policy, 409, typed=typed)


# A clause.


@get_or_post
@in_organisation(post=Ability.WRITE)
def clause(request: Request, visit: Visit, document: str, version: int, clause: str) -> HttpResponse:
    """One clause: keep it, change its words beside those of the library, or leave it out and say why."""
    policy = files.find(visit, document, version)
    draft = draft_of(policy, texts.current())
    one = draft.clause.get(clause)
    if one is None:
        raise Http404
    if request.method != "POST":
        return clause_page(request, visit, draft, one, ClauseForm(initial=begun(one)), seen=one.token)
    form, seen = ClauseForm(request.POST), request.POST.get("seen", "")
    if form.is_valid():
        form.refuse_words(one.wording.words)
    if form.errors:
        return clause_page(request, visit, draft, one, form, 400, seen=seen)
    try:
        writing.save_clause(visit, policy, clause, form.values, seen)
    except TooLate as late:
        return too_late(request, visit, late.policy, form)
    except Overtaken as overtaken:
        theirs = overtaken.theirs
        return clause_page(request, visit, draft, theirs, form, 409, seen=theirs.token, overtaken=True)
    messages.success(request, f"“{one.heading}” is saved.")
    following = after(draft_of(policy, texts.current()), clause)
    return to(policy, "policy-clause", following.key) if following and not one.decided else to(policy)


def begun(one: Drafted) -> dict[str, str | None]:
    """What the form about a clause begins with: what was decided, or else what is usual, and the library's words."""
    return {"choice": one.choice.value, "words": one.words, "because": one.because or None}


def after(draft: Draft, key: str) -> Drafted | None:
    """The next clause that somebody must decide on, behind that one or else from the first; None for none."""
    keys = [one.key for one in draft.clauses]
    waiting = draft.open
    return next((one for one in waiting if keys.index(one.key) > keys.index(key)), waiting[0] if waiting else None)


def clause_page(
    request: Request,
    visit: Visit,
    draft: Draft,
    one: Drafted,
    form: ClauseForm,
    status: int = 200,
    *,
    seen: str,
    overtaken: bool = False,
) -> HttpResponse:
    policy = draft.policy
    wrote = text(form.plain, "words") if form.is_bound else ""
    return page(
        request,
        "policies/clause.jinja",
        visit,
        policy,
        status,
        form=form,
        has_errors=status == 400,
        one=one,
        draft=draft,
        blocks=blocks_of(draft.known.fill(one.wording.words).words),
        why=blocks_of(one.wording.why),
        reads=blocks_of(one.filled.words, own=one.choice is Choice.CHANGED),
        marked=changed_words(one.wording.words, one.words) if one.choice is Choice.CHANGED and not overtaken else None,
        against=changed_words(one.words, wrote) if overtaken and wrote else None,
        holes=holes_of(one, draft),
        known=[(name, said) for name, said in facts.HOLES.items()],
        seen=seen,
        overtaken=overtaken,
        may_write=visit.may_write and policy.state == State.DRAFT,
        doing=Offers.of_clauses(visit).at(Action.Source.CLAUSE, doing_place(policy, one), one.heading),
    )


def doing_place(policy: Policy, one: Drafted) -> str:
    """The key of a clause among the places of which actions are made."""
    return clause_place(policy.document, policy.version, one.key)


def holes_of(one: Drafted, draft: Draft) -> list[tuple[str, str, str, str]]:
    """The holes of a clause, in the library's words and in the team's.

    Each as it is typed, what it is for, what it says now ("" while that is not known), and where it is asked for.
    """
    names = dict.fromkeys([*facts.HOLE.findall(one.wording.words), *facts.HOLE.findall(one.words)])
    found = []
    for name in names:
        said = draft.known.known.get(name, "")
        words = said if isinstance(said, str) else "; ".join(said)
        asked = draft_question(draft, name)
        found.append((f"{{{name}}}", facts.HOLES.get(name, name), words, asked))
    return found


def draft_question(draft: Draft, hole: str) -> str:
    """Where the fact for a hole is asked for; "" for the name of the organisation, which is asked for nowhere."""
    question = facts.ASKED_IN.get(hole, "")
    return sending.where_asked(draft, Missing("", question, ())) if question else ""


# Document control.


@get_or_post
@in_organisation(post=Ability.WRITE)
def control(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """Who owns a version, who approves and has read it, and when it is looked at again."""
    policy = files.find(visit, document, version)
    kind, scope = control_form(document), Among.of(visit.organisation)
    if request.method != "POST":
        form = kind(scope=scope, initial=kind.as_kept(policy))
        return control_page(request, visit, policy, form, seen=seen_of(policy, form))
    form, seen = kind(request.POST, scope=scope), request.POST.get("seen", "")
    if not form.is_valid():
        return control_page(request, visit, policy, form, 400, seen=seen)
    try:
        writing.save_control(policy, form.values, seen)
    except TooLate as late:
        return too_late(request, visit, late.policy, form)
    except Overtaken as overtaken:
        now = overtaken.theirs
        theirs = other_answers(kind, now, form, scope)
        return control_page(request, visit, now, form, 409, seen=seen_of(now, form), theirs=theirs)
    there = where(policy, "policy-control")
    wanting = [one["text"] for one in sending.stops(draft_of(policy, texts.current())) if one["href"].startswith(there)]
    still = f" Before it can be sent: {listed(map(inside, wanting))}." if wanting else ""
    messages.success(request, f"Document control is saved.{still}")
    return to(policy)


def seen_of(policy: Policy, form: ControlForm) -> str:
    """The token of what a page about document control shows."""
    return token(writing.control_shown(policy, form.values))


def other_answers(kind: type[ControlForm], policy: Policy, form: ControlForm, scope: Among) -> list[tuple[str, str]]:
    """What is kept now where the form says something else, each by its name: "" for nothing."""
    now = kind.as_kept(policy)
    told = []
    for name, field in kind.kinds.items():
        if now.get(name) != form.plain.get(name):
            kept = now.get(name)
            told.append((field.short, ", ".join(field.words(kept, scope)) if kept is not None else ""))
    return told


def control_page(
    request: Request,
    visit: Visit,
    policy: Policy,
    form: ControlForm,
    status: int = 200,
    *,
    seen: str,
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    may_write = visit.may_write and policy.state == State.DRAFT
    return page(
        request,
        "policies/control.jinja",
        visit,
        policy,
        status,
        form=form,
        has_errors=status == 400,
        seen=seen,
        theirs=theirs,
        rows=[] if may_write else list(control_of(policy, DOCUMENTS[policy.document])),
        may_write=may_write,
    )


# Sending.


@get_or_post
@in_organisation(post=Ability.LEAD)
def send(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """What a version still needs before it can be approved. Leads send it from here, and take it back."""
    policy = files.find(visit, document, version)
    draft = draft_of(policy, texts.current())
    if request.method != "POST":
        return send_page(request, visit, draft)
    back = request.POST.get("do") == "withdraw"
    try:
        if request.POST.get("seen", "") != str(policy.stamp):
            raise TooLate(policy)
        if back:
            moves.withdraw(visit, policy)
        elif sending.stops(draft):
            return send_page(request, visit, draft, 400)
        else:
            moves.send(visit, policy, draft.run)
    except TooLate as late:
        return too_late(request, visit, late.policy)
    except limits.Full as full:
        return send_page(request, visit, draft, 400, full=full.limit.words)
    tell_managers(request, visit, draft, Kind.WITHDRAWN if back else Kind.SENT)
    return to(policy)


def send_page(request: Request, visit: Visit, draft: Draft, status: int = 200, *, full: str = "") -> HttpResponse:
    policy = draft.policy
    return page(
        request,
        "policies/send.jinja",
        visit,
        policy,
        status,
        has_errors=status == 400,
        stops=sending.stops(draft) if policy.state == State.DRAFT else [],
        full=full,
        draft=draft,
        unread=[name for name, who, _ in readings_of(policy, draft.document) if not who],
        managers=[one.called for one in sending.managers(visit)],
        seen=str(policy.stamp),
    )


def tell_managers(request: Request, visit: Visit, draft: Draft, kind: PolicyMove.Kind) -> None:
    """Mail the managers that there is something to approve, or no longer, and tell the lead how that went."""
    people = sending.managers(visit)
    names = listed(one.called for one in people)
    sent = kind == Kind.SENT
    done = "The document is sent for approval." if sent else "The document is a draft again. Your team can change it."
    if not people:
        lacking = " Your organisation has no manager yet: add one under People, so that somebody can approve it."
        messages.warning(request, done + (lacking if sent else ""))
    elif sending.tell(visit, draft, kind):
        messages.success(request, f"{done} We have told {names} by email.")
    else:
        messages.warning(request, f"{done} We could not send an email to every manager: tell {names} yourself.")


# What moved on in the library.


@dataclass(frozen=True)
class MovedOn:
    """A clause whose words moved on in the library: before and after with their words marked, its new heading where
    that moved on, and in the team's own words how it reads now."""

    one: Drafted
    before: Text
    after: Text
    heading: str
    own: Text | None
    token: str


@get_or_post
@in_organisation(post=Ability.WRITE)
def moved_on(request: Request, visit: Visit, document: str, version: int) -> HttpResponse:
    """The clauses whose words moved on in the library since they were decided on: each is taken or refused."""
    policy = files.find(visit, document, version)
    overtaken = False
    if request.method == "POST":
        key, take = request.POST.get("clause", ""), request.POST.get("do") == "take"
        if key not in DOCUMENTS[document].clause:
            raise Http404
        try:
            writing.follow_library(visit, policy, key, request.POST.get("seen", ""), take=take)
        except TooLate as late:
            return too_late(request, visit, late.policy)
        except Overtaken:
            overtaken = True
        else:
            return followed(request, policy, key, take=take)
    draft = draft_of(policy, texts.current())
    return page(
        request,
        "policies/library.jinja",
        visit,
        policy,
        409 if overtaken else 200,
        moved=[compared(one) for one in draft.moved_on],
        overtaken=overtaken,
        may_write=visit.may_write and policy.state == State.DRAFT,
    )


def followed(request: Request, policy: Policy, key: str, *, take: bool) -> HttpResponse:
    """On to the next clause that moved on; or to one where new words stand beside the team's own, to join the two."""
    draft = draft_of(policy, texts.current())
    if take and draft.clause[key].choice is not Choice.KEPT:
        return to(policy, "policy-clause", key)
    messages.success(request, "You have the new words now." if take else "The clause stays as it is.")
    return to(policy, "policy-library") if draft.moved_on else to(policy)


def compared(one: Drafted) -> MovedOn:
    """A clause that moved on, as its page shows it."""
    now = library.read(one.today)
    before, after = changed_words(one.wording.words, now.words)
    own = whole(one.words, "same") if one.choice is Choice.CHANGED else None
    heading = now.heading if now.heading != one.heading else ""
    return MovedOn(one, before, after, heading, own, writing.library_token(one))
