"""The texts that guide a team: what ships as Markdown, what admins wrote instead, both as HTML that is safe to show.

`current()` gives everything as it stands now for one small query. What was made of it is kept in the process until an
admin changes something: see docs/decisions/guidance.md.
"""

from __future__ import annotations

import re
import tomllib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import markdown
import nh3
from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown.treeprocessors import Treeprocessor

from worksheets import ageing
from worksheets.cleaning import clean
from worksheets.fields import Noted
from worksheets.models import Guidance, Platform
from worksheets.words import in_words, with_numbers
from worksheets.workbooks import WORKBOOKS

FOLDER = Path(__file__).parent / "guidance"
PLATFORMS = FOLDER / "platforms.toml"

# What may stand in a text, and the looks that the NHS design system gives it.
TAGS = {"p", "br", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "code", "blockquote"} | {
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "a": {"href"},
    **{heading: {"id"} for heading in HEADINGS[1:]},
    "th": {"scope", "role"},
    "td": {"data-label"},
}
# A table becomes cards on a phone, like every table of answers: its roles say what `display` would take from it.
LOOKS = {
    "ul": {"class": "nhsuk-list nhsuk-list--bullet"},
    "ol": {"class": "nhsuk-list nhsuk-list--number"},
    "table": {"class": "app-table", "role": "table"},
    **{rows: {"role": "rowgroup"} for rows in ("thead", "tbody")},
    "tr": {"role": "row"},
    "td": {"role": "cell"},
}
# Of all classes, the one that marks a figure may stand in a text too. It comes from us: HTML in a text stays text.
CLASSES = {ageing.TAG: set(ageing.LOOK)}
SCHEMES = {"http", "https", "mailto"}
# A link leads to one of these schemes, or to a page of this service.
GOOD_LINK = re.compile(r"(?:https?://|mailto:|/(?![/\\])|#)", re.IGNORECASE)
# Markdown takes a minute over 20,000 open brackets. No text of that length has more links than this.
MOST_LINKS = 400

PART = re.compile(r"^##[ \t]+(More|Facts)[ \t]*$", re.MULTILINE)
FACTS = re.compile(r"^##[ \t]+Facts[ \t]*$", re.MULTILINE)
# What a table is called stands in a line of its own above it.
TABLE_NAME = re.compile(r"\s*table\s*:\s*", re.IGNORECASE)
FIRST_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


@dataclass(frozen=True)
class Heading:
    """A heading that a list of contents can point to."""

    id: str
    words: str


@dataclass(frozen=True)
class Note:
    """A text in its parts, as HTML: the lines shown at once, those to fold away, and the facts as a list.

    `contents` names the headings of `more`, where it was made for a page of its own. `aged` says of which years the
    facts are, when each of them may be out of date: then they fold away too.
    """

    short: SafeString
    more: SafeString
    facts: SafeString
    contents: tuple[Heading, ...] = ()
    aged: str = ""

    @property
    def old(self) -> int:
        """How many figures in it may be out of date."""
        return sum(map(ageing.count_old, (self.short, self.more, self.facts)))


@cache
def texts_in(folder: Path) -> Mapping[str, str]:
    """The texts in a folder, as Markdown, by key: the folder within it and the name of the file."""
    files = sorted(folder.glob("*/*.md"))
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text(encoding="utf-8") for file in files}


def shipped() -> Mapping[str, str]:
    """The texts that ship with the service, as Markdown, by key: `pages/about`, and of every workbook `questions/aims`.

    Stages and questions have keys of their own over all workbooks, so no text has another's key.
    """
    return ChainMap(dict(texts_in(FOLDER)), *(dict(texts_in(book.guidance)) for book in WORKBOOKS.values()))


# What would be read as Markdown in a name or an address that is put into a text.
MARKS = re.compile(r"([\\`*_{}\[\]()#+!<>|])")
COUNTS = re.compile(r"\{(stages|questions):([a-z][a-z0-9-]*)\}")


