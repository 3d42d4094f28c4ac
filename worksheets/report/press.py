"""The process that sets pages: reads HTML from a pipe, writes PDF to another. The only place that imports WeasyPrint.

It knows neither Django nor the database, is given no secrets, and fetches nothing but our own fonts. It stays warm
between summaries, sets one at a time, within limits on memory and on processor time, and ends when the process that
started it does. It looks at no clock on the wall: a machine that is busy makes a summary late, and never wrong.

Its first byte says that it is ready: what goes wrong before has nothing to do with any review, and the last line of its
stderr tells what it was. From then on a message is four bytes of length (big-endian) and that many bytes. A request is
HTML in UTF-8. A reply is one byte of outcome, four bytes that count the pages, and the PDF or a reason: a line that
names its kind and counts the complaints, and then the complaints, which may quote the review.
"""

from __future__ import annotations

import io
import logging
import os
import re
import resource
import select
import shutil
import struct
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from worksheets.report.typefaces import ALWAYS, FAMILIES, Face, faces, needed

READY = b"R"
# What came of a request: a PDF; too many pages; the press met its own limit on memory, or the machine had none left;
# anything else. The limit on processor time ends the press, and whoever asked sees by which signal.
DONE, MANY_PAGES, TOO_LARGE, NO_MEMORY, FAILED = b"D", b"P", b"L", b"N", b"F"

MEMORY = 1_200 * 1024 * 1024
MOST_PAGES = 150
# An idle press gives its memory back; the next summary starts a new one.
IDLE_SECONDS = 900
# How the name of the folder begins that whoever starts a press makes for it.
FOLDER = "strategy-review-press-"

