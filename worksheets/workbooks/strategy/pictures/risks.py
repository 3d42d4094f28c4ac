"""The risks on a grid of likelihood and impact, the worst at the top right, and each in its words beside it."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.drawing.letters import brief, wrap
from worksheets.drawing.pen import DARK, GREY, INK, LINE, NARROW, WIDE, Drawing, picture
from worksheets.fields import Scope, text
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed, some
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.resources import DEGREES
from worksheets.workbooks.strategy.tables import RISKS

KEY, TITLE = "risks", "Risks"
STEPS = ("low", "medium", "high")
# The deeper, the worse; how bad both are together is said by the place, the shade only repeats it.
SHADES = ("#ffffff", "#f0f4f5", "#e0e8f0", "#c8daed", "#a9c8e8")
# So few risks can be told with what is done about them.
FEW = 6


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk in its words. Likelihood and impact are among `STEPS`, or "" while they are not said."""

    words: str
    likelihood: str
    impact: str
    mitigation: str

    @property
    def weight(self) -> int:
        """How bad it is: likelihood and impact together, 0 to 4; -1 when one of them is not said."""
        if not (self.likelihood and self.impact):
            return -1
        return STEPS.index(self.likelihood) + STEPS.index(self.impact)


def risks_of(scope: Scope) -> list[Risk]:
    """The risks, the worst first; those whose likelihood or impact is not said yet come last."""
    known = [
        Risk(
            brief(text(row, "risk")) or f"Risk {n}",
            text(row, "likelihood"),
            text(row, "impact"),
            text(row, "mitigation"),
        )
        for n, row in enumerate(scope.rows(RISKS), 1)
    ]
    return sorted(known, key=lambda risk: (-risk.weight, -STEPS.index(risk.impact or "low")))


def draw_grid(pen: Drawing, risks: list[Risk], left: float, top: float, cell: float, high: float) -> None:
    gutter = 66
    for row, impact in enumerate(reversed(STEPS)):
        y = top + row * high
        pen.lines(left, y + high / 2 - 2, (DEGREES[impact], "impact"), 14, bold=True)
        for column, likelihood in enumerate(STEPS):
            x = left + gutter + column * cell
            pen.rect(x, y, cell, high, fill=SHADES[column + 2 - row], stroke=LINE)
            here = [n for n, r in enumerate(risks, 1) if (r.likelihood, r.impact) == (likelihood, impact)]
            across = int((cell - 8) // 26)
            for place, n in enumerate(here):
                pen.badge(x + 18 + 26 * (place % across), y + 18 + 26 * (place // across), str(n), fill=DARK)
    for column, likelihood in enumerate(STEPS):
        x = left + gutter + column * cell + cell / 2
        pen.lines(x, top + 3 * high + 18, (DEGREES[likelihood], "likelihood"), 14, bold=True, anchor="middle")


def draw_list(pen: Drawing, risks: list[Risk], left: float, top: float, room: float, most: int) -> float:
    y = top
    for n, risk in enumerate(risks, 1):
        pen.badge(left + 12, y + 12, str(n), fill=DARK)
        y = pen.lines(
            left + 32, y + 17, wrap(risk.words, room - 32, 14, most, bold=len(risks) < FEW), 14, bold=len(risks) < FEW
        )
        if risk.mitigation and len(risks) < FEW:
            y = pen.lines(left + 32, y, wrap(risk.mitigation, room - 32, 13, 2), 13, colour=GREY)
        elif not risk.mitigation:
            pen.text(left + 32, y, "Nothing planned against it yet", 13, colour=INK, bold=True)
            y += 17.5
        if risk.weight < 0:
            pen.text(left + 32, y, "Not placed in the grid yet", 13, colour=GREY)
            y += 17.5
        y += 0 if len(risks) > 8 else 4
    return y


def alternative(risks: list[Risk]) -> str:
    """What the picture says."""
    groups: dict[tuple[str, str], list[str]] = {}
    for risk in risks:
        if risk.weight >= 0:
            groups.setdefault((risk.likelihood, risk.impact), []).append(f"“{risk.words}”")
    said = [f"{capital(counted(len(risks), 'risk'))}, the worst first."]
    said += [
        f"{capital(likelihood)} likelihood and {impact} impact: {listed(some(words))}."
        for (likelihood, impact), words in groups.items()
    ]
    open_ = sum(not risk.mitigation for risk in risks)
    if open_:
        said.append(f"Nothing is planned yet against {open_ if open_ < len(risks) else 'any'} of them.")
    else:
        said.append("Something is planned against each.")
    unplaced = sum(risk.weight < 0 for risk in risks)
    if unplaced:
        said.append(f"Not placed in the grid yet: {unplaced}.")
    return " ".join(said)


def table(risks: list[Risk]) -> Table:
    rows = tuple(
        (f"{n}. {risk.words}", DEGREES.get(risk.likelihood, ""), DEGREES.get(risk.impact, ""), risk.mitigation)
        for n, risk in enumerate(risks, 1)
    )
    columns = (
        Column("Risk", 5, written=True),
        Column("Likelihood", 2),
        Column("Impact", 2),
        Column("What we do about it", 5, written=True),
    )
    return Table("Risks, the worst first", columns, rows)


def risk_grid(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """The risks of a review."""
    risks = risks_of(reading.scope)
    if not risks:
        words = (
            f"The risks show here once you have named some in {reading.scope.question('success')}, success and risks."
        )
        return Figure(TITLE, words, "", table([]), KEY, question="success")
    words = alternative(risks)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    draw_grid(wide, risks, 0, 4, 112, 84)
    below = draw_list(wide, risks, 432, 2, WIDE - 432, 3 if len(risks) < FEW else 1 if len(risks) > 8 else 2)
    draw_grid(narrow, risks, 0, 4, 91, 70)
    long = draw_list(narrow, risks, 0, 266, NARROW, 3)
    return picture(TITLE, words, "success", table(risks), (wide, max(306, below + 4)), (narrow, long + 4))
