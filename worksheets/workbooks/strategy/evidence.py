"""The sources of audience evidence that the form offers: what each is called in full, whose it is, its year."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.fields import Scope, several, text
from worksheets.workbooks.strategy.stakeholders import SOURCES
from worksheets.workbooks.strategy.tables import PRESENCE, STAKEHOLDERS


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it is cited. `year` is the edition the method names; `link` is empty where the method gives none."""

    title: str
    publisher: str = ""
    year: str = ""
    link: str = ""


# One for each source that the form offers. The toolkit of 2016 names these (stage three of the method); some surveys
# have ended or changed their names since.
DOCUMENTS = {
    "facebook-ads": Document("Estimate in the advert tool", "Facebook", "At the time of the review"),
    "taking-part": Document("Taking Part survey", "Department for Culture, Media and Sport", "As named in 2016"),
    "ofcom": Document(
        "The communications market report", "Ofcom", "2016", "https://www.ofcom.org.uk/research-and-data/cmr/cmr16"
    ),
    "oxis": Document("Oxford Internet Survey (OxIS)", "Oxford Internet Institute", "As named in 2016"),
    "ons": Document("Internet users bulletin", "Office for National Statistics", "As named in 2016"),
    "platform-search": Document("Searches on the platforms", "", "At the time of the review"),
    "alerts": Document("Alerts on the organisation's name", "", "At the time of the review"),
    "local-data": Document("The organisation's own data", "", "At the time of the review"),
    "other": Document("Another source", "See the notes of {question:presence}"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A source that this review rests on, and the stakeholders it was used for, in their order of importance."""

    document: Document
    used_for: tuple[str, ...]


def evidence(scope: Scope) -> tuple[Evidence, ...]:
    """The sources that the answers name, in the order in which the form offers them."""
    names = scope.choices(STAKEHOLDERS)
    users: dict[str, list[str]] = {}
    for row in scope.rows(PRESENCE):
        for key in several(row, "sources"):
            users.setdefault(key, []).append(text(row, "stakeholder"))
    return tuple(
        Evidence(DOCUMENTS.get(key, Document(SOURCES[key])), tuple(names[who] for who in names if who in users[key]))
        for key in SOURCES
        if key in users
    )
