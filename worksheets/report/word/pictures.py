"""The pictures of a summary for Word: the same as on paper, as PNG at 200 dots an inch."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pypdfium2
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from worksheets.presentation import Figure, Part
from worksheets.report.letters import in_picture
from worksheets.report.printer import printer

DOTS = 200
INCH, PAGE_MARGIN, WIDTH, TALLEST = 25.4, 20, 170, 170  # millimetres, as in templates/pdf/summary.css


def drawn(parts: Iterable[Part]) -> dict[str, tuple[bytes, float]]:
    """Each picture by its key: its PNG, and its height in millimetres where 170 are its width."""
    figures = {one.key: one for part in parts for one in part.blocks if isinstance(one, Figure) and one.svg}
    if not figures:
        return {}
    pages = pypdfium2.PdfDocument(printer.print(sheets(figures.values())).pdf)
    try:
        return {key: cut(pages[n], figure) for n, (key, figure) in enumerate(figures.items())}
    finally:
        pages.close()


def sheets(figures: Iterable[Figure]) -> str:
    """A page for each picture, and nothing else on it."""
    one = '<section class="cover"><div class="picture">{}</div></section>'
    drawn_pictures = ((SafeString(in_picture(SafeString(figure.svg))),) for figure in figures)
    body = format_html_join("", one, drawn_pictures)
    return format_html('<html lang="en-GB"><head><title>Pictures</title></head><body>{}</body></html>', body)


def cut(page: pypdfium2.PdfPage, figure: Figure) -> tuple[bytes, float]:
    """The picture cut out of its page."""
    height = min(figure.shape * WIDTH, TALLEST)
    image = page.render(scale=DOTS / 72).to_pil()
    per = DOTS / INCH
    # The cover has this much above it: see `.cover` and `.picture` in the styles.
    left, top = PAGE_MARGIN * per, (PAGE_MARGIN + 8) * per
    made = io.BytesIO()
    image.crop((int(left), int(top), int(left + WIDTH * per), int(top + height * per))).save(made, "PNG", optimize=True)
    return made.getvalue(), height
