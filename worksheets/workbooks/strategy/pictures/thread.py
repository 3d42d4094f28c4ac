"""The golden thread drawn: linked columns; on a phone lists with the numbers of the aims."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from worksheets.drawing.letters import clean, wrap
from worksheets.drawing.pen import BLUE, DARK, GREY, INK, LINE, NARROW, WHITE, WIDE, Drawing, number, picture
from worksheets.presentation import Column, Figure, Table
from worksheets.words import capital, counted, listed, some
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.pictures.ties import GoldenThread, Item, Strand, thread_of

KEY, TITLE = "thread", "The golden thread"

# The widths of the six columns, and of the space between two: together the whole width. Where so much content is
# planned that each item has one line, that line is longer.
WIDTHS, SPACE = (122, 122, 104, 92, 118, 117), 33
CROWDED, CROWDED_WIDTHS, CROWDED_SPACE = 15, (108, 110, 96, 88, 164, 124), 30
# On paper the whole is narrower, so that its letters are larger.
PAPER, PAPER_WIDTHS, PAPER_SPACE = 690, (96, 98, 92, 92, 94, 93), 25
PAPER_CROWDED_WIDTHS, PAPER_CROWDED_SPACE = (84, 86, 84, 86, 146, 88), 23.2
SIZE, LEADING, PAD, GAP, HEAD = 13, 16, 7, 8, 30
# Where there are many items in a column, they stand closer.
CLOSE_PAD, CLOSE_GAP = 4, 4
# How many lines an item has at most: on paper nothing is cut that there is room for.
MOST_LINES, MOST_ON_PAPER = 6, 16
# On paper it shares one side of A4 with the aims and the sums. A screen has no end.
TALLEST, TALLEST_ON_SCREEN = 640, 1_600
# So many ties between two columns are drawn thinner.
MANY = 60


@dataclass(frozen=True, slots=True)
class Box:
    """An item in its place: its words and marks in the lines that they take."""

    item: Item
    x: float
    y: float
    width: float
    height: float
    lines: list[str]
    marks: list[str]
    pad: float = PAD

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def lines_of(item: Item, room: float, most: int) -> tuple[list[str], list[str]]:
    """The words of an item and of its marks, wrapped."""
    marks = [line for words, _ in item.marks for line in wrap(capital(words), room - 14, SIZE, 4, bold=True)]
    words = clean(item.words)
    # Platforms go by their names alone: all others have a number, by which the table calls them.
    named = words if item.name == item.words else f"{item.name.rpartition(' ')[2]}. {words}"
    return wrap(named, room, SIZE, most) or [item.name], marks


def column_boxes(column: Strand, x: float, width: float, tallest: float, most: int) -> list[Box]:
    """The boxes of a column from the top down, with fewer lines in each when they would be too tall together."""
    pad, gap = (CLOSE_PAD, CLOSE_GAP) if len(column.items) > CROWDED else (PAD, GAP)
    for lines in range(most, 0, -1):
        y, boxes = 0.0, []
        for item in column.items:
            words, marks = lines_of(item, width - 2 * PAD, lines)
            height = (len(words) + len(marks)) * LEADING + 2 * pad - 3
            boxes.append(Box(item, x, y, width, height, words, marks, pad))
            y += height + gap
        if y - gap <= tallest:
            break
    return boxes


def boxes_of(
    thread: GoldenThread, places: list[tuple[float, float]], tallest: float, most: int
) -> tuple[list[list[Box]], float]:
    """All boxes, column by column, each column spread over the height of the tallest; and that height."""
    columns = [
        column_boxes(column, x, width, tallest, most) for column, (x, width) in zip(thread.columns, places, strict=True)
    ]
    height = max(boxes[-1].y + boxes[-1].height for boxes in columns if boxes)
    height = max(height, 60)
    spread = []
    for boxes in columns:
        free = height - (boxes[-1].y + boxes[-1].height if boxes else 0)
        # A short column is spread a little and stands in the middle.
        step = min(free / (len(boxes) + 1), 26) if boxes else 0
        top = (free - step * (len(boxes) - 1)) / 2 if boxes else 0
        spread.append([replace(b, y=HEAD + top + b.y + n * step) for n, b in enumerate(boxes)])
    return spread, HEAD + height


def said_of(item: Item) -> str:
    """An item in full: its name, its words, what is broken. A pointer shows it, a screen reader says it."""
    name = "" if item.name == item.words else f"{item.name}: "
    return f"{name}{clean(item.words)}" + "".join(f". {capital(words)}" for words, _ in item.marks)


def linked(
    pen: Drawing, item: Item, column: Strand, thread: GoldenThread, link_to: LinkTo | None
) -> AbstractContextManager[None]:
    """What is drawn within is a link to the item's row, when there are links."""
    if link_to is None:
        return nullcontext()
    return pen.inside(
        "a",
        href=f"{link_to(column.stage, column.question)}#{item.where}",
        class_="app-golden__item",
        data_item=item.id,
        data_ties=" ".join(sorted(thread.ties[item.id])),
    )


