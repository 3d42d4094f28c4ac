"""The library: which documents there are, of which clauses each is made, and the words that ship or admins wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from worksheets import proofreading, texts
from worksheets.policies.facts import HOLES
from worksheets.texts import Texts
from worksheets.words import listed

# A clause in the library is a text like guidance: its heading, its words, and why it is here with its source.
HEADING = re.compile(r"\A\s*#[ \t]+(?P<heading>[^\n]+)\n")
WHY = re.compile(r"^##[ \t]+Why it is here[ \t]*$", re.MULTILINE)
# What begins the key of such a text, and what looks like a hole in it, known or not.
KIND = "clauses"
IN_BRACES = re.compile(r"\{([^{}\n]*)\}")
# What a document cannot show, as an error names it, by the tags that Markdown makes of it.
REFUSED = {
    **dict.fromkeys(texts.HEADINGS, "a second heading"),
    "ol": "a numbered list",
    **dict.fromkeys(("strong", "em"), "bold or slanted words"),
    "table": "a table",
    "blockquote": "a quotation",
    "code": "code",
    "pre": "code",
    "a": "a link",
    "img": "a picture",
    "hr": "a line across",
    "br": "two spaces at the end of a line",
}


@dataclass(frozen=True)
class Clause:
    """One clause of a document. A usual one is kept unless somebody leaves it out; an optional one starts left out."""

    key: str
    optional: bool = False


@dataclass(frozen=True)
class Document:
    """A document that the library has. `short` is its name where it stands beside others. `readers` should read it
    before it is approved, by their keys; a `public` one comes as HTML for a website too, one `on_a_page` is one side of
    A4, and one that is `exercised` is tried out now and then.
    """

    key: str
    title: str
    short: str
    purpose: str
    clauses: tuple[Clause, ...]
    readers: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    on_a_page: bool = False
    exercised: bool = False

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
    return f"{KIND}/{document}.{clause}"


def parts_of(key: str) -> tuple[Document, str]:
    """The document and the key of the clause that a text is about, by its key among all texts. KeyError for none."""
    kind, _, name = key.partition("/")
    document, _, clause = name.partition(".")
    if kind != KIND or clause not in DOCUMENTS[document].clause:
        raise KeyError(key)
    return DOCUMENTS[document], clause


def keys() -> list[str]:
    """The keys of the texts of all clauses, in the order of the documents."""
    return [text_key(document.key, clause.key) for document in DOCUMENTS.values() for clause in document.clauses]


def read(source: str) -> Wording:
    """The parts of a text of the library."""
    heading = HEADING.match(source)
    words, _, why = WHY.sub("\x00", source[heading.end() if heading else 0 :]).partition("\x00")
    return Wording(heading["heading"].strip() if heading else "", words.strip(), why.strip())


def wording(now: Texts, document: str, clause: str) -> Wording:
    """A clause as the library has it today: what an admin wrote, or else what ships. KeyError for none."""
    return read(now.source(text_key(document, clause)))


def faults(source: str) -> list[str]:
    """What to mend in a text before the library may have it, as sentences; nothing when it is a clause."""
    said = read(source.replace("\r\n", "\n"))
    return [f"{fault}." for fault in (*wrong_parts(said), *wrong_holes(said), *wrong_words(said.words))]


def wrong_parts(said: Wording) -> Iterator[str]:
    if not said.heading:
        yield "Begin with the heading of the clause, in a line of its own like “# When we are here”"
    if not said.words:
        yield "Write what the clause says, below its heading"
    if not said.why:
        yield "End with a line “## Why it is here”, and below it a sentence that says why, with its source and year"


def wrong_holes(said: Wording) -> Iterator[str]:
    unknown = [f"{{{name}}}" for name in dict.fromkeys(IN_BRACES.findall(said.words)) if name not in HOLES]
    if unknown:
        yield f"Take out {listed(unknown)}, or use a gap that there is. Only the gaps in the list can be filled"
    if IN_BRACES.search(said.heading):
        yield "Take the gap out of the heading. Gaps are filled below it only"


def wrong_words(words: str) -> Iterator[str]:
    """What is more than paragraphs and lists of one level, each kind of it once."""
    if not words:
        return
    md = texts.reader()
    found = proofreading.Found(md)
    md.treeprocessors.register(found, "found", -1)
    md.convert(words)
    named = [REFUSED[one.tag] for one in found.root.iter() if one.tag in REFUSED]
    named += ["a list within a list"] if any(nested(one) for one in found.root.iter("li")) else []
    if named:
        yield (
            f"Take out {listed(dict.fromkeys(named))}. A clause has paragraphs, and lists of lines that begin with “- ”"
        )


def nested(item: Element) -> bool:
    """Whether a point of a list holds a list."""
    return any(part.tag in ("ul", "ol") for part in item)


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
            "staff policy",
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
            "one page for staff",
            "The staff policy on one page: what to do, when to ask first, and what never to do.",
            clauses("in-short do ask-first never trouble group-chats", "group-chats"),
            PEOPLE_TEAM | STAFF_SIDE | GOVERNANCE,
            on_a_page=True,
        ),
        Document(
            "house-rules",
            "House rules for the public",
            "house rules",
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
            "moderation",
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
            "sign-off",
            "Says which posts somebody checks before they go out, who does it, and how soon.",
            clauses("purpose needs free steps time nights live mistakes record none", "none"),
            CLINICAL | GOVERNANCE,
        ),
        Document(
            "accounts",
            "Opening, keeping and closing accounts",
            "accounts",
            "Says how an account in your name is asked for, kept safe, checked and closed.",
            clauses("purpose asking deciding access list security check leavers unofficial taken-over closing"),
            GOVERNANCE | SECURITY,
        ),
        Document(
            "crisis",
            "Social media in a crisis",
            "crisis",
            "Says what you do on social media when something serious happens, from the first hour until it is over.",
            clauses(
                "when first-hour objectives audiences principles holding-lines clearance channels stop lead partners "
                "platform-down people rest false-information risks contacts stand-down learn exercise",
            ),
            PLANNING | CLINICAL | GOVERNANCE | LEGAL,
            exercised=True,
        ),
    )
}
