"""The strategy on a page, cut so that it stays on one side of A4: what is too long ends in an ellipsis."""

from __future__ import annotations

from dataclasses import dataclass

from worksheets.drawing.fitting import fit, lines, shorten
from worksheets.presentation import Figure
from worksheets.workbooks.strategy.overview import Link, Overview
from worksheets.workbooks.strategy.tables import PATTERN

# How much goes on a line of each column at 8 points, in widths of a small letter, less a little to spare.
AIM_LINE = 96  # the whole width, shared between the aims
COLUMNS = {"objectives": 22, "stakeholders": 15, "platforms": 12, "content": 19, "measures": 19}
# How many lines of 8 points stand between the aims and the foot of the page, how many of them each row of the table
# needs for its rule and its gaps, and how many it may fill at most.
LINES, BETWEEN, MOST = 41, 1.6, 20
AIM_LINES = 9
# The picture of the golden thread: how many lines its width is, and the gap below it. It is left to a page of its own
# when each aim would have fewer lines than this in the table.
PICTURE_WIDTH, PICTURE_GAP, LEAST = 46.4, 1.5, 5
# With so few aims the letters are larger, by this much.
FEW, LARGER = 2, 10 / 8


@dataclass(frozen=True, slots=True)
class Aim:
    """One row of the page: what of each column fits."""

    title: str
    words: str
    objectives: tuple[str, ...]
    stakeholders: tuple[str, ...]
    platforms: tuple[str, ...]
    content: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnePage:
    """The strategy on a page. `opening` is what all aims begin with, or "" when they do not follow the pattern.

    `roomy` asks for larger letters. `picture` is the golden thread, where there is room for it.
    """

    opening: str
    aims: tuple[Aim, ...]
    roomy: bool
    picture: Figure | None = None


def one_page(overview: Overview, thread: Figure | None = None, *, whole: bool = False) -> OnePage:
    """The overview with every cell cut to its share of the page; with `whole` nothing is cut, as on screen."""
    count = len(overview.links) or 1
    matches = [PATTERN.match(" ".join(link.aim.split())) for link in overview.links]
    alike = bool(matches) and all(matches) and len({match["who"] for match in matches if match}) == 1
    opening = f"By using social media, {shorten(matches[0]['who'], 60, 1)} aims to" if alike and matches[0] else ""

    picture = thread if thread and thread.svg else None
    # Short aims leave room that the picture can have.
    longest = max((lines(link.aim, AIM_LINE / count - 2) for link in overview.links), default=0)
    left = LINES + max(AIM_LINES - longest, 0) - (picture.shape if picture else 0) * PICTURE_WIDTH - PICTURE_GAP
    if not picture or (left / count - BETWEEN < LEAST and not whole):
        picture, left = None, LINES

    roomy = count <= FEW and not picture
    scale = LARGER if roomy else 1
    room = (AIM_LINE / count - 2) / scale
    most = min(MOST, int(left / scale / count - BETWEEN))

    def aim(number: int, link: Link) -> Aim:
        match = matches[number - 1] if alike else None
        words = match["rest"] if match else link.aim
        if whole:
            cells = {name: tuple(filter(None, getattr(link, name))) for name in COLUMNS}
        else:
            cells = {name: fit(getattr(link, name), wide / scale, most) for name, wide in COLUMNS.items()}
            words = shorten(words, room, AIM_LINES)
        return Aim(title=f"Aim {number}", words=words, **cells)

    return OnePage(opening, tuple(aim(number, link) for number, link in enumerate(overview.links, 1)), roomy, picture)