def draw_box(pen: Drawing, box: Box, aim: bool) -> None:
    fill, ink = (BLUE, WHITE) if aim and not box.marks else (WHITE, INK)
    broken = bool(box.item.broken)
    pen.rect(
        box.x + 0.75,
        box.y,
        box.width - 1.5,
        box.height,
        fill=fill,
        stroke=INK if broken else LINE if not aim or box.marks else DARK,
        thick=2 if broken else 1,
        dashes="5 3" if broken else None,
        round_=3,
        class_="app-golden__box",
    )
    y = pen.lines(box.x + PAD, box.y + box.pad + 10, box.lines, SIZE, colour=ink, leading=LEADING / SIZE)
    draw_marks(pen, box.item, box.x + PAD, y, box.marks)


def draw_marks(pen: Drawing, item: Item, x: float, y: float, marks: list[str]) -> None:
    """What is broken (a cross) or loose (an open ring), in words."""
    if marks and item.broken:
        pen.cross(x + 5, y - 4.5)
    elif marks:
        pen.dot(x + 5, y - 4.5, 3.8, fill=WHITE, stroke=GREY)
    pen.lines(
        x + 14, y, marks, SIZE, colour=INK if item.broken else GREY, bold=bool(item.broken), leading=LEADING / SIZE
    )


def draw_wide(thread: GoldenThread, link_to: LinkTo | None, *, paper: bool) -> tuple[Drawing, float]:
    """Six columns and the ties between neighbours, within a height where fewer words can do that."""
    pen = Drawing(KEY, PAPER if paper else WIDE)
    places_of = edges(thread, paper=paper)
    columns, height = boxes_of(
        thread, places_of, *((TALLEST, MOST_ON_PAPER) if paper else (TALLEST_ON_SCREEN, MOST_LINES))
    )
    places = {box.item.id: box for boxes in columns for box in boxes}
    for (x, width), column in zip(places_of, thread.columns, strict=True):
        pen.text(x, 13, column.title, 14, bold=True, colour=BLUE)
        pen.line(x, 20, x + width, 20, colour=BLUE, thick=2)
        if not column.items:
            pen.lines(x, HEAD + 12, wrap("Not answered yet", width, SIZE), SIZE, colour=GREY)
    ties = list(thread.lines())
    for one, other in ties:
        a, b = places[one.id], places[other.id]
        crowded = sum(o.id.split("-")[0] == other.id.split("-")[0] for _, o in ties) > MANY
        start, end = a.x + a.width, b.x
        middle = (start + end) / 2
        pen.add(
            "path",
            d=f"M{number(start)} {number(a.middle)}C{number(middle)} {number(a.middle)} {number(middle)} "
            f"{number(b.middle)} {number(end)} {number(b.middle)}",
            fill="none",
            stroke=LINE,
            stroke_width=0.8 if crowded else 1.5,
            class_="app-golden__tie" if link_to else None,
            data_from=one.id if link_to else None,
            data_to=other.id if link_to else None,
        )
    for column, boxes in zip(thread.columns, columns, strict=True):
        for box in boxes:
            with linked(pen, box.item, column, thread, link_to):
                if link_to:
                    pen.add("title", said_of(box.item))
                draw_box(pen, box, column.noun == "aim")
            draw_ends(pen, box)
    return pen, height + 8


def draw_ends(pen: Drawing, box: Box) -> None:
    """A stub that leads nowhere, ending in a cross, on the side on which the thread is broken."""
    for side in dict.fromkeys(side for _, side in box.item.broken):
        edge, way = (box.x, -1) if side == "left" else (box.x + box.width, 1)
        if edge + way * 12 < 0:
            continue
        pen.line(edge, box.middle, edge + way * 5, box.middle, colour=INK, thick=1.5)
        pen.cross(edge + way * 8, box.middle)