STYLES = Path(__file__).resolve().parents[2] / "templates" / "pdf" / "summary.css"
FONT_ADDRESS = "font:"
NO_FONTS = Path(__file__).with_name("fonts.conf")
STACK = ", ".join(f'"{family}"' for family in FAMILIES)
FAMILIES_RULE = f"\n@page {{ font-family: {STACK} }}\nhtml {{ font-family: {STACK} }}\n"


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """That many bytes; EOFError when the other side has gone."""
    data = bytearray()
    while len(data) < size:
        piece = stream.read(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


class TooManyPages(Exception):
    """There are more pages than a board can read."""


class Complaints(logging.Handler):
    """Collects what WeasyPrint warns of, without what it is about: that may quote the review."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(str(record.msg))

    def tell(self) -> None:
        """Write to the log what there was, each once, and forget it."""
        lines, self.lines = dict.fromkeys(self.lines), []
        for line in lines:
            sys.stderr.write(f"The press warns: {line}\n")


class Press:
    """WeasyPrint, warm: the styles are read once, and each font when the first letter of it comes.

    `fonts` is the folder that `typefaces` unpacked them into; the fonts of the machine are never asked. OSError when
    that folder lacks what every summary needs.
    """

    def __init__(self, fonts: Path) -> None:
        # Read by fontconfig when WeasyPrint is loaded, which warns of it where nobody reads.
        os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
        with warnings.catch_warnings(action="ignore"):
            from weasyprint import CSS, HTML
            from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        from worksheets.report import drawn, tags

        class Fence(URLFetcher):
            """Fetches pictures that are part of the page itself and our own fonts, and refuses everything else."""

            def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
                if url.startswith(FONT_ADDRESS):
                    file = (fonts / url.removeprefix(FONT_ADDRESS)).resolve()
                    if file.suffix not in (".ttf", ".otf") or not file.is_relative_to(fonts):
                        raise ValueError("This is not one of our fonts.")
                    return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "font/sfnt"})
                response: URLFetcherResponse = super().fetch(url, headers)
                return response

        # What `print` needs is loaded now, so that what is missing is told before there is a summary.
        self.html, self.css, self.tags = HTML, CSS, tags
        drawn.whole_words()
        self.fence = Fence(allowed_protocols=["data"], allow_redirects=False)
        self.complaints = Complaints()
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self.complaints]
        logger.setLevel(logging.WARNING)
        self.configuration = FontConfiguration()
        self.all = faces(fonts)
        self.waiting = list(self.all)
        for file in (fonts / file for face in self.waiting for file in face.files.values()):
            file.stat()
        self.load([face for face in self.waiting if face.family in ALWAYS])
        self.styles = self.style(STYLES.read_text(encoding="utf-8") + FAMILIES_RULE)

    def style(self, rules: str) -> Any:
        return self.css(string=rules, font_config=self.configuration, url_fetcher=self.fence, base_url="style:")

    def load(self, wanted: list[Face]) -> None:
        """Make these families known; they stay so for as long as the press runs."""
        if wanted:
            self.style("\n".join(face.rules for face in wanted))
            self.waiting = [face for face in self.waiting if face not in wanted]

    def print(self, html: str) -> tuple[bytes, int]:
        """The PDF and its number of pages. TooManyPages when there are too many of them.

        A file that could be made is given out: what WeasyPrint warns of goes to the log, and that its tags could not be
        mended.
        """
        self.load([face for face in needed(set(html), self.all) if face in self.waiting])
        document = self.html(string=html, url_fetcher=self.fence, base_url="page:").render(
            font_config=self.configuration, stylesheets=[self.styles], pdf_variant="pdf/ua-1", pdf_tags=True
        )
        if len(document.pages) > MOST_PAGES:
            raise TooManyPages
        made = io.BytesIO()
        document.write_pdf(made, pdf_variant="pdf/ua-1", pdf_tags=True)
        try:
            pdf = self.tags.mend(made.getvalue(), document)
        except Exception as error:
            self.complaints.lines.append(f"The tags could not be mended ({type(error).__name__}).")
            pdf = made.getvalue()
        self.complaints.tell()
        return pdf, len(document.pages)


def limit(what: int, most: int) -> None:
    """Lower the soft limit of this process, within the hard limit that it was given."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def met_its_limit() -> bool:
    """Whether this process came near its own limit on memory; if not, it was the machine that had none left."""
    try:
        peak = re.search(r"VmPeak:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return False
    # What was asked for last, and not given, may have been large.
    return peak is not None and int(peak[1]) * 1024 > resource.getrlimit(resource.RLIMIT_AS)[0] / 2


def answer(press: Press, html: bytes, seconds: int) -> tuple[bytes, int, bytes]:
    """The outcome, the number of pages, and the PDF or the reason. `seconds` are those of the processor."""
    limit(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)
    try:
        pdf, pages = press.print(html.decode())
    except TooManyPages:
        return MANY_PAGES, 0, b""
    except RecursionError:
        return TOO_LARGE, 0, b""
    except MemoryError:
        return TOO_LARGE if met_its_limit() else NO_MEMORY, 0, b""
    except Exception as error:
        reasons = "; ".join(map(str, error.args))
        return FAILED, 0, f"{type(error).__name__}, {len(error.args)} in all\n{reasons}".encode(errors="replace")
    return DONE, pages, pdf


def end_with(parent: int) -> None:
    """End this process as soon as the one that started it has ended, even in the middle of a summary."""
    while os.getppid() == parent:
        time.sleep(1)
    # Whoever made our folder is not there any more to take it out.
    folder = Path(os.environ.get("TMPDIR", ""))
    if folder.name.startswith(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    """Serve until the other side closes the pipe, or nothing has come for a while.

    The arguments are the folder of the fonts, the descriptor that is to be stderr once the press is ready, and how many
    seconds of processor time a summary may take.
    """
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    # What libraries print must not get between our messages.
    inlet, outlet = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    os.dup2(2, 1)
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    press = Press(Path(sys.argv[1]).resolve())
    for told in (1, 2):
        os.dup2(int(sys.argv[2]), told)
    outlet.write(READY)
    while select.select([inlet], [], [], IDLE_SECONDS)[0]:
        try:
            html = read_exactly(inlet, struct.unpack(">I", read_exactly(inlet, 4))[0])
            outcome, pages, payload = answer(press, html, int(sys.argv[3]))
            outlet.write(struct.pack(">I", 5 + len(payload)) + outcome + struct.pack(">I", pages) + payload)
        except (EOFError, BrokenPipeError):
            return
        if outcome != DONE:
            # Who ran out of memory once is not trusted with the next summary.
            return


if __name__ == "__main__":
    main()
