"""The strategy in three sentences, and what a board should know before it reads on."""

from __future__ import annotations

from worksheets.fields import maybe, spoken_number, text
from worksheets.words import inside, listed, shortened, some
from worksheets.workbook import Reading, quoted
from worksheets.workbooks.strategy.paper.takes import badness
from worksheets.workbooks.strategy.resources import hours_of, known_hours
from worksheets.workbooks.strategy.stakeholders import by_part
from worksheets.workbooks.strategy.tables import AIMS, RISKS, STAKEHOLDERS

# From here on, of 9, a risk is high: at least a medium chance of something very bad.
HIGH = 6


def three_sentences(reading: Reading) -> tuple[str, ...]:
    """What for; whom, and where; what it takes. A sentence of which nothing is answered is left out."""
    return tuple(filter(None, (what_for(reading), whom_and_where(reading), what_it_takes(reading))))


def what_for(reading: Reading) -> str:
    """The aims as one sentence: the more there are, the shorter each."""
    aims = [words.rstrip(".") for words in reading.scope.named(AIMS).values()]
    most = 160 if len(aims) < 3 else 80
    said = listed(f"to {shortened(inside(words), most)}" for words in aims)
    return f"We use social media {said}{'' if said.endswith('…') else '.'}" if said else ""


def whom_and_where(reading: Reading) -> str:
    """The stakeholders, and the platforms by what is done there."""
    scope = reading.scope
    # As they are written: "Bengali families" has its capital for a reason, and nobody can tell from "Parents".
    people = listed(shortened(words, 60) for words in scope.named(STAKEHOLDERS).values())

    def on(role: str) -> str:
        return listed(by_part(scope)[role])

    said = listed(
        words
        for known, words in (
            (people, f"want to reach {people}"),
            (on("active"), f"are active on {on('active')}"),
            (on("listen"), f"listen on {on('listen')}"),
            (on("emergency"), f"keep {on('emergency')} for emergencies"),
        )
        if known
    )
    return f"We {said}." if said else ""


def what_it_takes(reading: Reading) -> str:
    """The hours of a week and the money."""
    known = known_hours(reading.scope) is not None
    hours, money = hours_of(reading.scope) if known else "", maybe(reading.answer("weekly"), "advertising")
    said = listed(filter(None, (hours, f"£{spoken_number(money)} for adverts" if money else "")))
    return f"It takes {said}." if said else ""


def to_know(reading: Reading) -> tuple[str, ...]:
    """The risks that are high."""
    high = [row for row in reading.scope.rows(RISKS) if badness(row) >= HIGH]
    high.sort(key=badness, reverse=True)
    named = listed(some([quoted(text(row, "risk"), 80) for row in high], 4))
    return (f"{'High risk' if len(high) == 1 else 'High risks'}: {named}.",) if high else ()
