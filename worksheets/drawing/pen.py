"""Drawing: a small pen that writes SVG, with one set of greys and blues, and escapes every word it is given.

Only presentation attributes are used: our pages allow no style of their own, and WeasyPrint reads these as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape

from django.utils.safestring import SafeString

from worksheets.presentation import Figure, Table

# A picture is drawn twice: for a wide screen and paper, and for a phone, where one unit is about one pixel.
WIDE, NARROW = 840, 340

# Text on white and on PALE has a contrast of 4.5 and more, lines have 3 and more; a RULE only guides the eye.
INK, GREY, LINE, PALE, WHITE, BLUE, DARK = "#212b32", "#4c6272", "#768692", "#f0f4f5", "#ffffff", "#005eb8", "#003087"
RED, RULE = "#d5281b", "#d8dde0"

# On paper the fonts of the summary, which no screen knows by these names: there it is Arial.
FONTS = (
    "Summary, Summary More, Summary Greek, Summary Cyrillic, Summary Arabic, Summary Bengali, Summary Chinese, "
    "Arial, sans-serif"
)

Value = str | float | None


def number(value: float) -> str:
    """A length as short as it can be written."""
    return f"{value:.1f}".rstrip("0").rstrip(".") or "0"


def attributes(values: dict[str, Value]) -> str:
    """`font_size=14` becomes ` font-size="14"`; None is left out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for name, value in values.items()
        if value is not None
    )


class Drawing:
    """One SVG in the making. Lengths are units of its viewBox; `key` makes its ids unique on a page."""

    def __init__(self, key: str, width: int) -> None:
        self.key = key
        self.width = width
        self.parts: list[str] = []

    def add(self, tag: str, text: str | None = None, **values: Value) -> None:
        end = "/>" if text is None else f">{escape(text)}</{tag}>"
        self.parts.append(f"<{tag}{attributes(values)}{end}")

    @contextmanager
    def inside(self, tag: str, **values: Value) -> Iterator[None]:
        """What is drawn in the block goes into an element."""
        self.parts.append(f"<{tag}{attributes(values)}>")
        yield
        self.parts.append(f"</{tag}>")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 14,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: str | None = None,
    ) -> None:
        """Words on one line, with their baseline at `y`."""
        self.add(
            "text",
            words,
            x=x,
            y=y,
            font_size=size,
            fill=colour,
            font_weight="700" if bold else None,
            text_anchor=anchor,
        )

    def lines(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        size: float = 14,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: str | None = None,
        leading: float = 1.25,
    ) -> float:
        """Lines one below the other, the first with its baseline at `y`. Returns where the next would stand."""
        for line in lines:
            self.text(x, y, line, size, colour=colour, bold=bold, anchor=anchor)
            y += size * leading
        return y

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = WHITE,
        stroke: str | None = None,
        thick: float = 1,
        dashes: str | None = None,
        round_: float | None = None,
        class_: str | None = None,
    ) -> None:
        self.add(
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=round_,
            fill=fill,
            stroke=stroke,
            stroke_width=thick if stroke else None,
            stroke_dasharray=dashes,
            class_=class_,
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        colour: str = LINE,
        thick: float = 1,
        dashes: str | None = None,
    ) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=thick, stroke_dasharray=dashes)

    def polyline(
        self, points: Iterable[tuple[float, float]], *, colour: str = BLUE, thick: float = 2, dashes: str | None = None
    ) -> None:
        """A line from point to point; nothing is seen of a single one."""
        self.add(
            "polyline",
            points=" ".join(f"{number(x)},{number(y)}" for x, y in points),
            fill="none",
            stroke=colour,
            stroke_width=thick,
            stroke_dasharray=dashes,
            stroke_linejoin="round",
        )

    def dot(self, x: float, y: float, radius: float, *, fill: str = BLUE, stroke: str | None = None) -> None:
        self.add("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=1.5 if stroke else None)

    def badge(
        self, x: float, y: float, words: str, *, fill: str = BLUE, colour: str = WHITE, radius: float = 11
    ) -> None:
        """A number in a circle, around a middle."""
        self.dot(x, y, radius, fill=fill, stroke=None if fill != WHITE else INK)
        self.text(x, y + 4.7, words, 13, colour=colour, bold=True, anchor="middle")

    def cross(self, x: float, y: float, half: float = 4) -> None:
        """The mark of something broken."""
        self.add(
            "path",
            d=f"M{number(x - half)} {number(y - half)}L{number(x + half)} {number(y + half)}"
            f"M{number(x - half)} {number(y + half)}L{number(x + half)} {number(y - half)}",
            stroke=RED,
            stroke_width=2.5,
            fill="none",
        )

    def svg(
        self, title: str, height: float, words: str = "", *, group: bool = False, class_: str | None = None
    ) -> SafeString:
        """The whole drawing. `words` say what it shows; one that holds links is a `group` and not one image."""
        name, told = f"{self.key}-title", f"{self.key}-words"
        more = f'<desc id="{told}">{escape(words)}</desc>' if words else ""
        head = attributes(
            {
                "viewBox": f"0 0 {self.width} {number(height)}",
                "width": self.width,
                "height": height,
                "role": "group" if group else "img",
                "aria-labelledby": f"{name} {told}" if words and not group else name,
                "aria-describedby": told if group else None,
                "font-family": FONTS,
                "class": class_,
            }
        )
        # Every word and value in the parts went through `escape`.
        return SafeString(
            f'<svg xmlns="http://www.w3.org/2000/svg"{head}>'
            f'<title id="{name}">{escape(title)}</title>{more}{"".join(self.parts)}</svg>'
        )


def steps(low: Decimal, high: Decimal, *, whole: bool = False) -> list[Decimal]:
    """About four round numbers that span `low` to `high`, for the axis of a chart. `whole` where things are counted."""
    if low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0 if low else 1))
    rough = max((high - low) / 4, Decimal(1 if whole else 0))
    size = Decimal(10) ** rough.adjusted()
    sizes = (size * by for by in (1, 2, Decimal("2.5"), 5, 10))
    step = next(step for step in sizes if step >= rough and not (whole and step % 1))
    start = (low / step).to_integral_value(ROUND_FLOOR)
    end = (high / step).to_integral_value(ROUND_CEILING)
    return [step * n for n in range(int(start), int(end) + 1)]


def picture(
    title: str,
    words: str,
    question: str,
    table: Table,
    wide: tuple[Drawing, float],
    narrow: tuple[Drawing, float],
    linked: str = "",
) -> Figure:
    """The picture that two drawings make, each given with its height. `linked` is the class of one that holds links."""

    def svg(pen: Drawing, height: float) -> SafeString:
        if linked:
            return pen.svg(title, height, words, group=True, class_=linked)
        return pen.svg(f"{title}: {words}", height)

    pen, height = wide
    return Figure(title, words, svg(*wide), table, pen.key, svg(*narrow), question, height / pen.width)
