"""The PDF against the same words as plain paragraphs, and a PDF that was made before against a hello view."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from django.test import Client
from django.utils.html import strip_tags

from tests.benchmarks.measure import Bar, queries, ratio
from tests.world import World
from worksheets import texts
from worksheets.report.contents import gather
from worksheets.report.page import html_of
from worksheets.report.printer import Printer, printer

ROUNDS = 5


def plain(html: str) -> str:
    """The same words as plain paragraphs, without tables, lists, floats, contents or headings."""
    body = html.split("<body>", 1)[1]
    words = [" ".join(strip_tags(line).split()) for line in re.split(r"</(?:p|h\d|li|td|th|caption)>", body)]
    paragraphs = "".join(f"<p>{line}</p>" for line in words if line)
    return f'<!DOCTYPE html><html lang="en-GB"><head><title>Words</title></head><body>{paragraphs}</body></html>'


def seconds(press: Printer, html: str) -> float:
    started = time.perf_counter()
    press.print(html)
    return time.perf_counter() - started


def most_memory(press: Printer) -> float:
    """The most memory that the press ever held, in megabytes."""
    assert press._press
    status = Path(f"/proc/{press._press.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def bars(world: World, client: Client) -> Iterator[Bar]:
    """Each figure as it is measured. The world's cycle is filled with the sample."""
    world.fill()
    html = html_of(gather(world.cycle, world.cycle.worksheets.select_related("completed_by"), texts.current()))
    words = plain(html)
    press = Printer()
    # The first round warms the press up.
    made = press.print(html)
    pairs = [(seconds(press, html), seconds(press, words)) for _ in range(ROUNDS)]
    full = statistics.median(one for one, _ in pairs)
    yield Bar("a PDF against its words as plain paragraphs", full / statistics.median(two for _, two in pairs), 2.6)
    yield Bar(f"a PDF of {made.pages} pages, warm, in seconds", full, 3.0)
    yield Bar("the size of the PDF, in KB", len(made.pdf) / 1000, 600)
    yield Bar("the memory of the press, in MB", most_memory(press), 120)
    press.close()

    address = f"/o/{world.anywhere.slug}/reviews/{world.cycle.slug}/summary.pdf"
    tag = client.get(address).headers["ETag"]
    # Both carry the same header: what the test browser spends on it is no part of the figure.
    known = {"if-none-match": tag}
    say_hello = lambda: client.get("/hello/", headers=known)  # noqa: E731
    kept = lambda: client.get(address)  # noqa: E731
    unchanged = lambda: client.get(address, headers=known)  # noqa: E731
    yield Bar("a PDF made before", ratio(kept, say_hello), 2.0, queries(kept), 4)
    yield Bar("a PDF that the browser has", ratio(unchanged, say_hello), 1.5, queries(unchanged), 3)
    printer.close()
