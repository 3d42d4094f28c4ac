"""What stands before the chapters of a strategy summary: the strategy on a page, and the golden thread."""

from __future__ import annotations

from worksheets.fields import spoken_number
from worksheets.presentation import Block, Column, Items, Part, Table, Words
from worksheets.workbook import Reading
from worksheets.workbooks.strategy.onepage import OnePage, one_page
from worksheets.workbooks.strategy.overview import Overview, overview_of
from worksheets.workbooks.strategy.pictures.thread import golden_thread

LINKS = (
    Column("Aim", 8),
    Column("Objectives it serves", 23, written=True),
    Column("Stakeholders", 16, written=True),
    Column("Platforms", 13),
    Column("What we will publish", 20, written=True),
    Column("How we shall know", 20, written=True),
)
SUMS = "Hours, platforms and open questions"
FOOT = (Column("Hours a week"), Column("Top three platforms"), Column("Questions still open"))
# On paper the picture that stands on the page has fewer words: at most so many lines for each item.
SHORT = 3


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """The strategy on a page; on paper it is cut to fit, and a golden thread that overview no room there follows it."""
    overview = overview_of(reading)
    thread = golden_thread(reading)
    page = one_page(overview, golden_thread(reading, most=SHORT) if paper else thread, whole=not paper)
    first = Part("on-a-page", "The strategy on a page", on_a_page(reading, overview, page), look=look_of(page))
    if page.picture or not paper or not thread.svg:
        return (first,)
    return first, Part(thread.key, thread.title, (thread,), look="thread")


def look_of(page: OnePage) -> str:
    return "onepage roomy" if page.roomy else "onepage"


def on_a_page(reading: Reading, overview: Overview, page: OnePage) -> tuple[Block, ...]:
    """The aims, the golden thread where there is room, what each aim is tied to, and the sums at the foot."""
    foot = Table(SUMS, FOOT, (sums(reading, overview),), name="foot", heads=False, quiet=True)
    if not page.aims:
        nothing = reading.workbook.with_numbers("The aims are not answered yet ({question:aims}).")
        return Words(nothing, "unanswered"), foot
    aims = Table(
        "The aims",
        tuple(Column(aim.title, written=True) for aim in page.aims),
        (tuple(aim.words for aim in page.aims),),
        name="aims",
        heads=False,
        quiet=True,
    )
    links = Table(
        "What each aim is tied to",
        LINKS,
        tuple(
            (
                aim.title,
                Items(aim.objectives),
                Items(aim.stakeholders),
                Items(aim.platforms),
                Items(aim.content),
                Items(aim.measures),
            )
            for aim in page.aims
        ),
        name="links",
        quiet=True,
    )
    opening = (Words(f"{page.opening}:", "opening"),) if page.opening else ()
    return (*opening, aims, *((page.picture,) if page.picture else ()), links, foot)


def sums(reading: Reading, overview: Overview) -> tuple[Items | str, ...]:
    """The hours, the best platforms and the open questions, each in words."""
    hours: Items | str = Items((), none="Not answered yet")
    if overview.hours is not None:
        hours = f"{spoken_number(overview.hours)} needed"
        hours += f", {spoken_number(overview.capacity)} available" if overview.capacity is not None else ""
    top: Items | str = ", ".join(overview.top_platforms) or Items((), none="Not answered yet")
    progress = reading.progress
    return hours, top, f"{progress.waiting} of {progress.total}" if progress.waiting else "None"
