"""What somebody who hears a page gets from it: the names of links, buttons, fields and tables, and their faults.

A screen reader lists links, buttons and fields without what stands around them. So a name must say what it is about,
and two of one name must do the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

# Names that say what is done, and not to what.
EMPTY_WORDS = {
    *("add", "answer", "change", "check", "choose", "click", "comment", "copy", "delete", "details", "download"),
    *("edit", "enter", "expand", "finish", "here", "hide", "history", "link", "more", "next", "open", "previous"),
    *("read", "remove", "reopen", "reply", "resolve", "save", "see", "select", "show", "this", "view"),
    *("click here", "more about this", "read more", "show more", "see more", "learn more", "this link", "this page"),
    *("save the reason", "change the reason", "remove the reason", "answer with a reason", "mark as resolved"),
    *("move up", "move down", "show password", "open this thread again", "which one do you want?"),
}
LANDMARKS = "//nav | //aside | //section[@aria-label or @aria-labelledby] | //*[@role='region']"
FIELDS = "//input[not(@type='hidden')] | //textarea | //select"


def seen(element: Any) -> bool:
    """Whether the element and all around it are shown to those who hear the page."""
    # A script shows the button that shows a password.
    hidden = "[@hidden][not(contains(@class, 'nhsuk-js-password-input-toggle'))]"
    return not element.xpath(f"ancestor-or-self::*{hidden} | ancestor-or-self::*[@aria-hidden='true']")


def text_of(element: Any) -> str:
    """The words within an element, as they add up to a name."""
    words = []
    for part in element.iter():
        if part.tag is not None and isinstance(part.tag, str) and part.tag not in ("script", "style"):
            hidden = part is not element and not seen(part)
            if not hidden:
                words.append(part.get("alt") or part.get("aria-label") or "" if part is not element else "")
                words.append(part.text or "")
        if part is not element:
            words.append(part.tail or "" if seen(part.getparent()) else "")
    return " ".join("".join(words).split())


def named_by(page: Any, ids: str) -> str:
    found = (page.xpath("//*[@id=$id]", id=name) for name in ids.split())
    return " ".join(text_of(one[0]) for one in found if one)


def name_of(page: Any, element: Any) -> str:
    """The accessible name of a link, a button, a field, a group, a table or a landmark."""
    if element.get("aria-labelledby"):
        return named_by(page, element.get("aria-labelledby"))
    if element.get("aria-label"):
        return " ".join(element.get("aria-label").split())
    own = {"fieldset": "./legend", "table": "./caption", "figure": "./figcaption"}.get(element.tag)
    if own:
        found = element.xpath(own)
        return text_of(found[0]) if found else ""
    if element.tag in ("input", "textarea", "select"):
        labels = element.xpath("//label[@for=$id] | ancestor::label", id=element.get("id") or "no id")
        return " ".join(text_of(label) for label in labels)
    return "" if element.tag in ("nav", "aside", "section") else text_of(element)


def groups_of(page: Any, element: Any) -> tuple[str, ...]:
    """The names of the groups that a field stands in, which are said when it is entered."""
    return tuple(name_of(page, group) for group in element.xpath("ancestor::fieldset"))


def purposes(page: Any) -> Iterator[tuple[str, str, object]]:
    """Every control as its kind, its name and what it is for: what has the same name must be for the same."""
    for link in filter(seen, page.xpath("//a[@href]")):
        yield "link", name_of(page, link), link.get("href")
    for button in filter(seen, page.xpath("//button | //input[@type='submit']")):
        form = button.xpath("ancestor::form") or page.xpath("//form[@id=$id]", id=button.get("form") or "")
        hidden = form[0].xpath(".//input[@type='hidden'][@name!='csrfmiddlewaretoken']/@value") if form else []
        where = (form[0].get("action"), *hidden) if form else ()
        yield "button", name_of(page, button), (button.get("name"), button.get("value"), button.get("id"), *where)
    for number, summary in enumerate(filter(seen, page.xpath("//summary"))):
        yield "part to open", name_of(page, summary), number
    for number, field in enumerate(filter(seen, page.xpath(FIELDS))):
        if field.get("type") not in ("submit", "button"):
            name = " > ".join((*groups_of(page, field), name_of(page, field)))
            yield "field", name, number


def twice(page: Any) -> Iterator[str]:
    """Controls of one name and different purposes."""
    found: dict[tuple[str, str], set[object]] = defaultdict(set)
    for kind, name, purpose in purposes(page):
        found[kind, name.lower()].add(purpose)
    yield from (f"{len(all_)} times {kind} “{name}”" for (kind, name), all_ in found.items() if len(all_) > 1)


def saying_nothing(page: Any) -> Iterator[str]:
    """Controls without a name, or with one that does not say what it is about."""
    for kind, name, _ in purposes(page):
        if not name.split(" > ")[-1] or name.lower() in EMPTY_WORDS:
            yield f"{kind} “{name}”"


def tables(page: Any) -> Iterator[str]:
    """Tables without a name of their own, columns or rows without a head."""
    names = []
    for table in page.xpath("//table"):
        name = name_of(page, table)
        names.append(name)
        where = f"table “{name}” ({' | '.join(text_of(head) for head in table.xpath('./thead//th'))})"
        if not name:
            yield f"{where} has no name"
        if not table.xpath("./thead/tr/th") or table.xpath("./thead/tr/*[not(self::th[@scope='col'])]"):
            yield f"{where} has columns without a head"
        if any(not text_of(head) for head in table.xpath(".//th")):
            yield f"{where} has an empty head"
        rows = table.xpath("./tbody/tr")
        # The only row of a table needs no head.
        for row in rows if len(rows) > 1 else ():
            heads = row.xpath("./th[@scope='row' or @scope='rowgroup'] | ./td[@role='rowheader']")
            if len(heads) != 1 or row[0] is not heads[0]:
                yield f"{where} has a row without a head: {text_of(row)[:60]}"
                break
    yield from (f"two tables “{name}”" for name in sorted(set(names)) if name and names.count(name) > 1)


def headings(page: Any) -> Iterator[str]:
    """Levels that are skipped, and pages without the one heading of the first level."""
    last = 0
    found = [one for one in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6") if seen(one)]
    for heading in found:
        level = int(heading.tag[1])
        if level > last + 1 and last:
            yield f"from h{last} to h{level}: “{text_of(heading)}”"
        if not text_of(heading):
            yield f"an empty {heading.tag}"
        last = level
    if [heading.tag for heading in found].count("h1") != 1:
        yield f"{[heading.tag for heading in found].count('h1')} headings of the first level"


def landmarks(page: Any) -> Iterator[str]:
    """Landmarks of one kind that have the same name, or none where there are several."""
    found: dict[str, list[str]] = defaultdict(list)
    for mark in filter(seen, page.xpath(LANDMARKS)):
        found[mark.tag if mark.tag in ("nav", "aside") else "section"].append(name_of(page, mark))
    for kind, names in found.items():
        yield from (f"two of {kind} “{name}”" for name in sorted(set(names)) if names.count(name) > 1)


def references(page: Any) -> Iterator[str]:
    """Ids that are there twice, and attributes that name an id which is not there."""
    ids = page.xpath("//@id")
    yield from (f"the id {name} twice" for name in sorted(set(ids)) if ids.count(name) > 1)
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form"):
        for value in page.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {name}, which is not there" for name in value.split() if name not in ids)
    for href in page.xpath("//a/@href[starts-with(., '#')]"):
        if href[1:] not in ids:
            yield f"a link to {href}, which is not there"


def wrong(page: Any) -> list[str]:
    """Everything about a page that would mislead somebody who hears it."""
    checks = (twice, saying_nothing, tables, headings, landmarks, references)
    return [f"{check.__name__}: {found}" for check in checks for found in dict.fromkeys(check(page))]


def title_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.findtext(".//title") or "").strip()


def leads_to(page: Any) -> list[str]:
    """The pages of this service that the page leads to, each once, without a place within it."""
    found = [urlsplit(href) for href in page.xpath("//a/@href")]
    return list(
        dict.fromkeys(
            link.path + (f"?{link.query}" if link.query else "")
            for link in found
            if link.path.startswith("/") and not link.netloc
        )
    )
