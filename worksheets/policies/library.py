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


DOCUMENTS: dict[str, Document] = {
    one.key: one
    for one in (
        Document(
            "house-rules",
            "House rules for the public",
            "Tells everybody who writes to you what they can expect, and what you ask of them.",
            (Clause("hours"), Clause("welcome")),
            {"information-governance": "Information governance", "patient-experience": "Patient experience"},
            public=True,
        ),
    )
}
