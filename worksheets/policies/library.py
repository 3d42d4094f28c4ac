"""The library: which documents there are, of which clauses each is made, and the words that ship or admins wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from worksheets.texts import Texts

# A clause in the library is a text like guidance: its heading, its words, and why it is here with its source.
HEADING = re.compile(r"\A\s*#[ \t]+(?P<heading>[^\n]+)\n")
WHY = re.compile(r"^##[ \t]+Why it is here[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Clause:
    """One clause of a document. A usual one is kept unless somebody leaves it out; an optional one starts left out."""

    key: str
    optional: bool = False


@dataclass(frozen=True)
class Document:
    """A document that the library has. `readers` should read it before it is approved, by their keys; a `public` one
    comes as HTML for a website too, and one `on_a_page` is one side of A4."""

    key: str
    title: str
    purpose: str
    clauses: tuple[Clause, ...]
    readers: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    on_a_page: bool = False

    @property
    def clause(self) -> dict[str, Clause]:
        return {clause.key: clause for clause in self.clauses}


@dataclass(frozen=True)
class Wording:
    """A clause as the library has it: its words are paragraphs and lists ("- "), with `{holes}` for facts."""

    heading: str
    words: str
    why: str


def text_key(document: str, clause: str) -> str:
    """The key of the text of a clause among all texts: "clauses/house-rules.hours"."""
    return f"clauses/{document}.{clause}"


def read(source: str) -> Wording:
    """The parts of a text of the library."""
    heading = HEADING.match(source)
    words, _, why = WHY.sub("\x00", source[heading.end() if heading else 0 :]).partition("\x00")
    return Wording(heading["heading"].strip() if heading else "", words.strip(), why.strip())


def wording(texts: Texts, document: str, clause: str) -> Wording:
    """A clause as the library has it today: what an admin wrote, or else what ships. KeyError for none."""
    return read(texts.source(text_key(document, clause)))


# Who should read a document before it is approved, as far as a document names them.
PEOPLE_TEAM = {"people-team": "People team"}
GOVERNANCE = {"information-governance": "Information governance"}
STAFF_SIDE = {"staff-side": "Staff side"}
LEGAL = {"legal": "Legal adviser"}
PATIENT_EXPERIENCE = {"patient-experience": "Patient experience"}
PLANNING = {"emergency-planning": "Emergency planning"}
SAFEGUARDING = {"safeguarding": "Safeguarding"}
CLINICAL = {"clinical": "A clinical lead"}
SECURITY = {"cyber-security": "Cyber security"}


def clauses(usual: str, optional: str = "") -> tuple[Clause, ...]:
    """The clauses of a document in their order, by their keys; those named in `optional` too start left out."""
    left_out = set(optional.split())
    return tuple(Clause(key, key in left_out) for key in usual.split())


DOCUMENTS: dict[str, Document] = {
    one.key: one
    for one in (
        Document(
            "staff-policy",
            "Social media policy for staff",
            "Tells everybody who works with you how to use social media well, at work and in their own time.",
            clauses(
                "why scope words roles principles work own confidentiality pictures messaging regulator concerns abuse "
                "training checking wrong leaders elections equality related",
                "words leaders elections",
            ),
            PEOPLE_TEAM | STAFF_SIDE | GOVERNANCE | LEGAL,
        ),
        Document(
            "personal-use",
            "Your own social media: one page for staff",
            "The staff policy on one page: what to do, when to ask first, and what never to do.",
            clauses("in-short do ask-first never trouble group-chats", "group-chats"),
            PEOPLE_TEAM | STAFF_SIDE | GOVERNANCE,
            on_a_page=True,
        ),
        Document(
            "house-rules",
            "House rules for the public",
            "Tells everybody who writes to you what they can expect, and what you ask of them.",
            clauses(
                "hours purpose cannot urgent care welcome remove blocking appeal follows your-words privacy languages "
                "contact",
                "languages",
            ),
            PATIENT_EXPERIENCE | GOVERNANCE | LEGAL,
            public=True,
        ),
        Document(
            "moderation",
            "How we moderate and answer",
            "Tells whoever looks after your accounts how to read, answer, hide, pass on and write down.",
            clauses(
                "purpose who sort voice arguments private clinical danger threats misinformation media hide "
                "escalate log handover care fair",
                "handover",
            ),
            PATIENT_EXPERIENCE | SAFEGUARDING | GOVERNANCE | CLINICAL,
        ),
        Document(
            "sign-off",
            "Who signs off a post",
            "Says which posts somebody checks before they go out, who does it, and how soon.",
            clauses("purpose needs free steps time nights live mistakes record none", "none"),
            CLINICAL | GOVERNANCE,
        ),
        Document(
            "accounts",
            "Opening, keeping and closing accounts",
            "Says how an account in your name is asked for, kept safe, checked and closed.",
            clauses("purpose asking deciding access list security check leavers unofficial taken-over closing"),
            GOVERNANCE | SECURITY,
        ),
        Document(
            "crisis",
            "Social media in a crisis",
            "Says what you do on social media when something serious happens, from the first hour until it is over.",
            clauses(
                "when first-hour objectives audiences principles holding-lines clearance channels stop lead partners "
                "platform-down people rest false-information risks contacts stand-down learn exercise",
            ),
            PLANNING | CLINICAL | GOVERNANCE | LEGAL,
        ),
    )
}
