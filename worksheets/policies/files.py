"""The files of a version of a document, and what they say: as it stands, or as it was issued."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

from django.http import Http404
from django.utils import timezone

import worksheets
from worksheets import texts
from worksheets.access import Visit
from worksheets.models import Policy, PolicyFile, Printing, Summary
from worksheets.policies.drafting import said_of
from worksheets.policies.library import DOCUMENTS
from worksheets.policies.paper import paper_of
from worksheets.policies.said import Said
from worksheets.report import store
from worksheets.report.paper import Paper

State = Policy.State
# What is frozen.
FROZEN = (State.ISSUED, State.SUPERSEDED)


def find(visit: Visit, document: str, version: int) -> Policy:
    """A version of a document of the organisation, by the parts of its address. Http404. One query."""
    rows = Policy.objects.filter(organisation=visit.organisation, document=document, version=version)
    policy = rows.select_related("organisation").first()
    if policy is None or document not in DOCUMENTS:
        raise Http404
    return policy


def frozen(policy: Policy) -> Said | None:
    """What a version said when it was issued, in the state in which it is now; None for one that was not issued."""
    if policy.state not in FROZEN:
        return None
    kept = PolicyFile.objects.filter(policy=policy).values_list("said", flat=True).first()
    return replace(Said.from_json(kept), state=policy.get_state_display()) if kept else None


def told(policy: Policy) -> Said:
    """What a version says: as it was issued, or else as it stands today."""
    return frozen(policy) or said_of(policy, texts.current())


def paper(said: Said, made: datetime.date | None = None) -> Paper:
    """The paper of what a document says. `made` is the day it is of: today, if not given."""
    return paper_of(said, DOCUMENTS[said.document], made or timezone.localdate())


def digest(said: Said, form: str) -> str:
    """What a file of a document as it stands depends on, in one word: what it says, and how this version sets pages."""
    parts = (worksheets.__version__, str(form), said.to_json())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def make(printing: Printing) -> Summary:
    """Make the file that was asked for, of a version as it stands now. For the process that prints.

    Raises what `Printer.print` raises, and Http404 when the version is not there any more or was issued meanwhile.
    """
    policy = Policy.objects.select_related("organisation").filter(printings=printing).first()
    if policy is None or policy.state in FROZEN:
        raise Http404
    said = said_of(policy, texts.current())
    printing.digest = digest(said, printing.form)
    made = store.kept_of_policy(policy, printing.digest)
    return made or store.keep_of_policy(policy, printing.digest, paper(said), printing.form)