def with_counts(text: str) -> str:
    """The text with what it names by a key: `{question:aims}` by its number, `{stages:strategy}` how many there are."""

    def number(named: re.Match[str]) -> str:
        book = WORKBOOKS.get(named[2])
        return in_words(len(book.stages if named[1] == "stages" else book.questions)) if book else named[0]

    if "{" not in text:
        return text
    numbers = {key: number for book in WORKBOOKS.values() for key, number in book.numbers.items()}
    return with_numbers(COUNTS.sub(number, text), numbers)


@cache
def shipped_platforms() -> tuple[dict[str, Any], ...]:
    """The platforms that ship with the service, in the order of the guide; the keys are those of the file."""
    return tuple(tomllib.loads(PLATFORMS.read_text(encoding="utf-8"))["platform"])


# --- From Markdown to HTML -------------------------------------------------------------------------------------------


class Outline(Treeprocessor):
    """Sets headings so that the first is at level `top` and none skips a level, undoes links that lead astray, and puts
    the words of a picture in its place."""

    def __init__(self, md: markdown.Markdown, top: int) -> None:
        super().__init__(md)
        self.top = top
        self.headings: list[Heading] = []

    def run(self, root: Element) -> None:
        above: list[int] = []
        for element in root.iter():
            if element.tag in HEADINGS:
                level = HEADINGS.index(element.tag)
                while above and above[-1] >= level:
                    above.pop()
                above.append(level)
                element.tag = HEADINGS[min(self.top + len(above) - 2, 5)]
                if self.top == 2 and len(above) == 1:
                    self.name(element)
            elif element.tag == "a" and not GOOD_LINK.match(element.get("href", "").strip()):
                element.tag = "span"
            elif element.tag == "img":
                element.tag, element.text = "span", element.get("alt", "")

    def name(self, element: Element) -> None:
        """Give the heading an id that no other part of a page has."""
        words = "".join(element.itertext())
        taken = {heading.id for heading in self.headings}
        stem = name = f"on-{slugify(words)[:60] or 'this'}"
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        element.set("id", name)
        self.headings.append(Heading(name, words))