def edges(thread: GoldenThread, *, paper: bool) -> list[tuple[float, float]]:
    """Where each column begins, and how wide it is."""
    crowded = len(thread.columns[4].items) > CROWDED
    widths: tuple[int, ...]
    space: float
    widths, space = (CROWDED_WIDTHS, CROWDED_SPACE) if crowded else (WIDTHS, SPACE)
    if paper:
        widths, space = (PAPER_CROWDED_WIDTHS, PAPER_CROWDED_SPACE) if crowded else (PAPER_WIDTHS, PAPER_SPACE)
    return [(sum(widths[:n]) + n * space, width) for n, width in enumerate(widths)]


def draw_narrow(thread: GoldenThread, link_to: LinkTo | None) -> tuple[Drawing, float]:
    """Six lists, one below the other. The numbers at the right are those of the aims that an item is tied to."""
    pen = Drawing(f"{KEY}-narrow", NARROW)
    aims = {item.id: n for n, item in enumerate(thread.columns[1].items, 1)}
    y = 4.0
    for column in thread.columns:
        pen.text(0, y + 12, column.title, 16, bold=True, colour=BLUE)
        pen.line(0, y + 20, NARROW, y + 20, colour=BLUE, thick=2)
        y += 28
        if not column.items:
            pen.text(0, y + 12, "Not answered yet", 14, colour=GREY)
            y += 22
        for item in column.items:
            of_aims = sorted(aims[other] for other in thread.ties[item.id] if other in aims)
            if item.id in aims:
                of_aims = [aims[item.id]]
            room = NARROW - 2 * PAD - 24 * max(len(of_aims), 1) - 4
            words, marks = lines_of(item, room, 3)
            if item.id in aims:
                words = wrap(item.words, room, SIZE, 3) or [item.name]
            height = max((len(words) + len(marks)) * LEADING + 2 * PAD - 3, 32)
            box = Box(item, 0, y, NARROW, height, words, marks)
            with linked(pen, item, column, thread, link_to):
                if link_to:
                    pen.add("title", said_of(item))
                draw_box(pen, box, aim=False)
                for place, n in enumerate(reversed(of_aims)):
                    own = item.id in aims
                    pen.badge(
                        NARROW - 17 - 24 * place,
                        y + 16,
                        str(n),
                        fill=BLUE if own else WHITE,
                        colour=WHITE if own else INK,
                    )
            y += height + 6
        y += 12
    return pen, y


def alternative(thread: GoldenThread) -> str:
    """What the picture says."""
    counts = listed(counted(len(column.items), column.noun) for column in thread.columns)
    items = [item for column in thread.columns for item in column.items]
    broken = [f"{item.name} {words}" for item in items for words, _ in item.broken]
    loose = [f"{item.name} {words}" for item in items for words, _ in item.loose]
    said = [f"{capital(counts)}."]
    if broken:
        said.append(f"{capital(counted(len(broken), 'broken end'))}: {listed(some(broken))}.")
    elif all(column.items for column in thread.columns):
        said.append("No thread is broken.")
    if loose:
        said.append(f"{capital(counted(len(loose), 'loose end'))}: {listed(some(loose))}.")
    open_ = [column.title.lower() for column in thread.columns if not column.items]
    if open_:
        said.append(f"Not answered yet: {listed(open_)}.")
    return " ".join(said)


def table(thread: GoldenThread) -> Table:
    """The data: every item with all that it is tied to."""
    names = {item.id: item.name for column in thread.columns for item in column.items}
    order = {item: n for n, item in enumerate(names)}
    rows = tuple(
        (
            item.name,
            "" if item.name == item.words else item.words,
            ", ".join(names[other] for other in sorted(thread.ties[item.id], key=order.__getitem__)),
            capital(", ".join(words for words, _ in item.marks)),
        )
        for column in thread.columns
        for item in column.items
    )
    columns = (
        Column("Item", 3),
        Column("In words", 7, written=True),
        Column("Tied to", 8, written=True),
        Column("Broken or loose", 4),
    )
    return Table("What is tied to what", columns, rows, tuple(names))


def golden_thread(reading: Reading, link_to: LinkTo | None = None, *, paper: bool = False) -> Figure:
    """The golden thread; on `paper` it shares a page with more. With `link_to` every item is a link to its row."""
    thread = thread_of(reading)
    if not thread.columns[0].items and not thread.columns[1].items:
        words = (
            f"The golden thread shows here once you have answered {reading.scope.question('aims')}, your aims, or "
            f"{reading.scope.question('objectives')}, your objectives."
        )
        return Figure(TITLE, words, "", table(thread), KEY)
    words = alternative(thread)
    wide = draw_wide(thread, link_to, paper=paper)
    narrow = draw_narrow(thread, link_to)
    return picture(TITLE, words, "", table(thread), wide, narrow, linked="app-golden" if link_to else "")
