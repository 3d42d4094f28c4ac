"""The risks on a grid of likelihood and impact, the worst at the top right, and each in its words beside it."""

from __future__ import annotations

from typing import Any

from worksheets.drawing.letters import brief, wrap
from worksheets.drawing.pen import DARK, GREY, INK, LINE, NARROW, WIDE, Drawing, figure
from worksheets.fields import Scope
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed, some
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.resources import LEVELS

KEY, TITLE = "risks", "Risks"
STEPS = ("low", "medium", "high")
# The deeper, the worse; how bad both are together is said by the place, the shade only repeats it.
SHADES = ("#ffffff", "#f0f4f5", "#e0e8f0", "#c8daed", "#a9c8e8")
# So few risks can be told with what is done about them.
FEW = 6
Risk = dict[str, Any]


def risks(scope: Scope) -> list[Risk]:
    """The risks, the worst first; those whose likelihood or impact is not said yet come last."""
    rows = scope.answer("resources", "success").get("risks") or []
    known = [{**row, "risk": brief(row.get("risk", "")) or f"Risk {n}"} for n, row in enumerate(rows, 1)]
    return sorted(known, key=lambda row: (-weight(row), -STEPS.index(row.get("impact", "low"))))


def weight(row: Risk) -> int:
    """How bad a risk is: likelihood and impact together, 0 to 4; -1 when one of them is not said."""
    if not (row.get("likelihood") and row.get("impact")):
        return -1
    return STEPS.index(row["likelihood"]) + STEPS.index(row["impact"])


def draw_grid(pen: Drawing, found: list[Risk], left: float, top: float, cell: float, high: float) -> None:
    gutter = 66
    for row, impact in enumerate(reversed(STEPS)):
        y = top + row * high
        pen.lines(left, y + high / 2 - 2, (LEVELS[impact], "impact"), 14, bold=True)
        for column, likelihood in enumerate(STEPS):
            x = left + gutter + column * cell
            pen.rect(x, y, cell, high, fill=SHADES[column + 2 - row], stroke=LINE)
            here = [n for n, r in enumerate(found, 1) if (r.get("likelihood"), r.get("impact")) == (likelihood, impact)]
            across = int((cell - 8) // 26)
            for place, n in enumerate(here):
                pen.badge(x + 18 + 26 * (place % across), y + 18 + 26 * (place // across), str(n), fill=DARK)
    for column, likelihood in enumerate(STEPS):
        x = left + gutter + column * cell + cell / 2
        pen.lines(x, top + 3 * high + 18, (LEVELS[likelihood], "likelihood"), 14, bold=True, anchor="middle")


def draw_list(pen: Drawing, found: list[Risk], left: float, top: float, room: float, most: int) -> float:
    y = top
    for n, row in enumerate(found, 1):
        pen.badge(left + 12, y + 12, str(n), fill=DARK)
        y = pen.lines(
            left + 32, y + 17, wrap(row["risk"], room - 32, 14, most, bold=len(found) < FEW), 14, bold=len(found) < FEW
        )
        if row.get("mitigation") and len(found) < FEW:
            y = pen.lines(left + 32, y, wrap(row["mitigation"], room - 32, 13, 2), 13, colour=GREY)
        elif not row.get("mitigation"):
            pen.text(left + 32, y, "Nothing planned against it yet", 13, colour=INK, bold=True)
            y += 17.5
        if weight(row) < 0:
            pen.text(left + 32, y, "Not placed in the grid yet", 13, colour=GREY)
            y += 17.5
        y += 0 if len(found) > 8 else 4
    return y


def alternative(found: list[Risk]) -> str:
    """What the picture says."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in found:
        if weight(row) >= 0:
            groups.setdefault((row["likelihood"], row["impact"]), []).append(f"“{row['risk']}”")
    said = [f"{capital(counted(len(found), 'risk'))}, the worst first."]
    said += [
        f"{capital(likelihood)} likelihood and {impact} impact: {listed(some(words))}."
        for (likelihood, impact), words in groups.items()
    ]
    open_ = sum(not row.get("mitigation") for row in found)
    if open_:
        said.append(f"Nothing is planned yet against {open_ if open_ < len(found) else 'any'} of them.")
    else:
        said.append("Something is planned against each.")
    unplaced = sum(weight(row) < 0 for row in found)
    if unplaced:
        said.append(f"Not placed in the grid yet: {unplaced}.")
    return " ".join(said)


def table(found: list[Risk]) -> Table:
    rows = tuple(
        (
            f"{n}. {row['risk']}",
            LEVELS.get(row.get("likelihood", ""), ""),
            LEVELS.get(row.get("impact", ""), ""),
            row.get("mitigation", ""),
        )
        for n, row in enumerate(found, 1)
    )
    columns = (Column("Risk", 5), Column("Likelihood", 2), Column("Impact", 2), Column("What we do about it", 5))
    return Table("Risks, the worst first", columns, rows)


def risk_grid(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """The risks of a review."""
    found = risks(reading.scope)
    if not found:
        words = (
            f"The risks show here once you have named some in {reading.scope.question('success')}, success and risks."
        )
        return Figure(TITLE, words, "", table([]), KEY, question="success")
    words = alternative(found)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    draw_grid(wide, found, 0, 4, 112, 84)
    below = draw_list(wide, found, 432, 2, WIDE - 432, 3 if len(found) < FEW else 1 if len(found) > 8 else 2)
    draw_grid(narrow, found, 0, 4, 91, 70)
    long = draw_list(narrow, found, 0, 266, NARROW, 3)
    return figure(TITLE, words, "success", table(found), (wide, max(306, below + 4)), (narrow, long + 4))
