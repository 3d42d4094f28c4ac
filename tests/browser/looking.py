"""Looking at pages: axe-core at two widths, nothing that scrolls sideways, and the HTML kept as it was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Response

from tests.browser.conftest import PHONE, WIDE

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) =>
    `${id} (${help}): ` + nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")
    + (nodes.length > 3 ? ` and ${nodes.length - 3} more` : ""));
}"""
# What sticks out on the right, so that the message says where to look.
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return null;
  const out = [...document.body.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > room + 1);
  return `${document.documentElement.scrollWidth} > ${room}: `
    + out.slice(0, 4).map((part) => `${part.tagName} ${part.id || part.className}`).join(", ");
}"""
SMALL = """() => [...document.querySelectorAll(".app-row__buttons button, .app-actions a, .app-actions button")]
  .filter((part) => part.offsetParent && (part.offsetHeight < 24 || part.offsetWidth < 24))
  .map((part) => `${part.textContent.trim()} is ${part.offsetWidth} x ${part.offsetHeight}`)"""


class Looking:
    """Somebody who looks at every page of one window and notes what is wrong."""

    def __init__(self, context: BrowserContext, kept: Path) -> None:
        context.add_init_script(path=AXE)
        self.kept = kept
        self.found: list[str] = []
        self.page: Page = context.new_page()
        self.answered: Response | None = None
        self.page.on("response", self.note)

    def note(self, response: Response) -> None:
        """Remember the answer that the page on show was made of."""
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.answered = response

    def at(self, address: str, name: str, status: int = 200) -> None:
        """Go to an address and look."""
        self.page.goto(address)
        self.look(name, status)

    def look(self, name: str, status: int = 200) -> None:
        """Look at what the page shows now, at both widths; `name` says in messages and file names what it is."""
        page = self.page
        page.wait_for_load_state()
        assert self.answered is not None
        assert self.answered.status == status, f"{name}: {self.answered.status}"
        file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        (self.kept / f"{file}.html").write_text(self.answered.text(), encoding="utf-8")
        for width in (WIDE, PHONE):
            page.set_viewport_size(width)  # type: ignore[arg-type]
            self.say(name, f"{width['width']} px", self.problems())
        page.set_viewport_size({"width": 320, "height": 740})
        self.say(name, "320 px, sideways", [self.sideways()])
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self.say(name, "200% text, sideways", [self.sideways()])
        page.evaluate("document.documentElement.style.fontSize = ''")

    def problems(self) -> list[str | None]:
        """What axe finds, and what is too small. Looked at again where the header was still folding its links away."""
        for _ in range(3):
            found: list[str | None] = self.page.evaluate(RUN) + self.page.evaluate(SMALL)
            if not found:
                break
            self.page.wait_for_timeout(300)
        return found

    def sideways(self) -> str | None:
        """What sticks out sideways once the header has folded its links away, a moment after the width has changed."""
        for _ in range(20):
            wide: str | None = self.page.evaluate(SIDEWAYS)
            if not wide:
                return None
            self.page.wait_for_timeout(100)
        return wide

    def say(self, name: str, how: str, problems: list[str | None]) -> None:
        self.found += [f"{name}, {how}: {problem}" for problem in problems if problem]


@contextmanager
def looking(context: BrowserContext, kept: Path) -> Iterator[Looking]:
    """Look at pages in one window; what was found wrong is told at the end, all of it."""
    eyes = Looking(context, kept)
    yield eyes
    assert not eyes.found, "\n".join(["", *eyes.found])