class Tables(Treeprocessor):
    """Gives tables their name, from the line above them, and heads to their columns and rows."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            above: Element | None = None
            for element in list(parent):
                if element.tag == "table":
                    self.head(element)
                    named = TABLE_NAME.match(above.text or "") if above is not None and above.tag == "p" else None
                    if above is not None and named:
                        parent.remove(above)
                        above.tag, above.text = "caption", (above.text or "")[named.end() :]
                        element.insert(0, above)
                above = element

    @staticmethod
    def head(table: Element) -> None:
        heads = ["".join(head.itertext()).strip() for head in table.iterfind("thead/tr/th")]
        for head in table.iterfind("thead/tr/th"):
            head.set("scope", "col")
            head.set("role", "columnheader")
        for row in table.iterfind("tbody/tr"):
            for place, cell in enumerate(row):
                if place == 0:
                    cell.tag = "th"
                    cell.set("scope", "row")
                    cell.set("role", "rowheader")
                elif place < len(heads):
                    cell.set("data-label", heads[place])


def reader() -> markdown.Markdown:
    """Markdown as we take it: with tables, and with HTML left as text."""
    md = markdown.Markdown(extensions=["sane_lists", "tables"], output_format="html")
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.inlinePatterns.deregister("entity")
    md.parser.blockprocessors.deregister("code")
    return md


@lru_cache(maxsize=512)
def to_html(text: str, top: int = 3, this_year: int = 0) -> tuple[SafeString, tuple[Heading, ...]]:
    """Markdown as HTML that is safe to show, whoever wrote it, and its main headings when `top` is 2.

    Figures that may be out of date in `this_year` are marked; in the year 0 none is.

    HTML within the text stays text. Cleaning comes last, after all that we change, so that nothing can undo it.
    """
    if text.count("[") > MOST_LINKS:
        text = text.replace("[", "\\[")
    md = reader()
    outline = Outline(md, top)
    # After Markdown's own, which end at 0.
    md.treeprocessors.register(outline, "outline", -1)
    md.treeprocessors.register(Tables(md), "heads", -2)
    md.treeprocessors.register(ageing.Marks(this_year), "marks", -3)
    cleaned = nh3.clean(
        md.convert(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        set_tag_attribute_values=LOOKS,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(cleaned), tuple(outline.headings)  # noqa: S308 - cleaned just above


@lru_cache(maxsize=256)
def note_of(text: str, top: int = 3, this_year: int = 0) -> Note:
    """The note that a text with the parts `## More` and `## Facts` makes; its headings start at level `top`."""
    first, *rest = PART.split(text)
    parts = {"More": "", "Facts": ""}
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        parts[name] += words
    short, _ = to_html(first.strip(), max(top, 3), this_year)
    more, contents = to_html(parts["More"].strip(), top, this_year)
    facts, _ = to_html(parts["Facts"].strip(), max(top, 3), this_year)
    return Note(short, more, facts, contents, ageing.all_old(facts, this_year))


@lru_cache(maxsize=32)
def page_of(text: str, this_year: int = 0) -> Note:
    """A text that fills a page of its own: `short` is what comes before its first heading, `more` the rest.

    What comes after `## Facts` ends it, as it does a note.
    """
    text, *listed = FACTS.split(text, maxsplit=1)
    heading = FIRST_HEADING.search(text)
    start = heading.start() if heading else len(text)
    short, _ = to_html(text[:start].strip(), 3, this_year)
    more, contents = to_html(text[start:].strip(), 2, this_year)
    facts, _ = to_html("".join(listed).strip(), 3, this_year)
    return Note(short, more, facts, contents, ageing.all_old(facts, this_year))


# A link as the cleaning leaves it, but for those that leave the page where it is.
LEADS_AWAY = re.compile(r'<a href="(?!#|mailto:)([^"]*)" rel="noopener noreferrer">(.*?)</a>', re.DOTALL)


@lru_cache(maxsize=512)
def beside(html: SafeString) -> SafeString:
    """A text with links that open beside the page: somebody who reads guidance while writing must not lose the page."""
    link = r'<a href="\1" rel="noopener noreferrer" target="_blank">\2 (opens in a new tab)</a>'
    return mark_safe(LEADS_AWAY.sub(link, html))  # noqa: S308 - cleaned in `to_html`, and only known words are added


# --- Before a text is kept -------------------------------------------------------------------------------------------

PRIVATE = re.compile("[\ue000-\uf8ff]")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>\"]+)>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*<?((?:[^()\n]|\([^()\n]*\))*)\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(\S*).*$", re.MULTILINE)


def tidy(text: str) -> str:
    """Markdown as it may be kept: without HTML, what nobody sees, and links to where none may lead.

    The words between tags stay. This keeps the text readable for the next editor; what makes a page safe is the
    cleaning in `to_html`, which trusts no text.
    """
    # A tab moves a list in, and has to do so as spaces.
    text = PRIVATE.sub("", clean(text.expandtabs(4)))
    text = AUTOLINK.sub(r"[\1](\1)", text)
    while TAG.search(text):
        # Again, because taking one tag out may put another together.
        text = TAG.sub("", text)
    text = LINK.sub(lambda link: link[0] if GOOD_LINK.match(link[2].strip()) else link[1], text)
    text = REFERENCE.sub(lambda link: link[0] if GOOD_LINK.match(link[1]) else "", text)
    return text.strip() + "\n" if text.strip() else ""


# --- As it stands now ------------------------------------------------------------------------------------------------


class Texts:
    """All texts and platforms as they stood at one moment. It is shared between requests: nothing in it changes."""

    def __init__(self, written: Mapping[str, str] | None = None, platforms: tuple[Platform, ...] = ()) -> None:
        self._written = written or {}
        self._platforms = platforms
        self._notes = {
            one.key: Noted(tuple(one.tags), tuple(one.good_for.split("\n")), tuple(one.consider.split("\n")))
            for one in platforms
        }

    def source(self, key: str) -> str:
        """The Markdown of a text: what an admin wrote, or else what ships. KeyError when there is no such text."""
        return self._written.get(key) or shipped()[key]

    def note(self, key: str, top: int = 3) -> Note:
        """The note of a question or stage, like `questions/aims`, headings from level `top`; empty while none ships."""
        return note_of(with_counts(self._written.get(key) or shipped().get(key, "")), top, timezone.localdate().year)

    def page(self, key: str, **words: str) -> Note:
        """The text of a page of its own, like `pages/about`. KeyError if there is no such page.

        `words` stand where the text names them, as text and not as Markdown: "{host}".
        """
        source = with_counts(self.source(key))
        for name, said in words.items():
            source = source.replace(f"{{{name}}}", MARKS.sub(r"\\\1", escape(said, quote=False)))
        return page_of(source, timezone.localdate().year)

    def platforms(self) -> tuple[Platform, ...]:
        """The platforms that are offered, in the order of the guide, their figures with them."""
        return tuple(platform for platform in self._platforms if not platform.retired)

    def platform_names(self) -> tuple[dict[str, str], dict[str, str]]:
        """The names of the platforms that are offered and of the retired ones, by key, in the order of the guide."""
        retired = {platform.key: platform.name for platform in self._platforms if platform.retired}
        return {platform.key: platform.name for platform in self.platforms()}, retired

    def platform_notes(self) -> Mapping[str, Noted]:
        """What the guide notes of every platform, retired ones included, by key. Nothing in it changes."""
        return self._notes


def current_or_shipped() -> Texts:
    """The texts as they stand; those that ship, where no database is set up or can be reached.

    Only for what looks at files and keeps nothing.
    """
    try:
        return current()
    except DatabaseError:
        return as_shipped()


@cache
def as_shipped() -> Texts:
    """The texts and platforms that ship, whatever an admin made of them. No query."""
    return Texts(None, tuple(Platform(**shipped_row(one)) for one in shipped_platforms()))


def shipped_row(one: Mapping[str, Any]) -> dict[str, Any]:
    """A platform that ships, as the values of a row: all but its figures, and what is a list there as lines of text."""
    lines = {name: "\n".join(one[name]) for name in ("good_for", "consider")}
    return {name: value for name, value in one.items() if name != "figures"} | lines


_kept: tuple[str, Texts] | None = None

# What changes whenever a text or a platform does, as an SQL expression that the query of a page can carry along.
STAMP = " || '/' || ".join(
    f"(SELECT COUNT(*) || ' ' || COALESCE(CAST(MAX(updated_at) AS TEXT), '') FROM {model._meta.db_table})"  # noqa: S608  # nosec B608
    for model in (Guidance, Platform)
)
# Nothing from outside is in it: the names of two tables of ours.
STAMPED = RawSQL(STAMP, ())  # noqa: S611  # nosec B611


def stamp() -> str:
    """The stamp as it is now: one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}")
        return str(cursor.fetchone()[0])


def current(now: str | None = None) -> Texts:
    """The texts as they stand: one query, none when the stamp is given, and three more when something changed."""
    global _kept
    # The stamp is taken first: what changes while we read is then read again next time.
    now = now or stamp()
    kept = _kept
    if kept is None or kept[0] != now:
        written = dict(Guidance.objects.exclude(text="").values_list("key", "text"))
        kept = _kept = (now, Texts(written, tuple(Platform.objects.prefetch_related("figures"))))
    return kept[1]
